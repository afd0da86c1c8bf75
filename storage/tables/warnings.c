/* SPDX-License-Identifier: MIT */
#include "warnings.h"

#include <stdio.h>
#include <string.h>

#include "advice_course.h"
#include "crc.h"
#include "db.h"

/* The integers of the advice in the order of the table's columns, which is that of the CRC. */
enum field {
	HELD,
	HOLDING,
	EPISODE,
	SINCE,
	LAST_EVENT,
	LAST_HOUR,
	CONDITION,
	RUN_FIRST,
	RUN_LAST,
	MET_AT,
	ONSET,
	BASIS,
	RUN_MAX,
	RUN_HOURS,
	PARTS, /* hours and needed of each part */
};
#define FIELDS (PARTS + 2 * PLAN_PARTS_MAX)
_Static_assert(PLAN_PARTS_MAX == 4, "the table advice has columns for four parts");

static void fields_of(const struct advice *advice, int64_t ret[FIELDS])
{
	const struct evidence *e = &advice->evidence;
	const int64_t fields[PARTS] = {
		advice->held,       advice->holding,   advice->episode, advice->since,
		advice->last_event, advice->last_hour, e->condition,    e->run_first,
		e->run_last,        e->met_at,         e->onset,        e->basis,
		e->run_max,         e->run_hours,
	};
	memcpy(ret, fields, sizeof(fields));
	for (int i = 0; i < PLAN_PARTS_MAX; i++) {
		ret[PARTS + 2 * i] = e->parts[i].hours;
		ret[PARTS + 2 * i + 1] = e->parts[i].needed;
	}
}

/* False if a value does not fit its member, or an index would leave its array. */
static bool fields_fit(const int64_t fields[FIELDS])
{
	for (int i = BASIS; i < FIELDS; i++)
		if (fields[i] < INT32_MIN || fields[i] > INT32_MAX)
			return false;
	return fields[HELD] >= 0 && fields[HELD] < 1 << LEVEL_SLOTS && fields[HOLDING] >= 0 &&
	       fields[HOLDING] <= 1 && fields[BASIS] >= BASIS_OBSERVED &&
	       fields[BASIS] <= BASIS_FORECAST_AQI && fields[CONDITION] >= -1 &&
	       fields[CONDITION] < PLAN_CONDITIONS_MAX;
}

static struct advice advice_of(const int64_t fields[FIELDS])
{
	struct advice advice = {
		.held = (uint32_t)fields[HELD],
		.holding = fields[HOLDING] != 0,
		.episode = fields[EPISODE],
		.since = fields[SINCE],
		.last_event = fields[LAST_EVENT],
		.last_hour = fields[LAST_HOUR],
		.evidence = {.condition = (int)fields[CONDITION],
			     .run_first = fields[RUN_FIRST],
			     .run_last = fields[RUN_LAST],
			     .met_at = fields[MET_AT],
			     .onset = fields[ONSET],
			     .basis = (enum basis)fields[BASIS],
			     .run_max = (int32_t)fields[RUN_MAX],
			     .run_hours = (int32_t)fields[RUN_HOURS]},
	};
	for (int i = 0; i < PLAN_PARTS_MAX; i++) {
		advice.evidence.parts[i].hours = (int32_t)fields[PARTS + 2 * i];
		advice.evidence.parts[i].needed = (int32_t)fields[PARTS + 2 * i + 1];
	}
	return advice;
}

/* Over the columns as text, joined by '|': another program can check it with what it reads. */
static uint32_t compute_warning_crc(const int64_t fields[FIELDS], const struct rules_used *rules)
{
	char text[FIELDS * 21 + sizeof(*rules) + 16];
	int n = 0;
	for (int i = 0; i < FIELDS; i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "%lld|", (long long)fields[i]);
	snprintf(text + n, sizeof(text) - (size_t)n, "%s|%s|%u", rules->edition, rules->plan,
		 rules->sum);
	return crc32_of_text(text);
}

