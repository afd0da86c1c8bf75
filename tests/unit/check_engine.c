/* SPDX-License-Identifier: MIT */
/* The pipeline with a real database and a given time: days in milliseconds. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "hours.h"
#include "minutes.h"
#include "pipeline.h"
#include "station.h"
#include "unit.h"

static const char *text_of(const json_t *json, const char *key)
{
	return json_string_value(json_object_get(json, key));
}

static struct hour_values hour_in_store(int64_t hour)
{
	struct hour_values values;
	ck_assert_int_eq(hours_load(store, hour, 1, &values), 0);
	return values;
}

START_TEST(hours_close_with_the_means_of_their_samples)
{
	run_hours(H, H + 26);
	engine_advance(engine, (H + 26) * HOUR_MS + 2 * MINUTE_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(engine_newest_hour(engine), H + 26);
	for (int64_t hour = H + 3; hour <= H + 26; hour++) {
		struct hour_values values = hour_in_store(hour);
		ck_assert_uint_eq(values.valid, POLLUTANT_ALL);
		ck_assert_int_eq(values.milli[POLLUTANT_PM25], pm25_of(hour));
	}
	ck_assert_int_ge(readings, 26 * 60 - 2);
	ck_assert_int_eq(looks, 26);
}
END_TEST

START_TEST(an_hour_closes_after_its_delay_and_not_before)
{
	run_hours(H, H + 1);
	engine_advance(engine, (H + 1) * HOUR_MS + 2 * MINUTE_MS - 1, TIME_SYNCHRONISED);
	ck_assert_int_eq(engine_newest_hour(engine), H);
	ck_assert_int_eq(engine_due_ms(engine) <= (H + 1) * HOUR_MS + 2 * MINUTE_MS, 1);
	engine_advance(engine, (H + 1) * HOUR_MS + 2 * MINUTE_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(engine_newest_hour(engine), H + 1);
}
END_TEST

START_TEST(an_episode_goes_out_as_numbered_events_with_warning_and_cuts)
{
	char list[4096];
	run_hours(H, H + 190);
	collect_outbox();
	event_list(list, sizeof(list));
	/* smog from hour H+31 on: its 24 h mean passes 150 and 200; then clean from H+127 on */
	ck_assert_ptr_nonnull(strstr(list, " issue yellow "));
	ck_assert_ptr_nonnull(strstr(list, " upgrade orange "));
	ck_assert_ptr_nonnull(strstr(list, " upgrade red "));
	ck_assert_ptr_nonnull(strstr(list, " lift none "));
	int aqi = 0;
	int64_t seq = 0;
	for (int i = 0; i < n_rows; i++)
		aqi += strcmp(rows[i].topic, "aqi") == 0;
	ck_assert_int_eq(aqi, (int)(engine_newest_hour(engine) - H));
	for (int i = 0; i < n_rows; i++) {
		if (strcmp(rows[i].topic, "aqi") != 0)
			continue;
		ck_assert_int_gt(rows[i].seq, seq);
		seq = rows[i].seq;
	}
}
END_TEST

START_TEST(a_kill_at_any_moment_gives_the_same_hours_and_events)
{
	char undisturbed[4096], disturbed[4096];
	static struct hour_values first[190], second[190];
	run_hours(H, H + 190);
	collect_outbox();
	event_list(undisturbed, sizeof(undisturbed));
	ck_assert_int_eq(hours_load(store, H, 190, first), 0);
	int64_t newest = engine_newest_hour(engine);
	teardown();

	char command[300]; /* the same station on a fresh directory */
	snprintf(command, sizeof(command), "rm -rf '%s/data'", unit_tmpdir());
	ck_assert_int_eq(system(command), 0);
	setup();
	int kills = 0;
	for (int64_t ms = H * HOUR_MS; ms < (H + 190) * HOUR_MS; ms += POLL_MS) {
		poll_at(ms);
		engine_advance(engine, ms + 1000, TIME_SYNCHRONISED);
		if (unit_random() % 29 == 0) {
			killed();
			start();
			poll_at(ms + 2000); /* a bus polls at once when it starts */
			kills++;
		}
	}
	ck_assert_int_gt(kills, 50);
	collect_outbox();
	event_list(disturbed, sizeof(disturbed));
	ck_assert_str_eq(undisturbed, disturbed);
	ck_assert_int_eq(engine_newest_hour(engine), newest);
	ck_assert_int_eq(hours_load(store, H, 190, second), 0);
	ck_assert_mem_eq(first, second, sizeof(first));
}
END_TEST

