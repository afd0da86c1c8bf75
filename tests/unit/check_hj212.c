/* SPDX-License-Identifier: MIT */
/*
 * HJ 212 from bytes to meaning, against the standard's own examples and frames of real loggers.
 */
#include <stdio.h>
#include <string.h>

#include "hj212_case.h"
#include "hj212_factor.h"
#include "hj212_part.h"
#include "sm4.h"
#include "unit.h"

#define EVENTS 16

static struct hj212_reader reader;
static struct hj212_event events[EVENTS];
static struct hj212_segment segment;
static const struct hj212_form standard;

static int read_text(const char *text)
{
	hj212_reader_init(&reader, &standard);
	return hj212_read_all(&reader, text, strlen(text), events, EVENTS);
}

/* A segment in a frame of some form. */
static const char *framed(const char *text, const struct hj212_form *form)
{
	static char frame[HJ212_FRAME_MAX + 1];
	size_t n = hj212_frame_write((const uint8_t *)text, strlen(text), form, (uint8_t *)frame);

	ck_assert_uint_gt(n, 0);
	frame[n] = '\0';
	return frame;
}

#define ANNEX                                                                                      \
	"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"         \
	"CP=&&RtdInterval=30&&"
#define ANNEX_FRAME "##0101" ANNEX "1C80\r\n"

START_TEST(the_crc_is_that_of_annex_a_and_not_that_of_modbus)
{
	ck_assert_uint_eq(hj212_crc((const uint8_t *)"", 0), 0xFFFF);
	ck_assert_uint_eq(hj212_crc((const uint8_t *)"\0", 1), 0x4040);
	ck_assert_uint_eq(hj212_crc((const uint8_t *)ANNEX, strlen(ANNEX)), 0x1C80);
	ck_assert_uint_eq(hj212_crc_of(HJ212_CRC_MODBUS, (const uint8_t *)ANNEX, strlen(ANNEX)),
			  0x0759);
	ck_assert_str_eq(framed(ANNEX, &standard), ANNEX_FRAME);
}
END_TEST

static void check_good(const struct hj212_case *each)
{
	uint8_t again[HJ212_SEGMENT_MAX], frame[HJ212_FRAME_MAX];
	struct hj212_form form = standard;

	hj212_reader_init(&reader, &standard);
	ck_assert_int_eq(hj212_read_all(&reader, each->frame, each->n, events, EVENTS), 1);
	ck_assert_msg(events[0].kind == HJ212_FRAME, "%s: %s", hj212_causes_text(&events[0]),
		      each->frame);
	ck_assert(!events[0].unended);
	hj212_segment_read(events[0].segment, events[0].n, &segment);
	ck_assert_int_eq(segment.oddities & (HJ212_NO_BODY | HJ212_NO_CN | HJ212_TOO_MANY), 0);
	form.lower = events[0].lower;
	size_t n = hj212_segment_write(&segment, again, sizeof(again));
	ck_assert_uint_eq(hj212_frame_write(again, n, &form, frame), each->n);
	ck_assert_mem_eq(frame, each->frame, each->n);
}

/* What the table's second column means in this program's words. */
static const char *causes_of(const struct hj212_case *each)
{
	static char text[128];
	int said = 0, is = 0, digits = (int)strspn(each->frame + 2, "0123456789");
	const char *length = strstr(each->why, "LEN(");

	text[0] = '\0';
	if (digits != 4)
		strcat(text, "length_digits ");
	if (length && sscanf(length, "LEN(%d vs %d)", &said, &is) == 2)
		strcat(text, said == is + 6 ? "length_plus_6 " : "length_wrong ");
	if (strstr(each->why, "MODBUS swapped"))
		strcat(text, "crc_modbus_swapped ");
	else if (strstr(each->why, "MODBUS"))
		strcat(text, "crc_modbus ");
	else if (strstr(each->why, "CRC("))
		strcat(text, "crc_wrong ");
	if (strstr(each->why, "OVER1024"))
		strcat(text, "too_long ");
	ck_assert_uint_gt(strlen(text), 0);
	text[strlen(text) - 1] = '\0';
	return text;
}

/* Whatever stands behind it is whole. */
static void check_bad(const struct hj212_case *each)
{
	char bytes[sizeof(each->frame) + sizeof(ANNEX_FRAME)];
	size_t n = strlen(ANNEX_FRAME);

	memcpy(bytes, each->frame, each->n);
	memcpy(bytes + each->n, ANNEX_FRAME, n);
	hj212_reader_init(&reader, &standard);
	ck_assert_int_eq(hj212_read_all(&reader, bytes, each->n + n, events, EVENTS), 2);
	ck_assert_int_eq(events[0].kind, HJ212_REFUSED);
	ck_assert_str_eq(hj212_causes_text(&events[0]), causes_of(each));
	ck_assert_int_eq(events[1].kind, HJ212_FRAME);
	ck_assert_uint_eq(events[1].skipped, 0);
	ck_assert_uint_eq(events[1].offset, each->n);
	ck_assert_mem_eq(events[1].segment, ANNEX, events[1].n);
}

