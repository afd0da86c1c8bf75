/* SPDX-License-Identifier: MIT */
/*
 * Rain gauges count: what stands in a register is the sum since somebody knows when. Its readings
 * -> what fell between them.
 */
#ifndef RULES_RAIN_H
#define RULES_RAIN_H

#include <stdbool.h>
#include <stdint.h>

/* More in an hour is no rain. */
#define RAIN_MOST_AN_HOUR_MILLI 500000

/* The readings so far; all zero: none. In thousandths of a millimetre. */
struct rain_counter {
	bool known;
	int64_t at_ms;
	int32_t newest; /* reading */
	bool odd;       /* the newest does not follow `followed`: it began anew, or it slipped */
	int32_t followed;
	int32_t anew; /* what has fallen, if it began anew */
};

/*
 * What fell since the reading before, up to 500 mm; 0 for the first one, and for one more than an
 * hour behind: that rain has no hour. turns_milli: the number at which the counter is 0 again.
 */
int32_t rain_take(struct rain_counter *counter, int64_t at_ms, int32_t total_milli,
		  int32_t turns_milli);

#endif
