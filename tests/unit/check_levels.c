/* SPDX-License-Identifier: MIT */
/* Plans with two and with four levels are files only: advice, directives, CAP, the database, and
 * what becomes of a level that another plan lacks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "directing.h"
#include "payload.h"
#include "pipeline.h"
#include "station.h"
#include "timetables.h"
#include "unit.h"
#include "warnings.h"

#define FOUR "tests/data/plan-four-levels.yaml"
#define TWO "tests/data/plan-two-levels.yaml"

static struct conf *old;

static const char *file(const char *plan)
{
	static char path[512];
	snprintf(path, sizeof(path), "%s", unit_source(plan));
	return path;
}

static void drop(void *ctx, const char *topic, bool retain, char *payload)
{
	(void)ctx, (void)topic, (void)retain;
	free(payload);
}

static void no_look(void *ctx)
{
	(void)ctx;
}

/* The station goes on with another plan, as after a reload. */
static int follow(const char *plan)
{
	const struct engine_env env = {NULL, drop, no_look};
	killed();
	conf_free(old);
	old = conf;
	conf = station_conf("hj633-2012", plan, "");
	ck_assert_str_eq(conf->data_dir, old->data_dir);
	ck_assert_int_eq(store_open(conf->data_dir, &store), 0);
	return engine_new(conf, store, "boot", &env, &engine);
}

static void begin(const char *plan)
{
	setup();
	killed();
	conf_free(conf);
	conf = station_conf("hj633-2012", plan, "");
	start();
}

static void finish(void)
{
	teardown();
	old = conf_free(old);
}

static void begin_with_four(void)
{
	begin(file(FOUR));
}

static void begin_with_two(void)
{
	begin(file(TWO));
}

/* A directive of a level by its id, from the hour on. */
static void direct(const char *level, int64_t hour)
{
	struct command_answer answer = {0};
	struct command command = {
		.kind = COMMAND_DIRECTIVE, .time_ms = hour * HOUR_MS, .json = "{}"};
	snprintf(command.id, sizeof(command.id), "c-%s-%d", level, (int)(hour - H));
	snprintf(command.issuer, sizeof(command.issuer), "city");
	int rank;
	ck_assert(level_parse(&conf->plan, level, &rank));
	direct_level(&command, rank, hour * HOUR_MS);
	ck_assert_int_eq(
		engine_command(engine, &command, hour * HOUR_MS, TIME_SYNCHRONISED, &answer), 0);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
}

static bool sent(const char *topic, const char *text)
{
	collect_outbox();
	for (int i = 0; i < n_rows; i++) {
		if (strcmp(rows[i].topic, topic) == 0 && strstr(rows[i].payload, text))
			return true;
	}
	return false;
}

static bool lacks(const char *plan, const char *why)
{
	char said[ENGINE_WHY_MAX] = "";
	struct conf *other = station_conf("hj633-2012", plan, "");
	bool yes = engine_plan_lacks(engine, &other->plan, said);
	ck_assert_msg(!yes || strstr(said, why), "%s", said);
	conf_free(other);
	return yes;
}

START_TEST(a_plan_of_four_levels_is_advised_by_its_names)
{
	char list[1024];
	run_hours(H, H + 130);
	event_list(list, sizeof(list));
	ck_assert_msg(strstr(list, " issue blue "), "%s", list);
	ck_assert_msg(strstr(list, " upgrade yellow "), "%s", list);
	ck_assert(sent("warning", "\"blue\":{"));
	ck_assert(sent("warning/cap/advice", "<severity>Minor</severity>"));
	ck_assert(sent("warning/cap/advice", "蓝色"));
}
END_TEST

START_TEST(a_directive_of_the_fourth_level_is_in_force_in_every_message)
{
	run_hours(H, H + 2);
	direct("red", H + 2);
	run_hours(H + 2, H + 4);
	ck_assert(
		sent("warning", "\"in_force\":{\"number\":1,\"id\":\"c-red-2\",\"level\":\"red\""));
	ck_assert(sent("warning/event", "\"level\":\"red\""));
	ck_assert(sent("warning/cap/directive", "<severity>Extreme</severity>"));
	ck_assert(sent("cuts", "\"binding\":true,\"level\":\"red\",\"min_cut_pct\":{\"so2\":20"));
	ck_assert_int_eq(ask("SELECT count(*) FROM directives WHERE level = 'red'"), 1);
}
END_TEST

START_TEST(a_plan_of_two_levels_has_names_of_its_own)
{
	char list[1024];
	run_hours(H, H + 130);
	event_list(list, sizeof(list));
	ck_assert_msg(strstr(list, " issue l3 "), "%s", list);
	ck_assert_msg(strstr(list, " upgrade l2 "), "%s", list);
	ck_assert(sent("warning/cap/advice", "三级预警"));
	ck_assert_int_eq(ask("SELECT count(*) FROM levels"), 2);
}
END_TEST

