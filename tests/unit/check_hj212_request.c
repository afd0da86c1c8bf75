/* SPDX-License-Identifier: MIT */
/*
 * What a platform of HJ 212 may ask for, what it is told, and that nothing else of it is done.
 */
#include "hj212_request.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

#define MN "010000A8900016F000169DC0"
#define QN "20260801093000123"
#define HOUR (3600000LL)
#define DAY (24 * HOUR)
#define NOW (1785547800000LL) /* 2026-08-01 09:30 in Beijing */
#define KEY "0123456789abcdeffedcba9876543210"

static struct hj212_segment segment;
static struct hj212_request request;

static struct hj212_self self = {.pw = "123456",
				 .mn = MN,
				 .st = 22,
				 .edition = HJ212_2017,
				 .minutes = 10,
				 .realtime = true,
				 .key_field = "NewSK"};

static void read_with(const char *text, const struct hj212_arrival *arrival)
{
	hj212_segment_read((const uint8_t *)text, strlen(text), &segment);
	memset(&request, 0x55, sizeof(request));
	hj212_request_read(&segment, &self, arrival, &request);
}

static void read_text(const char *text)
{
	read_with(text, &(struct hj212_arrival){.enciphered = true, .now_ms = NOW});
}

/* A request with a right head. */
static void ask(int cn, const char *cp)
{
	char text[HJ212_SEGMENT_MAX];

	snprintf(text, sizeof(text), "QN=" QN ";ST=22;CN=%d;PW=123456;MN=" MN ";Flag=%d;CP=&&%s&&",
		 cn, self.edition == HJ212_2025 ? 9 : 5, cp);
	read_text(text);
}

static void check_answer(enum hj212_answer what, int64_t value, const char *right)
{
	uint8_t bytes[HJ212_SEGMENT_MAX];
	size_t n = hj212_answer_write(&self, &request, what, value, bytes);

	ck_assert_msg(n == strlen(right) && memcmp(bytes, right, n) == 0, "%.*s", (int)n, bytes);
}

static void set_up(void)
{
	self.edition = HJ212_2017;
	self.minutes = 10;
	self.realtime = true;
	self.key_field = "NewSK";
}

