/* SPDX-License-Identifier: MIT */
/*
 * The main thread's event loop (sd-event): descriptors, timers, signals, systemd's notify and
 * watchdog.
 *
 * Priorities order what is ready at the same time: samples are drained before an hour closes.
 */
#ifndef DAEMON_BASE_LOOP_H
#define DAEMON_BASE_LOOP_H

#include <stdint.h>

enum loop_priority {
	LOOP_SIGNALS = -20,
	LOOP_SAMPLES = -10,
	LOOP_REPORTS = 0, /* of MQTT */
	LOOP_TIME = 10,   /* minutes and hours */
	LOOP_PEOPLE = 20, /* who ask: whatever they do, the station goes on */
	LOOP_LIST = 30,   /* long work of theirs, in pieces */
};

struct loop;

int loop_new(struct loop **ret);
struct loop *loop_free(struct loop *loop);

/* Calls fn when fd is readable. The loop does not own fd. */
int loop_on_readable(struct loop *loop, int fd, enum loop_priority priority, void (*fn)(void *ctx),
		     void *ctx);

/* Calls fn after ms of CLOCK_MONOTONIC, then again after as many ms as fn returns (at least 1). */
int loop_on_timer(struct loop *loop, int64_t ms, enum loop_priority priority,
		  int64_t (*fn)(void *ctx), void *ctx);

/* Blocks the signal in this thread (call before threads start) and calls fn when it comes. */
int loop_on_signal(struct loop *loop, int signal, void (*fn)(void *ctx, int signal), void *ctx);

/* Runs until loop_exit; returns its code, or a negative errno. Feeds systemd's watchdog. */
int loop_run(struct loop *loop);
void loop_exit(struct loop *loop, int code);

/* sd_notify: "READY=1", "STATUS=...", "STOPPING=1"; nothing without systemd. */
void loop_notify(const char *state);

#endif
