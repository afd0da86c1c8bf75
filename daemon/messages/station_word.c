/* SPDX-License-Identifier: MIT */
#include "station_word.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "hour.h"
#include "plain_text.h"
#include "time_text.h"

/* What an answer begins with that is about the envelope, or the station's disk or clock, and not
 * about what the command says. */
static const char *const passing[] = {"signature:",
				      "counter:",
				      "not_after:",
				      "target",
				      "could not be kept:",
				      "the database is failing",
				      "time: lies ahead of now"};
#define PASSING (sizeof(passing) / sizeof(passing[0]))

static const char *text_in(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));
	return text ? text : "";
}

static bool read_state(const json_t *json, struct station_word *ret)
{
	const char *state = text_in(json, "state");
	ret->kind = strcmp(state, "online") == 0 ? STATION_ONLINE : STATION_OFFLINE;
	snprintf(ret->boot, sizeof(ret->boot), "%s", text_in(json, "boot"));
	return ret->kind == STATION_ONLINE || strcmp(state, "offline") == 0;
}

static bool read_hour(const json_t *json, const char *key, int64_t *ret)
{
	int64_t ms = 0;
	bool good = time_parse(text_in(json, key), &ms) && ms > 0 && ms % HOUR_MS == 0;
	*ret = ms / HOUR_MS;
	return good;
}

static void read_absent(const json_t *list, struct absent_hours *ret)
{
	size_t i;
	const json_t *each;
	json_array_foreach(list, i, each)
	{
		struct resend stretch;
		if (ret->n < ABSENT_MAX && read_hour(each, "from", &stretch.from) &&
		    read_hour(each, "to", &stretch.to) && stretch.from <= stretch.to)
			ret->stretches[ret->n++] = stretch;
	}
}

static bool read_reply(const json_t *json, struct station_word *ret)
{
	const char *id = text_in(json, "command"), *outcome = text_in(json, "outcome");
	ret->kind = STATION_REPLIED;
	ret->refused = strcmp(outcome, "refused") == 0;
	snprintf(ret->command, sizeof(ret->command), "%s", id);
	plain_text_write(ret->why, sizeof(ret->why), text_in(json, "why"));
	for (size_t i = 0; i < PASSING && ret->refused; i++)
		ret->passes |= strncmp(ret->why, passing[i], strlen(passing[i])) == 0;
	read_absent(json_object_get(json, "absent"), &ret->absent);
	bool known = ret->refused || strcmp(outcome, "accepted") == 0 ||
		     strcmp(outcome, "repeated") == 0;
	return known && strlen(id) < sizeof(ret->command) &&
	       command_kind_parse(text_in(json, "kind"), &ret->of);
}

bool station_word_parse(const char *station, const char *topic, const char *json, size_t n,
			struct station_word *ret)
{
	*ret = (struct station_word){.kind = STATION_OFFLINE};
	if (strlen(station) >= sizeof(ret->station))
		return false;
	snprintf(ret->station, sizeof(ret->station), "%s", station);
	json_t *root = json_loadb(json, n, JSON_REJECT_DUPLICATES, NULL);
	bool good = false;
	if (strcmp(topic, "state") == 0)
		good = read_state(root, ret);
	else if (strcmp(topic, "reply") == 0)
		good = read_reply(root, ret);
	json_decref(root);
	return good;
}
