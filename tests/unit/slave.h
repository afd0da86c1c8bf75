/* SPDX-License-Identifier: MIT */
/*
 * A Modbus slave in a thread of the test, over TCP, as RTU on a pty or as RTU over TCP, with its
 * own framing and its own CRC, that misbehaves on demand, unit by unit.
 */
#ifndef TESTS_SLAVE_H
#define TESTS_SLAVE_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum fault {
	FAULT_NONE,
	FAULT_SILENT,
	FAULT_EVERY_OTHER,    /* request is not answered, the first one neither */
	FAULT_LATE,           /* late_ms after the request */
	FAULT_SOMETIMES_LATE, /* one of ten */
	FAULT_WRONG_UNIT,
	FAULT_WRONG_FUNCTION,
	FAULT_WRONG_COUNT, /* one register more than asked for */
	FAULT_TRUNCATED,
	FAULT_DRIP, /* a byte every 20 ms */
	FAULT_EXCEPTION,
	FAULT_TWICE, /* the same reply two times */
	FAULT_NOISE_BEFORE,
	FAULT_NOISE_AFTER,
	FAULT_ECHO,      /* a two-wire adapter that hears itself */
	FAULT_HEARTBEAT, /* bytes of its own before every answer */
	FAULT_ZERO_BEFORE,
	FAULT_ZERO_AFTER,
	FAULT_BAD_CRC,           /* RTU */
	FAULT_WRONG_TRANSACTION, /* TCP from here */
	FAULT_OLD_BEFORE,        /* the answer to the request before comes again */
	FAULT_WRONG_PROTOCOL,
	FAULT_WRONG_LENGTH,
	FAULT_CLOSE, /* instead of an answer */
	FAULT_RST,
	FAULT_CLOSE_AFTER, /* after the answer */
	FAULT_RST_AFTER,
};

enum slave_wire { WIRE_TCP, WIRE_RTU, WIRE_RTU_TCP };

struct slave {
	enum slave_wire wire;
	bool rtu; /* its frames are RTU */
	int listen_fd, line_fd, keep_fd;
	uint16_t port;
	char path[64];
	pthread_t thread;
	atomic_bool stop;
	atomic_int faults[256];
	atomic_int faulty_address; /* the fault is that of this first register only, -1: any */
	atomic_int missing; /* the fault is that of requests with this register, -1: of any */
	atomic_int exception, late_ms;
	atomic_int most;                       /* registers that one request may ask for; 0: any */
	atomic_int fixed_address, fixed_value; /* a register with a value of its own, -1: none */
	atomic_uint requests[256], connections;
	const char *registration; /* what it says as soon as it is connected */
	atomic_int pause_ms;      /* so soon after an answer it hears nothing */
	atomic_int start_ms;      /* nor so soon after it was connected */
	int64_t connected_us;
	uint8_t before[300]; /* its answer before */
	int n_before;
	atomic_llong asked_us[256]; /* when the unit was last asked */
	atomic_int shortest_gap_us; /* from the last write of a reply to the next request */
	int64_t replied_us;
	unsigned dice;
};

static inline int64_t slave_now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline void slave_sleep_ms(int ms)
{
	struct timespec time = {ms / 1000, ms % 1000 * 1000000L};
	nanosleep(&time, NULL);
}

/* What a register holds: another value for every unit, function and address; a bit of functions 1
 * and 2 one of two. */
static inline uint16_t slave_register(int unit, int function, int address)
{
	if (function <= 2)
		return (uint16_t)(((int64_t)address * address + function + unit) / 3 % 2);
	return (uint16_t)(address * 5 + function * 1000 + unit * 3);
}

static inline unsigned slave_crc(const uint8_t *bytes, int n)
{
	unsigned crc = 0xFFFF;
	for (int i = 0; i < n * 8; i++) {
		if (i % 8 == 0)
			crc ^= bytes[i / 8];
		crc = (crc >> 1) ^ ((crc & 1) ? 0xA001u : 0u);
	}
	return crc;
}

static inline void slave_write(struct slave *slave, const uint8_t *bytes, int n, int pause_ms)
{
	int step = pause_ms ? 1 : n;
	for (int at = 0; at < n && !slave->stop; at += step) {
		if (slave->line_fd < 0)
			return;
		slave->replied_us = slave_now_us(); /* before: this thread may be kept waiting */
		ssize_t rc = slave->wire == WIRE_RTU
				     ? write(slave->line_fd, bytes + at, (size_t)step)
				     : send(slave->line_fd, bytes + at, (size_t)step, MSG_NOSIGNAL);
		if (rc < 0)
			return;
		if (pause_ms)
			slave_sleep_ms(pause_ms);
	}
}

