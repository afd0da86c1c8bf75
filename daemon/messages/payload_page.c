/* SPDX-License-Identifier: MIT */
#include "payload_page.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "payload_json.h"
#include "text.h"

/* ---- history ---- */

static bool has_hour(const struct page_history *history, int hour, int pollutant)
{
	return history->values[hour].valid & (1u << pollutant);
}

static json_t *means_json(const struct page_history *history, int pollutant)
{
	const struct pollutant_info *info = pollutant_info((enum pollutant)pollutant);
	json_t *list = json_array();
	for (int i = 0; i < history->n; i++)
		json_array_append_new(
			list, has_hour(history, i, pollutant)
				      ? payload_concentration(history->values[i].milli[pollutant],
							      info->report_milli)
				      : json_null());
	return list;
}

static json_t *iaqis_json(const struct page_history *history, int pollutant)
{
	json_t *list = json_array();
	for (int i = 0; i < history->n; i++) {
		int32_t iaqi = history->realtime[i].iaqi[pollutant];
		json_array_append_new(list, iaqi == IAQI_NONE ? json_null() : json_integer(iaqi));
	}
	return list;
}

static json_t *indices_json(const struct aqi *aqis, int n, bool for_plan)
{
	json_t *list = json_array();
	for (int i = 0; i < n; i++) {
		bool known = for_plan ? aqis[i].known : aqis[i].publishable;
		json_array_append_new(list, known ? json_integer(aqis[i].value) : json_null());
	}
	return list;
}

/* The bands of the index, the lowest first. */
static json_t *categories_json(const struct edition *edition)
{
	json_t *list = json_array();
	for (int i = 0; i < edition->n_categories; i++) {
		const struct category *category = &edition->categories[i];
		json_array_append_new(list,
				      json_pack("{s:i, s:o, s:s*}", "upto", category->upto, "name",
						payload_both(category->name_zh, category->name_en),
						"rgb", category->rgb));
	}
	return list;
}

char *payload_history(const struct payload_head *head, const struct page_history *history)
{
	json_t *json = payload_begin(head), *hourly = json_object(), *iaqi = json_object();
	pollutant_set monitored = head->conf->station.scope.monitored;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		const struct pollutant_info *info = pollutant_info((enum pollutant)p);
		if (!(monitored & (1u << p)))
			continue;
		json_object_set_new(hourly, info->field, means_json(history, p));
		json_object_set_new(iaqi, info->key, iaqis_json(history, p));
	}
	json_object_set_new(json, "edition", json_string(head->conf->edition.id));
	json_object_set_new(json, "categories", categories_json(&head->conf->edition));
	json_object_set_new(json, "monitored", payload_pollutants(monitored));
	json_object_set_new(json, "first", payload_hour(history->newest - history->n + 1));
	json_object_set_new(json, "hour", payload_hour(history->newest));
	json_object_set_new(json, "hourly", hourly);
	json_object_set_new(json, "iaqi", iaqi);
	json_object_set_new(json, "realtime", indices_json(history->realtime, history->n, false));
	json_object_set_new(json, "daily", indices_json(history->daily, history->n, false));
	json_object_set_new(json, "daily_plan", indices_json(history->daily, history->n, true));
	return payload_finish(json);
}

/* ---- forecast ---- */

static json_t *thousandths_json(int32_t milli)
{
	if (milli == TIMELINE_UNKNOWN)
		return json_null();
	return milli % AQI_MILLI == 0 ? json_integer(milli / AQI_MILLI)
				      : json_real((double)milli / AQI_MILLI);
}

/* The place of an issue among the sources that are told; null: nobody speaks of the hour. */
static json_t *place_json(const struct timeline *timeline, const struct forecasts *forecasts,
			  int issue)
{
	for (int i = 0, place = 0; issue > 0 && i < forecasts->n; i++) {
		if (strcmp(forecasts->of[i].source, timeline->issues[issue - 1].source) == 0)
			return json_integer(place);
		place += forecast_reaches(&forecasts->of[i], timeline->now);
	}
	return json_null();
}

/* Those that are over are no news. */
static json_t *sources_json(const struct payload_head *head, const struct forecasts *forecasts,
			    int64_t now)
{
	json_t *sources = json_array();
	for (int i = 0; i < forecasts->n; i++) {
		if (forecast_reaches(&forecasts->of[i], now))
			json_array_append_new(
				sources, payload_forecast(&forecasts->of[i], head->time_ms,
							  head->conf->plan.forecast_max_age_h));
	}
	return sources;
}

static void add_hours_ahead(json_t *json, const struct timeline *timeline,
			    const struct forecasts *forecasts)
{
	json_t *daily = json_array(), *realtime = json_array(), *source = json_array();
	for (int i = timeline->past; i < timeline->past + timeline->ahead; i++) {
		const struct timeline_hour *hour = &timeline->hours[i];
		json_array_append_new(daily, thousandths_json(hour->daily_milli));
		json_array_append_new(realtime, thousandths_json(hour->realtime_milli));
		json_array_append_new(source, place_json(timeline, forecasts, hour->issue));
	}
	json_object_set_new(json, "daily_plan", daily);
	json_object_set_new(json, "realtime", realtime);
	json_object_set_new(json, "source", source);
}

