/* SPDX-License-Identifier: MIT */
/* The kinds of command, by the last part of their topics: what a key may be given for. */
#ifndef DAEMON_CONF_COMMAND_KIND_H
#define DAEMON_CONF_COMMAND_KIND_H

#include <stdbool.h>

enum command_kind {
	COMMAND_DIRECTIVE,
	COMMAND_RELEASE,
	COMMAND_FORECAST,
	COMMAND_DUST,
	COMMAND_REVIEW,
	COMMAND_RECEIPT,
	COMMAND_RESEND,
};
#define COMMAND_KIND_COUNT 7
#define COMMAND_KINDS_ALL ((1u << COMMAND_KIND_COUNT) - 1) /* as bits 1u << kind */

/* "directive", ...: the last part of its topic. */
const char *command_kind_name(enum command_kind kind);
bool command_kind_parse(const char *name, enum command_kind *ret);

#endif
