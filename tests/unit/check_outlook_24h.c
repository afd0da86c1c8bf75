/* SPDX-License-Identifier: MIT */
/* The chance in 24 h: which levels have one, in which words, how good it was, and that nothing else
 * hangs on it. The model is tests/data/outlook-two.yaml. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "chance.h"
#include "engine_inside.h"
#include "hetang.h"
#include "hours.h"
#include "import.h"
#include "log.h"
#include "outlook_shown.h"
#include "payload_json.h"
#include "pipeline.h"
#include "station.h"
#include "text_chance.h"
#include "unit.h"

#define DAY 24
#define SEASON (OUTLOOK_PROOF_DAYS * DAY)
#define PARTICLES (1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10)

static char told[4096];

static void keep_line(enum log_level level, const char *line)
{
	(void)level;
	if (strncmp(line, "outlook", 7) == 0)
		snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s\n", line);
}

/* A station on a fresh directory; `show` is the value of the key, or NULL: it is not there. */
static void begin_with(const char *edition, const char *plan, const char *show)
{
	char more[512] = "";
	if (show)
		snprintf(more, sizeof(more), "outlook: %s\noutlook_model: %s\n", show,
			 unit_source("tests/data/outlook-two.yaml"));
	conf = station_conf(edition, plan, more);
	n_rows = readings = looks = 0;
	told[0] = '\0';
	pm25_of = smog_from_hour_30;
	log_capture(keep_line);
	start();
}

static void begin(const char *show)
{
	begin_with("hj633-2012", "hetang-2024", show);
}

/* ---- which levels ---- */

static struct chance_report matched(const char *plan, const char *edition)
{
	struct chance_report report;
	begin_with(edition, plan, "show");
	chance_begin(conf->outlook.model, &conf->plan, &conf->edition, &report);
	return report;
}

START_TEST(a_level_goes_by_the_highest_daily_aqi_of_a_condition_and_the_lowest_of_several)
{
	struct chance_report report = matched("hetang-2024", "hj633-2026");
	ck_assert_int_eq(report.n, 3);
	ck_assert_int_eq(report.levels[0].above, 150);
	ck_assert_int_eq(report.levels[1].above, 200);
	ck_assert_int_eq(report.levels[2].above, 300); /* 500 is reached, not exceeded */
	ck_assert_int_eq(report.levels[0].index, 0);
	ck_assert_int_eq(report.levels[1].index, 1);
	ck_assert_int_eq(report.levels[2].none, CHANCE_NOT_LEARNT);
	ck_assert_int_eq(report.none, CHANCE_TOO_FEW_HOURS); /* there is no hour yet */
	teardown();
}
END_TEST

START_TEST(a_plan_of_two_levels_has_the_chances_of_its_own_thresholds)
{
	char path[512];
	snprintf(path, sizeof(path), "%s", unit_source("tests/data/plan-two-levels.yaml"));
	struct chance_report report = matched(path, "hj633-2026");
	ck_assert_int_eq(report.n, 2);
	ck_assert_int_eq(report.levels[0].index, 0);
	ck_assert_int_eq(report.levels[1].index, 1);
	teardown();
}
END_TEST

START_TEST(a_level_of_another_index_or_threshold_says_why_it_has_none)
{
	char path[512];
	snprintf(path, sizeof(path), "%s", unit_source("tests/data/plan-stage.yaml"));
	struct chance_report report = matched(path, "hj633-2026");
	for (int i = 0; i < report.n; i++) {
		const struct chance_level *level = &report.levels[i];
		ck_assert_int_eq(level->index >= 0, level->none == CHANCE_TOO_FEW_HOURS);
		ck_assert_int_eq(level->above < 0, level->none == CHANCE_NO_DAILY_AQI);
	}
	teardown();
}
END_TEST

START_TEST(a_threshold_that_has_another_aqi_in_the_edition_is_not_used)
{
	begin("show");
	struct edition other = conf->edition;
	struct outlook_model model = *conf->outlook.model;
	struct chance_report report;
	model.thresholds[0].pm25_milli += 20000;
	chance_begin(&model, &conf->plan, &other, &report);
	ck_assert_int_eq(report.levels[0].none, CHANCE_EDITION);
	ck_assert_int_eq(report.none, CHANCE_TOO_FEW_HOURS); /* of the second one */
	model.thresholds[1].pm25_milli += 20000;
	chance_begin(&model, &conf->plan, &other, &report);
	ck_assert_int_eq(report.none, CHANCE_EDITION);
	teardown();
}
END_TEST

/* ---- words ---- */

