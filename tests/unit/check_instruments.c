/* SPDX-License-Identifier: MIT */
/* Instruments that lie, from their registers to what is advised: days in milliseconds. */
#include <stdio.h>
#include <string.h>

#include "instrument.h"
#include "log.h"
#include "over_range.h"
#include "particles.h"
#include "text.h"
#include "unit.h"

/* ---- at the end of the range ---- */

static int both_at_the_end(enum pollutant pollutant, int64_t at_ms)
{
	int64_t i = hour_of_ms(at_ms) - H;
	return i > 30 && i <= 50 ? 1000 : of_dust(waver(40, at_ms), pollutant);
}

START_TEST(both_registers_at_the_end_of_their_range_for_20_hours_make_no_red)
{
	register_of = both_at_the_end;
	poll_hours(H, H + 130);
	ck_assert_ptr_null(find_event("issue", "", 0));
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_NONE);
}
END_TEST

START_TEST(the_end_of_the_range_is_told_at_once_and_asks_for_a_person)
{
	register_of = both_at_the_end;
	poll_hours(H, H + 30);
	poll_registers((H + 30) * HOUR_MS);
	poll_registers((H + 30) * HOUR_MS + POLL_MS);
	ck_assert_ptr_null(find_event("hold", "over_range", 0));
	poll_registers((H + 30) * HOUR_MS + 2 * POLL_MS);
	json_t *event = find_event("hold", "over_range", 0);
	ck_assert_ptr_nonnull(event);
	ck_assert_str_eq(text_in(event, "pollutant"), "pm25");
	ck_assert_str_eq(text_in(event, "would_call_for"), "red");
	ck_assert_str_eq(text_in(event, "level"), "none");
	ck_assert_int_eq(json_integer_value(
				 json_object_get(json_object_get(event, "at_least"), "pm25_ug_m3")),
			 1000);
	ck_assert_ptr_nonnull(strstr(text_in(event, "text_en"), "a person must look"));
	ck_assert_ptr_nonnull(strstr(text_in(event, "text_zh"), "请人工核实"));
	ck_assert_str_eq(text_in(find_event("hold", "over_range", 1), "pollutant"), "pm10");
}
END_TEST

START_TEST(the_end_of_the_range_is_told_once_and_resumes_with_a_valid_hour)
{
	register_of = both_at_the_end;
	poll_hours(H, H + 40);
	restart(); /* who was told of it stays told */
	poll_hours(H + 40, H + 51);
	ck_assert_ptr_null(find_event("resume", "over_range", 0));
	poll_hours(H + 51, H + 52);
	ck_assert_str_eq(text_in(find_event("resume", "over_range", 0), "pollutant"), "pm25");
	ck_assert_str_eq(text_in(find_event("resume", "over_range", 1), "pollutant"), "pm10");
	poll_hours(H + 52, H + 80);
	ck_assert_ptr_null(find_event("resume", "over_range", 2));
	ck_assert_ptr_null(find_event("hold", "over_range", 2));
}
END_TEST

static int from_the_third_quarter(enum pollutant pollutant, int64_t at_ms)
{
	bool late = at_ms >= (H + 30) * HOUR_MS + 45 * MINUTE_MS;
	return late ? 1000 : of_dust(waver(40, at_ms), pollutant);
}

START_TEST(an_hour_that_is_valid_up_to_the_end_of_the_range_ends_no_hold)
{
	register_of = from_the_third_quarter;
	poll_hours(H, H + 33);
	ck_assert_int_eq(ask("SELECT count(*) FROM hours WHERE hour = 384461 AND valid"), 2);
	ck_assert_ptr_nonnull(find_event("hold", "over_range", 1));
	ck_assert_ptr_null(find_event("resume", "over_range", 0));
}
END_TEST

static int around_the_end(enum pollutant pollutant, int64_t at_ms)
{
	int64_t i = at_ms / POLL_MS;
	return i % 8 < 4 ? 1000 : of_dust(waver(600, at_ms), pollutant);
}

START_TEST(a_value_that_comes_and_goes_at_the_end_of_its_range_is_told_once_an_hour_at_most)
{
	register_of = around_the_end;
	poll_hours(H, H + 24);
	int holds = 0;
	while (find_event("hold", "over_range", holds))
		holds++;
	ck_assert_int_ge(holds, 2);
	ck_assert_int_le(holds, 2 * 24);
}
END_TEST

