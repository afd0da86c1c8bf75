/* SPDX-License-Identifier: MIT */
/*
 * The chance that the daily AQI exceeds a threshold at any of the next 24 hours, from the station's
 * own last 72 hours. An outlook, never a forecast: it raises, holds and lifts nothing.
 *
 * A model is boosted trees of whole numbers out of a file of kind outlook, hazewatch-outlook(5):
 * what was learnt of other stations' years. This says what a model makes of some hours and, once
 * the next 24 are known, how good that was. No level and no pollutant has a part of its own in it;
 * the model stays whoever's that loaded it. Its chance is the script's that trained it,
 * tests/outlook/train.py, to the last permille.
 */
#ifndef RULES_OUTLOOK_H
#define RULES_OUTLOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "edition.h"
#include "window.h"

#define OUTLOOK_HOURS 72 /* that are looked at, the newest among them */
#define OUTLOOK_AHEAD 24 /* of which it speaks */
#define OUTLOOK_FEATURES_MAX 96
#define OUTLOOK_NEEDS_MAX 6
#define OUTLOOK_THRESHOLDS_MAX 6
#define OUTLOOK_TREES_MAX 200 /* of all thresholds together */
#define OUTLOOK_LEAVES_MAX 15 /* of one tree */
#define OUTLOOK_MONTHS 12

/* ---- the model ---- */

enum outlook_of {
	OUTLOOK_MEAN,   /* of `hours` hours that end `ago` hours before the newest */
	OUTLOOK_MAX,    /* the largest of these */
	OUTLOOK_MIN,    /* the smallest */
	OUTLOOK_CHANGE, /* the mean of the newest `hours` less that of the same `ago` before */
	OUTLOOK_HELD,   /* the largest 24 h mean of the next 24 hours, if each of them were like the
			   mean of the newest `hours` */
	OUTLOOK_CLOCK,  /* hour of the day, Beijing time, 0 to 23 */
	OUTLOOK_SEASON, /* days from the nearest 15 January, 0 to 183 */
};
#define OUTLOOK_OF_COUNT 7

/* What a tree asks of: thousandths of the pollutant's unit, rounded half to even; missing with less
 * than half of the hours. */
struct outlook_feature {
	int of;        /* enum outlook_of */
	int pollutant; /* enum pollutant; not used by clock and season */
	int32_t hours; /* 1..OUTLOOK_HOURS */
	int32_t ago;   /* 0..OUTLOOK_HOURS - hours */
};

/* Goes low where feature <= at. A branch >= 0 is a node of the same tree, one < 0 is the leaf
 * ~branch. */
struct outlook_node {
	int32_t at;
	int16_t feature;
	int16_t low, high;
	bool missing_low; /* where what is missing goes */
};

/* What it adds to the logit, in millionths. */
struct outlook_tree {
	int n_leaves; /* 1..OUTLOOK_LEAVES_MAX; nodes are one fewer */
	struct outlook_node nodes[OUTLOOK_LEAVES_MAX - 1];
	int32_t leaves[OUTLOOK_LEAVES_MAX];
};

/* How good it was in years and at stations it was not trained on: cross-validated. */
struct outlook_trained {
	int32_t hours;
	int32_t brier_micro, persistence_micro, climate_micro; /* Brier scores */
	int32_t onset_csi_permille, onset_false_permille;      /* of "possible" */
};

struct outlook_threshold {
	int32_t aqi;
	int32_t pm25_milli, pm10_milli; /* the 24 h means that have this AQI */
	int32_t possible_permille;      /* from this chance on it is said to be possible */
	int32_t start_micro;            /* the logit before any tree */
	int32_t climate_permille[OUTLOOK_MONTHS]; /* how often it came true, by month, in training
						   */
	struct outlook_trained trained;
	int n_trees;
	const struct outlook_tree *trees;
};

/* At least `valid` of the newest `hours` hours, or there is no outlook. */
struct outlook_need {
	int pollutant;
	int32_t hours, valid;
};

struct outlook_model {
	const char *id, *title_zh, *title_en;
	const char *trained_on_zh, *trained_on_en; /* places and years, for people */
	int n_needs;
	struct outlook_need needs[OUTLOOK_NEEDS_MAX];
	int n_features;
	struct outlook_feature features[OUTLOOK_FEATURES_MAX];
	int n_thresholds;
	struct outlook_threshold thresholds[OUTLOOK_THRESHOLDS_MAX]; /* rising */
};

/* The index of the threshold with this AQI; -1: the model has none. */
int outlook_find(const struct outlook_model *model, int32_t aqi);