static struct chance_report given(int64_t hour, int32_t permille)
{
	struct chance_report report;
	chance_begin(conf->outlook.model, &conf->plan, &conf->edition, &report);
	report.none = CHANCE_GIVEN;
	report.hour = hour;
	report.shown = true;
	for (int i = 0; i < 2; i++) {
		report.levels[i].none = CHANCE_GIVEN;
		report.levels[i].chance.permille = permille / (i * 5 + 1);
		report.levels[i].season = (struct chance_score){2100, 300, 43210, 71000};
	}
	return report;
}

#define EXPECT_TEXT(report, language, expected)                                                    \
	do {                                                                                       \
		char text[TEXT_CHANCE_MAX];                                                        \
		text_chance(conf, report, language, text);                                         \
		ck_assert_str_eq(text, expected);                                                  \
	} while (0)

START_TEST(the_chance_is_said_in_tenths_until_when_and_with_its_scores)
{
	begin("show");
	struct chance_report report = given(H, 612); /* 2013-11-09 06:00 */
	EXPECT_TEXT(&report, TEXT_EN,
		    "yellow possible by tomorrow 06:00 (11-10): 6 in 10; orange 1 in 10. No "
		    "forecast. Brier score of yellow: 90 days here 0.043 (persistence 0.071), "
		    "training 0.050 (0.080).");
	EXPECT_TEXT(
		&report, TEXT_ZH,
		"明日6时（11月10日）前可能达到黄色：六成；橙色一成。非预报。黄色的布里尔评分：本站"
		"近90日0.043（持续性0.071），训练0.050（0.080）。");
	report = given(H, 960);
	report.levels[0].exceeds = true;
	report.levels[0].season.n = 0;
	report.levels[1].chance.permille = 20;
	EXPECT_TEXT(&report, TEXT_EN,
		    "yellow possible by tomorrow 06:00 (11-10): more than 9 in 10 (exceeded now); "
		    "orange less than 1 in 10. No forecast. Brier score of yellow: 90 days here "
		    "not known, training 0.050 (0.080).");
	EXPECT_TEXT(
		&report, TEXT_ZH,
		"明日6时（11月10日）前可能达到黄色：九成以上（现已超过）；橙色不足一成。非预报。"
		"黄色的布里尔评分：本站近90日未知，训练0.050（0.080）。");
	teardown();
}
END_TEST

/* hazewatch(1), OUTLOOK */
START_TEST(the_worked_example_of_the_manual_is_true)
{
	static const struct {
		int32_t permille;
		bool exceeds, came;
	} hours[] = {
		{100, false, false}, {600, false, true}, {950, true, true}, {400, true, false}};
	struct outlook_score score = {0};
	for (size_t i = 0; i < 4; i++) {
		const struct outlook_chance chance = {.permille = hours[i].permille,
						      .possible = hours[i].permille >= 500};
		outlook_score(&score, &chance, hours[i].exceeds, hours[i].came);
	}
	ck_assert_int_eq(outlook_brier(&score.all[OUTLOOK_MODEL]), 332500 / 4);
	ck_assert_int_eq(outlook_brier(&score.all[OUTLOOK_PERSISTENCE]), 500000);
	for (int onset = 0; onset < 2; onset++) {
		const struct outlook_tally *tally = onset ? score.onset : score.all;
		ck_assert_int_eq(outlook_hit_rate(tally), 1000);
		ck_assert_int_eq(outlook_false_alarms(tally), 0);
		ck_assert_int_eq(outlook_csi(tally), 1000);
	}
	begin("show");
	char text[TEXT_CHANCE_MAX];
	struct chance_report report = given(1796018400000 / HOUR_MS, 600); /* 2026-11-30 14:00 */
	text_chance(conf, &report, TEXT_EN, text);
	ck_assert_ptr_nonnull(strstr(text, "yellow possible by tomorrow 14:00 (12-01): 6 in 10"));
	text_chance(conf, &report, TEXT_ZH, text);
	ck_assert_ptr_nonnull(strstr(text, "明日14时（12月1日）前可能达到黄色：六成"));
	teardown();
}
END_TEST

START_TEST(what_ends_at_midnight_is_said_from_the_moment_at_which_it_is_told)
{
	begin("show");
	char text[TEXT_CHANCE_MAX];
	struct chance_report report = given(H + 18, 500); /* 24:00 of the 9th, told on the 10th */
	text_chance(conf, &report, TEXT_EN, text);
	ck_assert_ptr_nonnull(strstr(text, "by today 24:00 (11-10): 5 in 10"));
	text_chance(conf, &report, TEXT_ZH, text);
	ck_assert_ptr_nonnull(strstr(text, "今日24时（11月10日）"));
	conf->exercise = true;
	text_chance(conf, &report, TEXT_ZH, text);
	ck_assert_int_eq(strncmp(text, "【演练】", strlen("【演练】")), 0);
	teardown();
}
END_TEST

