/* SPDX-License-Identifier: MIT */
/* Hours that change after they were closed, and gaps: what follows is computed piece by piece, so
 * that a directive never waits for it. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "changed.h"
#include "directing.h"
#include "engine_inside.h"
#include "hetang.h"
#include "hours.h"
#include "import.h"
#include "log.h"
#include "pipeline.h"
#include "unit.h"

#define PARTICLES (1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10)
/* A directive waits no longer, whatever else goes on. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ANSWER_MS 4000
#else
#define ANSWER_MS 1000
#endif

static struct command_answer answer;
static struct forecast forecast;
static int ids, n_lines;

static void count_line(enum log_level level, const char *line)
{
	(void)level, (void)line;
	n_lines++;
}

static void begin(void)
{
	setup();
	log_capture(count_line);
	ids = n_lines = 0;
}

/* Of this process: how busy the machine is does not count. */
static double cpu_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static struct command command_of(enum command_kind kind, int64_t now)
{
	struct command command = {.kind = kind, .time_ms = now * HOUR_MS, .json = "{}"};
	snprintf(command.id, sizeof(command.id), "c-%d", ++ids);
	snprintf(command.issuer, sizeof(command.issuer), "city");
	return command;
}

static void give(const struct command *command, int64_t now)
{
	memset(&answer, 0, sizeof(answer));
	ck_assert_int_eq(engine_command(engine, command, now * HOUR_MS, TIME_SYNCHRONISED, &answer),
			 0);
}

static void review(int64_t now, int64_t from, int64_t to, bool restore)
{
	struct command command = command_of(COMMAND_REVIEW, now);
	command.review = (struct review){
		.from = from, .to = to, .pollutants = PARTICLES, .restore = restore};
	give(&command, now);
}

static void import_hours(int64_t first, int64_t last, int32_t milli, int32_t step)
{
	struct import counts = {.replace = true};
	struct hour_values values = {.valid = PARTICLES};
	ck_assert_int_eq(store_begin(store), 0);
	for (int64_t hour = first; hour <= last; hour++) {
		int32_t value = milli + (int32_t)(hour * 7 % 23) * step;
		values.milli[POLLUTANT_PM25] = values.milli[POLLUTANT_PM10] = value;
		ck_assert_int_eq(import_hour(store, hour, &values, 0, &counts), 0);
	}
	ck_assert_int_eq(store_commit(store), 0);
	killed();
	start();
}

static int count_messages(const char *topic)
{
	int n = 0;
	collect_outbox();
	for (int i = 0; i < n_rows; i++)
		n += strcmp(rows[i].topic, topic) == 0;
	return n;
}

static bool is_pending(void)
{
	int64_t first, last;
	return changed_pending(store, &first, &last) == 0;
}

/* Lets it do what it does by pieces, and returns how long the longest of them took. */
static double settle_measured(int64_t now_ms, int *ret_pieces)
{
	double longest = 0;
	*ret_pieces = 0;
	do {
		double since = cpu_ms();
		engine_advance(engine, now_ms, TIME_SYNCHRONISED);
		double took = cpu_ms() - since;
		longest = took > longest ? took : longest;
		++*ret_pieces;
	} while (engine_due_ms(engine) <= now_ms);
	return longest;
}

/* ---- a directive does not wait ---- */

START_TEST(a_directive_behind_twenty_reviews_of_a_month_is_answered_within_a_second)
{
	int pieces;
	import_hours(H - 1499, H, 100000, 8000);
	settle((H + 1) * HOUR_MS);
	double since = cpu_ms();
	for (int i = 0; i < 20; i++) {
		review(H + 1, H - 780 + i, H - 37 + i, i % 2 == 1);
		ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	}
	struct command command = command_of(COMMAND_DIRECTIVE, H + 1);
	direct_level(&command, LEVEL_YELLOW, (H + 1) * HOUR_MS);
	give(&command, H + 1);
	double waited = cpu_ms() - since;
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert(is_pending());
	double longest = settle_measured((H + 1) * HOUR_MS, &pieces);
	printf("# 20 reviews of 744 h: a directive is answered after %.0f ms and a piece of %.0f "
	       "ms at most, of %d\n",
	       waited, longest, pieces);
	ck_assert(!is_pending());
	ck_assert_double_lt(waited + longest, ANSWER_MS);
	/* all of them together have one correction */
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE kind = 'correction'"), 2);
}
END_TEST

