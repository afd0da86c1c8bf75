/* SPDX-License-Identifier: MIT */
/*
 * A heavy-pollution emergency plan as a model: levels, their conditions, least cuts and measures.
 *
 * Comes from config/plans/<id>.yaml. Nothing of any district is in C. The strings are borrowed from
 * whoever loaded the file and live as long as it does. Clauses are those of the Hetang plan of
 * 2024.
 */
#ifndef RULES_PLAN_H
#define RULES_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "pollutant.h"

/* A level is its rank in the plan: 1 is the lowest, plan.n_levels the highest. */
#define LEVELS_MAX 8
#define LEVEL_NONE 0
#define LEVEL_SLOTS (LEVELS_MAX + 1) /* of an array by rank */
#define LEVEL_UNKNOWN (-1)           /* of another plan: it is none of this one's */
#define LEVEL_ID_MAX 16              /* bytes of a level's id, the NUL included */

/* CAP 1.2, severity of an info block. */
enum severity {
	SEVERITY_UNKNOWN,
	SEVERITY_MINOR,
	SEVERITY_MODERATE,
	SEVERITY_SEVERE,
	SEVERITY_EXTREME
};

/* What an emission cut is counted in (3.2). */
enum emission { EMISSION_SO2, EMISSION_NOX, EMISSION_PM, EMISSION_VOCS };
#define EMISSION_COUNT 4
#define CUT_UNSAID (-1)

/* What a part is measured by: one of the two AQIs, or PLAN_INDEX_OWN + i, plan.own[i]. */
enum plan_index { PLAN_INDEX_DAILY_AQI, PLAN_INDEX_HOURLY_AQI, PLAN_INDEX_OWN };
#define PLAN_OWN_MAX 6 /* OWN_SLOTS of timeline.h */
#define PLAN_INDEX_SLOTS (PLAN_INDEX_OWN + PLAN_OWN_MAX)

/* What an index of a plan's own is made of. */
enum own_kind {
	OWN_IAQI,          /* the largest IAQI of some pollutants: of one, or of all but one */
	OWN_CONCENTRATION, /* the mean of one pollutant in its unit, rounded as it is published */
	OWN_MEAN_AQI,      /* the mean of the real-time AQIs of 24 hours */
};

struct own_index {
	const char *name; /* "daily_pm25", as the file says it */
	enum own_kind kind;
	bool daily; /* of 24 hours (of O3 their largest 8 h mean); else of one hour */
	pollutant_set of;
};

/* How consecutive daily values make hours (domain.md 3): span, k values cover k + 23 hours;
 * rolling, k values are k hours; natural-day, only the values of calendar days of Beijing count. */
enum counting { COUNTING_SPAN, COUNTING_ROLLING, COUNTING_NATURAL_DAY };

/* Who made a forecast; the plan ranks them. */
enum forecast_kind { FORECAST_MODEL, FORECAST_BULLETIN, FORECAST_CONSULTATION };
#define FORECAST_KIND_COUNT 3

/* One part of a condition: the index stays above (or at) a threshold for so many hours. */
struct plan_part {
	int index;         /* enum plan_index */
	bool at_least;     /* false: strictly above */
	int32_t threshold; /* of an AQI 0..500, of a concentration 0..PLAN_CONCENTRATION_MAX */
	int32_t for_h;     /* of a daily index at least 24, else at least 1 */
};
#define PLAN_PARTS_MAX 4
#define PLAN_CONCENTRATION_MAX 5000 /* whole ug/m3; of CO mg/m3 */
#define PLAN_HOURS_MAX 720          /* no part asks for more hours */

/* Days of a year, both inclusive, of any year; may pass the year's end. Month * 100 + day; 0: all
 * year. */
struct plan_season {
	int32_t from, until;
};

/* Every part must hold, in one run. Part 0 is the base: of the daily parts the one with the most
 * hours; where there is none, of the hourly ones. */
struct plan_condition {
	int n_parts;
	struct plan_part parts[PLAN_PARTS_MAX];
	const char *clause;
	struct plan_season season; /* it counts only then */
};
#define PLAN_CONDITIONS_MAX 4

/* A level ends when every one of these has held for so many hours. */
struct plan_limit {
	int index;         /* enum plan_index */
	bool below;        /* strictly; else at or below */
	int32_t threshold; /* as that of a part */
};
#define PLAN_LIMITS_MAX 4
#define PLAN_RELEASE_H_MAX 240
#define RELEASE_UNTOLD (-1)
#define PLAN_LIFTED_AT 100 /* IAQI of good air (HJ 633): no level may ask for cleaner to end */

struct plan_release {
	int n;
	struct plan_limit limits[PLAN_LIMITS_MAX];
	int32_t for_h;  /* 0: plan.release_h */
	bool own;       /* the file says it; else it follows from the conditions */
	bool by_itself; /* nobody announces that the level ends */
};

