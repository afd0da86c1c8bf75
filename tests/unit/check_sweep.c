/* SPDX-License-Identifier: MIT */
#include "sweep.h"

#include <errno.h>
#include <time.h>

#include "link.h"
#include "slave.h"
#include "unit.h"

#define UNIT 17
#define REGISTERS 300

static struct slave *slave;
static struct link *line;
static struct sweep_register registers[REGISTERS];
static int asked, most_asked;

static bool go_on(void *ctx)
{
	(void)ctx;
	return asked++ < most_asked;
}

static void wait_for_line(void *ctx, int ms)
{
	const struct timespec pause = {.tv_nsec = ms * 1000000L};

	(void)ctx;
	nanosleep(&pause, NULL);
}

/* A sweep of registers 1000 to 1299 of a slave over TCP (0) or on a pty (1). */
static struct sweep sweep_of(int rtu)
{
	slave = slave_start(rtu == 1, 0);
	const struct link_conf conf = {
		.kind = rtu ? LINK_RTU : LINK_TCP,
		.host = "127.0.0.1",
		.port = slave->port,
		.device = slave->path,
		.baud = 115200,
		.parity = 'N',
		.data_bits = 8,
		.stop_bits = 1,
		.response_timeout_ms = 60,
		.quiet_ms = 60,
	};
	asked = 0;
	most_asked = 100000;
	line = link_new(&conf);
	return (struct sweep){
		.master = link_master(line),
		.serial = rtu,
		.unit_id = UNIT,
		.function = 3,
		.from = 1000,
		.count = REGISTERS,
		.registers = registers,
		.go_on = go_on,
		.wait = wait_for_line,
	};
}

static void end(struct sweep *sweep)
{
	(void)sweep;
	link_free(line);
	slave_stop(slave);
}

static enum why read_all(struct sweep *sweep)
{
	int code = 0;
	enum why why = sweep_greet(sweep, 3, &code);

	return why == WHY_NONE || why == WHY_EXCEPTION ? sweep_read(sweep, &code) : why;
}

/* How many were read; each that was holds what the slave has there. */
static int count_read(const struct sweep *sweep)
{
	int n = 0;

	for (int at = 0; at < REGISTERS; at++) {
		if (!sweep_is_read(sweep, at))
			continue;
		n++;
		ck_assert_int_eq(registers[at].word, slave_register(UNIT, 3, sweep->from + at));
	}
	return n;
}

START_TEST(a_range_longer_than_a_request_is_read_in_several)
{
	struct sweep sweep = sweep_of(_i);

	ck_assert_int_eq(read_all(&sweep), WHY_NONE);
	ck_assert_int_eq(count_read(&sweep), REGISTERS);
	ck_assert_int_eq(slave->requests[UNIT], 1 + 3);
	end(&sweep);
}
END_TEST

START_TEST(a_device_that_gives_few_registers_at_a_time_is_asked_for_few)
{
	struct sweep sweep = sweep_of(_i);

	slave->exception = 2;
	slave->most = 10;
	ck_assert_int_eq(read_all(&sweep), WHY_NONE);
	ck_assert_int_eq(count_read(&sweep), REGISTERS);
	end(&sweep);
}
END_TEST

START_TEST(registers_that_are_refused_keep_their_exception_and_the_others_their_values)
{
	struct sweep sweep = sweep_of(_i);

	slave->exception = 2;
	slave->faults[UNIT] = FAULT_EXCEPTION;
	slave->missing = 1007;
	ck_assert_int_eq(read_all(&sweep), WHY_NONE);
	ck_assert_int_eq(count_read(&sweep), REGISTERS - 1);
	ck_assert_int_eq(registers[7].why, WHY_EXCEPTION);
	ck_assert_int_eq(registers[7].code, 2);
	ck_assert(registers[7].asked);
	end(&sweep);
}
END_TEST

START_TEST(registers_that_are_met_with_silence_do_not_hide_the_others)
{
	struct sweep sweep = sweep_of(_i);

	slave->faults[UNIT] = FAULT_SILENT;
	slave->missing = 1207;
	ck_assert_int_eq(read_all(&sweep), WHY_NONE);
	ck_assert_int_eq(count_read(&sweep), REGISTERS - 1);
	ck_assert_int_eq(registers[207].why, WHY_TIMEOUT);
	end(&sweep);
}
END_TEST

