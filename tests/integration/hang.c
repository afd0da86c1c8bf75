/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into the daemon: a disk that hangs, a name server that is silent. fdatasync does not
 * return while the file named by HAZEWATCH_HANG exists, nor getaddrinfo that is asked for a name
 * while HAZEWATCH_SILENT's does, which gets a letter each time; exit handlers that run meanwhile,
 * which must not be, are told on standard error. broker.test is this machine, whatever its
 * /etc/hosts says.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stdio.h>
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

static void note_question(void)
{
	const char *path = getenv("HAZEWATCH_SILENT");
	int fd = path ? open(path, O_WRONLY | O_APPEND) : -1;
	if (fd < 0)
		return;
	if (write(fd, "?", 1) < 0)
		fputs("a question is not noted\n", stderr);
	close(fd);
}

static atomic_int n_asking;

__attribute__((destructor)) static void look_who_asks(void)
{
	if (atomic_load(&n_asking) > 0)
		fputs("exit handlers run while a name is asked for\n", stderr);
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
		atomic_fetch_add(&n_asking, 1);
		note_question();
		hang("HAZEWATCH_SILENT");
		atomic_fetch_sub(&n_asking, 1);
		if (node && strcmp(node, "broker.test") == 0)
			node = "127.0.0.1";
	}
	return real(node, service, hints, ret);
}