static void check_cases(bool whole, bool good)
{
	static struct hj212_case cases[CASES_MAX];
	int n = hj212_cases(whole, cases), seen = 0;

	for (int i = 0; i < n; i++) {
		if ((strcmp(cases[i].verdict, "good") == 0) != good)
			continue;
		(good ? check_good : check_bad)(&cases[i]);
		seen++;
	}
	ck_assert(seen >= (good ? 10 : 8) || (whole && n == 0));
}

START_TEST(every_good_frame_is_read_and_written_again_byte_for_byte)
{
	check_cases(false, true);
	check_cases(true, true);
}
END_TEST

START_TEST(every_bad_frame_is_refused_for_what_is_wrong_with_it)
{
	check_cases(false, false);
	check_cases(true, false);
}
END_TEST

START_TEST(a_form_of_the_field_is_taken_from_whom_it_is_expected_and_named_to_others)
{
	static const struct {
		struct hj212_form form;
		const char *cause;
	} forms[] = {
		{{.crc = HJ212_CRC_MODBUS}, "crc_modbus"},
		{{.crc = HJ212_CRC_MODBUS_SWAPPED}, "crc_modbus_swapped"},
		{{.crc = HJ212_CRC_SWAPPED}, "crc_swapped"},
		{{.length = HJ212_LENGTH_PLUS_6}, "length_plus_6"},
		{{.crc = HJ212_CRC_MODBUS, .length = HJ212_LENGTH_PLUS_6},
		 "length_plus_6 crc_modbus"},
	};
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const char *frame = framed(ANNEX, &forms[i].form);
		ck_assert_int_eq(read_text(frame), 1);
		ck_assert_str_eq(hj212_causes_text(&events[0]), forms[i].cause);
		hj212_reader_init(&reader, &forms[i].form);
		ck_assert_int_eq(hj212_read_all(&reader, frame, strlen(frame), events, EVENTS), 1);
		ck_assert_int_eq(events[0].kind, HJ212_FRAME);
		ck_assert_uint_eq(events[0].n, strlen(ANNEX));
		hj212_reader_init(&reader, &forms[i].form);
		ck_assert_int_eq(hj212_read_all(&reader, ANNEX_FRAME ANNEX_FRAME,
						2 * strlen(ANNEX_FRAME), events, EVENTS),
				 2);
		ck_assert_int_eq(events[0].kind, HJ212_REFUSED);
		ck_assert_int_eq(events[1].kind, HJ212_REFUSED);
	}
}
END_TEST

START_TEST(what_has_no_crc_or_no_end_is_told_as_that)
{
	ck_assert_int_eq(read_text("##0101" ANNEX "\r\n" ANNEX_FRAME), 2);
	ck_assert_str_eq(hj212_causes_text(&events[0]), "crc_missing");
	ck_assert_int_eq(events[1].kind, HJ212_FRAME);
	ck_assert_int_eq(read_text("##0101QN=20160801085857223;ST=32;CN=10" ANNEX_FRAME), 2);
	ck_assert_str_eq(hj212_causes_text(&events[0]), "cut");
	ck_assert_int_eq(events[1].kind, HJ212_FRAME);
	ck_assert_int_eq(read_text("##0103" ANNEX "1C80\r\n" ANNEX_FRAME), 2);
	ck_assert_str_eq(hj212_causes_text(&events[0]), "length_wrong");
	/* two characters of UTF-8, and of GBK */
	ck_assert_int_eq(read_text("##0014MN=1;a=\xe8\x8d\xb7\xe5\xa1\x98;CP=&&&&1C80\r\n"), 1);
	ck_assert_uint_eq(events[0].n, 21);
	ck_assert_str_eq(hj212_causes_text(&events[0]), "length_wrong crc_wrong");
	ck_assert_int_eq(read_text("##0017MN=1;a=\xe8\x8d\xb7\xe5\xa1\x98;CP=&&&&1C80\r\n"), 1);
	ck_assert_str_eq(hj212_causes_text(&events[0]), "length_characters crc_wrong");
	ck_assert_int_eq(read_text("##0017MN=1;a=\xba\xc9\xcc\xc1;CP=&&&&1C80\r\n"), 1);
	ck_assert_str_eq(hj212_causes_text(&events[0]), "length_characters crc_wrong");
	ck_assert_int_eq(read_text("##0101" ANNEX "1C81\r\n" ANNEX_FRAME), 2);
	ck_assert_str_eq(hj212_causes_text(&events[0]), "crc_wrong");
}
END_TEST

START_TEST(a_frame_without_its_cr_lf_is_taken_and_marked)
{
	ck_assert_int_eq(read_text("##0101" ANNEX "1c80" ANNEX_FRAME "##0101" ANNEX "1C80\n"
				   "##0101" ANNEX "1C80"),
			 4);
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(events[i].kind, HJ212_FRAME);
		ck_assert_int_eq(events[i].unended, i != 1);
		ck_assert_int_eq(events[i].lower, i == 0);
	}
}
END_TEST

