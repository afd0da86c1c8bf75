/* SPDX-License-Identifier: MIT */
#include "payload_relay.h"

#include <stdlib.h>
#include <string.h>

#include "payload_json.h"

#define SIZE_MAX_BYTES 15360

/* Of each list so many are named, fewer if all of it grows too long. */
static const int named[] = {32, 8, 2, 0};
#define NAMED (sizeof(named) / sizeof(named[0]))

const char *station_presence_name(enum station_presence presence)
{
	static const char *const names[] = {"unheard", "offline", "online"};
	return names[presence];
}

bool relay_is_refused(const struct relay_delivery *delivery, int command)
{
	return delivery->got[command] == RELAY_REFUSED ||
	       delivery->got[command] == RELAY_REFUSED_FOR_NOW;
}

int relay_count_refused(const struct relay_delivery *delivery, int n)
{
	int refused = 0;
	for (int c = 0; c < n; c++)
		refused += relay_is_refused(delivery, c);
	return refused;
}

int relay_count_waiting(const struct relay_delivery *delivery, int n)
{
	int waiting = 0;
	for (int c = 0; c < n; c++)
		waiting += delivery->got[c] == RELAY_WAITING;
	return waiting;
}

const char *relay_command_id(const struct relay_command *command)
{
	const char *slash = strrchr(command->name, '/');
	return slash ? slash + 1 : command->name;
}

static void name_station(json_t *list, const char *id, int most)
{
	if ((int)json_array_size(list) < most)
		json_array_append_new(list, json_string(id));
}

static json_t *command_json(const struct roster *roster, const struct relay_view *view, int c,
			    int most)
{
	const struct relay_command *command = &view->commands[c];
	json_t *waiting = json_array(), *refused = json_array();
	int n_accepted = 0, n_waiting = 0, n_refused = 0;
	for (int s = 0; s < roster->n; s++) {
		const struct relay_delivery *delivery = &view->stations[s];
		bool is_refused = relay_is_refused(delivery, c);
		bool waits = delivery->got[c] == RELAY_WAITING;
		n_accepted += !is_refused && !waits;
		n_refused += is_refused;
		n_waiting += waits;
		if (is_refused || waits)
			name_station(waits ? waiting : refused, roster->stations[s].id, most);
	}
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:i, s:i, s:i, s:o, s:o}", "kind",
			 command->kind, "command", relay_command_id(command), "issuer",
			 command->issuer, "time_said", payload_time(command->time_ms), "level",
			 payload_text_or_null(command->level), "accepted", n_accepted, "waiting",
			 n_waiting, "refused", n_refused, "waiting_at", waiting, "refused_at",
			 refused);
}

static json_t *stations_json(const struct roster *roster, const struct relay_view *view, int most)
{
	int n[3] = {0};
	json_t *offline = json_array(), *unheard = json_array();
	for (int s = 0; s < roster->n; s++) {
		enum station_presence presence = view->stations[s].presence;
		n[presence]++;
		if (presence != STATION_THERE)
			name_station(presence == STATION_AWAY ? offline : unheard,
				     roster->stations[s].id, most);
	}
	return json_pack("{s:i, s:i, s:i, s:o, s:o}", "online", n[STATION_THERE], "offline",
			 n[STATION_AWAY], "unheard", n[STATION_UNHEARD], "offline_at", offline,
			 "unheard_at", unheard);
}

static char *write_relay(const struct payload_head *head, const struct relay_view *view, int most)
{
	const struct roster *roster = &head->conf->roster;
	json_t *json = payload_begin(head), *commands = json_array();
	for (int c = 0; c < view->n; c++)
		json_array_append_new(commands, command_json(roster, view, c, most));
	json_object_set_new(json, "commands", commands);
	json_object_set_new(json, "stations", stations_json(roster, view, most));
	return payload_finish(json);
}

char *payload_relay(const struct payload_head *head, const struct relay_view *view)
{
	char *text = NULL;
	for (size_t i = 0; i < NAMED; i++) {
		free(text);
		text = write_relay(head, view, named[i]);
		if (!text || strlen(text) <= SIZE_MAX_BYTES)
			return text;
	}
	return text;
}
