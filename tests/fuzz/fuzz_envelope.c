/* SPDX-License-Identifier: MIT */
/*
 * Signed commands through gate and inbox: the engine gets the exact text that a configured key
 * signed, and only if it is fresh; of an envelope that was changed anywhere, nothing.
 *
 * The engine, the store and the replies are made up here, and so is the sum that stands for an
 * Ed25519 signature: OpenSSL's takes longer than all the rest, and is not what is looked at.
 */
#include <assert.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "command_json.h"
#include "commands.h"
#include "fuzz.h"
#include "gate.h"
#include "hetang.h"
#include "inbox.h"
#include "log.h"
#include "mqtt.h"
#include "post.h"
#include "sign.h"
#include "signers.h"

#define NOW_MS INT64_C(1767227400000) /* 08:30 on 1 January 2026 in Beijing */
#define STATION "s-1"
#define PREFIX "hazewatch/1/430202/s-1/"
#define KEYS 2
#define THIEF KEYS /* signs under the first key's name */
#define ROOM (2 * MQTT_COMMAND_MAX)

/* What is made of the input. */
enum treatment { UNSIGNED, INTACT, CHANGED, OF_ANOTHER_TOPIC, MANY_TIMES, TREATMENTS };

/* Private keys in PEM: the seeds of RFC 8032 section 7.1. */
static const char *const pems[KEYS + 1] = {
	"MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
	"MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7",
	"MC4CAQAwBQYDK2VwBCIEIMWqjfQ/n4N77bdELzHct7Fm04U1B28JS4XOOi4LRFj3",
};
static const char *const names[KEYS + 1] = {"city", "spare", "city"};

static struct conf conf = {
	.station = {.id = STATION},
	.plan = {.id = "fuzz",
		 .n_levels = 2,
		 .levels = {[LEVEL_YELLOW].id = "yellow", [LEVEL_ORANGE].id = "orange"}},
};

/* One input. */
static struct {
	enum command_kind kind;
	int key;
	bool retained;
	size_t n, length;
	char text[ROOM]; /* what was signed */
	char payload[ROOM];
	bool may;  /* the engine may get it */
	bool must; /* and does */
	int given, replies;
	int64_t clock_ms;
	int64_t counters[KEYS];
	char id[COMMAND_ID_MAX]; /* of the one that was given */
} now;

/* ---- what the inbox talks to ---- */

int engine_command(struct engine *engine, const struct command *command, int64_t now_ms,
		   enum time_quality time_quality, struct command_answer *ret)
{
	(void)engine, (void)time_quality;
	assert(now.may && now_ms == NOW_MS && command->kind == now.kind);
	assert(now.length <= MQTT_COMMAND_MAX);
	if (now.kind != COMMAND_RECEIPT) {
		assert(now.given == 0);
		assert(memcmp(command->json, now.text, now.n + 1) == 0);
		assert(strcmp(command->key, names[now.key]) == 0);
		assert(command->counter > now.counters[now.key]);
		now.counters[now.key] = command->counter;
	} else {
		assert(!command->key);
	}
	now.given++;
	snprintf(now.id, sizeof(now.id), "%s", command->id);
	*ret = (struct command_answer){.outcome = COMMAND_ACCEPTED};
	return 0;
}

/* No connect, no backlog: nothing is gathered here. */
int engine_directives(struct engine *engine, const struct engine_together *together, int64_t now_ms,
		      enum time_quality time_quality)
{
	(void)engine, (void)together, (void)now_ms, (void)time_quality;
	abort();
}

int engine_unread(struct engine *engine, const struct command *command, const char *why,
		  int64_t now_ms, enum time_quality time_quality)
{
	(void)engine, (void)command, (void)now_ms, (void)time_quality;
	if (why[0] == '\0')
		abort();
	return 0;
}

/* A station is no district: none of its topics is such an hour. */
int engine_point_hour(struct engine *engine, const struct point_hour *hour, int64_t now_ms,
		      enum time_quality time_quality)
{
	(void)engine, (void)hour, (void)now_ms, (void)time_quality;
	return 0;
}

void engine_hold(struct engine *engine)
{
	(void)engine;
	abort();
}

/* Only what was gathered raises counters by itself. */
int store_begin(struct store *store)
{
	(void)store;
	abort();
}

