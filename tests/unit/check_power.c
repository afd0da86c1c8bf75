/* SPDX-License-Identifier: MIT */
/* Power cuts and failing disks, at every operation of what the station does all its life. */
#include <stdio.h>
#include <string.h>

#include "auxiliaries.h"
#include "db.h"
#include "disk.h"
#include "events.h"
#include "hours.h"
#include "minutes.h"
#include "models.h"
#include "outbox_one.h"
#include "outlook_shown.h"
#include "relays.h"
#include "resends.h"
#include "unit.h"
#include "uplink.h"
#include "warnings.h"

#define FIRST_HOURS 3
#define MESSAGES 3 /* of each hour */
#define CUTS_AT_RANDOM 1000
#define CUTS_WITHOUT_SYNC 60
#define MOST_OPERATIONS 1500

static struct store *store;
static int64_t acknowledged; /* the newest hour whose commit was told to have worked */
static int64_t confirmed;    /* how many messages the broker has */
static int64_t received;     /* how many messages a platform of HJ 212 has */

static int open_station(void)
{
	char dir[300];
	snprintf(dir, sizeof(dir), "%s/station", unit_tmpdir());
	int r = store_open(dir, &store);
	if (r == 0)
		store_use_plan(store, models_plan());
	return r;
}

static void close_station(void)
{
	store = store_close(store);
}

static int put_messages(int64_t hour)
{
	char payload[300];
	int r = 0, dropped = 0;
	for (int i = 0; i < MESSAGES && r == 0; i++) {
		struct outbox_row row = {.class = OUTBOX_WARNING, .topic = "warning/event"};
		snprintf(payload, sizeof(payload), "{\"hour\": %lld, \"text\": \"%0200d\"}",
			 (long long)hour, i);
		row.payload = payload;
		r = outbox_next_seq(store, &row.seq);
		if (r == 0)
			r = outbox_append(store, &row, &dropped);
	}
	return r;
}

/* What an HJ 212 platform is to get, what a district's station answered, what somebody asked for,
 * and what the outlook proved. */
static int put_beside(int64_t hour)
{
	const struct uplink uplink = {.qn = hour};
	const struct uplink_stretch stretch = {(hour - 1) * HOUR_MINUTES, hour * HOUR_MINUTES};
	const struct uplink_message message = {
		.qn = hour, .period = stretch.upto, .body = "DataTime=..."};
	char command[24];
	int64_t given_up = 0;
	snprintf(command, sizeof(command), "c-%lld", (long long)hour);
	const struct relay_answer answer = {command, "s-1", false, "", hour * HOUR_MS};
	int r = uplink_put(store, "p", &uplink);
	if (r == 0)
		r = uplink_put_newest(store, "p", UPLINK_HOURS, stretch.upto);
	if (r == 0)
		r = uplink_wait(store, "p", UPLINK_HOURS, stretch, &given_up);
	if (r == 0)
		r = uplink_send(store, "p", &message);
	if (r == 0)
		r = relays_put(store, &answer);
	if (r == 0)
		r = resends_put(store, hour, hour);
	return r == 0 ? outlook_shown_save(store, "model", true, hour) : r;
}

static int put_hour(int64_t hour)
{
	const struct hour_mean mean = {.valid = true,
				       .mean_milli = (int32_t)hour,
				       .covered_ms = HOUR_MS,
				       .quality = QUALITY_NORMAL,
				       .samples = 60};
	const struct event_row event = {.number = hour,
					.kind = EVENT_ISSUE,
					.made_ms = hour * HOUR_MS,
					.hour = hour,
					.basis = "observed",
					.revised = -1,
					.plan = "plan",
					.edition = "edition",
					.message = "{}"};
	const struct advice advice = {.last_hour = hour, .last_event = hour};
	const struct rules_used rules = {.edition = "edition", .plan = "plan"};
	int r = 0;
	for (int p = 0; p < POLLUTANT_COUNT && r == 0; p++)
		r = hours_put(store, hour, (enum pollutant)p, &mean, TIME_SYNCHRONISED);
	if (r == 0)
		r = warnings_save(store, &advice, &rules);
	if (r == 0)
		r = events_append(store, &event);
	if (r == 0)
		r = put_beside(hour);
	return r == 0 ? put_messages(hour) : r;
}

