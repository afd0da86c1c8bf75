/* SPDX-License-Identifier: MIT */
#include "decode.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "pollutant.h"
#include "status_of.h"
#include "unit.h"

static struct profile_row row_of(enum pollutant pollutant, enum register_type type, enum unit unit,
				 double scale)
{
	return (struct profile_row){.pollutant = pollutant,
				    .function = 3,
				    .type = type,
				    .unit = unit,
				    .scale = scale,
				    .range_min = -1e6,
				    .range_max = 1e7};
}

static struct sample decode(const struct profile_row *row, uint16_t first, uint16_t second)
{
	struct sample sample = {.at_ms = 4711, .channel = 5};
	const uint16_t words[] = {first, second};

	decode_row(row, words, &sample);
	ck_assert_int_eq(sample.at_ms, 4711);
	ck_assert_int_eq(sample.channel, 5);
	return sample;
}

static void assert_value(struct sample sample, int64_t value_milli)
{
	ck_assert_int_eq(sample.quality, QUALITY_NORMAL);
	ck_assert_int_eq(sample.why, WHY_NONE);
	ck_assert_int_eq(sample.value_milli, value_milli);
}

static void assert_failure(struct sample sample, enum quality quality, enum why why)
{
	ck_assert_int_eq(sample.quality, quality);
	ck_assert_int_eq(sample.why, why);
}

static struct sample decode_float(const struct profile_row *row, float real)
{
	uint32_t bits;

	memcpy(&bits, &real, sizeof(bits));
	return decode(row, (uint16_t)(bits >> 16), (uint16_t)bits);
}

START_TEST(a_register_takes_one_word_or_two)
{
	ck_assert_int_eq(register_count(TYPE_U16), 1);
	ck_assert_int_eq(register_count(TYPE_S16), 1);
	ck_assert_int_eq(register_count(TYPE_U32), 2);
	ck_assert_int_eq(register_count(TYPE_S32), 2);
	ck_assert_int_eq(register_count(TYPE_F32), 2);
	ck_assert_int_eq(register_count(TYPE_F64), 4);
}
END_TEST

START_TEST(sixteen_bit_registers_are_read_with_and_without_sign)
{
	struct profile_row row = row_of(POLLUTANT_PM25, TYPE_U16, UNIT_UG_M3, 1);

	assert_value(decode(&row, 0xFFF6, 0), 65526000);
	row.type = TYPE_S16;
	assert_value(decode(&row, 0xFFF6, 0), -10000);
	assert_value(decode(&row, 0x7FFF, 0), 32767000);
}
END_TEST

START_TEST(every_byte_order_of_a_32_bit_register_is_known)
{
	/* 50.0 is 42 48 00 00; 0x00012345 is 74565 */
	static const struct {
		enum byte_order order;
		uint16_t real[2], whole[2];
	} cases[] = {
		{ORDER_ABCD, {0x4248, 0x0000}, {0x0001, 0x2345}},
		{ORDER_CDAB, {0x0000, 0x4248}, {0x2345, 0x0001}},
		{ORDER_BADC, {0x4842, 0x0000}, {0x0100, 0x4523}},
		{ORDER_DCBA, {0x0000, 0x4842}, {0x4523, 0x0100}},
	};
	struct profile_row row = row_of(POLLUTANT_PM10, TYPE_F32, UNIT_UG_M3, 1);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		row.order = cases[i].order;
		row.type = TYPE_F32;
		assert_value(decode(&row, cases[i].real[0], cases[i].real[1]), 50000);
		row.type = TYPE_U32;
		assert_value(decode(&row, cases[i].whole[0], cases[i].whole[1]), 74565000);
		row.type = TYPE_S32;
		assert_value(decode(&row, cases[i].whole[0], cases[i].whole[1]), 74565000);
	}
}
END_TEST

START_TEST(thirty_two_bit_registers_are_read_with_and_without_sign)
{
	struct profile_row row = row_of(POLLUTANT_PM10, TYPE_S32, UNIT_UG_M3, 0.001);

	assert_value(decode(&row, 0xFFFF, 0xFFFE), -2);
	row.type = TYPE_U32;
	row.scale = 0.0001;
	assert_value(decode(&row, 0xFFFF, 0xFFFE), 429496729);
}
END_TEST

/* FF 03 0A 1A 57 0C 5F 27 83 00 11 00 14 of a six-gas station: 27.43 C, 31.67 %, 1011.5 hPa, then
 * 17 and 20. The arithmetic is that of a pollutant; the unit does not matter to it. */
