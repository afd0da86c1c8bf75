/* SPDX-License-Identifier: MIT */
/* What a model said of recorded hours, and how good that was, for replay and `outlook score`. Pure.
 */
#ifndef DAEMON_CLI_REPLAY_OUTLOOK_SCORED_H
#define DAEMON_CLI_REPLAY_OUTLOOK_SCORED_H

#include <stdio.h>

#include "chance.h"
#include "conf.h"

struct outlook_scored {
	const struct conf *conf;
	struct chance_report report;   /* which levels of the plan it can speak of */
	int64_t first, last;           /* hours taken; 0: none */
	bool has_standing;             /* of a station's own model: */
	struct chance_report standing; /* whether it is shown there, since when, and why not */
	struct chance_run run;
};

/* Loads a model, by name or file, into conf->outlook; false after problems. */
bool outlook_add_model(struct conf *conf, const char *model, const char *config_dir,
		       struct problems *problems);

/* conf->outlook.model must be there. */
void outlook_scored_begin(const struct conf *conf, struct outlook_scored *ret);

/* The next hour and its daily AQI (IAQI_NONE: not known). What is said of it then stands in the
 * result: valid until the next. */
const struct chance_hour *outlook_scored_take(struct outlook_scored *scored, int64_t hour,
					      const struct hour_values *values, int32_t daily);

/* The score of a level's threshold; NULL: the model says nothing of it. */
const struct outlook_score *outlook_score_of(const struct outlook_scored *scored, int level);

/* The lowest level of which it says something; LEVEL_NONE: none, or scored is NULL. */
int outlook_lowest_level(const struct outlook_scored *scored);

/* Of how many hours the score of the lowest level that has one is. */
int64_t outlook_scored_hours(const struct outlook_scored *scored);

/* For people. */
void text_outlook(FILE *out, const struct outlook_scored *scored);

#endif