START_TEST(a_lone_mark_in_garbage_hides_no_frame)
{
	static const char *const garbage[] = {"##",     "#",          "###",      "xx##yy",
					      "##12",   "## ##9999",  "##9999ab", "\r\n",
					      "##0000", "0101QN=##01"};
	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		char text[400];
		snprintf(text, sizeof(text), "%s" ANNEX_FRAME "%s" ANNEX_FRAME "%s", garbage[i],
			 garbage[i], garbage[i]);
		int n = read_text(text), frames = 0;
		uint64_t bytes = 0;
		for (int j = 0; j < n; j++) {
			frames += events[j].kind == HJ212_FRAME;
			bytes += events[j].skipped;
		}
		ck_assert_msg(frames == 2, "%s: %d", garbage[i], frames);
		ck_assert_uint_le(bytes, 3 * strlen(garbage[i]));
		if (n == frames + (events[n - 1].kind == HJ212_OTHER))
			ck_assert_uint_eq(bytes, 3 * strlen(garbage[i]));
	}
	/* what looks like a frame by its length alone, and ends with another one inside */
	ck_assert_int_eq(read_text("##0114;" ANNEX_FRAME "0000\r\n" ANNEX_FRAME), 3);
	ck_assert_int_eq(events[0].kind, HJ212_REFUSED);
	ck_assert_int_eq(events[1].kind, HJ212_FRAME);
	ck_assert_int_eq(events[2].kind, HJ212_FRAME);
}
END_TEST

START_TEST(a_length_that_counts_too_much_is_told_at_once_and_not_with_the_next_frame)
{
	static const struct hj212_form plus_6 = {.length = HJ212_LENGTH_PLUS_6};

	hj212_reader_init(&reader, &standard);
	ck_assert_uint_eq(
		hj212_reader_put(&reader, 0, (const uint8_t *)framed(ANNEX, &plus_6), 113), 113);
	ck_assert(hj212_reader_next(&reader, 0, &events[0]));
	ck_assert_str_eq(hj212_causes_text(&events[0]), "length_plus_6");
	ck_assert(!hj212_reader_next(&reader, 0, &events[0]));
}
END_TEST

START_TEST(a_half_frame_is_given_up_30_s_after_its_first_byte_and_no_sooner)
{
	const uint8_t *half = (const uint8_t *)"##0101QN=2016";

	hj212_reader_init(&reader, &standard);
	ck_assert_uint_eq(hj212_reader_put(&reader, 1000, half, 13), 13);
	ck_assert(!hj212_reader_next(&reader, 30999, &events[0]));
	ck_assert_uint_eq(hj212_reader_put(&reader, 30999, (const uint8_t *)"0801", 4), 4);
	ck_assert(!hj212_reader_next(&reader, 30999, &events[0]));
	ck_assert(hj212_reader_next(&reader, 31000, &events[0]));
	ck_assert_str_eq(hj212_causes_text(&events[0]), "cut");
	ck_assert(!hj212_reader_next(&reader, 31000, &events[0]));
	ck_assert_uint_eq(hj212_reader_put(&reader, 31001, (const uint8_t *)ANNEX_FRAME, 113), 113);
	ck_assert(hj212_reader_next(&reader, 31001, &events[0]));
	ck_assert_int_eq(events[0].kind, HJ212_FRAME);
	ck_assert_uint_eq(events[0].offset, 17);
}
END_TEST

START_TEST(the_longest_frame_that_a_length_can_say_is_read_and_refused)
{
	static char frame[HJ212_LENGTH_MAX + 400];
	struct hj212_event event;
	int n = snprintf(frame, sizeof(frame), "##9999ST=22;CP=&&");

	memset(frame + n, 'x', sizeof(frame) - (size_t)n);
	memcpy(frame + 6 + HJ212_LENGTH_MAX - 2, "&&", 2);
	snprintf(frame + 6 + HJ212_LENGTH_MAX, 200, "%04X\r\n" ANNEX_FRAME,
		 (unsigned)hj212_crc((uint8_t *)frame + 6, HJ212_LENGTH_MAX));
	size_t whole = 6 + HJ212_LENGTH_MAX + 6 + strlen(ANNEX_FRAME);
	hj212_reader_init(&reader, &standard);
	ck_assert_int_eq(hj212_read_all(&reader, frame, whole, events, EVENTS), 2);
	ck_assert_str_eq(hj212_causes_text(&events[0]), "too_long");
	ck_assert_int_eq(events[1].kind, HJ212_FRAME);
	/* and one of nothing but text, which never ends */
	hj212_reader_init(&reader, &standard);
	memset(frame + 6, 'x', sizeof(frame) - 6);
	for (int i = 0; i < 20; i++) {
		const uint8_t *at = (const uint8_t *)frame;
		for (size_t left = sizeof(frame); left > 0;) {
			size_t taken = hj212_reader_put(&reader, 0, at, left);
			ck_assert_uint_gt(taken, 0);
			at += taken;
			left -= taken;
			while (hj212_reader_next(&reader, 0, &event))
				ck_assert_int_eq(event.kind, HJ212_REFUSED);
		}
	}
}
END_TEST

/* ---- however the bytes come ---- */

