/* SPDX-License-Identifier: MIT */
/*
 * Words are taken one after the other at the moment they were said, on entries that have begun only
 * as if (their turn is 0 until the end); then time passes to now, and the last one takes effect:
 *
 *   stopped from 10:00 to 11:00, red announced for 10:30, then heard together: "lift from 10:45" of
 *   10:40 and "yellow from 10:50" of 10:45: red is passed over by the lift, the lift by yellow;
 *   at 11:00 `withdrawn` (red) and `issue` (yellow, effective 11:00)
 */
#include "judge_inside.h"

#include <assert.h>
#include <stddef.h>

static const char *const reason_names[TOLD_REASON_COUNT] = {
	[TOLD_BECAUSE_SAID] = "said",
	[TOLD_BECAUSE_BEGUN] = "begun",
	[TOLD_BECAUSE_END_PASSED] = "end_passed",
	[TOLD_BECAUSE_REPLACED] = "replaced",
	[TOLD_BECAUSE_POSTPONED] = "postponed",
	[TOLD_BECAUSE_NAMED] = "named",
	[TOLD_BECAUSE_PASSED_OVER] = "passed_over",
	[TOLD_BECAUSE_NOTHING_LEFT] = "nothing_to_lift",
};

const char *told_reason_name(enum told_reason reason)
{
	assert((int)reason >= 0 && (int)reason < TOLD_REASON_COUNT);
	return reason_names[reason];
}

/* ---- the outcome ---- */

static int64_t find_effect_ms(const struct timetable_entry *entry, int64_t event_ms, int64_t now_ms)
{
	bool on_time = entry->accepted_ms <= entry->start_ms &&
		       now_ms - entry->start_ms <= JUDGE_ON_TIME_MS;
	return on_time ? entry->start_ms : event_ms;
}

static enum event_kind kind_between(int before, int after)
{
	if (before == after)
		return EVENT_AMENDED;
	if (before == 0)
		return EVENT_ISSUE;
	if (after == 0)
		return EVENT_LIFT;
	return after > before ? EVENT_UPGRADE : EVENT_DOWNGRADE;
}

/* Nothing was in force, and nothing is: a lift that came too early or too late. */
static void settle_idle_lift(struct judging *j, const struct timetable_entry *lift)
{
	struct timetable_word *word = judge_find_word(j, lift->number);
	if (lift->announced)
		judge_tell_withdrawn(j, lift, TOLD_BECAUSE_NOTHING_LEFT, 0);
	if (word && word->answer.n_taken_out == 0)
		word->answer.no_effect = true;
}

/* The last one that has begun as if takes effect. */
static void settle_last(struct judging *j)
{
	struct timetable *timetable = j->timetable;
	int n = timetable->n_begun;
	if (n == 0 || timetable->begun[n - 1].turn != 0)
		return;
	struct timetable_entry *entry = &timetable->begun[n - 1];
	const struct timetable_entry *before = n > 1 ? &timetable->begun[n - 2] : NULL;
	int64_t now_ms = j->moment->now_ms, told_ms = j->moment->series->time_ms;
	entry->effective_ms = find_effect_ms(entry, told_ms > now_ms ? told_ms : now_ms, now_ms);
	if (before && before->effective_ms > entry->effective_ms)
		entry->effective_ms = before->effective_ms;
	entry->begun_ms = now_ms;
	entry->turn = ++timetable->last_turn;
	entry->previous = before ? before->level : 0;
	if (entry->level == 0 && entry->previous == 0) {
		settle_idle_lift(j, entry);
		return;
	}
	if (entry->previous == 0)
		timetable->episode = entry->number;
	struct told *told =
		judge_add_told(j, kind_between(entry->previous, entry->level),
			       entry->announced ? TOLD_BECAUSE_BEGUN : TOLD_BECAUSE_SAID);
	judge_fill_told(told, entry, entry->previous);
	if (entry->level == 0)
		timetable->episode = 0;
}

static void settle_overdue(struct judging *j)
{
	struct timetable *timetable = j->timetable;
	if (timetable_level(timetable) == 0)
		return;
	struct timetable_entry *entry = &timetable->begun[timetable->n_begun - 1];
	if (entry->overdue || entry->planned_end_ms == 0 ||
	    entry->planned_end_ms > j->moment->now_ms)
		return;
	entry->overdue = true;
	judge_fill_told(judge_add_told(j, EVENT_OVERDUE, TOLD_BECAUSE_END_PASSED), entry,
			entry->level);
}

static void settle_pending(struct judging *j)
{
	for (int i = 0; i < j->timetable->n_pending; i++) {
		struct timetable_entry *entry = &j->timetable->pending[i];
		if (entry->announced)
			continue;
		entry->announced = true;
		judge_fill_told(judge_add_told(j, EVENT_ANNOUNCED, TOLD_BECAUSE_SAID), entry,
				timetable_level_before(j->timetable, i));
	}
}

static int64_t number_in_force(const struct timetable *timetable)
{
	const struct timetable_entry *in_force = timetable_in_force(timetable);
	return in_force ? in_force->number : 0;
}

void judge(struct timetable *timetable, struct timetable_word *words[], int n,
	   const struct word_moment *moment, struct judge_outcome *ret)
{
	struct judging j = {timetable, words, n, moment, ret};
	ret->n_told = 0;
	ret->before = number_in_force(timetable);
	ret->level_before = timetable_level(timetable);
	timetable_follow_clock(timetable, moment->now_ms);
	words_sort(words, n, moment->now_ms);
	for (int i = 0; i < n; i++)
		words[i]->answer = (struct word_answer){.document_was = -1};
	for (int i = 0; i < n; i++)
		judge_take_word(&j, words[i]);
	judge_pass_time(&j, moment->now_ms);
	settle_last(&j);
	settle_overdue(&j);
	settle_pending(&j);
	ret->after = number_in_force(timetable);
	ret->level_after = timetable_level(timetable);
}
