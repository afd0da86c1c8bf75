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

#include "pollutant.h"

enum register_type { TYPE_U16, TYPE_S16, TYPE_U32, TYPE_S32, TYPE_F32 };

/* Order of the four bytes of a 32-bit value on the wire, A the most significant. */
enum byte_order { ORDER_ABCD, ORDER_CDAB, ORDER_BADC, ORDER_DCBA };
#define BYTE_ORDER_COUNT 4

/* The unit a register delivers; gases in ppb or ppm are converted to the reference state
 * (298.15 K, 1013.25 hPa: standards.md 2.3). */
enum unit { UNIT_UG_M3, UNIT_MG_M3, UNIT_PPB, UNIT_PPM };

/* What the instrument puts into the register (domain: how a value stands for time). */
enum delivers {
	DELIVERS_SPOT,   /* the value of the moment */
	DELIVERS_MEAN,   /* a mean of its own short period; used like a spot value */
	DELIVERS_HOURLY, /* the mean of the clock hour that ended (beta-ray monitors) */
};

#define PROFILE_SENTINELS_MAX 4
#define PROFILE_ROWS_MAX 32

struct profile_row {
	enum pollutant pollutant;
	uint8_t function; /* 3 or 4 */
	uint16_t address;
	enum register_type type;
	enum byte_order order; /* 32-bit types */
	enum unit unit;
	double scale, offset;        /* value = raw * scale + offset, in `unit` */
	double range_min, range_max; /* what the instrument can measure, in `unit` */
	int n_sentinels;
	int64_t sentinels[PROFILE_SENTINELS_MAX]; /* raw marks for "no value"; f32: NaN always is
						     one */
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

/* A register by which a device can be told from another one that answers in its place. */
struct profile_identity {
	bool present;
	uint8_t function;
	uint16_t address;
	bool is_unit_id; /* it holds the device's own unit id, else `value` */
	uint16_t value;
	int32_t every_min; /* it is read on connecting, after a failure, and this often */
};

/* What a status register can say beside "normal" and "faulty". */
enum { SAYS_ZERO_CHECK, SAYS_SPAN_CHECK, SAYS_WARM_UP, SAYS_MAINTENANCE };
#define PROFILE_SAYINGS 4

/* A status register: a value that is not `normal` makes every row of the device faulty, or is one
 * of the sayings, and the rows are marked with it. */
struct profile_status {
	bool present;
	uint8_t function;
	uint16_t address;
	uint16_t mask;   /* bits looked at */
	uint16_t normal; /* what they are when the device measures */
	bool says[PROFILE_SAYINGS];
	uint16_t said[PROFILE_SAYINGS]; /* the bits that say so */
};

struct profile {
	const char *id, *maker, *model, *source;
	int n_rows;
	struct profile_row rows[PROFILE_ROWS_MAX];
	struct profile_status status;
	struct profile_identity identity;
	int max_hole; /* registers nobody asked for that one request may read across */
};

/* Registers a type takes: 1 or 2. */
int register_count(enum register_type type);

/* "abcd", ... */
const char *byte_order_name(enum byte_order order);

#endif
