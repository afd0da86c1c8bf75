/* SPDX-License-Identifier: MIT */
/*
 * Any transactions in a journal of any size, run again on a file: what is kept are whole
 * transactions, the newest, in order; and each that the file takes is there, each that collides is
 * not, in part neither.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_tables.h"

#define KEYS 8
#define STATEMENTS_MAX 400
#define SQL_MAX 400
#define ABSENT (-1)

/* As the file should be, and the statements of the transaction that runs. */
struct model {
	int rows[KEYS];
	int64_t kept;
};

static struct db *the_file(void)
{
	static struct db db;
	static char message[DB_MESSAGE_MAX];
	if (!db.handle) {
		db.message = message;
		int code = sqlite3_open(":memory:", &db.handle);
		assert(code == SQLITE_OK);
		sqlite3_exec(db.handle, "CREATE TABLE t (k INTEGER PRIMARY KEY, v INTEGER)", NULL,
			     NULL, NULL);
	}
	sqlite3_exec(db.handle, "DELETE FROM t", NULL, NULL, NULL);
	return &db;
}

static void add_statement(struct journal *journal, struct bytes *bytes)
{
	char sql[SQL_MAX];
	int key = (int)bytes_between(bytes, 0, KEYS - 1), value = (int)bytes_number(bytes, 1);
	static const char *const forms[] = {"INSERT INTO t VALUES (%d, %d) --%*s",
					    "REPLACE INTO t VALUES (%d, %d) --%*s",
					    "DELETE FROM t WHERE k = %d -- %d %*s"};
	snprintf(sql, sizeof(sql), forms[bytes_between(bytes, 0, 2)], key, value,
		 (int)bytes_between(bytes, 0, 255), "");
	journal_add(journal, sql);
}

static void fill_journal(struct journal *journal, struct bytes *bytes)
{
	int64_t ended = 0;
	bool any = false;
	for (int i = 0; bytes->left > 0 && i < STATEMENTS_MAX; i++) {
		int what = (int)bytes_between(bytes, 0, 7);
		if (what == 0) {
			journal_drop(journal);
			any = false;
		} else if (what <= 2) {
			journal_keep(journal);
			ended += any;
			any = false;
		} else {
			add_statement(journal, bytes);
			any = true;
		}
		assert(journal->kept <= journal->n && journal->n <= journal->size);
		assert(journal->kept <= journal->limit);
	}
	journal_drop(journal);
	assert(journal->transactions + journal->lost == ended);
	assert(journal->n == journal->kept);
}

/* False: it collides. */
static bool apply_statement(const char *sql, int rows[KEYS])
{
	int key = 0, value = 0;
	if (sscanf(sql, "INSERT INTO t VALUES (%d, %d)", &key, &value) == 2) {
		if (rows[key] != ABSENT)
			return false;
		rows[key] = value;
	} else if (sscanf(sql, "REPLACE INTO t VALUES (%d, %d)", &key, &value) == 2) {
		rows[key] = value;
	} else {
		int read = sscanf(sql, "DELETE FROM t WHERE k = %d", &key);
		assert(read == 1);
		rows[key] = ABSENT;
	}
	return true;
}

static int64_t apply_all(const struct journal *journal, int rows[KEYS])
{
	int64_t transactions = 0;
	size_t at = 0;
	for (const char *sql; (sql = journal_next(journal, &at)) != NULL; transactions++) {
		int now[KEYS];
		bool good = true;
		memcpy(now, rows, sizeof(now));
		assert(*sql); /* no transaction of nothing */
		for (; sql && *sql; sql = journal_next(journal, &at))
			good = good && apply_statement(sql, now);
		assert(sql); /* each has its end */
		if (good)
			memcpy(rows, now, sizeof(now));
	}
	return transactions;
}

static void check_file(struct db *db, const int rows[KEYS])
{
	sqlite3_stmt *stmt = NULL;
	int left = 0;
	for (int i = 0; i < KEYS; i++)
		left += rows[i] != ABSENT;
	sqlite3_prepare_v2(db->handle, "SELECT k, v FROM t", -1, &stmt, NULL);
	for (; sqlite3_step(stmt) == SQLITE_ROW; left--)
		assert(rows[sqlite3_column_int(stmt, 0)] == sqlite3_column_int(stmt, 1));
	sqlite3_finalize(stmt);
	assert(left == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = {data, size};
	struct db *db = the_file();
	int rows[KEYS];
	db->journal = (struct journal){.limit = (size_t)bytes_between(&bytes, 1, 65536)};
	for (int i = 0; i < KEYS; i++) {
		char sql[100];
		rows[i] = bytes_between(&bytes, 0, 3) == 0 ? i : ABSENT;
		snprintf(sql, sizeof(sql), "INSERT INTO t VALUES (%d, %d)", i, i);
		if (rows[i] != ABSENT)
			sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	}
	fill_journal(&db->journal, &bytes);
	int64_t transactions = apply_all(&db->journal, rows);
	assert(transactions == db->journal.transactions);
	int r = memory_replay(db);
	assert(r == 0);
	check_file(db, rows);
	journal_done(&db->journal);
	return 0;
}
