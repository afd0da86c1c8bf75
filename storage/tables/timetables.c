/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "aside.h"
#include "directives.h"
#include "events.h"
#include "plan.h"
#include "timetables_inside.h"

/* ---- the state ---- */

static int read_state(struct store *store, struct timetable *ret, struct binding *ret_binding,
		      struct timetable_bad *bad, bool *ret_any)
{
	struct query q =
		db_read(&store->state,
			"SELECT last_number, last_turn, episode, newest, binding, binding_turn,"
			" binding_level, crc FROM timetable_state");
	struct timetable state = {0};
	struct binding binding = {0};
	*ret_any = query_row(&q);
	bool sound = *ret_any && query_is_sound(&q, 7, 7);
	if (*ret_any) {
		state.last_number = query_column(&q, 0, 0, INT64_MAX);
		state.last_turn = query_column(&q, 1, 0, INT64_MAX);
		state.episode = query_column(&q, 2, 0, INT64_MAX);
		query_column_copy(&q, 3, state.newest_id, sizeof(state.newest_id));
		binding.directive = query_column(&q, 4, 0, INT64_MAX);
		binding.turn = query_column(&q, 5, 0, INT64_MAX);
		level_parse(store->plan, query_column_text(&q, 6, LEVEL_ID_MAX), &binding.level);
		sound = !query_forgive(&q) && sound;
	}
	if (sound) {
		*ret = state;
		*ret_binding = binding;
	} else if (*ret_any && q.error == 0) {
		aside_row(store, "timetable_state", &q);
		bad->any = bad->state = true;
	}
	return query_end(&q);
}

