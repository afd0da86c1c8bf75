/* SPDX-License-Identifier: MIT */
#include "post.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "outbox.h"

struct topic {
	const char *name; /* one that ends in '/' stands for all below it */
	enum outbox_class class;
	bool retain;
	bool replaces;    /* older rows that wait are superseded */
	bool ends_at_ack; /* what no platform stores: the PUBACK is the end of it */
	bool repeated;
};

/* Events and replies are series of their own. Of CAP, aqi and aux every row is sent and the newest
 * is retained: a reader of CAP follows its references. */
static const struct topic topics[] = {
	{"state", OUTBOX_STATE, true, true, true, true},
	{"aqi", OUTBOX_DATA, true, false, false, true},
	{"aux", OUTBOX_DATA, true, false, false, false},
	{"warning", OUTBOX_WARNING, true, true, false, true},
	{"warning/event", OUTBOX_WARNING, false, false, false, false},
	{"warning/cap/directive", OUTBOX_WARNING, true, false, false, true},
	{"warning/cap/announced", OUTBOX_WARNING, true, false, false, true},
	{"warning/cap/advice", OUTBOX_WARNING, true, false, false, true},
	{"cuts", OUTBOX_WARNING, true, true, false, true},
	{"order/", OUTBOX_WARNING, true, true, false, false},
	{"receipts", OUTBOX_STATE, true, true, false, true},
	{"health", OUTBOX_STATE, true, true, false, true},
	{"plan", OUTBOX_STATE, true, true, false, false},
	{"history", OUTBOX_STATE, true, true, false, false},
	{"forecast", OUTBOX_STATE, true, true, false, false},
	{"events", OUTBOX_STATE, true, true, false, false},
	{"roster/", OUTBOX_STATE, true, true, false, false},
	{"relay", OUTBOX_STATE, true, true, false, false},
	{"reply", OUTBOX_STATE, false, false, true, false},
};

static const struct topic *find_topic(const char *name)
{
	for (size_t i = 0; i < sizeof(topics) / sizeof(*topics); i++) {
		size_t n = strlen(topics[i].name);
		bool folder = topics[i].name[n - 1] == '/';
		if (folder ? strncmp(name, topics[i].name, n) == 0
			   : strcmp(name, topics[i].name) == 0)
			return &topics[i];
	}
	return NULL;
}

int post_head(struct store *store, struct payload_head *head)
{
	int64_t seq;
	int r = outbox_next_seq(store, &seq);
	if (r != 0)
		return r;
	head->seq = seq;
	head->is_volatile = store_is_volatile(store);
	snprintf(head->id, sizeof(head->id), "%s-%lld", store_uuid(store), (long long)seq);
	return 0;
}

/* Takes the payload. */
static int append_row(struct store *store, const struct payload_head *head,
		      const struct topic *found, const char *name, char *payload)
{
	if (!payload)
		return -ENOMEM;
	bool empty = payload[0] == '\0';
	struct outbox_row row = {.seq = head->seq,
				 .made_ms = head->time_ms,
				 .class = found->class,
				 .retain = found->retain,
				 .replaces = found->replaces,
				 /* nobody confirms nothing */
				 .ends_at_ack = found->ends_at_ack || empty,
				 .expires_ms = empty ? 0 : head->expires_ms,
				 .payload = payload};
	snprintf(row.topic, sizeof(row.topic), "%s", name);
	int dropped = 0;
	int r = outbox_append(store, &row, &dropped);
	if (r == 0 && dropped > 0)
		log_warning(LOG_BACKLOG_DROPPED,
			    "outbox: %d messages of a full or too old backlog were dropped",
			    dropped);
	outbox_row_done(&row);
	return r;
}

int post_append(struct store *store, const struct payload_head *head, const char *topic,
		char *payload)
{
	const struct topic *found = find_topic(topic);
	assert(found);
	return append_row(store, head, found, topic, payload);
}

int post_append_old(struct store *store, const struct payload_head *head, const char *topic,
		    char *payload)
{
	const struct topic *found = find_topic(topic);
	assert(found);
	struct topic old = *found;
	old.retain = old.replaces = false;
	return append_row(store, head, &old, topic, payload);
}

int post_clear(struct store *store, const struct payload_head *head, const char *topic)
{
	static const struct topic gone = {NULL, OUTBOX_WARNING, true, false, true, false};
	const struct topic *found = find_topic(topic);
	return append_row(store, head, found ? found : &gone, topic, strdup(""));
}

int post_begin(struct store *store, struct payload_head *head)
{
	int r = store_begin(store);
	if (r != 0)
		return r;
	r = post_head(store, head);
	if (r != 0)
		store_rollback(store);
	return r;
}

int post_commit(struct store *store, const struct payload_head *head, const char *topic,
		char *payload)
{
	int r = post_append(store, head, topic, payload);
	if (r == 0)
		return store_commit(store);
	store_rollback(store);
	return r;
}

bool post_is_repeated(const char *topic)
{
	const struct topic *found = find_topic(topic);
	return found && found->repeated;
}
