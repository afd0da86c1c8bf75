/* SPDX-License-Identifier: MIT */
/* What people said: how long it stays, and what ten thousand commands cost. */
#include <stdio.h>
#include <string.h>

#include "command_quota.h"
#include "db.h"
#include "models.h"
#include "past.h"
#include "retention.h"
#include "unit.h"

#define H INT64_C(490000)
#define DAY 24
#define DAY_MS INT64_C(86400000)
#define MANY 10000
#define OPS_A_LOOK 100 /* SQLite's operations between two looks at the counter */

static struct store *store;
static struct retention retention = {.minutes_days = 3,
				     .hours_days = 100,
				     .events_days = 100,
				     .state_quota_mb = 256,
				     .samples_quota_mb = 64};

static void run(const char *sql)
{
	ck_assert_msg(sqlite3_exec(store->state.handle, sql, NULL, NULL, NULL) == SQLITE_OK, "%s",
		      sqlite3_errmsg(store->state.handle));
}

static int64_t ask(const char *sql)
{
	sqlite3_stmt *stmt;
	ck_assert_int_eq(sqlite3_prepare_v2(store->state.handle, sql, -1, &stmt, NULL), SQLITE_OK);
	int64_t value = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : -1;
	sqlite3_finalize(stmt);
	return value;
}

/* The numbers that a statement finds, one after the other. */
static const char *list(const char *sql)
{
	static char text[4000];
	size_t n = 0;
	sqlite3_stmt *stmt;
	text[0] = '\0';
	ck_assert_int_eq(sqlite3_prepare_v2(store->state.handle, sql, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW && n < sizeof(text) - 30)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%lld", n > 0 ? " " : "",
				      (long long)sqlite3_column_int64(stmt, 0));
	sqlite3_finalize(stmt);
	return text;
}

/* 120 days of hours up to H, every 12th, and nothing said yet. */
static void setup(void)
{
	char dir[300], sql[1000];
	snprintf(dir, sizeof(dir), "%s/station", unit_tmpdir());
	ck_assert_int_eq(store_open(dir, &store), 0);
	store_use_plan(store, models_plan());
	ck_assert_int_eq(retention_set_quotas(store, &retention), 0);
	snprintf(sql, sizeof(sql),
		 "WITH RECURSIVE h(hour) AS (SELECT %lld UNION ALL SELECT hour + 12 FROM h WHERE"
		 " hour < %lld) INSERT INTO hours (hour, pollutant, mean_milli, valid, quality,"
		 " covered_ms, samples, time_quality, crc) SELECT hour, 'pm25', 35000, 1, 'N',"
		 " 3600000, 60, 'synchronised', 0 FROM h;"
		 "INSERT INTO timetable_state VALUES (1, 0, 0, 0, '', 0, 0, 'none', 0)",
		 (long long)(H - 120 * DAY), (long long)H);
	run(sql);
}

static void teardown(void)
{
	store = store_close(store);
}

/* A directive that was accepted so many days before the newest hour. */
static void put_directive(int number, double days_ago)
{
	char sql[600];
	const int64_t at_ms = H * 3600000 - (int64_t)(days_ago * (double)DAY_MS);
	snprintf(sql, sizeof(sql),
		 "INSERT INTO commands VALUES ('directive//d-%d', 'directive', 'x', %lld, %lld,"
		 " 'accepted', '', '{}');"
		 "INSERT INTO directives (number, command, received, level, start, regional, area,"
		 " document, issuer, crc) VALUES (%d, 'directive//d-%d', %lld, 'red', %lld, 0, '',"
		 " '', 'x', 0)",
		 number, (long long)at_ms, (long long)at_ms, number, number, (long long)at_ms,
		 (long long)at_ms);
	run(sql);
}

static void put_in_force(int event, double days_ago, const char *level, int directive)
{
	char sql[300];
	const int64_t at_ms = H * 3600000 - (int64_t)(days_ago * (double)DAY_MS);
	snprintf(sql, sizeof(sql),
		 "INSERT INTO force_log VALUES (%d, %lld, %lld, '%s', %d, NULL, NULL)", event,
		 (long long)at_ms, (long long)at_ms, level, directive);
	run(sql);
}

