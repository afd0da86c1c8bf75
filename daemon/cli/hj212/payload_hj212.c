/* SPDX-License-Identifier: MIT */
#include "payload_hj212.h"

#include <stdio.h>

#include "payload_json.h"

static json_t *crc_json(uint16_t crc)
{
	char text[5];
	snprintf(text, sizeof(text), "%04X", crc);
	return json_string(text);
}

static json_t *causes_json(const struct hj212_event *event)
{
	const char *causes[HJ212_CAUSES_MAX];
	int n = hj212_causes(event, causes);
	json_t *list = json_array();
	for (int i = 0; i < n; i++)
		json_array_append_new(list, json_string(causes[i]));
	return list;
}

static json_t *oddities_json(const struct explained *explained)
{
	json_t *list = json_array();
	for (int bit = 0; bit < EXPLAIN_ODDITIES; bit++) {
		if (explained->oddities & 1u << bit)
			json_array_append_new(list, json_string(explain_oddity_name(bit)));
	}
	return list;
}

static json_t *text_json(const struct explained *explained, struct hj212_text text)
{
	char shown[EXPLAIN_VALUE_MAX];
	return json_string(explain_text(explained, text, shown));
}

static json_t *item_json(const struct explained *explained, const struct hj212_item *item)
{
	char value[EXPLAIN_VALUE_MAX];
	json_t *json = json_object();
	json_object_set_new(json, "key",
			    item->equals ? text_json(explained, item->key) : json_null());
	json_object_set_new(json, "value", json_string(explain_value(explained, item, value)));
	return json;
}

static void add_factor(json_t *json, const struct hj212_factor *factor)
{
	json_object_set_new(json, "name_zh", json_string(factor->zh));
	json_object_set_new(json, "name_en", json_string(factor->en));
	json_object_set_new(json, "unit", payload_text_or_null(factor->unit));
	json_object_set_new(
		json, "pollutant",
		factor->pollutant < 0
			? json_null()
			: json_string(pollutant_info((enum pollutant)factor->pollutant)->key));
}

static json_t *field_json(const struct explained *explained, const struct hj212_item *item)
{
	struct explained_field field = explain_field(explained, item);
	json_t *json = item_json(explained, item);
	char letter[] = {(char)field.quality, '\0'};
	if (field.code.n > 0) {
		json_object_set_new(json, "code", text_json(explained, field.code));
		json_object_set_new(json, "known", json_boolean(field.factor != NULL));
	}
	if (field.factor)
		add_factor(json, field.factor);
	if (field.other_case)
		json_object_set_new(json, "other_case", json_true());
	if (field.is_flag)
		json_object_set_new(json, "quality",
				    field.flag_known ? json_string(letter) : json_null());
	return json;
}

static json_t *fields_json(const struct explained *explained)
{
	json_t *list = json_array();
	for (int i = 0; i < explained->segment.n_items; i++) {
		const struct hj212_item *item = &explained->segment.items[i];
		if (item->equals || item->key.n > 0)
			json_array_append_new(list, field_json(explained, item));
	}
	return list;
}

static json_t *head_json(const struct explained *explained)
{
	json_t *list = json_array();
	for (int i = 0; i < explained->segment.n_head; i++) {
		const struct hj212_item *item = &explained->segment.head[i];
		if (item->equals || item->key.n > 0)
			json_array_append_new(list, item_json(explained, item));
	}
	return list;
}

/* Of an hour or a day the end, by which hazewatch names it. */
static void add_times(json_t *json, const struct explained *explained)
{
	if (!explained->time)
		return;
	json_object_set_new(json, "start", payload_time(explained->start_ms));
	if (explained->period_ms > 0)
		json_object_set_new(json, "end", payload_time(explained->end_ms));
}

char *payload_hj212_frame(const struct explained *explained, long number)
{
	const struct hj212_event *event = explained->event;
	bool right = event->kind == HJ212_FRAME;
	json_t *json = json_pack(
		"{s:s, s:I, s:I, s:I, s:s, s:o, s:i, s:I, s:o, s:o, s:b, s:b}", "type", "frame",
		"frame", (json_int_t)number, "byte", (json_int_t)event->offset, "skipped",
		(json_int_t)event->skipped, "verdict", right ? "right" : "refused", "causes",
		causes_json(event), "length_said", event->declared, "length", (json_int_t)event->n,
		"crc_said", crc_json(event->crc), "crc", crc_json(event->right), "enciphered",
		event->enciphered, "readable", explained->readable);
	if (explained->readable) {
		json_object_set_new(json, "oddities", oddities_json(explained));
		json_object_set_new(json, "head", head_json(explained));
		add_times(json, explained);
		json_object_set_new(json, "fields", fields_json(explained));
	}
	return payload_finish(json);
}

char *payload_hj212_counts(const struct hj212_counts *counts)
{
	return payload_finish(json_pack(
		"{s:s, s:I, s:I, s:I}", "type", "counts", "right", (json_int_t)counts->frames,
		"refused", (json_int_t)counts->refused, "other_bytes", (json_int_t)counts->other));
}
