/* SPDX-License-Identifier: MIT */
/*
 * Messages on their way into the outbox: which topic is worth what there, and the one way in.
 *
 * Each topic's class, whether it is retained, whether a newer row replaces an older one, whether
 * the broker's PUBACK is its end, and whether it is said again every 15 minutes stand in one table
 * (the MQTT contract's). A row whose head says when it expires is dropped then. Builds no payload
 * and decides nothing.
 */
#ifndef DAEMON_MESSAGES_POST_H
#define DAEMON_MESSAGES_POST_H

#include "payload.h"
#include "store.h"

/* Gives a head the id of the next outbox row: database uuid and seq. Its conf and time are the
 * caller's, as is the transaction. Store errors. */
int post_head(struct store *store, struct payload_head *head);

/*
 * Appends the message that was built with that head, in the caller's transaction; takes the
 * payload (NULL: -ENOMEM; empty: the topic is taken away from the broker). The topic is one of the
 * contract's, without the station's prefix. Logs what a full outbox had to drop. Store errors.
 */
int post_append(struct store *store, const struct payload_head *head, const char *topic,
		char *payload);

/* The same, but never retained: what is older than the newest message of its topic. */
int post_append_old(struct store *store, const struct payload_head *head, const char *topic,
		    char *payload);

/* The same two for one message alone: the first begins its transaction, the second ends it,
 * whatever comes of it. */
int post_begin(struct store *store, struct payload_head *head);
int post_commit(struct store *store, const struct payload_head *head, const char *topic,
		char *payload);

/* Takes a retained topic away from the broker, in the caller's transaction: one of the contract's,
 * or one that it no longer has. Store errors. */
int post_clear(struct store *store, const struct payload_head *head, const char *topic);

/* Whether a retained topic is said again at every connect and every 15 minutes. */
bool post_is_repeated(const char *topic);

#endif
