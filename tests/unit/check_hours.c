/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "hours.h"
#include "minutes.h"
#include "open_station.h"
#include "unit.h"

#define NEWEST 490000 /* some hour of 2025 */

static sqlite3 *connect(const char *file)
{
	char path[512];
	sqlite3 *db;
	snprintf(path, sizeof(path), "%s/%s", dir, file);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

/* The first column of the first row as text; "NULL" for NULL, "" without a row. Static buffer. */
static const char *ask(const char *file, const char *sql)
{
	static char text[128];
	sqlite3 *db = connect(file);
	sqlite3_stmt *stmt;
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s: %s", sql,
		      sqlite3_errmsg(db));
	text[0] = '\0';
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *found = (const char *)sqlite3_column_text(stmt, 0);
		snprintf(text, sizeof(text), "%s", found ? found : "NULL");
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return text;
}

static void execute(const char *file, const char *sql)
{
	sqlite3 *db = connect(file);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s",
		      sqlite3_errmsg(db));
	sqlite3_close(db);
}

static struct hour_mean valid_mean(int32_t milli)
{
	return (struct hour_mean){.valid = true,
				  .mean_milli = milli,
				  .covered_ms = HOUR_MS,
				  .quality = QUALITY_NORMAL,
				  .samples = 3600,
				  .counts = {[WHY_NONE] = 3600}};
}

static struct hour_mean missing_mean(void)
{
	return (struct hour_mean){.quality = QUALITY_NO_COMMUNICATION,
				  .why = WHY_TIMEOUT,
				  .samples = 100,
				  .counts = {[WHY_TIMEOUT] = 90, [WHY_BAD_FRAME] = 10}};
}

static void put(int64_t hour, enum pollutant pollutant, struct hour_mean mean)
{
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(hours_put(store, hour, pollutant, &mean, TIME_SYNCHRONISED), 0);
	ck_assert_int_eq(store_commit(store), 0);
}

static struct aqi known_aqi(int32_t value)
{
	struct aqi aqi = {.known = true, .complete = true, .publishable = true, .value = value};
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		aqi.iaqi[p] = IAQI_NONE;
	return aqi;
}

static struct aqi unknown_aqi(void)
{
	struct aqi aqi = known_aqi(0);
	aqi.known = aqi.complete = aqi.publishable = false;
	return aqi;
}

static void put_aqi(int64_t hour, struct aqi daily, struct aqi realtime)
{
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(hours_put_aqi(store, hour, "hj633-2026", &daily, &realtime), 0);
	ck_assert_int_eq(store_commit(store), 0);
}

START_TEST(the_newest_hour_is_0_in_an_empty_database)
{
	int64_t newest = 7;
	ck_assert_int_eq(hours_newest(store, &newest), 0);
	ck_assert_int_eq(newest, 0);
	put(NEWEST - 3, POLLUTANT_O3, valid_mean(1));
	put(NEWEST, POLLUTANT_O3, missing_mean());
	put(NEWEST - 1, POLLUTANT_O3, valid_mean(1));
	ck_assert_int_eq(hours_newest(store, &newest), 0);
	ck_assert_int_eq(newest, NEWEST);
}
END_TEST

START_TEST(the_hours_come_back_as_they_were_put_in_value_by_value)
{
	static struct hour_values expected[41], loaded[41];
	for (int i = 0; i < 41; i++) {
		for (int p = 0; p < POLLUTANT_COUNT; p++) {
			bool valid = unit_random() % 4 != 0;
			int32_t milli = (int32_t)(unit_random() % 1000000);
			put(NEWEST - 40 + i, (enum pollutant)p,
			    valid ? valid_mean(milli) : missing_mean());
			expected[i].valid |= valid ? 1u << p : 0;
			expected[i].milli[p] = valid ? milli : 0;
		}
	}
	close_station();
	open_station();
	ck_assert_int_eq(hours_load(store, NEWEST - 40, 41, loaded), 0);
	ck_assert_mem_eq(expected, loaded, sizeof(expected));
}
END_TEST

