/* SPDX-License-Identifier: MIT */
#include "link.h"

#include <errno.h>
#include <stdio.h>
#include <sys/file.h>

#include "frame.h"
#include "slave.h"
#include "unit.h"

#define UNIT 17
#define TIMEOUT_MS 150
#define QUIET_MS 100

static struct link_conf conf_of(const struct slave *slave)
{
	return (struct link_conf){
		.kind = (enum link_kind)slave->wire,
		.host = "127.0.0.1",
		.port = slave->port,
		.device = slave->path,
		.baud = 9600,
		.parity = 'N',
		.data_bits = 8,
		.stop_bits = 1,
		.response_timeout_ms = TIMEOUT_MS,
		.quiet_ms = QUIET_MS,
	};
}

static void open_it(struct link *link)
{
	int code = 0;

	ck_assert_ptr_nonnull(link);
	ck_assert_msg(link_open(link, &code) == WHY_NONE, "link_open: %s", strerror(code));
	ck_assert(link_is_open(link));
}

static struct link *open_to(const struct slave *slave)
{
	const struct link_conf conf = conf_of(slave);
	struct link *link = link_new(&conf);

	open_it(link);
	return link;
}

static enum why read_words(struct link *link, int unit, struct request request, int *ret_code)
{
	uint16_t words[READPLAN_REGISTERS_MAX];
	enum why why = link_read(link, &(struct asked){.unit_id = unit}, &request, words, ret_code);

	for (int i = 0; why == WHY_NONE && i < request.count; i++)
		ck_assert_int_eq(words[i],
				 slave_register(unit, request.function, request.address + i));
	return why;
}

static enum why read_some(struct link *link)
{
	int code = 0;

	return read_words(link, UNIT, (struct request){3, 100, 4}, &code);
}

static int elapsed_ms(int64_t since_us)
{
	return (int)((slave_now_us() - since_us) / 1000);
}

START_TEST(a_read_gives_the_registers_that_were_asked_for)
{
	struct slave *slave = slave_start((enum slave_wire)_i, 0);
	struct link *link = open_to(slave);
	int code = 0;

	for (int unit = 1; unit < 256; unit += 2) {
		struct request request = {(uint8_t)(1 + unit_random() % 4),
					  (uint16_t)(unit_random() % 60000),
					  (uint16_t)(1 + unit_random() % 125)};
		ck_assert_int_eq(read_words(link, unit, request, &code), WHY_NONE);
	}
	ck_assert_int_eq(read_words(link, 255, (struct request){4, 0, 125}, &code), WHY_NONE);
	ck_assert_int_eq(read_words(link, 255, (struct request){2, 0, 125}, &code), WHY_NONE);
	ck_assert_int_eq(read_words(link, 17, (struct request){1, 9, 8}, &code), WHY_NONE);
	ck_assert_int_eq(read_words(link, 255, (struct request){3, 65535, 1}, &code), WHY_NONE);
	link_free(link);
	slave_stop(slave);
}
END_TEST

START_TEST(silence_is_a_timeout_within_the_response_timeout)
{
	struct slave *slave = slave_start((enum slave_wire)_i, 0);
	struct link *link = open_to(slave);

	ck_assert_int_eq(read_some(link), WHY_NONE);
	slave->faults[UNIT] = FAULT_SILENT;
	int64_t began_us = slave_now_us();
	ck_assert_int_eq(read_some(link), WHY_TIMEOUT);
	ck_assert_int_ge(elapsed_ms(began_us), TIMEOUT_MS - 2);
	ck_assert_int_lt(elapsed_ms(began_us), TIMEOUT_MS + QUIET_MS + 150);
	slave->faults[UNIT] = FAULT_NONE;
	open_it(link);
	ck_assert_int_eq(read_some(link), WHY_NONE);
	link_free(link);
	slave_stop(slave);
}
END_TEST

