/* SPDX-License-Identifier: MIT */
/*
 * The indices of the last hours as blocks: an hour some columns wide, some lines high, in the
 * colour of its category. The top of a curve is its highest index, at least AQI 100, so that clean
 * air looks clean.
 */
#ifndef DAEMON_CLI_WATCH_CURVE_H
#define DAEMON_CLI_WATCH_CURVE_H

#include <stdint.h>

#include "edition.h"
#include "paint.h"

struct curve {
	const struct edition *edition;
	const struct paint *paint;
	int hours;            /* of `index`, oldest first */
	const int32_t *index; /* IAQI_NONE: missing */
	int columns, lines;   /* of one hour; of the curve */
};

/* Puts one of its lines, 0 the uppermost; hours x columns wide. */
void curve_put(FILE *out, const struct curve *curve, int line);

/* The category of an index. */
const struct category *curve_category(const struct edition *edition, int32_t index);

#endif
