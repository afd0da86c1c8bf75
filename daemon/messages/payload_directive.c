/* SPDX-License-Identifier: MIT */
/* What the city ordered, as pieces of messages; what of it binds. */
#include <string.h>

#include "payload_json.h"

#define NOT_PUBLISHED "not yet published"

json_t *payload_directive(const struct plan *plan, const struct timetable_entry *entry,
			  const struct word_details *details)
{
	if (!entry)
		return json_null();
	json_t *json = json_pack(
		"{s:I, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "number",
		(json_int_t)entry->number, "id", entry->id, "level", level_name(plan, entry->level),
		"start", payload_time(entry->start_ms), "planned_end",
		payload_time_or_null(entry->planned_end_ms), "area",
		details ? payload_text_or_null(details->area) : json_null(), "reason",
		!details ? json_null() : json_string(details->regional ? "regional" : "local"),
		"document", payload_text_or_null(entry->document), "issuer",
		payload_text_or_null(entry->issuer), "said", payload_time_or_null(entry->said_ms),
		"released", entry->released);
	payload_add_rank(json, plan, entry->level);
	return json;
}

json_t *payload_begun(const struct plan *plan, const struct timetable_entry *entry,
		      const struct word_details *details)
{
	json_t *json = payload_directive(plan, entry, details);
	if (!entry)
		return json;
	json_object_set_new(json, "effective",
			    entry->turn != 0 ? payload_time(entry->effective_ms) : json_null());
	json_object_set_new(json, "overdue", json_boolean(entry->overdue));
	return json;
}

json_t *payload_in_force(const struct plan *plan, const struct advice_report *report)
{
	const struct timetable_entry *entry = report_in_force(report);
	return payload_begun(plan, entry, entry ? report_details(report, entry->number) : NULL);
}

/* Of those that have a place in the timetable: one that was passed over or only withdrew has none.
 */
static const struct timetable_entry *find_newest(const struct timetable *timetable)
{
	const struct timetable_entry *newest = timetable_last(timetable);
	for (int i = 0; i < timetable->n_begun; i++) {
		if (timetable->begun[i].number > newest->number)
			newest = &timetable->begun[i];
	}
	for (int i = 0; i < timetable->n_pending; i++) {
		if (!newest || timetable->pending[i].number > newest->number)
			newest = &timetable->pending[i];
	}
	return newest;
}

json_t *payload_newest(const struct plan *plan, const struct advice_report *report)
{
	const struct timetable_entry *newest =
		report->timetable ? find_newest(report->timetable) : NULL;
	return payload_begun(plan, newest, newest ? report_details(report, newest->number) : NULL);
}

/* Without their areas, which stand in their events: fifteen of them would not fit into a packet. */
json_t *payload_pending(const struct plan *plan, const struct advice_report *report)
{
	const struct timetable *timetable = report->timetable;
	json_t *list = json_array();
	for (int i = 0; timetable && i < timetable->n_pending; i++) {
		const struct timetable_entry *entry = &timetable->pending[i];
		json_t *json =
			payload_directive(plan, entry, report_details(report, entry->number));
		json_object_del(json, "area");
		json_array_append_new(list, json);
	}
	return list;
}

json_t *payload_refused(const struct advice_report *report)
{
	const struct timetable *timetable = report->timetable;
	json_t *list = json_array();
	for (int i = 0; timetable && i < timetable->n_refused; i++) {
		const struct timetable_refused *refused = &timetable->refused[i];
		json_array_append_new(list, json_pack("{s:o, s:o, s:s, s:o}", "id",
						      payload_text_or_null(refused->id), "issuer",
						      payload_text_or_null(refused->issuer), "why",
						      refusal_name(refused->why), "time",
						      payload_time(refused->at_ms)));
	}
	return list;
}

json_t *payload_too_late(const struct word_answer *answer)
{
	json_t *list = json_array();
	for (int i = 0; answer && i < answer->n_too_late; i++)
		json_array_append_new(list, json_string(answer->too_late[i]));
	return list;
}

void payload_add_published(json_t *json, const struct binding_report *binding)
{
	json_object_set_new(json, "released", json_boolean(binding->released));
	json_object_set_new(json, "slip", payload_text(binding->slip));
	json_object_set_new(json, "lifted",
			    payload_text(binding->outlives_lift ? NOT_PUBLISHED : NULL));
}

json_t *payload_binding(const struct conf *conf, const struct advice_report *report)
{
	const struct binding_report binding = report_binding(conf, report);
	bool by_release = conf->binding_from == BINDING_FROM_RELEASE;
	json_t *json =
		json_pack("{s:s, s:s, s:o}", "from", by_release ? "release" : "directive", "level",
			  level_name(&conf->plan, binding.level), "directive",
			  binding.directive != 0 ? json_integer(binding.directive) : json_null());
	payload_add_rank(json, &conf->plan, binding.level);
	payload_add_published(json, &binding);
	return json;
}
