/* SPDX-License-Identifier: MIT */
#include "command_quota.h"

#include <string.h>

#include "db.h"
#include "hour.h"
#include "retention_inside.h"

#define PAGE_BYTES 4096
#define SHARES 64
#define GROUPS 2 /* of statements that go together */
#define GROUP_MAX 3
#define BARE_AT_ONCE 500 /* rows looked through */
#define BARE_TO_GO 50
/* Several are stored first and judged then. */
#define JUDGED_MS INT64_C(60000)
#define REPEATED_MS HOUR_MS /* within which one may come again, and must be known */
#define LEFT_MS (INT64_C(24) * RETENTION_DAYS_LEFT * HOUR_MS)

/* Rows and their commands. */
#define WITH_COMMANDS(table, which)                                                                \
	"DELETE FROM commands WHERE id IN (SELECT command FROM " table " WHERE " which ")",        \
		"DELETE FROM " table " WHERE " which

/* Receipts follow each other quickly: what is looked through for the superseded is bounded. */
#define ANSWERED_ANEW                                                                              \
	WITH_COMMANDS("receipts",                                                                  \
		      "rowid IN (SELECT rowid FROM (SELECT rowid, ref, unit"                       \
		      " FROM receipts ORDER BY rowid LIMIT 2000) AS r WHERE EXISTS"                \
		      " (SELECT 1 FROM receipts AS n WHERE n.ref = r.ref AND n.unit = r.unit"      \
		      " AND n.rowid > r.rowid) LIMIT 50)")
#define OLDEST_RECEIPTS                                                                            \
	WITH_COMMANDS("receipts", "rowid IN (SELECT rowid FROM receipts ORDER BY rowid LIMIT 50)")

#define OLD_FORECASTS                                                                              \
	"command IN (SELECT command FROM (SELECT command, issued, row_number() OVER (PARTITION BY" \
	" source ORDER BY issued DESC, received DESC, rowid DESC) AS n FROM forecasts)"            \
	" WHERE n > 3 ORDER BY issued LIMIT 20)"
#define OLD_STEPS "DELETE FROM forecast_steps WHERE " OLD_FORECASTS
#define STEPLESS                                                                                   \
	WITH_COMMANDS("forecasts",                                                                 \
		      OLD_FORECASTS " AND NOT EXISTS (SELECT 1 FROM forecast_steps AS s"           \
				    " WHERE s.command = forecasts.command)")

/* What was accepted and nothing rests on, and how much of the newest is spared. */
struct said_limit {
	enum retention_said which;
	int64_t spared_ms; /* 0: there is none */
};
#define SAID_MAX 3

/* The bare are tried first, then each group, then what was said, as long as there is no room. */
static const struct limits {
	const char *kind, *table;
	int64_t rows;
	int share; /* of the file's quota, in 64ths */
	int64_t judged_ms;
	struct said_limit said[SAID_MAX];
	const char *groups[GROUPS][GROUP_MAX];
} all_limits[COMMAND_KINDS] = {
	{"directive", "commands", 50000, 8, JUDGED_MS, {{RETENTION_DIRECTIVES, LEFT_MS}}, {{NULL}}},
	{"release",
	 "commands",
	 20000,
	 4,
	 JUDGED_MS,
	 {{RETENTION_FAULTY_SLIPS, REPEATED_MS}, {RETENTION_SLIPS, LEFT_MS}},
	 {{NULL}}},
	{"forecast", "forecasts", 20000, 4, 0, {{0}}, {{OLD_STEPS, STEPLESS}}},
	{"dust", "commands", 5000, 2, 0, {{0}}, {{NULL}}},
	{"review",
	 "commands",
	 10000,
	 2,
	 0,
	 {{RETENTION_REVIEWED_ANEW, REPEATED_MS},
	  {RETENTION_REVIEWS, LEFT_MS},
	  {RETENTION_OLD_REVIEWS, LEFT_MS}},
	 {{NULL}}},
	{"resend", "commands", 5000, 2, 0, {{0}}, {{NULL}}},
	{"receipt", "receipts", 50000, 4, 0, {{0}}, {{ANSWERED_ANEW}, {OLDEST_RECEIPTS}}},
};

static const struct limits *find_limits(const char *kind)
{
	for (size_t i = 0; i < sizeof(all_limits) / sizeof(all_limits[0]); i++) {
		if (strcmp(all_limits[i].kind, kind) == 0)
			return &all_limits[i];
	}
	return NULL;
}

struct command_quota command_quota_of(struct store *store, const char *kind)
{
	const struct limits *limits = find_limits(kind);
	int64_t pages = store->state.quota_pages > 0 ? store->state.quota_pages
						     : store->state.kind->quota_pages;
	if (!limits)
		return (struct command_quota){.table = "commands"};
	return (struct command_quota){limits->table, limits->rows,
				      pages * PAGE_BYTES / SHARES * limits->share};
}

static int has_room(struct store *store, const char *kind, size_t bytes,
		    const struct command_quota *quota, bool *ret)
{
	struct query q =
		db_read(&store->state, "SELECT rows, bytes FROM command_totals WHERE kind = ?");
	query_text(&q, kind);
	*ret = true;
	if (query_row(&q))
		*ret = query_column_any(&q, 0) < quota->rows &&
		       query_column_any(&q, 1) + (int64_t)bytes <= quota->bytes;
	return query_end(&q);
}

