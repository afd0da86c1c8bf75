/* SPDX-License-Identifier: MIT */
/* Whether a command is whole, and from whom it comes. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "inbox_inside.h"
#include "log.h"

/* The same command once more: it is not done again, and its answer is what it was. */
static bool is_repeated_command(struct visitor *visitor, const struct command *command)
{
	const struct command_row row = {.id = command->id,
					.kind = command_kind_name(command->kind),
					.key = visitor->envelope.key->name,
					.user = visitor->mark.user,
					.json = command->json};
	struct command_answer *answer = &visitor->answer;
	bool same = false, accepted = false;
	if (commands_find(visitor->inbox->store, &row, &same, &accepted, answer->why) != 0 || !same)
		return false;
	answer->outcome = accepted ? COMMAND_REPEATED : COMMAND_REFUSED;
	return true;
}

/* What its key is known to have counted to. */
static int64_t find_counter(struct visitor *visitor, const int64_t *taken)
{
	const struct command_key *key = visitor->envelope.key;
	int64_t counter = keyring_counter(&visitor->inbox->keyring, key);
	int64_t other = taken ? taken[key - visitor->inbox->conf->mqtt.keys] : 0;
	return other > counter ? other : counter;
}

static bool is_fresh(struct visitor *visitor, const int64_t *taken, struct command_message *message)
{
	const struct command_order *order = &message->order;
	int64_t counter = find_counter(visitor, taken);
	char *why = visitor->answer.why;
	if (order->counter == 0 || order->not_after_ms == 0 || order->target[0] == '\0')
		snprintf(why, COMMAND_TEXT_MAX,
			 "target, counter, not_after: missing under a signature");
	else if (order->not_after_ms < visitor->now_ms)
		snprintf(why, COMMAND_TEXT_MAX, "not_after: has passed");
	else if (order->counter > counter) {
		message->command.leapt_from = keyring_leaps(counter, order->counter) ? counter : 0;
		return true;
	} else if (!is_repeated_command(visitor, &message->command))
		snprintf(why, COMMAND_TEXT_MAX, "counter: %lld is not above %lld",
			 (long long)order->counter, (long long)counter);
	return false;
}

/* Whether one that cannot be read may yet be new, as far as it could be: nobody who has old ones
 * brings them up again. */
static bool may_be_new(struct visitor *visitor, const int64_t *taken,
		       struct command_message *message)
{
	const struct command_order *order = &message->order;
	if (!visitor->envelope.key)
		return true;
	if (order->not_after_ms != 0 && order->not_after_ms < visitor->now_ms)
		return false;
	int64_t counter = find_counter(visitor, taken);
	message->command.key = visitor->envelope.key->name;
	message->command.counter = order->counter;
	message->command.leapt_from = keyring_leaps(counter, order->counter) ? counter : 0;
	return order->counter == 0 || order->counter > counter;
}

/* ---- one command ---- */

bool inbox_visitor(struct inbox *inbox, const struct spool_entry *entry, int64_t now_ms,
		   struct visitor *ret)
{
	*ret = (struct visitor){.inbox = inbox,
				.envelope = {.json = entry->payload, .n = (size_t)entry->length},
				.now_ms = now_ms,
				.answer = {.outcome = COMMAND_REFUSED}};
	if (entry->from_box) {
		const char *json = box_mark_read(entry->payload, &ret->mark);
		if (!json) /* a damaged one needs a key, and has none */
			json = entry->payload;
		ret->envelope.n -= (size_t)(json - entry->payload);
		ret->envelope.json = json;
		ret->envelope.trust = ret->mark.needs_key ? TRUST_BY_KEY : TRUST_BY_SYSTEM;
	}
	return command_kind_parse(entry->kind, &ret->envelope.kind);
}

bool inbox_check(struct visitor *visitor, const int64_t *taken, struct command_message *message)
{
	const struct conf *conf = visitor->inbox->conf;
	struct envelope *envelope = &visitor->envelope;
	*message = (struct command_message){.command.kind = envelope->kind};
	if (!keyring_open(&visitor->inbox->keyring, envelope, visitor->answer.why))
		return false;
	bool whole =
		command_parse(envelope->kind, envelope->json, envelope->n, &conf->plan, message);
	bool ours = message->order.target[0] == '\0' ||
		    strcmp(message->order.target, conf->station.id) == 0;
	memcpy(message->command.user, visitor->mark.user, sizeof(message->command.user));
	if (!whole) {
		snprintf(visitor->answer.why, sizeof(visitor->answer.why), "%s", message->why);
		visitor->malformed = ours && may_be_new(visitor, taken, message);
		return false;
	}
	if (!ours)
		snprintf(visitor->answer.why, sizeof(visitor->answer.why),
			 "target: is not this station");
	else if (envelope->key)
		return is_fresh(visitor, taken, message);
	return visitor->answer.why[0] == '\0';
}

void inbox_tell_leap(const struct command *command)
{
	log_warning(
		LOG_COUNTER_LEAPS,
		"command %s %s: the counter of the key %s leaps from %lld to %lld; only what is "
		"above that counts from now on (hazewatch keys reset %s)",
		command_kind_name(command->kind), command->id, command->key,
		(long long)command->leapt_from, (long long)command->counter, command->key);
}
