/* SPDX-License-Identifier: MIT */
/* The CAP chains by examples; times are minutes after T. */
#include "alert.h"

#include <string.h>

#include "area.h"
#include "judge.h"
#include "unit.h"

#define MIN_MS INT64_C(60000)
#define T INT64_C(1419638400000)
#define DAY 1440
#define YELLOW 1
#define ORANGE 2
#define RED 3

static struct timetable timetable;
static struct event_series series;
static struct judge_outcome outcome;
static struct alerts alerts;
static struct alert_message messages[ALERT_MESSAGES_MAX + 1]; /* of the last step */
static struct alert_moment flags;                             /* of the next one */
static int n_messages;
static bool unlinked;

static void setup(void)
{
	memset(&timetable, 0, sizeof(timetable));
	memset(&series, 0, sizeof(series));
	memset(&alerts, 0, sizeof(alerts));
	memset(&flags, 0, sizeof(flags));
	unlinked = false;
}

static int64_t at(int minute)
{
	return T + minute * MIN_MS;
}

static void follow(int minute)
{
	flags.now_ms = at(minute);
	n_messages = alerts_follow(&alerts, &timetable, &flags, messages);
	flags = (struct alert_moment){0};
	for (int i = 0; i < n_messages && !unlinked; i++)
		alerts_note_sent(&alerts, messages[i].alert.key);
}

static void judge_words(int minute, struct timetable_word *words[], int n)
{
	const struct word_moment moment = {at(minute), &series, WORD_CLOCKS_APART_MS, false};
	judge(&timetable, words, n, &moment, &outcome);
	follow(minute);
}

static void look(int minute)
{
	judge_words(minute, NULL, 0);
}

/* Said and judged at once; its number. */
static int64_t say(int minute, int level, int start)
{
	struct timetable_word word = {.issuer = "A",
				      .has_level = true,
				      .level = level,
				      .time_ms = at(minute),
				      .received_ms = at(minute),
				      .start_ms = at(start)};
	struct timetable_word *words[1] = {&word};
	word.id[0] = 'w';
	judge_words(minute, words, 1);
	return word.answer.number;
}

static void sign_slip(int minute, int64_t number)
{
	timetable_find(&timetable, number)->released = true;
	follow(minute);
}

static void ck_assert_message(int i, enum alert_topic topic, enum alert_type type, int level)
{
	ck_assert_int_lt(i, n_messages);
	ck_assert_int_eq(messages[i].topic, topic);
	ck_assert_int_eq(messages[i].type, type);
	ck_assert_int_eq(messages[i].alert.level, level);
}

/* ---- what is in force ---- */

START_TEST(an_alert_expires_a_day_after_it_was_sent)
{
	say(0, RED, 0);
	ck_assert_int_eq(n_messages, 1);
	ck_assert_message(0, ALERT_ON_DIRECTIVE, ALERT_NEW, RED);
	ck_assert_int_eq(messages[0].alert.expires_ms, at(DAY));
	ck_assert_int_eq(messages[0].alert.onset_ms, at(0));
	ck_assert_int_eq(messages[0].n_references, 0);
}
END_TEST

START_TEST(a_directive_without_end_is_renewed_at_half_life_as_long_as_it_stands)
{
	say(0, RED, 0);
	for (int half = 1; half < 40; half++) {
		ck_assert_int_eq(alerts_next_ms(&alerts), at(half * 720));
		look(half * 720 - 1);
		ck_assert_int_eq(n_messages, 0);
		look(half * 720);
		ck_assert_int_eq(n_messages, 1);
		ck_assert_message(0, ALERT_ON_DIRECTIVE, ALERT_UPDATE, RED);
		ck_assert_int_eq(messages[0].n_references, half);
		ck_assert_int_eq(messages[0].alert.expires_ms, at(half * 720 + DAY));
	}
}
END_TEST

