/* SPDX-License-Identifier: MIT */
#include "inbox_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "plain_text.h"
#include "post.h"
#include "signers.h"
#include "station_hour.h"

#define LINES_A_MINUTE 20
#define MINUTE_REAL_MS 60000
#define TRY_AGAIN_MS 1000

/* ---- the log: one line a fault, and a bound for floods ---- */

static bool may_log(struct inbox *inbox)
{
	int64_t now_ms = clock_monotonic_ms();
	if (now_ms - inbox->minute_ms >= MINUTE_REAL_MS) {
		if (inbox->unlogged > 0)
			log_warning(LOG_COMMAND_REFUSED, "mqtt: %d more commands were refused",
				    inbox->unlogged);
		inbox->minute_ms = now_ms;
		inbox->lines = inbox->unlogged = 0;
	}
	if (inbox->lines < LINES_A_MINUTE) {
		inbox->lines++;
		return true;
	}
	inbox->unlogged++;
	return false;
}

/* ---- one command ---- */

/* It may have words of the sender in it, cut anywhere. */
static void make_plain(char why[COMMAND_WHY_MAX])
{
	char text[COMMAND_WHY_MAX];
	memcpy(text, why, sizeof(text));
	plain_text_write(why, COMMAND_WHY_MAX, text);
}

/* A directive that cannot be read is kept and named like any other that is refused. False: not now.
 */
static bool keep_malformed(const struct visitor *visitor, const struct command *command,
			   enum time_quality time_quality)
{
	struct inbox *inbox = visitor->inbox;
	if (!visitor->malformed || command->kind != COMMAND_DIRECTIVE)
		return true;
	if (engine_unread(inbox->engine, command, visitor->answer.why, visitor->now_ms,
			  time_quality) != 0)
		return false;
	if (visitor->envelope.key)
		keyring_counter(&inbox->keyring, visitor->envelope.key);
	if (command->leapt_from != 0)
		inbox_tell_leap(command);
	return true;
}

/* Says what becomes of one that the engine does not get. False: it could not be said. */
static bool dismiss_visitor(struct visitor *visitor, const struct command *command,
			    enum time_quality time_quality)
{
	make_plain(visitor->answer.why);
	struct inbox *inbox = visitor->inbox;
	struct payload_head head = {
		.conf = inbox->conf, .time_ms = visitor->now_ms, .time_quality = time_quality};
	const struct command_answer *answer = &visitor->answer;
	const char *kind = command_kind_name(visitor->envelope.kind);
	const struct log_fields about = {.command = command->id};
	bool refused = answer->outcome == COMMAND_REFUSED;
	/* the engine tells what is wrong with the database */
	if (!keep_malformed(visitor, command, time_quality) || post_begin(inbox->store, &head) != 0)
		return false;
	char *reply = payload_reply(&head, command, answer);
	char *copy = reply && command->user[0] != '\0' ? strdup(reply) : NULL;
	if (post_commit(inbox->store, &head, "reply", reply) != 0) {
		free(copy);
		return false;
	}
	inbox_keep_reply(inbox, command, copy);
	inbox->counts.refused += refused;
	inbox->counts.accepted += !refused;
	if (!refused)
		log_line(LOG_LEVEL_NOTICE, LOG_COMMAND, &about, "command %s %s of %s: repeated",
			 kind, command->id, command->issuer);
	else if (may_log(inbox))
		log_line(LOG_LEVEL_WARNING, LOG_COMMAND_REFUSED, &about,
			 "command %s %s%srefused: %s", kind, command->id,
			 command->id[0] != '\0' ? " " : "", answer->why);
	return true;
}

/* What the database refuses for good, though memory would take it: told, not kept for ever. */
static bool give_up(struct visitor *visitor, const struct command *command,
		    enum time_quality time_quality, int error)
{
	visitor->answer = (struct command_answer){.outcome = COMMAND_REFUSED};
	snprintf(visitor->answer.why, sizeof(visitor->answer.why), "could not be kept: %s",
		 error > 0 ? store_strerror(error) : strerror(-error));
	return dismiss_visitor(visitor, command, time_quality);
}

