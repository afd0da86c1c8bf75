/* SPDX-License-Identifier: MIT */
/* What is measured beside the pollutants goes through minutes and hours to the topic aux, and no
 * index sees it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auxiliaries.h"
#include "db.h"
#include "engine_inside.h"
#include "hours.h"
#include "instrument.h"
#include "station.h"
#include "unit.h"
#include "uplink.h"

#define QUANTITIES 5
#define TEMPERATURE 0
#define NOISE 1
#define SPEED 2
#define DIRECTION 3
#define RAIN 4

static const char profile[] =
	"kind: profile\nid: weather\nmaker: t\nmodel: t\nsource: t\nrows:\n"
	"  - {pollutant: temperature, function: 3, address: 0, type: s16, scale: 0.1, unit: C, "
	"range: [-40, 60], frozen_min: 60}\n"
	"  - {pollutant: noise, function: 3, address: 1, type: u16, scale: 0.1, unit: dB, "
	"range: [30, 130]}\n"
	"  - {pollutant: wind_speed, function: 3, address: 2, type: u16, scale: 0.1, unit: m/s, "
	"range: [0, 60]}\n"
	"  - {pollutant: wind_direction, function: 3, address: 3, type: u16, unit: deg, "
	"range: [0, 360]}\n"
	"  - {pollutant: rain, function: 3, address: 4, type: u16, scale: 0.1, unit: mm, "
	"range: [0, 6553.5]}\n";

static void setup_weather(void)
{
	char path[256], more[512];
	snprintf(path, sizeof(path), "%s/weather.yaml", unit_tmpdir());
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(profile, file);
	fclose(file);
	snprintf(more, sizeof(more),
		 "  - {id: mast, bus: b, unit_id: 2, profile: %s, poll_s: 300}\n", path);
	pm25_of = smog_from_hour_30;
	instrument_begin("generic-six", more);
}

static int first_channel(void)
{
	return conf_first_auxiliary(conf);
}

static void say_sample(int64_t at_ms, int which, int32_t milli, enum why why)
{
	struct sample sample = {.at_ms = at_ms,
				.channel = (uint16_t)(first_channel() + which),
				.value_milli = milli,
				.quality = why_quality(why),
				.why = why};
	engine_sample(engine, &sample, TIME_SYNCHRONISED);
}

/* One poll of both instruments; the weather of that moment. */
struct weather {
	int32_t milli[QUANTITIES];
	enum why why[QUANTITIES];
};
static struct weather (*weather_of)(int64_t at_ms);

static void poll_both(int64_t at_ms)
{
	poll_at(at_ms);
	struct weather weather = weather_of(at_ms);
	for (int i = 0; i < QUANTITIES; i++)
		say_sample(at_ms, i, weather.milli[i], weather.why[i]);
	engine_advance(engine, at_ms + 1000, TIME_SYNCHRONISED);
}

static void poll_from(int64_t from_ms, int64_t to_ms)
{
	for (int64_t ms = from_ms; ms < to_ms; ms += POLL_MS)
		poll_both(ms);
}

static struct auxiliary_mean hour_of(enum auxiliary auxiliary, int64_t hour)
{
	struct auxiliary_mean mean;
	ck_assert_int_eq(auxiliaries_hour(store, auxiliary, hour, &mean), 0);
	return mean;
}

static int64_t ask_samples(const char *sql)
{
	sqlite3_stmt *stmt;
	ck_assert_int_eq(sqlite3_prepare_v2(store->samples.handle, sql, -1, &stmt, NULL),
			 SQLITE_OK);
	int64_t value = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : -1;
	sqlite3_finalize(stmt);
	return value;
}

/* 0.1 mm a poll; the counter turns in hour H + 2. */
#define RAIN_TURNS 6553600
#define RAIN_STEP 100

static int32_t rain_total(int64_t at_ms)
{
	int64_t polls = (at_ms - H * HOUR_MS) / POLL_MS;
	return (int32_t)(((RAIN_TURNS - 15 * RAIN_STEP) + polls * RAIN_STEP) % RAIN_TURNS);
}

static struct weather steady(int64_t at_ms)
{
	bool first_half = at_ms % HOUR_MS < HOUR_MS / 2;
	return (struct weather){.milli = {first_half ? 20000 : 21000, first_half ? 50000 : 60000,
					  4000, first_half ? 350000 : 20000, rain_total(at_ms)}};
}

