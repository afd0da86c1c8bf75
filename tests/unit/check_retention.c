/* SPDX-License-Identifier: MIT */
#include "retention.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chains.h"
#include "command_quota.h"
#include "commands.h"
#include "db.h"
#include "hours.h"
#include "minutes.h"
#include "models.h"
#include "outbox.h"
#include "receipts.h"
#include "store_pruner.h"
#include "timetables.h"
#include "unit.h"
#include "verify.h"

#define H INT64_C(490000)
#define DAY 24
#define SLICES_MAX 100000

static struct store *store;
static struct retention retention;

static void run(struct db *db, const char *sql)
{
	ck_assert_msg(sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK, "%s",
		      sqlite3_errmsg(db->handle));
}

static int64_t ask(struct db *db, const char *sql)
{
	sqlite3_stmt *stmt;
	ck_assert_int_eq(sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL), SQLITE_OK);
	int64_t value = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : -1;
	sqlite3_finalize(stmt);
	return value;
}

static void setup(void)
{
	char dir[300];
	snprintf(dir, sizeof(dir), "%s/station", unit_tmpdir());
	ck_assert_int_eq(store_open(dir, &store), 0);
	retention = (struct retention){.minutes_days = 3,
				       .hours_days = 100,
				       .events_days = 100,
				       .state_quota_mb = 256,
				       .samples_quota_mb = 64};
	ck_assert_int_eq(retention_set_quotas(store, &retention), 0);
}

static void teardown(void)
{
	store = store_close(store);
}

/* 120 days of hours, 5 days of minutes, with what hangs on them, up to hour H. */
static void fill(void)
{
	char sql[2000];
	snprintf(
		sql, sizeof(sql),
		"WITH RECURSIVE h(hour) AS (SELECT %lld UNION ALL SELECT hour + 1 FROM h WHERE"
		" hour < %lld) INSERT INTO hours (hour, pollutant, mean_milli, valid, quality,"
		" covered_ms, samples, time_quality, crc) SELECT hour, 'pm25', 35000, 1, 'N', "
		"3600000,"
		" 60, 'synchronised', 0 FROM h;"
		"INSERT INTO hour_failures SELECT hour, 'pm25', 'timeout', 1 FROM hours;"
		"INSERT INTO iaqi SELECT hour, 'pm25', 50, 35000, 24, 50 FROM hours;"
		"INSERT INTO events (number, kind, about, level, previous, hour, basis) SELECT"
		" row_number() OVER (ORDER BY hour), 'hold', 'advice', 'none', 'none', hour, "
		"'observed' FROM hours"
		" WHERE hour %% 24 = 0;"
		"INSERT INTO outbox (made, class, topic, state, retain, replaces, ends_at_ack,"
		" bytes, payload, crc) SELECT 0, 0, 'warning/event', 'pending', 0, 0, 0, 6, hour, 0"
		" FROM hours WHERE hour %% 24 = 0",
		(long long)(H - 120 * DAY + 1), (long long)H);
	run(&store->state, sql);
	snprintf(sql, sizeof(sql),
		 "INSERT INTO channels (id, name) VALUES (1, 'roof');"
		 "WITH RECURSIVE m(minute) AS (SELECT %lld UNION ALL SELECT minute + 1 FROM m WHERE"
		 " minute < %lld) INSERT INTO minutes SELECT minute, 1, 60000, 60000, 60, 59, NULL "
		 "FROM"
		 " m;"
		 "INSERT INTO minute_failures SELECT minute, 1, 'timeout', 1 FROM minutes",
		 (long long)(H - 5 * DAY) * 60, (long long)H * 60 - 1);
	run(&store->samples, sql);
}

/* A forecast and a directive of long ago. */
static void fill_told(void)
{
	run(&store->state,
	    "INSERT INTO commands VALUES ('f', 'forecast', 'x', 0, 0, 'accepted', '', '{}'),"
	    " ('d', 'directive', 'x', 0, 0, 'accepted', '', '{}');"
	    "INSERT INTO forecasts VALUES ('f', 0, 's', 'x', 'model', 'hourly_aqi', 0);"
	    "INSERT INTO forecast_steps (command, hour, aqi_min, aqi_max, short_heavy)"
	    " VALUES ('f', 1, 1, 2, 0);"
	    "INSERT INTO directives (number, command, received, level, start, regional, area,"
	    " document, issuer, crc) VALUES (1, 'd', 0, 'red', 0, 0, '', '', 'x', 0)");
}

static int prune_all(int64_t now)
{
	int slices = 0;
	for (bool more = true; more && slices < SLICES_MAX; slices++) {
		more = false;
		ck_assert_int_eq(retention_prune(store, &retention, now, &more), 0);
	}
	return slices;
}

