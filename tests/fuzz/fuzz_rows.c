/* SPDX-License-Identifier: MIT */
/*
 * Any values in the rows that the station reads back, of any type, without the tables' own checks:
 * each reader takes them or says that they are damaged, and nothing leaves its bounds.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advised.h"
#include "alert_log.h"
#include "auxiliaries.h"
#include "changed.h"
#include "commands.h"
#include "crc.h"
#include "db.h"
#include "directives.h"
#include "events.h"
#include "export.h"
#include "forecasts.h"
#include "fuzz.h"
#include "fuzz_tables.h"
#include "hetang.h"
#include "hours.h"
#include "minutes.h"
#include "models.h"
#include "outbox_one.h"
#include "over_ranges.h"
#include "point_hours.h"
#include "receipts.h"
#include "relays.h"
#include "timetables.h"
#include "uplink.h"
#include "verify.h"
#include "warnings.h"

#define H INT64_C(490000)
#define ROWS_MAX 60
#define HOURS 48
#define TEXT_MAX_SIZE 40

static const char *const tables[] = {
	"hours",
	"hour_failures",
	"aqi",
	"advice",
	"advice_course",
	"events",
	"outbox",
	"latest",
	"directives",
	"dust",
	"forecasts",
	"forecast_steps",
	"forecast_sources",
	"releases",
	"imported",
	"commands",
	"force_log",
	"chain_anchors",
	"timetable",
	"timetable_state",
	"timetable_issuers",
	"timetable_refused",
	"alert_chains",
	"alert_references",
	"alert_messages",
	"channels",
	"minutes",
	"minute_failures",
	"auxiliary_minutes",
	"auxiliary_hours",
	"point_hours",
	"sure_minutes",
	"uplinks",
	"uplink_newest",
	"uplink_waiting",
	"uplink_sent",
	"uplink_revised",
	"relays",
	"receipts",
	"over_range",
};
#define TABLES ((int)(sizeof(tables) / sizeof(tables[0])))
#define FIRST_SUMMED 18 /* by query_sum, up to the samples */
#define FIRST_OF_SAMPLES 25
#define LAST_OF_SAMPLES 31

/* What query_sum makes of the same values. */
static void sum_values(sqlite3_context *context, int n, sqlite3_value **values)
{
	uint32_t sum = 0;
	for (int i = 0; i < n; i++) {
		const char *text = (const char *)sqlite3_value_text(values[i]);
		sum = i > 0 ? crc32_of_bytes(sum, "|", 1) : sum;
		sum = text ? crc32_of_bytes(sum, text, strlen(text)) : sum;
	}
	sqlite3_result_int64(context, sum);
}

static struct store *the_store(void)
{
	static struct store *store;
	if (!store) {
		store = fuzz_tables(true);
		sqlite3_create_function(store->state.handle, "sum_of", -1, SQLITE_UTF8, NULL,
					sum_values, NULL, NULL);
	}
	return store;
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

/* The statements of each table, prepared once. */
static struct {
	sqlite3_stmt *insert, *delete, *sum;
	int columns;
	bool filled;
} table_of[TABLES];

static sqlite3_stmt *prepare(sqlite3 *handle, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL);
	assert(code == SQLITE_OK);
	return stmt;
}

static void prepare_insert(sqlite3 *handle, int t)
{
	char sql[200];
	snprintf(sql, sizeof(sql), "SELECT * FROM %s", tables[t]);
	sqlite3_stmt *stmt = prepare(handle, sql);
	int columns = sqlite3_column_count(stmt);
	sqlite3_finalize(stmt);
	int n = snprintf(sql, sizeof(sql), "INSERT OR REPLACE INTO %s VALUES (?", tables[t]);
	for (int i = 1; i < columns; i++)
		n += snprintf(sql + n, sizeof(sql) - (size_t)n, ",?");
	snprintf(sql + n, sizeof(sql) - (size_t)n, ")");
	table_of[t].insert = prepare(handle, sql);
	table_of[t].columns = columns;
	snprintf(sql, sizeof(sql), "DELETE FROM %s", tables[t]);
	table_of[t].delete = prepare(handle, sql);
}

static void insert(sqlite3 *handle, int t, struct bytes *bytes)
{
	if (!table_of[t].insert)
		prepare_insert(handle, t);
	sqlite3_stmt *stmt = table_of[t].insert;
	for (int i = 1; i <= table_of[t].columns; i++)
		bind_any(stmt, i, bytes);
	sqlite3_step(stmt); /* a row without its key is refused */
	sqlite3_reset(stmt);
	table_of[t].filled = true;
}

