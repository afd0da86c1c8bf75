/* SPDX-License-Identifier: MIT */
#include "warning.h"

#include <string.h>

#include "hetang.h"
#include "models.h"
#include "unit.h"

#define H 394344
#define MISSING TIMELINE_UNKNOWN

static struct plan plan;
static struct timeline timeline;
static struct advice advice;
static struct event events[512];
static int n_events;

static void setup(void)
{
	plan = models_hetang();
	memset(&timeline, 0, sizeof(timeline));
	memset(&advice, 0, sizeof(advice));
	n_events = 0;
}

static void hours(int n, int daily, int realtime)
{
	for (int i = 0; i < n; i++) {
		struct verdict verdict;
		timeline_observe(&timeline, timeline.past ? timeline.now + 1 : H,
				 timeline_hour_of(daily, realtime));
		evaluate(&plan, &timeline, &verdict);
		n_events += advice_step(&advice, &verdict, &events[n_events]);
	}
}

static void expect(int i, enum event_kind kind, int level, int64_t hour)
{
	ck_assert_int_lt(i, n_events);
	ck_assert_str_eq(event_name(events[i].kind), event_name(kind));
	ck_assert_int_eq(events[i].level, level);
	ck_assert_int_eq(events[i].hour, hour);
}

START_TEST(an_episode_goes_up_and_down_through_its_levels)
{
	hours(10, 100, 100);
	hours(49, 250, 260); /* yellow at the 25th value, orange and red wait */
	expect(0, EVENT_ISSUE, LEVEL_YELLOW, H + 10 + 24);
	expect(1, EVENT_UPGRADE, LEVEL_ORANGE, H + 10 + 48);
	hours(1, 301, 301);
	expect(2, EVENT_UPGRADE, LEVEL_RED, H + 10 + 49);
	hours(36, 100, 100); /* at or below 300, 200 and 150 for 36 hours at once */
	expect(3, EVENT_LIFT, LEVEL_NONE, timeline.now);
	ck_assert_int_eq(n_events, 4);
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(events[i].number, i + 1);
		ck_assert_int_eq(events[i].episode, H + 10 + 24);
	}
	ck_assert_int_eq(advice.episode, 0);
}
END_TEST

START_TEST(a_level_goes_36_hours_after_its_own_threshold)
{
	hours(10, 100, 100);
	hours(50, 250, 260);
	hours(20, 180, 180);
	ck_assert_int_eq(advice_level(&advice), LEVEL_ORANGE);
	hours(16, 140, 140);
	expect(2, EVENT_DOWNGRADE, LEVEL_YELLOW, H + 10 + 50 + 35);
	hours(19, 140, 140);
	ck_assert_int_eq(n_events, 3);
	hours(1, 140, 140);
	expect(3, EVENT_LIFT, LEVEL_NONE, H + 10 + 50 + 20 + 35);
}
END_TEST

START_TEST(thirty_five_clean_hours_do_not_end_an_episode)
{
	hours(10, 100, 100);
	hours(30, 160, 260);
	hours(35, 100, 100);
	hours(30, 160, 260);
	ck_assert_int_eq(n_events, 1);
	ck_assert_int_eq(advice_level(&advice), LEVEL_YELLOW);
	hours(36, 100, 100);
	expect(1, EVENT_LIFT, LEVEL_NONE, timeline.now);
}
END_TEST

START_TEST(missing_data_never_lift_a_warning_and_a_hold_says_so)
{
	hours(10, 100, 100);
	hours(30, 160, 260);
	hours(2, MISSING, MISSING);
	ck_assert_int_eq(n_events, 1);
	hours(24, MISSING, MISSING);
	ck_assert_int_eq(n_events, 2);
	expect(1, EVENT_HOLD, LEVEL_YELLOW, H + 42);
	ck_assert_int_eq(events[1].reason, REASON_INSUFFICIENT_DATA);
	/* yellow stays in any case; whether the levels above it are met nobody knows */
	ck_assert_uint_eq(events[1].undecided, 1u << LEVEL_ORANGE | 1u << LEVEL_RED);
	ck_assert(!events[1].waits_for_forecast);
	ck_assert_int_eq(advice_level(&advice), LEVEL_YELLOW);
	hours(25, MISSING, MISSING); /* every 24 hours it is told again */
	ck_assert_int_eq(n_events, 4);
	expect(2, EVENT_HOLD, LEVEL_YELLOW, H + 42 + 24);
	expect(3, EVENT_HOLD, LEVEL_YELLOW, H + 42 + 48);
	ck_assert(events[3].undecided & 1u << LEVEL_YELLOW);
	hours(22, 100, 100);
	ck_assert_int_eq(n_events, 4);
	hours(13, 100, 100);
	expect(4, EVENT_HOLD, LEVEL_YELLOW, H + 42 + 72);
	ck_assert_int_eq(advice_level(&advice), LEVEL_YELLOW);
	hours(1, 100, 100);
	expect(5, EVENT_RESUME, LEVEL_YELLOW, timeline.now);
	expect(6, EVENT_LIFT, LEVEL_NONE, timeline.now);
	ck_assert_int_eq(events[6].reason, REASON_OBSERVED);
	ck_assert_int_eq(n_events, 7);
}
END_TEST

