/* SPDX-License-Identifier: MIT */
#include "import.h"

#include <stdio.h>
#include <string.h>

#include "changed.h"
#include "db.h"
#include "export.h"
#include "hours.h"
#include "minutes.h"
#include "unit.h"
#include "uplink.h"

#define H INT64_C(490000)

static struct store *store;

static void setup(void)
{
	char dir[300];
	snprintf(dir, sizeof(dir), "%s/station", unit_tmpdir());
	ck_assert_int_eq(store_open(dir, &store), 0);
}

static void teardown(void)
{
	store = store_close(store);
}

static void run(const char *sql)
{
	ck_assert_msg(sqlite3_exec(store->state.handle, sql, NULL, NULL, NULL) == SQLITE_OK, "%s",
		      sqlite3_errmsg(store->state.handle));
}

static void measure(int64_t hour, int32_t milli, bool valid)
{
	const struct hour_mean mean = {.valid = valid,
				       .mean_milli = milli,
				       .covered_ms = HOUR_MS,
				       .quality = QUALITY_NORMAL,
				       .samples = 60};
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(hours_put(store, hour, POLLUTANT_PM25, &mean, TIME_SYNCHRONISED), 0);
	ck_assert_int_eq(store_commit(store), 0);
}

static struct import import(int64_t hour, int32_t milli, bool replace)
{
	struct import counts = {.replace = replace};
	struct hour_values values = {.valid = 1u << POLLUTANT_PM25};
	values.milli[POLLUTANT_PM25] = milli;
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(import_hour(store, hour, &values, 0, &counts), 0);
	ck_assert_int_eq(store_commit(store), 0);
	return counts;
}

static struct hour_values load(int64_t hour)
{
	struct hour_values values;
	ck_assert_int_eq(hours_load(store, hour, 1, &values), 0);
	return values;
}

static int32_t rev_of(int64_t hour)
{
	struct hour_mean mean;
	int32_t rev = -1;
	ck_assert_int_eq(hours_get(store, hour, POLLUTANT_PM25, &mean, &rev), 0);
	return rev;
}

START_TEST(an_imported_hour_fills_a_gap_and_the_same_again_changes_nothing)
{
	ck_assert_int_eq(import(H, 35000, false).added, 1);
	ck_assert_int_eq(load(H).milli[POLLUTANT_PM25], 35000);
	ck_assert_int_eq(import(H, 35000, false).same, 1);
	ck_assert_int_eq(rev_of(H), 0);
	ck_assert_int_eq(import(H, 36000, false).changed, 1);
	ck_assert_int_eq(load(H).milli[POLLUTANT_PM25], 36000);
	ck_assert_int_eq(rev_of(H), 1);
}
END_TEST

START_TEST(what_the_station_measured_stays_unless_it_is_to_be_replaced)
{
	measure(H, 10000, true);
	measure(H + 1, 10000, false);
	ck_assert_int_eq(import(H, 35000, false).kept, 1);
	ck_assert_int_eq(load(H).milli[POLLUTANT_PM25], 10000);
	ck_assert_int_eq(import(H + 1, 35000, false).changed, 1);
	ck_assert_int_eq(load(H + 1).milli[POLLUTANT_PM25], 35000);
	ck_assert_int_eq(import(H, 35000, true).changed, 1);
	ck_assert_int_eq(load(H).milli[POLLUTANT_PM25], 35000);
	ck_assert_int_eq(rev_of(H), 1);
}
END_TEST

