/* SPDX-License-Identifier: MIT */
#include "changed.h"

#include "db.h"

int changed_widen(struct store *store, int64_t first, int64_t last, uint32_t by)
{
	struct query q = db_write(
		&store->state,
		"INSERT INTO imported (id, first_hour, last_hour, by) VALUES (1, ?1, ?2, ?3)"
		" ON CONFLICT (id) DO UPDATE SET first_hour = min(first_hour, ?1),"
		" last_hour = max(last_hour, ?2), by = by | ?3");
	query_int(&q, first);
	query_int(&q, last);
	query_int(&q, by);
	return query_run(&q);
}

int changed_pending(struct store *store, int64_t *ret_first, int64_t *ret_last)
{
	struct query q = db_read(&store->state, "SELECT first_hour, last_hour FROM imported");
	bool any = query_row(&q);
	int64_t first = any ? query_column(&q, 0, INT64_MIN, INT64_MAX) : 0;
	int64_t last = any ? query_column(&q, 1, first, INT64_MAX) : 0;
	int r = query_end(&q);
	if (r || !any)
		return r ? r : STORE_E_NONE;
	*ret_first = first;
	*ret_last = last;
	return 0;
}

/* A review whose consequences were computed has a correction after it; of the rest the last hour
 * tells. */
static int recognise_changed(struct store *store, int64_t first, int64_t last, uint32_t *ret_by)
{
	struct query q =
		db_read(&store->state,
			"SELECT EXISTS (SELECT 1 FROM reviews JOIN commands ON id = command WHERE"
			" first_hour <= ?2 AND last_hour >= ?1 AND received >= coalesce((SELECT"
			" max(made) FROM events WHERE kind = 'correction'), 0)),"
			" EXISTS (SELECT 1 FROM hours WHERE hour = ?2 AND source = 'import'),"
			" EXISTS (SELECT 1 FROM hours WHERE hour = ?2 AND doubted NOT NULL)");
	query_int(&q, first);
	query_int(&q, last);
	uint32_t by = 0;
	if (query_row(&q)) {
		by |= query_column(&q, 0, 0, 1) != 0 ? CHANGED_BY_REVIEW : 0;
		by |= query_column(&q, 1, 0, 1) != 0 ? CHANGED_BY_IMPORT : 0;
		by |= query_column(&q, 2, 0, 1) != 0 ? CHANGED_BY_FAULT : 0;
	}
	int r = query_end(&q);
	if (r == 0)
		*ret_by = by != 0 ? by : CHANGED_BY_FAULT;
	return r;
}

int changed_by(struct store *store, int64_t first, int64_t last, uint32_t *ret_by)
{
	struct query q = db_read(&store->state, "SELECT by FROM imported");
	uint32_t by = query_row(&q) ? (uint32_t)query_column(&q, 0, 0, CHANGED_BY_ALL) : 0;
	if (query_forgive(&q))
		by = 0;
	int r = query_end(&q);
	if (r == 0 && by == 0)
		return recognise_changed(store, first, last, ret_by);
	*ret_by = by;
	return r;
}

int changed_settle(struct store *store)
{
	struct query q = db_write(&store->state, "DELETE FROM imported");
	return query_run(&q);
}