START_TEST(a_directive_is_answered_within_a_second_of_the_start_after_ten_years_were_imported)
{
	int pieces;
	import_hours(H - 87599, H, 100000, 8000);
	killed();
	double since = cpu_ms();
	start();
	double started = cpu_ms() - since;
	double longest = settle_measured((H + 1) * HOUR_MS, &pieces);
	printf("# ten years imported: the start takes %.0f ms, a piece %.0f ms at most, of %d\n",
	       started, longest, pieces);
	ck_assert_double_lt(started + longest, ANSWER_MS);
	ck_assert_int_eq(ask("SELECT count(*) FROM aqi"), 87600);
	ck_assert_int_eq(count_messages("aqi"), 0);
}
END_TEST

START_TEST(a_thousand_empty_hours_are_closed_within_a_second)
{
	run_hours(H, H + 3);
	double since = cpu_ms();
	engine_advance(engine, (H + 1000) * HOUR_MS, TIME_SYNCHRONISED);
	double took = cpu_ms() - since;
	printf("# 1,000 empty hours: %.0f ms\n", took);
	ck_assert_int_eq(engine_newest_hour(engine), H + 999);
	ck_assert_double_lt(took, ANSWER_MS);
}
END_TEST

/* ---- a kill between two pieces ---- */

START_TEST(a_kill_between_the_pieces_leaves_a_state_that_the_next_start_takes_up)
{
	static char story[16384];
	int64_t now_ms = (H + 66) * HOUR_MS;
	run_hours(H, H + 66);
	review(H + 66, H + 31, H + 65, false);
	for (int i = 0; i < _i; i++)
		engine_advance(engine, now_ms, TIME_SYNCHRONISED);
	killed();
	start();
	settle(now_ms);
	event_list(story, sizeof(story));
	ck_assert_str_eq(story, "1 hold none 2013-11-09T07:00:00+08:00\n"
				"2 resume none 2013-11-10T02:00:00+08:00\n"
				"3 issue yellow 2013-11-11T18:00:00+08:00\n"
				"4 correction yellow 2013-11-11T23:00:00+08:00\n"
				"5 lift none 2013-11-11T23:00:00+08:00\n"
				"6 hold none 2013-11-11T23:00:00+08:00\n");
	ck_assert(!is_pending());
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE kind = 'lift' AND"
			     " reason = 'review'"),
			 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM aqi WHERE rev > 0"), 35);
	/* yellow was advised from there on */
	ck_assert_int_eq(ask("SELECT revised_from FROM events WHERE kind = 'correction'"), H + 60);
}
END_TEST

/* What the newest warning says of it. */
static bool says_computing(void)
{
	int at = -1;
	collect_outbox();
	for (int i = 0; i < n_rows; i++)
		at = strcmp(rows[i].topic, "warning") == 0 ? i : at;
	json_t *json = json_loads(rows[at].payload, 0, NULL);
	const json_t *state = json_object_get(json_object_get(json, "advice"), "state");
	bool computing = strcmp(json_string_value(state), "computing") == 0;
	json_decref(json);
	return computing;
}

START_TEST(until_a_review_is_judged_the_advice_is_being_computed)
{
	run_hours(H, H + 66);
	review(H + 66, H + 31, H + 65, false);
	ck_assert(says_computing());
	/* the old story holds until then, over an hour that closes too */
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_YELLOW);
	engine_advance(engine, (H + 66) * HOUR_MS + 5 * MINUTE_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(engine_newest_hour(engine), H + 66);
	ck_assert(says_computing());
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE kind = 'lift'"), 0);
	settle((H + 66) * HOUR_MS + 5 * MINUTE_MS);
	ck_assert(!says_computing());
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_NONE);
}
END_TEST

static void give_forecast(int64_t now, int n, int32_t pm25_milli)
{
	struct command command = command_of(COMMAND_FORECAST, now);
	memset(&forecast, 0, sizeof(forecast));
	forecast.issued_ms = (now - 1) * HOUR_MS;
	snprintf(forecast.source, sizeof(forecast.source), "model A");
	for (int i = 0; i < n; i++) {
		struct forecast_step *step = &forecast.steps[forecast.n++];
		step->hour = now + i;
		step->values.valid = 1u << POLLUTANT_PM25;
		step->values.milli[POLLUTANT_PM25] = pm25_milli;
	}
	command.forecast = &forecast;
	give(&command, now);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
}

START_TEST(a_forecast_in_the_instant_of_a_review_is_not_judged_with_the_false_hours)
{
	run_hours(H, H + 66);
	int64_t events = ask("SELECT max(number) FROM events");
	review(H + 66, H + 31, H + 65, false);
	give_forecast(H + 66, 24, 200000);
	ck_assert_int_eq(ask("SELECT max(number) FROM events WHERE kind IN ('issue', 'upgrade')"),
			 events);
	settle((H + 66) * HOUR_MS);
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_NONE);
}
END_TEST

