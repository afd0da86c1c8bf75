/* SPDX-License-Identifier: MIT */
#include "payload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "payload_json.h"
#include "time_text.h"

#define PRECISION 12 /* significant digits: a concentration in thousandths prints as it is */

void payload_prefix(const struct conf *conf, char ret[PAYLOAD_PREFIX_MAX])
{
	snprintf(ret, PAYLOAD_PREFIX_MAX, "%s/1/%s/%s/",
		 conf->exercise ? "hazewatch-exercise" : "hazewatch", conf->station.area,
		 conf->station.id);
}

json_t *payload_text(const char *text)
{
	return text ? json_string(text) : json_null();
}

json_t *payload_time(int64_t wall_ms)
{
	char text[TIME_TEXT_SIZE];
	return json_string(time_text(wall_ms, text));
}

json_t *payload_time_or_null(int64_t wall_ms)
{
	return wall_ms == 0 ? json_null() : payload_time(wall_ms);
}

json_t *payload_text_or_null(const char *text)
{
	return text[0] == '\0' ? json_null() : json_string(text);
}

/* An END label; 0 is none. */
json_t *payload_hour(int64_t hour)
{
	return hour == 0 ? json_null() : payload_time(hour * HOUR_MS);
}

json_t *payload_kg(int64_t grams)
{
	return grams == CUT_UNSAID ? json_null() : json_real((double)grams / 1000);
}

json_t *payload_both(const char *zh, const char *en)
{
	return json_pack("{s:s*, s:s*}", "zh", zh, "en", en);
}

static json_t *station_json(const struct station_conf *station)
{
	json_t *json =
		json_pack("{s:s, s:s, s:s, s:s, s:s*, s:s*}", "id", station->id, "name_zh",
			  station->name_zh, "name_en", station->name_en, "area", station->area,
			  "national_code", station->national_code, "mn", station->mn);
	if (json && station->lng && station->lat) {
		json_object_set_new(json, "lng", json_real(strtod(station->lng, NULL)));
		json_object_set_new(json, "lat", json_real(strtod(station->lat, NULL)));
	}
	return json;
}

json_t *payload_begin(const struct payload_head *head)
{
	json_t *json = json_pack(
		"{s:s, s:o, s:s, s:o, s:b}", "id", head->id, "time", payload_time(head->time_ms),
		"time_quality", time_quality_name(head->time_quality), "station",
		station_json(&head->conf->station), "exercise", head->conf->exercise);
	if (json && head->seq != 0)
		json_object_set_new(json, "seq", json_integer(head->seq));
	if (json && head->is_volatile)
		json_object_set_new(json, "volatile", json_true());
	return json;
}

/* Writes and releases. */
char *payload_finish(json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(PRECISION));
	json_decref(json);
	return text;
}

json_t *payload_concentration(int64_t milli, int32_t step_milli)
{
	int64_t rounded = round_half_even(milli, step_milli) * step_milli;
	if (step_milli % 1000 == 0)
		return json_integer(rounded / 1000);
	return json_real((double)rounded / 1000);
}

/* An hourly instrument has no minutes. */
static bool has_minutes(const struct payload_head *head, int pollutant)
{
	for (int c = 0; c < head->conf->n_channels; c++) {
		const struct channel_conf *channel = &head->conf->channels[c];
		if ((int)channel->pollutant == pollutant)
			return channel->delivers != DELIVERS_HOURLY;
	}
	return false;
}

static bool is_monitored(const struct payload_head *head, int pollutant)
{
	return head->conf->station.scope.monitored & (1u << pollutant);
}

json_t *payload_pollutants(pollutant_set set)
{
	json_t *list = json_array();
	for (int i = 0; i < POLLUTANT_COUNT; i++) {
		if (set & (1u << i))
			json_array_append_new(list,
					      json_string(pollutant_info((enum pollutant)i)->key));
	}
	return list;
}

static void add_quality(json_t *quality, json_t *reasons, const char *key, enum why why,
			enum quality letter)
{
	const char text[2] = {(char)letter, '\0'};
	json_object_set_new(quality, key, json_string(text));
	if (why != WHY_NONE)
		json_object_set_new(reasons, key, json_string(why_name(why)));
}

char *payload_reading(const struct payload_head *head, const struct minute_report *report)
{
	json_t *json = payload_begin(head), *values = json_object(), *quality = json_object(),
	       *reasons = json_object();
	json_object_set_new(json, "minute", payload_time(report->minute * MINUTE_MS));
	for (int i = 0; i < POLLUTANT_COUNT; i++) {
		const struct pollutant_info *info = pollutant_info((enum pollutant)i);
		int32_t milli;
		if (!has_minutes(head, i))
			continue;
		bool any = minute_mean(&report->sums[i], &milli);
		json_object_set_new(values, info->field,
				    any ? json_real((double)milli / 1000) : json_null());
		enum why why = minute_failure(&report->sums[i]);
		enum quality missing =
			why == WHY_NONE ? QUALITY_NO_COMMUNICATION : why_quality(why);
		add_quality(quality, reasons, info->key, why, any ? QUALITY_NORMAL : missing);
	}
	json_object_set_new(json, "values", values);
	json_object_set_new(json, "quality", quality);
	json_object_set_new(json, "why", reasons);
	if (report->n_auxiliaries > 0)
		json_object_set_new(json, "aux", payload_auxiliary_minute(report));
	return payload_finish(json);
}

