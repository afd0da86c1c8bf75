/* SPDX-License-Identifier: MIT */
/* Commands that people type on this machine: into the spool, and what was answered to them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inbox_inside.h"
#include "log.h"

/* ---- in ---- */

static enum spool_kept append_typed(struct inbox *inbox, const struct inbox_typed *typed,
				    const struct box_mark *mark)
{
	size_t length = strlen(typed->payload);
	char line[BOX_MARK_MAX];
	size_t n = box_mark_write(mark, line);
	char *payload = length < SPOOL_PAYLOAD_MAX - BOX_MARK_MAX ? malloc(n + length) : NULL;
	if (!payload)
		return SPOOL_REFUSED;
	memcpy(payload, line, n);
	memcpy(payload + n, typed->payload, length);
	enum spool_kept kept = spool_append(inbox->spool, command_kind_name(typed->kind),
					    SPOOL_FROM_BOX, payload, (int)(n + length));
	free(payload);
	return kept;
}

/* Whoever gave an id before asks for the answer to this one now. */
static void forget_reply(struct inbox *inbox, enum command_kind kind, const char *id)
{
	for (int i = 0; i < INBOX_REPLIES_MAX; i++) {
		struct inbox_reply *reply = &inbox->replies[i];
		if (reply->kind != kind || strcmp(reply->id, id) != 0)
			continue;
		free(reply->text);
		reply->text = NULL;
	}
}

/* What is not whole is told when its turn comes. */
static void note_typed(struct inbox *inbox, const struct inbox_typed *typed,
		       const struct envelope *envelope)
{
	struct command_message *message = &inbox->message;
	command_parse(typed->kind, envelope->json, envelope->n, &inbox->conf->plan, message);
	forget_reply(inbox, typed->kind, message->command.id);
	const struct log_fields about = {.command = message->command.id};
	log_line(LOG_LEVEL_NOTICE, LOG_COMMAND_TYPED, &about, "command %s %s: typed here by %s",
		 command_kind_name(typed->kind), message->command.id, typed->user);
}

/* What came from the network and waits keeps nobody at the station out. */
static int count_typed(struct inbox *inbox)
{
	int n = 0;
	for (const struct spool_entry *entry = spool_first(inbox->spool); entry;
	     entry = spool_next(inbox->spool, entry))
		n += entry->from_box;
	return n;
}

enum spool_kept inbox_type(struct inbox *inbox, const struct inbox_typed *typed,
			   char why[COMMAND_WHY_MAX])
{
	struct box_mark mark = {.needs_key = typed->needs_key};
	struct envelope envelope = {.kind = typed->kind,
				    .trust = typed->needs_key ? TRUST_BY_KEY : TRUST_BY_SYSTEM,
				    .json = typed->payload,
				    .n = strlen(typed->payload)};
	enum spool_kept kept = SPOOL_REFUSED;
	snprintf(mark.user, sizeof(mark.user), "%s", typed->user);
	if (!keyring_open(&inbox->keyring, &envelope, why))
		return SPOOL_REFUSED;
	if (count_typed(inbox) >= INBOX_TYPED_WAITING_MAX)
		snprintf(why, COMMAND_WHY_MAX, "%d commands wait already; try again later",
			 INBOX_TYPED_WAITING_MAX);
	else if ((kept = append_typed(inbox, typed, &mark)) == SPOOL_REFUSED)
		snprintf(why, COMMAND_WHY_MAX, "larger than 64 KiB, or no room to keep it");
	else
		note_typed(inbox, typed, &envelope);
	return kept;
}

/* ---- out ---- */

void inbox_keep_reply(struct inbox *inbox, const struct command *command, char *text)
{
	if (!text)
		return;
	inbox->newest_reply = (inbox->newest_reply + 1) % INBOX_REPLIES_MAX;
	struct inbox_reply *reply = &inbox->replies[inbox->newest_reply];
	free(reply->text);
	*reply = (struct inbox_reply){.kind = command->kind, .text = text};
	memcpy(reply->id, command->id, sizeof(reply->id));
}

const char *inbox_reply(const struct inbox *inbox, enum command_kind kind, const char *id)
{
	for (int i = 0; i < INBOX_REPLIES_MAX; i++) { /* the newest first: users may share an id */
		int at = (inbox->newest_reply + INBOX_REPLIES_MAX - i) % INBOX_REPLIES_MAX;
		const struct inbox_reply *reply = &inbox->replies[at];
		if (reply->text && reply->kind == kind && strcmp(reply->id, id) == 0)
			return reply->text;
	}
	return NULL;
}