START_TEST(an_hour_that_closes_between_the_pieces_is_in_the_correction)
{
	int64_t now_ms = (H + 66) * HOUR_MS, later_ms = now_ms + 5 * MINUTE_MS;
	run_hours(H, H + 66);
	review(H + 66, H + 31, H + 65, false);
	for (int i = 0; i < _i; i++)
		engine_advance(engine, now_ms, TIME_SYNCHRONISED);
	ck_assert(is_pending());
	settle(later_ms);
	ck_assert(!is_pending());
	ck_assert_int_eq(engine_newest_hour(engine), H + 66);
	ck_assert_int_eq(ask("SELECT max(hour) FROM events WHERE kind = 'correction'"), H + 66);
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_NONE);
}
END_TEST

/* A review of smog whose first history is done. */
static void review_half(void)
{
	run_hours(H, H + 66);
	review(H + 66, H + 31, H + 65, false);
	for (int i = 0; i < 9 && !engine->revision.has_before; i++)
		engine_advance(engine, (H + 66) * HOUR_MS, TIME_SYNCHRONISED);
	ck_assert(engine->revision.has_before);
}

START_TEST(an_hour_that_closes_begins_both_histories_once_more)
{
	int64_t later_ms = (H + 66) * HOUR_MS + 5 * MINUTE_MS;
	review_half();
	engine_advance(engine, later_ms, TIME_SYNCHRONISED);
	ck_assert(!engine->revision.has_before && is_pending());
	settle(later_ms);
	ck_assert(!is_pending());
}
END_TEST

START_TEST(dust_begins_both_histories_once_more)
{
	struct command command = command_of(COMMAND_DUST, H + 66);
	command.dust = (struct dust){.from = H + 1, .to = H + 3};
	review_half();
	give(&command, H + 66);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert(!engine->revision.has_before && !engine->revision.again);
	settle((H + 66) * HOUR_MS);
	ck_assert(!is_pending());
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_NONE);
}
END_TEST

START_TEST(a_clock_that_was_set_back_does_not_delay_what_follows_from_a_review)
{
	review_half();
	engine->revision.due_ms = (H + 66 + 72) * HOUR_MS; /* a failure before the clock was set */
	engine_advance(engine, (H + 66) * HOUR_MS, TIME_SYNCHRONISED);
	settle((H + 66) * HOUR_MS);
	ck_assert(!is_pending());
}
END_TEST

/* ---- hours that never were ---- */

START_TEST(a_review_of_hours_that_never_were_is_refused_and_invents_none)
{
	run_hours(H, H + 30);
	int64_t hours = ask("SELECT count(*) FROM hours"), aqis = ask("SELECT count(*) FROM aqi");
	review(H + 30, H - 120000, H - 120000 + 743, false);
	ck_assert_int_eq(answer.outcome, COMMAND_REFUSED);
	ck_assert_str_eq(answer.why, "from: the station has no hour as old as that");
	review(H + 30, H, H + 3, false);
	ck_assert_int_eq(answer.outcome, COMMAND_REFUSED);
	settle((H + 30) * HOUR_MS);
	ck_assert_int_eq(ask("SELECT count(*) FROM hours"), hours);
	ck_assert_int_eq(ask("SELECT count(*) FROM aqi"), aqis);
	ck_assert_int_eq(ask("SELECT count(*) FROM reviews"), 0);
	review(H + 30, H + 1, H + 3, false);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
}
END_TEST

/* ---- gaps ---- */

START_TEST(after_a_stop_of_1001_hours_no_hour_is_closed_twice)
{
	run_hours(H, H + 3);
	for (int64_t stop = 999; stop <= 1002; stop++) {
		killed();
		start();
		int64_t before = engine_newest_hour(engine);
		int messages = count_messages("aqi");
		engine_advance(engine, (before + 1 + stop) * HOUR_MS + 5 * MINUTE_MS,
			       TIME_SYNCHRONISED);
		ck_assert_int_eq(engine_newest_hour(engine), before + 1 + stop);
		ck_assert_int_eq(ask("SELECT count(*) FROM aqi WHERE rev > 0"), 0);
		/* those of the last day, and the one that was begun at the first stop */
		ck_assert_int_eq(count_messages("aqi") - messages, WINDOW_HOURS + (stop == 999));
	}
}
END_TEST