START_TEST(a_lift_ahead_cuts_the_expiry_and_the_cancel_comes_when_it_begins)
{
	say(0, RED, 0);
	say(900, 0, 1440);
	ck_assert_int_eq(n_messages, 1);
	ck_assert_message(0, ALERT_ON_DIRECTIVE, ALERT_UPDATE, RED);
	ck_assert_int_eq(messages[0].alert.expires_ms, at(1440));
	ck_assert_int_eq(messages[0].alert.next_level, 0);
	ck_assert_int_eq(messages[0].alert.next_start_ms, at(1440));
	ck_assert_int_eq(alerts_next_ms(&alerts), at(1440));
	look(1439);
	ck_assert_int_eq(n_messages, 0);
	look(1440);
	ck_assert_int_eq(n_messages, 1);
	ck_assert_message(0, ALERT_ON_DIRECTIVE, ALERT_CANCEL, RED);
	ck_assert(messages[0].alert.all_clear);
	ck_assert_int_eq(messages[0].n_references, 2);
	ck_assert_int_eq(messages[0].alert.expires_ms, at(1440 + DAY));
	look(1440 + DAY);
	ck_assert_int_eq(n_messages, 1);
	ck_assert_int_eq(messages[0].type, ALERT_EMPTIED);
}
END_TEST

START_TEST(a_downgrade_ahead_leaves_the_alert_in_force_and_cuts_it)
{
	say(0, RED, 0);
	say(10, YELLOW, 130);
	ck_assert_int_eq(n_messages, 2);
	ck_assert_message(0, ALERT_ON_DIRECTIVE, ALERT_UPDATE, RED);
	ck_assert_int_eq(messages[0].alert.expires_ms, at(130));
	ck_assert_message(1, ALERT_ON_ANNOUNCED, ALERT_NEW, YELLOW);
}
END_TEST

START_TEST(a_raise_ahead_does_not_cut_the_expiry)
{
	say(0, YELLOW, 0);
	say(10, RED, 130);
	ck_assert_message(0, ALERT_ON_DIRECTIVE, ALERT_UPDATE, YELLOW);
	ck_assert_int_eq(messages[0].alert.expires_ms, at(10 + DAY));
	ck_assert_int_eq(messages[0].alert.next_level, RED);
}
END_TEST

START_TEST(overdue_is_sent_again_and_stays_in_force)
{
	say(0, RED, 0);
	timetable.begun[0].planned_end_ms = at(60);
	look(60);
	ck_assert_message(0, ALERT_ON_DIRECTIVE, ALERT_UPDATE, RED);
	ck_assert(messages[0].alert.overdue);
}
END_TEST

START_TEST(a_clock_that_is_set_forward_sends_it_again_and_an_expired_one_anew)
{
	say(0, RED, 0);
	int64_t first = messages[0].alert.key;
	flags.stepped = true;
	look(300); /* not half a day later */
	ck_assert_int_eq(n_messages, 1);
	ck_assert_message(0, ALERT_ON_DIRECTIVE, ALERT_UPDATE, RED);
	ck_assert_int_eq(messages[0].references[0], first);
	ck_assert_int_eq(messages[0].alert.sent_ms, at(300));
	ck_assert_int_eq(messages[0].alert.expires_ms, at(300) + at(DAY) - at(0));
	look(301);
	ck_assert_int_eq(n_messages, 0);
	flags.stepped = true;
	look(300 + 3 * DAY); /* what stood has expired meanwhile */
	ck_assert_int_eq(n_messages, 1);
	ck_assert_int_eq(messages[0].alert.level, RED);
	ck_assert_int_eq(messages[0].alert.expires_ms, at(300 + 4 * DAY));
}
END_TEST

START_TEST(a_clock_that_is_set_back_renews_what_would_lie_ahead)
{
	say(100, RED, 100);
	flags.stepped = true;
	look(40);
	ck_assert_message(0, ALERT_ON_DIRECTIVE, ALERT_UPDATE, RED);
	ck_assert_int_eq(messages[0].alert.onset_ms, at(40));
	ck_assert_int_eq(messages[0].alert.sent_ms, at(40));
}
END_TEST

START_TEST(after_an_outage_it_is_renewed_if_less_than_half_is_left)
{
	say(0, RED, 0);
	say(1, 0, 600);
	flags.back = true;
	look(200);
	ck_assert_int_eq(n_messages, 0);
	flags.back = true;
	look(400);
	ck_assert_message(0, ALERT_ON_DIRECTIVE, ALERT_UPDATE, RED);
	ck_assert_int_eq(messages[0].alert.expires_ms, at(600));
}
END_TEST

