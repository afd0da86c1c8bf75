/* SPDX-License-Identifier: MIT */
/* What a poll brought, for a person who asks whether it is read right: words, numbers, values. */
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "payload_sensor.h"
#include "unit.h"

#define NO_VALUE 65535

/* PM2.5 is used, PM10 says "no value", CO is not used, SO2 comes as the device's own NaN. */
static const struct profile profile = {
	.id = "sample",
	.n_rows = 4,
	.rows = {{.pollutant = POLLUTANT_PM25,
		  .function = 3,
		  .address = 0,
		  .scale = 0.1,
		  .range_max = 1000,
		  .source = ""},
		 {.pollutant = POLLUTANT_PM10,
		  .function = 3,
		  .address = 1,
		  .scale = 0.1,
		  .range_max = 1000,
		  .n_sentinels = 1,
		  .sentinels = {{NO_VALUE, NO_VALUE}},
		  .source = ""},
		 {.pollutant = POLLUTANT_CO,
		  .function = 3,
		  .address = 2,
		  .type = TYPE_F32,
		  .order = ORDER_CDAB,
		  .unit = UNIT_PPM,
		  .scale = 1,
		  .range_max = 100,
		  .source = ""},
		 {.pollutant = POLLUTANT_SO2,
		  .function = 4,
		  .address = 9,
		  .type = TYPE_F32,
		  .unit = UNIT_PPB,
		  .scale = 1,
		  .range_max = 100,
		  .source = ""}},
	.n_statuses = 1,
	.statuses = {{.normal = {.at = {.function = 3, .address = 20}, .mask = 0xff, .n_good = 1},
		      .rows = PROFILE_ALL_ROWS}},
	.identity = {.present = true,
		     .at = {.function = 3, .address = 30},
		     .value = 7,
		     .every_min = 5},
	.max_hole = 40,
};
static struct conf conf;
static struct device device;
static struct poll poll;
static int emitted;

static int64_t station_ms(void *ctx)
{
	(void)ctx;
	return 1000;
}

static void count_sample(void *ctx, const struct sample *sample)
{
	(void)ctx;
	(void)sample;
	emitted++;
}

static const struct bus_env env = {.station_ms = station_ms, .emit = count_sample};

static uint16_t register_at(int function, int address)
{
	static const uint16_t words[64] = {1583, NO_VALUE, 0, 0x41a0, [20] = 0, [30] = 7};
	return function == 4 ? 0x7fc0 : words[address];
}

static void answer_all(void)
{
	static struct channel_conf channels[] = {{.id = "roof/pm25"}, {.id = "roof/pm10"}};
	conf = (struct conf){.n_buses = 1, .buses = {{.id = "field", .n_devices = 1}}};
	memcpy(conf.channels, channels, sizeof(channels));
	conf.n_channels = 2;
	conf.buses[0].devices[0] = (struct device_conf){.id = "roof",
							.unit_id = 1,
							.profile = &profile,
							.poll_ms = 10000,
							.channels = {0, 1, -1, -1}};
	memset(&device, 0, sizeof(device));
	device_init(&device, &conf.buses[0].devices[0], 0);
	poll_begin(&poll);
	poll.answered = true;
	emitted = 0;
	for (int r = 0; r < device.plan.n; r++) {
		const struct request *request = &device.plan.requests[r];
		for (int i = 0; i < request->count; i++)
			poll.replies[r][i] = register_at(request->function, request->address + i);
	}
	device_identify(&device, &poll, 1, 0);
}

static void expect_json(const char *part)
{
	char *json = payload_sensor(&(struct sensor_words){
		.conf = &conf, .reading = &device.reading, .by_daemon = true, .age_ms = 1234});
	ck_assert_msg(json && strstr(json, part), "%s is not in %s", part, json);
	free(json);
}

START_TEST(every_row_is_there_used_or_not_as_registers_number_and_value)
{
	answer_all();
	device_emit_rows(&device, &env, &poll);
	ck_assert_int_eq(emitted, 2);
	ck_assert_uint_eq(device.reading.polls, 1);
	expect_json("\"words\":[1583],\"number\":1583.0,\"decoded\":158.3,\"value\":158.3,"
		    "\"quality\":\"N\",\"why\":\"none\"");
	expect_json("\"words\":[65535],\"number\":65535.0,\"decoded\":6553.5,\"value\":null,"
		    "\"quality\":\"D\",\"why\":\"sentinel\"");
	expect_json("\"channel\":null,\"function\":3,\"address\":2,\"type\":\"f32\",\"order\":"
		    "\"cdab\",\"decoded_unit\":\"ppm\",\"unit\":\"mg/m3\",\"words\":[0,16800],"
		    "\"number\":20.0,\"decoded\":20.0,\"value\":22.898,\"quality\":\"N\"");
	expect_json("\"words\":[32704,32704],\"number\":null,\"decoded\":null,\"value\":null,"
		    "\"quality\":\"D\"");
	expect_json("\"identity\":{\"function\":3,\"address\":30,\"expected\":7,\"word\":7}");
	expect_json("\"status\":{\"function\":3,\"address\":20,\"word\":0,\"says\":\"none\"}");
	expect_json("\"age_s\":1.2");
}
END_TEST

START_TEST(the_words_are_shown_although_nothing_is_believed_of_them)
{
	answer_all();
	device.identified = WHY_IDENTITY;
	device.identity = (struct bus_proof){.why = WHY_IDENTITY, .holds = 9};
	device_emit_rows(&device, &env, &poll);
	expect_json("\"words\":[1583],\"number\":1583.0,\"decoded\":158.3,\"value\":null,"
		    "\"quality\":\"D\",\"why\":\"identity\"");
	expect_json("\"expected\":7,\"word\":9}");
}
END_TEST

START_TEST(a_row_that_was_not_asked_for_has_no_quality)
{
	answer_all();
	for (int r = 0; r < device.plan.n; r++)
		poll.held[r] = device.plan.requests[r].function == 4;
	device_emit_rows(&device, &env, &poll);
	expect_json("\"words\":null,\"number\":null,\"decoded\":null,\"value\":null,"
		    "\"quality\":null,\"why\":\"none\"");
}
END_TEST

START_TEST(a_silent_device_has_a_reason_in_every_row_and_no_words)
{
	answer_all();
	device_emit_failure(&device, &env, WHY_TIMEOUT);
	ck_assert_int_eq(emitted, 2);
	ck_assert_int_eq(device.reading.n_rows, 4);
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(device.reading.rows[i].why, WHY_TIMEOUT);
		ck_assert(!device.reading.rows[i].has_words);
	}
	expect_json("\"word\":null,\"says\":null}");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("words");
	TCase *tc = tcase_create("words");

	tcase_add_test(tc, every_row_is_there_used_or_not_as_registers_number_and_value);
	tcase_add_test(tc, the_words_are_shown_although_nothing_is_believed_of_them);
	tcase_add_test(tc, a_row_that_was_not_asked_for_has_no_quality);
	tcase_add_test(tc, a_silent_device_has_a_reason_in_every_row_and_no_words);
	suite_add_tcase(suite, tc);
	return suite;
}
