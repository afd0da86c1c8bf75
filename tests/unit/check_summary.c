/* SPDX-License-Identifier: MIT */
/* Summaries of a plan of three units: health acts from yellow on, roads at red, nobody else. */
#include "summary.h"

#include "hetang.h"
#include "models.h"
#include "unit.h"

#define DAY_MS INT64_C(86400000)
#define MONDAY 20458                                 /* 2026-01-05 */
#define EIGHT_MS (DAY_MS / 3 - 8 * INT64_C(3600000)) /* 08:00 in Beijing, of a day in UTC */

enum { HEALTH, ROADS, IDLE, UNITS };

static struct plan plan;
static const struct calendar no_calendar = {.first = 0, .last = -1};
static int64_t now_ms;
static struct summaries summaries;

static int64_t morning(int day)
{
	return (MONDAY + day) * DAY_MS + EIGHT_MS;
}

static void begin(void)
{
	plan = models_hetang();
	plan.summary_days = 5;
	plan.n_units = UNITS;
	plan.units[HEALTH].id = "health";
	plan.units[ROADS].id = "roads";
	plan.units[IDLE].id = "idle";
	plan.n_measures = 2;
	plan.measures[0] =
		(struct plan_measure){.level = LEVEL_YELLOW, .replaces = -1, .units = 1u << HEALTH};
	plan.measures[1] =
		(struct plan_measure){.level = LEVEL_RED, .replaces = -1, .units = 1u << ROADS};
	now_ms = morning(5);
}

static void look(const struct force_row *rows, int n)
{
	summaries = summaries_of(&plan, &no_calendar, now_ms);
	for (int i = 0; i < n; i++)
		summaries_follow(&summaries, &rows[i]);
}

static struct force_row row(int day, int64_t directive, int level)
{
	return (struct force_row){
		.from_ms = morning(day), .directive = directive, .event = 1, .level = level};
}

START_TEST(an_episode_goes_from_none_in_force_to_none_again)
{
	const struct force_row rows[] = {row(0, 7, LEVEL_YELLOW), row(1, 8, LEVEL_RED),
					 row(2, 9, LEVEL_YELLOW), row(3, 10, LEVEL_NONE)};
	look(rows, 3);
	ck_assert_int_eq(summaries.n, 0);
	look(rows, 4);
	ck_assert_int_eq(summaries.n, 1);
	const struct summary *summary = &summaries.list[0];
	ck_assert_int_eq(summary->episode, 7);
	ck_assert_int_eq(summary->begun_ms, morning(0));
	ck_assert_int_eq(summary->ended_ms, morning(3));
	ck_assert_int_eq(summary->level, LEVEL_RED);
	ck_assert_uint_eq(summary->units, 1u << HEALTH | 1u << ROADS);
	ck_assert_int_eq(summary->due_day, MONDAY + 10); /* of Thursday: the Thursday after */
	ck_assert(!summary->certain);
}
END_TEST

START_TEST(a_new_directive_leaves_the_summary_of_the_last_episode_due)
{
	const struct force_row rows[] = {row(0, 7, LEVEL_YELLOW), row(1, 8, LEVEL_NONE),
					 row(2, 9, LEVEL_RED), row(3, 10, LEVEL_NONE),
					 row(4, 11, LEVEL_ORANGE)};
	look(rows, 5);
	ck_assert_int_eq(summaries.n, 2);
	ck_assert_int_eq(summaries.list[0].episode, 7);
	ck_assert_uint_eq(summaries.list[0].units, 1u << HEALTH);
	ck_assert_int_eq(summaries.list[1].episode, 9);
}
END_TEST

START_TEST(it_is_closed_when_every_unit_of_its_measures_has_answered)
{
	const struct force_row rows[] = {row(0, 7, LEVEL_RED), row(1, 8, LEVEL_NONE)};
	look(rows, 2);
	struct summary *summary = &summaries.list[0];
	ck_assert(summary_is_open(summary));
	summary_answered(summary, &plan, "health");
	summary_answered(summary, &plan, "idle");
	summary_answered(summary, &plan, "nobody");
	ck_assert(summary_is_open(summary));
	summary_answered(summary, &plan, "roads");
	ck_assert(!summary_is_open(summary));
	plan.measures[0].units = plan.measures[1].units = 0;
	look(rows, 2);
	ck_assert(summary_is_open(&summaries.list[0]));
}
END_TEST

START_TEST(it_is_kept_for_60_days_behind_its_date)
{
	const struct force_row rows[] = {row(0, 7, LEVEL_RED), row(3, 8, LEVEL_NONE)};
	now_ms = morning(10);
	look(rows, 2);
	ck_assert(!summary_is_late(&summaries.list[0], now_ms));
	ck_assert(summary_is_late(&summaries.list[0], morning(11)));
	now_ms = morning(10 + SUMMARY_KEPT_DAYS);
	look(rows, 2);
	ck_assert_int_eq(summaries.n, 1);
	now_ms = morning(10 + SUMMARY_KEPT_DAYS + 1);
	look(rows, 2);
	ck_assert_int_eq(summaries.n, 0);
}
END_TEST

START_TEST(of_very_many_the_newest_are_kept)
{
	summaries = summaries_of(&plan, &no_calendar, morning(40));
	for (int i = 0; i < SUMMARIES_MAX + 3; i++) {
		const struct force_row begins = row(2 * i, 2 * i + 1, LEVEL_YELLOW),
				       ends = row(2 * i + 1, 2 * i + 2, LEVEL_NONE);
		summaries_follow(&summaries, &begins);
		summaries_follow(&summaries, &ends);
	}
	ck_assert_int_eq(summaries.n, SUMMARIES_MAX);
	ck_assert_int_eq(summaries.list[0].episode, 7);
	ck_assert_int_eq(summaries.list[SUMMARIES_MAX - 1].episode, 2 * SUMMARIES_MAX + 5);
}
END_TEST

START_TEST(what_the_plan_does_not_know_asks_nothing_of_its_units)
{
	const struct force_row rows[] = {row(-1, 6, LEVEL_NONE), row(0, 7, LEVEL_UNKNOWN),
					 row(1, 8, LEVEL_NONE)};
	look(rows, 3);
	ck_assert_int_eq(summaries.n, 1);
	ck_assert_uint_eq(summaries.list[0].units, 0);
	plan.summary_days = 0; /* the plan asks for no summary */
	look(rows, 3);
	ck_assert_int_eq(summaries.n, 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("summary");
	TCase *tc = tcase_create("summary");
	tcase_add_checked_fixture(tc, begin, NULL);
	tcase_add_test(tc, an_episode_goes_from_none_in_force_to_none_again);
	tcase_add_test(tc, a_new_directive_leaves_the_summary_of_the_last_episode_due);
	tcase_add_test(tc, it_is_closed_when_every_unit_of_its_measures_has_answered);
	tcase_add_test(tc, it_is_kept_for_60_days_behind_its_date);
	tcase_add_test(tc, of_very_many_the_newest_are_kept);
	tcase_add_test(tc, what_the_plan_does_not_know_asks_nothing_of_its_units);
	suite_add_tcase(suite, tc);
	return suite;
}