/* Frames of all kinds, damaged here and there, with garbage between. */
static size_t make_stream(uint8_t *bytes, size_t size)
{
	static struct hj212_case cases[CASES_MAX];
	int n = hj212_cases(false, cases);
	size_t at = 0;

	while (at + sizeof(cases[0].frame) < size) {
		const struct hj212_case *each = &cases[unit_random() % (unsigned)n];
		memcpy(bytes + at, each->frame, each->n);
		size_t end = at + each->n;
		for (unsigned hits = unit_random() % 3; hits > 0; hits--)
			bytes[at + unit_random() % each->n] =
				(uint8_t) "#\r\n0A&;="[unit_random() % 8];
		if (unit_random() % 4 == 0)
			end -= unit_random() % each->n;
		at = end;
	}
	return at;
}

static uint64_t mix_event(uint64_t mix, const struct hj212_event *event)
{
	const uint64_t parts[] = {event->kind,
				  event->faults,
				  event->offset,
				  event->skipped,
				  (uint64_t)event->declared,
				  event->n,
				  event->crc,
				  event->fits,
				  event->unended};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		mix = (mix ^ parts[i]) * 0x100000001b3u;
	return mix;
}

static uint64_t read_torn(const uint8_t *bytes, size_t n, unsigned longest)
{
	uint64_t mix = 0xcbf29ce484222325u;
	struct hj212_event event;

	hj212_reader_init(&reader, &standard);
	for (size_t at = 0; at < n;) {
		size_t piece = 1 + unit_random() % longest;
		piece = piece < n - at ? piece : n - at;
		at += hj212_reader_put(&reader, 0, bytes + at, piece);
		while (hj212_reader_next(&reader, 0, &event))
			mix = mix_event(mix, &event);
	}
	while (hj212_reader_next(&reader, HJ212_END, &event))
		mix = mix_event(mix, &event);
	return mix;
}

START_TEST(what_comes_out_of_a_damaged_stream_does_not_depend_on_how_it_is_torn)
{
	static uint8_t bytes[30000];

	for (int i = 0; i < 40; i++) {
		size_t n = make_stream(bytes, sizeof(bytes));
		uint64_t whole = read_torn(bytes, n, 1000000);
		ck_assert_uint_eq(read_torn(bytes, n, 1), whole);
		ck_assert_uint_eq(read_torn(bytes, n, 7), whole);
		ck_assert_uint_eq(read_torn(bytes, n, 300), whole);
	}
}
END_TEST

/* ---- segments ---- */

static void read_segment(const char *text)
{
	hj212_segment_read((const uint8_t *)text, strlen(text), &segment);
}

static void expect_text(struct hj212_text text, const char *expected)
{
	ck_assert_uint_eq(text.n, strlen(expected));
	ck_assert_mem_eq(segment.bytes + text.at, expected, text.n);
}

START_TEST(the_fields_of_a_segment_are_found_in_letters_of_either_case)
{
	read_segment("qn=20240601085857223;St=22;CN=2061;pw=123456;Mn=A_1;FLAG=9;CP=&&"
		     "DataTime=20240601080000;a34004-Avg=35,a34004-flag=d;a=&&");
	ck_assert_int_eq(segment.oddities, 0);
	expect_text(hj212_head(&segment, "MN")->value, "A_1");
	ck_assert_int_eq(hj212_number(&segment, hj212_head(&segment, "ST"), 99), 22);
	ck_assert_int_eq(hj212_number(&segment, hj212_head(&segment, "MN"), 99), -1);
	ck_assert_int_eq(hj212_number(&segment, hj212_head(&segment, "CN"), 2060), -1);
	ck_assert_ptr_null(hj212_head(&segment, "RF"));
	ck_assert_int_eq(segment.n_items, 4);
	expect_text(segment.items[1].key, "a34004-Avg");
	ck_assert_int_eq(segment.items[1].mark, ',');
	ck_assert_int_eq(segment.items[2].mark, ';');
	expect_text(segment.items[2].value, "d");
	expect_text(segment.items[3].value, "");
}
END_TEST

START_TEST(what_is_odd_about_a_segment_is_marked)
{
	static const struct {
		const char *text;
		unsigned oddities;
	} odd[] = {
		{"ST=22;CN=2011;MN=1;CP=&&&&", 0},
		{"ST=22;CN=2011;CP=&&&&", HJ212_NO_MN},
		{"ST=22;MN=1;CP=&&&&", HJ212_NO_CN},
		{"ST=22;CN=2011;MN=1;CP=&&a=1;&&", HJ212_MARK_LAST},
		{"ST=22;CN=2011;MN=1;CP=&&a&&", HJ212_NO_EQUALS},
		{"ST=22;CN=2011;MN=1;CP=&&QN=1;a=1&&", HJ212_HEAD_INSIDE},
		{"ST=22;CN=2011;MN=1;CP=&&a=1;Flag=N&&", HJ212_HEAD_INSIDE},
		{"ST=22;CN=2011;MN=1", HJ212_NO_BODY},
		{"ST=22;CN=2011;MN=1;CP=&&a=1", HJ212_NO_BODY},
		{"ST=22;CN=2011;MN=1;CP=&&", HJ212_NO_BODY},
		{"ST=22;CN=2011;MN=1;Flag=6;CP=&&&&", HJ212_PART_UNSAID},
		{"ST=22;CN=2011;MN=1;Flag=4;PNUM=2;PNO=1;CP=&&&&", HJ212_PART_UNSAID},
		{"ST=22;CN=2011;MN=1;Flag=6;PNUM=2;PNO=1;CP=&&&&", 0},
		{"", HJ212_NO_BODY | HJ212_NO_CN | HJ212_NO_MN},
	};
	uint8_t again[200];

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		read_segment(odd[i].text);
		ck_assert_msg(segment.oddities == odd[i].oddities, "%s: %u", odd[i].text,
			      segment.oddities);
		ck_assert_uint_eq(hj212_segment_write(&segment, again, sizeof(again)),
				  strlen(odd[i].text));
		ck_assert_mem_eq(again, odd[i].text, strlen(odd[i].text));
	}
}
END_TEST

