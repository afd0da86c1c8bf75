/* SPDX-License-Identifier: MIT */
/*
 * The soundness of a file: looked at whole when it is opened, if it is small or in doubt; of a
 * large one the tables that grow for years are left for later, one after the other, or all at once
 * where there are free pages, as SQLite looks at their list with the whole file only. What is left
 * is looked at without the CHECK of each row, five sixths of the time: who reads a row judges it.
 */
#include <errno.h>
#include <string.h>

#include "db.h"

#define AT_ONCE_PAGES 2048 /* 8 MiB: some hundredths of a second */

static bool is_bulk(const struct db *db, const char *table)
{
	for (const char *const *bulk = db->kind->bulk; bulk && *bulk; bulk++) {
		if (strcmp(*bulk, table) == 0)
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
	db->slice = (struct db_slice){.left = true};
	return check_small_tables(db);
}

static bool has_free_pages(struct db *db)
{
	int64_t pages = 0;
	return db_read_number(db, "PRAGMA freelist_count", &pages) == 0 && pages > 0;
}

static int check_pages(struct db *db, const char *table)
{
	sqlite3_exec(db->handle, "PRAGMA ignore_check_constraints = ON", NULL, NULL, NULL);
	int r = check_part(db, table);
	sqlite3_exec(db->handle, "PRAGMA ignore_check_constraints = OFF", NULL, NULL, NULL);
	return r;
}

bool db_check_slice(struct db *db)
{
	struct db_slice *slice = &db->slice;
	if (!slice->left || db->in_memory || db->suspect || db->transaction != DB_NO_TRANSACTION)
		return false;
	bool whole = slice->table == 0 && has_free_pages(db);
	int r = check_pages(db, whole ? NULL : db->kind->bulk[slice->table]);
	if (r != 0 && r != STORE_E_CORRUPT) /* once more */
		return true;
	slice->table++;
	slice->left = r == 0 && !whole && db->kind->bulk[slice->table] != NULL;
	db->suspect = r != 0; /* the next use looks at all of it, and says what is wrong */
	return slice->left;
}