START_TEST(what_is_too_old_goes_an_hour_at_a_time_and_nothing_else)
{
	fill();
	int64_t before = ask(&store->state, "SELECT count(*) FROM hours");
	bool more = false;
	ck_assert_int_eq(retention_prune(store, &retention, H, &more), 0);
	ck_assert(more);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM hours"), before - 1);
	ck_assert_int_eq(ask(&store->samples, "SELECT count(*) FROM minutes"), (5 * DAY - 1) * 60);
	prune_all(H);
	ck_assert_int_eq(ask(&store->state, "SELECT min(hour) FROM hours"), H - 100 * DAY + 1);
	ck_assert_int_eq(ask(&store->state, "SELECT min(hour) FROM hour_failures"),
			 H - 100 * DAY + 1);
	ck_assert_int_eq(ask(&store->state, "SELECT min(hour) FROM iaqi"), H - 100 * DAY + 1);
	ck_assert_int_ge(ask(&store->state, "SELECT min(hour) FROM events"), H - 100 * DAY);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM hours"), 100 * DAY);
	ck_assert_int_eq(ask(&store->samples, "SELECT min(minute) FROM minutes"),
			 (H - 3 * DAY) * 60);
	ck_assert_int_eq(ask(&store->samples, "SELECT min(minute) FROM minute_failures"),
			 (H - 3 * DAY) * 60);
}
END_TEST

/* An hour of a point each day, up to hour H. */
static void fill_points(int days)
{
	char sql[400];
	snprintf(
		sql, sizeof(sql),
		"WITH RECURSIVE d(day) AS (SELECT 0 UNION ALL SELECT day + 1 FROM d WHERE day < %d)"
		" INSERT INTO point_hours (station, hour, rev) SELECT 'p', %lld - 24 * day, 0 FROM "
		"d",
		days - 1, (long long)H);
	run(&store->samples, sql);
}

START_TEST(what_stations_told_stays_62_days_though_minutes_go_sooner)
{
	fill_points(100);
	prune_all(0);
	ck_assert_int_eq(ask(&store->samples, "SELECT count(*) FROM point_hours"), 100);
	prune_all(H);
	ck_assert_int_eq(ask(&store->samples, "SELECT min(hour) FROM point_hours"), H - 61 * DAY);
	retention.minutes_days = 731;
	prune_all(H + 600 * DAY);
	ck_assert_int_eq(ask(&store->samples, "SELECT count(*) FROM point_hours"), 62);
}
END_TEST

START_TEST(a_full_samples_db_keeps_62_days_of_what_stations_told)
{
	retention.minutes_days = 731;
	fill_points(100);
	retention.samples_quota_mb = 1;
	run(&store->samples,
	    "CREATE TABLE filler (bytes BLOB); INSERT INTO filler VALUES (zeroblob(1000000))");
	ck_assert_int_eq(retention_set_quotas(store, &retention), 0);
	prune_all(0);
	ck_assert_int_eq(ask(&store->samples, "SELECT count(*) FROM point_hours"), 100);
	prune_all(H);
	ck_assert_int_eq(ask(&store->samples, "SELECT min(hour) FROM point_hours"), H - 61 * DAY);
}
END_TEST

/* Five days of minutes, 120 days of hours, up to hour H. */
static void fill_auxiliaries(void)
{
	char sql[1000];
	snprintf(
		sql, sizeof(sql),
		"WITH RECURSIVE m(minute) AS (SELECT %lld UNION ALL SELECT minute + 1 FROM m WHERE"
		" minute < %lld) INSERT INTO auxiliary_minutes SELECT minute, 'noise', 50000, 1, 0,"
		" 60000, 60, 60, '', NULL FROM m;"
		"WITH RECURSIVE h(hour) AS (SELECT %lld UNION ALL SELECT hour + 1 FROM h WHERE"
		" hour < %lld) INSERT INTO auxiliary_hours SELECT hour, 'noise', 50000, 'N', "
		"'none', 3600000, 60, 'synchronised', 0 FROM h",
		(long long)(H - 5 * DAY) * 60, (long long)H * 60 - 1,
		(long long)(H - 120 * DAY + 1), (long long)H);
	run(&store->samples, sql);
}

START_TEST(what_is_measured_beside_the_pollutants_goes_by_age_as_they_do)
{
	fill();
	fill_auxiliaries();
	prune_all(H);
	ck_assert_int_eq(ask(&store->samples, "SELECT min(minute) FROM auxiliary_minutes"),
			 (H - 3 * DAY) * 60);
	ck_assert_int_eq(ask(&store->samples, "SELECT min(hour) FROM auxiliary_hours"),
			 H - 100 * DAY + 1);
	ck_assert_int_eq(ask(&store->samples, "SELECT max(hour) FROM auxiliary_hours"), H);
}
END_TEST