START_TEST(a_station_that_starts_blind_says_so)
{
	hours(20, MISSING, MISSING);
	expect(0, EVENT_HOLD, LEVEL_NONE, H);
	hours(5, 90, 90);
	expect(1, EVENT_RESUME, LEVEL_NONE, H + 20);
	ck_assert_int_eq(n_events, 2);
}
END_TEST

START_TEST(an_hour_told_twice_changes_nothing)
{
	hours(10, 100, 100);
	hours(25, 160, 260);
	struct advice before = advice;
	struct verdict verdict;
	evaluate(&plan, &timeline, &verdict);
	ck_assert_int_eq(advice_step(&advice, &verdict, &events[n_events]), 0);
	ck_assert_mem_eq(&before, &advice, sizeof(advice));
}
END_TEST

START_TEST(an_event_of_the_shell_takes_the_next_number_and_leaves_the_advice)
{
	hours(10, 100, 100);
	hours(25, 160, 260);
	struct event event;
	advice_note(&advice, EVENT_RULES_CHANGED, H + 40, &event);
	ck_assert_int_eq(event.number, 2);
	ck_assert_int_eq(event.level, LEVEL_YELLOW);
	ck_assert_int_eq(event.episode, H + 34);
	ck_assert_int_eq(advice_level(&advice), LEVEL_YELLOW);
}
END_TEST

static int random_daily(int before)
{
	if (unit_random() % 40 == 0)
		return MISSING;
	int value = (before == MISSING ? 150 : before) + (int)(unit_random() % 61) - 30;
	return value < 20 ? 20 : value > 500 ? 500 : value;
}

/* Every transition is one the plan knows; numbers have no gaps; the level fits. */
static void assert_legal(void)
{
	int level = LEVEL_NONE;
	bool holding = false;
	for (int i = 0; i < n_events; i++) {
		const struct event *event = &events[i];
		ck_assert_int_eq(event->number, i + 1);
		ck_assert_int_eq(event->previous, level);
		switch (event->kind) {
		case EVENT_ISSUE:
			ck_assert(level == LEVEL_NONE && event->level > LEVEL_NONE);
			break;
		case EVENT_UPGRADE:
			ck_assert(level > LEVEL_NONE && event->level > level);
			break;
		case EVENT_DOWNGRADE:
			ck_assert(event->level > LEVEL_NONE && event->level < level);
			break;
		case EVENT_LIFT:
			ck_assert(level > LEVEL_NONE && event->level == LEVEL_NONE);
			break;
		case EVENT_HOLD:
		case EVENT_RESUME: /* a hold that lasts is told again */
			ck_assert(holding || event->kind == EVENT_HOLD);
			ck_assert_int_eq(event->level, level);
			ck_assert_int_ne(event->reason, REASON_NONE);
			holding = event->kind == EVENT_HOLD;
			break;
		case EVENT_AMENDED:
		case EVENT_ANNOUNCED:
		case EVENT_WITHDRAWN:
		case EVENT_OVERDUE:
		case EVENT_RULES_CHANGED:
		case EVENT_CORRECTION:
		case EVENT_DUST:
			ck_abort_msg("nobody changed rules or hours");
		}
		level = event->level;
	}
}

START_TEST(events_alternate_legally_whatever_the_air_does)
{
	for (int round = 0; round < 100; round++) {
		setup();
		int daily = 150;
		for (int i = 0; i < 600 && n_events < 500; i++) {
			int next = random_daily(daily);
			hours(1, next, next == MISSING ? MISSING : next + 20);
			daily = next == MISSING ? daily : next;
		}
		assert_legal();
	}
}
END_TEST

