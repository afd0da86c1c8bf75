/* SPDX-License-Identifier: MIT */
/* Instruments and gateways as they are: what they need, and what they say unasked. */
#include "link.h"

#include <errno.h>
#include <stdio.h>

#include "frame.h"
#include "slave.h"
#include "unit.h"

#define UNIT 17
#define TIMEOUT_MS 400
#define LONG_MS 20000

/* A slave, and the link to it. */
struct pair {
	struct slave *slave;
	struct link_conf conf;
	struct link *link;
};

static struct pair pair_new(enum slave_wire wire)
{
	struct pair pair = {.slave = slave_start(wire, 0)};

	pair.conf = (struct link_conf){
		.kind = (enum link_kind)wire,
		.host = "127.0.0.1",
		.port = pair.slave->port,
		.device = pair.slave->path,
		.baud = 115200,
		.parity = 'N',
		.data_bits = 8,
		.stop_bits = 1,
		.response_timeout_ms = TIMEOUT_MS,
		.quiet_ms = 20,
		.before_ms = 1,
	};
	return pair;
}

static void pair_open(struct pair *pair)
{
	int code = 0;

	pair->link = link_new(&pair->conf);
	ck_assert_ptr_nonnull(pair->link);
	ck_assert_int_eq(link_open(pair->link, &code), WHY_NONE);
}

static void pair_free(struct pair *pair)
{
	link_free(pair->link);
	slave_stop(pair->slave);
}

/* Every word that is read is the slave's. */
static enum why read_by(struct pair *pair, int function, int address, int count, int *ret_code)
{
	const struct request request = {(uint8_t)function, (uint16_t)address, (uint16_t)count};
	uint16_t words[READPLAN_REGISTERS_MAX];
	int code = 0;

	if (link_open(pair->link, &code) != WHY_NONE)
		return WHY_LINK;
	enum why why = link_read(pair->link, &(struct asked){.unit_id = UNIT}, &request, words,
				 ret_code ? ret_code : &code);
	for (int i = 0; why == WHY_NONE && i < count; i++)
		ck_assert_int_eq(words[i], slave_register(UNIT, function, address + i));
	return why;
}

static enum why read_at(struct pair *pair, int address, int count, int *ret_code)
{
	return read_by(pair, 3, address, count, ret_code);
}

static int count_answered(struct pair *pair, int n)
{
	int answered = 0;

	for (int i = 0; i < n; i++)
		answered += read_at(pair, 10 * i, 2 + i % 3, NULL) == WHY_NONE;
	return answered;
}

/* ---- what they need ---- */

START_TEST(a_device_that_needs_a_pause_is_answered_with_gap_ms_and_not_without)
{
	struct pair pair = pair_new((enum slave_wire)_i);

	pair.slave->pause_ms = 10000;
	pair.conf.response_timeout_ms = 30;
	pair_open(&pair);
	ck_assert_int_eq(read_at(&pair, 0, 1, NULL), WHY_NONE);
	ck_assert_int_eq(read_at(&pair, 0, 2, NULL), WHY_TIMEOUT);
	link_free(pair.link);
	pair.conf.response_timeout_ms = LONG_MS;
	pair.conf.gap_ms = 90;
	pair.slave->pause_ms = 60;
	slave_sleep_ms(90);
	pair_open(&pair);
	pair.slave->shortest_gap_us = 1000000;
	ck_assert_int_eq(count_answered(&pair, 4), 4);
	ck_assert_int_ge(pair.slave->shortest_gap_us, 85000);
	pair_free(&pair);
}
END_TEST

START_TEST(a_device_that_wakes_after_a_connect_is_given_its_time)
{
	struct pair pair = pair_new((enum slave_wire)_i);

	pair.slave->start_ms = 60;
	pair.conf.response_timeout_ms = LONG_MS;
	pair.conf.connect_delay_ms = 120;
	pair_open(&pair);
	int64_t began_us = slave_now_us();
	ck_assert_int_eq(read_at(&pair, 0, 1, NULL), WHY_NONE);
	ck_assert_int_ge(slave_now_us() - began_us, 100000);
	pair_free(&pair);
}
END_TEST

