/* SPDX-License-Identifier: MIT */
#include "hours.h"

#include <stdio.h>
#include <string.h>

#include "aside.h"
#include "db.h"
#include "hours_inside.h"

static void put_hour_failures(struct db *db, int64_t hour, const char *pollutant,
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

int hours_put(struct store *store, int64_t hour, enum pollutant pollutant,
	      const struct hour_mean *mean, enum time_quality time_quality)
{
	struct db *db = &store->state;
	const char *key = pollutant_info(pollutant)->key;
	const char quality[2] = {(char)mean->quality};
	put_hour_failures(db, hour, key, mean->counts);
	struct query q =
		db_write(db, "INSERT INTO hours (hour, pollutant, mean_milli,"
			     " valid, quality, why, covered_ms, samples, time_quality, crc)"
			     " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
			     " ON CONFLICT (hour, pollutant) DO UPDATE SET"
			     " rev = rev + (mean_milli IS NOT excluded.mean_milli OR"
			     " valid <> excluded.valid OR quality <> excluded.quality OR"
			     " invalidated OR doubted NOT NULL),"
			     " mean_milli = excluded.mean_milli, valid = excluded.valid,"
			     " quality = excluded.quality, why = excluded.why,"
			     " covered_ms = excluded.covered_ms, samples = excluded.samples,"
			     " time_quality = excluded.time_quality, crc = excluded.crc,"
			     " invalidated = 0, doubted = NULL, source = 'measured'");
	query_int(&q, hour);
	query_text(&q, key);
	query_int_or_null(&q, mean->covered_ms > 0, mean->mean_milli);
	query_int(&q, mean->valid);
	query_text(&q, quality);
	query_text(&q, mean->why == WHY_NONE ? NULL : why_name(mean->why));
	query_int(&q, mean->covered_ms);
	query_int(&q, mean->samples);
	query_text(&q, time_quality_name(time_quality));
	query_int(&q, hours_row_crc(hour, key, mean->covered_ms > 0 ? &mean->mean_milli : NULL,
				    mean->valid));
	return query_run(&q);
}

struct key_list {
	char text[POLLUTANT_COUNT * 8];
};

static struct key_list list_pollutants(pollutant_set set)
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
	const struct key_list daily_primary = list_pollutants(daily->primary);
	const struct key_list realtime_primary = list_pollutants(realtime->primary);
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
	int32_t rev = any ? (int32_t)query_column(&q, 0, 0, INT32_MAX - 1) : 0;
	if (query_forgive(&q))
		aside_note(store, "aqi %lld", (long long)hour);
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

int hours_keep_first(struct store *store, int64_t hour)
{
	int r = store_begin(store);
	if (r != 0)
		return r;
	struct query q = db_write(&store->state, "INSERT OR REPLACE INTO meta (key, value)"
						 " VALUES ('first_hour', ?)");
	query_int(&q, hour);
	r = query_run(&q);
	if (r == 0)
		return store_commit(store);
	store_rollback(store);
	return r;
}

int hours_first(struct store *store, int64_t *ret_hour)
{
	struct query q = db_read(&store->state, "SELECT CAST(value AS INTEGER) FROM meta"
						" WHERE key = 'first_hour'");
	bool any = query_row(&q);
	if (any)
		*ret_hour = query_column(&q, 0, 1, HOURS_LAST);
	int r = query_end(&q);
	return r == 0 && !any ? STORE_E_NONE : r;
}

int hours_confirmed(struct store *store, int64_t from, int64_t *ret_hour)
{
	int64_t newest = 0;
	int r = hours_newest(store, &newest);
	if (r)
		return r;
	struct query q = db_read(&store->state, "SELECT max(hour) FROM hours WHERE hour BETWEEN ?"
						" AND ? AND time_quality <> 'unsynchronised'");
	query_int(&q, from);
	query_int(&q, newest);
	bool any = query_row(&q) && !query_column_null(&q, 0);
	int64_t hour = any ? query_column(&q, 0, from, INT64_MAX) : from - 1;
	r = query_end(&q);
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

int hours_daily(struct store *store, int64_t first, int n, int32_t *ret)
{
	struct query q = db_read(&store->state, "SELECT hour, daily FROM aqi WHERE hour BETWEEN ?"
						" AND ? AND daily NOT NULL");
	for (int i = 0; i < n; i++)
		ret[i] = -1;
	query_int(&q, first);
	query_int(&q, first + n - 1);
	while (query_row(&q)) {
		int64_t hour = query_column(&q, 0, first, first + n - 1);
		int32_t daily = (int32_t)query_column(&q, 1, 0, INT32_MAX);
		if (!query_forgive(&q))
			ret[hour - first] = daily;
	}
	return query_end(&q);
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

static int load_hours(struct store *store, int64_t first, int n, bool as_measured,
		      struct hour_values *ret)
{
	struct query q = db_read(&store->state,
				 "SELECT hour, pollutant, mean_milli, crc FROM hours"
				 " WHERE hour BETWEEN ? AND ? AND valid AND mean_milli NOT NULL"
				 " AND (? OR (NOT invalidated AND doubted IS NULL))");
	memset(ret, 0, (size_t)n * sizeof(*ret));
	query_int(&q, first);
	query_int(&q, first + n - 1);
	query_int(&q, as_measured);
	while (query_row(&q)) {
		int64_t hour = query_column(&q, 0, first, first + n - 1);
		struct hour_values *values = &ret[hour - first];
		const char *key = query_column_text(&q, 1, 64);
		int32_t milli = (int32_t)query_column(&q, 2, INT32_MIN, INT32_MAX);
		enum pollutant pollutant;
		/* A pollutant of another release is none of the window's business. */
		bool known = pollutant_parse(key, &pollutant);
		bool same = query_column(&q, 3, 0, UINT32_MAX) == hours_crc(hour, key, milli);
		if (query_forgive(&q) || !same) {
			aside_note(store, "hours %lld %.16s", (long long)hour, key);
			continue;
		}
		if (!known)
			continue;
		values->valid |= 1u << pollutant;
		values->milli[pollutant] = milli;
	}
	return query_end(&q);
}

int hours_load(struct store *store, int64_t first, int n, struct hour_values *ret)
{
	return load_hours(store, first, n, false, ret);
}

int hours_load_measured(struct store *store, int64_t first, int n, struct hour_values *ret)
{
	return load_hours(store, first, n, true, ret);
}

/* The sum of a row of hours_get. */
static bool row_is_sound(struct query *q, int64_t hour, enum pollutant pollutant)
{
	bool known = !query_column_null(q, 0);
	int32_t milli = known ? (int32_t)query_column(q, 0, INT32_MIN, INT32_MAX) : 0;
	bool valid = query_column(q, 1, 0, 1) != 0;
	return query_column(q, 8, 0, UINT32_MAX) ==
	       hours_row_crc(hour, pollutant_info(pollutant)->key, known ? &milli : NULL, valid);
}

/* Whether the hour counts, and why it does not, after what was found of it later. */
static void read_judgement(struct query *q, struct hour_mean *ret)
{
	bool invalidated = query_column(q, 2, 0, 1) != 0, doubted = !query_column_null(q, 9);
	ret->valid = query_column(q, 1, 0, 1) != 0 && !invalidated && !doubted;
	ret->quality = (enum quality)query_column_text(q, 3, 2)[0];
	if (invalidated)
		ret->why = WHY_REVIEW;
	else if (doubted || !query_column_null(q, 4))
		why_parse(query_column_text(q, doubted ? 9 : 4, 32), &ret->why);
	if (invalidated || doubted)
		ret->quality = why_quality(ret->why);
}

int hours_get(struct store *store, int64_t hour, enum pollutant pollutant, struct hour_mean *ret,
	      int32_t *ret_rev)
{
	struct query q =
		db_read(&store->state,
			"SELECT mean_milli, valid, invalidated, quality, why, covered_ms,"
			" samples, rev, crc, doubted FROM hours WHERE hour = ? AND pollutant = ?");
	struct hour_mean mean = {.quality = QUALITY_NO_COMMUNICATION};
	int32_t rev = 0;
	query_int(&q, hour);
	query_text(&q, pollutant_info(pollutant)->key);
	bool any = query_row(&q), sound = any && row_is_sound(&q, hour, pollutant);
	if (any) {
		if (!query_column_null(&q, 0))
			mean.mean_milli = (int32_t)query_column(&q, 0, INT32_MIN, INT32_MAX);
		read_judgement(&q, &mean);
		mean.covered_ms = (int32_t)query_column(&q, 5, 0, INT32_MAX);
		mean.samples = (uint32_t)query_column(&q, 6, 0, UINT32_MAX);
		rev = (int32_t)query_column(&q, 7, 0, INT32_MAX);
	}
	if (query_forgive(&q) || (any && !sound && q.error == 0)) {
		aside_note(store, "hours %lld %s", (long long)hour, pollutant_info(pollutant)->key);
		sound = false;
	}
	int r = query_end(&q);
	if (r == 0 && !sound)
		return STORE_E_NONE;
	if (r == 0) {
		*ret = mean;
		*ret_rev = rev;
	}
	return r;
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

int hours_dust_source(struct store *store, int64_t hour, char ret[HOURS_SOURCE_SIZE])
{
	struct query q = db_read(&store->state, "SELECT source FROM dust WHERE hour = ?");
	query_int(&q, hour);
	ret[0] = '\0';
	if (query_row(&q))
		snprintf(ret, HOURS_SOURCE_SIZE, "%s", query_column_text(&q, 0, HOURS_SOURCE_SIZE));
	return query_end(&q);
}

int hours_load_dust(struct store *store, int64_t from, struct dust_hours *ret)
{
	struct query q = db_read(&store->state, "SELECT hour FROM dust WHERE hour BETWEEN ? AND ?"
						" ORDER BY hour DESC LIMIT ?");
	*ret = (struct dust_hours){0};
	query_int(&q, from);
	query_int(&q, HOURS_LAST);
	query_int(&q, DUST_HOURS_MAX);
	while (query_row(&q))
		dust_flag(ret, query_column(&q, 0, from, HOURS_LAST));
	return query_end(&q);
}