START_TEST(at_most_ten_messages_a_day_and_never_without_an_alert_for_that)
{
	int sent = 0;
	say(0, RED, 0);
	for (int minute = 1; minute < 60; minute++) {
		say(minute, YELLOW, 600 + minute); /* postponed each time */
		for (int i = 0; i < n_messages; i++)
			sent += messages[i].topic == ALERT_ON_DIRECTIVE;
	}
	ck_assert_int_eq(sent, ALERT_A_DAY_MAX - 1);
	int64_t expires_ms = alerts.chains[ALERT_ON_DIRECTIVE].shown.expires_ms;
	ck_assert_int_lt(expires_ms, at(659));
	look((int)((expires_ms - T) / MIN_MS));
	ck_assert_message(0, ALERT_ON_DIRECTIVE, ALERT_UPDATE, RED);
	ck_assert_int_eq(messages[0].alert.expires_ms, at(659));
}
END_TEST

/* ---- what is announced ---- */

START_TEST(an_announced_one_is_an_alert_of_its_own_with_its_onset_ahead)
{
	say(0, RED, 3000);
	ck_assert_int_eq(n_messages, 1);
	ck_assert_message(0, ALERT_ON_ANNOUNCED, ALERT_NEW, RED);
	ck_assert_int_eq(messages[0].alert.onset_ms, at(3000));
	ck_assert_int_eq(messages[0].alert.expires_ms, at(3000 + DAY));
	look(2999);
	ck_assert_int_eq(n_messages, 0);
}
END_TEST

START_TEST(when_it_begins_the_update_refers_to_both_and_the_topic_is_emptied)
{
	say(0, YELLOW, 0);
	say(1, RED, 60);
	look(60);
	ck_assert_int_eq(n_messages, 2);
	ck_assert_int_eq(messages[0].type, ALERT_EMPTIED);
	ck_assert_int_eq(messages[0].topic, ALERT_ON_ANNOUNCED);
	ck_assert_message(1, ALERT_ON_DIRECTIVE, ALERT_UPDATE, RED);
	ck_assert_int_eq(messages[1].n_references, 3);
}
END_TEST

START_TEST(a_nearer_one_updates_all_that_was_announced_and_the_further_one_comes_again)
{
	say(0, RED, 600);
	int64_t further = messages[0].alert.key;
	say(1, YELLOW, 60); /* it has no end: it takes red out */
	ck_assert_message(0, ALERT_ON_ANNOUNCED, ALERT_UPDATE, YELLOW);
	ck_assert_int_eq(messages[0].references[0], further);
	say(2, RED, 600);
	ck_assert_message(0, ALERT_ON_ANNOUNCED, ALERT_UPDATE, YELLOW); /* red is next */
	look(60);
	ck_assert_message(0, ALERT_ON_DIRECTIVE, ALERT_UPDATE, YELLOW);
	ck_assert_int_eq(messages[0].n_references, 2); /* both of yellow */
	ck_assert_message(1, ALERT_ON_ANNOUNCED, ALERT_UPDATE, RED);
	ck_assert_int_eq(messages[1].references[0], further);
}
END_TEST

START_TEST(a_lift_of_a_pending_one_cancels_its_announcement_without_all_clear)
{
	say(0, RED, 600);
	say(1, 0, 1);
	ck_assert_int_eq(n_messages, 1);
	ck_assert_message(0, ALERT_ON_ANNOUNCED, ALERT_CANCEL, RED);
	ck_assert(!messages[0].alert.all_clear);
	ck_assert_int_eq(messages[0].n_references, 1);
	ck_assert_int_eq(messages[0].alert.expires_ms, at(1 + DAY));
	look(1 + DAY);
	ck_assert_int_eq(messages[0].type, ALERT_EMPTIED);
}
END_TEST

