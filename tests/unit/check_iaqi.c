/* SPDX-License-Identifier: MIT */
#include "iaqi.h"

#include "models.h"
#include "unit.h"

static struct edition e2012, e2026;

static void editions(void)
{
	e2012 = models_hj633_2012();
	e2026 = models_hj633_2026();
}

static int iaqi(const struct edition *edition, enum column column, int conc_milli)
{
	return iaqi_of(edition, column, (struct mean){conc_milli, 1});
}

/* Concentration in thousandths, IAQI in the 2012 and the 2026 edition. */
static const struct {
	enum column column;
	int conc_milli, expect2012, expect2026;
} vectors[] = {
	{COLUMN_PM25_24H, 35000, 50, 50},        {COLUMN_PM25_24H, 36000, 52, 52},
	{COLUMN_PM25_24H, 60000, 82, 100},       {COLUMN_PM25_24H, 61000, 83, 101},
	{COLUMN_PM25_24H, 75000, 100, 114},      {COLUMN_PM25_24H, 76000, 102, 115},
	{COLUMN_PM25_24H, 115000, 150, 150},     {COLUMN_PM25_24H, 116000, 152, 152},
	{COLUMN_PM25_24H, 150000, 200, 200},     {COLUMN_PM25_24H, 151000, 201, 201},
	{COLUMN_PM25_24H, 250000, 300, 300},     {COLUMN_PM25_24H, 251000, 301, 301},
	{COLUMN_PM25_24H, 350000, 400, 400},     {COLUMN_PM25_24H, 351000, 401, 401},
	{COLUMN_PM25_24H, 500000, 500, 500},     {COLUMN_PM25_24H, 501000, 500, 500},
	{COLUMN_PM10_24H, 50000, 50, 50},        {COLUMN_PM10_24H, 51000, 51, 51},
	{COLUMN_PM10_24H, 120000, 85, 100},      {COLUMN_PM10_24H, 121000, 86, 101},
	{COLUMN_PM10_24H, 150000, 100, 112},     {COLUMN_PM10_24H, 151000, 101, 112},
	{COLUMN_PM10_24H, 250000, 150, 150},     {COLUMN_PM10_24H, 350000, 200, 200},
	{COLUMN_PM10_24H, 351000, 202, 202},     {COLUMN_PM10_24H, 420000, 300, 300},
	{COLUMN_PM10_24H, 421000, 302, 302},     {COLUMN_PM10_24H, 500000, 400, 400},
	{COLUMN_PM10_24H, 600000, 500, 500},     {COLUMN_O3_1H, 160000, 50, 50},
	{COLUMN_O3_1H, 161000, 52, 52},          {COLUMN_O3_1H, 200000, 100, 100},
	{COLUMN_O3_1H, 201000, 101, 101},        {COLUMN_O3_1H, 300000, 150, 150},
	{COLUMN_O3_1H, 400000, 200, 200},        {COLUMN_O3_1H, 800000, 300, 300},
	{COLUMN_O3_1H, 1200000, 500, 500},       {COLUMN_O3_8H, 100000, 50, 50},
	{COLUMN_O3_8H, 160000, 100, 100},        {COLUMN_O3_8H, 161000, 101, 101},
	{COLUMN_O3_8H, 215000, 150, 150},        {COLUMN_O3_8H, 216000, 151, 151},
	{COLUMN_O3_8H, 265000, 200, 200},        {COLUMN_O3_8H, 266000, 201, 201},
	{COLUMN_O3_8H, 800000, 300, 300},        {COLUMN_O3_8H, 800001, IAQI_NONE, 300},
	{COLUMN_SO2_24H, 51000, 51, 51},         {COLUMN_SO2_24H, 151000, 101, 101},
	{COLUMN_SO2_24H, 475000, 150, 150},      {COLUMN_SO2_24H, 476000, 151, 151},
	{COLUMN_SO2_24H, 800000, 200, 200},      {COLUMN_SO2_24H, 801000, 201, 201},
	{COLUMN_SO2_1H, 151000, 51, 51},         {COLUMN_SO2_1H, 500000, 100, 100},
	{COLUMN_SO2_1H, 650000, 150, 150},       {COLUMN_SO2_1H, 800000, 200, 200},
	{COLUMN_SO2_1H, 801000, IAQI_NONE, 200}, {COLUMN_NO2_1H, 101000, 51, 51},
	{COLUMN_NO2_1H, 200000, 100, 100},       {COLUMN_NO2_1H, 700000, 150, 150},
	{COLUMN_NO2_1H, 701000, 151, 151},       {COLUMN_NO2_1H, 1200000, 200, 200},
	{COLUMN_NO2_1H, 3840000, 500, 500},      {COLUMN_CO_24H, 100, 3, 3},
	{COLUMN_CO_24H, 2000, 50, 50},           {COLUMN_CO_24H, 2100, 53, 53},
	{COLUMN_CO_24H, 2200, 55, 55},           {COLUMN_CO_24H, 4000, 100, 100},
	{COLUMN_CO_24H, 4100, 101, 101},         {COLUMN_CO_24H, 14000, 150, 150},
	{COLUMN_CO_24H, 14100, 151, 151},        {COLUMN_CO_24H, 24000, 200, 200},
	{COLUMN_CO_24H, 36000, 300, 300},        {COLUMN_CO_24H, 60000, 500, 500},
};