START_TEST(where_there_is_none_the_words_say_why)
{
	begin("show");
	struct chance_report report = given(H, 0);
	for (int none = CHANCE_COMPUTING; none <= CHANCE_TOO_FEW_HOURS; none++) {
		char zh[TEXT_CHANCE_MAX], en[TEXT_CHANCE_MAX];
		report.none = (enum chance_none)none;
		text_chance(conf, &report, TEXT_EN, en);
		text_chance(conf, &report, TEXT_ZH, zh);
		ck_assert_int_eq(strncmp(en, "The chance in 24 h is not given: ", 33), 0);
		ck_assert_uint_gt(strlen(en), 38);
		ck_assert_ptr_nonnull(strstr(zh, "不提供未来24小时可能性："));
		ck_assert_ptr_nonnull(chance_none_name(report.none));
	}
	EXPECT_TEXT(&report, TEXT_EN,
		    "The chance in 24 h is not given: too few valid hours (20 of the last 24 "
		    "of PM2.5 are needed).");
	teardown();
}
END_TEST

/* ---- through the engine ---- */

static const char *chance_text(const char *key)
{
	static char text[TEXT_CHANCE_MAX];
	json_t *warning = outbox_newest("warning");
	const json_t *value = json_object_get(json_object_get(warning, "outlook_24h"), key);
	snprintf(text, sizeof(text), "%s",
		 !value                     ? "absent"
		 : json_is_null(value)      ? "null"
		 : json_is_true(value)      ? "true"
		 : json_is_false(value)     ? "false"
		 : json_string_value(value) ? json_string_value(value)
					    : "?");
	json_decref(warning);
	return text;
}

/* Ends the station, so that the next one begins with nothing. */
static void put_aside(void)
{
	char data[512], aside[512];
	snprintf(data, sizeof(data), "%s/data", unit_tmpdir());
	snprintf(aside, sizeof(aside), "%s/aside", unit_tmpdir());
	teardown();
	ck_assert_int_eq(rename(data, aside), 0);
}

START_TEST(with_and_without_an_outlook_everything_else_is_the_same_to_the_byte)
{
	char *texts[2];
	for (int with = 0; with < 2; with++) {
		begin(with ? "show" : "off");
		run_hours(H, H + 130);
		texts[with] = outbox_dump("outlook_24h");
		json_t *warning = outbox_newest("warning");
		ck_assert_int_eq(json_object_get(warning, "outlook_24h") != NULL, with);
		json_decref(warning);
		if (with)
			teardown();
		else
			put_aside();
	}
	ck_assert_ptr_nonnull(strstr(texts[0], "\"event\":\"upgrade\""));
	ck_assert_ptr_nonnull(strstr(texts[0], "warning/cap/advice"));
	size_t same = 0;
	while (texts[0][same] && texts[0][same] == texts[1][same])
		same++;
	ck_assert_msg(strcmp(texts[0], texts[1]) == 0, "%.300s\nis not\n%.300s", texts[0] + same,
		      texts[1] + same);
	free(texts[0]);
	free(texts[1]);
}
END_TEST

START_TEST(off_leaves_no_trace_anywhere)
{
	begin("off");
	ck_assert_ptr_null(conf->outlook.model);
	run_hours(H, H + 60);
	settle((H + 60) * HOUR_MS);
	collect_outbox();
	for (int i = 0; i < n_rows; i++)
		ck_assert_ptr_null(strstr(rows[i].payload, "outlook_24h"));
	ck_assert_int_eq(ask("SELECT count(*) FROM meta WHERE key LIKE 'outlook%'"), 0);
	ck_assert_str_eq(told, "");
	teardown();
}
END_TEST

/* What a run over the same hours says of this hour, in permille; -1: nothing. */
static int32_t replayed(int64_t from, int64_t hour, int index)
{
	struct chance_run *run = calloc(1, sizeof(*run));
	struct window window = {0};
	run->model = conf->outlook.model;
	bool said = false;
	for (int64_t h = from; h <= hour; h++) {
		struct hour_values values;
		struct aqi daily;
		ck_assert_int_eq(hours_load(store, h, 1, &values), 0);
		window_put(&window, h, &values);
		aqi_daily(&conf->edition, &conf->station.scope, &window, &daily);
		said = chance_take(run, h, &values, daily.known ? daily.value : IAQI_NONE);
	}
	int32_t permille = said ? chance_at(run, hour)->chances[index].permille : -1;
	free(run);
	return permille;
}

