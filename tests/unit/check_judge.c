/* SPDX-License-Identifier: MIT */
/* Each rule of the directives' timetable by an example; times are minutes after T. */
#include "judge.h"

#include <string.h>

#include "unit.h"

#define MIN_MS INT64_C(60000)
#define T INT64_C(1419638400000)
#define YELLOW 1
#define ORANGE 2
#define RED 3

static struct timetable timetable;
static struct event_series series;
static struct judge_outcome outcome;
static struct timetable_word words[20];
static int n_words; /* that wait to be judged together */
static int said;
static bool unsynchronised;

static void setup(void)
{
	memset(&timetable, 0, sizeof(timetable));
	memset(&series, 0, sizeof(series));
	n_words = said = 0;
	unsynchronised = false;
}

static int64_t at(int minute)
{
	return T + minute * MIN_MS;
}

static void judge_at(int minute)
{
	struct timetable_word *together[20];
	const struct word_moment moment = {at(minute), &series, WORD_CLOCKS_APART_MS,
					   unsynchronised};
	for (int i = 0; i < n_words; i++) {
		together[i] = &words[i];
		words[i].received_ms = at(minute);
	}
	judge(&timetable, together, n_words, &moment, &outcome);
	n_words = 0;
}

/* A word said at a minute, "w1", "w2", ... of issuer A; not judged yet. */
static struct timetable_word *word(int minute, int level, int start)
{
	struct timetable_word *next = &words[n_words++];
	*next = (struct timetable_word){.issuer = "A",
					.has_level = true,
					.level = level,
					.time_ms = at(minute),
					.start_ms = at(start)};
	next->id[0] = 'w';
	next->id[1] = (char)('0' + ++said / 10);
	next->id[2] = (char)('0' + said % 10);
	return next;
}

/* Said and judged at once; its answer. */
static const struct word_answer *say(int minute, int level, int start)
{
	struct timetable_word *next = word(minute, level, start);
	judge_at(minute);
	return &next->answer;
}

static const struct word_answer *say_until(int minute, int level, int start, int end)
{
	struct timetable_word *next = word(minute, level, start);
	next->planned_end_ms = at(end);
	judge_at(minute);
	return &next->answer;
}

static void look(int minute)
{
	judge_at(minute);
}

static int64_t in_force(void)
{
	const struct timetable_entry *entry = timetable_in_force(&timetable);
	return entry ? entry->number : 0;
}

#define ck_assert_told(i, expected_kind, expected_reason, expected_number)                         \
	do {                                                                                       \
		ck_assert_int_lt(i, outcome.n_told);                                               \
		ck_assert_str_eq(event_name(outcome.told[i].kind), expected_kind);                 \
		ck_assert_str_eq(told_reason_name(outcome.told[i].reason), expected_reason);       \
		ck_assert_int_eq(outcome.told[i].entry.number, expected_number);                   \
	} while (0)

/* ---- 1. order is acceptance ---- */

START_TEST(a_red_with_an_earlier_start_than_the_running_yellow_takes_effect)
{
	say(60, YELLOW, 60);
	say(90, RED, 30);
	ck_assert_int_eq(in_force(), 2);
	ck_assert_int_eq(outcome.n_told, 1);
	ck_assert_told(0, "upgrade", "said", 2);
	ck_assert_int_eq(outcome.told[0].entry.start_ms, at(30));
	ck_assert_int_eq(outcome.told[0].entry.effective_ms, at(90));
}
END_TEST

START_TEST(a_lift_from_an_outages_queue_does_not_end_the_red_typed_after_it)
{
	say(720, RED, 720);
	struct timetable_word *lift = word(600, 0, 600);
	judge_at(725);
	ck_assert_int_eq(lift->answer.refusal, REFUSAL_OLDER);
	ck_assert_int_eq(lift->answer.older_than, 1);
	ck_assert_int_eq(lift->answer.older_than_ms, at(720));
	ck_assert_int_eq(in_force(), 1);
	ck_assert_int_eq(outcome.n_told, 0);
}
END_TEST

