/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "aside.h"
#include "db.h"
#include "hours.h"

#define MINUTES_LAST (HOURS_LAST * 60)
#include "minutes.h"

static void put_channel(struct db *db, const char *channel)
{
	struct query q =
		db_write(db, "INSERT INTO channels (name) VALUES (?) ON CONFLICT DO NOTHING");
	query_text(&q, channel);
	query_run(&q);
}

static void put_minute_failures(struct db *db, int64_t minute, const char *channel,
				const uint16_t counts[WHY_COUNT])
{
	struct query q = db_write(db, "DELETE FROM minute_failures WHERE minute = ? AND channel ="
				      " (SELECT id FROM channels WHERE name = ?)");
	query_int(&q, minute);
	query_text(&q, channel);
	query_run(&q);
	for (int why = WHY_NONE + 1; why < WHY_COUNT; why++) {
		if (counts[why] == 0)
			continue;
		q = db_write(db, "INSERT INTO minute_failures (minute, channel, why, samples)"
				 " VALUES (?, (SELECT id FROM channels WHERE name = ?), ?, ?)");
		query_int(&q, minute);
		query_text(&q, channel);
		query_text(&q, why_name((enum why)why));
		query_int(&q, counts[why]);
		query_run(&q);
	}
}

int minutes_put(struct store *store, int64_t minute, const char *channel, const struct minute *sums)
{
	struct db *db = &store->samples;
	put_channel(db, channel);
	put_minute_failures(db, minute, channel, sums->counts);
	struct query q = db_write(db, "INSERT OR REPLACE INTO minutes (minute, channel, weighted,"
				      " covered_ms, samples, normal) VALUES"
				      " (?, (SELECT id FROM channels WHERE name = ?), ?, ?, ?, ?)");
	query_int(&q, minute);
	query_text(&q, channel);
	query_int(&q, sums->weighted);
	query_int(&q, sums->covered_ms);
	query_int(&q, sums->samples);
	query_int(&q, sums->counts[WHY_NONE]);
	return query_run(&q);
}

/* Those of an hour; without `as_measured` as far as they are believed. */
struct stored_minutes {
	bool as_measured, stored[HOUR_MINUTES];
	struct minute minutes[HOUR_MINUTES];
};

static int read_minutes(struct store *store, const char *channel, int64_t first, int n,
			struct stored_minutes *ret)
{
	struct query q = db_read(&store->samples,
				 "SELECT minute, covered_ms, weighted, samples, normal, doubted"
				 " FROM minutes"
				 " WHERE minute BETWEEN ? AND ? AND channel ="
				 " (SELECT id FROM channels WHERE name = ?)");
	query_int(&q, first);
	query_int(&q, first + n - 1);
	query_text(&q, channel);
	while (query_row(&q)) {
		int64_t i = query_column(&q, 0, first, first + n - 1) - first;
		/* A clock that stepped back fills a minute twice: only what cannot be is refused.
		 */
		ret->minutes[i].covered_ms = (int32_t)query_column(&q, 1, 0, HOUR_MS);
		int64_t most = (int64_t)ret->minutes[i].covered_ms * INT32_MAX;
		ret->minutes[i].weighted = query_column(&q, 2, -most, most);
		ret->minutes[i].samples = (uint16_t)query_column(&q, 3, 0, UINT16_MAX);
		ret->minutes[i].counts[WHY_NONE] = (uint16_t)query_column(&q, 4, 0, UINT16_MAX);
		ret->stored[i] = true;
		enum why doubted = WHY_NONE;
		if (!ret->as_measured && !query_column_null(&q, 5) &&
		    why_parse(query_column_text(&q, 5, 64), &doubted))
			minute_doubt(&ret->minutes[i], doubted);
	}
	return query_end(&q);
}

static int read_failures(struct store *store, const char *channel, int64_t first, int n,
			 struct minute ret[HOUR_MINUTES])
{
	struct query q = db_read(&store->samples, "SELECT minute, why, samples FROM minute_failures"
						  " WHERE minute BETWEEN ? AND ? AND channel ="
						  " (SELECT id FROM channels WHERE name = ?)");
	query_int(&q, first);
	query_int(&q, first + n - 1);
	query_text(&q, channel);
	while (query_row(&q)) {
		int64_t i = query_column(&q, 0, first, first + n - 1) - first;
		enum why why = WHY_NONE;
		why_parse(query_column_text(&q, 1, 64), &why);
		uint16_t samples = (uint16_t)query_column(&q, 2, 0, UINT16_MAX);
		/* A reason of another release cannot be given back to this one's hour. */
		if (why != WHY_NONE)
			ret[i].counts[why] = (uint16_t)(ret[i].counts[why] + samples);
	}
	return query_end(&q);
}

/* Both, of n minutes from `first` on. */
static int read_stored(struct store *store, const char *channel, int64_t first, int n,
		       struct stored_minutes *ret)
{
	int r = read_minutes(store, channel, first, n, ret);
	return r == 0 ? read_failures(store, channel, first, n, ret->minutes) : r;
}