START_TEST(all_pollutants_of_an_hour_are_replaced_at_once)
{
	struct import counts = {.replace = true};
	struct hour_values values = {.valid = (1u << POLLUTANT_COUNT) - 1};
	for (int i = 0; i < 3; i++) {
		for (int p = 0; p < POLLUTANT_COUNT; p++)
			values.milli[p] = 1000 + i;
		ck_assert_int_eq(store_begin(store), 0);
		ck_assert_int_eq(import_hour(store, H, &values, 0, &counts), 0);
		ck_assert_int_eq(store_commit(store), 0);
	}
	ck_assert_int_eq(counts.added, POLLUTANT_COUNT);
	ck_assert_int_eq(counts.changed, 2 * POLLUTANT_COUNT);
	ck_assert_int_eq(load(H).milli[POLLUTANT_O3], 1002);
}
END_TEST

START_TEST(the_stretch_that_changed_is_remembered_until_it_is_settled)
{
	int64_t first = 0, last = 0;
	ck_assert_int_eq(changed_pending(store, &first, &last), STORE_E_NONE);
	import(H + 5, 1000, false);
	import(H, 1000, false);
	import(H + 9, 1000, false);
	import(H - 9, 1000, false);
	import(H + 9, 1000, false);
	ck_assert_int_eq(changed_pending(store, &first, &last), 0);
	ck_assert_int_eq(first, H - 9);
	ck_assert_int_eq(last, H + 9);
	ck_assert_int_eq(store_begin(store), 0);
	uint32_t by = 0;
	ck_assert_int_eq(changed_by(store, first, last, &by), 0);
	ck_assert_uint_eq(by, CHANGED_BY_IMPORT);
	ck_assert_int_eq(changed_widen(store, first, last, CHANGED_BY_FAULT), 0);
	ck_assert_int_eq(changed_by(store, first, last, &by), 0);
	ck_assert_uint_eq(by, CHANGED_BY_IMPORT | CHANGED_BY_FAULT);
	ck_assert_int_eq(changed_settle(store), 0);
	/* a stretch of which nothing tells who changed it */
	ck_assert_int_eq(changed_widen(store, H + 4000, H + 4001, 0), 0);
	ck_assert_int_eq(changed_by(store, H + 4000, H + 4001, &by), 0);
	ck_assert_uint_eq(by, CHANGED_BY_FAULT);
	ck_assert_int_eq(changed_settle(store), 0);
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_int_eq(changed_pending(store, &first, &last), STORE_E_NONE);
}
END_TEST

START_TEST(a_review_of_an_imported_hour_outlasts_another_import)
{
	import(H, 35000, false);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(hours_invalidate(store, H, H, POLLUTANT_PM25, true), 0);
	ck_assert_int_eq(store_commit(store), 0);
	import(H, 36000, false);
	ck_assert_uint_eq(load(H).valid, 0);
}
END_TEST

START_TEST(a_row_with_a_flipped_bit_does_not_count_and_is_not_shown)
{
	struct hour_mean mean;
	int32_t rev;
	measure(H, 35000, true);
	measure(H + 1, 35000, false);
	run("UPDATE hours SET mean_milli = mean_milli + 4096");
	ck_assert_uint_eq(load(H).valid, 0);
	ck_assert_int_eq(hours_get(store, H, POLLUTANT_PM25, &mean, &rev), STORE_E_NONE);
	run("UPDATE hours SET mean_milli = mean_milli - 4096");
	ck_assert_uint_eq(load(H).valid, 1u << POLLUTANT_PM25);
	run("UPDATE hours SET valid = 1");
	ck_assert_uint_eq(load(H + 1).valid, 0);
}
END_TEST

START_TEST(an_hour_of_an_instrument_at_fault_is_filled_like_a_gap)
{
	struct hour_mean mean;
	int32_t rev;
	measure(H, 35000, true);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(hours_doubt(store, H, POLLUTANT_PM25, WHY_FROZEN), 0);
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_uint_eq(load(H).valid, 0);
	ck_assert_int_eq(hours_get(store, H, POLLUTANT_PM25, &mean, &rev), 0);
	ck_assert_int_eq(mean.why, WHY_FROZEN);
	ck_assert_int_eq(mean.quality, QUALITY_FAULT);
	ck_assert_int_eq(mean.mean_milli, 35000);
	ck_assert_int_eq(import(H, 60000, false).changed, 1);
	ck_assert_int_eq(load(H).milli[POLLUTANT_PM25], 60000);
	ck_assert_int_eq(rev_of(H), 2);
}
END_TEST