START_TEST(a_flag_says_version_parts_and_answer)
{
	for (int byte = 0; byte < 64; byte++)
		ck_assert_int_eq(hj212_flag_write(hj212_flag_read(byte)), byte);
	ck_assert_int_eq(hj212_flag_read(5).version, HJ212_2017);
	ck_assert(hj212_flag_read(5).answer && !hj212_flag_read(5).parts);
	ck_assert_int_eq(hj212_flag_read(10).version, HJ212_2025);
	ck_assert(hj212_flag_read(10).parts && !hj212_flag_read(10).answer);
}
END_TEST

/* ---- parts ---- */

static const struct hj212_message hour = {
	.qn = "20160801090000001",
	.st = 22,
	.cn = 2061,
	.pw = "123456",
	.mn = "010000A8900016F000169DC0",
	.version = HJ212_2017,
	.answer = true,
	.body = "DataTime=20160801080000;x1-Avg=1,x1-Flag=N",
	.n_body = 42,
};

START_TEST(a_message_of_one_part_has_the_heads_order_of_the_standard)
{
	struct hj212_message message = hour;
	uint8_t bytes[HJ212_SEGMENT_MAX + 1];

	ck_assert_int_eq(hj212_parts(&message), 1);
	bytes[hj212_part_write(&message, 1, bytes)] = '\0';
	ck_assert_str_eq((char *)bytes, "QN=20160801090000001;ST=22;CN=2061;PW=123456;"
					"MN=010000A8900016F000169DC0;Flag=5;CP=&&"
					"DataTime=20160801080000;x1-Avg=1,x1-Flag=N&&");
	message.again = true;
	bytes[hj212_part_write(&message, 1, bytes)] = '\0';
	ck_assert_ptr_null(strstr((char *)bytes, "RF="));
	message.version = HJ212_2025;
	bytes[hj212_part_write(&message, 1, bytes)] = '\0';
	ck_assert_ptr_nonnull(strstr((char *)bytes, ";Flag=9;RF=1;CP=&&"));
}
END_TEST

static size_t make_body(char *body, size_t size, int factors)
{
	size_t n = (size_t)snprintf(body, size, "DataTime=20160801080000");

	for (int i = 0; i < factors; i++)
		n += (size_t)snprintf(body + n, size - n, ";x%d-Avg=%u,x%d-Flag=N", i,
				      unit_random() % 100000, i);
	ck_assert_uint_lt(n, size);
	return n;
}

static void check_parts(const struct hj212_message *message, struct hj212_joined *joined)
{
	int n = hj212_parts(message);
	uint8_t bytes[HJ212_SEGMENT_MAX];

	for (int part = 1; part <= n; part++) {
		size_t length = hj212_part_write(message, part, bytes);
		ck_assert_uint_le(length, HJ212_SEGMENT_MAX);
		hj212_segment_read(bytes, length, &segment);
		ck_assert_int_eq(segment.oddities, 0);
		ck_assert(hj212_is(&segment, segment.items[0].key, "DataTime"));
		enum hj212_join whole = n == 1      ? HJ212_JOIN_ONE
					: part == n ? HJ212_JOIN_WHOLE
						    : HJ212_JOIN_WAIT;
		ck_assert_int_eq(hj212_join(joined, &segment), whole);
		if (n > 1)
			ck_assert_int_eq(hj212_join(joined, &segment), HJ212_JOIN_AGAIN);
	}
	if (n > 1) {
		ck_assert_uint_eq(joined->n, message->n_body);
		ck_assert_mem_eq(joined->body, message->body, joined->n);
	}
}

START_TEST(a_long_message_is_split_between_factors_and_joined_again)
{
	static struct hj212_joined joined;
	static char body[HJ212_JOINED_MAX];
	int most = 0;

	for (int i = 0; i < 100; i++) {
		struct hj212_message message = hour;
		char qn[32];
		snprintf(qn, sizeof(qn), "20160801090000%03d", i);
		message.qn = qn;
		message.version = i % 2 ? HJ212_2017 : HJ212_2025;
		message.body = body;
		message.n_body = make_body(body, sizeof(body), (int)(unit_random() % 240));
		check_parts(&message, &joined);
		most = hj212_parts(&message) > most ? hj212_parts(&message) : most;
	}
	ck_assert_int_ge(most, 4);
}
END_TEST

