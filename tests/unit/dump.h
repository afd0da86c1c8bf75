/* SPDX-License-Identifier: MIT */
/* Register dumps of tests/data/registers: what a device held, and what it answers to a profile. */
#ifndef TESTS_DUMP_H
#define TESTS_DUMP_H

#include <stdio.h>

#include "conf_rules.h"
#include "device.h"

struct dump {
	int unit;
	bool known[4][65536]; /* of functions 1 to 4; any other register is refused */
	uint16_t words[4][65536];
};

/* The dump of a device, by the name of its profile. */
FILE *dump_open(const char *name);

/* Takes a line "case UNIT NAME" (the registers of the case before are forgotten) or "read FUNCTION
 * ADDRESS: WORDS"; false if it is neither. */
bool dump_take(struct dump *dump, const char *line);

/* The registers of the first case of a device. */
void dump_first(const char *name, struct dump *ret);

/* A profile of config/profiles. */
void dump_profile(const char *name, struct arena *arena, struct profile *ret);

/* A device of conf and what it is answered, asked as the poller does: what is refused is asked for
 * in parts. */
void dump_poll(const struct dump *dump, const struct device_conf *conf, struct device *device,
	       struct poll *ret);

#endif
