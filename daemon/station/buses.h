/* SPDX-License-Identifier: MIT */
/*
 * The station's buses: starts their threads and brings what they say to the main thread, by value,
 * through one bounded queue.
 */
#ifndef DAEMON_STATION_BUSES_H
#define DAEMON_STATION_BUSES_H

#include "clock.h"
#include "conf.h"
#include "hj212_source.h"
#include "sensor_news.h"

/* A minute of a stalled main thread at 100 samples a second and more; then new ones are dropped. */
#define BUSES_MAIL_MAX 8192

struct buses_mail {
	bool is_sample;
	union {
		struct sample sample; /* at_ms on the station axis */
		struct sensor_news_notice notice;
	};
};

/* What data loggers are told of, beside the values that wait (HJ212_PENDING_MAX a bus). */
#define BUSES_NEWS_MAX 128

struct buses_said {
	int bus;
	bool is_news;
	union {
		struct hj212_said said;
		struct hj212_news news;
	};
};

struct buses;

/* Conf and clock must live on. NULL without memory. */
struct buses *buses_new(const struct conf *conf, const struct clock *clock);
struct buses *buses_free(struct buses *buses);

/* Starts a thread for each bus; negative errno. */
int buses_start(struct buses *buses);

/* Data loggers: nothing new is let in, and what came is said to the end; true once all of it is
 * settled, of any bus. */
void buses_end_loggers(struct buses *buses);
bool buses_loggers_ended(const struct buses *buses);

/* Ends them all, within 1 s; what they said can still be taken. */
void buses_stop(struct buses *buses);

/* The oldest mail; false if there is none. buses_fd is readable when a notice waits or many samples
 * do: a few wait for the next look, so that not every one of them wakes the main thread. */
bool buses_next(struct buses *buses, struct buses_mail *ret);
int buses_fd(const struct buses *buses);

/* The same of data loggers, in a queue of their own; the fd is -1 without any. */
bool buses_next_said(struct buses *buses, struct buses_said *ret);
int buses_said_fd(const struct buses *buses);

/* What became of a logger's message (hj212_source_settle). */
void buses_settle(struct buses *buses, int bus, uint64_t number, bool good);

/* Of a logger, since the start. */
void buses_counts(struct buses *buses, int bus, int device, struct hj212_counts *ret);

/* Frames of loggers that are none of its sensors, since the start. */
uint64_t buses_unknown(struct buses *buses);

/* By how much the time since 1970 UTC is ahead of station time; INT64_MIN: that is not known. */
void buses_set_wall(struct buses *buses, int64_t offset_ms);

/* What the newest poll of a device brought; polls 0: there was none yet. */
void buses_reading(struct buses *buses, int bus, int device, struct bus_reading *ret);

/* Mail dropped since the start. */
uint64_t buses_dropped(struct buses *buses);
/* Polls that were left out because their time had passed. */
uint64_t buses_missed(const struct buses *buses);

#endif
