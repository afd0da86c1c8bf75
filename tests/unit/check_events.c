/* SPDX-License-Identifier: MIT */
/* Events are kept whole, and nobody changes one unseen. */
#include <errno.h>
#include <string.h>

#include "ask_state.h"
#include "chains.h"
#include "db.h"
#include "events.h"
#include "verify.h"

#define T0 INT64_C(1700000000000)

static struct event_row event_of(int64_t number)
{
	return (struct event_row){.number = number,
				  .kind = EVENT_UPGRADE,
				  .about = ABOUT_DIRECTIVE,
				  .level = 2,
				  .previous = 1,
				  .made_ms = T0 + number,
				  .hour = 472222,
				  .onset_ms = T0,
				  .basis = "observed",
				  .episode = 1,
				  .directive = 2,
				  .by = 3,
				  .reason = "said",
				  .revised = -1,
				  .plan = "hetang-2024",
				  .edition = "hj633-2026",
				  .rules = 12345,
				  .list = 7,
				  .message = "{\"text_zh\":\"橙色\"}"};
}

static void append(const struct event_row *row, int expected)
{
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(events_append(store, row), expected);
	ck_assert_int_eq(store_commit(store), expected);
}

static void append_some(int64_t first, int64_t last)
{
	for (int64_t number = first; number <= last; number++) {
		const struct event_row row = event_of(number);
		append(&row, 0);
	}
}

static int64_t first_bad(void)
{
	struct chain_check checks[VERIFIED_COUNT];
	ck_assert_int_eq(verify_logs(store, NULL, checks), 0);
	return checks[VERIFIED_EVENTS].bad;
}

#define WHOLE                                                                                      \
	"SELECT number, kind, about, level, previous, hour, onset, basis, episode, revised,"       \
	" revised_from, made, onset_ms, directive, by_directive, reason, plan, edition, rules,"    \
	" list, message FROM events ORDER BY number DESC"

START_TEST(an_event_is_kept_whole)
{
	struct event_row row = event_of(1);
	append(&row, 0);
	ck_assert_str_eq(ask(WHOLE), "1|upgrade|directive|orange|yellow|472222|472223|observed|1|"
				     "NULL|NULL|1700000000001|1700000000000|2|3|said|hetang-2024|"
				     "hj633-2026|12345|7|{\"text_zh\":\"橙色\"}");
	row = (struct event_row){.number = 2,
				 .kind = EVENT_CORRECTION,
				 .basis = "forecast",
				 .revised = 0,
				 .revised_from = 9,
				 .plan = "p",
				 .edition = "e",
				 .message = ""};
	append(&row, 0);
	ck_assert_str_eq(ask(WHOLE), "2|correction|advice|none|none|0|NULL|forecast|NULL|none|9|0|"
				     "NULL|NULL|NULL|NULL|p|e|0|NULL|");
	ck_assert_str_eq(ask("SELECT onset, made FROM events_text"),
			 "2023-11-15T06:13:20+08:00|2023-11-15T06:13:20+08:00");
}
END_TEST

START_TEST(a_number_that_is_taken_is_refused)
{
	struct event_row row = event_of(1);
	append(&row, 0);
	row.kind = EVENT_LIFT;
	append(&row, -EEXIST);
	ck_assert_str_eq(ask("SELECT count(*), kind FROM events"), "1|upgrade");
}
END_TEST

START_TEST(the_series_goes_on_where_it_ended)
{
	struct event_series series = {5, 5};
	ck_assert_int_eq(events_newest(store, &series), 0);
	ck_assert_int_eq(series.number, 0);
	ck_assert_int_eq(series.time_ms, 0);
	append_some(1, 3);
	ck_assert_int_eq(events_newest(store, &series), 0);
	ck_assert_int_eq(series.number, 3);
	ck_assert_int_eq(series.time_ms, T0 + 3);
}
END_TEST

/* ---- the chain ---- */

/* sha256sum of the lines that storage/file/chain.h describes, made by hand. */
START_TEST(another_program_can_check_a_hash_from_what_it_reads)
{
	const struct event_row row = event_of(1);
	char hash[EVENTS_HASH_SIZE];
	ck_assert_int_eq(events_newest_hash(store, hash), 0);
	ck_assert_str_eq(hash, "");
	append(&row, 0);
	ck_assert_int_eq(events_newest_hash(store, hash), 0);
	ck_assert_str_eq(hash, "854e80cf1501a007b3aee4f779ebda408a9e7317d01fd0e516db30b3cf158ee2");
	ck_assert_str_eq(ask("SELECT hash_before FROM events"), "");
	append_some(2, 2);
	ck_assert_str_eq(ask("SELECT hash_before FROM events WHERE number = 2"), hash);
}
END_TEST