START_TEST(what_is_measured_beside_the_pollutants_goes_before_their_minutes)
{
	retention.minutes_days = 731;
	fill();
	fill_auxiliaries();
	int64_t minutes = ask(&store->samples, "SELECT count(*) FROM minutes");
	char sql[128];
	/* of 512 pages 461 are nine tenths: five too many, of which the rows beside have dozens */
	snprintf(sql, sizeof(sql),
		 "CREATE TABLE filler (bytes BLOB); INSERT INTO filler VALUES (zeroblob(%lld))",
		 (long long)(464 - ask(&store->samples, "PRAGMA page_count")) * 4080);
	run(&store->samples, sql);
	retention.samples_quota_mb = 2;
	ck_assert_int_eq(retention_set_quotas(store, &retention), 0);
	prune_all(0);
	ck_assert_int_eq(ask(&store->samples, "SELECT count(*) FROM minutes"), minutes);
	ck_assert_int_gt(ask(&store->samples, "SELECT min(minute) FROM auxiliary_minutes"),
			 (H - 5 * DAY) * 60);
	retention.samples_quota_mb = 1;
	ck_assert_int_eq(retention_set_quotas(store, &retention), 0);
	prune_all(0);
	ck_assert_int_le(ask(&store->samples, "SELECT count(*) FROM auxiliary_minutes"), 3 * 60);
	ck_assert_int_le(ask(&store->samples, "SELECT count(*) FROM auxiliary_hours"),
			 60 * DAY + 1);
	ck_assert_int_eq(ask(&store->samples, "SELECT max(hour) FROM auxiliary_hours"), H);
}
END_TEST

START_TEST(old_forecasts_go_and_directives_stay)
{
	fill_told();
	prune_all(H);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM forecasts"), 0);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM forecast_steps"), 0);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM directives"), 1);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM commands WHERE id = 'd'"), 1);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM commands"), 1);
}
END_TEST

START_TEST(messages_advice_and_the_newest_event_are_never_pruned)
{
	fill();
	int64_t messages = ask(&store->state, "SELECT count(*) FROM outbox");
	prune_all(H + 1000 * DAY);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM outbox"), messages);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM events"), 1);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM hours"), 0);
}
END_TEST

START_TEST(without_a_certain_time_nothing_is_too_old)
{
	fill();
	ck_assert_int_eq(prune_all(0), 1);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM hours"), 120 * DAY);
}
END_TEST

START_TEST(at_nine_tenths_of_its_quota_a_file_loses_its_oldest_hours)
{
	fill();
	store->samples.quota_pages = ask(&store->samples, "PRAGMA page_count") * 10 / 9 - 2;
	store->state.quota_pages = 1;
	prune_all(0);
	int64_t minutes = ask(&store->samples, "SELECT count(*) FROM minutes");
	ck_assert_int_lt(minutes, 5 * DAY * 60);
	ck_assert_int_gt(minutes, 4 * DAY * 60);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM hours"), 60 * DAY + 1);
}
END_TEST

/* ---- logs ---- */

#define LOG_ROWS "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 120) "

/* A row a day of every log up to hour H, with hashes. */
static void fill_logs(void)
{
	char sql[1000];
	snprintf(sql, sizeof(sql),
		 LOG_ROWS
		 "INSERT INTO force_log (event, made, effective, level, directive)"
		 " SELECT n, 0, (%lld + 24 * (n - 120)) * 3600000, 'red', n FROM n;" LOG_ROWS
		 "INSERT INTO order_log (number, made, source, run, kind, level,"
		 " directive, message) SELECT n, (%lld + 24 * (n - 120)) * 3600000, 'x',"
		 " 1, 'issued', 'red', 1, n FROM n",
		 (long long)H, (long long)H);
	run(&store->state, sql);
	run(&store->state, "UPDATE outbox SET class = 0");
	ck_assert_int_eq(store_begin(store), 0);
	for (int64_t n = 1; n <= 120; n++) {
		ck_assert_int_eq(chain_seal(store, &events_chain, n), 0);
		ck_assert_int_eq(chain_seal(store, &force_chain, n), 0);
		ck_assert_int_eq(chain_seal(store, &order_chain, n), 0);
	}
	ck_assert_int_eq(store_commit(store), 0);
}

static void chains_are_whole(void)
{
	struct chain_check checks[VERIFIED_COUNT];
	ck_assert_int_eq(verify_logs(store, NULL, checks), 0);
	for (int i = 0; i < VERIFIED_COUNT; i++)
		ck_assert_msg(checks[i].bad == 0, "chain %d: %lld", i, (long long)checks[i].bad);
}

START_TEST(logs_stay_as_long_as_hours_and_their_chains_hold)
{
	fill();
	fill_logs();
	retention.hours_days = 50;
	retention.events_days = 20;
	prune_all(H);
	chains_are_whole();
	ck_assert_int_eq(ask(&store->state, "SELECT min(number) FROM events"), 71);
	ck_assert_int_eq(ask(&store->state, "SELECT min(event) FROM force_log"), 70);
	ck_assert_int_eq(ask(&store->state, "SELECT min(number) FROM order_log"), 71);
	prune_all(H + 1000 * DAY);
	chains_are_whole();
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM events"), 1);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM force_log"), 1);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM order_log"), 0);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM chain_anchors"), 3);
}
END_TEST