START_TEST(another_issuers_clock_may_be_five_minutes_behind_and_the_same_ones_may_not)
{
	say(60, RED, 60);
	struct timetable_word *other = word(55, YELLOW, 55);
	other->issuer[0] = 'B';
	judge_at(61);
	ck_assert_int_eq(other->answer.refusal, REFUSAL_NONE);
	ck_assert_int_eq(in_force(), 2);
	struct timetable_word *later = word(54, RED, 54);
	later->issuer[0] = 'C';
	struct timetable_word *own = word(59, 0, 59);
	judge_at(62);
	ck_assert_int_eq(later->answer.refusal, REFUSAL_OLDER);
	ck_assert_int_eq(own->answer.refusal, REFUSAL_OLDER);
}
END_TEST

START_TEST(an_old_word_that_comes_after_the_newest_accepted_one_is_the_last_word)
{
	say(60, RED, 60);
	struct timetable_word *lift = word(0, 0, 0);
	memcpy(lift->after, "w01", 4);
	judge_at(61);
	ck_assert_int_eq(lift->answer.refusal, REFUSAL_NONE);
	ck_assert_int_eq(in_force(), 0);
	struct timetable_word *stale = word(0, RED, 0);
	memcpy(stale->after, "w01", 4); /* no longer the newest */
	judge_at(62);
	ck_assert_int_eq(stale->answer.refusal, REFUSAL_OLDER);
}
END_TEST

START_TEST(a_clock_that_is_set_back_refuses_nobody_as_older)
{
	say(120, RED, 120);
	look(30);
	ck_assert_int_eq(say(31, 0, 31)->refusal, REFUSAL_NONE);
	ck_assert_int_eq(in_force(), 0);
}
END_TEST

START_TEST(without_a_synchronised_clock_nothing_is_refused_for_lying_ahead)
{
	struct timetable_word *ahead = word(61, RED, 61);
	judge_at(0);
	ck_assert_int_eq(ahead->answer.refusal, REFUSAL_TIME_AHEAD);
	unsynchronised = true;
	ahead = word(40 * 1440, RED, 40 * 1440);
	judge_at(0);
	ck_assert_int_eq(ahead->answer.refusal, REFUSAL_NONE);
}
END_TEST

START_TEST(a_refused_word_is_remembered_for_24_hours)
{
	say(60, RED, 60);
	word(50, 0, 50);
	judge_at(61);
	ck_assert_int_eq(timetable.n_refused, 1);
	ck_assert_str_eq(timetable.refused[0].id, "w02");
	look(61 + 1439);
	ck_assert_int_eq(timetable.n_refused, 1);
	look(61 + 1440);
	ck_assert_int_eq(timetable.n_refused, 0);
}
END_TEST

/* ---- 2. the last entry whose start has come once ---- */

START_TEST(two_announced_in_turned_order_take_effect_in_the_order_of_their_starts)
{
	say(0, ORANGE, 240);
	say_until(1, YELLOW, 60, 240);
	look(60);
	ck_assert_told(0, "issue", "begun", 2);
	look(240);
	ck_assert_told(0, "upgrade", "begun", 1);
	ck_assert_int_eq(in_force(), 1);
}
END_TEST

START_TEST(what_has_begun_does_not_unbegin_when_the_clock_steps_back)
{
	say(0, RED, 60);
	look(60);
	look(0);
	ck_assert_int_eq(in_force(), 1);
	ck_assert_int_eq(outcome.n_told, 0);
	look(60);
	ck_assert_int_eq(outcome.n_told, 0);
}
END_TEST

