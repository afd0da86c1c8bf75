/* SPDX-License-Identifier: MIT */
#include "over_ranges.h"

#include "db.h"

int over_ranges_load(struct store *store, struct over_range *ret)
{
	struct over_range found = {0};
	struct query q = db_read(&store->state, "SELECT pollutant, at_least_milli FROM over_range");
	while (query_row(&q)) {
		enum pollutant pollutant;
		if (!pollutant_parse(query_column_text(&q, 0, 64), &pollutant))
			continue; /* of another release */
		found.set |= 1u << pollutant;
		found.at_least_milli[pollutant] = (int32_t)query_column(&q, 1, 0, INT32_MAX);
	}
	int r = query_end(&q);
	if (r == 0)
		*ret = found;
	return r;
}

int over_ranges_save(struct store *store, const struct over_range *over_range)
{
	struct query q = db_write(&store->state, "DELETE FROM over_range");
	int r = query_run(&q);
	for (int p = 0; r == 0 && p < POLLUTANT_COUNT; p++) {
		if (!(over_range->set & 1u << p))
			continue;
		q = db_write(&store->state, "INSERT INTO over_range (pollutant, at_least_milli)"
					    " VALUES (?, ?)");
		query_text(&q, pollutant_info((enum pollutant)p)->key);
		query_int(&q, over_range->at_least_milli[p]);
		r = query_run(&q);
	}
	return r;
}