START_TEST(a_lift_with_something_pending_is_no_all_clear_and_names_nothing_pending)
{
	say(0, YELLOW, 0);
	say(1, 0, 60);
	say(2, RED, 600);
	look(60);
	ck_assert_int_eq(n_messages, 1);
	ck_assert_message(0, ALERT_ON_DIRECTIVE, ALERT_CANCEL, YELLOW);
	ck_assert(!messages[0].alert.all_clear);
	for (int i = 0; i < messages[0].n_references; i++)
		ck_assert_int_ne(messages[0].references[i],
				 alerts.chains[ALERT_ON_ANNOUNCED].shown.key);
}
END_TEST

START_TEST(a_lift_is_not_announced_as_an_alert_but_what_comes_after_it_is)
{
	say(0, YELLOW, 0);
	say(1, 0, 60);
	ck_assert_int_eq(n_messages, 1);
	say(2, YELLOW, 600);
	ck_assert_int_eq(n_messages, 1);
	ck_assert_message(0, ALERT_ON_ANNOUNCED, ALERT_NEW, YELLOW);
}
END_TEST

/* ---- what was never sent ---- */

START_TEST(an_episode_of_which_none_was_sent_gets_no_cancel)
{
	unlinked = true;
	say(0, RED, 0);
	int64_t key = messages[0].alert.key;
	say(30, 0, 30);
	ck_assert_int_eq(n_messages, 1);
	ck_assert_int_eq(messages[0].type, ALERT_EMPTIED);
	ck_assert_int_eq(messages[0].n_references, 1); /* is not sent any more */
	ck_assert_int_eq(messages[0].references[0], key);
}
END_TEST

START_TEST(what_was_dropped_because_it_had_expired_is_not_referred_to)
{
	unlinked = true;
	say(0, RED, 0);
	alerts_note_dropped(&alerts, messages[0].alert.key);
	unlinked = false;
	flags.back = true;
	look(2 * DAY);
	ck_assert_message(0, ALERT_ON_DIRECTIVE, ALERT_NEW, RED);
}
END_TEST

START_TEST(a_cancel_that_never_left_is_said_again_while_what_it_ends_is_believed)
{
	say(0, RED, 5 * DAY);
	unlinked = true;
	say(1, 0, 1);
	ck_assert_int_eq(messages[0].type, ALERT_CANCEL);
	look(1 + DAY);
	ck_assert_int_eq(n_messages, 1);
	ck_assert_message(0, ALERT_ON_ANNOUNCED, ALERT_CANCEL, RED);
	ck_assert_int_eq(messages[0].n_references, 1);
	alerts_note_sent(&alerts, messages[0].alert.key);
	look(1 + 2 * DAY);
	ck_assert_int_eq(messages[0].type, ALERT_EMPTIED);
}
END_TEST

START_TEST(of_more_than_48_messages_those_that_expired_are_forgotten_first)
{
	say(0, RED, 0);
	for (int half = 1; half < 60; half++)
		look(half * 720);
	ck_assert_int_eq(messages[0].n_references, ALERT_REFERENCES_MAX);
	ck_assert_int_eq(messages[0].references[ALERT_REFERENCES_MAX - 1],
			 messages[0].alert.key - 1);
}
END_TEST

/* A clock that is set back gives it its life back. */
START_TEST(what_expired_just_now_is_referred_to_even_if_there_are_48_older_ones)
{
	say(0, RED, 0);
	for (int half = 1; half < 60; half++)
		look(half * 720);
	say(60 * 720, YELLOW, 60 * 720 + 10);
	int64_t cut_short = messages[0].alert.key;
	ck_assert_message(0, ALERT_ON_DIRECTIVE, ALERT_UPDATE, RED);
	look(60 * 720 + 10);
	const struct alert_message *downgrade = &messages[n_messages - 1];
	ck_assert_int_eq(downgrade->alert.level, YELLOW);
	bool is_named = false;
	for (int i = 0; i < downgrade->n_references; i++)
		is_named = is_named || downgrade->references[i] == cut_short;
	ck_assert(is_named);
}
END_TEST

/* ---- public ---- */

