/* SPDX-License-Identifier: MIT */
/*
 * The stages from an hour's means to the advice, each a function of its own state and its input:
 *
 *   hourly means -> rolling AQI -> plan -> advice
 *
 * The engine calls them live, `hazewatch replay` for recorded hours. Knows no store and no message.
 */
#ifndef DAEMON_ENGINE_STAGES_H
#define DAEMON_ENGINE_STAGES_H

#include "ahead.h"
#include "aqi.h"
#include "chance.h"
#include "dust.h"
#include "evaluate.h"
#include "timeline.h"
#include "warning.h"
#include "window.h"

/* Flagged hours, and what of them does not count. */
struct index_dust {
	const struct dust_hours *dust;
	pollutant_set excluded;
};

/* Who knows the indices of an hour where they are not those of one station's window: a district. */
struct index_source {
	const void *ctx;
	/* dust NULL: all hours count */
	void (*index)(const void *ctx, int64_t hour, const struct index_dust *dust,
		      struct aqi *realtime, struct aqi *daily);
};

/* What an hour is held against. */
struct engine_rules {
	const struct edition *edition;
	const struct plan *plan;
	struct scope scope;
	struct index_source source; /* index NULL: a station */
};

/* What one hour hands to the next. All zero: a station that begins. */
struct engine_state {
	struct window window;      /* the hours as they were measured */
	struct window plan_window; /* as the plan counts them: without what dust excludes */
	struct outlook_air air;    /* the hours that an outlook looks at */
	struct dust_hours dust;
	struct timeline timeline;
	struct forecasts forecasts;
	struct advice advice;
};

/* What an hour brought. */
struct engine_step {
	struct aqi realtime, daily;
	struct verdict verdict;
	int n_events;
	struct event events[WARNING_EVENTS_MAX];
};

/* The indices of the window's newest hour, of which `values` are the means. */
void engine_aqis(const struct engine_rules *rules, const struct window *window,
		 const struct hour_values *values, struct aqi *realtime, struct aqi *daily);

/* Hourly means -> AQI. Moves windows and timeline on to `hour`. */
void engine_index(const struct engine_rules *rules, struct engine_state *state, int64_t hour,
		  const struct hour_values *values, struct engine_step *ret);

/* Joins the hours of forecasts, as far as there are any, to the timeline. */
void engine_ahead(const struct engine_rules *rules, struct engine_state *state);

/* AQI -> plan -> advice, at the timeline's present hour. After engine_index; between the two a
 * forecast may be joined to the timeline. */
void engine_judge(const struct engine_rules *rules, struct engine_state *state,
		  struct engine_step *ret);

/* What a model says of the 24 hours after the timeline's present one. Changes nothing else. */
void engine_outlook(const struct engine_rules *rules, const struct engine_state *state,
		    const struct outlook_model *model, struct chance_report *ret);

/* What may come, if another word is the right one. */
struct possible {
	int level;  /* the highest that one of them calls for */
	int source; /* index of the forecast whose word it is; -1: there is no other */
};

/* What the highest values of forecasts' days would call for where the middle ones count, and what
 * another source would where it overlaps those that rank before it. */
struct possible engine_possible(const struct engine_rules *rules, const struct engine_state *state);

/* What would be called for if no hour were flagged as dust; LEVEL_UNKNOWN: none near is. */
int engine_without_dust(const struct engine_rules *rules, const struct engine_state *state);

#endif
