/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "platform_line_inside.h"
#include "words.h"

#define CONNECT_MS 10000
#define DEAD_MS 30000  /* what was sent and not even received for so long: TCP gives up */
#define KEEPALIVE_S 30 /* of silence, then probes */

static void set_options(int fd)
{
	const int on = 1, idle_s = KEEPALIVE_S, every_s = 10, probes = 3, dead_ms = DEAD_MS;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &every_s, sizeof(every_s));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead_ms, sizeof(dead_ms));
}

/* 0, or an errno. */
static int finish_connect(struct platform_line *line, int fd)
{
	int64_t until_ms = clock_monotonic_ms() + CONNECT_MS;
	int error = 0;
	socklen_t size = sizeof(error);
	while (!line_is_stopping(line) && clock_monotonic_ms() < until_ms) {
		if (line_wait(line, fd, POLLOUT, until_ms) == 0)
			continue;
		return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 ? errno : error;
	}
	return ETIMEDOUT;
}

static int dial_address(struct platform_line *line, const struct addrinfo *address, int *ret_error)
{
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		*ret_error = errno;
		return -1;
	}
	set_options(fd);
	int r = connect(fd, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
	*ret_error = r == EINPROGRESS ? finish_connect(line, fd) : r;
	if (*ret_error == 0)
		return fd;
	close(fd);
	return -1;
}

bool line_open(struct platform_line *line, char why[LINE_WHY_MAX], bool *ret_refused)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
	char service[16];
	int error = 0;
	snprintf(service, sizeof(service), "%d", line->setup.port);
	line->fd = -1;
	*ret_refused = false;
	int r = getaddrinfo(line->host, service, &hints, &found);
	if (r != 0) {
		snprintf(why, LINE_WHY_MAX, tr("the name has no address: %s"), gai_strerror(r));
		return false;
	}
	for (struct addrinfo *each = found; each && line->fd < 0 && !line_is_stopping(line);
	     each = each->ai_next)
		line->fd = dial_address(line, each, &error);
	freeaddrinfo(found);
	*ret_refused = line->fd < 0 && error == ECONNREFUSED;
	if (line->fd < 0)
		snprintf(why, LINE_WHY_MAX, "TCP: %s", strerror(error));
	return line->fd >= 0;
}
