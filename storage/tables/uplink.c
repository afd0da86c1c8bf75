/* SPDX-License-Identifier: MIT */
#include "uplink.h"

#include <string.h>

#include "aside.h"
#include "db.h"
#include "hours.h"
#include "uplink_inside.h"

int uplink_cn(enum uplink_kind kind)
{
	static const int cns[] = {2061, 2031, 2051, 1, 2};
	return cns[kind];
}

static void bind_kind(struct query *q, const char *platform, enum uplink_kind kind)
{
	query_text(q, platform);
	query_int(q, uplink_cn(kind));
}

/* ---- a platform ---- */

/* A number that is none that was written counts as 0, until the row is written anew. */
static int64_t read_own(struct query *q, int column, int64_t max, bool *bad)
{
	int64_t value = query_column(q, column, 0, max);
	bool forgiven = query_forgive(q);
	*bad |= forgiven;
	return forgiven ? 0 : value;
}

int uplink_get(struct store *store, const char *platform, struct uplink *ret)
{
	struct query q = db_read(&store->state, "SELECT qn, acked, given_up, realtime_s, minutes"
						" FROM uplinks WHERE platform = ?");
	struct uplink uplink = {0};
	bool bad = false;
	query_text(&q, platform);
	bool any = query_row(&q);
	if (any) {
		uplink.qn = read_own(&q, 0, INT64_MAX, &bad);
		uplink.acked_ms = read_own(&q, 1, INT64_MAX, &bad);
		uplink.given_up = read_own(&q, 2, INT64_MAX, &bad);
		uplink.realtime_s = (int32_t)read_own(&q, 3, REALTIME_S_MAX, &bad);
		uplink.minutes = (int32_t)read_own(&q, 4, HOUR_MINUTES, &bad);
	}
	if (uplink.minutes != 0 && HOUR_MINUTES % uplink.minutes != 0) {
		uplink.minutes = 0;
		bad = true;
	}
	if (bad)
		aside_note(store, "uplinks %s", platform);
	int r = query_end(&q);
	if (r == 0 && any)
		*ret = uplink;
	return r == 0 && !any ? STORE_E_NONE : r;
}

int uplink_put(struct store *store, const char *platform, const struct uplink *uplink)
{
	struct query q = db_write(&store->state,
				  "INSERT OR REPLACE INTO uplinks (platform, qn, acked, given_up,"
				  " realtime_s, minutes) VALUES (?, ?, ?, ?, ?, ?)");
	query_text(&q, platform);
	query_int(&q, uplink->qn);
	query_int(&q, uplink->acked_ms);
	query_int(&q, uplink->given_up);
	query_int(&q, uplink->realtime_s);
	query_int(&q, uplink->minutes);
	return query_run(&q);
}

static int forget_platform(struct store *store, const char *platform)
{
	static const char *const statements[] = {
		"DELETE FROM uplink_sent WHERE platform = ?",
		"DELETE FROM uplink_waiting WHERE platform = ?",
		"DELETE FROM uplink_newest WHERE platform = ?",
		"DELETE FROM uplinks WHERE platform = ?",
	};
	int r = 0;
	for (int i = 0; i < 4 && r == 0; i++) {
		struct query q = db_write(&store->state, statements[i]);
		query_text(&q, platform);
		r = query_run(&q);
	}
	return r;
}

