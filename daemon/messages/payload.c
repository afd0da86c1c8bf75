/* SPDX-License-Identifier: MIT */
#include "payload.h"

#include <stdio.h>

#include "clock.h"
#include "payload_json.h"

void payload_prefix(const struct conf *conf, char ret[PAYLOAD_PREFIX_MAX])
{
	snprintf(ret, PAYLOAD_PREFIX_MAX, "%s/1/%s/%s/",
		 conf->exercise ? "hazewatch-exercise" : "hazewatch", conf->station.area,
		 conf->station.id);
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