static json_t *iaqi_json(const struct payload_head *head, const struct aqi *aqi)
{
	json_t *json = json_object();
	for (int i = 0; i < POLLUTANT_COUNT; i++) {
		if (is_monitored(head, i))
			json_object_set_new(json, pollutant_info((enum pollutant)i)->key,
					    aqi->iaqi[i] == IAQI_NONE ? json_null()
								      : json_integer(aqi->iaqi[i]));
	}
	return json;
}

static void add_category(json_t *json, const struct category *category)
{
	json_object_set_new(json, "category", payload_both(category->name_zh, category->name_en));
	json_object_set_new(json, "colour",
			    json_pack("{s:s*, s:s*, s:s*}", "zh", category->colour_zh, "en",
				      category->colour_en, "rgb", category->rgb));
}

/* What the air does and who should do what: of a closed hour. */
static void add_care(json_t *json, const struct category *category)
{
	json_object_set_new(json, "health", payload_both(category->health_zh, category->health_en));
	json_object_set_new(json, "advice", payload_both(category->advice_zh, category->advice_en));
}

/* aqi is what may be published; aqi_plan is what the plan is held against. */
static json_t *index_json(const struct payload_head *head, const struct aqi *aqi, bool closed)
{
	json_t *json = json_object();
	bool published = aqi->publishable;
	json_object_set_new(json, "aqi", published ? json_integer(aqi->value) : json_null());
	json_object_set_new(json, "aqi_plan", aqi->known ? json_integer(aqi->value) : json_null());
	json_object_set_new(json, "complete", json_boolean(aqi->complete));
	json_object_set_new(json, "iaqi", iaqi_json(head, aqi));
	json_object_set_new(json, "primary", payload_pollutants(published ? aqi->primary : 0));
	if (published)
		add_category(json, &head->conf->edition.categories[aqi->category]);
	if (published && closed)
		add_care(json, &head->conf->edition.categories[aqi->category]);
	return json;
}

static void add_day(json_t *daily, const struct payload_head *head, const struct aqi *aqi)
{
	json_t *hours = json_object(), *means = json_object();
	for (int i = 0; i < POLLUTANT_COUNT; i++) {
		const struct pollutant_info *info = pollutant_info((enum pollutant)i);
		struct mean mean = aqi->means[i];
		if (!is_monitored(head, i))
			continue;
		json_object_set_new(hours, info->key, json_integer(aqi->hours[i]));
		json_object_set_new(
			means, info->field,
			mean.n == 0 ? json_null()
				    : payload_concentration(round_half_even(mean.sum_milli, mean.n),
							    info->report_milli));
	}
	json_object_set_new(daily, "means", means);
	json_object_set_new(daily, "valid_hours", hours);
}

static void add_hour(json_t *json, const struct payload_head *head,
		     const struct hour_report *report)
{
	json_t *values = json_object(), *quality = json_object(), *reasons = json_object();
	for (int i = 0; i < POLLUTANT_COUNT; i++) {
		const struct pollutant_info *info = pollutant_info((enum pollutant)i);
		const struct hour_mean *mean = &report->means[i];
		if (!is_monitored(head, i))
			continue;
		json_object_set_new(
			values, info->field,
			mean->valid ? payload_concentration(mean->mean_milli, info->report_milli)
				    : json_null());
		add_quality(quality, reasons, info->key, mean->why, mean->quality);
	}
	json_object_set_new(json, "hourly", values);
	json_object_set_new(json, "quality", quality);
	json_object_set_new(json, "why", reasons);
}

char *payload_aqi(const struct payload_head *head, const struct hour_report *report)
{
	const struct conf *conf = head->conf;
	json_t *json = payload_begin(head);
	json_object_set_new(json, "hour", payload_hour(report->hour));
	json_object_set_new(json, "edition", json_string(conf->edition.id));
	json_object_set_new(json, "monitored", payload_pollutants(conf->station.scope.monitored));
	bool full = conf->station.scope.monitored == POLLUTANT_ALL;
	json_object_set_new(json, "index_scope", json_string(full ? "full" : "partial"));
	json_object_set_new(json, "provisional", json_boolean(report->provisional));
	json_object_set_new(json, "rev", json_integer(report->rev));
	json_object_set_new(json, "data_status",
			    json_string(report->reviewed ? "reviewed" : "raw"));
	if (report->resent)
		json_object_set_new(json, "resent", json_true());
	add_hour(json, head, report);
	bool closed = !report->provisional;
	json_object_set_new(json, "realtime", index_json(head, &report->realtime, closed));
	json_t *daily = index_json(head, &report->daily, closed);
	add_day(daily, head, &report->daily);
	json_object_set_new(json, "daily", daily);
	json_object_set_new(json, "scope", json_string(payload_scope(conf)));
	if (conf->roster.path && closed)
		payload_add_points(json, conf, report);
	if (report->events_hash)
		json_object_set_new(json, "events_hash", payload_text_or_null(report->events_hash));
	return payload_finish(json);
}

char *payload_state(const struct payload_head *head, bool online, const char *why, const char *boot,
		    int64_t since_ms)
{
	json_t *json = payload_begin(head);
	json_object_set_new(json, "state", json_string(online ? "online" : "offline"));
	json_object_set_new(json, "version", json_string(HAZEWATCH_VERSION));
	json_object_set_new(json, "since", payload_time(since_ms));
	json_object_set_new(json, "why", json_string(why));
	json_object_set_new(json, "boot", json_string(boot));
	return payload_finish(json);
}