static void put_slip(int id, double days_ago, int directive, const char *fault)
{
	char sql[600];
	const int64_t at_ms = H * 3600000 - (int64_t)(days_ago * (double)DAY_MS);
	snprintf(sql, sizeof(sql),
		 "INSERT INTO commands VALUES ('release//r-%d', 'release', 'x', %lld, %lld,"
		 " 'accepted', '', '{}');"
		 "INSERT INTO releases (id, command, number, level, reviewer, signer, post,"
		 " directive, directive_number, fault, post_differs)"
		 " VALUES (%d, 'release//r-%d', '', 'red', '', '', '', '', %d, '%s', 0)",
		 id, (long long)at_ms, (long long)at_ms, id, id, directive, fault);
	run(sql);
}

static void put_review(int id, double days_ago, int64_t first, int64_t last)
{
	char sql[600];
	const int64_t at_ms = H * 3600000 - (int64_t)(days_ago * (double)DAY_MS);
	snprintf(sql, sizeof(sql),
		 "INSERT INTO commands VALUES ('review//v-%d', 'review', 'x', %lld, %lld,"
		 " 'accepted', '', '{}');"
		 "INSERT INTO reviews VALUES ('review//v-%d', %d, %lld, %lld, 'pm25', 0, '', '')",
		 id, (long long)at_ms, (long long)at_ms, id, id, (long long)first, (long long)last);
	run(sql);
}

static void prune(void)
{
	bool more = true;
	for (int slices = 0; more && slices < 10000; slices++) {
		more = false;
		ck_assert_int_eq(retention_prune(store, &retention, H, &more), 0);
	}
	ck_assert(!more);
}

static void make_room(const char *kind, size_t bytes, int64_t *gone)
{
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(command_quota_make_room(store, kind, bytes, gone), 0);
	ck_assert_int_eq(store_commit(store), 0);
}

/* So small that a command of the kind has no room: the quota is a share of it. */
static void use_up_quota(void)
{
	store->state.quota_pages = 10;
}

/* ---- by age ---- */

START_TEST(a_directive_of_before_all_that_is_kept_goes_with_its_command)
{
	put_directive(1, 400);
	put_directive(2, 101);
	put_directive(3, 99);
	put_directive(4, 1);
	prune();
	ck_assert_str_eq(list("SELECT number FROM directives"), "3 4");
	ck_assert_int_eq(ask("SELECT count(*) FROM commands"), 2);
	ck_assert_int_eq(ask("SELECT rows FROM command_totals WHERE kind = 'directive'"), 2);
}
END_TEST

START_TEST(the_newest_directive_stays_for_ever_as_the_next_counts_on_from_it)
{
	put_directive(1, 4001);
	put_directive(2, 4000);
	prune();
	ck_assert_str_eq(list("SELECT number FROM directives"), "2");
}
END_TEST

START_TEST(what_is_in_force_pending_or_of_the_episode_that_runs_stays_however_old)
{
	for (int i = 1; i <= 8; i++)
		put_directive(i, 410 - i);
	put_directive(9, 1);
	/* 3 began the episode, 5 is the newest begun, 2 is pending since long before */
	run("INSERT INTO timetable (number, level, start, time, said, accepted, announced,"
	    " released, turn, id, document, issuer, crc) VALUES"
	    " (5, 'red', 0, 0, 0, 0, 1, 0, 2, 'd-5', '', 'x', 0),"
	    " (2, 'red', 0, 0, 0, 0, 1, 0, NULL, 'd-2', '', 'x', 0);"
	    "UPDATE timetable_state SET episode = 3");
	prune();
	ck_assert_str_eq(list("SELECT number FROM directives"), "2 3 4 5 6 7 8 9");
	run("UPDATE timetable_state SET episode = 0, binding = 4");
	prune();
	ck_assert_str_eq(list("SELECT number FROM directives"), "2 4 5 9");
}
END_TEST

