/* SPDX-License-Identifier: MIT */
#include "payload_replay.h"

#include "payload_json.h"

/* null is "not there": an AQI that is not known, no level. */
static json_t *number_or_null(bool there, int32_t value)
{
	return there ? json_integer(value) : json_null();
}

static json_t *level_or_null(const struct plan *plan, int level)
{
	return level == LEVEL_NONE ? json_null() : json_string(level_name(plan, level));
}

static json_t *primary_json(const struct aqi *aqi)
{
	json_t *list = json_array();
	for (int i = 0; i < POLLUTANT_COUNT; i++) {
		if (aqi->primary & (1u << i))
			json_array_append_new(list,
					      json_string(pollutant_info((enum pollutant)i)->key));
	}
	return list;
}

static json_t *hour_iaqi_json(const struct aqi *aqi)
{
	json_t *json = json_object();
	for (int i = 0; i < POLLUTANT_COUNT; i++)
		json_object_set_new(json, pollutant_info((enum pollutant)i)->key,
				    number_or_null(aqi->iaqi[i] != IAQI_NONE, aqi->iaqi[i]));
	return json;
}

char *payload_replay_hour(int64_t hour, const struct replay_hour *values)
{
	const struct aqi *realtime = &values->realtime, *daily = &values->daily;
	return payload_finish(json_pack(
		"{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "type", "hour", "hour",
		payload_hour(hour), "aqi_realtime",
		number_or_null(realtime->known, realtime->value), "aqi_daily",
		number_or_null(daily->known, daily->value), "aqi_published",
		number_or_null(daily->known && daily->publishable, daily->value), "primary",
		primary_json(daily), "iaqi", hour_iaqi_json(daily), "primary_rt",
		primary_json(realtime), "iaqi_rt", hour_iaqi_json(realtime)));
}

char *payload_replay_condition(const struct plan *plan, const struct replay_condition *condition)
{
	return payload_finish(json_pack("{s:s, s:s, s:o, s:o}", "type", "condition", "level",
					level_name(plan, condition->level), "from",
					payload_hour(condition->from), "to",
					payload_hour(condition->to)));
}

char *payload_replay_event(const struct plan *plan, const struct replay_event *replayed)
{
	const struct event *event = &replayed->event;
	return payload_finish(json_pack(
		"{s:s, s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:s?}", "type", "event", "event",
		event_name(event->kind), "about", "advice", "level",
		level_or_null(plan, event->level), "hour", payload_hour(event->hour), "onset",
		payload_time_or_null(event->onset_ms), "basis", basis_name(event->basis), "episode",
		payload_hour(event->episode), "reason", event_reason_name(event->reason)));
}
