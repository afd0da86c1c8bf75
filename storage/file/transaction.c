/* SPDX-License-Identifier: MIT */
/* Transactions that outlive the disk: what it refuses is committed in memory. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>

#include "db.h"

int db_open(struct db *db, const char *dir)
{
	int n = snprintf(db->path, sizeof(db->path), "%s/%s", dir, db->kind->file);
	if (n < 0 || (size_t)n >= sizeof(db->path))
		return db_refuse(db, -ENAMETOOLONG, "path too long");
	if (!db->readonly)
		mend_finish(db->path);
	int r = db_ready(db);
	db->known = r == 0;
	return r ? memory_begin(db, r) : 0;
}

int db_begin(struct db *db)
{
	assert(db->transaction != DB_TRANSACTION);
	db->transaction = DB_NO_TRANSACTION;
	journal_drop(&db->journal);
	int r = db->refused ? STORE_E_IO : db_begin_on_disk(db);
	if (r == 0)
		return 0;
	db_note_refusal(db, r);
	if (!db->refused)
		return r;
	int entered = memory_enter(db);
	return entered ? r : db_begin_on_disk(db);
}

int db_commit(struct db *db)
{
	if (db->transaction == DB_NO_TRANSACTION)
		return STORE_E_IO; /* it could not begin, which was said */
	bool whole = db->transaction == DB_TRANSACTION;
	if (whole && db->in_memory)
		db_note_given(db); /* before anybody hears of them */
	int r = db_commit_on_disk(db);
	if (r == 0 && db->in_memory)
		journal_keep(&db->journal);
	else if (r && whole && db->refused)
		return memory_rescue(db) == 0 ? 0 : r;
	else
		journal_drop(&db->journal);
	return r;
}
