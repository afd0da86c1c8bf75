/* SPDX-License-Identifier: MIT */
/* The newest word of each issuer, and what was refused lately. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aside.h"
#include "timetables_inside.h"

#define MORE_PLACE 0 /* of the row that counts those that found no room */

int timetable_read_issuers(struct store *store, struct timetable *ret, struct timetable_bad *bad)
{
	struct query q = db_read(&store->state, "SELECT place, number, said, issuer, crc"
						" FROM timetable_issuers ORDER BY place");
	while (query_row(&q) && ret->n_issuers < TIMETABLE_ISSUERS_MAX) {
		struct timetable_issuer *word = &ret->issuers[ret->n_issuers];
		bool sound = query_is_sound(&q, 4, 4);
		word->number = query_column_any(&q, 1);
		word->said_ms = query_column_any(&q, 2);
		query_column_copy(&q, 3, word->issuer, sizeof(word->issuer));
		sound = !query_forgive(&q) && sound;
		if (sound)
			ret->n_issuers++;
		else if (q.error == 0)
			bad->any = true;
		if (q.error == 0 && !sound)
			aside_row(store, "timetable_issuers", &q);
	}
	return query_end(&q);
}

static bool parse_refusal(const char *name, enum refusal *ret)
{
	for (int i = 0; i < REFUSAL_COUNT; i++) {
		*ret = (enum refusal)i;
		if (strcmp(refusal_name(*ret), name) == 0)
			return true;
	}
	return false;
}

/* The row before them: how many more there were, as its id. */
static bool read_more(struct query *q, struct timetable *ret)
{
	int64_t at_ms = query_column_any(q, 2);
	char count[TIMETABLE_ID_SIZE];
	query_column_copy(q, 3, count, sizeof(count));
	long n = strtol(count, NULL, 10);
	if (query_forgive(q) || n <= 0 || n > INT_MAX)
		return false;
	ret->refused_more = (int)n;
	ret->refused_more_ms = at_ms;
	return true;
}

static bool read_refused(struct query *q, struct timetable *ret)
{
	struct timetable_refused *word = &ret->refused[ret->n_refused];
	bool sound = query_is_sound(q, 5, 5);
	if (query_column_any(q, 0) == MORE_PLACE)
		return sound && read_more(q, ret);
	sound = parse_refusal(query_column_text(q, 1, 32), &word->why) && sound;
	word->at_ms = query_column_any(q, 2);
	query_column_copy(q, 3, word->id, sizeof(word->id));
	query_column_copy(q, 4, word->issuer, sizeof(word->issuer));
	sound = !query_forgive(q) && sound;
	ret->n_refused += sound;
	return sound;
}

int timetable_read_refused(struct store *store, struct timetable *ret, struct timetable_bad *bad)
{
	struct query q = db_read(&store->state, "SELECT place, why, at, id, issuer, crc"
						" FROM timetable_refused ORDER BY place");
	while (query_row(&q) && ret->n_refused < TIMETABLE_REFUSED_MAX) {
		bool sound = read_refused(&q, ret);
		if (q.error == 0 && !sound)
			bad->any = true;
		if (q.error == 0 && !sound)
			aside_row(store, "timetable_refused", &q);
	}
	return query_end(&q);
}

void timetable_write_issuers(struct store *store, const struct timetable *timetable)
{
	for (int i = 0; i < timetable->n_issuers; i++) {
		const struct timetable_issuer *word = &timetable->issuers[i];
		struct query q =
			db_write(&store->state,
				 "INSERT OR REPLACE INTO timetable_issuers (place, number, said,"
				 " issuer, crc) SELECT ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1"
				 " FROM timetable_issuers WHERE place = ?1 AND crc = ?5)");
		query_int(&q, i + 1);
		query_int(&q, word->number);
		query_int(&q, word->said_ms);
		query_text(&q, word->issuer);
		query_sum(&q);
		query_run(&q);
	}
	struct query q = db_write(&store->state, "DELETE FROM timetable_issuers WHERE place > ?");
	query_int(&q, timetable->n_issuers);
	query_run(&q);
}

static void write_row(struct store *store, int place, const char *why,
		      const struct timetable_refused *word)
{
	struct query q = db_write(&store->state,
				  "INSERT OR REPLACE INTO timetable_refused (place, why, at, id,"
				  " issuer, crc) SELECT ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1"
				  " FROM timetable_refused WHERE place = ?1 AND crc = ?6)");
	query_int(&q, place);
	query_text(&q, why);
	query_int(&q, word->at_ms);
	query_text(&q, word->id);
	query_text(&q, word->issuer);
	query_sum(&q);
	query_run(&q);
}

void timetable_write_refused(struct store *store, const struct timetable *timetable)
{
	struct timetable_refused more = {.at_ms = timetable->refused_more_ms};
	for (int i = 0; i < timetable->n_refused; i++) {
		const struct timetable_refused *word = &timetable->refused[i];
		write_row(store, i + 1, refusal_name(word->why), word);
	}
	snprintf(more.id, sizeof(more.id), "%d", timetable->refused_more);
	if (timetable->refused_more > 0)
		write_row(store, MORE_PLACE, "more", &more);
	struct query q = db_write(&store->state, "DELETE FROM timetable_refused WHERE place > ?"
						 " OR place < ?");
	query_int(&q, timetable->n_refused);
	query_int(&q, timetable->refused_more > 0 ? MORE_PLACE : MORE_PLACE + 1);
	query_run(&q);
}
