/* SPDX-License-Identifier: MIT */
#include "clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "hour.h"

#define STEP_MS 2000
#define SETTLE_US INT64_C(600000000) /* a step that stays so long is believed */
#define MAX_ERROR_US 16000000        /* what systemd takes for synchronised, too */
#define US_PER_MS 1000
#define HOUR_US INT64_C(3600000000)
#define MINUTE_US INT64_C(60000000)

static int64_t now_us(clockid_t id)
{
	struct timespec now;
	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

struct clock_reading clock_read(void)
{
	struct timex timex = {0};
	/* a refused call leaves a zeroed struct, which reads as "synchronised": look at rc first */
	int rc = clock_adjtime(CLOCK_REALTIME, &timex);
	return (struct clock_reading){.boot_us = now_us(CLOCK_BOOTTIME),
				      .wall_us = now_us(CLOCK_REALTIME),
				      .synchronised = rc >= 0 && timex.maxerror < MAX_ERROR_US};
}

int64_t clock_monotonic_ms(void)
{
	return now_us(CLOCK_MONOTONIC) / US_PER_MS;
}

int64_t clock_boot_us(void)
{
	return now_us(CLOCK_BOOTTIME);
}

static bool is_simulated(const struct clock *clock)
{
	return clock->conf->source == CLOCK_SIMULATED;
}

int64_t clock_station_ms(const struct clock *clock, int64_t boot_us)
{
	if (!is_simulated(clock))
		return boot_us / US_PER_MS;
	return (int64_t)((double)(boot_us - clock->begun_us) * clock->conf->speed / US_PER_MS);
}

int64_t clock_real_ms_until(const struct clock *clock, int64_t boot_us, int64_t station_ms)
{
	int64_t ahead_ms = station_ms - clock_station_ms(clock, boot_us);
	if (ahead_ms <= 0)
		return 0;
	if (is_simulated(clock))
		ahead_ms = (int64_t)((double)ahead_ms / clock->conf->speed);
	return ahead_ms + 1;
}

int64_t clock_wall_ms(const struct clock *clock, int64_t station_ms)
{
	return station_ms + clock->offset_ms;
}

static int64_t offset_of(const struct clock *clock, const struct clock_reading *reading)
{
	if (!is_simulated(clock))
		return (reading->wall_us - reading->boot_us) / US_PER_MS;
	int64_t since_anchor_us = reading->wall_us - clock->conf->anchor_ms * US_PER_MS;
	return clock->conf->start_ms +
	       (int64_t)((double)since_anchor_us * clock->conf->speed / US_PER_MS);
}

/* ---- steps ---- */

static void adopt_offset(struct clock *clock, int64_t offset_ms)
{
	int64_t step_ms = offset_ms - clock->offset_ms;
	if (llabs(step_ms) >= STEP_MS)
		clock->stepped_ms = step_ms;
	clock->offset_ms = offset_ms;
	clock->pending_us = 0;
}

/* True if the step has stayed long enough: for a clock that was synchronised, synchronised. */
static bool has_settled(struct clock *clock, const struct clock_reading *reading, int64_t offset_ms)
{
	bool same = clock->pending_us != 0 && llabs(offset_ms - clock->pending_ms) < STEP_MS;
	bool must_sync = clock->conf->source == CLOCK_NTP && clock->state == CLOCK_TRUSTED;
	if (!same || (must_sync && !reading->synchronised))
		clock->pending_us = reading->boot_us;
	clock->pending_ms = offset_ms;
	return reading->boot_us - clock->pending_us >= SETTLE_US;
}

static void follow_reading(struct clock *clock, const struct clock_reading *reading)
{
	int64_t offset_ms = offset_of(clock, reading);
	bool first_sync =
		clock->conf->source == CLOCK_NTP && clock->synced_us == 0 && reading->synchronised;
	bool step = llabs(offset_ms - clock->offset_ms) >= STEP_MS;
	if (!step || first_sync || clock->state == CLOCK_WAITING ||
	    has_settled(clock, reading, offset_ms))
		adopt_offset(clock, offset_ms);
}

int64_t clock_doubted_ms(const struct clock *clock)
{
	return clock->pending_us == 0 ? 0 : clock->pending_ms - clock->offset_ms;
}

int clock_watch(void)
{
	/* a moment that never comes: only a set clock makes it readable */
	const struct itimerspec never = {.it_value = {.tv_sec = INT64_C(1) << 40}};
	int fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) == 0)
		return fd;
	int r = -errno;
	close(fd);
	return r;
}

void clock_watch_read(int fd)
{
	uint64_t times;
	if (read(fd, &times, sizeof(times)) < 0 && errno != ECANCELED && errno != EAGAIN)
		return;
}

static enum clock_state decide_state(const struct clock *clock, const struct clock_reading *reading,
				     int64_t newest_hour)
{
	if (clock->conf->source != CLOCK_NTP)
		return CLOCK_TRUSTED;
	int64_t holdover_us = clock->conf->holdover_h * HOUR_US;
	if (clock->synced_us != 0 && reading->boot_us - clock->synced_us <= holdover_us)
		return CLOCK_TRUSTED;
	if (clock->state != CLOCK_WAITING)
		return CLOCK_UNSYNCHRONISED;
	bool patient = reading->boot_us - clock->begun_us < clock->conf->patience_min * MINUTE_US;
	bool plausible = reading->wall_us / US_PER_MS > newest_hour * HOUR_MS;
	return patient || !plausible ? CLOCK_WAITING : CLOCK_UNSYNCHRONISED;
}

void clock_init(struct clock *clock, const struct clock_conf *conf,
		const struct clock_reading *reading)
{
	*clock = (struct clock){.conf = conf, .begun_us = reading->boot_us};
	clock->offset_ms = offset_of(clock, reading);
	clock_update(clock, reading, INT64_MAX / HOUR_MS - 1);
	clock->stepped_ms = 0;
}

bool clock_update(struct clock *clock, const struct clock_reading *reading, int64_t newest_hour)
{
	clock->stepped_ms = 0;
	if (!is_simulated(clock)) /* an exercise keeps the offset it began with */
		follow_reading(clock, reading);
	if (reading->synchronised && clock->pending_us == 0)
		clock->synced_us = reading->boot_us;
	enum clock_state before = clock->state;
	clock->state = decide_state(clock, reading, newest_hour);
	return clock->state != before;
}

enum time_quality clock_quality(const struct clock *clock)
{
	if (is_simulated(clock))
		return TIME_SIMULATED;
	return clock->state == CLOCK_TRUSTED ? TIME_SYNCHRONISED : TIME_UNSYNCHRONISED;
}