/* False: the database did not take it. */
static bool give_message(struct visitor *visitor, struct command_message *message,
			 enum time_quality time_quality)
{
	struct inbox *inbox = visitor->inbox;
	struct command_answer answer = {.outcome = COMMAND_REFUSED};
	const struct command_key *key = visitor->envelope.key;
	char *reply = NULL;
	message->command.key = key ? key->name : NULL;
	message->command.counter = message->order.counter;
	message->command.reply = message->command.user[0] != '\0' ? &reply : NULL;
	int r = engine_command(inbox->engine, &message->command, visitor->now_ms, time_quality,
			       &answer);
	if (r == 0)
		inbox_keep_reply(inbox, &message->command, reply);
	else
		free(reply);
	if (r != 0) {
		if (inbox->tries == 0)
			log_error(LOG_COMMAND_REFUSED, "command %s %s: %s",
				  command_kind_name(visitor->envelope.kind), message->command.id,
				  store_strerror(r));
		return inbox->tries >= INBOX_TRIES - 1 &&
		       give_up(visitor, &message->command, time_quality, r);
	}
	inbox->counts.refused += answer.outcome == COMMAND_REFUSED;
	inbox->counts.accepted += answer.outcome != COMMAND_REFUSED;
	if (key)
		keyring_counter(&inbox->keyring, key);
	if (message->command.leapt_from != 0)
		inbox_tell_leap(&message->command);
	return true;
}

/* The counters of those before it stand now, so that its own may be the highest. */
static bool raise_counter(struct inbox *inbox, const struct settled *settled)
{
	int r = settled->counter == 0 ? 0 : store_begin(inbox->store);
	if (settled->counter == 0 || r != 0)
		return r == 0;
	r = signers_raise(inbox->store, settled->key->name, settled->counter);
	if (r == 0)
		r = store_commit(inbox->store);
	else
		store_rollback(inbox->store);
	if (r == 0)
		keyring_counter(&inbox->keyring, settled->key);
	return r == 0;
}

/* What a district's station tells of an hour. False: the database did not take it. */
static bool take_station_hour(struct inbox *inbox, const struct spool_entry *entry, int64_t now_ms,
			      enum time_quality time_quality)
{
	struct point_hour hour;
	char why[COMMAND_TEXT_MAX];
	if (!station_hour_parse(entry->payload, (size_t)entry->length, &hour, why)) {
		if (may_log(inbox))
			log_warning(LOG_COMMAND_REFUSED, "an hour of %.32s cannot be read: %s",
				    hour.station, why);
		return true;
	}
	int r = engine_point_hour(inbox->engine, &hour, now_ms, time_quality);
	bool gives_up = r != 0 && inbox->tries >= INBOX_TRIES - 1;
	if (gives_up && may_log(inbox))
		log_error(LOG_COMMANDS_LOST, "an hour of %.32s could not be kept: %s", hour.station,
			  r > 0 ? store_strerror(r) : strerror(-r));
	return r == 0 || gives_up;
}

/* False: it has to be tried again. */
static bool take_mail(struct inbox *inbox, const struct spool_entry *entry, int64_t now_ms,
		      enum time_quality time_quality)
{
	struct visitor visitor;
	const struct settled *settled = inbox_find_settled(inbox, entry->number);
	if (settled)
		return raise_counter(inbox, settled);
	if (strcmp(entry->kind, STATION_HOUR_KIND) == 0)
		return take_station_hour(inbox, entry, now_ms, time_quality);
	if (!inbox_visitor(inbox, entry, now_ms, &visitor))
		return true;
	if (entry->retained && visitor.envelope.kind != COMMAND_FORECAST) {
		inbox->counts.retained++;
		if (may_log(inbox))
			log_warning(LOG_COMMAND_REFUSED, "command %s ignored: it is retained",
				    entry->kind);
		return true;
	}
	bool good = inbox_check(&visitor, NULL, &inbox->message);
	inbox->message.command.in_memory = !entry->on_disk;
	if (good)
		return give_message(&visitor, &inbox->message, time_quality);
	return dismiss_visitor(&visitor, &inbox->message.command, time_quality);
}

/* ---- the spool ---- */