/* Five devices with one, two or three requests each; read_words compares every word. */
START_TEST(a_late_reply_is_never_taken_for_the_next_answer)
{
	struct slave *slave = slave_start((enum slave_wire)_i, 0);
	struct link_conf conf = conf_of(slave);
	conf.response_timeout_ms = 20;
	conf.quiet_ms = 60;
	struct link *link = link_new(&conf);
	int answered = 0, silent = 0;

	slave->late_ms = 35;
	for (int unit = 0; unit < 256; unit++)
		slave->faults[unit] = FAULT_SOMETIMES_LATE;
	for (int i = 0; i < 240; i++) {
		int code = 0, number = i % 3;
		struct request request = {3, (uint16_t)(1000 * number), (uint16_t)(4 + number)};
		ck_assert_int_eq(link_open(link, &code), WHY_NONE);
		enum why why = read_words(link, 1 + i / 3 % 5, request, &code);
		answered += why == WHY_NONE;
		silent += why == WHY_TIMEOUT;
	}
	ck_assert_int_ge(answered, 160);
	ck_assert_int_ge(silent, 8);
	link_free(link);
	slave_stop(slave);
}
END_TEST

/* Late by more than the drain waits: only the quantity tells the replies apart. */
START_TEST(a_reply_later_than_the_drain_fails_the_check_of_its_length)
{
	struct slave *slave = slave_start(WIRE_RTU, 0);
	struct link_conf conf = conf_of(slave);
	conf.response_timeout_ms = 50;
	conf.quiet_ms = 0;
	struct link *link = link_new(&conf);
	int code = 0;

	open_it(link);
	slave->late_ms = 70;
	slave->faults[UNIT] = FAULT_LATE;
	ck_assert_int_eq(read_words(link, UNIT, (struct request){3, 0, 4}, &code), WHY_TIMEOUT);
	slave->faults[UNIT] = FAULT_SILENT;
	ck_assert_int_eq(read_words(link, UNIT, (struct request){3, 50, 5}, &code), WHY_BAD_FRAME);
	link_free(link);
	slave_stop(slave);
}
END_TEST

/* The one before may have been killed while it waited; both requests ask for as many words. */
START_TEST(an_answer_to_the_one_that_had_the_line_before_is_not_taken_for_one_of_our_own)
{
	struct slave *slave = slave_start(WIRE_RTU, 0);
	struct link_conf conf = conf_of(slave);
	conf.response_timeout_ms = 20;
	conf.quiet_ms = 0;
	struct link *before = link_new(&conf);
	int code = 0;

	open_it(before);
	slave->late_ms = 80;
	slave->faults[UNIT] = FAULT_LATE;
	ck_assert_int_eq(read_some(before), WHY_TIMEOUT);
	link_free(before);
	slave->faults[UNIT] = FAULT_NONE;
	conf = conf_of(slave);
	conf.before_ms = 2000;
	struct link *link = link_new(&conf);
	open_it(link);
	ck_assert_int_eq(read_words(link, UNIT, (struct request){3, 200, 4}, &code), WHY_NONE);
	link_free(link);
	slave_stop(slave);
}
END_TEST

/* One device, one request: the late reply has the right length and the right registers. */
START_TEST(a_value_that_came_too_late_is_not_taken_for_a_new_one)
{
	struct slave *slave = slave_start((enum slave_wire)_i, 0);
	struct link *link = open_to(slave);
	const struct request request = {3, 100, 1};
	uint16_t word = 0;
	int code = 0;

	slave->fixed_address = 100;
	slave->fixed_value = 1111;
	slave->late_ms = TIMEOUT_MS + 40;
	slave->faults[UNIT] = FAULT_LATE;
	ck_assert_int_eq(link_read(link, &(struct asked){.unit_id = UNIT}, &request, &word, &code),
			 WHY_TIMEOUT);
	slave->faults[UNIT] = FAULT_NONE;
	slave->fixed_value = 2222;
	open_it(link);
	ck_assert_int_eq(link_read(link, &(struct asked){.unit_id = UNIT}, &request, &word, &code),
			 WHY_NONE);
	ck_assert_int_eq(word, 2222);
	link_free(link);
	slave_stop(slave);
}
END_TEST

