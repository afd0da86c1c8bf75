/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into the daemon: a disk that hangs, a name server that is silent. fdatasync does not
 * return while the file named by HAZEWATCH_HANG exists, nor getaddrinfo that is asked for a name
 * while HAZEWATCH_SILENT's does. broker.test is this machine, whatever its /etc/hosts says.
 */
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOOK_US 10000

static void hang(const char *variable)
{
	const char *path = getenv(variable);
	while (path && access(path, F_OK) == 0)
		usleep(LOOK_US);
}

int fdatasync(int fd)
{
	hang("HAZEWATCH_HANG");
	return (int)syscall(SYS_fdatasync, fd);
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		struct addrinfo **ret)
{
	__typeof__(getaddrinfo) *real;
	*(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
	if (!hints || !(hints->ai_flags & AI_NUMERICHOST)) {
		hang("HAZEWATCH_SILENT");
		if (node && strcmp(node, "broker.test") == 0)
			node = "127.0.0.1";
	}
	return real(node, service, hints, ret);
}
