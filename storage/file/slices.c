/* SPDX-License-Identifier: MIT */
/*
 * The soundness of a file: looked at whole when it is opened, if it is small or in doubt; of a
 * large one the tables that grow for years are left for later and read slice by slice.
 */
#include <errno.h>
#include <string.h>

#include "db.h"

#define AT_ONCE_PAGES 2048 /* 8 MiB: some hundredths of a second */
#define SLICE_KEYS 720     /* a month of hours */

static bool is_bulk(const struct db *db, const char *table)
{
	for (const struct db_bulk *bulk = db->kind->bulk; bulk && bulk->table; bulk++) {
		if (strcmp(bulk->table, table) == 0)
			return true;
	}
	return false;
}

static int check_part(struct db *db, const char *table)
{
	char found[200] = "ok";
	char *sql = table ? sqlite3_mprintf("PRAGMA quick_check(\"%w\")", table)
			  : sqlite3_mprintf("PRAGMA quick_check(1)");
	if (!sql)
		return -ENOMEM;
	int r = db_read_text(db, sql, found, sizeof(found));
	sqlite3_free(sql);
	if (r == 0 && strcmp(found, "ok") != 0)
		return db_refuse(db, STORE_E_CORRUPT, "damaged: %s", found);
	return r;
}

static int check_small_tables(struct db *db)
{
	sqlite3_stmt *stmt = NULL;
	int r = 0;
	errno = 0;
	int code = sqlite3_prepare_v2(db->handle,
				      "SELECT name FROM sqlite_schema WHERE type = 'table'"
				      " AND sql NOT LIKE 'CREATE VIRTUAL%'",
				      -1, &stmt, NULL);
	while (code == SQLITE_OK && r == 0 && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(stmt, 0);
		code = SQLITE_OK;
		if (name && !is_bulk(db, name))
			r = check_part(db, name);
	}
	if (r == 0 && code != SQLITE_DONE)
		r = db_fail(db, code);
	sqlite3_finalize(stmt);
	return r;
}

int db_check_at_opening(struct db *db)
{
	int64_t pages = 0;
	db->slice = (struct db_slice){.left = false};
	if (!db->kind->checked || db->readonly)
		return 0;
	int r = db_read_number(db, "PRAGMA page_count", &pages);
	if (r)
		return r;
	if (!db->kind->bulk || db->known || pages <= AT_ONCE_PAGES)
		return check_part(db, NULL);
	db->slice = (struct db_slice){.left = true, .last = INT64_MIN};
	return check_small_tables(db);
}

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