START_TEST(an_hour_of_weather_has_the_means_of_its_kind)
{
	weather_of = steady;
	poll_from(H * HOUR_MS, (H + 2) * HOUR_MS);
	engine_advance(engine, (H + 2) * HOUR_MS + 10 * MINUTE_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(hour_of(AUXILIARY_TEMPERATURE, H + 1).milli, 20500);
	ck_assert_int_le(abs(hour_of(AUXILIARY_NOISE, H + 1).milli - 57404), 2);
	ck_assert_int_eq(hour_of(AUXILIARY_WIND_SPEED, H + 1).milli, 4000);
	/* 350 and 20 degrees: 5, and not 185 */
	ck_assert_int_le(abs(hour_of(AUXILIARY_WIND_DIRECTION, H + 1).milli - 5000), 20);
	ck_assert_int_eq(hour_of(AUXILIARY_WIND_DIRECTION, H + 1).quality, QUALITY_NORMAL);
	/* nothing is known of before the first poll */
	ck_assert_int_eq(hour_of(AUXILIARY_RAIN, H + 1).milli, 11 * RAIN_STEP);
	ck_assert_int_eq(hour_of(AUXILIARY_RAIN, H + 2).milli, 12 * RAIN_STEP);
	struct auxiliary_mean minute;
	ck_assert_int_eq(auxiliaries_minute(store, AUXILIARY_RAIN, H * 60 + 5, &minute), 0);
	ck_assert_int_eq(minute.milli, RAIN_STEP);
	ck_assert_int_eq(auxiliaries_minute(store, AUXILIARY_NOISE, H * 60 + 7, &minute), 0);
	ck_assert(minute.known);
	ck_assert_int_le(abs(minute.milli - 50000), 1);
}
END_TEST

static struct weather broken_after_40_min(int64_t at_ms)
{
	struct weather weather = steady(at_ms);
	for (int i = 0; at_ms % HOUR_MS >= 40 * MINUTE_MS && i < QUANTITIES; i++)
		weather.why[i] = WHY_TIMEOUT;
	return weather;
}

START_TEST(forty_minutes_are_no_hour_and_the_reason_is_told)
{
	weather_of = broken_after_40_min;
	poll_from(H * HOUR_MS, (H + 2) * HOUR_MS);
	struct auxiliary_mean mean = hour_of(AUXILIARY_NOISE, H + 1);
	ck_assert(!mean.known && !mean.calm);
	ck_assert_int_eq(mean.quality, QUALITY_NO_COMMUNICATION);
	ck_assert_int_eq(mean.why, WHY_TIMEOUT);
	ck_assert(!hour_of(AUXILIARY_WIND_DIRECTION, H + 1).calm);
	/* the pollutants do not care */
	ck_assert_int_eq(ask("SELECT count(*) FROM hours WHERE valid"), 6);
}
END_TEST

static struct weather calm(int64_t at_ms)
{
	struct weather weather = steady(at_ms);
	weather.milli[SPEED] = 100;
	return weather;
}

START_TEST(a_calm_hour_was_measured_and_has_no_direction)
{
	weather_of = calm;
	poll_from(H * HOUR_MS, (H + 1) * HOUR_MS + 15 * MINUTE_MS);
	struct auxiliary_mean mean = hour_of(AUXILIARY_WIND_DIRECTION, H + 1);
	ck_assert(mean.calm && !mean.known);
	ck_assert_int_eq(mean.quality, QUALITY_NORMAL);
	collect_outbox();
	json_t *aux = find_message("aux", 0);
	ck_assert_ptr_nonnull(aux);
	ck_assert(json_is_true(json_object_get(aux, "calm")));
	ck_assert(json_is_null(
		json_object_get(json_object_get(aux, "hourly"), "wind_direction_deg")));
	ck_assert_str_eq(text_in(json_object_get(aux, "quality"), "wind_direction"), "N");
}
END_TEST

static struct weather without_speed(int64_t at_ms)
{
	struct weather weather = steady(at_ms);
	weather.why[SPEED] = WHY_STATUS;
	return weather;
}

START_TEST(a_direction_without_a_good_speed_beside_it_does_not_count)
{
	weather_of = without_speed;
	poll_from(H * HOUR_MS, (H + 1) * HOUR_MS + 15 * MINUTE_MS);
	struct auxiliary_mean mean = hour_of(AUXILIARY_WIND_DIRECTION, H + 1);
	ck_assert(!mean.known && !mean.calm);
	ck_assert_int_eq(mean.why, WHY_STATUS);
}
END_TEST

START_TEST(each_hour_is_told_once_on_the_topic_aux_and_not_in_aqi)
{
	weather_of = steady;
	poll_from(H * HOUR_MS, (H + 3) * HOUR_MS + 15 * MINUTE_MS);
	collect_outbox();
	for (int i = 0; i < 3; i++) {
		json_t *aux = find_message("aux", i);
		ck_assert_ptr_nonnull(aux);
		json_t *hourly = json_object_get(aux, "hourly");
		ck_assert_int_eq((int)json_object_size(hourly), QUANTITIES);
		ck_assert_int_eq(json_integer_value(json_object_get(aux, "rev")), 0);
		ck_assert(fabs(json_real_value(json_object_get(hourly, "temperature_c")) - 20.5) <
			  1e-9);
	}
	ck_assert_ptr_null(find_message("aux", 3));
	json_t *aqi = find_message("aqi", 0);
	ck_assert_ptr_null(json_object_get(json_object_get(aqi, "hourly"), "temperature_c"));
	ck_assert_int_eq(ask("SELECT count(*) FROM hours WHERE pollutant NOT IN"
			     " ('pm25', 'pm10', 'so2', 'no2', 'co', 'o3')"),
			 0);
}
END_TEST

/* With what a data logger told of it late. */
START_TEST(a_minute_that_is_told_again_has_the_weather_once_more)
{
	weather_of = steady;
	poll_from(H * HOUR_MS, H * HOUR_MS + 15 * MINUTE_MS);
	json_t *first = json_loads(reading, 0, NULL);
	int64_t minute = engine->minute_done;
	int before = readings;
	int64_t rows_before = ask_samples("SELECT count(*) FROM auxiliary_minutes");
	engine_tell_minute(engine, minute, TIME_SYNCHRONISED);
	json_t *again = json_loads(reading, 0, NULL);
	ck_assert_int_eq(readings, before + 1);
	ck_assert_str_eq(text_in(first, "minute"), text_in(again, "minute"));
	ck_assert_int_eq(
		(int)json_object_size(json_object_get(json_object_get(again, "aux"), "values")),
		QUANTITIES);
	ck_assert(json_equal(json_object_get(first, "aux"), json_object_get(again, "aux")));
	ck_assert_int_eq(ask_samples("SELECT count(*) FROM auxiliary_minutes"), rows_before);
	json_decref(first);
	json_decref(again);
}
END_TEST

/* As much of the hour as of the pollutants', which came with it. */
static void is_like_pm25(int64_t hour, enum auxiliary auxiliary)
{
	struct auxiliary_mean mean = hour_of(auxiliary, hour);
	struct hour_mean pm25;
	int32_t rev;
	char sql[128];
	snprintf(sql, sizeof(sql),
		 "SELECT covered_ms FROM hours WHERE hour = %lld AND pollutant = 'pm25'",
		 (long long)hour);
	ck_assert_int_eq(hours_get(store, hour, POLLUTANT_PM25, &pm25, &rev), 0);
	ck_assert_int_eq(mean.covered_ms, ask(sql));
	ck_assert_int_eq(mean.samples, pm25.samples);
	ck_assert_int_eq(mean.quality, pm25.quality);
	ck_assert_int_eq(mean.rev, rev);
}

/* A kill anywhere between two polls. */
START_TEST(a_kill_in_the_middle_doubles_and_loses_nothing)
{
	int64_t end_ms = (H + 3) * HOUR_MS + 15 * MINUTE_MS, at_ms = H * HOUR_MS;
	weather_of = steady;
	while (at_ms < end_ms) {
		int64_t next_ms = at_ms + (1 + unit_random() % 20) * POLL_MS;
		poll_from(at_ms, next_ms < end_ms ? next_ms : end_ms);
		at_ms = next_ms;
		if (at_ms >= end_ms)
			break;
		restart();
		if (at_ms - 2 * POLL_MS >= H * HOUR_MS) /* what was stored comes again */
			poll_both(at_ms - 2 * POLL_MS);
	}
	for (int64_t hour = H + 1; hour <= H + 3; hour++)
		is_like_pm25(hour, AUXILIARY_TEMPERATURE);
	for (int64_t hour = H + 1; hour <= H + 3; hour++)
		is_like_pm25(hour, AUXILIARY_WIND_DIRECTION);
	ck_assert_int_eq(ask_samples("SELECT count(*) FROM auxiliary_hours"), 15);
	/* all that the counter rose by, from the oldest reading that was stored to the newest */
	int64_t newest = ask_samples("SELECT north FROM auxiliary_minutes WHERE quantity = 'rain'"
				     " AND north >= 0 ORDER BY minute DESC LIMIT 1");
	int64_t oldest = ask_samples("SELECT north FROM auxiliary_minutes WHERE quantity = 'rain'"
				     " AND north >= 0 ORDER BY minute LIMIT 1");
	int64_t rose = newest - oldest;
	ck_assert_int_eq(ask_samples("SELECT sum(weighted) FROM auxiliary_minutes"
				     " WHERE quantity = 'rain'"),
			 rose < 0 ? rose + RAIN_TURNS : rose);
	ck_assert_int_ge(rose < 0 ? rose + RAIN_TURNS : rose, 35 * RAIN_STEP);
	ck_assert_int_eq(ask_samples("SELECT coalesce(max(covered_ms), 0) FROM auxiliary_minutes"
				     " WHERE covered_ms > 60000"),
			 0);
	collect_outbox();
	ck_assert_ptr_nonnull(find_message("aux", 2));
	ck_assert_ptr_null(find_message("aux", 3));
}
END_TEST

START_TEST(a_damaged_counter_of_the_rain_gauge_is_passed_over_by_the_next_process)
{
	int64_t minute = 0, end_ms = H * HOUR_MS + 30 * MINUTE_MS;
	int32_t milli = 0;
	weather_of = steady;
	poll_from(H * HOUR_MS, end_ms);
	ck_assert_int_eq(sqlite3_exec(store->samples.handle,
				      "UPDATE auxiliary_minutes SET north = 1 << 40"
				      " WHERE quantity = 'rain' AND north >= 0",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	ck_assert_int_gt(sqlite3_changes(store->samples.handle), 0);
	restart();
	ck_assert_int_eq(auxiliaries_rain_total(store, H * HOUR_MINUTES, (H + 1) * HOUR_MINUTES,
						&minute, &milli),
			 STORE_E_NONE);
	poll_from(end_ms, end_ms + 10 * MINUTE_MS);
	ck_assert(engine_store_ok(engine));
}
END_TEST

START_TEST(a_kill_between_the_two_files_closes_the_hour_again_and_once)
{
	weather_of = steady;
	poll_from(H * HOUR_MS, (H + 1) * HOUR_MS);
	/* what engine_close_auxiliary stores before the hour's own transaction */
	struct auxiliary_mean early = {.auxiliary = AUXILIARY_TEMPERATURE,
				       .at = H + 1,
				       .known = true,
				       .milli = 20500,
				       .covered_ms = HOUR_MS,
				       .quality = QUALITY_NORMAL,
				       .samples = 12};
	ck_assert_int_eq(store_samples_begin(store), 0);
	ck_assert_int_eq(auxiliaries_put_hour(store, &early), 0);
	ck_assert_int_eq(store_samples_commit(store), 0);
	restart();
	poll_from((H + 1) * HOUR_MS, (H + 1) * HOUR_MS + 15 * MINUTE_MS);
	ck_assert_int_eq(ask_samples("SELECT count(*) FROM auxiliary_hours"), QUANTITIES);
	/* with a kill that cost the last sample five minutes */
	ck_assert_int_eq(hour_of(AUXILIARY_TEMPERATURE, H + 1).rev, 1);
	ck_assert_int_lt(hour_of(AUXILIARY_TEMPERATURE, H + 1).covered_ms, HOUR_MS);
	collect_outbox();
	ck_assert_ptr_nonnull(find_message("aux", 0));
	ck_assert_ptr_null(find_message("aux", 1));
}
END_TEST

START_TEST(a_damaged_row_of_weather_is_no_fault_of_the_hour)
{
	weather_of = steady;
	poll_from(H * HOUR_MS, (H + 1) * HOUR_MS);
	/* rows that nobody has written, where the next hour's and its minutes will be looked for */
	ck_assert_int_eq(
		sqlite3_exec(store->samples.handle,
			     "INSERT INTO auxiliary_hours VALUES (384431, 'tsp', 99999999999, 'N',"
			     " 'none', 1, 1, 'synchronised', 0);"
			     "INSERT INTO auxiliary_minutes VALUES (23065860, 'noise', 1,"
			     " 9223372036854775807, 0, 60000, 1, 1, '', NULL)",
			     NULL, NULL, NULL),
		SQLITE_OK);
	poll_from((H + 1) * HOUR_MS, (H + 3) * HOUR_MS);
	ck_assert(engine_store_ok(engine));
	ck_assert_int_eq(ask("SELECT count(*) FROM aqi"), 2);
	collect_outbox();
	ck_assert_ptr_nonnull(find_message("aux", 1));
	ck_assert_ptr_nonnull(find_message("aqi", 1));
	ck_assert(hour_of(AUXILIARY_NOISE, H + 2).known);
}
END_TEST

START_TEST(a_station_without_its_mast_takes_the_topic_away)
{
	weather_of = steady;
	poll_from(H * HOUR_MS, (H + 1) * HOUR_MS + 15 * MINUTE_MS);
	killed();
	conf_free(conf);
	conf = station_conf("hj633-2012", "hetang-2024", "");
	start();
	collect_outbox();
	int gone = 0;
	for (int i = 0; i < n_rows; i++)
		gone += strcmp(rows[i].topic, "aux") == 0 && rows[i].payload[0] == '\0';
	ck_assert_int_eq(gone, 1);
	restart();
	int before = n_rows;
	collect_outbox();
	for (int i = before; i < n_rows; i++)
		ck_assert_str_ne(rows[i].topic, "aux");
}
END_TEST

START_TEST(weather_alone_opens_no_hour_of_the_index)
{
	weather_of = steady;
	for (int64_t ms = H * HOUR_MS; ms < (H + 2) * HOUR_MS; ms += POLL_MS) {
		struct weather weather = steady(ms);
		for (int i = 0; i < QUANTITIES; i++)
			say_sample(ms, i, weather.milli[i], WHY_NONE);
		engine_advance(engine, ms + 1000, TIME_SYNCHRONISED);
	}
	ck_assert_int_eq(ask("SELECT count(*) FROM hours WHERE valid"), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM aqi WHERE daily IS NOT NULL"), 0);
	ck_assert(hour_of(AUXILIARY_TEMPERATURE, H + 1).known);
}
END_TEST

START_TEST(hours_of_a_clock_that_was_wrong_go_and_come_again_under_their_names)
{
	weather_of = steady;
	for (int64_t ms = H * HOUR_MS; ms < (H + 3) * HOUR_MS; ms += POLL_MS) {
		poll_at(ms);
		struct weather weather = steady(ms);
		for (int i = 0; i < QUANTITIES; i++) {
			struct sample sample = {.at_ms = ms,
						.channel = (uint16_t)(first_channel() + i),
						.value_milli = weather.milli[i],
						.quality = QUALITY_NORMAL};
			engine_sample(engine, &sample, TIME_UNSYNCHRONISED);
		}
		engine_advance(engine, ms + 1000, TIME_UNSYNCHRONISED);
	}
	ck_assert_int_gt(ask_samples("SELECT count(*) FROM auxiliary_hours"), 0);
	/* it was ten hours ahead */
	engine_redate(engine, H - 9, (H - 7) * HOUR_MS);
	ck_assert_int_eq(ask_samples("SELECT count(*) FROM auxiliary_hours WHERE hour > 384423"),
			 0);
	ck_assert_int_eq(ask_samples("SELECT count(*) FROM auxiliary_minutes"), 0);
	poll_from((H - 10) * HOUR_MS, (H - 7) * HOUR_MS + 15 * MINUTE_MS);
	ck_assert_int_eq(hour_of(AUXILIARY_TEMPERATURE, H - 8).milli, 20500);
	ck_assert_int_eq(ask_samples("SELECT count(DISTINCT hour) FROM auxiliary_hours"), 3);
}
END_TEST

START_TEST(what_a_fault_that_is_found_late_fed_is_taken_back)
{
	weather_of = steady;
	poll_from(H * HOUR_MS, (H + 2) * HOUR_MS + 30 * MINUTE_MS);
	ck_assert(hour_of(AUXILIARY_TEMPERATURE, H + 2).known);
	struct sample frozen = {.at_ms = (H + 2) * HOUR_MS + 30 * MINUTE_MS,
				.channel = (uint16_t)first_channel(),
				.quality = why_quality(WHY_FROZEN),
				.why = WHY_FROZEN,
				.doubt_ms = 60 * MINUTE_MS};
	engine_sample(engine, &frozen, TIME_SYNCHRONISED);
	struct auxiliary_mean mean = hour_of(AUXILIARY_TEMPERATURE, H + 2);
	ck_assert(!mean.known);
	ck_assert_int_eq(mean.quality, QUALITY_FAULT);
	ck_assert_int_eq(mean.rev, 1);
	ck_assert(hour_of(AUXILIARY_TEMPERATURE, H + 1).known);
	ck_assert(hour_of(AUXILIARY_NOISE, H + 2).known);
	collect_outbox();
	json_t *aux = find_message("aux", 2);
	ck_assert_ptr_nonnull(aux);
	ck_assert_int_eq(json_integer_value(json_object_get(aux, "rev")), 1);
	ck_assert(json_is_null(json_object_get(json_object_get(aux, "hourly"), "temperature_c")));
	/* and goes to the platforms again, as it does of pollutants */
	int64_t corrected = 0;
	ck_assert_int_eq(uplink_revised(store, &corrected), 0);
	ck_assert_int_eq(corrected, H + 2);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(uplink_forget_revised(store, corrected), 0);
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_int_eq(uplink_revised(store, &corrected), STORE_E_NONE);
}
END_TEST

/* As when samples.db was full. */
START_TEST(an_hour_whose_minutes_are_gone_is_taken_back_with_the_reason)
{
	weather_of = steady;
	poll_from(H * HOUR_MS, (H + 2) * HOUR_MS + 30 * MINUTE_MS);
	ck_assert_int_eq(sqlite3_exec(store->samples.handle, "DELETE FROM auxiliary_minutes", NULL,
				      NULL, NULL),
			 SQLITE_OK);
	struct sample frozen = {.at_ms = (H + 2) * HOUR_MS + 30 * MINUTE_MS,
				.channel = (uint16_t)first_channel(),
				.quality = why_quality(WHY_FROZEN),
				.why = WHY_FROZEN,
				.doubt_ms = 60 * MINUTE_MS};
	engine_sample(engine, &frozen, TIME_SYNCHRONISED);
	struct auxiliary_mean mean = hour_of(AUXILIARY_TEMPERATURE, H + 2);
	ck_assert(!mean.known);
	ck_assert_int_eq(mean.why, WHY_FROZEN);
	ck_assert_int_eq(mean.quality, why_quality(WHY_FROZEN));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("beside");
	TCase *tc = tcase_create("beside");
	tcase_add_checked_fixture(tc, setup_weather, teardown);
	tcase_add_test(tc, an_hour_of_weather_has_the_means_of_its_kind);
	tcase_add_test(tc, forty_minutes_are_no_hour_and_the_reason_is_told);
	tcase_add_test(tc, a_calm_hour_was_measured_and_has_no_direction);
	tcase_add_test(tc, a_direction_without_a_good_speed_beside_it_does_not_count);
	tcase_add_test(tc, each_hour_is_told_once_on_the_topic_aux_and_not_in_aqi);
	tcase_add_test(tc, a_minute_that_is_told_again_has_the_weather_once_more);
	tcase_add_test(tc, a_kill_in_the_middle_doubles_and_loses_nothing);
	tcase_add_test(tc, a_damaged_counter_of_the_rain_gauge_is_passed_over_by_the_next_process);
	tcase_add_test(tc, a_kill_between_the_two_files_closes_the_hour_again_and_once);
	tcase_add_test(tc, a_damaged_row_of_weather_is_no_fault_of_the_hour);
	tcase_add_test(tc, a_station_without_its_mast_takes_the_topic_away);
	tcase_add_test(tc, weather_alone_opens_no_hour_of_the_index);
	tcase_add_test(tc, hours_of_a_clock_that_was_wrong_go_and_come_again_under_their_names);
	tcase_add_test(tc, what_a_fault_that_is_found_late_fed_is_taken_back);
	tcase_add_test(tc, an_hour_whose_minutes_are_gone_is_taken_back_with_the_reason);
	suite_add_tcase(suite, tc);
	return suite;
}