START_TEST(what_may_be_asked_is_ready_and_what_would_set_something_is_declined)
{
	static const struct {
		int cn;
		const char *cp;
		enum hj212_ask ask;
		enum hj212_qn_rtn qn_rtn;
	} cases[] = {
		{1011, "", HJ212_ASK_TIME, HJ212_READY},
		{1011, "PolId=", HJ212_ASK_TIME, HJ212_READY},
		{1011, "PolId=a34004", HJ212_ASK_TIME, HJ212_DECLINED},
		{1061, "", HJ212_ASK_INTERVAL, HJ212_READY},
		{1063, "", HJ212_ASK_INTERVAL, HJ212_READY},
		{2011, "", HJ212_ASK_REALTIME, HJ212_READY},
		{2012, "", HJ212_NOTICE, HJ212_READY},
		{1000, "OverTime=5;ReCount=3", HJ212_ASK_OTHER, HJ212_DECLINED},
		{1002, "MN=" MN, HJ212_ASK_OTHER, HJ212_DECLINED},
		{1012, "SystemTime=20260801093000", HJ212_ASK_OTHER, HJ212_DECLINED},
		{1072, "NewPW=654321", HJ212_ASK_OTHER, HJ212_DECLINED},
		{3011, "PolId=a34004", HJ212_ASK_OTHER, HJ212_DECLINED},
		{3019, "", HJ212_ASK_OTHER, HJ212_DECLINED},
		{3024, "", HJ212_ASK_OTHER, HJ212_DECLINED},
		{3025, "", HJ212_ASK_OTHER, HJ212_WRONG_CN},
		{3010, "", HJ212_ASK_OTHER, HJ212_WRONG_CN},
		{1, "", HJ212_ASK_OTHER, HJ212_WRONG_CN},
		{1014, "SKCreateTime=20260801090000;NewSK=" KEY, HJ212_NEW_KEY, HJ212_WRONG_CN},
		{9014, "", HJ212_DATA_ANSWER, 0},
		{9013, "", HJ212_NOTICE_ANSWER, 0},
		{9011, "QnRtn=1", HJ212_ASK_NOTHING, 0},
		{9012, "ExeRtn=1", HJ212_ASK_NOTHING, 0},
		{9015, "", HJ212_ASK_NOTHING, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ask(cases[i].cn, cases[i].cp);
		ck_assert_msg(request.ask == cases[i].ask && request.qn_rtn == cases[i].qn_rtn,
			      "CN=%d: %d, %d", cases[i].cn, request.ask, request.qn_rtn);
		ck_assert_int_eq(request.cn, cases[i].cn);
		ck_assert_str_eq(request.qn, QN);
	}
	self.realtime = false;
	ask(2011, "");
	ck_assert_int_eq(request.qn_rtn, HJ212_DECLINED);
}
END_TEST

START_TEST(a_wrong_head_is_told_by_its_number_and_is_not_told_the_password)
{
	static const struct {
		const char *head;
		enum hj212_qn_rtn qn_rtn;
		bool known;
	} cases[] = {
		{"QN=" QN ";ST=22;CN=1011;PW=123456;MN=" MN ";Flag=5;", HJ212_READY, true},
		{"QN=" QN ";ST=22;CN=1011;PW=123457;MN=" MN ";Flag=5;", HJ212_WRONG_PW, false},
		{"QN=" QN ";ST=22;CN=1011;PW=12345;MN=" MN ";Flag=5;", HJ212_WRONG_PW, false},
		{"QN=" QN ";ST=22;CN=1011;PW=1234567;MN=" MN ";Flag=5;", HJ212_WRONG_PW, false},
		{"QN=" QN ";ST=22;CN=1011;PW=;MN=" MN ";Flag=5;", HJ212_WRONG_PW, false},
		{"QN=" QN ";ST=22;CN=1011;MN=" MN ";Flag=5;", HJ212_WRONG_PW, false},
		{"QN=" QN ";ST=22;CN=1011;PW=123456;MN=" MN "1;Flag=5;", HJ212_WRONG_MN, false},
		{"QN=" QN ";ST=22;CN=1011;PW=123456;Flag=5;", HJ212_WRONG_MN, false},
		{"QN=" QN ";ST=91;CN=1011;PW=123456;MN=" MN ";Flag=5;", HJ212_READY, true},
		{"QN=" QN ";CN=1011;PW=123456;MN=" MN ";Flag=5;", HJ212_READY, true},
		{"QN=" QN ";ST=32;CN=1011;PW=123456;MN=" MN ";Flag=5;", HJ212_WRONG_ST, true},
		{"QN=" QN ";ST=x;CN=1011;PW=123456;MN=" MN ";Flag=5;", HJ212_WRONG_ST, true},
		{"QN=" QN ";ST=22;CN=1011;PW=123456;MN=" MN ";", HJ212_READY, true},
		{"QN=" QN ";ST=22;CN=1011;PW=123456;MN=" MN ";Flag=9;", HJ212_READY, true},
		{"QN=" QN ";ST=22;CN=1011;PW=123456;MN=" MN ";Flag=13;", HJ212_WRONG_FLAG, true},
		{"QN=" QN ";ST=22;CN=1011;PW=123456;MN=" MN ";Flag=256;", HJ212_WRONG_FLAG, true},
		{"QN=" QN ";ST=22;CN=1011;PW=123456;MN=" MN ";Flag=7;PNUM=2;PNO=1;",
		 HJ212_WRONG_FLAG, true},
		{"QN=20260801093000;ST=22;CN=1011;PW=123456;MN=" MN ";Flag=5;", HJ212_WRONG_QN,
		 true},
		{"QN=20261301093000123;ST=22;CN=1011;PW=123456;MN=" MN ";Flag=5;", HJ212_WRONG_QN,
		 true},
		{"ST=22;CN=1011;PW=123456;MN=" MN ";Flag=5;", HJ212_WRONG_QN, true},
	};
	char text[HJ212_SEGMENT_MAX];
	uint8_t answer[HJ212_SEGMENT_MAX + 1];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "%sCP=&&&&", cases[i].head);
		read_text(text);
		ck_assert_msg(request.qn_rtn == cases[i].qn_rtn, "%s: %d", text, request.qn_rtn);
		ck_assert_msg(request.known == cases[i].known, "%s", text);
		size_t n = hj212_answer_write(&self, &request, HJ212_ANSWER_RECEIPT, 0, answer);
		answer[n] = '\0';
		ck_assert_int_eq(strstr((char *)answer, "PW=123456") != NULL, cases[i].known);
	}
}
END_TEST

