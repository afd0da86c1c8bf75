/* SPDX-License-Identifier: MIT */
/*
 * What of the network's commands may come in at all: a rate for each kind, a rate of bytes, and the
 * platform's acks, which are read at once and queued as numbers.
 *
 * A flood of one kind cannot keep another kind out. What is over the limit is dropped and counted.
 * Safe from every thread; never waits.
 */
#ifndef DAEMON_GATE_H
#define DAEMON_GATE_H

#include <stdbool.h>
#include <stdint.h>

#define GATE_ACKS_MAX 4096 /* that wait to be applied; a row whose ack is dropped is sent again */
#define GATE_BYTES_MAX (8 * 1024 * 1024) /* at once; GATE_BYTES_PER_S after that */
#define GATE_BYTES_PER_S (256 * 1024)

struct gate;

/* `db` is the database whose rows may be acknowledged, borrowed. NULL without memory. */
struct gate *gate_new(const char *db);
struct gate *gate_free(struct gate *gate);

/* An mqtt_gate. */
bool gate_admit(void *gate, const char *kind, const char *payload, int length);

/* The next acknowledged seq, in the order in which they came; false if there is none. */
bool gate_next_ack(struct gate *gate, int64_t *ret_seq);

/* Commands dropped so far. */
uint64_t gate_dropped(struct gate *gate);

#endif
