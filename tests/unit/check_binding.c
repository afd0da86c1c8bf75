/* SPDX-License-Identifier: MIT */
/* What binds, how long a backlog is gathered, what was in force; times are minutes after T. */
#include "binding.h"

#include <string.h>

#include "force.h"
#include "gather.h"
#include "unit.h"

#define MIN_MS INT64_C(60000)
#define T INT64_C(1419638400000)
#define YELLOW 1
#define ORANGE 2
#define RED 3

static struct timetable timetable;
static struct event_series series;
static struct judge_outcome outcome;
static struct binding binding;
static struct force_row rows[8];
static int n_rows;

static void setup(void)
{
	memset(&timetable, 0, sizeof(timetable));
	memset(&series, 0, sizeof(series));
	memset(&binding, 0, sizeof(binding));
	n_rows = 0;
}

static int64_t at(int minute)
{
	return T + minute * MIN_MS;
}

static int64_t say(int minute, int level, int start)
{
	struct timetable_word word = {.id = "w",
				      .issuer = "A",
				      .has_level = level >= 0,
				      .level = level,
				      .time_ms = at(minute),
				      .received_ms = at(minute),
				      .start_ms = at(start)};
	struct timetable_word *words[1] = {&word};
	const struct word_moment moment = {at(minute), &series, WORD_CLOCKS_APART_MS, false};
	judge(&timetable, words, 1, &moment, &outcome);
	binding_follow(&binding, &timetable);
	for (int i = 0; i < outcome.n_told; i++)
		n_rows += force_row_of(&outcome.told[i], &rows[n_rows]);
	return word.answer.number;
}

static enum release_fault sign_slip(int minute, int64_t number, int level)
{
	const struct release_slip slip = {number, level, at(minute), "commander"};
	bool differs;
	enum release_fault fault = binding_take_slip(&timetable, &slip, "commander", &differs);
	ck_assert(!differs);
	binding_follow(&binding, &timetable);
	return fault;
}

static int binds(void)
{
	return binding_level(&binding, &timetable, BINDING_FROM_RELEASE);
}

START_TEST(by_default_what_is_in_force_binds_at_once)
{
	say(0, RED, 0);
	ck_assert_int_eq(binding_level(&binding, &timetable, BINDING_FROM_DIRECTIVE), RED);
	ck_assert_int_eq(binding_directive(&binding, &timetable, BINDING_FROM_DIRECTIVE), 1);
	ck_assert(!binding_outlives_lift(&binding, &timetable, BINDING_FROM_DIRECTIVE));
}
END_TEST

START_TEST(an_upgrade_binds_at_its_release_and_the_lower_level_until_then)
{
	int64_t yellow = say(0, YELLOW, 0);
	ck_assert_int_eq(binds(), 0);
	ck_assert_int_eq(sign_slip(1, yellow, YELLOW), RELEASE_GOOD);
	ck_assert_int_eq(binds(), YELLOW);
	int64_t red = say(10, RED, 10);
	ck_assert_int_eq(binds(), YELLOW);
	ck_assert_int_eq(binding_directive(&binding, &timetable, BINDING_FROM_RELEASE), yellow);
	sign_slip(11, red, RED);
	ck_assert_int_eq(binds(), RED);
}
END_TEST

START_TEST(after_an_unreleased_lift_the_old_order_stands_until_its_slip)
{
	sign_slip(1, say(0, RED, 0), RED);
	int64_t lift = say(10, 0, 10);
	ck_assert_int_eq(binds(), RED);
	ck_assert(binding_outlives_lift(&binding, &timetable, BINDING_FROM_RELEASE));
	ck_assert_int_eq(sign_slip(20, lift, 0), RELEASE_GOOD);
	ck_assert_int_eq(binds(), 0);
}
END_TEST

