/* SPDX-License-Identifier: MIT */
#include "import.h"

#include "changed.h"
#include "db.h"
#include "hours.h"
#include "uplink.h"

#define NO_VALUE (-1) /* no hour has it */

enum found { ABSENT, SAME, IMPORTED, IMPORTED_INVALID, OWN_INVALID, OWN_VALID };

static int look_up_hour(struct store *store, int64_t hour, const char *key, int32_t milli,
			enum found *ret)
{
	struct query q = db_read(&store->state,
				 "SELECT coalesce(mean_milli = ? AND valid AND doubted IS NULL, 0),"
				 " source = 'import', valid AND doubted IS NULL FROM hours WHERE "
				 "hour = ? AND pollutant = ?");
	enum found found = ABSENT;
	query_int(&q, milli);
	query_int(&q, hour);
	query_text(&q, key);
	if (query_row(&q)) {
		bool same = query_column(&q, 0, 0, 1) != 0;
		bool imported = query_column(&q, 1, 0, 1) != 0;
		bool valid = query_column(&q, 2, 0, 1) != 0;
		found = same        ? SAME
			: !imported ? (valid ? OWN_VALID : OWN_INVALID)
			: valid     ? IMPORTED
				    : IMPORTED_INVALID;
	}
	int r = query_end(&q);
	if (r == 0)
		*ret = found;
	return r;
}

/* The revision rises, and a person's word about the hour stays. */
static int put_hour(struct store *store, int64_t hour, const char *key, int32_t milli)
{
	struct query q = db_write(
		&store->state,
		"INSERT INTO hours (hour, pollutant, mean_milli, valid, quality, covered_ms,"
		" samples, time_quality, source, crc)"
		" VALUES (?, ?, ?, 1, 'N', 3600000, 0, 'synchronised', 'import', ?)"
		" ON CONFLICT (hour, pollutant) DO UPDATE SET mean_milli = excluded.mean_milli,"
		" valid = 1, quality = 'N', why = NULL, covered_ms = 3600000, samples = 0,"
		" source = 'import', doubted = NULL, rev = rev + 1, crc = excluded.crc");
	query_int(&q, hour);
	query_text(&q, key);
	query_int(&q, milli);
	query_int(&q, hours_crc(hour, key, milli));
	return query_run(&q);
}

static int import_value(struct store *store, int64_t hour, enum pollutant pollutant, int32_t milli,
			struct import *import)
{
	const char *key = pollutant_info(pollutant)->key;
	enum found found = ABSENT;
	int r = look_up_hour(store, hour, key, milli, &found);
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
	r = put_hour(store, hour, key, milli);
	return r ? r : changed_widen(store, hour, hour, CHANGED_BY_IMPORT);
}

static int put_beyond(struct store *store, int64_t hour, const char *key)
{
	struct query q = db_write(
		&store->state,
		"INSERT INTO hours (hour, pollutant, mean_milli, valid, quality, why, covered_ms,"
		" samples, time_quality, source, crc)"
		" VALUES (?, ?, NULL, 0, 'T', 'out_of_range', 0, 0, 'synchronised', 'import', ?)"
		" ON CONFLICT (hour, pollutant) DO UPDATE SET mean_milli = NULL, valid = 0,"
		" quality = 'T', why = 'out_of_range', covered_ms = 0, doubted = NULL, rev = rev + "
		"1,"
		" crc = excluded.crc");
	query_int(&q, hour);
	query_text(&q, key);
	query_int(&q, hours_crc_of_none(hour, key));
	return query_run(&q);
}

/* It takes nothing from the station's own hour, and the value of an earlier import with it. */
static int import_beyond(struct store *store, int64_t hour, enum pollutant pollutant,
			 struct import *import)
{
	const char *key = pollutant_info(pollutant)->key;
	enum found found = ABSENT;
	int r = look_up_hour(store, hour, key, NO_VALUE, &found);
	if (r)
		return r;
	if (found == IMPORTED_INVALID) {
		import->same++;
		return 0;
	}
	if (found != ABSENT && found != IMPORTED) {
		import->kept++;
		return 0;
	}
	*(found == ABSENT ? &import->added : &import->changed) += 1;
	r = put_beyond(store, hour, key);
	return r ? r : changed_widen(store, hour, hour, CHANGED_BY_IMPORT);
}

int import_hour(struct store *store, int64_t hour, const struct hour_values *values,
		pollutant_set beyond, struct import *import)
{
	int r = 0;
	for (int p = 0; p < POLLUTANT_COUNT && r == 0; p++) {
		if (values->valid & (1u << p))
			r = import_value(store, hour, (enum pollutant)p, values->milli[p], import);
		else if (beyond & (1u << p))
			r = import_beyond(store, hour, (enum pollutant)p, import);
	}
	return r;
}

static bool is_same(const struct auxiliary_mean *a, const struct auxiliary_mean *b)
{
	return a->known == b->known && a->calm == b->calm && a->quality == b->quality &&
	       (!a->known || a->milli == b->milli);
}

int import_auxiliary(struct store *store, const struct auxiliary_mean *hour, struct import *import)
{
	struct auxiliary_mean was = {0}, is = *hour;
	int r = auxiliaries_hour(store, hour->auxiliary, hour->at, &was);
	if (r == STORE_E_NONE) {
		import->added++;
		return auxiliaries_bring_hour(store, &is);
	}
	bool stays = hour->quality != QUALITY_NORMAL ||
		     (was.quality == QUALITY_NORMAL && !import->replace);
	if (r != 0)
		return r;
	if (is_same(&was, hour) || stays) {
		*(is_same(&was, hour) ? &import->same : &import->kept) += 1;
		return 0;
	}
	import->changed++;
	is.rev = was.rev + 1 > hour->rev ? was.rev + 1 : hour->rev;
	r = auxiliaries_bring_hour(store, &is);
	return r ? r : uplink_note_revised(store, hour->at);
}