START_TEST(a_clean_stop_in_a_minute_keeps_its_seconds)
{
	run_hours(H, H + 1);
	int64_t stop_ms = (H + 1) * HOUR_MS + 20 * MINUTE_MS + 30000;
	for (int64_t ms = (H + 1) * HOUR_MS; ms < stop_ms; ms += POLL_MS)
		poll_at(ms);
	engine_advance(engine, stop_ms, TIME_SYNCHRONISED);
	engine_stop(engine, stop_ms);
	killed();
	start();
	for (int64_t ms = stop_ms; ms < (H + 2) * HOUR_MS; ms += POLL_MS)
		poll_at(ms);
	engine_advance(engine, (H + 2) * HOUR_MS + 5 * MINUTE_MS, TIME_SYNCHRONISED);
	collect_outbox();
	json_t *json = json_loads(rows[n_rows - 1].payload, 0, NULL);
	for (int i = n_rows - 1; i >= 0 && strcmp(rows[i].topic, "aqi") != 0; i--) {
		json_decref(json);
		json = json_loads(rows[i - 1].payload, 0, NULL);
	}
	ck_assert_str_eq(text_of(json_object_get(json, "quality"), "pm25"), "N");
	json_decref(json);
	/* every second is covered once: minutes 0 to 20 by the first process, the rest by the
	 * second */
	static struct hour hour;
	struct hour_mean mean;
	hour_begin(&hour, H + 2, 2 * POLL_MS, NULL);
	ck_assert_int_eq(minutes_load(store, conf->channels[0].id, &hour), 0);
	hour_mean(&hour, INT64_MAX, 45 * MINUTE_MS, &mean);
	ck_assert_int_eq(mean.covered_ms, HOUR_MS);
}
END_TEST

