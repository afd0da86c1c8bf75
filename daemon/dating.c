/* SPDX-License-Identifier: MIT */
#include "dating.h"

#include <errno.h>

#include "log.h"

int dating_init(struct dating *dating, const struct clock_conf *conf,
		const struct clock_reading *reading,
		void (*give)(void *ctx, const struct sample *sample), void *ctx)
{
	*dating = (struct dating){.give = give, .ctx = ctx, .waiting = waiting_new()};
	clock_init(&dating->clock, conf, reading);
	return dating->waiting ? 0 : -ENOMEM;
}

void dating_done(struct dating *dating)
{
	dating->waiting = waiting_free(dating->waiting);
}

static void give(struct dating *dating, struct sample sample)
{
	sample.at_ms = clock_wall_ms(&dating->clock, sample.at_ms);
	dating->give(dating->ctx, &sample);
}

void dating_take(struct dating *dating, const struct sample *sample)
{
	if (dating->clock.state != CLOCK_TRUSTED)
		waiting_put(dating->waiting, sample);
	if (dating->clock.state != CLOCK_WAITING)
		give(dating, *sample);
}

/* After a leap on by hours: what was measured in hours after `running`, the one that ran before it.
 * What belongs to that or an earlier one has been counted under the label of then. */
static void fill_leap(struct dating *dating, int64_t running)
{
	struct sample sample;
	while (waiting_take(dating->waiting, &sample)) {
		int64_t at_ms = clock_wall_ms(&dating->clock, sample.at_ms);
		if (hour_of_ms(at_ms) > running)
			give(dating, sample);
	}
}

/* `keep`: for a leap that may still come. */
static void give_all(struct dating *dating, bool keep)
{
	struct sample sample;
	for (uint64_t n = waiting_count(dating->waiting); n > 0; n--) {
		waiting_take(dating->waiting, &sample);
		give(dating, sample);
		if (keep)
			waiting_put(dating->waiting, &sample);
	}
}

static void forget_all(struct dating *dating)
{
	struct sample sample;
	while (waiting_take(dating->waiting, &sample))
		;
}

bool dating_follow(struct dating *dating, const struct clock_reading *reading, int64_t newest_hour)
{
	enum clock_state before = dating->clock.state;
	int64_t station_ms = clock_station_ms(&dating->clock, reading->boot_us);
	int64_t running = hour_of_ms(clock_wall_ms(&dating->clock, station_ms));
	bool changed = clock_update(&dating->clock, reading, newest_hour);
	if (!changed || dating->clock.state == CLOCK_WAITING)
		return changed;
	if (before == CLOCK_WAITING)
		give_all(dating, dating->clock.state != CLOCK_TRUSTED);
	else if (dating->clock.stepped_ms >= HOUR_MS)
		fill_leap(dating, running);
	else if (dating->clock.state == CLOCK_TRUSTED)
		forget_all(dating);
	return true;
}

void dating_tell(struct dating *dating)
{
	int64_t stepped_ms = dating->clock.stepped_ms;
	int64_t doubted_ms = clock_doubted_ms(&dating->clock);
	if (stepped_ms != 0)
		log_warning("clock: stepped by %lld s", (long long)stepped_ms / 1000);
	else if (doubted_ms != 0 && !dating->told_doubt)
		log_warning("clock: the machine's clock has jumped by %lld s; going on without it "
			    "until it has stayed so for ten minutes",
			    (long long)doubted_ms / 1000);
	else if (doubted_ms == 0 && dating->told_doubt)
		log_notice("clock: the machine's clock has jumped back");
	dating->told_doubt = doubted_ms != 0;
}
