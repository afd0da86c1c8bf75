/* SPDX-License-Identifier: MIT */
#include "inbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "announce.h"
#include "clock.h"
#include "commands.h"
#include "inbox_json.h"
#include "log.h"
#include "sign.h"
#include "signers.h"

#define LINES_A_MINUTE 20
#define MINUTE_REAL_MS 60000
#define HEADER_MAX 256

struct inbox {
	const struct conf *conf;
	struct store *store;
	struct engine *engine;
	char prefix[PAYLOAD_PREFIX_MAX];
	struct command_counts counts;
	int64_t minute_ms; /* monotonic: since then `lines` were logged */
	int lines, unlogged;
	int64_t counters[CONF_KEYS_MAX]; /* of the keys: known even where the disk cannot be read */
	int n_held;
	struct mqtt_event held[INBOX_HELD_MAX];
	struct inbox_message message; /* too large for a stack */
};

/* One command on its way through the checks. */
struct visitor {
	struct inbox *inbox;
	enum command_kind kind;
	const char *json;
	size_t n;
	const struct command_key *key; /* who signed; NULL: nobody, or nobody was asked to */
	int64_t now_ms;
	struct command_answer answer; /* if it does not come as far as the engine */
};

/* ---- the log: one line a fault, and a bound for floods ---- */