static int commit_hour(int64_t hour)
{
	int r = store_begin(store);
	if (r != 0)
		return r;
	r = put_hour(hour);
	int end = store_commit(store);
	return r ? r : end;
}

/* The last of an hour, which for a data logger and for auxiliary quantities is all of it. */
static int commit_minute(int64_t minute)
{
	const struct minute sums = {.weighted = 60000, .covered_ms = 60000, .samples = 60};
	const struct auxiliary_mean mean = {.auxiliary = AUXILIARY_NOISE,
					    .at = minute / HOUR_MINUTES + 1,
					    .quality = QUALITY_NORMAL};
	int r = store_samples_begin(store);
	if (r != 0)
		return r;
	r = minutes_put(store, minute, "roof", &sums);
	if (r == 0)
		r = minutes_put(store, minute, "logger/hour", &sums);
	if (r == 0)
		r = auxiliaries_put_minute(store, minute, AUXILIARY_NOISE, &sums, NULL);
	if (r == 0)
		r = auxiliaries_put_hour(store, &mean);
	if (r == 0)
		r = minutes_begin_doubt(store, minute);
	int end = store_samples_commit(store);
	return r ? r : end;
}

/* The platform has the oldest of its messages, and says so. */
static int receive_one(void)
{
	const struct uplink_stretch stretch = {received * HOUR_MINUTES,
					       (received + 1) * HOUR_MINUTES};
	int r = store_begin(store);
	if (r != 0)
		return r;
	r = uplink_end(store, "p", received + 1);
	if (r == 0)
		r = uplink_drop(store, "p", UPLINK_HOURS, stretch);
	int end = store_commit(store);
	if (r == 0 && end == 0)
		received++;
	return r ? r : end;
}

/* The first row that waits is sent, and its answer comes. */
static int deliver_one(void)
{
	struct outbox_row row;
	int n = 0;
	int r = outbox_take(store, 1, &row, &n);
	if (r != 0 || n == 0)
		return r;
	int64_t seq = row.seq;
	outbox_row_done(&row);
	r = outbox_confirm(store, seq);
	if (r == 0)
		confirmed++;
	return r;
}

/* An hour with its last minute and a delivery; stops at the first call that fails. */
static int live_an_hour(void)
{
	int64_t hour = acknowledged + 1;
	int r = commit_minute(hour * HOUR_MINUTES - 1);
	if (r == 0)
		r = commit_hour(hour);
	if (r == 0) {
		acknowledged = hour;
		r = deliver_one();
	}
	return r == 0 ? receive_one() : r;
}

static int64_t ask(struct db *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	ck_assert_msg(sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL) == SQLITE_OK, "%s: %s",
		      sql, sqlite3_errmsg(db->handle));
	int64_t value = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : -1;
	sqlite3_finalize(stmt);
	return value;
}

static bool is_whole(struct db *db)
{
	sqlite3_stmt *stmt = NULL;
	bool whole = sqlite3_prepare_v2(db->handle, "PRAGMA integrity_check", -1, &stmt, NULL) ==
			     SQLITE_OK &&
		     sqlite3_step(stmt) == SQLITE_ROW &&
		     strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") == 0;
	sqlite3_finalize(stmt);
	return whole;
}

/* The tables beside the hours, of which there are so many. */
static bool is_all_beside(int64_t hours)
{
	static const char *const newest[] = {
		"SELECT coalesce(max(qn), 0) FROM uplinks",
		"SELECT coalesce(max(upto), 0) / 60 FROM uplink_newest",
		"SELECT count(*) FROM relays",
	};
	int64_t first = 0, last = 0, since = 0;
	bool shown, good = true;
	for (size_t i = 0; i < sizeof(newest) / sizeof(newest[0]); i++)
		good = good && ask(&store->state, newest[i]) == hours;
	resends_get(store, &first, &last);
	outlook_shown_load(store, "model", &shown, &since);
	/* an acknowledgement may have come that was not told of */
	int64_t left = ask(&store->state, "SELECT count(*) FROM uplink_sent");
	return good && last == hours && since == hours && left >= hours - received - 1 &&
	       left <= hours - received &&
	       ask(&store->state, "SELECT coalesce(sum(upto - after), 0) FROM uplink_waiting") ==
		       left * HOUR_MINUTES;
}