START_TEST(hours_without_the_daemon_are_closed_as_missing_at_the_next_start)
{
	run_hours(H, H + 30);
	killed();
	start();
	poll_at((H + 40) * HOUR_MS + 5000);
	engine_advance(engine, (H + 40) * HOUR_MS + 5 * MINUTE_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(engine_newest_hour(engine), H + 40);
	ck_assert_uint_eq(hour_in_store(H + 29).valid, POLLUTANT_ALL);
	for (int64_t hour = H + 31; hour <= H + 40; hour++)
		ck_assert_uint_eq(hour_in_store(hour).valid, 0);
}
END_TEST

START_TEST(a_first_hour_without_a_sample_is_closed_also_after_a_stop)
{
	engine_advance(engine, H * HOUR_MS + MINUTE_MS, TIME_SYNCHRONISED);
	killed();
	start();
	engine_advance(engine, (H + 1) * HOUR_MS + MINUTE_MS, TIME_SYNCHRONISED);
	killed(); /* after its end, before its delay is over */
	start();
	engine_advance(engine, (H + 1) * HOUR_MS + 5 * MINUTE_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(engine_newest_hour(engine), H + 1);
	char list[256]; /* it cannot tell yet, and says so at once */
	event_list(list, sizeof(list));
	ck_assert_ptr_nonnull(strstr(list, "1 hold none"));
}
END_TEST

START_TEST(a_first_hour_that_a_doubted_clock_named_is_none)
{
	engine_advance(engine, H * HOUR_MS + MINUTE_MS, TIME_UNSYNCHRONISED);
	killed();
	start();
	engine_advance(engine, (H + 400) * HOUR_MS + 5 * MINUTE_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(engine_newest_hour(engine), H + 400);
	ck_assert_int_eq(ask("SELECT count(*) FROM aqi"), 0);
}
END_TEST

START_TEST(a_sample_of_a_closed_hour_is_counted_and_changes_nothing)
{
	run_hours(H, H + 2);
	struct sample late = {.at_ms = (H - 1) * HOUR_MS + 5, .quality = QUALITY_NORMAL};
	late.value_milli = 999000;
	uint64_t before = engine_late_samples(engine);
	engine_sample(engine, &late, TIME_SYNCHRONISED);
	ck_assert_uint_eq(engine_late_samples(engine), before + 1);
}
END_TEST

START_TEST(a_clock_that_steps_back_closes_no_hour_twice)
{
	run_hours(H, H + 30);
	int64_t newest = engine_newest_hour(engine);
	run_hours(H + 20, H + 30); /* ten hours again, by the clock */
	ck_assert_int_eq(engine_newest_hour(engine), newest);
	collect_outbox();
	int aqi = 0;
	for (int i = 0; i < n_rows; i++)
		aqi += strcmp(rows[i].topic, "aqi") == 0;
	ck_assert_int_eq(aqi, (int)(newest - H));
	run_hours(H + 30, H + 32);
	ck_assert_int_eq(engine_newest_hour(engine), H + 31);
}
END_TEST

START_TEST(a_clock_that_steps_a_year_ahead_does_not_stop_the_station)
{
	run_hours(H, H + 30);
	int64_t year = 8766;
	run_hours(H + year, H + year + 3);
	ck_assert_int_eq(engine_newest_hour(engine), H + year + 2);
}
END_TEST

START_TEST(another_edition_in_an_episode_is_an_event_and_the_episode_goes_on)
{
	char list[4096];
	run_hours(H, H + 90);
	ck_assert_int_gt(engine_advice(engine)->episode, 0);
	int64_t episode = engine_advice(engine)->episode;
	killed();
	conf_free(conf);
	conf = station_conf("hj633-2026", "hetang-2024", "");
	start();
	run_hours(H + 90, H + 92);
	collect_outbox();
	event_list(list, sizeof(list));
	ck_assert_ptr_nonnull(strstr(list, " rules_changed "));
	ck_assert_ptr_eq(strstr(strstr(list, " rules_changed ") + 1, " rules_changed "), NULL);
	ck_assert_int_eq(engine_advice(engine)->episode, episode);
}
END_TEST

START_TEST(a_plan_that_changed_under_its_name_in_an_episode_is_an_event)
{
	char list[4096];
	run_hours(H, H + 90);
	ck_assert_int_gt(engine_advice(engine)->episode, 0);
	killed();
	conf->plan.release_h++; /* as if the file said so now */
	start();
	run_hours(H + 90, H + 92);
	collect_outbox();
	event_list(list, sizeof(list));
	ck_assert_ptr_nonnull(strstr(list, " rules_changed "));
}
END_TEST

static const char *hourly_profile(void)
{
	static char path[256];
	snprintf(path, sizeof(path), "%s/hourly.yaml", unit_tmpdir());
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs("kind: profile\nid: hourly\nmaker: test\nmodel: beta ray\nsource: none\nrows:\n"
	      "  - {pollutant: pm25, function: 3, address: 0, type: u16, unit: ug/m3,\n"
	      "     range: [0, 1000], delivers: hourly, ready_minute: 4}\n",
	      file);
	fclose(file);
	return path;
}

START_TEST(an_hourly_value_lands_in_the_hour_that_ended_also_after_a_kill)
{
	killed();
	conf_free(conf);
	conf = station_conf_profile(hourly_profile(), "close_delay_min: 10\n");
	start();
	/* the register shows 100 + the hour that ended, new from minute 4 on */
	for (int64_t ms = H * HOUR_MS; ms < (H + 30) * HOUR_MS; ms += POLL_MS) {
		int64_t shown = hour_of_ms(ms - 4 * MINUTE_MS) - 1;
		struct sample sample = {.at_ms = ms, .quality = QUALITY_NORMAL};
		sample.value_milli = (int32_t)(100 + shown - H) * 1000;
		engine_sample(engine, &sample, TIME_SYNCHRONISED);
		engine_advance(engine, ms + 1000, TIME_SYNCHRONISED);
		if (ms % HOUR_MS == 5 * MINUTE_MS) { /* taken, not yet closed */
			killed();
			start();
		}
	}
	ck_assert_int_eq(engine_newest_hour(engine), H + 29);
	for (int64_t hour = H + 6; hour <= H + 29; hour++) {
		ck_assert_uint_eq(hour_in_store(hour).valid, 1u << POLLUTANT_PM25);
		ck_assert_int_eq(hour_in_store(hour).milli[POLLUTANT_PM25],
				 (100 + hour - H) * 1000);
	}
}
END_TEST

static int32_t shown_at(int64_t true_ms)
{
	return (int32_t)(100 + hour_of_ms(true_ms - 4 * MINUTE_MS) - 1 - H) * 1000;
}

/* The register as it is from from_ms to to_ms, true time, by a clock that is behind. */
static void poll_register(int64_t from_ms, int64_t to_ms, int64_t behind_ms, enum time_quality sure)
{
	for (int64_t ms = from_ms; ms < to_ms; ms += MINUTE_MS) {
		struct sample sample = {.at_ms = ms - behind_ms, .quality = QUALITY_NORMAL};
		sample.value_milli = shown_at(ms);
		engine_sample(engine, &sample, sure);
		engine_advance(engine, sample.at_ms + 1000, sure);
	}
}

START_TEST(an_hourly_value_of_a_doubted_clock_does_not_stay_in_an_hour_that_gets_its_true_name)
{
	const int64_t doubt_ms = (H + 5) * HOUR_MS + 3 * MINUTE_MS;
	killed();
	conf_free(conf);
	conf = station_conf_profile(hourly_profile(), "close_delay_min: 10\n");
	start();
	poll_register(H * HOUR_MS, doubt_ms, 0, TIME_SYNCHRONISED);
	poll_register(doubt_ms + HOUR_MS, doubt_ms + 3 * HOUR_MS, HOUR_MS, TIME_UNSYNCHRONISED);
	engine_redate(engine, H + 5, doubt_ms + 3 * HOUR_MS);
	poll_register(doubt_ms + HOUR_MS, doubt_ms + 4 * HOUR_MS, 0, TIME_SYNCHRONISED);
	ck_assert_int_eq(engine_newest_hour(engine), H + 8);
	for (int64_t hour = H + 1; hour <= H + 8; hour++) {
		/* nobody looked while the register showed that of the fifth */
		ck_assert_int_eq(hour_in_store(hour).valid != 0, hour != H + 5);
		if (hour != H + 5)
			ck_assert_int_eq(hour_in_store(hour).milli[POLLUTANT_PM25],
					 (100 + hour - H) * 1000);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("engine");
	TCase *tc = tcase_create("engine");
	tcase_set_timeout(tc, 280);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, hours_close_with_the_means_of_their_samples);
	tcase_add_test(tc, an_hour_closes_after_its_delay_and_not_before);
	tcase_add_test(tc, an_episode_goes_out_as_numbered_events_with_warning_and_cuts);
	tcase_add_test(tc, a_kill_at_any_moment_gives_the_same_hours_and_events);
	tcase_add_test(tc, a_clean_stop_in_a_minute_keeps_its_seconds);
	tcase_add_test(tc, hours_without_the_daemon_are_closed_as_missing_at_the_next_start);
	tcase_add_test(tc, a_first_hour_without_a_sample_is_closed_also_after_a_stop);
	tcase_add_test(tc, a_first_hour_that_a_doubted_clock_named_is_none);
	tcase_add_test(tc, a_sample_of_a_closed_hour_is_counted_and_changes_nothing);
	tcase_add_test(tc, a_clock_that_steps_back_closes_no_hour_twice);
	tcase_add_test(tc, an_hourly_value_lands_in_the_hour_that_ended_also_after_a_kill);
	tcase_add_test(
		tc,
		an_hourly_value_of_a_doubted_clock_does_not_stay_in_an_hour_that_gets_its_true_name);
	tcase_add_test(tc, another_edition_in_an_episode_is_an_event_and_the_episode_goes_on);
	tcase_add_test(tc, a_plan_that_changed_under_its_name_in_an_episode_is_an_event);
	suite_add_tcase(suite, tc);
	TCase *slow = unit_slow_case(suite, 280);
	tcase_add_checked_fixture(slow, setup, teardown);
	tcase_add_test(slow, a_clock_that_steps_a_year_ahead_does_not_stop_the_station);
	return suite;
}
