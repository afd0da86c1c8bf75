/* SPDX-License-Identifier: MIT */
#include "platform_body.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "auxiliaries.h"
#include "hours.h"
#include "minutes.h"

#define MICRO_DECIMALS 6
#define DAY_HOURS 24

/* What is said of one factor; without `has` its flag alone. */
struct said {
	bool has, range; /* a mean; the least and the greatest of its hours */
	int32_t milli, min, max;
	char flag;
};

struct span {
	enum uplink_kind kind;
	int64_t end;
	int minutes;
};

/* ---- numbers ---- */

/* How many millionths of the factor's unit a thousandth of the quantity's unit is. */
static int64_t micros_of_milli(const struct hj212_factor *factor)
{
	bool in_mg = factor->pollutant == POLLUTANT_CO;
	if (factor->auxiliary != AUXILIARY_NONE)
		return hj212_auxiliary_micros((enum auxiliary)factor->auxiliary, factor->unit);
	if (strcmp(factor->unit, "mg/m3") == 0)
		return in_mg ? 1000 : 1;
	if (strcmp(factor->unit, "ng/m3") == 0)
		return in_mg ? INT64_C(1000000000) : 1000000;
	return in_mg ? 1000000 : 1000;
}

void platform_value_write(const struct hj212_factor *factor, int32_t milli,
			  char ret[PLATFORM_VALUE_SIZE])
{
	int64_t step = 1, one = 1;
	for (int i = factor->decimals; i < MICRO_DECIMALS; i++)
		step *= 10;
	for (int i = 0; i < factor->decimals; i++)
		one *= 10;
	int64_t value = round_half_even(micros_of_milli(factor) * milli, step);
	const char *sign = value < 0 ? "-" : "";
	value = value < 0 ? -value : value;
	if (factor->decimals == 0)
		snprintf(ret, PLATFORM_VALUE_SIZE, "%s%lld", sign, (long long)value);
	else
		snprintf(ret, PLATFORM_VALUE_SIZE, "%s%lld.%0*lld", sign, (long long)(value / one),
			 factor->decimals, (long long)(value % one));
}

/* ---- text ---- */

__attribute__((format(printf, 2, 3))) static void put_text(struct platform_body *body,
							   const char *format, ...)
{
	va_list args;
	size_t left = sizeof(body->text) - body->n;
	va_start(args, format);
	int n = vsnprintf(body->text + body->n, left, format, args);
	va_end(args);
	if (n > 0 && (size_t)n < left)
		body->n += (size_t)n;
	else
		body->text[body->n] = '\0'; /* HJ212_FACTORS_MAX factors have room */
}

static void begin_body(struct platform_body *body, int64_t end_ms, int64_t period_ms)
{
	char start[HJ212_TIME_SIZE];
	body->n = 0;
	body->n_factors = 0;
	hj212_start_write(end_ms, period_ms, start);
	put_text(body, "DataTime=%s", start);
}

static void put_value(struct platform_body *body, const struct hj212_factor *factor,
		      const char *what, int32_t milli)
{
	char value[PLATFORM_VALUE_SIZE];
	platform_value_write(factor, milli, value);
	put_text(body, "%s-%s=%s,", factor->code, what, value);
}

static void put_factor(struct platform_body *body, const struct hj212_factor *factor,
		       const char *mean, const struct said *said)
{
	put_text(body, ";");
	if (said->has && said->range)
		put_value(body, factor, "Min", said->min);
	if (said->has)
		put_value(body, factor, mean, said->milli);
	if (said->has && said->range)
		put_value(body, factor, "Max", said->max);
	put_text(body, "%s-Flag=%c", factor->code, said->flag);
	body->n_factors++;
}

/* ---- what the tables say ---- */

static const struct channel_conf *find_channel(const struct conf *conf, int pollutant)
{
	for (int c = 0; c < conf->n_channels; c++) {
		if ((int)conf->channels[c].pollutant == pollutant)
			return &conf->channels[c];
	}
	return NULL;
}

/* STORE_E_NONE: nothing is to be said of the factor. */
static int say_hour(struct store *store, enum hj212_edition edition, int64_t hour,
		    enum pollutant pollutant, struct said *ret)
{
	struct hour_mean mean;
	int32_t rev;
	int r = hours_get(store, hour, pollutant, &mean, &rev);
	if (r != 0)
		return r;
	*ret = (struct said){.has = mean.covered_ms > 0, .milli = mean.mean_milli};
	ret->flag = hj212_quality_write(edition, mean.valid ? QUALITY_NORMAL : mean.quality);
	return 0;
}

/* The valid hours of a natural day of Beijing: their mean, the least and the greatest. */
struct day {
	const struct hour_scale *scale; /* NULL: values as they are */
	int n;
	int64_t sum;
	int32_t min, max;
};

