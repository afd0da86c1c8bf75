/* SPDX-License-Identifier: MIT */
/*
 * The one place in the sensors library with floating point. Registers carry decimal steps (0.1
 * ug/m3) that binary fractions miss by some ulps, so every limit and every tie of the rounding is
 * given that much room: 0.285 * 1000 is 284.99999999999994 and means 285.
 */
#include "decode.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pollutant.h"

/* Litres of an ideal gas at 298.15 K and 1013.25 hPa, and grams, of one mole. */
#define MOLAR_VOLUME 24.4654
/* So many times the end of the range no instrument shows that has reached it. */
#define END_TIMES 2

static double molar_mass(enum pollutant pollutant)
{
	switch (pollutant) {
	case POLLUTANT_SO2:
		return 64.066;
	case POLLUTANT_NO2:
		return 46.0055;
	case POLLUTANT_CO:
		return 28.010;
	case POLLUTANT_O3:
		return 47.998;
	case POLLUTANT_PM25:
	case POLLUTANT_PM10:
		return (double)NAN; /* particles have no mixing ratio */
	}
	return (double)NAN;
}

/* ug/m3 of one `unit` of a pollutant. */
static double ug_m3_per(enum unit unit, enum pollutant pollutant)
{
	switch (unit) {
	case UNIT_UG_M3:
		return 1;
	case UNIT_MG_M3:
		return 1000;
	case UNIT_PPB:
		return molar_mass(pollutant) / MOLAR_VOLUME;
	case UNIT_PPM:
		return 1000 * molar_mass(pollutant) / MOLAR_VOLUME;
	}
	return (double)NAN;
}

/* Thousandths of a pollutant's own unit in one ug/m3. */
static double milli_per_ug_m3(enum pollutant pollutant)
{
	return strcmp(pollutant_info(pollutant)->unit, "mg/m3") == 0 ? 1 : 1000;
}

uint32_t decode_bits(enum register_type type, enum byte_order order, const uint16_t *words)
{
	if (register_count(type) == 1)
		return words[0];
	uint32_t first = words[0], second = words[1];
	switch (order) {
	case ORDER_ABCD:
		return first << 16 | second;
	case ORDER_CDAB:
		return second << 16 | first;
	case ORDER_BADC:
		return __builtin_bswap32(second << 16 | first);
	case ORDER_DCBA:
		return __builtin_bswap32(first << 16 | second);
	}
	return 0;
}

double decode_number(enum register_type type, uint32_t bits)
{
	float real;

	switch (type) {
	case TYPE_U16:
	case TYPE_U32:
		return bits;
	case TYPE_S16:
		return (int16_t)bits;
	case TYPE_S32:
		return (int32_t)bits;
	case TYPE_F32:
		memcpy(&real, &bits, sizeof(real));
		return (double)real;
	}
	return (double)NAN;
}

/* Manuals write marks both as bits (0xFFFF, 0x7FC00000) and as numbers (-1, -9999). */
static bool is_sentinel(const struct profile_row *row, uint32_t bits, double number)
{
	if (!isfinite(number))
		return true;
	for (int i = 0; i < row->n_sentinels && i < PROFILE_SENTINELS_MAX; i++)
		if (row->sentinels[i] == (int64_t)bits || (double)row->sentinels[i] == number)
			return true;
	return false;
}

static void fail_decoding(struct sample *ret, enum quality quality, enum why why)
{
	ret->quality = quality;
	ret->why = why;
	ret->value_milli = 0;
}

/* A value in the row's unit and how far binary fractions may have put it off. */
struct reading {
	double value, slack;
};

static struct reading read_value(const struct profile_row *row, double number)
{
	double scaled = number * row->scale;

	return (struct reading){scaled + row->offset,
				4 * DBL_EPSILON * (fabs(scaled) + fabs(row->offset))};
}

/* The magnitude of a reading in thousandths of the pollutant's unit, half away from zero. */
static double round_reading(const struct profile_row *row, struct reading reading)
{
	double factor = ug_m3_per(row->unit, row->pollutant) * milli_per_ug_m3(row->pollutant);
	double milli = fabs(reading.value * factor);

	return floor(milli + 0.5 + reading.slack * factor + 4 * DBL_EPSILON * milli);
}

void decode_row(const struct profile_row *row, const uint16_t *words, struct sample *ret)
{
	uint32_t bits = decode_bits(row->type, row->order, words);
	double number = decode_number(row->type, bits);

	if (is_sentinel(row, bits, number)) {
		fail_decoding(ret, QUALITY_FAULT, WHY_SENTINEL);
		return;
	}
	struct reading reading = read_value(row, number);
	double rounded = round_reading(row, reading);

	/* written so that a NaN of a row that makes no sense is out of range, too */
	if (!(reading.value >= row->range_min - reading.slack &&
	      reading.value <= row->range_max + reading.slack && rounded <= INT32_MAX)) {
		fail_decoding(ret, QUALITY_OVER_RANGE, WHY_OUT_OF_RANGE);
		return;
	}
	ret->quality = QUALITY_NORMAL;
	ret->why = WHY_NONE;
	ret->value_milli = reading.value < 0 ? -(int32_t)rounded : (int32_t)rounded;
}

bool decode_is_at_end(const struct profile_row *row, const uint16_t *words, int32_t *ret_end_milli)
{
	double number = decode_number(row->type, decode_bits(row->type, row->order, words));
	struct reading reading = read_value(row, number);
	double end = round_reading(row, (struct reading){row->range_max, 0});

	if (!(row->range_max > 0 && reading.value >= row->range_max - reading.slack &&
	      reading.value <= END_TIMES * row->range_max && end <= INT32_MAX))
		return false;
	*ret_end_milli = (int32_t)end;
	return true;
}

enum why decode_status(const struct profile_status *status, uint16_t word)
{
	static const enum why whys[PROFILE_SAYINGS] = {
		[SAYS_ZERO_CHECK] = WHY_ZERO_CHECK,
		[SAYS_SPAN_CHECK] = WHY_SPAN_CHECK,
		[SAYS_WARM_UP] = WHY_WARM_UP,
		[SAYS_MAINTENANCE] = WHY_MAINTENANCE,
	};

	if (!status->present || (word & status->mask) == (status->normal & status->mask))
		return WHY_NONE;
	for (int i = 0; i < PROFILE_SAYINGS; i++)
		if (status->says[i] && (word & status->mask) == status->said[i])
			return whys[i];
	return WHY_STATUS;
}
