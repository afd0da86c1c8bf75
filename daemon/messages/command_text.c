/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "command_json.h"

#define NORMAL (JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(15))

static const char *const command_relay_keys[] = {"target", "counter", "not_after", "relayed_by"};

char *command_normal_text(const char *json)
{
	json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
	char *text = root ? json_dumps(root, NORMAL) : strdup(json);
	json_decref(root);
	return text;
}

char *command_relayed_text(const char *json)
{
	json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
	for (size_t i = 0; i < sizeof(command_relay_keys) / sizeof(command_relay_keys[0]); i++)
		json_object_del(root, command_relay_keys[i]);
	char *text = root ? json_dumps(root, NORMAL) : strdup(json);
	json_decref(root);
	return text;
}
