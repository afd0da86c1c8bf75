/* SPDX-License-Identifier: MIT */
/*
 * Does a device speak like a profile? What an unknown device answered to the requests of a profile
 * -> how well it fits, and a number as people may mean it. Pure.
 *
 * Only an identity register tells one device from another. Values within their ranges make a
 * profile possible and never certain, the less so the more a range lets pass.
 */
#ifndef SENSORS_RECOGNISE_H
#define SENSORS_RECOGNISE_H

#include <stdbool.h>
#include <stdint.h>

#include "device.h"

/* What one row of a profile would be at this device. */
enum fit {
	FIT_VALUE,   /* a value within its range, above zero unless it is auxiliary */
	FIT_NOTHING, /* zero, or the mark for "no value": speaks neither for nor against */
	FIT_WRONG,   /* outside its range */
	FIT_UNREAD,  /* the device did not give these registers */
};

struct match {
	const struct profile *profile;
	bool identified;  /* the profile has an identity register, and it holds what it must */
	bool foreign;     /* it has one, and it holds something else or was not read */
	bool measuring;   /* the status registers, if there are any, say "normal" */
	bool unread;      /* the device did not give one of them */
	bool upside_down; /* more fine particles than coarse ones, which contain them */
	int counts[FIT_UNREAD + 1];
	enum fit fits[PROFILE_ROWS_MAX];
	int32_t values_milli[PROFILE_ROWS_MAX]; /* of FIT_VALUE; thousandths of the pollutant's unit
						 */
	double chance; /* that registers of random content show these values: 0..1 */
};

/* Judges the replies to the requests of device->conf->profile (device_identify has been called). */
void recognise(const struct device *device, const struct poll *poll, struct match *ret);

/* True if the profile is worth to be named: not foreign, and more rows for it than against it; of
 * an identified one most rows were read, whatever they hold. */
bool match_is_candidate(const struct match *match);

/* Rows that speak against it. */
int match_against(const struct match *match);

/* Order of qsort: the better one first, candidates before all others. */
int match_compare(const void *a, const void *b);

/* A chance above this says next to nothing. */
#define RECOGNISE_WEAK 0.05

/*
 * True if two words may well be a float of this byte order: finite and of a size that people write
 * without an exponent. A word below 256 is a small whole number and no begin of a float, although
 * 8.0 with its bytes exchanged looks like it, and so is a NaN.
 */
bool recognise_float(const uint16_t words[2], enum byte_order order);

#endif
