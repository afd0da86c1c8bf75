/* SPDX-License-Identifier: MIT */
/*
 * The far end of a Modbus line for benchmarks: a slave that answers at once, over TCP on any number
 * of connections, or on a pty with every byte at its time on the wire. Counts what it is asked, and
 * how late.
 */
#ifndef TESTS_LINE_H
#define TESTS_LINE_H

#include <stdatomic.h>
#include <stdint.h>

#include "slave.h"

#define LINE_LATE_MAX 200000

/* What a benchmark reads of another process. */
struct line_tally {
	atomic_uint requests;
	atomic_ullong registers;
	atomic_uint n_late;
	atomic_int late_us[LINE_LATE_MAX]; /* of each request, behind its multiple of the period */
};

struct line {
	struct slave slave; /* its framing, and its open end */
	int baud;           /* 0: every answer as a whole, at once */
	int bits;           /* of a character */
	int32_t period_ms;  /* polls are due at its multiples on CLOCK_BOOTTIME; 0: whenever */
	struct line_tally *tally;
	void (*asked)(struct line *line); /* before each answer; NULL: nobody wants to know */
};

/* A free port of this machine, or a pty: line->slave.port, line->slave.path. */
void line_open_tcp(struct line *line, uint16_t port);
void line_open_pty(struct line *line, int baud, int bits);

/* Memory for the counts that a child shares with its parent. */
struct line_tally *line_tally_new(void);
void line_tally_reset(struct line_tally *tally);

/* Answers for ever. */
void line_serve(struct line *line) __attribute__((noreturn));

/* Milliseconds behind their time: the median of all requests, 99 of 100, the latest. */
struct line_late {
	double median_ms, p99_ms, max_ms;
};
/* unknown_ms: 0, or a period of which nobody knows when it begins; then behind the earliest. */
struct line_late line_late(const struct line_tally *tally, int32_t unknown_ms);

/* Nanoseconds of one character. */
int64_t line_character_ns(const struct line *line);

#endif