/* ---- export ---- */

static int n_rows;
static char first_row[1000];

static bool take(void *ctx, const struct export_row *row)
{
	const int *most = ctx;
	if (n_rows++ == 0)
		snprintf(first_row, sizeof(first_row), "%s %s %s", row->fields[0], row->fields[1],
			 row->fields[2]);
	return !most || n_rows < *most;
}

static int kind_of(const char *name)
{
	int kind = 0;
	while (strcmp(export_name(kind), name) != 0)
		kind++;
	return kind;
}

static int export(const char *name, int64_t from, int64_t to, int most)
{
	n_rows = 0;
	const struct export_job job = {kind_of(name), from, to, most ? &most : NULL, take, NULL};
	ck_assert_int_eq(export_rows(store, &job), 0);
	return n_rows;
}

START_TEST(hours_are_exported_between_two_labels_in_whole_units)
{
	for (int64_t hour = H; hour < H + 200; hour++)
		measure(hour, 35125, true);
	ck_assert_int_eq(export("hours", INT64_MIN / HOUR_MS, INT64_MAX / HOUR_MS, 0), 200);
	ck_assert_str_eq(first_row, "2025-11-25T00:00:00+08:00 35.125 ");
	ck_assert_int_eq(export("hours", H, H + 100, 0), 100);
	ck_assert_int_eq(export("hours", H + 300, H + 400, 0), 0);
	ck_assert_int_eq(export("means", H, H + 100, 7), 7);
	ck_assert_int_eq(export("aqi", H, H + 100, 0), 0);
}
END_TEST

START_TEST(minutes_are_exported_one_by_one_and_by_five)
{
	const struct minute sums = {.weighted = 60000 * 2500, .covered_ms = 60000, .samples = 60};
	ck_assert_int_eq(store_samples_begin(store), 0);
	for (int64_t minute = H * 60; minute < H * 60 + 12; minute++)
		ck_assert_int_eq(minutes_put(store, minute, "roof", &sums), 0);
	ck_assert_int_eq(store_samples_commit(store), 0);
	ck_assert_int_eq(export("minutes", H, H + 1, 0), 12);
	ck_assert_str_eq(first_row, "2025-11-25T00:00:00+08:00 roof 2.500");
	ck_assert_int_eq(export("5-minutes", H, H + 1, 0), 3);
	ck_assert_str_eq(first_row, "2025-11-25T00:00:00+08:00 roof 2.500");
	ck_assert_int_eq(export("minutes", H + 1, H + 2, 0), 0);
}
END_TEST

START_TEST(a_minute_without_a_normal_sample_has_no_mean)
{
	const struct minute none = {.samples = 60},
			    some = {.weighted = 30000 * 2500LL, .covered_ms = 30000, .samples = 60};
	ck_assert_int_eq(store_samples_begin(store), 0);
	for (int64_t minute = H * 60; minute < H * 60 + 10; minute++)
		ck_assert_int_eq(
			minutes_put(store, minute, "roof", minute == H * 60 + 9 ? &some : &none),
			0);
	ck_assert_int_eq(store_samples_commit(store), 0);
	ck_assert_int_eq(export("minutes", H, H + 1, 0), 10);
	ck_assert_str_eq(first_row, "2025-11-25T00:00:00+08:00 roof ");
	ck_assert_int_eq(export("5-minutes", H, H + 1, 0), 2);
	ck_assert_str_eq(first_row, "2025-11-25T00:00:00+08:00 roof ");
}
END_TEST

