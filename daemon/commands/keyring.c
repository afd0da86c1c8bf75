/* SPDX-License-Identifier: MIT */
#include "keyring.h"

#include <stdio.h>
#include <string.h>

#include "sign.h"
#include "signers.h"

#define HEADER_MAX 256
#define LEAP 1000

void keyring_init(struct keyring *keyring, const struct conf *conf, struct store *store)
{
	*keyring = (struct keyring){.conf = &conf->mqtt, .store = store};
	payload_prefix(conf, keyring->prefix);
	for (int i = 0; i < conf->mqtt.n_keys; i++)
		keyring_counter(keyring, &conf->mqtt.keys[i]);
}

static const struct command_key *find_command_key(const struct mqtt_conf *conf, const char *name,
						  size_t n)
{
	for (int i = 0; i < conf->n_keys; i++) {
		if (strlen(conf->keys[i].name) == n && memcmp(conf->keys[i].name, name, n) == 0)
			return &conf->keys[i];
	}
	return NULL;
}

/* ---- the envelope ---- */

/* "hazewatch-sig-1 <key> <base64>\n": the JSON begins after it. False if that is not its form. */
static bool split_header(struct envelope *envelope, char header[HEADER_MAX])
{
	const char *end = memchr(envelope->json, '\n', envelope->n);
	size_t n = end ? (size_t)(end - envelope->json) : HEADER_MAX;
	if (n >= HEADER_MAX)
		return false;
	memcpy(header, envelope->json, n);
	header[n] = '\0';
	envelope->json += n + 1;
	envelope->n -= n + 1;
	return strlen(header) == n;
}

static void verify_envelope(const struct keyring *keyring, struct envelope *envelope,
			    const char *header, char why[COMMAND_TEXT_MAX])
{
	const char *name = header + strlen(SIGN_MARK), *space = strchr(name, ' ');
	const char *kind = command_kind_name(envelope->kind);
	char topic[PAYLOAD_TOPIC_MAX];
	if (!space) {
		snprintf(why, COMMAND_TEXT_MAX, "signature: no key name and base64");
		return;
	}
	const struct command_key *key =
		find_command_key(keyring->conf, name, (size_t)(space - name));
	snprintf(topic, sizeof(topic), "%scmd/%s", keyring->prefix, kind);
	if (!key)
		snprintf(why, COMMAND_TEXT_MAX, "signature: unknown key %.*s",
			 (int)(space - name < 64 ? space - name : 64), name);
	else if (!sign_verify(&key->public, topic, envelope->json, envelope->n, space + 1))
		snprintf(why, COMMAND_TEXT_MAX, "signature: does not match");
	else if (!(key->kinds & 1u << envelope->kind))
		snprintf(why, COMMAND_TEXT_MAX, "signature: the key %.64s is not for a %s",
			 key->name, kind);
	envelope->key = key;
}

/* `there`: it has one. */
static bool needs_signature(const struct mqtt_conf *conf, const struct envelope *envelope,
			    bool there)
{
	switch (envelope->trust) {
	case TRUST_BY_KEY:
		return true;
	case TRUST_BY_SYSTEM:
		return there;
	case TRUST_BY_STATION:
		break;
	}
	return conf->n_keys > 0 &&
	       (envelope->kind != COMMAND_RECEIPT || conf->receipts == MQTT_RECEIPTS_SIGNED);
}

bool keyring_open(const struct keyring *keyring, struct envelope *envelope,
		  char why[COMMAND_TEXT_MAX])
{
	char header[HEADER_MAX];
	bool there = strncmp(envelope->json, SIGN_MARK, strlen(SIGN_MARK)) == 0;
	bool needed = needs_signature(keyring->conf, envelope, there);
	why[0] = '\0';
	if (there && !split_header(envelope, header))
		snprintf(why, COMMAND_TEXT_MAX, "signature: no line of its own");
	else if (needed && !there)
		snprintf(why, COMMAND_TEXT_MAX, "signature: missing");
	else if (needed)
		verify_envelope(keyring, envelope, header, why);
	return why[0] == '\0';
}

/* ---- counters ---- */

int64_t keyring_counter(struct keyring *keyring, const struct command_key *key)
{
	int64_t *known = &keyring->counters[key - keyring->conf->keys], stored = 0;
	if (signers_counter(keyring->store, key->name, &stored) == 0 && stored > *known)
		*known = stored;
	return *known;
}

bool keyring_leaps(int64_t before, int64_t counter)
{
	return before > 0 && counter > 2 * before + LEAP;
}

int keyring_reset(struct keyring *keyring, const char *name, int64_t *ret_before)
{
	const struct command_key *key = find_command_key(keyring->conf, name, strlen(name));
	if (!key)
		return STORE_E_NONE;
	int64_t before = keyring_counter(keyring, key);
	int r = signers_reset(keyring->store, name);
	if (r != 0)
		return r;
	keyring->counters[key - keyring->conf->keys] = 0;
	*ret_before = before;
	return 0;
}