START_TEST(a_real_reply_gives_the_values_its_maker_prints)
{
	struct profile_row row = row_of(POLLUTANT_PM25, TYPE_U16, UNIT_UG_M3, 0.01);

	row.offset = -40;
	assert_value(decode(&row, 0x1A57, 0), 27430);
	row.offset = 0;
	assert_value(decode(&row, 0x0C5F, 0), 31670);
	row.scale = 0.1;
	assert_value(decode(&row, 0x2783, 0), 1011500);
	row.scale = 1;
	assert_value(decode(&row, 0x0011, 0), 17000);
	assert_value(decode(&row, 0x0014, 0), 20000);
}
END_TEST

START_TEST(ppb_and_ppm_become_the_mass_at_the_reference_state)
{
	static const struct {
		enum pollutant pollutant;
		enum unit unit;
		int32_t value_milli; /* of 1000 */
	} cases[] = {
		/* 1000 ppb * molar mass / 24.4654 */
		{POLLUTANT_SO2, UNIT_PPB, 2618637}, {POLLUTANT_NO2, UNIT_PPB, 1880431},
		{POLLUTANT_O3, UNIT_PPB, 1961873},  {POLLUTANT_CO, UNIT_PPB, 1145},
		{POLLUTANT_CO, UNIT_PPM, 1144882},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct profile_row row = row_of(cases[i].pollutant, TYPE_U16, cases[i].unit, 1);
		assert_value(decode(&row, 1000, 0), cases[i].value_milli);
	}
}
END_TEST

START_TEST(milligrams_and_micrograms_become_the_unit_of_the_pollutant)
{
	struct profile_row row = row_of(POLLUTANT_CO, TYPE_U16, UNIT_MG_M3, 0.01);

	assert_value(decode(&row, 123, 0), 1230);
	row.unit = UNIT_UG_M3;
	row.scale = 1;
	assert_value(decode(&row, 1234, 0), 1234);
	row = row_of(POLLUTANT_O3, TYPE_U16, UNIT_MG_M3, 0.001);
	assert_value(decode(&row, 57, 0), 57000);
}
END_TEST

START_TEST(particles_in_ppb_are_refused)
{
	struct profile_row row = row_of(POLLUTANT_PM25, TYPE_U16, UNIT_PPB, 1);

	assert_failure(decode(&row, 10, 0), QUALITY_OVER_RANGE, WHY_OUT_OF_RANGE);
}
END_TEST

START_TEST(halves_are_rounded_away_from_zero)
{
	struct profile_row row = row_of(POLLUTANT_PM25, TYPE_S16, UNIT_UG_M3, 0.0001);

	assert_value(decode(&row, 5, 0), 1);
	assert_value(decode(&row, 4, 0), 0);
	assert_value(decode(&row, (uint16_t)-5, 0), -1);
	assert_value(decode(&row, (uint16_t)-4, 0), 0);
	assert_value(decode(&row, 2845, 0), 285);
	assert_value(decode(&row, 10005, 0), 1001);
}
END_TEST

/* Many of these halves are a little less in binary. */
START_TEST(halves_of_decimal_steps_are_halves)
{
	struct profile_row row = row_of(POLLUTANT_PM25, TYPE_U16, UNIT_UG_M3, 0.0005);

	for (int raw = 0; raw < 65536; raw++)
		assert_value(decode(&row, (uint16_t)raw, 0), (raw + 1) / 2);
	row.scale = 0.0001;
	row.offset = -40;
	for (int raw = 0; raw < 65536; raw++)
		assert_value(decode(&row, (uint16_t)raw, 0), -((400000 - raw + 5) / 10));
}
END_TEST

