/* SPDX-License-Identifier: MIT */
/* Data loggers that send more than can be stored at once. */
#include "logger_source.h"

#define PASSWORD "123456"

static bool has_said(int logger)
{
	for (int i = 0; i < atomic_load(&n_logger_said); i++) {
		if (logger_said[i].device == logger)
			return true;
	}
	return false;
}

START_TEST(who_sends_a_day_at_once_keeps_no_other_from_its_turn)
{
	struct sockaddr_in at;
	struct hj212_source *source = start_source(PASSWORD, &at);
	int first = connect_logger(&at), settled = 0;
	send_minutes(first, 0, PASSWORD, 600);
	wait_for_said(HJ212_PENDING_MAX);
	int second = connect_logger(&at);
	send_minutes(second, 1, PASSWORD, 1);
	usleep(50000);
	while (!has_said(1) && settled < 400) {
		hj212_source_settle(source, logger_said[settled++].number, true);
		wait_for_said(HJ212_PENDING_MAX + settled);
	}
	ck_assert_int_lt(settled, 100);
	hj212_source_free(source);
	close(first);
	close(second);
}
END_TEST

START_TEST(what_was_read_is_heard_as_soon_as_there_is_room)
{
	struct sockaddr_in at;
	struct hj212_source *source = start_source(PASSWORD, &at);
	int fd = connect_logger(&at);
	send_minutes(fd, 0, PASSWORD, HJ212_PENDING_MAX + 8);
	wait_for_said(HJ212_PENDING_MAX);
	usleep(50000);
	int64_t began_ms = link_now_ms();
	hj212_source_settle(source, logger_said[0].number, true);
	wait_for_said(HJ212_PENDING_MAX + 1);
	ck_assert_int_lt(link_now_ms() - began_ms, 800);
	hj212_source_free(source);
	close(fd);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("hearing");
	TCase *tcase = tcase_create("hearing");
	tcase_add_test(tcase, who_sends_a_day_at_once_keeps_no_other_from_its_turn);
	tcase_add_test(tcase, what_was_read_is_heard_as_soon_as_there_is_room);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return suite;
}
