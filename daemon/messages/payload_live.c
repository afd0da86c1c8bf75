/* SPDX-License-Identifier: MIT */
#include "payload_live.h"

#include "payload_json.h"

#define AGE_STEP_MS 100

static json_t *value_or_null(const struct sample *sample)
{
	bool has = sample->quality == QUALITY_NORMAL || sample->why == WHY_OVER_RANGE;
	return has ? json_real(sample->value_milli / 1000.0) : json_null();
}

/* What a channel said last, before anybody knows what time it is; `at`: its place in the report. */
static json_t *reading_json(const struct live_report *report, const struct channel_conf *channel,
			    int at)
{
	const struct sample *sample = &report->newest[at];
	const char quality[2] = {(char)sample->quality, '\0'};
	bool pollutant = channel->auxiliary == AUXILIARY_NONE;
	json_t *json = json_pack("{s:s, s:s, s:s, s:s}", "channel", channel->id, "pollutant",
				 pollutant ? pollutant_info(channel->pollutant)->key
					   : auxiliary_info(channel->auxiliary)->key,
				 "unit",
				 pollutant ? pollutant_info(channel->pollutant)->unit
					   : auxiliary_info(channel->auxiliary)->unit,
				 "busy", why_name(report->busy[at]));
	json_object_set_new(json, "value", value_or_null(sample));
	json_object_set_new(json, "quality", payload_text_or_null(quality));
	json_object_set_new(json, "why", json_string(why_name(sample->why)));
	json_object_set_new(json, "age_s",
			    sample->quality ? payload_age(report->station_ms - sample->at_ms)
					    : json_null());
	return json;
}

static json_t *readings_json(const struct live_report *report)
{
	json_t *list = json_array();
	for (int c = 0; c < report->conf->n_channels; c++)
		json_array_append_new(list, reading_json(report, &report->conf->channels[c], c));
	return list;
}

static json_t *auxiliaries_json(const struct live_report *report)
{
	const struct conf *conf = report->conf;
	json_t *list = json_array();
	for (int i = 0; i < conf->n_auxiliaries; i++)
		json_array_append_new(
			list, reading_json(report, &conf->channels[conf_first_auxiliary(conf) + i],
					   conf->n_channels + i));
	return list;
}

json_t *payload_age(int64_t ms)
{
	return json_real((double)(ms > 0 ? ms / AGE_STEP_MS * AGE_STEP_MS : 0) / 1000);
}

char *payload_live(const struct live_report *report)
{
	json_t *json = json_pack(
		"{s:o, s:o, s:s, s:s, s:o, s:{s:s, s:o}, s:{s:b, s:o, s:o}, s:{s:b, s:I, s:I, "
		"s:I}}",
		"readings", readings_json(report), "platforms",
		payload_platforms(report->conf, report->platforms), "station", report->station,
		"version", HAZEWATCH_VERSION, "since", payload_time_or_null(report->since_ms),
		"clock", "state", report->clock, "until",
		payload_time_or_null(report->clock_until_ms), "broker", "connected",
		report->connected, "since", payload_time_or_null(report->broker_since_ms), "why",
		payload_text(report->broker_why), "store", "volatile", report->is_volatile,
		"waiting", (json_int_t)report->waiting, "lost", (json_int_t)report->lost,
		"bad_rows", (json_int_t)report->bad_rows);
	if (report->conf->n_auxiliaries > 0)
		json_object_set_new(json, "auxiliary", auxiliaries_json(report));
	return payload_finish(json);
}