START_TEST(what_was_in_force_can_be_told_for_every_moment_that_is_kept)
{
	struct force_row row;
	fill();
	fill_logs();
	store_use_plan(store, models_plan());
	retention.hours_days = 50;
	retention.events_days = 20;
	prune_all(H);
	ck_assert_int_eq(force_log_at(store, (H - 50 * DAY) * HOUR_MS, &row), 0);
	ck_assert_int_eq(row.directive, 70);
	ck_assert_int_eq(force_log_at(store, (H - 49 * DAY) * HOUR_MS - 1, &row), 0);
	ck_assert_int_eq(row.directive, 70);
}
END_TEST

/* Three receipts of one unit, a forecast, a refused command, each of long before the newest. */
static void fill_sent(void)
{
	run(&store->state,
	    "INSERT INTO commands SELECT 'r' || value, 'receipt', 'x', 0, 1000 * value, 'accepted',"
	    " '', '{}' FROM json_each('[1,2,3]');"
	    "INSERT INTO receipts SELECT 'r' || value, 1000 * value, 'o', 'u', 'p', 'done', NULL,"
	    " NULL, '' FROM json_each('[1,2,3]');"
	    "INSERT INTO commands VALUES ('no', 'dust', 'x', 0, 0, 'refused', '', '{}'),"
	    " ('new', 'forecast', 'x', 0, 1764000000000, 'accepted', '', '{}');"
	    "INSERT INTO forecasts VALUES ('new', 0, 's', 'x', 'model', 'hourly_aqi', "
	    "1764000000000)");
	fill_told();
}

START_TEST(commands_go_by_age_also_without_a_forecast)
{
	run(&store->state,
	    "INSERT INTO commands VALUES ('a', 'dust', 'x', 0, 0, 'accepted', '', '{}'),"
	    " ('b', 'dust', 'x', 0, 1763900000000, 'accepted', '', '{}')");
	prune_all(H);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM commands WHERE id = 'a'"), 0);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM commands WHERE id = 'b'"), 1);
}
END_TEST

START_TEST(what_others_sent_goes_before_any_hour_when_space_is_short)
{
	bool more = false;
	fill();
	fill_logs();
	fill_sent();
	int64_t hours = ask(&store->state, "SELECT count(*) FROM hours");
	store->state.quota_pages = 1;
	ck_assert_int_eq(retention_prune(store, &retention, 0, &more), 0);
	ck_assert(more);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM hours"), hours);
	ck_assert_int_eq(ask(&store->state, "SELECT group_concat(command) = 'r3' FROM receipts"),
			 1);
	ck_assert_int_eq(ask(&store->state, "SELECT group_concat(command) = 'new' FROM forecasts"),
			 1);
	ck_assert_int_eq(ask(&store->state, "SELECT group_concat(id) = 'd,new,r3' FROM"
					    " (SELECT id FROM commands ORDER BY id)"),
			 1);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM order_log"), 120);
	ck_assert_int_eq(retention_prune(store, &retention, 0, &more), 0);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM hours"), hours - 1);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM order_log"), 120);
}
END_TEST

START_TEST(no_hour_goes_for_what_others_sent_when_that_cannot_be_read)
{
	bool more = false;
	fill();
	fill_sent();
	int64_t hours = ask(&store->state, "SELECT count(*) FROM hours");
	run(&store->state, "ALTER TABLE receipts RENAME COLUMN unit TO lost");
	store->state.quota_pages = 1;
	ck_assert_int_ne(retention_prune(store, &retention, 0, &more), 0);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM hours"), hours);
}
END_TEST

START_TEST(logs_are_the_last_to_go_when_space_is_short)
{
	bool more;
	fill();
	fill_logs();
	store->state.quota_pages = 1;
	for (int64_t hours = 120 * DAY; hours > 60 * DAY + 1; hours--) {
		ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM events"), 120);
		ck_assert_int_eq(retention_prune(store, &retention, 0, &more), 0);
	}
	prune_all(0);
	chains_are_whole();
	ck_assert_int_eq(ask(&store->state, "SELECT min(number) FROM events"), 61);
	ck_assert_int_eq(ask(&store->state, "SELECT min(number) FROM order_log"), 61);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM hours"), 60 * DAY + 1);
}
END_TEST

