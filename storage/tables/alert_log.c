/* SPDX-License-Identifier: MIT */
/* The messages of the chains, by their keys: what they are called, and whether they have left. */
#include "alert_log.h"

#include <stdio.h>

#include "aside.h"
#include "db.h"

/* Of all chains, and some that wait. */
#define MESSAGES_MAX (ALERT_TOPIC_COUNT * (ALERT_REFERENCES_MAX + 16))

int alert_log_put(struct store *store, const struct alert_name *name)
{
	struct query q = db_write(&store->state,
				  "INSERT OR REPLACE INTO alert_messages (message, seq, identifier,"
				  " sent, crc) VALUES (?, ?, ?, ?, ?)");
	query_int(&q, name->key);
	query_int(&q, name->seq);
	query_text(&q, name->identifier);
	query_text(&q, name->sent);
	query_sum(&q);
	return query_run(&q);
}

int alert_log_name(struct store *store, int64_t key, struct alert_name *ret)
{
	struct alert_name name = {.key = key};
	struct query q = db_read(&store->state, "SELECT message, seq, identifier, sent, crc"
						" FROM alert_messages WHERE message = ?");
	query_int(&q, key);
	bool any = query_row(&q);
	bool sound = any && query_is_sound(&q, 4, 4);
	if (any) {
		name.seq = query_column_any(&q, 1);
		query_column_copy(&q, 2, name.identifier, sizeof(name.identifier));
		query_column_copy(&q, 3, name.sent, sizeof(name.sent));
		sound = !query_forgive(&q) && sound;
	}
	int r = query_end(&q);
	if (r)
		return r;
	if (sound)
		*ret = name;
	else if (any)
		aside_note(store, "alert_messages %lld", (long long)key);
	return sound ? 0 : STORE_E_NONE;
}

/* ---- what became of them ---- */

enum fate { WAITS, WENT, DROPPED, TOLD };

struct message {
	int64_t key;
	enum fate fate;
};

static int read_fates(struct store *store, struct message *ret, int *n)
{
	struct query q =
		db_read(&store->state,
			"SELECT message, CASE WHEN told THEN 3 WHEN went THEN 1 WHEN EXISTS (SELECT"
			" 1 FROM outbox WHERE outbox.seq = alert_messages.seq) THEN 0 ELSE 2 END"
			" FROM alert_messages ORDER BY message");
	while (query_row(&q) && *n < MESSAGES_MAX) {
		ret[*n].key = query_column_any(&q, 0);
		ret[*n].fate = (enum fate)query_column(&q, 1, WAITS, TOLD);
		*n += 1;
	}
	return query_end(&q);
}

static bool is_referred_to(const struct alerts *alerts, int64_t key)
{
	for (int t = 0; t < ALERT_TOPIC_COUNT; t++) {
		const struct alert_chain *chain = &alerts->chains[t];
		for (int i = 0; i < chain->n_references; i++) {
			if (chain->references[i].key == key)
				return true;
		}
	}
	return false;
}

static int run_for_message(struct store *store, const char *sql, int64_t key)
{
	struct query q = db_write(&store->state, sql);
	query_int(&q, key);
	return query_run(&q);
}

int alert_log_follow(struct store *store, struct alerts *alerts)
{
	struct message messages[MESSAGES_MAX];
	int n = 0;
	int r = read_fates(store, messages, &n);
	for (int i = 0; i < n && r == 0; i++) {
		int64_t key = messages[i].key;
		if (messages[i].fate == WAITS)
			continue;
		if (messages[i].fate == WENT)
			alerts_note_sent(alerts, key);
		else if (messages[i].fate == DROPPED)
			alerts_note_dropped(alerts, key);
		if (!is_referred_to(alerts, key))
			r = run_for_message(store, "DELETE FROM alert_messages WHERE message = ?",
					    key);
		else if (messages[i].fate != TOLD)
			r = run_for_message(
				store, "UPDATE alert_messages SET told = 1 WHERE message = ?", key);
	}
	return r;
}

int alert_log_unsend(struct store *store, int64_t key)
{
	int r = run_for_message(store,
				"DELETE FROM latest WHERE seq = (SELECT seq FROM alert_messages"
				" WHERE message = ? AND went = 0)",
				key);
	if (r)
		return r;
	return run_for_message(store,
			       "DELETE FROM outbox WHERE seq = (SELECT seq FROM alert_messages"
			       " WHERE message = ? AND went = 0)",
			       key);
}
