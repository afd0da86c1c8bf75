/* SPDX-License-Identifier: MIT */
/*
 * A probe takes no late answer for that to another request: sweeps of random devices on a line of
 * virtual time. HAZEWATCH_EXCHANGES says how many exchanges (default 200,000), HAZEWATCH_SEED
 * repeats a run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serial_line.h"
#include "sweep.h"
#include "unit.h"

#define UNIT 1
#define REGISTERS 60
#define FROM 100

static struct serial_line line;
static struct sweep_register registers[REGISTERS];
static struct sweep sweep;

static bool go_on(void *ctx)
{
	(void)ctx;
	return true;
}

static void let_pass(void *ctx, int ms)
{
	(void)ctx;
	line.now_ms += ms;
}

static int any(int least, int most)
{
	return least + (int)(unit_random() % (unsigned)(most - least + 1));
}

static void begin(struct serial_device device)
{
	line = (struct serial_line){.random = unit_random,
				    .now_ms = any(0, 100000),
				    .timeout_ms = any(50, 1000),
				    .quiet_ms = any(10, 1000)};
	line.devices[UNIT - 1] = device;
	memset(registers, 0, sizeof(registers));
	sweep = (struct sweep){.master = serial_master(&line),
			       .serial = true,
			       .unit_id = UNIT,
			       .function = 3,
			       .from = FROM,
			       .count = REGISTERS,
			       .registers = registers,
			       .go_on = go_on,
			       .wait = let_pass};
}

/* Registers here and there; the first one is there. */
static struct serial_device random_device(void)
{
	struct serial_device device = {.manners = (enum serial_manners)any(0, 2),
				       .most = any(0, 2) ? READPLAN_REGISTERS_MAX : any(1, 6),
				       .queues = any(0, 1) == 1,
				       .latency_ms = any(1, 80),
				       .late_most_ms = any(0, 1) ? any(100, 2000) : any(100, 9900),
				       .late = any(0, 200),
				       .lost = any(0, 60),
				       .excused = any(0, 1) ? any(0, 20) : 0,
				       .noisy = any(0, 20)};
	int has = any(1, 100);

	for (int i = 0; i < REGISTERS; i++) {
		device.has[0][FROM + i] = i == 0 || any(1, 100) <= has;
		device.has[1][FROM + i] = any(0, 1) == 1;
	}
	return device;
}

/* How many registers were read; *wrong counts those that hold something else, and those that are
 * said to be refused although the device has them. */
static int count_read(long *wrong)
{
	int n = 0;

	for (int at = 0; at < REGISTERS; at++) {
		const struct serial_device *device = &line.devices[UNIT - 1];
		if (!sweep_is_read(&sweep, at)) {
			*wrong += registers[at].asked && registers[at].why == WHY_EXCEPTION &&
				  device->excused == 0 && device->has[0][FROM + at];
			continue;
		}
		n++;
		*wrong += registers[at].word != serial_register(UNIT, 3, FROM + at);
	}
	return n;
}

/* Three values of two registers far apart, as a profile asks for them. */
static void ask_profile(long *wrong)
{
	static struct device device; /* large, as is the other one */
	static struct poll poll;
	struct profile profile = {.id = "far", .n_rows = 3};
	const struct device_conf conf = {.unit_id = UNIT, .profile = &profile, .poll_ms = 1000};

	for (int i = 0; i < profile.n_rows; i++)
		profile.rows[i] = (struct profile_row){.function = 3,
						       .address = (uint16_t)(FROM + 20 * i),
						       .type = TYPE_U32,
						       .scale = 1};
	memset(&device, 0, sizeof(device));
	device_init(&device, &conf, 0);
	sweep_profile(&sweep, &device, &poll);
	for (int i = 0; i < device.plan.n; i++)
		*wrong += poll.whys[i] == WHY_NONE &&
			  poll.replies[i][0] !=
				  serial_register(UNIT, 3, device.plan.requests[i].address);
}

static long exchanges_wanted(void)
{
	const char *text = getenv("HAZEWATCH_EXCHANGES");

	return text ? atol(text) : 200000;
}

START_TEST(no_answer_is_taken_for_that_to_another_register)
{
	long wanted = exchanges_wanted(), exchanges = 0, read = 0, wrong = 0, sweeps = 0;
	int code;

	for (; exchanges < wanted; sweeps++) {
		begin(random_device());
		enum why why = sweep_greet(&sweep, 3, &code);
		if (why == WHY_NONE || why == WHY_EXCEPTION)
			sweep_read(&sweep, &code);
		read += count_read(&wrong);
		for (int i = 0; i < 3; i++)
			ask_profile(&wrong);
		exchanges += line.exchanges;
	}
	printf("# %ld exchanges in %ld sweeps: %ld registers read, %ld wrong\n", exchanges, sweeps,
	       read, wrong);
	fflush(stdout);
	ck_assert_int_eq(wrong, 0);
	ck_assert_int_gt(read, 10 * sweeps);
}
END_TEST

START_TEST(a_device_that_is_silent_where_it_has_nothing_is_read_in_minutes)
{
	/* pm2510-od: two registers far apart, nothing else is answered */
	struct serial_device device = {.manners = SERIAL_IS_SILENT,
				       .most = READPLAN_REGISTERS_MAX,
				       .queues = true,
				       .latency_ms = 30,
				       .late_most_ms = 9900};
	long wrong = 0;
	int code;

	device.has[0][FROM] = device.has[0][FROM + 5] = true;
	begin(device);
	line.timeout_ms = 500;
	line.quiet_ms = 300;
	int64_t began_ms = line.now_ms;
	sweep_greet(&sweep, 3, &code);
	ck_assert_int_eq(sweep_read(&sweep, &code), WHY_NONE);
	ck_assert_int_eq(count_read(&wrong), 2);
	ck_assert_int_eq(wrong, 0);
	printf("# %lld s for %d registers\n", (long long)(line.now_ms - began_ms) / 1000,
	       REGISTERS);
	fflush(stdout);
	ck_assert_int_le(line.now_ms - began_ms, 30 * 60000);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("swept");
	TCase *tc = tcase_create("swept");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, no_answer_is_taken_for_that_to_another_register);
	tcase_add_test(tc, a_device_that_is_silent_where_it_has_nothing_is_read_in_minutes);
	suite_add_tcase(suite, tc);
	return suite;
}
