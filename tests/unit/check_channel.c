/* SPDX-License-Identifier: MIT */
#include "channel.h"

#include <stdlib.h>

#include "poller.h"
#include "serial_line.h"
#include "status_of.h"
#include "unit.h"

static bool take(struct channel_health *channel, int64_t at_s, enum why why)
{
	const struct sample sample = {
		.at_ms = at_s * 1000, .why = why, .quality = why_quality(why)};

	return channel_take(channel, &sample, DELIVERS_SPOT);
}

START_TEST(three_polls_and_a_minute_without_a_good_sample_are_a_failure)
{
	struct channel_health channel = {0};

	ck_assert(take(&channel, 1, WHY_NONE));
	for (int s = 2; s < 61; s++)
		ck_assert(!take(&channel, s, WHY_SENTINEL));
	ck_assert_int_eq(channel.state, HEALTH_OK);
	ck_assert(take(&channel, 61, WHY_SENTINEL));
	ck_assert_int_eq(channel.state, HEALTH_FAILED);
	ck_assert(!take(&channel, 62, WHY_STATUS));
	ck_assert_int_eq(channel.why, WHY_STATUS);
	ck_assert(take(&channel, 63, WHY_NONE));
	ck_assert_int_eq(channel.state, HEALTH_OK);
}
END_TEST

START_TEST(two_polls_are_none_however_long_they_take)
{
	struct channel_health channel = {0};

	take(&channel, 1, WHY_NONE);
	ck_assert(!take(&channel, 601, WHY_TIMEOUT));
	ck_assert(!take(&channel, 1201, WHY_TIMEOUT));
	ck_assert(take(&channel, 1801, WHY_TIMEOUT));
}
END_TEST

START_TEST(a_channel_that_never_had_a_value_fails_too)
{
	struct channel_health channel = {0};

	for (int s = 0; s < 60; s += 10)
		ck_assert(!take(&channel, s, WHY_EXCEPTION));
	ck_assert(take(&channel, 60, WHY_EXCEPTION));
}
END_TEST

START_TEST(an_hourly_channel_has_an_hour)
{
	struct channel_health channel = {0};
	struct sample sample = {.at_ms = 1000, .quality = QUALITY_NORMAL};

	ck_assert(channel_take(&channel, &sample, DELIVERS_HOURLY));
	sample.why = WHY_STATUS;
	for (sample.at_ms = 61000; sample.at_ms < 3601000; sample.at_ms += 60000)
		ck_assert(!channel_take(&channel, &sample, DELIVERS_HOURLY));
	ck_assert(channel_take(&channel, &sample, DELIVERS_HOURLY));
}
END_TEST

START_TEST(what_is_told_of_the_instrument_is_not_counted_against_its_channels)
{
	struct channel_health channel = {0};
	struct sample sample = {.why = WHY_TIMEOUT, .quality = QUALITY_NO_COMMUNICATION};

	take(&channel, 1, WHY_NONE);
	for (sample.at_ms = 2000; sample.at_ms < 600000; sample.at_ms += 1000)
		channel_excuse(&channel, &sample);
	/* it is back, and has its minute to come to itself */
	ck_assert(!take(&channel, 600, WHY_STATUS));
	ck_assert(!take(&channel, 658, WHY_STATUS));
	ck_assert(take(&channel, 660, WHY_STATUS));
}
END_TEST

/* ---- instruments that answer and deliver nothing ---- */

enum {
	STATUS_SILENT,
	STATUS_REFUSED,
	IDENTITY_SILENT,
	IDENTITY_REFUSED,
	STATUS_FAULT,
	ALL_SENTINEL,
	ALL_OUT_OF_RANGE,
	ONE_ROW_REFUSED,
	VARIANTS
};

struct watched {
	struct serial_line line;
	struct channel_health channels[2];
	int told[2];
};

static int64_t station_ms(void *ctx)
{
	return ((struct watched *)ctx)->line.now_ms;
}

static int64_t no_wait(void *ctx, int64_t at_ms)
{
	(void)ctx, (void)at_ms;
	return 0;
}