START_TEST(what_cannot_be_sent_has_no_parts)
{
	static char body[20000];
	struct hj212_message message = hour;

	message.body = body;
	memset(body, 'x', sizeof(body));
	message.n_body = HJ212_BODY_MAX + 1;
	ck_assert_int_eq(hj212_parts(&message), 0);
	message.n_body = make_body(body, sizeof(body), 600);
	ck_assert_int_gt(hj212_parts(&message), 9);
	message.version = HJ212_2025;
	ck_assert_int_eq(hj212_parts(&message), 0);
}
END_TEST

static enum hj212_join join_text(struct hj212_joined *joined, const char *qn, int of, int at,
				 const char *body)
{
	char text[400];

	snprintf(text, sizeof(text), "QN=%s;ST=22;CN=2061;MN=1;Flag=7;PNUM=%d;PNO=%d;CP=&&%s&&", qn,
		 of, at, body);
	read_segment(text);
	return hj212_join(joined, &segment);
}

START_TEST(parts_that_do_not_belong_together_are_not_joined)
{
	static struct hj212_joined joined;

	ck_assert_int_eq(join_text(&joined, "1", 2, 1, "a=1"), HJ212_JOIN_WAIT);
	ck_assert_int_eq(join_text(&joined, "2", 2, 2, "b=1"), HJ212_JOIN_REFUSED);
	ck_assert_int_eq(join_text(&joined, "1", 2, 2, "b=1"), HJ212_JOIN_REFUSED);
	ck_assert_int_eq(join_text(&joined, "1", 3, 1, "a=1"), HJ212_JOIN_WAIT);
	ck_assert_int_eq(join_text(&joined, "1", 3, 3, "c=1"), HJ212_JOIN_REFUSED);
	ck_assert_int_eq(join_text(&joined, "1", 3, 4, "c=1"), HJ212_JOIN_REFUSED);
	ck_assert_int_eq(join_text(&joined, "3", 2, 1, "a=1"), HJ212_JOIN_WAIT);
	ck_assert_int_eq(join_text(&joined, "4", 2, 1, "a=2"), HJ212_JOIN_WAIT);
	ck_assert_int_eq(join_text(&joined, "4", 2, 2, "b=2"), HJ212_JOIN_WHOLE);
	ck_assert_int_eq(join_text(&joined, "4", 2, 2, "b=2"), HJ212_JOIN_AGAIN);
	ck_assert_uint_eq(joined.n, 7);
	hj212_body_read(joined.body, joined.n, &segment);
	ck_assert_int_eq(segment.n_items, 2);
	expect_text(segment.items[1].key, "b");
	for (int i = 1; i <= 60; i++) {
		char body[300];
		memset(body, 'x', sizeof(body));
		body[299] = '\0';
		ck_assert_int_eq(join_text(&joined, "5", 60, i, body),
				 i <= 33 ? HJ212_JOIN_WAIT : HJ212_JOIN_REFUSED);
	}
}
END_TEST

/* ---- SM4 ---- */

static struct sm4_key zeros = {.bytes = "0000000000000000"};
static const struct hj212_cipher cipher = {sm4_blocks, &zeros};
static const struct hj212_form secret = {.cipher = &cipher};

/* The ciphertext of an example of annex A.2, from its file. */
static size_t read_example(const char *name, uint8_t *ret)
{
	char line[2048], hex[2048];
	size_t n = 0;
	FILE *file = fopen(unit_source("tests/data/extract/cases/hj212/sm4.txt"), "r");

	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, name, strlen(name)) != 0)
			continue;
		ck_assert_int_eq(sscanf(line, "%*s %2047[0-9A-F]", hex), 1);
		for (; sscanf(hex + 2 * n, "%2hhx", &ret[n]) == 1; n++)
			;
	}
	fclose(file);
	ck_assert_uint_gt(n, 100);
	return n;
}

static void check_example(const char *name, const char *clear_frame, const char *rest)
{
	uint8_t expected[1024], frame[HJ212_FRAME_MAX];
	size_t n = read_example(name, expected), whole = strlen(clear_frame);
	const char *body = strstr(clear_frame, "CP=&&") + 5;

	ck_assert_int_eq(read_text(clear_frame), 1);
	ck_assert_uint_eq(hj212_frame_write(events[0].segment, events[0].n, &secret, frame), whole);
	ck_assert_mem_eq(frame + (body - clear_frame), expected, n);
	ck_assert_mem_eq(frame + (body - clear_frame) + n, rest, strlen(rest));
	ck_assert_mem_eq(frame, clear_frame, (size_t)(body - clear_frame));
	ck_assert_mem_eq(frame + whole - 8, clear_frame + whole - 8, 8); /* &&, CRC, CR LF */
	hj212_reader_init(&reader, &secret);
	ck_assert_int_eq(hj212_read_all(&reader, frame, whole, events, EVENTS), 1);
	ck_assert(events[0].kind == HJ212_FRAME && events[0].enciphered);
	ck_assert_mem_eq(events[0].segment, clear_frame + 6, events[0].n);
}