START_TEST(an_hour_with_too_little_cover_keeps_its_mean_but_does_not_count)
{
	struct hour_values values;
	struct hour_mean mean = valid_mean(80000);
	mean.valid = false;
	mean.covered_ms = 20 * MINUTE_MS;
	put(NEWEST, POLLUTANT_PM25, mean);
	ck_assert_str_eq(ask("state.db", "SELECT mean_milli FROM hours"), "80000");
	ck_assert_int_eq(hours_load(store, NEWEST, 1, &values), 0);
	ck_assert_uint_eq(values.valid, 0);
}
END_TEST

START_TEST(the_oldest_hour_from_one_on_is_found_or_said_to_be_none)
{
	int64_t oldest = 0;
	ck_assert_int_eq(hours_oldest(store, 0, &oldest), STORE_E_NONE);
	put(NEWEST - 2, POLLUTANT_PM25, valid_mean(80000));
	put(NEWEST, POLLUTANT_PM25, valid_mean(80000));
	ck_assert_int_eq(hours_oldest(store, 0, &oldest), 0);
	ck_assert_int_eq(oldest, NEWEST - 2);
	ck_assert_int_eq(hours_oldest(store, NEWEST - 1, &oldest), 0);
	ck_assert_int_eq(oldest, NEWEST);
	ck_assert_int_eq(hours_oldest(store, NEWEST + 1, &oldest), STORE_E_NONE);
}
END_TEST

static void invalidate(int64_t first, int64_t last, bool invalid)
{
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(hours_invalidate(store, first, last, POLLUTANT_PM25, invalid), 0);
	ck_assert_int_eq(store_commit(store), 0);
}

START_TEST(a_review_hides_an_hour_keeps_what_was_measured_and_can_be_taken_back)
{
	struct hour_values values;
	struct hour_mean mean;
	int32_t rev = -1;
	put(NEWEST, POLLUTANT_PM25, valid_mean(80000));
	invalidate(NEWEST - 5, NEWEST, true);
	ck_assert_int_eq(hours_load(store, NEWEST, 1, &values), 0);
	ck_assert_uint_eq(values.valid, 0);
	ck_assert_int_eq(hours_get(store, NEWEST, POLLUTANT_PM25, &mean, &rev), 0);
	ck_assert(!mean.valid);
	ck_assert_int_eq(mean.quality, QUALITY_FAULT);
	ck_assert_int_eq(mean.why, WHY_REVIEW);
	ck_assert_int_eq(mean.mean_milli, 80000);
	ck_assert_int_eq(rev, 1);
	invalidate(NEWEST, NEWEST, true); /* once more changes nothing */
	invalidate(NEWEST, NEWEST, false);
	ck_assert_int_eq(hours_load(store, NEWEST, 1, &values), 0);
	ck_assert_int_eq(values.milli[POLLUTANT_PM25], 80000);
	ck_assert_int_eq(hours_get(store, NEWEST, POLLUTANT_PM25, &mean, &rev), 0);
	ck_assert(mean.valid);
	ck_assert_int_eq(rev, 2);
	ck_assert_int_eq(hours_get(store, NEWEST, POLLUTANT_CO, &mean, &rev), STORE_E_NONE);
}
END_TEST

static void flag(int64_t hour, bool dust)
{
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(hours_flag_dust(store, hour, dust, "operator"), 0);
	ck_assert_int_eq(store_commit(store), 0);
}

START_TEST(dust_flags_survive_a_restart_and_can_be_taken_back)
{
	static struct dust_hours dust;
	flag(NEWEST - 3, true);
	flag(NEWEST, true);
	flag(NEWEST, true);
	flag(NEWEST - 3, false);
	close_station();
	open_station();
	ck_assert_int_eq(hours_load_dust(store, NEWEST - 10, &dust), 0);
	ck_assert_int_eq(dust.n, 1);
	ck_assert(dust_at(&dust, NEWEST));
	ck_assert(!dust_within(&dust, NEWEST - 10, NEWEST - 1));
}
END_TEST

START_TEST(a_missing_mean_is_null_with_its_reasons_counted)
{
	put(NEWEST, POLLUTANT_NO2, missing_mean());
	ck_assert_str_eq(ask("state.db", "SELECT mean_milli FROM hours"), "NULL");
	ck_assert_str_eq(ask("state.db", "SELECT pollutant || valid || quality || why || samples"
					 " || time_quality || rev FROM hours"),
			 "no20Btimeout100synchronised0");
	ck_assert_str_eq(ask("state.db", "SELECT group_concat(why || '=' || samples) FROM"
					 " hour_failures WHERE pollutant = 'no2'"),
			 "bad_frame=10,timeout=90");
}
END_TEST

