/* SPDX-License-Identifier: MIT */
/* What the thread of a line tells, and how it waits. */
#include <poll.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "platform_line_inside.h"

#define FULL_QUEUE_MS 10 /* until an event that found no room is tried again */
#define IDLE_MS 60000

bool line_is_stopping(struct platform_line *line)
{
	pthread_mutex_lock(&line->mutex);
	bool stopping = line->stopping;
	pthread_mutex_unlock(&line->mutex);
	return stopping;
}

/* Waits for room: it is this platform alone that waits. */
void line_tell(struct platform_line *line, struct line_event *event)
{
	const struct timespec pause = {.tv_nsec = FULL_QUEUE_MS * 1000000L};
	event->index = line->setup.index;
	for (;;) {
		pthread_mutex_lock(&line->mutex);
		bool over = line->stopping;
		bool put = !over && queue_put(line->events, event);
		pthread_mutex_unlock(&line->mutex);
		if (put || over)
			return;
		nanosleep(&pause, NULL);
	}
}

void line_note_refused(struct platform_line *line, const char *why)
{
	pthread_mutex_lock(&line->mutex);
	line->refused++;
	snprintf(line->refused_why, sizeof(line->refused_why), "%s", why);
	pthread_mutex_unlock(&line->mutex);
}

void line_poke(struct platform_line *line)
{
	const uint64_t one = 1;
	ssize_t written = write(line->wake, &one, sizeof(one));
	(void)written; /* it is readable already, then */
}

short line_wait(struct platform_line *line, int fd, short what, int64_t until_ms)
{
	struct pollfd both[] = {{.fd = line->wake, .events = POLLIN}, {.fd = fd, .events = what}};
	int64_t ms = until_ms - clock_monotonic_ms();
	uint64_t count;
	ms = ms < 0 ? 0 : ms > IDLE_MS ? IDLE_MS : ms;
	if (poll(both, 2, (int)ms) <= 0)
		return 0;
	if (both[0].revents != 0) {
		ssize_t got = read(line->wake, &count, sizeof(count));
		(void)got;
	}
	return both[1].revents;
}
