/* SPDX-License-Identifier: MIT */
/*
 * HJ 212: what the fields of a segment mean, by a profile: whose factor, which quality, which time.
 * There is no uniform table for ambient air, so codes and units are data (hazewatch-hj212(5)); no
 * code stands here. Pure.
 */
#ifndef SENSORS_HJ212_FACTOR_H
#define SENSORS_HJ212_FACTOR_H

#include "auxiliary.h"
#include "hj212_segment.h"
#include "pollutant.h"
#include "sample.h"

#define HJ212_FACTORS_MAX 64

struct hj212_factor {
	const char *code;    /* "a34004" */
	const char *zh, *en; /* what it is called; never NULL */
	const char *unit;    /* as this side counts it; "" if it has none */
	int pollutant;       /* enum pollutant, -1: none of the six */
	int auxiliary;       /* enum auxiliary; AUXILIARY_NONE */
	int decimals;
};

/* How 9014 answers a message. */
enum hj212_ack {
	HJ212_ACK_STANDARD, /* ST=91, the same QN, nothing inside of CP */
	HJ212_ACK_LENIENT,  /* QnRtn inside of it, another Flag, no QN */
	HJ212_ACK_NONE,     /* it does not */
};

struct hj212_profile {
	const char *id, *source;
	enum hj212_edition edition;
	int st;
	enum hj212_crc crc;
	enum hj212_length length;
	enum hj212_ack ack;
	bool any_case;         /* codes in letters of either case */
	const char *key_file;  /* NULL: nothing is enciphered */
	const char *key_field; /* what stands before a new key in CN 1014; never NULL */
	int n_factors;
	struct hj212_factor factors[HJ212_FACTORS_MAX];
};

/* The factor of a code; NULL if the profile has none. *ret_other: only its letters' case is
 * another, which the profile does not take. */
const struct hj212_factor *hj212_factor_find(const struct hj212_profile *profile,
					     const struct hj212_segment *segment,
					     struct hj212_text code, bool *ret_other);

/* How many millionths of a unit a thousandth of an auxiliary quantity's own unit is; 0: it is not
 * counted in that. */
int64_t hj212_auxiliary_micros(enum auxiliary auxiliary, const char *unit);

/* "a34004-Avg" -> code and what of it; false if the key has no '-'. */
bool hj212_key_split(const struct hj212_segment *segment, struct hj212_text key,
		     struct hj212_text *ret_code, struct hj212_text *ret_field);

/* The quality of a flag, in a letter of either case: 2017 table 8, of which 2025 keeps N D C M T.
 * False if it is none: the value is not to be believed. */
bool hj212_quality_read(const struct hj212_segment *segment, struct hj212_text text,
			enum quality *ret);

/* The flag of a quality: what 2025 has no letter for is D. */
char hj212_quality_write(enum hj212_edition edition, enum quality quality);

/* ---- times: Beijing's, without a zone ---- */

#define HJ212_TIME_SIZE 15

/* "YYYYMMDDhhmmss" and digits behind it, which QN uses for milliseconds: ms since 1970 UTC; false
 * if it is none. Of 17 digits the last three count, of others 14. */
bool hj212_time_read(const struct hj212_segment *segment, struct hj212_text text, int64_t *ret_ms);

/* The period that DataTime names by its START: 2051 so many minutes, 2061 an hour, 2031 a day; 0:
 * an instant. */
int64_t hj212_period_ms(int cn, int minutes);

/* DataTime as hazewatch names a period, by its END, and back. */
bool hj212_end_read(const struct hj212_segment *segment, struct hj212_text text, int64_t period_ms,
		    int64_t *ret_end_ms);
void hj212_start_write(int64_t end_ms, int64_t period_ms, char ret[HJ212_TIME_SIZE]);

#endif
