/* SPDX-License-Identifier: MIT */
#include "import.h"

#include "db.h"
#include "hours.h"

enum found { ABSENT, SAME, IMPORTED, OWN_INVALID, OWN_VALID };

static int look(struct store *store, int64_t hour, const char *key, int32_t milli, enum found *ret)
{
	struct query q = db_read(&store->state,
				 "SELECT coalesce(mean_milli = ? AND valid, 0), source = 'import',"
				 " valid FROM hours WHERE hour = ? AND pollutant = ?");
	enum found found = ABSENT;
	query_int(&q, milli);
	query_int(&q, hour);
	query_text(&q, key);
	if (query_row(&q)) {
		bool same = query_column(&q, 0, 0, 1) != 0;
		bool imported = query_column(&q, 1, 0, 1) != 0;
		bool valid = query_column(&q, 2, 0, 1) != 0;
		found = same ? SAME : imported ? IMPORTED : valid ? OWN_VALID : OWN_INVALID;
	}
	int r = query_end(&q);
	if (r == 0)
		*ret = found;
	return r;
}

/* The revision rises, and a person's word about the hour stays. */
static int put(struct store *store, int64_t hour, const char *key, int32_t milli)
{
	struct query q = db_write(
		&store->state,
		"INSERT INTO hours (hour, pollutant, mean_milli, valid, quality, covered_ms,"
		" samples, time_quality, source, crc)"
		" VALUES (?, ?, ?, 1, 'N', 3600000, 0, 'synchronised', 'import', ?)"
		" ON CONFLICT (hour, pollutant) DO UPDATE SET mean_milli = excluded.mean_milli,"
		" valid = 1, quality = 'N', why = NULL, covered_ms = 3600000, samples = 0,"
		" source = 'import', rev = rev + 1, crc = excluded.crc");
	query_int(&q, hour);
	query_text(&q, key);
	query_int(&q, milli);
	query_int(&q, hours_crc(hour, key, milli));
	return query_run(&q);
}

static int widen(struct store *store, int64_t hour)
{
	struct query q = db_write(
		&store->state, "INSERT INTO imported (id, first_hour, last_hour) VALUES (1, ?1, ?1)"
			       " ON CONFLICT (id) DO UPDATE SET first_hour = min(first_hour, ?1),"
			       " last_hour = max(last_hour, ?1)");
	query_int(&q, hour);
	return query_run(&q);
}

static int import_value(struct store *store, int64_t hour, enum pollutant pollutant, int32_t milli,
			struct import *import)
{
	const char *key = pollutant_info(pollutant)->key;
	enum found found = ABSENT;
	int r = look(store, hour, key, milli, &found);
	if (r)
		return r;
	if (found == SAME) {
		import->same++;
		return 0;
	}
	if (found == OWN_VALID && !import->replace) {
		import->kept++;
		return 0;
	}
	*(found == ABSENT ? &import->added : &import->changed) += 1;
	r = put(store, hour, key, milli);
	return r ? r : widen(store, hour);
}

int import_hour(struct store *store, int64_t hour, const struct hour_values *values,
		struct import *import)
{
	int r = 0;
	for (int p = 0; p < POLLUTANT_COUNT && r == 0; p++) {
		if (values->valid & (1u << p))
			r = import_value(store, hour, (enum pollutant)p, values->milli[p], import);
	}
	return r;
}

int import_pending(struct store *store, int64_t *ret_first, int64_t *ret_last)
{
	struct query q = db_read(&store->state, "SELECT first_hour, last_hour FROM imported");
	bool any = query_row(&q);
	int64_t first = any ? query_column(&q, 0, INT64_MIN, INT64_MAX) : 0;
	int64_t last = any ? query_column(&q, 1, first, INT64_MAX) : 0;
	int r = query_end(&q);
	if (r || !any)
		return r ? r : STORE_E_NONE;
	*ret_first = first;
	*ret_last = last;
	return 0;
}

int import_settle(struct store *store)
{
	struct query q = db_write(&store->state, "DELETE FROM imported");
	return query_run(&q);
}
