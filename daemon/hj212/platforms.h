/* SPDX-License-Identifier: MIT */
/*
 * The platforms of HJ 212 that get what the station measures. Main thread; each connection is a
 * thread of its own (platform_line.h).
 *
 * What is sent when: the newest closed hour, day and minute first, then the real-time values, then
 * what was sent and never acknowledged, then what waits, the newest first. One message is under way
 * at a time. What the platform has not acknowledged is in the store (uplink.h) and goes again after
 * any stop, with its QN; what it has acknowledged does not. Nothing that a platform says changes a
 * level, a plan or the clock.
 */
#ifndef DAEMON_HJ212_PLATFORMS_H
#define DAEMON_HJ212_PLATFORMS_H

#include "conf.h"
#include "platform_body.h"
#include "report.h"
#include "store.h"

struct platforms;

struct platforms_env {
	void *ctx;
	/* What the instruments say now. */
	void (*read)(void *ctx, struct platform_reading ret[POLLUTANT_COUNT]);
};

/* Starts a thread for each; without platforms *ret is NULL, which all functions here accept.
 * Everything is borrowed. Negative errno. */
int platforms_new(const struct conf *conf, struct store *store, const struct platforms_env *env,
		  struct platforms **ret);
/* Ends the threads, within half a second, side by side, and frees it. False: one hangs in the
 * resolver, and the caller must leave with _exit. */
bool platforms_free(struct platforms *platforms);

/* Readable when a connection has something to report: call platforms_listen. -1: never. */
int platforms_fd(const struct platforms *platforms);

/* Takes at most PLATFORMS_AT_ONCE reports. now_ms: wall, since 1970 UTC; 0: nobody knows what time
 * it is, and nothing is sent. */
#define PLATFORMS_AT_ONCE 64
void platforms_listen(struct platforms *platforms, int64_t now_ms);

/* Once a second: takes what has closed, and sends. */
void platforms_tick(struct platforms *platforms, int64_t now_ms);

/* How each is, as in conf; false: as it was when this was asked last, counts of what waits apart.
 */
bool platforms_report(struct platforms *platforms, struct platform_report ret[CONF_PLATFORMS_MAX]);

#endif
