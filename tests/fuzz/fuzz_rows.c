/* SPDX-License-Identifier: MIT */
/*
 * Any values in the rows that the station reads back, of any type, without the tables' own checks:
 * each reader takes them or says that they are damaged, and nothing leaves its bounds.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "db.h"
#include "export.h"
#include "forecasts.h"
#include "fuzz.h"
#include "hours.h"
#include "import.h"
#include "outbox.h"
#include "warnings.h"

#define H INT64_C(490000)
#define SQL_MAX 65536
#define ROWS_MAX 60
#define HOURS 48
#define TEXT_MAX_SIZE 40

/* The files are made here. */
const struct db_migration state_migrations[] = {{0}};
const struct db_migration samples_migrations[] = {{0}};

static const char *const tables[] = {
	"hours",    "hour_failures", "aqi",     "advice",          "events",         "outbox",
	"latest",   "directives",    "dust",    "forecasts",       "forecast_steps", "releases",
	"imported", "channels",      "minutes", "minute_failures",
};
#define TABLES ((int)(sizeof(tables) / sizeof(tables[0])))
#define FIRST_OF_SAMPLES 13

/* A table takes anything without the word STRICT. */
static void make(sqlite3 *handle, const char *file)
{
	static char sql[SQL_MAX];
	char path[1000];
	const char *root = getenv("HAZEWATCH_SOURCE");
	snprintf(path, sizeof(path), "%s/storage/migrations/%s/0001_initial.sql", root ? root : ".",
		 file);
	FILE *in = fopen(path, "r");
	assert(in);
	size_t n = fread(sql, 1, sizeof(sql) - 1, in);
	fclose(in);
	sql[n] = '\0';
	for (char *at; (at = strstr(sql, ") STRICT")) != NULL;)
		memcpy(at, at[8] == ',' ? ")        " : ")       ", at[8] == ',' ? 9 : 8);
	int code = sqlite3_exec(handle, sql, NULL, NULL, NULL);
	assert(code == SQLITE_OK);
	sqlite3_exec(handle, "PRAGMA ignore_check_constraints = ON", NULL, NULL, NULL);
}

static void open_file(struct db *db, struct store *store, const char *file)
{
	db->message = store->message;
	int code = sqlite3_open(":memory:", &db->handle);
	assert(code == SQLITE_OK);
	make(db->handle, file);
}

static struct store *the_store(void)
{
	static struct store store;
	if (!store.state.handle) {
		open_file(&store.state, &store, "state");
		open_file(&store.samples, &store, "samples");
	}
	return &store;
}

static int64_t any_number(struct bytes *bytes)
{
	switch (bytes_between(bytes, 0, 3)) {
	case 0:
		return H + bytes_between(bytes, -60, 60);
	case 1:
		return H * 60 + bytes_between(bytes, -200, 200);
	case 2:
		return bytes_between(bytes, -3, 600);
	default:
		return (int64_t)bytes_number(bytes, 8);
	}
}

static void bind_any(sqlite3_stmt *stmt, int i, struct bytes *bytes)
{
	static const char *const words[] = {
		"pm25",    "co",  "N",    "timeout", "synchronised",   "red",     "none",
		"pending", "aqi", "roof", "model",   "concentrations", "observed"};
	char text[TEXT_MAX_SIZE];
	switch (bytes_between(bytes, 0, 7)) {
	case 0:
		sqlite3_bind_null(stmt, i);
		break;
	case 1:
		sqlite3_bind_double(stmt, i, (double)any_number(bytes) / 7);
		break;
	case 2:
		for (size_t n = 0; n < sizeof(text); n++)
			text[n] = (char)bytes_number(bytes, 1);
		sqlite3_bind_text(stmt, i, text, (int)bytes_between(bytes, 0, sizeof(text)),
				  SQLITE_TRANSIENT);
		break;
	case 3:
	case 4:
		sqlite3_bind_text(stmt, i, words[bytes_between(bytes, 0, 12)], -1, SQLITE_STATIC);
		break;
	default:
		sqlite3_bind_int64(stmt, i, any_number(bytes));
	}
}