static const enum fault broken[] = {
	FAULT_WRONG_UNIT,  FAULT_WRONG_FUNCTION, FAULT_WRONG_COUNT,  FAULT_TRUNCATED,
	FAULT_DRIP,        FAULT_NOISE_BEFORE,   FAULT_ECHO,         FAULT_BAD_CRC,
	FAULT_ZERO_BEFORE, FAULT_WRONG_PROTOCOL, FAULT_WRONG_LENGTH, FAULT_WRONG_TRANSACTION,
};
#define N_BROKEN ((int)(sizeof(broken) / sizeof(broken[0])))

static void assert_broken(enum slave_wire wire, enum fault fault)
{
	struct slave *slave = slave_start(wire, 0);
	struct link *link = open_to(slave);
	bool rtu = slave->rtu;

	ck_assert_int_eq(read_some(link), WHY_NONE);
	slave->faults[UNIT] = (int)fault;
	int64_t began_us = slave_now_us();
	/* an echo is named: nothing else helps whoever wires the adapter */
	ck_assert_int_eq(read_some(link), rtu && fault == FAULT_ECHO ? WHY_ECHO : WHY_BAD_FRAME);
	ck_assert_int_lt(elapsed_ms(began_us), TIMEOUT_MS + 1000 + 150);
	ck_assert_int_eq(link_is_open(link), rtu);
	slave->faults[UNIT] = FAULT_NONE;
	slave_sleep_ms(fault == FAULT_DRIP ? 200 : 0);
	open_it(link);
	ck_assert_int_eq(read_some(link), WHY_NONE);
	link_free(link);
	slave_stop(slave);
}

START_TEST(a_broken_tcp_reply_gives_no_value_and_a_new_connection)
{
	/* what stands before an answer that has a number of its own does it no harm */
	if (broken[_i] != FAULT_BAD_CRC && broken[_i] != FAULT_NOISE_BEFORE &&
	    broken[_i] != FAULT_ZERO_BEFORE)
		assert_broken(WIRE_TCP, broken[_i]);
}
END_TEST

START_TEST(a_broken_rtu_reply_gives_no_value_and_the_line_recovers)
{
	for (enum slave_wire wire = WIRE_RTU; wire <= WIRE_RTU_TCP; wire++)
		if (broken[_i] < FAULT_WRONG_TRANSACTION)
			assert_broken(wire, broken[_i]);
}
END_TEST

START_TEST(noise_after_a_good_frame_harms_neither_it_nor_the_next)
{
	struct slave *slave = slave_start((enum slave_wire)_i, 0);
	struct link *link = open_to(slave);

	slave->faults[UNIT] = FAULT_NOISE_AFTER;
	for (int i = 0; i < 10; i++) {
		ck_assert_int_eq(read_some(link), WHY_NONE);
		slave_sleep_ms(5);
	}
	link_free(link);
	slave_stop(slave);
}
END_TEST

START_TEST(a_second_copy_of_a_reply_is_never_the_answer_to_another_request)
{
	struct slave *slave = slave_start((enum slave_wire)_i, 0);
	struct link *link = open_to(slave);
	int code = 0, answered = 0;

	slave->faults[UNIT] = FAULT_TWICE;
	for (int i = 0; i < 40; i++) {
		open_it(link);
		answered +=
			read_words(link, UNIT,
				   (struct request){3, (uint16_t)(i * 10), (uint16_t)(4 + i % 2)},
				   &code) == WHY_NONE;
	}
	ck_assert_int_ge(answered, 10);
	link_free(link);
	slave_stop(slave);
}
END_TEST

START_TEST(an_exception_is_an_answer_with_a_code)
{
	static const int codes[] = {1, 2, 3, 4, 5, 6, 99, 0};
	struct slave *slave = slave_start((enum slave_wire)_i, 0);
	struct link *link = open_to(slave);

	slave->faults[UNIT] = FAULT_EXCEPTION;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		int code = -1;
		slave->exception = codes[i];
		ck_assert_int_eq(read_words(link, UNIT, (struct request){4, 1, 2}, &code),
				 WHY_EXCEPTION);
		ck_assert_int_eq(code, codes[i]);
		ck_assert(link_is_open(link));
	}
	link_free(link);
	slave_stop(slave);
}
END_TEST

