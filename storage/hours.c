/* SPDX-License-Identifier: MIT */
#include "hours.h"

#include <stdio.h>
#include <string.h>

#include "db.h"

#define AQI_MAX 500

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

int hours_put(struct store *store, int64_t hour, enum pollutant pollutant,
	      const struct hour_mean *mean, enum time_quality time_quality)
{
	struct db *db = &store->state;
	const char *key = pollutant_info(pollutant)->key;
	const char quality[2] = {(char)mean->quality};
	put_failures(db, hour, key, mean->counts);
	struct query q = db_write(db, "INSERT OR REPLACE INTO hours (hour, pollutant, mean_milli,"
				      " valid, quality, why, covered_ms, samples, time_quality)"
				      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_int(&q, hour);
	query_text(&q, key);
	query_int_or_null(&q, mean->covered_ms > 0, mean->mean_milli);
	query_int(&q, mean->valid);
	query_text(&q, quality);
	query_text(&q, mean->why == WHY_NONE ? NULL : why_name(mean->why));
	query_int(&q, mean->covered_ms);
	query_int(&q, mean->samples);
	query_text(&q, time_quality_name(time_quality));
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
	struct query q =
		db_write(db, "INSERT OR REPLACE INTO aqi (hour, edition,"
			     " daily, daily_published, daily_complete, daily_category,"
			     " daily_primary, realtime, realtime_published, realtime_complete,"
			     " realtime_category, realtime_primary)"
			     " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_int(&q, hour);
	query_text(&q, edition);
	bind_aqi(&q, daily, &daily_primary);
	bind_aqi(&q, realtime, &realtime_primary);
	return query_run(&q);
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

static int read_values(struct store *store, int64_t newest, struct hour_values ret[WINDOW_HOURS])
{
	int64_t first = newest - WINDOW_HOURS + 1;
	struct query q = db_read(&store->state,
				 "SELECT hour, pollutant, mean_milli FROM hours"
				 " WHERE hour BETWEEN ? AND ? AND valid AND mean_milli NOT NULL");
	query_int(&q, first);
	query_int(&q, newest);
	while (query_row(&q)) {
		struct hour_values *values = &ret[query_column(&q, 0, first, newest) - first];
		const char *key = query_column_text(&q, 1, 64);
		int32_t milli = (int32_t)query_column(&q, 2, INT32_MIN, INT32_MAX);
		enum pollutant pollutant;
		/* A pollutant of another release is none of the window's business. */
		if (!pollutant_parse(key, &pollutant))
			continue;
		values->valid |= 1u << pollutant;
		values->milli[pollutant] = milli;
	}
	return query_end(&q);
}

int hours_load_window(struct store *store, int64_t newest, struct window *window)
{
	struct hour_values values[WINDOW_HOURS] = {0};
	int r = read_values(store, newest, values);
	for (int i = 0; r == 0 && i < WINDOW_HOURS; i++)
		window_put(window, newest - WINDOW_HOURS + 1 + i, &values[i]);
	return r;
}

/* 0..500, or TIMELINE_UNKNOWN for NULL. */
static int16_t column_aqi(struct query *q, int column)
{
	if (query_column_null(q, column))
		return TIMELINE_UNKNOWN;
	return (int16_t)query_column(q, column, 0, AQI_MAX);
}

int hours_load_timeline(struct store *store, int64_t newest, struct timeline *timeline)
{
	struct query q = db_read(&store->state, "SELECT hour, daily, realtime FROM aqi"
						" WHERE hour BETWEEN ? AND ? ORDER BY hour");
	query_int(&q, newest - TIMELINE_PAST_HOURS + 1);
	query_int(&q, newest);
	while (query_row(&q)) {
		int64_t hour = query_column(&q, 0, INT64_MIN, INT64_MAX);
		struct timeline_hour values = {column_aqi(&q, 1), column_aqi(&q, 2)};
		if (q.error == 0)
			timeline_observe(timeline, hour, values);
	}
	return query_end(&q);
}
