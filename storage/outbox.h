/* SPDX-License-Identifier: MIT */
/*
 * Messages that must arrive: on disk before they are sent, there until they are confirmed.
 *
 * States: pending -> sent -> acked (PUBACK) -> removed (the platform's own ack), or removed at the
 * PUBACK where nobody answers beyond it; blocked beside them. A restart puts sent and acked rows
 * back to pending. `seq` rises, is never reused and makes, with the database's uuid, the message's
 * id. Topics are relative to the station's prefix ("aqi", "warning/event"). The newest payload of
 * every retained topic is kept apart (`latest`), to be published again.
 *
 * A row whose check sum is wrong is not published; it is removed and counted (store_damaged).
 *
 * Bounds: OUTBOX_ROWS_MAX rows, OUTBOX_BYTES_MAX bytes of payload. What goes first: data older than
 * OUTBOX_DATA_AGE_MS (whether full or not), then the oldest data, then the oldest state; never a
 * warning.
 */
#ifndef STORAGE_OUTBOX_H
#define STORAGE_OUTBOX_H

#include <stddef.h>

#include "store.h"

#define OUTBOX_TOPIC_MAX 80
#define OUTBOX_ROWS_MAX 20000
#define OUTBOX_BYTES_MAX (INT64_C(64) * 1024 * 1024)
#define OUTBOX_DATA_AGE_MS (INT64_C(31) * 24 * 3600 * 1000)
#define OUTBOX_RESEND_MS (INT64_C(5) * 60 * 1000)       /* an acked row nobody confirmed; doubles */
#define OUTBOX_RESEND_MAX_MS (INT64_C(6) * 3600 * 1000) /* up to this */

/* Which rows go first when they wait, and last when there are too many. */
enum outbox_class {
	OUTBOX_WARNING, /* warning, event, CAP, cuts, order: never dropped */
	OUTBOX_STATE,   /* state, health, reply */
	OUTBOX_DATA,    /* aqi */
};

struct outbox_row {
	int64_t seq;
	int64_t made_ms; /* since 1970 UTC */
	char topic[OUTBOX_TOPIC_MAX];
	enum outbox_class class;
	bool retain;
	bool replaces;    /* older rows of the topic that wait are superseded and dropped */
	bool ends_at_ack; /* delivered at its PUBACK, whoever confirms the others */
	char *payload;    /* heap, NUL-terminated; outbox_row_done frees it */
};
void outbox_row_done(struct outbox_row *row);

/* The check sum of a row: of its seq, topic and payload. */
int64_t outbox_crc(int64_t seq, const char *topic, const char *payload);

/* The seq the next appended row will get; inside the transaction that appends it. */
int outbox_next_seq(struct store *store, int64_t *ret);

/* Appends inside the caller's transaction; row->seq must be the one outbox_next_seq gave (-EINVAL).
 * Enforces the bounds; *ret_dropped is how many rows had to go for this one. */
int outbox_append(struct store *store, const struct outbox_row *row, int *ret_dropped);

/* What became of a row that was taken. */
enum outbox_outcome {
	OUTBOX_DELIVERED, /* done: the row goes */
	OUTBOX_ACKED,     /* the broker has it, the platform is still to confirm */
	OUTBOX_REFUSED,   /* the broker said no: blocked until outbox_unblock. Not delivered */
	OUTBOX_FAILED,    /* not sent: pending again */
	OUTBOX_CONFIRMED, /* the platform has it: the row goes, if it was ever sent */
};
struct outbox_answer {
	int64_t seq; /* unknown ones are ignored */
	enum outbox_outcome outcome;
	int reason;     /* REFUSED: MQTT reason code */
	int64_t now_ms; /* ACKED: monotonic */
};

/*
 * One transaction: settles n answers, then takes the next pending rows to send, at most max: class
 * by class, oldest first; they are sent from then on. A row of a retained topic that has a newer
 * row comes with retain false; one that a newer row replaced is dropped.
 */
int outbox_exchange(struct store *store, const struct outbox_answer *answers, int n,
		    struct outbox_row *ret, int *max_and_ret_n);

/* The same, only taking; only one answer; only one that it is delivered. */
int outbox_take(struct store *store, int max, struct outbox_row *ret, int *ret_n);
int outbox_answer(struct store *store, const struct outbox_answer *answer);
int outbox_confirm(struct store *store, int64_t seq);

/* Every sent and acked row back to pending: lost connection, restart. Own transaction. */
int outbox_retry_all(struct store *store);
/* Blocked rows back to pending. Own transaction. */
int outbox_unblock(struct store *store);
/* Acked rows whose time has come (now_ms is monotonic) back to pending; writes only if there are
 * any. Own transaction. */
int outbox_resend(struct store *store, int64_t now_ms);

/* The retained topics that `skip` does not hold, each newest message once more as a row that ends
 * at its PUBACK: for a broker that forgot them. Own transaction. */
int outbox_again(struct store *store, bool (*skip)(const char *topic));

struct outbox_counts {
	int64_t pending, sent, acked, blocked;
	int64_t oldest_seq; /* 0: empty */
};
int outbox_counts(struct store *store, struct outbox_counts *ret);

/*
 * The newest payload of each retained topic that does not itself wait to be sent (that one comes in
 * its turn, after the rows before it), one call each; payload is borrowed during the call, which
 * must not use the store.
 */
int outbox_each_latest(struct store *store,
		       void (*each)(void *ctx, const char *topic, int64_t seq, const char *payload),
		       void *ctx);

/* At an open: every sum and state as a restart finds it. Own transaction. */
int outbox_restart(struct store *store);

#endif