static int64_t larger_of(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* What a damaged state cannot say any more. */
static int guess_state(struct store *store, struct timetable *timetable)
{
	const struct timetable_entry *last = timetable_last(timetable);
	struct query q = db_read(&store->state, "SELECT number, " DIRECTIVES_ID_OF(
							"command") " FROM directives"
								   " ORDER BY number DESC LIMIT 1");
	if (query_row(&q)) {
		int64_t number = query_column(&q, 0, 0, INT64_MAX);
		if (number > timetable->last_number)
			query_column_copy(&q, 1, timetable->newest_id,
					  sizeof(timetable->newest_id));
		timetable->last_number = larger_of(number, timetable->last_number);
	}
	if (last)
		timetable->last_turn = larger_of(last->turn, timetable->last_turn);
	if (last && timetable_in_force(timetable) && timetable->episode == 0)
		timetable->episode = last->number;
	return query_end(&q);
}

static void write_state(struct store *store, const struct timetable *timetable,
			const struct binding *binding)
{
	struct query q = db_write(
		&store->state,
		"INSERT OR REPLACE INTO timetable_state (last_number, last_turn, episode, newest,"
		" binding, binding_turn, binding_level, crc, one) SELECT ?, ?, ?, ?, ?, ?, ?, ?, 1"
		" WHERE NOT EXISTS (SELECT 1 FROM timetable_state WHERE crc = ?8)");
	query_int(&q, timetable->last_number);
	query_int(&q, timetable->last_turn);
	query_int(&q, timetable->episode);
	query_text(&q, timetable->newest_id);
	query_int(&q, binding->directive);
	query_int(&q, binding->turn);
	query_text(&q, level_name(store->plan, binding->level));
	query_sum(&q);
	query_run(&q);
}

/* ---- loading ---- */

static int heal_entries(struct store *store, struct timetable *timetable,
			const struct timetable_bad *bad)
{
	for (int i = 0; i < bad->n; i++) {
		struct timetable_entry entry;
		int r = timetable_heal(store, bad->numbers[i], timetable, &entry);
		if (r == 0)
			timetable_insert(timetable, &entry);
		else if (r != STORE_E_NONE && r != STORE_E_CORRUPT)
			return r;
	}
	return bad->any ? guess_state(store, timetable) : 0;
}

static int check_levels(struct store *store, const struct timetable *timetable)
{
	const struct timetable_entry *lacking = timetable_last(timetable);
	if (lacking && lacking->level != LEVEL_UNKNOWN)
		lacking = NULL;
	for (int i = 0; i < timetable->n_pending && !lacking; i++) {
		if (timetable->pending[i].level == LEVEL_UNKNOWN)
			lacking = &timetable->pending[i];
	}
	if (!lacking)
		return 0;
	return db_refuse(&store->state, STORE_E_LEVEL,
			 "the plan %s lacks the level of directive %lld, which is in force or "
			 "pending",
			 store->plan->id, (long long)lacking->number);
}

/* The tables are written anew: what stood in them is in the quarantine. */
static int write_healed(struct store *store, const struct timetable *timetable,
			const struct binding *binding)
{
	static const char *const deletes[] = {
		"DELETE FROM timetable", "DELETE FROM timetable_state",
		"DELETE FROM timetable_issuers", "DELETE FROM timetable_refused"};
	int r = store->state.readonly ? 0 : store_begin(store);
	if (r || store->state.readonly)
		return r;
	for (size_t i = 0; i < sizeof(deletes) / sizeof(deletes[0]); i++) {
		struct query q = db_write(&store->state, deletes[i]);
		query_run(&q);
	}
	timetables_save(store, timetable, binding);
	return store_commit(store);
}

/* A database from before the timetable: it begins with what counted, and so does the log. */
static int begin_timetable(struct store *store, struct timetable *ret)
{
	int r = timetable_from_directives(store, ret);
	if (r == 0)
		r = check_levels(store, ret);
	if (r || ret->last_number == 0 || store->state.readonly)
		return r;
	r = store_begin(store);
	if (r)
		return r;
	const struct timetable_entry *in_force = timetable_in_force(ret);
	const struct binding none = {0};
	struct event_series newest = {0};
	timetables_save(store, ret, &none);
	if (in_force && events_newest(store, &newest) == 0)
		force_log_append(store,
				 &(struct force_row){in_force->effective_ms, in_force->number,
						     newest.number, in_force->level},
				 in_force->accepted_ms);
	return store_commit(store);
}

int timetables_load(struct store *store, struct timetable *ret, struct binding *ret_binding)
{
	struct timetable timetable = {0};
	struct binding binding = {0};
	struct timetable_bad bad = {.any = false};
	bool any = false;
	int r = read_state(store, &timetable, &binding, &bad, &any);
	if (r == 0)
		r = timetable_read_entries(store, &timetable, &bad);
	if (r == 0)
		r = timetable_read_issuers(store, &timetable, &bad);
	if (r == 0)
		r = timetable_read_refused(store, &timetable, &bad);
	if (r == 0 && bad.any)
		r = heal_entries(store, &timetable, &bad);
	if (r == 0 && bad.state)
		binding_follow(&binding, &timetable);
	if (r == 0)
		r = any || bad.any ? check_levels(store, &timetable)
				   : begin_timetable(store, &timetable);
	if (r == 0 && bad.any)
		r = write_healed(store, &timetable, &binding);
	if (r)
		return r;
	*ret = timetable;
	*ret_binding = binding;
	return 0;
}

int timetables_told_overdue(struct store *store, int64_t number, bool *ret)
{
	struct query q = db_read(&store->state,
				 "SELECT 1 FROM events WHERE kind = 'overdue' AND directive = ?");
	query_int(&q, number);
	*ret = query_row(&q);
	return query_end(&q);
}

bool timetables_is_damaged(const struct store *store, int64_t number)
{
	return aside_is_noted(store, "timetable %lld", (long long)number) ||
	       aside_is_noted(store, "directives %lld", (long long)number);
}

/* Errors stay with the transaction: the last statement tells. */
int timetables_save(struct store *store, const struct timetable *timetable,
		    const struct binding *binding)
{
	timetable_write_entries(store, timetable);
	timetable_write_issuers(store, timetable);
	timetable_write_refused(store, timetable);
	write_state(store, timetable, binding);
	return db_ready(&store->state);
}
