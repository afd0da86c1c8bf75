/* SPDX-License-Identifier: MIT */
#include "retention_inside.h"

#include <stdio.h>

#include "chains.h"
#include "db.h"
#include "hour.h"
#include "minutes.h"

#define PAGES_PER_MB 256
#define POINTS_LEFT_DAYS 62      /* what the district may compute anew */
#define LOG_SLICE 500            /* rows of a log that go at once */
#define COMMANDS_LEFT_MS HOUR_MS /* within which one may come again */
/* of forecasts: those that reach into the hours that are left */
#define FORECASTS_LEFT_MS ((int64_t)(HOURS_LEFT + 16 * DAY_HOURS) * HOUR_MS)

static int set_quota(struct db *db, int32_t quota_mb)
{
	db->quota_pages = (int64_t)quota_mb * PAGES_PER_MB;
	return db_limit(db);
}

int retention_set_quotas(struct store *store, const struct retention *retention)
{
	int r = set_quota(&store->state, retention->state_quota_mb);
	return r ? r : set_quota(&store->samples, retention->samples_quota_mb);
}

/* The number that a statement finds; `none` if it finds NULL. */
static int find_number(struct db *db, const char *sql, int64_t none, int64_t *ret)
{
	struct query q = db_read(db, sql);
	bool any = query_row(&q) && !query_column_null(&q, 0);
	int64_t value = any ? query_column(&q, 0, INT64_MIN, INT64_MAX) : none;
	int r = query_end(&q);
	if (r == 0)
		*ret = value;
	return r;
}

static void run_for(struct db *db, const char *sql, int64_t value)
{
	struct query q = db_write(db, sql);
	query_int(&q, value);
	query_run(&q);
}

/* ---- samples.db ---- */

/* What a district's stations told: as long as minutes, but never less than it may be needed. */
static int prune_points(struct db *db, int32_t days, int64_t now, bool full, bool *ret_more)
{
	bool longer = days > POINTS_LEFT_DAYS && !full;
	int64_t oldest = 0, last = retention_too_old(now, longer ? days : POINTS_LEFT_DAYS);
	int r = find_number(db, "SELECT min(hour) FROM point_hours", INT64_MAX, &oldest);
	if (r || oldest > last)
		return r;
	r = db_begin(db);
	if (r)
		return r;
	run_for(db, "DELETE FROM point_hours WHERE hour <= ?", oldest);
	*ret_more = true;
	return db_commit(db);
}

static int prune_minutes(struct store *store, const struct retention *retention, int64_t now,
			 bool *ret_more)
{
	struct db *db = &store->samples;
	int64_t oldest = 0, newest = 0;
	bool full = false;
	int r = find_number(db, "SELECT min(minute) FROM minutes", INT64_MAX, &oldest);
	if (r == 0)
		r = find_number(db, "SELECT max(minute) FROM minutes", INT64_MAX, &newest);
	if (r == 0)
		r = retention_db_is_full(db, 0, &full);
	if (r == 0)
		r = prune_points(db, retention->minutes_days, now, full, ret_more);
	if (r || oldest == INT64_MAX)
		return r;
	int64_t hour = retention_last_to_go(oldest / HOUR_MINUTES + 1, newest / HOUR_MINUTES + 1,
					    retention_too_old(now, retention->minutes_days), full,
					    MINUTES_LEFT_H);
	if (hour == 0)
		return 0;
	r = db_begin(db);
	if (r)
		return r;
	run_for(db, "DELETE FROM minutes WHERE minute < ?", hour * HOUR_MINUTES);
	run_for(db, "DELETE FROM minute_failures WHERE minute < ?", hour * HOUR_MINUTES);
	*ret_more = true;
	return db_commit(db);
}

/* ---- state.db ---- */

static int prune_hours(struct store *store, const struct retention *retention, int64_t now,
		       bool full, bool *ret_more)
{
	struct db *db = &store->state;
	int64_t oldest = 0, newest = 0;
	int r = find_number(db, "SELECT min(hour) FROM hours", INT64_MAX, &oldest);
	if (r == 0)
		r = find_number(db, "SELECT max(hour) FROM hours", INT64_MAX, &newest);
	if (r || oldest == INT64_MAX)
		return r;
	int64_t hour = retention_last_to_go(
		oldest, newest, retention_too_old(now, retention->hours_days), full, HOURS_LEFT);
	if (hour == 0)
		return 0;
	r = db_begin(db);
	if (r)
		return r;
	run_for(db, "DELETE FROM hours WHERE hour <= ?", hour);
	run_for(db, "DELETE FROM hour_failures WHERE hour <= ?", hour);
	run_for(db, "DELETE FROM iaqi WHERE hour <= ?", hour);
	run_for(db, "DELETE FROM aqi WHERE hour <= ?", hour);
	run_for(db, "DELETE FROM dust WHERE hour <= ?", hour);
	*ret_more = true;
	return db_commit(db);
}

/* ---- the first to go when the file is full: what others sent ---- */