START_TEST(hour_by_hour_the_station_says_what_a_replay_says_across_restarts)
{
	begin("show");
	int n_given = 0;
	for (int64_t hour = H + 1; hour <= H + 60; hour++) {
		run_hours(hour - 1, hour);
		engine_advance(engine, hour * HOUR_MS + 3 * MINUTE_MS, TIME_SYNCHRONISED);
		if (hour % 7 == 0) {
			killed();
			start();
		}
		json_t *warning = outbox_newest("warning");
		const json_t *levels =
			json_object_get(json_object_get(warning, "outlook_24h"), "levels");
		for (size_t i = 0; i < 2; i++) {
			const json_t *chance =
				json_object_get(json_array_get(levels, i), "chance_permille");
			int32_t expected = replayed(H + 1, hour, (int)i);
			ck_assert_int_eq(json_is_null(chance), expected < 0);
			if (expected >= 0)
				ck_assert_int_eq(json_integer_value(chance), expected);
			n_given += expected >= 0;
		}
		json_decref(warning);
	}
	ck_assert_int_gt(n_given, 60);
	teardown();
}
END_TEST

START_TEST(with_too_few_hours_there_is_none_and_the_message_says_what_is_needed)
{
	begin("show");
	run_hours(H, H + 5);
	ck_assert_str_eq(chance_text("why_none"), "too_few_hours");
	ck_assert_ptr_nonnull(strstr(chance_text("text_en"), "20 of the last 24 of PM2.5"));
	ck_assert_str_eq(chance_text("shown"), "true"); /* by the setting: and why there is none */
	run_hours(H + 5, H + 30);
	ck_assert_str_eq(chance_text("why_none"), "null");
	teardown();
}
END_TEST

START_TEST(after_days_without_power_there_is_none_until_a_day_of_hours_is_back)
{
	begin("show");
	run_hours(H, H + 30);
	ck_assert_str_eq(chance_text("why_none"), "null");
	killed();
	start();
	run_hours(H + 30 + 4 * DAY, H + 30 + 4 * DAY + 10);
	ck_assert_str_eq(chance_text("why_none"), "too_few_hours");
	run_hours(H + 30 + 4 * DAY + 10, H + 30 + 4 * DAY + 26);
	ck_assert_str_eq(chance_text("why_none"), "null");
	ck_assert_int_eq(engine->outlook.report.hour, H + 30 + 4 * DAY + 25);
	teardown();
}
END_TEST

START_TEST(a_clock_that_is_set_back_changes_nothing_of_it_and_keeps_nothing_busy)
{
	begin("show");
	run_hours(H, H + 30);
	settle((H + 30) * HOUR_MS);
	int64_t hour = engine->outlook.report.hour, last = engine->outlook.season_last;
	engine->outlook.due_ms = (H + 60) * HOUR_MS; /* after a failure under the wrong time */
	engine_outlook_stale(engine);
	settle((H + 29) * HOUR_MS);
	ck_assert_int_eq(engine->outlook.report.hour, hour);
	ck_assert_int_eq(engine->outlook.season_last, last);
	ck_assert(!engine_outlook_is_busy(engine));
	teardown();
}
END_TEST

START_TEST(a_station_without_pm25_has_none_and_says_what_is_needed)
{
	static const enum pollutant only[] = {POLLUTANT_PM10, POLLUTANT_O3};
	begin("show");
	for (int i = 0; i < 2; i++) {
		struct chance_report report;
		struct outlook_air air = {0};
		struct hour_values values = {.valid = 1u << only[i]};
		values.milli[only[i]] = 400000;
		for (int64_t hour = H; hour < H + 80; hour++)
			outlook_put(&air, hour, &values);
		chance_begin(conf->outlook.model, &conf->plan, &conf->edition, &report);
		chance_say(&report, &air, 260);
		ck_assert_int_eq(report.none, CHANCE_TOO_FEW_HOURS);
		EXPECT_TEXT(&report, TEXT_EN,
			    "The chance in 24 h is not given: too few valid hours (20 of the last "
			    "24 of PM2.5 are needed).");
	}
	teardown();
}
END_TEST

/* ---- how good it was ---- */

/* Days of smog that the last hours announce, between days of clean air. */
static int32_t smog_comes_slowly(int64_t hour)
{
	return hour / DAY % 6 < 3 ? 30000 : 180000;
}

/* Every evening six hours that raise no daily AQI above anything. */
static int32_t evenings_that_mean_nothing(int64_t hour)
{
	return hour % DAY < 6 ? 130000 : 20000;
}

