/* SPDX-License-Identifier: MIT */
#include "relays.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "db.h"

#define TEXT_SIZE (1 << 17)
#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)

/* ?1: 30 days ago, ?2: 3 days ago, ?3: the hour, ?4: 29 days ago, ?5: whether a slip binds. */

/* What counts of the timetable. */
#define STANDING                                                                                   \
	"SELECT number FROM timetable WHERE turn IS NULL OR turn = (SELECT max(turn) FROM"         \
	" timetable) UNION SELECT binding FROM timetable_state WHERE ?5"
/* What took something out, or may have: a station that knows that must hear of it. (What covers it,
 * or is the same level later.) */
#define TAKERS                                                                                     \
	"SELECT number FROM directives AS b WHERE received > ?1 AND (start IS NULL OR start > ?4)" \
	" AND (b.withdraws <> '[]' OR EXISTS (SELECT 1 FROM directives AS a"                       \
	" WHERE a.number < b.number AND a.start > coalesce(b.said, b.received) AND"                \
	" (a.start >= b.start AND (b.planned_end IS NULL OR a.start < b.planned_end)"              \
	" OR a.start < b.start AND a.level = b.level))) ORDER BY number DESC LIMIT 8"
/* A station refuses what began more than 30 days ago, and needs no such lift. */
#define WORDS                                                                                      \
	"SELECT command, 1 AS rank, number AS place, level FROM directives WHERE (number IN "      \
	"(" STANDING ") OR number IN (" TAKERS ")) AND NOT (level IS 'none' AND start < ?4)"
#define SLIPS                                                                                      \
	"SELECT * FROM (SELECT command, 2, id, NULL FROM releases WHERE id IN (SELECT max(id)"     \
	" FROM releases WHERE fault = 'good' AND directive_number IN (" STANDING ")"               \
	" GROUP BY directive_number) ORDER BY id DESC LIMIT 16)"
#define DUST                                                                                       \
	"SELECT * FROM (SELECT id, 3, received, NULL FROM commands WHERE kind = 'dust'"            \
	" AND outcome = 'accepted' AND received > ?1 AND json <> '' AND"                           \
	" CAST(strftime('%s', json_extract(json, '$.to')) AS INTEGER) * 1000 >= ?2"                \
	" ORDER BY received DESC, rowid DESC LIMIT 16)"
#define FORECASTS                                                                                  \
	"SELECT * FROM (SELECT command, 4, received, NULL FROM (SELECT command, received,"         \
	" row_number() OVER (PARTITION BY source ORDER BY issued DESC, received DESC) AS n"        \
	" FROM forecasts WHERE received > ?1) AS f WHERE n = 1 AND EXISTS (SELECT 1"               \
	" FROM forecast_steps WHERE command = f.command AND hour > ?3) AND EXISTS (SELECT 1"       \
	" FROM commands WHERE id = f.command AND json <> '')"                                      \
	" ORDER BY received DESC LIMIT 8)"

static void read_command(struct query *q, struct relay_command *ret)
{
	*ret = (struct relay_command){0};
	query_column_copy(q, 0, ret->name, sizeof(ret->name));
	query_column_copy(q, 1, ret->kind, sizeof(ret->kind));
	query_column_copy(q, 2, ret->issuer, sizeof(ret->issuer));
	ret->time_ms = query_column_any(q, 3);
	if (!query_column_null(q, 4))
		query_column_copy(q, 4, ret->level, sizeof(ret->level));
}

int relays_wanted(struct store *store, int64_t now_ms, bool slip_binds,
		  struct relay_command ret[RELAYS_MAX], int *ret_n)
{
	struct query q = db_read(&store->state,
				 "SELECT c.id, c.kind, c.issuer, c.time, w.level FROM (" WORDS
				 " UNION ALL " SLIPS " UNION ALL " DUST " UNION ALL " FORECASTS
				 ") AS w JOIN commands c ON c.id = w.command"
				 " ORDER BY w.rank, w.place LIMIT ?6");
	query_int(&q, now_ms - 30 * DAY_MS);
	query_int(&q, now_ms - 3 * DAY_MS);
	query_int(&q, now_ms / HOUR_MS);
	query_int(&q, now_ms - 29 * DAY_MS);
	query_int(&q, slip_binds);
	query_int(&q, RELAYS_MAX);
	*ret_n = 0;
	while (query_row(&q))
		read_command(&q, &ret[(*ret_n)++]);
	return query_end(&q);
}

int relays_text(struct store *store, const char *name, char **ret)
{
	struct query q = db_read(&store->state, "SELECT json FROM commands WHERE id = ?");
	char *text = NULL;
	bool any = false;
	query_text(&q, name);
	if (query_row(&q)) {
		const char *json = query_column_text(&q, 0, TEXT_SIZE);
		any = json[0] != '\0';
		text = any ? strdup(json) : NULL;
	}
	int r = query_end(&q);
	*ret = text;
	return r ? r : !any ? STORE_E_NONE : text ? 0 : -ENOMEM;
}

int relays_put(struct store *store, const struct relay_answer *row)
{
	struct query q = db_write(&store->state,
				  "INSERT OR REPLACE INTO relays (command, station, refused, why,"
				  " at) VALUES (?, ?, ?, ?, ?)");
	query_text(&q, row->command);
	query_text(&q, row->station);
	query_int(&q, row->refused);
	query_text(&q, row->why);
	query_int(&q, row->at_ms);
	return query_run(&q);
}

int relays_each(struct store *store, void (*take)(void *ctx, const struct relay_answer *row),
		void *ctx)
{
	struct query q = db_read(&store->state, "SELECT command, station, refused, why, at"
						" FROM relays");
	while (query_row(&q)) {
		char command[COMMANDS_NAME_MAX], station[RELAYS_STATION_SIZE],
			why[COMMANDS_WHY_MAX];
		query_column_copy(&q, 0, command, sizeof(command));
		query_column_copy(&q, 1, station, sizeof(station));
		query_column_copy(&q, 3, why, sizeof(why));
		const struct relay_answer row = {command, station, query_column(&q, 2, 0, 1) != 0,
						 why, query_column_any(&q, 4)};
		if (!query_forgive(&q))
			take(ctx, &row);
	}
	return query_end(&q);
}

/* A name has no line end. */
int relays_keep(struct store *store, const struct relay_command commands[], int n)
{
	char names[RELAYS_MAX * (COMMANDS_NAME_MAX + 1) + 2] = "\n";
	size_t end = 1;
	for (int i = 0; i < n; i++)
		end += (size_t)snprintf(names + end, sizeof(names) - end, "%s\n", commands[i].name);
	struct query q = db_write(&store->state, "DELETE FROM relays WHERE"
						 " instr(?, char(10) || command || char(10)) = 0");
	query_text(&q, names);
	return query_run(&q);
}