START_TEST(restricted_until_a_slip_names_the_directive)
{
	int64_t number = say(0, RED, 0);
	ck_assert(!messages[0].alert.is_public);
	sign_slip(10, number);
	ck_assert_message(0, ALERT_ON_DIRECTIVE, ALERT_UPDATE, RED);
	ck_assert(messages[0].alert.is_public);
	ck_assert(messages[0].alert.released);
	say(20, RED, 20); /* amended: the same level */
	ck_assert(messages[0].alert.is_public);
	ck_assert(!messages[0].alert.released);
	say(30, YELLOW, 30);
	ck_assert(messages[0].alert.is_public);
	ck_assert(!messages[0].alert.released);
	say(40, ORANGE, 40);
	ck_assert(!messages[0].alert.is_public);
}
END_TEST

START_TEST(a_lift_of_a_public_alert_is_public_at_once)
{
	sign_slip(1, say(0, RED, 0));
	say(10, 0, 10);
	ck_assert_int_eq(messages[0].type, ALERT_CANCEL);
	ck_assert(messages[0].alert.is_public);
	ck_assert(!messages[0].alert.released);
}
END_TEST

START_TEST(an_amendment_with_a_wider_area_waits_for_its_slip)
{
	sign_slip(1, say(0, RED, 0));
	flags.wider = true;
	say(10, RED, 10);
	ck_assert(!messages[0].alert.is_public);
}
END_TEST

START_TEST(an_area_is_wider_if_it_names_what_the_one_before_did_not)
{
	ck_assert(!area_is_wider("芦淞区", "荷塘区、芦淞区"));
	ck_assert(!area_is_wider("芦淞区，荷塘区", "荷塘区、芦淞区"));
	ck_assert(area_is_wider("芦淞区、石峰区", "荷塘区、芦淞区"));
	ck_assert(area_is_wider("芦淞区", "芦淞"));
	ck_assert(area_is_wider("", "荷塘区"));
	ck_assert(area_is_wider("荷塘区", ""));
	ck_assert(!area_is_wider("", ""));
}
END_TEST

START_TEST(a_place_is_the_same_by_its_name_alone_and_behind_what_it_lies_in)
{
	ck_assert(area_is_place("荷塘区", "荷塘区"));
	ck_assert(area_is_place(" 荷塘区、", "荷塘区"));
	ck_assert(area_is_place("株洲市荷塘区", "荷塘区"));
	ck_assert(area_is_place("湖南省株洲市荷塘区", "荷塘区"));
	ck_assert(area_is_place("广西壮族自治区南宁市青秀区", "青秀区"));
	ck_assert(area_is_place("内蒙古自治区呼和浩特市新城区", "新城区"));
	ck_assert(area_is_place("湖南省湘西自治州吉首市", "吉首市"));
	ck_assert(area_is_place("湖南省荷塘区", "荷塘区"));
	ck_assert(area_is_place("Hetang District", "Hetang District"));
	ck_assert(!area_is_place("", "荷塘区"));
	ck_assert(!area_is_place("荷塘区", ""));
	ck_assert(!area_is_place("荷塘", "荷塘区"));
	ck_assert(!area_is_place("荷塘区东部", "荷塘区"));
	ck_assert(!area_is_place("芦淞区荷塘区", "荷塘区"));
	ck_assert(!area_is_place("攸县及株洲市荷塘区", "荷塘区"));
	ck_assert(!area_is_place("长沙市和株洲市荷塘区", "荷塘区"));
	ck_assert(!area_is_place("荷塘区、荷塘区", "荷塘区"));
	ck_assert(!area_is_place("新荷塘区", "荷塘区"));
}
END_TEST

/* ---- the advice ---- */

static int follow_advice(int minute, int64_t subject, int level, int onset)
{
	const struct alert_advice advice = {subject, level, at(onset)};
	const struct alert_moment moment = {.now_ms = at(minute)};
	n_messages = alerts_follow_advice(&alerts, &advice, &moment, messages);
	for (int i = 0; i < n_messages; i++)
		alerts_note_sent(&alerts, messages[i].alert.key);
	return n_messages;
}