START_TEST(an_hour_put_again_replaces_the_first_and_its_reasons)
{
	put(NEWEST, POLLUTANT_NO2, missing_mean());
	put(NEWEST, POLLUTANT_SO2, missing_mean());
	put(NEWEST, POLLUTANT_NO2, valid_mean(41000));
	ck_assert_str_eq(ask("state.db", "SELECT mean_milli FROM hours WHERE pollutant = 'no2'"),
			 "41000");
	ck_assert_str_eq(ask("state.db", "SELECT group_concat(DISTINCT pollutant)"
					 " FROM hour_failures"),
			 "so2");
}
END_TEST

START_TEST(an_hour_put_again_is_a_revision_if_it_says_something_else)
{
	put(NEWEST, POLLUTANT_NO2, valid_mean(41000));
	put(NEWEST, POLLUTANT_NO2, valid_mean(41000));
	ck_assert_str_eq(ask("state.db", "SELECT rev FROM hours"), "0");
	ck_assert_str_eq(ask("state.db", "SELECT count(*) FROM uplink_revised"), "0");
	put(NEWEST, POLLUTANT_NO2, valid_mean(42000));
	put(NEWEST, POLLUTANT_NO2, missing_mean());
	ck_assert_str_eq(ask("state.db", "SELECT rev FROM hours"), "2");
	ck_assert_str_eq(ask("state.db", "SELECT mean_milli FROM hours"), "NULL");
	ck_assert_str_eq(ask("state.db", "SELECT hour FROM uplink_revised"), "490000");
}
END_TEST

START_TEST(a_person_reads_the_time_of_china_and_whole_units)
{
	/* 2025-11-24 00:00 UTC is hour 489984: 08:00 in China. */
	put(489984, POLLUTANT_PM25, valid_mean(35500));
	ck_assert_str_eq(ask("state.db", "SELECT time || ' ' || mean FROM hours_text"),
			 "2025-11-24T08:00+08:00 35.5");
}
END_TEST

START_TEST(an_unknown_aqi_is_null_and_the_revision_of_an_hour_rises_when_it_is_put_again)
{
	int32_t rev = -1;
	put_aqi(NEWEST, unknown_aqi(), known_aqi(120));
	ck_assert_str_eq(ask("state.db", "SELECT daily FROM aqi"), "NULL");
	ck_assert_str_eq(ask("state.db", "SELECT daily_category FROM aqi"), "NULL");
	ck_assert_int_eq(hours_aqi_rev(store, NEWEST, &rev), 0);
	ck_assert_int_eq(rev, 0);
	put_aqi(NEWEST, known_aqi(90), unknown_aqi());
	ck_assert_str_eq(ask("state.db", "SELECT daily FROM aqi"), "90");
	ck_assert_str_eq(ask("state.db", "SELECT realtime FROM aqi"), "NULL");
	ck_assert_int_eq(hours_aqi_rev(store, NEWEST, &rev), 0);
	ck_assert_int_eq(rev, 1);
	ck_assert_int_eq(hours_aqi_rev(store, NEWEST + 1, &rev), STORE_E_NONE);
}
END_TEST

START_TEST(what_an_aqi_was_made_of_is_kept_beside_it_and_replaced_with_it)
{
	struct aqi daily = known_aqi(203), realtime = known_aqi(210);
	daily.category = 4;
	daily.primary = 1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10;
	daily.iaqi[POLLUTANT_PM25] = 203;
	daily.means[POLLUTANT_PM25] = (struct mean){23 * 153500 + 1, 23};
	daily.hours[POLLUTANT_PM25] = 23;
	realtime.iaqi[POLLUTANT_CO] = 12;
	struct aqi before = unknown_aqi();
	before.iaqi[POLLUTANT_SO2] = 7;
	put_aqi(NEWEST, before, before);
	put_aqi(NEWEST, daily, realtime);
	ck_assert_str_eq(ask("state.db", "SELECT edition || daily || daily_category ||"
					 " daily_primary || realtime || realtime_primary FROM aqi"),
			 "hj633-20262035pm25,pm10210");
	ck_assert_str_eq(ask("state.db", "SELECT daily || '/' || daily_mean_milli || '/' ||"
					 " daily_hours FROM iaqi WHERE pollutant = 'pm25'"),
			 "203/153500/23");
	ck_assert_str_eq(ask("state.db", "SELECT realtime FROM iaqi WHERE pollutant = 'co'"), "12");
	ck_assert_str_eq(ask("state.db", "SELECT daily FROM iaqi WHERE pollutant = 'co'"), "NULL");
	ck_assert_str_eq(ask("state.db", "SELECT count(*) FROM iaqi"), "2");
}
END_TEST