START_TEST(each_unit_may_have_a_timeout_of_its_own)
{
	struct pair pair = pair_new((enum slave_wire)_i);
	const struct request request = {3, 0, 1};
	uint16_t word;
	int code = 0;

	pair.slave->faults[UNIT] = FAULT_LATE;
	pair.slave->late_ms = 120;
	pair.conf.response_timeout_ms = 40;
	pair_open(&pair);
	ck_assert_int_eq(
		link_read(pair.link, &(struct asked){UNIT, LONG_MS}, &request, &word, &code),
		WHY_NONE);
	int64_t began_us = slave_now_us();
	ck_assert_int_eq(link_read(pair.link, &(struct asked){UNIT, 0}, &request, &word, &code),
			 WHY_TIMEOUT);
	ck_assert_int_lt(slave_now_us() - began_us, 10000000);
	pair_free(&pair);
}
END_TEST

static void *interrupt_soon(void *link)
{
	slave_sleep_ms(100);
	link_interrupt(link);
	return NULL;
}

/* A tty frame that has begun cannot be interrupted, and is not waited for longer than a second. */
START_TEST(a_stop_waits_for_no_answer_of_half_a_minute)
{
	struct pair pair = pair_new((enum slave_wire)(_i / 2));
	pthread_t thread;

	pair.conf.response_timeout_ms = LINK_MS_MAX;
	pair_open(&pair);
	pair.slave->faults[UNIT] = _i % 2 == 0 ? FAULT_SILENT : FAULT_TRUNCATED;
	int64_t began_us = slave_now_us();
	pthread_create(&thread, NULL, interrupt_soon, pair.link);
	ck_assert_int_ne(read_at(&pair, 0, 4, NULL), WHY_NONE);
	pthread_join(thread, NULL);
	ck_assert_int_lt(slave_now_us() - began_us, 8000000);
	pair_free(&pair);
}
END_TEST

/* ---- what they do with a connection ---- */

START_TEST(a_peer_that_ends_the_connection_after_each_answer_is_read_at_every_request)
{
	struct pair pair = pair_new(WIRE_TCP);

	pair.slave->faults[UNIT] = _i == 0 ? FAULT_CLOSE_AFTER : FAULT_RST_AFTER;
	pair.conf.response_timeout_ms = LONG_MS;
	pair_open(&pair);
	ck_assert_int_eq(count_answered(&pair, 30), 30);
	ck_assert_uint_ge(pair.slave->connections, 30);
	ck_assert_uint_eq(link_openings(pair.link), pair.slave->connections);
	pair_free(&pair);
}
END_TEST

START_TEST(a_converter_that_hung_up_between_requests_costs_none_of_them)
{
	struct pair pair = pair_new(WIRE_RTU_TCP);

	pair.slave->faults[UNIT] = FAULT_CLOSE_AFTER;
	pair.conf.response_timeout_ms = LONG_MS;
	pair.conf.gap_ms = 100;
	pair_open(&pair);
	ck_assert_int_eq(count_answered(&pair, 5), 5);
	pair_free(&pair);
}
END_TEST

START_TEST(a_peer_that_hangs_up_on_a_request_is_asked_once_more_and_not_for_ever)
{
	struct pair pair = pair_new(WIRE_TCP);

	pair_open(&pair);
	ck_assert_int_eq(read_at(&pair, 0, 1, NULL), WHY_NONE);
	pair.slave->faults[UNIT] = FAULT_CLOSE;
	ck_assert_int_eq(read_at(&pair, 0, 1, NULL), WHY_LINK);
	ck_assert_uint_eq(pair.slave->connections, 2);
	ck_assert_int_eq(read_at(&pair, 0, 1, NULL), WHY_LINK);
	ck_assert_uint_eq(pair.slave->connections, 3);
	pair_free(&pair);
}
END_TEST

/* ---- what they say unasked ---- */

