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

static double molar_mass(const struct profile_row *row)
{
	static const double of_pollutants[POLLUTANT_COUNT] = {
		/* particles have no mixing ratio */
		[POLLUTANT_PM25] = (double)NAN, [POLLUTANT_PM10] = (double)NAN,
		[POLLUTANT_SO2] = 64.066,       [POLLUTANT_NO2] = 46.0055,
		[POLLUTANT_CO] = 28.010,        [POLLUTANT_O3] = 47.998,
	};
	if (row->auxiliary == AUXILIARY_NO)
		return 30.006;
	if (row->auxiliary == AUXILIARY_NOX)
		return of_pollutants[POLLUTANT_NO2];
	return row->auxiliary == AUXILIARY_NONE ? of_pollutants[row->pollutant] : (double)NAN;
}

/* ug/m3 of one `unit` of a concentration; NaN: it is no unit of one. */
static double ug_m3_per(const struct profile_row *row)
{
	switch (row->unit) {
	case UNIT_UG_M3:
		return 1;
	case UNIT_MG_M3:
		return 1000;
	case UNIT_PPB:
		return molar_mass(row) / MOLAR_VOLUME;
	case UNIT_PPM:
		return 1000 * molar_mass(row) / MOLAR_VOLUME;
	case UNIT_CELSIUS:
	case UNIT_PERCENT:
	case UNIT_HPA:
	case UNIT_KPA:
	case UNIT_PA:
	case UNIT_M_S:
	case UNIT_DEGREE:
	case UNIT_DECIBEL:
	case UNIT_MM:
		break;
	}
	return (double)NAN;
}

/* Units of the quantities that are no concentrations. */
static const struct {
	enum auxiliary auxiliary;
	enum unit unit;
	double milli; /* thousandths of the quantity's own unit */
} other_units[] = {
	{AUXILIARY_TEMPERATURE, UNIT_CELSIUS, 1000},
	{AUXILIARY_HUMIDITY, UNIT_PERCENT, 1000},
	{AUXILIARY_PRESSURE, UNIT_HPA, 1000},
	{AUXILIARY_PRESSURE, UNIT_KPA, 10000},
	{AUXILIARY_PRESSURE, UNIT_PA, 10},
	{AUXILIARY_WIND_SPEED, UNIT_M_S, 1000},
	{AUXILIARY_WIND_DIRECTION, UNIT_DEGREE, 1000},
	{AUXILIARY_NOISE, UNIT_DECIBEL, 1000},
	{AUXILIARY_RAIN, UNIT_MM, 1000},
};

/* Thousandths of the unit that is kept in one ug/m3. */
static double milli_per_ug_m3(const struct profile_row *row)
{
	return strcmp(profile_row_unit(row), "mg/m3") == 0 ? 1 : 1000;
}

double decode_milli_per_unit(const struct profile_row *row)
{
	switch (row->auxiliary) {
	case AUXILIARY_NONE:
	case AUXILIARY_TSP:
	case AUXILIARY_NO:
	case AUXILIARY_NOX:
		return ug_m3_per(row) * milli_per_ug_m3(row);
	case AUXILIARY_TEMPERATURE:
	case AUXILIARY_HUMIDITY:
	case AUXILIARY_PRESSURE:
	case AUXILIARY_WIND_SPEED:
	case AUXILIARY_WIND_DIRECTION:
	case AUXILIARY_NOISE:
	case AUXILIARY_RAIN:
		break;
	}
	for (size_t i = 0; i < sizeof(other_units) / sizeof(other_units[0]); i++)
		if (other_units[i].auxiliary == row->auxiliary && other_units[i].unit == row->unit)
			return other_units[i].milli;
	return (double)NAN;
}

static bool has_bytes_exchanged(enum byte_order order)
{
	return order == ORDER_BADC || order == ORDER_DCBA;
}

uint64_t decode_bits(enum register_type type, enum byte_order order, const uint16_t *words)
{
	bool low_first = order == ORDER_CDAB || order == ORDER_DCBA;
	int n = register_count(type);
	uint64_t bits = 0;

	for (int i = 0; i < n; i++) {
		uint16_t word = words[low_first ? n - 1 - i : i];
		bits = bits << 16 | (has_bytes_exchanged(order) ? __builtin_bswap16(word) : word);
	}
	return bits;
}

