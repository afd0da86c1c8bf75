/* SPDX-License-Identifier: MIT */
/*
 * Order is acceptance, and an old word is refused: a lift of 10:00 from an outage's queue must not
 * end the red that the operator typed at 12:00.
 *
 *   said = the earlier of its time and its reception
 *   older: said + clocks_apart < the latest said accepted, or said < the latest of the same issuer
 */
#include "word.h"

#include <stddef.h>
#include <string.h>

int64_t word_said_ms(const struct timetable_word *word, int64_t now_ms)
{
	int64_t said_ms = word->time_ms < word->received_ms ? word->time_ms : word->received_ms;
	return said_ms < now_ms ? said_ms : now_ms;
}

static enum refusal check_times(const struct timetable_word *word, const struct word_moment *moment)
{
	int64_t now_ms = moment->now_ms;
	if (!moment->unsynchronised && word->time_ms > now_ms + WORD_AHEAD_MS)
		return REFUSAL_TIME_AHEAD;
	if (!word->has_level)
		return REFUSAL_NONE;
	if (!moment->unsynchronised && word->start_ms > now_ms + WORD_FAR_MS)
		return REFUSAL_START_FAR;
	if (word->start_ms < now_ms - WORD_FAR_MS)
		return REFUSAL_START_FAR;
	if (word->planned_end_ms == 0)
		return REFUSAL_NONE;
	if (word->level == 0)
		return REFUSAL_LIFT_WITH_END;
	if (word->planned_end_ms <= word->start_ms)
		return REFUSAL_END_NOT_LATER;
	if (word->planned_end_ms < word_said_ms(word, now_ms))
		return REFUSAL_END_HAS_PASSED;
	return REFUSAL_NONE;
}

static bool is_older(const struct timetable *timetable, struct timetable_word *word,
		     const struct word_moment *moment)
{
	int64_t said_ms = word_said_ms(word, moment->now_ms);
	const struct timetable_issuer *latest = timetable_said_last(timetable, NULL);
	const struct timetable_issuer *own = timetable_said_last(timetable, word->issuer);
	const struct timetable_issuer *newer = NULL;
	if (own && said_ms < own->said_ms)
		newer = own;
	if (latest && said_ms < latest->said_ms - moment->clocks_apart_ms)
		newer = latest;
	if (!newer)
		return false;
	word->answer.older_than = newer->number;
	word->answer.older_than_ms = newer->said_ms;
	return true;
}

enum refusal word_refusal(const struct timetable *timetable, struct timetable_word *word,
			  const struct word_moment *moment)
{
	if (!word->has_level && word->n_withdraws == 0)
		return REFUSAL_EMPTY;
	enum refusal refusal = check_times(word, moment);
	if (refusal != REFUSAL_NONE)
		return refusal;
	bool is_last_word =
		word->after[0] != '\0' && strcmp(word->after, timetable->newest_id) == 0;
	if (!is_last_word && is_older(timetable, word, moment))
		return REFUSAL_OLDER;
	return REFUSAL_NONE;
}

/* The moment by which words[i] is sorted among the i before it: its own or, later, that of the one
 * it comes after. */
static int64_t find_order(struct timetable_word *const words[], int i, int64_t now_ms)
{
	int64_t order_ms = word_said_ms(words[i], now_ms);
	for (int j = 0; j < i && words[i]->after[0] != '\0'; j++) {
		if (strcmp(words[j]->id, words[i]->after) == 0 && words[j]->order_ms > order_ms)
			order_ms = words[j]->order_ms;
	}
	return order_ms;
}

void words_sort(struct timetable_word *words[], int n, int64_t now_ms)
{
	for (int i = 0; i < n; i++) {
		struct timetable_word *word = words[i];
		word->order_ms = find_order(words, i, now_ms);
		int j = i;
		for (; j > 0 && words[j - 1]->order_ms > word->order_ms; j--)
			words[j] = words[j - 1];
		words[j] = word;
	}
}

bool word_contradicts(const struct timetable_entry *known, const struct timetable_entry *word)
{
	return word->document[0] != '\0' && strcmp(known->document, word->document) == 0 &&
	       (known->level != word->level || known->start_ms != word->start_ms) &&
	       !timetable_same_announcement(known, word);
}
