/* SPDX-License-Identifier: MIT */
#include "auxiliaries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "hours.h"

#define MINUTES_LAST (HOURS_LAST * HOUR_MINUTES)
#define FAILURES_MAX 512 /* WHY_COUNT names with their counts */
/* Sums that no minute has: an hour's energy is below it. */
#define ENERGY_MOST INT64_C(2550000000000)

static const char *key_of(enum auxiliary auxiliary)
{
	return auxiliary_info(auxiliary)->key;
}

/* ---- minutes ---- */

static void write_failures(const uint16_t counts[WHY_COUNT], char ret[FAILURES_MAX])
{
	int used = 0;
	ret[0] = '\0';
	for (int why = WHY_NONE + 1; why < WHY_COUNT; why++)
		if (counts[why] > 0 && used < FAILURES_MAX)
			used += snprintf(ret + used, (size_t)(FAILURES_MAX - used), "%s%s %d",
					 used ? " " : "", why_name((enum why)why), counts[why]);
}

/* A reason of another release cannot be given back to this one's hour. */
static void read_failures(const char *text, uint16_t ret[WHY_COUNT])
{
	char name[32], *end;
	int used = 0;
	for (; sscanf(text, "%31s%n", name, &used) == 1; text = end) {
		enum why why = WHY_NONE;
		long count = strtol(text + used, &end, 10);
		if (end == text + used)
			return;
		if (why_parse(name, &why) && why != WHY_NONE && count > 0 && count <= UINT16_MAX)
			ret[why] = (uint16_t)count;
	}
}

void auxiliary_mean_of(enum auxiliary auxiliary, const struct minute *sums,
		       const struct minute *north, struct auxiliary_mean *ret)
{
	struct wind wind = {0};
	ret->auxiliary = auxiliary;
	ret->covered_ms = sums->covered_ms;
	ret->samples = sums->samples;
	ret->why = minute_failure(sums);
	if (auxiliary == AUXILIARY_RAIN) {
		ret->known = sums->covered_ms > 0;
		ret->milli = ret->known ? (int32_t)sums->weighted : 0;
	} else if (!north) {
		ret->known = minute_mean_scaled(sums, auxiliary_scale(auxiliary), &ret->milli);
	} else if (minute_mean(sums, &wind.east_milli) && minute_mean(north, &wind.north_milli)) {
		ret->known = wind_direction_milli(&wind, &ret->milli);
		ret->calm = !ret->known;
	}
	ret->quality = ret->known || ret->calm ? QUALITY_NORMAL
		       : ret->why == WHY_NONE  ? QUALITY_NO_COMMUNICATION
					       : why_quality(ret->why);
}

