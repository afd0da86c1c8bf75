/* SPDX-License-Identifier: MIT */
/* The published health, what a district relays and the answer of the daemon -> values of a status.
 */
#include <string.h>

#include "payload_pieces.h"
#include "payload_status.h"

static int read_health_parts(const json_t *list, int most, struct status_part *ret)
{
	static const char *const states[] = {"unknown", "ok", "suspect", "failed", NULL};
	const json_t *json;
	size_t i;
	int n = 0;
	json_array_foreach(list, i, json)
	{
		if (n == most)
			break;
		struct status_part *part = &ret[n++];
		piece_copy(json, "id", part->id, sizeof(part->id));
		piece_copy(json, "why", part->why, sizeof(part->why));
		piece_copy(json, "busy", part->busy, sizeof(part->busy));
		part->state = (unsigned)piece_word(json, "state", states, PART_UNKNOWN);
		part->since_ms = piece_time(json, "since");
		part->busy_until_ms = piece_time(json, "busy_until");
	}
	return n;
}

static void read_platforms(const json_t *list, struct status_platforms *ret)
{
	const json_t *json;
	size_t i;
	json_array_foreach(list, i, json)
	{
		if (ret->n == CONF_PLATFORMS_MAX)
			return;
		struct status_platform *platform = &ret->all[ret->n++];
		piece_copy(json, "id", platform->id, sizeof(platform->id));
		piece_copy(json, "why", platform->why, sizeof(platform->why));
		platform->connected = piece_flag(json, "connected");
		platform->since_ms = piece_time(json, "since");
		platform->acked_ms = piece_time(json, "acked");
		platform->hours = piece_int(json, "hours_waiting", 0);
		platform->days = piece_int(json, "days_waiting", 0);
		platform->minutes = piece_int(json, "minutes_waiting", 0);
		platform->given_up = piece_int(json, "given_up", 0);
		platform->refused = piece_int(json, "refused", 0);
		platform->key_days = piece_int(json, "key_days", -1);
	}
}

static void add_id(char list[STATUS_UNTOLD_MAX], const char *id)
{
	size_t n = strlen(list);
	if (n + strlen(id) + 3 < STATUS_UNTOLD_MAX)
		snprintf(list + n, STATUS_UNTOLD_MAX - n, "%s%s", n > 0 ? ", " : "", id);
}

/* Of a district: who has told the newest hour that there is. */
static void read_health_points(const json_t *stations, struct status_health *ret)
{
	const json_t *json;
	size_t i;
	json_array_foreach(stations, i, json)
	{
		if (piece_time(json, "newest") > ret->told_ms)
			ret->told_ms = piece_time(json, "newest");
	}
	json_array_foreach(stations, i, json)
	{
		if (strcmp(piece_text(json, "role"), "assessment") != 0)
			continue;
		bool told = ret->told_ms != 0 && piece_time(json, "newest") == ret->told_ms;
		ret->n_points++;
		ret->n_told += told;
		if (!told)
			add_id(ret->untold, piece_text(json, "id"));
	}
}

void payload_read_health(const char *text, struct status_health *ret)
{
	json_t *json = piece_object(text);
	*ret = (struct status_health){.known = json != NULL, .time_ms = piece_time(json, "time")};
	ret->n_buses =
		read_health_parts(json_object_get(json, "buses"), CONF_BUSES_MAX, ret->buses);
	ret->n_sensors =
		read_health_parts(json_object_get(json, "sensors"), STATUS_PARTS_MAX, ret->sensors);
	ret->n_auxiliaries = read_health_parts(json_object_get(json, "auxiliary"),
					       CONF_AUXILIARIES_MAX, ret->auxiliaries);
	ret->n_channels = read_health_parts(json_object_get(json, "channels"), CONF_INSTRUMENTS_MAX,
					    ret->channels);
	read_health_points(json_object_get(json, "stations"), ret);
	read_platforms(json_object_get(json, "platforms"), &ret->platforms);
	const json_t *district = json_object_get(json, "district");
	ret->cut_off = piece_flag(district, "cut_off");
	ret->cut_off_ms = piece_time(district, "since");
	piece_copy(json, "clock", ret->clock, sizeof(ret->clock));
	ret->store_ok = piece_flag(json, "store_ok");
	ret->unverified = strcmp(piece_text(json, "delivery"), "unverified") == 0;
	ret->particles_since_ms = piece_time(json, "pm25_above_pm10_since");
	ret->samples_dropped = piece_int(json, "samples_dropped", 0);
	ret->polls_missed = piece_int(json, "polls_missed", 0);
	json_decref(json);
}

