/* SPDX-License-Identifier: MIT */
/*
 * What of the network's commands may come in at all: a rate for each kind, a rate of bytes for
 * forecasts, for receipts and for the others, and the platform's acks, which are read at once and
 * queued. Whose they are is for the outbox to say.
 *
 * A flood of one kind cannot keep another kind out, nor do forecasts and receipts fill the spool.
 * What is over the limit is dropped and counted; what may come in is in the spool when gate_take
 * comes back, so that the client library's PUBACK promises nothing that a kill could lose. Safe
 * from every thread; waits for the disk alone.
 */
#ifndef DAEMON_MQTT_GATE_H
#define DAEMON_MQTT_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "command_json.h"
#include "conf_roster.h"
#include "mqtt.h"
#include "spool.h"
#include "station_word.h"

#define GATE_RECEIPT_MAX 2048 /* bytes of a receipt; larger ones are dropped */
#define GATE_SHORT_MAX 16384  /* the same of a dust window, a review, a resend */
#define GATE_ACKS_MAX 4096 /* that wait to be applied; a row whose ack is dropped is sent again */

struct gate;

/* Of stations' words so many wait to be read, and two a station; more are dropped: a state is
 * repeated, and what was not answered is asked once more. */
#define GATE_WORDS 64

/* All is borrowed; the district is the one that a station belongs to, NULL: none. NULL without
 * memory. */
struct gate *gate_new(struct spool *spool, const struct roster *roster, const char *district);
struct gate *gate_free(struct gate *gate);

/* An mqtt_gate; `ctx` is the gate. */
void gate_take(void *ctx, const char *kind, bool retained, const char *payload, int length);

/* An mqtt_ear. A station's hour: who is no assessment point of the roster is passed over. Hours
 * have a rate, too, and a quarter of the spool, so that a command always finds room; one beyond
 * that is dropped, counted and told, as whoever lets the client library wait lets a directive wait
 * behind it. The station still has it (`resend`). A word of a station of the roster waits in
 * memory; of the district it is noted that it is there. */
void gate_hear(void *ctx, const struct mqtt_told *told);

/* The next word of a station; false if there is none. Readable while one waits. */
int gate_words_fd(const struct gate *gate);
bool gate_next_word(struct gate *gate, struct station_word *ret);

/* When the district last gave a sign of life (monotonic, ms); 0: never. */
int64_t gate_heard_ms(struct gate *gate);

/* The next ack, in the order in which they came; false if there is none. */
bool gate_next_ack(struct gate *gate, struct command_ack *ret);

/* Commands, and hours, dropped so far. */
uint64_t gate_dropped(struct gate *gate);
uint64_t gate_dropped_hours(struct gate *gate);

#endif