double decode_number(enum register_type type, uint64_t bits)
{
	uint32_t half = (uint32_t)bits;
	float real;
	double wide;

	switch (type) {
	case TYPE_U16:
	case TYPE_U32:
	case TYPE_U64:
		return (double)bits;
	case TYPE_S16:
		return (int16_t)bits;
	case TYPE_S32:
		return (int32_t)bits;
	case TYPE_S64:
		return (double)(int64_t)bits;
	case TYPE_F32:
		memcpy(&real, &half, sizeof(real));
		return (double)real;
	case TYPE_F64:
		memcpy(&wide, &bits, sizeof(wide));
		return wide;
	}
	return (double)NAN;
}

uint64_t decode_row_bits(const struct profile_row *row, const uint16_t *words)
{
	uint64_t bits = decode_bits(row->type, row->order, words);

	return row->n_bits == 0 ? bits : bits >> row->first_bit & ((1ULL << row->n_bits) - 1);
}

/* The number of a slice: of a signed type its highest bit is the sign. */
static double number_of(const struct profile_row *row, uint64_t bits)
{
	bool is_signed = row->type == TYPE_S16 || row->type == TYPE_S32;

	if (row->n_bits == 0)
		return decode_number(row->type, bits);
	return is_signed && bits >> (row->n_bits - 1) & 1 ? (double)bits - ldexp(1, row->n_bits)
							  : (double)bits;
}

double decode_row_number(const struct profile_row *row, const uint16_t *words)
{
	return number_of(row, decode_row_bits(row, words));
}

/* A decimal as a register of that type has it: 999.9 is no float. */
static double as_held(enum register_type type, double decimal)
{
	return type == TYPE_F32 ? (double)(float)decimal : decimal;
}

/* Manuals write marks both as bits (0xFFFF, 0x7FC00000) and as numbers (-1, -9999). */
static bool is_sentinel(const struct profile_row *row, uint64_t bits, double number)
{
	if (!isfinite(number))
		return true;
	for (int i = 0; i < row->n_sentinels && i < PROFILE_SENTINELS_MAX; i++) {
		const struct bounds *mark = &row->sentinels[i];
		if (number >= as_held(row->type, mark->low) &&
		    number <= as_held(row->type, mark->high))
			return true;
		if (mark->low == mark->high && (double)bits == mark->low)
			return true;
	}
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
	double factor = decode_milli_per_unit(row);
	double milli = fabs(reading.value * factor);

	return floor(milli + 0.5 + reading.slack * factor + 4 * DBL_EPSILON * milli);
}

void decode_row(const struct profile_row *row, const uint16_t *words, struct sample *ret)
{
	uint64_t bits = decode_row_bits(row, words);
	double number = number_of(row, bits);

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
	double number = decode_row_number(row, words);
	struct reading reading = read_value(row, number);
	double end = round_reading(row, (struct reading){row->range_max, 0});

	if (!(row->range_max > 0 && reading.value >= row->range_max - reading.slack &&
	      reading.value <= END_TIMES * row->range_max && end <= INT32_MAX))
		return false;
	*ret_end_milli = (int32_t)end;
	return true;
}

uint32_t decode_looked_at(const struct profile_condition *condition, const uint16_t *words)
{
	uint32_t bits = (uint32_t)decode_bits(condition->at.type, condition->at.order, words);

	return condition->mask == 0 ? bits : bits & condition->mask;
}

bool decode_holds(const struct profile_condition *condition, const uint16_t *words)
{
	double number = decode_number(condition->at.type, decode_looked_at(condition, words));

	for (int i = 0; i < condition->n_good && i < PROFILE_NORMALS_MAX; i++)
		if (number >= condition->good[i].low && number <= condition->good[i].high)
			return true;
	return false;
}

enum why decode_status(const struct profile_status *status, const uint16_t *words)
{
	static const enum why whys[PROFILE_SAYINGS] = {
		[SAYS_ZERO_CHECK] = WHY_ZERO_CHECK,
		[SAYS_SPAN_CHECK] = WHY_SPAN_CHECK,
		[SAYS_WARM_UP] = WHY_WARM_UP,
		[SAYS_MAINTENANCE] = WHY_MAINTENANCE,
	};

	if (decode_holds(&status->normal, words))
		return WHY_NONE;
	for (int i = 0; i < PROFILE_SAYINGS; i++)
		if (status->says[i] && decode_looked_at(&status->normal, words) == status->said[i])
			return whys[i];
	return WHY_STATUS;
}

void decode_text(enum byte_order order, const uint16_t *words, int n, char *ret)
{
	for (int i = 0; i < n; i++) {
		bool high = (i % 2 == 0) != has_bytes_exchanged(order);
		uint8_t byte = (uint8_t)(words[i / 2] >> (high ? 8 : 0));
		ret[i] = '?';
		if (byte >= 0x20 && byte < 0x7f)
			ret[i] = (char)byte;
	}
	ret[n] = '\0';
}
