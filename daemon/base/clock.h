/* SPDX-License-Identifier: MIT */
/*
 * The only place that asks for time.
 *
 * Three clocks: the station axis (milliseconds of CLOCK_BOOTTIME; compressed in an exercise) for
 * schedules, stamps and ages; the wall (station axis + offset) for labels; CLOCK_MONOTONIC for
 * time-outs. An hour may close once the clock is trusted: synchronised in this boot and at most
 * holdover_h ago, or source rtc, or simulated. Without synchronisation within patience_min hours
 * close all the same, marked unsynchronised, if the clock is later than the newest stored hour:
 * silence is worse.
 *
 * A machine's clock that steps by 2 s or more is not believed at once: the boot-time axis runs on
 * with the offset there was. The step is adopted when it has stayed for ten minutes, synchronised
 * all the time if the clock was; the first synchronisation of a boot is adopted at once.
 */
#ifndef DAEMON_BASE_CLOCK_H
#define DAEMON_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "sample.h"

enum clock_source { CLOCK_NTP, CLOCK_RTC, CLOCK_SIMULATED };

struct clock_conf {
	int source;           /* enum clock_source */
	int32_t holdover_h;   /* how long a synchronisation is trusted */
	int32_t patience_min; /* how long to wait for the first one */
	/* simulated: station time = start + (now - anchor) * speed */
	int64_t start_ms;  /* since 1970 UTC */
	int64_t anchor_ms; /* since 1970 UTC, of the machine's clock */
	double speed;      /* 1..100000 */
};

enum clock_state {
	CLOCK_WAITING, /* not yet known what time it is; samples wait on the station axis */
	CLOCK_TRUSTED,
	CLOCK_UNSYNCHRONISED, /* hours close, marked */
};

/* What the machine says; tests say it themselves. */
struct clock_reading {
	int64_t boot_us, wall_us; /* CLOCK_BOOTTIME, CLOCK_REALTIME since 1970 */
	bool synchronised;        /* kernel: adjtimex worked and maxerror is below 16 s */
};

struct clock {
	const struct clock_conf *conf;
	enum clock_state state;
	int64_t begun_us;   /* boot time of clock_init */
	int64_t offset_ms;  /* wall - station axis */
	int64_t pending_ms; /* the offset of a step that is not believed yet */
	int64_t pending_us; /* boot time since when it has stayed, 0: none */
	int64_t synced_us;  /* boot time of the last synchronised reading, 0: never */
	int64_t stepped_ms; /* the step that the last clock_update adopted, 0: none */
};

/* Reads the machine's clocks. */
struct clock_reading clock_read(void);
int64_t clock_monotonic_ms(void);
int64_t clock_boot_us(void); /* CLOCK_BOOTTIME; safe from any thread */

void clock_init(struct clock *clock, const struct clock_conf *conf,
		const struct clock_reading *reading);

/* By how much the machine's clock has stepped without being believed yet, 0: it has not. */
int64_t clock_doubted_ms(const struct clock *clock);

/* A descriptor that is readable when the machine's clock has been set; clock_watch_read makes it
 * unreadable again. Negative errno. */
int clock_watch(void);
void clock_watch_read(int fd);

/*
 * Takes a new reading: follows the wall clock (a change of 2 s or more is a step, told in
 * stepped_ms when it is adopted), decides the state. newest_hour: END of the newest stored hour, 0
 * if none. True if the state changed. Main thread only.
 */
bool clock_update(struct clock *clock, const struct clock_reading *reading, int64_t newest_hour);

/* Station time of a boot time: milliseconds on the station axis. Constant after clock_init. */
int64_t clock_station_ms(const struct clock *clock, int64_t boot_us);

/* Milliseconds of real time from boot_us until the station axis reaches station_ms; 0 if past. */
int64_t clock_real_ms_until(const struct clock *clock, int64_t boot_us, int64_t station_ms);

/* Since 1970 UTC. */
int64_t clock_wall_ms(const struct clock *clock, int64_t station_ms);

enum time_quality clock_quality(const struct clock *clock);

#endif