/* Unit, function, count and values, as the fault wants them. */
static inline int slave_body(struct slave *slave, const uint8_t *request, enum fault fault,
			     uint8_t *body)
{
	int unit = request[0], function = request[1];
	int address = request[2] << 8 | request[3], count = request[4] << 8 | request[5];

	body[0] = (uint8_t)(fault == FAULT_WRONG_UNIT ? unit + 1 : unit);
	body[1] = (uint8_t)(fault == FAULT_WRONG_FUNCTION ? 7 - function : function);
	if (fault == FAULT_EXCEPTION) {
		body[1] |= 0x80;
		body[2] = (uint8_t)slave->exception;
		return 3;
	}
	if (fault == FAULT_WRONG_COUNT)
		count++;
	if (function <= 2) {
		body[2] = (uint8_t)((count + 7) / 8);
		memset(&body[3], 0, body[2]);
		for (int i = 0; i < count; i++)
			body[3 + i / 8] |=
				(uint8_t)(slave_register(unit, function, address + i) << i % 8);
		return 3 + body[2];
	}
	body[2] = (uint8_t)(2 * count);
	for (int i = 0; i < count; i++) {
		int value = address + i == slave->fixed_address
				    ? slave->fixed_value
				    : slave_register(unit, function, address + i);
		body[3 + 2 * i] = (uint8_t)(value >> 8);
		body[4 + 2 * i] = (uint8_t)value;
	}
	return 3 + 2 * count;
}

static inline int slave_frame(struct slave *slave, const uint8_t *adu, enum fault fault,
			      uint8_t *frame)
{
	int head = slave->rtu ? 0 : 6;
	int n = slave_body(slave, adu + head, fault, frame + head);

	if (slave->rtu) {
		unsigned crc = slave_crc(frame, n) ^ (fault == FAULT_BAD_CRC ? 0x10 : 0);
		frame[n] = (uint8_t)crc;
		frame[n + 1] = (uint8_t)(crc >> 8);
		return n + 2;
	}
	memcpy(frame, adu, 4);
	frame[1] = (uint8_t)(frame[1] + (fault == FAULT_WRONG_TRANSACTION));
	frame[3] = fault == FAULT_WRONG_PROTOCOL;
	frame[4] = 0;
	frame[5] = (uint8_t)(fault == FAULT_WRONG_LENGTH ? n + 1 : n);
	return n + 6;
}

