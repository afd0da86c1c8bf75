/* SPDX-License-Identifier: MIT */
/* What stands at the end of its instrument's range: in warning, in warning/event. */
#include "payload_json.h"

/* {"pm25_ug_m3": 1000} */
static json_t *at_least_json(enum pollutant pollutant, int32_t milli)
{
	json_t *json = json_object();
	json_t *value =
		milli % 1000 == 0 ? json_integer(milli / 1000) : json_real((double)milli / 1000);
	json_object_set_new(json, pollutant_info(pollutant)->field, value);
	return json;
}

static void add_saturated(json_t *json, const struct plan *plan, enum pollutant pollutant,
			  int32_t at_least_milli, int would_call_for)
{
	json_object_set_new(json, "pollutant", json_string(pollutant_info(pollutant)->key));
	json_object_set_new(json, "at_least", at_least_json(pollutant, at_least_milli));
	json_object_set_new(json, "would_call_for", json_string(level_name(plan, would_call_for)));
	payload_add_rank_of(json, plan, "would_call_for", would_call_for);
}

json_t *payload_over_ranges(const struct conf *conf, const struct over_range *over_range)
{
	json_t *list = json_array();
	for (int p = 0; over_range && p < POLLUTANT_COUNT; p++) {
		int32_t milli = over_range->at_least_milli[p];
		if (!(over_range->set & 1u << p))
			continue;
		json_t *item = json_object();
		add_saturated(
			item, &conf->plan, (enum pollutant)p, milli,
			over_range_level(&conf->edition, &conf->plan, (enum pollutant)p, milli));
		json_array_append_new(list, item);
	}
	return list;
}

void payload_add_over_range(json_t *json, const struct plan *plan, const struct event *event)
{
	if (event->reason == REASON_OVER_RANGE)
		add_saturated(json, plan, event->pollutant, event->at_least_milli,
			      event->would_call_for);
}
