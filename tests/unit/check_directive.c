/* SPDX-License-Identifier: MIT */
#include "directive.h"

#include <string.h>

#include "unit.h"

#define DAY_MS INT64_C(86400000)
#define T INT64_C(1419638400000)

static struct directives directives;
static int64_t numbers;

static void setup(void)
{
	memset(&directives, 0, sizeof(directives));
	numbers = 0;
}

/* Accepted at `now`, days after T; begins at `start`, ends as planned at `end` (0: unsaid). */
static bool take(enum level level, int now, int start, int end)
{
	struct directive directive = {.number = ++numbers, .level = level};
	directive.start_ms = T + start * DAY_MS;
	directive.planned_end_ms = end ? T + end * DAY_MS : 0;
	return directives_take(&directives, &directive, T + now * DAY_MS);
}

static enum level level_at(int day)
{
	const struct directive *directive = directive_in_force(&directives, T + day * DAY_MS);
	return directive ? directive->level : LEVEL_NONE;
}

START_TEST(a_directive_is_in_force_from_its_start_until_a_lift_begins)
{
	ck_assert(take(LEVEL_ORANGE, 0, 1, 3));
	ck_assert_int_eq(level_at(0), LEVEL_NONE);
	ck_assert_int_eq(level_at(1), LEVEL_ORANGE);
	ck_assert(take(LEVEL_NONE, 2, 4, 0));
	ck_assert_int_eq(level_at(2), LEVEL_ORANGE);
	ck_assert_int_eq(level_at(3), LEVEL_ORANGE);
	ck_assert_int_eq(level_at(4), LEVEL_NONE);
}
END_TEST

START_TEST(a_planned_end_without_a_lift_leaves_it_in_force_and_overdue)
{
	ck_assert(take(LEVEL_RED, 0, 0, 3));
	const struct directive *directive = directive_in_force(&directives, T + 9 * DAY_MS);
	ck_assert_ptr_nonnull(directive);
	ck_assert(!directive_overdue(directive, T + 3 * DAY_MS - 1));
	ck_assert(directive_overdue(directive, T + 3 * DAY_MS));
}
END_TEST

START_TEST(a_directive_without_a_planned_end_is_never_overdue)
{
	ck_assert(take(LEVEL_YELLOW, 0, 0, 0));
	ck_assert(!directive_overdue(directive_newest(&directives), T + 999 * DAY_MS));
}
END_TEST

START_TEST(another_directive_takes_over_when_it_begins_whatever_was_accepted_first)
{
	ck_assert(take(LEVEL_ORANGE, 0, 4, 0)); /* later start, accepted first */
	ck_assert(take(LEVEL_YELLOW, 1, 1, 0));
	ck_assert_int_eq(level_at(1), LEVEL_YELLOW);
	ck_assert_int_eq(level_at(3), LEVEL_YELLOW);
	ck_assert_int_eq(level_at(4), LEVEL_ORANGE);
}
END_TEST

START_TEST(of_two_that_begin_together_the_one_accepted_last_counts)
{
	ck_assert(take(LEVEL_ORANGE, 0, 2, 0));
	ck_assert(take(LEVEL_RED, 1, 2, 0));
	ck_assert_int_eq(level_at(2), LEVEL_RED);
}
END_TEST

START_TEST(a_lift_withdraws_what_was_accepted_before_it_and_has_not_begun)
{
	ck_assert(take(LEVEL_YELLOW, 0, 0, 0));
	ck_assert(take(LEVEL_RED, 0, 5, 0));
	ck_assert(take(LEVEL_NONE, 2, 2, 0));
	for (int day = 2; day < 9; day++)
		ck_assert_int_eq(level_at(day), LEVEL_NONE);
	ck_assert(take(LEVEL_ORANGE, 3, 6, 0)); /* accepted after it: counts */
	ck_assert_int_eq(level_at(5), LEVEL_NONE);
	ck_assert_int_eq(level_at(6), LEVEL_ORANGE);
}
END_TEST

START_TEST(a_lift_that_comes_later_leaves_what_begins_before_it)
{
	ck_assert(take(LEVEL_RED, 0, 3, 0));
	ck_assert(take(LEVEL_NONE, 0, 5, 0));
	ck_assert_int_eq(level_at(3), LEVEL_RED);
	ck_assert_int_eq(level_at(4), LEVEL_RED);
	ck_assert_int_eq(level_at(5), LEVEL_NONE);
}
END_TEST