/* ---- the bare: of one kind, what nothing rests on ---- */

/* The last of those looked through now, newest - judged_ms at most; INT64_MIN: there is none. */
static int find_end(struct db *db, const struct limits *limits, int64_t from, int64_t *ret)
{
	struct query q = db_read(
		db, "SELECT max(received) FROM (SELECT received FROM commands WHERE kind = ?1 AND"
		    " received >= ?2 AND received <= (SELECT max(received) FROM commands WHERE"
		    " kind = ?1) - ?3 ORDER BY received LIMIT ?4)");
	query_text(&q, limits->kind);
	query_int(&q, from);
	query_int(&q, limits->judged_ms);
	query_int(&q, BARE_AT_ONCE);
	bool any = query_row(&q) && !query_column_null(&q, 0);
	*ret = any ? query_column_any(&q, 0) : INT64_MIN;
	return query_end(&q);
}

/* Accepted directives and slips have a row, whose table has no index of commands. */
static int delete_bare(struct db *db, const struct limits *limits, int64_t from, int64_t end,
		       int64_t *gone)
{
	struct query q = db_write(
		db, "DELETE FROM commands WHERE id IN (SELECT id FROM commands WHERE kind = ?1 AND"
		    " received BETWEEN ?2 AND ?3"
		    " AND (outcome = 'refused' OR kind NOT IN ('directive', 'release'))"
		    " AND NOT EXISTS (SELECT 1 FROM reviews WHERE command = commands.id)"
		    " AND NOT EXISTS (SELECT 1 FROM receipts WHERE command = commands.id)"
		    " AND NOT EXISTS (SELECT 1 FROM forecasts WHERE command = commands.id)"
		    " ORDER BY received LIMIT ?4)");
	query_text(&q, limits->kind);
	query_int(&q, from);
	query_int(&q, end);
	query_int(&q, BARE_TO_GO);
	return query_run_counting(&q, gone);
}

/* What was looked through in vain stays so: it is looked through again after all the others. */
static int drop_bare(struct store *store, const struct limits *limits, int64_t *gone)
{
	int64_t *from = &store->looked[limits - all_limits].bare, end = 0, before = *gone;
	int r = find_end(&store->state, limits, *from, &end);
	if (r == 0 && end == INT64_MIN && *from != 0) {
		*from = 0;
		r = find_end(&store->state, limits, *from, &end);
	}
	if (r != 0 || end == INT64_MIN)
		return r;
	r = delete_bare(&store->state, limits, *from, end, gone);
	if (r == 0 && *gone - before < BARE_TO_GO)
		*from = end > *from ? end : end + 1;
	return r;
}

/* ---- what is in a table of its own ---- */

static int drop_group(struct store *store, const char *const group[GROUP_MAX], int64_t *gone)
{
	int r = 0;
	for (int i = 0; r == 0 && i < GROUP_MAX && group[i]; i++) {
		struct query q = db_write(&store->state, group[i]);
		r = query_run_counting(&q, gone);
	}
	return r;
}

static int find_newest(struct db *db, const char *kind, int64_t *ret_ms)
{
	struct query q = db_read(db, "SELECT max(received) FROM commands WHERE kind = ?");
	query_text(&q, kind);
	*ret_ms = query_row(&q) && !query_column_null(&q, 0) ? query_column_any(&q, 0) : 0;
	return query_end(&q);
}

/* Behind the last of all begins again with the first. */
static int drop_said(struct store *store, const struct limits *limits, int i, int64_t *gone)
{
	const struct said_limit *said = &limits->said[i];
	int64_t *from = &store->looked[limits - all_limits].rested[i], began = *from, newest = 0;
	if (said->spared_ms == 0)
		return 0;
	int r = find_newest(&store->state, limits->kind, &newest);
	if (r == 0)
		r = retention_drop_said(&store->state, said->which, newest - said->spared_ms, from,
					gone);
	if (r == 0 && began != 0 && *from == 0)
		r = retention_drop_said(&store->state, said->which, newest - said->spared_ms, from,
					gone);
	return r;
}

/* The n-th thing that can be tried. */
static int try_step(struct store *store, const struct limits *limits, int n, int64_t *gone)
{
	if (n == 0)
		return drop_bare(store, limits, gone);
	return n <= GROUPS ? drop_group(store, limits->groups[n - 1], gone)
			   : drop_said(store, limits, n - 1 - GROUPS, gone);
}

int command_quota_make_room(struct store *store, const char *kind, size_t bytes, int64_t *ret_gone)
{
	const struct limits *limits = find_limits(kind);
	const struct command_quota quota = command_quota_of(store, kind);
	bool room = true;
	int r = limits ? has_room(store, kind, bytes, &quota, &room) : 0;
	*ret_gone = 0;
	for (int i = 0; r == 0 && !room && i <= GROUPS + SAID_MAX; i++) {
		r = try_step(store, limits, i, ret_gone);
		if (r == 0)
			r = has_room(store, kind, bytes, &quota, &room);
	}
	if (r == 0 && !room && *ret_gone == 0)
		*ret_gone = COMMAND_QUOTA_NOTHING_GOES;
	return r;
}