START_TEST(a_gateway_that_misses_its_device_is_a_timeout_and_keeps_the_connection)
{
	struct slave *slave = slave_start(WIRE_TCP, 0);
	struct link *link = open_to(slave);

	slave->faults[UNIT] = FAULT_EXCEPTION;
	for (int code = 10; code <= 11; code++) {
		slave->exception = code;
		int64_t began_us = slave_now_us();
		ck_assert_int_eq(read_some(link), WHY_TIMEOUT);
		ck_assert_int_lt(elapsed_ms(began_us), TIMEOUT_MS);
		ck_assert(link_is_open(link));
	}
	slave->faults[UNIT] = FAULT_NONE;
	ck_assert_int_eq(read_some(link), WHY_NONE);
	ck_assert_int_eq(slave->connections, 1);
	link_free(link);
	slave_stop(slave);
}
END_TEST

START_TEST(a_peer_that_hangs_up_on_a_request_has_broken_the_link)
{
	struct slave *slave = slave_start(WIRE_TCP, 0);
	struct link *link = open_to(slave);
	int code = 0;

	slave->faults[UNIT] = _i == 0 ? FAULT_RST : FAULT_CLOSE;
	ck_assert_int_eq(read_words(link, UNIT, (struct request){3, 0, 1}, &code), WHY_LINK);
	ck_assert_int_eq(code, ECONNRESET);
	ck_assert(!link_is_open(link));
	ck_assert_int_eq(read_words(link, UNIT, (struct request){3, 0, 1}, &code), WHY_LINK);
	ck_assert_int_eq(code, ENOTCONN);
	slave->faults[UNIT] = FAULT_NONE;
	open_it(link);
	ck_assert_int_eq(read_some(link), WHY_NONE);
	link_free(link);
	slave_stop(slave);
}
END_TEST

START_TEST(a_peer_that_hangs_up_between_requests_costs_none_of_them)
{
	struct slave *slave = slave_start(WIRE_TCP, 0);
	struct link *link = open_to(slave);

	slave->faults[UNIT] = FAULT_CLOSE_AFTER;
	for (int i = 0; i < 5; i++) {
		open_it(link);
		ck_assert_int_eq(read_some(link), WHY_NONE);
		slave_sleep_ms(20);
	}
	ck_assert_int_eq(slave->connections, 5);
	link_free(link);
	slave_stop(slave);
}
END_TEST

START_TEST(a_server_that_is_absent_is_a_broken_link_until_it_appears)
{
	uint16_t port;
	int code = 0;
	close(slave_listen(0, 1, &port));
	struct link_conf conf = {.kind = LINK_TCP,
				 .host = "127.0.0.1",
				 .port = port,
				 .response_timeout_ms = TIMEOUT_MS};
	struct link *link = link_new(&conf);

	ck_assert_int_eq(link_open(link, &code), WHY_LINK);
	ck_assert_int_eq(code, ECONNREFUSED);
	ck_assert(!link_is_open(link));
	struct slave *slave = slave_start(WIRE_TCP, port);
	open_it(link);
	ck_assert_int_eq(read_some(link), WHY_NONE);
	link_free(link);
	slave_stop(slave);
}
END_TEST

/* A listener whose queue is full drops what would connect: the kernel's own black hole. */
struct black_hole {
	int listen_fd, queued[4];
	uint16_t port;
};

