/* SPDX-License-Identifier: MIT */
/* Forecasts of several sources, dust and hours that turn out false, through the engine. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "changed.h"
#include "hetang.h"
#include "hours.h"
#include "import.h"
#include "pipeline.h"
#include "unit.h"

static struct command_answer answer;
static struct forecast forecast;
static struct command_key keys[2];
static int ids;

static int32_t clean(int64_t hour)
{
	(void)hour;
	return 30000;
}

static void begin(void)
{
	setup();
	ids = 0;
	pm25_of = clean;
}

static struct command command_of(enum command_kind kind, int64_t now)
{
	struct command command = {.kind = kind, .time_ms = now * HOUR_MS, .json = "{}"};
	snprintf(command.id, sizeof(command.id), "c-%d", ++ids);
	snprintf(command.issuer, sizeof(command.issuer), "city");
	return command;
}

static void give(const struct command *command, int64_t now)
{
	memset(&answer, 0, sizeof(answer));
	ck_assert_int_eq(engine_command(engine, command, now * HOUR_MS + 5 * MINUTE_MS,
					TIME_SYNCHRONISED, &answer),
			 0);
}

/* n hours of one concentration after `now`. */
static void give_forecast(const char *source, int64_t issued, int64_t now, int n,
			  int32_t pm25_milli)
{
	struct command command = command_of(COMMAND_FORECAST, now);
	memset(&forecast, 0, sizeof(forecast));
	forecast.issued_ms = issued * HOUR_MS;
	forecast.kind = strcmp(source, "meeting") == 0 ? FORECAST_CONSULTATION
			: strcmp(source, "city") == 0  ? FORECAST_BULLETIN
						       : FORECAST_MODEL;
	snprintf(forecast.source, sizeof(forecast.source), "%s", source);
	for (int i = 1; i <= n; i++) {
		struct forecast_step *step = &forecast.steps[forecast.n++];
		step->hour = now + i;
		step->values.valid = 1u << POLLUTANT_PM25;
		step->values.milli[POLLUTANT_PM25] = pm25_milli;
	}
	command.forecast = &forecast;
	give(&command, now);
}

static int level(void)
{
	return advice_level(engine_advice(engine));
}

/* The newest message of a topic, with `event` its newest of that kind; the caller releases it. */
static json_t *newest(const char *topic, const char *event)
{
	collect_outbox();
	for (int i = n_rows - 1; i >= 0; i--) {
		if (strcmp(rows[i].topic, topic) != 0)
			continue;
		json_t *json = json_loads(rows[i].payload, 0, NULL);
		const char *kind = json_string_value(json_object_get(json, "event"));
		if (!event || strcmp(kind, event) == 0)
			return json;
		json_decref(json);
	}
	ck_abort_msg("no %s %s", topic, event ? event : "");
}

/* What stands at "a/b" of it. */
static const char *say_of(const char *topic, const char *event, const char *path)
{
	static char out[4][8192];
	static int turn;
	char names[64], *save, *text = out[turn = (turn + 1) % 4];
	json_t *json = newest(topic, event);
	const json_t *at = json;
	snprintf(names, sizeof(names), "%s", path);
	for (char *name = strtok_r(names, "/", &save); name && at;
	     name = strtok_r(NULL, "/", &save))
		at = json_object_get(at, name);
	char *dump = at ? json_dumps(at, JSON_ENCODE_ANY | JSON_COMPACT) : strdup("absent");
	snprintf(text, sizeof(out[0]), "%.8190s", dump);
	free(dump);
	json_decref(json);
	return text;
}

static const char *advice_says(const char *path)
{
	char whole[64];
	snprintf(whole, sizeof(whole), "advice/%s", path);
	return say_of("warning", NULL, whole);
}

/* ---- forecasts ---- */