START_TEST(what_units_answered_stays_as_long_as_their_orders)
{
	fill();
	run(&store->state,
	    "INSERT INTO commands VALUES ('r', 'receipt', 'x', 0, 0, 'accepted', '', '{}'),"
	    " ('s', 'receipt', 'x', 0, 0, 'accepted', '', '{}');"
	    "INSERT INTO receipts VALUES ('r', 1762128000000, 'o', 'u', 'p', 'done', NULL, NULL, "
	    "''),"
	    " ('s', 0, 'o', 'u', 'p', 'done', NULL, NULL, '')");
	retention.events_days = 20;
	run(&store->state, "UPDATE receipts SET time = 3600000 * (490000 - 30 * 24)"
			   " WHERE command = 'r'");
	prune_all(H);
	prune_all(H);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM receipts"), 1);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM commands WHERE id = 'r'"), 1);
}
END_TEST

START_TEST(a_quota_is_set_again_when_a_file_is_opened_again)
{
	ck_assert_int_eq(ask(&store->samples, "PRAGMA max_page_count"), 64 * 256);
	store->samples.suspect = true;
	ck_assert_int_eq(db_ready(&store->samples), 0);
	ck_assert_int_eq(ask(&store->samples, "PRAGMA max_page_count"), 64 * 256);
}
END_TEST

/* ---- when: the clock must be sure ---- */

static struct clock_conf clock_conf = {.source = CLOCK_NTP, .holdover_h = 168, .patience_min = 30};

static int64_t hours_left(void)
{
	return ask(&store->state, "SELECT count(*) FROM hours");
}

/* A second: what the machine says, then the pruner. `off` is how wrong the wall is. */
static void second(struct store_pruner *pruner, struct clock *clock, int i, int64_t off_s,
		   bool synced)
{
	struct clock_reading reading = {.boot_us = INT64_C(1000000) * (i + 1),
					.wall_us = (H * 3600 + i + off_s) * 1000000,
					.synchronised = synced};
	if (i == 0)
		clock_init(clock, &clock_conf, &reading);
	else
		clock_update(clock, &reading, H);
	store_pruner_tick(pruner, clock, (int64_t)i * 1000 + 1,
			  clock_wall_ms(clock, reading.boot_us / 1000));
}

START_TEST(a_clock_that_is_not_synchronised_deletes_nothing_however_late_it_is)
{
	struct store_pruner pruner;
	struct clock clock;
	fill();
	store_pruner_init(&pruner, store, &retention);
	for (int i = 0; i < 3600; i++)
		second(&pruner, &clock, i, INT64_C(86400) * 3650, false);
	ck_assert_int_eq(hours_left(), 120 * DAY);
}
END_TEST

START_TEST(a_step_of_years_deletes_nothing_if_it_is_taken_back_in_ten_minutes)
{
	struct store_pruner pruner;
	struct clock clock;
	fill();
	store_pruner_init(&pruner, store, &retention);
	for (int i = 0; i < 3600; i++) {
		int64_t off_s = i % 599 < 500 ? 0 : INT64_C(86400) * 3650;
		second(&pruner, &clock, i, off_s, true);
	}
	ck_assert_int_eq(hours_left(), 120 * DAY);
}
END_TEST

START_TEST(a_clock_that_is_sure_for_ten_minutes_prunes_a_slice_a_second)
{
	struct store_pruner pruner;
	struct clock clock;
	fill();
	store_pruner_init(&pruner, store, &retention);
	for (int i = 0; i < 600; i++)
		second(&pruner, &clock, i, 0, true);
	ck_assert_int_eq(hours_left(), 120 * DAY);
	for (int i = 600; i < 760; i++)
		second(&pruner, &clock, i, 0, true);
	ck_assert_int_le(hours_left(), 120 * DAY - 100);
	ck_assert_int_ge(hours_left(), 120 * DAY - 160);
}
END_TEST

/* ---- the log of the database ---- */

static int64_t find_log_bytes(void)
{
	char path[PATH_MAX + 8];
	struct stat st = {0};
	snprintf(path, sizeof(path), "%s-wal", store->state.path);
	stat(path, &st);
	return st.st_size;
}

START_TEST(a_file_at_its_quota_is_pruned_before_anything_is_written_to_it)
{
	struct store_pruner pruner;
	fill();
	run(&store->state, "CREATE TABLE pad AS SELECT zeroblob(1000000)");
	int64_t before = ask(&store->state, "SELECT count(*) FROM hours");
	retention.state_quota_mb = 1;
	store_pruner_init(&pruner, store, &retention);
	ck_assert_int_lt(ask(&store->state, "SELECT count(*) FROM hours"), before);
}
END_TEST

START_TEST(a_file_that_comes_back_from_memory_is_looked_at_at_once)
{
	struct store_pruner pruner;
	struct clock clock;
	store_pruner_init(&pruner, store, &retention);
	second(&pruner, &clock, 0, 0, true);
	ck_assert_int_gt(pruner.next_ms, 0);
	store->state.in_memory = true;
	second(&pruner, &clock, 1, 0, true);
	store->state.in_memory = false;
	ck_assert_int_eq(pruner.next_ms, 0);
	ck_assert_int_eq(pruner.look_ms, 0);
}
END_TEST