/* ---- what a district relays ---- */

static void add_once(char list[STATUS_UNTOLD_MAX], const char *id)
{
	size_t n = strlen(id);
	for (const char *at = list; n > 0 && (at = strstr(at, id)); at += n) {
		if ((at == list || at[-1] == ' ') && (at[n] == ',' || at[n] == '\0'))
			return;
	}
	add_id(list, id);
}

static bool is_online(const json_t *stations, const char *id)
{
	const json_t *json;
	size_t i;
	json_array_foreach(stations, i, json)
	{
		const char *word = piece_text(json, "relay");
		if (strcmp(piece_text(json, "id"), id) == 0)
			return strcmp(word, "offline") != 0 && strcmp(word, "unheard") != 0;
	}
	return false;
}

static void read_unreached(const json_t *ids, bool is_directive, const json_t *stations,
			   struct status_health *ret)
{
	const json_t *json;
	size_t i;
	json_array_foreach(ids, i, json)
	{
		const char *id = json_string_value(json);
		if (!id)
			continue;
		add_once(ret->unreached, id);
		if (is_directive && is_online(stations, id))
			add_once(ret->undirected, id);
	}
}

void payload_read_relay(const char *text, const char *health_text, struct status_health *ret)
{
	json_t *json = piece_object(text), *health = piece_object(health_text);
	const json_t *stations = json_object_get(health, "stations"), *command;
	size_t i;
	json_array_foreach(json_object_get(json, "commands"), i, command)
	{
		bool is_directive = strcmp(piece_text(command, "kind"), "directive") == 0;
		read_unreached(json_object_get(command, "waiting_at"), is_directive, stations, ret);
		read_unreached(json_object_get(command, "refused_at"), is_directive, stations, ret);
	}
	json_decref(json);
	json_decref(health);
}

static void read_readings(const json_t *list, struct status_live *ret)
{
	const json_t *json;
	size_t i;
	json_array_foreach(list, i, json)
	{
		enum pollutant pollutant = POLLUTANT_PM25;
		enum auxiliary auxiliary = AUXILIARY_NONE;
		const char *key = piece_text(json, "pollutant");
		bool known = pollutant_parse(key, &pollutant);
		if (!known && !auxiliary_parse(key, &auxiliary))
			continue;
		struct status_reading *reading =
			known ? &ret->readings[pollutant] : &ret->auxiliaries[auxiliary];
		const json_t *value = json_object_get(json, "value");
		piece_copy(json, "quality", reading->quality, sizeof(reading->quality));
		piece_copy(json, "why", reading->why, sizeof(reading->why));
		piece_copy(json, "busy", reading->busy, sizeof(reading->busy));
		reading->known = reading->quality[0] != '\0';
		reading->has_value = json_is_number(value);
		reading->value = json_number_value(value);
		reading->age_s = json_number_value(json_object_get(json, "age_s"));
	}
}

bool payload_read_live(const char *text, struct status_live *ret)
{
	json_t *json = piece_object(text);
	const json_t *clock = json_object_get(json, "clock"),
		     *store = json_object_get(json, "store");
	const json_t *broker = json_object_get(json, "broker");
	*ret = (struct status_live){.answered = json != NULL};
	piece_copy(json, "station", ret->station, sizeof(ret->station));
	piece_copy(json, "version", ret->version, sizeof(ret->version));
	ret->since_ms = piece_time(json, "since");
	piece_copy(clock, "state", ret->clock, sizeof(ret->clock));
	ret->clock_until_ms = piece_time(clock, "until");
	ret->connected = piece_flag(broker, "connected");
	ret->broker_since_ms = piece_time(broker, "since");
	piece_copy(broker, "why", ret->broker_why, sizeof(ret->broker_why));
	ret->is_volatile = piece_flag(store, "volatile");
	ret->kept = piece_int(store, "waiting", 0);
	ret->lost = piece_int(store, "lost", 0);
	ret->bad_rows = piece_int(store, "bad_rows", 0);
	read_readings(json_object_get(json, "readings"), ret);
	read_readings(json_object_get(json, "auxiliary"), ret);
	read_platforms(json_object_get(json, "platforms"), &ret->platforms);
	json_decref(json);
	return ret->answered;
}
