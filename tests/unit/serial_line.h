/* SPDX-License-Identifier: MIT */
/*
 * A serial line with its devices in virtual time, as a table of functions: nothing waits, and a
 * year passes in seconds. Devices answer late, not at all, with passing exceptions or noise; they
 * refuse registers that they do not have, or are silent. The line may lead through a converter or a
 * gateway, whose connection breaks, is closed between requests, and brings answers in pieces, twice
 * or late on the next one. The frames are real ones, and what is taken for an answer is found and
 * checked by sensors/frame.c, as on a real line.
 */
#ifndef TESTS_SERIAL_LINE_H
#define TESTS_SERIAL_LINE_H

#include "frame.h"
#include "master.h"

#define SERIAL_UNITS_MAX 8
#define SERIAL_FRAMES_MAX 256

/* What a device does with a request for registers that it does not have. */
enum serial_manners { SERIAL_ANSWERS, SERIAL_REFUSES, SERIAL_IS_SILENT };

struct serial_device {
	enum serial_manners manners;
	bool has[4][1024];  /* what functions 3, 4, 1 and 2 read */
	bool tied[4][1024]; /* to the register before: the two are read together or not at all */
	int most;           /* registers that one request may ask for */
	bool queues;        /* requests that come while it is busy; else it does not hear them */
	int latency_ms, late_most_ms;
	/* chances in a thousand */
	int late, lost, excused, noisy;
	bool spared; /* of two answers in a row at most one is lost */
	bool dead;
	int once_ms;        /* the next answer alone takes so long; 0: none */
	int once_exception; /* the next answer alone is this; 0: none */
	int64_t busy_until_ms;
	bool missed; /* the answer before was lost */
};

struct serial_frame {
	int64_t at_ms;
	int length;
	uint8_t adu[FRAME_ADU_MAX];
};

struct serial_line {
	int64_t now_ms;
	int timeout_ms, quiet_ms, gap_ms;
	bool tcp; /* Modbus TCP: answers bear the number of their request */
	/* chances in a thousand: the connection breaks on a request, was closed before one, keeps
	 * what was under way from the next one; a frame that is forgotten was not all there yet; an
	 * answer comes twice, or behind bytes that are none */
	int breaks, closes, forgets, splits, repeats, unasked;
	bool open;
	unsigned openings;
	uint16_t transaction;
	unsigned (*random)(void);
	struct serial_device devices[SERIAL_UNITS_MAX]; /* unit id - 1 */
	int n_frames;
	struct serial_frame frames[SERIAL_FRAMES_MAX]; /* under way, in order of arrival */
	long exchanges, late, lost, broken, passed_over;
};

/* What a register holds: another value for every unit, function and address; a bit is its last. */
uint16_t serial_register(int unit, int function, int address);

/* The line as a poller takes it. */
struct master serial_master(struct serial_line *line);

#endif