int store_commit(struct store *store)
{
	(void)store;
	abort();
}

void store_rollback(struct store *store)
{
	(void)store;
	abort();
}

int signers_raise(struct store *store, const char *key, int64_t counter)
{
	(void)store, (void)key, (void)counter;
	abort();
}

/* The same times for the same input. */
int64_t clock_monotonic_ms(void)
{
	return now.clock_ms++;
}

bool store_is_volatile(const struct store *store)
{
	(void)store;
	return false;
}

int signers_counter(struct store *store, const char *key, int64_t *ret)
{
	(void)store;
	*ret = now.counters[strcmp(key, names[1]) == 0];
	return 0;
}

int signers_reset(struct store *store, const char *key)
{
	(void)store, (void)key;
	return 0;
}

int commands_find(struct store *store, const struct command_row *row, bool *ret_same,
		  bool *ret_accepted, char ret_why[COMMANDS_WHY_MAX])
{
	(void)store, (void)ret_why;
	if (now.given == 0 || strcmp(row->id, now.id) != 0)
		return STORE_E_NONE;
	*ret_same = memcmp(row->json, now.text, now.n + 1) == 0;
	*ret_accepted = true;
	return 0;
}

char *payload_reply(const struct payload_head *head, const struct command *command,
		    const struct command_answer *answer)
{
	(void)head, (void)command;
	assert(answer->outcome != COMMAND_ACCEPTED);
	assert(answer->outcome == COMMAND_REPEATED ? now.given > 0 : answer->why[0] != '\0');
	now.replies++;
	return NULL;
}

int post_begin(struct store *store, struct payload_head *head)
{
	(void)store, (void)head;
	return 0;
}

int post_commit(struct store *store, const struct payload_head *head, const char *topic,
		char *payload)
{
	(void)store, (void)head, (void)payload;
	assert(strcmp(topic, "reply") == 0);
	return 0;
}

const char *store_strerror(int error)
{
	(void)error;
	return "";
}

void payload_prefix(const struct conf *of, char ret[PAYLOAD_PREFIX_MAX])
{
	(void)of;
	snprintf(ret, PAYLOAD_PREFIX_MAX, PREFIX);
}

static void silence(enum log_level level, const char *line)
{
	(void)level, (void)line;
}

/* ---- keys and envelopes ---- */

static const char *key_file(int key)
{
	char pem[256];
	int n = snprintf(pem, sizeof(pem),
			 "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n", pems[key]);
	return bytes_path((const uint8_t *)pem, (size_t)n);
}

#define KEY_BYTES 32 /* of Ed25519: all keys here are */

static struct sign_key public_keys[KEYS + 1];

static void configure(void)
{
	static struct command_key keys[KEYS];
	char text[SIGN_PUBLIC_SIZE];
	if (conf.mqtt.n_keys == KEYS)
		return;
	for (int i = 0; i <= KEYS; i++) {
		bool read =
			sign_public(key_file(i), text) && sign_parse_public(text, &public_keys[i]);
		assert(read);
	}
	for (int i = 0; i < KEYS; i++) {
		keys[i].public = public_keys[i];
		keys[i].name = names[i];
		keys[i].kinds = COMMAND_KINDS_ALL;
		conf.mqtt.keys[i] = keys[i];
	}
	conf.mqtt.n_keys = KEYS;
	log_capture(silence);
}

/* ---- signatures ---- */

#define SUMS 8 /* of 64 bits each, as long as a signature */

static const EVP_PKEY *verifying;

/* Of a key and bytes; whoever changes either has another. */
__attribute__((no_sanitize("coverage", "address"))) static void
sum_bytes(const uint8_t key[KEY_BYTES], const unsigned char *bytes, size_t n, uint64_t ret[SUMS])
{
	uint64_t sum = n, piece = 0;
	for (size_t at = 0; at < KEY_BYTES + n; at += sizeof(piece)) {
		const unsigned char *from = at < KEY_BYTES ? key + at : bytes + at - KEY_BYTES;
		size_t left = KEY_BYTES + n - at;
		piece = 0;
		memcpy(&piece, from, left < sizeof(piece) ? left : sizeof(piece));
		sum = (sum ^ piece) * 0x9e3779b97f4a7c15u;
		sum ^= sum >> 29;
	}
	for (int i = 0; i < SUMS; i++) {
		sum = (sum ^ (uint64_t)i) * 0xbf58476d1ce4e5b9u;
		sum ^= sum >> 31;
		ret[i] = sum;
	}
}

