/* SPDX-License-Identifier: MIT */
/* What a device must say beside its values before they are believed: statuses, a beat, a name. */
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "status_of.h"
#include "unit.h"

#define MINUTE 60000

static struct profile profile;
static struct device device;
static struct device_conf conf;
static struct poll poll;
static uint16_t registers[5][64];
static struct sample samples[2];
static int64_t now_ms;

static int64_t station_ms(void *ctx)
{
	(void)ctx;
	return now_ms;
}

static void keep_sample(void *ctx, const struct sample *sample)
{
	(void)ctx;
	samples[sample->channel] = *sample;
}

/* Two rows, 10 and 11, that hold 20 and 30. */
static void setup(void)
{
	memset(&profile, 0, sizeof(profile));
	memset(registers, 0, sizeof(registers));
	memset(&device, 0, sizeof(device));
	profile.n_rows = 2;
	for (int i = 0; i < 2; i++)
		profile.rows[i] =
			(struct profile_row){.pollutant = i ? POLLUTANT_PM10 : POLLUTANT_PM25,
					     .function = 3,
					     .address = (uint16_t)(10 + i),
					     .scale = 1,
					     .range_max = 1000};
	registers[3][10] = 20;
	registers[3][11] = 30;
	conf = (struct device_conf){
		.id = "d", .unit_id = 7, .profile = &profile, .poll_ms = 1000, .channels = {0, 1}};
	now_ms = 1000000;
}

static void begin(void)
{
	device_init(&device, &conf, 0);
	device.health.state = HEALTH_OK;
}

/* A poll as the poller makes it; how many requests it took. */
static int poll_device(void)
{
	const struct bus_env env = {.station_ms = station_ms, .emit = keep_sample};
	bool skip[READPLAN_REQUESTS_MAX] = {false};
	bool skips = device_skip_proofs(&device, 1, now_ms, skip);
	int n = 0;

	poll_begin(&poll);
	poll.answered = true;
	for (int i = 0; i < device.plan.n; i++) {
		const struct request *request = &device.plan.requests[i];
		poll.at_ms[i] = now_ms;
		for (int r = 0; r < request->count && !skip[i]; r++)
			poll.replies[i][r] = registers[request->function][request->address + r];
		n += !skip[i];
	}
	if (!skips)
		device_identify(&device, &poll, 1, now_ms);
	device_emit_rows(&device, &env, &poll);
	return n;
}

static void assert_whys(enum why first, enum why second)
{
	ck_assert_int_eq(samples[0].why, first);
	ck_assert_int_eq(samples[1].why, second);
}

START_TEST(of_several_statuses_all_must_be_good)
{
	set_status(&profile, 3, 20, 0, 1);
	profile.n_statuses = 2;
	profile.statuses[1] = (struct profile_status){
		.normal = {.at = {.function = 2, .address = 5}, .n_good = 1, .good = {{0, 0}}},
		.rows = PROFILE_ALL_ROWS,
		.says[SAYS_ZERO_CHECK] = true,
		.said[SAYS_ZERO_CHECK] = 1};
	begin();
	registers[3][20] = 1;
	poll_device();
	assert_whys(WHY_NONE, WHY_NONE);
	ck_assert(device.reading.has_status && device.reading.status_at == 0);
	registers[2][5] = 1;
	poll_device();
	assert_whys(WHY_ZERO_CHECK, WHY_ZERO_CHECK);
	ck_assert_int_eq(device.reading.status_at, 1);
	ck_assert_int_eq(device.reading.says, WHY_ZERO_CHECK);
	registers[3][20] = 0;
	poll_device();
	assert_whys(WHY_STATUS, WHY_STATUS);
	ck_assert_int_eq(device.reading.status_at, 0);
}
END_TEST

START_TEST(a_status_of_a_row_is_that_of_no_other)
{
	set_status(&profile, 3, 20, 0, 1);
	profile.statuses[0].rows = 1u << 1;
	begin();
	poll_device();
	assert_whys(WHY_NONE, WHY_STATUS);
	registers[3][20] = 1;
	poll_device();
	assert_whys(WHY_NONE, WHY_NONE);
}
END_TEST