static struct black_hole black_hole_open(void)
{
	struct black_hole hole;
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	hole.listen_fd = slave_listen(0, 0, &hole.port);
	address.sin_port = htons(hole.port);
	for (int i = 0; i < 4; i++) {
		hole.queued[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(hole.queued[i], (struct sockaddr *)&address, sizeof(address));
	}
	return hole;
}

static void black_hole_close(struct black_hole *hole)
{
	for (int i = 0; i < 4; i++)
		close(hole->queued[i]);
	close(hole->listen_fd);
}

START_TEST(a_connection_that_nobody_takes_ends_with_the_response_timeout)
{
	struct black_hole hole = black_hole_open();
	struct link_conf conf = {.kind = LINK_TCP,
				 .host = "127.0.0.1",
				 .port = hole.port,
				 .response_timeout_ms = TIMEOUT_MS};
	struct link *link = link_new(&conf);
	int code = 0;
	int64_t began_us = slave_now_us();

	ck_assert_int_eq(link_open(link, &code), WHY_LINK);
	ck_assert_int_eq(code, ETIMEDOUT);
	ck_assert_int_ge(elapsed_ms(began_us), TIMEOUT_MS - 2);
	ck_assert_int_lt(elapsed_ms(began_us), TIMEOUT_MS + 150);
	link_free(link);
	black_hole_close(&hole);
}
END_TEST

static void *interrupt_soon(void *link)
{
	slave_sleep_ms(100);
	link_interrupt(link);
	return NULL;
}

START_TEST(an_interrupt_ends_a_connection_that_nobody_takes)
{
	struct black_hole hole = black_hole_open();
	struct link_conf conf = {.kind = LINK_TCP,
				 .host = "127.0.0.1",
				 .port = hole.port,
				 .response_timeout_ms = 1000};
	struct link *link = link_new(&conf);
	pthread_t thread;
	int code = 0;
	int64_t began_us = slave_now_us();

	pthread_create(&thread, NULL, interrupt_soon, link);
	ck_assert_int_eq(link_open(link, &code), WHY_LINK);
	ck_assert_int_eq(code, ECANCELED);
	ck_assert_int_lt(elapsed_ms(began_us), 300);
	pthread_join(thread, NULL);
	link_free(link);
	black_hole_close(&hole);
}
END_TEST

START_TEST(an_interrupt_ends_a_read_at_once_and_every_later_one)
{
	struct slave *slave = slave_start((enum slave_wire)_i, 0);
	struct link_conf conf = conf_of(slave);
	conf.response_timeout_ms = 1000;
	struct link *link = link_new(&conf);
	pthread_t thread;
	int code = 0;

	open_it(link);
	slave->faults[UNIT] = FAULT_SILENT;
	pthread_create(&thread, NULL, interrupt_soon, link);
	int64_t began_us = slave_now_us();
	ck_assert_int_eq(read_words(link, UNIT, (struct request){3, 0, 1}, &code), WHY_LINK);
	ck_assert_int_ge(elapsed_ms(began_us), 90);
	ck_assert_int_lt(elapsed_ms(began_us), 300);
	pthread_join(thread, NULL);
	slave->faults[UNIT] = FAULT_NONE;
	ck_assert(!link_is_open(link));
	if (link_open(link, &code) == WHY_NONE)
		ck_assert_int_eq(read_some(link), WHY_LINK);
	link_free(link);
	slave_stop(slave);
}
END_TEST

START_TEST(an_interrupt_ends_a_drain)
{
	struct slave *slave = slave_start(WIRE_RTU, 0);
	struct link_conf conf = conf_of(slave);
	conf.response_timeout_ms = 50;
	conf.quiet_ms = 900;
	struct link *link = link_new(&conf);
	pthread_t thread;

	open_it(link);
	ck_assert_int_eq(read_some(link), WHY_NONE);
	slave->faults[UNIT] = FAULT_SILENT;
	pthread_create(&thread, NULL, interrupt_soon, link);
	int64_t began_us = slave_now_us();
	ck_assert_int_eq(read_some(link), WHY_TIMEOUT);
	ck_assert_int_lt(elapsed_ms(began_us), 300);
	pthread_join(thread, NULL);
	link_free(link);
	slave_stop(slave);
}
END_TEST

START_TEST(two_frames_on_a_serial_line_are_5_ms_apart)
{
	struct slave *slave = slave_start(WIRE_RTU, 0);
	struct link *link = open_to(slave);

	for (int i = 0; i < 50; i++)
		ck_assert_int_eq(read_some(link), WHY_NONE);
	/* milliseconds are whole; whoever waits for a processor sees a longer gap, never a shorter
	 */
	ck_assert_int_ge(slave->shortest_gap_us, 4000);
	ck_assert_int_eq(frame_gap_ms(9600, 10), 5);
	ck_assert_int_eq(frame_gap_ms(4800, 10), 8);
	ck_assert_int_eq(frame_gap_ms(115200, 11), 5);
	link_free(link);
	slave_stop(slave);
}
END_TEST

START_TEST(a_tty_that_somebody_else_has_locked_is_not_opened)
{
	struct slave *slave = slave_start(WIRE_RTU, 0);
	struct link_conf conf = conf_of(slave);
	struct link *link = open_to(slave), *second = link_new(&conf);
	int code = 0;

	ck_assert_int_eq(link_open(second, &code), WHY_LINK);
	ck_assert_int_eq(code, EBUSY);
	ck_assert_int_eq(read_some(link), WHY_NONE);
	link_close(link);
	open_it(second);
	ck_assert_int_eq(read_some(second), WHY_NONE);
	link_free(link);
	link_free(second);
	slave_stop(slave);
}
END_TEST

START_TEST(an_unplugged_adapter_is_opened_again_under_its_name)
{
	char name[128];
	struct slave *slave = slave_start(WIRE_RTU, 0);
	int code = 0;

	snprintf(name, sizeof(name), "%s/by-id", unit_tmpdir());
	ck_assert_int_eq(symlink(slave->path, name), 0);
	struct link_conf conf = conf_of(slave);
	conf.device = name;
	struct link *link = link_new(&conf);
	open_it(link);
	ck_assert_int_eq(read_some(link), WHY_NONE);

	slave_stop(slave);
	enum why why = read_words(link, UNIT, (struct request){3, 0, 1}, &code);
	ck_assert_int_eq(why, WHY_LINK);
	ck_assert(!link_is_open(link));
	unlink(name);
	ck_assert_int_eq(link_open(link, &code), WHY_LINK);
	ck_assert_int_eq(code, ENOENT);

	slave = slave_start(WIRE_RTU, 0);
	ck_assert_int_eq(symlink(slave->path, name), 0);
	open_it(link);
	ck_assert_int_eq(read_some(link), WHY_NONE);
	link_free(link);
	slave_stop(slave);
}
END_TEST

START_TEST(a_file_that_is_no_tty_is_not_opened)
{
	struct link_conf conf = {.kind = LINK_RTU,
				 .device = "/dev/null",
				 .baud = 9600,
				 .parity = 'N',
				 .data_bits = 8,
				 .stop_bits = 1,
				 .response_timeout_ms = TIMEOUT_MS};
	struct link *link = link_new(&conf);
	int code = 0;

	ck_assert_int_eq(link_open(link, &code), WHY_LINK);
	ck_assert_int_eq(code, ENOTTY);
	link_free(link);
}
END_TEST

START_TEST(a_line_that_nobody_reads_is_an_error_and_never_a_hang)
{
	struct slave *slave = slave_start(WIRE_RTU, 0);
	struct link_conf conf = conf_of(slave);
	conf.response_timeout_ms = 20;
	conf.quiet_ms = 0;
	struct link *link = link_new(&conf);
	int code = 0;

	open_it(link);
	ck_assert_int_eq(tcflow(slave->keep_fd, TCOOFF), 0);
	int64_t began_us = slave_now_us();
	for (int i = 0; i < 20; i++) {
		ck_assert_int_eq(link_open(link, &code), WHY_NONE);
		ck_assert_int_ne(read_some(link), WHY_NONE);
	}
	ck_assert_int_lt(elapsed_ms(began_us), 2000);
	link_free(link);
	slave_stop(slave);
}
END_TEST

START_TEST(an_ipv6_address_is_an_address)
{
	struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET6, SOCK_STREAM, 0), code = 0;

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0)
		return; /* a machine without IPv6 */
	listen(fd, 1);
	getsockname(fd, (struct sockaddr *)&address, &size);
	struct link_conf conf = {.kind = LINK_TCP,
				 .host = "::1",
				 .port = ntohs(address.sin6_port),
				 .response_timeout_ms = TIMEOUT_MS};
	struct link *link = link_new(&conf);
	ck_assert_ptr_nonnull(link);
	ck_assert_int_eq(link_open(link, &code), WHY_NONE);
	link_free(link);
	close(fd);
}
END_TEST

