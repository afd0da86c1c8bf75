/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into the daemon: a disk that hangs. fdatasync does not return while the file named by
 * HAZEWATCH_HANG exists.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOOK_US 10000

int fdatasync(int fd)
{
	const char *path = getenv("HAZEWATCH_HANG");
	while (path && access(path, F_OK) == 0)
		usleep(LOOK_US);
	return (int)syscall(SYS_fdatasync, fd);
}