START_TEST(two_episodes_are_never_less_than_36_hours_apart)
{
	for (int round = 0; round < 100; round++) {
		setup();
		int daily = 150;
		int64_t last_above = 0;
		for (int i = 0; i < 600; i++) {
			int before = n_events;
			do
				daily = random_daily(daily);
			while (daily == MISSING);
			hours(1, daily, daily + 20);
			for (int e = before; e < n_events; e++) {
				if (events[e].kind == EVENT_LIFT)
					ck_assert_int_ge(timeline.now - last_above, 36);
			}
			if (daily > 150)
				last_above = timeline.now;
		}
	}
}
END_TEST

/* ---- every state and every input ---- */

/* Answers that an evaluation can give: a level called for calls for those below it, and what
 * releases a level releases those above it. 10 triples that never rise or never fall, each. */
static int triples(bool rise, enum truth ret[10][LEVEL_COUNT])
{
	int n = 0;
	for (int code = 0; code < 27; code++) {
		int yellow = code % 3, orange = code / 3 % 3, red = code / 9;
		bool fits = rise ? yellow <= orange && orange <= red
				 : yellow >= orange && orange >= red;
		if (!fits)
			continue;
		ret[n][LEVEL_YELLOW] = (enum truth)yellow;
		ret[n][LEVEL_ORANGE] = (enum truth)orange;
		ret[n++][LEVEL_RED] = (enum truth)red;
	}
	return n;
}

/* held (8) x holding (2) x in an episode (2) */
static int state_of(const struct advice *a)
{
	return (int)(a->held >> 1) | (a->holding ? 8 : 0) | (a->episode ? 16 : 0);
}

static void assert_sound(const struct advice *a)
{
	ck_assert_uint_eq(a->held & 1u, 0);
	ck_assert(a->held < 1u << LEVEL_COUNT);
	ck_assert((a->held != 0) == (a->episode != 0));
	/* a level is never held without those below it */
	ck_assert(!(a->held & 1u << LEVEL_RED) || (a->held & 1u << LEVEL_ORANGE));
	ck_assert(!(a->held & 1u << LEVEL_ORANGE) || (a->held & 1u << LEVEL_YELLOW));
}

static void assert_step(const struct advice *before, const struct advice *after,
			const struct verdict *verdict, int n)
{
	int was = advice_level(before), is = advice_level(after);
	bool changed = was != is;
	int changes = 0;
	for (int i = 0; i < n; i++) {
		const struct event *event = &events[i];
		bool change = event->kind <= EVENT_LIFT;
		ck_assert_int_eq(event->number, before->last_event + 1 + i);
		changes += change;
		if (change)
			ck_assert_int_eq(event->kind, event_kind_between(was, is));
	}
	ck_assert_int_eq(changes, changed);
	ck_assert_int_eq(after->last_event, before->last_event + n);
	for (int l = LEVEL_YELLOW; l < LEVEL_COUNT; l++) {
		bool held = before->held & 1u << l, holds = after->held & 1u << l;
		const struct level_verdict *answer = &verdict->levels[l];
		bool deaf = verdict->bridged || verdict->dust;
		if (held && !holds)
			ck_assert(!deaf && answer->called == TRUTH_FALSE &&
				  answer->release.released == TRUTH_TRUE);
		if (!held && holds)
			ck_assert(!deaf && answer->called == TRUTH_TRUE);
	}
	if (after->holding && !before->holding)
		ck_assert_int_eq(events[n - 1].kind, EVENT_HOLD);
}

/* Steps from one state by one input; the state it leads to, or the same. */
static struct advice try_input(const struct advice *from, const enum truth *answers[2], int special)
{
	struct verdict verdict = {.hour = from->last_hour + 1, .n_levels = LEVEL_RED};
	struct advice to = *from;
	verdict.bridged = special == 1;
	verdict.dust = special == 2;
	verdict.horizon_hold_h = special == 3 ? 48 : 0;
	for (int l = LEVEL_YELLOW; l < LEVEL_COUNT; l++) {
		verdict.levels[l].called = answers[0][l];
		verdict.levels[l].release.released = answers[1][l];
		verdict.levels[l].release.beyond_horizon = true;
	}
	int n = advice_step(&to, &verdict, events);
	assert_sound(&to);
	assert_step(from, &to, &verdict, n);
	return to;
}

