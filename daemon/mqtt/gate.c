/* SPDX-License-Identifier: MIT */
#include "gate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "command.h"
#include "mqtt.h"
#include "queue.h"
#include "station_hour.h"

#define HOUR_MAX 16384 /* bytes of a station's message of an hour; it has 3,000 */

/* What may come at once, such as the backlog of seven days offline, and then each second. */
static const struct rate {
	int at_once, per_s;
} rates[COMMAND_KIND_COUNT] = {
	[COMMAND_DIRECTIVE] = {60, 1}, [COMMAND_RELEASE] = {60, 1}, [COMMAND_FORECAST] = {300, 1},
	[COMMAND_DUST] = {60, 1},      [COMMAND_REVIEW] = {60, 1},  [COMMAND_RECEIPT] = {300, 5},
	[COMMAND_RESEND] = {60, 1},
};

/* The longest, an envelope included; larger ones are dropped. */
static const int longest[COMMAND_KIND_COUNT] = {
	[COMMAND_DIRECTIVE] = MQTT_COMMAND_MAX, [COMMAND_RELEASE] = MQTT_COMMAND_MAX,
	[COMMAND_FORECAST] = MQTT_COMMAND_MAX,  [COMMAND_DUST] = GATE_SHORT_MAX,
	[COMMAND_REVIEW] = GATE_SHORT_MAX,      [COMMAND_RECEIPT] = GATE_RECEIPT_MAX,
	[COMMAND_RESEND] = GATE_SHORT_MAX,
};

/* What shares a rate of bytes: whoever may send receipts cannot keep a forecast out, and neither
 * what is in force. */
enum share { SHARE_ORDERS, SHARE_FORECASTS, SHARE_RECEIPTS };
#define SHARES 3

static const struct share_rate {
	int at_once, per_s; /* bytes */
} share_rates[SHARES] = {
	[SHARE_ORDERS] = {4 * 1024 * 1024, 16 * 1024},
	[SHARE_FORECASTS] = {8 * 1024 * 1024, 64 * 1024},
	[SHARE_RECEIPTS] = {1024 * 1024, 16 * 1024},
};

static enum share find_share(enum command_kind kind)
{
	return kind == COMMAND_FORECAST  ? SHARE_FORECASTS
	       : kind == COMMAND_RECEIPT ? SHARE_RECEIPTS
					 : SHARE_ORDERS;
}

/* A bucket that fills with time and empties with what passes. */
struct bucket {
	int64_t milli; /* thousandths of what may pass */
};

struct gate {
	pthread_mutex_t mutex;
	struct spool *spool;
	struct queue *acks; /* struct command_ack */
	struct bucket kinds[COMMAND_KIND_COUNT], bytes[SHARES];
	int64_t filled_ms;
	uint64_t dropped;
};

struct gate *gate_new(struct spool *spool)
{
	struct gate *gate = calloc(1, sizeof(*gate));
	if (!gate)
		return NULL;
	gate->spool = spool;
	gate->acks = queue_new(GATE_ACKS_MAX, sizeof(struct command_ack));
	if (!gate->acks) {
		free(gate);
		return NULL;
	}
	pthread_mutex_init(&gate->mutex, NULL);
	gate->filled_ms = clock_monotonic_ms();
	for (int i = 0; i < SHARES; i++)
		gate->bytes[i].milli = share_rates[i].at_once * INT64_C(1000);
	for (int i = 0; i < COMMAND_KIND_COUNT; i++)
		gate->kinds[i].milli = rates[i].at_once * 1000;
	return gate;
}

struct gate *gate_free(struct gate *gate)
{
	if (!gate)
		return NULL;
	queue_free(gate->acks);
	pthread_mutex_destroy(&gate->mutex);
	free(gate);
	return NULL;
}

static void fill_bucket(struct bucket *bucket, int64_t ms, int64_t per_s, int64_t most)
{
	bucket->milli += ms * per_s;
	if (bucket->milli > most * 1000)
		bucket->milli = most * 1000;
}

static void fill_all(struct gate *gate)
{
	int64_t now_ms = clock_monotonic_ms(), ms = now_ms - gate->filled_ms;
	gate->filled_ms = now_ms;
	for (int i = 0; i < SHARES; i++)
		fill_bucket(&gate->bytes[i], ms, share_rates[i].per_s, share_rates[i].at_once);
	for (int i = 0; i < COMMAND_KIND_COUNT; i++)
		fill_bucket(&gate->kinds[i], ms, rates[i].per_s, rates[i].at_once);
}

static bool admit_command(struct gate *gate, enum command_kind kind, int length)
{
	pthread_mutex_lock(&gate->mutex);
	fill_all(gate);
	struct bucket *bucket = &gate->kinds[kind], *share = &gate->bytes[find_share(kind)];
	int64_t bytes = length * INT64_C(1000);
	bool room = bucket->milli >= 1000 && share->milli >= bytes;
	if (room) {
		bucket->milli -= 1000;
		share->milli -= bytes;
	} else {
		gate->dropped++;
	}
	pthread_mutex_unlock(&gate->mutex);
	return room;
}

static void count_dropped(struct gate *gate)
{
	pthread_mutex_lock(&gate->mutex);
	gate->dropped++;
	pthread_mutex_unlock(&gate->mutex);
}

void gate_take(void *ctx, const char *kind, bool retained, const char *payload, int length)
{
	struct gate *gate = ctx;
	enum command_kind command;
	struct command_ack ack;
	if (strcmp(kind, "ack") == 0) {
		if (command_parse_ack(payload, (size_t)length, &ack))
			queue_put(gate->acks, &ack);
		return;
	}
	if (!command_kind_parse(kind, &command) || length > longest[command]) {
		count_dropped(gate);
		return;
	}
	if (admit_command(gate, command, length) &&
	    spool_append(gate->spool, kind, retained ? SPOOL_RETAINED : 0, payload, length) ==
		    SPOOL_REFUSED)
		count_dropped(gate);
}

void gate_take_hour(void *ctx, const char *station, bool retained, const char *payload, int length)
{
	struct gate *gate = ctx;
	size_t id = strlen(station);
	char *text = length >= 0 && length < HOUR_MAX ? malloc(id + 1 + (size_t)length) : NULL;
	(void)retained;
	if (!text) {
		count_dropped(gate);
		return;
	}
	memcpy(text, station, id + 1);
	text[id] = '\n';
	memcpy(text + id + 1, payload, (size_t)length);
	if (spool_append(gate->spool, STATION_HOUR_KIND, 0, text, (int)(id + 1) + length) ==
	    SPOOL_REFUSED)
		count_dropped(gate);
	free(text);
}

bool gate_next_ack(struct gate *gate, struct command_ack *ret)
{
	return queue_take(gate->acks, ret);
}

uint64_t gate_dropped(struct gate *gate)
{
	pthread_mutex_lock(&gate->mutex);
	uint64_t dropped = gate->dropped;
	pthread_mutex_unlock(&gate->mutex);
	return dropped;
}