START_TEST(one_old_imported_hour_makes_one_line_of_its_gap_and_no_old_hold)
{
	import_hours(H - 690, H - 690, 40000, 0);
	n_lines = 0;
	settle((H + 1) * HOUR_MS + 5 * MINUTE_MS);
	ck_assert_int_eq(engine_newest_hour(engine), H + 1);
	/* the gap, its last hour, hold and correction in two languages, what was computed anew */
	ck_assert_int_le(n_lines, 7);
	ck_assert_int_eq(count_messages("aqi"), WINDOW_HOURS);
	ck_assert_int_eq(count_messages("warning/event"), 2);
	ck_assert_int_eq(ask("SELECT min(hour) FROM events WHERE kind = 'hold'"), H + 1);
}
END_TEST

START_TEST(imported_hours_count_in_windows_and_are_never_published_one_by_one)
{
	import_hours(H - 99, H, 300000, 0);
	settle((H + 1) * HOUR_MS);
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_RED);
	ck_assert_int_eq(ask("SELECT count(*) FROM aqi WHERE daily > 300"), 99 - 18);
	ck_assert_int_eq(count_messages("aqi"), 0);
	bool reviewed = true;
	import_hours(H - 9, H, 310000, 0); /* revised by another import: nobody reviewed it */
	settle((H + 1) * HOUR_MS);
	ck_assert_int_eq(ask("SELECT count(*) FROM aqi WHERE rev > 0"), 10);
	ck_assert_int_eq(count_messages("aqi"), 0);
	ck_assert_int_eq(hours_is_reviewed(store, H, &reviewed), 0);
	ck_assert(!reviewed);
}
END_TEST

/* ---- want of data ---- */

START_TEST(a_hold_for_want_of_data_is_told_again_every_24_hours)
{
	run_hours(H, H + 30);
	int64_t told = ask("SELECT count(*) FROM events WHERE kind = 'hold'");
	for (int64_t hour = H + 30; hour < H + 95; hour++)
		engine_advance(engine, hour * HOUR_MS + 5 * MINUTE_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE kind = 'hold'"), told + 3);
	ck_assert_int_eq(ask("SELECT max(hour) - min(hour) FROM events WHERE kind = 'hold' AND"
			     " hour > 384430 + 30"),
			 2 * 24);
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE kind = 'hold' AND hour > 384430 +"
			     " 30 AND reason = 'insufficient_data'"),
			 3);
}
END_TEST

START_TEST(samples_of_a_closed_hour_are_counted_and_told_once)
{
	run_hours(H, H + 2);
	struct sample late = {.at_ms = (H - 1) * HOUR_MS + 5, .quality = QUALITY_NORMAL};
	n_lines = 0;
	for (int i = 0; i < 3; i++)
		engine_sample(engine, &late, TIME_SYNCHRONISED);
	ck_assert_uint_eq(engine_late_samples(engine), 3);
	ck_assert_int_eq(n_lines, 1);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("revision");
	TCase *tc = tcase_create("revision");
	tcase_add_checked_fixture(tc, begin, teardown);
	tcase_add_test(tc, until_a_review_is_judged_the_advice_is_being_computed);
	tcase_add_test(tc,
		       a_forecast_in_the_instant_of_a_review_is_not_judged_with_the_false_hours);
	tcase_add_loop_test(tc, an_hour_that_closes_between_the_pieces_is_in_the_correction, 0, 3);
	tcase_add_test(tc, an_hour_that_closes_begins_both_histories_once_more);
	tcase_add_test(tc, dust_begins_both_histories_once_more);
	tcase_add_test(tc, a_clock_that_was_set_back_does_not_delay_what_follows_from_a_review);
	tcase_add_test(tc, a_review_of_hours_that_never_were_is_refused_and_invents_none);
	tcase_add_test(tc, after_a_stop_of_1001_hours_no_hour_is_closed_twice);
	tcase_add_test(tc, one_old_imported_hour_makes_one_line_of_its_gap_and_no_old_hold);
	tcase_add_test(tc, imported_hours_count_in_windows_and_are_never_published_one_by_one);
	tcase_add_test(tc, a_hold_for_want_of_data_is_told_again_every_24_hours);
	tcase_add_test(tc, samples_of_a_closed_hour_are_counted_and_told_once);
	tcase_add_test(tc, a_thousand_empty_hours_are_closed_within_a_second);
	suite_add_tcase(suite, tc);
	TCase *slow = unit_slow_case(suite, 200);
	tcase_add_checked_fixture(slow, begin, teardown);
	tcase_add_test(slow,
		       a_directive_behind_twenty_reviews_of_a_month_is_answered_within_a_second);
	tcase_add_test(
		slow,
		a_directive_is_answered_within_a_second_of_the_start_after_ten_years_were_imported);
	tcase_add_loop_test(
		slow, a_kill_between_the_pieces_leaves_a_state_that_the_next_start_takes_up, 0, 6);
	return suite;
}
