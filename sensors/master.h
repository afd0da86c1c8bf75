/* SPDX-License-Identifier: MIT */
/*
 * What a poller needs of a Modbus master and of the time: a table of functions. link.c makes the
 * real one, a test may make one that takes no time.
 */
#ifndef SENSORS_MASTER_H
#define SENSORS_MASTER_H

#include <stdbool.h>
#include <stdint.h>

#include "readplan.h"
#include "sample.h"

/* Who is asked. */
struct asked {
	int unit_id;    /* 0..255 */
	int timeout_ms; /* of an answer; 0: that of the line */
};

struct master {
	void *ctx;
	/* Each as the function of link.h that is called so, link_open, link_read ... */
	enum why (*open)(void *ctx, int *ret_errno);
	bool (*is_open)(void *ctx);
	unsigned (*openings)(void *ctx);
	enum why (*read)(void *ctx, const struct asked *asked, const struct request *request,
			 uint16_t *ret, int *ret_code);
	void (*close)(void *ctx);
	void (*interrupt)(void *ctx);
	int64_t (*now_ms)(void *ctx); /* never goes back: of CLOCK_MONOTONIC */
};

#endif
