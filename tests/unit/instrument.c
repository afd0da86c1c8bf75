/* SPDX-License-Identifier: MIT */
#include "instrument.h"

#include <check.h>
#include <string.h>

#include "decode.h"
#include "guard.h"
#include "log.h"
#include "station.h"

static struct guard guards[PROFILE_ROWS_MAX];
int (*register_of)(enum pollutant pollutant, int64_t at_ms);

static void silence(enum log_level level, const char *line)
{
	(void)level, (void)line;
}

void instrument_begin(const char *profile, const char *more)
{
	conf = station_conf_profile(profile, more);
	n_rows = readings = looks = 0;
	memset(guards, 0, sizeof(guards));
	log_capture(silence);
	start();
}

void setup_compact(void)
{
	instrument_begin("renke-compact", "");
}

void restart(void)
{
	killed();
	memset(guards, 0, sizeof(guards));
	start();
}

void poll_registers(int64_t at_ms)
{
	const struct device_conf *device = &conf->buses[0].devices[0];
	for (int row = 0; row < device->profile->n_rows; row++) {
		const struct profile_row *of = &device->profile->rows[row];
		const uint16_t words[] = {(uint16_t)register_of(of->pollutant, at_ms)};
		struct sample sample = {.at_ms = at_ms, .channel = (uint16_t)device->channels[row]};
		decode_row(of, words, &sample);
		guard_take(&guards[row], of, words, &sample);
		engine_sample(engine, &sample, TIME_SYNCHRONISED);
	}
	engine_advance(engine, at_ms + 1000, TIME_SYNCHRONISED);
}

void poll_hours(int64_t from, int64_t to)
{
	for (int64_t ms = from * HOUR_MS; ms < to * HOUR_MS; ms += POLL_MS)
		poll_registers(ms);
}

int waver(int base, int64_t at_ms)
{
	return base + (int)(at_ms / POLL_MS * 7 % 23);
}

int of_dust(int pm25, enum pollutant pollutant)
{
	return pollutant == POLLUTANT_PM25 ? pm25 : pm25 + pm25 / 4;
}

/* True if it is an event of that kind and reason. */
static bool is_event(const json_t *json, const char *kind, const char *reason)
{
	const char *why = text_in(json, "reason");
	return strcmp(text_in(json, "event"), kind) == 0 && strcmp(why ? why : "", reason) == 0;
}

static json_t *find_row(const char *topic, const char *kind, const char *reason, int i)
{
	static json_t *found;
	json_decref(found);
	found = NULL;
	collect_outbox();
	for (int n = 0; n < n_rows; n++) {
		if (strcmp(rows[n].topic, topic) != 0)
			continue;
		found = json_loads(rows[n].payload, 0, NULL);
		if ((!kind || is_event(found, kind, reason)) && i-- == 0)
			return found;
		json_decref(found);
		found = NULL;
	}
	return NULL;
}

json_t *find_message(const char *topic, int i)
{
	return find_row(topic, NULL, NULL, i);
}

json_t *find_event(const char *kind, const char *reason, int i)
{
	return find_row("warning/event", kind, reason, i);
}

const char *text_in(const json_t *json, const char *key)
{
	return json_string_value(json_object_get(json, key));
}