START_TEST(a_forecast_without_an_hour_ahead_is_refused_and_wipes_nothing)
{
	run_hours(H, H + 31);
	give_forecast("city", H + 30, H + 30, 110, 200000);
	ck_assert_int_eq(level(), LEVEL_ORANGE);
	ck_assert_str_eq(say_of("warning/event", "issue", "reason"), "\"forecast\"");
	forecast.issued_ms += HOUR_MS;
	for (int i = 0; i < forecast.n; i++) /* all over: the last hour ended 5 minutes ago */
		forecast.steps[i].hour -= 110;
	struct command command = command_of(COMMAND_FORECAST, H + 30);
	command.forecast = &forecast;
	give(&command, H + 30);
	ck_assert_int_eq(answer.outcome, COMMAND_REFUSED);
	ck_assert_str_eq(answer.why, "no hour of it lies ahead");
	run_hours(H + 31, H + 32);
	ck_assert_int_eq(level(), LEVEL_ORANGE);
	ck_assert_str_eq(advice_says("forecast/source"), "\"city\"");
	ck_assert_int_eq(ask("SELECT count(*) FROM forecasts"), 1);
}
END_TEST

START_TEST(the_newest_issue_of_each_source_counts_by_rank_and_survives_a_kill)
{
	run_hours(H, H + 31);
	give_forecast("meeting", H + 20, H + 30, 110, 200000);
	give_forecast("model A", H + 30, H + 30, 90, 20000);
	ck_assert_int_eq(level(), LEVEL_ORANGE); /* a newer model does not outrank it */
	killed();
	start();
	run_hours(H + 31, H + 32);
	ck_assert_int_eq(level(), LEVEL_ORANGE);
	give_forecast("model A", H + 33, H + 32, 108, 20000); /* 13 h newer */
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert_int_eq(level(), LEVEL_NONE);
	ck_assert_str_eq(advice_says("forecast/source"), "\"model A\"");
	ck_assert_str_eq(advice_says("possible_level"), "\"orange\"");
	ck_assert_str_eq(advice_says("possible_source"), "\"meeting\"");
	killed();
	start();
	run_hours(H + 32, H + 33);
	ck_assert_int_eq(level(), LEVEL_NONE);
	ck_assert_str_eq(advice_says("possible_source"), "\"meeting\"");
}
END_TEST

START_TEST(what_an_outranked_source_would_call_for_is_shown_as_possible)
{
	run_hours(H, H + 31);
	give_forecast("model A", H + 31, H + 30, 90, 200000);
	ck_assert_int_eq(level(), LEVEL_ORANGE);
	ck_assert_str_eq(advice_says("possible_source"), "null"); /* there is no other word */
	give_forecast("city", H + 30, H + 30, 90, 20000);
	ck_assert_int_eq(level(), LEVEL_NONE);
	ck_assert_str_eq(advice_says("possible_level"), "\"orange\"");
	ck_assert_str_eq(advice_says("possible_source"), "\"model A\"");
}
END_TEST

static void give_signed(const char *key, const char *source, int64_t now)
{
	struct command command = command_of(COMMAND_FORECAST, now);
	memset(&forecast, 0, sizeof(forecast));
	forecast.issued_ms = now * HOUR_MS;
	snprintf(forecast.source, sizeof(forecast.source), "%s", source);
	forecast.steps[forecast.n++] =
		(struct forecast_step){.hour = now + 20, .values = {.valid = 1u << POLLUTANT_PM25}};
	command.forecast = &forecast;
	command.key = key;
	command.counter = ids;
	give(&command, now);
}

START_TEST(a_source_belongs_to_the_key_that_used_it_first)
{
	run_hours(H, H + 3);
	keys[0].name = "city";
	keys[1].name = "weather";
	conf->mqtt.n_keys = 2;
	memcpy(conf->mqtt.keys, keys, sizeof(keys));
	give_signed("city", "bulletin", H + 3);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	give_signed("weather", "bulletin", H + 3);
	ck_assert_int_eq(answer.outcome, COMMAND_REFUSED);
	ck_assert_str_eq(answer.why, "source: belongs to the key city");
	give_signed("weather", "model", H + 3);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	killed();
	start();
	run_hours(H + 3, H + 4);
	give_signed("city", "model", H + 4);
	ck_assert_int_eq(answer.outcome, COMMAND_REFUSED);
	conf->mqtt.keys[0].name = "city-2"; /* a key that is not configured any more owns nothing */
	give_signed("city-2", "bulletin", H + 4);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert_int_eq(ask("SELECT count(*) FROM forecast_sources WHERE key = 'city-2'"), 1);
}
END_TEST

