/* SPDX-License-Identifier: MIT */
/*
 * Begun entries in the order of taking effect, pending ones in the order of their starts:
 *
 *   yellow from Monday 08:00, accepted on Sunday; orange from Tuesday 00:00, accepted on Monday:
 * begun = {yellow}, pending = {orange}; on Tuesday begun = {yellow, orange}: orange is in force
 */
#include "timetable.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

static const char *const refusal_names[REFUSAL_COUNT] = {
	[REFUSAL_NONE] = "none",
	[REFUSAL_EMPTY] = "empty",
	[REFUSAL_TIME_AHEAD] = "time_ahead",
	[REFUSAL_START_FAR] = "start_far",
	[REFUSAL_LIFT_WITH_END] = "lift_with_end",
	[REFUSAL_END_NOT_LATER] = "end_not_later",
	[REFUSAL_END_HAS_PASSED] = "end_has_passed",
	[REFUSAL_OLDER] = "older",
	[REFUSAL_TOO_MANY] = "too_many",
	[REFUSAL_MALFORMED] = "malformed",
};

const char *refusal_name(enum refusal refusal)
{
	assert((int)refusal >= 0 && (int)refusal < REFUSAL_COUNT);
	return refusal_names[refusal];
}

const struct timetable_entry *timetable_last(const struct timetable *timetable)
{
	return timetable->n_begun > 0 ? &timetable->begun[timetable->n_begun - 1] : NULL;
}

const struct timetable_entry *timetable_in_force(const struct timetable *timetable)
{
	const struct timetable_entry *last = timetable_last(timetable);
	return last && last->level > 0 ? last : NULL;
}

int timetable_level(const struct timetable *timetable)
{
	const struct timetable_entry *last = timetable_last(timetable);
	return last ? last->level : 0;
}

int timetable_level_before(const struct timetable *timetable, int i)
{
	return i > 0 ? timetable->pending[i - 1].level : timetable_level(timetable);
}

int timetable_next_change(const struct timetable *timetable, int i)
{
	for (; i < timetable->n_pending; i++) {
		if (timetable->pending[i].level != timetable_level_before(timetable, i))
			return i;
	}
	return -1;
}

struct timetable_entry *timetable_find(struct timetable *timetable, int64_t number)
{
	for (int i = 0; i < timetable->n_begun; i++) {
		if (timetable->begun[i].number == number)
			return &timetable->begun[i];
	}
	for (int i = 0; i < timetable->n_pending; i++) {
		if (timetable->pending[i].number == number)
			return &timetable->pending[i];
	}
	return NULL;
}

bool timetable_same_announcement(const struct timetable_entry *a, const struct timetable_entry *b)
{
	return a->document[0] != '\0' && strcmp(a->document, b->document) == 0 &&
	       a->time_ms == b->time_ms && strcmp(a->issuer, b->issuer) == 0;
}

const struct timetable_issuer *timetable_said_last(const struct timetable *timetable,
						   const char *issuer)
{
	const struct timetable_issuer *found = NULL;
	for (int i = 0; i < timetable->n_issuers; i++) {
		const struct timetable_issuer *word = &timetable->issuers[i];
		if (issuer && strcmp(word->issuer, issuer) != 0)
			continue;
		if (!found || word->said_ms > found->said_ms ||
		    (word->said_ms == found->said_ms && word->number > found->number))
			found = word;
	}
	return found;
}

static int64_t sooner_of(int64_t a_ms, int64_t b_ms)
{
	return a_ms < b_ms ? a_ms : b_ms;
}

int64_t timetable_next_ms(const struct timetable *timetable)
{
	int64_t next_ms = INT64_MAX;
	const struct timetable_entry *in_force = timetable_in_force(timetable);
	if (timetable->n_pending > 0)
		next_ms = timetable->pending[0].start_ms;
	if (in_force && in_force->planned_end_ms != 0 && !in_force->overdue)
		next_ms = sooner_of(next_ms, in_force->planned_end_ms);
	if (timetable->n_refused > 0)
		next_ms = sooner_of(next_ms, timetable->refused[0].at_ms + TIMETABLE_REFUSED_MS);
	if (timetable->refused_more > 0)
		next_ms = sooner_of(next_ms, timetable->refused_more_ms + TIMETABLE_REFUSED_MS);
	return next_ms;
}

