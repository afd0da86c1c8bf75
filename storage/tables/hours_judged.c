/* SPDX-License-Identifier: MIT */
/* What is found of an hour after it closed: by a person, or because its instrument was at fault. */
#include <string.h>

#include "db.h"
#include "hours_inside.h"

int hours_invalidate(struct store *store, int64_t first, int64_t last, enum pollutant pollutant,
		     bool invalid)
{
	struct query q = db_write(&store->state,
				  invalid ? "UPDATE hours SET invalidated = 1, rev = rev + 1 WHERE"
					    " hour BETWEEN ? AND ? AND pollutant = ?"
					    " AND NOT invalidated"
					  : "UPDATE hours SET invalidated = 0, doubted = NULL,"
					    " rev = rev + 1 WHERE hour BETWEEN ? AND ?"
					    " AND pollutant = ?"
					    " AND (invalidated OR doubted IS NOT NULL)");
	query_int(&q, first);
	query_int(&q, last);
	query_text(&q, pollutant_info(pollutant)->key);
	return query_run(&q);
}

int hours_doubt(struct store *store, int64_t hour, enum pollutant pollutant, enum why why)
{
	struct query q =
		db_write(&store->state, "UPDATE hours SET doubted = ?, rev = rev + 1 WHERE hour = ?"
					" AND pollutant = ?");
	query_text(&q, why_name(why));
	query_int(&q, hour);
	query_text(&q, pollutant_info(pollutant)->key);
	return query_run(&q);
}

int hours_close_again(struct store *store, int64_t hour, enum pollutant pollutant,
		      const struct hour_mean *mean)
{
	const char *key = pollutant_info(pollutant)->key;
	struct query q =
		db_write(&store->state, "UPDATE hours SET mean_milli = ?, covered_ms = ?, why = ?,"
					" rev = rev + 1, crc = ? WHERE hour = ? AND pollutant = ?");
	query_int(&q, mean->mean_milli);
	query_int(&q, mean->covered_ms);
	query_text(&q, mean->why == WHY_NONE ? NULL : why_name(mean->why));
	query_int(&q, hours_row_crc(hour, key, &mean->mean_milli, true));
	query_int(&q, hour);
	query_text(&q, key);
	return query_run(&q);
}

/* Some of its minutes do not count, for a reason, and it was corrected. */
int hours_closed_again(struct store *store, int64_t first, int n, pollutant_set *ret)
{
	struct query q = db_read(&store->state, "SELECT hour, pollutant FROM hours WHERE hour"
						" BETWEEN ? AND ? AND rev > 0 AND valid"
						" AND why NOT NULL AND covered_ms < 3600000"
						" AND source = 'measured'");
	memset(ret, 0, (size_t)n * sizeof(*ret));
	query_int(&q, first);
	query_int(&q, first + n - 1);
	while (query_row(&q)) {
		int64_t hour = query_column(&q, 0, first, first + n - 1);
		enum pollutant pollutant;
		if (pollutant_parse(query_column_text(&q, 1, 64), &pollutant) && !query_forgive(&q))
			ret[hour - first] |= 1u << pollutant;
	}
	return query_end(&q);
}

int hours_is_reviewed(struct store *store, int64_t hour, bool *ret)
{
	struct query q = db_read(&store->state,
				 "SELECT EXISTS (SELECT 1 FROM reviews WHERE ?1 BETWEEN first_hour"
				 " AND last_hour)");
	query_int(&q, hour);
	bool reviewed = query_row(&q) && query_column(&q, 0, 0, 1) != 0;
	int r = query_end(&q);
	if (r == 0)
		*ret = reviewed;
	return r;
}
