/* SPDX-License-Identifier: MIT */
/*
 * What the payload files share: pieces of JSON that stand in several messages.
 */
#ifndef DAEMON_MESSAGES_PAYLOAD_JSON_H
#define DAEMON_MESSAGES_PAYLOAD_JSON_H

#include <jansson.h>

#include "payload.h"
#include "summary.h"

/* A message with its head in it. */
json_t *payload_begin(const struct payload_head *head);
/* Writes the message and releases it. */
char *payload_finish(json_t *json);

/* The auxiliary part of a minute. */
json_t *payload_auxiliary_minute(const struct minute_report *report);

json_t *payload_text(const char *text); /* null for NULL */
json_t *payload_time(int64_t wall_ms);
json_t *payload_hour(int64_t hour); /* an END label; null for 0 */
json_t *
payload_kg(int64_t grams); /* thousandths, exact as payloads are written; null for CUT_UNSAID */
json_t *payload_both(const char *zh, const char *en);
/* Thousandths rounded half to even to a step: a whole number where the step is whole. */
json_t *payload_concentration(int64_t milli, int32_t step_milli);
json_t *payload_pollutants(pollutant_set set); /* their keys */

json_t *payload_age(int64_t ms);                /* seconds, down to tenths */
json_t *payload_time_or_null(int64_t wall_ms);  /* null for 0 */
json_t *payload_text_or_null(const char *text); /* null for "" */
json_t *payload_level(const struct plan *plan, int level);

/* Adds `rank` and `response` (null for none) to an object in which a level stands. */
void payload_add_rank(json_t *json, const struct plan *plan, int level);
/* The rank of another level in it: `possible_rank` of "possible"; null for LEVEL_UNKNOWN. */
void payload_add_rank_of(json_t *json, const struct plan *plan, const char *of, int level);

/* Of a station's district: its id, whether the station is cut off from it, since when. */
json_t *payload_link(const struct conf *conf, const struct district_link *link);

/* The platforms of HJ 212, as in conf: how each is. */
json_t *payload_platforms(const struct conf *conf, const struct platform_report *reports);

/* Whose word a level is: a directive binds, advice does not. */
struct payload_authority {
	const char *name;
	bool binding;
	int level;
};
/* What binds, if a directive is in force or binds, then the advice: how many. */
int payload_authorities(const struct conf *conf, const struct advice_report *report,
			struct payload_authority ret[2]);

/* What stands at the end of an instrument's range: an array, empty for none or NULL. */
json_t *payload_over_ranges(const struct conf *conf, const struct over_range *over_range);
/* What the event says of that; nothing if its reason is another. */
void payload_add_over_range(json_t *json, const struct plan *plan, const struct event *event);
/* The least cuts of a level, those that the plan says; empty without a level. */
json_t *payload_least_cuts(const struct plan *plan, int level);

/* The ids of the units whose bits are set. */
json_t *payload_unit_ids(const struct plan *plan, uint32_t units);

/* The measures that a level brings, and each unit's own list of them. */
json_t *payload_measures(const struct plan *plan, const struct payload_authority *authority);

/* Why a level was called for. */
json_t *payload_evidence(const struct plan *plan, int level, const struct evidence *evidence);

/* A directive; null for NULL. */
json_t *payload_directive(const struct plan *plan, const struct timetable_entry *entry,
			  const struct word_details *details);
/* The same with `effective` and `overdue`. */
json_t *payload_begun(const struct plan *plan, const struct timetable_entry *entry,
		      const struct word_details *details);
/* The one in force, the one accepted last, those announced; those refused lately. */
json_t *payload_in_force(const struct plan *plan, const struct advice_report *report);
json_t *payload_newest(const struct plan *plan, const struct advice_report *report);
json_t *payload_pending(const struct plan *plan, const struct advice_report *report);
json_t *payload_refused(const struct advice_report *report);
json_t *payload_too_late(const struct word_answer *answer); /* NULL: an empty list */
json_t *payload_binding(const struct conf *conf, const struct advice_report *report);
/* Adds `released`, `slip` and `lifted`. */
void payload_add_published(json_t *json, const struct binding_report *binding);

/* The summaries that are due and not closed. */
json_t *payload_summaries(const struct summaries *summaries);
json_t *payload_release(const struct plan *plan, const struct release *release);
/* Adds to an advice why it stays as it is and what else may come. */
void payload_add_held(json_t *json, const struct conf *conf, const struct advice_report *report);
/* Adds to an event about the advice its reason and what that rests on; to one of dust its hours. */
void payload_add_reason(json_t *json, const struct conf *conf, const struct event *event);
json_t *payload_forecast(const struct forecast *forecast, int64_t now_ms, int32_t max_age_h);

/* What may come within 24 h, and how good that was. */
json_t *payload_chance(const struct conf *conf, const struct chance_report *report);

/* Whose values and advice they are: "station" or "district". */
const char *payload_scope(const struct conf *conf);
/* Adds to a district's hour the points that each mean rests on, by their ids. */
void payload_add_points(json_t *json, const struct conf *conf, const struct hour_report *report);

#endif
