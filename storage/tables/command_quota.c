/* SPDX-License-Identifier: MIT */
#include "command_quota.h"

#include <string.h>

#include "db.h"

#define PAGE_BYTES 4096
#define SHARES 64
#define STATEMENTS 5

/* Of one kind, what nothing rests on. */
#define BARE_OF(kind, which)                                                                       \
	"DELETE FROM commands WHERE id IN (SELECT id FROM commands WHERE kind = '" kind "'" which  \
	" AND id NOT IN (SELECT command FROM directives)"                                          \
	" AND id NOT IN (SELECT command FROM releases)"                                            \
	" AND id NOT IN (SELECT command FROM reviews)"                                             \
	" AND id NOT IN (SELECT command FROM receipts)"                                            \
	" AND id NOT IN (SELECT command FROM forecasts) ORDER BY received LIMIT 50)"
#define BARE(kind) BARE_OF(kind, "")

/* Several are stored first and judged then: what came within a minute of the newest stays. */
#define BARE_AND_JUDGED(kind)                                                                      \
	BARE_OF(kind, " AND received < (SELECT max(received) FROM commands) - 60000")

/* Receipts follow each other quickly: what is looked through for the superseded is bounded. */
#define ANSWERED_ANEW                                                                              \
	"DELETE FROM receipts WHERE rowid IN (SELECT rowid FROM (SELECT rowid, ref, unit"          \
	" FROM receipts ORDER BY rowid LIMIT 2000) AS r WHERE EXISTS (SELECT 1 FROM receipts AS n" \
	" WHERE n.ref = r.ref AND n.unit = r.unit AND n.rowid > r.rowid) LIMIT 50)"
#define OLDEST_RECEIPTS                                                                            \
	"DELETE FROM receipts WHERE rowid IN (SELECT rowid FROM receipts ORDER BY rowid LIMIT 50)"

#define OLD_FORECASTS                                                                              \
	"(SELECT command FROM (SELECT command, issued, row_number() OVER (PARTITION BY source"     \
	" ORDER BY issued DESC, received DESC, rowid DESC) AS n FROM forecasts)"                   \
	" WHERE n > 3 ORDER BY issued LIMIT 20)"
#define OLD_STEPS "DELETE FROM forecast_steps WHERE command IN " OLD_FORECASTS
#define STEPLESS                                                                                   \
	"DELETE FROM forecasts WHERE command IN " OLD_FORECASTS                                    \
	" AND command NOT IN (SELECT command FROM forecast_steps)"

/* Each statement is tried after those before it, as long as there is no room. */
static const struct limits {
	const char *kind, *table;
	int64_t rows;
	int share; /* of the file's quota, in 64ths */
	const char *statements[STATEMENTS];
} all_limits[] = {
	{"directive", "commands", 50000, 8, {BARE_AND_JUDGED("directive")}},
	{"release", "commands", 20000, 4, {BARE_AND_JUDGED("release")}},
	{"forecast",
	 "forecasts",
	 20000,
	 4,
	 {BARE("forecast"), OLD_STEPS, STEPLESS, BARE("forecast")}},
	{"dust", "commands", 5000, 2, {BARE("dust")}},
	{"review", "commands", 10000, 2, {BARE("review")}},
	{"resend", "commands", 5000, 2, {BARE("resend")}},
	{"receipt",
	 "receipts",
	 50000,
	 4,
	 {BARE("receipt"), ANSWERED_ANEW, BARE("receipt"), OLDEST_RECEIPTS, BARE("receipt")}},
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

static int delete_rows(struct store *store, const char *sql, int64_t *gone)
{
	struct query q = db_write(&store->state, sql);
	return query_run_counting(&q, gone);
}

int command_quota_make_room(struct store *store, const char *kind, size_t bytes, int64_t *ret_gone)
{
	const struct limits *limits = find_limits(kind);
	const struct command_quota quota = command_quota_of(store, kind);
	bool room = true;
	int r = limits ? has_room(store, kind, bytes, &quota, &room) : 0;
	*ret_gone = 0;
	for (int i = 0; r == 0 && !room && i < STATEMENTS && limits->statements[i]; i++) {
		r = delete_rows(store, limits->statements[i], ret_gone);
		if (r == 0)
			r = has_room(store, kind, bytes, &quota, &room);
	}
	if (r == 0 && !room && *ret_gone == 0)
		*ret_gone = COMMAND_QUOTA_NOTHING_GOES;
	return r;
}
