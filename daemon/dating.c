/* SPDX-License-Identifier: MIT */
#include "dating.h"

#include <errno.h>
#include <stdlib.h>

#include "log.h"

int dating_init(struct dating *dating, const struct clock_conf *conf,
		const struct clock_reading *reading, const struct dating_env *env)
{
	*dating = (struct dating){.env = *env, .waiting = waiting_new()};
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
	dating->env.give(dating->env.ctx, &sample);
}

void dating_take(struct dating *dating, const struct sample *sample)
{
	if (dating->clock.state != CLOCK_TRUSTED)
		waiting_put(dating->waiting, sample);
	if (dating->clock.state != CLOCK_WAITING)
		give(dating, *sample);
}

/* `keep`: for a step that may still come. */
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

/* The first hour that a clock named wrongly which has now stepped; INT64_MAX: none that samples are
 * left of. */
static int64_t first_wrong(const struct dating *dating)
{
	struct sample oldest;
	int64_t stepped_ms = dating->clock.stepped_ms;
	if (llabs(stepped_ms) < MINUTE_MS || !waiting_oldest(dating->waiting, &oldest))
		return INT64_MAX;
	int64_t is_ms = clock_wall_ms(&dating->clock, oldest.at_ms);
	return hour_of_ms(stepped_ms > 0 ? is_ms - stepped_ms : is_ms);
}

static void become_trusted(struct dating *dating, enum clock_state before, int64_t boot_us)
{
	int64_t station_ms = clock_station_ms(&dating->clock, boot_us);
	int64_t first = before == CLOCK_WAITING ? INT64_MAX : first_wrong(dating);
	dating->env.redate(dating->env.ctx, first, clock_wall_ms(&dating->clock, station_ms));
	if (before == CLOCK_WAITING || first != INT64_MAX)
		give_all(dating, false);
	else
		forget_all(dating);
}

bool dating_follow(struct dating *dating, const struct clock_reading *reading, int64_t newest_hour)
{
	enum clock_state before = dating->clock.state;
	bool changed = clock_update(&dating->clock, reading, newest_hour);
	if (changed && dating->clock.state == CLOCK_TRUSTED)
		become_trusted(dating, before, reading->boot_us);
	else if (changed && before == CLOCK_WAITING)
		give_all(dating, true);
	return changed;
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
