/* SPDX-License-Identifier: MIT */
/* What a station of a district says of itself: its `state`, and its `reply` to a command -> values.
 */
#ifndef DAEMON_MESSAGES_STATION_WORD_H
#define DAEMON_MESSAGES_STATION_WORD_H

#include <stddef.h>

#include "command.h"

#define STATION_BOOT_MAX 17

enum station_word_kind { STATION_ONLINE, STATION_OFFLINE, STATION_REPLIED };

struct station_word {
	enum station_word_kind kind;
	char station[COMMAND_STATION_MAX];
	char boot[STATION_BOOT_MAX]; /* of a state: the run that says it */
	/* of a reply */
	enum command_kind of;
	char command[COMMAND_ID_MAX];
	bool refused;
	bool passes; /* refused for what may be otherwise the next time, signed anew */
	char why[COMMAND_TEXT_MAX];
	struct absent_hours absent;
};

/* A message of a topic of a station's, "state" or "reply"; false: it is none of these, or it says
 * nothing that is known. */
bool station_word_parse(const char *station, const char *topic, const char *json, size_t n,
			struct station_word *ret);

#endif
