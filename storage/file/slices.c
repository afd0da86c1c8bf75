/* SPDX-License-Identifier: MIT */
/* What soundness.c left of a large file: the tables that grow for years, read slice by slice. */
#include "db.h"

#define SLICE_KEYS 720 /* a month of hours */

/* The keys of a slice are in order, and each is within it: read from the table's own pages. */
static int read_slice(struct db *db, const struct db_bulk *bulk, int64_t first)
{
	struct query q = db_read(db, bulk->keys);
	int64_t before = first;
	query_int(&q, first);
	query_int(&q, first + SLICE_KEYS - 1);
	while (query_row(&q)) {
		int64_t key = query_column(&q, 0, before, first + SLICE_KEYS - 1);
		before = q.error ? before : key;
	}
	return query_end(&q);
}

static int find_first(struct db *db, const struct db_bulk *bulk, int64_t last, int64_t *ret)
{
	struct query q = db_read(db, bulk->next);
	query_int(&q, last);
	*ret = query_row(&q) && !query_column_null(&q, 0) ? query_column_any(&q, 0) : INT64_MAX;
	return query_end(&q);
}

bool db_check_slice(struct db *db)
{
	struct db_slice *slice = &db->slice;
	if (!slice->left || db->in_memory || db->suspect || db->transaction != DB_NO_TRANSACTION)
		return false;
	const struct db_bulk *bulk = &db->kind->bulk[slice->table];
	int64_t first = INT64_MAX;
	int r = find_first(db, bulk, slice->last, &first);
	if (r == 0 && first == INT64_MAX) {
		slice->table++;
		slice->last = INT64_MIN;
		slice->left = db->kind->bulk[slice->table].table != NULL;
		return slice->left;
	}
	if (r == 0)
		r = read_slice(db, bulk, first);
	slice->last = first + SLICE_KEYS - 1;
	if (r == STORE_E_CORRUPT) { /* the next use looks at all of it, and says what is wrong */
		db->suspect = true;
		slice->left = false;
	}
	return slice->left;
}
