/* SPDX-License-Identifier: MIT */
/*
 * No answer is taken for that to another question, however late it comes: a bus on a line of
 * virtual time, with random profiles and devices that do all that real ones were seen to do.
 * HAZEWATCH_EXCHANGES says how many (default 200,000), HAZEWATCH_SEED repeats a run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "poller.h"
#include "serial_line.h"
#include "status_of.h"
#include "unit.h"

#define DEVICES_MAX 3
#define ROWS_MAX 8
#define DAY_MS 86400000LL
#define EXCHANGES_PER_WORLD 400

/* A bus, the line it polls, and what has come of it. Channel = device * ROWS_MAX + row. */
struct world {
	struct serial_line line;
	struct profile profiles[DEVICES_MAX];
	struct bus_conf conf;
	struct bus_env env;
	atomic_bool stopping;
	struct poller *poller;
	int64_t due_ms[DEVICES_MAX];
	long polls[DEVICES_MAX], wrong, failed, good[DEVICES_MAX * ROWS_MAX];
};

static int64_t station_ms(void *ctx)
{
	return ((struct world *)ctx)->line.now_ms;
}

static int64_t no_wait(void *ctx, int64_t at_ms)
{
	(void)ctx, (void)at_ms;
	return 0;
}

static void count_failure(void *ctx, int bus, const struct bus_notice *notice)
{
	((struct world *)ctx)->failed += notice->device >= 0 && notice->state == HEALTH_FAILED;
	(void)bus;
}

/* What the sample must be if the row was read at all. */
static struct sample true_sample(const struct world *world, int channel)
{
	int device = channel / ROWS_MAX;
	const struct profile_row *row = &world->profiles[device].rows[channel % ROWS_MAX];
	const uint16_t words[] = {serial_register(device + 1, row->function, row->address),
				  serial_register(device + 1, row->function, row->address + 1)};
	struct sample sample = {0};

	decode_row(row, words, &sample);
	return sample;
}

/* Status and identity never change, so to find them wrong is to have read something else. */
static void check_sample(void *ctx, const struct sample *sample)
{
	struct world *world = ctx;
	const struct sample right = true_sample(world, sample->channel);

	if (sample->why == WHY_NONE && sample->value_milli == right.value_milli)
		world->good[sample->channel]++;
	world->wrong += (sample->why == WHY_NONE && sample->value_milli != right.value_milli) ||
			sample->why == WHY_STATUS || sample->why == WHY_IDENTITY;
}

/* ---- random worlds ---- */

static int any(int least, int most)
{
	return least + (int)(unit_random() % (unsigned)(most - least + 1));
}

static void add_row(struct profile *profile, int address, int n)
{
	profile->rows[profile->n_rows++] = (struct profile_row){
		.pollutant = (enum pollutant)(profile->n_rows % POLLUTANT_COUNT),
		.function = (uint8_t)(any(0, 4) == 0 ? 4 : 3),
		.address = (uint16_t)address,
		.type = n == 2 ? TYPE_U32 : TYPE_U16,
		.scale = n == 2 ? 0.0001 : 1,
		.range_max = 1e9,
	};
}

/* Rows side by side, across holes and far apart. */
static void make_profile(struct profile *profile, int unit)
{
	static const int apart[] = {0, 0, 0, 1, 2, 5, 30};
	int rows = any(1, ROWS_MAX), address = any(0, 20), two = any(0, 2);

	*profile = (struct profile){.id = "random", .max_hole = any(0, 2) ? any(0, 4) : 0};
	for (int i = 0; i < rows; i++) {
		int n = two == 2 ? any(1, 2) : 1 + two;
		add_row(profile, address, n);
		address += n + apart[any(0, 6)];
	}
	if (any(0, 3) == 0)
		set_status(profile, 3, address, 0xFFFF, serial_register(unit, 3, address));
	address += apart[any(0, 6)] + 1;
	if (any(0, 3) == 0)
		set_identity(profile, 3, address, serial_register(unit, 3, address));
}

/* It has what the profile names, but for a row here and there, and may have no halves of values. */
static void fit_out(struct serial_device *device, const struct profile *profile)
{
	bool whole = any(0, 2) == 0;

	for (int i = 0; i < profile->n_rows; i++) {
		const struct profile_row *row = &profile->rows[i];
		bool has = any(0, 19) > 0;
		for (int n = 0; n < register_count(row->type); n++) {
			device->has[row->function - 3][row->address + n] = has;
			device->tied[row->function - 3][row->address + n] = n > 0 && whole;
		}
	}
	if (profile->n_statuses > 0)
		device->has[0][profile->statuses[0].normal.at.address] = true;
	if (profile->identity.present)
		device->has[0][profile->identity.at.address] = true;
}