START_TEST(what_a_peer_says_unasked_costs_no_answer_and_no_connection)
{
	static const enum fault unasked[] = {FAULT_NONE, FAULT_HEARTBEAT, FAULT_OLD_BEFORE,
					     FAULT_TWICE, FAULT_ZERO_BEFORE};
	struct pair pair = pair_new(WIRE_TCP);

	pair.slave->registration = "REG:860111040000000,v2.1\r\n";
	pair.slave->faults[UNIT] = (int)unasked[_i];
	pair.conf.response_timeout_ms = LONG_MS;
	pair_open(&pair);
	ck_assert_int_eq(count_answered(&pair, 40), 40);
	ck_assert_uint_eq(pair.slave->connections, 1);
	pair_free(&pair);
}
END_TEST

START_TEST(bits_are_found_as_words_are_in_what_a_peer_says)
{
	static const enum fault unasked[] = {FAULT_DRIP, FAULT_HEARTBEAT, FAULT_OLD_BEFORE};
	struct pair pair = pair_new(WIRE_TCP);

	pair.slave->faults[UNIT] = (int)unasked[_i];
	pair.conf.response_timeout_ms = LONG_MS;
	pair_open(&pair);
	for (int n = 8; n < 12; n++)
		ck_assert_int_eq(read_by(&pair, 1 + n % 2, 20, n, NULL), WHY_NONE);
	ck_assert_uint_eq(pair.slave->connections, 1);
	pair_free(&pair);
}
END_TEST

START_TEST(a_zero_before_a_serial_answer_is_told_and_one_behind_it_does_no_harm)
{
	struct pair pair = pair_new((enum slave_wire)_i);
	int code = 0;

	pair_open(&pair);
	pair.slave->faults[UNIT] = FAULT_ZERO_BEFORE;
	for (int n = 1; n < 6; n++) {
		ck_assert_int_eq(read_by(&pair, 2, 100, n, &code), WHY_BAD_FRAME);
		ck_assert_int_eq(code, FRAME_BEHIND_ZERO);
		code = 0;
		ck_assert_int_eq(read_at(&pair, 100, n, &code), WHY_BAD_FRAME);
		ck_assert_int_eq(code, FRAME_BEHIND_ZERO);
	}
	pair.slave->faults[UNIT] = FAULT_BAD_CRC;
	ck_assert_int_eq(read_at(&pair, 100, 2, &code), WHY_BAD_FRAME);
	ck_assert_int_eq(code, 0);
	pair.slave->faults[UNIT] = FAULT_ZERO_AFTER;
	for (int n = 1; n < 6; n++) {
		ck_assert_int_eq(read_at(&pair, 100, n, &code), WHY_NONE);
		slave_sleep_ms(5);
	}
	pair_free(&pair);
}
END_TEST

/* ---- bytes of a connection, in pieces ---- */

struct stream {
	int n, n_own;
	uint8_t bytes[2000];
	uint8_t own[300];
};

static int any(int least, int most)
{
	return least + (int)(unit_random() % (unsigned)(most - least + 1));
}

/* An answer of that number, with random words. */
static int put_answer(uint8_t *to, int transaction, int count, bool exception)
{
	int length = exception ? 3 : 3 + 2 * count;
	uint8_t head[] = {(uint8_t)(transaction >> 8),
			  (uint8_t)transaction,
			  0,
			  0,
			  0,
			  (uint8_t)length,
			  UNIT,
			  exception ? 0x83 : 3,
			  (uint8_t)(exception ? 2 : 2 * count)};

	memcpy(to, head, sizeof(head));
	for (int i = 9; i < 6 + length; i++)
		to[i] = (uint8_t)(any(0, 3) ? any(0, 4) : any(0, 255));
	return 6 + length;
}

static void put_unasked(struct stream *stream, const struct frame *frame)
{
	int kind = any(0, 3);

	if (kind == 0) {
		for (int i = any(1, 30); i > 0; i--)
			stream->bytes[stream->n++] = (uint8_t)(any(0, 1) ? any(0, 255) : 0);
	} else {
		stream->n += put_answer(
			&stream->bytes[stream->n], (frame->transaction - any(1, 50)) & 0xFFFF,
			kind == 1 ? frame->request->count : any(1, 125), any(0, 5) == 0);
	}
}

