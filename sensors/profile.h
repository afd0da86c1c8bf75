/* SPDX-License-Identifier: MIT */
/*
 * A sensor model as data: which registers, how they are read, what they mean.
 *
 * Comes from config/profiles/<id>.yaml. Addresses are zero-based protocol addresses. The strings
 * are borrowed from whoever loaded the file. Pure: knows no bus and no clock.
 */
#ifndef SENSORS_PROFILE_H
#define SENSORS_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "auxiliary.h"
#include "pollutant.h"

enum register_type {
	TYPE_U16,
	TYPE_S16,
	TYPE_U32,
	TYPE_S32,
	TYPE_F32,
	TYPE_U64,
	TYPE_S64,
	TYPE_F64,
};
#define REGISTER_TYPE_COUNT 8

/*
 * Order of the four bytes of a 32-bit value on the wire, A the most significant: of words (low word
 * first: cdab, dcba) and of the bytes in each word (exchanged: badc, dcba). Four words follow the
 * same rule, and one word has its bytes alone.
 */
enum byte_order { ORDER_ABCD, ORDER_CDAB, ORDER_BADC, ORDER_DCBA };
#define BYTE_ORDER_COUNT 4

/* The unit a register delivers; gases in ppb or ppm are converted to the reference state
 * (298.15 K, 1013.25 hPa: standards.md 2.3), NOx as NO2. */
enum unit {
	UNIT_UG_M3,
	UNIT_MG_M3,
	UNIT_PPB,
	UNIT_PPM,
	UNIT_CELSIUS,
	UNIT_PERCENT,
	UNIT_HPA,
	UNIT_KPA,
	UNIT_PA,
	UNIT_M_S,
	UNIT_DEGREE,
	UNIT_DECIBEL,
	UNIT_MM,
};

/* What the instrument puts into the register (domain: how a value stands for time). */
enum delivers {
	DELIVERS_SPOT,   /* the value of the moment */
	DELIVERS_MEAN,   /* a mean of its own short period; used like a spot value */
	DELIVERS_HOURLY, /* the mean of the clock hour that ended (beta-ray monitors) */
};

#define PROFILE_SENTINELS_MAX 4
#define PROFILE_ROWS_MAX 32
#define PROFILE_STATUSES_MAX 16
#define PROFILE_EXPECTS_MAX 8
#define PROFILE_NORMALS_MAX 4
#define PROFILE_TEXT_MAX 32 /* bytes of an identity that is a text */
#define PROFILE_WORDS_MAX 4 /* registers of one number */
#define PROFILE_CHECK_MIN 5 /* how often what never changes is read */
#define PROFILE_ALL_ROWS UINT32_MAX

/* Numbers from low to high, both included; low == high: this one. */
struct bounds {
	double low, high;
};

/* Registers that stand for one number. Of functions 1 and 2 a bit is a register of 0 or 1. */
struct profile_place {
	uint8_t function; /* 1 to 4 */
	uint16_t address;
	enum register_type type;
	enum byte_order order;
};

struct profile_row {
	enum pollutant pollutant; /* POLLUTANT_COUNT: it is the auxiliary quantity */
	enum auxiliary auxiliary; /* AUXILIARY_NONE: it is the pollutant */
	uint8_t function;         /* 3 or 4 */
	uint16_t address;
	enum register_type type;
	enum byte_order order;
	uint8_t first_bit, n_bits; /* a slice of its bits, 0 the least significant; n_bits 0: all */
	enum unit unit;
	double scale, offset;        /* value = raw * scale + offset, in `unit` */
	double range_min, range_max; /* what the instrument can measure, in `unit` */
	int n_sentinels;
	struct bounds sentinels[PROFILE_SENTINELS_MAX]; /* raw marks for "no value"; of a float NaN
							   always is one */
	enum delivers delivers;
	int32_t ready_minute; /* hourly: the minute of the hour from which the value is the new one
			       */
	int32_t frozen_min;   /* the same words for so many minutes are not believed; 0: never */
	int32_t update_s;     /* how often the instrument forms a new value, at the most */
	int32_t floor_milli; /* up to here air may stand still; thousandths of the pollutant's unit;
				below 0: nowhere */
	int32_t jump_milli;  /* the largest step between two readings that is believed at once, in
				thousandths of the pollutant's unit; 0: any */
	const char *source;  /* manual and page */
};

/* Registers by which a device can be told from another one that answers in its place. */
struct profile_identity {
	bool present;
	struct profile_place at;
	bool is_unit_id; /* it holds the device's own unit id, else `value`, else `text` */
	uint32_t value;
	const char *text;  /* two bytes a register, the first one high unless `order` says else */
	int32_t every_min; /* it is read on connecting, after a failure, and this often */
};

/* A register and what it must hold: one of `good`. */
struct profile_condition {
	struct profile_place at;
	uint32_t mask; /* bits looked at; 0: the whole number */
	int n_good;
	struct bounds good[PROFILE_NORMALS_MAX];
};

/* What a status register can say beside "normal" and "faulty". */
enum { SAYS_ZERO_CHECK, SAYS_SPAN_CHECK, SAYS_WARM_UP, SAYS_MAINTENANCE };
#define PROFILE_SAYINGS 4

/* A status register: a value that is not normal makes its rows faulty, or is one of the sayings,
 * and the rows are marked with it. */
struct profile_status {
	struct profile_condition normal;
	uint32_t rows; /* bit 1u << row: it speaks for that row */
	bool says[PROFILE_SAYINGS];
	uint32_t said[PROFILE_SAYINGS]; /* the bits that say so */
};

/* A register that must change: what a logger goes on answering with when its instrument is gone is
 * no value. */
struct profile_alive {
	bool present;
	struct profile_place at;
	int32_t within_min;
};

struct profile {
	const char *id, *maker, *model, *source;
	int n_rows;
	struct profile_row rows[PROFILE_ROWS_MAX];
	int n_statuses;
	struct profile_status statuses[PROFILE_STATUSES_MAX]; /* all must be normal */
	struct profile_identity identity;
	int n_expects; /* read as often as the identity is */
	struct profile_condition expects[PROFILE_EXPECTS_MAX];
	struct profile_alive alive;
	int max_hole; /* registers nobody asked for that one request may read across */
};

/* Key and unit of what a row measures. */
const char *profile_row_key(const struct profile_row *row);
const char *profile_row_unit(const struct profile_row *row);

/* Registers a type takes: 1, 2 or 4. */
int register_count(enum register_type type);

/* True for floats. */
bool register_is_float(enum register_type type);

/* "u16", ... */
const char *register_type_name(enum register_type type);

/* Registers of an identity: of its number, or of its text. */
int profile_identity_count(const struct profile_identity *identity);

/* How often identity and expectations are read. */
int32_t profile_check_min(const struct profile *profile);

/* "abcd", ... */
const char *byte_order_name(enum byte_order order);

#endif
