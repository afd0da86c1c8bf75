/* SPDX-License-Identifier: MIT */
#include "caps.h"

#include <stdio.h>

#include "db.h"

int caps_load(struct store *store, const char *authority, struct cap_reference *ret, int *ret_n)
{
	int n = 0;
	struct query q = db_read(&store->state, "SELECT identifier, sent FROM (SELECT * FROM caps"
						" WHERE authority = ? ORDER BY number DESC LIMIT ?)"
						" ORDER BY number");
	query_text(&q, authority);
	query_int(&q, CAPS_MAX);
	while (query_row(&q) && n < CAPS_MAX) {
		snprintf(ret[n].identifier, CAPS_TEXT_MAX, "%s",
			 query_column_text(&q, 0, CAPS_TEXT_MAX));
		snprintf(ret[n].sent, CAPS_TEXT_MAX, "%s", query_column_text(&q, 1, CAPS_TEXT_MAX));
		n++;
	}
	int r = query_end(&q);
	if (r == 0)
		*ret_n = n;
	return r;
}

static void forget(struct store *store, const char *authority)
{
	struct query q = db_write(&store->state, "DELETE FROM caps WHERE authority = ?");
	query_text(&q, authority);
	query_run(&q);
}

int caps_put(struct store *store, const char *authority, const struct cap_reference *reference,
	     bool first)
{
	if (first)
		forget(store, authority);
	struct query q = db_write(&store->state, "INSERT INTO caps (authority, identifier, sent)"
						 " VALUES (?, ?, ?)");
	query_text(&q, authority);
	query_text(&q, reference->identifier);
	query_text(&q, reference->sent);
	return query_run(&q);
}