START_TEST(a_printed_vector_gives_its_iaqi_in_both_editions)
{
	editions();
	ck_assert_int_eq(iaqi(&e2012, vectors[_i].column, vectors[_i].conc_milli),
			 vectors[_i].expect2012);
	ck_assert_int_eq(iaqi(&e2026, vectors[_i].column, vectors[_i].conc_milli),
			 vectors[_i].expect2026);
}
END_TEST

START_TEST(a_mean_below_zero_counts_as_zero)
{
	editions();
	for (int c = 0; c < COLUMN_COUNT; c++) {
		ck_assert_int_eq(iaqi(&e2012, (enum column)c, -3500), 0);
		ck_assert_int_eq(iaqi(&e2026, (enum column)c, -1), 0);
	}
}
END_TEST

START_TEST(co_values_that_doubles_get_wrong_are_exact)
{
	static const int tenths[] = {654,  669,  684,  699,  714,  729,  744,  759,
				     1293, 1308, 1323, 1338, 1353, 1368, 1383, 1398,
				     1413, 1428, 1443, 1458, 1473, 1488};
	editions();
	for (unsigned i = 0; i < sizeof(tenths) / sizeof(tenths[0]); i++) {
		/* 60 -> 200, 90 -> 300 and 120 -> 400, 150 -> 500: 100 / 30 a step; exact in tenths
		 */
		int low = tenths[i] < 900 ? 600 : 1200, base = tenths[i] < 900 ? 200 : 400;
		ck_assert_int_eq((tenths[i] - low) * 100 % 300, 0);
		ck_assert_int_eq(iaqi(&e2012, COLUMN_CO_1H, tenths[i] * 100),
				 base + (tenths[i] - low) * 100 / 300);
	}
}
END_TEST

static void check_breakpoints(const struct edition *edition, enum column column)
{
	const struct breakpoints *table = &edition->columns[column];
	for (int i = 0; i < table->n; i++) {
		int conc = table->conc_milli[i];
		ck_assert_int_eq(iaqi(edition, column, conc), edition->index[i]);
		if (i > 0)
			ck_assert_int_eq(iaqi(edition, column, conc - 1), edition->index[i]);
		ck_assert_int_eq(iaqi(edition, column, conc + 1),
				 i < table->n - 1 ? edition->index[i] + 1 : table->above);
	}
}

START_TEST(each_breakpoint_is_exact_and_a_thousandth_above_it_is_the_next_point)
{
	editions();
	for (int c = 0; c < COLUMN_COUNT; c++) {
		check_breakpoints(&e2012, (enum column)c);
		check_breakpoints(&e2026, (enum column)c);
	}
}
END_TEST