START_TEST(the_next_change_is_the_next_start_or_planned_end)
{
	ck_assert_int_eq(directives_next_ms(&directives, T), 0);
	ck_assert(take(LEVEL_YELLOW, 0, 2, 3));
	ck_assert(take(LEVEL_NONE, 0, 5, 0));
	const int expected[] = {2, 2, 3, 5, 5, 0};
	for (int day = 0; day < 6; day++)
		ck_assert_int_eq(directives_next_ms(&directives, T + day * DAY_MS),
				 expected[day] ? T + expected[day] * DAY_MS : 0);
}
END_TEST

START_TEST(more_waiting_directives_than_there_is_room_for_change_nothing)
{
	for (int i = 0; i < DIRECTIVES_MAX; i++)
		ck_assert(take(LEVEL_YELLOW, 0, i + 1, 0));
	struct directives before = directives;
	ck_assert(!take(LEVEL_RED, 0, 99, 0));
	ck_assert_mem_eq(&before, &directives, sizeof(before));
	ck_assert(take(LEVEL_RED, 10, 99, 0)); /* the first nine are over by then */
}
END_TEST

START_TEST(the_event_of_a_directive_follows_from_the_levels)
{
	static const struct {
		enum level before, after;
		enum event_kind kind;
	} cases[] = {{LEVEL_NONE, LEVEL_RED, EVENT_ISSUE},
		     {LEVEL_YELLOW, LEVEL_RED, EVENT_UPGRADE},
		     {LEVEL_RED, LEVEL_YELLOW, EVENT_DOWNGRADE},
		     {LEVEL_RED, LEVEL_NONE, EVENT_LIFT},
		     {LEVEL_RED, LEVEL_RED, EVENT_CORRECTION}};
	enum event_kind kind;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert(directive_event(cases[i].before, cases[i].after, &kind));
		ck_assert_int_eq(kind, cases[i].kind);
	}
	ck_assert(!directive_event(LEVEL_NONE, LEVEL_NONE, &kind));
}
END_TEST

/* What is in force must not depend on which of the finished ones were forgotten. */
START_TEST(forgetting_what_is_over_never_changes_what_is_in_force)
{
	for (int round = 0; round < 2000; round++) {
		static struct directives kept, all;
		memset(&kept, 0, sizeof(kept));
		memset(&all, 0, sizeof(all));
		for (int now = 0; now < DIRECTIVES_MAX; now++) {
			struct directive directive = {.number = now + 1};
			directive.level = (enum level)(unit_random() % LEVEL_COUNT);
			directive.start_ms = T + (now + (int)(unit_random() % 5)) * DAY_MS;
			ck_assert(directives_take(&kept, &directive, T + now * DAY_MS));
			all.list[all.n++] = directive;
			for (int day = now; day < 2 * DIRECTIVES_MAX; day++) {
				const struct directive *a =
					directive_in_force(&kept, T + day * DAY_MS);
				const struct directive *b =
					directive_in_force(&all, T + day * DAY_MS);
				ck_assert_int_eq(a ? a->number : 0, b ? b->number : 0);
			}
		}
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("directive");
	TCase *tc = tcase_create("directive");
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, a_directive_is_in_force_from_its_start_until_a_lift_begins);
	tcase_add_test(tc, a_planned_end_without_a_lift_leaves_it_in_force_and_overdue);
	tcase_add_test(tc, a_directive_without_a_planned_end_is_never_overdue);
	tcase_add_test(tc, another_directive_takes_over_when_it_begins_whatever_was_accepted_first);
	tcase_add_test(tc, of_two_that_begin_together_the_one_accepted_last_counts);
	tcase_add_test(tc, a_lift_withdraws_what_was_accepted_before_it_and_has_not_begun);
	tcase_add_test(tc, a_lift_that_comes_later_leaves_what_begins_before_it);
	tcase_add_test(tc, the_next_change_is_the_next_start_or_planned_end);
	tcase_add_test(tc, more_waiting_directives_than_there_is_room_for_change_nothing);
	tcase_add_test(tc, the_event_of_a_directive_follows_from_the_levels);
	tcase_add_test(tc, forgetting_what_is_over_never_changes_what_is_in_force);
	suite_add_tcase(suite, tc);
	return suite;
}