START_TEST(event_times_never_run_backwards)
{
	say(60, YELLOW, 60);
	say(0, RED, 0);
	ck_assert_told(0, "upgrade", "said", 2);
	ck_assert_int_eq(outcome.told[0].time_ms, at(60));
	ck_assert_int_eq(outcome.told[0].number, 2);
	ck_assert_int_eq(timetable.begun[1].effective_ms, at(60));
}
END_TEST

/* ---- 3. what a new one takes out ---- */

START_TEST(a_lift_of_a_pending_one_has_an_event_of_its_own)
{
	say(0, RED, 600);
	const struct word_answer *answer = say(10, 0, 10);
	ck_assert_int_eq(answer->n_taken_out, 1);
	ck_assert_int_eq(answer->taken_out[0], 1);
	ck_assert(!answer->no_effect);
	ck_assert_int_eq(outcome.n_told, 1);
	ck_assert_told(0, "withdrawn", "replaced", 1);
	ck_assert_int_eq(outcome.told[0].by, 2);
	ck_assert_int_eq(timetable.n_pending, 0);
}
END_TEST

START_TEST(a_planned_end_leaves_what_begins_at_it_or_later)
{
	say(0, YELLOW, 100);
	say(1, ORANGE, 200);
	say(2, RED, 300);
	const struct word_answer *answer = say_until(3, ORANGE, 150, 300);
	ck_assert_int_eq(answer->n_taken_out, 1);
	ck_assert_int_eq(answer->taken_out[0], 2);
	ck_assert_int_eq(timetable.n_pending, 3);
}
END_TEST

START_TEST(the_same_lift_later_postpones_it)
{
	say(0, RED, 0);
	say(1, 0, 300);
	const struct word_answer *answer = say(2, 0, 500);
	ck_assert_int_eq(answer->taken_out[0], 2);
	ck_assert_told(0, "withdrawn", "postponed", 2);
	ck_assert_told(1, "announced", "said", 3);
	look(300);
	ck_assert_int_eq(in_force(), 1);
	look(500);
	ck_assert_int_eq(in_force(), 0);
}
END_TEST

START_TEST(the_same_downgrade_later_postpones_it)
{
	say(0, RED, 0);
	say(1, YELLOW, 300);
	ck_assert_int_eq(say(2, YELLOW, 500)->taken_out[0], 2);
	ck_assert_int_eq(timetable.n_pending, 1);
}
END_TEST

START_TEST(a_raise_is_not_taken_out_by_the_same_level_later)
{
	say(0, YELLOW, 0);
	say(1, RED, 300);
	const struct word_answer *answer = say(2, RED, 500);
	ck_assert_int_eq(answer->n_taken_out, 0);
	ck_assert_int_eq(answer->n_kept, 1);
	ck_assert_int_eq(answer->kept[0], 2);
	look(300);
	ck_assert_int_eq(in_force(), 2);
}
END_TEST

START_TEST(who_postpones_a_raise_names_it)
{
	say(0, RED, 300);
	struct timetable_word *later = word(2, RED, 500);
	later->n_withdraws = 1;
	memcpy(later->withdraws[0], "w01", 4);
	judge_at(2);
	ck_assert_told(0, "withdrawn", "named", 1);
	look(300);
	ck_assert_int_eq(in_force(), 0);
}
END_TEST

START_TEST(a_word_may_only_withdraw_and_says_what_it_is_too_late_for)
{
	say(0, YELLOW, 0);
	say(1, RED, 300);
	struct timetable_word *only = word(2, 0, 0);
	only->has_level = false;
	only->n_withdraws = 3;
	memcpy(only->withdraws[0], "w01", 4); /* begun */
	memcpy(only->withdraws[1], "w02", 4);
	memcpy(only->withdraws[2], "w77", 4); /* unknown */
	judge_at(2);
	ck_assert_int_eq(only->answer.number, 3);
	ck_assert_int_eq(only->answer.n_taken_out, 1);
	ck_assert_int_eq(only->answer.n_too_late, 2);
	ck_assert_str_eq(only->answer.too_late[0], "w01");
	ck_assert_str_eq(only->answer.too_late[1], "w77");
	ck_assert_int_eq(in_force(), 1);
	ck_assert_told(0, "withdrawn", "named", 2);
}
END_TEST

