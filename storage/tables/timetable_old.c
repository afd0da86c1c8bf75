/* SPDX-License-Identifier: MIT */
/*
 * The timetable of a database from before there was one. Then of several directives that had begun
 * the one with the latest start counted, of equals the one accepted last, and a lift took out what
 * was accepted before it and had not begun when it began. Nothing of that is judged anew; what
 * began since the station last told the time begins by the timetable.
 */
#include <string.h>

#include "db.h"
#include "directives.h"
#include "timetables_inside.h"

/* Never later than now: the newest of a closed hour, a directive that came or was followed. */
static int last_sign_of_life(struct store *store, int64_t *ret_ms)
{
	struct query q = db_read(
		&store->state, "SELECT max(coalesce((SELECT last_hour FROM advice), 0) * 3600000,"
			       " coalesce((SELECT max(received) FROM directives), 0),"
			       " coalesce((SELECT since FROM order_run WHERE directive <> 0), 0))");
	int64_t ms = query_row(&q) ? query_column(&q, 0, INT64_MIN, INT64_MAX) : 0;
	int r = query_end(&q);
	if (r == 0)
		*ret_ms = ms;
	return r;
}

/* What a lift that has begun takes out: all that starts with it or later. */
static void take_out_from(struct timetable *timetable, int64_t start_ms)
{
	while (timetable->n_pending > 0 &&
	       timetable->pending[timetable->n_pending - 1].start_ms >= start_ms)
		timetable->n_pending--;
	if (timetable->n_begun > 0 && timetable->begun[0].start_ms >= start_ms)
		timetable->n_begun = 0;
}

static void cut_same_start(struct timetable *timetable, int64_t start_ms)
{
	int kept = 0;
	for (int i = 0; i < timetable->n_pending; i++) {
		if (timetable->pending[i].start_ms != start_ms)
			timetable->pending[kept++] = timetable->pending[i];
	}
	timetable->n_pending = kept;
}

/* Directives come in the order of their acceptance. */
static void follow_entry(struct timetable *timetable, const struct timetable_entry *next,
			 int64_t now_ms)
{
	struct timetable_entry entry = *next;
	struct timetable_entry *last = &timetable->begun[0];
	if (entry.start_ms > now_ms) {
		entry.announced = true;
		cut_same_start(timetable, entry.start_ms);
		timetable_insert(timetable, &entry);
		return;
	}
	if (entry.level == 0)
		take_out_from(timetable, entry.start_ms);
	if (timetable->n_begun > 0 && last->start_ms > entry.start_ms)
		return;
	entry.turn = 1;
	entry.effective_ms =
		entry.start_ms > entry.accepted_ms ? entry.start_ms : entry.accepted_ms;
	entry.begun_ms = entry.effective_ms;
	entry.overdue = entry.planned_end_ms != 0 && entry.planned_end_ms <= now_ms;
	*last = entry;
	timetable->n_begun = 1;
}

static void note_word(struct timetable *timetable, const struct timetable_entry *entry)
{
	struct timetable_issuer word = {.number = entry->number, .said_ms = entry->said_ms};
	memcpy(word.issuer, entry->issuer, sizeof(word.issuer));
	timetable_note_accepted(timetable, &word);
	timetable->last_number = entry->number;
	memcpy(timetable->newest_id, entry->id, sizeof(timetable->newest_id));
}

static int next_number(struct store *store, int64_t after, int64_t *ret)
{
	struct query q = db_read(&store->state, "SELECT number FROM directives WHERE number > ?"
						" ORDER BY number LIMIT 1");
	query_int(&q, after);
	bool any = query_row(&q);
	if (any)
		*ret = query_column(&q, 0, INT64_MIN, INT64_MAX);
	int r = query_end(&q);
	return r == 0 && !any ? STORE_E_NONE : r;
}

int timetable_from_directives(struct store *store, struct timetable *ret)
{
	struct timetable timetable = {0};
	int64_t now_ms = 0, number = 0;
	int r = last_sign_of_life(store, &now_ms);
	while (r == 0 && (r = next_number(store, number, &number)) == 0) {
		struct timetable_entry entry;
		r = directives_entry(store, number, &entry);
		if (r == 0) {
			follow_entry(&timetable, &entry, now_ms);
			note_word(&timetable, &entry);
		}
		r = r == STORE_E_CORRUPT || r == STORE_E_NONE ? 0 : r;
	}
	if (r != STORE_E_NONE)
		return r;
	timetable.last_turn = timetable.n_begun;
	if (timetable_in_force(&timetable))
		timetable.episode = timetable.begun[0].number;
	*ret = timetable;
	return 0;
}