/* Its answers may come by up to 9.9 s later than they are waited for. */
static void make_device(struct serial_device *device, const struct profile *profile, int timeout_ms)
{
	*device = (struct serial_device){
		.manners = (enum serial_manners)any(0, 2),
		.most = any(0, 3) ? READPLAN_REGISTERS_MAX : any(2, 6),
		.queues = any(0, 1) == 1,
		.latency_ms = any(1, 80),
		.late_most_ms = timeout_ms + (any(0, 1) ? any(100, 2000) : any(100, 9900)),
		.late = any(0, 2) ? any(0, 60) : any(0, 400),
		.lost = any(0, 30),
		.excused = any(0, 20),
		.noisy = any(0, 20),
		.dead = any(0, 19) == 0,
	};
	fit_out(device, profile);
}

static void add_device(struct world *world, int at)
{
	struct device_conf *device = &world->conf.devices[at];

	int timeout_ms = any(0, 2)   ? world->line.timeout_ms
			 : any(0, 1) ? any(20, 30000)
				     : any(20, 1000);

	make_profile(&world->profiles[at], at + 1);
	make_device(&world->line.devices[at], &world->profiles[at], timeout_ms);
	*device = (struct device_conf){.id = "device",
				       .unit_id = at + 1,
				       .profile = &world->profiles[at],
				       .poll_ms = any(0, 3) ? any(200, 3000) : any(3000, 60000),
				       .response_timeout_ms = timeout_ms,
				       .retries = any(0, 2) ? 0 : any(1, 3),
				       .max_registers = any(0, 2) ? 0 : any(1, 12)};
	for (int i = 0; i < ROWS_MAX; i++)
		device->channels[i] = (int16_t)(at * ROWS_MAX + i);
}

static struct world *world_new(int n_devices)
{
	struct world *world = calloc(1, sizeof(*world));

	ck_assert_ptr_nonnull(world);
	world->line.random = unit_random;
	world->line.now_ms = any(0, 100000);
	world->line.timeout_ms = any(0, 1) ? 500 : any(50, 1000);
	world->line.quiet_ms = any(0, 1) ? 300 : any(10, 300);
	world->env =
		(struct bus_env){world, station_ms, no_wait, check_sample, count_failure, NULL};
	world->conf.link.kind = LINK_RTU;
	world->conf.n_devices = n_devices;
	return world;
}

/* A third of them are serial lines at this machine, the others lie behind a connection. */
static void make_peer(struct world *world)
{
	struct serial_line *line = &world->line;

	world->conf.link.kind = (enum link_kind)any(LINK_TCP, LINK_RTU_TCP);
	line->gap_ms = any(0, 2) ? 0 : any(1, 500);
	if (world->conf.link.kind == LINK_RTU)
		return;
	line->tcp = world->conf.link.kind == LINK_TCP;
	line->breaks = any(0, 1) ? 0 : any(0, 50);
	line->closes = any(0, 2) ? any(0, 100) : 1000;
	line->forgets = any(0, 1000);
	line->splits = any(0, 300);
	/* an RTU answer that comes twice is known from no other of its length */
	line->repeats = line->tcp && any(0, 1) ? any(0, 200) : 0;
	line->unasked = any(0, 1) ? 0 : any(0, 200);
	line->transaction = (uint16_t)any(0, 65535);
}

static void world_begin(struct world *world)
{
	const struct master master = serial_master(&world->line);

	world->poller = poller_new(&world->conf, &world->env, 0, &world->stopping, &master);
	ck_assert_ptr_nonnull(world->poller);
	for (int i = 0; i < world->conf.n_devices; i++)
		world->due_ms[i] = world->line.now_ms;
}

static void world_free(struct world *world)
{
	poller_free(world->poller);
	free(world);
}

/* The poll that has been due longest, or the next one. */
static void poll_next(struct world *world)
{
	int at = 0;

	for (int i = 1; i < world->conf.n_devices; i++)
		if (world->due_ms[i] < world->due_ms[at])
			at = i;
	if (world->due_ms[at] > world->line.now_ms)
		world->line.now_ms = world->due_ms[at];
	int64_t poll_ms = world->conf.devices[at].poll_ms;
	world->due_ms[at] = (world->line.now_ms / poll_ms + 1) * poll_ms;
	world->polls[at]++;
	poller_poll(world->poller, at);
}

static void run_for(struct world *world, int64_t ms)
{
	int64_t until_ms = world->line.now_ms + ms;

	while (world->line.now_ms < until_ms)
		poll_next(world);
}

static long exchanges_wanted(void)
{
	const char *text = getenv("HAZEWATCH_EXCHANGES");

	return text ? atol(text) : 200000;
}