static void import_days(int64_t first, int64_t last, int32_t (*milli)(int64_t hour))
{
	struct import counts = {.replace = true};
	struct hour_values values = {.valid = PARTICLES};
	ck_assert_int_eq(store_begin(store), 0);
	for (int64_t hour = first; hour <= last; hour++) {
		values.milli[POLLUTANT_PM25] = values.milli[POLLUTANT_PM10] = milli(hour);
		ck_assert_int_eq(import_hour(store, hour, &values, 0, &counts), 0);
	}
	ck_assert_int_eq(store_commit(store), 0);
	killed();
	start();
	settle((last + 1) * HOUR_MS);
}

#define LINES(text) (strstr(told, text) != NULL)

START_TEST(it_is_shown_once_its_last_90_days_beat_persistence_and_that_is_told_once)
{
	begin("auto");
	run_hours(H, H + 2);
	ck_assert_str_eq(chance_text("shown"), "false");
	ck_assert_str_eq(chance_text("why_none"), "unproven");
	import_days(H - 100 * DAY, H + 1, smog_comes_slowly);
	ck_assert_msg(LINES("better than persistence"), "%s", told);
	told[0] = '\0';
	pm25_of = smog_comes_slowly;
	run_hours(H + 2, H + 4);
	ck_assert_str_eq(chance_text("shown"), "true");
	ck_assert_str_eq(chance_text("why_none"), "null");
	ck_assert_ptr_nonnull(strstr(chance_text("text_en"), "yellow possible by"));
	killed();
	start();
	settle((H + 4) * HOUR_MS);
	run_hours(H + 4, H + 6);
	ck_assert_str_eq(chance_text("shown"), "true");
	ck_assert_str_eq(told, "");
	teardown();
}
END_TEST

START_TEST(it_is_shown_no_more_once_they_do_not_and_that_is_told_once)
{
	begin("auto");
	import_days(H - 100 * DAY, H, smog_comes_slowly);
	ck_assert(LINES("it is shown from now on"));
	told[0] = '\0';
	import_days(H - 100 * DAY, H + 1, evenings_that_mean_nothing);
	ck_assert_msg(LINES("not better than persistence"), "%s", told);
	told[0] = '\0';
	pm25_of = evenings_that_mean_nothing;
	run_hours(H + 2, H + 4);
	ck_assert_str_eq(chance_text("shown"), "false");
	ck_assert_str_eq(chance_text("why_none"), "not_better");
	json_t *warning = outbox_newest("warning");
	char *part = json_dumps(json_object_get(warning, "outlook_24h"), JSON_COMPACT);
	ck_assert_uint_lt(strlen(part), 2048); /* the scores alone */
	printf("# not shown: %zu bytes\n", strlen(part));
	free(part);
	const json_t *level = json_array_get(
		json_object_get(json_object_get(warning, "outlook_24h"), "levels"), 0);
	ck_assert_ptr_null(json_object_get(level, "chance_permille"));
	ck_assert_int_gt(
		json_integer_value(json_object_get(json_object_get(level, "season"), "hours")),
		OUTLOOK_PROOF_MIN);
	json_decref(warning);
	killed();
	start();
	settle((H + 4) * HOUR_MS);
	ck_assert_str_eq(told, "");
	teardown();
}
END_TEST

START_TEST(the_season_is_the_ninety_days_to_the_last_midnight_but_one)
{
	begin("show");
	import_days(H - 100 * DAY, H, smog_comes_slowly);
	int64_t last = chance_season_last(H);
	ck_assert_int_eq((last + BEIJING_H) % DAY, 0);
	ck_assert(last <= H - OUTLOOK_AHEAD && last > H - 2 * DAY);
	ck_assert_int_eq(engine->outlook.season_last, last);
	ck_assert_int_eq(engine->outlook.scores[0].n, SEASON);
	teardown();
}
END_TEST

START_TEST(a_revision_of_hours_scores_the_season_anew)
{
	begin("show");
	import_days(H - 100 * DAY, H, smog_comes_slowly);
	const struct chance_score before = engine->outlook.scores[0];
	struct command command = {.kind = COMMAND_REVIEW, .time_ms = H * HOUR_MS, .json = "{}"};
	static struct command_answer answer;
	snprintf(command.id, sizeof(command.id), "r-1");
	snprintf(command.issuer, sizeof(command.issuer), "city");
	command.review =
		(struct review){.from = H - 60 * DAY, .to = H - 50 * DAY, .pollutants = PARTICLES};
	ck_assert_int_eq(
		engine_command(engine, &command, (H + 1) * HOUR_MS, TIME_SYNCHRONISED, &answer), 0);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	settle((H + 1) * HOUR_MS);
	ck_assert_int_lt(engine->outlook.scores[0].n, before.n);
	const struct chance_score after = engine->outlook.scores[0];
	killed();
	start();
	settle((H + 1) * HOUR_MS);
	ck_assert_int_eq(engine->outlook.scores[0].n, after.n);
	ck_assert_int_eq(engine->outlook.scores[0].brier, after.brier);
	teardown();
}
END_TEST

