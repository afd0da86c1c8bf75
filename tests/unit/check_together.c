/* SPDX-License-Identifier: MIT */
/* Commands that come within seconds of a start or a connect: directives are judged together, and no
 * signed command is refused for it, whenever the station is killed. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "db.h"
#include "inbox_inside.h"
#include "log.h"
#include "pipeline.h"
#include "sign.h"
#include "signing_key.h"
#include "station.h"
#include "unit.h"

#define NOW_MS (H * HOUR_MS)

static const char keys[] = "mqtt: {host: 127.0.0.1, command_keys: [{name: city, public: "
			   "\"" PUBLIC_TEXT "\"}]}\n";
static struct spool *spool;
static struct inbox *inbox;
static char folder[256];
static int64_t monotonic_ms;

/* The monotonic clock stands until a test moves it. */
int clock_gettime(clockid_t clock, struct timespec *ret)
{
	if (clock != CLOCK_MONOTONIC)
		return (int)syscall(SYS_clock_gettime, clock, ret);
	*ret = (struct timespec){monotonic_ms / 1000, (long)(monotonic_ms % 1000 * 1000000)};
	return 0;
}

static void open_inbox(void)
{
	spool = spool_open(folder);
	inbox = inbox_new(conf, store, engine, spool);
	ck_assert_ptr_nonnull(inbox);
}

static void begin(void)
{
	setup();
	killed();
	conf_free(conf);
	write_key();
	conf = station_conf("hj633-2012", "hetang-2024", keys);
	start();
	monotonic_ms = 1000000;
	snprintf(folder, sizeof(folder), "%s/spool", unit_tmpdir());
	mkdir(folder, 0700);
	open_inbox();
}

static void close_inbox(void)
{
	inbox = inbox_free(inbox);
	spool = spool_close(spool);
}

static void end(void)
{
	close_inbox();
	teardown();
}

static void kill_and_start(void)
{
	close_inbox();
	killed();
	start();
	open_inbox();
}

static void sign_and_send(const char *kind, const char *json)
{
	char prefix[PAYLOAD_PREFIX_MAX], topic[PAYLOAD_TOPIC_MAX], text[SIGN_TEXT_SIZE];
	char payload[1024];
	payload_prefix(conf, prefix);
	snprintf(topic, sizeof(topic), "%scmd/%s", prefix, kind);
	ck_assert(sign_make(key_path, topic, json, strlen(json), text));
	int n = snprintf(payload, sizeof(payload), SIGN_MARK "city %s\n%s", text, json);
	ck_assert_int_ne(spool_append(spool, kind, 0, payload, n), SPOOL_REFUSED);
}

/* A directive of a second of 06:00, from then on. */
static void direct(const char *level, int second, int counter)
{
	char json[512];
	snprintf(
		json, sizeof(json),
		"{\"id\":\"d-%d\",\"issuer\":\"city\",\"time\":\"2013-11-09T05:59:%02d+08:00\","
		"\"level\":\"%s\",\"start\":\"2013-11-09T05:59:%02d+08:00\",\"target\":\"test-01\","
		"\"counter\":%d,\"not_after\":\"2013-11-30T00:00:00+08:00\"}",
		counter, second, level, second, counter);
	sign_and_send("directive", json);
}

static void flag_dust(int counter)
{
	char json[512];
	snprintf(json, sizeof(json),
		 "{\"id\":\"dust-%d\",\"issuer\":\"city\",\"time\":\"2013-11-09T05:00:00+08:00\","
		 "\"from\":\"2013-11-09T06:00:00+08:00\",\"to\":\"2013-11-09T08:00:00+08:00\","
		 "\"source\":\"x\",\"target\":\"test-01\",\"counter\":%d,"
		 "\"not_after\":\"2013-11-30T00:00:00+08:00\"}",
		 counter, counter);
	sign_and_send("dust", json);
}

static void work_after(int ms)
{
	monotonic_ms += ms;
	while (inbox_work(inbox, NOW_MS, TIME_SYNCHRONISED))
		;
}