START_TEST(a_level_keeps_its_name_when_another_plan_gives_it_another_rank)
{
	run_hours(H, H + 2);
	direct("orange", H + 2);
	run_hours(H + 2, H + 4);
	ck_assert(!lacks("hetang-2024", ""));
	ck_assert_int_eq(follow("hetang-2024"), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM directives WHERE level = 'orange'"), 1);
	struct timetable timetable;
	struct binding binding;
	ck_assert_int_eq(timetables_load(store, &timetable, &binding), 0);
	ck_assert_int_eq(timetable_level(&timetable), 2);
}
END_TEST

START_TEST(the_levels_held_keep_their_names_when_ranks_change)
{
	run_hours(H, H + 100);
	const struct advice before = *engine_advice(engine);
	ck_assert_int_gt(advice_level(&before), 1);
	/* Hetang has no blue, which is held beneath the others */
	ck_assert(lacks("hetang-2024", "lacks the level blue, which the advice holds"));
	ck_assert_int_eq(follow("hetang-2024"), STORE_E_LEVEL);
	ck_assert_int_eq(follow(file(FOUR)), 0);
	ck_assert_int_eq(engine_advice(engine)->held, before.held);
}
END_TEST

START_TEST(a_plan_that_lacks_a_level_in_force_is_refused_until_it_is_lifted)
{
	run_hours(H, H + 2);
	direct("blue", H + 2);
	run_hours(H + 2, H + 4);
	ck_assert(lacks("hetang-2024", "lacks the level blue, which directive 1 has put in force"));
	ck_assert_int_eq(follow("hetang-2024"), STORE_E_LEVEL);
	ck_assert_int_eq(follow(file(FOUR)), 0);
	direct("none", H + 5);
	run_hours(H + 5, H + 7);
	ck_assert(!lacks("hetang-2024", ""));
	ck_assert_int_eq(follow("hetang-2024"), 0);
}
END_TEST

START_TEST(a_plan_that_lacks_a_pending_level_is_refused)
{
	run_hours(H, H + 2);
	struct command command = {
		.kind = COMMAND_DIRECTIVE, .time_ms = (H + 2) * HOUR_MS, .json = "{}"};
	struct command_answer answer = {0};
	snprintf(command.id, sizeof(command.id), "ahead");
	direct_level(&command, 1, (H + 300) * HOUR_MS);
	ck_assert_int_eq(
		engine_command(engine, &command, (H + 2) * HOUR_MS, TIME_SYNCHRONISED, &answer), 0);
	ck_assert(
		lacks("hetang-2024", "lacks the level blue, which directive 1 will put in force"));
}
END_TEST

static void begin_with_shipped(const char *plan, int32_t (*pm25)(int64_t hour))
{
	begin(plan);
	pm25_of = pm25;
}

/* hazewatchd sends the plan once, before the engine's first hour. */
static bool plan_says(const char *text)
{
	const struct payload_head head = {.conf = conf, .id = "u-1", .seq = 1, .time_ms = 1000};
	char *payload = payload_plan(&head);
	bool yes = payload && strstr(payload, text);
	free(payload);
	return yes;
}

static int32_t day_of_smog(int64_t hour)
{
	return hour >= H + 30 && hour < H + 62 ? 180000 : 20000;
}

static int32_t three_days_of_smog(int64_t hour)
{
	return hour >= H + 30 && hour < H + 102 ? 180000 : 20000;
}

START_TEST(a_blue_level_is_advised_and_ends_by_itself_in_every_message)
{
	char list[1024];
	begin_with_shipped("tianjin-2017", day_of_smog);
	run_hours(H, H + 55);
	ck_assert(sent("warning/cap/advice", "<severity>Minor</severity>"));
	ck_assert(sent("warning", "蓝色预警（Ⅳ级响应）"));
	run_hours(H + 55, H + 80);
	event_list(list, sizeof(list));
	ck_assert_msg(strstr(list, " issue blue ") && strstr(list, " lift none "), "%s", list);
	ck_assert(!strstr(list, "yellow"));
	ck_assert(
		sent("warning/event", "日AQI低于200已满1小时。按预案自行解除蓝色预警（Ⅳ级响应）"));
	ck_assert(sent("warning/event", "Daily AQI below 200 for 1 h. By the plan ends by itself: "
					"blue (response IV)"));
	ck_assert(plan_says("\"release\":{\"for_h\":1,\"by_itself\":true,\"all\":[{"
			    "\"index\":\"daily_aqi\",\"below\":200}]}"));
	ck_assert(plan_says("\"release_at_most\":199"));
}
END_TEST

START_TEST(a_plan_of_concentrations_is_told_and_survives_a_restart)
{
	char list[1024];
	begin_with_shipped("chengdu-2020", three_days_of_smog);
	run_hours(H, H + 90);
	ck_assert(sent("warning", "{\"index\":\"daily_pm25\",\"above\":115,\"for_h\":48,"));
	ck_assert(sent("warning", "\"index\":\"daily_aqi_without_pm25\""));
	ck_assert(sent("warning/event", "PM2.5的24小时平均浓度大于115微克/立方米已48小时"));
	ck_assert(sent("warning/event", "24-hour mean PM2.5 above 115 μg/m³ for 48 h"));
	ck_assert(plan_says("\"release_at_most\":null"));
	const struct advice before = *engine_advice(engine);
	killed();
	start();
	ck_assert_int_eq(engine_advice(engine)->held, before.held);
	run_hours(H + 90, H + 180);
	event_list(list, sizeof(list));
	ck_assert_msg(strstr(list, " issue yellow ") && strstr(list, " upgrade orange ") &&
			      strstr(list, " lift none "),
		      "%s", list);
	ck_assert_msg(!strstr(strstr(list, "resume"), "hold"), "%s", list);
	ck_assert(sent("warning/event", "24-hour mean PM2.5 at or below 115 μg/m³ and daily AQI "
					"without PM2.5 at or below 200 for 36 h. "));
}
END_TEST

START_TEST(a_stage_below_the_warnings_is_advised_with_measures_and_alerts_nobody)
{
	char list[1024];
	begin_with_shipped(file("tests/data/plan-stage.yaml"), smog_from_hour_30);
	run_hours(H, H + 60);
	event_list(list, sizeof(list));
	ck_assert_msg(strstr(list, " issue control "), "%s", list);
	ck_assert(sent("warning", "建议：临时管控（0级响应）") ||
		  sent("warning/event", "建议临时管控（0级响应）"));
	ck_assert(sent("warning", "\"id\":\"less\""));
	ck_assert(!sent("warning/cap/advice", "<alert"));
	/* what is no warning is not called one */
	ck_assert(sent("warning/event", "测试站建议："));
	ck_assert(sent("warning", "Test station, advice: "));
	direct("control", H + 60);
	run_hours(H + 60, H + 62);
	ck_assert(sent("warning", "\"in_force\":{\"number\":1,"));
	ck_assert(!sent("warning/cap/directive", "<alert"));
	direct("yellow", H + 62);
	run_hours(H + 62, H + 64);
	ck_assert(sent("warning/cap/directive", "<msgType>Alert</msgType>"));
	ck_assert(!sent("warning/cap/directive", "<msgType>Cancel</msgType>"));
	direct("control", H + 64);
	run_hours(H + 64, H + 66);
	ck_assert(sent("warning/cap/directive", "<msgType>Cancel</msgType>"));
	run_hours(H + 66, H + 90);
	ck_assert(sent("warning/event", "测试站预警建议："));
	ck_assert(sent("warning/cap/advice", "黄色"));
	ck_assert(!sent("warning/cap/advice", "重污染天气临时管控"));
	ck_assert(plan_says("\"stage\":true"));
}
END_TEST

START_TEST(a_plan_of_two_levels_is_directed_and_told_from_its_file)
{
	begin_with_shipped("chongqing-2017", smog_from_hour_30);
	run_hours(H, H + 4);
	direct("orange", H + 4);
	run_hours(H + 4, H + 110);
	ck_assert(sent("warning/cap/directive", "<severity>Severe</severity>"));
	ck_assert(sent("warning", "橙色预警（Ⅰ级响应）"));
	char list[1024];
	event_list(list, sizeof(list));
	ck_assert_msg(strstr(list, " issue orange "), "%s", list);
	ck_assert(plan_says("\"not_said\":[{"));
	ck_assert_int_eq(ask("SELECT count(*) FROM levels"), 2);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("levels");
	TCase *four = tcase_create("four"), *two = tcase_create("two");
	tcase_add_checked_fixture(four, begin_with_four, finish);
	tcase_add_test(four, a_plan_of_four_levels_is_advised_by_its_names);
	tcase_add_test(four, a_directive_of_the_fourth_level_is_in_force_in_every_message);
	tcase_add_test(four, a_level_keeps_its_name_when_another_plan_gives_it_another_rank);
	tcase_add_test(four, the_levels_held_keep_their_names_when_ranks_change);
	tcase_add_test(four, a_plan_that_lacks_a_level_in_force_is_refused_until_it_is_lifted);
	tcase_add_test(four, a_plan_that_lacks_a_pending_level_is_refused);
	tcase_add_checked_fixture(two, begin_with_two, finish);
	tcase_add_test(two, a_plan_of_two_levels_has_names_of_its_own);
	TCase *shipped = tcase_create("shipped");
	tcase_add_checked_fixture(shipped, NULL, finish);
	tcase_add_test(shipped, a_blue_level_is_advised_and_ends_by_itself_in_every_message);
	tcase_add_test(shipped, a_plan_of_concentrations_is_told_and_survives_a_restart);
	tcase_add_test(shipped, a_plan_of_two_levels_is_directed_and_told_from_its_file);
	tcase_add_test(shipped,
		       a_stage_below_the_warnings_is_advised_with_measures_and_alerts_nobody);
	suite_add_tcase(suite, four);
	suite_add_tcase(suite, shipped);
	suite_add_tcase(suite, two);
	return suite;
}