/* Rows whose sums are right go further than others. */
static void prepare_sums(sqlite3 *handle, int t)
{
	char sql[600];
	size_t n = (size_t)snprintf(sql, sizeof(sql), "UPDATE %s SET crc = sum_of(", tables[t]);
	char select[100];
	snprintf(select, sizeof(select), "SELECT * FROM %s", tables[t]);
	sqlite3_stmt *stmt = prepare(handle, select);
	int first = strcmp(sqlite3_column_name(stmt, 0), "one") == 0;
	for (int i = first; strcmp(sqlite3_column_name(stmt, i), "crc") != 0; i++)
		n += (size_t)snprintf(sql + n, sizeof(sql) - n, "%s%s", i > first ? "," : "",
				      sqlite3_column_name(stmt, i));
	sqlite3_finalize(stmt);
	snprintf(sql + n, sizeof(sql) - n, ")");
	table_of[t].sum = prepare(handle, sql);
}

static void set_sums(sqlite3 *handle, int t)
{
	if (!table_of[t].sum)
		prepare_sums(handle, t);
	int code = sqlite3_step(table_of[t].sum);
	assert(code == SQLITE_DONE);
	sqlite3_reset(table_of[t].sum);
}

static void empty_table(int t)
{
	if (!table_of[t].filled)
		return;
	sqlite3_step(table_of[t].delete);
	sqlite3_reset(table_of[t].delete);
	table_of[t].filled = false;
}

/* One transaction a file. */
static void run_on_both(struct store *store, const char *sql)
{
	int code = sqlite3_exec(store->state.handle, sql, NULL, NULL, NULL);
	assert(code == SQLITE_OK);
	code = sqlite3_exec(store->samples.handle, sql, NULL, NULL, NULL);
	assert(code == SQLITE_OK);
}

static void fill(struct store *store, struct bytes *bytes)
{
	uint64_t summed = bytes_number(bytes, 1);
	run_on_both(store, "BEGIN");
	for (int t = 0; t < TABLES; t++)
		empty_table(t);
	for (int rows = 0; bytes->left > 0 && rows < ROWS_MAX; rows++) {
		int t = (int)bytes_between(bytes, 0, TABLES - 1);
		bool of_samples = t >= FIRST_OF_SAMPLES && t <= LAST_OF_SAMPLES;
		insert(of_samples ? store->samples.handle : store->state.handle, t, bytes);
	}
	for (int t = FIRST_SUMMED; t < FIRST_OF_SAMPLES; t++) {
		if (summed >> (t - FIRST_SUMMED) & 1 && table_of[t].filled)
			set_sums(store->state.handle, t);
	}
	run_on_both(store, "COMMIT");
}

static void check(int r)
{
	assert(r == 0 || r == STORE_E_CORRUPT || r == STORE_E_NONE || r == STORE_E_LEVEL || r < 0);
}

static bool take_row(void *ctx, const struct export_row *row)
{
	(void)ctx;
	for (int i = 0; i < row->n; i++)
		assert(row->fields[i]);
	return true;
}

static void take_latest(void *ctx, const struct outbox_row *row)
{
	(void)ctx;
	assert(row->seq > 0 && row->payload);
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
	bool doubt;
	int32_t rev;
	check(hours_newest(store, &first));
	check(hours_oldest(store, H, &first));
	check(hours_load(store, H - HOURS / 2, HOURS, values));
	check(hours_load_dust(store, H, &dust));
	check(hours_get(store, H, POLLUTANT_PM25, &mean, &rev));
	check(hours_aqi_rev(store, H, &rev));
	check(changed_pending(store, &first, &last));
	hour_begin(&hour, H, 60000, NULL);
	check(minutes_load(store, "roof", &hour));
	check(minutes_oldest(store, &minute));
	int sure =
		minutes_sure(store, &minute, &doubt); /* no damage keeps a station from starting */
	assert(sure == 0 && minute >= 0);
}

static void read_decisions(struct store *store)
{
	static struct forecasts forecasts;
	struct advice advice;
	struct rules_used rules;
	struct outbox_counts counts;
	struct outbox_row rows[10];
	char owner[FORECASTS_KEY_MAX];
	int levels[HOURS];
	int n = 0;
	check(warnings_load(store, &advice, &rules));
	check(advised_levels(store, H - HOURS / 2, HOURS, levels));
	check(releases_newest(store, take_release, NULL));
	check(forecasts_load(store, 0, &forecasts));
	check(forecasts_owner(store, "model", owner));
	check(outbox_counts(store, &counts));
	check(outbox_each_latest(store, 0, take_latest, NULL));
	check(outbox_take(store, 10, rows, &n));
	for (int i = 0; i < n; i++)
		outbox_row_done(&rows[i]);
}

static void read_directives(struct store *store)
{
	static struct timetable timetable;
	static struct alerts alerts;
	struct binding binding = {0};
	struct force_row row;
	struct event_series series;
	struct word_details details;
	struct timetable_entry entry;
	struct alert_name name;
	struct chain_check checks[VERIFIED_COUNT];
	int loaded = timetables_load(store, &timetable, &binding);
	check(loaded);
	assert(timetable.n_begun <= TIMETABLE_BEGUN_MAX);
	assert(timetable.n_pending <= TIMETABLE_PENDING_MAX);
	check(alert_log_load(store, &alerts));
	check(alert_log_name(store, 1, &name));
	check(force_log_newest(store, &row));
	check(force_log_at(store, H * 3600000, &row));
	check(events_newest(store, &series));
	check(verify_logs(store, NULL, checks));
	check(directives_details(store, 1, &details));
	check(directives_entry(store, 1, &entry));
	check(store_begin(store));
	alert_log_follow(store, &alerts);
	if (loaded == 0)
		timetables_save(store, &timetable, &binding);
	alert_log_save(store, &alerts);
	store_rollback(store);
}