START_TEST(hours_are_exported_in_the_layout_of_the_national_platform_too)
{
	int kind = kind_of("hours") + 1;
	measure(H, 35125, true);
	measure(H + 1, 36000, false);
	const struct export_job job = {kind, H - 1, H + 1, NULL, take, NULL};
	ck_assert_str_eq(export_layout(kind), "cnemc");
	n_rows = 0;
	ck_assert_int_eq(export_rows(store, &job), 0);
	ck_assert_int_ge(n_rows, 2);
	ck_assert_str_eq(first_row, "20251125 0 PM2.5");
}
END_TEST

static struct import bring(int32_t milli, enum quality quality, bool replace)
{
	struct import counts = {.replace = replace};
	const struct auxiliary_mean hour = {.auxiliary = AUXILIARY_TEMPERATURE,
					    .at = H,
					    .known = quality == QUALITY_NORMAL,
					    .milli = milli,
					    .covered_ms = HOUR_MS,
					    .quality = quality,
					    .rev = 1};
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(store_samples_begin(store), 0);
	ck_assert_int_eq(import_auxiliary(store, &hour, &counts), 0);
	ck_assert_int_eq(store_samples_commit(store), 0);
	ck_assert_int_eq(store_commit(store), 0);
	return counts;
}

START_TEST(what_is_beside_the_pollutants_fills_gaps_and_replaces_what_it_is_told_to)
{
	struct auxiliary_mean mean;
	int64_t revised = 0;
	ck_assert_int_eq(bring(0, QUALITY_FAULT, false).added, 1);
	ck_assert_int_eq(bring(-3500, QUALITY_NORMAL, false).changed, 1);
	ck_assert_int_eq(bring(-3500, QUALITY_NORMAL, false).same, 1);
	ck_assert_int_eq(bring(-3400, QUALITY_NORMAL, false).kept, 1);
	ck_assert_int_eq(bring(0, QUALITY_FAULT, true).kept, 1);
	ck_assert_int_eq(auxiliaries_hour(store, AUXILIARY_TEMPERATURE, H, &mean), 0);
	ck_assert_int_eq(mean.milli, -3500);
	ck_assert_int_eq(mean.rev, 2);
	ck_assert_int_eq(bring(-3400, QUALITY_NORMAL, true).changed, 1);
	ck_assert_int_eq(auxiliaries_hour(store, AUXILIARY_TEMPERATURE, H, &mean), 0);
	ck_assert_int_eq(mean.milli, -3400);
	ck_assert_int_eq(mean.rev, 3);
	/* and the platforms hear of it */
	ck_assert_int_eq(uplink_revised(store, &revised), 0);
	ck_assert_int_eq(revised, H);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("import");
	TCase *tc = tcase_create("import");
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc,
		       what_is_beside_the_pollutants_fills_gaps_and_replaces_what_it_is_told_to);
	tcase_add_test(tc, an_imported_hour_fills_a_gap_and_the_same_again_changes_nothing);
	tcase_add_test(tc, all_pollutants_of_an_hour_are_replaced_at_once);
	tcase_add_test(tc, what_the_station_measured_stays_unless_it_is_to_be_replaced);
	tcase_add_test(tc, the_stretch_that_changed_is_remembered_until_it_is_settled);
	tcase_add_test(tc, a_review_of_an_imported_hour_outlasts_another_import);
	tcase_add_test(tc, an_hour_of_an_instrument_at_fault_is_filled_like_a_gap);
	tcase_add_test(tc, a_row_with_a_flipped_bit_does_not_count_and_is_not_shown);
	tcase_add_test(tc, hours_are_exported_between_two_labels_in_whole_units);
	tcase_add_test(tc, minutes_are_exported_one_by_one_and_by_five);
	tcase_add_test(tc, a_minute_without_a_normal_sample_has_no_mean);
	tcase_add_test(tc, hours_are_exported_in_the_layout_of_the_national_platform_too);
	suite_add_tcase(suite, tc);
	return suite;
}