struct plan_level {
	const char *id;     /* "yellow": the name in messages, lists and the database */
	const char *colour; /* six hexadecimal digits */
	enum severity severity;
	bool stage;           /* measures without a warning: below every level that is one */
	const char *response; /* "III", "II", "I" */
	const char *name_zh, *name_en, *approver_zh, *approver_en; /* approver: NULL if unsaid */
	const char *clause;
	int n_any;
	struct plan_condition any[PLAN_CONDITIONS_MAX];
	struct plan_release release;
	int32_t release_threshold; /* the limit of the daily AQI among them; -1: there is none */
	int32_t min_cut_pct[EMISSION_COUNT]; /* a lower bound, or CUT_UNSAID */
};

struct plan_unit {
	const char *id, *zh, *en;
};
#define PLAN_UNITS_MAX 32

/* Numbers of a measure: bounds, never targets (measures.md 1). */
enum plan_number {
	NUMBER_MIN_CUT_PCT,
	NUMBER_MIN_PER_DAY,
	NUMBER_MAX_STAGE, /* of an emission standard: China II and older is 2 */
	NUMBER_MORE_THAN_MOVEMENTS_PER_DAY,
	NUMBER_DELTA_C_MIN,
	NUMBER_DELTA_C_MAX,
};
#define PLAN_NUMBER_COUNT 6
#define NUMBER_UNSAID (-1)

struct plan_words {
	int n;
	const char *words[6];
};
#define PLAN_WORDS_MAX 6

/* What a measure leaves alone, such as emergency repair (5.2.3(2), 5.3.3(4)); a source of the list
 * may be one. */
struct plan_exemption {
	const char *id, *zh, *en;
};
#define PLAN_EXEMPTIONS_MAX 16

/* The kinds of source of a reduction list (3.1). */
enum source_kind {
	SOURCE_INDUSTRY,
	SOURCE_BUILDING,
	SOURCE_SPOIL,
	SOURCE_LAND,
	SOURCE_TRAFFIC_WORKS,
	SOURCE_MOBILE,
};
#define SOURCE_KIND_COUNT 6

/* What a source must have for a measure to be its own, beside its kind. */
enum plan_need {
	NEED_OWN_MEASURES,  /* its row says something of the level or a lower one */
	NEED_OLD_MACHINERY, /* non-road machines of China II and older */
	NEED_PARK,          /* it lies in an industrial park */
};
#define PLAN_NEED_COUNT 3

struct plan_measure {
	const char *id, *zh, *en, *group, *sub, *clause, *unit_source;
	int level;        /* from this level on; LEVEL_NONE: a standing duty of any warning */
	uint32_t units;   /* bits: index into plan.units; 0: the plan names nobody */
	int32_t replaces; /* index of the measure it replaces, -1: none */
	int32_t numbers[PLAN_NUMBER_COUNT]; /* NUMBER_UNSAID where there is none */
	struct plan_words who, where;       /* whom it is for, where it acts */
	uint32_t except;       /* bits: index into plan.exemptions; zh and en say them, too */
	uint32_t sources;      /* bits of enum source_kind: the listed ones it is addressed to */
	uint32_t only_if;      /* bits of enum plan_need: and of these only such */
	bool may;              /* people may do it; else they must, or are advised to */
	bool carried_silently; /* no higher level restates it; plan.carry_silent decides */
};

/* How the release slip is made and where it goes (4.2). */
struct plan_channel {
	const char *to_zh, *to_en, *by_zh, *by_en;
	uint32_t units; /* bits: index into plan.units; 0: unsaid */
};
#define PLAN_CHANNELS_MAX 8

/* What the document says and no key of a file can: for people only. */
struct plan_not_said {
	const char *zh, *en, *clause;
};
#define PLAN_NOT_SAID_MAX 8
#define PLAN_MEASURES_MAX 96

