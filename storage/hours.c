/* SPDX-License-Identifier: MIT */
#include "hours.h"

#include <stdio.h>
#include <string.h>

#include "crc.h"
#include "db.h"

const char *time_quality_name(enum time_quality quality)
{
	switch (quality) {
	case TIME_SYNCHRONISED:
		return "synchronised";
	case TIME_UNSYNCHRONISED:
		return "unsynchronised";
	case TIME_SIMULATED:
		return "simulated";
	}
	return NULL;
}

static void put_failures(struct db *db, int64_t hour, const char *pollutant,
			 const uint32_t counts[WHY_COUNT])
{
	struct query q = db_write(db, "DELETE FROM hour_failures WHERE hour = ? AND pollutant = ?");
	query_int(&q, hour);
	query_text(&q, pollutant);
	query_run(&q);
	for (int why = WHY_NONE + 1; why < WHY_COUNT; why++) {
		if (counts[why] == 0)
			continue;
		q = db_write(db, "INSERT INTO hour_failures (hour, pollutant, why, samples)"
				 " VALUES (?, ?, ?, ?)");
		query_int(&q, hour);
		query_text(&q, pollutant);
		query_text(&q, why_name((enum why)why));
		query_int(&q, counts[why]);
		query_run(&q);
	}
}

/* Over the columns as text, joined by '|', so that another program can check it. */
static uint32_t row_crc(int64_t hour, const char *pollutant, const int32_t *mean_milli, bool valid)
{
	char text[80], mean[16] = "";
	if (mean_milli)
		snprintf(mean, sizeof(mean), "%d", *mean_milli);
	snprintf(text, sizeof(text), "%lld|%.16s|%s|%d", (long long)hour, pollutant, mean, valid);
	return crc32_of_text(text);
}

uint32_t hours_crc(int64_t hour, const char *pollutant, int32_t mean_milli)
{
	return row_crc(hour, pollutant, &mean_milli, true);
}

int hours_put(struct store *store, int64_t hour, enum pollutant pollutant,
	      const struct hour_mean *mean, enum time_quality time_quality)
{
	struct db *db = &store->state;
	const char *key = pollutant_info(pollutant)->key;
	const char quality[2] = {(char)mean->quality};
	put_failures(db, hour, key, mean->counts);
	struct query q =
		db_write(db, "INSERT OR REPLACE INTO hours (hour, pollutant, mean_milli,"
			     " valid, quality, why, covered_ms, samples, time_quality, crc)"
			     " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_int(&q, hour);
	query_text(&q, key);
	query_int_or_null(&q, mean->covered_ms > 0, mean->mean_milli);
	query_int(&q, mean->valid);
	query_text(&q, quality);
	query_text(&q, mean->why == WHY_NONE ? NULL : why_name(mean->why));
	query_int(&q, mean->covered_ms);
	query_int(&q, mean->samples);
	query_text(&q, time_quality_name(time_quality));
	query_int(&q,
		  row_crc(hour, key, mean->covered_ms > 0 ? &mean->mean_milli : NULL, mean->valid));
	return query_run(&q);
}

struct key_list {
	char text[POLLUTANT_COUNT * 8];
};

static struct key_list list_keys(pollutant_set set)
{
	struct key_list list = {.text = ""};
	size_t n = 0;
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		if (set & (1u << p) && n < sizeof(list.text))
			n += (size_t)snprintf(list.text + n, sizeof(list.text) - n, "%s%s",
					      n > 0 ? "," : "",
					      pollutant_info((enum pollutant)p)->key);
	return list;
}

/* `keys` outlives the query, which borrows it. */
static void bind_aqi(struct query *q, const struct aqi *aqi, const struct key_list *keys)
{
	query_int_or_null(q, aqi->known, aqi->value);
	query_int(q, aqi->known && aqi->publishable);
	query_int(q, aqi->complete);
	query_int_or_null(q, aqi->known, (int64_t)aqi->category + 1);
	query_text(q, keys->text);
}

static void put_iaqi(struct db *db, int64_t hour, const struct aqi *daily,
		     const struct aqi *realtime)
{
	struct query q = db_write(db, "DELETE FROM iaqi WHERE hour = ?");
	query_int(&q, hour);
	query_run(&q);
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		struct mean mean = daily->means[p];
		if (daily->iaqi[p] == IAQI_NONE && realtime->iaqi[p] == IAQI_NONE && mean.n == 0 &&
		    daily->hours[p] == 0)
			continue;
		q = db_write(db, "INSERT INTO iaqi (hour, pollutant, daily, daily_mean_milli,"
				 " daily_hours, realtime) VALUES (?, ?, ?, ?, ?, ?)");
		query_int(&q, hour);
		query_text(&q, pollutant_info((enum pollutant)p)->key);
		query_int_or_null(&q, daily->iaqi[p] != IAQI_NONE, daily->iaqi[p]);
		query_int_or_null(&q, mean.n > 0,
				  mean.n > 0 ? round_half_even(mean.sum_milli, mean.n) : 0);
		query_int(&q, daily->hours[p]);
		query_int_or_null(&q, realtime->iaqi[p] != IAQI_NONE, realtime->iaqi[p]);
		query_run(&q);
	}
}

