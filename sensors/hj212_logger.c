/* SPDX-License-Identifier: MIT */
#include "hj212_logger.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "hour.h"

#define CN_MAX 9999
#define ST_MAX 999
#define FLAG_MAX 255
#define DIGITS_MAX 15

const char *hj212_trouble_name(enum hj212_trouble trouble)
{
	static const char *const names[HJ212_TROUBLES] = {
		[HJ212_FINE] = "none",       [HJ212_BAD_FRAME] = "frame",
		[HJ212_NO_LOGGER] = "mn",    [HJ212_BAD_PASSWORD] = "password",
		[HJ212_OTHER_ST] = "st",     [HJ212_OTHER_EDITION] = "edition",
		[HJ212_NO_TIME] = "time",    [HJ212_AHEAD] = "ahead",
		[HJ212_TOO_OLD] = "too_old", [HJ212_NO_FACTOR] = "factors",
	};
	return names[trouble];
}

/* ---- the head ---- */

static bool is_text(const struct hj212_segment *segment, const struct hj212_item *item,
		    const char *text)
{
	size_t n = strlen(text);
	unsigned differs = 0;

	if (!item || item->value.n != n)
		return false;
	for (size_t i = 0; i < n; i++) /* in the time of all of it: it may be a password */
		differs |= (unsigned)(segment->bytes[item->value.at + i] ^ text[i]);
	return differs == 0;
}

static int find_logger(const struct hj212_logger *loggers, int n,
		       const struct hj212_segment *segment)
{
	const struct hj212_item *mn = hj212_head(segment, "MN");

	for (int i = 0; i < n; i++)
		if (is_text(segment, mn, loggers[i].conf->mn))
			return i;
	return -1;
}

static int32_t number_of(const struct hj212_segment *segment, const char *key, int32_t most)
{
	return hj212_number(segment, hj212_head(segment, key), most);
}

static void read_qn(const struct hj212_segment *segment, struct hj212_head *ret)
{
	const struct hj212_item *qn = hj212_head(segment, "QN");

	if (!qn || qn->value.n == 0 || qn->value.n >= sizeof(ret->qn) ||
	    !hj212_time_read(segment, qn->value, &ret->qn_ms))
		return;
	memcpy(ret->qn, segment->bytes + qn->value.at, qn->value.n);
	ret->qn[qn->value.n] = '\0';
}

/* A dialect has no Flag; it is taken where the profile says that answers are not the standard's. */
static bool is_edition(const struct hj212_profile *profile, const struct hj212_head *head)
{
	if (!head->flagged)
		return profile->ack != HJ212_ACK_STANDARD;
	return head->version == (int)profile->edition ||
	       (head->version == HJ212_2005 && profile->ack != HJ212_ACK_STANDARD);
}

enum hj212_trouble hj212_head_read(const struct hj212_logger *loggers, int n,
				   const struct hj212_segment *segment, struct hj212_head *ret)
{
	int32_t flag = number_of(segment, "Flag", FLAG_MAX);
	const struct hj212_flag read = hj212_flag_read(flag < 0 ? 0 : flag);

	*ret = (struct hj212_head){.logger = find_logger(loggers, n, segment),
				   .cn = number_of(segment, "CN", CN_MAX),
				   .flagged = flag >= 0,
				   .version = read.version,
				   .answer = read.answer,
				   .again = number_of(segment, "RF", 9) == 1};
	read_qn(segment, ret);
	if (ret->logger < 0)
		return HJ212_NO_LOGGER;
	const struct hj212_logger *logger = &loggers[ret->logger];
	const struct hj212_profile *profile = logger->conf->profile;
	if (logger->password[0] == '\0' ||
	    !is_text(segment, hj212_head(segment, "PW"), logger->password))
		return HJ212_BAD_PASSWORD;
	if (number_of(segment, "ST", ST_MAX) != profile->st)
		return HJ212_OTHER_ST;
	if (!is_edition(profile, ret))
		return HJ212_OTHER_EDITION;
	/* without a Flag nobody says whether; whoever waits for it hangs without */
	ret->answer = profile->ack != HJ212_ACK_NONE && (ret->answer || !ret->flagged);
	return HJ212_FINE;
}

/* ---- values ---- */

