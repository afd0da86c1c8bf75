/* SPDX-License-Identifier: MIT */
/* What people and other systems told the station, as pieces of messages. */
#include <stdio.h>

#include "clock.h"
#include "payload_json.h"

/* A level of another plan's, long over, has neither rank nor response in this one. */
static bool has_rank(const struct plan *plan, int level)
{
	return level > LEVEL_NONE && level <= plan->n_levels;
}

void payload_add_rank(json_t *json, const struct plan *plan, int level)
{
	json_object_set_new(json, "rank", json_integer(has_rank(plan, level) ? level : LEVEL_NONE));
	json_object_set_new(json, "response",
			    has_rank(plan, level) ? json_string(plan->levels[level].response)
						  : json_null());
}

void payload_add_rank_of(json_t *json, const struct plan *plan, const char *of, int level)
{
	char rank[40];
	snprintf(rank, sizeof(rank), "%s_rank", of);
	json_object_set_new(json, rank,
			    level == LEVEL_UNKNOWN
				    ? json_null()
				    : json_integer(has_rank(plan, level) ? level : LEVEL_NONE));
}

json_t *payload_release(const struct plan *plan, const struct release *release)
{
	if (!release)
		return json_null();
	/* persons are in no message */
	json_t *json = json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:b}", "number",
				 release->number, "level", level_name(plan, release->level),
				 "directive", payload_text_or_null(release->directive), "start",
				 payload_time_or_null(release->start_ms), "reviewed",
				 payload_time_or_null(release->reviewed_ms), "post",
				 payload_text_or_null(release->post), "signed",
				 payload_time_or_null(release->signed_ms), "found",
				 release_fault_name(release->fault), "post_differs",
				 release->post_differs);
	payload_add_rank(json, plan, release->level);
	return json;
}

json_t *payload_forecast(const struct forecast *forecast, int64_t now_ms, int32_t max_age_h)
{
	static const char *const forms[] = {"concentrations", "hourly_aqi", "daily_aqi"};
	if (!forecast)
		return json_null();
	return json_pack("{s:o, s:o, s:s, s:s, s:o, s:I, s:b, s:o}", "source",
			 payload_text_or_null(forecast->source), "issuer",
			 payload_text_or_null(forecast->issuer), "kind",
			 forecast_kind_name(forecast->kind), "form", forms[forecast->form],
			 "issued", payload_time(forecast->issued_ms), "age_h",
			 (json_int_t)((now_ms - forecast->issued_ms) / HOUR_MS), "usable",
			 !forecast_expired(forecast, max_age_h, now_ms), "until",
			 payload_hour(forecast->steps[forecast->n - 1].hour));
}