/* In place of OpenSSL's. */
int EVP_DigestVerifyInit(EVP_MD_CTX *ctx, EVP_PKEY_CTX **key_ctx, const EVP_MD *md, ENGINE *engine,
			 EVP_PKEY *key)
{
	(void)ctx, (void)key_ctx, (void)md, (void)engine;
	verifying = key;
	return 1;
}

int EVP_DigestVerify(EVP_MD_CTX *ctx, const unsigned char *signature, size_t size,
		     const unsigned char *bytes, size_t n)
{
	uint8_t key[KEY_BYTES];
	uint64_t sums[SUMS], given[SUMS];
	size_t length = sizeof(key);
	(void)ctx;
	assert(size == sizeof(given));
	int known = EVP_PKEY_get_raw_public_key(verifying, key, &length);
	assert(known == 1 && length == sizeof(key));
	sum_bytes(key, bytes, n, sums);
	memcpy(given, signature, size);
	for (int i = 0; i < SUMS; i++) {
		if (given[i] != sums[i])
			return 0;
	}
	return 1;
}

/* What sign_make does. */
static void make_signature(const char *topic, char ret[SIGN_TEXT_SIZE])
{
	static unsigned char bytes[ROOM + 1000];
	uint64_t signature[SUMS];
	int head = sprintf((char *)bytes, "hazewatch-cmd-1%c%s", 0, topic) + 1;
	memcpy(bytes + head, now.text, now.n);
	sum_bytes(public_keys[now.key].bytes, bytes, (size_t)head + now.n, signature);
	EVP_EncodeBlock((unsigned char *)ret, (unsigned char *)signature, sizeof(signature));
}

/* The text under the envelope that `hazewatch sign` makes. */
static void sign_text(enum command_kind topic_of)
{
	char topic[PAYLOAD_TOPIC_MAX], text[SIGN_TEXT_SIZE];
	snprintf(topic, sizeof(topic), PREFIX "cmd/%s", command_kind_name(topic_of));
	make_signature(topic, text);
	int head = sprintf(now.payload, SIGN_MARK "%s %s\n", names[now.key], text);
	memcpy(now.payload + head, now.text, now.n + 1);
	now.length = (size_t)head + now.n;
}

/* Other bytes than before, in one place. */
static void change(struct bytes *bytes)
{
	char *at = now.payload + bytes_between(bytes, 0, (int64_t)now.length - 1);
	size_t tail = now.length - (size_t)(at - now.payload);
	char byte = (char)bytes_number(bytes, 1);
	switch (bytes_between(bytes, 0, 5)) {
	case 0:
		*at = *at == byte ? (char)(byte ^ 1) : byte;
		break;
	case 1:
		*at ^= (char)(1 << (byte & 7));
		break;
	case 2:
		memmove(at + 1, at, tail);
		*at = byte;
		now.length++;
		break;
	case 3:
		memmove(at, at + 1, tail - 1);
		now.length--;
		break;
	case 4:
		now.length -= tail;
		break;
	case 5: /* another key's name under the same signature */
		at = strstr(now.payload, names[now.key]);
		memmove(at + 5, at + strlen(names[now.key]), now.length);
		memcpy(at, now.key == 1 ? "city " : "spare", 5);
		now.length += 5 - strlen(names[now.key]);
		break;
	}
	now.payload[now.length] = '\0';
}

static size_t longest(void)
{
	bool is_short = now.kind == COMMAND_DUST || now.kind == COMMAND_REVIEW ||
			now.kind == COMMAND_RESEND;
	return now.kind == COMMAND_RECEIPT ? GATE_RECEIPT_MAX
	       : is_short                  ? GATE_SHORT_MAX
					   : MQTT_COMMAND_MAX;
}

/* What the inbox should find: whole, for this station, fresh. */
static bool is_good(void)
{
	static struct command_message message;
	bool is_signed = now.kind != COMMAND_RECEIPT;
	if (now.length > longest() || (is_signed && now.key == THIEF))
		return false;
	if (!command_parse(now.kind, now.text, now.n, &conf.plan, &message))
		return false;
	const struct command_order *order = &message.order;
	if (!is_signed)
		return order->target[0] == '\0' || strcmp(order->target, STATION) == 0;
	return strcmp(order->target, STATION) == 0 && order->counter > now.counters[now.key] &&
	       order->not_after_ms >= NOW_MS;
}

