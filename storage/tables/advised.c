/* SPDX-License-Identifier: MIT */
#include "advised.h"

#include "aside.h"
#include "db.h"
#include "plan.h"

int advised_levels(struct store *store, int64_t first, int n, int ret[])
{
	struct query q =
		db_read(&store->state, "SELECT hour, level FROM events WHERE about = 'advice'"
				       " AND kind IN ('issue', 'upgrade', 'downgrade', 'lift')"
				       " ORDER BY number DESC");
	int64_t hour = first + n; /* that of the change after this one */
	while (hour > first && query_row(&q)) {
		int level = LEVEL_NONE;
		int64_t from = query_column(&q, 0, INT64_MIN, INT64_MAX);
		level_parse(store->plan, query_column_text(&q, 1, LEVEL_ID_MAX), &level);
		if (query_forgive(&q)) {
			aside_note(store, "events of hour %lld", (long long)from);
			continue;
		}
		for (; hour > first && hour > from; hour--)
			ret[hour - first - 1] = level;
	}
	while (hour > first)
		ret[--hour - first] = LEVEL_NONE;
	return query_end(&q);
}