START_TEST(a_sentinel_is_a_fault_however_the_manual_writes_it)
{
	struct profile_row row = row_of(POLLUTANT_PM25, TYPE_U16, UNIT_UG_M3, 0.1);

	row.n_sentinels = 2;
	row.sentinels[0] = (struct bounds){65535, 65535};
	row.sentinels[1] = (struct bounds){65534, 65534};
	assert_failure(decode(&row, 0xFFFF, 0), QUALITY_FAULT, WHY_SENTINEL);
	assert_failure(decode(&row, 0xFFFE, 0), QUALITY_FAULT, WHY_SENTINEL);
	assert_value(decode(&row, 0xFFFD, 0), 6553300);

	row = row_of(POLLUTANT_PM25, TYPE_S16, UNIT_UG_M3, 0.1);
	row.n_sentinels = 2;
	row.sentinels[0] = (struct bounds){-32768, -32768};
	row.sentinels[1] = (struct bounds){65535, 65535};
	assert_failure(decode(&row, 0x8000, 0), QUALITY_FAULT, WHY_SENTINEL);
	assert_failure(decode(&row, 0xFFFF, 0), QUALITY_FAULT, WHY_SENTINEL);
	assert_value(decode(&row, 0xFFFE, 0), -200);

	row = row_of(POLLUTANT_PM25, TYPE_F32, UNIT_UG_M3, 1);
	row.n_sentinels = 2;
	row.sentinels[0] = (struct bounds){-9999, -9999};
	row.sentinels[1] = (struct bounds){0x42480000, 0x42480000};
	assert_failure(decode_float(&row, -9999.0f), QUALITY_FAULT, WHY_SENTINEL);
	assert_failure(decode_float(&row, 50.0f), QUALITY_FAULT, WHY_SENTINEL);
	assert_value(decode_float(&row, 50.5f), 50500);
}
END_TEST

START_TEST(a_float_that_is_no_number_is_a_fault)
{
	static const uint16_t words[][2] = {
		{0x7FC0, 0x0000}, {0xFFC0, 0x0000}, {0x7F80, 0x0001}, {0x7FFF, 0xFFFF},
		{0x7F80, 0x0000}, {0xFF80, 0x0000}, {0xFFFF, 0xFFFF},
	};
	struct profile_row row = row_of(POLLUTANT_O3, TYPE_F32, UNIT_UG_M3, 1);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_failure(decode(&row, words[i][0], words[i][1]), QUALITY_FAULT, WHY_SENTINEL);
}
END_TEST

START_TEST(minus_zero_and_the_smallest_floats_are_zero)
{
	struct profile_row row = row_of(POLLUTANT_O3, TYPE_F32, UNIT_UG_M3, 1);

	row.range_min = 0;
	assert_value(decode(&row, 0x8000, 0x0000), 0);
	assert_value(decode(&row, 0x0000, 0x0001), 0);
}
END_TEST

START_TEST(the_ends_of_the_range_belong_to_it)
{
	struct profile_row row = row_of(POLLUTANT_PM10, TYPE_S16, UNIT_UG_M3, 0.1);

	row.range_min = -0.3; /* in binary 3 * 0.1 is a little more than 0.3 */
	row.range_max = 0.3;
	assert_value(decode(&row, 3, 0), 300);
	assert_value(decode(&row, (uint16_t)-3, 0), -300);
	assert_failure(decode(&row, 4, 0), QUALITY_OVER_RANGE, WHY_OUT_OF_RANGE);
	assert_failure(decode(&row, (uint16_t)-4, 0), QUALITY_OVER_RANGE, WHY_OUT_OF_RANGE);
}
END_TEST

START_TEST(the_range_is_in_the_unit_of_the_register)
{
	struct profile_row row = row_of(POLLUTANT_SO2, TYPE_U16, UNIT_PPB, 1);

	row.range_min = 0;
	row.range_max = 500; /* ppb; 1309 ug/m3 */
	assert_value(decode(&row, 500, 0), 1309318);
	assert_failure(decode(&row, 501, 0), QUALITY_OVER_RANGE, WHY_OUT_OF_RANGE);
}
END_TEST

START_TEST(a_value_too_large_for_thousandths_is_out_of_range_and_never_wraps)
{
	struct profile_row row = row_of(POLLUTANT_PM10, TYPE_F32, UNIT_UG_M3, 1);

	row.range_min = -1e300;
	row.range_max = 1e300;
	assert_value(decode_float(&row, 2147483.0f), 2147483000);
	assert_failure(decode_float(&row, 2147484.0f), QUALITY_OVER_RANGE, WHY_OUT_OF_RANGE);
	assert_failure(decode_float(&row, -2147484.0f), QUALITY_OVER_RANGE, WHY_OUT_OF_RANGE);
	assert_failure(decode_float(&row, 3.4e38f), QUALITY_OVER_RANGE, WHY_OUT_OF_RANGE);
	row.scale = 1e300;
	assert_failure(decode_float(&row, 3.4e38f), QUALITY_OVER_RANGE, WHY_OUT_OF_RANGE);
	row = row_of(POLLUTANT_PM10, TYPE_U32, UNIT_MG_M3, 1);
	row.range_max = 1e300;
	assert_failure(decode(&row, 0xFFFF, 0xFFFF), QUALITY_OVER_RANGE, WHY_OUT_OF_RANGE);
}
END_TEST