static bool is_among(const char *name, const char *const names[], int n)
{
	for (int i = 0; i < n; i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

int uplink_keep(struct store *store, const char *const platforms[], int n)
{
	char name[64] = "";
	int r = 0;
	if (n == 0) { /* nobody looks at them */
		struct query q = db_write(&store->state, "DELETE FROM uplink_revised");
		r = query_run(&q);
	}
	if (r != 0)
		return r;
	do {
		struct query q = db_read(&store->state, "SELECT platform FROM uplinks"
							" WHERE platform > ? ORDER BY platform");
		char before[64];
		memcpy(before, name, sizeof(before));
		query_text(&q, before);
		bool any = query_row(&q);
		if (any)
			query_column_copy(&q, 0, name, sizeof(name));
		r = query_end(&q);
		if (r != 0 || !any)
			return r;
		if (!is_among(name, platforms, n))
			r = forget_platform(store, name);
	} while (r == 0);
	return r;
}

/* ---- the stretches ---- */

/* One number of the first row; false: there is none, or it is NULL. */
static int read_number(struct query *q, int64_t *ret)
{
	bool any = query_row(q) && !query_column_null(q, 0);
	int64_t value = any ? query_column(q, 0, 0, INT64_MAX) : 0;
	int r = query_end(q);
	if (r == 0 && any)
		*ret = value;
	return r == 0 && !any ? STORE_E_NONE : r;
}

/* What has closed since is behind all that waits, and behind what was acknowledged. */
static int guess_newest(struct store *store, const char *platform, enum uplink_kind kind,
			int64_t *ret_upto)
{
	struct query q = db_read(&store->state, "SELECT max((SELECT coalesce(max(upto), 0) FROM"
						" uplink_waiting WHERE platform = ?1 AND cn = ?2"
						" AND " UPLINK_WAITS "), (SELECT coalesce(max("
						" period), 0) FROM uplink_sent WHERE platform = ?1"
						" AND cn = ?2 AND " UPLINK_SENT "), (SELECT"
						" coalesce(max(acked), 0) / 60000 FROM uplinks"
						" WHERE platform = ?1))");
	bind_kind(&q, platform, kind);
	return read_number(&q, ret_upto);
}

int uplink_newest(struct store *store, const char *platform, enum uplink_kind kind,
		  int64_t *ret_upto)
{
	struct query q = db_read(&store->state,
				 "SELECT upto FROM uplink_newest WHERE platform = ? AND cn = ?");
	bind_kind(&q, platform, kind);
	bool any = query_row(&q);
	int64_t upto = any ? query_column(&q, 0, 0, MINUTES_LAST) : 0;
	bool bad = query_forgive(&q);
	if (bad)
		aside_note(store, "uplink_newest %s %d", platform, uplink_cn(kind));
	int r = query_end(&q);
	if (r == 0 && bad)
		return guess_newest(store, platform, kind, ret_upto);
	if (r == 0 && any)
		*ret_upto = upto;
	return r == 0 && !any ? STORE_E_NONE : r;
}

int uplink_put_newest(struct store *store, const char *platform, enum uplink_kind kind,
		      int64_t upto)
{
	struct query q = db_write(&store->state, "INSERT OR REPLACE INTO uplink_newest (platform,"
						 " cn, upto) VALUES (?, ?, ?)");
	bind_kind(&q, platform, kind);
	query_int(&q, upto);
	return query_run(&q);
}

/* The stretch that a moment's neighbourhood belongs to: those that touch [after, upto]. */
static int widen_stretch(struct store *store, const char *platform, enum uplink_kind kind,
			 struct uplink_stretch *stretch)
{
	struct query q = db_read(&store->state, "SELECT min(after), max(upto) FROM uplink_waiting"
						" WHERE platform = ? AND cn = ? AND after <= ?"
						" AND upto >= ? AND " UPLINK_WAITS);
	bind_kind(&q, platform, kind);
	query_int(&q, stretch->upto);
	query_int(&q, stretch->after);
	if (query_row(&q) && !query_column_null(&q, 0)) {
		int64_t after = query_column(&q, 0, 0, INT64_MAX);
		int64_t upto = query_column(&q, 1, 0, INT64_MAX);
		stretch->after = after < stretch->after ? after : stretch->after;
		stretch->upto = upto > stretch->upto ? upto : stretch->upto;
	}
	return query_end(&q);
}

static int put_stretch(struct store *store, const char *platform, enum uplink_kind kind,
		       struct uplink_stretch stretch)
{
	if (stretch.after >= stretch.upto)
		return 0;
	struct query q = db_write(&store->state, "INSERT OR REPLACE INTO uplink_waiting (platform,"
						 " cn, after, upto) VALUES (?, ?, ?, ?)");
	bind_kind(&q, platform, kind);
	query_int(&q, stretch.after);
	query_int(&q, stretch.upto);
	return query_run(&q);
}

/* The oldest goes if there are too many. */
static int keep_bound(struct store *store, const char *platform, enum uplink_kind kind,
		      int64_t *given_up)
{
	if (kind >= UPLINK_KINDS) /* they are looked at each second */
		return 0;
	struct query q = db_read(&store->state, "SELECT count(*), min(after), (SELECT upto FROM"
						" uplink_waiting WHERE platform = ?1 AND cn = ?2"
						" AND " UPLINK_WAITS " ORDER BY after LIMIT 1) FROM"
						" uplink_waiting WHERE platform = ?1 AND cn = ?2"
						" AND " UPLINK_WAITS);
	bind_kind(&q, platform, kind);
	bool full = query_row(&q) && query_column(&q, 0, 0, INT64_MAX) > UPLINK_STRETCHES_MAX;
	struct uplink_stretch oldest = {0, 0};
	if (full)
		oldest = (struct uplink_stretch){query_column(&q, 1, 0, INT64_MAX),
						 query_column(&q, 2, 0, INT64_MAX)};
	int r = query_end(&q);
	if (r != 0 || !full)
		return r;
	*given_up += oldest.upto - oldest.after;
	return uplink_drop(store, platform, kind, oldest);
}

int uplink_wait(struct store *store, const char *platform, enum uplink_kind kind,
		struct uplink_stretch stretch, int64_t *given_up)
{
	if (stretch.after >= stretch.upto)
		return 0;
	int r = widen_stretch(store, platform, kind, &stretch);
	if (r == 0)
		r = uplink_drop(store, platform, kind, stretch);
	if (r == 0)
		r = put_stretch(store, platform, kind, stretch);
	return r ? r : keep_bound(store, platform, kind, given_up);
}

/* By the moments alone, not by the rows that are found: where the disk refuses they may not be in
 * memory, and what is dropped there must go on the disk, too. */
int uplink_drop(struct store *store, const char *platform, enum uplink_kind kind,
		struct uplink_stretch stretch)
{
	static const char *const steps[] = {
		"INSERT OR REPLACE INTO uplink_waiting (platform, cn, after, upto)"
		" SELECT platform, cn, ?4, upto FROM uplink_waiting"
		" WHERE platform = ?1 AND cn = ?2 AND after < ?4 AND upto > ?4 AND ?3 < ?4",
		"UPDATE uplink_waiting SET upto = ?3"
		" WHERE platform = ?1 AND cn = ?2 AND after < ?3 AND upto > ?3 AND ?3 < ?4",
		"DELETE FROM uplink_waiting"
		" WHERE platform = ?1 AND cn = ?2 AND after >= ?3 AND after < ?4",
	};
	int r = 0;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++) {
		struct query q = db_write(&store->state, steps[i]);
		bind_kind(&q, platform, kind);
		query_int(&q, stretch.after);
		query_int(&q, stretch.upto);
		r = query_run(&q);
	}
	return r;
}

int uplink_top(struct store *store, const char *platform, enum uplink_kind kind,
	       struct uplink_stretch *ret)
{
	struct query q = db_read(&store->state, "SELECT after, upto FROM uplink_waiting"
						" WHERE platform = ? AND cn = ? AND " UPLINK_WAITS
						" ORDER BY after DESC LIMIT 1");
	bind_kind(&q, platform, kind);
	bool any = query_row(&q);
	if (any)
		*ret = (struct uplink_stretch){query_column(&q, 0, 0, INT64_MAX),
					       query_column(&q, 1, 0, INT64_MAX)};
	int r = query_end(&q);
	return r == 0 && !any ? STORE_E_NONE : r;
}

int uplink_is_waiting(struct store *store, const char *platform, enum uplink_kind kind, int64_t at,
		      bool *ret)
{
	struct query q = db_read(&store->state, "SELECT EXISTS (SELECT 1 FROM uplink_waiting WHERE"
						" platform = ? AND cn = ? AND after < ?3"
						" AND upto >= ?3)");
	bind_kind(&q, platform, kind);
	query_int(&q, at);
	*ret = query_row(&q) && query_column(&q, 0, 0, 1) == 1;
	return query_end(&q);
}

int uplink_count(struct store *store, const char *platform, enum uplink_kind kind,
		 int64_t *ret_minutes)
{
	struct query q = db_read(&store->state, "SELECT coalesce(sum(upto - after), 0)"
						" FROM uplink_waiting WHERE platform = ?"
						" AND cn = ? AND " UPLINK_WAITS);
	bind_kind(&q, platform, kind);
	return read_number(&q, ret_minutes);
}

/* ---- the rows that messages are made of ---- */

int uplink_revised(struct store *store, int64_t *ret_hour)
{
	struct query q = db_read(&store->state, "SELECT min(hour) FROM uplink_revised"
						" WHERE " UPLINK_REVISED);
	return read_number(&q, ret_hour);
}

/* The rows of the auxiliary hours are in another file, where no trigger reaches this table. */
int uplink_note_revised(struct store *store, int64_t hour)
{
	struct query q =
		db_write(&store->state, "INSERT OR IGNORE INTO uplink_revised (hour) VALUES (?)");
	query_int(&q, hour);
	return query_run(&q);
}

int uplink_forget_revised(struct store *store, int64_t hour)
{
	struct query q = db_write(&store->state, "DELETE FROM uplink_revised WHERE hour = ?");
	query_int(&q, hour);
	return query_run(&q);
}

/* Minutes are stored by their START, so that those of a stretch begin at `after`. */
static int find_row(struct store *store, const char *const sql[2], enum uplink_kind kind,
		    struct uplink_stretch stretch, int64_t *ret_end)
{
	bool of_minutes = kind == UPLINK_MINUTES;
	struct query q =
		of_minutes ? db_read(&store->samples, sql[0]) : db_read(&store->state, sql[1]);
	int64_t last = of_minutes ? stretch.upto - 1 : stretch.upto / HOUR_MINUTES;
	query_int(&q, of_minutes ? stretch.after : stretch.after / HOUR_MINUTES + 1);
	query_int(&q, last < MINUTES_LAST ? last : MINUTES_LAST);
	int64_t row = 0;
	int r = read_number(&q, &row);
	if (r == 0)
		*ret_end = of_minutes ? row + 1 : row * HOUR_MINUTES;
	return r;
}

int uplink_newest_row(struct store *store, enum uplink_kind kind, struct uplink_stretch stretch,
		      int64_t *ret_end)
{
	static const char *const sql[] = {
		"SELECT max(minute) FROM minutes WHERE minute BETWEEN ? AND ?",
		"SELECT max(hour) FROM hours WHERE hour BETWEEN ? AND ?"};
	return find_row(store, sql, kind, stretch, ret_end);
}

int uplink_oldest_row(struct store *store, enum uplink_kind kind, struct uplink_stretch stretch,
		      int64_t *ret_end)
{
	static const char *const sql[] = {
		"SELECT min(minute) FROM minutes WHERE minute BETWEEN ? AND ?",
		"SELECT min(hour) FROM hours WHERE hour BETWEEN ? AND ?"};
	return find_row(store, sql, kind, stretch, ret_end);
}