static void insert(sqlite3 *handle, const char *table, struct bytes *bytes)
{
	char sql[200];
	sqlite3_stmt *stmt = NULL;
	snprintf(sql, sizeof(sql), "SELECT * FROM %s", table);
	sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL);
	int columns = sqlite3_column_count(stmt);
	sqlite3_finalize(stmt);
	int n = snprintf(sql, sizeof(sql), "INSERT OR REPLACE INTO %s VALUES (?", table);
	for (int i = 1; i < columns; i++)
		n += snprintf(sql + n, sizeof(sql) - (size_t)n, ",?");
	snprintf(sql + n, sizeof(sql) - (size_t)n, ")");
	int code = sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL);
	assert(code == SQLITE_OK);
	for (int i = 1; i <= columns; i++)
		bind_any(stmt, i, bytes);
	sqlite3_step(stmt); /* a row without its key is refused */
	sqlite3_finalize(stmt);
}

static void fill(struct store *store, struct bytes *bytes)
{
	char sql[100];
	for (int t = 0; t < TABLES; t++) {
		sqlite3 *handle =
			t < FIRST_OF_SAMPLES ? store->state.handle : store->samples.handle;
		snprintf(sql, sizeof(sql), "DELETE FROM %s", tables[t]);
		sqlite3_exec(handle, sql, NULL, NULL, NULL);
	}
	for (int rows = 0; bytes->left > 0 && rows < ROWS_MAX; rows++) {
		int t = (int)bytes_between(bytes, 0, TABLES - 1);
		insert(t < FIRST_OF_SAMPLES ? store->state.handle : store->samples.handle,
		       tables[t], bytes);
	}
}

static void check(int r)
{
	assert(r == 0 || r == STORE_E_CORRUPT || r == STORE_E_NONE || r < 0);
}

static bool take_row(void *ctx, const struct export_row *row)
{
	(void)ctx;
	for (int i = 0; i < row->n; i++)
		assert(row->fields[i]);
	return true;
}

static void take_latest(void *ctx, const char *topic, int64_t seq, const char *payload)
{
	(void)ctx;
	assert(topic && seq > 0 && payload);
}

static void take_release(void *ctx, const struct release_row *row)
{
	(void)ctx;
	assert(row->number && row->level < LEVEL_COUNT);
}

static void read_hours(struct store *store)
{
	static struct hour_values values[HOURS];
	static struct dust_hours dust;
	static struct hour hour;
	struct hour_mean mean;
	int64_t first, last, minute;
	int32_t rev;
	check(hours_newest(store, &first));
	check(hours_oldest(store, H, &first));
	check(hours_load(store, H - HOURS / 2, HOURS, values));
	check(hours_load_dust(store, H, &dust));
	check(hours_get(store, H, POLLUTANT_PM25, &mean, &rev));
	check(hours_aqi_rev(store, H, &rev));
	check(import_pending(store, &first, &last));
	hour_begin(&hour, H, 60000, NULL);
	check(minutes_load(store, "roof", &hour));
	check(minutes_oldest(store, &minute));
}

static void read_decisions(struct store *store)
{
	static struct directives directives;
	static struct forecast forecast;
	struct advice advice;
	struct rules_used rules;
	struct outbox_counts counts;
	struct outbox_row rows[10];
	int64_t number;
	int n = 0;
	check(warnings_load(store, &advice, &rules));
	check(warnings_newest_number(store, &number));
	check(directives_load(store, &directives, &number));
	check(releases_newest(store, take_release, NULL));
	check(forecasts_newest(store, &forecast));
	check(outbox_counts(store, &counts));
	check(outbox_each_latest(store, take_latest, NULL));
	check(outbox_take(store, 10, rows, &n));
	for (int i = 0; i < n; i++)
		outbox_row_done(&rows[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct store *store = the_store();
	struct bytes bytes = {data, size};
	fill(store, &bytes);
	read_hours(store);
	read_decisions(store);
	for (int kind = 0; export_name(kind); kind++) {
		const struct export_job job = {kind, H - 50, H + 50, NULL, take_row};
		check(export_rows(store, &job));
	}
	return 0;
}
