/* SPDX-License-Identifier: MIT */
#include "command_kind.h"

#include <assert.h>
#include <string.h>

static const char *const kinds[COMMAND_KIND_COUNT] = {"directive", "release", "forecast", "dust",
						      "review",    "receipt", "resend"};

const char *command_kind_name(enum command_kind kind)
{
	assert((int)kind >= 0 && (int)kind < COMMAND_KIND_COUNT);
	return kinds[kind];
}

bool command_kind_parse(const char *name, enum command_kind *ret)
{
	for (int i = 0; i < COMMAND_KIND_COUNT; i++) {
		if (strcmp(kinds[i], name) == 0) {
			*ret = (enum command_kind)i;
			return true;
		}
	}
	return false;
}