START_TEST(what_so_much_would_call_for_is_a_level_of_the_plan)
{
	static const struct {
		enum pollutant pollutant;
		int32_t milli;
		const char *level;
	} cases[] = {
		/* AQI 500, 300, 301, 201, 200; O3 of 800 in 8 h 300, CO of 48 mg/m3 400 */
		{POLLUTANT_PM25, 1000000, "red"}, {POLLUTANT_PM25, 250000, "orange"},
		{POLLUTANT_PM25, 250001, "red"},  {POLLUTANT_PM25, 150001, "orange"},
		{POLLUTANT_PM25, 150000, "none"}, {POLLUTANT_O3, 800000, "orange"},
		{POLLUTANT_CO, 48000, "red"},     {POLLUTANT_CO, 0, "none"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int level = over_range_level(&conf->edition, &conf->plan, cases[i].pollutant,
					     cases[i].milli);
		ck_assert_str_eq(level_name(&conf->plan, level), cases[i].level);
	}
}
END_TEST

START_TEST(the_end_of_a_range_that_calls_for_nothing_is_told_in_words_too)
{
	const struct event event = {.kind = EVENT_HOLD,
				    .reason = REASON_OVER_RANGE,
				    .pollutant = POLLUTANT_CO,
				    .at_least_milli = 12500};
	const struct advice_report report = {.advice = engine_advice(engine)};
	char text[TEXT_MAX];
	text_event(conf, &event, &report, TEXT_EN, text);
	ck_assert_ptr_nonnull(strstr(text, "(at least 12.5 mg/m³)"));
	ck_assert_ptr_nonnull(strstr(text, "so much alone would call for no warning"));
	text_event(conf, &event, &report, TEXT_ZH, text);
	ck_assert_ptr_nonnull(strstr(text, "至少12.5毫克/立方米"));
	ck_assert_ptr_nonnull(strstr(text, "维持不发布预警"));
}
END_TEST

static int heavy_then_saturated(enum pollutant pollutant, int64_t at_ms)
{
	int64_t i = hour_of_ms(at_ms) - H;
	return i > 100 ? 1000 : of_dust(waver(400, at_ms), pollutant);
}

START_TEST(an_instrument_that_saturates_in_heavy_pollution_lifts_nothing)
{
	register_of = heavy_then_saturated;
	poll_hours(H, H + 100);
	int level = advice_level(engine_advice(engine));
	ck_assert_int_ge(level, 3);
	poll_hours(H + 100, H + 180);
	ck_assert_int_eq(advice_level(engine_advice(engine)), level);
	ck_assert_ptr_nonnull(find_event("hold", "over_range", 0));
	ck_assert_ptr_null(find_event("lift", "", 0));
	ck_assert_ptr_null(find_event("downgrade", "", 0));
}
END_TEST

/* ---- PM2.5 is a part of PM10 ---- */

static int upside_down(enum pollutant pollutant, int64_t at_ms)
{
	int64_t i = hour_of_ms(at_ms) - H;
	bool wrong = i > 5 && i <= 9;
	return pollutant == POLLUTANT_PM10 ? 100 + (int)(at_ms / POLL_MS % 2) : wrong ? 122 : 120;
}

static char logged[4096];

static void keep_line(enum log_level level, const char *line)
{
	size_t n = strlen(logged);
	if (level <= LOG_LEVEL_NOTICE && strstr(line, "PM2.5 is"))
		snprintf(logged + n, sizeof(logged) - n, "%.40s\n", strstr(line, "PM2.5 is"));
}

START_TEST(an_hour_with_more_pm25_than_pm10_is_told_once_and_its_end_too)
{
	ck_assert(!particles_contradict(120000, 100000));
	ck_assert(particles_contradict(120001, 100000));
	register_of = upside_down;
	logged[0] = '\0';
	log_capture(keep_line);
	poll_hours(H, H + 6);
	ck_assert_int_eq(engine_particles_since(engine), 0);
	poll_hours(H + 6, H + 8);
	ck_assert_int_eq(engine_particles_since(engine), H + 6);
	poll_hours(H + 8, H + 12);
	ck_assert_int_eq(engine_particles_since(engine), 0);
	ck_assert_str_eq(logged, "PM2.5 is above PM10, 122 and 100 μg/m³\n"
				 "PM2.5 is not above PM10 any more\n");
}
END_TEST

/* ---- dead at zero ---- */

static int smog_then_death(enum pollutant pollutant, int64_t at_ms)
{
	int64_t i = hour_of_ms(at_ms) - H;
	return i > 70 ? 0 : of_dust(waver(170, at_ms), pollutant);
}

START_TEST(a_counter_that_dies_at_zero_lifts_no_yellow)
{
	register_of = smog_then_death;
	poll_hours(H, H + 70);
	int level = advice_level(engine_advice(engine));
	ck_assert_int_ge(level, 1);
	poll_hours(H + 70, H + 70 + 72);
	ck_assert_int_eq(advice_level(engine_advice(engine)), level);
	ck_assert_ptr_null(find_event("lift", "", 0));
	ck_assert_ptr_null(find_event("downgrade", "", 0));
	ck_assert_ptr_nonnull(find_event("hold", "insufficient_data", 0));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("instruments");
	TCase *tc = tcase_create("instruments");

	tcase_add_checked_fixture(tc, setup_compact, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, both_registers_at_the_end_of_their_range_for_20_hours_make_no_red);
	tcase_add_test(tc, the_end_of_the_range_is_told_at_once_and_asks_for_a_person);
	tcase_add_test(tc, the_end_of_the_range_is_told_once_and_resumes_with_a_valid_hour);
	tcase_add_test(
		tc,
		a_value_that_comes_and_goes_at_the_end_of_its_range_is_told_once_an_hour_at_most);
	tcase_add_test(tc, an_hour_that_is_valid_up_to_the_end_of_the_range_ends_no_hold);
	tcase_add_test(tc, what_so_much_would_call_for_is_a_level_of_the_plan);
	tcase_add_test(tc, the_end_of_a_range_that_calls_for_nothing_is_told_in_words_too);
	tcase_add_test(tc, an_instrument_that_saturates_in_heavy_pollution_lifts_nothing);
	tcase_add_test(tc, an_hour_with_more_pm25_than_pm10_is_told_once_and_its_end_too);
	tcase_add_test(tc, a_counter_that_dies_at_zero_lifts_no_yellow);
	suite_add_tcase(suite, tc);
	return suite;
}