/* Where the newest word of an issuer is kept: its own place, a new one, or that of the oldest. */
static int place_of_issuer(struct timetable *timetable, const char *issuer)
{
	int oldest = 0;
	for (int i = 0; i < timetable->n_issuers; i++) {
		if (strcmp(timetable->issuers[i].issuer, issuer) == 0)
			return i;
		if (timetable->issuers[i].said_ms < timetable->issuers[oldest].said_ms)
			oldest = i;
	}
	return timetable->n_issuers < TIMETABLE_ISSUERS_MAX ? timetable->n_issuers++ : oldest;
}

void timetable_note_accepted(struct timetable *timetable, const struct timetable_issuer *word)
{
	const struct timetable_issuer *before = timetable_said_last(timetable, word->issuer);
	int64_t said_ms = word->said_ms;
	if (before && before->said_ms > said_ms)
		said_ms = before->said_ms; /* it came `after` one that was said later */
	int i = place_of_issuer(timetable, word->issuer);
	timetable->issuers[i] = *word;
	timetable->issuers[i].said_ms = said_ms;
}

static void drop_refused(struct timetable *timetable, int i)
{
	timetable->n_refused--;
	memmove(&timetable->refused[i], &timetable->refused[i + 1],
		(size_t)(timetable->n_refused - i) * sizeof(timetable->refused[0]));
	memset(&timetable->refused[timetable->n_refused], 0, sizeof(timetable->refused[0]));
}

/* Said again and refused again, for the same reason: it is named once; so are all that have neither
 * id nor issuer. */
static void drop_same_refused(struct timetable *timetable, const struct timetable_refused *word)
{
	for (int i = timetable->n_refused - 1; i >= 0; i--) {
		const struct timetable_refused *known = &timetable->refused[i];
		if (known->why == word->why && strcmp(known->id, word->id) == 0 &&
		    strcmp(known->issuer, word->issuer) == 0)
			drop_refused(timetable, i);
	}
}

/* The oldest one that nobody could read, else the oldest. */
static int find_least_refused(const struct timetable *timetable)
{
	for (int i = 0; i < timetable->n_refused; i++)
		if (timetable->refused[i].why == REFUSAL_MALFORMED)
			return i;
	return 0;
}

void timetable_note_refused(struct timetable *timetable, const struct timetable_refused *word)
{
	drop_same_refused(timetable, word);
	if (timetable->n_refused == TIMETABLE_REFUSED_MAX) {
		int least = find_least_refused(timetable);
		timetable->refused_more++;
		timetable->refused_more_ms = timetable->refused[least].at_ms;
		drop_refused(timetable, least);
	}
	timetable->refused[timetable->n_refused++] = *word;
}

static void lower_entry(struct timetable_entry *entry, int64_t now_ms)
{
	entry->said_ms = sooner_of(entry->said_ms, now_ms);
	entry->accepted_ms = sooner_of(entry->accepted_ms, now_ms);
	entry->begun_ms = sooner_of(entry->begun_ms, now_ms);
}

void timetable_follow_clock(struct timetable *timetable, int64_t now_ms)
{
	for (int i = 0; i < timetable->n_issuers; i++)
		timetable->issuers[i].said_ms = sooner_of(timetable->issuers[i].said_ms, now_ms);
	for (int i = 0; i < timetable->n_begun; i++)
		lower_entry(&timetable->begun[i], now_ms);
	for (int i = 0; i < timetable->n_pending; i++)
		lower_entry(&timetable->pending[i], now_ms);
	for (int i = 0; i < timetable->n_refused; i++)
		timetable->refused[i].at_ms = sooner_of(timetable->refused[i].at_ms, now_ms);
	while (timetable->n_refused > 0 &&
	       timetable->refused[0].at_ms + TIMETABLE_REFUSED_MS <= now_ms)
		drop_refused(timetable, 0);
	timetable->refused_more_ms = sooner_of(timetable->refused_more_ms, now_ms);
	if (timetable->refused_more_ms + TIMETABLE_REFUSED_MS <= now_ms)
		timetable->refused_more = 0;
	if (timetable->refused_more == 0)
		timetable->refused_more_ms = 0;
}
