/* SPDX-License-Identifier: MIT */
/* A district through the pipeline: its stations' hours with a real database and a given time. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db.h"
#include "engine_inside.h"
#include "hours.h"
#include "inbox_inside.h"
#include "log.h"
#include "outbox_one.h"
#include "pipeline.h"
#include "station.h"
#include "station_hour.h"
#include "unit.h"

#define POINTS 4

static int32_t values[POINTS]; /* PM2.5 and PM10 of each point */

static void silence(enum log_level level, const char *line)
{
	(void)level, (void)line;
}

static void begin(void)
{
	conf = station_conf_district(POINTS, "");
	n_rows = 0;
	log_capture(silence);
	start();
	for (int i = 0; i < POINTS; i++)
		values[i] = i == 3 ? 424000 : 60000;
}

static void tell_when(int point, int64_t hour, int32_t rev, int64_t now_ms,
		      enum time_quality time_quality)
{
	struct point_hour told = {.hour = hour, .rev = rev};
	snprintf(told.station, sizeof(told.station), "p-%d", point);
	told.values.valid = 1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10;
	told.values.milli[POLLUTANT_PM25] = told.values.milli[POLLUTANT_PM10] = values[point];
	ck_assert_int_eq(engine_point_hour(engine, &told, now_ms, time_quality), 0);
}

static void tell(int point, int64_t hour, int32_t rev, int64_t now_ms)
{
	tell_when(point, hour, rev, now_ms, TIME_SYNCHRONISED);
}

/* Hours from..to, each told when it is over. */
static void pass_hours(int64_t from, int64_t to)
{
	for (int64_t hour = from; hour <= to; hour++) {
		engine_advance(engine, hour * HOUR_MS - 1, TIME_SYNCHRONISED);
		for (int i = 0; i < POINTS; i++)
			tell(i, hour, 0, hour * HOUR_MS + 1000);
		engine_advance(engine, hour * HOUR_MS + 2000, TIME_SYNCHRONISED);
	}
}

/* A number at "a/b" of the newest `aqi` of an hour; -1: null or absent. */
static double number_of(int64_t hour, const char *path)
{
	double number = -1;
	char keys[64], *save;
	collect_outbox();
	for (int i = 0; i < n_rows; i++) {
		json_t *json = json_loads(rows[i].payload, 0, NULL);
		char label[32];
		snprintf(label, sizeof(label), "T%02d:00", (int)((hour + 8) % 24));
		const char *is = json_string_value(json_object_get(json, "hour"));
		const json_t *at = json;
		snprintf(keys, sizeof(keys), "%s", path);
		for (char *key = strtok_r(keys, "/", &save); key; key = strtok_r(NULL, "/", &save))
			at = json_object_get(at, key);
		if (strcmp(rows[i].topic, "aqi") == 0 && is && strstr(is, label))
			number = json_is_number(at) ? json_number_value(at) : -1;
		json_decref(json);
	}
	return number;
}

/* The newest daily AQI of `history` that the plan counts; -1: there is none. */
static int64_t newest_of_history(void)
{
	int64_t newest = -1;
	collect_outbox();
	for (int i = 0; i < n_rows; i++) {
		json_t *json = json_loads(rows[i].payload, 0, NULL);
		const json_t *daily = json_object_get(json, "daily_plan");
		if (strcmp(rows[i].topic, "history") == 0 && json_array_size(daily) > 0)
			newest = json_integer_value(
				json_array_get(daily, json_array_size(daily) - 1));
		json_decref(json);
	}
	return newest;
}

START_TEST(a_district_closes_its_hours_with_its_points_and_judges_their_own_days)
{
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	pass_hours(H + 1, H + 24);
	ck_assert_int_eq(engine_newest_hour(engine), H + 24);
	ck_assert_double_eq(number_of(H + 24, "daily/aqi_plan"), 201);
	ck_assert_double_eq(number_of(H + 24, "hourly/pm25_ug_m3"), 151);
	ck_assert_int_eq(ask("SELECT daily FROM aqi ORDER BY hour DESC LIMIT 1"), 201);
	killed();
	start();
	pass_hours(H + 25, H + 25);
	ck_assert_double_eq(number_of(H + 25, "daily/aqi_plan"), 201);
}
END_TEST

