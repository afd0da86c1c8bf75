/* SPDX-License-Identifier: MIT */
/*
 * Rows of the uplinks' tables that are not what was written. They stand in nobody's way, as no
 * query sees them; here they are told once and go. One of uplink_newest is written anew with the
 * next period, and one of uplinks with the next message.
 */
#include <stdio.h>
#include <string.h>

#include "aside.h"
#include "uplink.h"
#include "uplink_inside.h"

#define BAD(condition) " WHERE (" condition ") IS NOT TRUE"
#define UPLINK_NAMED "typeof(platform) = 'text' AND length(CAST(platform AS BLOB)) < 64"

static const struct table {
	const char *name, *select, *delete;
} tables[] = {
	{"uplinks", "SELECT * FROM uplinks" BAD(UPLINK_NAMED),
	 "DELETE FROM uplinks" BAD(UPLINK_NAMED)},
	{"uplink_waiting",
	 "SELECT platform || ' ' || cn || ' ' || after AS row, * FROM uplink_waiting" BAD(
		 UPLINK_WAITS),
	 "DELETE FROM uplink_waiting" BAD(UPLINK_WAITS)},
	{"uplink_sent", "SELECT platform || ' ' || qn AS row, * FROM uplink_sent" BAD(UPLINK_SENT),
	 "DELETE FROM uplink_sent" BAD(UPLINK_SENT)},
	{"uplink_revised", "SELECT * FROM uplink_revised" BAD(UPLINK_REVISED),
	 "DELETE FROM uplink_revised" BAD(UPLINK_REVISED)},
};

static int move_rows(struct store *store, const struct table *table)
{
	struct query q = db_read(&store->state, table->select);
	int n = 0;
	for (; query_row(&q); n++)
		aside_row(store, table->name, &q);
	int r = query_end(&q);
	if (r != 0 || n == 0)
		return r;
	q = db_write(&store->state, table->delete);
	return query_run(&q);
}

static int hand_over_lost(struct store *store, void *ctx,
			  int (*lost)(void *ctx, const char *platform, enum uplink_kind kind,
				      int64_t period))
{
	struct query q = db_read(&store->state, "SELECT platform, cn, period FROM"
						" uplink_sent" BAD(UPLINK_SENT));
	int r = 0;
	while (r == 0 && query_row(&q)) {
		char platform[UPLINK_NAME_SIZE];
		query_column_copy(&q, 0, platform, sizeof(platform));
		int64_t cn = query_column(&q, 1, 0, INT32_MAX);
		int64_t period = query_column(&q, 2, 1, MINUTES_LAST);
		bool bad = query_forgive(&q);
		for (int kind = 0; r == 0 && !bad && kind < UPLINK_KINDS; kind++) {
			if (uplink_cn((enum uplink_kind)kind) == cn)
				r = lost(ctx, platform, (enum uplink_kind)kind, period);
		}
	}
	int ended = query_end(&q);
	return r ? r : ended;
}

int uplink_set_aside(struct store *store, void *ctx,
		     int (*lost)(void *ctx, const char *platform, enum uplink_kind kind,
				 int64_t period))
{
	int r = hand_over_lost(store, ctx, lost);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]) && r == 0; i++)
		r = move_rows(store, &tables[i]);
	return r;
}
