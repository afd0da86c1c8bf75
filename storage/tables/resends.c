/* SPDX-License-Identifier: MIT */
#include "resends.h"

#include "db.h"
#include "hours.h"

int resends_put(struct store *store, int64_t first, int64_t last)
{
	struct query q = db_write(
		&store->state,
		first > last ? "DELETE FROM meta WHERE key IN ('resend_first', 'resend_last')"
			     : "INSERT OR REPLACE INTO meta (key, value)"
			       " VALUES ('resend_first', ?), ('resend_last', ?)");
	if (first <= last) {
		query_int(&q, first);
		query_int(&q, last);
	}
	return query_run(&q);
}

int resends_get(struct store *store, int64_t *ret_first, int64_t *ret_last)
{
	struct query q =
		db_read(&store->state, "SELECT CAST(f.value AS INTEGER), CAST(l.value AS INTEGER)"
				       " FROM meta f JOIN meta l ON l.key = 'resend_last'"
				       " WHERE f.key = 'resend_first'");
	bool any = query_row(&q);
	int64_t first = any ? query_column(&q, 0, INT64_MIN, HOURS_LAST) : 0;
	int64_t last = any ? query_column(&q, 1, first, HOURS_LAST) : 0;
	int r = query_end(&q);
	if (r || !any)
		return r ? r : STORE_E_NONE;
	*ret_first = first;
	*ret_last = last;
	return 0;
}
