/* SPDX-License-Identifier: MIT */
/*
 * The value that crosses from sensors to rules: one reading of one channel, or the reason why there
 * is none. A missing value is a sample with a quality other than N, never a zero.
 */
#ifndef RULES_SAMPLE_H
#define RULES_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

/* Quality letters of HJ 212-2017 table 8. Only N counts towards a mean. */
enum quality {
	QUALITY_NORMAL = 'N',
	QUALITY_OUT_OF_SERVICE = 'F',
	QUALITY_MAINTENANCE = 'M',
	QUALITY_MANUAL = 'S',
	QUALITY_FAULT = 'D',
	QUALITY_CALIBRATION = 'C',
	QUALITY_OVER_RANGE = 'T',
	QUALITY_NO_COMMUNICATION = 'B',
};

/* Why a sample did not count. WHY_NONE goes with quality N only. */
enum why {
	WHY_NONE,
	WHY_TIMEOUT,      /* B: no answer in time */
	WHY_BAD_FRAME,    /* B: an answer that failed its check */
	WHY_EXCEPTION,    /* B: the device answered with a Modbus exception */
	WHY_LINK,         /* B: the bus itself is down: adapter, connection */
	WHY_ECHO,         /* B: we read our own request: an adapter hears itself */
	WHY_OUT_OF_RANGE, /* T: outside the profile's range */
	WHY_OVER_RANGE,  /* T: at the end of its range poll after poll: the air has at least that */
	WHY_SENTINEL,    /* D: the profile's mark for "no value" */
	WHY_STATUS,      /* D: the device's own status says it is not measuring */
	WHY_FROZEN,      /* D: the same raw words for too long */
	WHY_FALL,        /* D: it fell to a tenth from one poll to the next and moves no more */
	WHY_JUMP,        /* D: a change no air can make */
	WHY_IDENTITY,    /* D: another device answers at this unit id */
	WHY_ZERO_CHECK,  /* C */
	WHY_SPAN_CHECK,  /* C */
	WHY_WARM_UP,     /* F */
	WHY_MAINTENANCE, /* M: a person works on the instrument */
	WHY_CLOCK,       /* D: the time of the sample is not known */
	WHY_REVIEW,      /* D: invalidated by a person */
	WHY_EXPECT,      /* D: a register that must read so reads otherwise: another unit, gas */
	WHY_STALE,       /* D: what must change does not: the values are old */
	/* what a data logger says of an instrument, as far as no reason above is meant */
	WHY_OUT_OF_SERVICE, /* F */
	WHY_MANUAL,         /* S: entered by hand */
	WHY_CALIBRATION,    /* C */
};
#define WHY_COUNT 25

/* How sure the clock was that a label of time was made with: it goes with the value (domain.md 1).
 */
enum time_quality { TIME_SYNCHRONISED, TIME_UNSYNCHRONISED, TIME_SIMULATED };

struct sample {
	int64_t at_ms; /* from a bus: station time since boot; after dating: since 1970 UTC */
	/* thousandths of the pollutant's unit; quality N: the value, WHY_OVER_RANGE: at least that,
	 * else meaningless */
	int32_t value_milli;
	uint16_t channel; /* index of the station's channel */
	enum quality quality;
	enum why why;
	/* what the channel said in so many ms before is not believed either; 0: it is */
	int32_t doubt_ms;
};

/* "synchronised", ...: as tables and messages carry it. */
const char *time_quality_name(enum time_quality quality);
bool time_quality_parse(const char *name, enum time_quality *ret);

/* The name of a reason as messages and tables carry it: "timeout", "out_of_range", ... */
const char *why_name(enum why why);

/* The reason of a name; false if there is none. */
bool why_parse(const char *name, enum why *ret);

/* The quality letter that goes with a reason. */
enum quality why_quality(enum why why);

#endif
