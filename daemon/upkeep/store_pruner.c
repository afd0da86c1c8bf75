/* SPDX-License-Identifier: MIT */
#include "store_pruner.h"

#include "hour.h"
#include "log.h"
#include "log_words.h"

#define STEADY_MS (10 * MINUTE_MS)
#define SLICES_AT_START 24

/* A file at its quota takes nothing more: room comes first, else all would go to memory. */
static int make_room(struct store *store, const struct retention *retention)
{
	bool full = false, more = true;
	int r = retention_is_full(store, &full);
	for (int i = 0; i < SLICES_AT_START && r == 0 && full && more; i++) {
		more = false;
		r = retention_prune(store, retention, 0, &more);
	}
	return r;
}

void store_pruner_init(struct store_pruner *pruner, struct store *store,
		       const struct retention *retention)
{
	*pruner = (struct store_pruner){.store = store, .retention = retention};
	int r = retention_set_quotas(store, retention);
	if (r == 0)
		r = make_room(store, retention);
	if (r != 0)
		log_error(LOG_OLD_ROWS_STAY, "database: quota: %s: %s", store_words(r),
			  store_message(store));
}

/* True once the clock has been trusted long enough; an exercise's clock is what it says. */
static bool is_sure(struct store_pruner *pruner, const struct clock *clock, int64_t now_ms)
{
	if (clock_quality(clock) == TIME_SIMULATED)
		return true;
	if (clock->state != CLOCK_TRUSTED || clock->stepped_ms != 0 || clock_doubted_ms(clock) != 0)
		pruner->steady_ms = 0;
	else if (pruner->steady_ms == 0)
		pruner->steady_ms = now_ms;
	return pruner->steady_ms != 0 && now_ms - pruner->steady_ms >= STEADY_MS;
}

/* A flood fills the rest of a quota in less than an hour. */
static bool fills_up(struct store_pruner *pruner, int64_t now_ms)
{
	bool full = false;
	if (now_ms < pruner->look_ms)
		return false;
	pruner->look_ms = now_ms + MINUTE_MS;
	return retention_is_full(pruner->store, &full) == 0 && full;
}

void store_pruner_tick(struct store_pruner *pruner, const struct clock *clock, int64_t now_ms,
		       int64_t wall_ms)
{
	bool sure = is_sure(pruner, clock, now_ms), more = false;
	const struct store_kept kept = store_kept(pruner->store);
	if (kept.state || kept.samples) { /* it is looked at as soon as it is back */
		pruner->next_ms = pruner->look_ms = 0;
		return;
	}
	if (now_ms < pruner->next_ms && !fills_up(pruner, now_ms))
		return;
	int r = retention_prune(pruner->store, pruner->retention, sure ? hour_of_ms(wall_ms) : 0,
				&more);
	if (r != 0 && !pruner->failing)
		log_error(LOG_OLD_ROWS_STAY, "database: old rows stay: %s: %s", store_words(r),
			  store_message(pruner->store));
	pruner->failing = r != 0;
	/* a clock that becomes sure is not kept waiting for an hour */
	pruner->next_ms = more ? now_ms : now_ms + (sure ? HOUR_MS : MINUTE_MS);
}