struct hj212_time hj212_data_time(const struct hj212_segment *body)
{
	for (int i = 0; i < body->n_items; i++) {
		struct hj212_text text = body->items[i].value;
		if (hj212_is(body, body->items[i].key, "DataTime"))
			return (struct hj212_time){body->bytes + text.at, text.n};
	}
	return (struct hj212_time){NULL, 0};
}

/* The quality's reason; a letter that is none is not believed. */
static enum why why_of(const struct hj212_segment *body, struct hj212_text letter)
{
	enum quality quality;

	if (!hj212_quality_read(body, letter, &quality))
		return WHY_STATUS;
	switch (quality) {
	case QUALITY_NORMAL:
		return WHY_NONE;
	case QUALITY_OUT_OF_SERVICE:
		return WHY_OUT_OF_SERVICE;
	case QUALITY_MAINTENANCE:
		return WHY_MAINTENANCE;
	case QUALITY_MANUAL:
		return WHY_MANUAL;
	case QUALITY_CALIBRATION:
		return WHY_CALIBRATION;
	case QUALITY_OVER_RANGE:
		return WHY_OUT_OF_RANGE;
	case QUALITY_NO_COMMUNICATION:
		return WHY_TIMEOUT;
	case QUALITY_FAULT:
		break;
	}
	return WHY_STATUS;
}

/* A number as they are written, blanks around it; no exponent, no sign but '-'. */
static bool read_number(const struct hj212_segment *body, struct hj212_text text, double *ret)
{
	const char *at = body->bytes + text.at, *end = at + text.n;
	double number = 0, unit = 1;
	int digits = 0;
	bool point = false;

	while (at < end && *at == ' ')
		at++;
	while (end > at && end[-1] == ' ')
		end--;
	bool minus = at < end && *at == '-';
	for (at += minus; at < end; at++) {
		if (*at == '.' && !point) {
			point = true;
			continue;
		}
		if (*at < '0' || *at > '9' || ++digits > DIGITS_MAX)
			return false;
		number = number * 10 + (*at - '0');
		unit *= point ? 10 : 1;
	}
	*ret = (minus ? -number : number) / unit;
	return digits > 0;
}

/* Thousandths of the pollutant's unit in one of the factor's. */
static double milli_per(const struct hj212_factor *factor)
{
	static const struct {
		const char *name;
		enum unit unit;
		double of;
	} units[] = {
		{"ug/m3", UNIT_UG_M3, 1}, {"mg/m3", UNIT_MG_M3, 1}, {"ng/m3", UNIT_UG_M3, 1e-3},
		{"ppb", UNIT_PPB, 1},     {"ppm", UNIT_PPM, 1},
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(factor->unit, units[i].name) == 0)
			return units[i].of * decode_milli_per_unit(&(struct profile_row){
						     .pollutant = (enum pollutant)factor->pollutant,
						     .unit = units[i].unit,
					     });
	return (double)NAN;
}

/* What no instrument says of air: below what noise about zero is, or above all ranges, in the
 * pollutant's own unit. One in mg is so in ug, too: its profile may be wrong about that. */
static bool is_of_air(enum pollutant pollutant, double milli)
{
	bool counts_mg = strcmp(pollutant_info(pollutant)->unit, "mg/m3") == 0;

	return counts_mg ? -2e3 <= milli && milli <= 200e3 : -20e3 <= milli && milli <= 10e6;
}

static void take_number(const struct hj212_segment *body, struct hj212_text text,
			const struct hj212_factor *factor, struct hj212_value *value)
{
	double number, milli;

	if (!read_number(body, text, &number)) {
		value->why = value->why == WHY_NONE ? WHY_SENTINEL : value->why;
		return;
	}
	milli = round(number * milli_per(factor));
	value->has_value = fabs(milli) <= INT32_MAX;
	value->value_milli = value->has_value ? (int32_t)milli : 0;
	if (value->why == WHY_NONE && (!value->has_value || !is_of_air(value->pollutant, milli)))
		value->why = WHY_OUT_OF_RANGE;
}

static struct hj212_value *find_value(const struct hj212_logger *logger,
				      const struct hj212_factor *factor, struct hj212_values *ret)
{
	int channel = factor && factor->pollutant >= 0 ? logger->channels[factor->pollutant] : -1;

	if (channel < 0)
		return NULL;
	for (int i = 0; i < ret->n; i++)
		if (ret->values[i].channel == channel)
			return &ret->values[i];
	ret->values[ret->n] = (struct hj212_value){.channel = channel,
						   .pollutant = (enum pollutant)factor->pollutant};
	return &ret->values[ret->n++];
}

