/* SPDX-License-Identifier: MIT */
#include "point_hours.h"

#include "db.h"
#include "hours.h"

int point_hours_put(struct store *store, const struct point_hour *row)
{
	struct query q =
		db_write(&store->samples, "INSERT OR REPLACE INTO point_hours (station, hour, rev,"
					  " pm25, pm10, so2, no2, co, o3)"
					  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_text(&q, row->station);
	query_int(&q, row->hour);
	query_int(&q, row->rev);
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		query_int_or_null(&q, row->values.valid & 1u << p, row->values.milli[p]);
	return query_run(&q);
}

static void read_point_hour(struct query *q, struct point_hour *ret)
{
	*ret = (struct point_hour){0};
	query_column_copy(q, 0, ret->station, sizeof(ret->station));
	ret->hour = query_column(q, 1, 1, HOURS_LAST);
	ret->rev = (int32_t)query_column(q, 2, 0, INT32_MAX);
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (query_column_null(q, 3 + p))
			continue;
		ret->values.milli[p] = (int32_t)query_column(q, 3 + p, INT32_MIN, INT32_MAX);
		ret->values.valid |= 1u << p;
	}
}

int point_hours_each(struct store *store, int64_t from,
		     void (*take)(void *ctx, const struct point_hour *row), void *ctx)
{
	struct query q = db_read(&store->samples,
				 "SELECT station, hour, rev, pm25, pm10, so2, no2, co, o3"
				 " FROM point_hours WHERE hour >= ? ORDER BY hour, station");
	query_int(&q, from < 1 ? 1 : from);
	while (query_row(&q)) {
		struct point_hour row;
		read_point_hour(&q, &row);
		if (q.error == 0)
			take(ctx, &row);
	}
	return query_end(&q);
}
