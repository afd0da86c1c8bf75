/* SPDX-License-Identifier: MIT */
/* What is answered to a command; to a directive also what it put in force, left pending, took out
 * and kept. */
#include "payload_json.h"

/* ---- a directive's id by its number ---- */

static const char *find_entry_id(const struct timetable_entry entries[], int n, int64_t number)
{
	for (int i = 0; i < n; i++) {
		if (entries[i].number == number)
			return entries[i].id;
	}
	return NULL;
}

static const char *find_id(const struct judged *judged, int64_t number)
{
	const struct timetable *const both[] = {judged->before, judged->after};
	const char *id = NULL;
	for (int t = 0; t < 2 && !id; t++) {
		id = find_entry_id(both[t]->begun, both[t]->n_begun, number);
		if (!id)
			id = find_entry_id(both[t]->pending, both[t]->n_pending, number);
	}
	for (int i = 0; i < judged->n_words && !id; i++) {
		if (judged->words[i]->answer.number == number)
			id = judged->words[i]->id;
	}
	return id;
}

static json_t *ids_json(const struct judged *judged, const int64_t numbers[], int n)
{
	json_t *list = json_array();
	for (int i = 0; i < n; i++)
		json_array_append_new(list, payload_text(find_id(judged, numbers[i])));
	return list;
}

/* ---- what came of it ---- */

static json_t *in_force_json(const struct plan *plan, const struct timetable *timetable)
{
	const struct timetable_entry *entry = timetable_in_force(timetable);
	if (!entry)
		return json_null();
	json_t *json = json_pack("{s:I, s:s, s:s, s:o}", "number", (json_int_t)entry->number, "id",
				 entry->id, "level", level_name(plan, entry->level), "effective",
				 payload_time(entry->effective_ms));
	payload_add_rank(json, plan, entry->level);
	return json;
}

static json_t *pending_json(const struct plan *plan, const struct timetable *timetable)
{
	json_t *list = json_array();
	for (int i = 0; i < timetable->n_pending; i++) {
		const struct timetable_entry *entry = &timetable->pending[i];
		json_t *json =
			json_pack("{s:I, s:s, s:s, s:o}", "number", (json_int_t)entry->number, "id",
				  entry->id, "level", level_name(plan, entry->level), "start",
				  payload_time(entry->start_ms));
		payload_add_rank(json, plan, entry->level);
		json_array_append_new(list, json);
	}
	return list;
}

static json_t *older_json(const struct word_answer *answer)
{
	if (answer->refusal != REFUSAL_OLDER)
		return json_null();
	return json_pack("{s:I, s:o}", "number", (json_int_t)answer->older_than, "said",
			 payload_time(answer->older_than_ms));
}

static void add_judged(json_t *json, const struct plan *plan, const struct judged *judged)
{
	const struct word_answer *answer = judged->answer;
	json_object_set_new(json, "number",
			    answer->number != 0 ? json_integer(answer->number) : json_null());
	json_object_set_new(json, "in_force_before", in_force_json(plan, judged->before));
	json_object_set_new(json, "in_force_after", in_force_json(plan, judged->after));
	json_object_set_new(json, "pending", pending_json(plan, judged->after));
	json_object_set_new(json, "taken_out",
			    ids_json(judged, answer->taken_out, answer->n_taken_out));
	json_object_set_new(json, "kept", ids_json(judged, answer->kept, answer->n_kept));
	json_object_set_new(json, "too_late", payload_too_late(answer));
	json_object_set_new(json, "passed_over_by",
			    answer->passed_over_by != 0
				    ? payload_text(find_id(judged, answer->passed_over_by))
				    : json_null());
	json_object_set_new(json, "document_was",
			    answer->document_was >= 0 ? payload_level(plan, answer->document_was)
						      : json_null());
	payload_add_rank_of(json, plan, "document_was",
			    answer->document_was >= 0 ? answer->document_was : LEVEL_UNKNOWN);
	json_object_set_new(json, "no_effect", json_boolean(answer->no_effect));
	json_object_set_new(json, "refusal",
			    payload_text(answer->refusal != REFUSAL_NONE
						 ? refusal_name(answer->refusal)
						 : NULL));
	json_object_set_new(json, "older_than", older_json(answer));
}

static json_t *absent_json(const struct absent_hours *absent)
{
	json_t *list = json_array();
	for (int i = 0; i < absent->n; i++)
		json_array_append_new(list, json_pack("{s:o, s:o}", "from",
						      payload_hour(absent->stretches[i].from), "to",
						      payload_hour(absent->stretches[i].to)));
	return list;
}

/* A refusal always says why. */
static json_t *why_json(const struct command_answer *answer)
{
	if (answer->outcome == COMMAND_REFUSED && answer->why[0] == '\0')
		return json_string("the reason is not known any more");
	return payload_text_or_null(answer->why);
}

char *payload_reply(const struct payload_head *head, const struct command *command,
		    const struct command_answer *answer)
{
	const struct plan *plan = &head->conf->plan;
	json_t *json = payload_begin(head);
	json_object_set_new(json, "command", json_string(command->id));
	json_object_set_new(json, "kind", json_string(command_kind_name(command->kind)));
	json_object_set_new(json, "issuer", json_string(command->issuer));
	json_object_set_new(json, "outcome", json_string(command_outcome_name(answer->outcome)));
	json_object_set_new(json, "why", why_json(answer));
	if (command->leapt_from != 0)
		json_object_set_new(json, "counter_before", json_integer(command->leapt_from));
	if (command->in_memory)
		json_object_set_new(json, "volatile", json_true());
	if (answer->judged)
		add_judged(json, plan, answer->judged);
	if (answer->absent)
		json_object_set_new(json, "absent", absent_json(answer->absent));
	if (answer->release)
		json_object_set_new(json, "release", payload_release(plan, answer->release));
	return payload_finish(json);
}