START_TEST(an_hour_that_nobody_computes_is_damage_not_a_crash)
{
	struct hour_values values;
	put(NEWEST, POLLUTANT_PM25, valid_mean(1));
	execute("state.db", "UPDATE hours SET mean_milli = 99999999999");
	ck_assert_int_eq(hours_load(store, NEWEST, 1, &values), 0);
	ck_assert_uint_eq(values.valid, 0);
	const char *bad = "";
	ck_assert_int_eq(store_bad_rows(store, &bad), 1);
	ck_assert_ptr_nonnull(strstr(bad, "pm25"));
	execute("state.db", "UPDATE hours SET mean_milli = 5, pollutant = 'h2s'");
	ck_assert_int_eq(hours_load(store, NEWEST, 1, &values), 0);
	ck_assert_uint_eq(values.valid, 0);
}
END_TEST

static void put_minute(int64_t minute, const char *channel, const struct minute *sums)
{
	ck_assert_int_eq(store_samples_begin(store), 0);
	ck_assert_int_eq(minutes_put(store, minute, channel, sums), 0);
	ck_assert_int_eq(store_samples_commit(store), 0);
}

static struct minute random_minute(void)
{
	struct minute m = {.covered_ms = (int32_t)(unit_random() % (MINUTE_MS + 1))};
	m.weighted = m.covered_ms * ((int64_t)(unit_random() % UINT32_MAX) - INT32_MAX);
	for (int why = 0; why < WHY_COUNT; why++)
		m.counts[why] = (uint16_t)(unit_random() % 3 == 0 ? unit_random() % 60 : 0);
	for (int why = 0; why < WHY_COUNT; why++)
		m.samples = (uint16_t)(m.samples + m.counts[why]);
	return m;
}

static void check_minute(const struct hour *hour, int i, const struct minute *expected)
{
	struct minute m;
	hour_minute(hour, i, hour->hour * HOUR_MS, &m);
	ck_assert_int_eq(m.weighted, expected->weighted);
	ck_assert_int_eq(m.covered_ms, expected->covered_ms);
	ck_assert_uint_eq(m.samples, expected->samples);
	for (int why = 0; why < WHY_COUNT; why++)
		ck_assert_uint_eq(m.counts[why], expected->counts[why]);
}

START_TEST(the_minutes_of_an_hour_come_back_to_their_channel_after_a_restart)
{
	static struct hour hour;
	struct minute a[HOUR_MINUTES], b[HOUR_MINUTES];
	int64_t first = (NEWEST - 1) * HOUR_MINUTES;
	for (int i = 0; i < HOUR_MINUTES; i++) {
		a[i] = random_minute();
		b[i] = random_minute();
		put_minute(first + i, "roof-pm25", &a[i]);
		put_minute(first + i, "roof-o3", &b[i]);
	}
	put_minute(first - 1, "roof-pm25", &b[0]);
	put_minute(first + HOUR_MINUTES, "roof-pm25", &b[0]);
	close_station();
	open_station();
	hour_begin(&hour, NEWEST, 5000, NULL);
	ck_assert_int_eq(minutes_load(store, "roof-pm25", &hour), 0);
	for (int i = 0; i < HOUR_MINUTES; i++)
		check_minute(&hour, i, &a[i]);
	hour_begin(&hour, NEWEST, 5000, NULL);
	ck_assert_int_eq(minutes_load(store, "roof-o3", &hour), 0);
	for (int i = 0; i < HOUR_MINUTES; i++)
		check_minute(&hour, i, &b[i]);
}
END_TEST

