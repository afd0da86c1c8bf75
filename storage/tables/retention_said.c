/* SPDX-License-Identifier: MIT */
/*
 * Accepted directives, slips and reviews of which nothing rests on any more: they go with their
 * commands. What does not go:
 *
 * of directives the newest, what the timetable has, every one since the episode in force began, and
 * each that the log of what was in force names or that came while that says a level was in force;
 * of slips the newest, and the good ones of a directive that is there;
 * of reviews those of hours that are there, or that nobody reviewed after them; where their share
 * is used up those of hours of an episode in that log, with three days before and after it.
 */
#include "retention_inside.h"

#define AT_ONCE 100

/* What the log of what was in force says of a moment; old moments are found at its beginning. */
#define IN_FORCE_AT(moment)                                                                        \
	"coalesce((SELECT level FROM force_log WHERE event < coalesce((SELECT event FROM"          \
	" force_log WHERE effective > " moment " ORDER BY event LIMIT 1), 9223372036854775807)"    \
	" ORDER BY event DESC LIMIT 1), 'none')"

#define DIRECTIVES_DONE                                                                            \
	"number > ?1 AND number <= ?2 AND received < ?3"                                           \
	" AND number < (SELECT max(number) FROM directives)"                                       \
	" AND number NOT IN (SELECT number FROM timetable)"                                        \
	" AND number <> (SELECT binding FROM timetable_state)"                                     \
	" AND (SELECT episode = 0 OR number < episode FROM timetable_state)"                       \
	" AND NOT EXISTS (SELECT 1 FROM force_log WHERE directive = directives.number)"            \
	" AND " IN_FORCE_AT("received") " = 'none'"

/* Without a command, which is deleted first, there is nothing to wait for. */
#define RECEIVED "coalesce((SELECT received FROM commands AS c WHERE c.id = command), 0)"

#define SLIPS_DONE                                                                                 \
	"id > ?1 AND id <= ?2 AND " RECEIVED " < ?3 AND id < (SELECT max(id) FROM releases)"       \
	" AND NOT (coalesce(fault, 'good') = 'good'"                                               \
	" AND coalesce(directive_number, 0) IN (SELECT number FROM directives))"

#define FAULTY_SLIPS SLIPS_DONE " AND fault <> 'good'"

#define REVIEWS_DONE                                                                               \
	"rowid > ?1 AND rowid <= ?2 AND " RECEIVED " < ?3"                                         \
	" AND last_hour < (SELECT min(hour) FROM hours)"

/* The same hours and pollutants, later. */
#define REVIEWED_ANEW                                                                              \
	"rowid > ?1 AND rowid <= ?2 AND " RECEIVED " < ?3 AND EXISTS (SELECT 1 FROM reviews AS n"  \
	" WHERE n.rowid > reviews.rowid AND n.first_hour = reviews.first_hour"                     \
	" AND n.last_hour = reviews.last_hour AND n.pollutants = reviews.pollutants)"

#define THREE_DAYS " 72 "
#define HOUR_IN_MS " * 3600000"

/* What the hours lost or got back by them stays so. */
#define OLD_REVIEWS                                                                                \
	"rowid > ?1 AND rowid <= ?2 AND " RECEIVED " < ?3 AND last_hour" HOUR_IN_MS " < ?3"        \
	" AND " IN_FORCE_AT("(first_hour -" THREE_DAYS                                             \
			    ")" HOUR_IN_MS) " = 'none'"                                            \
					    " AND NOT EXISTS (SELECT 1 FROM force_log WHERE "      \
					    "level <> 'none' AND effective BETWEEN"                \
					    " (first_hour -" THREE_DAYS ")" HOUR_IN_MS             \
					    " AND (last_hour +" THREE_DAYS ")" HOUR_IN_MS ")"

#define OF(table, key, done)                                                                       \
	{                                                                                          \
		"SELECT max(" key ") FROM (SELECT " key " FROM " table " WHERE " key               \
		" > ? ORDER BY " key " LIMIT ?)",                                                  \
			{                                                                          \
				"DELETE FROM commands WHERE id IN (SELECT command FROM " table     \
				" WHERE " done ")",                                                \
				"DELETE FROM " table " WHERE " done,                               \
			},                                                                         \
	}

static const struct said {
	const char *last, *drop[2];
} all_said[] = {
	[RETENTION_DIRECTIVES] = OF("directives", "number", DIRECTIVES_DONE),
	[RETENTION_SLIPS] = OF("releases", "id", SLIPS_DONE),
	[RETENTION_FAULTY_SLIPS] = OF("releases", "id", FAULTY_SLIPS),
	[RETENTION_REVIEWS] = OF("reviews", "rowid", REVIEWS_DONE),
	[RETENTION_REVIEWED_ANEW] = OF("reviews", "rowid", REVIEWED_ANEW),
	[RETENTION_OLD_REVIEWS] = OF("reviews", "rowid", OLD_REVIEWS),
};

/* The key of the last row of those looked at now; 0: there is none behind `from`. */
static int find_last(struct db *db, const struct said *said, int64_t from, int64_t *ret)
{
	struct query q = db_read(db, said->last);
	query_int(&q, from);
	query_int(&q, AT_ONCE);
	bool any = query_row(&q) && !query_column_null(&q, 0);
	*ret = any ? query_column_any(&q, 0) : 0;
	return query_end(&q);
}

int retention_drop_said(struct db *db, enum retention_said which, int64_t before_ms, int64_t *from,
			int64_t *gone)
{
	const struct said *said = &all_said[which];
	int64_t last = 0;
	int r = find_last(db, said, *from, &last);
	for (int i = 0; r == 0 && last != 0 && i < 2; i++) {
		struct query q = db_write(db, said->drop[i]);
		query_int(&q, *from);
		query_int(&q, last);
		query_int(&q, before_ms);
		r = query_run_counting(&q, gone);
	}
	if (r == 0)
		*from = last;
	return r;
}

/* In steps, until some went or all were looked at. */
static int drop_some(struct db *db, enum retention_said which, int64_t before_ms, int64_t *gone)
{
	int64_t from = 0;
	int r = db_begin(db);
	if (r)
		return r;
	do {
		r = retention_drop_said(db, which, before_ms, &from, gone);
	} while (r == 0 && from != 0 && *gone == 0);
	int end = db_commit(db);
	return r ? r : end;
}

int retention_prune_said(struct db *db, int64_t before_ms, bool *ret_more)
{
	static const enum retention_said by_age[] = {RETENTION_DIRECTIVES, RETENTION_SLIPS,
						     RETENTION_REVIEWS};
	int64_t gone = 0;
	int r = 0;
	for (int i = 0; r == 0 && i < 3; i++)
		r = drop_some(db, by_age[i], before_ms, &gone);
	if (r == 0 && gone > 0)
		*ret_more = true;
	return r;
}
