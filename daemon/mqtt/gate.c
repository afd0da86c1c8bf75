/* SPDX-License-Identifier: MIT */
#include "gate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "command.h"
#include "queue.h"
#include "station_hour.h"

#define HOUR_MAX 16384 /* bytes of a station's message of an hour; it has 3,000 */
/* Of the spool hours find room up to here, a quarter of its files: the rest is for commands. */
#define HOURS_SPOOL_BYTES (SPOOL_FILE_BYTES / 2)
/* So do forecasts and receipts: what may come of orders at once has a file beside them. */
#define COMMON_SPOOL_BYTES (SPOOL_FILE_BYTES / 4 * 3)
#define WEEK_HOURS 168
#define WORD_MAX 32768 /* bytes of a state or a reply; with everything in it a reply has 9,000 */

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

/* Of stations' hours, both shared by all: the backlog of a week may come at once. */
static const struct rate hours_rate = {DISTRICT_POINTS_MAX * WEEK_HOURS, 100};
static const struct share_rate hours_share = {128 * 1024 * 1024, 256 * 1024};

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
	struct queue *acks;  /* struct command_ack */
	struct queue *words; /* struct station_word */
	const struct roster *roster;
	const char *district;
	int64_t heard_ms;
	struct bucket kinds[COMMAND_KIND_COUNT], bytes[SHARES];
	struct bucket hours, hours_bytes;
	int64_t filled_ms;
	uint64_t dropped, dropped_hours;
};

struct gate *gate_new(struct spool *spool, const struct roster *roster, const char *district)
{
	struct gate *gate = calloc(1, sizeof(*gate));
	if (!gate)
		return NULL;
	pthread_mutex_init(&gate->mutex, NULL);
	gate->spool = spool;
	gate->roster = roster;
	gate->district = district;
	gate->acks = queue_new(GATE_ACKS_MAX, sizeof(struct command_ack));
	gate->words = queue_new(2 * (size_t)roster->n + GATE_WORDS, sizeof(struct station_word));
	if (!gate->acks || !gate->words)
		return gate_free(gate);
	gate->filled_ms = clock_monotonic_ms();
	for (int i = 0; i < SHARES; i++)
		gate->bytes[i].milli = share_rates[i].at_once * INT64_C(1000);
	for (int i = 0; i < COMMAND_KIND_COUNT; i++)
		gate->kinds[i].milli = rates[i].at_once * 1000;
	gate->hours.milli = hours_rate.at_once * INT64_C(1000);
	gate->hours_bytes.milli = hours_share.at_once * INT64_C(1000);
	return gate;
}

struct gate *gate_free(struct gate *gate)
{
	if (!gate)
		return NULL;
	queue_free(gate->acks);
	queue_free(gate->words);
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
	fill_bucket(&gate->hours, ms, hours_rate.per_s, hours_rate.at_once);
	fill_bucket(&gate->hours_bytes, ms, hours_share.per_s, hours_share.at_once);
}

/* One of so many bytes, of the two buckets that it takes from. */
static bool admit_message(struct gate *gate, struct bucket *number, struct bucket *share,
			  int length)
{
	pthread_mutex_lock(&gate->mutex);
	fill_all(gate);
	int64_t bytes = length * INT64_C(1000);
	bool room = number->milli >= 1000 && share->milli >= bytes;
	if (room) {
		number->milli -= 1000;
		share->milli -= bytes;
	}
	pthread_mutex_unlock(&gate->mutex);
	return room;
}

static bool spool_has_room(struct gate *gate, int64_t most)
{
	struct spool_state state;
	spool_get_state(gate->spool, &state);
	return state.used < most;
}

static bool admit_command(struct gate *gate, enum command_kind kind, int length)
{
	enum share share = find_share(kind);
	if (length > longest[kind] ||
	    (share != SHARE_ORDERS && !spool_has_room(gate, COMMON_SPOOL_BYTES)))
		return false;
	return admit_message(gate, &gate->kinds[kind], &gate->bytes[share], length);
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
	if (!command_kind_parse(kind, &command) || !admit_command(gate, command, length) ||
	    spool_append(gate->spool, kind, retained ? SPOOL_RETAINED : 0, payload, length) ==
		    SPOOL_REFUSED)
		count_dropped(gate);
}

/* ---- hours ---- */

static void count_dropped_hour(struct gate *gate)
{
	pthread_mutex_lock(&gate->mutex);
	gate->dropped_hours++;
	pthread_mutex_unlock(&gate->mutex);
}

/* One that the district does not count, or that is not in its roster at all, is no loss. */
static bool is_point(const struct gate *gate, const char *station)
{
	int at = roster_find(gate->roster, station);
	return at >= 0 && at < gate->roster->n_points;
}

static void take_hour(struct gate *gate, const struct mqtt_told *told)
{
	if (!is_point(gate, told->station))
		return;
	int length = told->length;
	bool fits = length >= 0 && length < HOUR_MAX && spool_has_room(gate, HOURS_SPOOL_BYTES) &&
		    admit_message(gate, &gate->hours, &gate->hours_bytes, length);
	char *text = fits ? station_hour_entry(told->station, told->payload, (size_t)length) : NULL;
	if (!text || spool_append(gate->spool, STATION_HOUR_KIND, 0, text, (int)strlen(text)) ==
			     SPOOL_REFUSED)
		count_dropped_hour(gate);
	free(text);
}

/* ---- words ---- */

static void take_word(struct gate *gate, const struct mqtt_told *told)
{
	struct station_word word;
	if (roster_find(gate->roster, told->station) >= 0 && told->length > 0 &&
	    told->length < WORD_MAX &&
	    station_word_parse(told->station, told->topic, told->payload, (size_t)told->length,
			       &word))
		queue_put(gate->words, &word);
}

/* Whatever it says is a sign of life, but what the broker kept, or says in its name. */
static void note_district(struct gate *gate, const struct mqtt_told *told)
{
	struct station_word word;
	if (told->retained || (told->length > 0 && told->length < WORD_MAX &&
			       station_word_parse(told->station, told->topic, told->payload,
						  (size_t)told->length, &word) &&
			       word.kind == STATION_OFFLINE))
		return;
	pthread_mutex_lock(&gate->mutex);
	gate->heard_ms = clock_monotonic_ms();
	pthread_mutex_unlock(&gate->mutex);
}

void gate_hear(void *ctx, const struct mqtt_told *told)
{
	struct gate *gate = ctx;
	if (gate->district && strcmp(told->station, gate->district) == 0)
		note_district(gate, told);
	else if (strcmp(told->topic, STATION_HOUR_KIND) == 0)
		take_hour(gate, told);
	else
		take_word(gate, told);
}

int gate_words_fd(const struct gate *gate)
{
	return queue_fd(gate->words);
}

bool gate_next_word(struct gate *gate, struct station_word *ret)
{
	return queue_take(gate->words, ret);
}

int64_t gate_heard_ms(struct gate *gate)
{
	pthread_mutex_lock(&gate->mutex);
	int64_t heard_ms = gate->heard_ms;
	pthread_mutex_unlock(&gate->mutex);
	return heard_ms;
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

uint64_t gate_dropped_hours(struct gate *gate)
{
	pthread_mutex_lock(&gate->mutex);
	uint64_t dropped = gate->dropped_hours;
	pthread_mutex_unlock(&gate->mutex);
	return dropped;
}
