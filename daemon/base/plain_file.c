/* SPDX-License-Identifier: MIT */
#include "plain_file.h"

#include "words.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *kind_of(mode_t mode)
{
	if (S_ISDIR(mode))
		return tr("a folder");
	if (S_ISFIFO(mode))
		return tr("a FIFO");
	if (S_ISCHR(mode) || S_ISBLK(mode))
		return tr("a device");
	return tr("a socket");
}

static FILE *refuse_errno(char why[PLAIN_WHY_MAX])
{
	int error = errno;
	snprintf(why, PLAIN_WHY_MAX, tr("cannot be read: %s"), strerror(error));
	errno = error;
	return NULL;
}

static FILE *refuse_kind(int fd, mode_t mode, char why[PLAIN_WHY_MAX])
{
	if (fd >= 0)
		close(fd);
	snprintf(why, PLAIN_WHY_MAX, tr("is %s, not a file"), kind_of(mode));
	errno = EINVAL;
	return NULL;
}

FILE *plain_open(const char *path, char why[PLAIN_WHY_MAX])
{
	struct stat st;
	/* looked at first: some devices do something when they are opened */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return refuse_kind(-1, st.st_mode, why);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return refuse_errno(why);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return refuse_kind(fd, st.st_mode, why);
	FILE *file = fdopen(fd, "rb");
	if (!file) {
		refuse_errno(why);
		close(fd);
	}
	return file;
}

FILE *plain_open_secret(const char *path, char why[PLAIN_WHY_MAX])
{
	FILE *file = plain_open(path, why);
	if (file)
		setvbuf(file, NULL, _IONBF, 0);
	return file;
}

/* A byte order mark and empty lines, which editors leave before the text. */
static size_t find_text(const char *bytes, size_t n)
{
	size_t at = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	while (at < n && (bytes[at] == '\n' || bytes[at] == '\r'))
		at++;
	return at;
}

static size_t read_text(FILE *file, char *ret, size_t size)
{
	size_t n = 0, before;
	do {
		n += fread(ret + n, 1, size - n, file);
		before = find_text(ret, n);
		memmove(ret, ret + before, n - before);
		n -= before;
	} while (before > 0);
	return n;
}

bool plain_read_line(const char *path, char *ret, size_t size, char why[PLAIN_WHY_MAX])
{
	FILE *file = plain_open_secret(path, why);
	explicit_bzero(ret, size);
	if (!file)
		return false;
	size_t n = read_text(file, ret, size);
	bool failed = ferror(file);
	fclose(file);
	const char *end = memchr(ret, '\n', n);
	size_t length = end ? (size_t)(end - ret) : n;
	while (length > 0 && ret[length - 1] == '\r')
		length--;
	why[0] = '\0';
	if (failed)
		refuse_errno(why);
	else if (length >= size)
		snprintf(why, PLAIN_WHY_MAX, tr("is longer than %zu bytes, the most allowed"),
			 size - 1);
	else if (memchr(ret, '\0', length))
		snprintf(why, PLAIN_WHY_MAX, "%s", tr("has a NUL byte in its first line"));
	else if (length == 0)
		snprintf(why, PLAIN_WHY_MAX, "%s", tr("is empty"));
	bool good = why[0] == '\0';
	length = good ? length : 0;
	explicit_bzero(ret + length, size - length);
	if (!good && !failed)
		errno = EINVAL;
	return good;
}

bool plain_check(const char *path, char why[PLAIN_WHY_MAX])
{
	struct stat st;
	FILE *file = plain_open(path, why);
	if (!file)
		return false;
	bool full = fstat(fileno(file), &st) == 0 && st.st_size > 0;
	fclose(file);
	if (!full)
		snprintf(why, PLAIN_WHY_MAX, "%s", tr("is empty"));
	if (!full)
		errno = EINVAL;
	return full;
}

int plain_open_to_others(const char *path)
{
	struct stat st;
	if (stat(path, &st) < 0 || !(st.st_mode & (S_IROTH | S_IWOTH)))
		return 0;
	return (int)(st.st_mode & 07777);
}