static int64_t posted(const char *topic, const char *with)
{
	char sql[256];
	snprintf(sql, sizeof(sql),
		 "SELECT count(*) FROM outbox WHERE topic = '%s' AND payload LIKE '%%%s%%'", topic,
		 with);
	return ask(sql);
}

static int passed_over; /* lines that say so */

static void count_passed_over(enum log_level level, const char *line)
{
	(void)level;
	passed_over += strstr(line, ": accepted, passed over by directive 2") != NULL;
}

START_TEST(what_comes_with_a_connect_is_judged_together_after_two_seconds_of_silence)
{
	inbox_connected(inbox);
	direct("red", 1, 1);
	work_after(0);
	direct("none", 2, 2);
	work_after(1900);
	work_after(1999);
	ck_assert_int_eq(posted("reply", ""), 0);
	ck_assert_int_eq(inbox_due_ms(inbox) - monotonic_ms, 1);
	log_capture(count_passed_over);
	work_after(1);
	ck_assert_int_eq(passed_over, 1);
	ck_assert_int_eq(posted("reply", "accepted"), 2);
	ck_assert_int_eq(posted("reply", "\"passed_over_by\":\"d-2\""), 1);
	ck_assert_int_eq(ask("SELECT passed_over_by FROM directives WHERE number = 1"), 2);
	ck_assert_int_eq(ask("SELECT passed_over_by IS NULL FROM directives WHERE number = 2"), 1);
	ck_assert_int_eq(posted("warning/event", ""), 0); /* only the outcome takes effect */
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 2);
	direct("red", 3, 3);
	work_after(0); /* afterwards each at once */
	ck_assert_int_eq(posted("warning/event", "\"event\":\"issue\""), 1);
}
END_TEST

START_TEST(nobody_waits_longer_than_ten_seconds)
{
	inbox_started(inbox);
	inbox_connected(inbox);
	for (int i = 0; i < 9; i++) {
		direct(i % 2 ? "orange" : "red", i, i + 1);
		work_after(1000);
		ck_assert_int_eq(posted("reply", ""), 0);
	}
	work_after(1000);
	ck_assert_int_eq(posted("reply", "accepted"), 9);
	ck_assert_int_eq(posted("warning/event", "\"event\":\"issue\""), 1);
}
END_TEST

static int refused_in_warning(const char *path)
{
	char sql[256];
	snprintf(sql, sizeof(sql),
		 "SELECT coalesce(json_extract(payload, '$.%s'), -1) FROM outbox WHERE topic ="
		 " 'warning' ORDER BY seq DESC LIMIT 1",
		 path);
	return (int)ask(sql);
}

