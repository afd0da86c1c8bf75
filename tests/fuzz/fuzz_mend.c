/* SPDX-License-Identifier: MIT */
/*
 * The rows of a database damaged anywhere are brought over, from both ends of each table, into one
 * that is whole afterwards and has no row whose columns the tables would not take. Both are in
 * memory; the good one is made once a process.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_tables.h"
#include "salvage.h"

#define ROWS 16 /* of a table, so that it has more pages than one */
#define DAMAGES_MAX 16
#define PAGE 512
#define FILE_SIZE_MAX (1 << 20)
#define TEXT "hazewatch hazewatch hazewatch hazewatch hazewatch hazewatch hazewatch hazewatch"

static const char *const tables[] = {"meta", "hours", "outbox", "sqlite_sequence"};
#define TABLES ((int)(sizeof(tables) / sizeof(tables[0])))

static const char schema[] =
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE hours (hour INTEGER NOT NULL, pollutant TEXT NOT NULL, text TEXT NOT NULL,"
	" PRIMARY KEY (hour, pollutant)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL) STRICT";

static struct {
	uint8_t *bytes; /* of the good file */
	size_t n;
	sqlite3 *new;
} fixture;

/* ---- SQLite's heap ---- */

/* SQLite's own blocks are not for the sanitizer, which would take most of the time with them: the
 * rows go from SQLite to SQLite and are not looked at. */
void *__libc_malloc(size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

#define HEAD 16 /* in front of each block: its size */

static void *take_block(int size)
{
	char *block = __libc_malloc(HEAD + (size_t)size);
	if (!block)
		return NULL;
	memcpy(block, &size, sizeof(size));
	return block + HEAD;
}

static void drop_block(void *block)
{
	__libc_free((char *)block - HEAD);
}

static void *resize_block(void *block, int size)
{
	char *new = __libc_realloc((char *)block - HEAD, HEAD + (size_t)size);
	if (!new)
		return NULL;
	memcpy(new, &size, sizeof(size));
	return new + HEAD;
}

static int size_block(void *block)
{
	int size;
	memcpy(&size, (char *)block - HEAD, sizeof(size));
	return size;
}

static int round_size(int size)
{
	return (size + 7) / 8 * 8;
}

static int begin_heap(void *nothing)
{
	(void)nothing;
	return SQLITE_OK;
}

static void end_heap(void *nothing)
{
	(void)nothing;
}

static const sqlite3_mem_methods heap = {take_block, drop_block, resize_block, size_block,
					 round_size, begin_heap, end_heap,     NULL};

static void run(sqlite3 *handle, const char *sql)
{
	int code = sqlite3_exec(handle, sql, NULL, NULL, NULL);
	assert(code == SQLITE_OK);
}

static sqlite3 *make_tables(void)
{
	sqlite3 *handle = NULL;
	int code = sqlite3_open(":memory:", &handle);
	assert(code == SQLITE_OK);
	run(handle, "PRAGMA page_size = 512");
	run(handle, schema);
	return handle;
}

static void make_fixture(void)
{
	int code = sqlite3_config(SQLITE_CONFIG_MALLOC, &heap);
	assert(code == SQLITE_OK);
	sqlite3 *good = make_tables();
	run(good, "INSERT INTO meta VALUES ('uuid', '" TEXT "')");
	for (int i = 1; i <= ROWS; i++) {
		char sql[400];
		snprintf(sql, sizeof(sql),
			 "INSERT INTO hours VALUES (%d, 'pm25', '" TEXT TEXT "');"
			 "INSERT INTO outbox (text) VALUES ('" TEXT TEXT "')",
			 i);
		run(good, sql);
	}
	sqlite3_int64 n = 0;
	fixture.bytes = sqlite3_serialize(good, "main", &n, 0);
	fixture.n = (size_t)n;
	assert(fixture.bytes && n <= FILE_SIZE_MAX);
	sqlite3_close(good);
	fixture.new = make_tables();
}

/* Some stretches are other bytes, or nothing; and the end may be missing. */
static size_t damage(struct bytes *bytes, uint8_t *file)
{
	size_t n = fixture.n;
	memcpy(file, fixture.bytes, n);
	if (bytes_between(bytes, 0, 7) == 0)
		n = (size_t)bytes_between(bytes, 0, (int64_t)n);
	for (int i = 0; bytes->left > 0 && n > 0 && i < DAMAGES_MAX; i++) {
		/* as often in a head of a page as anywhere */
		size_t at = bytes_between(bytes, 0, 1)
				    ? (size_t)bytes_between(bytes, 0, (int64_t)n - 1)
				    : (size_t)bytes_between(bytes, 0, (int64_t)n / PAGE) * PAGE +
					      (size_t)bytes_between(bytes, 0, 127);
		size_t length = (size_t)bytes_between(bytes, 1, 64);
		bool zeros = bytes_between(bytes, 0, 3) == 0;
		for (; at < n && length > 0; at++, length--)
			file[at] = zeros ? 0 : (uint8_t)bytes_number(bytes, 1);
	}
	return n;
}

static sqlite3 *open_damaged(uint8_t *file, size_t n)
{
	sqlite3 *old = NULL;
	int code = sqlite3_open(":memory:", &old);
	assert(code == SQLITE_OK);
	sqlite3_exec(old, "PRAGMA cell_size_check = ON", NULL, NULL, NULL);
	code = sqlite3_deserialize(old, "main", file, (sqlite3_int64)n, FILE_SIZE_MAX,
				   SQLITE_DESERIALIZE_READONLY);
	assert(code == SQLITE_OK);
	return old;
}

static int64_t ask(sqlite3 *handle, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL);
	assert(code == SQLITE_OK);
	int64_t value = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : -1;
	sqlite3_finalize(stmt);
	return value;
}

static void check_new(const struct salvage *salvage)
{
	sqlite3 *new = fixture.new;
	assert(ask(new, "SELECT integrity_check = 'ok' FROM pragma_integrity_check") == 1);
	assert(ask(new, "SELECT count(*) FROM hours WHERE typeof(hour) <> 'integer'"
			" OR typeof(text) <> 'text'") == 0);
	int64_t rows = ask(new, "SELECT (SELECT count(*) FROM meta) + (SELECT count(*) FROM hours)"
				" + (SELECT count(*) FROM outbox)");
	assert(salvage->broken_tables >= 0 && salvage->broken_tables <= TABLES);
	assert(salvage->rows >= rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t file[FILE_SIZE_MAX];
	struct bytes bytes = {data, size};
	if (!fixture.new)
		make_fixture();
	size_t n = damage(&bytes, file);
	sqlite3 *old = open_damaged(file, n);
	struct salvage salvage = {old, fixture.new, "main", INT64_MAX, 0, 0};
	run(fixture.new, "BEGIN");
	for (int i = 0; i < TABLES; i++) {
		int code = salvage_table(&salvage, tables[i]);
		assert(code == SQLITE_OK);
	}
	check_new(&salvage);
	if (n == fixture.n && memcmp(file, fixture.bytes, n) == 0)
		assert(salvage.broken_tables == 0 && salvage.rows >= 2 * ROWS + 1);
	run(fixture.new, "ROLLBACK");
	sqlite3_close(old);
	return 0;
}
