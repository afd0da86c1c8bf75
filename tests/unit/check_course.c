/* SPDX-License-Identifier: MIT */
/* What the advice remembers of its course, the forecasts by source, what was advised, on disk. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "advised.h"
#include "commands.h"
#include "events.h"
#include "forecasts.h"
#include "hetang.h"
#include "hour.h"
#include "open_station.h"
#include "unit.h"
#include "warnings.h"

#define H INT64_C(490000)

static const struct rules_used rules = {"hj633-2026", "hetang-2024", 1};
static struct forecasts forecasts;

static void execute(const char *sql)
{
	char path[512];
	sqlite3 *db;
	snprintf(path, sizeof(path), "%s/state.db", dir);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql,
		      sqlite3_errmsg(db));
	sqlite3_close(db);
}

static struct advice some_advice(void)
{
	struct advice advice = {
		.held = 1u << LEVEL_YELLOW | 1u << LEVEL_ORANGE,
		.holding = true,
		.hold_reason = REASON_SECOND_ISSUE,
		.hold_told = H - 3,
		.undecided = 1u << LEVEL_RED,
		.episode = H - 90,
		.lowered = H - 40,
		.ended = H - 90,
		.wary = true,
		.said_first = {.issued_ms = H * HOUR_MS + 7, .source = "市气象台 \"1\""},
		.evidence.parts[2].said = true};
	for (int l = 1; l <= LEVELS_MAX; l++)
		advice.beyond_since[l] = H - l;
	return advice;
}

static void save(const struct advice *advice)
{
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(warnings_save(store, advice, &rules), 0);
	ck_assert_int_eq(store_commit(store), 0);
}

static struct advice load(void)
{
	struct advice advice = {0};
	struct rules_used used;
	ck_assert_int_eq(warnings_load(store, &advice, &used), 0);
	return advice;
}

static void check_course(const struct advice *a, const struct advice *b)
{
	ck_assert_int_eq(a->hold_reason, b->hold_reason);
	ck_assert_int_eq(a->hold_told, b->hold_told);
	ck_assert_uint_eq(a->undecided, b->undecided);
	ck_assert_int_eq(a->lowered, b->lowered);
	ck_assert_int_eq(a->ended, b->ended);
	ck_assert_int_eq(a->wary, b->wary);
	ck_assert_int_eq(a->said_first.issued_ms, b->said_first.issued_ms);
	ck_assert_str_eq(a->said_first.source, b->said_first.source);
	for (int l = 1; l <= LEVELS_MAX; l++)
		ck_assert_int_eq(a->beyond_since[l], b->beyond_since[l]);
	for (int i = 0; i < PLAN_PARTS_MAX; i++)
		ck_assert_int_eq(a->evidence.parts[i].said, b->evidence.parts[i].said);
}

START_TEST(the_course_of_an_advice_survives_a_restart_in_every_member)
{
	const struct advice advice = some_advice();
	save(&(struct advice){0});
	save(&advice);
	close_station();
	open_station();
	const struct advice loaded = load();
	check_course(&advice, &loaded);
}
END_TEST

START_TEST(a_damaged_course_costs_the_course_and_not_the_advice)
{
	static const char *const changes[] = {"wary = 1 - wary", "beyond3 = beyond3 + 1",
					      "source = 'x'",    "hold_reason = 'forecast'",
					      "said_first = -1", "crc = crc + 1"};
	const struct advice advice = some_advice();
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		char sql[128];
		save(&advice);
		snprintf(sql, sizeof(sql), "UPDATE advice_course SET %s", changes[i]);
		execute(sql);
		const struct advice loaded = load();
		ck_assert_uint_eq(loaded.held, advice.held);
		ck_assert_int_eq(loaded.episode, advice.episode);
		ck_assert_int_eq(loaded.lowered, 0);
		ck_assert(!loaded.wary);
		/* that there is a hold is known: of old it was for want of data */
		ck_assert_int_eq(loaded.hold_reason, REASON_INSUFFICIENT_DATA);
	}
}
END_TEST

