/* SPDX-License-Identifier: MIT */
#include "hj212_factor.h"

#include <string.h>

#define BEIJING_MS (8 * 3600000LL)
#define DAY_MS 86400000LL
#define TIME_DIGITS 14
#define TIME_DIGITS_MS 17

const struct hj212_factor *hj212_factor_find(const struct hj212_profile *profile,
					     const struct hj212_segment *segment,
					     struct hj212_text code, bool *ret_other)
{
	*ret_other = false;
	for (int i = 0; i < profile->n_factors; i++) {
		const struct hj212_factor *factor = &profile->factors[i];
		if (!hj212_is(segment, code, factor->code))
			continue;
		if (profile->any_case ||
		    memcmp(segment->bytes + code.at, factor->code, code.n) == 0)
			return factor;
		*ret_other = true;
	}
	return NULL;
}

int64_t hj212_auxiliary_micros(enum auxiliary auxiliary, const char *unit)
{
	static const struct {
		enum auxiliary auxiliary;
		const char *unit;
		int64_t micros;
	} units[] = {
		{AUXILIARY_TSP, "ug/m3", 1000},
		{AUXILIARY_TSP, "mg/m3", 1},
		{AUXILIARY_TSP, "ng/m3", 1000000},
		{AUXILIARY_NO, "ug/m3", 1000},
		{AUXILIARY_NO, "mg/m3", 1},
		{AUXILIARY_NO, "ng/m3", 1000000},
		{AUXILIARY_NOX, "ug/m3", 1000},
		{AUXILIARY_NOX, "mg/m3", 1},
		{AUXILIARY_NOX, "ng/m3", 1000000},
		{AUXILIARY_TEMPERATURE, "°C", 1000},
		{AUXILIARY_TEMPERATURE, "C", 1000},
		{AUXILIARY_HUMIDITY, "%", 1000},
		{AUXILIARY_PRESSURE, "hPa", 1000},
		{AUXILIARY_PRESSURE, "kPa", 100},
		{AUXILIARY_PRESSURE, "Pa", 100000},
		{AUXILIARY_WIND_SPEED, "m/s", 1000},
		{AUXILIARY_WIND_DIRECTION, "°", 1000},
		{AUXILIARY_WIND_DIRECTION, "deg", 1000},
		{AUXILIARY_NOISE, "dB", 1000},
		{AUXILIARY_NOISE, "dB(A)", 1000},
		{AUXILIARY_RAIN, "mm", 1000},
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].auxiliary == auxiliary && strcmp(units[i].unit, unit) == 0)
			return units[i].micros;
	}
	return 0;
}

bool hj212_key_split(const struct hj212_segment *segment, struct hj212_text key,
		     struct hj212_text *ret_code, struct hj212_text *ret_field)
{
	const char *bytes = segment->bytes + key.at;
	const char *dash = key.n > 0 ? memrchr(bytes, '-', key.n) : NULL;
	uint16_t code = dash ? (uint16_t)(dash - bytes) : 0;

	if (!dash)
		return false;
	*ret_code = (struct hj212_text){key.at, code};
	*ret_field =
		(struct hj212_text){(uint16_t)(key.at + code + 1), (uint16_t)(key.n - code - 1)};
	return true;
}

bool hj212_quality_read(const struct hj212_segment *segment, struct hj212_text text,
			enum quality *ret)
{
	static const enum quality letters[] = {
		QUALITY_NORMAL,      QUALITY_OUT_OF_SERVICE,
		QUALITY_MAINTENANCE, QUALITY_MANUAL,
		QUALITY_FAULT,       QUALITY_CALIBRATION,
		QUALITY_OVER_RANGE,  QUALITY_NO_COMMUNICATION,
	};

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		const char word[] = {(char)letters[i], '\0'};
		if (hj212_is(segment, text, word)) {
			*ret = letters[i];
			return true;
		}
	}
	return false;
}

char hj212_quality_write(enum hj212_edition edition, enum quality quality)
{
	bool lost = quality == QUALITY_OUT_OF_SERVICE || quality == QUALITY_MANUAL ||
		    quality == QUALITY_NO_COMMUNICATION;

	if (edition == HJ212_2025 && lost)
		quality = QUALITY_FAULT;
	return (char)quality;
}

/* ---- times ---- */

/* Days since 1970-01-01 of a date of the Gregorian calendar; a year begins with March, so that the
 * day of a leap year is its last. */
static int64_t days_of_date(int year, int month, int day)
{
	int64_t y = year - (month <= 2), era = y / 400, of_era = y - era * 400;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of_days(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
	int64_t z = days + 719468, era = z / 146097, of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int of_year = (int)(of_era - (365 * y + y / 4 - y / 100)), m = (5 * of_year + 2) / 153;

	*ret_day = of_year - (153 * m + 2) / 5 + 1;
	*ret_month = m < 10 ? m + 3 : m - 9;
	*ret_year = (int)(y + era * 400) + (*ret_month <= 2);
}

static int number_of(const char *digits, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++)
		value = value * 10 + digits[i] - '0';
	return value;
}

bool hj212_time_read(const struct hj212_segment *segment, struct hj212_text text, int64_t *ret_ms)
{
	const char *at = segment->bytes + text.at;
	int year, month, day, hour, minute, second, milli;
	int again[3];

	for (int i = 0; i < text.n; i++) {
		if (at[i] < '0' || at[i] > '9')
			return false;
	}
	if (text.n < TIME_DIGITS)
		return false;
	year = number_of(at, 4);
	month = number_of(at + 4, 2);
	day = number_of(at + 6, 2);
	hour = number_of(at + 8, 2);
	minute = number_of(at + 10, 2);
	second = number_of(at + 12, 2);
	milli = text.n == TIME_DIGITS_MS ? number_of(at + 14, 3) : 0;
	if (year < 1970 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59)
		return false;
	int64_t days = days_of_date(year, month, day);
	date_of_days(days, &again[0], &again[1], &again[2]);
	if (again[0] != year || again[1] != month || again[2] != day)
		return false;
	*ret_ms =
		days * DAY_MS - BEIJING_MS + ((hour * 60LL + minute) * 60 + second) * 1000 + milli;
	return true;
}

int64_t hj212_period_ms(int cn, int minutes)
{
	switch (cn) {
	case 2051:
		return minutes * 60000LL;
	case 2061:
		return 3600000;
	case 2031:
		return DAY_MS;
	default:
		return 0;
	}
}

bool hj212_end_read(const struct hj212_segment *segment, struct hj212_text text, int64_t period_ms,
		    int64_t *ret_end_ms)
{
	int64_t start_ms;

	if (!hj212_time_read(segment, text, &start_ms))
		return false;
	*ret_end_ms = start_ms + period_ms;
	return true;
}

static void write_digits(int value, int n, char *ret)
{
	for (int i = n - 1; i >= 0; i--, value /= 10)
		ret[i] = (char)('0' + value % 10);
}

void hj212_start_write(int64_t end_ms, int64_t period_ms, char ret[HJ212_TIME_SIZE])
{
	int64_t beijing_ms = end_ms - period_ms + BEIJING_MS;
	int second = (int)(beijing_ms % DAY_MS / 1000), year, month, day;

	date_of_days(beijing_ms / DAY_MS, &year, &month, &day);
	write_digits(year, 4, ret);
	write_digits(month, 2, ret + 4);
	write_digits(day, 2, ret + 6);
	write_digits(second / 3600, 2, ret + 8);
	write_digits(second / 60 % 60, 2, ret + 10);
	write_digits(second % 60, 2, ret + 12);
	ret[TIME_DIGITS] = '\0';
}
