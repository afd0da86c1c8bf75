/* SPDX-License-Identifier: MIT */
/*
 * The state of the three CAP chains (rules/alert.h) and of each message under its key: its
 * identifier, when it was sent as its text says, and whether it has left the station. Writers run
 * inside the caller's transaction.
 */
#ifndef STORAGE_TABLES_ALERT_LOG_H
#define STORAGE_TABLES_ALERT_LOG_H

#include "alert.h"
#include "store.h"

#define ALERT_IDENTIFIER_SIZE 80
#define ALERT_SENT_SIZE 32 /* RFC 3339, the NUL included */

/* A CAP message, as references name it. */
struct alert_name {
	int64_t key;
	int64_t seq; /* of its outbox row */
	char identifier[ALERT_IDENTIFIER_SIZE];
	char sent[ALERT_SENT_SIZE];
};

int alert_log_load(struct store *store, struct alerts *ret);
int alert_log_save(struct store *store, const struct alerts *alerts);

int alert_log_put(struct store *store, const struct alert_name *name);
/* STORE_E_NONE: it is not known any more. */
int alert_log_name(struct store *store, int64_t key, struct alert_name *ret);

/*
 * Tells alerts_note_sent and alerts_note_dropped what became of the messages since the last call:
 * the outbox marks a row as sent when it is handed to the network, and as dropped when it had
 * expired before that. Forgets messages to which no chain refers.
 */
int alert_log_follow(struct store *store, struct alerts *alerts);

/* Takes messages out of the outbox that have not left the station. */
int alert_log_unsend(struct store *store, int64_t key);

#endif
