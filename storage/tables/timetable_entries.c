/* SPDX-License-Identifier: MIT */
/* The entries of the timetable, row by row. */
#include <stdio.h>
#include <string.h>

#include "aside.h"
#include "plan.h"
#include "timetables_inside.h"

#define NUMBERS_MAX 64 /* rows that are looked through for those to delete; more go next time */
#define ENTRY_SUMMED 17

static void write_entry(struct store *store, const struct timetable_entry *entry)
{
	bool begun = entry->turn != 0;
	struct query q = db_write(
		&store->state,
		"INSERT OR REPLACE INTO timetable (number, level, start, planned_end, time, said,"
		" accepted, announced, released, turn, effective, begun, previous, overdue, id,"
		" document, issuer, crc)"
		" SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS"
		" (SELECT 1 FROM timetable WHERE number = ?1 AND crc = ?18)");
	query_int(&q, entry->number);
	query_text(&q, level_name(store->plan, entry->level));
	query_int(&q, entry->start_ms);
	query_int_or_null(&q, entry->planned_end_ms != 0, entry->planned_end_ms);
	query_int(&q, entry->time_ms);
	query_int(&q, entry->said_ms);
	query_int(&q, entry->accepted_ms);
	query_int(&q, entry->announced);
	query_int(&q, entry->released);
	query_int_or_null(&q, begun, entry->turn);
	query_int_or_null(&q, begun, entry->effective_ms);
	query_int_or_null(&q, begun, entry->begun_ms);
	query_text(&q, begun ? level_name(store->plan, entry->previous) : NULL);
	query_int_or_null(&q, begun, entry->overdue);
	query_text(&q, entry->id);
	query_text(&q, entry->document);
	query_text(&q, entry->issuer);
	query_sum(&q);
	query_run(&q);
}

static void read_begun(struct store *store, struct query *q, struct timetable_entry *ret)
{
	int previous;
	level_parse(store->plan, query_column_text(q, 12, LEVEL_ID_MAX), &previous);
	ret->turn = query_column(q, 9, 1, INT64_MAX);
	ret->effective_ms = query_column_any(q, 10);
	ret->begun_ms = query_column_any(q, 11);
	ret->previous = previous == LEVEL_UNKNOWN ? LEVEL_NONE : previous;
	ret->overdue = query_column(q, 13, 0, 1) != 0;
}

/* False: it is not what was written. */
static bool read_entry(struct store *store, struct query *q, struct timetable_entry *ret)
{
	struct timetable_entry entry = {.number = query_column_any(q, 0)};
	bool sound = query_is_sound(q, ENTRY_SUMMED, ENTRY_SUMMED);
	level_parse(store->plan, query_column_text(q, 1, LEVEL_ID_MAX), &entry.level);
	entry.start_ms = query_column_any(q, 2);
	entry.planned_end_ms = query_column_null(q, 3) ? 0 : query_column_any(q, 3);
	entry.time_ms = query_column_any(q, 4);
	entry.said_ms = query_column_any(q, 5);
	entry.accepted_ms = query_column_any(q, 6);
	entry.announced = query_column(q, 7, 0, 1) != 0;
	entry.released = query_column(q, 8, 0, 1) != 0;
	if (!query_column_null(q, 9))
		read_begun(store, q, &entry);
	query_column_copy(q, 14, entry.id, sizeof(entry.id));
	query_column_copy(q, 15, entry.document, sizeof(entry.document));
	query_column_copy(q, 16, entry.issuer, sizeof(entry.issuer));
	*ret = entry;
	return !query_forgive(q) && sound;
}

/* In their order; a begun one of a level that the plan lacks matters only if it is the last. */
static void keep_entry(struct timetable *timetable, const struct timetable_entry *entry)
{
	const struct timetable_entry *last = timetable_last(timetable);
	if (entry->turn == 0) {
		if (timetable->n_pending < TIMETABLE_PENDING_MAX)
			timetable->pending[timetable->n_pending++] = *entry;
		return;
	}
	if (last && last->level == LEVEL_UNKNOWN)
		timetable->n_begun--;
	if (timetable->n_begun == TIMETABLE_BEGUN_MAX)
		memmove(&timetable->begun[0], &timetable->begun[1],
			(size_t)--timetable->n_begun * sizeof(timetable->begun[0]));
	timetable->begun[timetable->n_begun++] = *entry;
}

/* Puts an entry that was healed in its place. */
void timetable_insert(struct timetable *timetable, const struct timetable_entry *entry)
{
	if (entry->turn != 0) {
		keep_entry(timetable, entry);
		return;
	}
	int i = timetable->n_pending;
	if (i == TIMETABLE_PENDING_MAX)
		return;
	for (; i > 0 && timetable->pending[i - 1].start_ms > entry->start_ms; i--)
		timetable->pending[i] = timetable->pending[i - 1];
	timetable->pending[i] = *entry;
	timetable->n_pending++;
}

int timetable_read_entries(struct store *store, struct timetable *ret, struct timetable_bad *bad)
{
	struct query q = db_read(
		&store->state,
		"SELECT number, level, start, planned_end, time, said, accepted, announced,"
		" released, turn, effective, begun, previous, overdue, id, document, issuer, crc"
		" FROM timetable ORDER BY turn IS NULL, turn, start");
	while (query_row(&q)) {
		struct timetable_entry entry;
		bool sound = read_entry(store, &q, &entry);
		if (sound) {
			keep_entry(ret, &entry);
			continue;
		}
		aside_row(store, "timetable", &q);
		bad->any = true;
		if (bad->n < TIMETABLE_BEGUN_MAX + TIMETABLE_PENDING_MAX)
			bad->numbers[bad->n++] = entry.number;
	}
	return query_end(&q);
}

static bool has_number(const struct timetable *timetable, int64_t number)
{
	for (int i = 0; i < timetable->n_begun; i++) {
		if (timetable->begun[i].number == number)
			return true;
	}
	for (int i = 0; i < timetable->n_pending; i++) {
		if (timetable->pending[i].number == number)
			return true;
	}
	return false;
}

static void delete_others(struct store *store, const struct timetable *timetable)
{
	int64_t numbers[NUMBERS_MAX];
	int n = 0;
	struct query q = db_read(&store->state, "SELECT number FROM timetable");
	while (query_row(&q) && n < NUMBERS_MAX) {
		int64_t number = query_column_any(&q, 0);
		if (!has_number(timetable, number))
			numbers[n++] = number;
	}
	query_end(&q);
	for (int i = 0; i < n; i++) {
		struct query d = db_write(&store->state, "DELETE FROM timetable WHERE number = ?");
		query_int(&d, numbers[i]);
		query_run(&d);
	}
}

void timetable_write_entries(struct store *store, const struct timetable *timetable)
{
	delete_others(store, timetable);
	for (int i = 0; i < timetable->n_begun; i++)
		write_entry(store, &timetable->begun[i]);
	for (int i = 0; i < timetable->n_pending; i++)
		write_entry(store, &timetable->pending[i]);
}