char *payload_ahead(const struct payload_head *head, const struct timeline *timeline,
		    const struct forecasts *forecasts)
{
	json_t *json = payload_begin(head);
	json_object_set_new(json, "plan", json_string(head->conf->plan.id));
	json_object_set_new(json, "edition", json_string(head->conf->edition.id));
	json_object_set_new(json, "hour", payload_hour(timeline->now));
	json_object_set_new(json, "sources", sources_json(head, forecasts, timeline->now));
	add_hours_ahead(json, timeline, forecasts);
	return payload_finish(json);
}

/* ---- events ---- */

/* What a page shows of an event. */
static const char *const event_keys[] = {"number",      "time", "event",    "about",
					 "level",       "rank", "response", "level_before",
					 "rank_before", "hour", "onset",    "reason"};
static const char *const text_keys[] = {"text_zh", "text_en"};

static json_t *event_json(const json_t *message)
{
	json_t *json = json_object();
	for (size_t i = 0; i < sizeof(event_keys) / sizeof(*event_keys); i++) {
		json_t *value = json_object_get(message, event_keys[i]);
		if (value)
			json_object_set(json, event_keys[i], value);
	}
	return json;
}

/* Its texts without the measures, which stand in `warning`. */
static void add_texts(json_t *json, const json_t *message)
{
	for (size_t i = 0; i < sizeof(text_keys) / sizeof(*text_keys); i++) {
		const char *whole = json_string_value(json_object_get(message, text_keys[i]));
		char *text = whole ? strdup(whole) : NULL;
		if (text) {
			text_cut_measures(text);
			json_object_set_new(json, text_keys[i], json_string(text));
		}
		free(text);
	}
}

static size_t length_of(json_t *json)
{
	return json_dumpb(json, NULL, 0, JSON_COMPACT);
}

/* The newest keep their texts as far as there is room. */
static void fill_events(json_t *json, json_t *list, json_t *const messages[], int n)
{
	for (int i = 0; i < n; i++) {
		json_t *event = json_array_get(list, (size_t)i);
		add_texts(event, messages[i]);
		if (length_of(json) <= PAGE_MAX)
			continue;
		for (size_t t = 0; t < sizeof(text_keys) / sizeof(*text_keys); t++)
			json_object_del(event, text_keys[t]);
		return;
	}
}

char *payload_events(const struct payload_head *head, const struct page_events *events)
{
	json_t *json = payload_begin(head), *list = json_array(), *messages[PAGE_EVENTS];
	int n = 0;
	json_object_set_new(json, "events", list);
	for (int i = 0; i < events->n; i++) {
		json_t *message = json_loads(events->messages[i], 0, NULL);
		if (!message)
			continue; /* a row of long ago, before they were kept whole */
		json_array_append_new(list, event_json(message));
		messages[n++] = message;
	}
	fill_events(json, list, messages, n);
	for (int i = 0; i < n; i++)
		json_decref(messages[i]);
	return payload_finish(json);
}

/* ---- roster ---- */

#define ROSTER_HEAD 1024 /* bytes kept for what stands before the sources */

struct roster_draft {
	json_t *sources;
	size_t bytes;
};

struct roster_draft *roster_draft_new(void)
{
	struct roster_draft *draft = calloc(1, sizeof(*draft));
	if (draft)
		draft->sources = json_object();
	return draft;
}

struct roster_draft *roster_draft_free(struct roster_draft *draft)
{
	if (draft)
		json_decref(draft->sources);
	free(draft);
	return NULL;
}

bool roster_draft_add(struct roster_draft *draft, const char *id, const char *name,
		      const char *kind, const char *keeper)
{
	json_t *json = json_pack("{s:o, s:s, s:o}", "name", payload_text_or_null(name), "kind",
				 kind, "keeper", payload_text_or_null(keeper));
	size_t bytes = length_of(json) + strlen(id) + strlen("\"\":,");
	if (draft->bytes > 0 && draft->bytes + bytes > PAGE_MAX - ROSTER_HEAD) {
		json_decref(json);
		return false;
	}
	draft->bytes += bytes;
	json_object_set_new(draft->sources, id, json);
	return true;
}

char *payload_roster(const struct payload_head *head, const struct roster_draft *draft,
		     int64_t list, int page, bool more)
{
	json_t *json = payload_begin(head);
	json_object_set_new(json, "list", json_integer(list));
	json_object_set_new(json, "page", json_integer(page));
	json_object_set_new(json, "more", json_boolean(more));
	json_object_set(json, "sources", draft->sources);
	return payload_finish(json);
}
