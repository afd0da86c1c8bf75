/* SPDX-License-Identifier: MIT */
/* The three chains, row by row. A row that is not what was written is skipped: its chain begins
 * anew. */
#include <stdio.h>
#include <string.h>

#include "alert_log.h"
#include "aside.h"
#include "db.h"
#include "plan.h"

static const char *const topics[ALERT_TOPIC_COUNT] = {
	[ALERT_ON_DIRECTIVE] = "directive",
	[ALERT_ON_ANNOUNCED] = "announced",
	[ALERT_ON_ADVICE] = "advice",
};

#define CHAIN_SUMMED 17
#define REFERENCE_SUMMED 8

/* ---- chains ---- */

static void write_chain(struct store *store, const char *topic, const struct alert_chain *chain)
{
	const struct alert *shown = &chain->shown;
	bool next = shown->next_level >= 0;
	struct query q = db_write(
		&store->state,
		"INSERT OR REPLACE INTO alert_chains (topic, standing, message, subject, level,"
		" sent, onset, expires, cut, overdue, public, released, all_clear, next_level,"
		" next_start, counted_from, counted, crc)"
		" SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS"
		" (SELECT 1 FROM alert_chains WHERE topic = ?1 AND crc = ?18)");
	query_text(&q, topic);
	query_int(&q, chain->standing);
	query_int(&q, shown->key);
	query_int(&q, shown->subject);
	query_text(&q, level_name(store->plan, shown->level));
	query_int(&q, shown->sent_ms);
	query_int(&q, shown->onset_ms);
	query_int(&q, shown->expires_ms);
	query_int(&q, shown->cut);
	query_int(&q, shown->overdue);
	query_int(&q, shown->is_public);
	query_int(&q, shown->released);
	query_int(&q, shown->all_clear);
	query_text(&q, next ? level_name(store->plan, shown->next_level) : NULL);
	query_int(&q, shown->next_start_ms);
	query_int(&q, chain->counted_from_ms);
	query_int(&q, chain->n_counted);
	query_sum(&q);
	query_run(&q);
}

/* One that the plan lacks is history: what is in force or advised has one of its levels. */
static int read_level(struct store *store, struct query *q, int column)
{
	int level;
	level_parse(store->plan, query_column_text(q, column, LEVEL_ID_MAX), &level);
	return level == LEVEL_UNKNOWN ? LEVEL_NONE : level;
}

static struct alert read_shown(struct store *store, struct query *q)
{
	struct alert alert = {.key = query_column_any(q, 2)};
	alert.subject = query_column_any(q, 3);
	alert.level = read_level(store, q, 4);
	alert.sent_ms = query_column_any(q, 5);
	alert.onset_ms = query_column_any(q, 6);
	alert.expires_ms = query_column_any(q, 7);
	alert.cut = query_column(q, 8, 0, 1) != 0;
	alert.overdue = query_column(q, 9, 0, 1) != 0;
	alert.is_public = query_column(q, 10, 0, 1) != 0;
	alert.released = query_column(q, 11, 0, 1) != 0;
	alert.all_clear = query_column(q, 12, 0, 1) != 0;
	alert.next_level = query_column_null(q, 13) ? -1 : read_level(store, q, 13);
	alert.next_start_ms = query_column_any(q, 14);
	return alert;
}

static int find_topic(const char *name)
{
	for (int t = 0; t < ALERT_TOPIC_COUNT; t++) {
		if (strcmp(topics[t], name) == 0)
			return t;
	}
	return -1;
}