/* Nobody has computed anything yet. */
START_TEST(a_start_says_at_once_how_good_it_was_known_to_be_before)
{
	static const char *const shown[] = {"show", "auto"};
	for (int i = 0; i < 2; i++) {
		begin(shown[i]);
		import_days(H - 100 * DAY, H, smog_comes_slowly);
		const struct chance_report before = *engine_outlook_say(engine);
		ck_assert(before.shown && before.levels[0].season.n == SEASON);
		killed();
		start();
		const struct chance_report *after = engine_outlook_say(engine);
		ck_assert_int_eq(after->none, before.none);
		ck_assert_int_eq(after->shown, before.shown);
		ck_assert_int_eq(after->season_last, before.season_last);
		for (int l = 0; l < 2; l++)
			ck_assert_mem_eq(&after->levels[l].season, &before.levels[l].season,
					 sizeof(after->levels[l].season));
		ck_assert(engine_outlook_is_busy(engine)); /* hours may have been imported */
		if (i == 0)
			put_aside();
	}
	teardown();
}
END_TEST

START_TEST(a_start_says_at_once_why_it_is_not_shown)
{
	begin("auto");
	import_days(H - 100 * DAY, H, evenings_that_mean_nothing);
	ck_assert_int_eq(engine_outlook_say(engine)->none, CHANCE_NOT_BETTER);
	killed();
	start();
	ck_assert_int_eq(engine_outlook_say(engine)->none, CHANCE_NOT_BETTER);
	ck_assert(!engine->outlook.report.shown);
	teardown();
}
END_TEST

/* As when `outlook: show` becomes auto. */
START_TEST(what_a_stored_score_proves_and_nobody_was_told_waits_until_it_is_computed)
{
	begin("show");
	import_days(H - 100 * DAY, H, smog_comes_slowly);
	killed();
	conf->outlook.show = OUTLOOK_SHOW_AUTO;
	start();
	ck_assert(!engine_outlook_say(engine)->shown);
	ck_assert_int_eq(engine->outlook.report.none, CHANCE_COMPUTING);
	settle((H + 1) * HOUR_MS);
	ck_assert(engine_outlook_say(engine)->shown);
	ck_assert(LINES("it is shown from now on"));
	teardown();
}
END_TEST

START_TEST(a_score_of_which_a_row_is_damaged_or_gone_is_computed_and_stored_anew)
{
	static const char *const harms[] = {
		"UPDATE meta SET value = -7 WHERE key LIKE 'outlook:%:150:brier'",
		"DELETE FROM meta WHERE key LIKE 'outlook:%:200:came'"};
	struct chance_score scores[OUTLOOK_THRESHOLDS_MAX];
	int64_t last = 0;
	begin("show");
	import_days(H - 100 * DAY, H, smog_comes_slowly);
	const int64_t rows_before = ask("SELECT count(*) FROM meta WHERE key LIKE 'outlook:%'");
	const struct chance_score before = engine->outlook.scores[0];
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(ask(harms[i]), -1);
		killed();
		start();
		ck_assert_int_eq(outlook_season_load(store, conf->outlook.model, &conf->edition,
						     &last, scores),
				 STORE_E_NONE);
		ck_assert_int_eq(engine->outlook.season_last, 0);
		ck_assert_int_eq(engine->outlook.scores[0].n, 0);
		settle((H + 1) * HOUR_MS);
		ck_assert_mem_eq(&engine->outlook.scores[0], &before, sizeof(before));
		ck_assert_int_eq(ask("SELECT count(*) FROM meta WHERE key LIKE 'outlook:%'"),
				 rows_before);
	}
	teardown();
}
END_TEST

/* As after an upgrade whose file has the same id, or a change of `edition`. */
START_TEST(the_score_of_other_trees_or_by_another_edition_is_not_taken_for_this_one)
{
	begin("show");
	import_days(H - 100 * DAY, H, smog_comes_slowly);
	const struct chance_score before = engine->outlook.scores[0];
	static struct outlook_model other;
	static struct outlook_tree trees[2];
	other = *conf->outlook.model;
	memcpy(trees, other.thresholds[0].trees, sizeof(trees));
	trees[1].leaves[0] -= 250000;
	other.thresholds[0].trees = trees;
	conf->outlook.model = &other;
	killed();
	start();
	ck_assert_int_eq(engine->outlook.season_last, 0);
	ck_assert_int_eq(engine_outlook_say(engine)->levels[0].season.n, 0);
	settle((H + 1) * HOUR_MS);
	ck_assert_int_eq(engine->outlook.scores[0].n, before.n);
	ck_assert_int_ne(engine->outlook.scores[0].brier, before.brier);
	killed();
	start(); /* and the new one is known at once */
	ck_assert_int_eq(engine->outlook.scores[0].n, before.n);
	killed();
	conf->edition.id = "of-the-city";
	start();
	ck_assert_int_eq(engine->outlook.season_last, 0);
	teardown();
}
END_TEST