START_TEST(what_belongs_to_an_episode_of_the_log_stays_as_long_as_the_log)
{
	/* 1 came before the episode, 2 and 4 were in force, 3 came meanwhile, 5 after it */
	put_directive(1, 402);
	put_directive(2, 401);
	put_directive(3, 200);
	put_directive(4, 90);
	put_directive(5, 70);
	put_directive(6, 1);
	put_in_force(1, 401, "orange", 2);
	put_in_force(2, 89, "red", 4);
	put_in_force(3, 80, "none", 4);
	put_slip(1, 200, 2, "good");
	put_slip(2, 199, 1, "good");
	put_slip(3, 1, 6, "good");
	prune();
	ck_assert_str_eq(list("SELECT number FROM directives"), "2 3 4 5 6");
	ck_assert_str_eq(list("SELECT id FROM releases"), "1 3");
}
END_TEST

START_TEST(a_review_stays_as_long_as_one_of_its_hours)
{
	put_review(1, 101, 1, H - 101 * DAY);
	put_review(2, 101, 1, H - 98 * DAY);
	put_review(3, 1, 1, 2);
	put_directive(1, 400);
	prune();
	ck_assert_str_eq(list("SELECT time FROM reviews"), "2 3");
	ck_assert_int_eq(ask("SELECT count(*) FROM commands WHERE kind = 'review'"), 2);
}
END_TEST

START_TEST(without_a_timetable_no_directive_goes)
{
	put_directive(1, 400);
	put_directive(2, 1);
	run("DELETE FROM timetable_state");
	prune();
	ck_assert_str_eq(list("SELECT number FROM directives"), "1 2");
}
END_TEST

/* ---- when the share is used up ---- */

START_TEST(a_directive_makes_room_for_a_newer_one_after_sixty_days_and_not_before)
{
	int64_t gone = 0;
	put_directive(1, 64);
	put_directive(2, 63);
	put_directive(3, 62);
	put_directive(4, 59);
	put_directive(5, 0);
	put_in_force(1, 62.5, "red", 2);
	put_in_force(2, 61, "none", 2);
	use_up_quota();
	make_room("directive", 64000, &gone);
	/* 2 was in force, 3 came meanwhile */
	ck_assert_str_eq(list("SELECT number FROM directives"), "2 3 4 5");
	ck_assert_int_eq(gone, 2);
	make_room("directive", 64000, &gone);
	ck_assert_int_eq(gone, COMMAND_QUOTA_NOTHING_GOES);
}
END_TEST

START_TEST(faulty_slips_and_reviews_of_the_same_hours_make_room_after_an_hour)
{
	int64_t gone = 0;
	put_directive(1, 1);
	put_slip(1, 0.5, 1, "good");
	put_slip(2, 0.4, 1, "of_nothing");
	put_slip(3, 0.3, 1, "of_nothing");
	put_review(1, 0.5, H - 5, H);
	put_review(2, 0.4, H - 5, H - 1);
	put_review(3, 0.3, H - 5, H);
	put_slip(4, 0, 1, "good");
	put_slip(5, 0, 1, "good");
	put_review(4, 0.28, H - 9, H);
	put_review(5, 0.27, H - 9, H);
	use_up_quota();
	make_room("release", 64000, &gone);
	ck_assert_str_eq(list("SELECT id FROM releases"), "1 4 5");
	make_room("review", 16000, &gone);
	/* what came within the hour before the newest may come again, and is to be known then */
	ck_assert_str_eq(list("SELECT time FROM reviews"), "2 3 4 5");
	ck_assert_int_eq(ask("SELECT count(*) FROM commands"), 8);
}
END_TEST

START_TEST(a_review_makes_room_after_sixty_days_unless_its_hours_belong_to_an_episode)
{
	int64_t gone = 0;
	put_in_force(1, 76, "red", 1);
	put_in_force(2, 68, "none", 1);
	put_review(1, 64, H - 81 * DAY, H - 80 * DAY);
	put_review(2, 64, H - 67 * DAY, H - 66 * DAY); /* after it, but of its report */
	put_review(3, 64, H - 72 * DAY - 9, H - 72 * DAY);
	put_review(4, 64, H - 78 * DAY, H - 65 * DAY);
	put_review(5, 64, H - 64 * DAY - 9, H - 64 * DAY);
	put_review(6, 59, H - 81 * DAY, H - 81 * DAY + 1);
	put_review(7, 61, H - 59 * DAY, H - 59 * DAY + 1);
	put_review(8, 0, H - 9, H);
	use_up_quota();
	make_room("review", 16000, &gone);
	ck_assert_str_eq(list("SELECT time FROM reviews"), "2 3 4 6 7 8");
	ck_assert_int_eq(ask("SELECT count(*) FROM commands WHERE kind = 'review'"), 6);
	make_room("review", 16000, &gone);
	ck_assert_int_eq(gone, COMMAND_QUOTA_NOTHING_GOES);
}
END_TEST