static void take_mean(void *ctx, const struct auxiliary_mean *mean)
{
	(void)ctx;
	assert(mean->auxiliary > AUXILIARY_NONE && mean->auxiliary < AUXILIARY_COUNT);
	assert((mean->known || mean->calm) == (mean->quality == QUALITY_NORMAL));
	assert(mean->rev >= 0 && mean->covered_ms >= 0);
}

static void take_point(void *ctx, const struct point_hour *row)
{
	(void)ctx;
	assert(row->hour > 0 && row->rev >= 0 && (row->values.valid & ~POLLUTANT_ALL) == 0);
	assert(memchr(row->station, '\0', sizeof(row->station)));
}

static void read_beside(struct store *store)
{
	static struct hour hour, north;
	int64_t newest;
	int32_t milli = 0;
	hour_begin(&hour, H, 60000, NULL);
	hour_begin(&north, H, 60000, NULL);
	check(auxiliaries_load(store, AUXILIARY_WIND_DIRECTION, &hour, &north));
	check(auxiliaries_newest_hour(store, &newest));
	int rain = auxiliaries_rain_total(store, H * 60 - 60, H * 60, &newest, &milli);
	assert(rain == STORE_E_NONE || (rain == 0 && milli >= 0));
	struct auxiliaries_job job = {.first = (H - 50) * 60, .last = H * 60, .take = take_mean};
	for (int a = AUXILIARY_NONE + 1; a < AUXILIARY_COUNT; a++) {
		job.auxiliary = (enum auxiliary)a;
		check(auxiliaries_each_minute(store, &job));
	}
	job = (struct auxiliaries_job){AUXILIARY_NOISE, H - 50, H + 50, NULL, take_mean};
	check(auxiliaries_each_hour(store, &job));
	check(point_hours_each(store, 0, take_point, NULL));
}

static void take_answer(void *ctx, const struct relay_answer *row)
{
	(void)ctx;
	assert(row->command && row->station && row->why);
}

static void take_receipt(void *ctx, const struct receipt_row *row)
{
	(void)ctx;
	assert(row->ref && row->unit && row->person && row->outcome && row->note);
	assert(row->done_pct <= 100);
}

static void read_platform(struct store *store)
{
	static struct uplink_message sent[UPLINK_SENT_MAX];
	struct uplink uplink = {0};
	struct uplink_stretch top = {0};
	int64_t at = 0, minutes = 0;
	bool waits;
	int n = 0;
	check(uplink_get(store, "roof", &uplink));
	assert(uplink.qn >= 0 && uplink.realtime_s >= 0 && uplink.minutes >= 0);
	for (int kind = 0; kind < UPLINK_KINDS; kind++) {
		check(uplink_newest(store, "roof", (enum uplink_kind)kind, &at));
		check(uplink_top(store, "roof", (enum uplink_kind)kind, &top));
		check(uplink_count(store, "roof", (enum uplink_kind)kind, &minutes));
		check(uplink_is_waiting(store, "roof", (enum uplink_kind)kind, H, &waits));
	}
	check(uplink_sent(store, "roof", sent, &n));
	assert(n >= 0 && n <= UPLINK_SENT_MAX);
	for (int i = 0; i < n; i++) {
		assert(sent[i].kind < UPLINK_KINDS && sent[i].tries >= 0);
		check(uplink_message(store, "roof", sent[i].qn, &sent[i]));
		assert(memchr(sent[i].body, '\0', sizeof(sent[i].body)));
	}
	check(uplink_revised(store, &at));
}

static void read_words(struct store *store)
{
	static struct relay_command commands[RELAYS_MAX];
	static struct over_range over_range;
	bool known;
	int n = 0;
	check(relays_each(store, take_answer, NULL));
	check(relays_wanted(store, H * 3600000, false, commands, &n));
	assert(n >= 0 && n <= RELAYS_MAX);
	check(receipts_newest(store, 10, take_receipt, NULL));
	check(receipts_find_ref(store, "roof", &known));
	check(over_ranges_load(store, &over_range));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct store *store = the_store();
	struct bytes bytes = {data, size};
	fill(store, &bytes);
	read_hours(store);
	read_decisions(store);
	read_directives(store);
	read_beside(store);
	read_platform(store);
	read_words(store);
	for (int kind = 0; export_name(kind); kind++) {
		const struct export_job job = {kind, H - 50, H + 50, NULL, take_row, NULL};
		check(export_rows(store, &job));
	}
	return 0;
}
