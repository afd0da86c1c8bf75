/* SPDX-License-Identifier: MIT */
#include "loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

/* Timers may come this late, so that wake-ups of an idle station fall together. */
#define TIMER_SLACK_US 1000
#define SOURCES_MAX 16
#define WATCHDOG_SHARE 10 /* it is fed so often in its time */

struct source {
	void *ctx;
	void (*readable)(void *ctx);
	int64_t (*timer)(void *ctx);
	void (*signal)(void *ctx, int signal);
};

struct loop {
	sd_event *event;
	int64_t watchdog_ms;
	int n;
	struct source sources[SOURCES_MAX];
};

static int64_t feed_watchdog(void *ctx)
{
	const struct loop *loop = ctx;
	loop_notify("WATCHDOG=1");
	return loop->watchdog_ms;
}

/* sd-event's own food comes after a quarter to three quarters of the time: too seldom to say after
 * how long of a hang the watchdog bites. */
static int begin_watchdog(struct loop *loop)
{
	uint64_t usec = 0;
	int r = sd_watchdog_enabled(0, &usec);
	if (r <= 0)
		return r;
	loop->watchdog_ms = (int64_t)usec / 1000 / WATCHDOG_SHARE;
	return loop_on_timer(loop, 1, LOOP_TIME, feed_watchdog, loop);
}

int loop_new(struct loop **ret)
{
	struct loop *loop = calloc(1, sizeof(*loop));
	if (!loop)
		return -ENOMEM;
	int r = sd_event_new(&loop->event);
	if (r >= 0)
		r = begin_watchdog(loop);
	if (r < 0) {
		loop_free(loop);
		return r;
	}
	*ret = loop;
	return 0;
}

struct loop *loop_free(struct loop *loop)
{
	if (!loop)
		return NULL;
	sd_event_unref(loop->event); /* floating sources go with it */
	free(loop);
	return NULL;
}

static struct source *new_source(struct loop *loop, void *ctx)
{
	if (loop->n == SOURCES_MAX)
		return NULL;
	struct source *source = &loop->sources[loop->n++];
	source->ctx = ctx;
	return source;
}

static int on_readable(sd_event_source *s, int fd, uint32_t events, void *userdata)
{
	(void)s, (void)fd, (void)events;
	struct source *source = userdata;
	source->readable(source->ctx);
	return 0;
}

int loop_on_readable(struct loop *loop, int fd, enum loop_priority priority, void (*fn)(void *ctx),
		     void *ctx)
{
	struct source *source = new_source(loop, ctx);
	sd_event_source *s;
	if (!source)
		return -ENOSPC;
	source->readable = fn;
	int r = sd_event_add_io(loop->event, &s, fd, EPOLLIN, on_readable, source);
	if (r < 0)
		return r;
	sd_event_source_set_floating(s, 1);
	sd_event_source_unref(s);
	return sd_event_source_set_priority(s, priority);
}

static int on_timer(sd_event_source *s, uint64_t usec, void *userdata)
{
	(void)usec;
	struct source *source = userdata;
	int64_t ms = source->timer(source->ctx);
	int r = sd_event_source_set_time_relative(s, (uint64_t)(ms < 1 ? 1 : ms) * 1000);
	if (r < 0)
		return r;
	return sd_event_source_set_enabled(s, SD_EVENT_ONESHOT);
}

int loop_on_timer(struct loop *loop, int64_t ms, enum loop_priority priority,
		  int64_t (*fn)(void *ctx), void *ctx)
{
	struct source *source = new_source(loop, ctx);
	sd_event_source *s;
	if (!source)
		return -ENOSPC;
	source->timer = fn;
	int r = sd_event_add_time_relative(loop->event, &s, CLOCK_MONOTONIC, (uint64_t)ms * 1000,
					   TIMER_SLACK_US, on_timer, source);
	if (r < 0)
		return r;
	sd_event_source_set_floating(s, 1);
	sd_event_source_unref(s);
	return sd_event_source_set_priority(s, priority);
}

static int on_signal(sd_event_source *s, const struct signalfd_siginfo *info, void *userdata)
{
	(void)s;
	struct source *source = userdata;
	source->signal(source->ctx, (int)info->ssi_signo);
	return 0;
}

int loop_on_signal(struct loop *loop, int signal, void (*fn)(void *ctx, int signal), void *ctx)
{
	struct source *source = new_source(loop, ctx);
	sd_event_source *s;
	sigset_t set;
	if (!source)
		return -ENOSPC;
	source->signal = fn;
	sigemptyset(&set);
	sigaddset(&set, signal);
	int r = -pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (r < 0)
		return r;
	r = sd_event_add_signal(loop->event, &s, signal, on_signal, source);
	if (r < 0)
		return r;
	sd_event_source_set_floating(s, 1);
	sd_event_source_unref(s);
	return sd_event_source_set_priority(s, LOOP_SIGNALS);
}

int loop_run(struct loop *loop)
{
	return sd_event_loop(loop->event);
}

void loop_exit(struct loop *loop, int code)
{
	sd_event_exit(loop->event, code);
}

void loop_notify(const char *state)
{
	sd_notify(0, state);
}
