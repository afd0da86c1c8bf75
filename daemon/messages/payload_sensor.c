/* SPDX-License-Identifier: MIT */
#include "payload_sensor.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "decode.h"
#include "payload_json.h"

#define DIGITS "%.7g" /* as many as a float of a register has */

static const char *const unit_names[] = {
	[UNIT_UG_M3] = "ug/m3", [UNIT_MG_M3] = "mg/m3", [UNIT_PPB] = "ppb",
	[UNIT_PPM] = "ppm",     [UNIT_CELSIUS] = "C",   [UNIT_PERCENT] = "%",
	[UNIT_HPA] = "hPa",     [UNIT_KPA] = "kPa",     [UNIT_PA] = "Pa",
	[UNIT_M_S] = "m/s",     [UNIT_DEGREE] = "deg",  [UNIT_DECIBEL] = "dB",
	[UNIT_MM] = "mm",
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
	if (read->has_words)
		number = decode_row_number(row, read->words);
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
	const char quality[2] = {(char)read->quality, '\0'};
	int channel = device->channels[at];
	bool ordered = register_count(row->type) > 1 || row->order != ORDER_ABCD;
	json_t *json = json_pack(
		"{s:s, s:o, s:i, s:i, s:s, s:o, s:s, s:s}", "pollutant", profile_row_key(row),
		"channel", payload_text(channel < 0 ? NULL : words->conf->channels[channel].id),
		"function", row->function, "address", row->address, "type",
		register_type_name(row->type), "order",
		payload_text(ordered ? byte_order_name(row->order) : NULL), "decoded_unit",
		unit_names[row->unit], "unit", profile_row_unit(row));
	add_numbers(json, row, read);
	json_object_set_new(json, "quality", payload_text_or_null(quality));
	json_object_set_new(json, "why", json_string(why_name(read->why)));
	return json;
}

static json_t *text_or_number(const char *text, json_int_t number)
{
	return text ? payload_text(text) : json_integer(number);
}

static json_t *identity_json(const struct sensor_words *words)
{
	const struct device_conf *device = &words->conf->buses[words->bus].devices[words->device];
	const struct profile_identity *identity = &device->profile->identity;
	const struct bus_proof *proof = &words->reading->identity;
	bool held = words->reading->has_identity &&
		    (proof->why == WHY_NONE || proof->why == WHY_IDENTITY);
	if (!identity->present)
		return json_null();
	return json_pack("{s:i, s:i, s:o, s:o}", "function", identity->at.function, "address",
			 identity->at.address, "expected",
			 text_or_number(identity->text, identity->is_unit_id
								? (json_int_t)device->unit_id
								: (json_int_t)identity->value),
			 "word",
			 held ? text_or_number(identity->text ? proof->text : NULL, proof->holds)
			      : json_null());
}

static json_t *status_json(const struct sensor_words *words)
{
	const struct device_conf *device = &words->conf->buses[words->bus].devices[words->device];
	const struct bus_reading *reading = words->reading;
	const struct profile_place *at = &device->profile->statuses[reading->status_at].normal.at;
	if (device->profile->n_statuses == 0)
		return json_null();
	return json_pack("{s:i, s:i, s:o, s:o}", "function", at->function, "address", at->address,
			 "word", reading->has_status ? json_integer(reading->status) : json_null(),
			 "says",
			 reading->has_status ? json_string(why_name(reading->says)) : json_null());
}

static json_t *expect_json(const struct sensor_words *words)
{
	const struct profile *profile =
		words->conf->buses[words->bus].devices[words->device].profile;
	const struct bus_reading *reading = words->reading;
	json_t *list = json_array();
	for (int i = 0; i < reading->n_expects; i++) {
		const struct bus_proof *proof = &reading->expects[i];
		const struct profile_place *at = &profile->expects[i].at;
		bool held = reading->has_identity &&
			    (proof->why == WHY_NONE || proof->why == WHY_EXPECT);
		json_array_append_new(
			list,
			json_pack("{s:i, s:i, s:o, s:o}", "function", at->function, "address",
				  at->address, "word",
				  held ? json_integer(proof->holds) : json_null(), "as_expected",
				  held ? json_boolean(proof->why == WHY_NONE) : json_null()));
	}
	return list;
}

char *payload_sensor(const struct sensor_words *words)
{
	const struct bus_conf *bus = &words->conf->buses[words->bus];
	const struct device_conf *device = &bus->devices[words->device];
	json_t *rows = json_array();
	for (int i = 0; i < words->reading->n_rows; i++)
		json_array_append_new(rows, row_json(words, i));
	return payload_finish(json_pack(
		"{s:s, s:s, s:s, s:i, s:s, s:f, s:I, s:o, s:s, s:o, s:o, s:o, s:o}", "sensor",
		device->id, "profile", device->profile->id, "bus", bus->id, "unit_id",
		device->unit_id, "read_by", words->by_daemon ? "hazewatchd" : "hazewatch", "poll_s",
		device->poll_ms / 1000.0, "polls", (json_int_t)words->reading->polls, "age_s",
		words->reading->polls > 0 ? payload_age(words->age_ms) : json_null(), "busy",
		why_name(words->busy), "identity", identity_json(words), "status",
		status_json(words), "expect", expect_json(words), "rows", rows));
}