static bool is_all_sampled(void)
{
	static const char *const counts[] = {
		"SELECT count(*) FROM minutes JOIN channels ON id = channel WHERE name = 'roof'",
		"SELECT count(*) FROM minutes JOIN channels ON id = channel WHERE name LIKE '%/%'",
		"SELECT count(*) FROM auxiliary_minutes",
		"SELECT count(*) FROM auxiliary_hours",
		"SELECT newest / 60 + 1 FROM sure_minutes",
	};
	bool good = true;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		good = good && ask(&store->samples, counts[i]) >= acknowledged;
	return good;
}

/* Everything that was acknowledged, and of the rest whole hours only. */
static bool is_all_there(void)
{
	struct advice advice;
	struct rules_used rules;
	int64_t hours = ask(&store->state, "SELECT coalesce(max(hour), 0) FROM hours");
	bool good = is_whole(&store->state) && is_whole(&store->samples) && hours >= acknowledged &&
		    hours <= acknowledged + 1;
	good = good && ask(&store->state, "SELECT count(*) FROM hours") == hours * POLLUTANT_COUNT;
	good = good && ask(&store->state, "SELECT count(*) FROM events") == hours;
	good = good && is_all_sampled() && is_all_beside(hours);
	good = good && (hours == 0 ||
			(warnings_load(store, &advice, &rules) == 0 && advice.last_hour == hours));
	/* an answer may have come that was not acknowledged */
	int64_t left = ask(&store->state, "SELECT count(*) FROM outbox");
	good = good && left >= hours * MESSAGES - confirmed - 1 &&
	       left <= hours * MESSAGES - confirmed;
	return good && ask(&store->state, "SELECT count(DISTINCT payload) FROM outbox") == left;
}

/* A station of some hours. */
static void begin_anew(void)
{
	static int64_t kept_acknowledged, kept_confirmed, kept_received;
	if (kept_acknowledged == 0) {
		disk_format();
		acknowledged = confirmed = received = 0;
		ck_assert_int_eq(open_station(), 0);
		for (int i = 0; i < FIRST_HOURS; i++)
			ck_assert_int_eq(live_an_hour(), 0);
		close_station();
		disk_keep();
		kept_acknowledged = acknowledged;
		kept_confirmed = confirmed;
		kept_received = received;
	}
	disk_take_kept();
	acknowledged = kept_acknowledged;
	confirmed = kept_confirmed;
	received = kept_received;
	ck_assert_int_eq(open_station(), 0);
}

/* True if everything acknowledged was there after the cut. */
static bool survives(void)
{
	close_station();
	disk_restart();
	int r = open_station();
	bool good = r == 0 && is_all_there();
	close_station();
	return good;
}

static int operations_of_an_hour(void)
{
	begin_anew();
	disk_cut(0);
	ck_assert_int_eq(live_an_hour(), 0);
	int n = disk_operations();
	close_station();
	return n;
}

START_TEST(a_power_cut_at_any_operation_of_an_hour_loses_nothing_acknowledged)
{
	int n = operations_of_an_hour();
	ck_assert_int_gt(n, 20);
	for (int at = 1; at <= n; at++) {
		for (int round = 0; round < 2; round++) {
			begin_anew();
			disk_cut(at);
			live_an_hour();
			ck_assert_msg(survives(), "cut at operation %d of %d", at, n);
		}
	}
	printf("# %d operations, 2 cuts each\n", n);
}
END_TEST

