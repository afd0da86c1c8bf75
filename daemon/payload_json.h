/* SPDX-License-Identifier: MIT */
/*
 * What the payload files share: pieces of JSON that stand in several messages.
 */
#ifndef DAEMON_PAYLOAD_JSON_H
#define DAEMON_PAYLOAD_JSON_H

#include <jansson.h>

#include "payload.h"

/* A message with its head in it. */
json_t *payload_begin(const struct payload_head *head);
/* Writes the message and releases it. */
char *payload_finish(json_t *json);

json_t *payload_text(const char *text); /* null for NULL */
json_t *payload_time(int64_t wall_ms);
json_t *payload_hour(int64_t hour); /* an END label; null for 0 */
json_t *
payload_kg(int64_t grams); /* thousandths, exact as payloads are written; null for CUT_UNSAID */
json_t *payload_both(const char *zh, const char *en);

/* Whose word a level is: a directive binds, advice does not. */
struct payload_authority {
	const char *name;
	bool binding;
	enum level level;
};
/* The directive in force, if there is one, then the advice: how many. */
int payload_authorities(const struct advice_report *report, struct payload_authority ret[2]);

/* The measures that a level brings, and each unit's own list of them. */
json_t *payload_measures(const struct plan *plan, const struct payload_authority *authority);

/* What was told; null for NULL. */
json_t *payload_directive(const struct directive *directive);
json_t *payload_in_force(const struct directive *directive, int64_t now_ms);
/* When the summary is due, once a lift has taken effect; null otherwise. */
json_t *payload_summary(const struct conf *conf, const struct advice_report *report);
json_t *payload_release(const struct release *release);
json_t *payload_forecast(const struct forecast *forecast, int64_t now_ms, int32_t max_age_h);

#endif
