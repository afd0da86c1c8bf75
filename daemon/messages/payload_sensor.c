/* SPDX-License-Identifier: MIT */
#include "payload_sensor.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "decode.h"
#include "payload_json.h"

#define DIGITS "%.7g" /* as many as a float of a register has */

static const char *const type_names[] = {
	[TYPE_U16] = "u16", [TYPE_S16] = "s16", [TYPE_U32] = "u32",
	[TYPE_S32] = "s32", [TYPE_F32] = "f32",
};
static const char *const unit_names[] = {
	[UNIT_UG_M3] = "ug/m3",
	[UNIT_MG_M3] = "mg/m3",
	[UNIT_PPB] = "ppb",
	[UNIT_PPM] = "ppm",
};

/* Without the tail that binary fractions leave; null for NaN and infinity. */
static json_t *number_json(double number)
{
	char text[32];
	if (!isfinite(number))
		return json_null();
	snprintf(text, sizeof(text), DIGITS, number);
	return json_real(strtod(text, NULL));
}

static json_t *words_json(const struct bus_row *row, int n)
{
	json_t *list = json_array();
	for (int w = 0; w < n; w++)
		json_array_append_new(list, json_integer(row->words[w]));
	return list;
}

static void add_numbers(json_t *json, const struct profile_row *row, const struct bus_row *read)
{
	bool good = read->asked && read->quality == QUALITY_NORMAL;
	double number = 0;
	if (read->has_words) {
		uint32_t bits = decode_bits(row->type, row->order, read->words);
		number = decode_number(row->type, bits);
	}
	json_object_set_new(json, "words",
			    read->has_words ? words_json(read, register_count(row->type))
					    : json_null());
	json_object_set_new(json, "number", read->has_words ? number_json(number) : json_null());
	json_object_set_new(json, "decoded",
			    read->has_words ? number_json(number * row->scale + row->offset)
					    : json_null());
	json_object_set_new(json, "value",
			    good || read->why == WHY_OVER_RANGE
				    ? json_real(read->value_milli / 1000.0)
				    : json_null());
}

static json_t *row_json(const struct sensor_words *words, int at)
{
	const struct device_conf *device = &words->conf->buses[words->bus].devices[words->device];
	const struct profile_row *row = &device->profile->rows[at];
	const struct bus_row *read = &words->reading->rows[at];
	const struct pollutant_info *info = pollutant_info(row->pollutant);
	const char quality[2] = {(char)read->quality, '\0'};
	int channel = device->channels[at];
	bool two = register_count(row->type) == 2;
	json_t *json = json_pack(
		"{s:s, s:o, s:i, s:i, s:s, s:o, s:s, s:s}", "pollutant", info->key, "channel",
		payload_text(channel < 0 ? NULL : words->conf->channels[channel].id), "function",
		row->function, "address", row->address, "type", type_names[row->type], "order",
		payload_text(two ? byte_order_name(row->order) : NULL), "decoded_unit",
		unit_names[row->unit], "unit", info->unit);
	add_numbers(json, row, read);
	json_object_set_new(json, "quality", payload_text_or_null(quality));
	json_object_set_new(json, "why", json_string(why_name(read->why)));
	return json;
}

static json_t *identity_json(const struct sensor_words *words)
{
	const struct device_conf *device = &words->conf->buses[words->bus].devices[words->device];
	const struct profile_identity *identity = &device->profile->identity;
	const struct bus_reading *reading = words->reading;
	bool held = reading->has_identity &&
		    (reading->identity == WHY_NONE || reading->identity == WHY_IDENTITY);
	if (!identity->present)
		return json_null();
	return json_pack("{s:i, s:i, s:i, s:o}", "function", identity->function, "address",
			 identity->address, "expected",
			 identity->is_unit_id ? device->unit_id : identity->value, "word",
			 held ? json_integer(reading->identity_holds) : json_null());
}

static json_t *status_json(const struct sensor_words *words)
{
	const struct device_conf *device = &words->conf->buses[words->bus].devices[words->device];
	const struct profile_status *status = &device->profile->status;
	const struct bus_reading *reading = words->reading;
	if (!status->present)
		return json_null();
	return json_pack(
		"{s:i, s:i, s:o, s:o}", "function", status->function, "address", status->address,
		"word", reading->has_status ? json_integer(reading->status) : json_null(), "says",
		reading->has_status ? json_string(why_name(decode_status(status, reading->status)))
				    : json_null());
}

char *payload_sensor(const struct sensor_words *words)
{
	const struct bus_conf *bus = &words->conf->buses[words->bus];
	const struct device_conf *device = &bus->devices[words->device];
	json_t *rows = json_array();
	for (int i = 0; i < words->reading->n_rows; i++)
		json_array_append_new(rows, row_json(words, i));
	return payload_finish(json_pack(
		"{s:s, s:s, s:s, s:i, s:s, s:f, s:I, s:o, s:s, s:o, s:o, s:o}", "sensor",
		device->id, "profile", device->profile->id, "bus", bus->id, "unit_id",
		device->unit_id, "read_by", words->by_daemon ? "hazewatchd" : "hazewatch", "poll_s",
		device->poll_ms / 1000.0, "polls", (json_int_t)words->reading->polls, "age_s",
		words->reading->polls > 0 ? payload_age(words->age_ms) : json_null(), "busy",
		why_name(words->busy), "identity", identity_json(words), "status",
		status_json(words), "rows", rows));
}