int auxiliaries_put_minute(struct store *store, int64_t minute, enum auxiliary auxiliary,
			   const struct minute *sums, const struct minute *north)
{
	char failures[FAILURES_MAX];
	struct auxiliary_mean mean = {0};
	auxiliary_mean_of(auxiliary, sums, north, &mean);
	write_failures(sums->counts, failures);
	struct query q =
		db_write(&store->samples,
			 "INSERT OR REPLACE INTO auxiliary_minutes (minute, quantity, mean_milli,"
			 " weighted, north, covered_ms, samples, normal, failures)"
			 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_int(&q, minute);
	query_text(&q, key_of(auxiliary));
	query_int_or_null(&q, mean.known, mean.milli);
	query_int(&q, sums->weighted);
	query_int(&q, north ? north->weighted : 0);
	query_int(&q, sums->covered_ms);
	query_int(&q, sums->samples);
	query_int(&q, sums->counts[WHY_NONE]);
	query_text(&q, failures);
	return query_run(&q);
}

/* Columns from `at` on: covered_ms, weighted, north, samples, normal, failures, doubted. */
static void read_sums(struct query *q, int at, enum auxiliary auxiliary, struct minute ret[2])
{
	enum why doubted = WHY_NONE;
	memset(ret, 0, 2 * sizeof(*ret));
	int64_t most = auxiliary == AUXILIARY_NOISE ? ENERGY_MOST : INT32_MAX;
	/* a clock that stepped back fills a minute twice */
	ret[0].covered_ms = (int32_t)query_column(q, at, 0, HOUR_MS);
	if (auxiliary != AUXILIARY_RAIN)
		most *= ret[0].covered_ms;
	ret[0].weighted = query_column(q, at + 1, -most, most);
	ret[0].samples = (uint16_t)query_column(q, at + 3, 0, UINT16_MAX);
	ret[0].counts[WHY_NONE] = (uint16_t)query_column(q, at + 4, 0, UINT16_MAX);
	read_failures(query_column_text(q, at + 5, FAILURES_MAX), ret[0].counts);
	ret[1] = ret[0];
	ret[1].weighted = query_column(q, at + 2, -most, most);
	if (query_column_null(q, at + 6) || !why_parse(query_column_text(q, at + 6, 64), &doubted))
		return;
	minute_doubt(&ret[0], doubted);
	minute_doubt(&ret[1], doubted);
}

int auxiliaries_load(struct store *store, enum auxiliary auxiliary, struct hour *hour,
		     struct hour *north)
{
	int64_t first = (hour->hour - 1) * HOUR_MINUTES;
	struct query q =
		db_read(&store->samples,
			"SELECT minute, covered_ms, weighted, north, samples, normal, failures,"
			" doubted FROM auxiliary_minutes"
			" WHERE minute BETWEEN ? AND ? AND quantity = ?");
	query_int(&q, first);
	query_int(&q, first + HOUR_MINUTES - 1);
	query_text(&q, key_of(auxiliary));
	while (query_row(&q)) {
		struct minute sums[2];
		int at = (int)(query_column(&q, 0, first, first + HOUR_MINUTES - 1) - first);
		read_sums(&q, 1, auxiliary, sums);
		if (query_forgive(&q))
			continue;
		hour_restore(hour, at, &sums[0]);
		if (north)
			hour_restore(north, at, &sums[1]);
	}
	return query_end(&q);
}

int auxiliaries_rain_total(struct store *store, int64_t first, int64_t last, int64_t *ret_minute,
			   int32_t *ret_milli)
{
	struct query q =
		db_read(&store->samples,
			"SELECT minute, north FROM auxiliary_minutes WHERE minute"
			" BETWEEN ? AND ? AND quantity = ?"
			" AND north BETWEEN 0 AND 2147483647 ORDER BY minute DESC LIMIT 1");
	query_int(&q, first);
	query_int(&q, last);
	query_text(&q, key_of(AUXILIARY_RAIN));
	bool any = query_row(&q);
	int64_t minute = any ? query_column(&q, 0, first, last) : 0;
	int32_t milli = any ? (int32_t)query_column(&q, 1, 0, INT32_MAX) : 0;
	int r = query_end(&q);
	if (r != 0 || !any)
		return r != 0 ? r : STORE_E_NONE;
	*ret_minute = minute;
	*ret_milli = milli;
	return 0;
}

int auxiliaries_doubt(struct store *store, enum auxiliary auxiliary, int64_t first, int64_t last,
		      enum why why)
{
	struct query q = db_write(&store->samples,
				  "UPDATE auxiliary_minutes SET doubted = ?, mean_milli = NULL"
				  " WHERE minute BETWEEN ? AND ? AND quantity = ?"
				  " AND covered_ms > 0 AND doubted IS NULL");
	query_text(&q, why_name(why));
	query_int(&q, first);
	query_int(&q, last);
	query_text(&q, key_of(auxiliary));
	return query_run(&q);
}

/* ---- hours ---- */

/* `quality` is borrowed until the query has run. */
static void bind_hour(struct query *q, const struct auxiliary_mean *hour, const char *quality)
{
	query_int(q, hour->at);
	query_text(q, key_of(hour->auxiliary));
	query_int_or_null(q, hour->known, hour->milli);
	query_text(q, quality);
	query_text(q, why_name(hour->why));
	query_int(q, hour->covered_ms);
	query_int(q, hour->samples);
	query_text(q, time_quality_name(hour->time_quality));
}

int auxiliaries_bring_hour(struct store *store, const struct auxiliary_mean *hour)
{
	const char quality[2] = {(char)hour->quality};
	struct query q = db_write(&store->samples,
				  "INSERT OR REPLACE INTO auxiliary_hours (hour, quantity,"
				  " mean_milli, quality, why, covered_ms, samples, time_quality,"
				  " rev) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_hour(&q, hour, quality);
	query_int(&q, hour->rev);
	return query_run(&q);
}

int auxiliaries_put_hour(struct store *store, const struct auxiliary_mean *hour)
{
	const char quality[2] = {(char)hour->quality};
	struct query q = db_write(
		&store->samples,
		"INSERT INTO auxiliary_hours (hour, quantity, mean_milli, quality, why, covered_ms,"
		" samples, time_quality, rev) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)"
		" ON CONFLICT (hour, quantity) DO UPDATE SET rev = rev + 1,"
		" mean_milli = excluded.mean_milli, quality = excluded.quality, why = excluded.why,"
		" covered_ms = excluded.covered_ms, samples = excluded.samples,"
		" time_quality = excluded.time_quality"
		" WHERE mean_milli IS NOT excluded.mean_milli OR quality <> excluded.quality"
		" OR why <> excluded.why OR covered_ms <> excluded.covered_ms"
		" OR time_quality <> excluded.time_quality");
	bind_hour(&q, hour, quality);
	return query_run(&q);
}

int auxiliaries_drop_hour(struct store *store, int64_t hour)
{
	struct query q = db_write(&store->samples, "DELETE FROM auxiliary_hours WHERE hour = ?");
	query_int(&q, hour);
	return query_run(&q);
}

int auxiliaries_withdraw(struct store *store, int64_t first_minute, int64_t first_hour)
{
	struct query q =
		db_write(&store->samples, "DELETE FROM auxiliary_minutes WHERE minute >= ?");
	query_int(&q, first_minute);
	query_run(&q);
	q = db_write(&store->samples, "DELETE FROM auxiliary_hours WHERE hour >= ?");
	query_int(&q, first_hour);
	return query_run(&q);
}

/* ---- reading ---- */

static struct query read_span(struct store *store, const char *sql,
			      const struct auxiliaries_job *job)
{
	struct query q = db_read(&store->samples, sql);
	query_int(&q, job->first);
	query_int(&q, job->last);
	query_text(&q, job->auxiliary == AUXILIARY_NONE ? NULL : key_of(job->auxiliary));
	return q;
}

/* The quantity of the column, false if this release knows none of that name. */
static bool read_quantity(struct query *q, int column, enum auxiliary *ret)
{
	return auxiliary_parse(query_column_text(q, column, 64), ret);
}

int auxiliaries_each_minute(struct store *store, const struct auxiliaries_job *job)
{
	struct query q = read_span(
		store,
		"SELECT minute, quantity, covered_ms, weighted, north, samples, normal, failures,"
		" doubted FROM auxiliary_minutes WHERE minute BETWEEN ?1 AND ?2"
		" AND (?3 IS NULL OR quantity = ?3) ORDER BY minute, quantity",
		job);
	while (query_row(&q)) {
		struct auxiliary_mean mean = {.at = query_column(&q, 0, 1, MINUTES_LAST)};
		struct minute sums[2];
		if (!read_quantity(&q, 1, &mean.auxiliary))
			continue;
		read_sums(&q, 2, mean.auxiliary, sums);
		if (query_forgive(&q))
			continue;
		bool direction = mean.auxiliary == AUXILIARY_WIND_DIRECTION;
		auxiliary_mean_of(mean.auxiliary, &sums[0], direction ? &sums[1] : NULL, &mean);
		job->take(job->ctx, &mean);
	}
	return query_end(&q);
}

static void read_hour(struct query *q, struct auxiliary_mean *ret)
{
	ret->at = query_column(q, 0, 1, HOURS_LAST);
	ret->known = !query_column_null(q, 2);
	if (ret->known)
		ret->milli = (int32_t)query_column(q, 2, INT32_MIN, INT32_MAX);
	ret->quality = (enum quality)query_column_text(q, 3, 2)[0];
	ret->calm = !ret->known && ret->quality == QUALITY_NORMAL;
	why_parse(query_column_text(q, 4, 64), &ret->why);
	ret->covered_ms = (int32_t)query_column(q, 5, 0, 2 * HOUR_MS);
	ret->samples = (uint32_t)query_column(q, 6, 0, UINT32_MAX);
	ret->time_quality = TIME_UNSYNCHRONISED;
	time_quality_parse(query_column_text(q, 7, 64), &ret->time_quality);
	ret->rev = (int32_t)query_column(q, 8, 0, INT32_MAX);
}

int auxiliaries_each_hour(struct store *store, const struct auxiliaries_job *job)
{
	struct query q =
		read_span(store,
			  "SELECT hour, quantity, mean_milli, quality, why, covered_ms, samples,"
			  " time_quality, rev FROM auxiliary_hours WHERE hour BETWEEN ?1 AND ?2"
			  " AND (?3 IS NULL OR quantity = ?3) ORDER BY hour, quantity",
			  job);
	while (query_row(&q)) {
		struct auxiliary_mean mean = {0};
		if (!read_quantity(&q, 1, &mean.auxiliary))
			continue;
		read_hour(&q, &mean);
		if (!query_forgive(&q))
			job->take(job->ctx, &mean);
	}
	return query_end(&q);
}

static void keep_mean(void *ctx, const struct auxiliary_mean *mean)
{
	*(struct auxiliary_mean *)ctx = *mean;
}

int auxiliaries_minute(struct store *store, enum auxiliary auxiliary, int64_t minute,
		       struct auxiliary_mean *ret)
{
	struct auxiliary_mean mean = {0};
	int r = auxiliaries_each_minute(
		store, &(struct auxiliaries_job){auxiliary, minute, minute, &mean, keep_mean});
	if (r != 0 || mean.at == 0)
		return r != 0 ? r : STORE_E_NONE;
	*ret = mean;
	return 0;
}

int auxiliaries_hour(struct store *store, enum auxiliary auxiliary, int64_t hour,
		     struct auxiliary_mean *ret)
{
	struct auxiliary_mean mean = {0};
	int r = auxiliaries_each_hour(
		store, &(struct auxiliaries_job){auxiliary, hour, hour, &mean, keep_mean});
	if (r != 0 || mean.at == 0)
		return r != 0 ? r : STORE_E_NONE;
	*ret = mean;
	return 0;
}

int auxiliaries_newest_hour(struct store *store, int64_t *ret)
{
	struct query q = db_read(&store->samples, "SELECT coalesce(max(hour), 0) FROM"
						  " auxiliary_hours WHERE hour <= ?");
	query_int(&q, HOURS_LAST);
	int64_t hour = query_row(&q) ? query_column(&q, 0, INT64_MIN, INT64_MAX) : 0;
	int r = query_end(&q);
	if (r == 0)
		*ret = hour;
	return r;
}