START_TEST(the_score_of_hours_that_were_imported_is_told_without_waiting_for_the_next_hour)
{
	begin("show");
	run_hours(H, H + 2);
	settle((H + 2) * HOUR_MS); /* that no hour can be scored is stored, too */
	import_days(H - 100 * DAY, H, smog_comes_slowly);
	ck_assert_msg(strstr(chance_text("text_en"), "90 days here 0."), "%s",
		      chance_text("text_en"));
	teardown();
}
END_TEST

static double cpu_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PIECE_MS 2000
#else
#define PIECE_MS 200
#endif

START_TEST(ninety_days_are_scored_in_pieces_that_keep_nothing_waiting)
{
	begin("show");
	import_days(H - 100 * DAY, H, smog_comes_slowly);
	killed();
	start();
	ck_assert_ptr_null(engine->outlook.season); /* a start computes nothing of it */
	int pieces = 0;
	double longest = 0;
	while (engine_outlook_is_busy(engine)) {
		double since = cpu_ms();
		engine_advance(engine, H * HOUR_MS + MINUTE_MS, TIME_SYNCHRONISED);
		double took = cpu_ms() - since;
		longest = took > longest ? took : longest;
		ck_assert_int_lt(pieces++, 100);
	}
	printf("# %d pieces, the longest of %.1f ms\n", pieces, longest);
	ck_assert_double_lt(longest, PIECE_MS);
	ck_assert_int_gt(pieces, 10);
	teardown();
}
END_TEST

START_TEST(what_is_shown_does_not_flap_between_two_scores_that_are_nearly_the_same)
{
	begin("auto");
	struct chance_report report = given(H, 500);
	struct chance_score *season[] = {&report.levels[0].season, &report.levels[1].season};
	static const struct {
		int64_t n, ours, theirs;
		enum chance_none hidden, shown;
	} cases[] = {
		{2000, 94000, 100000, CHANCE_GIVEN, CHANCE_GIVEN},
		{2000, 96000, 100000, CHANCE_NOT_BETTER, CHANCE_GIVEN},
		{2000, 104000, 100000, CHANCE_NOT_BETTER, CHANCE_GIVEN},
		{2000, 106000, 100000, CHANCE_NOT_BETTER, CHANCE_NOT_BETTER},
		{2000, 900, 0, CHANCE_NOT_BETTER, CHANCE_GIVEN}, /* a clean summer */
		{OUTLOOK_PROOF_MIN - 1, 10, 100000, CHANCE_UNPROVEN, CHANCE_UNPROVEN},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (int l = 0; l < 2; l++)
			*season[l] = (struct chance_score){cases[i].n, 100, cases[i].ours,
							   cases[i].theirs};
		ck_assert_int_eq(chance_prove(&report, false), cases[i].hidden);
		ck_assert_int_eq(chance_prove(&report, true), cases[i].shown);
	}
	teardown();
}
END_TEST

START_TEST(a_threshold_that_has_another_aqi_in_the_edition_proves_nothing)
{
	begin("auto");
	struct chance_report report = given(H, 500);
	report.levels[0].season = (struct chance_score){2000, 100, 10000, 100000};
	report.levels[1].season = (struct chance_score){2000, 100, 120000, 100000};
	ck_assert_int_eq(chance_prove(&report, false), CHANCE_GIVEN);
	report.levels[0].none = CHANCE_EDITION;
	ck_assert_int_eq(chance_prove(&report, false), CHANCE_NOT_BETTER);
	teardown();
}
END_TEST

/* A file may begin with the first hours of 1970 in Beijing. */
START_TEST(hours_before_the_first_of_utc_are_scored_like_any)
{
	enum { BACK = 24 * 5000 };
	struct chance_run *runs[2];
	begin("show");
	for (int i = 0; i < 2; i++) {
		runs[i] = calloc(1, sizeof(*runs[i]));
		runs[i]->model = conf->outlook.model;
		runs[i]->begun = INT64_MIN;
		for (int64_t h = -300; h < -100; h++) {
			int32_t milli = smog_comes_slowly(h + BACK);
			struct hour_values values = {.valid = PARTICLES};
			values.milli[POLLUTANT_PM25] = values.milli[POLLUTANT_PM10] = milli;
			chance_take(runs[i], h + i * BACK, &values, milli > 100000 ? 230 : 40);
		}
	}
	ck_assert_int_gt(runs[0]->scores[0].all[OUTLOOK_MODEL].n, 100);
	ck_assert_mem_eq(&runs[0]->scores[0].all[OUTLOOK_MODEL],
			 &runs[1]->scores[0].all[OUTLOOK_MODEL], sizeof(struct outlook_tally));
	free(runs[0]);
	free(runs[1]);
	teardown();
}
END_TEST