START_TEST(a_lift_by_a_new_forecast_says_so_and_by_which)
{
	run_hours(H, H + 31);
	give_forecast("city", H + 30, H + 30, 90, 200000);
	ck_assert_str_eq(say_of("warning/event", "issue", "forecast/source"), "\"city\"");
	give_forecast("city", H + 31, H + 30, 90, 20000);
	ck_assert_int_eq(level(), LEVEL_NONE);
	ck_assert_str_eq(say_of("warning/event", "lift", "reason"), "\"forecast\"");
	ck_assert_str_eq(say_of("warning/event", "lift", "forecast/source"), "\"city\"");
	ck_assert_str_eq(say_of("warning/event", "lift", "forecast/issued"),
			 "\"2013-11-10T13:00:00+08:00\"");
	ck_assert_str_eq(say_of("warning/event", "lift", "observed_h"), "11"); /* of 36 */
	ck_assert_ptr_nonnull(
		strstr(say_of("warning/event", "lift", "text_en"),
		       "at or below 200 for 11 h, and by the forecast of city issued 2013-11-10"));
	ck_assert_ptr_nonnull(strstr(say_of("warning/event", "lift", "text_zh"),
				     "按city于2013年11月10日13时发布的预报"));
}
END_TEST

START_TEST(a_short_spell_that_a_bulletin_says_in_words_stays_words)
{
	int64_t now = H + 31, midnight = now - (now + 8) % 24 + 24;
	struct command command = command_of(COMMAND_FORECAST, now);
	run_hours(H, now);
	memset(&forecast, 0, sizeof(forecast));
	forecast.issued_ms = now * HOUR_MS;
	forecast.form = FORECAST_DAILY_AQI;
	for (int day = 1; day <= 3; day++)
		forecast.steps[forecast.n++] = (struct forecast_step){.hour = midnight + 24 * day,
								      .aqi_min = 165,
								      .aqi_max = 190,
								      .short_heavy = true};
	command.forecast = &forecast;
	give(&command, now);
	ck_assert_int_eq(level(), LEVEL_YELLOW);
	json_t *json = newest("warning/event", "issue");
	json_t *parts = json_object_get(json_object_get(json, "evidence"), "parts");
	json_t *spell = json_array_get(parts, 1);
	ck_assert(json_is_true(json_object_get(spell, "said")));
	ck_assert_int_eq(json_integer_value(json_object_get(spell, "hours")), 0);
	ck_assert_int_eq(json_integer_value(json_object_get(spell, "missing_h")), 0);
	json_decref(json);
	ck_assert_ptr_nonnull(
		strstr(say_of("warning/event", "issue", "text_en"), "a short spell above 200"));
	killed();
	start(); /* the words are stored */
	ck_assert(engine_advice(engine)->evidence.parts[1].said);
}
END_TEST

START_TEST(an_advice_that_is_lost_is_computed_anew_with_the_forecasts_that_came)
{
	run_hours(H, H + 31);
	give_forecast("city", H + 30, H + 30, 90, 200000);
	run_hours(H + 31, H + 33);
	ck_assert_int_eq(level(), LEVEL_ORANGE);
	ck_assert_int_eq(ask("DELETE FROM advice"), -1);
	killed();
	start();
	ck_assert_int_eq(level(), LEVEL_ORANGE);
	ck_assert_int_eq(engine_advice(engine)->episode, H + 30);
}
END_TEST

/* ---- dust ---- */