/* number / 10^digits in `unit` as thousandths, exactly: integers, halves away from zero. */
static int64_t expected_milli(enum pollutant pollutant, enum unit unit, int64_t number, int digits)
{
	static const int64_t mass[POLLUTANT_COUNT] = {[POLLUTANT_SO2] = 640660,
						      [POLLUTANT_NO2] = 460055,
						      [POLLUTANT_CO] = 280100,
						      [POLLUTANT_O3] = 479980};
	int64_t up = number * (pollutant == POLLUTANT_CO ? 1 : 1000), down = 1;

	for (int i = 0; i < digits; i++)
		down *= 10;
	if (unit == UNIT_MG_M3 || unit == UNIT_PPM)
		up *= 1000;
	if (unit == UNIT_PPB || unit == UNIT_PPM) {
		up *= mass[pollutant];
		down *= 244654;
	}
	int64_t twice = 2 * (up < 0 ? -up : up) + down;
	int64_t rounded = twice / (2 * down);
	return up < 0 ? -rounded : rounded;
}

START_TEST(conversion_agrees_with_exact_fractions)
{
	static const double scales[] = {1, 0.1, 0.01, 0.001, 0.0001};
	int values = 0;

	for (int round = 0; round < 200000; round++) {
		enum pollutant pollutant = (enum pollutant)(unit_random() % POLLUTANT_COUNT);
		bool gas = pollutant != POLLUTANT_PM25 && pollutant != POLLUTANT_PM10;
		enum unit unit = (enum unit)(unit_random() % (gas ? 4 : 2));
		int digits = (int)(unit_random() % 5);
		uint32_t bits = unit_random() >> unit_random() % 32;
		if (unit == UNIT_PPM)
			bits >>= 10; /* the fractions stay within 64 bits */
		struct profile_row row = row_of(pollutant, TYPE_S32, unit, scales[digits]);
		row.range_min = -1e300;
		row.range_max = 1e300;
		struct sample sample = decode(&row, (uint16_t)(bits >> 16), (uint16_t)bits);
		int64_t expected = expected_milli(pollutant, unit, (int32_t)bits, digits);
		if (expected > INT32_MAX || expected < -INT32_MAX) {
			assert_failure(sample, QUALITY_OVER_RANGE, WHY_OUT_OF_RANGE);
			continue;
		}
		assert_value(sample, expected);
		values++;
	}
	ck_assert_int_gt(values, 100000);
}
END_TEST

static enum why status_says(const struct profile_status *status, uint16_t first, uint16_t second)
{
	const uint16_t words[] = {first, second};

	return decode_status(status, words);
}

START_TEST(the_status_word_is_compared_under_its_mask)
{
	struct profile profile = {0};
	struct profile_status *status = &profile.statuses[0];

	set_status(&profile, 3, 0, 0x00F0, 0x0010);
	ck_assert_int_eq(status_says(status, 0x0010, 0), WHY_NONE);
	ck_assert_int_eq(status_says(status, 0xFF1F, 0), WHY_NONE);
	ck_assert_int_eq(status_says(status, 0x0000, 0), WHY_STATUS);
	ck_assert_int_eq(status_says(status, 0x0030, 0), WHY_STATUS);
}
END_TEST

START_TEST(a_status_word_can_name_what_the_instrument_does)
{
	/* Saimosen analysers: 0 sample, 1 calibration, 3 zero, 4 warm-up */
	struct profile profile = {0};
	struct profile_status *status = &profile.statuses[0];

	set_status(&profile, 3, 0, 0xFFFF, 0);
	status->says[SAYS_ZERO_CHECK] = status->says[SAYS_SPAN_CHECK] = status->says[SAYS_WARM_UP] =
		true;
	status->said[SAYS_ZERO_CHECK] = 3;
	status->said[SAYS_SPAN_CHECK] = 1;
	status->said[SAYS_WARM_UP] = 4;
	ck_assert_int_eq(status_says(status, 0, 0), WHY_NONE);
	ck_assert_int_eq(status_says(status, 1, 0), WHY_SPAN_CHECK);
	ck_assert_int_eq(status_says(status, 2, 0), WHY_STATUS);
	ck_assert_int_eq(status_says(status, 3, 0), WHY_ZERO_CHECK);
	ck_assert_int_eq(status_says(status, 4, 0), WHY_WARM_UP);
	/* a saying that is not given does not match 0 by chance */
	status->normal.good[0] = (struct bounds){9, 9};
	ck_assert_int_eq(status_says(status, 0, 0), WHY_STATUS);
}
END_TEST

