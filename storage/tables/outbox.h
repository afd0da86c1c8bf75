/* SPDX-License-Identifier: MIT */
/*
 * Messages that must arrive: on disk before they are sent, there until they are confirmed.
 *
 * States: pending -> sent -> acked (PUBACK) -> removed (the platform's own ack), or removed at the
 * PUBACK where nobody answers beyond it; blocked beside them. A restart puts sent and acked rows
 * back to pending. `seq` rises, is never reused and makes, with the uuid at the time, the message's
 * id. Topics are relative to the station's prefix ("aqi", "warning/event"). The newest payload of
 * every retained topic is kept apart (`latest`), to be published again.
 *
 * A row whose check sum is wrong is not published; it is removed and counted (store_damaged).
 *
 * Bounds: OUTBOX_ROWS_MAX rows, OUTBOX_BYTES_MAX bytes of payload. What goes first: data older than
 * OUTBOX_DATA_AGE_MS (whether full or not), then the oldest data, then the oldest state; never a
 * warning.
 */
#ifndef STORAGE_TABLES_OUTBOX_H
#define STORAGE_TABLES_OUTBOX_H

#include <stddef.h>

#include "store.h"

#define OUTBOX_TOPIC_MAX 80
#define OUTBOX_DB_MAX 37 /* a uuid, the NUL included */
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
	bool replaces;      /* older rows of the topic that wait are superseded and dropped */
	bool ends_at_ack;   /* delivered at its PUBACK, whoever confirms the others */
	int64_t expires_ms; /* since 1970 UTC: afterwards neither sent nor repeated; 0: never */
	char *payload;      /* heap, NUL-terminated; outbox_row_done frees it */
};
void outbox_row_done(struct outbox_row *row);

/* The check sum of a row: of its seq, topic, expiry if it has one, and payload. */
int64_t outbox_crc(const struct outbox_row *row);

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
	int reason;             /* REFUSED: MQTT reason code, or a higher one of the caller's */
	int64_t now_ms;         /* ACKED: monotonic */
	char db[OUTBOX_DB_MAX]; /* CONFIRMED: the uuid in the id of what the platform has; a row
				   of the same seq with another id stays */
};

/* What is to be sent at a moment. */
struct outbox_batch {
	int64_t wall_ms; /* since 1970 UTC */
	int n;           /* at most so many; then how many there are */
	struct outbox_row *rows;
};

/*
 * One transaction: settles n answers, then takes the next pending rows to send: class by class,
 * oldest first; they are sent from then on. A row of a retained topic that has a newer row comes
 * with retain false; one that a newer row replaced is dropped, and so is what has expired.
 */
int outbox_exchange(struct store *store, const struct outbox_answer *answers, int n,
		    struct outbox_batch *batch);

/* Every sent and acked row back to pending: lost connection, restart. Own transaction. */
int outbox_retry_all(struct store *store);
/* Blocked rows back to pending; without `all` those whose reason is a broker's code only, below
 * OUTBOX_REASON_OURS. Own transaction. */
#define OUTBOX_REASON_OURS 256
int outbox_unblock(struct store *store, bool all);
/* Acked rows whose time has come (now_ms is monotonic) back to pending; writes only if there are
 * any. Own transaction. */
int outbox_resend(struct store *store, int64_t now_ms);

/* The retained topics that `skip` does not hold, each newest message once more as a row that ends
 * at its PUBACK, unless it has expired: for a broker that forgot them. Own transaction. */
int outbox_again(struct store *store, int64_t wall_ms, bool (*skip)(const char *topic));

/* Whether a retained topic has a newest message that is not empty. */
int outbox_is_latest(struct store *store, const char *topic, bool *ret);

/* Those that wait, by their state. */
int outbox_counts(struct store *store, struct outbox_counts *ret);
/* When the oldest of those was made; 0: none waits. */
int outbox_oldest_ms(struct store *store, int64_t *ret_made_ms);

/*
 * The newest message of each retained topic that neither waits to be sent itself (that one comes in
 * its turn, after the rows before it) nor has expired, one call each: its seq, topic, payload and
 * expiry. The payload is borrowed during the call, which must not use the store.
 */
int outbox_each_latest(struct store *store, int64_t wall_ms,
		       void (*each)(void *ctx, const struct outbox_row *row), void *ctx);

#endif