START_TEST(no_answer_is_taken_for_that_to_another_question)
{
	long wanted = exchanges_wanted(), exchanges = 0, late = 0, wrong = 0, worlds = 0, good = 0;
	long broken = 0, passed_over = 0;

	while (exchanges < wanted) {
		struct world *world = world_new(any(1, DEVICES_MAX));
		make_peer(world);
		for (int i = 0; i < world->conf.n_devices; i++)
			add_device(world, i);
		world_begin(world);
		for (int i = 0; i < 2000 && world->line.exchanges < EXCHANGES_PER_WORLD; i++)
			poll_next(world);
		exchanges += world->line.exchanges;
		late += world->line.late;
		broken += world->line.broken;
		passed_over += world->line.passed_over;
		wrong += world->wrong;
		worlds++;
		for (int i = 0; i < DEVICES_MAX * ROWS_MAX; i++)
			good += world->good[i];
		world_free(world);
	}
	printf("# %ld exchanges on %ld buses, %ld answers late, %ld connections broken, %ld times "
	       "what was no answer passed over: %ld values good, %ld wrong\n",
	       exchanges, worlds, late, broken, passed_over, good, wrong);
	fflush(stdout);
	ck_assert_int_eq(wrong, 0);
	ck_assert_int_gt(good, exchanges / 2);
}
END_TEST

/* ---- one device that has just what its rows name ---- */

static struct world *one_device(int n, const uint16_t *addresses, int registers, int max_hole)
{
	struct world *world = world_new(1);
	struct profile *profile = &world->profiles[0];

	profile->max_hole = max_hole;
	for (int i = 0; i < n; i++) {
		add_row(profile, addresses[i], registers);
		profile->rows[i].function = 3;
		for (int k = 0; k < registers; k++)
			world->line.devices[0].has[0][addresses[i] + k] = true;
	}
	world->line.timeout_ms = 500;
	world->line.quiet_ms = 300;
	world->line.devices[0].manners = SERIAL_REFUSES;
	world->line.devices[0].most = READPLAN_REGISTERS_MAX;
	world->line.devices[0].queues = true;
	world->line.devices[0].latency_ms = 30;
	world->line.devices[0].late_most_ms = 9900;
	world->conf.devices[0] = (struct device_conf){
		.id = "device", .unit_id = 1, .profile = profile, .poll_ms = 1000};
	for (int i = 0; i < ROWS_MAX; i++)
		world->conf.devices[0].channels[i] = (int16_t)i;
	world_begin(world);
	return world;
}

/* Good values of one row in the polls of so many milliseconds. */
static long good_within(struct world *world, int row, int64_t ms)
{
	long before = world->good[row];

	run_for(world, ms);
	return world->good[row] - before;
}

START_TEST(one_late_answer_is_no_value_of_another_row)
{
	/* sensorbee-base as shipped: 192 NO2, 224 CO, 256 O3, two registers each */
	for (int late_ms = 600; late_ms < 9900; late_ms += 40) {
		struct world *world = one_device(3, (const uint16_t[]){192, 224, 256}, 2, 0);
		run_for(world, 10000 + late_ms % 3 * 10);
		for (int polls = 0; polls < 5; polls++) {
			world->line.devices[0].once_ms = late_ms;
			run_for(world, 30000);
		}
		ck_assert_msg(world->wrong == 0, "%ld wrong values after answers of %d ms",
			      world->wrong, late_ms);
		for (int row = 0; row < 3; row++)
			ck_assert_int_ge(good_within(world, row, 20000), 19);
		world_free(world);
	}
}
END_TEST

START_TEST(one_answer_in_a_hundred_lost_costs_few_values)
{
	/* sensorbee-base as shipped, a poll a second */
	struct world *world = one_device(3, (const uint16_t[]){192, 224, 256}, 2, 0);
	long good = 0;

	world->line.devices[0].lost = 10;
	world->line.devices[0].spared = true; /* three in a row would split its reads */
	run_for(world, 4 * 3600000);
	for (int row = 0; row < 3; row++)
		good += world->good[row];
	printf("# of %ld polls %.1f %% of the values are kept\n", world->polls[0],
	       (double)good * 100 / 3 / (double)world->polls[0]);
	fflush(stdout);
	ck_assert_int_eq(world->wrong, 0);
	ck_assert_int_ge(good, world->polls[0] * 3 * 95 / 100);
	world_free(world);
}
END_TEST