START_TEST(a_chain_that_nobody_touched_is_whole)
{
	ck_assert_int_eq(first_bad(), 0);
	append_some(1, 5);
	ck_assert_int_eq(first_bad(), 0);
	close_station();
	open_station();
	append_some(6, 7);
	ck_assert_int_eq(first_bad(), 0);
}
END_TEST

START_TEST(a_change_in_any_column_of_an_event_is_found)
{
	static const char *const changes[] = {
		"kind = 'lift'",
		"about = 'advice'",
		"level = 'red'",
		"previous = 'x'",
		"hour = hour + 1",
		"onset = NULL",
		"basis = 'x'",
		"episode = NULL",
		"revised = 'x'",
		"revised_from = 1",
		"made = made + 1",
		"onset_ms = NULL",
		"directive = 9",
		"by_directive = 9",
		"reason = NULL",
		"reason = reason || plan, plan = ''",
		"plan = 'x'",
		"edition = 'x'",
		"rules = 1",
		"list = NULL",
		"message = replace(message, '橙', '红')",
		"hash = hash_before",
		"hash_before = ''",
		"hash = NULL",
		"number = 9",
	};
	append_some(1, 3);
	execute("CREATE TABLE kept AS SELECT * FROM events");
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		char sql[256];
		snprintf(sql, sizeof(sql), "UPDATE events SET %s WHERE number = 2", changes[i]);
		execute(sql);
		ck_assert_msg(first_bad() != 0, "%s", changes[i]);
		execute("DELETE FROM events; INSERT INTO events SELECT * FROM kept");
		ck_assert_int_eq(first_bad(), 0);
	}
}
END_TEST

START_TEST(an_event_taken_out_or_put_in_is_found)
{
	append_some(1, 4);
	execute("DELETE FROM events WHERE number = 2");
	ck_assert_int_eq(first_bad(), 3);
	execute("DELETE FROM events WHERE number <> 4");
	ck_assert_int_eq(first_bad(), 4);
	execute("DELETE FROM events");
	append_some(1, 2);
	execute("INSERT INTO events (number, kind, about, level, previous, hour, basis, "
		"hash_before)"
		" SELECT 3, 'lift', about, level, previous, hour, basis, hash FROM events"
		" WHERE number = 2");
	ck_assert_int_eq(first_bad(), 3);
}
END_TEST

START_TEST(rows_of_before_the_chain_stand_before_it)
{
	struct event_series series;
	execute("INSERT INTO events (number, kind, about, level, previous, hour, basis)"
		" VALUES (1, 'issue', 'advice', 'yellow', 'none', 472222, 'observed')");
	ck_assert_int_eq(first_bad(), 0);
	ck_assert_int_eq(events_newest(store, &series), 0);
	ck_assert_int_eq(series.time_ms, INT64_C(472222) * 3600000);
	append_some(2, 3);
	ck_assert_int_eq(first_bad(), 0);
	execute("INSERT INTO events (number, kind, about, level, previous, hour, basis)"
		" VALUES (4, 'issue', 'advice', 'yellow', 'none', 472222, 'observed')");
	ck_assert_int_eq(first_bad(), 4);
}
END_TEST

static void prune(int64_t up_to)
{
	char sql[100];
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(chain_keep_anchor(store, &events_chain, up_to), 0);
	ck_assert_int_eq(store_commit(store), 0);
	snprintf(sql, sizeof(sql), "DELETE FROM events WHERE number <= %lld", (long long)up_to);
	execute(sql);
}

START_TEST(behind_an_anchor_the_chain_goes_on)
{
	char hash[EVENTS_HASH_SIZE], newest[EVENTS_HASH_SIZE];
	append_some(1, 5);
	prune(3);
	ck_assert_int_eq(first_bad(), 0);
	ck_assert_int_eq(events_newest_hash(store, hash), 0);
	prune(5);
	ck_assert_int_eq(events_newest_hash(store, newest), 0);
	ck_assert_str_eq(hash, newest);
	append_some(6, 6);
	ck_assert_int_eq(first_bad(), 0);
	execute("UPDATE chain_anchors SET hash = replace(hash, '0', '1')");
	ck_assert_int_eq(first_bad(), 6);
}
END_TEST

Suite *unit_suite(void)
{
	const TTest *const tests[] = {
		an_event_is_kept_whole,
		a_number_that_is_taken_is_refused,
		the_series_goes_on_where_it_ended,
		another_program_can_check_a_hash_from_what_it_reads,
		a_chain_that_nobody_touched_is_whole,
		a_change_in_any_column_of_an_event_is_found,
		an_event_taken_out_or_put_in_is_found,
		rows_of_before_the_chain_stand_before_it,
		behind_an_anchor_the_chain_goes_on,
	};
	Suite *suite = suite_create("events");
	TCase *tcase = tcase_create("events");
	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, open_station, close_station);
	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