START_TEST(what_does_not_change_in_time_makes_old_values_that_are_taken_back)
{
	profile.alive = (struct profile_alive){
		.present = true, .at = {.function = 3, .address = 40}, .within_min = 5};
	begin();
	for (int minute = 0; minute < 20; minute++) {
		registers[3][40] = (uint16_t)(minute / 4); /* slow, and in time */
		registers[3][10] = (uint16_t)(20 + minute);
		poll_device();
		assert_whys(WHY_NONE, WHY_NONE);
		now_ms += MINUTE;
	}
	/* it moved last at minute 16, four minutes ago */
	poll_device();
	assert_whys(WHY_NONE, WHY_NONE);
	now_ms += MINUTE;
	registers[3][10] = 77; /* whatever the values do */
	poll_device();
	assert_whys(WHY_STALE, WHY_STALE);
	ck_assert_int_eq(samples[0].quality, QUALITY_FAULT);
	ck_assert_int_eq(samples[0].doubt_ms, 5 * MINUTE);
	registers[3][40]++;
	poll_device();
	assert_whys(WHY_NONE, WHY_NONE);
}
END_TEST

START_TEST(what_is_expected_is_read_at_the_start_and_every_five_minutes)
{
	profile.n_expects = 1;
	profile.expects[0] = (struct profile_condition){
		.at = {.function = 4, .address = 3}, .n_good = 2, .good = {{1, 1}, {7, 9}}};
	begin();
	registers[4][3] = 8;
	ck_assert_int_eq(poll_device(), 2);
	assert_whys(WHY_NONE, WHY_NONE);
	registers[4][3] = 2; /* somebody sets another unit */
	now_ms += 5 * MINUTE - 1;
	ck_assert_int_eq(poll_device(), 1);
	assert_whys(WHY_NONE, WHY_NONE);
	now_ms++;
	ck_assert_int_eq(poll_device(), 2);
	assert_whys(WHY_EXPECT, WHY_EXPECT);
	ck_assert_uint_eq(device.reading.expects[0].holds, 2);
	registers[4][3] = 1;
	now_ms += 5 * MINUTE;
	ck_assert_int_eq(poll_device(), 2);
	assert_whys(WHY_NONE, WHY_NONE);
}
END_TEST

START_TEST(an_identity_may_be_a_text_or_have_32_bits)
{
	profile.identity = (struct profile_identity){.present = true,
						     .at = {.function = 3, .address = 50},
						     .text = "PM8",
						     .every_min = 5};
	begin();
	registers[3][50] = 0x504D;
	registers[3][51] = 0x3832; /* what follows is not looked at */
	poll_device();
	assert_whys(WHY_NONE, WHY_NONE);
	ck_assert_str_eq(device.reading.identity.text, "PM8");
	setup();
	profile.identity = (struct profile_identity){
		.present = true,
		.at = {.function = 3, .address = 50, .type = TYPE_U32, .order = ORDER_CDAB},
		.value = 0x00012345,
		.every_min = 5};
	begin();
	registers[3][50] = 0x2345;
	registers[3][51] = 2;
	poll_device();
	assert_whys(WHY_IDENTITY, WHY_IDENTITY);
	ck_assert_uint_eq(device.reading.identity.holds, 0x00022345);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("proofs");
	TCase *tc = tcase_create("proofs");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, of_several_statuses_all_must_be_good);
	tcase_add_test(tc, a_status_of_a_row_is_that_of_no_other);
	tcase_add_test(tc, what_does_not_change_in_time_makes_old_values_that_are_taken_back);
	tcase_add_test(tc, what_is_expected_is_read_at_the_start_and_every_five_minutes);
	tcase_add_test(tc, an_identity_may_be_a_text_or_have_32_bits);
	suite_add_tcase(suite, tc);
	return suite;
}
