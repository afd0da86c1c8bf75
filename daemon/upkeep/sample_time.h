/* SPDX-License-Identifier: MIT */
/*
 * Gives samples their time. Until it is known what time it is they wait on the station axis, and
 * are dated afterwards. While the clock is only believed for want of a better one they are kept as
 * well: if the first synchronisation then moves the time by a minute or more, they are dated anew.
 * Never asks for the time itself, and calls nobody: whoever puts samples in takes them out again.
 */
#ifndef DAEMON_UPKEEP_SAMPLE_TIME_H
#define DAEMON_UPKEEP_SAMPLE_TIME_H

#include "clock.h"
#include "sample.h"

#define WAITING_MAX 32768 /* 30 minutes of 16 channels at 1 s; when more wait the oldest go */

struct waiting;
struct sample_time {
	struct clock clock;
	struct waiting *waiting;
	uint64_t due;    /* how many of those that wait are to be given now */
	bool keep;       /* and wait again afterwards, for a step that may still come */
	bool has_newest; /* one that was put in is to be given after them */
	struct sample newest;
	bool told_doubt;
	int64_t begun_ms; /* the clock's offset when it was first read */
};

/* What a clock that has become trusted makes of the hours before. */
struct redating {
	bool due;       /* it has just become trusted */
	int64_t first;  /* hours from here on (INT64_MAX: none) were closed under wrong names, and
			   their samples follow */
	int64_t now_ms; /* since 1970 UTC */
};

/* -ENOMEM. sample_time_done frees; it accepts one that is all zero. */
int sample_time_init(struct sample_time *time, const struct clock_conf *conf,
		     const struct clock_reading *reading);
void sample_time_done(struct sample_time *time);

/* A sample on the station axis. To be followed by sample_time_next until there is none. */
void sample_time_put(struct sample_time *time, const struct sample *sample);

/* The next sample that has its time (since 1970 UTC); false: none, until another is put in or the
 * clock is followed. */
bool sample_time_next(struct sample_time *time, struct sample *ret);

/* A new reading of the machine's clocks, see clock_update. newest_hour: END of the newest closed
 * hour, 0 if none. True if the state changed: then *ret is to be done first, and sample_time_next
 * gives what waited for it. */
bool sample_time_follow(struct sample_time *time, const struct clock_reading *reading,
			int64_t newest_hour, struct redating *ret);

/* After sample_time_follow: logs a step when it is seen, adopted or taken back. */
void sample_time_tell(struct sample_time *time);

/* Samples that had to go because too many waited. */
uint64_t sample_time_lost(const struct sample_time *time);

#endif
