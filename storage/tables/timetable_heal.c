/* SPDX-License-Identifier: MIT */
/* A damaged row of the timetable, from what else the file knows of its directive. */
#include <string.h>

#include "aside.h"
#include "db.h"
#include "directives.h"
#include "plan.h"
#include "timetables_inside.h"

/* When it took effect, and the level in force until then; STORE_E_NONE: it has not. */
static int find_effect(struct store *store, int64_t number, struct timetable_entry *entry)
{
	struct query q =
		db_read(&store->state,
			"SELECT effective, coalesce((SELECT level FROM force_log b WHERE"
			" b.event < f.event ORDER BY b.event DESC LIMIT 1), 'none'), EXISTS (SELECT"
			" 1 FROM events WHERE kind = 'overdue' AND directive = f.directive)"
			" FROM force_log f WHERE directive = ? ORDER BY event DESC LIMIT 1");
	query_int(&q, number);
	bool any = query_row(&q);
	if (any) {
		entry->effective_ms = entry->begun_ms = query_column(&q, 0, INT64_MIN, INT64_MAX);
		level_parse(store->plan, query_column_text(&q, 1, LEVEL_ID_MAX), &entry->previous);
		entry->overdue = query_column(&q, 2, 0, 1) != 0;
	}
	int r = query_end(&q);
	if (entry->previous == LEVEL_UNKNOWN)
		entry->previous = LEVEL_NONE;
	return r == 0 && !any ? STORE_E_NONE : r;
}

static int find_slip(struct store *store, int64_t number, bool *ret_released)
{
	struct query q = db_read(&store->state, "SELECT 1 FROM releases WHERE directive_number = ?"
						" AND fault = 'good'");
	query_int(&q, number);
	*ret_released = query_row(&q);
	return query_end(&q);
}

int timetables_recall(struct store *store, struct timetable_entry *entry)
{
	struct timetable_entry said;
	aside_note(store, "timetable %lld", (long long)entry->number);
	int r = directives_entry(store, entry->number, &said);
	if (r)
		return r;
	entry->start_ms = said.start_ms;
	entry->planned_end_ms = said.planned_end_ms;
	entry->time_ms = said.time_ms;
	entry->said_ms = said.said_ms;
	entry->accepted_ms = said.accepted_ms;
	memcpy(entry->id, said.id, sizeof(entry->id));
	memcpy(entry->document, said.document, sizeof(entry->document));
	memcpy(entry->issuer, said.issuer, sizeof(entry->issuer));
	entry->announced = true;
	return find_slip(store, entry->number, &entry->released);
}

int timetable_heal(struct store *store, int64_t number, const struct timetable *timetable,
		   struct timetable_entry *ret)
{
	struct timetable_entry entry;
	struct force_row newest;
	int r = directives_entry(store, number, &entry);
	if (r)
		return r;
	r = find_slip(store, number, &entry.released);
	if (r)
		return r;
	r = find_effect(store, number, &entry);
	if (r == STORE_E_NONE) {
		entry.announced = true;
		*ret = entry;
		return 0;
	}
	if (r == 0)
		r = force_log_newest(store, &newest);
	if (r == 0 && newest.directive != number)
		return STORE_E_NONE;
	entry.announced = true;
	entry.turn = timetable->last_turn > 0 ? timetable->last_turn : 1;
	if (r == 0)
		*ret = entry;
	return r;
}
