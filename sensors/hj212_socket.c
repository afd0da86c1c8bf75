/* SPDX-License-Identifier: MIT */
/* The sockets of a bus of loggers. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hj212_source_inside.h"

#define UNACKNOWLEDGED_MS 30000 /* then a peer that vanished without a word is given up */
#define BACKLOG 16

void hj212_socket_set_up(int fd)
{
	int on = 1, idle_s = 60, every_s = 15, probes = 3, lost_ms = UNACKNOWLEDGED_MS;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &every_s, sizeof(every_s));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &lost_ms, sizeof(lost_ms));
}

/* A listening socket, or one that is connecting; negative errno. */
static int open_at(const struct addrinfo *at, bool listens)
{
	int fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0)
		return -errno;
	hj212_socket_set_up(fd);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	bool good = listens ? bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0
			    : connect(fd, at->ai_addr, at->ai_addrlen) == 0 || errno == EINPROGRESS;
	int error = errno;
	if (good)
		return fd;
	close(fd);
	return -error;
}

int hj212_socket_open(const struct bus_conf *conf)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				 .ai_socktype = SOCK_STREAM};
	struct addrinfo *found;
	char service[8];

	snprintf(service, sizeof(service), "%u", (unsigned)conf->link.port);
	if (getaddrinfo(conf->link.host, service, &hints, &found) != 0)
		return -EINVAL;
	int fd = open_at(found, conf->listens);
	freeaddrinfo(found);
	return fd;
}