START_TEST(from_every_state_every_input_leads_to_a_legal_state_by_legal_events)
{
	static struct advice states[32];
	bool known[32] = {true};
	enum truth called[10][LEVEL_COUNT], released[10][LEVEL_COUNT];
	ck_assert_int_eq(triples(false, called), 10);
	ck_assert_int_eq(triples(true, released), 10);
	int reached = 1, pairs = 0;
	memset(states, 0, sizeof(states));
	for (bool more = true; more;) {
		more = false;
		for (int s = 0; s < 32; s++) {
			for (int input = 0; known[s] && input < 400; input++) {
				const enum truth *answers[2] = {called[input % 10],
								released[input / 10 % 10]};
				struct advice to = try_input(&states[s], answers, input / 100);
				pairs++;
				if (known[state_of(&to)])
					continue;
				known[state_of(&to)] = more = true;
				states[state_of(&to)] = to;
				reached++;
			}
		}
	}
	/* none, yellow, orange, red; each with and without a hold */
	ck_assert_int_eq(reached, 8);
	ck_assert_int_ge(pairs, 8 * 400);
}
END_TEST

START_TEST(a_forecast_that_expires_with_smog_ahead_holds_the_advice)
{
	hours(40, 60, 60);
	for (int expired = 0; expired < 2; expired++) {
		struct verdict verdict;
		timeline_observe(&timeline, timeline.now + 1, timeline_hour_of(60, 60));
		timeline.ahead = 80;
		for (int i = 0; i < 80; i++)
			timeline.hours[timeline.past + i] =
				expired ? timeline_hour_of(MISSING, MISSING)
					: timeline_hour_of(210, 230);
		evaluate(&plan, &timeline, &verdict);
		n_events += advice_step(&advice, &verdict, &events[n_events]);
	}
	ck_assert_int_eq(n_events, 2);
	expect(0, EVENT_ISSUE, LEVEL_ORANGE, timeline.now - 1);
	expect(1, EVENT_HOLD, LEVEL_ORANGE, timeline.now);
	ck_assert_int_eq(advice_level(&advice), LEVEL_ORANGE);
}
END_TEST

START_TEST(a_newer_forecast_of_clean_air_lifts_what_an_older_one_raised)
{
	struct verdict verdict;
	hours(40, 60, 60);
	timeline.ahead = 60;
	for (int i = 0; i < 60; i++)
		timeline.hours[timeline.past + i] = timeline_hour_of(210, 230);
	evaluate(&plan, &timeline, &verdict);
	n_events += advice_step_again(&advice, &verdict, REASON_FORECAST, &events[n_events]);
	ck_assert_int_eq(n_events, 1);
	expect(0, EVENT_ISSUE, LEVEL_ORANGE, timeline.now);
	for (int i = 0; i < 60; i++)
		timeline.hours[timeline.past + i] = timeline_hour_of(70, 70);
	evaluate(&plan, &timeline, &verdict);
	n_events += advice_step_again(&advice, &verdict, REASON_FORECAST, &events[n_events]);
	ck_assert_int_eq(n_events, 2);
	expect(1, EVENT_LIFT, LEVEL_NONE, timeline.now);
}
END_TEST

/* Smog from `clean` hours ahead on, for three days. */
static void foresee_smog(int clean, struct verdict *verdict)
{
	timeline.ahead = clean + 72;
	for (int i = 0; i < timeline.ahead; i++)
		timeline.hours[timeline.past + i] =
			i < clean ? timeline_hour_of(60, 60) : timeline_hour_of(160, 210);
	evaluate(&plan, &timeline, verdict);
}

START_TEST(an_onset_ahead_moves_only_with_a_newer_forecast_and_an_event_says_so)
{
	struct verdict verdict;
	hours(40, 60, 60);
	foresee_smog(40, &verdict);
	n_events = advice_step_again(&advice, &verdict, REASON_FORECAST, events);
	expect(0, EVENT_ISSUE, LEVEL_YELLOW, timeline.now);
	/* the first value 41 hours ahead is of the 24 hours before its label */
	int64_t onset = timeline.now + 41 - 24;
	ck_assert_int_eq(events[0].onset_ms, onset * 3600000);
	/* an hour passes, the run is found an hour later: nothing is told, nothing moves */
	timeline_observe(&timeline, timeline.now + 1, timeline_hour_of(60, 60));
	foresee_smog(40, &verdict);
	ck_assert_int_eq(advice_step(&advice, &verdict, events), 0);
	ck_assert_int_eq(advice.evidence.onset, onset);
	/* a newer forecast has it six hours later */
	foresee_smog(45, &verdict);
	ck_assert_int_eq(advice_step_again(&advice, &verdict, REASON_FORECAST, events), 1);
	n_events = 1;
	expect(0, EVENT_AMENDED, LEVEL_YELLOW, timeline.now);
	ck_assert_int_eq(events[0].previous, LEVEL_YELLOW);
	ck_assert_int_eq(events[0].onset_ms, (onset + 6) * 3600000);
	ck_assert_int_eq(events[0].reason, REASON_FORECAST);
	ck_assert_int_eq(advice.evidence.onset, onset + 6);
	foresee_smog(44, &verdict); /* dust taken back */
	ck_assert_int_eq(advice_step_again(&advice, &verdict, REASON_DUST, events), 1);
	ck_assert_int_eq(events[0].kind, EVENT_AMENDED);
	ck_assert_int_eq(events[0].reason, REASON_DUST);
	ck_assert_int_eq(advice_step_again(&advice, &verdict, REASON_FORECAST, events), 0);
}
END_TEST

