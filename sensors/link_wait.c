/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "link_inside.h"

int64_t link_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int link_wait(const struct link *link, int fd, short events, int64_t until_ms)
{
	struct pollfd polled[] = {{.fd = link->stop_fd, .events = POLLIN},
				  {.fd = fd, .events = events}};

	for (;;) {
		int64_t left_ms = until_ms - link_now_ms();
		int n = poll(polled, 2, left_ms > 0 ? (int)left_ms : 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (polled[0].revents)
			return -ECANCELED;
		return n > 0 ? 0 : -ETIMEDOUT;
	}
}
