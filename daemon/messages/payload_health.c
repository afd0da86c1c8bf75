/* SPDX-License-Identifier: MIT */
/* How everything the daemon stands on is: the topic health. */
#include "payload_json.h"
#include "payload_relay.h"

static const char *health_name(enum health_state state)
{
	switch (state) {
	case HEALTH_UNKNOWN:
		return "unknown";
	case HEALTH_OK:
		return "ok";
	case HEALTH_SUSPECT:
		return "suspect";
	case HEALTH_FAILED:
		return "failed";
	}
	return "unknown";
}

static json_t *part_json(const char *id, const struct sensor_report *report)
{
	return json_pack("{s:s, s:s, s:s, s:o}", "id", id, "state", health_name(report->state),
			 "why", why_name(report->why), "since",
			 report->since_ms ? payload_time(report->since_ms) : json_null());
}

static json_t *sensor_json(const char *id, const struct health_report *report, int at)
{
	json_t *json = part_json(id, &report->sensors[at]);
	json_object_set_new(
		json, "busy",
		payload_text(report->busy[at] == WHY_NONE ? NULL : why_name(report->busy[at])));
	json_object_set_new(json, "busy_until",
			    report->busy_until_ms[at] ? payload_time(report->busy_until_ms[at])
						      : json_null());
	return json;
}

static json_t *channels_json(const struct conf *conf, const struct health_report *report, int first,
			     int behind)
{
	json_t *channels = json_array();
	for (int c = first; c < behind; c++)
		json_array_append_new(channels,
				      part_json(conf->channels[c].id, &report->channels[c]));
	return channels;
}

/* Two instruments of one pollutant: which of them counts. */
static json_t *twins_json(const struct conf *conf, const struct health_report *report)
{
	json_t *twins = json_array();
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		const struct twin_report *twin = &report->twins[p];
		if (twin->second <= 0)
			continue;
		json_array_append_new(twins,
				      json_pack("{s:s, s:s, s:s, s:s, s:o}", "pollutant",
						pollutant_info((enum pollutant)p)->key, "first",
						conf->channels[twin->first].id, "second",
						conf->channels[twin->second].id, "counts",
						conf->channels[twin->counts].id, "differ_since",
						payload_hour(twin->differ_since)));
	}
	return twins;
}

static json_t *logger_json(const struct device_conf *device, const struct logger_report *report)
{
	json_t *refused = json_object(), *doubted = json_array();
	for (int t = HJ212_FINE + 1; t < HJ212_TROUBLES; t++)
		if (report->refused[t] > 0)
			json_object_set_new(refused, hj212_trouble_name((enum hj212_trouble)t),
					    json_integer((json_int_t)report->refused[t]));
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		if (report->doubted & 1u << p)
			json_array_append_new(doubted,
					      json_string(pollutant_info((enum pollutant)p)->key));
	return json_pack("{s:s, s:s, s:b, s:I, s:I, s:I, s:o, s:o, s:o}", "id", device->id, "mn",
			 device->logger->mn, "connected", report->connected, "taken",
			 (json_int_t)report->messages, "repeated", (json_int_t)report->repeated,
			 "revised", (json_int_t)report->revised, "refused", refused, "clock_off_s",
			 report->off_ms == 0 ? json_null() : json_integer(report->off_ms / 1000),
			 "unit_doubted", doubted);
}

/* Nothing where there are none. */
static void add_loggers(json_t *json, const struct conf *conf, const struct health_report *report)
{
	json_t *loggers = json_array();
	for (int b = 0, s = 0; b < conf->n_buses; b++)
		for (int d = 0; d < conf->buses[b].n_devices; d++, s++)
			if (conf->buses[b].of_loggers)
				json_array_append_new(loggers,
						      logger_json(&conf->buses[b].devices[d],
								  &report->loggers[s]));
	if (json_array_size(loggers) > 0) {
		json_object_set(json, "loggers", loggers);
		json_object_set_new(json, "loggers_unknown",
				    json_integer((json_int_t)report->loggers_unknown));
	}
	json_decref(loggers);
}

static json_t *broker_json(const struct broker_report *broker)
{
	if (!broker->known)
		return json_null();
	return json_pack("{s:s, s:i, s:b, s:o, s:b}", "mqtt", broker->old ? "3.1.1" : "5", "qos",
			 broker->qos, "retain", broker->retain, "max_packet_bytes",
			 broker->packet_max > 0 ? json_integer(broker->packet_max) : json_null(),
			 "commands", !broker->deaf);
}

static json_t *damage_json(const struct damage_report *damage)
{
	return json_pack("{s:I, s:o, s:o}", "rows", (json_int_t)damage->rows, "newest",
			 damage->rows > 0 ? payload_text(damage->newest) : json_null(), "in_force",
			 damage->directive != 0 ? json_integer(damage->directive) : json_null());
}

json_t *payload_link(const struct conf *conf, const struct district_link *link)
{
	return json_pack("{s:s, s:b, s:o}", "id", conf->district.id, "cut_off", link->cut_off,
			 "since", payload_time_or_null(link->known ? link->since_ms : 0));
}

