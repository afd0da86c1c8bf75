/* SPDX-License-Identifier: MIT */
/* A command is kept with the answer it got, so that it gets the same one when it comes again. */
#include <stdio.h>

#include "commands.h"
#include "engine_inside.h"
#include "log.h"

void engine_log_answer(const struct command *command, const struct command_answer *answer,
		       int64_t passed_over_by)
{
	const struct log_fields about = {.command = command->id};
	if (passed_over_by != 0) {
		log_line(LOG_LEVEL_NOTICE, LOG_COMMAND, &about,
			 "command %s %s of %s: %s, passed over by directive %lld",
			 command_kind_name(command->kind), command->id, command->issuer,
			 command_outcome_name(answer->outcome), (long long)passed_over_by);
		return;
	}
	log_line(LOG_LEVEL_NOTICE, LOG_COMMAND, &about, "command %s %s of %s: %s%s%s",
		 command_kind_name(command->kind), command->id, command->issuer,
		 command_outcome_name(answer->outcome), answer->why[0] ? ": " : "", answer->why);
}

int engine_keep_command(struct engine *engine, const struct command *command, int64_t now_ms,
			const struct command_answer *answer, char ret_name[COMMANDS_NAME_MAX])
{
	const struct command_row row = {.id = command->id,
					.kind = command_kind_name(command->kind),
					.key = command->key,
					.user = command->user,
					.issuer = command->issuer,
					.json = command->json,
					.time_ms = command->time_ms,
					.received_ms = now_ms,
					.accepted = answer->outcome == COMMAND_ACCEPTED,
					.why = answer->why};
	return commands_put(engine->store, &row, ret_name);
}

int engine_find_answer(struct engine *engine, const struct command *command,
		       struct command_answer *ret)
{
	const struct command_row row = {.id = command->id,
					.kind = command_kind_name(command->kind),
					.key = command->key,
					.user = command->user,
					.json = command->json};
	bool same, accepted;
	int r = commands_find(engine->store, &row, &same, &accepted, ret->why);
	if (r != 0)
		return r;
	ret->outcome = accepted && same ? COMMAND_REPEATED : COMMAND_REFUSED;
	if (!same)
		snprintf(ret->why, sizeof(ret->why), "id: another command had it");
	return 0;
}
