/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "command_json.h"

#define NORMAL (JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(15))

char *command_normal_text(const char *json)
{
	json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
	char *text = root ? json_dumps(root, NORMAL) : strdup(json);
	json_decref(root);
	return text;
}
