/* SPDX-License-Identifier: MIT */
/* What is measured beside the pollutants: the topic aux, and the minute in reading. */
#include "payload_json.h"

/* As it is published; a direction that rounds to 360 degrees is one of 0. */
static json_t *value_of(const struct auxiliary_mean *mean)
{
	if (!mean->known)
		return json_null();
	if (mean->auxiliary == AUXILIARY_WIND_DIRECTION)
		return json_integer(round_half_even(mean->milli, 1000) % 360);
	return payload_concentration(mean->milli, auxiliary_info(mean->auxiliary)->report_milli);
}

static void add_mean(json_t *json, const char *values, const struct auxiliary_mean *mean)
{
	const struct auxiliary_info *info = auxiliary_info(mean->auxiliary);
	const char letter[2] = {(char)mean->quality, '\0'};
	json_object_set_new(json_object_get(json, values), info->field, value_of(mean));
	json_object_set_new(json_object_get(json, "quality"), info->key, json_string(letter));
	if (mean->why != WHY_NONE)
		json_object_set_new(json_object_get(json, "why"), info->key,
				    json_string(why_name(mean->why)));
	if (mean->auxiliary == AUXILIARY_WIND_DIRECTION)
		json_object_set_new(json, "calm", json_boolean(mean->calm));
}

static void add_means(json_t *json, const char *values, const struct auxiliary_mean *means, int n)
{
	json_object_set_new(json, values, json_object());
	json_object_set_new(json, "quality", json_object());
	json_object_set_new(json, "why", json_object());
	for (int i = 0; i < n; i++)
		add_mean(json, values, &means[i]);
}

json_t *payload_auxiliary_minute(const struct minute_report *report)
{
	json_t *json = json_object();
	add_means(json, "values", report->auxiliaries, report->n_auxiliaries);
	return json;
}

char *payload_auxiliary(const struct payload_head *head, const struct auxiliary_report *report)
{
	json_t *json = payload_begin(head);
	int32_t rev = 0;
	for (int i = 0; i < report->n; i++)
		rev = report->means[i].rev > rev ? report->means[i].rev : rev;
	json_object_set_new(json, "hour", payload_hour(report->hour));
	json_object_set_new(json, "rev", json_integer(rev));
	add_means(json, "hourly", report->means, report->n);
	return payload_finish(json);
}