struct plan {
	const char *id, *title_zh, *title_en, *document;
	enum counting counting;
	int32_t gap_h;              /* missing hours that a run bridges */
	int32_t release_h;          /* hours at or below the release threshold that end a level */
	int32_t forecast_max_age_h; /* an older forecast says nothing any more */
	/* where forecasts overlap the kind of the lowest number counts, among issues at most
	 * rank_for_h older than the newest that covers the hour */
	int32_t forecast_rank[FORECAST_KIND_COUNT];
	int32_t rank_for_h;
	int32_t horizon_hold_h; /* a level is held so long for what a forecast does not reach */
	bool bulletin_max;      /* of a forecast day's range the maximum counts, not the middle */
	int32_t summary_days;   /* working days to the summary after a lift (7); 0: unsaid */
	pollutant_set dust_excludes;     /* what does not count in hours of a dust event (1.3) */
	struct plan_season season;       /* it calls for nothing at other times */
	int32_t valid_from, valid_until; /* days, year * 10000 + season's; 0: unsaid */
	int n_own;
	struct own_index own[PLAN_OWN_MAX];
	int n_not_said;
	struct plan_not_said not_said[PLAN_NOT_SAID_MAX];
	int n_levels;
	struct plan_level levels[LEVEL_SLOTS]; /* by rank; of [LEVEL_NONE] the approver of a lift */
	bool carry_silent;    /* higher levels keep measures that they do not restate (5.3.4) */
	int32_t release_unit; /* who makes the release slip: index into units, -1: unsaid */
	int n_units, n_measures, n_channels, n_exemptions;
	struct plan_channel channels[PLAN_CHANNELS_MAX];
	struct plan_unit units[PLAN_UNITS_MAX];
	struct plan_exemption exemptions[PLAN_EXEMPTIONS_MAX];
	struct plan_measure measures[PLAN_MEASURES_MAX];
};

/* "span", "rolling", "natural-day" */
const char *counting_name(enum counting counting);
bool counting_parse(const char *name, enum counting *ret);

/* The id of a level of the plan by its rank, "none" for LEVEL_NONE, "unknown" for LEVEL_UNKNOWN. */
const char *level_name(const struct plan *plan, int level);

/* The rank of a level by its id, 0 for "none"; false and LEVEL_UNKNOWN if the plan has none so
 * named. */
bool level_parse(const struct plan *plan, const char *name, int *ret);

/* The level as a warning: LEVEL_NONE of one that is a stage below them. */
int level_warned(const struct plan *plan, int level);

const char *severity_name(enum severity severity);     /* "Unknown", "Minor", ... */
const char *plan_number_name(enum plan_number number); /* "min_per_day", ... */
const char *emission_name(enum emission emission);     /* "so2", "nox", "pm", "vocs" */
const char *source_kind_name(enum source_kind kind);   /* "industry", "traffic-works", ... */
bool source_kind_parse(const char *name, enum source_kind *ret);
/* Index of an exemption by its id, -1: the plan has none so named. */
int plan_exemption_find(const struct plan *plan, const char *id);
const char *plan_need_name(enum plan_need need); /* "own-measures", "old-machinery", "park" */

/* Consecutive values that a daily or hourly part needs under the plan's counting. At least 1. */
int32_t plan_part_values(const struct plan *plan, const struct plan_part *part);

/* The hours that so many consecutive values of a part make, under the plan's counting. */
int32_t plan_part_hours(const struct plan *plan, const struct plan_part *part, int32_t values);

/* True if an AQI in thousandths fulfils the part's threshold: > is strict (4.1). */
bool plan_part_holds(const struct plan_part *part, int32_t aqi_milli);

/* "daily_aqi", "hourly_aqi", or the name of one of the plan's own. */
const char *plan_index_name(const struct plan *plan, int index);
bool plan_index_is_daily(const struct plan *plan, int index);
/* True if its values are concentrations, not 0..500. */
bool plan_index_is_concentration(const struct plan *plan, int index);

/* True if a value in thousandths keeps to the limit. */
bool plan_limit_holds(const struct plan_limit *limit, int32_t milli);

/*
 * Brings a loaded level into shape: the base part first; where the file says no release, of each
 * condition the highest threshold of each daily index (those of at_least aside), of a condition
 * without a daily part those of its base; of several of one index the lowest. False if a condition
 * has no part, nothing is there that can be released from, or too many indices are.
 */
bool plan_level_prepare(const struct plan *plan, struct plan_level *level);

/* Hours in a row that end a level. */
int32_t plan_release_h(const struct plan *plan, int level);

/*
 * Hours that are still missing until a level held may end. milli: by index, plan_release_h values,
 * the newest last, in thousandths, negative where not known; NULL: nothing is known of the index.
 * 0: no hour is missing; RELEASE_UNTOLD: a limit is of such an index.
 */
int32_t plan_release_in_h(const struct plan *plan, int level,
			  const int32_t *const milli[PLAN_INDEX_SLOTS]);

/* True if the season has the hour's day in Beijing. `hour` is an END label. */
bool plan_season_has(const struct plan_season *season, int64_t hour);
/* True if the plan is valid on the hour's day and it is of its season. */
bool plan_is_in_force(const struct plan *plan, int64_t hour);

/*
 * The measures in force at a level: those of the level and of every level below, standing duties,
 * less the ones that another of them replaces (measures.md 1). Writes indices into plan.measures,
 * in the plan's order; returns how many (at most PLAN_MEASURES_MAX).
 */
int plan_measures_at(const struct plan *plan, int level, int ret[PLAN_MEASURES_MAX]);

#endif
