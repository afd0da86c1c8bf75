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

struct master {
	void *ctx;
	/* Each as the function of link.h that is called so, link_open, link_read ... */
	enum why (*open)(void *ctx, int *ret_errno);
	bool (*is_open)(void *ctx);
	unsigned (*openings)(void *ctx);
	enum why (*read)(void *ctx, int unit_id, const struct request *request, uint16_t *ret,
			 int *ret_code);
	void (*close)(void *ctx);
	void (*interrupt)(void *ctx);
	int64_t (*now_ms)(void *ctx); /* never goes back: of CLOCK_MONOTONIC */
};

#endif
