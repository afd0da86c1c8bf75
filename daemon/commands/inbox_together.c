/* SPDX-License-Identifier: MIT */
/*
 * After a start or a connect a backlog comes: its directives and slips are judged together, before
 * their turn among the other commands. Those follow one after the other, and a key's counter is
 * raised in that order, so that a kill in between refuses none of them.
 */
#include <errno.h>
#include <stdlib.h>

#include "clock.h"
#include "inbox_inside.h"
#include "log.h"

struct gathered {
	int64_t number;
	const struct command_key *key;
	int64_t counter; /* of the key */
	struct command command;
	char *reply; /* to one that was typed here */
};

struct gathering {
	struct inbox *inbox;
	int n;
	struct gathered *list[ENGINE_TOGETHER_MAX];
	int64_t counters[CONF_KEYS_MAX]; /* that they use */
	bool passes;                     /* one that is not among them comes before the next */
};

bool inbox_is_gathering(struct inbox *inbox)
{
	int64_t now_ms = clock_monotonic_ms();
	struct spool_state state;
	if (inbox->together || !gather_is_open(&inbox->gather))
		return false;
	spool_get_state(inbox->spool, &state);
	if (state.waiting > inbox->waiting)
		gather_word(&inbox->gather, now_ms);
	inbox->waiting = state.waiting;
	if (!gather_close(&inbox->gather, now_ms))
		return true;
	inbox->together = true;
	inbox->waiting = 0;
	return false;
}

const struct settled *inbox_find_settled(const struct inbox *inbox, int64_t number)
{
	for (int i = 0; i < inbox->n_settled; i++) {
		if (inbox->settled[i].number == number)
			return &inbox->settled[i];
	}
	return NULL;
}

/* What cannot be taken now is refused when its turn comes. */
static bool add_entry(struct gathering *gathering, const struct spool_entry *entry, int64_t now_ms)
{
	struct inbox *inbox = gathering->inbox;
	struct command_message *message = &inbox->message;
	struct visitor visitor;
	if (!inbox_visitor(inbox, entry, now_ms, &visitor) || entry->retained ||
	    (visitor.envelope.kind != COMMAND_DIRECTIVE &&
	     visitor.envelope.kind != COMMAND_RELEASE) ||
	    !inbox_check(&visitor, gathering->counters, message))
		return false;
	struct gathered *gathered = malloc(sizeof(*gathered));
	if (!gathered)
		return false;
	*gathered = (struct gathered){entry->number, visitor.envelope.key, message->order.counter,
				      message->command, NULL};
	gathered->command.in_memory = !entry->on_disk;
	if (gathered->command.user[0] != '\0')
		gathered->command.reply = &gathered->reply;
	if (gathered->key) {
		gathering->counters[gathered->key - inbox->conf->mqtt.keys] = gathered->counter;
		gathered->command.key = gathered->key->name;
		gathered->command.counter = gathering->passes ? 0 : gathered->counter;
	}
	gathering->list[gathering->n++] = gathered;
	return true;
}

static void settle_gathered(struct gathering *gathering, const struct command_answer answers[])
{
	struct inbox *inbox = gathering->inbox;
	inbox->n_settled = 0;
	for (int i = 0; i < gathering->n; i++) {
		struct gathered *gathered = gathering->list[i];
		inbox_keep_reply(inbox, &gathered->command, gathered->reply);
		gathered->reply = NULL;
		bool waits = gathered->key && gathered->command.counter == 0;
		inbox->settled[inbox->n_settled++] = (struct settled){
			gathered->number, gathered->key, waits ? gathered->counter : 0};
		inbox->counts.refused += answers[i].outcome == COMMAND_REFUSED;
		inbox->counts.accepted += answers[i].outcome != COMMAND_REFUSED;
		if (gathered->key && !waits)
			keyring_counter(&inbox->keyring, gathered->key);
		if (gathered->command.leapt_from != 0)
			inbox_tell_leap(&gathered->command);
	}
}

/* 0, or a store error. */
static int judge_gathered(struct gathering *gathering, int64_t now_ms,
			  enum time_quality time_quality)
{
	static const struct command *commands[ENGINE_TOGETHER_MAX];
	struct command_answer *answers = calloc((size_t)gathering->n + 1, sizeof(*answers));
	if (!answers)
		return -ENOMEM;
	for (int i = 0; i < gathering->n; i++)
		commands[i] = &gathering->list[i]->command;
	const struct engine_together together = {gathering->n, commands, answers};
	int r = engine_directives(gathering->inbox->engine, &together, now_ms, time_quality);
	if (r == 0)
		settle_gathered(gathering, answers);
	free(answers);
	return r;
}

bool inbox_judge_together(struct inbox *inbox, int64_t now_ms, enum time_quality time_quality)
{
	struct gathering *gathering = calloc(1, sizeof(*gathering));
	if (!gathering)
		return false;
	gathering->inbox = inbox;
	for (const struct spool_entry *entry = spool_first(inbox->spool);
	     entry && gathering->n < ENGINE_TOGETHER_MAX; entry = spool_next(inbox->spool, entry)) {
		if (!add_entry(gathering, entry, now_ms))
			gathering->passes = true;
	}
	int r = judge_gathered(gathering, now_ms, time_quality);
	if (r != 0 && inbox->tries == 0)
		log_error(LOG_COMMAND_REFUSED, "%d commands that came together: %s", gathering->n,
			  r > 0 ? store_strerror(r) : "no memory");
	for (int i = 0; i < gathering->n; i++) {
		free(gathering->list[i]->reply);
		free(gathering->list[i]);
	}
	free(gathering);
	if (r != 0 && inbox->tries < INBOX_TRIES - 1)
		return false;
	inbox->tries = 0; /* what failed is tried one by one */
	inbox->together = false;
	if (gather_is_open(&inbox->gather))
		engine_hold(inbox->engine);
	return true;
}