static void flag_dust(int64_t now, int64_t from, int64_t to, bool clear)
{
	struct command command = command_of(COMMAND_DUST, now);
	command.dust = (struct dust){.from = from, .to = to, .clear = clear};
	snprintf(command.dust.source, sizeof(command.dust.source), "operator");
	give(&command, now);
}

START_TEST(a_dust_window_is_an_event_with_its_hours_and_can_be_taken_back)
{
	run_hours(H, H + 26);
	flag_dust(H + 26, H + 20, H + 30, false);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert_str_eq(say_of("warning/event", "dust", "from"), "\"2013-11-10T02:00:00+08:00\"");
	ck_assert_str_eq(say_of("warning/event", "dust", "to"), "\"2013-11-10T12:00:00+08:00\"");
	ck_assert_str_eq(say_of("warning/event", "dust", "cleared"), "false");
	ck_assert_str_eq(say_of("warning/event", "dust", "source"), "\"operator\"");
	ck_assert_str_eq(say_of("warning/event", "dust", "about"), "\"advice\"");
	ck_assert_ptr_nonnull(strstr(say_of("warning/event", "dust", "text_zh"), "沙尘过程"));
	flag_dust(H + 26, H + 20, H + 30, true);
	ck_assert_str_eq(say_of("warning/event", "dust", "cleared"), "true");
}
END_TEST

START_TEST(a_dust_window_is_72_hours_at_most_and_ends_a_day_ahead_at_most_and_is_prolonged)
{
	run_hours(H, H + 2);
	flag_dust(H + 2, H - 46, H + 26, false); /* 73 */
	ck_assert_int_eq(answer.outcome, COMMAND_REFUSED);
	flag_dust(H + 2, H - 45, H + 26, false);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	flag_dust(H + 2, H + 26, H + 27, false); /* 25 hours ahead */
	ck_assert_int_eq(answer.outcome, COMMAND_REFUSED);
	ck_assert_ptr_nonnull(strstr(answer.why, "prolonged"));
	run_hours(H + 2, H + 3);
	flag_dust(H + 3, H + 26, H + 27, false);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert_int_eq(ask("SELECT count(*) FROM dust"), 73);
	flag_dust(H + 3, H - 45, H + 27, true); /* to take it back, more is allowed */
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert_int_eq(ask("SELECT count(*) FROM dust"), 0);
}
END_TEST

START_TEST(while_dust_lasts_the_advice_says_what_it_hides)
{
	run_hours(H, H + 31);
	ck_assert_str_eq(advice_says("without_dust"), "null");
	give_forecast("city", H + 30, H + 30, 90, 200000);
	flag_dust(H + 31, H + 31, H + 55, false);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	run_hours(H + 31, H + 34);
	flag_dust(H + 34, H + 34, H + 56, false); /* prolonged: it is told anew */
	ck_assert_str_eq(advice_says("dust"), "true");
	ck_assert_str_eq(advice_says("without_dust"), "\"orange\"");
	ck_assert_ptr_nonnull(
		strstr(say_of("warning", NULL, "text_en"), "Counted, they would call for: orange"));
	flag_dust(H + 34, H + 31, H + 56, true);
	ck_assert_str_eq(advice_says("without_dust"), "null");
}
END_TEST

/* Two forecasts: of one air; of n hours of it and then m of another. */
static void give_two_airs(int64_t now, int n, int32_t before_milli, int m, int32_t after_milli)
{
	struct command command = command_of(COMMAND_FORECAST, now);
	give_forecast("city", now - 1, now, n + m, before_milli);
	forecast.issued_ms = now * HOUR_MS;
	for (int i = n; i < n + m; i++)
		forecast.steps[i].values.milli[POLLUTANT_PM25] = after_milli;
	command.forecast = &forecast;
	give(&command, now);
}