START_TEST(the_examples_of_2025_are_enciphered_and_deciphered_as_they_are_printed)
{
	static struct hj212_case cases[CASES_MAX];
	int n = hj212_cases(false, cases), seen = 0;

	for (int i = 0; i < n; i++) {
		if (strncmp(cases[i].frame, "##0295", 6) == 0)
			seen++, check_example("example-2", cases[i].frame, "");
		if (strncmp(cases[i].frame, "##0234", 6) == 0)
			seen++, check_example("example-4", cases[i].frame, "g=N");
	}
	ck_assert_int_eq(seen, 2);
}
END_TEST

START_TEST(another_key_gives_nothing_and_clear_frames_are_read_with_a_key_too)
{
	struct sm4_key other = zeros;
	struct hj212_cipher others = {sm4_blocks, &other};
	struct hj212_form wrong = {.cipher = &others};
	const char *text = "ST=22;CN=2061;MN=1;Flag=9;CP=&&DataTime=20240601080000;a1-Avg=1&&";
	uint8_t frame[HJ212_FRAME_MAX];
	size_t n = hj212_frame_write((const uint8_t *)text, strlen(text), &secret, frame);

	other.bytes[15] ^= 1;
	hj212_reader_init(&reader, &wrong);
	ck_assert_int_eq(hj212_read_all(&reader, frame, n, events, EVENTS), 1);
	ck_assert_str_eq(hj212_causes_text(&events[0]), "crc_wrong");
	hj212_reader_init(&reader, &standard);
	ck_assert_int_eq(hj212_read_all(&reader, frame, n, events, EVENTS), 1);
	ck_assert_int_eq(events[0].kind, HJ212_REFUSED);
	hj212_reader_init(&reader, &secret);
	ck_assert_int_eq(hj212_read_all(&reader, ANNEX_FRAME, 113, events, EVENTS), 1);
	ck_assert(events[0].kind == HJ212_FRAME && !events[0].enciphered);
}
END_TEST

START_TEST(what_the_key_does_not_read_is_read_by_the_one_before_and_says_so)
{
	struct sm4_key other = zeros;
	struct hj212_cipher others = {sm4_blocks, &other};
	struct hj212_form both = {.cipher = &others, .before = secret.cipher};
	struct hj212_form turned = {.cipher = secret.cipher, .before = &others};
	const char *text = "ST=22;CN=2061;MN=1;Flag=9;CP=&&DataTime=20240601080000;a1-Avg=1&&";
	uint8_t frame[HJ212_FRAME_MAX];
	size_t n = hj212_frame_write((const uint8_t *)text, strlen(text), &secret, frame);

	other.bytes[0] ^= 1;
	hj212_reader_init(&reader, &both);
	ck_assert_int_eq(hj212_read_all(&reader, frame, n, events, EVENTS), 1);
	ck_assert_int_eq(events[0].kind, HJ212_FRAME);
	ck_assert(events[0].enciphered && events[0].by_before);
	ck_assert_mem_eq(events[0].segment, text, strlen(text));
	hj212_reader_init(&reader, &turned);
	ck_assert_int_eq(hj212_read_all(&reader, frame, n, events, EVENTS), 1);
	ck_assert(events[0].enciphered && !events[0].by_before);
	both.before = NULL;
	hj212_reader_init(&reader, &both);
	ck_assert_int_eq(hj212_read_all(&reader, frame, n, events, EVENTS), 1);
	ck_assert(events[0].kind == HJ212_REFUSED && !events[0].by_before);
}
END_TEST

/* ---- meaning ---- */

static struct hj212_text whole_text(const char *text)
{
	segment.bytes = text;
	return (struct hj212_text){0, (uint16_t)strlen(text)};
}

START_TEST(an_hour_is_named_by_its_start_on_the_wire_and_by_its_end_inside)
{
	char text[HJ212_TIME_SIZE];
	int64_t end_ms = 0, ms = 0;
	struct hj212_text start = whole_text("20160801080000");

	/* 2016-08-01 09:00 in Beijing */
	ck_assert(hj212_end_read(&segment, start, hj212_period_ms(2061, 0), &end_ms));
	ck_assert_int_eq(end_ms, 1470013200000LL);
	hj212_start_write(end_ms, hj212_period_ms(2061, 0), text);
	ck_assert_str_eq(text, "20160801080000");
	ck_assert_int_eq(hj212_period_ms(2031, 0), 24 * 3600000LL);
	ck_assert_int_eq(hj212_period_ms(2051, 10), 600000);
	ck_assert_int_eq(hj212_period_ms(2011, 10), 0);
	ck_assert(hj212_time_read(&segment, whole_text("20160801090000123"), &ms));
	ck_assert_int_eq(ms, end_ms + 123);
}
END_TEST

START_TEST(times_of_14_digits_or_more_are_times_and_no_others)
{
	static const char *const none[] = {"",
					   "2016080109000",
					   "20160801096000",
					   "20161301090000",
					   "20160230090000",
					   "20150229000000",
					   "20160801240000",
					   "2016-08-01 09:00",
					   "00000000000000"};
	int64_t ms = 7;
	char text[HJ212_TIME_SIZE];

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		ck_assert_msg(!hj212_time_read(&segment, whole_text(none[i]), &ms), "%s", none[i]);
	ck_assert_int_eq(ms, 7);
	ck_assert(hj212_time_read(&segment, whole_text("2024112320423050"), &ms));
	for (int i = 0; i < 400; i++) {
		int64_t at = (int64_t)(unit_random() % 4000000) * 1000000 + 1000 * (i % 60);
		hj212_start_write(at, 0, text);
		ck_assert(hj212_time_read(&segment, whole_text(text), &ms));
		ck_assert_int_eq(ms, at);
	}
}
END_TEST

