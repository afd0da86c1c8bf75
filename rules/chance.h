/* SPDX-License-Identifier: MIT */
/*
 * The chance in 24 h: what a model (outlook.h) says of a plan's levels, and how good it was at this
 * station. A level's threshold and one of the model's are the same if their AQIs are. Where there
 * is no chance it is said why. It is an outlook, never a forecast: nothing here is read by whatever
 * raises, holds or lifts.
 */
#ifndef RULES_CHANCE_H
#define RULES_CHANCE_H

#include "aqi.h"
#include "outlook.h"
#include "plan.h"

/* Why there is no chance. */
enum chance_none {
	CHANCE_GIVEN,        /* there is one */
	CHANCE_COMPUTING,    /* how good it was is not known yet */
	CHANCE_UNPROVEN,     /* too few of the last days are known to tell how good it was */
	CHANCE_NOT_BETTER,   /* it was no better than persistence */
	CHANCE_EDITION,      /* what it was learnt with has another AQI in the edition */
	CHANCE_NO_DAILY_AQI, /* the level is not called for by a daily AQI */
	CHANCE_NOT_LEARNT,   /* its threshold is none of the model's */
	CHANCE_TOO_FEW_HOURS /* of the last days */
};

/* "computing", "unproven", ... ; NULL for CHANCE_GIVEN */
const char *chance_none_name(enum chance_none none);

/* How good it was, beside persistence. Briers in millionths; OUTLOOK_NO_SCORE: not known. */
struct chance_score {
	int64_t n, came; /* hours whose next 24 are known, and those in which it came true */
	int64_t brier, persistence;
};

struct chance_level {
	int level;     /* rank in the plan */
	int32_t above; /* its daily AQI; -1: there is none */
	int index;     /* of the model's threshold; -1: there is none */
	enum chance_none none;
	bool exceeds; /* the newest hour's daily AQI is above already */
	struct outlook_chance chance;
	struct chance_score season;
};

struct chance_report {
	const struct outlook_model *model;
	enum chance_none none; /* of all levels together */
	int need;              /* of CHANCE_TOO_FEW_HOURS: index of the model's need */
	bool shown;            /* to people */
	bool by_proof;         /* by how good it was, not by a setting */
	int64_t shown_since;   /* END of the hour since which that is so; 0: not known */
	int64_t hour;          /* END of the newest hour; it speaks of the OUTLOOK_AHEAD after it */
	int64_t season_last;   /* END of the last hour that the season's score has; 0: not known */
	int n;
	struct chance_level levels[LEVELS_MAX]; /* by rising rank */
};

/* The daily AQI above which a level is called for: of each condition the highest, of several
 * conditions the lowest; -1: none has a daily AQI to be exceeded. */
int32_t chance_threshold(const struct plan_level *level);

/* Which levels the model can speak of; none of them has a chance yet. */
void chance_begin(const struct outlook_model *model, const struct plan *plan,
		  const struct edition *edition, struct chance_report *ret);

/* What the model says of the hours in `air`, whose newest has this daily AQI (IAQI_NONE: not
 * known). Levels whose `none` is none of the hours' are passed over. */
void chance_say(struct chance_report *report, const struct outlook_air *air, int32_t daily);

/* ---- how good it was ---- */

/* What the model said at an hour, of each of its thresholds. */
struct chance_hour {
	int32_t daily; /* IAQI_NONE: not known */
	bool said;     /* there was enough data */
	struct outlook_chance chances[OUTLOOK_THRESHOLDS_MAX];
};

/* Hours in order, each judged when the 24 after it are known. Begins as {.model = ...}. */
struct chance_run {
	const struct outlook_model *model;
	struct outlook_air air;
	struct chance_hour hours[OUTLOOK_AHEAD]; /* chance_at() finds one */
	int64_t begun;                           /* hours before this are not scored; 0: all are */
	struct outlook_score scores[OUTLOOK_THRESHOLDS_MAX];
};

/* The next hour, one later than that before: its means, and the daily AQI, IAQI_NONE: not known.
 * True if the model said something. */
bool chance_take(struct chance_run *run, int64_t hour, const struct hour_values *values,
		 int32_t daily);

/* What was said at an hour, one of the newest OUTLOOK_AHEAD taken. */
const struct chance_hour *chance_at(const struct chance_run *run, int64_t hour);

/* The score of a threshold in short. */
struct chance_score chance_score_of(const struct outlook_score *score);

/* The season that is scored at `newest`: the OUTLOOK_PROOF_DAYS days to the last midnight in
 * Beijing but one, so that the next 24 hours of each are over. The END of its last hour. */
int64_t chance_season_last(int64_t newest);

/*
 * Whether the season proves it, over the levels that have a chance in the edition: Brier at least
 * 5 % below persistence's to be shown; once shown until it is more than 0.005 above it, so that
 * months without an exceedance, in which neither errs much, change nothing. CHANCE_GIVEN,
 * CHANCE_UNPROVEN or CHANCE_NOT_BETTER.
 */
enum chance_none chance_prove(const struct chance_report *report, bool was_shown);

#endif