START_TEST(a_start_that_dust_moves_is_not_said_to_be_moved_by_a_forecast)
{
	run_hours(H, H + 31);
	give_two_airs(H + 31, 18, 30000, 62, 200000); /* its first value is more than a day ahead */
	ck_assert_int_ge(level(), LEVEL_YELLOW);
	int64_t onset = engine_advice(engine)->evidence.onset;
	ck_assert_int_gt(onset, H + 31);
	flag_dust(H + 31, H + 51, H + 53, false); /* 21 hours of the day are left */
	ck_assert_int_gt(engine_advice(engine)->evidence.onset, onset);
	ck_assert_str_eq(say_of("warning/event", "amended", "reason"), "\"dust\"");
	ck_assert_ptr_nonnull(strstr(say_of("warning/event", "amended", "text_zh"), "沙尘时段"));
	ck_assert_ptr_null(strstr(say_of("warning/event", "amended", "text_zh"), "预报更新"));
}
END_TEST

START_TEST(a_rise_because_hours_are_no_dust_any_more_says_so)
{
	pm25_of = smog_from_hour_30;
	run_hours(H, H + 30);
	flag_dust(H + 30, H + 31, H + 54, false);
	for (int64_t hour = H + 54; hour <= H + 90; hour += 18) { /* prolonged */
		run_hours(hour == H + 54 ? H + 30 : hour - 18, hour);
		flag_dust(hour, hour, hour + 20, false);
	}
	ck_assert_int_eq(level(), LEVEL_NONE);
	flag_dust(H + 90, H + 31, H + 110, true);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert_int_gt(level(), LEVEL_NONE);
	ck_assert_str_eq(say_of("warning/event", "issue", "reason"), "\"dust\"");
}
END_TEST

/* ---- hours that turn out false ---- */

static void review(int64_t now, int64_t from, int64_t to, bool restore)
{
	struct command command = command_of(COMMAND_REVIEW, now);
	command.review = (struct review){.from = from,
					 .to = to,
					 .pollutants = 1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10,
					 .restore = restore};
	give(&command, now);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	settle(now * HOUR_MS);
}

/* 66 hours, of which those from H + 31 on are smog: yellow by them. */
static void begin_smog(void)
{
	pm25_of = smog_from_hour_30;
	run_hours(H, H + 66);
	ck_assert_int_eq(level(), LEVEL_YELLOW);
}

START_TEST(a_level_that_only_false_hours_called_for_ends_at_once_by_a_review)
{
	begin_smog();
	int64_t events = ask("SELECT count(*) FROM events");
	review(H + 66, H + 31, H + 65, false);
	ck_assert_int_eq(level(), LEVEL_NONE);
	ck_assert_str_eq(say_of("warning/event", "lift", "reason"), "\"review\"");
	ck_assert_ptr_nonnull(strstr(say_of("warning/event", "lift", "text_en"), "A review found"));
	ck_assert_str_eq(say_of("warning/event", "correction", "would_advise"), "\"none\"");
	/* the old events and what was measured stay */
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE kind = 'issue'"), 1);
	ck_assert_int_ge(ask("SELECT count(*) FROM events"), events + 2);
	ck_assert_int_gt(ask("SELECT max(mean_milli) FROM hours WHERE pollutant = 'pm25'"), 200000);
}
END_TEST

START_TEST(a_review_of_hours_without_which_it_would_have_been_called_for_ends_nothing)
{
	begin_smog();
	review(H + 66, H + 64, H + 65, false);
	ck_assert_int_eq(level(), LEVEL_YELLOW);
	review(H + 66, H + 2, H + 9, false);
	ck_assert_int_eq(level(), LEVEL_YELLOW);
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE kind = 'lift'"), 0);
}
END_TEST

START_TEST(what_a_forecast_called_for_is_not_ended_by_a_review_of_other_hours)
{
	run_hours(H, H + 31);
	give_forecast("city", H + 30, H + 30, 90, 200000);
	run_hours(H + 31, H + 33);
	review(H + 33, H + 5, H + 6, false);
	ck_assert_int_eq(level(), LEVEL_ORANGE);
	/* by the forecast of then history says the same */
	ck_assert_str_eq(say_of("warning/event", "correction", "would_advise"), "\"orange\"");
	ck_assert_str_eq(say_of("warning/event", "correction", "differs_from"), "null");
}
END_TEST

