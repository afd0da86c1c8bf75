/* SPDX-License-Identifier: MIT */
/*
 * The station's buses: starts their threads and brings what they say to the main thread, by value,
 * through one bounded queue.
 */
#ifndef DAEMON_FIELD_H
#define DAEMON_FIELD_H

#include "clock.h"
#include "conf.h"
#include "roster.h"

/* A minute of a stalled main thread at 100 samples a second and more; then new ones are dropped. */
#define FIELD_MAIL_MAX 8192

struct field_mail {
	bool is_sample;
	union {
		struct sample sample; /* at_ms on the station axis */
		struct roster_notice notice;
	};
};

struct field;

/* Conf and clock must live on. NULL without memory. */
struct field *field_new(const struct conf *conf, const struct clock *clock);
struct field *field_free(struct field *field);

/* Starts a thread for each bus; negative errno. */
int field_start(struct field *field);

/* Ends them all, within 1 s; what they said can still be taken. */
void field_stop(struct field *field);

/* The oldest mail; false if there is none. field_fd is readable when a notice waits or many samples
 * do: a few wait for the next look, so that not every one of them wakes the main thread. */
bool field_next(struct field *field, struct field_mail *ret);
int field_fd(const struct field *field);

/* Mail dropped since the start. */
uint64_t field_dropped(struct field *field);
/* Polls that were left out because their time had passed. */
uint64_t field_missed(const struct field *field);

#endif