START_TEST(what_binds_is_of_the_episode)
{
	sign_slip(1, say(0, RED, 0), RED);
	int64_t lift = say(10, 0, 10);
	ck_assert_int_eq(binds(), RED);
	int64_t yellow = say(20, YELLOW, 20);
	ck_assert_int_eq(binds(), 0);
	ck_assert_int_eq(binding_directive(&binding, &timetable, BINDING_FROM_RELEASE), 0);
	ck_assert_int_eq(sign_slip(21, lift, 0), RELEASE_GOOD); /* too late for anything */
	ck_assert_int_eq(binds(), 0);
	sign_slip(22, yellow, YELLOW);
	ck_assert_int_eq(binds(), YELLOW);
	say(30, ORANGE, 30);
	ck_assert_int_eq(binds(), YELLOW);
	int64_t red = say(40, RED, 60); /* ahead, and released: it begins an episode of its own */
	sign_slip(41, red, RED);
	say(50, 0, 50);
	ck_assert_int_eq(binds(), YELLOW);
	red = say(51, RED, 60);
	sign_slip(52, red, RED);
	say(61, -1, 0);
	ck_assert_int_eq(binds(), RED);
}
END_TEST

START_TEST(a_slip_of_an_older_directive_does_not_undo_that_of_a_newer_one)
{
	int64_t yellow = say(0, YELLOW, 0), red = say(10, RED, 10);
	sign_slip(20, red, RED);
	ck_assert_int_eq(sign_slip(21, yellow, YELLOW), RELEASE_GOOD);
	ck_assert_int_eq(binds(), RED);
}
END_TEST

START_TEST(a_slip_ahead_binds_when_its_directive_begins)
{
	int64_t red = say(0, RED, 60);
	ck_assert_int_eq(sign_slip(1, red, RED), RELEASE_GOOD);
	ck_assert_int_eq(binds(), 0);
	say(60, YELLOW, 120);
	ck_assert_int_eq(binds(), RED);
}
END_TEST

START_TEST(a_slip_needs_its_directive_its_level_a_post_and_a_signature_after_it_was_said)
{
	int64_t red = say(10, RED, 10);
	bool differs;
	ck_assert_int_eq(sign_slip(20, 77, RED), RELEASE_OF_NOTHING);
	ck_assert_int_eq(sign_slip(20, red, YELLOW), RELEASE_OTHER_LEVEL);
	ck_assert_int_eq(sign_slip(9, red, RED), RELEASE_SIGNED_TOO_SOON);
	const struct release_slip nobody = {red, RED, at(20), ""};
	ck_assert_int_eq(binding_take_slip(&timetable, &nobody, NULL, &differs),
			 RELEASE_WITHOUT_POST);
	const struct release_slip other = {red, RED, at(20), "deputy commander"};
	ck_assert_int_eq(binding_take_slip(&timetable, &other, "commander", &differs),
			 RELEASE_GOOD);
	ck_assert(differs); /* told, and good all the same */
}
END_TEST

/* ---- the log of what was in force ---- */

START_TEST(the_log_gives_what_was_in_force_at_every_past_moment)
{
	say(0, YELLOW, 0);
	say(240, RED, 240);
	say(720, 0, 720);
	ck_assert_int_eq(n_rows, 3);
	ck_assert_ptr_null(force_at(rows, n_rows, at(0) - 1));
	ck_assert_int_eq(force_at(rows, n_rows, at(0))->level, YELLOW);
	ck_assert_int_eq(force_at(rows, n_rows, at(240) - 1)->level, YELLOW);
	ck_assert_int_eq(force_at(rows, n_rows, at(240))->level, RED);
	ck_assert_ptr_null(force_at(rows, n_rows, at(720)));
}
END_TEST

START_TEST(a_directive_whose_row_is_damaged_stays_in_force_by_the_log)
{
	say(0, YELLOW, 0);
	int64_t red = say(10, RED, 10);
	ck_assert(!force_mend(&timetable, &rows[n_rows - 1]));
	timetable.n_begun--; /* its row could not be read */
	ck_assert(force_mend(&timetable, &rows[n_rows - 1]));
	ck_assert_int_eq(timetable_in_force(&timetable)->number, red);
	ck_assert_int_eq(timetable_level(&timetable), RED);
	ck_assert_int_eq(timetable_in_force(&timetable)->previous, YELLOW);
	timetable.begun[1].level = YELLOW; /* read, and wrong */
	ck_assert(force_mend(&timetable, &rows[n_rows - 1]));
	ck_assert_int_eq(timetable_level(&timetable), RED);
	ck_assert_int_eq(timetable.n_begun, 2);
}
END_TEST

START_TEST(a_lift_whose_row_is_damaged_stays_a_lift)
{
	say(0, RED, 0);
	say(10, 0, 10);
	timetable.n_begun--;
	ck_assert_int_eq(timetable_level(&timetable), RED);
	ck_assert(force_mend(&timetable, &rows[n_rows - 1]));
	ck_assert_int_eq(timetable_level(&timetable), 0);
	ck_assert_int_eq(timetable.episode, 0);
}
END_TEST

