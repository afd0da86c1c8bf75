/* SPDX-License-Identifier: MIT */
/* The steps that judging is made of: an event is told, an entry leaves, one begins as if. */
#include "judge_inside.h"

#include <assert.h>
#include <string.h>

struct told *judge_add_told(struct judging *j, enum event_kind kind, enum told_reason reason)
{
	struct event_series *series = j->moment->series;
	assert(j->outcome->n_told < JUDGE_TOLD_MAX);
	struct told *told = &j->outcome->told[j->outcome->n_told++];
	if (series->time_ms < j->moment->now_ms)
		series->time_ms = j->moment->now_ms;
	told->kind = kind;
	told->reason = reason;
	told->number = ++series->number;
	told->time_ms = series->time_ms;
	told->episode = j->timetable->episode;
	told->by = 0;
	return told;
}

void judge_fill_told(struct told *told, const struct timetable_entry *entry, int previous)
{
	told->level = entry->level;
	told->previous = previous;
	told->onset_ms = entry->turn != 0 ? entry->effective_ms : entry->start_ms;
	told->entry = *entry;
}

void judge_tell_withdrawn(struct judging *j, const struct timetable_entry *entry,
			  enum told_reason reason, int64_t by)
{
	struct told *told = judge_add_told(j, EVENT_WITHDRAWN, reason);
	judge_fill_told(told, entry, timetable_level(j->timetable));
	told->by = by;
}

struct timetable_word *judge_find_word(struct judging *j, int64_t number)
{
	for (int i = 0; i < j->n; i++) {
		if (j->words[i]->answer.number == number)
			return j->words[i];
	}
	return NULL;
}

void judge_leave(struct judging *j, const struct timetable_entry *entry, enum told_reason reason,
		 int64_t by)
{
	struct timetable_word *word = judge_find_word(j, entry->number);
	if (entry->announced)
		judge_tell_withdrawn(j, entry, reason, by);
	if (word)
		word->answer.passed_over_by = by;
}

/* ---- the two lists ---- */

struct timetable_entry judge_cut_pending(struct timetable *timetable, int i)
{
	struct timetable_entry entry = timetable->pending[i];
	timetable->n_pending--;
	memmove(&timetable->pending[i], &timetable->pending[i + 1],
		(size_t)(timetable->n_pending - i) * sizeof(entry));
	memset(&timetable->pending[timetable->n_pending], 0, sizeof(entry));
	return entry;
}

static void cut_begun(struct timetable *timetable, int i)
{
	timetable->n_begun--;
	memmove(&timetable->begun[i], &timetable->begun[i + 1],
		(size_t)(timetable->n_begun - i) * sizeof(timetable->begun[0]));
	memset(&timetable->begun[timetable->n_begun], 0, sizeof(timetable->begun[0]));
}

void judge_begin(struct judging *j, const struct timetable_entry *entry)
{
	struct timetable *timetable = j->timetable;
	const struct timetable_entry *last = timetable_last(timetable);
	if (last && last->turn == 0) {
		struct timetable_entry passed = *last;
		cut_begun(timetable, timetable->n_begun - 1);
		judge_leave(j, &passed, TOLD_BECAUSE_PASSED_OVER, entry->number);
	}
	if (timetable->n_begun == TIMETABLE_BEGUN_MAX)
		cut_begun(timetable, 0);
	timetable->begun[timetable->n_begun++] = *entry;
}

void judge_pass_time(struct judging *j, int64_t to_ms)
{
	while (j->timetable->n_pending > 0 && j->timetable->pending[0].start_ms <= to_ms) {
		struct timetable_entry entry = judge_cut_pending(j->timetable, 0);
		judge_begin(j, &entry);
	}
}