START_TEST(an_onset_that_has_come_does_not_move_with_the_clock)
{
	struct verdict verdict;
	hours(10, 100, 100);
	hours(25, 160, 210);
	expect(0, EVENT_ISSUE, LEVEL_YELLOW, timeline.now);
	int64_t onset = timeline.now;
	ck_assert_int_eq(events[0].onset_ms, onset * 3600000);
	hours(5, 160, 210);
	foresee_smog(0, &verdict);
	ck_assert_int_eq(advice_step_again(&advice, &verdict, REASON_FORECAST, &events[n_events]),
			 0);
	ck_assert_int_eq(advice.evidence.onset, onset);
	ck_assert_int_eq(n_events, 1);
}
END_TEST

START_TEST(an_hour_other_than_the_present_one_is_not_judged_again)
{
	struct verdict verdict;
	hours(10, 100, 100);
	evaluate(&plan, &timeline, &verdict);
	verdict.hour++;
	verdict.levels[LEVEL_YELLOW].called = TRUTH_TRUE;
	ck_assert_int_eq(advice_step_again(&advice, &verdict, REASON_FORECAST, events), 0);
	ck_assert_int_eq(advice_level(&advice), LEVEL_NONE);
}
END_TEST

/* An hour whose series lies nowhere below another's is never advised less, whatever went before. */
START_TEST(higher_air_is_never_advised_a_lower_level)
{
	for (int round = 0; round < 40; round++) {
		int series[400];
		int low[400];
		for (int pass = 0; pass < 2; pass++) {
			int daily = 150;
			setup();
			for (int i = 0; i < 400; i++) {
				if (pass == 0) {
					do
						daily = random_daily(daily);
					while (daily == MISSING);
					series[i] = daily;
				}
				int up = pass ? (int)(unit_random() % 40) : 0;
				int value = series[i] + up > 500 ? 500 : series[i] + up;
				hours(1, value, value);
				if (pass == 0)
					low[i] = advice_level(&advice);
				else
					ck_assert_int_ge(advice_level(&advice), low[i]);
			}
		}
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("warning");
	TCase *tc = tcase_create("warning");
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, an_episode_goes_up_and_down_through_its_levels);
	tcase_add_test(tc, a_level_goes_36_hours_after_its_own_threshold);
	tcase_add_test(tc, thirty_five_clean_hours_do_not_end_an_episode);
	tcase_add_test(tc, missing_data_never_lift_a_warning_and_a_hold_says_so);
	tcase_add_test(tc, a_station_that_starts_blind_says_so);
	tcase_add_test(tc, an_hour_told_twice_changes_nothing);
	tcase_add_test(tc, an_event_of_the_shell_takes_the_next_number_and_leaves_the_advice);
	tcase_add_test(tc, events_alternate_legally_whatever_the_air_does);
	tcase_add_test(tc, two_episodes_are_never_less_than_36_hours_apart);
	tcase_add_test(tc, from_every_state_every_input_leads_to_a_legal_state_by_legal_events);
	tcase_add_test(tc, a_forecast_that_expires_with_smog_ahead_holds_the_advice);
	tcase_add_test(tc, a_newer_forecast_of_clean_air_lifts_what_an_older_one_raised);
	tcase_add_test(tc, an_onset_ahead_moves_only_with_a_newer_forecast_and_an_event_says_so);
	tcase_add_test(tc, an_onset_that_has_come_does_not_move_with_the_clock);
	tcase_add_test(tc, an_hour_other_than_the_present_one_is_not_judged_again);
	tcase_add_test(tc, higher_air_is_never_advised_a_lower_level);
	suite_add_tcase(suite, tc);
	return suite;
}