START_TEST(an_iaqi_never_falls_when_the_concentration_rises)
{
	editions();
	for (int c = 0; c < COLUMN_COUNT; c++) {
		int before = 0;
		int64_t sum = 0;
		int top = e2026.columns[c].conc_milli[e2026.columns[c].n - 1];
		for (int step = 0; step < 20000; step++) {
			sum += (int64_t)(unit_random() % ((unsigned)top * 24 / 15000));
			int now = iaqi_of(&e2026, (enum column)c, (struct mean){sum, 24});
			ck_assert_int_ge(now, before);
			before = now;
		}
	}
}
END_TEST

START_TEST(the_editions_agree_on_particles_from_150_on)
{
	editions();
	for (int conc = 115000; conc < 520000; conc += 7)
		ck_assert_int_eq(iaqi(&e2012, COLUMN_PM25_24H, conc),
				 iaqi(&e2026, COLUMN_PM25_24H, conc));
	for (int conc = 250000; conc < 620000; conc += 7)
		ck_assert_int_eq(iaqi(&e2012, COLUMN_PM10_24H, conc),
				 iaqi(&e2026, COLUMN_PM10_24H, conc));
}
END_TEST

START_TEST(a_mean_is_compared_as_a_fraction_and_not_rounded)
{
	editions();
	/* 24 hours of which one is a thousandth above: 150.0000416 is above 150 */
	struct mean mean = {24 * 150000 + 1, 24};
	ck_assert_int_eq(iaqi_of(&e2012, COLUMN_PM25_24H, mean), 201);
	mean.sum_milli--;
	ck_assert_int_eq(iaqi_of(&e2012, COLUMN_PM25_24H, mean), 200);
}
END_TEST

START_TEST(a_missing_mean_has_no_iaqi)
{
	editions();
	ck_assert_int_eq(iaqi_of(&e2012, COLUMN_CO_1H, (struct mean){0, 0}), IAQI_NONE);
}
END_TEST

START_TEST(the_largest_value_a_sensor_can_send_is_500)
{
	editions();
	struct mean mean = {24LL * INT32_MAX, 24};
	ck_assert_int_eq(iaqi_of(&e2026, COLUMN_PM25_24H, mean), 500);
}
END_TEST

START_TEST(means_round_half_to_even_co_to_a_tenth)
{
	ck_assert_int_eq(mean_round(POLLUTANT_PM25, (struct mean){24 * 34500, 24}).sum_milli,
			 34000);
	ck_assert_int_eq(mean_round(POLLUTANT_PM25, (struct mean){24 * 35500, 24}).sum_milli,
			 36000);
	ck_assert_int_eq(mean_round(POLLUTANT_CO, (struct mean){2 * 1250, 2}).sum_milli, 1200);
	ck_assert_int_eq(mean_round(POLLUTANT_CO, (struct mean){2 * 1251, 2}).sum_milli, 1300);
	ck_assert_int_eq(mean_round(POLLUTANT_CO, (struct mean){0, 0}).n, 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("iaqi");
	TCase *tc = tcase_create("iaqi");
	tcase_add_loop_test(tc, a_printed_vector_gives_its_iaqi_in_both_editions, 0,
			    (int)(sizeof(vectors) / sizeof(vectors[0])));
	tcase_add_test(tc, a_mean_below_zero_counts_as_zero);
	tcase_add_test(tc, co_values_that_doubles_get_wrong_are_exact);
	tcase_add_test(tc, each_breakpoint_is_exact_and_a_thousandth_above_it_is_the_next_point);
	tcase_add_test(tc, an_iaqi_never_falls_when_the_concentration_rises);
	tcase_add_test(tc, the_editions_agree_on_particles_from_150_on);
	tcase_add_test(tc, a_mean_is_compared_as_a_fraction_and_not_rounded);
	tcase_add_test(tc, a_missing_mean_has_no_iaqi);
	tcase_add_test(tc, the_largest_value_a_sensor_can_send_is_500);
	tcase_add_test(tc, means_round_half_to_even_co_to_a_tenth);
	suite_add_tcase(suite, tc);
	return suite;
}