static void add_hour(struct day *day, int32_t milli)
{
	day->min = day->n == 0 || milli < day->min ? milli : day->min;
	day->max = day->n == 0 || milli > day->max ? milli : day->max;
	day->sum += day->scale ? day->scale->up(milli) : milli;
	day->n++;
}

static int end_day(const struct platform_conf *platform, const struct day *day, struct said *ret)
{
	int64_t mean = day->n > 0 ? round_half_even(day->sum, day->n) : 0;
	if (day->n < BODY_DAY_HOURS && platform->few_hours == PLATFORM_LEAVE_OUT)
		return STORE_E_NONE;
	*ret = (struct said){.has = day->n > 0, .range = true, .min = day->min, .max = day->max};
	ret->milli = day->n > 0 && day->scale ? day->scale->down(mean) : (int32_t)mean;
	ret->flag = hj212_quality_write(platform->profile->edition,
					day->n < BODY_DAY_HOURS ? QUALITY_FAULT : QUALITY_NORMAL);
	return 0;
}

static int say_day(struct store *store, const struct platform_conf *platform, int64_t end,
		   enum pollutant pollutant, struct said *ret)
{
	struct hour_values hours[DAY_HOURS];
	struct day day = {.scale = NULL};
	int r = hours_load(store, end / HOUR_MINUTES - DAY_HOURS + 1, DAY_HOURS, hours);
	for (int i = 0; r == 0 && i < DAY_HOURS; i++) {
		if (hours[i].valid & 1u << pollutant)
			add_hour(&day, hours[i].milli[pollutant]);
	}
	return r ? r : end_day(platform, &day, ret);
}

static int say_minutes(const struct platform_source *source, int64_t end, int minutes,
		       int pollutant, struct said *ret)
{
	const struct channel_conf *channel = find_channel(source->conf, pollutant);
	enum hj212_edition edition = source->platform->profile->edition;
	struct minute sums;
	if (!channel || channel->delivers == DELIVERS_HOURLY)
		return STORE_E_NONE;
	int r = minutes_total(source->store, channel->id, end - minutes, minutes, &sums);
	if (r != 0)
		return r;
	if (sums.covered_ms == 0 && sums.samples == 0)
		return STORE_E_NONE;
	if (sums.covered_ms >= HOUR_MS && minutes < HOUR_MINUTES)
		return STORE_E_NONE; /* a data logger told the hour alone */
	*ret = (struct said){0};
	ret->has = minute_mean(&sums, &ret->milli);
	enum why why = minute_failure(&sums);
	ret->flag = hj212_quality_write(edition, ret->has          ? QUALITY_NORMAL
						 : why != WHY_NONE ? why_quality(why)
								   : QUALITY_NO_COMMUNICATION);
	return 0;
}

/* ---- beside the pollutants ---- */

static bool is_measured(const struct conf *conf, enum auxiliary auxiliary)
{
	for (int c = conf_first_auxiliary(conf); c < conf_behind_channels(conf); c++) {
		if (conf->channels[c].auxiliary == auxiliary)
			return true;
	}
	return false;
}

/* A wind from nowhere has no direction, and that is no fault: nothing is said. */
static int say_mean(enum hj212_edition edition, const struct auxiliary_mean *mean, struct said *ret)
{
	*ret = (struct said){.has = mean->known,
			     .milli = mean->milli,
			     .flag = hj212_quality_write(edition, mean->quality)};
	return mean->calm ? STORE_E_NONE : 0;
}

static void add_mean(void *ctx, const struct auxiliary_mean *mean)
{
	const struct auxiliary_info *info = auxiliary_info(mean->auxiliary);
	if (mean->known && mean->milli >= info->least_milli && mean->milli <= info->most_milli)
		add_hour(ctx, mean->milli);
}

/* Of directions there is no mean without the winds they came with, which hours do not keep. */
static int say_auxiliary_day(const struct platform_source *source, int64_t end,
			     enum auxiliary auxiliary, struct said *ret)
{
	struct day day = {.scale = auxiliary_scale(auxiliary)};
	const struct auxiliaries_job job = {.auxiliary = auxiliary,
					    .first = end / HOUR_MINUTES - DAY_HOURS + 1,
					    .last = end / HOUR_MINUTES,
					    .ctx = &day,
					    .take = add_mean};
	if (auxiliary == AUXILIARY_WIND_DIRECTION)
		return STORE_E_NONE;
	int r = auxiliaries_each_hour(source->store, &job);
	r = r ? r : end_day(source->platform, &day, ret);
	if (r == 0 && auxiliary == AUXILIARY_RAIN) {
		ret->milli = (int32_t)day.sum;
		ret->range = false;
	}
	return r;
}

