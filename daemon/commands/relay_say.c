/* SPDX-License-Identifier: MIT */
/* One command to one station, in the contract's envelope. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "relay_inside.h"
#include "relay_text.h"
#include "sign.h"
#include "signers.h"

#define VALID_MS INT64_C(86400000) /* the counter is what keeps an old one out */

/* As high as the time in ms, so that a district that lost its database is believed all the same. */
static struct relay_order next_order(struct relay *relay, int station, int64_t now_ms)
{
	struct relay_order order = {.district = relay->conf->station.id};
	relay->counter = now_ms > relay->counter ? now_ms : relay->counter + 1;
	snprintf(order.order.target, sizeof(order.order.target), "%s",
		 relay->conf->roster.stations[station].id);
	order.order.counter = relay->counter;
	order.order.not_after_ms = now_ms + VALID_MS;
	return order;
}

void relay_keep_counter(struct relay *relay)
{
	if (relay->counter == relay->stored || store_begin(relay->store) != 0)
		return;
	int r = signers_raise(relay->store, relay->counter_name, relay->counter);
	if (r == 0)
		r = store_commit(relay->store);
	else
		store_rollback(relay->store);
	relay->stored = r == 0 ? relay->counter : relay->stored;
}

static void tell_key(struct relay *relay, bool works)
{
	if (!works && !relay->told_key)
		log_error(
			LOG_RELAY_REFUSED,
			"relay: %s is not a readable Ed25519 or SM2 private key; the stations hear "
			"nothing of this district",
			relay->conf->relay.key_file);
	if (works && relay->told_key)
		log_notice(LOG_RELAY, "relay: %s can be read again", relay->conf->relay.key_file);
	relay->told_key = !works;
}

/* Takes the JSON. 0, STORE_E_NONE (there is none), -EIO without a signature, -ENOMEM. */
static int say_signed(struct relay *relay, int station, const char *kind, char *json)
{
	char topic[PAYLOAD_TOPIC_MAX], signature[SIGN_TEXT_SIZE];
	const struct relay_conf *conf = &relay->conf->relay;
	const char *id = relay->conf->roster.stations[station].id;
	if (!json)
		return STORE_E_NONE;
	snprintf(topic, sizeof(topic), "%.110s%.32s/cmd/%.16s", relay->prefix, id, kind);
	bool works = sign_make(conf->key_file, topic, json, strlen(json), signature);
	tell_key(relay, works);
	char *payload = works ? relay_envelope(conf->key_name, signature, json) : NULL;
	free(json);
	if (!payload)
		return works ? -ENOMEM : -EIO;
	relay->env.say(relay->env.ctx, id, kind, payload);
	return 0;
}

int relay_say_command(struct relay *relay, int station, const struct relay_command *command,
		      int64_t now_ms)
{
	char *text = NULL;
	int r = relays_text(relay->store, command->name, &text);
	if (r != 0)
		return r;
	const struct relay_order order = next_order(relay, station, now_ms);
	char *json = relay_text(text, &order);
	free(text);
	return say_signed(relay, station, command->kind, json);
}

int relay_say_resend(struct relay *relay, int station, const struct resend *resend, int64_t now_ms)
{
	char *id = relay->stations[station].asked.id;
	const struct relay_order order = next_order(relay, station, now_ms);
	snprintf(id, COMMAND_ID_MAX, "resend-%lld", (long long)order.order.counter);
	return say_signed(relay, station, command_kind_name(COMMAND_RESEND),
			  relay_resend(id, now_ms, resend, &order));
}
