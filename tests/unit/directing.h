/* SPDX-License-Identifier: MIT */
/* Directives for tests, as command_parse would give them. */
#ifndef TESTS_DIRECTING_H
#define TESTS_DIRECTING_H

#include <stdio.h>

#include "command.h"

/* A command whose id, issuer and time are set becomes a directive: a level from its start on. */
static inline void direct_level(struct command *command, int level, int64_t start_ms)
{
	struct timetable_word *word = &command->directive.word;
	*word = (struct timetable_word){.has_level = true,
					.level = level,
					.time_ms = command->time_ms,
					.start_ms = start_ms};
	command->kind = COMMAND_DIRECTIVE;
	snprintf(word->id, sizeof(word->id), "%s", command->id);
	snprintf(word->issuer, sizeof(word->issuer), "%s", command->issuer);
}

#endif