/* A body that is being read: flags first, since one may stand behind its value. */
struct reading {
	const struct hj212_logger *logger;
	const struct hj212_segment *body;
	bool flags;                /* which pass it is */
	bool any[POLLUTANT_COUNT]; /* there was a value */
	struct hj212_values *values;
};

static void take_item(struct reading *reading, const struct hj212_item *item)
{
	const struct hj212_segment *body = reading->body;
	struct hj212_text code, field;
	bool other;

	if (!hj212_key_split(body, item->key, &code, &field) ||
	    !hj212_is(body, field, reading->flags ? "Flag" : "Avg"))
		return;
	const struct hj212_factor *factor =
		hj212_factor_find(reading->logger->conf->profile, body, code, &other);
	struct hj212_value *value = find_value(reading->logger, factor, reading->values);
	if (!value)
		return;
	if (reading->flags) {
		value->why = why_of(body, item->value);
		return;
	}
	reading->any[factor->pollutant] = true;
	take_number(body, item->value, factor, value);
}

static void take_items(struct reading *reading, bool flags)
{
	reading->flags = flags;
	for (int i = 0; i < reading->body->n_items; i++)
		take_item(reading, &reading->body->items[i]);
}

/* A flag alone is for all of them. */
static enum why whole_flag(const struct hj212_segment *body)
{
	for (int i = 0; i < body->n_items; i++)
		if (hj212_is(body, body->items[i].key, "Flag"))
			return why_of(body, body->items[i].value);
	return WHY_NONE;
}

/* A flag without a value is a word, too: there is none. A good one without is not. */
static void settle_values(const bool any[POLLUTANT_COUNT], enum why all, struct hj212_values *ret)
{
	for (int i = 0; i < ret->n; i++) {
		struct hj212_value *value = &ret->values[i];
		if (value->why == WHY_NONE)
			value->why = all;
		if (value->why == WHY_NONE && !any[value->pollutant])
			value->why = WHY_SENTINEL;
	}
}

enum hj212_trouble hj212_values_read(const struct hj212_logger *logger, int cn,
				     struct hj212_time time, const struct hj212_segment *body,
				     struct hj212_values *ret)
{
	const struct hj212_segment of = {.bytes = time.digits};
	struct reading reading = {.logger = logger, .body = body, .values = ret};
	int64_t period_ms = hj212_period_ms(cn, logger->conf->minutes), end_ms;

	*ret = (struct hj212_values){.minutes = (int32_t)(period_ms / MINUTE_MS),
				     .whole = cn == 2061};
	if (time.n == 0 || !hj212_end_read(&of, (struct hj212_text){0, time.n}, period_ms, &end_ms))
		return HJ212_NO_TIME;
	/* some seconds off it is the minute; a minute off, it may be of other periods than ours */
	end_ms -= end_ms % MINUTE_MS;
	if (end_ms % period_ms != 0)
		return HJ212_NO_TIME;
	ret->start_ms = end_ms - period_ms;
	take_items(&reading, true);
	take_items(&reading, false);
	settle_values(reading.any, whole_flag(body), ret);
	return ret->n > 0 ? HJ212_FINE : HJ212_NO_FACTOR;
}

/* ---- the unit of particles ---- */

static int compare_milli(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

static bool is_doubtful(int32_t milli)
{
	return milli > HJ212_UNIT_HIGH_MILLI || milli < HJ212_UNIT_LOW_MILLI;
}

static void judge_unit(struct hj212_unit *unit)
{
	qsort(unit->milli, (size_t)unit->n, sizeof(unit->milli[0]), compare_milli);
	unit->median_milli = unit->milli[unit->n / 2];
	unit->doubted = is_doubtful(unit->median_milli);
}

bool hj212_unit_take(struct hj212_unit *unit, int64_t hour, bool whole, int32_t milli)
{
	bool before = unit->doubted;

	if (hour < unit->hour) /* a back-fill: that hour had its judgement */
		return false;
	if (hour > unit->hour) {
		if (unit->n >= HJ212_UNIT_LEAST)
			judge_unit(unit);
		unit->hour = hour;
		unit->n = 0;
	}
	if (whole) {
		unit->median_milli = milli;
		unit->doubted = is_doubtful(milli);
	} else if (unit->n < 60) {
		unit->milli[unit->n++] = milli;
	}
	return unit->doubted != before;
}
