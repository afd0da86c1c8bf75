/* SPDX-License-Identifier: MIT */
/*
 * The hours that somebody flagged as a dust event (plan 1.3: outside the plan altogether).
 */
#ifndef RULES_DUST_H
#define RULES_DUST_H

#include <stdbool.h>
#include <stdint.h>

#define DUST_HOURS_MAX 1024 /* more than forty days of them in a timeline */

struct dust_hours {
	int n;
	int64_t hours[DUST_HOURS_MAX]; /* END labels, rising */
};

/* Flags an hour; false if there is no room for another. */
bool dust_flag(struct dust_hours *dust, int64_t hour);

/* True if the hour is flagged. */
bool dust_at(const struct dust_hours *dust, int64_t hour);

/* True if any hour from first to last is. */
bool dust_within(const struct dust_hours *dust, int64_t first, int64_t last);

/* The hours in a row (END labels, both included) that hold this hour, or else the next ones after
 * it; false: none are flagged from there on. */
bool dust_window(const struct dust_hours *dust, int64_t hour, int64_t *ret_from, int64_t *ret_to);

#endif