START_TEST(a_line_that_cannot_be_as_described_is_refused)
{
	struct link_conf tcp = {
		.kind = LINK_TCP, .host = "192.0.2.1", .port = 502, .response_timeout_ms = 300};
	struct link_conf rtu = {.kind = LINK_RTU,
				.device = "/dev/ttyS0",
				.baud = 9600,
				.parity = 'E',
				.data_bits = 8,
				.stop_bits = 1,
				.response_timeout_ms = 300,
				.quiet_ms = 300};
	struct link_conf conf[] = {tcp, tcp, tcp, tcp, tcp, rtu, rtu, rtu, rtu, rtu};

	conf[0].host = "localhost";
	conf[1].host = "";
	conf[2].port = 0;
	conf[3].response_timeout_ms = LINK_MS_MAX + 1;
	conf[4].host = NULL;
	conf[5].baud = 12345;
	conf[6].parity = 'X';
	conf[7].stop_bits = 3;
	conf[8].response_timeout_ms = 0;
	conf[9].device = NULL;
	for (size_t i = 0; i < sizeof(conf) / sizeof(conf[0]); i++)
		ck_assert_msg(link_new(&conf[i]) == NULL, "case %zu was accepted", i);
	struct link *good[] = {link_new(&tcp), link_new(&rtu)};
	for (int i = 0; i < 2; i++) {
		ck_assert_ptr_nonnull(good[i]);
		ck_assert_ptr_null(link_free(good[i]));
	}
	ck_assert_ptr_null(link_free(NULL));
}
END_TEST

