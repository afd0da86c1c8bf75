/* SPDX-License-Identifier: MIT */
/* Nothing rests on the auxiliary quantities: of a full samples.db they are the first to go. */
#include "retention_inside.h"

/* In hours; 0: there is none. */
struct rows {
	const char *oldest, *newest, *drop;
	int64_t left; /* of a full file */
};
static const struct rows minutes = {
	"SELECT coalesce(min(minute) / 60 + 1, 0) FROM auxiliary_minutes",
	"SELECT coalesce(max(minute) / 60 + 1, 0) FROM auxiliary_minutes",
	"DELETE FROM auxiliary_minutes WHERE minute < ? * 60", MINUTES_LEFT_H};
static const struct rows hours = {"SELECT coalesce(min(hour), 0) FROM auxiliary_hours",
				  "SELECT coalesce(max(hour), 0) FROM auxiliary_hours",
				  "DELETE FROM auxiliary_hours WHERE hour <= ?", HOURS_LEFT};

static int prune_rows(struct db *db, const struct rows *rows, int64_t too_old, bool full,
		      bool *ret_more)
{
	int64_t oldest = 0, newest = 0;
	int r = db_read_number(db, rows->oldest, &oldest);
	if (r == 0)
		r = db_read_number(db, rows->newest, &newest);
	if (r || oldest == 0)
		return r;
	int64_t hour = retention_last_to_go(oldest, newest, too_old, full, rows->left);
	if (hour == 0)
		return 0;
	r = db_begin(db);
	if (r)
		return r;
	struct query q = db_write(db, rows->drop);
	query_int(&q, hour);
	query_run(&q);
	*ret_more = true;
	return db_commit(db);
}

int retention_prune_auxiliaries(struct store *store, const struct retention *retention, int64_t now,
				bool *ret_more)
{
	struct db *db = &store->samples;
	bool full = false;
	int r = retention_db_is_full(db, 0, &full);
	if (r == 0)
		r = prune_rows(db, &minutes, retention_too_old(now, retention->minutes_days), full,
			       ret_more);
	if (r == 0)
		r = prune_rows(db, &hours, retention_too_old(now, retention->hours_days),
			       full && !*ret_more, ret_more);
	return r;
}