START_TEST(a_request_that_wants_no_answer_says_so)
{
	read_text("QN=" QN ";ST=22;CN=1011;PW=123456;MN=" MN ";Flag=4;CP=&&&&");
	ck_assert(!request.answer);
	read_text("QN=" QN ";ST=22;CN=1011;PW=123456;MN=" MN ";Flag=5;CP=&&&&");
	ck_assert(request.answer);
	read_text("QN=" QN ";ST=22;CN=1011;PW=123456;MN=" MN ";CP=&&&&");
	ck_assert(request.answer);
}
END_TEST

START_TEST(a_damaged_frame_is_answered_only_if_it_reads_as_a_request_to_this_station)
{
	static const struct {
		const char *text;
		unsigned faults;
		bool told;
	} cases[] = {
		{"QN=" QN ";ST=22;CN=1011;PW=123456;MN=" MN ";Flag=5;CP=&&&&", HJ212_FAULT_CRC,
		 true},
		{"QN=" QN ";ST=22;CN=1011;PW=123456;MN=" MN ";Flag=5;CP=&&&&",
		 HJ212_FAULT_CRC | HJ212_FAULT_LENGTH, false},
		{"QN=" QN ";ST=22;CN=1011;PW=123456;MN=" MN ";Flag=5;CP=&&&&", HJ212_FAULT_CUT,
		 false},
		{"QN=" QN ";ST=22;CN=1011;PW=123457;MN=" MN ";Flag=5;CP=&&&&", HJ212_FAULT_CRC,
		 false},
		{"QN=" QN ";ST=22;CN=1011;PW=123456;MN=1;Flag=5;CP=&&&&", HJ212_FAULT_CRC, false},
		{"QN=1;ST=22;CN=1011;PW=123456;MN=" MN ";Flag=5;CP=&&&&", HJ212_FAULT_CRC, false},
		{"QN=" QN ";ST=91;CN=9014;PW=123456;MN=" MN ";Flag=4;CP=&&&&", HJ212_FAULT_CRC,
		 false},
		{"QN=" QN ";ST=91;CN=9013;PW=123456;MN=" MN ";Flag=4;CP=&&&&", HJ212_FAULT_CRC,
		 false},
		{"QN=" QN ";ST=91;CN=9011;PW=123456;MN=" MN ";Flag=4;CP=&&&&", HJ212_FAULT_CRC,
		 false},
		{"QN=" QN ";ST=22;CN=1111;PW=123456;MN=" MN ";Flag=5;CP=&&&&", HJ212_FAULT_CRC,
		 false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		read_with(cases[i].text,
			  &(struct hj212_arrival){.faults = cases[i].faults, .now_ms = NOW});
		ck_assert_msg(request.ask == (cases[i].told ? HJ212_ASK_OTHER : HJ212_ASK_NOTHING),
			      "%zu", i);
		ck_assert_int_eq(request.qn_rtn, cases[i].told ? HJ212_WRONG_CRC : 0);
		ck_assert(!request.known);
	}
}
END_TEST

static int64_t beijing(int day, int hour, int minute)
{
	return NOW - (9 * HOUR + HOUR / 2) + (day - 1) * DAY + hour * HOUR + minute * 60000LL;
}

START_TEST(a_range_names_the_periods_that_start_in_it_by_their_ends)
{
	ask(2061, "BeginTime=20260801060000;EndTime=20260801080000");
	ck_assert_int_eq(request.qn_rtn, HJ212_READY);
	ck_assert_int_eq(request.first_end_ms, beijing(1, 7, 0));
	ck_assert_int_eq(request.last_end_ms, beijing(1, 9, 0));
	ck_assert_int_eq(request.period_ms, HOUR);
	ask(2061, "BeginTime=20260801060001;EndTime=20260801075959");
	ck_assert_int_eq(request.first_end_ms, beijing(1, 8, 0));
	ck_assert_int_eq(request.last_end_ms, beijing(1, 8, 0));
	ask(2031, "BeginTime=20260730000000;EndTime=20260731000000");
	ck_assert_int_eq(request.first_end_ms, beijing(0, 0, 0));
	ck_assert_int_eq(request.last_end_ms, beijing(1, 0, 0));
	ask(2051, "BeginTime=20260801090500;EndTime=20260801091500");
	ck_assert_int_eq(request.first_end_ms, beijing(1, 9, 20));
	ck_assert_int_eq(request.last_end_ms, beijing(1, 9, 20));
	ck_assert_int_eq(request.period_ms, 600000);
}
END_TEST

START_TEST(what_is_not_over_yet_is_left_out_of_a_range)
{
	ask(2061, "BeginTime=20260801070000;EndTime=20260801235959");
	ck_assert_int_eq(request.last_end_ms, beijing(1, 9, 0));
	ask(2031, "BeginTime=20260801000000;EndTime=20260801235959");
	ck_assert_int_eq(request.qn_rtn, HJ212_READY);
	ck_assert_int_gt(request.first_end_ms, request.last_end_ms);
	ask(2051, "BeginTime=20260801093000;EndTime=20260801093000");
	ck_assert_int_gt(request.first_end_ms, request.last_end_ms);
}
END_TEST

START_TEST(a_range_that_is_none_ends_before_it_begins_lies_ahead_or_is_too_long_is_declined)
{
	static const struct {
		int cn;
		const char *cp;
		bool good;
	} cases[] = {
		{2061, "", false},
		{2061, "BeginTime=20260801060000", false},
		{2061, "EndTime=20260801060000", false},
		{2061, "BeginTime=2026080106000;EndTime=20260801080000", false},
		{2061, "BeginTime=20260231060000;EndTime=20260801080000", false},
		{2061, "BeginTime=20260801060000;EndTime=99999999999999", false},
		{2061, "BeginTime=20260801080000;EndTime=20260801075959", false},
		{2061, "BeginTime=20260801093001;EndTime=20260802000000", false},
		{2061, "BeginTime=20250731060000;EndTime=20260801060000", true},
		{2061, "BeginTime=20250731060000;EndTime=20260801060001", false},
		{2051, "BeginTime=20260725060000;EndTime=20260801060000", true},
		{2051, "BeginTime=20260725060000;EndTime=20260801060001", false},
		{2031, "BeginTime=20160801000000;EndTime=20260801000000", true},
		{2031, "BeginTime=20150801000000;EndTime=20260801000000", false},
		{2061, "begintime=20260801060000;ENDTIME=20260801080000", true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ask(cases[i].cn, cases[i].cp);
		ck_assert_int_eq(request.ask, HJ212_ASK_HISTORY);
		ck_assert_msg((request.qn_rtn == HJ212_READY) == cases[i].good, "%d %s: %d",
			      cases[i].cn, cases[i].cp, request.qn_rtn);
	}
	self.minutes = 0;
	ask(2051, "BeginTime=20260801060000;EndTime=20260801060000");
	ck_assert_int_eq(request.qn_rtn, HJ212_DECLINED);
}
END_TEST

START_TEST(an_interval_is_set_within_what_the_standard_has)
{
	static const struct {
		int cn;
		const char *cp;
		int interval; /* 0: declined */
	} cases[] = {
		{1062, "RtdInterval=30", 30},
		{1062, "RtdInterval=3600", 3600},
		{1062, "RtdInterval=29", 0},
		{1062, "RtdInterval=3601", 0},
		{1062, "RtdInterval=-30", 0},
		{1062, "RtdInterval=", 0},
		{1062, "", 0},
		{1062, "MinInterval=30", 0},
		{1064, "MinInterval=1", 1},
		{1064, "MinInterval=10", 10},
		{1064, "MinInterval=30", 30},
		{1064, "MinInterval=7", 0},
		{1064, "MinInterval=60", 0},
		{1064, "MinInterval=0", 0},
		{1064, "MinInterval=1.0", 0},
		{1064, "RtdInterval=30", 0},
		{1064, "MinInterval=4294967297", 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ask(cases[i].cn, cases[i].cp);
		ck_assert_int_eq(request.ask, HJ212_SET_INTERVAL);
		ck_assert_msg((request.qn_rtn == HJ212_READY) == (cases[i].interval > 0), "%d %s",
			      cases[i].cn, cases[i].cp);
		if (cases[i].interval > 0)
			ck_assert_int_eq(request.interval, cases[i].interval);
	}
}
END_TEST

START_TEST(a_new_key_is_taken_from_whom_has_the_old_one_alone)
{
	static const char good[] = "SKCreateTime=20260801090000;NewSK=" KEY;

	self.edition = HJ212_2025;
	ask(1014, good);
	ck_assert_int_eq(request.qn_rtn, HJ212_READY);
	ck_assert_int_eq(request.ask, HJ212_NEW_KEY);
	ck_assert_int_eq(request.key_created_ms, beijing(1, 9, 0));
	ck_assert_int_eq(request.key.n, 32);
	ck_assert_mem_eq(segment.bytes + request.key.at, KEY, 32);
	char clear[HJ212_SEGMENT_MAX];
	snprintf(clear, sizeof(clear),
		 "QN=" QN ";ST=22;CN=1014;PW=123456;MN=" MN ";Flag=9;CP=&&%s&&", good);
	read_with(clear, &(struct hj212_arrival){.now_ms = NOW});
	ck_assert_int_eq(request.qn_rtn, HJ212_DECLINED);
	self.key_field = NULL;
	ask(1014, good);
	ck_assert_int_eq(request.qn_rtn, HJ212_DECLINED);
	self.key_field = "SecretKey";
	ask(1014, good);
	ck_assert_int_eq(request.qn_rtn, HJ212_DECLINED);
	ask(1014, "SKCreateTime=20260801090000;SecretKey=0123456789abcdef");
	ck_assert_int_eq(request.qn_rtn, HJ212_READY);
	ck_assert_int_eq(request.key.n, 16);
}
END_TEST

START_TEST(a_new_key_without_its_time_or_of_another_length_is_declined)
{
	static const char *const bad[] = {
		"",
		"NewSK=" KEY,
		"SKCreateTime=20260801090000",
		"SKCreateTime=2026080109;NewSK=" KEY,
		"SKCreateTime=20260803090000;NewSK=" KEY, /* made after now */
		"SKCreateTime=20260801090000;NewSK=",
		"SKCreateTime=20260801090000;NewSK=0123456789abcde",
		"SKCreateTime=20260801090000;NewSK=0123456789abcdef0",
		"SKCreateTime=20260801090000;NewSK=" KEY "0",
	};

	self.edition = HJ212_2025;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ask(1014, bad[i]);
		ck_assert_msg(request.qn_rtn == HJ212_DECLINED, "%s", bad[i]);
	}
}
END_TEST

START_TEST(answers_are_those_of_either_edition)
{
	ask(1011, "");
	check_answer(HJ212_ANSWER_RECEIPT, 0,
		     "QN=" QN ";ST=91;CN=9011;PW=123456;MN=" MN ";Flag=4;CP=&&QnRtn=1&&");
	check_answer(HJ212_ANSWER_TIME, NOW,
		     "QN=" QN ";ST=22;CN=1011;PW=123456;MN=" MN
		     ";Flag=4;CP=&&SystemTime=20260801093000&&");
	check_answer(HJ212_ANSWER_RESULT, HJ212_NO_DATA,
		     "QN=" QN ";ST=91;CN=9012;PW=123456;MN=" MN ";Flag=4;CP=&&ExeRtn=100&&");
	ask(2012, "");
	check_answer(HJ212_ANSWER_NOTICE, 0,
		     "QN=" QN ";ST=91;CN=9013;PW=123456;MN=" MN ";Flag=4;CP=&&&&");
	self.edition = HJ212_2025;
	ask(1061, "");
	check_answer(HJ212_ANSWER_INTERVAL, 60,
		     "QN=" QN ";ST=22;CN=1061;PW=123456;MN=" MN ";Flag=8;CP=&&RtdInterval=60&&");
	ask(1063, "");
	check_answer(HJ212_ANSWER_INTERVAL, 10,
		     "QN=" QN ";ST=22;CN=1063;PW=123456;MN=" MN ";Flag=8;CP=&&MinInterval=10&&");
	ask(1072, "PW=654321");
	check_answer(HJ212_ANSWER_RECEIPT, 0,
		     "QN=" QN ";ST=91;CN=9011;PW=123456;MN=" MN ";Flag=8;CP=&&QnRtn=2&&");
	read_text("ST=22;CN=1011;PW=1;MN=2;CP=&&&&");
	check_answer(HJ212_ANSWER_RECEIPT, 0, "ST=91;CN=9011;MN=" MN ";Flag=8;CP=&&QnRtn=4&&");
}
END_TEST

/* A request with letters changed at random is read as something that is within its limits. */
START_TEST(whatever_comes_is_within_its_limits)
{
	static const char *const texts[] = {
		"CN=2061;PW=123456;MN=" MN
		";Flag=5;CP=&&BeginTime=20260801060000;EndTime=20260801080000&&",
		"CN=1064;PW=123456;MN=" MN ";Flag=5;CP=&&MinInterval=10&&",
		"CN=1014;PW=123456;MN=" MN ";Flag=9;CP=&&SKCreateTime=20260801090000;NewSK=" KEY
		"&&"};
	char text[HJ212_SEGMENT_MAX];
	uint8_t answer[HJ212_SEGMENT_MAX];

	self.edition = HJ212_2025;
	for (int i = 0; i < 20000; i++) {
		int n = snprintf(text, sizeof(text), "QN=" QN ";ST=22;%s",
				 texts[unit_random() % 3]);
		for (unsigned k = unit_random() % 3 + 1; k > 0; k--)
			text[unit_random() % (unsigned)n] =
				"0123456789;=&CPxz,"[unit_random() % 18];
		read_text(text);
		ck_assert_uint_gt(
			hj212_answer_write(&self, &request, HJ212_ANSWER_RECEIPT, 0, answer), 0);
		if (request.qn_rtn != HJ212_READY)
			continue;
		ck_assert(request.known);
		if (request.ask == HJ212_ASK_HISTORY)
			ck_assert(request.last_end_ms <= NOW &&
				  request.last_end_ms - request.first_end_ms <= HJ212_DAYS_SPAN_MS);
		if (request.ask == HJ212_SET_INTERVAL)
			ck_assert(request.interval >= 1 && request.interval <= 3600);
		if (request.ask == HJ212_NEW_KEY)
			ck_assert(request.key.n == 16 || request.key.n == 32);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("hj212_request");
	TCase *tc = tcase_create("hj212_request");

	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_test(tc, what_may_be_asked_is_ready_and_what_would_set_something_is_declined);
	tcase_add_test(tc, a_wrong_head_is_told_by_its_number_and_is_not_told_the_password);
	tcase_add_test(tc, a_request_that_wants_no_answer_says_so);
	tcase_add_test(tc,
		       a_damaged_frame_is_answered_only_if_it_reads_as_a_request_to_this_station);
	tcase_add_test(tc, a_range_names_the_periods_that_start_in_it_by_their_ends);
	tcase_add_test(tc, what_is_not_over_yet_is_left_out_of_a_range);
	tcase_add_test(
		tc,
		a_range_that_is_none_ends_before_it_begins_lies_ahead_or_is_too_long_is_declined);
	tcase_add_test(tc, an_interval_is_set_within_what_the_standard_has);
	tcase_add_test(tc, a_new_key_is_taken_from_whom_has_the_old_one_alone);
	tcase_add_test(tc, a_new_key_without_its_time_or_of_another_length_is_declined);
	tcase_add_test(tc, answers_are_those_of_either_edition);
	tcase_add_test(tc, whatever_comes_is_within_its_limits);
	suite_add_tcase(suite, tc);
	return suite;
}
