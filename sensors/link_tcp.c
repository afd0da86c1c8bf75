/* SPDX-License-Identifier: MIT */
/*
 * libmodbus reads the begin of what has come as a header whatever it is, and loses its place for
 * good behind a registration packet, a heartbeat or an answer that comes twice; its connect cannot
 * be interrupted and its raw request has transaction id 0 for ever. So sockets are ours.
 */
#include "link_inside.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NOISE_MAX 1024          /* bytes before an answer; who says more says something else */
#define FORGOTTEN_MAX 100       /* reads; who goes on then is called again */
#define UNACKNOWLEDGED_MS 30000 /* then a peer that vanished without a word is given up */

int link_tcp_parse(struct link *link)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				 .ai_socktype = SOCK_STREAM};
	struct addrinfo *found;
	char service[8];

	snprintf(service, sizeof(service), "%u", (unsigned)link->conf.port);
	if (getaddrinfo(link->conf.host, service, &hints, &found) != 0)
		return -EINVAL;
	memcpy(&link->address, found->ai_addr, found->ai_addrlen);
	link->address_length = found->ai_addrlen;
	freeaddrinfo(found);
	return 0;
}

static int connect_socket(const struct link *link, int fd)
{
	int64_t until_ms = link_now_ms() + link->conf.response_timeout_ms;
	int on = 1, lost_ms = UNACKNOWLEDGED_MS, error = 0;
	socklen_t size = sizeof(error);

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &lost_ms, sizeof(lost_ms));
	if (connect(fd, (const struct sockaddr *)&link->address, link->address_length) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return -errno;
	int rc = link_wait(link, fd, POLLOUT, until_ms);
	if (rc == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		return -errno;
	return rc ? rc : -error;
}

int link_tcp_connect(const struct link *link)
{
	int fd = socket(link->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	int rc = connect_socket(link, fd);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	return fd;
}

int link_tcp_send(const struct link *link, const uint8_t *bytes, size_t n)
{
	ssize_t sent = send(link->fd, bytes, n, MSG_NOSIGNAL);

	if (sent == (ssize_t)n)
		return 0;
	/* nobody takes what we send */
	return sent < 0 && errno != EAGAIN ? -errno : -EIO;
}

/* More of what comes, behind the `have` bytes that are there: how many then. That the kernel gave
 * the peer up is no answer that did not come. */
static int receive_more(const struct link *link, uint8_t *bytes, int have, int64_t until_ms)
{
	int rc = link_wait(link, link->fd, POLLIN, until_ms);
	ssize_t n =
		rc == 0 ? recv(link->fd, bytes + have, (size_t)(FRAME_STREAM_MAX - have), 0) : 0;

	if (rc < 0)
		return rc;
	if (n < 0)
		return errno == ETIMEDOUT ? -ECONNRESET : -errno;
	return n > 0 ? have + (int)n : -ECONNRESET;
}

/* What begins and does not end is broken, not missing; so is what is no Modbus. */
static bool is_missing(int rc, int have, int noise)
{
	return rc == -ECANCELED || (have == 0 && (noise == 0 || rc != -ETIMEDOUT));
}

int link_tcp_receive(const struct link *link, const struct frame *frame, int64_t until_ms,
		     uint8_t *adu)
{
	uint8_t bytes[FRAME_STREAM_MAX];
	int have = 0, noise = 0;

	for (bool first = true; noise <= NOISE_MAX; first = false) {
		/* a peer that speaks without a pause would never leave us waiting */
		int rc = first || link_now_ms() < until_ms
				 ? receive_more(link, bytes, have, until_ms)
				 : -ETIMEDOUT;
		if (rc < 0)
			return is_missing(rc, have, noise) ? rc : -EBADMSG;
		const struct frame_place place = frame_find_tcp(frame, bytes, rc);
		noise += place.noise;
		have = rc - place.at;
		memmove(bytes, bytes + place.at, (size_t)have);
		if (place.length > 0) {
			memcpy(adu, bytes, (size_t)place.length);
			return place.length;
		}
	}
	return -EBADMSG;
}

int link_tcp_forget(const struct link *link)
{
	uint8_t forgotten[FRAME_ADU_MAX];
	ssize_t n = 1;

	for (int i = 0; i < FORGOTTEN_MAX && n > 0; i++)
		n = recv(link->fd, forgotten, sizeof(forgotten), MSG_DONTWAIT);
	return n >= 0 ? -ECONNRESET : errno == EAGAIN ? 0 : -errno;
}
