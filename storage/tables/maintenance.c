/* SPDX-License-Identifier: MIT */
#include "maintenance.h"

#include "db.h"

int maintenance_put(struct store *store, const char *sensor, const struct maintenance *span)
{
	int r = store_begin(store);
	if (r)
		return r;
	struct query q = db_write(&store->state, "INSERT OR REPLACE INTO maintenance"
						 " (sensor, since, until) VALUES (?, ?, ?)");
	query_text(&q, sensor);
	query_int(&q, span->since_ms);
	query_int(&q, span->until_ms);
	r = query_run(&q);
	if (r) {
		store_rollback(store);
		return r;
	}
	return store_commit(store);
}

int maintenance_get(struct store *store, const char *sensor, struct maintenance *ret)
{
	struct query q =
		db_read(&store->state, "SELECT since, until FROM maintenance WHERE sensor = ?");
	struct maintenance span = {0};
	query_text(&q, sensor);
	bool found = query_row(&q);
	if (found) {
		span.since_ms = query_column(&q, 0, 0, INT64_MAX);
		span.until_ms = query_column(&q, 1, 0, INT64_MAX);
	}
	int r = query_end(&q);
	if (r)
		return r;
	if (!found)
		return STORE_E_NONE;
	*ret = span;
	return 0;
}