/* ---- ten thousand ---- */

static int looks;

static int count_look(void *ctx)
{
	(void)ctx;
	looks++;
	return 0;
}

static void begin_counting(void)
{
	looks = 0;
	sqlite3_progress_handler(store->state.handle, OPS_A_LOOK, count_look, NULL);
}

static int64_t end_counting(void)
{
	sqlite3_progress_handler(store->state.handle, 0, NULL, NULL);
	return (int64_t)looks * OPS_A_LOOK;
}

/* Accepted directives, each in force for a second, and as many receipts and orders, a source each
 * hundred. */
static void put_many(int n)
{
	char sql[3000];
	snprintf(
		sql, sizeof(sql),
		"CREATE TEMP TABLE n AS WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1"
		" FROM n WHERE n < %d) SELECT n FROM n;"
		"INSERT INTO commands SELECT 'directive//d-' || n, 'directive', 'x', n * 2000,"
		" n * 2000, 'accepted', '', printf('%%200s', n) FROM n;"
		"INSERT INTO directives (number, command, received, level, start, regional, area,"
		" document, issuer, crc) SELECT n, 'directive//d-' || n, n * 2000, 'red', n * 2000,"
		" 0, '', '', 'x', 0 FROM n;"
		"INSERT INTO force_log SELECT n, n * 2000, n * 2000, 'red', n, NULL, NULL FROM n;"
		"INSERT INTO events (number, kind, about, level, previous, hour, basis, made,"
		" directive) SELECT n, 'issue', 'directive', 'red', 'none', 1, 'observed', n,"
		" n FROM n;"
		"INSERT INTO commands SELECT 'receipt//r-' || n, 'receipt', 'x', n, n * 2000,"
		" 'accepted', '', printf('%%200s', n) FROM n;"
		"INSERT INTO receipts SELECT 'receipt//r-' || n, n * 2000, 'order/s-' || (n / 100),"
		" 'u', 'p', 'done', NULL, NULL, '' FROM n;"
		"INSERT INTO order_log (made, source, run, kind, level, directive, message)"
		" SELECT n * 2000, 's-' || (n / 100), n, 'changed', 'red', n, n FROM n;"
		"INSERT INTO orders SELECT 's-' || n, 1, n, 0, 2 FROM n WHERE n <= 100;"
		"INSERT INTO lists VALUES (1, 0, 100, 'f', '', '');"
		"INSERT INTO sources (list, id, line, kind, name, credit_code, county, town,"
		" inspector, grade, control, process, key_index, person, phone, other) SELECT 1, "
		"'s-' || n, n, 'industry', '', '', '', '', '', '',"
		" 'normal', '', '', '', '', '{}' FROM n WHERE n <= 100;"
		"INSERT INTO order_run (one, number, level, binding, directive, since, list, "
		"starts,"
		" ends, phase, after) VALUES (1, 1, 'red', 1, 1, 0, 1, 0, 0, 3, '')",
		n);
	run(sql);
}

static bool count_row(void *ctx, const struct past_cell *cells, int n)
{
	(void)cells;
	(void)n;
	++*(int *)ctx;
	return true;
}

START_TEST(the_orders_of_a_list_are_told_after_ten_thousand_answers)
{
	int rows = 0;
	put_many(MANY);
	const struct past_job job = {PAST_ORDERS, -1, INT64_MAX, &rows, count_row};
	begin_counting();
	ck_assert_int_eq(past_rows(store, &job), 0);
	int64_t ops = end_counting(), bytes = ask("PRAGMA page_count") * 4096;
	printf("# %d sources: %lld operations; %lld bytes in the file\n", rows, (long long)ops,
	       (long long)bytes);
	ck_assert_int_eq(rows, 100);
	ck_assert_int_lt(ops, MANY * INT64_C(100));
	ck_assert_int_lt(bytes, MANY * INT64_C(2000));
}
END_TEST

