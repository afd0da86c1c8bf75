/* SPDX-License-Identifier: MIT */
/* The published objects -> values of a status. */
#include <string.h>

#include "hour.h"
#include "payload_pieces.h"
#include "payload_status.h"
#include "words.h"

static struct status_directive read_directive(const struct plan *plan, const json_t *json)
{
	struct status_directive ret = {
		.level = piece_level(plan, json, "level"),
		.said_ms = piece_time(json, "said"),
		.start_ms = piece_time(json, "start"),
		.effective_ms = piece_time(json, "effective"),
		.planned_end_ms = piece_time(json, "planned_end"),
		.overdue = piece_flag(json, "overdue"),
		.released = piece_flag(json, "released"),
	};
	piece_copy(json, "document", ret.document, sizeof(ret.document));
	return ret;
}

static void read_parts(const json_t *list, struct status_warning *ret)
{
	const json_t *part;
	size_t i;
	json_array_foreach(list, i, part)
	{
		if (ret->n_parts == PLAN_PARTS_MAX)
			return;
		bool at_least = json_object_get(part, "at_least") != NULL;
		ret->parts[ret->n_parts++] = (struct status_part_progress){
			.daily = strcmp(piece_text(part, "index"), "daily_aqi") == 0,
			.at_least = at_least,
			.threshold = piece_int(part, at_least ? "at_least" : "above", 0),
			.hours = piece_int(part, "hours", 0),
			.for_h = piece_int(part, "for_h", 0)};
	}
}

static void read_outlook(const json_t *level, enum status_outlook *ret, int32_t *ret_in_h)
{
	const json_t *condition;
	size_t i;
	const char *met = piece_text(level, "met");
	*ret = strcmp(met, "unknown") == 0 ? OUTLOOK_UNKNOWN : OUTLOOK_NO;
	json_array_foreach(json_object_get(level, "conditions"), i, condition)
	{
		int32_t in_h = piece_int(condition, "in_h_if_this_goes_on", NOT_SO);
		if (in_h == NOT_SO || (*ret == OUTLOOK_IN && in_h >= *ret_in_h))
			continue;
		*ret = OUTLOOK_IN;
		*ret_in_h = in_h;
	}
	if (strcmp(met, "yes") == 0 || (*ret == OUTLOOK_IN && *ret_in_h == 0))
		*ret = OUTLOOK_MET;
}

static void read_advice(const struct plan *plan, const json_t *json, struct status_warning *ret)
{
	static const char *const bases[] = {"observed", "forecast", "forecast_aqi", NULL};
	const json_t *evidence = json_object_get(json, "evidence");
	const json_t *outlook = json_object_get(json, "outlook");
	ret->advice = piece_level(plan, json, "level");
	ret->since_ms = piece_time(json, "since");
	if (piece_flag(json, "held_for_want_of_data"))
		ret->hold = REASON_INSUFFICIENT_DATA;
	event_reason_parse(piece_text(json, "hold_reason"), &ret->hold);
	ret->computing = strcmp(piece_text(json, "state"), "computing") == 0;
	ret->dust = piece_flag(json, "dust");
	ret->basis = (enum basis)piece_word(json, "basis", bases, BASIS_OBSERVED);
	ret->possible = piece_level(plan, json, "possible_level");
	ret->run_max = piece_int(evidence, "run_max_aqi", 0);
	read_parts(json_object_get(evidence, "parts"), ret);
	for (int l = 1; l <= plan->n_levels; l++)
		read_outlook(json_object_get(outlook, level_name(plan, l)), &ret->outlook[l],
			     &ret->in_h[l]);
}

static void read_chance(const json_t *chance, struct status_warning *ret)
{
	if (piece_flag(chance, "shown"))
		piece_copy(chance, words_are_chinese() ? "text_zh" : "text_en", ret->chance,
			   sizeof(ret->chance));
}

static bool read_value(const json_t *values, int pollutant, double *ret)
{
	const json_t *value =
		json_object_get(values, pollutant_info((enum pollutant)pollutant)->field);
	*ret = json_number_value(value);
	return json_is_number(value);
}