START_TEST(another_exception_is_believed_for_the_whole_request)
{
	struct sweep sweep = sweep_of(_i);

	slave->exception = 1;
	slave->faults[UNIT] = FAULT_EXCEPTION;
	ck_assert_int_eq(read_all(&sweep), WHY_NONE);
	ck_assert_int_eq(count_read(&sweep), 0);
	ck_assert_int_eq(registers[REGISTERS - 1].code, 1);
	ck_assert_int_eq(slave->requests[UNIT], 1 + 3);
	end(&sweep);
}
END_TEST

START_TEST(a_unit_that_never_answers_is_missing_after_three_attempts)
{
	struct sweep sweep = sweep_of(_i);

	slave->faults[UNIT] = FAULT_SILENT;
	ck_assert_int_eq(read_all(&sweep), WHY_TIMEOUT);
	ck_assert_int_eq(slave->requests[UNIT], 3);
	end(&sweep);
}
END_TEST

START_TEST(a_unit_that_falls_silent_on_the_way_is_lost_and_the_rest_not_asked)
{
	struct sweep sweep = sweep_of(_i);
	int code = 0;

	ck_assert_int_eq(sweep_greet(&sweep, 3, &code), WHY_NONE);
	slave->faults[UNIT] = FAULT_SILENT;
	ck_assert_int_eq(sweep_read(&sweep, &code), WHY_TIMEOUT);
	ck_assert_int_eq(count_read(&sweep), 0);
	ck_assert(!registers[0].asked && !registers[REGISTERS - 1].asked);
	end(&sweep);
}
END_TEST

START_TEST(an_answer_that_fails_its_check_is_never_taken_for_a_register)
{
	static const enum fault faults[] = {FAULT_WRONG_UNIT,   FAULT_WRONG_FUNCTION,
					    FAULT_WRONG_COUNT,  FAULT_TRUNCATED,
					    FAULT_NOISE_BEFORE, FAULT_BAD_CRC};

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct sweep sweep = sweep_of(1);
		int code = 0;
		ck_assert_int_eq(sweep_greet(&sweep, 3, &code), WHY_NONE);
		slave->faults[UNIT] = faults[i];
		enum why why = sweep_read(&sweep, &code);
		ck_assert_msg(why == WHY_BAD_FRAME || why == WHY_TIMEOUT, "fault %d: %s", faults[i],
			      why_name(why));
		ck_assert_int_eq(count_read(&sweep), 0);
		end(&sweep);
	}
}
END_TEST

START_TEST(a_late_answer_is_never_taken_for_that_to_the_next_request)
{
	struct sweep sweep = sweep_of(1);

	slave->late_ms = 90; /* after the time for an answer, within the silence that is waited */
	slave->faults[UNIT] = FAULT_SOMETIMES_LATE;
	slave->exception = 2;
	slave->most = 10;
	ck_assert_int_eq(read_all(&sweep), WHY_NONE);
	ck_assert_int_eq(count_read(&sweep), REGISTERS);
	end(&sweep);
}
END_TEST

START_TEST(a_line_that_cannot_be_opened_says_why)
{
	struct sweep sweep = sweep_of(0);
	int code = 0;

	close(slave->listen_fd);
	slave->listen_fd = -1;
	ck_assert_int_eq(sweep_greet(&sweep, 3, &code), WHY_LINK);
	ck_assert_int_eq(code, ECONNREFUSED);
	end(&sweep);
}
END_TEST

START_TEST(a_sweep_that_is_told_to_stop_asks_no_more)
{
	struct sweep sweep = sweep_of(_i);

	most_asked = 1 + 2;
	ck_assert_int_eq(read_all(&sweep), WHY_TIMEOUT);
	ck_assert_int_eq(sweep.done, 125 + 124);
	ck_assert_int_eq(count_read(&sweep), 125 + 124);
	ck_assert(!registers[REGISTERS - 1].asked);
	ck_assert_int_eq(slave->requests[UNIT], 1 + 2);
	end(&sweep);
}
END_TEST

