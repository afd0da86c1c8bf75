/* SPDX-License-Identifier: MIT */
/* A `warning` or an event for a broker whose largest packet it would pass. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "payload_json.h"
#include "text.h"

/* What can be missed first. What else there is is what stands now, and is never left out. */
static const struct part {
	const char *object, *key; /* object NULL: of the message itself */
	const char *name;
} parts[] = {
	{NULL, "measures", "measures"},
	{"advice", "outlook", "advice.outlook"},
	{NULL, "outlook_24h", "outlook_24h"},
	{NULL, NULL, "text.measures"}, /* of both texts */
	{"advice", "evidence", "advice.evidence"},
	{NULL, "evidence", "evidence"},
	{NULL, "refused", "refused"},
	{NULL, "too_late", "too_late"},
	{NULL, "summaries", "summaries"},
	{NULL, "release", "release"},
	{NULL, "directive", "directive"},
	{NULL, "text_en", "text_en"},
	{NULL, "text_zh", "text_zh"},
	{NULL, "approvers", "approvers"},
	{NULL, "approver_required", "approver_required"},
	{NULL, "pending", "pending"}, /* each has its events and an alert of its own */
	{"in_force", "area", "in_force.area"},
};

bool payload_can_be_lean(const char *topic)
{
	return strcmp(topic, "warning") == 0 || strcmp(topic, "warning/event") == 0;
}

/* False if its text names no measures. */
static bool shorten_text(json_t *json, const char *key)
{
	const char *whole = json_string_value(json_object_get(json, key));
	char *text = whole ? strdup(whole) : NULL;
	bool shorter = text && text_cut_measures(text);
	if (shorter)
		json_object_set_new(json, key, json_string(text));
	free(text);
	return shorter;
}

/* False if there is nothing to be missed. */
static bool drop_part(json_t *json, const struct part *part)
{
	if (!part->key) {
		bool zh = shorten_text(json, "text_zh"), en = shorten_text(json, "text_en");
		return zh || en;
	}
	json_t *object = part->object ? json_object_get(json, part->object) : json;
	const json_t *value = json_object_get(object, part->key);
	bool empty = json_is_array(value) && json_array_size(value) == 0;
	if (!value || json_is_null(value) || empty)
		return false;
	/* a directive has each of its keys */
	return part->object && strcmp(part->object, "in_force") == 0
		       ? json_object_set_new(object, part->key, json_null()) == 0
		       : json_object_del(object, part->key) == 0;
}

char *payload_lean(const char *payload, size_t most)
{
	json_t *json = json_loads(payload, 0, NULL), *omitted = json_array();
	char *text = NULL;
	for (size_t i = 0; json && i < sizeof(parts) / sizeof(*parts); i++) {
		if (!drop_part(json, &parts[i]))
			continue;
		json_array_append_new(omitted, json_string(parts[i].name));
		json_object_set(json, "omitted", omitted);
		free(text);
		text = payload_finish(json_incref(json));
		if (text && most > 0 && strlen(text) <= most)
			break;
	}
	json_decref(omitted);
	json_decref(json);
	if (text && (most == 0 || strlen(text) <= most))
		return text;
	free(text);
	return NULL;
}