START_TEST(a_word_without_level_and_without_anything_to_withdraw_is_refused)
{
	struct timetable_word *empty = word(0, 0, 0);
	empty->has_level = false;
	judge_at(0);
	ck_assert_int_eq(empty->answer.refusal, REFUSAL_EMPTY);
}
END_TEST

/* Lift at 300, red from 100, orange at 200: one announcement. */
static void say_part(int order, int minute)
{
	static const int levels[] = {0, RED, ORANGE}, starts[] = {300, 100, 200};
	struct timetable_word *part = word(10, levels[order], starts[order]);
	memcpy(part->document, "No. 7", 6);
	judge_at(minute);
	ck_assert_int_eq(part->answer.n_taken_out, 0);
	ck_assert_int_eq(part->answer.document_was, -1);
}

START_TEST(parts_of_one_announcement_take_out_none_of_each_other_in_any_order)
{
	static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
					{1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	for (int i = 0; i < 6; i++) {
		setup();
		for (int part = 0; part < 3; part++)
			say_part(orders[i][part], 10 + part);
		ck_assert_int_eq(timetable.n_pending, 3);
		look(100);
		ck_assert_int_eq(timetable_level(&timetable), RED);
		look(200);
		ck_assert_int_eq(timetable_level(&timetable), ORANGE);
		look(300);
		ck_assert_int_eq(timetable_level(&timetable), 0);
	}
}
END_TEST

START_TEST(a_part_that_comes_late_does_not_replace_the_part_that_follows_it)
{
	say_part(2, 210); /* orange from 200, in force */
	struct timetable_word *red = word(10, RED, 100);
	memcpy(red->document, "No. 7", 6);
	judge_at(211);
	ck_assert_int_eq(in_force(), 1);
	ck_assert_int_eq(red->answer.passed_over_by, 1);
}
END_TEST

START_TEST(words_without_a_document_are_parts_of_nothing)
{
	word(0, RED, 100);
	word(0, 0, 100);
	judge_at(0);
	ck_assert_int_eq(timetable.n_pending, 1);
	ck_assert_int_eq(timetable.pending[0].level, 0);
}
END_TEST

START_TEST(the_sixteenth_pending_one_is_refused_whole)
{
	for (int i = 0; i < 15; i++)
		say_until(0, YELLOW, 100 + 10 * i, 105 + 10 * i);
	ck_assert_int_eq(timetable.n_pending, 15);
	const struct timetable before = timetable;
	const struct word_answer *answer = say_until(0, RED, 106, 109);
	ck_assert_int_eq(answer->refusal, REFUSAL_TOO_MANY);
	ck_assert_int_eq(answer->number, 0);
	ck_assert_int_eq(timetable.last_number, before.last_number);
	ck_assert_mem_eq(timetable.pending, before.pending, sizeof(before.pending));
	ck_assert_int_eq(say_until(0, RED, 106, 115)->refusal, REFUSAL_NONE); /* takes one out */
	ck_assert_int_eq(timetable.n_pending, 15);
}
END_TEST

START_TEST(a_lift_from_now_takes_out_everything_pending)
{
	say(0, YELLOW, 0);
	say_until(1, ORANGE, 100, 200);
	say(2, RED, 300);
	ck_assert_int_eq(say(3, 0, 3)->n_taken_out, 2);
	ck_assert_int_eq(outcome.n_told, 3);
	ck_assert_int_eq(outcome.told[2].kind, EVENT_LIFT);
	ck_assert_int_eq(timetable.n_pending, 0);
}
END_TEST

/* ---- 4. and 5. effective, and planned ends ---- */

START_TEST(what_began_on_time_is_effective_from_its_start)
{
	say(0, RED, 60);
	const struct word_moment moment = {at(60) + 900, &series, WORD_CLOCKS_APART_MS, false};
	judge(&timetable, NULL, 0, &moment, &outcome);
	ck_assert_int_eq(outcome.told[0].time_ms, at(60) + 900);
	ck_assert_int_eq(outcome.told[0].onset_ms, at(60));
}
END_TEST

START_TEST(what_began_late_is_effective_from_its_event)
{
	say(0, RED, 60);
	look(100);
	ck_assert_int_eq(timetable.begun[0].effective_ms, at(100));
	ck_assert_int_eq(timetable.begun[0].start_ms, at(60));
}
END_TEST

START_TEST(a_planned_end_not_later_than_the_start_and_a_lift_with_one_are_refused)
{
	ck_assert_int_eq(say_until(0, RED, 60, 60)->refusal, REFUSAL_END_NOT_LATER);
	ck_assert_int_eq(say_until(0, 0, 60, 90)->refusal, REFUSAL_LIFT_WITH_END);
}
END_TEST

START_TEST(a_planned_end_that_had_passed_when_it_was_said_is_refused)
{
	ck_assert_int_eq(say_until(120, RED, 0, 60)->refusal, REFUSAL_END_HAS_PASSED);
}
END_TEST

START_TEST(a_planned_end_that_passed_on_the_way_is_overdue_at_once_by_two_events)
{
	struct timetable_word *late = word(10, RED, 10);
	late->planned_end_ms = at(60);
	judge_at(120);
	ck_assert_int_eq(outcome.n_told, 2);
	ck_assert_told(0, "issue", "said", 1);
	ck_assert_told(1, "overdue", "end_passed", 1);
	ck_assert(timetable_in_force(&timetable)->overdue);
}
END_TEST

START_TEST(overdue_is_told_once_and_not_if_another_begins_by_then)
{
	say_until(0, RED, 0, 60);
	look(60);
	ck_assert_told(0, "overdue", "end_passed", 1);
	look(10);
	look(61);
	ck_assert_int_eq(outcome.n_told, 0);
	setup();
	say_until(0, RED, 0, 60);
	say(1, YELLOW, 60);
	look(60);
	ck_assert_int_eq(outcome.n_told, 1);
	ck_assert_told(0, "downgrade", "begun", 2);
}
END_TEST

/* ---- 6. what arrives together ---- */

START_TEST(what_arrives_together_is_judged_in_the_order_in_which_it_was_said)
{
	word(20, 0, 20);
	word(10, RED, 10);
	judge_at(60);
	ck_assert_int_eq(in_force(), 0);
	ck_assert_int_eq(outcome.n_told, 0);
	ck_assert_int_eq(words[0].answer.number, 2); /* the lift, said last */
	ck_assert_int_eq(words[1].answer.passed_over_by, 2);
}
END_TEST

START_TEST(of_a_backlog_only_the_outcome_takes_effect)
{
	say(0, YELLOW, 0);
	word(10, RED, 10);
	word(20, ORANGE, 20);
	judge_at(60);
	ck_assert_int_eq(outcome.n_told, 1);
	ck_assert_told(0, "upgrade", "said", 3);
	ck_assert_int_eq(outcome.told[0].previous, YELLOW);
	ck_assert_int_eq(words[0].answer.passed_over_by, 3);
}
END_TEST

START_TEST(an_announced_one_that_began_and_ended_while_stopped_is_passed_over)
{
	say(0, RED, 30);
	say(1, 0, 60);
	look(90);
	ck_assert_int_eq(outcome.n_told, 2);
	ck_assert_told(0, "withdrawn", "passed_over", 1);
	ck_assert_int_eq(outcome.told[0].by, 2);
	ck_assert_told(1, "withdrawn", "nothing_to_lift", 2);
}
END_TEST

START_TEST(a_word_said_before_a_start_of_the_outage_and_taking_it_out_is_too_late)
{
	say(0, RED, 30);
	look(30);
	struct timetable_word *lift = word(10, 0, 20);
	judge_at(60);
	ck_assert_int_eq(in_force(), 0);
	ck_assert_int_eq(lift->answer.n_too_late, 1);
	ck_assert_str_eq(lift->answer.too_late[0], "w01");
}
END_TEST

START_TEST(a_word_said_before_a_start_of_the_outage_and_ending_before_it_does_not_end_it)
{
	say(0, RED, 30);
	look(30);
	struct timetable_word *yellow = word(10, YELLOW, 15);
	yellow->planned_end_ms = at(25);
	judge_at(60);
	ck_assert_int_eq(in_force(), 1);
	ck_assert_int_eq(yellow->answer.passed_over_by, 1);
	ck_assert_int_eq(yellow->answer.n_too_late, 0);
	ck_assert_int_eq(outcome.n_told, 0);
}
END_TEST

START_TEST(a_withdrawal_said_while_stopped_keeps_the_start_from_coming)
{
	say(0, RED, 30);
	struct timetable_word *only = word(10, 0, 0);
	only->has_level = false;
	only->n_withdraws = 1;
	memcpy(only->withdraws[0], "w01", 4);
	judge_at(60);
	ck_assert_int_eq(in_force(), 0);
	ck_assert_int_eq(outcome.n_told, 1);
	ck_assert_told(0, "withdrawn", "named", 1);
}
END_TEST

/* ---- 7. documents, amendments, lifts of nothing ---- */

START_TEST(a_known_document_with_another_level_is_accepted_and_told)
{
	memcpy(word(0, YELLOW, 100)->document, "No. 7", 6);
	judge_at(0);
	struct timetable_word *again = word(5, RED, 100);
	memcpy(again->document, "No. 7", 6);
	judge_at(5);
	ck_assert_int_eq(again->answer.document_was, YELLOW);
	ck_assert_int_eq(timetable.pending[0].level, RED);
	ck_assert_int_eq(timetable.n_pending, 1);
}
END_TEST

START_TEST(the_level_in_force_again_is_an_amendment)
{
	say(0, RED, 0);
	say_until(10, RED, 10, 90);
	ck_assert_told(0, "amended", "said", 2);
	ck_assert_int_eq(in_force(), 2);
	ck_assert_int_eq(timetable.episode, 1);
}
END_TEST

START_TEST(a_lift_of_nothing_has_no_effect_and_no_event)
{
	const struct word_answer *answer = say(0, 0, 0);
	ck_assert_int_eq(answer->refusal, REFUSAL_NONE);
	ck_assert(answer->no_effect);
	ck_assert_int_eq(outcome.n_told, 0);
}
END_TEST

START_TEST(a_lift_ahead_is_announced_and_ends_as_nothing_to_lift)
{
	say(0, 0, 60);
	ck_assert_told(0, "announced", "said", 1);
	look(60);
	ck_assert_int_eq(outcome.n_told, 1);
	ck_assert_told(0, "withdrawn", "nothing_to_lift", 1);
}
END_TEST

START_TEST(seventeen_issuers_within_five_minutes_forget_the_oldest_word)
{
	for (int i = 0; i < TIMETABLE_ISSUERS_MAX + 1; i++) {
		word(i / 4, YELLOW, i / 4)->issuer[0] = (char)('B' + i);
		judge_at(i / 4);
	}
	ck_assert_int_eq(timetable.n_issuers, TIMETABLE_ISSUERS_MAX);
	ck_assert_ptr_null(timetable_said_last(&timetable, "B"));
	ck_assert_ptr_nonnull(timetable_said_last(&timetable, "R"));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("judge");
	TCase *rules = tcase_create("rules");
	tcase_add_checked_fixture(rules, setup, NULL);
	tcase_add_test(rules, a_red_with_an_earlier_start_than_the_running_yellow_takes_effect);
	tcase_add_test(rules, a_lift_from_an_outages_queue_does_not_end_the_red_typed_after_it);
	tcase_add_test(rules,
		       another_issuers_clock_may_be_five_minutes_behind_and_the_same_ones_may_not);
	tcase_add_test(rules,
		       an_old_word_that_comes_after_the_newest_accepted_one_is_the_last_word);
	tcase_add_test(rules, a_clock_that_is_set_back_refuses_nobody_as_older);
	tcase_add_test(rules, without_a_synchronised_clock_nothing_is_refused_for_lying_ahead);
	tcase_add_test(rules, a_refused_word_is_remembered_for_24_hours);
	tcase_add_test(rules,
		       two_announced_in_turned_order_take_effect_in_the_order_of_their_starts);
	tcase_add_test(rules, what_has_begun_does_not_unbegin_when_the_clock_steps_back);
	tcase_add_test(rules, event_times_never_run_backwards);
	tcase_add_test(rules, a_lift_of_a_pending_one_has_an_event_of_its_own);
	tcase_add_test(rules, a_planned_end_leaves_what_begins_at_it_or_later);
	tcase_add_test(rules, the_same_lift_later_postpones_it);
	tcase_add_test(rules, the_same_downgrade_later_postpones_it);
	tcase_add_test(rules, a_raise_is_not_taken_out_by_the_same_level_later);
	tcase_add_test(rules, who_postpones_a_raise_names_it);
	tcase_add_test(rules, a_word_may_only_withdraw_and_says_what_it_is_too_late_for);
	tcase_add_test(rules, a_word_without_level_and_without_anything_to_withdraw_is_refused);
	tcase_add_test(rules, parts_of_one_announcement_take_out_none_of_each_other_in_any_order);
	tcase_add_test(rules, a_part_that_comes_late_does_not_replace_the_part_that_follows_it);
	tcase_add_test(rules, words_without_a_document_are_parts_of_nothing);
	tcase_add_test(rules, the_sixteenth_pending_one_is_refused_whole);
	tcase_add_test(rules, a_lift_from_now_takes_out_everything_pending);
	tcase_add_test(rules, what_began_on_time_is_effective_from_its_start);
	tcase_add_test(rules, what_began_late_is_effective_from_its_event);
	tcase_add_test(rules,
		       a_planned_end_not_later_than_the_start_and_a_lift_with_one_are_refused);
	tcase_add_test(rules, a_planned_end_that_had_passed_when_it_was_said_is_refused);
	tcase_add_test(rules,
		       a_planned_end_that_passed_on_the_way_is_overdue_at_once_by_two_events);
	tcase_add_test(rules, overdue_is_told_once_and_not_if_another_begins_by_then);
	tcase_add_test(rules, what_arrives_together_is_judged_in_the_order_in_which_it_was_said);
	tcase_add_test(rules, of_a_backlog_only_the_outcome_takes_effect);
	tcase_add_test(rules, an_announced_one_that_began_and_ended_while_stopped_is_passed_over);
	tcase_add_test(rules,
		       a_word_said_before_a_start_of_the_outage_and_taking_it_out_is_too_late);
	tcase_add_test(
		rules,
		a_word_said_before_a_start_of_the_outage_and_ending_before_it_does_not_end_it);
	tcase_add_test(rules, a_withdrawal_said_while_stopped_keeps_the_start_from_coming);
	tcase_add_test(rules, a_known_document_with_another_level_is_accepted_and_told);
	tcase_add_test(rules, the_level_in_force_again_is_an_amendment);
	tcase_add_test(rules, a_lift_of_nothing_has_no_effect_and_no_event);
	tcase_add_test(rules, a_lift_ahead_is_announced_and_ends_as_nothing_to_lift);
	tcase_add_test(rules, seventeen_issuers_within_five_minutes_forget_the_oldest_word);
	suite_add_tcase(suite, rules);
	return suite;
}