/* Another's, such as a shell that was left open: nobody can end it. */
START_TEST(a_log_that_a_reader_let_grow_is_cut_when_the_reader_has_gone)
{
	sqlite3 *reader = NULL;
	ck_assert_int_eq(sqlite3_open_v2(store->state.path, &reader, SQLITE_OPEN_READONLY, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(
		sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM hours", NULL, NULL, NULL),
		SQLITE_OK);
	fill();
	for (int i = 0; i < 80; i++)
		run(&store->state, "UPDATE hours SET samples = samples + 1");
	ck_assert_int_gt(find_log_bytes(), 2 * DB_LOG_BYTES_MAX);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM hours"), 120 * DAY);
	sqlite3_close(reader);
	for (int i = 0; i < 3; i++)
		run(&store->state, "UPDATE hours SET samples = samples + 1 WHERE hour % 24 = 0");
	ck_assert_int_le(find_log_bytes(), DB_LOG_BYTES_MAX);
}
END_TEST

/* ---- no kind of command fills the file ---- */

#define FLOOD 3000
#define TEXT_BYTES 2000

/* As the engine does, a receipt each, of a unit of its own if `strangers`. */
static int64_t put_receipt(int i, bool strangers)
{
	char id[32], unit[32], text[TEXT_BYTES + 1], name[COMMANDS_NAME_MAX];
	int64_t gone = 0;
	snprintf(id, sizeof(id), "flood-%d", i);
	snprintf(unit, sizeof(unit), "u-%d", strangers ? i : i % 7);
	memset(text, 'x', TEXT_BYTES);
	text[TEXT_BYTES] = '\0';
	const struct command_row row = {.id = id,
					.kind = "receipt",
					.issuer = "x",
					.json = text,
					.time_ms = i,
					.received_ms = i,
					.accepted = true,
					.why = ""};
	const struct receipt_row receipt = {.ref = "o",
					    .unit = unit,
					    .person = "p",
					    .outcome = "done",
					    .time_ms = i,
					    .done_pct = RECEIPTS_UNSAID,
					    .cut_gpd = RECEIPTS_UNSAID,
					    .note = ""};
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(command_quota_make_room(store, "receipt", TEXT_BYTES, &gone), 0);
	ck_assert_int_eq(commands_put(store, &row, name), 0);
	ck_assert_int_eq(receipts_put(store, name, &receipt), 0);
	ck_assert_int_eq(store_commit(store), 0);
	return gone;
}

static void flood(bool strangers)
{
	int64_t gone = 0;
	retention.state_quota_mb = 16;
	ck_assert_int_eq(retention_set_quotas(store, &retention), 0);
	fill_told();
	for (int i = 0; i < FLOOD; i++)
		gone += put_receipt(i, strangers);
	const struct command_quota quota = command_quota_of(store, "receipt");
	int64_t bytes = ask(&store->state, "SELECT sum(length(json)) FROM commands"
					   " WHERE kind = 'receipt'");
	ck_assert_int_eq(quota.bytes, 1 << 20);
	ck_assert_int_le(bytes, quota.bytes);
	ck_assert_int_gt(bytes, quota.bytes * 8 / 10);
	ck_assert_int_gt(gone, FLOOD / 2);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM commands WHERE id IN ('d', 'f')"),
			 2);
	ck_assert_int_eq(ask(&store->state, "SELECT max(received) FROM commands"
					    " WHERE kind = 'receipt'"),
			 FLOOD - 1);
	ck_assert_int_eq(ask(&store->state, "SELECT sum(length(json)) - (SELECT bytes FROM"
					    " command_totals WHERE kind = 'receipt') FROM commands"
					    " WHERE kind = 'receipt'"),
			 0);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) - (SELECT rows FROM command_totals"
					    " WHERE kind = 'receipt') FROM commands"
					    " WHERE kind = 'receipt'"),
			 0);
}

START_TEST(receipts_have_their_share_of_the_file_and_the_superseded_go_first)
{
	for (int i = 1; i <= 7; i++) {
		put_receipt(-i, true); /* each the only one of its unit */
	}
	flood(false);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM receipts WHERE time < 0"), 7);
}
END_TEST

START_TEST(strangers_push_out_each_other_and_nothing_else)
{
	fill();
	flood(true);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM hours"), 120 * DAY);
}
END_TEST

