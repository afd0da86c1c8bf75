/* SPDX-License-Identifier: MIT */
#include "town_twin.h"

#include <stddef.h>

bool town_is_alike(const struct timetable *a, const struct timetable *b)
{
	const struct timetable_entry *in_a = timetable_in_force(a), *in_b = timetable_in_force(b);
	if (!in_a != !in_b || a->n_pending != b->n_pending)
		return false;
	if (in_a && (in_a->number != in_b->number || in_a->overdue != in_b->overdue))
		return false;
	for (int i = 0; i < a->n_pending; i++) {
		if (a->pending[i].number != b->pending[i].number)
			return false;
	}
	return true;
}

void town_twin_begin(struct town_twin *twin, const struct timetable *timetable,
		     const struct event_series *series, int64_t now_ms)
{
	*twin = (struct town_twin){true, now_ms, *timetable, *series};
}

/* The twin looks whenever it has to, up to a moment. */
static void pass_time(struct town_twin *twin, struct word_moment *moment, int64_t to_ms)
{
	static struct judge_outcome outcome;
	while (timetable_next_ms(&twin->timetable) <= to_ms) {
		int64_t due_ms = timetable_next_ms(&twin->timetable);
		moment->now_ms = due_ms > moment->now_ms ? due_ms : moment->now_ms;
		judge(&twin->timetable, NULL, 0, moment, &outcome);
	}
	moment->now_ms = to_ms > moment->now_ms ? to_ms : moment->now_ms;
}

/* The one that began in place of the first; NULL: it is not known any more. */
static const struct timetable_entry *find_begun(const struct timetable *timetable,
						const struct timetable_word *first)
{
	for (int i = 0; i < timetable->n_begun; i++) {
		if (timetable->begun[i].number == first->answer.passed_over_by)
			return &timetable->begun[i];
	}
	return NULL;
}

/*
 * To a twin the second word may postpone what the first made a downgrade; here that began as a
 * raise, since the first was not heard in time, and stays.
 */
static bool postpones_what_began(const struct timetable *timetable,
				 const struct timetable_word *first,
				 const struct timetable_word *second)
{
	const struct timetable_entry *begun = find_begun(timetable, first);
	return begun && begun->turn != 0 && second->has_level && second->level == begun->level &&
	       second->start_ms > begun->start_ms;
}

static bool parts_from_twin(const struct timetable *timetable, struct timetable_word *const words[],
			    int n)
{
	for (int i = 0; i < n; i++) {
		for (int k = 0; k < n; k++) {
			if (words[i]->answer.passed_over_by != 0 &&
			    postpones_what_began(timetable, words[i], words[k]))
				return true;
		}
	}
	return false;
}

/* Words that were judged together mean what they mean to a twin that heard each when it was said.
 */
const char *town_twin_end(struct town_twin *twin, const struct timetable *timetable,
			  struct timetable_word *const words[], int n, int64_t now_ms)
{
	static struct judge_outcome outcome;
	static struct timetable_word copy;
	struct timetable_word *heard[1] = {&copy};
	struct word_moment moment = {twin->from_ms, &twin->series, WORD_CLOCKS_APART_MS, false};
	bool is_there = twin->is_there && !parts_from_twin(timetable, words, n);
	twin->is_there = false;
	for (int i = 0; i < n && is_there; i++) {
		if (words[i]->answer.refusal == REFUSAL_START_FAR ||
		    words[i]->order_ms < twin->from_ms || words[i]->answer.n_too_late > 0)
			return NULL; /* it waited for a month; it was said before; it says so */
		copy = *words[i];
		pass_time(twin, &moment, copy.order_ms);
		if (copy.received_ms > moment.now_ms)
			copy.received_ms = moment.now_ms;
		judge(&twin->timetable, heard, 1, &moment, &outcome);
		if (copy.answer.refusal == REFUSAL_START_FAR ||
		    copy.answer.refusal == REFUSAL_TOO_MANY)
			return NULL; /* by then there is a place for it */
		if (copy.answer.number != words[i]->answer.number)
			return "a twin that was not cut off judges a word otherwise";
	}
	if (!is_there)
		return NULL;
	pass_time(twin, &moment, now_ms);
	return town_is_alike(&twin->timetable, timetable)
		       ? NULL
		       : "a station that was cut off is not like one that was not";
}