START_TEST(a_function_that_is_met_with_silence_twice_is_not_tried_for_every_profile)
{
	struct sweep sweep = sweep_of(_i);
	static struct device device;
	static struct poll poll;
	const struct profile profile = {
		.id = "x", .n_rows = 1, .rows = {{.function = 3, .address = 5, .scale = 1}}};
	const struct device_conf conf = {.unit_id = UNIT, .profile = &profile, .poll_ms = 1000};

	slave->faults[UNIT] = FAULT_SILENT;
	for (int i = 0; i < 5; i++) {
		memset(&device, 0, sizeof(device));
		device_init(&device, &conf, 0);
		sweep_profile(&sweep, &device, &poll);
		ck_assert_int_eq(poll.whys[0], WHY_TIMEOUT);
	}
	ck_assert_int_eq(slave->requests[UNIT], 2);
	end(&sweep);
}
END_TEST

START_TEST(a_profile_is_asked_for_in_parts_where_the_whole_is_refused)
{
	struct sweep sweep = sweep_of(_i);
	static struct device device;
	static struct poll poll;
	const struct profile profile = {.id = "x",
					.n_rows = 2,
					.max_hole = 8,
					.rows = {{.function = 3, .address = 5, .scale = 1},
						 {.function = 3, .address = 9, .scale = 1}},
					.identity = {.present = true,
						     .at = {.function = 3, .address = 12},
						     .is_unit_id = true}};
	const struct device_conf conf = {.unit_id = UNIT, .profile = &profile, .poll_ms = 1000};
	const struct request wanted = {3, 9, 1};
	int request = 0;

	slave->fixed_address = 12;
	slave->fixed_value = UNIT;
	slave->exception = 2;
	slave->most = 2;
	device_init(&device, &conf, 0);
	sweep_profile(&sweep, &device, &poll);
	ck_assert_int_eq(device.plan.n, 3);
	const uint16_t *word = readplan_words(
		&device.plan, (const uint16_t(*)[READPLAN_REGISTERS_MAX])poll.replies, &wanted,
		&request);
	ck_assert_int_eq(*word, slave_register(UNIT, 3, 9));
	ck_assert_int_eq(poll.whys[request], WHY_NONE);
	ck_assert_int_eq(device.identified, WHY_NONE);
	end(&sweep);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("sweep");
	TCase *tc = tcase_create("sweep");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_range_longer_than_a_request_is_read_in_several, 0, 2);
	tcase_add_loop_test(tc, a_device_that_gives_few_registers_at_a_time_is_asked_for_few, 0, 2);
	tcase_add_loop_test(
		tc, registers_that_are_refused_keep_their_exception_and_the_others_their_values, 0,
		2);
	tcase_add_loop_test(tc, another_exception_is_believed_for_the_whole_request, 0, 2);
	tcase_add_loop_test(tc, a_unit_that_never_answers_is_missing_after_three_attempts, 0, 2);
	tcase_add_loop_test(tc, a_unit_that_falls_silent_on_the_way_is_lost_and_the_rest_not_asked,
			    0, 2);
	tcase_add_test(tc, a_late_answer_is_never_taken_for_that_to_the_next_request);
	tcase_add_test(tc, a_line_that_cannot_be_opened_says_why);
	tcase_add_loop_test(tc, a_sweep_that_is_told_to_stop_asks_no_more, 0, 2);
	tcase_add_loop_test(
		tc, a_function_that_is_met_with_silence_twice_is_not_tried_for_every_profile, 0, 2);
	tcase_add_loop_test(tc, a_profile_is_asked_for_in_parts_where_the_whole_is_refused, 0, 2);
	suite_add_tcase(suite, tc);
	TCase *slow = unit_slow_case(suite, 60);
	tcase_add_loop_test(slow, registers_that_are_met_with_silence_do_not_hide_the_others, 0, 2);
	tcase_add_test(slow, an_answer_that_fails_its_check_is_never_taken_for_a_register);
	return suite;
}
