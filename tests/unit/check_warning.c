/* SPDX-License-Identifier: MIT */
#include "warning.h"

#include <string.h>

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

static void expect(int i, enum event_kind kind, enum level level, int64_t hour)
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
	hours(100, MISSING, MISSING);
	ck_assert_int_eq(n_events, 2);
	expect(1, EVENT_HOLD, LEVEL_YELLOW, H + 42);
	ck_assert_int_eq(advice_level(&advice), LEVEL_YELLOW);
	hours(35, 100, 100);
	ck_assert_int_eq(advice_level(&advice), LEVEL_YELLOW);
	hours(1, 100, 100);
	expect(2, EVENT_RESUME, LEVEL_YELLOW, timeline.now);
	expect(3, EVENT_LIFT, LEVEL_NONE, timeline.now);
	ck_assert_int_eq(n_events, 4);
}
END_TEST

START_TEST(a_station_that_starts_blind_says_so_once)
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
	enum level level = LEVEL_NONE;
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
		case EVENT_RESUME:
			ck_assert(holding == (event->kind == EVENT_RESUME));
			ck_assert_int_eq(event->level, level);
			holding = !holding;
			break;
		case EVENT_RULES_CHANGED:
		case EVENT_CORRECTION:
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
	tcase_add_test(tc, a_station_that_starts_blind_says_so_once);
	tcase_add_test(tc, an_hour_told_twice_changes_nothing);
	tcase_add_test(tc, an_event_of_the_shell_takes_the_next_number_and_leaves_the_advice);
	tcase_add_test(tc, events_alternate_legally_whatever_the_air_does);
	tcase_add_test(tc, two_episodes_are_never_less_than_36_hours_apart);
	suite_add_tcase(suite, tc);
	return suite;
}