static inline void slave_hang_up(struct slave *slave, bool reset)
{
	struct linger linger = {1, 0};
	if (reset)
		setsockopt(slave->line_fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(slave->line_fd);
	slave->line_fd = -1;
}

static inline bool slave_is_late(struct slave *slave, enum fault fault)
{
	slave->dice = slave->dice * 1103515245u + 12345u;
	return fault == FAULT_LATE ||
	       (fault == FAULT_SOMETIMES_LATE && (slave->dice >> 16) % 10 == 0);
}

static inline bool slave_asks_for(const uint8_t *request, int address)
{
	int first = request[2] << 8 | request[3], count = request[4] << 8 | request[5];

	return address >= first && address < first + count;
}

/* True if it does not hear what comes so soon. */
static inline bool slave_is_deaf(const struct slave *slave)
{
	int64_t now_us = slave_now_us();

	return (slave->replied_us && now_us - slave->replied_us < slave->pause_ms * 1000) ||
	       now_us - slave->connected_us < slave->start_ms * 1000;
}

static inline void slave_answer(struct slave *slave, const uint8_t *adu)
{
	const uint8_t *request = adu + (slave->rtu ? 0 : 6);
	enum fault fault = (enum fault)atomic_load(&slave->faults[request[0]]);
	uint8_t frame[300], noise = 0xA5, zero = 0;

	if (slave->faulty_address >= 0 && slave->faulty_address != (request[2] << 8 | request[3]))
		fault = FAULT_NONE;
	if (slave->missing >= 0 && !slave_asks_for(request, slave->missing))
		fault = FAULT_NONE;
	if (slave->most > 0 && (request[4] << 8 | request[5]) > slave->most)
		fault = FAULT_EXCEPTION;
	slave->asked_us[request[0]] = slave_now_us();
	slave->requests[request[0]]++;
	int n = slave_frame(slave, adu, fault, frame);
	if (fault == FAULT_SILENT || slave_is_deaf(slave) ||
	    (fault == FAULT_EVERY_OTHER && slave->requests[request[0]] % 2 == 1))
		return;
	if (fault == FAULT_CLOSE || fault == FAULT_RST) {
		slave_hang_up(slave, fault == FAULT_RST);
		return;
	}
	if (slave_is_late(slave, fault))
		slave_sleep_ms(slave->late_ms);
	if (fault == FAULT_NOISE_BEFORE)
		slave_write(slave, &noise, 1, 0);
	if (fault == FAULT_HEARTBEAT)
		slave_write(slave, (const uint8_t *)"\0\1HB\0", 5, 0);
	if (fault == FAULT_ZERO_BEFORE)
		slave_write(slave, &zero, 1, 0);
	if (fault == FAULT_OLD_BEFORE)
		slave_write(slave, slave->before, slave->n_before, 0);
	if (fault == FAULT_ECHO)
		slave_write(slave, adu, slave->rtu ? 8 : 12, 0);
	slave_write(slave, frame, fault == FAULT_TRUNCATED ? n - 3 : n,
		    fault == FAULT_DRIP ? 20 : 0);
	if (fault == FAULT_TWICE)
		slave_write(slave, frame, n, 0);
	if (fault == FAULT_NOISE_AFTER)
		slave_write(slave, &noise, 1, 0);
	if (fault == FAULT_ZERO_AFTER)
		slave_write(slave, &zero, 1, 0);
	memcpy(slave->before, frame, sizeof(frame));
	slave->n_before = n;
	if (fault == FAULT_CLOSE_AFTER || fault == FAULT_RST_AFTER)
		slave_hang_up(slave, fault == FAULT_RST_AFTER);
}

static inline void slave_accept(struct slave *slave)
{
	int on = 1, fd = accept(slave->listen_fd, NULL, NULL);
	if (fd < 0)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (slave->line_fd >= 0)
		close(slave->line_fd);
	slave->line_fd = fd;
	slave->connections++;
	slave->connected_us = slave_now_us();
	if (slave->registration)
		slave_write(slave, (const uint8_t *)slave->registration,
			    (int)strlen(slave->registration), 0);
}

static inline void *slave_run(void *arg)
{
	struct slave *slave = arg;
	uint8_t adu[12];
	int have = 0, whole = slave->rtu ? 8 : 12;

	while (!slave->stop) {
		struct pollfd polled[] = {{.fd = slave->line_fd, .events = POLLIN},
					  {.fd = slave->listen_fd, .events = POLLIN}};
		poll(polled, 2, 10);
		if (polled[1].revents) {
			slave_accept(slave);
			have = 0;
			continue;
		}
		if (!polled[0].revents)
			continue;
		ssize_t n = read(slave->line_fd, adu + have, (size_t)(whole - have));
		if (n <= 0 && slave->wire != WIRE_RTU)
			slave_hang_up(slave, false);
		have = n > 0 ? have + (int)n : 0;
		if (have < whole)
			continue;
		have = 0;
		int gap_us = (int)(slave_now_us() - slave->replied_us);
		if (slave->replied_us && gap_us < slave->shortest_gap_us)
			slave->shortest_gap_us = gap_us;
		slave_answer(slave, adu);
	}
	return NULL;
}

static inline int slave_listen(uint16_t port, int backlog, uint16_t *ret_port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons(port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, backlog) != 0)
		abort();
	getsockname(fd, (struct sockaddr *)&address, &size);
	*ret_port = ntohs(address.sin_port);
	return fd;
}

/* The pty is raw from the start and its slave side stays open: nothing is echoed, no end of file
 * between two openings. */
static inline void slave_open_pty(struct slave *slave)
{
	struct termios raw;

	slave->line_fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave->line_fd < 0 || grantpt(slave->line_fd) != 0 || unlockpt(slave->line_fd) != 0 ||
	    ptsname_r(slave->line_fd, slave->path, sizeof(slave->path)) != 0)
		abort();
	slave->keep_fd = open(slave->path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	tcgetattr(slave->keep_fd, &raw);
	cfmakeraw(&raw);
	tcsetattr(slave->keep_fd, TCSANOW, &raw);
}

/* A slave that answers. Of a socket port 0 takes a free one. */
static inline struct slave *slave_start(enum slave_wire wire, uint16_t port)
{
	struct slave *slave = calloc(1, sizeof(*slave));

	if (!slave)
		abort();
	slave->wire = wire;
	slave->rtu = wire != WIRE_TCP;
	slave->listen_fd = slave->line_fd = slave->keep_fd = -1;
	slave->fixed_address = slave->faulty_address = slave->missing = -1;
	slave->shortest_gap_us = 1000000;
	slave->dice = 1;
	if (wire == WIRE_RTU)
		slave_open_pty(slave);
	else
		slave->listen_fd = slave_listen(port, 8, &slave->port);
	if (pthread_create(&slave->thread, NULL, slave_run, slave) != 0)
		abort();
	return slave;
}

static inline void slave_stop(struct slave *slave)
{
	slave->stop = true;
	pthread_join(slave->thread, NULL);
	if (slave->line_fd >= 0)
		close(slave->line_fd);
	if (slave->keep_fd >= 0)
		close(slave->keep_fd);
	if (slave->listen_fd >= 0)
		close(slave->listen_fd);
	free(slave);
}

#endif
