/* SPDX-License-Identifier: MIT */
#include "line.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#define CONNECTIONS_MAX 64
#define TCP_REQUEST 12
#define RTU_REQUEST 8
#define REQUEST_MAX TCP_REQUEST
#define FRAME_MAX 300
#define SECOND_NS INT64_C(1000000000)

struct peer {
	int fd, have;
	uint8_t adu[REQUEST_MAX];
};

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * SECOND_NS + now.tv_nsec;
}

static void sleep_until(int64_t at_ns)
{
	struct timespec at = {.tv_sec = at_ns / SECOND_NS, .tv_nsec = (long)(at_ns % SECOND_NS)};
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
		;
}

int64_t line_character_ns(const struct line *line)
{
	return line->bits * SECOND_NS / line->baud;
}

static void count(struct line *line, const uint8_t *request)
{
	struct line_tally *tally = line->tally;
	int64_t now_us = now_ns(CLOCK_BOOTTIME) / 1000;
	tally->requests++;
	tally->registers += (unsigned)(request[4] << 8 | request[5]);
	if (line->period_ms > 0 && tally->n_late < LINE_LATE_MAX)
		tally->late_us[tally->n_late++] = (int)(now_us % (line->period_ms * 1000));
}

/* What came in a moment lies on the wire for its characters and the silence after them; the answer
 * goes out byte by byte, several when we were woken late. */
static void write_paced(struct line *line, const uint8_t *frame, int n, int64_t asked_ns)
{
	int64_t character_ns = line_character_ns(line);
	int64_t begin_ns = asked_ns + RTU_REQUEST * character_ns + character_ns * 7 / 2;
	for (int at = 0; at < n;) {
		sleep_until(begin_ns + (at + 1) * character_ns);
		int due = (int)((now_ns(CLOCK_MONOTONIC) - begin_ns) / character_ns);
		due = due < at + 1 ? at + 1 : due > n ? n : due;
		if (write(line->slave.line_fd, frame + at, (size_t)(due - at)) < 0)
			return;
		at = due;
	}
}

static void answer(struct line *line, struct peer *peer)
{
	uint8_t frame[FRAME_MAX];
	int64_t asked_ns = now_ns(CLOCK_MONOTONIC);
	count(line, peer->adu + (line->slave.rtu ? 0 : 6));
	if (line->asked)
		line->asked(line);
	int n = slave_frame(&line->slave, peer->adu, FAULT_NONE, frame);
	if (line->baud > 0)
		write_paced(line, frame, n, asked_ns);
	else if (write(peer->fd, frame, (size_t)n) < 0)
		return;
}

/* False when the other end is gone. */
static bool take(struct line *line, struct peer *peer)
{
	int whole = line->slave.rtu ? RTU_REQUEST : TCP_REQUEST;
	ssize_t n = read(peer->fd, peer->adu + peer->have, (size_t)(whole - peer->have));
	if (n <= 0)
		return false;
	peer->have += (int)n;
	if (peer->have < whole)
		return true;
	peer->have = 0;
	answer(line, peer);
	return true;
}

static void take_from_all(struct line *line, struct peer *peers, const struct pollfd *polled,
			  int *n)
{
	int kept = 0;
	for (int i = 0; i < *n; i++) {
		bool gone = polled[i].revents && !take(line, &peers[i]);
		if (gone && !line->slave.rtu)
			close(peers[i].fd);
		else
			peers[kept++] = peers[i];
	}
	*n = kept;
}

void line_serve(struct line *line)
{
	struct peer peers[CONNECTIONS_MAX] = {{.fd = line->slave.line_fd}};
	struct pollfd polled[CONNECTIONS_MAX + 1];
	int n = line->slave.rtu ? 1 : 0;
	prctl(PR_SET_TIMERSLACK, 1);
	for (;;) {
		for (int i = 0; i < n; i++)
			polled[i] = (struct pollfd){.fd = peers[i].fd, .events = POLLIN};
		bool room = n < CONNECTIONS_MAX && !line->slave.rtu;
		polled[n] =
			(struct pollfd){.fd = room ? line->slave.listen_fd : -1, .events = POLLIN};
		poll(polled, (nfds_t)n + 1, -1);
		bool knocks = polled[n].revents != 0;
		take_from_all(line, peers, polled, &n);
		if (!knocks)
			continue;
		int on = 1, fd = accept(line->slave.listen_fd, NULL, NULL);
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		peers[n++] = (struct peer){.fd = fd};
	}
}

static void prepare(struct line *line)
{
	line->slave.listen_fd = line->slave.line_fd = line->slave.keep_fd = -1;
	line->slave.fixed_address = -1;
}

void line_open_tcp(struct line *line, uint16_t port)
{
	prepare(line);
	line->slave.listen_fd = slave_listen(port, CONNECTIONS_MAX, &line->slave.port);
}

void line_open_pty(struct line *line, int baud, int bits)
{
	prepare(line);
	line->slave.rtu = true;
	line->baud = baud;
	line->bits = bits;
	slave_open_pty(&line->slave);
}

struct line_tally *line_tally_new(void)
{
	void *shared = mmap(NULL, sizeof(struct line_tally), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		abort();
	return shared;
}

void line_tally_reset(struct line_tally *tally)
{
	tally->requests = 0;
	tally->registers = 0;
	tally->n_late = 0;
}

static int by_size(const void *a, const void *b)
{
	int one = *(const int *)a, other = *(const int *)b;
	return (one > other) - (one < other);
}

struct line_late line_late(const struct line_tally *tally, int32_t unknown_ms)
{
	static int sorted[LINE_LATE_MAX];
	int n = (int)tally->n_late, period_us = unknown_ms * 1000;
	for (int i = 0; i < n; i++) {
		sorted[i] = tally->late_us[i];
		if (period_us > 0) /* around the first one, as the hand of a clock */
			sorted[i] = (sorted[i] - tally->late_us[0] + period_us * 3 / 2) % period_us;
	}
	if (n == 0)
		return (struct line_late){0};
	qsort(sorted, (size_t)n, sizeof(sorted[0]), by_size);
	int base_us = period_us > 0 ? sorted[0] : 0;
	return (struct line_late){(sorted[n / 2] - base_us) / 1000.0,
				  (sorted[(n - 1) * 99 / 100] - base_us) / 1000.0,
				  (sorted[n - 1] - base_us) / 1000.0};
}
