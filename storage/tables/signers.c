/* SPDX-License-Identifier: MIT */
#include "signers.h"

#include "db.h"

int signers_counter(struct store *store, const char *key, int64_t *ret)
{
	int64_t counter = 0;
	struct query q = db_read(&store->state, "SELECT counter FROM signers WHERE key = ?");
	query_text(&q, key);
	if (query_row(&q))
		counter = query_column(&q, 0, 0, INT64_MAX);
	int r = query_end(&q);
	if (r == 0)
		*ret = counter;
	return r;
}

int signers_raise(struct store *store, const char *key, int64_t counter)
{
	struct query q = db_write(&store->state, "INSERT INTO signers (key, counter) VALUES (?, ?)"
						 " ON CONFLICT (key) DO UPDATE SET"
						 " counter = max(counter, excluded.counter)");
	query_text(&q, key);
	query_int(&q, counter);
	return query_run(&q);
}

int signers_reset(struct store *store, const char *key)
{
	int r = store_begin(store);
	if (r != 0)
		return r;
	struct query q = db_write(&store->state, "DELETE FROM signers WHERE key = ?");
	query_text(&q, key);
	query_run(&q);
	return store_commit(store);
}