START_TEST(a_correction_compares_with_the_advice_as_it_stands)
{
	begin_smog();
	review(H + 66, H + 64, H + 65, false);
	ck_assert_str_eq(say_of("warning/event", "correction", "differs_from"), "null");
	review(H + 66, H + 64, H + 65, true); /* and back: still the same */
	ck_assert_str_eq(say_of("warning/event", "correction", "would_advise"), "\"yellow\"");
	ck_assert_str_eq(say_of("warning/event", "correction", "differs_from"), "null");
	review(H + 66, H + 31, H + 65, false);
	ck_assert_str_eq(say_of("warning/event", "correction", "level"), "\"yellow\"");
	ck_assert_str_ne(say_of("warning/event", "correction", "differs_from"), "null");
	ck_assert_int_eq(level(), LEVEL_NONE);
	review(H + 66, H + 31, H + 65, true);
	/* none stands, yellow it would be: that differs, and the hour is judged again */
	ck_assert_str_eq(say_of("warning/event", "correction", "level"), "\"none\"");
	ck_assert_str_eq(say_of("warning/event", "correction", "would_advise"), "\"yellow\"");
	ck_assert_str_ne(say_of("warning/event", "correction", "differs_from"), "null");
	ck_assert_int_eq(level(), LEVEL_YELLOW);
	ck_assert_str_eq(say_of("warning/event", "issue", "reason"), "\"review\"");
	ck_assert_ptr_nonnull(
		strstr(say_of("warning/event", "issue", "text_zh"), "小时数据已更正"));
}
END_TEST

/* What the review says that was given last, but for one word: nothing of it is computed yet. */
static void review_and_wait(int64_t now, int64_t from, int64_t to)
{
	struct command command = command_of(COMMAND_REVIEW, now);
	int64_t first, last;
	command.review = (struct review){
		.from = from, .to = to, .pollutants = 1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10};
	give(&command, now);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert_int_eq(changed_pending(store, &first, &last), 0);
}

static int32_t smog_from_hour_60(int64_t hour)
{
	return hour > H + 60 && hour <= H + 96 ? 270000 : 40000 + (int32_t)(hour % 7) * 1000;
}

static void false_level_ended_by_review(int64_t now)
{
	settle(now * HOUR_MS + 5 * MINUTE_MS);
	ck_assert_int_eq(level(), LEVEL_NONE);
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE kind = 'lift'"), 1);
	ck_assert_str_eq(say_of("warning/event", "lift", "reason"), "\"review\"");
}

START_TEST(dust_said_before_a_review_is_judged_does_not_end_the_false_level_by_the_ordinary_rule)
{
	pm25_of = smog_from_hour_60;
	run_hours(H, H + 120);
	ck_assert_int_eq(level(), LEVEL_YELLOW);
	review_and_wait(H + 120, H + 61, H + 96);
	/* of the hours that are left 36 are clean */
	flag_dust(H + 120, H + 61, H + 96, false);
	ck_assert_int_eq(level(), LEVEL_YELLOW);
	false_level_ended_by_review(H + 120);
}
END_TEST

START_TEST(dust_said_before_a_review_is_judged_makes_no_true_hour_a_false_one)
{
	begin_smog();
	review_and_wait(H + 66, H + 2, H + 3);
	flag_dust(H + 66, H + 31, H + 60, false);
	settle((H + 66) * HOUR_MS + 5 * MINUTE_MS);
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE reason = 'review'"), 0);
}
END_TEST

/* Hours of clean air in the smog that nobody breathed: without them it is two days of it. */
static int32_t smog_and_false_clean_air(int64_t hour)
{
	return hour >= H + 42 ? 30000 : hour == H + 30 ? 160000 : 125000;
}