/*
 * Whether the 24 h means of PM2.5 and PM10 that the threshold was learnt with have this very AQI in
 * the edition. Those above an AQI of 100 are the same in 2012 and 2026; where they are not there is
 * no outlook.
 */
bool outlook_fits(const struct outlook_threshold *threshold, const struct edition *edition);

/* ---- what it says ---- */

/* The newest OUTLOOK_HOURS hours; begins as {0}. */
struct outlook_air {
	int64_t newest;                          /* END of the newest hour, 0: there is none */
	struct hour_values hours[OUTLOOK_HOURS]; /* hour h at h modulo OUTLOOK_HOURS */
};

/* As window_put: later than the newest moves on, within them replaces, older is ignored. */
void outlook_put(struct outlook_air *air, int64_t hour, const struct hour_values *values);

/* What the trees are asked with: one value a feature of the model. */
struct outlook_values {
	bool known[OUTLOOK_FEATURES_MAX];
	int32_t of[OUTLOOK_FEATURES_MAX];
};

/* False: too little data, and *ret_need is the index of the model's need that is not met. */
bool outlook_look(const struct outlook_model *model, const struct outlook_air *air,
		  struct outlook_values *ret, int *ret_need);

struct outlook_chance {
	int32_t permille; /* 0..1000 */
	bool possible;    /* it reaches possible_permille */
	bool rule; /* mean of the last 6 hours of PM2.5 or PM10 above that of the threshold */
	int32_t climate_permille; /* of the month, Beijing time */
};

/* The chance of the threshold of this index, of values of the same model and air. O(trees). */
void outlook_say(const struct outlook_model *model, const struct outlook_air *air,
		 const struct outlook_values *values, int threshold, struct outlook_chance *ret);

/* 1 / (1 + exp(-logit)) in permille, rounded to the nearest: whole numbers, the same everywhere. */
int32_t outlook_permille(int64_t logit_micro);

/* ---- how good it was ---- */

/* Whether it came true: 1 if a daily AQI of the next 24 hours exceeds `aqi`, 0 if all are known and
 * none does, else -1. IAQI_NONE: not known. */
int outlook_came(const int32_t daily[OUTLOOK_AHEAD], int32_t aqi);

/* Who says so: the model, and three that it is held against. */
enum outlook_by {
	OUTLOOK_MODEL,
	OUTLOOK_PERSISTENCE, /* it exceeds now, so it will */
	OUTLOOK_CLIMATE,     /* how often it did in this month, in training */
	OUTLOOK_RULE,        /* the mean of the last 6 hours is above */
};
#define OUTLOOK_BY_COUNT 4
#define OUTLOOK_TENTHS 10
/* A tenth with fewer hours says nothing of reliability. */
#define OUTLOOK_TENTH_MIN 200

struct outlook_tenth {
	int64_t n, came;
	int64_t permille; /* sum of the chances said */
};

struct outlook_tally {
	int64_t n, came;
	int64_t squares; /* sum of the squared errors, in permille */
	int64_t hits, false_alarms, misses;
	struct outlook_tenth
		tenths[OUTLOOK_TENTHS]; /* chances of 0 to 99 permille, ..., 900 to 1000 */
};

/* Of one threshold; begins as {0}. 10,000,000 hours fit. */
struct outlook_score {
	struct outlook_tally all[OUTLOOK_BY_COUNT];
	struct outlook_tally onset[OUTLOOK_BY_COUNT]; /* only hours that do not exceed now */
};

/* Adds an hour whose next 24 are known. */
void outlook_score(struct outlook_score *score, const struct outlook_chance *chance, bool exceeds,
		   bool came);

#define OUTLOOK_NO_SCORE (-1)

/* Mean squared error in millionths; each share in permille, rounded half to even; OUTLOOK_NO_SCORE
 * where there is nothing to divide by. */
int64_t outlook_brier(const struct outlook_tally *tally);
int32_t outlook_hit_rate(const struct outlook_tally *tally); /* hits of what came */
int32_t
outlook_false_alarms(const struct outlook_tally *tally); /* of what was said to be possible */
int32_t outlook_csi(const struct outlook_tally *tally);  /* hits of all that came or was said */
/* The largest distance of what came from what was said, in permille, over the tenths that have
 * OUTLOOK_TENTH_MIN hours. */
int32_t outlook_unreliable(const struct outlook_tally *tally);

/* The days over which the outlook must be better than persistence to be shown. */
#define OUTLOOK_PROOF_DAYS 90
/* Of these, hours that must be known. */
#define OUTLOOK_PROOF_MIN 1080

#endif
