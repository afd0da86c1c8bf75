/* SPDX-License-Identifier: MIT */
#include "dial.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* -1: errno says why, EINPROGRESS that nobody answered. */
static int dial_address(const struct addrinfo *address)
{
	struct timeval patience = {.tv_sec = DIAL_PATIENCE_S};
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
		return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

int dial_host(const char *host, int port, char why[DIAL_WHY_MAX], bool *ret_refused)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
	char service[16];
	int fd = -1, error = 0;
	snprintf(service, sizeof(service), "%d", port);
	*ret_refused = false;
	int r = getaddrinfo(host, service, &hints, &found);
	if (r != 0) {
		snprintf(why, DIAL_WHY_MAX, "the name has no address: %s", gai_strerror(r));
		return -1;
	}
	for (struct addrinfo *each = found; each && fd < 0; each = each->ai_next) {
		fd = dial_address(each);
		if (fd < 0 && (error == 0 || error == ECONNREFUSED))
			error = errno;
	}
	freeaddrinfo(found);
	*ret_refused = fd < 0 && error == ECONNREFUSED;
	if (fd < 0 && error == EINPROGRESS)
		snprintf(why, DIAL_WHY_MAX, "no answer to the connect");
	else if (fd < 0)
		snprintf(why, DIAL_WHY_MAX, "TCP: %s", strerror(error));
	return fd;
}
