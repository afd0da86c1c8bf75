/* SPDX-License-Identifier: MIT */
/* The newest word of each issuer, and what was refused lately. */
#include <stdio.h>
#include <string.h>

#include "aside.h"
#include "timetables_inside.h"

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

int timetable_read_refused(struct store *store, struct timetable *ret, struct timetable_bad *bad)
{
	struct query q = db_read(&store->state, "SELECT place, why, at, id, issuer, crc"
						" FROM timetable_refused ORDER BY place");
	while (query_row(&q) && ret->n_refused < TIMETABLE_REFUSED_MAX) {
		struct timetable_refused *word = &ret->refused[ret->n_refused];
		bool sound = query_is_sound(&q, 5, 5);
		sound = parse_refusal(query_column_text(&q, 1, 32), &word->why) && sound;
		word->at_ms = query_column_any(&q, 2);
		query_column_copy(&q, 3, word->id, sizeof(word->id));
		query_column_copy(&q, 4, word->issuer, sizeof(word->issuer));
		sound = !query_forgive(&q) && sound;
		if (sound)
			ret->n_refused++;
		else if (q.error == 0)
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

void timetable_write_refused(struct store *store, const struct timetable *timetable)
{
	for (int i = 0; i < timetable->n_refused; i++) {
		const struct timetable_refused *word = &timetable->refused[i];
		struct query q =
			db_write(&store->state,
				 "INSERT OR REPLACE INTO timetable_refused (place, why, at, id,"
				 " issuer, crc) SELECT ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1"
				 " FROM timetable_refused WHERE place = ?1 AND crc = ?6)");
		query_int(&q, i + 1);
		query_text(&q, refusal_name(word->why));
		query_int(&q, word->at_ms);
		query_text(&q, word->id);
		query_text(&q, word->issuer);
		query_sum(&q);
		query_run(&q);
	}
	struct query q = db_write(&store->state, "DELETE FROM timetable_refused WHERE place > ?");
	query_int(&q, timetable->n_refused);
	query_run(&q);
}