/* What directives, releases, reviews, receipts and forecasts rest on stays with them. */
#define BARE_COMMANDS                                                                              \
	" FROM commands WHERE received < ?"                                                        \
	" AND id NOT IN (SELECT command FROM directives)"                                          \
	" AND id NOT IN (SELECT command FROM releases)"                                            \
	" AND id NOT IN (SELECT command FROM reviews)"                                             \
	" AND id NOT IN (SELECT command FROM receipts)"                                            \
	" AND id NOT IN (SELECT command FROM forecasts)"
/* To which the same unit answered anew. */
#define OLD_ANSWERS                                                                                \
	" FROM receipts AS r WHERE time < ? AND EXISTS (SELECT 1 FROM receipts AS n"               \
	" WHERE n.ref = r.ref AND n.unit = r.unit AND n.rowid > r.rowid)"

/* What is in a table of its own already; of directives and slips the text is the evidence. */
#define RAW_TEXTS                                                                                  \
	" FROM commands WHERE received < ? AND json <> '' AND outcome = 'accepted'"                \
	" AND kind IN ('dust', 'forecast', 'receipt', 'review')"

/* Oldest first and not all at once; the parameter is the moment before which they may go. */
static const struct sent {
	const char *any, *delete[2];
	const char *newest;  /* ms */
	int64_t spared_ms;   /* of before the newest: what a full file keeps */
	bool only_when_full; /* else it is pruned by age, too */
} all_sent[] = {
	{"SELECT 1" RAW_TEXTS " LIMIT 1",
	 {"UPDATE commands SET json = '' WHERE id IN (SELECT id" RAW_TEXTS
	  " ORDER BY received LIMIT 500)"},
	 "SELECT max(received) FROM commands",
	 COMMANDS_LEFT_MS,
	 true},
	{"SELECT 1" OLD_ANSWERS " LIMIT 1",
	 {"DELETE FROM receipts WHERE rowid IN (SELECT r.rowid" OLD_ANSWERS
	  " ORDER BY r.rowid LIMIT 500)"},
	 "SELECT max(time) FROM receipts",
	 0,
	 true},
	{"SELECT 1 FROM forecasts WHERE issued < ? LIMIT 1",
	 {"DELETE FROM forecast_steps WHERE command IN"
	  " (SELECT command FROM forecasts WHERE issued < ? ORDER BY issued LIMIT 50)",
	  "DELETE FROM forecasts WHERE issued < ?"
	  " AND command NOT IN (SELECT command FROM forecast_steps)"},
	 "SELECT max(issued) FROM forecasts",
	 FORECASTS_LEFT_MS,
	 false},
	{"SELECT 1" BARE_COMMANDS " LIMIT 1",
	 {"DELETE FROM commands WHERE id IN (SELECT id" BARE_COMMANDS
	  " ORDER BY received LIMIT 500)"},
	 "SELECT max(received) FROM commands",
	 COMMANDS_LEFT_MS,
	 false},
};

static int find_limit(struct db *db, const struct sent *sent, int64_t before_ms, bool full,
		      int64_t *ret)
{
	int64_t newest = INT64_MIN;
	int r = full ? find_number(db, sent->newest, INT64_MIN, &newest) : 0;
	*ret = sent->only_when_full ? INT64_MIN : before_ms;
	if (r == 0 && newest != INT64_MIN && newest - sent->spared_ms > *ret)
		*ret = newest - sent->spared_ms;
	return r;
}

static int find_any(struct db *db, const char *sql, int64_t before_ms, bool *ret)
{
	struct query q = db_read(db, sql);
	query_int(&q, before_ms);
	*ret = query_row(&q);
	return query_end(&q);
}

static int prune_sent(struct db *db, const struct sent *sent, int64_t before_ms, bool full,
		      bool *ret_more)
{
	int64_t limit = INT64_MIN;
	bool any = false;
	int r = find_limit(db, sent, before_ms, full, &limit);
	if (r == 0 && limit != INT64_MIN)
		r = find_any(db, sent->any, limit, &any);
	if (r || !any)
		return r;
	r = db_begin(db);
	if (r)
		return r;
	for (int i = 0; i < 2 && sent->delete[i]; i++)
		run_for(db, sent->delete[i], limit);
	*ret_more = true;
	return db_commit(db);
}

static int prune_all_sent(struct store *store, const struct retention *retention, int64_t now,
			  bool full, bool *ret_more)
{
	int64_t before = retention_too_old(now, retention->events_days);
	int64_t before_ms = before == INT64_MIN ? INT64_MIN : before * HOUR_MS;
	int r = 0;
	for (size_t i = 0; r == 0 && i < sizeof(all_sent) / sizeof(all_sent[0]); i++)
		r = prune_sent(&store->state, &all_sent[i], before_ms, full, ret_more);
	return r;
}

/* ---- what was told, in force and ordered: kept as long as hours, and the last to go ---- */

/* The rows of a log up to the last one that may go, oldest first and not all at once. */
struct log_rows {
	const struct chain *chain;
	const char *last_to_go; /* its key; NULL: none may go */
	const char *first, *delete;
};