static void take_sample(void *ctx, const struct sample *sample)
{
	struct watched *watched = ctx;

	watched->told[sample->channel] +=
		channel_take(&watched->channels[sample->channel], sample, DELIVERS_SPOT) &&
		watched->channels[sample->channel].state == HEALTH_FAILED;
}

static void take_notice(void *ctx, int bus, const struct bus_notice *notice)
{
	(void)ctx, (void)bus;
	ck_assert_int_ne(notice->state, HEALTH_FAILED); /* as seen from the bus all is well */
}

/* Two rows at 10 and 40, status at 80, identity at 120, as the variant needs them. */
static struct profile lame_profile(int variant)
{
	struct profile profile = {.n_rows = 2, .id = "lame"};

	for (int i = 0; i < 2; i++)
		profile.rows[i] = (struct profile_row){.function = 3,
						       .address = (uint16_t)(10 + 30 * i),
						       .scale = 1,
						       .range_max = 1e6};
	for (int i = 0; i < 2 && variant == ALL_SENTINEL; i++) {
		profile.rows[i].n_sentinels = 1;
		profile.rows[i].sentinels[0].low = profile.rows[i].sentinels[0].high =
			serial_register(1, 3, profile.rows[i].address);
	}
	if (variant == ALL_OUT_OF_RANGE)
		profile.rows[0].range_max = profile.rows[1].range_max = 10;
	if (variant == STATUS_SILENT || variant == STATUS_REFUSED || variant == STATUS_FAULT)
		set_status(&profile, 3, 80, 0xFFFF, 1);
	if (variant == IDENTITY_SILENT || variant == IDENTITY_REFUSED)
		set_identity(&profile, 3, 120, 0);
	return profile;
}

static void fit_out(struct serial_device *device, int variant)
{
	bool silent = variant == STATUS_SILENT || variant == IDENTITY_SILENT;

	device->manners = silent ? SERIAL_IS_SILENT : SERIAL_REFUSES;
	device->most = READPLAN_REGISTERS_MAX;
	device->latency_ms = 30;
	device->late_most_ms = 100;
	device->has[0][10] = true;
	device->has[0][40] = variant != ONE_ROW_REFUSED;
	device->has[0][80] = variant == STATUS_FAULT;
}

START_TEST(an_instrument_that_answers_and_delivers_nothing_is_told_once)
{
	struct watched *watched = calloc(1, sizeof(*watched));
	static struct profile profile;
	static struct bus_conf conf;
	atomic_bool stopping = false;

	ck_assert_ptr_nonnull(watched);
	profile = lame_profile(_i);
	fit_out(&watched->line.devices[0], _i);
	watched->line.random = unit_random;
	watched->line.timeout_ms = 500;
	watched->line.quiet_ms = 300;
	conf = (struct bus_conf){.link = {.kind = LINK_RTU}, .n_devices = 1};
	conf.devices[0] = (struct device_conf){
		.unit_id = 1, .profile = &profile, .poll_ms = 1000, .channels = {0, 1}};
	const struct bus_env env = {watched, station_ms, no_wait, take_sample, take_notice, NULL};
	const struct master master = serial_master(&watched->line);
	struct poller *poller = poller_new(&conf, &env, 0, &stopping, &master);
	for (int s = 1; s < 3600; s++) {
		if (watched->line.now_ms < s * 1000)
			watched->line.now_ms = s * 1000;
		poller_poll(poller, 0);
	}
	ck_assert_int_eq(watched->told[0], _i == ONE_ROW_REFUSED ? 0 : 1);
	ck_assert_int_eq(watched->told[1], 1);
	poller_free(poller);
	free(watched);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("channel");
	TCase *tc = tcase_create("channel");

	tcase_add_test(tc, three_polls_and_a_minute_without_a_good_sample_are_a_failure);
	tcase_add_test(tc, two_polls_are_none_however_long_they_take);
	tcase_add_test(tc, a_channel_that_never_had_a_value_fails_too);
	tcase_add_test(tc, an_hourly_channel_has_an_hour);
	tcase_add_test(tc, what_is_told_of_the_instrument_is_not_counted_against_its_channels);
	tcase_add_loop_test(tc, an_instrument_that_answers_and_delivers_nothing_is_told_once, 0,
			    VARIANTS);
	suite_add_tcase(suite, tc);
	return suite;
}