START_TEST(an_advice_of_before_the_course_goes_on_as_it_was)
{
	const struct advice advice = some_advice();
	save(&advice);
	execute("DELETE FROM advice_course");
	const struct advice loaded = load();
	ck_assert_uint_eq(loaded.held, advice.held);
	ck_assert(loaded.holding);
	ck_assert_int_eq(loaded.hold_reason, REASON_INSUFFICIENT_DATA);
	ck_assert_int_eq(loaded.said_first.issued_ms, 0);
}
END_TEST

/* ---- forecasts ---- */

static void put(const char *id, const char *source, int64_t issued, int64_t received, int64_t last)
{
	static struct forecast forecast;
	char name[COMMANDS_NAME_MAX];
	const struct command_row row = {.id = id,
					.kind = "forecast",
					.issuer = "city",
					.json = "{}",
					.time_ms = received,
					.received_ms = received,
					.accepted = true,
					.why = ""};
	memset(&forecast, 0, sizeof(forecast));
	snprintf(forecast.source, sizeof(forecast.source), "%s", source);
	forecast.issued_ms = issued * HOUR_MS;
	forecast.form = FORECAST_HOURLY_AQI;
	forecast.steps[0] = (struct forecast_step){.hour = last, .aqi_min = 70, .aqi_max = 70};
	forecast.n = 1;
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(commands_put(store, &row, name), 0);
	ck_assert_int_eq(forecasts_put(store, name, &forecast, received), 0);
	ck_assert_int_eq(store_commit(store), 0);
}

static const struct forecast *find(const char *source)
{
	for (int i = 0; i < forecasts.n; i++) {
		if (strcmp(forecasts.of[i].source, source) == 0)
			return &forecasts.of[i];
	}
	return NULL;
}

START_TEST(of_each_source_the_newest_comes_back_also_when_it_is_over)
{
	put("1", "a", H - 9, 1, H + 9);
	put("2", "a", H - 5, 2, H + 5);
	put("3", "a", H - 5, 3, H + 6); /* the same issue once more */
	put("4", "b", H - 30, 4, H + 40);
	put("5", "c", H - 2, 5, H); /* over, and yet what an older issue may not replace */
	ck_assert_int_eq(forecasts_load(store, H, &forecasts), 0);
	ck_assert_int_eq(forecasts.n, 3);
	ck_assert_int_eq(find("a")->steps[0].hour, H + 6);
	ck_assert_int_eq(find("b")->steps[0].hour, H + 40);
	ck_assert_int_eq(find("c")->steps[0].hour, H);
}
END_TEST

START_TEST(more_sources_than_can_be_kept_are_read_without_harm)
{
	char id[16];
	for (int i = 0; i < 3 * FORECAST_SOURCES_MAX; i++) {
		snprintf(id, sizeof(id), "s%d", i);
		put(id, id, H - 30 + i, i, i % 2 == 0 ? H : H + 5); /* every other is over */
	}
	ck_assert_int_eq(forecasts_load(store, H, &forecasts), 0);
	ck_assert_int_eq(forecasts.n, FORECAST_SOURCES_MAX);
	for (int i = 0; i < FORECAST_SOURCES_MAX; i++) /* the newest of them */
		ck_assert_int_ge(forecasts.of[i].issued_ms, (H - 30 + 9) * HOUR_MS);
}
END_TEST

START_TEST(forecasts_come_back_in_the_order_in_which_they_came)
{
	put("x", "a", H - 1, 20, H + 9);
	put("b", "a", H - 2, 10, H + 9);
	put("a", "b", H - 3, 20, H + 9);
	put("c", "b", H - 4, 30, H + 9);
	static const int64_t expected[] = {10, 20, 20, 30};
	struct forecasts_place place = {.received_ms = 10};
	static struct forecast forecast;
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(forecasts_next(store, &place, &forecast), 0);
		ck_assert_int_eq(forecast.n, 1);
		ck_assert_int_eq(place.received_ms, expected[i]);
	}
	ck_assert_int_eq(forecasts_next(store, &place, &forecast), STORE_E_NONE);
}
END_TEST

