/* SPDX-License-Identifier: MIT */
#include "sample_time.h"

#include <errno.h>
#include <stdlib.h>

#include "hour.h"
#include "log.h"

/* Samples on the station axis. Untouched pages of the ring cost nothing on a station whose clock is
 * fine. */
struct waiting {
	uint64_t put, taken, lost; /* put - taken wait */
	struct sample samples[WAITING_MAX];
};

static void put_waiting(struct waiting *waiting, const struct sample *sample)
{
	if (waiting->put - waiting->taken == WAITING_MAX) {
		waiting->taken++;
		waiting->lost++;
	}
	waiting->samples[waiting->put++ % WAITING_MAX] = *sample;
}

static bool find_oldest(const struct waiting *waiting, struct sample *ret)
{
	if (waiting->taken == waiting->put)
		return false;
	*ret = waiting->samples[waiting->taken % WAITING_MAX];
	return true;
}

static bool take_oldest(struct waiting *waiting, struct sample *ret)
{
	if (!find_oldest(waiting, ret))
		return false;
	waiting->taken++;
	return true;
}

static uint64_t count_waiting(const struct waiting *waiting)
{
	return waiting->put - waiting->taken;
}

int sample_time_init(struct sample_time *time, const struct clock_conf *conf,
		     const struct clock_reading *reading)
{
	*time = (struct sample_time){.waiting = calloc(1, sizeof(struct waiting))};
	clock_init(&time->clock, conf, reading);
	time->begun_ms = time->clock.offset_ms;
	return time->waiting ? 0 : -ENOMEM;
}

void sample_time_done(struct sample_time *time)
{
	free(time->waiting);
	time->waiting = NULL;
}

void sample_time_put(struct sample_time *time, const struct sample *sample)
{
	if (time->clock.state != CLOCK_TRUSTED)
		put_waiting(time->waiting, sample);
	time->has_newest = time->clock.state != CLOCK_WAITING;
	time->newest = *sample;
}

bool sample_time_next(struct sample_time *time, struct sample *ret)
{
	if (time->due > 0 && take_oldest(time->waiting, ret)) {
		time->due--;
		if (time->keep)
			put_waiting(time->waiting, ret);
	} else if (time->has_newest) {
		*ret = time->newest;
		time->has_newest = false;
	} else {
		return false;
	}
	ret->at_ms = clock_wall_ms(&time->clock, ret->at_ms);
	return true;
}

static void forget_all(struct sample_time *time)
{
	struct sample sample;
	while (take_oldest(time->waiting, &sample))
		;
}

/* The first hour that a clock named wrongly which has now stepped; INT64_MAX: none that samples are
 * left of. */
static int64_t first_wrong(const struct sample_time *time)
{
	struct sample oldest;
	int64_t stepped_ms = time->clock.stepped_ms;
	if (llabs(stepped_ms) < MINUTE_MS || !find_oldest(time->waiting, &oldest))
		return INT64_MAX;
	int64_t is_ms = clock_wall_ms(&time->clock, oldest.at_ms);
	return hour_of_ms(stepped_ms > 0 ? is_ms - stepped_ms : is_ms);
}

/* The same while nothing was named yet: an earlier process may have gone by the same clock, in
 * hours that are open still. */
static int64_t first_open(const struct sample_time *time, int64_t now_ms)
{
	bool stepped = llabs(time->clock.offset_ms - time->begun_ms) >= MINUTE_MS;
	return stepped ? hour_of_ms(now_ms) : INT64_MAX;
}

static struct redating become_trusted(struct sample_time *time, enum clock_state before,
				      int64_t boot_us)
{
	int64_t now_ms = clock_wall_ms(&time->clock, clock_station_ms(&time->clock, boot_us));
	bool waited = before == CLOCK_WAITING;
	int64_t first = waited ? first_open(time, now_ms) : first_wrong(time);
	if (waited || first != INT64_MAX)
		time->due = count_waiting(time->waiting);
	else
		forget_all(time);
	time->keep = false;
	return (struct redating){true, first, now_ms};
}

bool sample_time_follow(struct sample_time *time, const struct clock_reading *reading,
			int64_t newest_hour, struct redating *ret)
{
	enum clock_state before = time->clock.state;
	bool changed = clock_update(&time->clock, reading, newest_hour);
	*ret = (struct redating){0};
	if (changed && time->clock.state == CLOCK_TRUSTED) {
		*ret = become_trusted(time, before, reading->boot_us);
	} else if (changed && before == CLOCK_WAITING) {
		time->due = count_waiting(time->waiting);
		time->keep = true;
	}
	return changed;
}

void sample_time_tell(struct sample_time *time)
{
	int64_t stepped_ms = time->clock.stepped_ms;
	int64_t doubted_ms = clock_doubted_ms(&time->clock);
	if (stepped_ms != 0)
		log_warning(LOG_CLOCK_JUMPED, "clock: stepped by %lld s",
			    (long long)stepped_ms / 1000);
	else if (doubted_ms != 0 && !time->told_doubt)
		log_warning(LOG_CLOCK_JUMPED,
			    "clock: the machine's clock has jumped by %lld s; going on without it "
			    "until it has stayed so for ten minutes",
			    (long long)doubted_ms / 1000);
	else if (doubted_ms == 0 && time->told_doubt)
		log_notice(LOG_CLOCK_BACK, "clock: the machine's clock has jumped back");
	time->told_doubt = doubted_ms != 0;
}

uint64_t sample_time_lost(const struct sample_time *time)
{
	return time->waiting->lost;
}