START_TEST(a_minute_put_again_replaces_the_first_and_its_reasons)
{
	static struct hour hour;
	struct minute first = {.samples = 60, .counts = {[WHY_TIMEOUT] = 60}};
	struct minute second = {.weighted = 5000,
				.covered_ms = 50,
				.samples = 5,
				.counts = {[WHY_NONE] = 3, [WHY_JUMP] = 2}};
	int64_t minute = (NEWEST - 1) * HOUR_MINUTES + 59;
	put_minute(minute, "x", &first);
	put_minute(minute, "x", &second);
	hour_begin(&hour, NEWEST, 5000, NULL);
	ck_assert_int_eq(minutes_load(store, "x", &hour), 0);
	check_minute(&hour, 59, &second);
}
END_TEST

START_TEST(a_channel_that_was_never_stored_restores_nothing)
{
	static struct hour hour;
	hour_begin(&hour, NEWEST, 5000, NULL);
	ck_assert_int_eq(minutes_load(store, "new", &hour), 0);
	check_minute(&hour, 0, &(struct minute){0});
}
END_TEST

START_TEST(a_minute_that_holds_more_than_a_minute_is_damage_not_an_overflow)
{
	static struct hour hour;
	struct minute m = {.weighted = 1, .covered_ms = 1, .samples = 1, .counts = {1}};
	put_minute((NEWEST - 1) * HOUR_MINUTES, "x", &m);
	execute("samples.db", "UPDATE minutes SET weighted = 9223372036854775807");
	hour_begin(&hour, NEWEST, 5000, NULL);
	ck_assert_int_eq(minutes_load(store, "x", &hour), STORE_E_CORRUPT);
	check_minute(&hour, 0, &(struct minute){0});
	execute("samples.db", "UPDATE minutes SET weighted = 0, covered_ms = 1000000000000");
	ck_assert_int_eq(minutes_load(store, "x", &hour), STORE_E_CORRUPT);
	execute("samples.db", "UPDATE minutes SET covered_ms = 1, samples = 70000");
	ck_assert_int_eq(minutes_load(store, "x", &hour), STORE_E_CORRUPT);
}
END_TEST

START_TEST(the_oldest_minute_of_any_channel_is_found)
{
	struct minute sums = {.covered_ms = 5, .weighted = 5};
	int64_t oldest = -1;
	ck_assert_int_eq(minutes_oldest(store, &oldest), STORE_E_NONE);
	ck_assert_int_eq(oldest, -1);
	ck_assert_int_eq(store_samples_begin(store), 0);
	ck_assert_int_eq(minutes_put(store, 1000, "a/pm25", &sums), 0);
	ck_assert_int_eq(minutes_put(store, 900, "b/pm10", &sums), 0);
	ck_assert_int_eq(store_samples_commit(store), 0);
	ck_assert_int_eq(minutes_oldest(store, &oldest), 0);
	ck_assert_int_eq(oldest, 900);
}
END_TEST

Suite *unit_suite(void)
{
	const TTest *const tests[] = {
		the_newest_hour_is_0_in_an_empty_database,
		the_hours_come_back_as_they_were_put_in_value_by_value,
		an_hour_with_too_little_cover_keeps_its_mean_but_does_not_count,
		the_oldest_hour_from_one_on_is_found_or_said_to_be_none,
		a_review_hides_an_hour_keeps_what_was_measured_and_can_be_taken_back,
		dust_flags_survive_a_restart_and_can_be_taken_back,
		a_missing_mean_is_null_with_its_reasons_counted,
		an_hour_put_again_replaces_the_first_and_its_reasons,
		an_hour_put_again_is_a_revision_if_it_says_something_else,
		a_person_reads_the_time_of_china_and_whole_units,
		an_unknown_aqi_is_null_and_the_revision_of_an_hour_rises_when_it_is_put_again,
		what_an_aqi_was_made_of_is_kept_beside_it_and_replaced_with_it,
		an_hour_that_nobody_computes_is_damage_not_a_crash,
		the_minutes_of_an_hour_come_back_to_their_channel_after_a_restart,
		a_minute_put_again_replaces_the_first_and_its_reasons,
		a_channel_that_was_never_stored_restores_nothing,
		a_minute_that_holds_more_than_a_minute_is_damage_not_an_overflow,
		the_oldest_minute_of_any_channel_is_found,
	};
	Suite *suite = suite_create("hours");
	TCase *tcase = tcase_create("hours");
	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, open_station, close_station);
	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