START_TEST(a_directive_beyond_the_quota_is_not_looked_for_in_all_that_there_are)
{
	int64_t gone = 0, most = 0;
	put_many(MANY);
	use_up_quota();
	for (int i = 0; i < 2 * MANY / 500; i++) {
		begin_counting();
		make_room("directive", 60000, &gone);
		int64_t ops = end_counting();
		most = ops > most ? ops : most;
		ck_assert_int_eq(gone, COMMAND_QUOTA_NOTHING_GOES);
	}
	printf("# %lld operations at the most\n", (long long)most);
	ck_assert_int_lt(most, 100000);
}
END_TEST

START_TEST(what_was_refused_is_found_behind_ten_thousand_accepted)
{
	int64_t gone = 0;
	int calls = 0;
	put_many(MANY);
	run("INSERT INTO commands VALUES ('no', 'directive', 'x', 0, 15000000, 'refused', '', ''),"
	    " ('newest', 'directive', 'x', 0, 90000000, 'refused', '', '')");
	use_up_quota();
	for (; calls < 100 && ask("SELECT count(*) FROM commands WHERE id = 'no'") > 0; calls++)
		make_room("directive", 60000, &gone);
	printf("# %d calls\n", calls);
	ck_assert_int_le(calls, 15000000 / 2000 / 500 + 1);
	/* and so is one that lies before it */
	run("INSERT INTO commands VALUES ('no', 'directive', 'x', 0, 5000, 'refused', '', '')");
	for (calls = 0; calls < 100 && ask("SELECT count(*) FROM commands WHERE id = 'no'") > 0;
	     calls++)
		make_room("directive", 60000, &gone);
	ck_assert_int_le(calls, MANY / 500 + 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), MANY);
}
END_TEST

START_TEST(a_receipt_beyond_the_quota_makes_room_without_a_look_at_twenty_thousand)
{
	int64_t gone = 0, most = 0;
	put_many(2 * MANY);
	use_up_quota();
	for (int i = 0; i < 20; i++) {
		begin_counting();
		make_room("receipt", 1000, &gone);
		int64_t ops = end_counting();
		most = ops > most ? ops : most;
		ck_assert_int_gt(gone, 0);
	}
	printf("# %lld operations at the most\n", (long long)most);
	ck_assert_int_lt(most, 200000);
	ck_assert_int_eq(ask("SELECT count(*) FROM receipts"),
			 ask("SELECT count(*) FROM commands WHERE kind = 'receipt'"));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("said");
	TCase *tc = tcase_create("said");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_directive_of_before_all_that_is_kept_goes_with_its_command);
	tcase_add_test(tc, the_newest_directive_stays_for_ever_as_the_next_counts_on_from_it);
	tcase_add_test(tc, what_is_in_force_pending_or_of_the_episode_that_runs_stays_however_old);
	tcase_add_test(tc, what_belongs_to_an_episode_of_the_log_stays_as_long_as_the_log);
	tcase_add_test(tc, a_review_stays_as_long_as_one_of_its_hours);
	tcase_add_test(tc, without_a_timetable_no_directive_goes);
	tcase_add_test(tc, a_directive_makes_room_for_a_newer_one_after_sixty_days_and_not_before);
	tcase_add_test(tc, faulty_slips_and_reviews_of_the_same_hours_make_room_after_an_hour);
	tcase_add_test(tc,
		       a_review_makes_room_after_sixty_days_unless_its_hours_belong_to_an_episode);
	tcase_add_test(tc, the_orders_of_a_list_are_told_after_ten_thousand_answers);
	tcase_add_test(tc, a_directive_beyond_the_quota_is_not_looked_for_in_all_that_there_are);
	tcase_add_test(tc, what_was_refused_is_found_behind_ten_thousand_accepted);
	tcase_add_test(tc, a_receipt_beyond_the_quota_makes_room_without_a_look_at_twenty_thousand);
	suite_add_tcase(suite, tc);
	return suite;
}