static void add_minute(struct minute *sum, const struct minute *minute)
{
	sum->weighted += minute->weighted;
	sum->covered_ms += minute->covered_ms;
	sum->samples = (uint16_t)(sum->samples + minute->samples);
	for (int why = 0; why < WHY_COUNT; why++)
		sum->counts[why] = (uint16_t)(sum->counts[why] + minute->counts[why]);
}

/* They lie within one hour. */
static int say_auxiliary_minutes(const struct platform_source *source, const struct span *span,
				 enum auxiliary auxiliary, struct said *ret)
{
	static struct hour hour, north; /* too large for a stack; main thread only */
	bool direction = auxiliary == AUXILIARY_WIND_DIRECTION;
	int minutes = span->minutes;
	int64_t first = span->end - minutes;
	struct minute sums[2] = {{.samples = 0}};
	struct auxiliary_mean mean = {.known = false};
	hour_begin(&hour, first / HOUR_MINUTES + 1, MINUTE_MS, NULL);
	hour_begin(&north, hour.hour, MINUTE_MS, NULL);
	int r = auxiliaries_load(source->store, auxiliary, &hour, direction ? &north : NULL);
	for (int64_t at = first % HOUR_MINUTES, i = 0; i < minutes && at + i < HOUR_MINUTES; i++) {
		add_minute(&sums[0], &hour.restored[at + i]);
		add_minute(&sums[1], &north.restored[at + i]);
	}
	if (r != 0 || (sums[0].covered_ms == 0 && sums[0].samples == 0))
		return r ? r : STORE_E_NONE;
	auxiliary_mean_of(auxiliary, &sums[0], direction ? &sums[1] : NULL, &mean);
	return say_mean(source->platform->profile->edition, &mean, ret);
}

static int say_auxiliary(const struct platform_source *source, const struct span *span,
			 enum auxiliary auxiliary, struct said *ret)
{
	struct auxiliary_mean mean;
	if (span->kind == UPLINK_DAYS)
		return say_auxiliary_day(source, span->end, auxiliary, ret);
	if (span->kind == UPLINK_MINUTES)
		return say_auxiliary_minutes(source, span, auxiliary, ret);
	int r = auxiliaries_hour(source->store, auxiliary, span->end / HOUR_MINUTES, &mean);
	return r ? r : say_mean(source->platform->profile->edition, &mean, ret);
}

/* ---- the whole ---- */

static int say_pollutant(const struct platform_source *source, const struct span *span,
			 enum pollutant pollutant, struct said *ret)
{
	enum hj212_edition edition = source->platform->profile->edition;
	int64_t end = span->end;
	if (span->kind == UPLINK_DAYS)
		return say_day(source->store, source->platform, end, pollutant, ret);
	if (span->kind == UPLINK_MINUTES)
		return say_minutes(source, end, span->minutes, (int)pollutant, ret);
	return say_hour(source->store, edition, end / HOUR_MINUTES, pollutant, ret);
}

int platform_body_period(const struct platform_source *source, enum uplink_kind kind, int64_t end,
			 int minutes, struct platform_body *ret)
{
	const struct hj212_profile *profile = source->platform->profile;
	const struct span span = {kind, end, minutes};
	begin_body(ret, end * MINUTE_MS, hj212_period_ms(uplink_cn(kind), minutes));
	for (int i = 0; i < profile->n_factors; i++) {
		const struct hj212_factor *factor = &profile->factors[i];
		enum auxiliary auxiliary = (enum auxiliary)factor->auxiliary;
		struct said said;
		int r = STORE_E_NONE; /* what is not measured is not stored */
		if (auxiliary != AUXILIARY_NONE && is_measured(source->conf, auxiliary))
			r = say_auxiliary(source, &span, auxiliary, &said);
		else if (factor->pollutant >= 0 && find_channel(source->conf, factor->pollutant))
			r = say_pollutant(source, &span, (enum pollutant)factor->pollutant, &said);
		if (r == 0)
			put_factor(ret, factor, "Avg", &said);
		else if (r != STORE_E_NONE)
			return r;
	}
	return 0;
}

void platform_body_realtime(const struct platform_conf *platform, int64_t at_ms,
			    const struct platform_reading readings[POLLUTANT_COUNT],
			    struct platform_body *ret)
{
	const struct hj212_profile *profile = platform->profile;
	begin_body(ret, at_ms, 0);
	for (int i = 0; i < profile->n_factors; i++) {
		const struct hj212_factor *factor = &profile->factors[i];
		if (factor->pollutant < 0 || !readings[factor->pollutant].known)
			continue;
		const struct platform_reading *reading = &readings[factor->pollutant];
		const struct said said = {
			.has = reading->quality == QUALITY_NORMAL,
			.milli = reading->milli,
			.flag = hj212_quality_write(profile->edition, reading->quality)};
		put_factor(ret, factor, "Rtd", &said);
	}
}