/* Lives until the power fails. */
static bool live_until_cut(int at, bool synced)
{
	begin_anew();
	if (!synced) {
		sqlite3_exec(store->state.handle, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
		sqlite3_exec(store->samples.handle, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
	}
	disk_cut(at);
	while (!disk_struck())
		live_an_hour();
	return survives();
}

static void survive_cuts(int n)
{
	for (int i = 0; i < n; i++) {
		int at = 1 + (int)(unit_random() % MOST_OPERATIONS);
		ck_assert_msg(live_until_cut(at, true), "cut %d, at operation %d", i, at);
	}
}

START_TEST(a_hundred_power_cuts_lose_nothing_acknowledged)
{
	survive_cuts(100);
}
END_TEST

START_TEST(a_thousand_power_cuts_lose_nothing_acknowledged)
{
	survive_cuts(CUTS_AT_RANDOM);
}
END_TEST

/* One row of each table is lost. */
START_TEST(a_row_that_is_missing_is_missed)
{
	static const char *const state[] = {"hours",          "events",  "advice",
					    "outbox",         "uplinks", "uplink_newest",
					    "uplink_waiting", "relays",  "meta"};
	static const char *const samples[] = {"minutes", "auxiliary_minutes", "auxiliary_hours",
					      "sure_minutes"};
	enum { STATE = sizeof(state) / sizeof(*state) };
	char sql[200];
	begin_anew();
	ck_assert_int_eq(commit_minute((acknowledged + 1) * HOUR_MINUTES - 1), 0);
	ck_assert_int_eq(commit_hour(acknowledged + 1), 0);
	acknowledged++;
	ck_assert(is_all_there());
	for (int i = 0; i < STATE + (int)(sizeof(samples) / sizeof(*samples)); i++) {
		struct db *db = i < STATE ? &store->state : &store->samples;
		snprintf(sql, sizeof(sql), "SAVEPOINT one; DELETE FROM %s",
			 i < STATE ? state[i] : samples[i - STATE]);
		ck_assert_int_eq(sqlite3_exec(db->handle, sql, NULL, NULL, NULL), SQLITE_OK);
		ck_assert_msg(!is_all_there(), "%s", sql);
		sqlite3_exec(db->handle, "ROLLBACK TO one; RELEASE one", NULL, NULL, NULL);
		ck_assert_msg(is_all_there(), "after %s", sql);
	}
	close_station();
}
END_TEST

START_TEST(without_syncs_the_same_cuts_do_lose_hours)
{
	int lost = 0;
	for (int i = 0; i < CUTS_WITHOUT_SYNC; i++)
		lost += !live_until_cut(1 + (int)(unit_random() % MOST_OPERATIONS), false);
	ck_assert_int_gt(lost, CUTS_WITHOUT_SYNC / 4);
	printf("# %d of %d cuts lost something\n", lost, CUTS_WITHOUT_SYNC);
}
END_TEST

START_TEST(a_power_cut_while_the_tables_are_made_leaves_a_disk_that_opens)
{
	int at = 0;
	do {
		disk_format();
		at += 1 + (int)(unit_random() % 5);
		disk_cut(at);
		open_station();
		close_station();
		bool was_struck = disk_struck();
		disk_restart();
		ck_assert_int_eq(open_station(), 0);
		acknowledged = confirmed = received = 0;
		ck_assert_int_eq(live_an_hour(), 0);
		ck_assert(is_all_there());
		close_station();
		if (!was_struck)
			break;
	} while (at < MOST_OPERATIONS);
	ck_assert_int_gt(at, 50);
}
END_TEST

/* As the engine does: what fails in the middle is done once more. */
static int live_an_hour_in_memory(void)
{
	int64_t hour = acknowledged + 1;
	int r = commit_minute(hour * HOUR_MINUTES - 1);
	if (r != 0)
		r = commit_minute(hour * HOUR_MINUTES - 1);
	ck_assert_int_eq(r, 0);
	r = commit_hour(hour);
	if (r != 0)
		r = commit_hour(hour);
	ck_assert_int_eq(r, 0);
	acknowledged = hour;
	r = deliver_one();
	if (r != 0)
		r = deliver_one();
	ck_assert_int_eq(r, 0);
	r = receive_one();
	return r != 0 ? receive_one() : 0;
}

static void fail_and_recover(int at, int times, bool is_full)
{
	begin_anew();
	store_keep(store, 1 << 20);
	disk_fail(at, times, is_full);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(live_an_hour_in_memory(), 0);
	disk_fail(0, 0, false);
	int r = store_recover(store);
	ck_assert_msg(r == 0, "failed at %d: %s", at, store_message(store));
	ck_assert(!store_is_volatile(store));
	ck_assert_int_eq(live_an_hour(), 0);
	ck_assert_msg(is_all_there(), "failed at %d, %d times", at, times);
	close_station();
	ck_assert_int_eq(open_station(), 0);
	ck_assert_msg(is_all_there(), "failed at %d, %d times", at, times);
	close_station();
}

START_TEST(an_io_error_at_any_operation_loses_no_hour_and_no_message)
{
	int n = operations_of_an_hour();
	for (int at = 1; at <= 2 * n; at += 1 + (int)(unit_random() % 4))
		fail_and_recover(at, unit_random() % 2 ? 1 : -1, false);
}
END_TEST

START_TEST(a_disk_full_from_any_operation_on_loses_no_hour_and_no_message)
{
	int n = operations_of_an_hour();
	for (int at = 1; at <= 2 * n; at += 1 + (int)(unit_random() % 4))
		fail_and_recover(at, -1, true);
}
END_TEST

START_TEST(a_recovery_that_fails_at_any_operation_loses_nothing)
{
	int at = 0;
	bool was_struck = true;
	while (was_struck) {
		begin_anew();
		store_keep(store, 1 << 20);
		disk_fail(1, -1, false);
		for (int i = 0; i < 3; i++)
			ck_assert_int_eq(live_an_hour_in_memory(), 0);
		at += 1 + (int)(unit_random() % 3);
		disk_fail(at, 5, false);
		store_recover(store);
		was_struck = disk_struck();
		disk_fail(0, 0, false);
		ck_assert_int_eq(live_an_hour_in_memory(), 0);
		ck_assert_int_eq(store_recover(store), 0);
		ck_assert_msg(is_all_there(), "failed at %d", at);
		close_station();
	}
	ck_assert_int_gt(at, 20);
}
END_TEST

START_TEST(a_power_cut_after_a_recovery_finds_everything_on_disk)
{
	for (int i = 0; i < 50; i++) {
		begin_anew();
		store_keep(store, 1 << 20);
		disk_fail(1 + i, -1, false);
		for (int n = 0; n < 3; n++)
			ck_assert_int_eq(live_an_hour_in_memory(), 0);
		disk_fail(0, 0, false);
		ck_assert_int_eq(store_recover(store), 0);
		store_keep(store, 0); /* what memory takes from here on is not meant */
		disk_cut(1);
		live_an_hour();
		ck_assert(survives());
	}
}
END_TEST

START_TEST(a_full_memory_drops_the_oldest_changes_and_counts_them)
{
	begin_anew();
	store_keep(store, 40000);
	disk_fail(1, -1, false);
	for (int i = 0; i < 40; i++)
		ck_assert_int_eq(live_an_hour_in_memory(), 0);
	struct store_kept kept = store_kept(store);
	ck_assert(kept.state);
	ck_assert_int_gt(kept.lost, 0);
	disk_fail(0, 0, false);
	ck_assert_int_eq(store_recover(store), 0);
	ck_assert_int_eq(ask(&store->state, "SELECT max(hour) FROM hours"), acknowledged);
	ck_assert_int_lt(ask(&store->state, "SELECT count(DISTINCT hour) FROM hours"),
			 acknowledged);
	ck_assert(is_whole(&store->state));
	close_station();
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("power");
	TCase *tc = tcase_create("power");
	tcase_set_timeout(tc, 200);
	tcase_add_unchecked_fixture(tc, disk_install, NULL);
	tcase_add_test(tc, a_power_cut_at_any_operation_of_an_hour_loses_nothing_acknowledged);
	tcase_add_test(tc, a_hundred_power_cuts_lose_nothing_acknowledged);
	tcase_add_test(tc, a_row_that_is_missing_is_missed);
	tcase_add_test(tc, without_syncs_the_same_cuts_do_lose_hours);
	tcase_add_test(tc, a_power_cut_while_the_tables_are_made_leaves_a_disk_that_opens);
	tcase_add_test(tc, an_io_error_at_any_operation_loses_no_hour_and_no_message);
	tcase_add_test(tc, a_disk_full_from_any_operation_on_loses_no_hour_and_no_message);
	tcase_add_test(tc, a_recovery_that_fails_at_any_operation_loses_nothing);
	tcase_add_test(tc, a_power_cut_after_a_recovery_finds_everything_on_disk);
	tcase_add_test(tc, a_full_memory_drops_the_oldest_changes_and_counts_them);
	suite_add_tcase(suite, tc);
	TCase *slow = unit_slow_case(suite, 200);
	tcase_add_unchecked_fixture(slow, disk_install, NULL);
	tcase_add_test(slow, a_thousand_power_cuts_lose_nothing_acknowledged);
	return suite;
}
