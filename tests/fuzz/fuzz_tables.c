/* SPDX-License-Identifier: MIT */
#include "fuzz_tables.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models.h"

#define SQL_MAX 65536
#define MIGRATIONS_MAX 99

/* The files are made here. */
const struct db_migration state_migrations[] = {{0}};
const struct db_migration samples_migrations[] = {{0}};

/* A table takes anything without the word STRICT. */
static void take_out_strict(char *sql)
{
	for (char *at; (at = strstr(sql, ") STRICT")) != NULL;)
		memcpy(at, at[8] == ',' ? ")        " : ")       ", at[8] == ',' ? 9 : 8);
}

/* Runs the migration of this number; false if there is none. */
static bool migrate(sqlite3 *handle, const char *file, int number, bool loose)
{
	static char sql[SQL_MAX];
	char command[1000];
	const char *root = getenv("HAZEWATCH_SOURCE");
	snprintf(command, sizeof(command), "cat %s/storage/migrations/%s/%04d_*.sql 2>/dev/null",
		 root ? root : ".", file, number);
	FILE *in = popen(command, "r");
	assert(in);
	size_t n = fread(sql, 1, sizeof(sql) - 1, in);
	pclose(in);
	sql[n] = '\0';
	if (loose)
		take_out_strict(sql);
	int code = sqlite3_exec(handle, sql, NULL, NULL, NULL);
	assert(code == SQLITE_OK);
	return n > 0;
}

/* Nothing that is set aside is written to a disk. */
static void open_file(struct store *store, struct db *db, const char *file, bool loose)
{
	db->message = store->message;
	db->readonly = loose;
	int code = sqlite3_open(":memory:", &db->handle);
	assert(code == SQLITE_OK);
	if (loose)
		sqlite3_exec(db->handle, "PRAGMA ignore_check_constraints = ON", NULL, NULL, NULL);
	for (int i = 1; i < MIGRATIONS_MAX && migrate(db->handle, file, i, loose); i++)
		;
}

struct store *fuzz_tables(bool loose)
{
	static struct store store;
	if (!store.state.handle) {
		store.plan = models_plan();
		open_file(&store, &store.state, "state", loose);
		open_file(&store, &store.samples, "samples", loose);
	}
	return &store;
}