/* ---- the way in ---- */

static int waiting(struct spool *spool)
{
	struct spool_state state;
	spool_get_state(spool, &state);
	return state.waiting;
}

static void deliver(int times)
{
	struct spool *spool = spool_open("/nonexistent");
	struct gate *gate = gate_new(spool, &conf.roster, NULL);
	struct inbox *inbox = inbox_new(&conf, NULL, NULL, spool);
	assert(spool && gate && inbox);
	bool ignored = now.retained && now.kind != COMMAND_FORECAST;
	now.must = now.must && !ignored;
	for (int i = 0; i < times; i++)
		gate_take(gate, command_kind_name(now.kind), now.retained, now.payload,
			  (int)now.length);
	int held = waiting(spool);
	assert(now.length <= longest() ? held > 0 : held == 0);
	assert(gate_dropped(gate) == (uint64_t)(times - held));
	while (inbox_work(inbox, NOW_MS, TIME_SYNCHRONISED))
		;
	struct command_counts counts = inbox_counts(inbox);
	assert(waiting(spool) == 0 && counts.dropped == 0);
	assert(counts.retained == (uint64_t)(ignored ? held : 0));
	assert(now.given + now.replies == (ignored ? 0 : held));
	assert(counts.accepted + counts.refused + counts.retained == (uint64_t)held);
	assert(now.given >= now.must && now.given <= (now.kind == COMMAND_RECEIPT ? held : 1));
	gate_take(gate, "ack", false, now.payload, (int)now.length);
	assert(waiting(spool) == 0);
	inbox_free(inbox);
	gate_free(gate);
	spool_close(spool);
}

/* The JSON that is left of the input, and blanks up to and beyond what may come in. */
static void take_text(struct bytes *bytes, size_t blanks)
{
	now.n = bytes->left < MQTT_COMMAND_MAX ? bytes->left : MQTT_COMMAND_MAX;
	memcpy(now.text, bytes->next, now.n);
	memset(now.text + now.n, ' ', blanks);
	now.n += blanks;
	now.text[now.n] = '\0';
}

/* A flood, more than the gate takes at once, takes as long as hundreds of others: one in 64 is. */
static int choose_times(struct bytes *bytes)
{
	bool rare = now.kind != COMMAND_FORECAST && now.kind != COMMAND_RECEIPT;
	int n = (int)bytes_number(bytes, 2);
	return n % 64 == 63 ? (rare ? 64 : 310) : 1 + n % 4;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = {data, size};
	configure();
	memset(&now, 0, offsetof(__typeof__(now), text));
	now.given = now.replies = 0;
	now.kind = (enum command_kind)bytes_between(&bytes, 0, COMMAND_KIND_COUNT - 1);
	now.key = (int)bytes_between(&bytes, 0, KEYS);
	enum treatment treatment = (enum treatment)bytes_between(&bytes, 0, TREATMENTS - 1);
	now.retained = bytes_between(&bytes, 0, 7) == 7;
	now.counters[0] = now.counters[1] = bytes_between(&bytes, 0, 9);
	size_t blanks = (size_t)bytes_number(&bytes, 2);
	int times = treatment == MANY_TIMES ? choose_times(&bytes) : 1;
	struct bytes place = bytes;
	if (treatment == CHANGED)
		bytes_number(&bytes, 6);
	take_text(&bytes, blanks >= 64000 && times == 1 ? blanks : 0);
	if (treatment == UNSIGNED) {
		memcpy(now.payload, now.text, now.n + 1);
		now.length = now.n;
	} else {
		sign_text(treatment == OF_ANOTHER_TOPIC
				  ? (enum command_kind)((now.kind + 1) % COMMAND_KIND_COUNT)
				  : now.kind);
	}
	bool whole = treatment == INTACT || treatment == MANY_TIMES;
	now.must = whole && is_good();
	now.may = now.must || now.kind == COMMAND_RECEIPT;
	if (treatment == CHANGED)
		change(&place);
	deliver(times);
	return 0;
}
