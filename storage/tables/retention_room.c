/* SPDX-License-Identifier: MIT */
/* How much of its quota a file has used, and what may go. */
#include "retention_inside.h"

#define FULL_PERCENT 90

static int count_pages(struct db *db, int64_t *ret_used)
{
	int64_t pages = 0, unused = 0;
	int r = db_read_number(db, "PRAGMA page_count", &pages);
	if (r == 0)
		r = db_read_number(db, "PRAGMA freelist_count", &unused);
	if (r == 0)
		*ret_used = pages - unused;
	return r;
}

int retention_db_is_full(struct db *db, int64_t more, bool *ret)
{
	int64_t used = 0;
	int r = count_pages(db, &used);
	if (r == 0)
		*ret = (used + more) * 100 > db->quota_pages * FULL_PERCENT;
	return r;
}

int retention_has_room(struct store *store, struct store *other, bool *ret)
{
	int64_t more = 0;
	bool full = false;
	int r = count_pages(&other->state, &more);
	if (r == 0)
		r = retention_db_is_full(&store->state, more, &full);
	if (r == 0)
		*ret = !full;
	return r;
}

int retention_is_full(struct store *store, bool *ret)
{
	bool state = false, samples = false;
	*ret = false;
	if (store->state.in_memory || store->samples.in_memory)
		return 0;
	int r = retention_db_is_full(&store->state, 0, &state);
	if (r == 0)
		r = retention_db_is_full(&store->samples, 0, &samples);
	if (r == 0)
		*ret = state || samples;
	return r;
}

int64_t retention_last_to_go(int64_t oldest, int64_t newest, int64_t too_old, bool full,
			     int64_t left)
{
	if (oldest <= too_old)
		return oldest;
	return full && oldest < newest - left ? oldest : 0;
}

int64_t retention_too_old(int64_t now, int32_t days)
{
	return now > 0 ? now - (int64_t)days * DAY_HOURS : INT64_MIN;
}
