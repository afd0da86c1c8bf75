/* SPDX-License-Identifier: MIT */
/* What the two files are, and which of their rows go to memory when the disk refuses. */
#include "db.h"

#define TEXT(number) #number
#define LITERAL(number) TEXT(number)
#define NEWEST_HOURS(table)                                                                        \
	"INSERT INTO main." table " SELECT * FROM disk." table                                     \
	" WHERE hour > (SELECT max(hour) FROM disk.hours) - " LITERAL(STORE_KEPT_HOURS)

/* What running and a start need of state.db: the messages that would go next, the hours of the
 * timeline. Reduction list and orders wait on the disk. */
static const char *const state_carried[] = {
	"INSERT INTO main.meta SELECT * FROM disk.meta",
	NEWEST_HOURS("hours"),
	NEWEST_HOURS("dust"),
	NEWEST_HOURS("aqi"),
	"INSERT INTO main.advice SELECT * FROM disk.advice",
	"INSERT INTO main.events SELECT * FROM disk.events ORDER BY number DESC LIMIT 1000",
	"INSERT INTO main.outbox SELECT * FROM disk.outbox"
	" ORDER BY class, seq LIMIT " LITERAL(STORE_KEPT_MESSAGES),
	"DELETE FROM main.sqlite_sequence",
	"INSERT INTO main.sqlite_sequence SELECT * FROM disk.sqlite_sequence",
	"INSERT INTO main.latest SELECT * FROM disk.latest",
	"INSERT INTO main.commands SELECT * FROM disk.commands"
	" ORDER BY received DESC LIMIT " LITERAL(STORE_KEPT_COMMANDS),
	"INSERT INTO main.directives SELECT * FROM disk.directives",
	"INSERT INTO main.releases SELECT * FROM disk.releases",
	"INSERT INTO main.forecasts SELECT * FROM disk.forecasts ORDER BY issued DESC LIMIT 50",
	"INSERT INTO main.forecast_steps SELECT * FROM disk.forecast_steps"
	" WHERE command IN (SELECT command FROM main.forecasts)",
	"INSERT INTO main.maintenance SELECT * FROM disk.maintenance",
	"INSERT INTO main.signers SELECT * FROM disk.signers",
	"INSERT INTO main.caps SELECT * FROM disk.caps",
	NULL,
};
/* The minutes of an hour that is not closed yet. */
static const char *const samples_carried[] = {
	"INSERT INTO main.channels SELECT * FROM disk.channels",
	"INSERT INTO main.minutes SELECT * FROM disk.minutes"
	" WHERE minute > (SELECT max(minute) FROM disk.minutes) - " LITERAL(STORE_KEPT_MINUTES),
	"INSERT INTO main.minute_failures SELECT * FROM disk.minute_failures"
	" WHERE minute > (SELECT max(minute) FROM disk.minutes) - " LITERAL(STORE_KEPT_MINUTES),
	NULL,
};

/* 256 MiB: forty years of hours beside a full outbox of 2 kB messages. */
const struct db_kind state_kind = {
	.file = "state.db",
	.application_id = 0x487a5374, /* "HzSt" */
	.quota_pages = 65536,
	.checked = true,
	.migrations = state_migrations,
	.carried = state_carried,
};

/* 4 GiB: forty years of the minutes of six channels. */
const struct db_kind samples_kind = {
	.file = "samples.db",
	.application_id = 0x487a5361, /* "HzSa" */
	.quota_pages = 1048576,
	.migrations = samples_migrations,
	.carried = samples_carried,
};