START_TEST(an_empty_log_changes_nothing)
{
	say(0, RED, 0);
	ck_assert(!force_mend(&timetable, NULL));
	ck_assert_int_eq(timetable_level(&timetable), RED);
}
END_TEST

START_TEST(a_full_list_makes_room_for_what_the_log_says)
{
	for (int i = 0; i < TIMETABLE_BEGUN_MAX + 2; i++) {
		n_rows = 0;
		say(i, YELLOW + i % 2, i);
	}
	const struct force_row lost = {at(100), 99, 99, RED};
	ck_assert(force_mend(&timetable, &lost));
	ck_assert_int_eq(timetable.n_begun, TIMETABLE_BEGUN_MAX);
	ck_assert_int_eq(timetable_in_force(&timetable)->number, 99);
}
END_TEST

/* ---- gathering ---- */

START_TEST(a_backlog_is_gathered_until_two_seconds_of_silence)
{
	struct gather gather = {0};
	ck_assert(!gather_is_open(&gather));
	ck_assert_int_eq(gather_due_ms(&gather), INT64_MAX);
	gather_connect(&gather, 1000);
	gather_word(&gather, 2500);
	ck_assert(gather_is_open(&gather));
	ck_assert(!gather_close(&gather, 4499));
	ck_assert(gather_close(&gather, 4500));
	ck_assert(!gather_is_open(&gather));
}
END_TEST

START_TEST(a_backlog_that_never_ends_is_judged_after_ten_seconds)
{
	struct gather gather = {0};
	gather_connect(&gather, 0);
	for (int at_ms = 0; at_ms < 10000; at_ms += 1000) {
		gather_word(&gather, at_ms);
		ck_assert(!gather_close(&gather, at_ms));
	}
	ck_assert(gather_close(&gather, 10000));
	ck_assert(!gather_is_open(&gather));
}
END_TEST

START_TEST(what_began_while_stopped_waits_for_the_first_backlog_at_most_ten_seconds)
{
	struct gather gather;
	gather_start(&gather, 0);
	ck_assert_int_eq(gather_due_ms(&gather), 10000);
	gather_connect(&gather, 3000);
	ck_assert_int_eq(gather_due_ms(&gather), 5000);
	gather_start(&gather, 0);
	gather_connect(&gather, 9000);
	gather_word(&gather, 9500);
	ck_assert(gather_close(&gather, 10000)); /* what began is not kept waiting */
	ck_assert(gather_is_open(&gather));      /* the backlog is gathered on */
	ck_assert_int_eq(gather_due_ms(&gather), 11500);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("binding");
	TCase *rules = tcase_create("rules");
	tcase_add_checked_fixture(rules, setup, NULL);
	tcase_add_test(rules, by_default_what_is_in_force_binds_at_once);
	tcase_add_test(rules, an_upgrade_binds_at_its_release_and_the_lower_level_until_then);
	tcase_add_test(rules, after_an_unreleased_lift_the_old_order_stands_until_its_slip);
	tcase_add_test(rules, what_binds_is_of_the_episode);
	tcase_add_test(rules, a_slip_of_an_older_directive_does_not_undo_that_of_a_newer_one);
	tcase_add_test(rules, a_slip_ahead_binds_when_its_directive_begins);
	tcase_add_test(
		rules,
		a_slip_needs_its_directive_its_level_a_post_and_a_signature_after_it_was_said);
	tcase_add_test(rules, the_log_gives_what_was_in_force_at_every_past_moment);
	tcase_add_test(rules, a_directive_whose_row_is_damaged_stays_in_force_by_the_log);
	tcase_add_test(rules, a_lift_whose_row_is_damaged_stays_a_lift);
	tcase_add_test(rules, an_empty_log_changes_nothing);
	tcase_add_test(rules, a_full_list_makes_room_for_what_the_log_says);
	tcase_add_test(rules, a_backlog_is_gathered_until_two_seconds_of_silence);
	tcase_add_test(rules, a_backlog_that_never_ends_is_judged_after_ten_seconds);
	tcase_add_test(rules,
		       what_began_while_stopped_waits_for_the_first_backlog_at_most_ten_seconds);
	suite_add_tcase(suite, rules);
	return suite;
}
