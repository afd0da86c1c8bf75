/* SPDX-License-Identifier: MIT */
/* Which summaries are due (rules/summary.h), from the log of what was in force and the receipts. */
#include <string.h>

#include "engine_inside.h"
#include "log.h"
#include "log_words.h"
#include "receipts.h"
#include "time_text.h"
#include "timetables.h"

static void follow_row(void *ctx, const struct force_row *row)
{
	summaries_follow(ctx, row);
}

struct answered {
	struct summary *summary;
	const struct plan *plan;
};

static void note_unit(void *ctx, const char *unit)
{
	const struct answered *answered = ctx;
	summary_answered(answered->summary, answered->plan, unit);
}

static int read_summaries(struct engine *engine, int64_t now_ms, struct summaries *ret)
{
	const struct conf *conf = engine->conf;
	*ret = summaries_of(&conf->plan, &conf->calendar, now_ms);
	int r = force_log_each(engine->store, follow_row, ret);
	for (int i = 0; i < ret->n && r == 0; i++) {
		struct answered answered = {&ret->list[i], &conf->plan};
		char ref[RECEIPTS_EPISODE_SIZE];
		receipts_episode(answered.summary->episode, ref);
		r = receipts_units(engine->store, ref, answered.summary->ended_ms, note_unit,
				   &answered);
	}
	return r;
}

/* True if another one is due, or another unit has answered. */
static bool compare_summaries(const struct summaries *a, const struct summaries *b)
{
	bool same = a->n == b->n;
	for (int i = 0; i < a->n && same; i++)
		same = a->list[i].episode == b->list[i].episode &&
		       a->list[i].done == b->list[i].done;
	return !same;
}

static bool has_summary(const struct summaries *summaries, int64_t episode)
{
	for (int i = 0; i < summaries->n; i++) {
		if (summaries->list[i].episode == episode)
			return true;
	}
	return false;
}

/* Once of each; what was due when we began was said before. */
static void log_due(const struct summaries *before, const struct summaries *now)
{
	char episode[RECEIPTS_EPISODE_SIZE], date[TIME_TEXT_SIZE];
	for (int i = 0; i < now->n && before->plan; i++) {
		const struct summary *due = &now->list[i];
		if (has_summary(before, due->episode))
			continue;
		time_text(calendar_begin_ms(due->due_day), date);
		date[10] = '\0'; /* the date alone */
		log_notice(LOG_SUMMARY_DUE,
			   "%s is over: its summary assessment report is due on %s",
			   receipts_episode(due->episode, episode), date);
	}
}

bool engine_follow_summaries(struct engine *engine, int64_t now_ms)
{
	struct summaries *summaries = &engine->city.summaries, read;
	bool other_day = calendar_day(summaries->now_ms) != calendar_day(now_ms);
	summaries->now_ms = now_ms;
	if (!other_day && !engine->city.summaries_stale)
		return false;
	if (store_is_volatile(engine->store)) { /* the receipts are on the disk */
		engine->city.summaries_stale = true;
		return false;
	}
	int r = read_summaries(engine, now_ms, &read);
	if (r != 0 && !engine->summaries_failed)
		log_error(LOG_STORE_REFUSES,
			  "summaries: %s: %s; going on with what was read before", store_words(r),
			  store_message(engine->store));
	engine->summaries_failed = r != 0;
	engine->city.summaries_stale = r != 0; /* never the end of an hour */
	bool changed = r == 0 && compare_summaries(summaries, &read);
	if (r == 0) {
		log_due(summaries, &read);
		*summaries = read;
	}
	return changed;
}