START_TEST(an_advice_that_false_clean_hours_kept_away_names_the_fault_as_its_cause)
{
	struct sample fault = {.at_ms = (H + 45) * HOUR_MS,
			       .quality = QUALITY_FAULT,
			       .why = WHY_FROZEN,
			       .doubt_ms = 4 * (int32_t)HOUR_MS};
	pm25_of = smog_and_false_clean_air;
	run_hours(H, H + 45);
	ck_assert_int_eq(level(), LEVEL_NONE);
	while (conf->channels[fault.channel].pollutant != POLLUTANT_PM25)
		fault.channel++;
	engine_sample(engine, &fault, TIME_SYNCHRONISED);
	settle((H + 45) * HOUR_MS + 1000);
	ck_assert_int_eq(level(), LEVEL_YELLOW);
	ck_assert_str_eq(say_of("warning/event", "issue", "reason"), "\"instrument\"");
	ck_assert_ptr_nonnull(
		strstr(say_of("warning/event", "issue", "text_en"), "Hourly data were corrected"));
}
END_TEST

/* A night of smog over clean days. */
static int32_t smog_at_night(int64_t hour)
{
	return hour > H + 30 && hour <= H + 34 ? 3000000 : 40000 + (int32_t)(hour % 7) * 1000;
}

START_TEST(an_hour_or_forecast_between_a_review_and_its_end_does_not_lift_the_false_level)
{
	pm25_of = smog_at_night;
	run_hours(H, H + 60);
	ck_assert_int_eq(level(), LEVEL_RED);
	review_and_wait(H + 60, H + 31, H + 34);
	if (_i == 0)
		give_forecast("city", H + 60, H + 60, 60, 30000);
	else
		engine_advance(engine, (H + 60) * HOUR_MS + 5 * MINUTE_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(level(), LEVEL_RED);
	false_level_ended_by_review(H + 60);
}
END_TEST

START_TEST(a_station_that_begins_cannot_tell_yet)
{
	run_hours(H, H + 3);
	ck_assert_str_eq(advice_says("hold_reason"), "\"insufficient_data\"");
	ck_assert_str_eq(advice_says("undecided"), "[\"yellow\",\"orange\",\"red\"]");
	ck_assert_ptr_nonnull(strstr(say_of("warning", NULL, "text_en"), "cannot be told yet"));
	ck_assert_str_eq(advice_says("wants_data_of"), "[\"pm25\",\"pm10\"]");
	ck_assert_str_eq(say_of("warning/event", "hold", "wants_data_of"), "[\"pm25\",\"pm10\"]");
	ck_assert_str_eq(say_of("warning/event", "hold", "undecided"),
			 "[\"yellow\",\"orange\",\"red\"]");
	run_hours(H + 3, H + 22);
	ck_assert_str_eq(advice_says("undecided"), "[]");
	ck_assert_str_eq(advice_says("wants_data_of"), "[]");
	ck_assert_ptr_nonnull(strstr(say_of("warning", NULL, "text_en"), "No warning is advised"));
}
END_TEST

/* Smog over n hours that end with `last`, as an import leaves it. */
static void import_smog(int64_t last, int n)
{
	struct import counts = {.replace = true};
	struct hour_values smog = {.valid = 1u << POLLUTANT_PM25};
	smog.milli[POLLUTANT_PM25] = 300000;
	ck_assert_int_eq(store_begin(store), 0);
	for (int64_t hour = last - n + 1; hour <= last; hour++)
		ck_assert_int_eq(import_hour(store, hour, &smog, 0, &counts), 0);
	ck_assert_int_eq(store_commit(store), 0);
}

START_TEST(imported_smog_is_advised_before_anything_is_said_of_it)
{
	run_hours(H, H + 3);
	import_smog(H + 2, 157);
	killed();
	start();
	engine_advance(engine, (H + 3) * HOUR_MS, TIME_SYNCHRONISED); /* no hour is due */
	ck_assert_int_eq(level(), LEVEL_RED);
	ck_assert_str_eq(advice_says("level"), "\"red\"");
	ck_assert_str_eq(advice_says("state"), "\"current\"");
	settle((H + 3) * HOUR_MS);
	ck_assert_str_eq(say_of("warning/event", "correction", "would_advise"), "\"red\"");
	ck_assert_str_eq(say_of("warning/event", "issue", "level"), "\"red\"");
	ck_assert_str_eq(say_of("warning/event", "issue", "reason"), "absent");
	killed();
	start();
	ck_assert_int_eq(level(), LEVEL_RED);
}
END_TEST

START_TEST(until_then_the_advice_is_being_computed_and_a_directive_does_not_wait)
{
	run_hours(H, H + 3);
	import_smog(H + 2, 157);
	killed();
	start();
	struct command command = command_of(COMMAND_RELEASE, H + 3);
	command.release = (struct release){.number = "7", .level = LEVEL_RED, .post = "commander"};
	give(&command, H + 3);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert_str_eq(advice_says("state"), "\"computing\"");
	ck_assert_ptr_nonnull(
		strstr(say_of("warning", NULL, "text_en"), "The advice is being computed"));
	engine_advance(engine, (H + 3) * HOUR_MS + 10 * MINUTE_MS, TIME_SYNCHRONISED);
	ck_assert_str_eq(advice_says("state"), "\"current\"");
	ck_assert_str_eq(advice_says("level"), "\"red\"");
}
END_TEST

static void add_forecasts(TCase *tc)
{
	tcase_add_test(tc, a_forecast_without_an_hour_ahead_is_refused_and_wipes_nothing);
	tcase_add_test(tc, the_newest_issue_of_each_source_counts_by_rank_and_survives_a_kill);
	tcase_add_test(tc, what_an_outranked_source_would_call_for_is_shown_as_possible);
	tcase_add_test(tc, a_source_belongs_to_the_key_that_used_it_first);
	tcase_add_test(tc, a_lift_by_a_new_forecast_says_so_and_by_which);
	tcase_add_test(tc, a_short_spell_that_a_bulletin_says_in_words_stays_words);
	tcase_add_test(tc, an_advice_that_is_lost_is_computed_anew_with_the_forecasts_that_came);
}

Suite *unit_suite(void)
{
	Suite *suite = suite_create("outlook");
	TCase *tc = tcase_create("outlook");
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, begin, teardown);
	add_forecasts(tc);
	tcase_add_test(tc, a_dust_window_is_an_event_with_its_hours_and_can_be_taken_back);
	tcase_add_test(
		tc,
		a_dust_window_is_72_hours_at_most_and_ends_a_day_ahead_at_most_and_is_prolonged);
	tcase_add_test(tc, while_dust_lasts_the_advice_says_what_it_hides);
	tcase_add_test(tc, a_start_that_dust_moves_is_not_said_to_be_moved_by_a_forecast);
	tcase_add_test(tc, a_rise_because_hours_are_no_dust_any_more_says_so);
	tcase_add_test(tc, a_level_that_only_false_hours_called_for_ends_at_once_by_a_review);
	tcase_add_test(tc,
		       a_review_of_hours_without_which_it_would_have_been_called_for_ends_nothing);
	tcase_add_test(tc, what_a_forecast_called_for_is_not_ended_by_a_review_of_other_hours);
	tcase_add_test(tc, a_correction_compares_with_the_advice_as_it_stands);
	tcase_add_test(
		tc,
		dust_said_before_a_review_is_judged_does_not_end_the_false_level_by_the_ordinary_rule);
	tcase_add_test(tc, dust_said_before_a_review_is_judged_makes_no_true_hour_a_false_one);
	tcase_add_test(tc, an_advice_that_false_clean_hours_kept_away_names_the_fault_as_its_cause);
	tcase_add_loop_test(
		tc, an_hour_or_forecast_between_a_review_and_its_end_does_not_lift_the_false_level,
		0, 2);
	tcase_add_test(tc, a_station_that_begins_cannot_tell_yet);
	tcase_add_test(tc, imported_smog_is_advised_before_anything_is_said_of_it);
	tcase_add_test(tc, until_then_the_advice_is_being_computed_and_a_directive_does_not_wait);
	suite_add_tcase(suite, tc);
	return suite;
}
