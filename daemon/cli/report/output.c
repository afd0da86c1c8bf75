/* SPDX-License-Identifier: MIT */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int output_begin(struct output *output, const char *path)
{
	int n = snprintf(output->path, sizeof(output->path), "%s", path);
	int m = snprintf(output->draft, sizeof(output->draft), "%s.XXXXXX", path);
	if (n < 0 || m < 0 || m >= PATH_MAX)
		return -ENAMETOOLONG;
	if (access(path, F_OK) == 0)
		return -EEXIST;
	int fd = mkstemp(output->draft);
	if (fd < 0)
		return -errno;
	mode_t mask = umask(0);
	umask(mask);
	output->file = fchmod(fd, 0666 & ~mask) == 0 ? fdopen(fd, "w") : NULL;
	if (output->file)
		return 0;
	int r = -errno;
	close(fd);
	unlink(output->draft);
	return r;
}

/* Neither replaces; of links some file systems (vfat) know nothing. */
static int give_name(const struct output *output)
{
	if (link(output->draft, output->path) == 0)
		return 0;
	if (errno != EPERM && errno != EOPNOTSUPP)
		return -errno;
	int r = renameat2(AT_FDCWD, output->draft, AT_FDCWD, output->path, RENAME_NOREPLACE);
	return r == 0 ? 0 : -errno;
}

int output_end(struct output *output, int keep)
{
	int r = 0;
	errno = 0;
	if (keep &&
	    (fflush(output->file) != 0 || ferror(output->file) || fsync(fileno(output->file)) != 0))
		r = errno ? -errno : -EIO;
	if (fclose(output->file) != 0 && r == 0)
		r = -errno;
	if (keep && r == 0)
		r = give_name(output);
	unlink(output->draft);
	return r;
}
