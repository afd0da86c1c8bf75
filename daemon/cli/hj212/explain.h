/* SPDX-License-Identifier: MIT */
/*
 * What a frame of HJ 212 says, by a profile: the same for people (text_hj212) and programs
 * (payload_hj212). Decides nothing. Passwords and keys in it are marked and never shown.
 */
#ifndef DAEMON_CLI_HJ212_EXPLAIN_H
#define DAEMON_CLI_HJ212_EXPLAIN_H

#include "hj212_factor.h"
#include "hj212_frame.h"

#define EXPLAIN_VALUE_MAX 256 /* of a value as it is shown; what is longer is cut */

/* What is odd about a right frame, beside enum hj212_oddity. */
enum explain_oddity {
	EXPLAIN_UNENDED = 1 << HJ212_ODDITIES,         /* no CR LF */
	EXPLAIN_ST = 1 << (HJ212_ODDITIES + 1),        /* not the profile's */
	EXPLAIN_EDITION = 1 << (HJ212_ODDITIES + 2),   /* Flag's version is another */
	EXPLAIN_QN = 1 << (HJ212_ODDITIES + 3),        /* no time of 17 digits */
	EXPLAIN_TIME = 1 << (HJ212_ODDITIES + 4),      /* DataTime is no time */
	EXPLAIN_TIME_LONG = 1 << (HJ212_ODDITIES + 5), /* of more than 14 digits */
	EXPLAIN_ACK = 1 << (HJ212_ODDITIES + 6),       /* 9014 is not the standard's */
	EXPLAIN_FLAGLESS = 1 << (HJ212_ODDITIES + 7),  /* values without a quality */
	EXPLAIN_BEGIN = 1 << (HJ212_ODDITIES + 8),     /* DataTime inside of its hour or day */
	EXPLAIN_RF = 1 << (HJ212_ODDITIES + 9),        /* RF where none belongs, or not 1 */
	EXPLAIN_TIMELESS = 1 << (HJ212_ODDITIES + 10), /* values without DataTime */
	EXPLAIN_TWICE = 1 << (HJ212_ODDITIES + 11),    /* the same field of a factor */
	EXPLAIN_PART = 1 << (HJ212_ODDITIES + 12),     /* PNO is beyond PNUM, or 0 */
};
#define EXPLAIN_ODDITIES (HJ212_ODDITIES + 13)

struct explained {
	const struct hj212_event *event;
	const struct hj212_profile *profile;
	struct hj212_segment segment;
	bool readable;     /* its fields are text; not: ciphertext */
	unsigned oddities; /* of both enums */
	int st, cn;        /* -1: not there */
	bool flagged;
	struct hj212_flag flag;
	const struct hj212_item *time; /* DataTime; NULL: not there, or no time */
	int64_t start_ms, period_ms, end_ms;
};

/* `given`: the profile was chosen, so that another edition is odd. */
void explain_event(const struct hj212_event *event, const struct hj212_profile *profile, bool given,
		   struct explained *ret);

/* A field of CP. */
struct explained_field {
	struct hj212_text code, field;     /* code.n 0: it is of no factor */
	const struct hj212_factor *factor; /* NULL: the profile does not have it */
	bool other_case;                   /* but in letters of another case */
	bool is_flag, flag_known;
	enum quality quality;
	bool is_value; /* a concentration or the like: it has the factor's unit */
	int decimals;  /* of it; -1: no number */
};
struct explained_field explain_field(const struct explained *explained,
				     const struct hj212_item *item);

/* Text of a frame as it can be shown: control characters and what is no UTF-8 escaped. */
const char *explain_text(const struct explained *explained, struct hj212_text text,
			 char ret[EXPLAIN_VALUE_MAX]);

/* The same of a field's value, of one without '=' its key, or stars where it is or may be a
 * password or a key. */
const char *explain_value(const struct explained *explained, const struct hj212_item *item,
			  char ret[EXPLAIN_VALUE_MAX]);

/* The name of an oddity as JSON has it: "no_mn". */
const char *explain_oddity_name(int bit);

#endif
