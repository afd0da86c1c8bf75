/* SPDX-License-Identifier: MIT */
/* What the two files are, and which of their rows go to memory when the disk refuses. */
#include "db.h"

#define TEXT(number) #number
#define LITERAL(number) TEXT(number)
#define NEWEST_HOURS(table)                                                                        \
	"INSERT INTO main." table " SELECT * FROM disk." table                                     \
	" WHERE hour > (SELECT max(hour) FROM disk.hours) - " LITERAL(STORE_KEPT_HOURS)

/* The newest rows of a chain, and an anchor for the first of them to hang on. */
#define ANCHOR(table, key, last)                                                                   \
	"INSERT OR REPLACE INTO main.chain_anchors (chain, number, hash) SELECT '" table "', " key \
	", hash FROM disk." table " WHERE hash IS NOT NULL" last " ORDER BY " key " DESC LIMIT 1"
#define NEWEST_LINKS(table, key)                                                                   \
	"INSERT INTO main." table " SELECT * FROM disk." table " ORDER BY " key                    \
	" DESC LIMIT " LITERAL(STORE_KEPT_LINKS),                                                  \
		ANCHOR(table, key, " AND " key " < (SELECT min(" key ") FROM main." table ")")
#define NO_LINKS(table, key) ANCHOR(table, key, "")

/* What running and a start need of state.db: the messages that would go next, the hours of the
 * timeline. Reduction list and orders wait on the disk. */
static const char *const state_carried[] = {
	"INSERT INTO main.meta SELECT * FROM disk.meta",
	NEWEST_HOURS("hours"),
	NEWEST_HOURS("dust"),
	NEWEST_HOURS("aqi"),
	"INSERT INTO main.imported SELECT * FROM disk.imported",
	"INSERT INTO main.advice SELECT * FROM disk.advice",
	"INSERT INTO main.advice_course SELECT * FROM disk.advice_course",
	"DELETE FROM main.levels",
	"INSERT INTO main.levels SELECT * FROM disk.levels",
	"INSERT INTO main.chain_anchors SELECT * FROM disk.chain_anchors",
	NEWEST_LINKS("events", "number"),
	NEWEST_LINKS("force_log", "event"),
	NO_LINKS("order_log", "number"),
	"INSERT INTO main.outbox SELECT * FROM disk.outbox"
	" ORDER BY class, seq LIMIT " LITERAL(STORE_KEPT_MESSAGES),
	"INSERT INTO main.alert_chains SELECT * FROM disk.alert_chains",
	"INSERT INTO main.alert_references SELECT * FROM disk.alert_references",
	"INSERT INTO main.alert_messages SELECT * FROM disk.alert_messages",
	"DELETE FROM main.sqlite_sequence",
	"INSERT INTO main.sqlite_sequence SELECT * FROM disk.sqlite_sequence",
	"INSERT INTO main.latest SELECT * FROM disk.latest",
	"INSERT INTO main.commands SELECT * FROM disk.commands"
	" ORDER BY received DESC LIMIT " LITERAL(STORE_KEPT_COMMANDS),
	"INSERT INTO main.directives SELECT * FROM disk.directives",
	"INSERT INTO main.timetable SELECT * FROM disk.timetable",
	"INSERT INTO main.timetable_state SELECT * FROM disk.timetable_state",
	"INSERT INTO main.timetable_issuers SELECT * FROM disk.timetable_issuers",
	"INSERT INTO main.timetable_refused SELECT * FROM disk.timetable_refused",
	"INSERT INTO main.releases SELECT * FROM disk.releases",
	"INSERT INTO main.reviews SELECT * FROM disk.reviews WHERE last_hour"
	" > (SELECT max(hour) FROM disk.hours) - " LITERAL(STORE_KEPT_HOURS),
	"INSERT INTO main.receipts SELECT * FROM disk.receipts"
	" WHERE command IN (SELECT id FROM main.commands) ORDER BY rowid",
	"INSERT INTO main.forecasts SELECT * FROM disk.forecasts WHERE rowid IN (SELECT rowid FROM"
	" (SELECT rowid, row_number() OVER (PARTITION BY source"
	" ORDER BY issued DESC, received DESC, rowid DESC) AS n FROM disk.forecasts) WHERE n <= 3)",
	"INSERT INTO main.forecast_steps SELECT * FROM disk.forecast_steps"
	" WHERE command IN (SELECT command FROM main.forecasts)",
	"INSERT INTO main.forecast_sources SELECT * FROM disk.forecast_sources",
	"INSERT INTO main.maintenance SELECT * FROM disk.maintenance",
	"INSERT INTO main.signers SELECT * FROM disk.signers",
	"INSERT INTO main.over_range SELECT * FROM disk.over_range",
	"INSERT INTO main.relays SELECT * FROM disk.relays",
	"INSERT INTO main.uplinks SELECT * FROM disk.uplinks",
	"INSERT INTO main.uplink_newest SELECT * FROM disk.uplink_newest",
	"INSERT INTO main.uplink_waiting SELECT * FROM disk.uplink_waiting",
	"INSERT INTO main.uplink_sent SELECT * FROM disk.uplink_sent",
	"INSERT INTO main.uplink_revised SELECT * FROM disk.uplink_revised",
	NULL,
};
/* The minutes of an hour that is not closed yet. */
static const char *const samples_carried[] = {
	"INSERT INTO main.channels SELECT * FROM disk.channels",
	"INSERT INTO main.minutes SELECT * FROM disk.minutes"
	" WHERE minute > (SELECT max(minute) FROM disk.minutes) - " LITERAL(STORE_KEPT_MINUTES),
	"INSERT INTO main.minute_failures SELECT * FROM disk.minute_failures"
	" WHERE minute > (SELECT max(minute) FROM disk.minutes) - " LITERAL(STORE_KEPT_MINUTES),
	"INSERT INTO main.auxiliary_minutes SELECT * FROM disk.auxiliary_minutes"
	" WHERE minute > (SELECT max(minute) FROM disk.auxiliary_minutes)"
	" - " LITERAL(STORE_KEPT_MINUTES),
	"INSERT INTO main.sure_minutes SELECT * FROM disk.sure_minutes",
	NULL,
};

/* Rows of the outbox that were on their way wait again, but those that a newer one replaced. Sums
 * are kept by triggers; here they are made anew, should the file have been edited. */
static const char *const state_at_start[] = {
	OUTBOX_DROP_REPLACED,
	OUTBOX_WAIT_AGAIN,
	"UPDATE outbox_totals SET"
	" rows = (SELECT count(*) FROM outbox WHERE outbox.state = outbox_totals.state),"
	" bytes = (SELECT coalesce(sum(bytes), 0) FROM outbox"
	"  WHERE outbox.state = outbox_totals.state)",
	NULL,
};

static const char *const state_bulk[] = {"hours", "hour_failures", "aqi", "iaqi", NULL};

/* 256 MiB: forty years of hours beside a full outbox of 2 kB messages. */
const struct db_kind state_kind = {
	.file = "state.db",
	.application_id = 0x487a5374, /* "HzSt" */
	.quota_pages = 65536,
	.checked = true,
	.bulk = state_bulk,
	.migrations = state_migrations,
	.carried = state_carried,
	.at_start = state_at_start,
	.given = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0),"
		 " coalesce((SELECT max(number) FROM events), 0)",
};

/* 4 GiB: forty years of the minutes of six channels. */
const struct db_kind samples_kind = {
	.file = "samples.db",
	.application_id = 0x487a5361, /* "HzSa" */
	.quota_pages = 1048576,
	.migrations = samples_migrations,
	.carried = samples_carried,
};