START_TEST(a_directive_that_cannot_be_read_is_named_as_refused)
{
	direct("mauve", 1, 1);
	work_after(0);
	ck_assert_int_eq(posted("reply", "\"outcome\":\"refused\""), 1);
	ck_assert_int_eq(posted("warning", "\"refused\":[{\"id\":\"d-1\",\"issuer\":\"city\","
					   "\"why\":\"malformed\""),
			 1);
	sign_and_send("directive", "{\"id\":\"d-9\",\"level\":");
	work_after(0);
	ck_assert_int_eq(posted("warning", "{\"id\":null,\"issuer\":null,\"why\":\"malformed\""),
			 1);
	kill_and_start();
	direct("mauve", 1, 1); /* again: it is named once */
	work_after(0);
	ck_assert_int_eq(ask("SELECT count(*) FROM timetable_refused"), 2);
	for (int i = 3; i < 20; i++)
		direct("mauve", i, i);
	work_after(0);
	ck_assert_int_eq(refused_in_warning("refused_more"), 3);
	ck_assert_int_eq(ask("SELECT count(*) FROM timetable_refused"), 17);
	for (int i = 0; i < 3; i++) { /* whatever it is, what has no name takes one place */
		char junk[64];
		snprintf(junk, sizeof(junk), "{\"level\":%d", i);
		sign_and_send("directive", junk);
	}
	work_after(0);
	ck_assert_int_eq(ask("SELECT count(*) FROM timetable_refused WHERE id = ''"), 1);
	ck_assert_int_eq(refused_in_warning("refused_more"), 4);
	kill_and_start();
	sign_and_send("directive", "{\"id\":\"x\",\"issuer\":\"city\",\"time\":"
				   "\"2013-11-09T05:59:00+08:00\",\"target\":\"other-7\"}");
	const char *unsigned_one = "{\"id\":\"y\",\"level\":\"mauve\"}";
	ck_assert_int_ne(
		spool_append(spool, "directive", false, unsigned_one, (int)strlen(unsigned_one)),
		SPOOL_REFUSED);
	work_after(0);
	ck_assert_int_eq(ask("SELECT count(*) FROM timetable_refused WHERE id IN ('x', 'y')"), 0);
	direct("red", 40, 40);
	work_after(0);
	ck_assert_int_eq(refused_in_warning("refused_more"), 4);
	engine_advance(engine, NOW_MS + 24 * HOUR_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(refused_in_warning("refused_more"), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM timetable_refused"), 0);
}
END_TEST

START_TEST(a_malformed_directive_is_kept_as_it_came_and_its_id_stays_free)
{
	direct("mauve", 1, 1);
	sign_and_send("directive", "{\"id\":\"d-9\",\n\"level\":\xff");
	work_after(0);
	ck_assert_int_eq(ask("SELECT count(*) FROM commands WHERE kind = 'directive' AND outcome ="
			     " 'refused' AND id LIKE 'directive/city/d-1!%' AND issuer = 'city'"
			     " AND why LIKE 'level%' AND json LIKE '{\"id\":\"d-1\",%mauve%}'"),
			 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM commands WHERE json ="
			     " '{\"id\":\"d-9\",\\x0a\"level\":\\xff' AND issuer = ''"),
			 1);
	sign_and_send("directive", "{\"id\":\"d-1\",\"issuer\":\"city\",\"time\":"
				   "\"2013-11-09T05:59:10+08:00\",\"level\":\"red\",\"start\":"
				   "\"2013-11-09T05:59:10+08:00\",\"target\":\"test-01\","
				   "\"counter\":2,\"not_after\":\"2013-11-30T00:00:00+08:00\"}");
	work_after(0);
	ck_assert_int_eq(posted("reply", "\"outcome\":\"accepted\""), 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM commands"), 3);
}
END_TEST

START_TEST(a_malformed_directive_that_is_replayed_is_not_named_again)
{
	static const int64_t later_ms = NOW_MS + 25 * HOUR_MS;
	const char *broken = "{\"id\":\"d-9\",\"level\":";
	direct("mauve", 2, 5);
	sign_and_send("directive", broken);
	work_after(0);
	ck_assert_int_eq(ask("SELECT count(*) FROM timetable_refused"), 2);
	ck_assert_int_eq(ask("SELECT counter FROM signers"), 5);
	kill_and_start();
	engine_advance(engine, later_ms, TIME_SYNCHRONISED);
	ck_assert_int_eq(ask("SELECT count(*) FROM timetable_refused"), 0);
	direct("mauve", 2, 5);
	sign_and_send("directive", broken);
	direct("mauve", 1, 4); /* recorded on the way, and never came */
	while (inbox_work(inbox, later_ms, TIME_SYNCHRONISED))
		;
	ck_assert_int_eq(ask("SELECT count(*) FROM timetable_refused"), 0);
	ck_assert_int_eq(posted("reply", "\"outcome\":\"refused\""), 5); /* but answered */
	ck_assert_int_eq(ask("SELECT count(*) FROM commands"), 2);
}
END_TEST

START_TEST(others_that_come_between_are_taken_in_their_turn)
{
	inbox_connected(inbox);
	flag_dust(1);
	direct("red", 1, 2);
	flag_dust(3);
	direct("orange", 2, 4);
	flag_dust(4); /* used already */
	work_after(2000);
	work_after(2000);
	ck_assert_int_eq(posted("reply", "accepted"), 4);
	ck_assert_int_eq(posted("reply", "repeated"), 0);
	ck_assert_int_eq(posted("reply", "4 is not above 4"), 1);
	ck_assert_int_eq(posted("warning/event", "\"level\":\"red\""), 0);
	ck_assert_int_eq(ask("SELECT counter FROM signers"), 4);
	struct spool_state state;
	spool_get_state(spool, &state);
	ck_assert_int_eq(state.waiting, 0);
}
END_TEST

START_TEST(a_kill_after_the_judgement_refuses_none_of_those_that_wait_for_their_turn)
{
	flag_dust(1);
	direct("red", 1, 2);
	flag_dust(3);
	ck_assert(inbox_judge_together(inbox, NOW_MS, TIME_SYNCHRONISED));
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 1);
	kill_and_start();
	work_after(0);
	ck_assert_int_eq(posted("reply", "refused"), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM commands"), 3);
	ck_assert_int_eq(ask("SELECT counter FROM signers"), 3);
}
END_TEST

START_TEST(what_began_while_it_was_stopped_waits_and_its_lift_takes_it_out)
{
	char json[512];
	snprintf(json, sizeof(json),
		 "{\"id\":\"ahead\",\"issuer\":\"city\",\"time\":\"2013-11-09T05:59:00+08:00\","
		 "\"level\":\"red\",\"start\":\"2013-11-09T06:30:00+08:00\",\"target\":\"test-01\","
		 "\"counter\":1,\"not_after\":\"2013-11-30T00:00:00+08:00\"}");
	sign_and_send("directive", json);
	work_after(0);
	kill_and_start();
	inbox_started(inbox);
	engine_advance(engine, NOW_MS + HOUR_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(posted("warning/event", "\"event\":\"issue\""), 0);
	snprintf(json, sizeof(json),
		 "{\"id\":\"back\",\"issuer\":\"city\",\"time\":\"2013-11-09T06:10:00+08:00\","
		 "\"withdraws\":[\"ahead\"],\"target\":\"test-01\",\"counter\":2,"
		 "\"not_after\":\"2013-11-30T00:00:00+08:00\"}");
	inbox_connected(inbox);
	sign_and_send("directive", json);
	monotonic_ms += 1;
	inbox_work(inbox, NOW_MS + HOUR_MS, TIME_SYNCHRONISED);
	monotonic_ms += 2000;
	inbox_work(inbox, NOW_MS + HOUR_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(posted("reply", "\"taken_out\":[\"ahead\"]"), 1);
	ck_assert_int_eq(posted("warning/event", "\"event\":\"issue\""), 0);
	ck_assert_int_eq(posted("warning/event", "\"event\":\"withdrawn\""), 1);
}
END_TEST

/* Two that were accepted before a stop in which both begin. */
static void pass_one_over(void)
{
	static const char *const starts[] = {"06:30", "06:40"};
	char json[512];
	for (int i = 0; i < 2; i++) {
		snprintf(json, sizeof(json),
			 "{\"id\":\"ahead-%d\",\"issuer\":\"city\","
			 "\"time\":\"2013-11-09T05:59:0%d+08:00\",\"level\":\"%s\","
			 "\"start\":\"2013-11-09T%s:00+08:00\",\"target\":\"test-01\","
			 "\"counter\":%d,\"not_after\":\"2013-11-30T00:00:00+08:00\"}",
			 i, i, i == 0 ? "orange" : "red", starts[i], i + 1);
		sign_and_send("directive", json);
		work_after(0);
	}
	ck_assert_int_eq(ask("SELECT count(*) FROM timetable WHERE turn IS NULL"), 2);
	kill_and_start();
	inbox_started(inbox);
	monotonic_ms += 10000;
	inbox_work(inbox, NOW_MS + HOUR_MS, TIME_SYNCHRONISED);
	engine_advance(engine, NOW_MS + HOUR_MS, TIME_SYNCHRONISED);
}

static void one_is_passed_over(void)
{
	ck_assert_int_eq(ask("SELECT passed_over_by FROM directives WHERE number = 1"), 2);
	ck_assert_int_eq(ask("SELECT passed_over_by IS NULL FROM directives WHERE number = 2"), 1);
}

START_TEST(the_row_of_one_that_was_accepted_before_says_that_it_was_passed_over)
{
	pass_one_over();
	ck_assert_int_eq(posted("warning/event", "\"reason\":\"passed_over\""), 1);
	one_is_passed_over();
}
END_TEST

START_TEST(a_database_of_schema_8_learns_from_its_events_what_was_passed_over)
{
	pass_one_over();
	close_inbox();
	ck_assert_int_eq(
		sqlite3_exec(store->state.handle,
			     "ALTER TABLE directives DROP COLUMN passed_over_by;"
			     "DROP TABLE command_totals; DROP TRIGGER command_came;"
			     "DROP TRIGGER command_went; DROP TRIGGER command_shortened;"
			     "DROP INDEX commands_kind; DROP INDEX events_directive;"
			     "DROP INDEX force_log_directive; DROP INDEX releases_directive;"
			     "DROP TABLE relays; DROP TABLE uplinks; DROP TABLE uplink_newest;"
			     "DROP TABLE uplink_waiting; DROP TABLE uplink_sent;"
			     "DROP TRIGGER uplink_hour_revised; DROP TABLE uplink_revised;"
			     "PRAGMA user_version = 8",
			     NULL, NULL, NULL),
		SQLITE_OK);
	killed();
	start();
	open_inbox();
	ck_assert_int_eq(ask("PRAGMA user_version"), 12);
	ck_assert_int_eq(ask("SELECT count(*) = (SELECT sum(rows) FROM command_totals)"
			     " FROM commands"),
			 1);
	one_is_passed_over();
	ck_assert_int_eq(ask("SELECT count(*) FROM timetable WHERE number = 2 AND turn = 1"), 1);
}
END_TEST

START_TEST(what_came_too_late_is_told_also_after_a_stop)
{
	engine_advance(engine, NOW_MS, TIME_SYNCHRONISED);
	direct("red", 1, 1);
	work_after(0);
	sign_and_send("directive",
		      "{\"id\":\"late\",\"issuer\":\"city\",\"time\":\"2013-11-09T05:59:30+08:00\","
		      "\"withdraws\":[\"d-1\",\"d-99\"],\"target\":\"test-01\",\"counter\":2,"
		      "\"not_after\":\"2013-11-30T00:00:00+08:00\"}");
	work_after(0);
	ck_assert_int_eq(posted("warning", "\"too_late\":[\"d-1\",\"d-99\"]"), 1);
	kill_and_start();
	engine_advance(engine, NOW_MS + HOUR_MS + 5 * MINUTE_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(ask("SELECT count(*) FROM aqi"), 1); /* so it was said once more */
	ck_assert_int_eq(posted("warning", "\"too_late\":[]"), 0);
	direct("orange", 40, 3);
	work_after(0);
	ck_assert_int_eq(posted("warning", "\"too_late\":[\"d-1"), 0);
	ck_assert_int_eq(ask("SELECT too_late = '[\"d-1\",\"d-99\"]' FROM directives"
			     " WHERE number = 2"),
			 1);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("together");
	TCase *tc = tcase_create("together");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc,
		       what_comes_with_a_connect_is_judged_together_after_two_seconds_of_silence);
	tcase_add_test(tc, nobody_waits_longer_than_ten_seconds);
	tcase_add_test(tc, a_directive_that_cannot_be_read_is_named_as_refused);
	tcase_add_test(tc, a_malformed_directive_is_kept_as_it_came_and_its_id_stays_free);
	tcase_add_test(tc, a_malformed_directive_that_is_replayed_is_not_named_again);
	tcase_add_test(tc, others_that_come_between_are_taken_in_their_turn);
	tcase_add_test(tc,
		       a_kill_after_the_judgement_refuses_none_of_those_that_wait_for_their_turn);
	tcase_add_test(tc, the_row_of_one_that_was_accepted_before_says_that_it_was_passed_over);
	tcase_add_test(tc, a_database_of_schema_8_learns_from_its_events_what_was_passed_over);
	tcase_add_test(tc, what_came_too_late_is_told_also_after_a_stop);
	tcase_add_test(tc, what_began_while_it_was_stopped_waits_and_its_lift_takes_it_out);
	suite_add_tcase(suite, tc);
	return suite;
}
