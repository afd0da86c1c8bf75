/* SPDX-License-Identifier: MIT */
/*
 * Numbers as people and files write them: digits, and of a decimal a point with digits on both
 * sides. No sign, no exponent, no blank, no floating point. On false *ret stays as it was.
 */
#ifndef DAEMON_BASE_DIGITS_H
#define DAEMON_BASE_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True if all of the text is a whole number of least to most. */
bool digits_whole(const char *text, int32_t least, int32_t most, int32_t *ret);

/* How many bytes of a whole number of 0 to most the text begins with; 0: none. */
size_t digits_begin(const char *text, int32_t most, int32_t *ret);

/* The text of a decimal, cut at its point. */
struct digits {
	const char *whole, *fraction;
	size_t n_whole, n_fraction; /* 1 or more; 0 or more */
};
bool digits_split(const char *text, struct digits *ret);

/* A decimal of 0 to most / 10^places, in units of its last place, half to even: "12.5" with 3
 * places is 12500. */
bool digits_decimal(const char *text, int places, int32_t most, int32_t *ret);

#endif
