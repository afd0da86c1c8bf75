/* SPDX-License-Identifier: MIT */
/*
 * The samples of one clock hour of one channel -> its hourly mean, quality and counts.
 *
 * An hour is named by its END, as HJ 663 A.1 does: hour h (hours since 1970 UTC) covers the
 * milliseconds [(h - 1) * 3600000, h * 3600000). The mean is time-weighted: a sample holds until
 * the next one or for max_age_ms, whichever is first. It is valid when samples of quality N cover
 * at least the edition's minutes (GB 3095 table 4: 45). Never asks for the time, never rounds by
 * itself.
 */
#ifndef RULES_HOUR_H
#define RULES_HOUR_H

#include <stdbool.h>
#include <stdint.h>

#include "sample.h"

#define BEIJING_H 8 /* Beijing time is UTC+8, all year */
#define HOUR_MS 3600000
#define MINUTE_MS 60000
#define HOUR_MINUTES 60
/* One sample a second and some slack. More are refused and counted. */
#define HOUR_SAMPLES_MAX 3720

/* What one minute adds to its hour; the row that survives a restart. */
struct minute {
	int64_t weighted;           /* sum of (scaled) value_milli * milliseconds, quality N only */
	int32_t covered_ms;         /* 0..60000, quality N only; 3600000 for an hourly value */
	uint16_t samples;           /* samples of any quality that lie in the minute */
	uint16_t counts[WHY_COUNT]; /* of these, by reason; [WHY_NONE] = quality N */
};

/* What is averaged in place of the value, and back: both rise. At most 2.5e12 in an hour. */
struct hour_scale {
	int64_t (*up)(int32_t value_milli);
	int32_t (*down)(int64_t scaled);
};

struct hour_sample {
	int32_t at_ms; /* since the hour's start; negative: carried in from the hour before */
	int32_t value_milli;
	uint8_t quality;
	uint8_t why;
};

struct hour {
	int64_t hour;                   /* the hour's END */
	int32_t max_age_ms;             /* how long a sample holds */
	const struct hour_scale *scale; /* NULL: values as they are */
	uint32_t repeated;              /* samples of a time already known: ignored */
	uint32_t refused;               /* samples beyond HOUR_SAMPLES_MAX: ignored */
	int32_t n;
	struct minute restored[HOUR_MINUTES];         /* minutes that an earlier process stored */
	struct hour_sample samples[HOUR_SAMPLES_MAX]; /* in order of time */
};

struct hour_mean {
	bool valid;
	int32_t mean_milli; /* unrounded to the thousandth (half to even); only if covered_ms > 0 */
	int32_t covered_ms; /* 0..3600000, by samples of quality N */
	enum quality quality; /* N if valid, else of the commonest failure, B without samples */
	enum why why;         /* the commonest failure, WHY_NONE if there was none */
	uint32_t samples;
	uint32_t counts[WHY_COUNT];
};

/* The hour in which a moment lies: at_ms exactly on the hour belongs to the hour that begins. */
int64_t hour_of_ms(int64_t at_ms);

/* Starts an empty hour without a scale. `before` may be NULL: the hour before, whose last sample
 * still holds. */
void hour_begin(struct hour *hour, int64_t label, int32_t max_age_ms, const struct hour *before);

/*
 * Takes a sample dated since 1970 UTC, in any order. A sample of the hour before that still holds
 * is carried in. True if it counts from now on; false if it is of another hour, of a moment already
 * known (the first one stays) or beyond the limit.
 */
bool hour_take(struct hour *hour, const struct sample *sample);

/*
 * Takes what an hourly instrument says of the whole hour; the first value of quality N stays,
 * others are counted. True if the value is the hour's from now on. Such an hour has no other
 * samples.
 */
bool hour_report(struct hour *hour, const struct sample *sample);

/* The minute that carries the value of an hourly instrument: it covers the hour. */
#define HOUR_REPORT_MINUTE (HOUR_MINUTES - 1)

/* Gives back a minute (0..59) that an earlier process stored; samples of this process add to it. */
void hour_restore(struct hour *hour, int minute, const struct minute *stored);

/* What the minute's samples of quality N say is not believed any more: they count as `why`. */
void minute_doubt(struct minute *minute, enum why why);

/* The same for all that the hour has of [from_ms, to_ms), since 1970 UTC; a restored minute that
 * lies partly in there goes as a whole. */
void hour_doubt(struct hour *hour, int64_t from_ms, int64_t to_ms, enum why why);

/* The sums of one minute (0..59), restored part included. No sample is taken to hold beyond
 * until_ms (since 1970 UTC): the moment of asking, or the minute's end. */
void hour_minute(const struct hour *hour, int minute, int64_t until_ms, struct minute *ret);

/* The same under a scale (NULL: none). */
bool minute_mean_scaled(const struct minute *minute, const struct hour_scale *scale,
			int32_t *ret_milli);

/* Mean of a minute, or of any sum of minutes, in thousandths, half to even; false if not covered.
 */
bool minute_mean(const struct minute *minute, int32_t *ret_milli);

/* The commonest failure among the samples of a minute, WHY_NONE if there was none. */
enum why minute_failure(const struct minute *minute);

/*
 * The mean of the hour so far, until_ms as above. valid_ms is the cover an hour needs (edition, GB
 * 3095 table 4). O(n) in the samples of the hour.
 */
void hour_mean(const struct hour *hour, int64_t until_ms, int32_t valid_ms, struct hour_mean *ret);

#endif