/* The newest event stays, as the next one refers to it; what was in force at the time stays. */
static const struct log_rows logs[] = {
	{&events_chain,
	 "SELECT min(coalesce((SELECT number FROM events WHERE hour > ?1 / 3600000"
	 " ORDER BY number LIMIT 1), max(number)), max(number)) - 1 FROM events",
	 "SELECT min(number) FROM events", "DELETE FROM events WHERE number <= ?"},
	{&force_chain,
	 "SELECT max(event) FROM force_log WHERE event <"
	 " (SELECT max(event) FROM force_log WHERE effective <= ?)",
	 "SELECT min(event) FROM force_log", "DELETE FROM force_log WHERE event <= ?"},
	{&order_chain,
	 "SELECT coalesce((SELECT number FROM order_log WHERE made > ? ORDER BY number LIMIT 1),"
	 " max(number) + 1) - 1 FROM order_log",
	 "SELECT min(number) FROM order_log", "DELETE FROM order_log WHERE number <= ?"},
};

static int find_last(struct db *db, const struct log_rows *log, int64_t before_ms, int64_t *ret)
{
	int64_t first = 0, last = 0;
	struct query q = db_read(db, log->last_to_go);
	query_int(&q, before_ms);
	bool any = query_row(&q) && !query_column_null(&q, 0);
	if (any)
		last = query_column_any(&q, 0);
	int r = query_end(&q);
	if (r == 0)
		r = find_number(db, log->first, INT64_MAX, &first);
	any = any && first <= last;
	*ret = !any ? INT64_MIN : last - first < LOG_SLICE ? last : first + LOG_SLICE - 1;
	return r;
}

static int prune_log(struct store *store, const struct log_rows *log, int64_t before_ms,
		     bool *ret_more)
{
	int64_t last = 0;
	int r = find_last(&store->state, log, before_ms, &last);
	if (r || last == INT64_MIN)
		return r;
	r = db_begin(&store->state);
	if (r)
		return r;
	chain_keep_anchor(store, log->chain, last);
	run_for(&store->state, log->delete, last);
	*ret_more = true;
	return db_commit(&store->state);
}

/* Before this moment logs may go: not certain, INT64_MIN. When the file is full, all but as many
 * days as hours have to stay, and only once there are no more hours that might go instead. */
static int find_log_limit(struct store *store, const struct retention *retention, int64_t now,
			  bool full, int64_t *ret_ms)
{
	int32_t days = retention->hours_days > retention->events_days ? retention->hours_days
								      : retention->events_days;
	int64_t oldest = 0, newest = 0, limit = retention_too_old(now, days);
	int r = find_number(&store->state, "SELECT min(hour) FROM hours", 0, &oldest);
	if (r == 0)
		r = find_number(&store->state, "SELECT max(hour) FROM hours", 0, &newest);
	if (full && oldest >= newest - HOURS_LEFT && newest - HOURS_LEFT > limit)
		limit = newest - HOURS_LEFT;
	*ret_ms = limit == INT64_MIN ? INT64_MIN : limit * HOUR_MS;
	return r;
}

/* What units answered to their orders. */
static int prune_receipts(struct store *store, int64_t before_ms)
{
	int64_t oldest = 0;
	int r = find_number(&store->state, "SELECT min(time) FROM receipts", INT64_MAX, &oldest);
	if (r || oldest >= before_ms)
		return r;
	r = db_begin(&store->state);
	if (r)
		return r;
	run_for(&store->state, "DELETE FROM receipts WHERE time < ?", before_ms);
	return db_commit(&store->state);
}

static int prune_logs(struct store *store, const struct retention *retention, int64_t now,
		      bool full, bool *ret_more)
{
	int64_t before_ms = 0;
	int r = find_log_limit(store, retention, now, full, &before_ms);
	if (r || before_ms == INT64_MIN)
		return r;
	for (size_t i = 0; r == 0 && i < sizeof(logs) / sizeof(logs[0]); i++)
		r = prune_log(store, &logs[i], before_ms, ret_more);
	if (r == 0)
		r = prune_receipts(store, before_ms);
	return r ? r : retention_prune_said(&store->state, before_ms, ret_more);
}

int retention_prune(struct store *store, const struct retention *retention, int64_t now,
		    bool *ret_more)
{
	bool minutes = false, others = false, ours = false, full = false;
	if (store->state.in_memory || store->samples.in_memory)
		return 0;
	int r = retention_prune_auxiliaries(store, retention, now, &minutes);
	if (r == 0 && !minutes)
		r = prune_minutes(store, retention, now, &minutes);
	if (r == 0)
		r = retention_db_is_full(&store->state, 0, &full);
	if (r == 0)
		r = prune_all_sent(store, retention, now, full, &others);
	full = full && !others;
	if (r == 0)
		r = prune_hours(store, retention, now, full, &ours);
	if (r == 0)
		r = prune_logs(store, retention, now, full, &ours);
	if (r == 0)
		*ret_more = minutes || others || ours;
	return r;
}