int hours_put_aqi(struct store *store, int64_t hour, const char *edition, const struct aqi *daily,
		  const struct aqi *realtime)
{
	struct db *db = &store->state;
	const struct key_list daily_primary = list_keys(daily->primary);
	const struct key_list realtime_primary = list_keys(realtime->primary);
	put_iaqi(db, hour, daily, realtime);
	struct query q = db_write(
		db, "INSERT INTO aqi (hour, edition,"
		    " daily, daily_published, daily_complete, daily_category,"
		    " daily_primary, realtime, realtime_published, realtime_complete,"
		    " realtime_category, realtime_primary)"
		    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		    " ON CONFLICT (hour) DO UPDATE SET edition = excluded.edition,"
		    " daily = excluded.daily, daily_published = excluded.daily_published,"
		    " daily_complete = excluded.daily_complete,"
		    " daily_category = excluded.daily_category,"
		    " daily_primary = excluded.daily_primary, realtime = excluded.realtime,"
		    " realtime_published = excluded.realtime_published,"
		    " realtime_complete = excluded.realtime_complete,"
		    " realtime_category = excluded.realtime_category,"
		    " realtime_primary = excluded.realtime_primary, rev = aqi.rev + 1");
	query_int(&q, hour);
	query_text(&q, edition);
	bind_aqi(&q, daily, &daily_primary);
	bind_aqi(&q, realtime, &realtime_primary);
	return query_run(&q);
}

int hours_aqi_rev(struct store *store, int64_t hour, int32_t *ret_rev)
{
	struct query q = db_read(&store->state, "SELECT rev FROM aqi WHERE hour = ?");
	query_int(&q, hour);
	bool any = query_row(&q);
	int32_t rev = any ? (int32_t)query_column(&q, 0, 0, INT32_MAX) : 0;
	int r = query_end(&q);
	if (r == 0 && any)
		*ret_rev = rev;
	return r == 0 && !any ? STORE_E_NONE : r;
}

int hours_newest_daily(struct store *store, int64_t *ret_hour, int32_t *ret_aqi,
		       char ret_primary[64])
{
	struct query q = db_read(&store->state, "SELECT hour, daily, daily_primary FROM aqi"
						" WHERE daily NOT NULL ORDER BY hour DESC LIMIT 1");
	bool any = query_row(&q);
	if (any) {
		*ret_hour = query_column(&q, 0, INT64_MIN, INT64_MAX);
		*ret_aqi = (int32_t)query_column(&q, 1, 0, 500);
		snprintf(ret_primary, 64, "%s", query_column_text(&q, 2, 64));
	}
	int r = query_end(&q);
	return r == 0 && !any ? STORE_E_NONE : r;
}

int hours_newest(struct store *store, int64_t *ret_hour)
{
	struct query q = db_read(&store->state, "SELECT coalesce(max(hour), 0) FROM hours");
	int64_t hour = query_row(&q) ? query_column(&q, 0, INT64_MIN, INT64_MAX) : 0;
	int r = query_end(&q);
	if (r == 0)
		*ret_hour = hour;
	return r;
}

int hours_confirmed(struct store *store, int64_t from, int64_t *ret_hour)
{
	struct query q = db_read(&store->state, "SELECT max(hour) FROM hours WHERE hour >= ?"
						" AND time_quality <> 'unsynchronised'");
	query_int(&q, from);
	bool any = query_row(&q) && !query_column_null(&q, 0);
	int64_t hour = any ? query_column(&q, 0, from, INT64_MAX) : from - 1;
	int r = query_end(&q);
	if (r == 0)
		*ret_hour = hour;
	return r;
}

int hours_withdraw(struct store *store, int64_t first)
{
	static const char *const deletes[] = {
		"DELETE FROM hours WHERE hour >= ?",
		"DELETE FROM hour_failures WHERE hour >= ?",
		"DELETE FROM aqi WHERE hour >= ?",
		"DELETE FROM iaqi WHERE hour >= ?",
	};
	int r = 0;
	for (size_t i = 0; r == 0 && i < sizeof(deletes) / sizeof(deletes[0]); i++) {
		struct query q = db_write(&store->state, deletes[i]);
		query_int(&q, first);
		r = query_run(&q);
	}
	return r;
}

int hours_oldest(struct store *store, int64_t from, int64_t *ret_hour)
{
	struct query q = db_read(&store->state, "SELECT hour FROM hours WHERE hour >= ?"
						" ORDER BY hour LIMIT 1");
	query_int(&q, from);
	bool any = query_row(&q);
	int64_t hour = any ? query_column(&q, 0, from, INT64_MAX) : 0;
	int r = query_end(&q);
	if (r == 0 && !any)
		return STORE_E_NONE;
	if (r == 0)
		*ret_hour = hour;
	return r;
}