START_TEST(a_status_has_32_bits_several_good_values_and_bounds)
{
	struct profile_status status = {
		.normal = {.at = {.type = TYPE_U32, .order = ORDER_CDAB}, .mask = 0x80000001}};

	status.normal.n_good = 2;
	status.normal.good[0] = (struct bounds){1, 1};
	status.normal.good[1] = (struct bounds){0x80000000, 0x80000000};
	ck_assert_int_eq(status_says(&status, 0x0001, 0x0000), WHY_NONE);
	ck_assert_int_eq(status_says(&status, 0x00F0, 0x8000), WHY_NONE);
	ck_assert_int_eq(status_says(&status, 0x0001, 0x8000), WHY_STATUS);
	ck_assert_int_eq(status_says(&status, 0x0000, 0x0001), WHY_STATUS);
	/* an age in seconds: -5 to 120 */
	status = (struct profile_status){
		.normal = {.at = {.type = TYPE_S16}, .n_good = 1, .good = {{-5, 120}}}};
	ck_assert_int_eq(status_says(&status, 0xFFFB, 0), WHY_NONE);
	ck_assert_int_eq(status_says(&status, 120, 0), WHY_NONE);
	ck_assert_int_eq(status_says(&status, 121, 0), WHY_STATUS);
	ck_assert_int_eq(status_says(&status, 0xFFFA, 0), WHY_STATUS);
}
END_TEST

START_TEST(marks_may_be_fractions_and_ranges)
{
	struct profile_row row = row_of(POLLUTANT_PM10, TYPE_F32, UNIT_UG_M3, 1);

	row.n_sentinels = 2;
	row.sentinels[0] = (struct bounds){999.9, 999.9}; /* no float is that */
	row.sentinels[1] = (struct bounds){-9999.9, -50};
	assert_failure(decode_float(&row, 999.9f), QUALITY_FAULT, WHY_SENTINEL);
	assert_failure(decode_float(&row, -9999.9f), QUALITY_FAULT, WHY_SENTINEL);
	assert_failure(decode_float(&row, -50), QUALITY_FAULT, WHY_SENTINEL);
	assert_value(decode_float(&row, -49.5f), -49500);
	assert_value(decode_float(&row, 999.8f), 999800);
	row = row_of(POLLUTANT_PM10, TYPE_U16, UNIT_UG_M3, 0.1);
	row.n_sentinels = 1;
	row.sentinels[0] = (struct bounds){65000, 65535};
	assert_failure(decode(&row, 65000, 0), QUALITY_FAULT, WHY_SENTINEL);
	assert_value(decode(&row, 64999, 0), 6499900);
}
END_TEST

START_TEST(a_slice_of_bits_is_a_number_with_or_without_a_sign)
{
	struct profile_row row = row_of(POLLUTANT_PM25, TYPE_S16, UNIT_UG_M3, 1);

	row.n_bits = 8;
	assert_value(decode(&row, 0x7FF6, 0), -10000);
	row.first_bit = 8;
	assert_value(decode(&row, 0x7FF6, 0), 127000);
	row.type = TYPE_U16;
	row.first_bit = 0;
	assert_value(decode(&row, 0x7FF6, 0), 246000);
	row.type = TYPE_U32;
	row.first_bit = 12;
	row.n_bits = 12;
	assert_value(decode(&row, 0x00AB, 0xC123), 2748000);
	row.n_bits = 1;
	row.type = TYPE_S16;
	row.first_bit = 15;
	assert_value(decode(&row, 0x8000, 0), -1000);
}
END_TEST

START_TEST(one_register_may_have_its_bytes_exchanged)
{
	struct profile_row row = row_of(POLLUTANT_PM25, TYPE_U16, UNIT_UG_M3, 1);

	row.order = ORDER_BADC;
	assert_value(decode(&row, 0x2300, 0), 35000);
	row.order = ORDER_DCBA;
	assert_value(decode(&row, 0x2300, 0), 35000);
	row.type = TYPE_S16;
	assert_value(decode(&row, 0xFEFF, 0), -2000);
}
END_TEST