/* ---- which levels the bits of `held` are ---- */

static uint32_t level_crc(int rank, const char *level)
{
	char text[LEVEL_ID_MAX + 24];
	snprintf(text, sizeof(text), "%d|%s", rank, level);
	return crc32_of_text(text);
}

/* Ids by rank; "" where there is none. */
struct level_ids {
	char id[LEVEL_SLOTS][LEVEL_ID_MAX];
};

static int read_levels(struct store *store, struct level_ids *ret)
{
	struct query q = db_read(&store->state, "SELECT rank, level, crc FROM levels");
	bool sound = true;
	*ret = (struct level_ids){0};
	while (sound && query_row(&q)) {
		int rank = (int)query_column(&q, 0, 1, LEVELS_MAX);
		snprintf(ret->id[rank], LEVEL_ID_MAX, "%s", query_column_text(&q, 1, LEVEL_ID_MAX));
		sound = query_column(&q, 2, 0, UINT32_MAX) == level_crc(rank, ret->id[rank]);
	}
	int r = query_end(&q);
	return r == 0 && !sound ? db_refuse(&store->state, STORE_E_CORRUPT, "a level is damaged")
				: r;
}

/* The ranks that the plan in use gives to the levels held. */
static int translate_bits(struct store *store, uint32_t held, uint32_t *ret)
{
	struct level_ids ids;
	int r = read_levels(store, &ids);
	*ret = 0;
	for (int rank = 1; r == 0 && rank <= LEVELS_MAX; rank++) {
		int level;
		if (!(held & 1u << rank))
			continue;
		if (!level_parse(store->plan, ids.id[rank], &level))
			return db_refuse(&store->state, STORE_E_LEVEL,
					 "the advice holds %s, a level that the plan %s lacks",
					 ids.id[rank], store->plan->id);
		*ret |= 1u << level;
	}
	return r;
}

static int write_level(struct store *store, int rank, const char *id)
{
	struct query q = db_write(
		&store->state, "INSERT OR REPLACE INTO levels (rank, level, crc) VALUES (?, ?, ?)");
	query_int(&q, rank);
	query_text(&q, id);
	query_int(&q, level_crc(rank, id));
	return query_run(&q);
}

static int forget_level(struct store *store, int rank)
{
	struct query q = db_write(&store->state, "DELETE FROM levels WHERE rank = ?");
	query_int(&q, rank);
	return query_run(&q);
}

/* As the plan has them; rows are touched only where it changed. */
static int save_levels(struct store *store)
{
	struct level_ids ids;
	const struct plan *plan = store->plan;
	int r = read_levels(store, &ids);
	if (r == STORE_E_CORRUPT)
		r = 0;
	for (int rank = 1; r == 0 && rank <= LEVELS_MAX; rank++) {
		const char *id = rank <= plan->n_levels ? plan->levels[rank].id : "";
		if (strcmp(ids.id[rank], id) == 0)
			continue;
		r = id[0] != '\0' ? write_level(store, rank, id) : forget_level(store, rank);
	}
	return r;
}

/* ---- the advice ---- */

static void column_rules(struct query *q, int column, char ret[], size_t size)
{
	snprintf(ret, size, "%s", query_column_text(q, column, size));
}