int hours_load(struct store *store, int64_t first, int n, struct hour_values *ret)
{
	struct query q =
		db_read(&store->state, "SELECT hour, pollutant, mean_milli, crc FROM hours"
				       " WHERE hour BETWEEN ? AND ? AND valid AND NOT invalidated"
				       " AND mean_milli NOT NULL");
	memset(ret, 0, (size_t)n * sizeof(*ret));
	query_int(&q, first);
	query_int(&q, first + n - 1);
	while (query_row(&q)) {
		int64_t hour = query_column(&q, 0, first, first + n - 1);
		struct hour_values *values = &ret[hour - first];
		const char *key = query_column_text(&q, 1, 64);
		int32_t milli = (int32_t)query_column(&q, 2, INT32_MIN, INT32_MAX);
		enum pollutant pollutant;
		/* A pollutant of another release is none of the window's business. */
		if (!pollutant_parse(key, &pollutant) ||
		    query_column(&q, 3, 0, UINT32_MAX) != hours_crc(hour, key, milli))
			continue;
		values->valid |= 1u << pollutant;
		values->milli[pollutant] = milli;
	}
	return query_end(&q);
}

/* The sum of a row of hours_get. */
static bool row_is_sound(struct query *q, int64_t hour, enum pollutant pollutant)
{
	bool known = !query_column_null(q, 0);
	int32_t milli = known ? (int32_t)query_column(q, 0, INT32_MIN, INT32_MAX) : 0;
	bool valid = query_column(q, 1, 0, 1) != 0;
	return query_column(q, 8, 0, UINT32_MAX) ==
	       row_crc(hour, pollutant_info(pollutant)->key, known ? &milli : NULL, valid);
}

int hours_get(struct store *store, int64_t hour, enum pollutant pollutant, struct hour_mean *ret,
	      int32_t *ret_rev)
{
	struct query q = db_read(&store->state,
				 "SELECT mean_milli, valid, invalidated, quality, why, covered_ms,"
				 " samples, rev, crc FROM hours WHERE hour = ? AND pollutant = ?");
	struct hour_mean mean = {.quality = QUALITY_NO_COMMUNICATION};
	int32_t rev = 0;
	query_int(&q, hour);
	query_text(&q, pollutant_info(pollutant)->key);
	bool any = query_row(&q) && row_is_sound(&q, hour, pollutant);
	if (any) {
		if (!query_column_null(&q, 0))
			mean.mean_milli = (int32_t)query_column(&q, 0, INT32_MIN, INT32_MAX);
		bool invalidated = query_column(&q, 2, 0, 1) != 0;
		mean.valid = query_column(&q, 1, 0, 1) != 0 && !invalidated;
		mean.quality = invalidated ? why_quality(WHY_REVIEW)
					   : (enum quality)query_column_text(&q, 3, 2)[0];
		mean.why = WHY_NONE;
		if (invalidated)
			mean.why = WHY_REVIEW;
		else if (!query_column_null(&q, 4))
			why_parse(query_column_text(&q, 4, 32), &mean.why);
		mean.covered_ms = (int32_t)query_column(&q, 5, 0, INT32_MAX);
		mean.samples = (uint32_t)query_column(&q, 6, 0, UINT32_MAX);
		rev = (int32_t)query_column(&q, 7, 0, INT32_MAX);
	}
	int r = query_end(&q);
	if (r == 0 && !any)
		return STORE_E_NONE;
	if (r == 0) {
		*ret = mean;
		*ret_rev = rev;
	}
	return r;
}

int hours_invalidate(struct store *store, int64_t first, int64_t last, enum pollutant pollutant,
		     bool invalid)
{
	struct query q = db_write(
		&store->state, "UPDATE hours SET invalidated = ?, rev = rev + 1 WHERE hour BETWEEN"
			       " ? AND ? AND pollutant = ? AND invalidated <> ?");
	query_int(&q, invalid);
	query_int(&q, first);
	query_int(&q, last);
	query_text(&q, pollutant_info(pollutant)->key);
	query_int(&q, invalid);
	return query_run(&q);
}

int hours_flag_dust(struct store *store, int64_t hour, bool dust, const char *source)
{
	struct query q = db_write(&store->state,
				  dust ? "INSERT OR REPLACE INTO dust (hour, source) VALUES (?, ?)"
				       : "DELETE FROM dust WHERE hour = ?");
	query_int(&q, hour);
	if (dust)
		query_text(&q, source);
	return query_run(&q);
}

int hours_load_dust(struct store *store, int64_t from, struct dust_hours *ret)
{
	struct query q = db_read(&store->state, "SELECT hour FROM dust WHERE hour >= ?"
						" ORDER BY hour DESC LIMIT ?");
	*ret = (struct dust_hours){0};
	query_int(&q, from);
	query_int(&q, DUST_HOURS_MAX);
	while (query_row(&q))
		dust_flag(ret, query_column(&q, 0, from, INT64_MAX));
	return query_end(&q);
}
