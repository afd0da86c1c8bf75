/* SPDX-License-Identifier: MIT */
/* What a district says beside a station: whose values, on which points they rest, who told what. */
#include "payload_json.h"

const char *payload_scope(const struct conf *conf)
{
	return conf->roster.path ? "district" : "station";
}

/* The points that each mean rests on, by their ids. */
static json_t *rests_json(const struct roster *roster, const struct point_set *sets)
{
	json_t *json = json_object();
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		json_t *ids = json_array();
		for (int i = 0; i < roster->n_points; i++) {
			if (point_set_has(&sets[p], i))
				json_array_append_new(ids, json_string(roster->stations[i].id));
		}
		json_object_set_new(json, pollutant_info((enum pollutant)p)->key, ids);
	}
	return json;
}

void payload_add_points(json_t *json, const struct conf *conf, const struct hour_report *report)
{
	const struct roster *roster = &conf->roster;
	json_object_set_new(json, "points",
			    json_pack("{s:i, s:o, s:o}", "assessment", roster->n_points, "realtime",
				      rests_json(roster, report->realtime_points), "daily",
				      rests_json(roster, report->daily_points)));
}
