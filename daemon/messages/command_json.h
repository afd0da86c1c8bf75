/* SPDX-License-Identifier: MIT */
/*
 * The JSON of a command -> struct command (the MQTT contract's "In"). Pure but for memory.
 *
 * A message is checked whole: size, UTF-8, depth, unknown keys, types, ranges, times, and that the
 * plan has the level it names. Whether it fits the station's present state is engine_command's to
 * say; signatures and counters are the inbox's.
 */
#ifndef DAEMON_MESSAGES_COMMAND_JSON_H
#define DAEMON_MESSAGES_COMMAND_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "command.h"
#include "plan.h"

#define TABLE_DEPTH_MAX 6

/* What a signature has to cover. */
struct command_order {
	char target[COMMAND_STATION_MAX]; /* "": unsaid */
	int64_t counter;                  /* 0: unsaid */
	int64_t not_after_ms;             /* since 1970 UTC; 0: unsaid */
};

struct command_message {
	struct command command; /* its json is borrowed from the text that was parsed */
	struct command_order order;
	struct forecast forecast; /* what command.forecast points to */
	char why[COMMAND_TEXT_MAX];
};

/*
 * Parses `n` bytes of JSON, after which a NUL must follow, as a command of this kind. False:
 * ret->why says what is wrong; the id and the issuer are filled in even then if they were good.
 */
bool command_parse(enum command_kind kind, const char *json, size_t n, const struct plan *plan,
		   struct command_message *ret);

/* The text of one that was parsed, without blanks and with its keys in order: the same for all
 * texts that say the same. The caller frees it; NULL: no memory. */
char *command_normal_text(const char *json);
/* The same of one that was relayed, without what the relaying added: the same however often. */
char *command_relayed_text(const char *json);

/* The words of which a key of this kind takes one, the last of them NULL; NULL: it takes any text,
 * or a level of the plan. */
const char *const *command_words(enum command_kind kind, const char *key);

#define COMMAND_DB_MAX 37 /* a uuid, the NUL included */

/* The platform has a message: what its id says. */
struct command_ack {
	char db[COMMAND_DB_MAX];
	int64_t seq;
};

/* {db, seq} of any database; anything else is false. */
bool command_parse_ack(const char *json, size_t n, struct command_ack *ret);

#endif