START_TEST(a_forecast_goes_for_newer_ones_but_not_the_three_newest_of_its_source)
{
	int64_t gone = 0;
	run(&store->state,
	    "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 40)"
	    " INSERT INTO commands SELECT 'f' || n, 'forecast', 'x', n, n, 'accepted', '',"
	    " printf('%60000s', '') FROM n;"
	    "INSERT INTO forecasts SELECT id, 0, CASE WHEN received < 4 THEN 'rare' ELSE 's' END,"
	    " 'x', 'model', 'hourly_aqi', received FROM commands;"
	    "INSERT INTO forecast_steps (command, hour, aqi_min, aqi_max, short_heavy)"
	    " SELECT id, 1, 1, 2, 0 FROM commands");
	retention.state_quota_mb = 32;
	ck_assert_int_eq(retention_set_quotas(store, &retention), 0);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(command_quota_make_room(store, "forecast", 60000, &gone), 0);
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_int_gt(gone, 0);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM forecasts WHERE source = 'rare'"),
			 3);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM forecasts WHERE issued > 37"), 3);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM forecasts"),
			 ask(&store->state, "SELECT count(*) FROM forecast_steps"));
	ck_assert_int_le(ask(&store->state, "SELECT bytes FROM command_totals"), (2 << 20) - 60000);
}
END_TEST

START_TEST(no_accepted_directive_goes_for_another)
{
	int64_t gone = 0;
	run(&store->state,
	    "INSERT INTO commands VALUES ('no', 'directive', 'x', 0, 0, 'refused', '',"
	    " printf('%3000000s', '')),"
	    " ('with it', 'directive', 'x', 0, 1000000000, 'refused', '', printf('%3000000s', "
	    "''))");
	fill_told();
	retention.state_quota_mb = 16;
	ck_assert_int_eq(retention_set_quotas(store, &retention), 0);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(command_quota_make_room(store, "directive", 65536, &gone), 0);
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_int_eq(gone, 1);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM commands WHERE id = 'd'"), 1);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM commands WHERE id = 'with it'"),
			 1);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(command_quota_make_room(store, "directive", 65536, &gone), 0);
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_int_eq(gone, COMMAND_QUOTA_NOTHING_GOES);
}
END_TEST

/* What cannot be read is not counted, else a quota would be used up by rows that are gone. */
START_TEST(after_a_file_was_mended_only_the_commands_that_came_over_count)
{
	static const char zeros[4096];
	struct mended mended[STORE_FILES];
	char dir[300], path[320];
	fill_told();
	run(&store->state, "PRAGMA wal_checkpoint(TRUNCATE)");
	int64_t page =
		ask(&store->state, "SELECT rootpage FROM sqlite_schema WHERE name = 'commands'");
	ck_assert_int_gt(ask(&store->state, "SELECT sum(rows) FROM command_totals"), 0);
	store = store_close(store);
	snprintf(dir, sizeof(dir), "%s/station", unit_tmpdir());
	snprintf(path, sizeof(path), "%s/state.db", dir);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ck_assert_int_eq(pwrite(fd, zeros, sizeof(zeros), (page - 1) * 4096), sizeof(zeros));
	close(fd);
	ck_assert_int_eq(store_mend(dir, mended), 0);
	ck_assert_int_eq(store_open(dir, &store), 0);
	ck_assert_int_eq(ask(&store->state, "SELECT coalesce(sum(rows), 0) FROM command_totals"),
			 ask(&store->state, "SELECT count(*) FROM commands"));
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM commands"), 0);
}
END_TEST

START_TEST(a_quota_that_is_used_up_is_named_with_the_table_and_is_no_full_disk)
{
	store->state.quota_pages = ask(&store->state, "PRAGMA page_count") + 4;
	ck_assert_int_eq(db_limit(&store->state), 0);
	int r = 0;
	for (int i = 0; r == 0 && i < FLOOD; i++) {
		ck_assert_int_eq(store_begin(store), 0);
		struct query q =
			db_write(&store->state, "INSERT INTO meta (key, value) VALUES (?, ?)");
		query_int(&q, i);
		query_text(&q,
			   "the quota of nobody is so small that this line of text would fill it");
		query_run(&q);
		r = store_commit(store);
	}
	ck_assert_int_eq(r, STORE_E_FULL);
	ck_assert_ptr_nonnull(strstr(store_message(store), "its quota of "));
	ck_assert_ptr_nonnull(strstr(store_message(store), "table meta"));
}
END_TEST

static int note_much(int i)
{
	int r = store_begin(store);
	struct query q = db_write(&store->state, "INSERT INTO meta (key, value) VALUES (?, ?)");
	query_int(&q, i);
	query_text(&q, "what a page of a file holds thirty of, or so, with what stands around it, "
		       "is a line of text as long as this one");
	query_run(&q);
	return r == 0 ? store_commit(store) : r;
}

START_TEST(what_was_kept_in_memory_comes_back_to_a_file_at_its_quota_and_then_older_rows_go)
{
	bool full = false;
	fill();
	store_keep(store, 1 << 20);
	store->state.quota_pages = ask(&store->state, "PRAGMA page_count") + 4;
	ck_assert_int_eq(db_limit(&store->state), 0);
	for (int i = 0; i < 1000; i++)
		ck_assert(note_much(i) == 0 || note_much(i) == 0); /* the second in memory */
	ck_assert(store_kept(store).state);
	ck_assert_int_eq(store_recover(store), 0);
	ck_assert(!store_kept(store).state);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM meta WHERE CAST(key AS INTEGER)"
					    " > 0"),
			 999);
	ck_assert_int_eq(retention_is_full(store, &full), 0);
	ck_assert(full);
	int64_t before = ask(&store->state, "SELECT count(*) FROM hours");
	prune_all(0);
	ck_assert_int_lt(ask(&store->state, "SELECT count(*) FROM hours"), before);
}
END_TEST