/* A point of half a day has no day: the mean of the district's hours would be 105. */
START_TEST(what_a_page_shows_of_the_past_is_of_the_points_own_days_too)
{
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	pass_hours(H + 1, H + 12);
	for (int64_t hour = H + 13; hour <= H + 24; hour++) {
		engine_advance(engine, hour * HOUR_MS - 1, TIME_SYNCHRONISED);
		for (int i = 0; i < 3; i++)
			tell(i, hour, 0, hour * HOUR_MS + 1000);
		engine_advance(engine, hour * HOUR_MS + 15 * MINUTE_MS, TIME_SYNCHRONISED);
	}
	ck_assert_double_eq(number_of(H + 24, "daily/means/pm25_ug_m3"), 60);
	ck_assert_double_eq((double)newest_of_history(), number_of(H + 24, "daily/aqi_plan"));
}
END_TEST

START_TEST(an_hour_waits_for_its_points_until_minute_15_and_no_longer)
{
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	for (int i = 0; i < 3; i++)
		tell(i, H + 1, 0, (H + 1) * HOUR_MS + 1000);
	engine_advance(engine, (H + 1) * HOUR_MS + 15 * MINUTE_MS - 1, TIME_SYNCHRONISED);
	ck_assert_int_eq(engine_newest_hour(engine), H);
	engine_advance(engine, (H + 1) * HOUR_MS + 15 * MINUTE_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(engine_newest_hour(engine), H + 1);
	ck_assert_double_eq(number_of(H + 1, "hourly/pm25_ug_m3"), 60);
}
END_TEST

START_TEST(a_revision_of_a_station_is_one_of_the_district_and_an_old_one_is_none)
{
	int64_t now_ms = (H + 24) * HOUR_MS + 10 * MINUTE_MS;
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	pass_hours(H + 1, H + 24);
	values[3] = 60000;
	tell(3, H + 24, 0, now_ms); /* the same revision says nothing new */
	ck_assert_int_eq(ask("SELECT count(*) FROM imported"), 0);
	tell(3, H + 24, 1, now_ms);
	ck_assert_int_eq(ask("SELECT count(*) FROM imported"), 1);
	settle(now_ms + MINUTE_MS);
	ck_assert_double_eq(number_of(H + 24, "hourly/pm25_ug_m3"), 60);
	ck_assert_double_eq(number_of(H + 24, "rev"), 1);
	/* (3 x 60 + 424 - 364/24) / 4 = 147.2 */
	ck_assert_double_eq(number_of(H + 24, "daily/means/pm25_ug_m3"), 147);
	ck_assert_int_eq(ask("SELECT count(*) FROM imported"), 0);
}
END_TEST

/* PM2.5 of an hour as it was said before the revisions that are being computed. */
static double mean_before(int64_t hour)
{
	struct hour_report report = {0};
	points_swap_revised(engine->points);
	points_means(engine->points, hour, &report);
	points_swap_revised(engine->points);
	return report.means[POLLUTANT_PM25].mean_milli / 1000.0;
}

START_TEST(what_an_hour_said_before_a_revision_is_forgotten_when_that_is_over)
{
	int64_t now_ms = (H + 24) * HOUR_MS + 10 * MINUTE_MS;
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	pass_hours(H + 1, H + 24);
	for (int rev = 1; rev <= 3; rev++) {
		double was = mean_before(H + 24);
		values[3] -= 40000;
		tell(3, H + 24, rev, now_ms);
		ck_assert_double_eq(mean_before(H + 24), was);
		settle(now_ms + rev * 6 * MINUTE_MS);
		ck_assert_double_eq(mean_before(H + 24), was - 10);
	}
}
END_TEST

START_TEST(hours_from_before_the_district_began_fill_its_window)
{
	int64_t now_ms = H * HOUR_MS + 10 * MINUTE_MS;
	engine_advance(engine, now_ms, TIME_SYNCHRONISED);
	for (int64_t hour = H - 22; hour <= H; hour++) {
		for (int i = 0; i < POINTS; i++)
			tell(i, hour, 0, now_ms);
	}
	settle(now_ms + MINUTE_MS);
	pass_hours(H + 1, H + 1);
	ck_assert_double_eq(number_of(H + 1, "daily/aqi_plan"), 201);
}
END_TEST

START_TEST(what_is_of_no_point_or_of_no_time_is_passed_over)
{
	struct point_hour told = {.hour = H, .station = "m-0"};
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	ck_assert_int_eq(engine_point_hour(engine, &told, H * HOUR_MS, TIME_SYNCHRONISED), 0);
	snprintf(told.station, sizeof(told.station), "stranger");
	ck_assert_int_eq(engine_point_hour(engine, &told, H * HOUR_MS, TIME_SYNCHRONISED), 0);
	tell(0, H + 3, 0, H * HOUR_MS + 1);
	tell(0, H - POINTS_HOURS, 0, H * HOUR_MS + 1);
	int64_t newest[DISTRICT_POINTS_MAX];
	engine_points_newest(engine, newest);
	ck_assert_int_eq(newest[0], 0);
}
END_TEST

START_TEST(a_district_takes_no_review_but_dust_counts_in_its_points_days)
{
	struct command command = {.kind = COMMAND_REVIEW, .json = "{}"};
	struct command_answer answer;
	int64_t now_ms = (H + 24) * HOUR_MS + 10 * MINUTE_MS;
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	pass_hours(H + 1, H + 24);
	command.time_ms = now_ms;
	snprintf(command.id, sizeof(command.id), "c-1");
	command.review = (struct review){.from = H + 1, .to = H + 2, .pollutants = 1};
	ck_assert_int_eq(engine_command(engine, &command, now_ms, TIME_SYNCHRONISED, &answer), 0);
	ck_assert_int_eq(answer.outcome, COMMAND_REFUSED);
	ck_assert_msg(strstr(answer.why, "of the station") != NULL, "%s", answer.why);
	command.kind = COMMAND_DUST;
	command.dust = (struct dust){.from = H + 1, .to = H + 24, .source = "office"};
	ck_assert_int_eq(engine_command(engine, &command, now_ms, TIME_SYNCHRONISED, &answer), 0);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	settle(now_ms + MINUTE_MS);
	ck_assert(engine->state.timeline.hours[engine->state.timeline.past - 1].daily_milli ==
		  TIMELINE_UNKNOWN);
	ck_assert_int_eq(engine_daily_aqi(engine), 201);
}
END_TEST

START_TEST(hours_that_come_while_the_clock_is_behind_are_kept_for_when_it_is_right)
{
	int64_t behind_ms = (H - 100) * HOUR_MS + 1;
	engine_advance(engine, behind_ms, TIME_UNSYNCHRONISED);
	for (int64_t hour = H - 22; hour <= H; hour++) {
		for (int i = 0; i < POINTS; i++)
			tell_when(i, hour, 0, behind_ms, TIME_UNSYNCHRONISED);
	}
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	pass_hours(H + 1, H + 1);
	ck_assert_double_eq(number_of(H + 1, "daily/aqi_plan"), 201);
}
END_TEST

START_TEST(an_hour_of_a_time_that_never_came_keeps_no_other_out)
{
	int64_t newest[DISTRICT_POINTS_MAX];
	engine_advance(engine, (H - 1) * HOUR_MS + 1, TIME_UNSYNCHRONISED);
	for (int i = 0; i < POINTS; i++)
		tell_when(i, H + 1 + POINTS_HOURS, 7, (H - 1) * HOUR_MS, TIME_UNSYNCHRONISED);
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	pass_hours(H + 1, H + 1);
	ck_assert_double_eq(number_of(H + 1, "hourly/pm25_ug_m3"), 151);
	engine_points_newest(engine, newest);
	ck_assert_int_eq(newest[0], H + 1);
}
END_TEST

START_TEST(hours_that_the_points_told_are_the_districts_again_after_state_db_was_lost)
{
	int64_t now_ms = (H + 24) * HOUR_MS + 10 * MINUTE_MS;
	char path[256];
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	pass_hours(H + 1, H + 24);
	killed();
	snprintf(path, sizeof(path), "%s/data/state.db", unit_tmpdir());
	ck_assert_int_eq(unlink(path), 0);
	start();
	engine_advance(engine, now_ms, TIME_SYNCHRONISED);
	settle(now_ms + MINUTE_MS);
	ck_assert_int_eq(ask("SELECT count(DISTINCT hour) FROM hours"), 24);
	ck_assert_int_eq(ask("SELECT daily FROM aqi ORDER BY hour DESC LIMIT 1"), 201);
	/* and one that is told again, should that have failed */
	ck_assert_int_eq(
		sqlite3_exec(store->state.handle,
			     "DELETE FROM hours WHERE hour = (SELECT max(hour) FROM hours)", NULL,
			     NULL, NULL),
		SQLITE_OK);
	for (int i = 0; i < POINTS; i++)
		tell(i, H + 24, 0, now_ms);
	ck_assert_int_eq(ask("SELECT count(DISTINCT hour) FROM hours"), 24);
}
END_TEST

START_TEST(an_hour_of_before_1970_in_samples_db_keeps_no_district_from_starting)
{
	killed();
	ck_assert_int_eq(store_open(conf->data_dir, &store), 0);
	ck_assert_int_eq(sqlite3_exec(store->samples.handle,
				      "INSERT INTO point_hours (station, hour, rev)"
				      " VALUES ('p-0', -1000, 0)",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	store = store_close(store);
	start();
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	pass_hours(H + 1, H + 1);
	ck_assert_double_eq(number_of(H + 1, "hourly/pm25_ug_m3"), 151);
}
END_TEST

START_TEST(hours_that_come_late_are_gathered_before_the_past_is_read_again)
{
	int64_t now_ms = (H + 24) * HOUR_MS + 10 * MINUTE_MS;
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	pass_hours(H + 1, H + 24);
	for (int i = 1; i <= 3; i++) {
		tell(0, H + 20, i, now_ms + i * 1000);
		engine_advance(engine, now_ms + i * 1000, TIME_SYNCHRONISED);
		ck_assert(engine->revision.stale);
	}
	engine_advance(engine, now_ms + 30000, TIME_SYNCHRONISED);
	ck_assert(!engine->revision.stale);
	tell(0, H + 20, 4, now_ms + 30000);
	engine_advance(engine, now_ms + 30000, TIME_SYNCHRONISED);
	ck_assert(engine->revision.stale); /* what was begun does not hurry it */
	settle(now_ms + 2 * MINUTE_MS);
	settle(now_ms + 8 * MINUTE_MS); /* it had to wait, so that each is not told at once */
	ck_assert(!engine->revision.stale);
	ck_assert_int_eq(ask("SELECT count(*) FROM imported"), 0);
	tell(0, H + 20, 5, (H + 25) * HOUR_MS + 15 * MINUTE_MS - 1000);
	engine_advance(engine, (H + 25) * HOUR_MS + 15 * MINUTE_MS, TIME_SYNCHRONISED);
	ck_assert(!engine->revision.stale); /* nor is an hour judged by what was */
}
END_TEST

/* What a station tells of an hour that a person's review took away. */
static void take_away(int point, int64_t hour, int64_t now_ms)
{
	struct point_hour told = {.hour = hour, .rev = 1, .reviewed = true};
	snprintf(told.station, sizeof(told.station), "p-%d", point);
	ck_assert_int_eq(engine_point_hour(engine, &told, now_ms, TIME_SYNCHRONISED), 0);
}

START_TEST(a_level_that_rested_on_hours_a_station_took_away_ends_at_once)
{
	int64_t now_ms = (H + 66) * HOUR_MS + 10 * MINUTE_MS;
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	for (int i = 0; i < POINTS; i++)
		values[i] = 50000;
	pass_hours(H + 1, H + 30);
	for (int i = 0; i < POINTS; i++)
		values[i] = 310000;
	pass_hours(H + 31, H + 66);
	ck_assert_int_ne(advice_level(&engine->state.advice), LEVEL_NONE);
	for (int64_t hour = H + 31; hour <= H + 65; hour++) {
		for (int i = 0; i < POINTS; i++)
			take_away(i, hour, now_ms);
	}
	settle(now_ms + MINUTE_MS);
	ck_assert_int_eq(advice_level(&engine->state.advice), LEVEL_NONE);
	ck_assert_int_eq(
		ask("SELECT count(*) FROM events WHERE kind = 'lift' AND reason = 'review'"), 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM imported"), 0);
}
END_TEST

START_TEST(a_level_stands_that_other_hours_than_those_taken_away_called_for_too)
{
	int64_t now_ms = (H + 66) * HOUR_MS + 10 * MINUTE_MS;
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	for (int i = 0; i < POINTS; i++)
		values[i] = 310000;
	pass_hours(H + 1, H + 66);
	int level = advice_level(&engine->state.advice);
	ck_assert_int_ne(level, LEVEL_NONE);
	for (int64_t hour = H + 31; hour <= H + 65; hour++)
		take_away(0, hour, now_ms); /* three of four are left */
	settle(now_ms + MINUTE_MS);
	ck_assert_int_eq(advice_level(&engine->state.advice), level);
}
END_TEST

START_TEST(hours_that_stations_tell_otherwise_are_no_review_and_told_if_the_advice_differs)
{
	int64_t now_ms = (H + 66) * HOUR_MS + 10 * MINUTE_MS;
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	for (int i = 0; i < POINTS; i++)
		values[i] = 50000;
	pass_hours(H + 1, H + 30);
	for (int i = 0; i < POINTS; i++)
		values[i] = 310000;
	pass_hours(H + 31, H + 66);
	values[0] = 311000;
	tell(0, H + 60, 1, now_ms);
	settle(now_ms + MINUTE_MS);
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE kind = 'correction'"), 0);
	for (int i = 0; i < POINTS; i++)
		values[i] = 50000;
	for (int64_t hour = H + 31; hour <= H + 66; hour++) {
		for (int i = 0; i < POINTS; i++)
			tell(i, hour, 2, now_ms + 2 * MINUTE_MS);
	}
	settle(now_ms + 7 * MINUTE_MS); /* revisions are apart */
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE kind = 'correction'"
			     " AND reason = 'late'"),
			 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE kind = 'lift' AND reason = 'late'"),
			 1);
	ck_assert_int_eq(
		ask("SELECT count(*) FROM outbox WHERE payload LIKE '%stations told%'") > 0, 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox WHERE payload LIKE '%data logger%'"), 0);
}
END_TEST

/* How many events of the advice there are, and of which hour and level the last change is. */
struct changes {
	int64_t n, hour, level;
};

static struct changes find_changes(void)
{
	return (struct changes){
		ask("SELECT count(*) FROM events WHERE kind IN ('issue', 'upgrade')"),
		ask("SELECT hour FROM events WHERE kind IN ('issue', 'upgrade') ORDER BY number "
		    "DESC"),
		advice_level(&engine->state.advice),
	};
}

static void set_values(int32_t milli)
{
	for (int i = 0; i < POINTS; i++)
		values[i] = milli;
}

START_TEST(a_past_that_comes_late_has_its_level_once_and_the_next_hour_says_nothing_of_rules)
{
	int64_t now_ms = H * HOUR_MS + 10 * MINUTE_MS;
	engine_advance(engine, now_ms, TIME_SYNCHRONISED);
	set_values(310000);
	for (int64_t hour = H - 95; hour <= H; hour++) {
		for (int i = 0; i < POINTS; i++)
			tell(i, hour, 0, now_ms);
	}
	settle(now_ms + MINUTE_MS);
	ck_assert_int_ne(advice_level(&engine->state.advice), LEVEL_NONE);
	pass_hours(H + 1, H + 3);
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE kind = 'issue'"), 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE kind = 'rules_changed'"), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM events"), 2); /* and the correction */
}
END_TEST

#define STREAM_FROM 80      /* before any level */
#define STREAM_MS MINUTE_MS /* so often that a revision always waits or goes on */

/* All through the hour a station says otherwise of one long ago; half of it is over when the
 * district gets the hour before, which it has closed without. */
static void pass_hour_in_a_stream(int64_t hour)
{
	static int32_t rev;
	for (int64_t ms = (hour - 1) * HOUR_MS; ms < hour * HOUR_MS; ms += STREAM_MS) {
		tell(0, H + 2, ++rev, ms);
		for (int i = 0; i < POINTS && ms == hour * HOUR_MS - HOUR_MS / 2; i++)
			tell(i, hour - 1, 0, ms);
		engine_advance(engine, ms, TIME_SYNCHRONISED);
	}
	ck_assert_int_ne((int)engine->revision.by, 0);
}

static struct changes pass_smog(bool in_a_stream)
{
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	set_values(50000);
	pass_hours(H + 1, H + 24);
	set_values(310000);
	for (int64_t hour = H + 25; hour <= H + 95; hour++) {
		if (in_a_stream && hour >= H + STREAM_FROM)
			pass_hour_in_a_stream(hour + 1);
		else
			pass_hours(hour, hour);
	}
	return find_changes();
}

static void begin_anew(void)
{
	teardown();
	char command[300]; /* the same district on a fresh directory */
	snprintf(command, sizeof(command), "rm -rf '%s/data'", unit_tmpdir());
	ck_assert_int_eq(system(command), 0);
	begin();
}

START_TEST(levels_come_an_hour_late_at_most_where_hours_do_in_a_stream_without_end)
{
	const struct changes in_time = pass_smog(false);
	ck_assert_int_ge(in_time.n, 2);
	begin_anew();
	const struct changes in_a_stream = pass_smog(true);
	ck_assert_int_eq(in_a_stream.n, in_time.n);
	ck_assert_int_ge(in_a_stream.hour, in_time.hour);
	ck_assert_int_le(in_a_stream.hour, in_time.hour + 1);
	ck_assert_int_eq(in_a_stream.level, in_time.level);
	settle((H + 96) * HOUR_MS + 10 * MINUTE_MS); /* what goes on, and what waits */
	settle((H + 96) * HOUR_MS + 20 * MINUTE_MS);
	ck_assert_int_eq((int)engine->revision.by, 0);
	ck_assert_int_eq(find_changes().n, in_time.n);
	ck_assert_int_eq(find_changes().level, in_time.level);
}
END_TEST

static int said;

static void hear(void *ctx, const char *topic, bool retain, char *payload)
{
	json_t *json = json_loads(payload, 0, NULL);
	const json_t *hourly = json_object_get(json, "hourly");
	(void)ctx;
	ck_assert_str_eq(topic, "aqi/now");
	ck_assert(retain && json_is_true(json_object_get(json, "provisional")));
	ck_assert_double_eq(json_number_value(json_object_get(hourly, "pm25_ug_m3")), 151);
	ck_assert_int_eq(
		json_integer_value(json_object_get(json_object_get(json, "daily"), "aqi_plan")),
		201);
	json_decref(json);
	free(payload);
	said++;
}

START_TEST(a_district_says_its_newest_hour_each_minute_so_that_it_is_known_to_be_there)
{
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	pass_hours(H + 1, H + 24);
	engine->env.say = hear;
	for (int minute = 1; minute <= 10; minute++)
		engine_advance(engine, (H + 24) * HOUR_MS + minute * MINUTE_MS + 3000,
			       TIME_SYNCHRONISED);
	ck_assert_int_eq(said, 10);
}
END_TEST

static int lines_of_loss;

static void count_losses(enum log_level level, const char *line)
{
	(void)level;
	lines_of_loss += strstr(line, "an hour of p-0 could not be kept: ") != NULL;
}

START_TEST(an_hour_that_the_database_never_takes_is_let_go_after_five_tries_and_told)
{
	static const char text[] = "p-0\n{\"hour\": \"2013-11-09T07:00:00+08:00\", \"rev\": 0,"
				   " \"hourly\": {\"pm25_ug_m3\": 1}}";
	struct spool *spool = spool_open("/nonexistent"); /* in memory */
	struct inbox *inbox = inbox_new(conf, store, engine, spool);
	ck_assert_ptr_nonnull(inbox);
	engine_advance(engine, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	ck_assert_int_eq(
		sqlite3_exec(store->samples.handle, "DROP TABLE point_hours", NULL, NULL, NULL),
		SQLITE_OK);
	store_keep(store, 0);
	log_capture(count_losses);
	ck_assert_int_eq(spool_append(spool, STATION_HOUR_KIND, 0, text, sizeof(text) - 1),
			 SPOOL_IN_MEMORY);
	for (int i = 0; i < INBOX_TRIES; i++) {
		ck_assert_ptr_nonnull(spool_first(spool));
		ck_assert_int_eq(lines_of_loss, 0);
		inbox->again_ms = 0;
		inbox_work(inbox, H * HOUR_MS + 1, TIME_SYNCHRONISED);
	}
	ck_assert_ptr_null(spool_first(spool));
	ck_assert_int_eq(lines_of_loss, 1);
	inbox_free(inbox);
	spool_close(spool);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("points");
	TCase *tc = tcase_create("points");
	tcase_set_timeout(tc, 120); /* the stream takes seconds, beside other tests many */
	tcase_add_checked_fixture(tc, begin, teardown);
	tcase_add_test(tc, a_district_closes_its_hours_with_its_points_and_judges_their_own_days);
	tcase_add_test(tc, what_a_page_shows_of_the_past_is_of_the_points_own_days_too);
	tcase_add_test(tc, an_hour_waits_for_its_points_until_minute_15_and_no_longer);
	tcase_add_test(tc, a_revision_of_a_station_is_one_of_the_district_and_an_old_one_is_none);
	tcase_add_test(tc, what_an_hour_said_before_a_revision_is_forgotten_when_that_is_over);
	tcase_add_test(tc, hours_from_before_the_district_began_fill_its_window);
	tcase_add_test(tc, what_is_of_no_point_or_of_no_time_is_passed_over);
	tcase_add_test(tc, a_district_takes_no_review_but_dust_counts_in_its_points_days);
	tcase_add_test(tc, hours_that_come_while_the_clock_is_behind_are_kept_for_when_it_is_right);
	tcase_add_test(tc, an_hour_of_a_time_that_never_came_keeps_no_other_out);
	tcase_add_test(tc,
		       hours_that_the_points_told_are_the_districts_again_after_state_db_was_lost);
	tcase_add_test(tc, an_hour_of_before_1970_in_samples_db_keeps_no_district_from_starting);
	tcase_add_test(tc, hours_that_come_late_are_gathered_before_the_past_is_read_again);
	tcase_add_test(tc,
		       an_hour_that_the_database_never_takes_is_let_go_after_five_tries_and_told);
	tcase_add_test(tc,
		       a_district_says_its_newest_hour_each_minute_so_that_it_is_known_to_be_there);
	tcase_add_test(tc, a_level_that_rested_on_hours_a_station_took_away_ends_at_once);
	tcase_add_test(
		tc,
		hours_that_stations_tell_otherwise_are_no_review_and_told_if_the_advice_differs);
	tcase_add_test(tc, a_level_stands_that_other_hours_than_those_taken_away_called_for_too);
	tcase_add_test(
		tc,
		a_past_that_comes_late_has_its_level_once_and_the_next_hour_says_nothing_of_rules);
	tcase_add_test(tc, levels_come_an_hour_late_at_most_where_hours_do_in_a_stream_without_end);
	suite_add_tcase(suite, tc);
	return suite;
}
