/* SPDX-License-Identifier: MIT */
/* A command is kept with the answer it got, so that it gets the same one when it comes again. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "command_json.h"
#include "command_quota.h"
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

void engine_tell_quota(struct engine *engine, const struct command *command, int64_t gone)
{
	const char *kind = command_kind_name(command->kind);
	const struct command_quota quota = command_quota_of(engine->store, kind);
	int64_t now_ms = clock_monotonic_ms(), *told_ms = &engine->quota_told_ms[command->kind];
	if (gone == 0 || (*told_ms != 0 && now_ms - *told_ms < HOUR_MS))
		return;
	*told_ms = now_ms;
	if (gone == COMMAND_QUOTA_NOTHING_GOES)
		log_warning(LOG_QUOTA,
			    "database: the quota of commands of kind %s is used up (%lld rows, %lld"
			    " KiB); none of them may go, more are taken all the same",
			    kind, (long long)quota.rows, (long long)quota.bytes / 1024);
	else
		log_warning(LOG_QUOTA,
			    "database: the quota of commands of kind %s is used up (%lld rows, %lld"
			    " KiB); the oldest rows of table %s go",
			    kind, (long long)quota.rows, (long long)quota.bytes / 1024,
			    quota.table);
}

/* What nobody signed is kept without what says nothing, so that it takes no more room than it
 * needs; what a district relayed, without its signature's counter, which is another each time. The
 * heap, or the text itself. NULL: no memory. */
static const char *kept_text(const struct command *command, char **ret_heap)
{
	bool relayed = command->relayed_by[0] != '\0';
	if (relayed)
		*ret_heap = command_relayed_text(command->json);
	else
		*ret_heap = command->key ? NULL : command_normal_text(command->json);
	return command->key && !relayed ? command->json : *ret_heap;
}

static struct command_row row_of(const struct command *command, const char *text)
{
	return (struct command_row){.id = command->id,
				    .kind = command_kind_name(command->kind),
				    .key = command->key,
				    .user = command->user,
				    .issuer = command->issuer,
				    .json = text,
				    .raw = command->json,
				    .time_ms = command->time_ms};
}

int engine_keep_command(struct engine *engine, const struct command *command, int64_t now_ms,
			const struct command_answer *answer, char ret_name[COMMANDS_NAME_MAX])
{
	char *heap = NULL;
	int64_t gone = 0;
	struct command_row row = row_of(command, kept_text(command, &heap));
	row.received_ms = now_ms;
	row.accepted = answer->outcome == COMMAND_ACCEPTED;
	row.why = answer->why;
	if (!row.json)
		return -ENOMEM;
	int r = command_quota_make_room(engine->store, row.kind, strlen(row.json), &gone);
	if (r == 0)
		r = commands_put(engine->store, &row, ret_name);
	if (r == 0)
		engine_tell_quota(engine, command, gone);
	free(heap);
	return r;
}

int engine_find_answer(struct engine *engine, const struct command *command,
		       struct command_answer *ret)
{
	char *heap = NULL;
	const struct command_row row = row_of(command, kept_text(command, &heap));
	bool same = false, accepted = false;
	int r = row.json ? commands_find(engine->store, &row, &same, &accepted, ret->why) : -ENOMEM;
	free(heap);
	if (r != 0)
		return r;
	ret->outcome = accepted && same ? COMMAND_REPEATED : COMMAND_REFUSED;
	if (!same)
		snprintf(ret->why, sizeof(ret->why), "id: another command had it");
	return 0;
}