static void tell_spool(struct inbox *inbox)
{
	struct spool_state state;
	spool_get_state(inbox->spool, &state);
	if (state.failing && !inbox->told_volatile)
		log_error(LOG_SPOOL_FAILS,
			  "commands: %s; they are taken in memory, which a kill would lose",
			  state.why);
	if (!state.failing && inbox->told_volatile)
		log_notice(LOG_SPOOL_WORKS,
			   "commands: are on disk again before they are acknowledged");
	inbox->told_volatile = state.failing;
}

static void tell_found(const struct inbox *inbox)
{
	struct spool_state state;
	spool_get_state(inbox->spool, &state);
	if (state.found > 0)
		log_notice(LOG_COMMANDS_FOUND, "commands: %d were taken in before the last stop",
			   state.found);
	if (state.torn > 0)
		log_notice(LOG_COMMANDS_FOUND,
			   "commands: %lld bytes behind the last whole one were cut off",
			   (long long)state.torn);
	if (state.unreadable > 0)
		log_error(LOG_COMMANDS_LOST,
			  "commands: %lld bytes of those that were taken in cannot be read",
			  (long long)state.unreadable);
}

static void try_again_later(struct inbox *inbox)
{
	inbox->tries++;
	inbox->again_ms = clock_monotonic_ms() + TRY_AGAIN_MS;
}

static void let_go(struct inbox *inbox)
{
	if (!store_is_volatile(inbox->store))
		spool_cut(inbox->spool);
	tell_spool(inbox);
}

bool inbox_work(struct inbox *inbox, int64_t now_ms, enum time_quality time_quality)
{
	const struct spool_entry *entry = NULL;
	if (inbox->tries > 0 && clock_monotonic_ms() < inbox->again_ms)
		return false;
	if (inbox_is_gathering(inbox))
		return false;
	if (inbox->together && !inbox_judge_together(inbox, now_ms, time_quality)) {
		try_again_later(inbox);
		return false;
	}
	for (int i = 0; i < INBOX_AT_ONCE && (entry = spool_first(inbox->spool)); i++) {
		if (!take_mail(inbox, entry, now_ms, time_quality)) {
			try_again_later(inbox);
			break;
		}
		inbox->tries = 0;
		spool_pass(inbox->spool);
	}
	let_go(inbox);
	return entry && inbox->tries == 0;
}

void inbox_end(struct inbox *inbox)
{
	let_go(inbox);
	int lost = spool_save(inbox->spool);
	if (lost > 0)
		log_error(LOG_COMMANDS_LOST,
			  "commands: %d that were taken in are on no disk and are lost", lost);
}

int inbox_reset_counter(struct inbox *inbox, const char *name, int64_t *ret_before)
{
	return keyring_reset(&inbox->keyring, name, ret_before);
}

void inbox_started(struct inbox *inbox)
{
	gather_start(&inbox->gather, clock_monotonic_ms());
	engine_hold(inbox->engine);
}

void inbox_connected(struct inbox *inbox)
{
	gather_connect(&inbox->gather, clock_monotonic_ms());
	engine_hold(inbox->engine);
}

int64_t inbox_due_ms(const struct inbox *inbox)
{
	return inbox->tries > 0 ? inbox->again_ms : gather_due_ms(&inbox->gather);
}

struct command_counts inbox_counts(const struct inbox *inbox)
{
	return inbox->counts;
}

struct inbox *inbox_new(const struct conf *conf, struct store *store, struct engine *engine,
			struct spool *spool)
{
	struct inbox *inbox = calloc(1, sizeof(*inbox));
	if (!inbox)
		return NULL;
	inbox->conf = conf;
	inbox->store = store;
	inbox->engine = engine;
	inbox->spool = spool;
	keyring_init(&inbox->keyring, conf, store);
	inbox->minute_ms = clock_monotonic_ms();
	tell_found(inbox);
	return inbox;
}

struct inbox *inbox_free(struct inbox *inbox)
{
	for (int i = 0; inbox && i < INBOX_REPLIES_MAX; i++)
		free(inbox->replies[i].text);
	free(inbox);
	return NULL;
}