/* As link.c does it: what comes in pieces is looked at, and what is none of the answer dropped. */
static bool find_in_pieces(const struct stream *stream, const struct frame *frame, uint8_t *ret,
			   int *ret_length)
{
	uint8_t bytes[FRAME_STREAM_MAX];
	int have = 0, at = 0;

	while (at < stream->n) {
		int piece = any(1, any(0, 1) ? 12 : 250);
		if (piece > stream->n - at)
			piece = stream->n - at;
		if (piece > FRAME_STREAM_MAX - have)
			piece = FRAME_STREAM_MAX - have;
		ck_assert_int_gt(piece, 0);
		memcpy(bytes + have, stream->bytes + at, (size_t)piece);
		at += piece;
		const struct frame_place place = frame_find_tcp(frame, bytes, have + piece);
		have += piece - place.at;
		memmove(bytes, bytes + place.at, (size_t)have);
		if (place.length > 0) {
			memcpy(ret, bytes, (size_t)place.length);
			*ret_length = place.length;
			return true;
		}
	}
	return false;
}

/* Random noise may hold the number of the answer by chance, and then spoils it; never its words. */
START_TEST(whatever_stands_before_an_answer_it_is_found_or_nothing_is)
{
	int found = 0, rounds = 100000;

	for (int round = 0; round < rounds; round++) {
		const struct request request = {3, 0, (uint16_t)any(1, 20)};
		const struct frame frame = {UNIT, (uint16_t)any(1, any(0, 1) ? 65535 : 300),
					    &request};
		struct stream stream = {0};
		uint8_t adu[FRAME_ADU_MAX];
		uint16_t words[READPLAN_REGISTERS_MAX];
		int length = 0, code = 0;
		bool answers = any(0, 4) > 0;
		for (int i = any(0, 4); i > 0; i--)
			put_unasked(&stream, &frame);
		stream.n_own = put_answer(stream.own, frame.transaction, request.count, false);
		memcpy(&stream.bytes[stream.n], stream.own, (size_t)stream.n_own);
		stream.n += answers ? stream.n_own : 0;
		if (!find_in_pieces(&stream, &frame, adu, &length) ||
		    frame_check_tcp(&frame, adu, length, words, &code) != WHY_NONE)
			continue;
		ck_assert(answers);
		ck_assert_int_eq(length, stream.n_own);
		ck_assert_mem_eq(adu, stream.own, (size_t)length);
		found++;
	}
	printf("# %d of %d found\n", found, rounds * 4 / 5);
	ck_assert_int_ge(found, rounds * 4 / 5 * 95 / 100);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("peers");
	TCase *tc = tcase_create("peers");

	tcase_set_timeout(tc, 60);
	/* loops of three: over TCP, RTU, RTU over TCP */
	tcase_add_loop_test(tc, each_unit_may_have_a_timeout_of_its_own, 0, 3);
	tcase_add_loop_test(tc, what_a_peer_says_unasked_costs_no_answer_and_no_connection, 0, 5);
	tcase_add_loop_test(tc, bits_are_found_as_words_are_in_what_a_peer_says, 0, 3);
	tcase_add_loop_test(
		tc, a_peer_that_ends_the_connection_after_each_answer_is_read_at_every_request, 0,
		2);
	tcase_add_test(tc, a_peer_that_hangs_up_on_a_request_is_asked_once_more_and_not_for_ever);
	tcase_add_loop_test(tc,
			    a_zero_before_a_serial_answer_is_told_and_one_behind_it_does_no_harm,
			    WIRE_RTU, WIRE_RTU_TCP + 1);
	tcase_add_test(tc, whatever_stands_before_an_answer_it_is_found_or_nothing_is);
	suite_add_tcase(suite, tc);
	TCase *slow = unit_slow_case(suite, 60);
	tcase_add_loop_test(slow, a_stop_waits_for_no_answer_of_half_a_minute, 0, 6);
	tcase_add_loop_test(
		slow, a_device_that_needs_a_pause_is_answered_with_gap_ms_and_not_without, 0, 3);
	tcase_add_loop_test(slow, a_device_that_wakes_after_a_connect_is_given_its_time, 0, 3);
	tcase_add_test(slow, a_converter_that_hung_up_between_requests_costs_none_of_them);
	return suite;
}