START_TEST(raw_texts_are_the_first_to_go_but_those_of_directives)
{
	bool more = false;
	fill();
	fill_sent();
	store->state.quota_pages = 1;
	ck_assert_int_eq(retention_prune(store, &retention, 0, &more), 0);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM commands"
					    " WHERE json = '' AND id = 'r3'"),
			 1);
	ck_assert_int_eq(ask(&store->state, "SELECT count(*) FROM commands"
					    " WHERE json <> '' AND id IN ('d', 'new')"),
			 2);
}
END_TEST

START_TEST(a_file_that_fills_up_is_looked_after_within_a_minute)
{
	struct store_pruner pruner;
	struct clock clock;
	fill();
	store_pruner_init(&pruner, store, &retention);
	for (int i = 0; i < 2700; i++)
		second(&pruner, &clock, i, 0, true);
	fill_sent(); /* an hour has not passed since it was looked at */
	store->state.quota_pages = 1;
	for (int i = 2700; i < 2770; i++)
		second(&pruner, &clock, i, 0, true);
	ck_assert_int_le(ask(&store->state, "SELECT count(*) FROM receipts"), 1);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("retention");
	TCase *tc = tcase_create("retention");
	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, what_is_too_old_goes_an_hour_at_a_time_and_nothing_else);
	tcase_add_test(tc, what_stations_told_stays_62_days_though_minutes_go_sooner);
	tcase_add_test(tc, a_full_samples_db_keeps_62_days_of_what_stations_told);
	tcase_add_test(tc, what_is_measured_beside_the_pollutants_goes_by_age_as_they_do);
	tcase_add_test(tc, what_is_measured_beside_the_pollutants_goes_before_their_minutes);
	tcase_add_test(tc, old_forecasts_go_and_directives_stay);
	tcase_add_test(tc, messages_advice_and_the_newest_event_are_never_pruned);
	tcase_add_test(tc, without_a_certain_time_nothing_is_too_old);
	tcase_add_test(tc, at_nine_tenths_of_its_quota_a_file_loses_its_oldest_hours);
	tcase_add_test(tc, logs_stay_as_long_as_hours_and_their_chains_hold);
	tcase_add_test(tc, what_was_in_force_can_be_told_for_every_moment_that_is_kept);
	tcase_add_test(tc, commands_go_by_age_also_without_a_forecast);
	tcase_add_test(tc, what_others_sent_goes_before_any_hour_when_space_is_short);
	tcase_add_test(tc, no_hour_goes_for_what_others_sent_when_that_cannot_be_read);
	tcase_add_test(tc, logs_are_the_last_to_go_when_space_is_short);
	tcase_add_test(tc, what_units_answered_stays_as_long_as_their_orders);
	tcase_add_test(tc, receipts_have_their_share_of_the_file_and_the_superseded_go_first);
	tcase_add_test(tc, strangers_push_out_each_other_and_nothing_else);
	tcase_add_test(tc, a_forecast_goes_for_newer_ones_but_not_the_three_newest_of_its_source);
	tcase_add_test(tc, no_accepted_directive_goes_for_another);
	tcase_add_test(tc, after_a_file_was_mended_only_the_commands_that_came_over_count);
	tcase_add_test(tc, a_quota_that_is_used_up_is_named_with_the_table_and_is_no_full_disk);
	tcase_add_test(
		tc,
		what_was_kept_in_memory_comes_back_to_a_file_at_its_quota_and_then_older_rows_go);
	tcase_add_test(tc, raw_texts_are_the_first_to_go_but_those_of_directives);
	tcase_add_test(tc, a_file_that_fills_up_is_looked_after_within_a_minute);
	tcase_add_test(tc, a_quota_is_set_again_when_a_file_is_opened_again);
	tcase_add_test(tc, a_clock_that_is_not_synchronised_deletes_nothing_however_late_it_is);
	tcase_add_test(tc, a_step_of_years_deletes_nothing_if_it_is_taken_back_in_ten_minutes);
	tcase_add_test(tc, a_clock_that_is_sure_for_ten_minutes_prunes_a_slice_a_second);
	tcase_add_test(tc, a_file_at_its_quota_is_pruned_before_anything_is_written_to_it);
	tcase_add_test(tc, a_file_that_comes_back_from_memory_is_looked_at_at_once);
	tcase_add_test(tc, a_log_that_a_reader_let_grow_is_cut_when_the_reader_has_gone);
	suite_add_tcase(suite, tc);
	return suite;
}