static bool may_log(struct inbox *inbox)
{
	int64_t now_ms = clock_monotonic_ms();
	if (now_ms - inbox->minute_ms >= MINUTE_REAL_MS) {
		if (inbox->unlogged > 0)
			log_warning("mqtt: %d more commands were refused", inbox->unlogged);
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

/* ---- signatures ---- */

static const struct command_key *find_key(const struct mqtt_conf *conf, const char *name, size_t n)
{
	for (int i = 0; i < conf->n_keys; i++) {
		if (strlen(conf->keys[i].name) == n && memcmp(conf->keys[i].name, name, n) == 0)
			return &conf->keys[i];
	}
	return NULL;
}

/* "hazewatch-sig-1 <key> <base64>\n": the JSON begins after it. False if that is not its form. */
static bool split(struct visitor *visitor, char header[HEADER_MAX])
{
	const char *end = memchr(visitor->json, '\n', visitor->n);
	size_t n = end ? (size_t)(end - visitor->json) : HEADER_MAX;
	if (n >= HEADER_MAX)
		return false;
	memcpy(header, visitor->json, n);
	header[n] = '\0';
	visitor->json += n + 1;
	visitor->n -= n + 1;
	return strlen(header) == n;
}

static bool verify(struct visitor *visitor, const char *header)
{
	const struct inbox *inbox = visitor->inbox;
	const char *name = header + strlen(SIGN_MARK), *space = strchr(name, ' ');
	char topic[MQTT_TOPIC_MAX];
	if (!space) {
		snprintf(visitor->answer.why, sizeof(visitor->answer.why),
			 "signature: no key name and base64");
		return false;
	}
	visitor->key = find_key(&inbox->conf->mqtt, name, (size_t)(space - name));
	snprintf(topic, sizeof(topic), "%scmd/%s", inbox->prefix, command_kind_name(visitor->kind));
	if (!visitor->key)
		snprintf(visitor->answer.why, sizeof(visitor->answer.why),
			 "signature: unknown key %.*s",
			 (int)(space - name < 64 ? space - name : 64), name);
	else if (!sign_verify(visitor->key->public, topic, visitor->json, visitor->n, space + 1))
		snprintf(visitor->answer.why, sizeof(visitor->answer.why),
			 "signature: does not match");
	return visitor->answer.why[0] == '\0';
}

/* Takes the envelope off. False if a signature is needed and is not there, or is not good. */
static bool open_envelope(struct visitor *visitor)
{
	char header[HEADER_MAX];
	bool needed = visitor->inbox->conf->mqtt.n_keys > 0 && visitor->kind != COMMAND_RECEIPT;
	bool there = strncmp(visitor->json, SIGN_MARK, strlen(SIGN_MARK)) == 0;
	if (there && !split(visitor, header))
		snprintf(visitor->answer.why, sizeof(visitor->answer.why),
			 "signature: no line of its own");
	else if (needed && !there)
		snprintf(visitor->answer.why, sizeof(visitor->answer.why), "signature: missing");
	else if (needed)
		return verify(visitor, header);
	return visitor->answer.why[0] == '\0';
}

/* The highest counter of a key that was ever seen here or is stored. */
static int64_t highest(struct inbox *inbox, const struct command_key *key)
{
	int64_t *known = &inbox->counters[key - inbox->conf->mqtt.keys], stored = 0;
	if (signers_counter(inbox->store, key->name, &stored) == 0 && stored > *known)
		*known = stored;
	return *known;
}

/* The same command once more: it is not done again, and its answer is what it was. */
static bool is_repeated(struct visitor *visitor, const struct command *command)
{
	const struct command_row row = {
		.id = command->id, .kind = command_kind_name(command->kind), .json = command->json};
	struct command_answer *answer = &visitor->answer;
	bool same = false, accepted = false;
	if (commands_find(visitor->inbox->store, &row, &same, &accepted, answer->why) != 0 || !same)
		return false;
	answer->outcome = accepted ? COMMAND_REPEATED : COMMAND_REFUSED;
	return true;
}

static bool is_fresh(struct visitor *visitor, const struct inbox_message *message)
{
	const struct inbox_order *order = &message->order;
	int64_t counter = highest(visitor->inbox, visitor->key);
	char *why = visitor->answer.why;
	if (order->counter == 0 || order->not_after_ms == 0 || order->target[0] == '\0')
		snprintf(why, COMMAND_TEXT_MAX,
			 "target, counter, not_after: missing under a signature");
	else if (order->not_after_ms < visitor->now_ms)
		snprintf(why, COMMAND_TEXT_MAX, "not_after: has passed");
	else if (order->counter > counter)
		return true;
	else if (!is_repeated(visitor, &message->command))
		snprintf(why, COMMAND_TEXT_MAX, "counter: %lld is not above %lld",
			 (long long)order->counter, (long long)counter);
	return false;
}

/* ---- one command ---- */

static bool check(struct visitor *visitor, struct inbox_message *message)
{
	const struct conf *conf = visitor->inbox->conf;
	*message = (struct inbox_message){.command.kind = visitor->kind};
	if (!open_envelope(visitor))
		return false;
	if (!inbox_parse(visitor->kind, visitor->json, visitor->n, &conf->plan, message)) {
		snprintf(visitor->answer.why, sizeof(visitor->answer.why), "%s", message->why);
		return false;
	}
	if (message->order.target[0] != '\0' &&
	    strcmp(message->order.target, conf->station.id) != 0)
		snprintf(visitor->answer.why, sizeof(visitor->answer.why),
			 "target: is not this station");
	else if (visitor->key)
		return is_fresh(visitor, message);
	return visitor->answer.why[0] == '\0';
}

/* Says what becomes of one that the engine does not get. */
static void dismiss(struct visitor *visitor, const struct command *command,
		    enum time_quality time_quality)
{
	struct inbox *inbox = visitor->inbox;
	const struct announcement when = {.now_ms = visitor->now_ms, .time_quality = time_quality};
	const struct command_answer *answer = &visitor->answer;
	const char *kind = command_kind_name(visitor->kind);
	bool refused = answer->outcome == COMMAND_REFUSED;
	inbox->counts.refused += refused;
	inbox->counts.accepted += !refused;
	if (!refused)
		log_notice("command %s %s of %s: repeated", kind, command->id, command->issuer);
	else if (may_log(inbox))
		log_warning("command %s %s%srefused: %s", kind, command->id,
			    command->id[0] != '\0' ? " " : "", answer->why);
	if (store_begin(inbox->store) != 0)
		return; /* the engine tells what is wrong with the database */
	if (announce_reply(inbox->conf, inbox->store, &when, command, answer) == 0)
		store_commit(inbox->store);
	else
		store_rollback(inbox->store);
}

static void give(struct visitor *visitor, struct inbox_message *message,
		 enum time_quality time_quality)
{
	struct inbox *inbox = visitor->inbox;
	struct command_answer answer = {.outcome = COMMAND_REFUSED};
	message->command.key = visitor->key ? visitor->key->name : NULL;
	message->command.counter = message->order.counter;
	int r = engine_command(inbox->engine, &message->command, visitor->now_ms, time_quality,
			       &answer);
	if (r == 0 && answer.outcome == COMMAND_REFUSED)
		inbox->counts.refused++;
	else if (r == 0)
		inbox->counts.accepted++;
	else
		log_error("command %s %s: %s", command_kind_name(visitor->kind),
			  message->command.id, store_strerror(r));
	if (r == 0 && visitor->key)
		highest(inbox, visitor->key);
}

static void take(struct inbox *inbox, const struct mqtt_event *event, int64_t now_ms,
		 enum time_quality time_quality)
{
	struct visitor visitor = {.inbox = inbox,
				  .json = event->payload,
				  .n = (size_t)event->length,
				  .now_ms = now_ms,
				  .answer = {.outcome = COMMAND_REFUSED}};
	if (!command_kind_parse(event->text, &visitor.kind))
		return;
	if (event->retained && visitor.kind != COMMAND_FORECAST) {
		inbox->counts.retained++;
		if (may_log(inbox))
			log_warning("command %s ignored: it is retained", event->text);
		return;
	}
	if (check(&visitor, &inbox->message))
		give(&visitor, &inbox->message, time_quality);
	else
		dismiss(&visitor, &inbox->message.command, time_quality);
}

/* ---- those that wait ---- */

void inbox_put(void *ctx, const struct mqtt_event *event)
{
	struct inbox *inbox = ctx;
	if (inbox->n_held < INBOX_HELD_MAX) {
		inbox->held[inbox->n_held++] = *event;
		return;
	}
	inbox->counts.dropped++;
	if (may_log(inbox))
		log_warning("command %s dropped: %d wait already", event->text, INBOX_HELD_MAX);
	free(event->payload);
}

void inbox_work(struct inbox *inbox, int64_t now_ms, enum time_quality time_quality)
{
	for (int i = 0; i < inbox->n_held; i++) {
		take(inbox, &inbox->held[i], now_ms, time_quality);
		free(inbox->held[i].payload);
	}
	inbox->n_held = 0;
}

struct command_counts inbox_counts(const struct inbox *inbox)
{
	return inbox->counts;
}

struct inbox *inbox_new(const struct conf *conf, struct store *store, struct engine *engine)
{
	struct inbox *inbox = calloc(1, sizeof(*inbox));
	if (!inbox)
		return NULL;
	inbox->conf = conf;
	inbox->store = store;
	inbox->engine = engine;
	payload_prefix(conf, inbox->prefix);
	inbox->minute_ms = clock_monotonic_ms();
	for (int i = 0; i < conf->mqtt.n_keys; i++)
		highest(inbox, &conf->mqtt.keys[i]);
	return inbox;
}

struct inbox *inbox_free(struct inbox *inbox)
{
	if (!inbox)
		return NULL;
	for (int i = 0; i < inbox->n_held; i++)
		free(inbox->held[i].payload);
	free(inbox);
	return NULL;
}
