/* SPDX-License-Identifier: MIT */
/*
 * Messages that must arrive: on disk before they are sent, there until the broker has acknowledged.
 *
 * States: pending -> sent -> (PUBACK) removed; blocked beside them. `seq` rises, is never reused
 * and makes, with the database's uuid, the message's id. Topics are relative to the station's
 * prefix ("aqi", "warning/event"). The newest payload of every retained topic is kept apart
 * (`latest`), to be published again on each connect.
 */
#ifndef STORAGE_OUTBOX_H
#define STORAGE_OUTBOX_H

#include <stddef.h>

#include "store.h"

#define OUTBOX_TOPIC_MAX 80
#define OUTBOX_ROWS_MAX 20000 /* then the oldest data rows go first, never warnings */

/* Which rows go first when they wait, and last when there are too many. */
enum outbox_class {
	OUTBOX_WARNING, /* warning, event, cuts: never dropped */
	OUTBOX_STATE,   /* state, health */
	OUTBOX_DATA,    /* aqi */
};

struct outbox_row {
	int64_t seq;
	char topic[OUTBOX_TOPIC_MAX];
	enum outbox_class class;
	bool retain;
	bool replaces; /* older pending rows of the topic are superseded and dropped */
	char *payload; /* heap, NUL-terminated; outbox_row_done frees it */
};
void outbox_row_done(struct outbox_row *row);

/* The seq the next appended row will get; inside the transaction that appends it. */
int outbox_next_seq(struct store *store, int64_t *ret);

/* Appends inside the caller's transaction; row->seq must be the one outbox_next_seq gave (-EINVAL).
 * Enforces OUTBOX_ROWS_MAX; *ret_dropped is how many data rows had to go for this one. */
int outbox_append(struct store *store, const struct outbox_row *row, int *ret_dropped);

/*
 * The next pending rows to send, at most max: class by class, oldest first; marks them sent. A row
 * of a retained topic that has a newer row comes with retain false. Own transaction.
 */
int outbox_take(struct store *store, int max, struct outbox_row *ret, int *ret_n);

/* The broker has it: the row goes. Own transaction. Unknown seq: 0, nothing happens. */
int outbox_confirm(struct store *store, int64_t seq);

/* The broker refused it: blocked until outbox_retry of this row or outbox_unblock. Not delivered.
 */
int outbox_block(struct store *store, int64_t seq, int reason);

/* One row, or every sent row (seq 0), back to pending: lost connection, deadline, restart. */
int outbox_retry(struct store *store, int64_t seq);
/* Blocked rows back to pending. */
int outbox_unblock(struct store *store);

struct outbox_counts {
	int64_t pending, sent, blocked;
	int64_t oldest_seq; /* 0: empty */
};
int outbox_counts(struct store *store, struct outbox_counts *ret);

/*
 * The newest payload of each retained topic that is not itself waiting in the outbox (that one
 * comes in its turn, after the rows before it), one call each; payload is borrowed during the call,
 * which must not use the store.
 */
int outbox_each_latest(struct store *store,
		       void (*each)(void *ctx, const char *topic, int64_t seq, const char *payload),
		       void *ctx);

#endif
