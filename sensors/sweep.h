/* SPDX-License-Identifier: MIT */
/*
 * A device that nothing is known of, read through a master: does the unit answer, what do its
 * registers hold, what does it say to the requests of a profile.
 *
 * Asks again where an answer is missing or broken, asks for less where a request is refused, and
 * never takes a register for read that was not. After an answer that did not come on a serial line
 * nothing else is asked before something that the unit is known to answer has been, whose answer is
 * like no other, or 10 s have passed. Writes nothing, prints nothing.
 */
#ifndef SENSORS_SWEEP_H
#define SENSORS_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "device.h"
#include "master.h"

#define SWEEP_REGISTERS_MAX 65536
#define SWEEP_FENCES 4

/* What one register had to say. */
struct sweep_register {
	uint16_t word; /* if asked and why is WHY_NONE */
	bool asked;
	uint8_t why;  /* enum why: none, exception, timeout, bad frame, echo */
	uint8_t code; /* the exception */
};

struct sweep {
	struct master master;
	bool serial;    /* an answer bears no number by which it is known */
	int timeout_ms; /* of the line */
	int unit_id;
	uint8_t function;
	int from, count; /* registers from .. from + count - 1, the last one at most 65535 */
	struct sweep_register *registers; /* count of them */
	int done;                         /* so many of them have had their turn */
	void *ctx;
	/* Called before each request, and while there is a wait; false: no further one. */
	bool (*go_on)(void *ctx);
	void (*wait)(void *ctx, int ms);
	int unheard[4];   /* of functions 1 to 4: requests without an answer; -1: there was one */
	struct owed owed; /* by that unit */
	int owed_by;
	int n_fences; /* requests that it has answered, no two alike */
	struct request fences[SWEEP_FENCES];
};

/*
 * Whether the unit answers at all: asks for the first register of the sweep. WHY_NONE or
 * WHY_EXCEPTION (*ret_code) if it does, else what came instead; WHY_LINK: *ret_code is an errno.
 * WHY_TIMEOUT also if it was told not to ask.
 */
enum why sweep_greet(struct sweep *sweep, int attempts, int *ret_code);

/*
 * Fills in the registers of a unit that answered sweep_greet. WHY_NONE if the sweep came to its
 * end; else the unit or the line was lost on the way, or it was told to stop, and the registers
 * from there on are not asked.
 */
enum why sweep_read(struct sweep *sweep, int *ret_code);

/* True if the register at from + at was read. */
bool sweep_is_read(const struct sweep *sweep, int at);

/* The words at from + at and behind it; false if not both were read. */
bool sweep_pair(const struct sweep *sweep, int at, uint16_t ret[2]);

/* Asks what the daemon would ask of a device of this profile, as device.h keeps it. */
void sweep_profile(struct sweep *sweep, struct device *device, struct poll *ret);

#endif
