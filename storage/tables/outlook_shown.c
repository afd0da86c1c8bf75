/* SPDX-License-Identifier: MIT */
#include "outlook_shown.h"

#include "db.h"
#include "hours.h"

/* One row of meta a fact: 'outlook:MODEL:shown' and 'outlook:MODEL:since'. */
static int load_number(struct store *store, const char *model, const char *fact, int64_t *ret)
{
	struct query q = db_read(&store->state, "SELECT CAST(value AS INTEGER) FROM meta"
						" WHERE key = 'outlook:' || ? || ':' || ?");
	query_text(&q, model);
	query_text(&q, fact);
	bool any = query_row(&q);
	if (any)
		*ret = query_column(&q, 0, 0, HOURS_LAST);
	int r = query_end(&q);
	return r == 0 && !any ? STORE_E_NONE : r;
}

static int save_number(struct store *store, const char *model, const char *fact, int64_t number)
{
	struct query q = db_write(&store->state, "INSERT OR REPLACE INTO meta (key, value)"
						 " VALUES ('outlook:' || ? || ':' || ?, ?)");
	query_text(&q, model);
	query_text(&q, fact);
	query_int(&q, number);
	return query_run(&q);
}

int outlook_shown_load(struct store *store, const char *model, bool *ret_shown, int64_t *ret_since)
{
	int64_t shown = 0, since = 0;
	int r = load_number(store, model, "shown", &shown);
	if (r == 0)
		r = load_number(store, model, "since", &since);
	if (r != 0)
		return r;
	*ret_shown = shown != 0;
	*ret_since = since;
	return 0;
}

int outlook_shown_save(struct store *store, const char *model, bool shown, int64_t since)
{
	int r = save_number(store, model, "shown", shown);
	return r == 0 ? save_number(store, model, "since", since) : r;
}
