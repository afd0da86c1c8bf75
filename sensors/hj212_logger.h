/* SPDX-License-Identifier: MIT */
/*
 * HJ 212: what a station's data logger (数采仪) says, told apart from what is not its word: a
 * segment whose frame is right -> whose it is, and the values of a period. Pure.
 *
 * Nothing is guessed: a message that is not right in every part is refused with its trouble. What
 * other factors of a profile would be is decided in hj212_values_read alone.
 */
#ifndef SENSORS_HJ212_LOGGER_H
#define SENSORS_HJ212_LOGGER_H

#include "hj212_factor.h"
#include "pollutant.h"
#include "sample.h"

#define HJ212_MN_MAX 32
#define HJ212_PW_MAX 32
#define HJ212_QN_MAX 24
#define HJ212_LOGGERS_MAX 64 /* of a listening bus */

/* Which messages are taken for values, as bits; the others are answered and let go. */
enum hj212_takes {
	HJ212_TAKES_MINUTES = 1, /* 2051 */
	HJ212_TAKES_HOURS = 2,   /* 2061: stands where minutes are missing */
};

/* A logger of the station file. */
struct hj212_logger_conf {
	const char *mn;
	const char *password_file;
	const struct hj212_profile *profile;
	unsigned takes;  /* enum hj212_takes */
	int32_t minutes; /* the period of 2051: 1 to 60, a divisor of 60 */
};

/* The same with what is known of it at run time. */
struct hj212_logger {
	const struct hj212_logger_conf *conf;
	char password[HJ212_PW_MAX + 1]; /* "": it cannot be read, and nothing is taken */
	int channels[POLLUTANT_COUNT];   /* the station's, -1: not taken */
};

/* What keeps a message from being taken. */
enum hj212_trouble {
	HJ212_FINE,
	HJ212_BAD_FRAME, /* CRC or length: the frame's causes say which */
	HJ212_NO_LOGGER, /* no MN, or one that the station file does not have */
	HJ212_BAD_PASSWORD,
	HJ212_OTHER_ST,
	HJ212_OTHER_EDITION, /* Flag has another version than the profile, or is not there */
	HJ212_NO_TIME,       /* no DataTime that begins a period */
	HJ212_AHEAD,         /* of a period that is not over */
	HJ212_TOO_OLD,
	HJ212_NO_FACTOR, /* none that is taken */
};
#define HJ212_TROUBLES 10

/* The code of the notice of a logger that is well: it is heard again, and values are not due. */
#define HJ212_SPEAKS_AGAIN 1

/* The name of a trouble as JSON has it: "password". */
const char *hj212_trouble_name(enum hj212_trouble trouble);

/* The head of a message of a logger that is known. */
struct hj212_head {
	int logger; /* which of them; -1: none */
	int cn;     /* -1: none */
	int version;
	bool flagged;          /* it has a Flag */
	bool answer;           /* is wanted */
	bool again;            /* RF=1: a back-fill */
	char qn[HJ212_QN_MAX]; /* "": none */
	int64_t qn_ms;         /* since 1970 UTC; 0: none */
};

/* Whose it is, and whether it may be taken. `ret` says as much as is known. */
enum hj212_trouble hj212_head_read(const struct hj212_logger *loggers, int n,
				   const struct hj212_segment *segment, struct hj212_head *ret);

/* One factor of a period. */
struct hj212_value {
	int channel;
	enum pollutant pollutant;
	bool has_value;      /* there was a number */
	int32_t value_milli; /* thousandths of the pollutant's unit */
	enum why why;        /* WHY_NONE: N */
};

/* What a logger says of one period. */
struct hj212_values {
	int64_t start_ms; /* since 1970 UTC */
	int32_t minutes;
	bool whole; /* the logger's own mean of an hour */
	int n;
	struct hj212_value values[POLLUTANT_COUNT];
};

/* DataTime, which in a message of parts may stand in another segment; n 0: there is none. */
struct hj212_time {
	const char *digits;
	uint16_t n;
};
struct hj212_time hj212_data_time(const struct hj212_segment *body);

/* The period and the values of 2051 or 2061. */
enum hj212_trouble hj212_values_read(const struct hj212_logger *logger, int cn,
				     struct hj212_time time, const struct hj212_segment *body,
				     struct hj212_values *ret);

/* ---- the unit of particles ---- */

#define HJ212_UNIT_HIGH_MILLI 5000000 /* a median above, or */
#define HJ212_UNIT_LOW_MILLI 1000     /* below: no air is like that for an hour */
#define HJ212_UNIT_LEAST 10           /* values of an hour, of minutes */

/* The good values of one factor in one hour. All zero: none yet. */
struct hj212_unit {
	int64_t hour; /* an END */
	int n;
	int32_t milli[60];
	bool doubted; /* the median of the newest hour that had enough was out of bounds: */
	int32_t median_milli;
};

/* Takes a value; an hour that is over is judged. True if `doubted` changed. */
bool hj212_unit_take(struct hj212_unit *unit, int64_t hour, bool whole, int32_t milli);

#endif