START_TEST(a_device_that_gives_no_halves_is_no_worse_off)
{
	struct world *world = one_device(3, (const uint16_t[]){192, 224, 256}, 2, 0);

	world->line.devices[0].manners = (enum serial_manners)_i;
	world->line.devices[0].lost = 10;
	world->line.devices[0].spared = true; /* three in a row would be a dead device */
	for (int i = 0; i < 3; i++)
		world->line.devices[0].tied[0][193 + 32 * i] = true;
	run_for(world, 4 * 3600000);
	ck_assert_int_eq(world->wrong, 0);
	ck_assert_int_eq(world->failed, 0);
	for (int row = 0; row < 3; row++)
		ck_assert_int_ge(world->good[row], world->polls[0] * 60 / 100);
	world_free(world);
}
END_TEST

START_TEST(one_passing_refusal_is_forgotten)
{
	struct world *world = one_device(4, (const uint16_t[]){10, 11, 12, 13}, 1, 0);

	run_for(world, 10000);
	world->line.devices[0].once_exception = 2;
	run_for(world, 10000);
	long asked = world->line.exchanges;
	run_for(world, 10000);
	ck_assert_int_ge(world->line.exchanges - asked, 18); /* two requests a poll */
	run_for(world, 2 * DAY_MS / 24);
	asked = world->line.exchanges;
	run_for(world, 10000);
	ck_assert_int_le(world->line.exchanges - asked, 11);
	/* not a value is lost with it: the parts are asked for at once */
	for (int row = 0; row < 4; row++)
		ck_assert_int_eq(world->good[row], world->polls[0]);
	world_free(world);
}
END_TEST

START_TEST(a_device_that_must_be_asked_for_parts_is_asked_whole_ever_more_rarely)
{
	struct world *world = one_device(4, (const uint16_t[]){10, 11, 12, 14}, 1, 1);

	run_for(world, DAY_MS * 10);
	/* two requests a poll; of the refusals there are few */
	ck_assert_int_le(world->line.exchanges, 2 * world->polls[0] + 20);
	for (int row = 0; row < 4; row++)
		ck_assert_int_eq(world->good[row], world->polls[0]);
	world_free(world);
}
END_TEST

START_TEST(registers_that_nobody_named_are_not_asked_for)
{
	/* pm2510-od as shipped; the device is silent where it has nothing */
	struct world *world = one_device(2, (const uint16_t[]){4, 9}, 1, 0);

	world->line.devices[0].manners = SERIAL_IS_SILENT;
	run_for(world, 60000);
	for (int row = 0; row < 2; row++)
		ck_assert_int_eq(world->good[row], world->polls[0]);
	world_free(world);
}
END_TEST

START_TEST(a_request_that_is_met_with_silence_is_asked_for_in_parts)
{
	/* the hole lies in the only request, in the first one or in the last one */
	static const uint16_t addresses[][4] = {
		{10, 12, 14, 16}, {10, 12, 40, 41}, {10, 11, 40, 42}};
	struct world *world = one_device(4, addresses[_i], 1, 1);

	world->line.devices[0].manners = SERIAL_IS_SILENT;
	run_for(world, 10 * 60000);
	for (int row = 0; row < 4; row++)
		ck_assert_int_ge(good_within(world, row, 20000), 19);
	ck_assert_int_eq(world->wrong, 0);
	world_free(world);
}
END_TEST

START_TEST(a_row_that_is_never_answered_costs_the_others_little)
{
	struct world *world = one_device(3, (const uint16_t[]){10, 40, 80}, 1, 0);
	int missing = (int[]){10, 40, 80}[_i];

	world->line.devices[0].manners = SERIAL_IS_SILENT;
	world->line.devices[0].has[0][missing] = false;
	run_for(world, 60000);
	for (int row = 0; row < 3; row++)
		if (row != _i)
			ck_assert_int_ge(good_within(world, row, 600000), 450);
	ck_assert_int_eq(world->wrong, 0);
	world_free(world);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("stale");
	TCase *tc = tcase_create("stale");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, no_answer_is_taken_for_that_to_another_question);
	tcase_add_test(tc, one_late_answer_is_no_value_of_another_row);
	tcase_add_test(tc, one_answer_in_a_hundred_lost_costs_few_values);
	tcase_add_loop_test(tc, a_device_that_gives_no_halves_is_no_worse_off, SERIAL_REFUSES,
			    SERIAL_IS_SILENT + 1);
	tcase_add_test(tc, one_passing_refusal_is_forgotten);
	tcase_add_test(tc, a_device_that_must_be_asked_for_parts_is_asked_whole_ever_more_rarely);
	tcase_add_test(tc, registers_that_nobody_named_are_not_asked_for);
	tcase_add_loop_test(tc, a_request_that_is_met_with_silence_is_asked_for_in_parts, 0, 3);
	tcase_add_loop_test(tc, a_row_that_is_never_answered_costs_the_others_little, 0, 3);
	suite_add_tcase(suite, tc);
	return suite;
}