static int read_chains(struct store *store, struct alerts *ret)
{
	struct query q =
		db_read(&store->state,
			"SELECT topic, standing, message, subject, level, sent, onset, expires,"
			" cut, overdue, public, released, all_clear, next_level, next_start,"
			" counted_from, counted, crc FROM alert_chains");
	while (query_row(&q)) {
		struct alert_chain chain = {.shown = read_shown(store, &q)};
		bool sound = query_is_sound(&q, CHAIN_SUMMED, CHAIN_SUMMED);
		int topic = find_topic(query_column_text(&q, 0, 16));
		chain.standing =
			(enum alert_standing)query_column(&q, 1, ALERT_NOTHING, ALERT_CANCELLED);
		chain.counted_from_ms = query_column_any(&q, 15);
		chain.n_counted = (int)query_column(&q, 16, 0, INT32_MAX);
		if (!query_forgive(&q) && sound && topic >= 0)
			ret->chains[topic] = chain;
		else if (q.error == 0)
			aside_row(store, "alert_chains", &q);
	}
	return query_end(&q);
}

/* ---- references ---- */

static void write_reference(struct store *store, const char *topic, int place,
			    const struct alert_reference *reference)
{
	struct query q = db_write(
		&store->state,
		"INSERT OR REPLACE INTO alert_references (topic, place, message, subject, level,"
		" onset, expires, sent, crc) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS"
		" (SELECT 1 FROM alert_references WHERE topic = ?1 AND place = ?2 AND crc = ?9)");
	query_text(&q, topic);
	query_int(&q, place);
	query_int(&q, reference->key);
	query_int(&q, reference->subject);
	query_text(&q, level_name(store->plan, reference->level));
	query_int(&q, reference->onset_ms);
	query_int(&q, reference->expires_ms);
	query_int(&q, reference->sent);
	query_sum(&q);
	query_run(&q);
}

static void write_references(struct store *store, const char *topic,
			     const struct alert_chain *chain)
{
	for (int i = 0; i < chain->n_references; i++)
		write_reference(store, topic, i + 1, &chain->references[i]);
	struct query q = db_write(&store->state,
				  "DELETE FROM alert_references WHERE topic = ? AND place > ?");
	query_text(&q, topic);
	query_int(&q, chain->n_references);
	query_run(&q);
}

/* Those of a chain of which nothing is left go with it. */
static int read_references(struct store *store, struct alerts *ret)
{
	struct query q = db_read(&store->state,
				 "SELECT topic, place, message, subject, level, onset, expires,"
				 " sent, crc FROM alert_references ORDER BY topic, place");
	while (query_row(&q)) {
		struct alert_reference reference = {.key = query_column_any(&q, 2)};
		bool sound = query_is_sound(&q, REFERENCE_SUMMED, REFERENCE_SUMMED);
		int topic = find_topic(query_column_text(&q, 0, 16));
		reference.subject = query_column_any(&q, 3);
		reference.level = read_level(store, &q, 4);
		reference.onset_ms = query_column_any(&q, 5);
		reference.expires_ms = query_column_any(&q, 6);
		reference.sent = query_column(&q, 7, 0, 1) != 0;
		if (query_forgive(&q) || !sound || topic < 0) {
			aside_row(store, "alert_references", &q);
			continue;
		}
		struct alert_chain *chain = &ret->chains[topic];
		if (q.error == 0 && chain->n_references < ALERT_REFERENCES_MAX)
			chain->references[chain->n_references++] = reference;
	}
	return query_end(&q);
}

/* ---- all of it ---- */

int alert_log_load(struct store *store, struct alerts *ret)
{
	struct alerts alerts = {0};
	struct query q = db_read(&store->state, "SELECT coalesce(max(seq), 0) FROM sqlite_sequence"
						" WHERE name = 'alert_messages'");
	if (query_row(&q))
		alerts.last_key = query_column(&q, 0, 0, INT64_MAX);
	int r = query_end(&q);
	if (r == 0)
		r = read_chains(store, &alerts);
	if (r == 0)
		r = read_references(store, &alerts);
	if (r == 0)
		*ret = alerts;
	return r;
}

int alert_log_save(struct store *store, const struct alerts *alerts)
{
	for (int t = 0; t < ALERT_TOPIC_COUNT; t++) {
		write_chain(store, topics[t], &alerts->chains[t]);
		write_references(store, topics[t], &alerts->chains[t]);
	}
	return db_ready(&store->state);
}