START_TEST(the_crc_is_that_of_frames_from_manuals)
{
	static const uint8_t frames[][8] = {
		{0xFF, 0x03, 0x00, 0x09, 0x00, 0x05, 0x40, 0x15},
		{0xFF, 0x03, 0x00, 0x01, 0x00, 0x01, 0xC0, 0x14},
		{0xFF, 0x03, 0x07, 0xD0, 0x00, 0x01, 0x91, 0x59},
		{0x01, 0x03, 0x00, 0x00, 0x00, 0x02, 0xC4, 0x0B},
	};

	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		ck_assert_int_eq(frame_crc(frames[i], 6), frames[i][6] | frames[i][7] << 8);
}
END_TEST

START_TEST(a_real_reply_is_read_and_every_broken_bit_of_it_is_seen)
{
	static const uint8_t reply[] = {0xFF, 0x03, 0x0A, 0x1A, 0x57, 0x0C, 0x5F, 0x27,
					0x83, 0x00, 0x11, 0x00, 0x14, 0x35, 0x1C};
	const struct request request = {3, 9, 5};
	const struct frame frame = {255, 0, &request};
	uint8_t adu[FRAME_ADU_MAX] = {0};
	uint16_t words[READPLAN_REGISTERS_MAX] = {0};
	int code = 0, n = (int)sizeof(reply);

	memcpy(adu, reply, sizeof(reply));
	ck_assert_int_eq(frame_check_rtu(&frame, adu, n, words, &code), WHY_NONE);
	ck_assert_int_eq(words[0], 0x1A57);
	ck_assert_int_eq(words[4], 0x0014);
	for (int bit = 0; bit < n * 8; bit++) {
		adu[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ck_assert_int_eq(frame_check_rtu(&frame, adu, n, words, &code), WHY_BAD_FRAME);
		adu[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (int length = -1; length < n; length++)
		ck_assert_int_eq(frame_check_rtu(&frame, adu, length, words, &code), WHY_BAD_FRAME);
	ck_assert_int_eq(frame_check_rtu(&frame, adu, n + 1, words, &code), WHY_BAD_FRAME);
}
END_TEST

START_TEST(whatever_bytes_come_they_give_no_value_by_chance)
{
	const struct request request = {4, 0, 2};
	const struct frame frame = {7, 4711, &request};
	uint8_t adu[FRAME_ADU_MAX] = {0};
	uint16_t words[READPLAN_REGISTERS_MAX];
	int code = 0;

	for (int round = 0; round < 100000; round++) {
		int n = (int)(unit_random() % FRAME_ADU_MAX);
		for (int i = 0; i < 16; i++)
			adu[i] = (uint8_t)unit_random();
		ck_assert_int_ne(frame_check_tcp(&frame, adu, n, words, &code), WHY_NONE);
		adu[0] = 7;
		adu[1] = 4;
		adu[2] = 4;
		if (n != 9)
			ck_assert_int_eq(frame_check_rtu(&frame, adu, n, words, &code),
					 WHY_BAD_FRAME);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("link");
	TCase *tc = tcase_create("link");

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, the_crc_is_that_of_frames_from_manuals);
	tcase_add_test(tc, a_real_reply_is_read_and_every_broken_bit_of_it_is_seen);
	tcase_add_test(tc, a_line_that_cannot_be_as_described_is_refused);
	/* loops of three: over TCP, RTU, RTU over TCP */
	tcase_add_loop_test(tc, a_read_gives_the_registers_that_were_asked_for, 0, 3);
	tcase_add_loop_test(tc, silence_is_a_timeout_within_the_response_timeout, 0, 3);
	tcase_add_loop_test(tc, a_broken_tcp_reply_gives_no_value_and_a_new_connection, 0,
			    N_BROKEN);
	tcase_add_loop_test(tc, a_broken_rtu_reply_gives_no_value_and_the_line_recovers, 0,
			    N_BROKEN);
	tcase_add_loop_test(tc, noise_after_a_good_frame_harms_neither_it_nor_the_next, 0, 3);
	tcase_add_loop_test(tc, a_second_copy_of_a_reply_is_never_the_answer_to_another_request, 0,
			    3);
	tcase_add_loop_test(tc, an_exception_is_an_answer_with_a_code, 0, 3);
	tcase_add_test(tc, a_gateway_that_misses_its_device_is_a_timeout_and_keeps_the_connection);
	tcase_add_loop_test(tc, a_peer_that_hangs_up_on_a_request_has_broken_the_link, 0, 2);
	tcase_add_test(tc, a_peer_that_hangs_up_between_requests_costs_none_of_them);
	tcase_add_test(tc, a_server_that_is_absent_is_a_broken_link_until_it_appears);
	tcase_add_test(tc, a_connection_that_nobody_takes_ends_with_the_response_timeout);
	tcase_add_test(tc, an_interrupt_ends_a_connection_that_nobody_takes);
	tcase_add_loop_test(tc, an_interrupt_ends_a_read_at_once_and_every_later_one, 0, 3);
	tcase_add_test(tc, an_interrupt_ends_a_drain);
	tcase_add_test(tc, two_frames_on_a_serial_line_are_5_ms_apart);
	tcase_add_test(
		tc, an_answer_to_the_one_that_had_the_line_before_is_not_taken_for_one_of_our_own);
	tcase_add_test(tc, a_tty_that_somebody_else_has_locked_is_not_opened);
	tcase_add_test(tc, an_unplugged_adapter_is_opened_again_under_its_name);
	tcase_add_test(tc, a_file_that_is_no_tty_is_not_opened);
	tcase_add_test(tc, a_line_that_nobody_reads_is_an_error_and_never_a_hang);
	tcase_add_test(tc, an_ipv6_address_is_an_address);
	suite_add_tcase(suite, tc);
	TCase *slow = unit_slow_case(suite, 30);
	tcase_add_loop_test(slow, a_late_reply_is_never_taken_for_the_next_answer, 0, 3);
	tcase_add_test(slow, a_reply_later_than_the_drain_fails_the_check_of_its_length);
	tcase_add_loop_test(slow, a_value_that_came_too_late_is_not_taken_for_a_new_one, 0, 2);
	tcase_add_test(slow, whatever_bytes_come_they_give_no_value_by_chance);
	return suite;
}
