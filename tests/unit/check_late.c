/* SPDX-License-Identifier: MIT */
/*
 * The fault that made hazewatch's rules: a serial slave answers one request in ten too late, and
 * the late answer would be the right length for the next question. Ten thousand requests, none may
 * get another register's value.
 */
#include "link.h"
#include "slave.h"
#include "unit.h"

#define REQUESTS 10000
#define TIMEOUT_MS 20
#define LATE_MS 32
#define QUIET_MS 40 /* longer than an answer can be late */

START_TEST(ten_thousand_requests_with_a_tenth_late_give_no_wrong_value)
{
	struct slave *slave = slave_start(WIRE_RTU, 0);
	const struct link_conf conf = {.kind = LINK_RTU,
				       .device = slave->path,
				       .baud = 115200,
				       .parity = 'N',
				       .data_bits = 8,
				       .stop_bits = 1,
				       .response_timeout_ms = TIMEOUT_MS,
				       .quiet_ms = QUIET_MS};
	struct link *link = link_new(&conf);
	int wrong = 0, good = 0, late = 0, other = 0;

	slave->late_ms = LATE_MS;
	for (int unit = 1; unit <= 3; unit++)
		slave->faults[unit] = FAULT_SOMETIMES_LATE;
	for (int i = 0; i < REQUESTS; i++) {
		/* always two registers: only the rules keep them apart */
		const struct request request = {3, (uint16_t)(10 + i * 7 % 500), 2};
		uint16_t words[2] = {0};
		int code = 0, unit = 1 + i % 3;
		ck_assert_int_eq(link_open(link, &code), WHY_NONE);
		enum why why =
			link_read(link, &(struct asked){.unit_id = unit}, &request, words, &code);
		bool right = words[0] == slave_register(unit, 3, request.address) &&
			     words[1] == slave_register(unit, 3, request.address + 1);
		good += why == WHY_NONE && right;
		wrong += why == WHY_NONE && !right;
		late += why == WHY_TIMEOUT;
		other += why != WHY_NONE && why != WHY_TIMEOUT;
	}
	ck_assert_msg(wrong == 0, "%d wrong values", wrong);
	/* the machine may be slow, but not so slow that nothing was tested */
	ck_assert_int_ge(good, REQUESTS / 2);
	ck_assert_int_ge(late, REQUESTS / 20);
	ck_assert_int_le(other, REQUESTS / 4);
	link_free(link);
	slave_stop(slave);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("late");
	TCase *tc = tcase_create("late");

	tcase_set_timeout(tc, 600);
	tcase_add_test(tc, ten_thousand_requests_with_a_tenth_late_give_no_wrong_value);
	suite_add_tcase(suite, tc);
	return suite;
}
