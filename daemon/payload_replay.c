/* SPDX-License-Identifier: MIT */
#include "payload_replay.h"

#include "payload_json.h"

/* null is "not there": an AQI that is not known, no level. */
static json_t *number(bool there, int32_t value)
{
	return there ? json_integer(value) : json_null();
}

static json_t *level_json(enum level level)
{
	return level == LEVEL_NONE ? json_null() : json_string(level_name(level));
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

static json_t *iaqi_json(const struct aqi *aqi)
{
	json_t *json = json_object();
	for (int i = 0; i < POLLUTANT_COUNT; i++)
		json_object_set_new(json, pollutant_info((enum pollutant)i)->key,
				    number(aqi->iaqi[i] != IAQI_NONE, aqi->iaqi[i]));
	return json;
}

char *payload_replay_hour(int64_t hour, const struct replay_hour *values)
{
	const struct aqi *realtime = &values->realtime, *daily = &values->daily;
	return payload_finish(json_pack(
		"{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "type", "hour", "hour",
		payload_hour(hour), "aqi_realtime", number(realtime->known, realtime->value),
		"aqi_daily", number(daily->known, daily->value), "aqi_published",
		number(daily->known && daily->publishable, daily->value), "primary",
		primary_json(daily), "iaqi", iaqi_json(daily), "primary_rt", primary_json(realtime),
		"iaqi_rt", iaqi_json(realtime)));
}

char *payload_replay_condition(const struct replay_condition *condition)
{
	return payload_finish(json_pack(
		"{s:s, s:s, s:o, s:o}", "type", "condition", "level", level_name(condition->level),
		"from", payload_hour(condition->from), "to", payload_hour(condition->to)));
}

char *payload_replay_event(const struct replay_event *replayed)
{
	const struct event *event = &replayed->event;
	return payload_finish(json_pack(
		"{s:s, s:s, s:s, s:o, s:o, s:o, s:s, s:o}", "type", "event", "event",
		event_name(event->kind), "about", "advice", "level", level_json(event->level),
		"hour", payload_hour(event->hour), "onset", payload_hour(event->onset), "basis",
		basis_name(event->basis), "episode", payload_hour(event->episode)));
}