START_TEST(flags_become_qualities_in_either_case_and_back_by_edition)
{
	enum quality quality = QUALITY_NORMAL;
	const char *letters = "NFMSDCTB", *of_2025 = "NDMDDCTD";

	for (int i = 0; letters[i]; i++) {
		char upper[] = {letters[i], '\0'}, lower[] = {(char)(letters[i] + 32), '\0'};
		ck_assert(hj212_quality_read(&segment, whole_text(upper), &quality));
		ck_assert_int_eq((char)quality, letters[i]);
		ck_assert(hj212_quality_read(&segment, whole_text(lower), &quality));
		ck_assert_int_eq((char)quality, letters[i]);
		ck_assert_int_eq(hj212_quality_write(HJ212_2017, quality), letters[i]);
		ck_assert_int_eq(hj212_quality_write(HJ212_2025, quality), of_2025[i]);
	}
	ck_assert(!hj212_quality_read(&segment, whole_text("x"), &quality));
	ck_assert(!hj212_quality_read(&segment, whole_text(""), &quality));
	ck_assert(!hj212_quality_read(&segment, whole_text("NN"), &quality));
}
END_TEST

START_TEST(a_code_is_found_in_its_own_case_or_in_any_if_the_profile_says_so)
{
	static struct hj212_profile profile = {.n_factors = 1, .factors = {{.code = "a1"}}};
	struct hj212_text code, field;
	bool other;

	ck_assert(hj212_key_split(&segment, whole_text("A1-Rtd"), &code, &field));
	ck_assert(hj212_is(&segment, field, "RTD"));
	ck_assert_ptr_null(hj212_factor_find(&profile, &segment, code, &other));
	ck_assert(other);
	profile.any_case = true;
	ck_assert_ptr_eq(hj212_factor_find(&profile, &segment, code, &other), &profile.factors[0]);
	ck_assert(!hj212_key_split(&segment, whole_text("DataTime"), &code, &field));
	ck_assert(hj212_key_split(&segment, whole_text("a12-Rtd"), &code, &field));
	ck_assert_ptr_null(hj212_factor_find(&profile, &segment, code, &other));
	ck_assert(!other);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("hj212");
	TCase *tc = tcase_create("hj212");

	tcase_add_test(tc, the_crc_is_that_of_annex_a_and_not_that_of_modbus);
	tcase_add_test(tc, every_good_frame_is_read_and_written_again_byte_for_byte);
	tcase_add_test(tc, every_bad_frame_is_refused_for_what_is_wrong_with_it);
	tcase_add_test(tc,
		       a_form_of_the_field_is_taken_from_whom_it_is_expected_and_named_to_others);
	tcase_add_test(tc, what_has_no_crc_or_no_end_is_told_as_that);
	tcase_add_test(tc, a_frame_without_its_cr_lf_is_taken_and_marked);
	tcase_add_test(tc, a_lone_mark_in_garbage_hides_no_frame);
	tcase_add_test(tc,
		       a_length_that_counts_too_much_is_told_at_once_and_not_with_the_next_frame);
	tcase_add_test(tc, a_half_frame_is_given_up_30_s_after_its_first_byte_and_no_sooner);
	tcase_add_test(tc, the_longest_frame_that_a_length_can_say_is_read_and_refused);
	tcase_add_test(tc, what_comes_out_of_a_damaged_stream_does_not_depend_on_how_it_is_torn);
	tcase_add_test(tc, the_fields_of_a_segment_are_found_in_letters_of_either_case);
	tcase_add_test(tc, what_is_odd_about_a_segment_is_marked);
	tcase_add_test(tc, a_flag_says_version_parts_and_answer);
	tcase_add_test(tc, a_message_of_one_part_has_the_heads_order_of_the_standard);
	tcase_add_test(tc, a_long_message_is_split_between_factors_and_joined_again);
	tcase_add_test(tc, what_cannot_be_sent_has_no_parts);
	tcase_add_test(tc, parts_that_do_not_belong_together_are_not_joined);
	tcase_add_test(tc, the_examples_of_2025_are_enciphered_and_deciphered_as_they_are_printed);
	tcase_add_test(tc, another_key_gives_nothing_and_clear_frames_are_read_with_a_key_too);
	tcase_add_test(tc, what_the_key_does_not_read_is_read_by_the_one_before_and_says_so);
	tcase_add_test(tc, an_hour_is_named_by_its_start_on_the_wire_and_by_its_end_inside);
	tcase_add_test(tc, times_of_14_digits_or_more_are_times_and_no_others);
	tcase_add_test(tc, flags_become_qualities_in_either_case_and_back_by_edition);
	tcase_add_test(tc, a_code_is_found_in_its_own_case_or_in_any_if_the_profile_says_so);
	suite_add_tcase(suite, tc);
	return suite;
}
