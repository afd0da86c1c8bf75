/* SPDX-License-Identifier: MIT */
/* Sources that go: of versions that were never whole, and of the oldest. */
#include "db.h"
#include "sources.h"

/* Of no version, or of one that is too old. */
#define GONE_LISTS                                                                                 \
	" WHERE list > (SELECT coalesce(max(number), 0) FROM lists) OR list IN (SELECT number"     \
	" FROM (SELECT number, sum(sources) OVER (ORDER BY number DESC) AS kept FROM lists)"       \
	" WHERE kept > ?)"

static int clear_some(struct store *store, const char *sql, int most, bool *ret_left)
{
	struct query q = db_write(&store->state, sql);
	query_int(&q, SOURCES_KEPT_MAX);
	query_int(&q, most);
	int r = query_run(&q);
	if (r == 0)
		*ret_left |= sqlite3_changes(store->state.handle) >= most;
	return r;
}

int sources_clear(struct store *store, int most, bool *ret_left)
{
	*ret_left = false;
	int r = clear_some(store,
			   "DELETE FROM source_levels WHERE (list, id, level) IN (SELECT list, id,"
			   " level FROM source_levels" GONE_LISTS " LIMIT ?)",
			   most, ret_left);
	return r ? r
		 : clear_some(store,
			      "DELETE FROM sources WHERE (list, id) IN (SELECT list, id"
			      " FROM sources" GONE_LISTS " LIMIT ?)",
			      most, ret_left);
}

int sources_end(struct store *store)
{
	bool left = true;
	int r = 0;
	while (r == 0 && left)
		r = sources_clear(store, SOURCES_KEPT_MAX, &left);
	return r;
}