START_TEST(four_registers_are_read_in_every_order)
{
	/* 50.0 is 4049 0000 0000 0000; -2 and 74565 */
	static const uint16_t real[][4] = {
		{0x4049, 0, 0, 0}, {0, 0, 0, 0x4049}, {0x4940, 0, 0, 0}, {0, 0, 0, 0x4940}};
	static const uint16_t whole[][4] = {{0, 0, 1, 0x2345},
					    {0x2345, 1, 0, 0},
					    {0, 0, 0x0100, 0x4523},
					    {0x4523, 0x0100, 0, 0}};
	static const uint16_t negative[4] = {0xFFFF, 0xFFFF, 0xFFFF, 0xFFFE};
	struct profile_row row = row_of(POLLUTANT_PM10, TYPE_F64, UNIT_UG_M3, 1);
	struct sample sample = {0};

	for (int order = 0; order < BYTE_ORDER_COUNT; order++) {
		row.order = (enum byte_order)order;
		row.type = TYPE_F64;
		decode_row(&row, real[order], &sample);
		assert_value(sample, 50000);
		row.type = TYPE_U64;
		decode_row(&row, whole[order], &sample);
		assert_value(sample, 74565000);
		row.type = TYPE_S64;
		decode_row(&row, whole[order], &sample);
		assert_value(sample, 74565000);
	}
	row.order = ORDER_ABCD;
	decode_row(&row, negative, &sample);
	assert_value(sample, -2000);
	row.type = TYPE_U64;
	row.n_sentinels = 1;
	row.sentinels[0] = (struct bounds){18446744073709551615.0, 18446744073709551615.0};
	decode_row(&row, (const uint16_t[]){0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF}, &sample);
	assert_failure(sample, QUALITY_FAULT, WHY_SENTINEL);
}
END_TEST

START_TEST(a_text_in_registers_has_two_bytes_each)
{
	static const uint16_t words[] = {0x5041, 0x4D32, 0x3500};
	static const uint16_t exchanged[] = {0x4150, 0x324D};
	char text[PROFILE_TEXT_MAX + 1];

	decode_text(ORDER_ABCD, words, 5, text);
	ck_assert_str_eq(text, "PAM25");
	decode_text(ORDER_BADC, exchanged, 3, text);
	ck_assert_str_eq(text, "PAM");
	decode_text(ORDER_ABCD, words, 6, text); /* a NUL is not printed */
	ck_assert_str_eq(text, "PAM25?");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("decode");
	TCase *tc = tcase_create("decode");

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, a_status_word_can_name_what_the_instrument_does);
	tcase_add_test(tc, a_register_takes_one_word_or_two);
	tcase_add_test(tc, sixteen_bit_registers_are_read_with_and_without_sign);
	tcase_add_test(tc, every_byte_order_of_a_32_bit_register_is_known);
	tcase_add_test(tc, thirty_two_bit_registers_are_read_with_and_without_sign);
	tcase_add_test(tc, a_real_reply_gives_the_values_its_maker_prints);
	tcase_add_test(tc, ppb_and_ppm_become_the_mass_at_the_reference_state);
	tcase_add_test(tc, milligrams_and_micrograms_become_the_unit_of_the_pollutant);
	tcase_add_test(tc, particles_in_ppb_are_refused);
	tcase_add_test(tc, halves_are_rounded_away_from_zero);
	tcase_add_test(tc, halves_of_decimal_steps_are_halves);
	tcase_add_test(tc, a_sentinel_is_a_fault_however_the_manual_writes_it);
	tcase_add_test(tc, a_float_that_is_no_number_is_a_fault);
	tcase_add_test(tc, minus_zero_and_the_smallest_floats_are_zero);
	tcase_add_test(tc, the_ends_of_the_range_belong_to_it);
	tcase_add_test(tc, the_range_is_in_the_unit_of_the_register);
	tcase_add_test(tc, a_value_too_large_for_thousandths_is_out_of_range_and_never_wraps);
	tcase_add_test(tc, conversion_agrees_with_exact_fractions);
	tcase_add_test(tc, the_status_word_is_compared_under_its_mask);
	tcase_add_test(tc, a_status_has_32_bits_several_good_values_and_bounds);
	tcase_add_test(tc, marks_may_be_fractions_and_ranges);
	tcase_add_test(tc, a_slice_of_bits_is_a_number_with_or_without_a_sign);
	tcase_add_test(tc, one_register_may_have_its_bytes_exchanged);
	tcase_add_test(tc, four_registers_are_read_in_every_order);
	tcase_add_test(tc, a_text_in_registers_has_two_bytes_each);
	suite_add_tcase(suite, tc);
	return suite;
}
