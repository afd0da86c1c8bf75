/* SPDX-License-Identifier: MIT */
/*
 * What a district says to a station: a command of the city's as it came, or hours that it asks for,
 * with what its own signature has to cover. Signs nothing.
 */
#ifndef DAEMON_MESSAGES_RELAY_TEXT_H
#define DAEMON_MESSAGES_RELAY_TEXT_H

#include "command_json.h"

/* Of whom, to whom, under which counter, until when. */
struct relay_order {
	const char *district;
	struct command_order order;
};

/* The command with the district's order in place of its own; all else, its id and its time too, is
 * the city's. Heap; NULL: it cannot be read, no memory, or it is too long for a station. */
char *relay_text(const char *command, const struct relay_order *order);

/* A `resend`, which is the district's own command. Heap; NULL: no memory. */
char *relay_resend(const char *id, int64_t now_ms, const struct resend *resend,
		   const struct relay_order *order);

/* The payload under that signature (base64) of a key. Heap; NULL: no memory. */
char *relay_envelope(const char *key, const char *signature, const char *json);

#endif
