/* SPDX-License-Identifier: MIT */
/*
 * The newest hour decides where a station goes on, so one row with a name far ahead must not: from
 * the top down to the first row that is what was written.
 */
#include <stdio.h>

#include "aside.h"
#include "db.h"
#include "hours_inside.h"

#define ASIDE_MAX 1024 /* bytes of a row as JSON */

/* A row from the top, as it is read to find the newest hour. */
struct top_row {
	int64_t hour;
	char pollutant[16];
	bool sound;
};

#define SELECT_TOP                                                                                 \
	"SELECT mean_milli, valid, crc, hour, pollutant FROM hours ORDER BY hour DESC, pollutant " \
	"DESC"

static struct top_row read_top(struct query *q)
{
	struct top_row row = {.hour = query_column(q, 3, INT64_MIN, INT64_MAX)};
	snprintf(row.pollutant, sizeof(row.pollutant), "%s",
		 query_column_text(q, 4, sizeof(row.pollutant)));
	int32_t milli = 0;
	bool known = !query_column_null(q, 0);
	if (known)
		milli = (int32_t)query_column(q, 0, INT32_MIN, INT32_MAX);
	bool valid = query_column(q, 1, 0, 1) != 0;
	bool same = query_column(q, 2, 0, UINT32_MAX) ==
		    hours_row_crc(row.hour, row.pollutant, known ? &milli : NULL, valid);
	row.sound = !query_forgive(q) && same && row.hour > 0 && row.hour <= HOURS_LAST;
	return row;
}

int hours_newest(struct store *store, int64_t *ret_hour)
{
	struct query q = db_read(&store->state, SELECT_TOP);
	int64_t hour = 0;
	while (hour == 0 && query_row(&q)) {
		struct top_row row = read_top(&q);
		if (row.sound)
			hour = row.hour;
		else if (q.error == 0)
			aside_note(store, "hours %lld %s", (long long)row.hour, row.pollutant);
	}
	int r = query_end(&q);
	if (r == 0)
		*ret_hour = hour;
	return r;
}

/* The row as JSON; "": there is none above `last` that is to go. */
static int find_aside(struct store *store, int64_t last, struct top_row *ret, char text[ASIDE_MAX])
{
	struct query q = db_read(
		&store->state,
		"SELECT mean_milli, valid, crc, hour, pollutant, json_object('hour', hour,"
		" 'pollutant', pollutant, 'mean_milli', mean_milli, 'valid', valid, 'quality',"
		" quality, 'why', why, 'covered_ms', covered_ms, 'samples', samples,"
		" 'time_quality', time_quality, 'rev', rev, 'invalidated', invalidated, 'doubted',"
		" doubted, 'source', source, 'crc', crc) FROM hours ORDER BY hour DESC, pollutant "
		"DESC");
	text[0] = '\0';
	if (query_row(&q)) {
		*ret = read_top(&q);
		if (!ret->sound || ret->hour > last)
			snprintf(text, ASIDE_MAX, "%s", query_column_text(&q, 5, ASIDE_MAX));
	}
	return query_end(&q);
}

/* What was computed of an hour of which nothing is left. */
static void forget_index(struct store *store, int64_t hour)
{
	static const char *const deletes[] = {
		"DELETE FROM hour_failures WHERE hour = ?1"
		" AND NOT EXISTS (SELECT 1 FROM hours WHERE hour = ?1)",
		"DELETE FROM aqi WHERE hour = ?1"
		" AND NOT EXISTS (SELECT 1 FROM hours WHERE hour = ?1)",
		"DELETE FROM iaqi WHERE hour = ?1"
		" AND NOT EXISTS (SELECT 1 FROM hours WHERE hour = ?1)",
	};
	for (size_t i = 0; i < sizeof(deletes) / sizeof(deletes[0]); i++) {
		struct query q = db_write(&store->state, deletes[i]);
		query_int(&q, hour);
		query_run(&q);
	}
}

static int move_aside(struct store *store, const struct top_row *row, const char *text)
{
	int r = aside_write(store, "hours", text);
	if (r)
		return r;
	aside_note(store, "hours %lld %s", (long long)row->hour, row->pollutant);
	r = store_begin(store);
	if (r)
		return r;
	struct query q =
		db_write(&store->state, "DELETE FROM hours WHERE hour = ? AND pollutant = ?");
	query_int(&q, row->hour);
	query_text(&q, row->pollutant);
	query_run(&q);
	forget_index(store, row->hour);
	return store_commit(store);
}

int hours_set_aside(struct store *store, int64_t last)
{
	char text[ASIDE_MAX];
	struct top_row row = {0};
	int r;
	while ((r = find_aside(store, last, &row, text)) == 0 && text[0] != '\0') {
		r = move_aside(store, &row, text);
		if (r)
			return r;
	}
	return r;
}