/* ---- the message ---- */

START_TEST(the_part_of_the_message_is_bounded_and_is_left_out_before_the_texts)
{
	begin("show");
	run_hours(H, H + 40);
	json_t *warning = outbox_newest("warning");
	char *whole = json_dumps(warning, JSON_COMPACT),
	     *part = json_dumps(json_object_get(warning, "outlook_24h"), JSON_COMPACT);
	ck_assert_uint_lt(strlen(part), 4096);
	char *lean = payload_lean(whole, 0);
	ck_assert_ptr_null(strstr(lean, "\"outlook_24h\":"));
	ck_assert_ptr_nonnull(strstr(lean, "[\"measures\",\"advice.outlook\",\"outlook_24h\""));
	free(lean);
	free(part);
	free(whole);
	json_decref(warning);
	teardown();
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("outlook_24h");
	TCase *tc = tcase_create("outlook_24h");
	tcase_add_test(
		tc, a_level_goes_by_the_highest_daily_aqi_of_a_condition_and_the_lowest_of_several);
	tcase_add_test(tc, a_plan_of_two_levels_has_the_chances_of_its_own_thresholds);
	tcase_add_test(tc, a_level_of_another_index_or_threshold_says_why_it_has_none);
	tcase_add_test(tc, a_threshold_that_has_another_aqi_in_the_edition_is_not_used);
	tcase_add_test(tc, the_chance_is_said_in_tenths_until_when_and_with_its_scores);
	tcase_add_test(tc, the_worked_example_of_the_manual_is_true);
	tcase_add_test(tc, what_ends_at_midnight_is_said_from_the_moment_at_which_it_is_told);
	tcase_add_test(tc, where_there_is_none_the_words_say_why);
	tcase_add_test(tc, with_and_without_an_outlook_everything_else_is_the_same_to_the_byte);
	tcase_add_test(tc, off_leaves_no_trace_anywhere);
	tcase_add_test(tc, hour_by_hour_the_station_says_what_a_replay_says_across_restarts);
	tcase_add_test(tc, with_too_few_hours_there_is_none_and_the_message_says_what_is_needed);
	tcase_add_test(tc, after_days_without_power_there_is_none_until_a_day_of_hours_is_back);
	tcase_add_test(tc, a_clock_that_is_set_back_changes_nothing_of_it_and_keeps_nothing_busy);
	tcase_add_test(tc, a_station_without_pm25_has_none_and_says_what_is_needed);
	tcase_add_test(tc,
		       it_is_shown_once_its_last_90_days_beat_persistence_and_that_is_told_once);
	tcase_add_test(tc, it_is_shown_no_more_once_they_do_not_and_that_is_told_once);
	tcase_add_test(tc, the_season_is_the_ninety_days_to_the_last_midnight_but_one);
	tcase_add_test(tc, a_revision_of_hours_scores_the_season_anew);
	tcase_add_test(tc, a_start_says_at_once_how_good_it_was_known_to_be_before);
	tcase_add_test(tc, a_start_says_at_once_why_it_is_not_shown);
	tcase_add_test(tc,
		       what_a_stored_score_proves_and_nobody_was_told_waits_until_it_is_computed);
	tcase_add_test(tc, a_score_of_which_a_row_is_damaged_or_gone_is_computed_and_stored_anew);
	tcase_add_test(tc,
		       the_score_of_other_trees_or_by_another_edition_is_not_taken_for_this_one);
	tcase_add_test(
		tc,
		the_score_of_hours_that_were_imported_is_told_without_waiting_for_the_next_hour);
	tcase_add_test(tc, ninety_days_are_scored_in_pieces_that_keep_nothing_waiting);
	tcase_add_test(tc, what_is_shown_does_not_flap_between_two_scores_that_are_nearly_the_same);
	tcase_add_test(tc, a_threshold_that_has_another_aqi_in_the_edition_proves_nothing);
	tcase_add_test(tc, hours_before_the_first_of_utc_are_scored_like_any);
	tcase_add_test(tc, the_part_of_the_message_is_bounded_and_is_left_out_before_the_texts);
	suite_add_tcase(suite, tc);
	return suite;
}
