/* SPDX-License-Identifier: MIT */
/*
 * The JSON of a command -> struct command (the MQTT contract's "In"). Pure but for memory.
 *
 * A message is checked whole: size, UTF-8, depth, unknown keys, types, ranges, times, and that the
 * plan has the level it names. Whether it fits the station's present state is engine_command's to
 * say; signatures and counters are the inbox's.
 */
#ifndef DAEMON_INBOX_JSON_H
#define DAEMON_INBOX_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "command.h"
#include "plan.h"

#define INBOX_DEPTH_MAX 6
#define INBOX_TARGET_MAX 33

/* What a signature has to cover. */
struct inbox_order {
	char target[INBOX_TARGET_MAX]; /* "": unsaid */
	int64_t counter;               /* 0: unsaid */
	int64_t not_after_ms;          /* since 1970 UTC; 0: unsaid */
};

struct inbox_message {
	struct command command; /* its json is borrowed from the text that was parsed */
	struct inbox_order order;
	struct forecast forecast; /* what command.forecast points to */
	char why[COMMAND_TEXT_MAX];
};

/*
 * Parses `n` bytes of JSON, after which a NUL must follow, as a command of this kind. False:
 * ret->why says what is wrong; the id and the issuer are filled in even then if they were good.
 */
bool inbox_parse(enum command_kind kind, const char *json, size_t n, const struct plan *plan,
		 struct inbox_message *ret);

/* {db, seq} for this database; anything else is false. */
bool inbox_parse_ack(const char *json, size_t n, const char *db, int64_t *ret_seq);

#endif