/* Whether a station has what the district relays; nothing if it is there and has all of it. */
static void add_relay(json_t *json, const struct relay_view *view, int at)
{
	const struct relay_delivery *delivery = &view->stations[at];
	const char *word = NULL;
	if (delivery->presence != STATION_THERE)
		word = station_presence_name(delivery->presence);
	else if (relay_count_refused(delivery, view->n) > 0)
		word = "refused";
	else if (relay_count_waiting(delivery, view->n) > 0)
		word = "waiting";
	if (word)
		json_object_set_new(json, "relay", json_string(word));
}

/* Who a district's stations are, and what its points told last. */
static json_t *stations_json(const struct conf *conf, const struct health_report *report)
{
	const struct roster *roster = &conf->roster;
	json_t *stations = json_array();
	for (int i = 0; i < roster->n; i++) {
		const struct roster_station *station = &roster->stations[i];
		json_t *json = json_pack("{s:s, s:s}", "id", station->id, "role",
					 station_role_name(station->role));
		if (i < roster->n_points)
			json_object_set_new(json, "newest", payload_hour(report->points[i]));
		if (report->relay)
			add_relay(json, report->relay, i);
		json_array_append_new(stations, json);
	}
	return stations;
}

json_t *payload_platforms(const struct conf *conf, const struct platform_report *reports)
{
	json_t *platforms = json_array();
	for (int i = 0; i < conf->n_platforms; i++) {
		const struct platform_report *report = &reports[i];
		json_array_append_new(
			platforms,
			json_pack("{s:s, s:b, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "id",
				  conf->platforms[i].name, "connected", report->connected, "since",
				  payload_time_or_null(report->since_ms), "acked",
				  payload_time_or_null(report->acked_ms), "hours_waiting",
				  (json_int_t)report->hours, "days_waiting",
				  (json_int_t)report->days, "minutes_waiting",
				  (json_int_t)report->minutes, "given_up",
				  (json_int_t)report->given_up, "refused",
				  (json_int_t)report->refused, "key_days",
				  report->key_days >= 0 ? json_integer(report->key_days)
							: json_null(),
				  "why", payload_text_or_null(report->why)));
	}
	return platforms;
}

char *payload_health(const struct payload_head *head, const struct health_report *report)
{
	const struct conf *conf = head->conf;
	json_t *json = payload_begin(head), *buses = json_array(), *sensors = json_array();
	for (int b = 0, s = 0; b < conf->n_buses; b++) {
		json_array_append_new(buses, part_json(conf->buses[b].id, &report->buses[b]));
		for (int d = 0; d < conf->buses[b].n_devices; d++, s++)
			json_array_append_new(sensors,
					      sensor_json(conf->buses[b].devices[d].id, report, s));
	}
	json_object_set_new(json, "buses", buses);
	json_object_set_new(json, "sensors", sensors);
	int auxiliary = conf_first_auxiliary(conf);
	json_object_set_new(json, "channels", channels_json(conf, report, 0, auxiliary));
	if (conf->n_auxiliaries > 0)
		json_object_set_new(
			json, "auxiliary",
			channels_json(conf, report, auxiliary, conf_behind_channels(conf)));
	json_object_set_new(json, "twins", twins_json(conf, report));
	add_loggers(json, conf, report);
	if (conf->roster.path)
		json_object_set_new(json, "stations", stations_json(conf, report));
	if (conf->district.id)
		json_object_set_new(json, "district", payload_link(conf, &report->link));
	if (conf->n_platforms > 0)
		json_object_set_new(json, "platforms", payload_platforms(conf, report->platforms));
	json_object_set_new(json, "pm25_above_pm10_since", payload_hour(report->particles_since));
	json_object_set_new(json, "clock", json_string(report->clock));
	json_object_set_new(json, "store_ok", json_boolean(report->store_ok));
	json_object_set_new(json, "damaged", damage_json(&report->damage));
	json_object_set_new(json, "samples_dropped",
			    json_integer((json_int_t)report->samples_dropped));
	json_object_set_new(json, "samples_late", json_integer((json_int_t)report->samples_late));
	json_object_set_new(json, "polls_missed", json_integer((json_int_t)report->polls_missed));
	bool verified = !report->broker.old && (!report->broker.known || report->broker.qos > 0);
	json_object_set_new(json, "delivery", json_string(verified ? "verified" : "unverified"));
	json_object_set_new(json, "broker", broker_json(&report->broker));
	json_object_set_new(json, "commands",
			    json_pack("{s:I, s:I, s:I, s:I}", "accepted",
				      (json_int_t)report->commands.accepted, "refused",
				      (json_int_t)report->commands.refused, "retained",
				      (json_int_t)report->commands.retained, "dropped",
				      (json_int_t)report->commands.dropped));
	json_object_set_new(json, "outbox",
			    json_pack("{s:I, s:I, s:I, s:I}", "pending",
				      (json_int_t)report->outbox.pending, "sent",
				      (json_int_t)report->outbox.sent, "acked",
				      (json_int_t)report->outbox.acked, "blocked",
				      (json_int_t)report->outbox.blocked));
	return payload_finish(json);
}