START_TEST(an_advice_is_renewed_amended_and_cancelled)
{
	ck_assert_int_eq(follow_advice(0, 1, YELLOW, 600), 1);
	ck_assert_message(0, ALERT_ON_ADVICE, ALERT_NEW, YELLOW);
	ck_assert_int_eq(messages[0].alert.expires_ms, at(600 + DAY));
	ck_assert_int_eq(follow_advice(10, 1, YELLOW, 600), 0);
	ck_assert_int_eq(follow_advice(20, 2, YELLOW, 660), 1); /* a newer forecast */
	ck_assert_int_eq(messages[0].type, ALERT_UPDATE);
	ck_assert_int_eq(follow_advice(660 + 720, 2, YELLOW, 660), 1);
	ck_assert_int_eq(follow_advice(1500, 3, RED, 1500), 1);
	ck_assert_int_eq(messages[0].n_references, 3);
	ck_assert_int_eq(follow_advice(1600, 4, 0, 0), 1);
	ck_assert_message(0, ALERT_ON_ADVICE, ALERT_CANCEL, RED);
	ck_assert(!messages[0].alert.is_public);
	ck_assert_int_eq(messages[0].n_references, 4);
}
END_TEST

START_TEST(the_onset_of_an_advice_is_where_its_base_run_begins_and_never_before_the_last_hour)
{
	ck_assert_int_eq(alert_advice_onset(130, 100), 106);
	ck_assert_int_eq(alert_advice_onset(110, 100), 100);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("alert");
	TCase *chains = tcase_create("chains");
	tcase_add_checked_fixture(chains, setup, NULL);
	tcase_add_test(chains, an_alert_expires_a_day_after_it_was_sent);
	tcase_add_test(chains,
		       a_directive_without_end_is_renewed_at_half_life_as_long_as_it_stands);
	tcase_add_test(chains, a_lift_ahead_cuts_the_expiry_and_the_cancel_comes_when_it_begins);
	tcase_add_test(chains, a_downgrade_ahead_leaves_the_alert_in_force_and_cuts_it);
	tcase_add_test(chains, a_raise_ahead_does_not_cut_the_expiry);
	tcase_add_test(chains, overdue_is_sent_again_and_stays_in_force);
	tcase_add_test(chains, a_clock_that_is_set_forward_sends_it_again_and_an_expired_one_anew);
	tcase_add_test(chains, a_clock_that_is_set_back_renews_what_would_lie_ahead);
	tcase_add_test(chains, after_an_outage_it_is_renewed_if_less_than_half_is_left);
	tcase_add_test(chains, at_most_ten_messages_a_day_and_never_without_an_alert_for_that);
	tcase_add_test(chains, an_announced_one_is_an_alert_of_its_own_with_its_onset_ahead);
	tcase_add_test(chains, when_it_begins_the_update_refers_to_both_and_the_topic_is_emptied);
	tcase_add_test(chains,
		       a_nearer_one_updates_all_that_was_announced_and_the_further_one_comes_again);
	tcase_add_test(chains, a_lift_of_a_pending_one_cancels_its_announcement_without_all_clear);
	tcase_add_test(chains,
		       a_lift_with_something_pending_is_no_all_clear_and_names_nothing_pending);
	tcase_add_test(chains, a_lift_is_not_announced_as_an_alert_but_what_comes_after_it_is);
	tcase_add_test(chains, an_episode_of_which_none_was_sent_gets_no_cancel);
	tcase_add_test(chains, what_was_dropped_because_it_had_expired_is_not_referred_to);
	tcase_add_test(chains,
		       a_cancel_that_never_left_is_said_again_while_what_it_ends_is_believed);
	tcase_add_test(chains, of_more_than_48_messages_those_that_expired_are_forgotten_first);
	tcase_add_test(chains,
		       what_expired_just_now_is_referred_to_even_if_there_are_48_older_ones);
	tcase_add_test(chains, restricted_until_a_slip_names_the_directive);
	tcase_add_test(chains, a_lift_of_a_public_alert_is_public_at_once);
	tcase_add_test(chains, an_amendment_with_a_wider_area_waits_for_its_slip);
	tcase_add_test(chains, an_area_is_wider_if_it_names_what_the_one_before_did_not);
	tcase_add_test(chains, a_place_is_the_same_by_its_name_alone_and_behind_what_it_lies_in);
	tcase_add_test(chains, an_advice_is_renewed_amended_and_cancelled);
	tcase_add_test(
		chains,
		the_onset_of_an_advice_is_where_its_base_run_begins_and_never_before_the_last_hour);
	suite_add_tcase(suite, chains);
	return suite;
}