START_TEST(of_more_bound_sources_than_are_kept_the_one_used_longest_ago_goes)
{
	char source[16], owner[FORECASTS_KEY_MAX] = "";
	ck_assert_int_eq(store_begin(store), 0);
	for (int i = 0; i <= FORECASTS_BOUND_MAX; i++) {
		snprintf(source, sizeof(source), "s%d", i);
		ck_assert_int_eq(forecasts_bind(store, source, "city", i), 0);
		if (i == 1) /* used again */
			ck_assert_int_eq(forecasts_bind(store, "s0", "city", 5000), 0);
	}
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_int_eq(forecasts_owner(store, "s0", owner), 0);
	ck_assert_str_eq(owner, "city");
	ck_assert_int_eq(forecasts_owner(store, "s1", owner), STORE_E_NONE);
}
END_TEST

/* ---- what was advised ---- */

static void append(int64_t number, enum event_kind kind, enum event_about about, int level,
		   int64_t hour)
{
	const struct event_row event = {.kind = kind,
					.about = about,
					.level = level,
					.number = number,
					.made_ms = hour * HOUR_MS,
					.hour = hour,
					.basis = "observed",
					.revised = -1,
					.plan = "p",
					.edition = "e",
					.message = "{}"};
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(events_append(store, &event), 0);
	ck_assert_int_eq(store_commit(store), 0);
}

START_TEST(what_was_advised_from_hour_to_hour_is_read_from_the_events)
{
	int levels[10];
	append(1, EVENT_ISSUE, ABOUT_ADVICE, LEVEL_YELLOW, H - 20);
	append(2, EVENT_UPGRADE, ABOUT_ADVICE, LEVEL_ORANGE, H - 7);
	append(3, EVENT_ISSUE, ABOUT_DIRECTIVE, LEVEL_RED, H - 6);
	append(4, EVENT_HOLD, ABOUT_ADVICE, LEVEL_ORANGE, H - 5);
	append(5, EVENT_LIFT, ABOUT_ADVICE, LEVEL_NONE, H - 4);
	append(6, EVENT_ISSUE, ABOUT_ADVICE, LEVEL_YELLOW, H - 4); /* in the same hour */
	append(7, EVENT_LIFT, ABOUT_ADVICE, LEVEL_NONE, H - 1);
	ck_assert_int_eq(advised_levels(store, H - 9, 10, levels), 0);
	static const int expected[] = {1, 1, 2, 2, 2, 1, 1, 1, 0, 0};
	for (int i = 0; i < 10; i++)
		ck_assert_int_eq(levels[i], expected[i]);
	ck_assert_int_eq(advised_levels(store, H - 40, 10, levels), 0);
	ck_assert_int_eq(levels[0] | levels[9], LEVEL_NONE);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("course");
	TCase *tc = tcase_create("course");
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, open_station, close_station);
	tcase_add_test(tc, the_course_of_an_advice_survives_a_restart_in_every_member);
	tcase_add_test(tc, a_damaged_course_costs_the_course_and_not_the_advice);
	tcase_add_test(tc, an_advice_of_before_the_course_goes_on_as_it_was);
	tcase_add_test(tc, of_each_source_the_newest_comes_back_also_when_it_is_over);
	tcase_add_test(tc, more_sources_than_can_be_kept_are_read_without_harm);
	tcase_add_test(tc, forecasts_come_back_in_the_order_in_which_they_came);
	tcase_add_test(tc, of_more_bound_sources_than_are_kept_the_one_used_longest_ago_goes);
	tcase_add_test(tc, what_was_advised_from_hour_to_hour_is_read_from_the_events);
	suite_add_tcase(suite, tc);
	return suite;
}