static int load_minutes(struct store *store, const char *channel, bool as_measured,
			struct hour *hour)
{
	struct stored_minutes read = {.as_measured = as_measured};
	int64_t first = (hour->hour - 1) * HOUR_MINUTES;
	int r = read_stored(store, channel, first, HOUR_MINUTES, &read);
	for (int i = 0; r == 0 && i < HOUR_MINUTES; i++)
		if (read.stored[i])
			hour_restore(hour, i, &read.minutes[i]);
	return r;
}

int minutes_load(struct store *store, const char *channel, struct hour *hour)
{
	return load_minutes(store, channel, false, hour);
}

int minutes_load_measured(struct store *store, const char *channel, struct hour *hour)
{
	return load_minutes(store, channel, true, hour);
}

int minutes_total(struct store *store, const char *channel, int64_t first, int n,
		  struct minute *ret)
{
	struct stored_minutes read = {.as_measured = false};
	int r = read_stored(store, channel, first, n, &read);
	if (r != 0)
		return r;
	*ret = (struct minute){0};
	for (int i = 0; i < n; i++) {
		const struct minute *minute = &read.minutes[i];
		ret->weighted += minute->weighted;
		ret->covered_ms += minute->covered_ms;
		ret->samples = (uint16_t)(ret->samples + minute->samples);
		for (int why = 0; why < WHY_COUNT; why++)
			ret->counts[why] = (uint16_t)(ret->counts[why] + minute->counts[why]);
	}
	return 0;
}

int minutes_get(struct store *store, int64_t minute, const char *channel, struct minute *ret)
{
	struct stored_minutes read = {.as_measured = false};
	int r = read_stored(store, channel, minute, 1, &read);
	if (r == 0 && read.stored[0])
		*ret = read.minutes[0];
	return r == 0 && !read.stored[0] ? STORE_E_NONE : r;
}

int minutes_doubt(struct store *store, const char *channel, int64_t first, int64_t last,
		  enum why why)
{
	struct query q = db_write(&store->samples,
				  "UPDATE minutes SET doubted = ? WHERE minute BETWEEN ? AND ?"
				  " AND channel = (SELECT id FROM channels WHERE name = ?)"
				  " AND covered_ms > 0 AND doubted IS NULL");
	query_text(&q, why_name(why));
	query_int(&q, first);
	query_int(&q, last);
	query_text(&q, channel);
	return query_run(&q);
}

int minutes_oldest(struct store *store, int64_t *ret_minute)
{
	struct query q = db_read(&store->samples, "SELECT min(minute) FROM minutes"
						  " WHERE minute BETWEEN 1 AND ?");
	query_int(&q, MINUTES_LAST);
	bool any = query_row(&q) && !query_column_null(&q, 0);
	int64_t minute = any ? query_column(&q, 0, INT64_MIN, INT64_MAX) : 0;
	int r = query_end(&q);
	if (r == 0 && any)
		*ret_minute = minute;
	return r == 0 && !any ? STORE_E_NONE : r;
}

int minutes_newest(struct store *store, int64_t *ret_minute)
{
	struct query q = db_read(&store->samples, "SELECT coalesce(max(minute), 0) FROM"
						  " minutes WHERE minute <= ?");
	query_int(&q, MINUTES_LAST);
	int64_t minute = query_row(&q) ? query_column(&q, 0, INT64_MIN, INT64_MAX) : 0;
	int r = query_end(&q);
	if (r == 0)
		*ret_minute = minute;
	return r;
}

int minutes_begin_doubt(struct store *store, int64_t newest)
{
	struct query q =
		db_write(&store->samples, "INSERT INTO sure_minutes (one, newest) VALUES (1, ?)"
					  " ON CONFLICT DO UPDATE SET newest = excluded.newest");
	query_int(&q, newest);
	return query_run(&q);
}

int minutes_end_doubt(struct store *store)
{
	struct query q = db_write(&store->samples, "DELETE FROM sure_minutes");
	return query_run(&q);
}

int minutes_sure(struct store *store, int64_t *ret_newest, bool *ret_doubt)
{
	struct query q = db_read(&store->samples, "SELECT newest FROM sure_minutes");
	bool doubt = query_row(&q);
	int64_t newest = doubt ? query_column(&q, 0, 0, MINUTES_LAST) : 0;
	if (query_forgive(&q)) { /* nobody knows which are sure: none is */
		newest = 0;
		aside_note(store, "sure_minutes 1");
	}
	int r = query_end(&q);
	if (r == 0 && !doubt)
		r = minutes_newest(store, &newest);
	if (r != 0)
		return r;
	*ret_newest = newest;
	*ret_doubt = doubt;
	return 0;
}

#define OF_CHANNEL                                                                                 \
	" WHERE minute >= ? AND (? IS NULL OR channel = (SELECT id FROM channels WHERE name = ?))"

int minutes_withdraw(struct store *store, int64_t first, const char *channel)
{
	struct query q = db_write(&store->samples, "DELETE FROM minutes" OF_CHANNEL);
	query_int(&q, first);
	query_text(&q, channel);
	query_text(&q, channel);
	query_run(&q);
	q = db_write(&store->samples, "DELETE FROM minute_failures" OF_CHANNEL);
	query_int(&q, first);
	query_text(&q, channel);
	query_text(&q, channel);
	return query_run(&q);
}