static void read_over_ranges(const struct plan *plan, const json_t *list,
			     struct status_warning *ret)
{
	const json_t *item;
	size_t i;
	json_array_foreach(list, i, item)
	{
		struct status_over_range *over = &ret->over[ret->n_over];
		if (ret->n_over == POLLUTANT_COUNT ||
		    !pollutant_parse(piece_text(item, "pollutant"), &over->pollutant))
			continue;
		read_value(json_object_get(item, "at_least"), (int)over->pollutant,
			   &over->at_least);
		over->would_call_for = piece_level(plan, item, "would_call_for");
		ret->n_over++;
	}
}

void payload_read_warning(const struct conf *conf, const char *text, struct status_warning *ret)
{
	const struct plan *plan = &conf->plan;
	json_t *json = piece_object(text);
	const json_t *in_force = json_object_get(json, "in_force"), *entry;
	const json_t *binding = json_object_get(json, "binding");
	size_t i;
	*ret = (struct status_warning){.known = json != NULL};
	ret->in_force_any = json_is_object(in_force);
	ret->in_force = read_directive(plan, in_force);
	json_array_foreach(json_object_get(json, "pending"), i, entry)
	{
		if (ret->n_pending < TIMETABLE_PENDING_MAX)
			ret->pending[ret->n_pending++] = read_directive(plan, entry);
	}
	ret->newest = read_directive(plan, json_object_get(json, "directive"));
	piece_copy(json_object_get(json, "summary_due"), "date", ret->report_due,
		   sizeof(ret->report_due));
	ret->binding_level = piece_level(plan, binding, "level");
	ret->binding_from_release = strcmp(piece_text(binding, "from"), "release") == 0;
	ret->lifted_unpublished = piece_text(binding, "lifted")[0] != '\0';
	read_advice(plan, json_object_get(json, "advice"), ret);
	read_over_ranges(plan, json_object_get(json_object_get(json, "advice"), "over_range"), ret);
	read_chance(json_object_get(json, "outlook_24h"), ret);
	json_decref(json);
}

static pollutant_set read_pollutants(const json_t *list)
{
	pollutant_set set = 0;
	const json_t *key;
	size_t i;
	json_array_foreach(list, i, key)
	{
		enum pollutant pollutant;
		if (json_is_string(key) && pollutant_parse(json_string_value(key), &pollutant))
			set |= 1u << pollutant;
	}
	return set;
}

static void read_index(const json_t *json, struct status_index *ret)
{
	const json_t *iaqi = json_object_get(json, "iaqi");
	ret->published = json_is_integer(json_object_get(json, "aqi"));
	ret->known = json_is_integer(json_object_get(json, "aqi_plan"));
	ret->value = piece_int(json, ret->known ? "aqi_plan" : "aqi", 0);
	ret->primary = read_pollutants(json_object_get(json, "primary"));
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		ret->iaqi[p] = piece_int(iaqi, pollutant_info((enum pollutant)p)->key, IAQI_NONE);
}

void payload_read_aqi(const char *text, struct status_aqi *ret)
{
	json_t *json = piece_object(text);
	const json_t *daily = json_object_get(json, "daily"), *why = json_object_get(json, "why");
	*ret = (struct status_aqi){.known = json != NULL};
	ret->hour = piece_time(json, "hour") / HOUR_MS;
	ret->rev = piece_int(json, "rev", 0);
	read_index(json_object_get(json, "realtime"), &ret->realtime);
	read_index(daily, &ret->daily);
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		const char *key = pollutant_info((enum pollutant)p)->key;
		ret->has_hourly[p] =
			read_value(json_object_get(json, "hourly"), p, &ret->hourly[p]);
		ret->has_mean[p] = read_value(json_object_get(daily, "means"), p, &ret->mean[p]);
		ret->hours[p] = piece_int(json_object_get(daily, "valid_hours"), key, 0);
		piece_copy(why, key, ret->why[p], sizeof(ret->why[p]));
	}
	json_decref(json);
}

void payload_read_auxiliaries(const char *text, struct status_auxiliaries *ret)
{
	json_t *json = piece_object(text);
	const json_t *hourly = json_object_get(json, "hourly");
	*ret = (struct status_auxiliaries){.hour = piece_time(json, "hour") / HOUR_MS,
					   .calm = piece_flag(json, "calm")};
	for (int i = AUXILIARY_NONE + 1; i < AUXILIARY_COUNT; i++) {
		const json_t *value =
			json_object_get(hourly, auxiliary_info((enum auxiliary)i)->field);
		ret->means[i] =
			(struct status_mean){json_is_number(value), json_number_value(value)};
	}
	json_decref(json);
}