int warnings_load(struct store *store, struct advice *ret, struct rules_used *ret_rules)
{
	int64_t fields[FIELDS] = {0};
	struct rules_used rules;
	struct query q =
		db_read(&store->state,
			"SELECT held, holding, episode, since, last_event, last_hour, condition,"
			" run_first, run_last, met_at, onset, basis, run_max, run_hours,"
			" part1_hours, part1_needed, part2_hours, part2_needed,"
			" part3_hours, part3_needed, part4_hours, part4_needed,"
			" edition, plan, rules, crc FROM advice");
	if (!query_row(&q)) {
		int r = query_end(&q);
		return r ? r : STORE_E_NONE;
	}
	for (int i = 0; i < FIELDS; i++)
		fields[i] = query_column(&q, i, INT64_MIN, INT64_MAX);
	column_rules(&q, FIELDS, rules.edition, sizeof(rules.edition));
	column_rules(&q, FIELDS + 1, rules.plan, sizeof(rules.plan));
	rules.sum = (uint32_t)query_column(&q, FIELDS + 2, 0, UINT32_MAX);
	uint32_t crc = (uint32_t)query_column(&q, FIELDS + 3, 0, UINT32_MAX);
	int r = query_end(&q);
	if (r)
		return r;
	if (crc != compute_warning_crc(fields, &rules) || !fields_fit(fields))
		return db_refuse(&store->state, STORE_E_CORRUPT, "the advice is damaged");
	struct advice advice = advice_of(fields);
	r = translate_bits(store, (uint32_t)fields[HELD], &advice.held);
	if (r)
		return r;
	r = advice_course_load(store, &advice);
	if (r == 0 && advice.held != (uint32_t)fields[HELD]) /* other ranks: counted anew */
		memset(advice.beyond_since, 0, sizeof(advice.beyond_since));
	if (advice.last_event < store->state.given.event)
		advice.last_event = store->state.given.event;
	*ret = advice;
	*ret_rules = rules;
	return r == STORE_E_CORRUPT ? 0 : r;
}

int warnings_save(struct store *store, const struct advice *advice, const struct rules_used *rules)
{
	int64_t fields[FIELDS];
	fields_of(advice, fields);
	struct query q = db_write(
		&store->state,
		"INSERT OR REPLACE INTO advice (id, held, holding, episode, since, last_event,"
		" last_hour, condition, run_first, run_last, met_at, onset, basis, run_max, "
		"run_hours,"
		" part1_hours, part1_needed, part2_hours, part2_needed,"
		" part3_hours, part3_needed, part4_hours, part4_needed, edition, plan, rules, crc)"
		" VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		" ?, ?, ?)");
	for (int i = 0; i < FIELDS; i++)
		query_int(&q, fields[i]);
	query_text(&q, rules->edition);
	query_text(&q, rules->plan);
	query_int(&q, rules->sum);
	query_int(&q, compute_warning_crc(fields, rules));
	int r = query_run(&q);
	if (r == 0)
		r = advice_course_save(store, advice);
	return r == 0 ? save_levels(store) : r;
}

int warnings_newest_change(struct store *store, enum event_about about, struct event *ret)
{
	struct query q = db_read(&store->state,
				 "SELECT number, kind, level, previous, hour,"
				 " coalesce(onset_ms, onset * 3600000) FROM events"
				 " WHERE about = ? AND kind IN ('issue', 'upgrade', 'downgrade',"
				 " 'lift') ORDER BY number DESC LIMIT 1");
	struct event event = {.about = about};
	query_text(&q, event_about_name(about));
	bool any = query_row(&q);
	if (any) {
		event.number = query_column(&q, 0, 1, INT64_MAX);
		const char *kind = query_column_text(&q, 1, 16);
		for (int k = EVENT_ISSUE; k <= EVENT_LIFT; k++) {
			if (strcmp(kind, event_name((enum event_kind)k)) == 0)
				event.kind = (enum event_kind)k;
		}
		level_parse(store->plan, query_column_text(&q, 2, LEVEL_ID_MAX), &event.level);
		level_parse(store->plan, query_column_text(&q, 3, LEVEL_ID_MAX), &event.previous);
		event.hour = query_column(&q, 4, INT64_MIN, INT64_MAX);
		if (!query_column_null(&q, 5))
			event.onset_ms = query_column(&q, 5, INT64_MIN, INT64_MAX);
	}
	int r = query_end(&q);
	if (r == 0 && any)
		*ret = event;
	return r == 0 && !any ? STORE_E_NONE : r;
}
