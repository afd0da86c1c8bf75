/* SPDX-License-Identifier: MIT */
/*
 * Who signed a command: the contract's envelope, the keys of the station file with what they are
 * for, and how far each has counted, known even where the disk cannot be read. Main thread.
 */
#ifndef DAEMON_COMMANDS_KEYRING_H
#define DAEMON_COMMANDS_KEYRING_H

#include "command.h"
#include "conf.h"
#include "payload.h"
#include "store.h"

struct keyring {
	const struct mqtt_conf *conf;
	struct store *store;
	char prefix[PAYLOAD_PREFIX_MAX];
	int64_t counters[CONF_KEYS_MAX];
};

/* Both are borrowed. */
void keyring_init(struct keyring *keyring, const struct conf *conf, struct store *store);

/* Whether a command has to be signed. */
enum envelope_trust {
	TRUST_BY_STATION, /* as the station file says: it came over the network */
	TRUST_BY_KEY,     /* in any case */
	TRUST_BY_SYSTEM,  /* the machine says who gave it, and that this is enough */
};

/* A payload in its envelope, or without one. */
struct envelope {
	enum command_kind kind;
	enum envelope_trust trust;
	const char *json;
	size_t n;
	const struct command_key *key; /* who signed; NULL: nobody, or nobody was asked to */
};

/* Takes the envelope off. False, and why, if a signature is needed and is not there, is not good,
 * or is of a key that is not for this kind. */
bool keyring_open(const struct keyring *keyring, struct envelope *envelope,
		  char why[COMMAND_TEXT_MAX]);

/* The highest counter of a key that was ever seen here or is stored; 0: none. */
int64_t keyring_counter(struct keyring *keyring, const struct command_key *key);

/* Twice the one before and more: no count and no clock goes on like that. */
bool keyring_leaps(int64_t before, int64_t counter);

/* Forgets how far a key has counted: its next command may have any counter. *ret_before is where it
 * was. STORE_E_NONE: no key has that name. */
int keyring_reset(struct keyring *keyring, const char *name, int64_t *ret_before);

#endif
