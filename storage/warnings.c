/* SPDX-License-Identifier: MIT */
#include "warnings.h"

#include <stdio.h>
#include <string.h>

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
	return fields[HELD] >= 0 && fields[HELD] < 1 << LEVEL_COUNT && fields[HOLDING] >= 0 &&
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
static uint32_t row_crc(const int64_t fields[FIELDS], const struct rules_used *rules)
{
	char text[FIELDS * 21 + sizeof(*rules) + 16];
	int n = 0;
	for (int i = 0; i < FIELDS; i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "%lld|", (long long)fields[i]);
	snprintf(text + n, sizeof(text) - (size_t)n, "%s|%s|%u", rules->edition, rules->plan,
		 rules->sum);
	return crc32_of_text(text);
}

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
	if (crc != row_crc(fields, &rules) || !fields_fit(fields))
		return db_refuse(&store->state, STORE_E_CORRUPT, "the advice is damaged");
	*ret = advice_of(fields);
	*ret_rules = rules;
	return 0;
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
	query_int(&q, row_crc(fields, rules));
	return query_run(&q);
}

int warnings_append(struct store *store, const struct event *event)
{
	struct query q = db_write(&store->state,
				  "INSERT INTO events (number, kind, about, level, previous, hour,"
				  " onset, basis, episode, revised, revised_from)"
				  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bool correction = event->kind == EVENT_CORRECTION && event->about == ABOUT_ADVICE;
	query_int(&q, event->number);
	query_text(&q, event_name(event->kind));
	query_text(&q, event_about_name(event->about));
	query_text(&q, level_name(event->level));
	query_text(&q, level_name(event->previous));
	query_int(&q, event->hour);
	query_int_or_null(&q, event->onset != 0, event->onset);
	query_text(&q, basis_name(event->basis));
	query_int_or_null(&q, event->episode != 0, event->episode);
	query_text(&q, correction ? level_name(event->revised) : NULL);
	query_int_or_null(&q, event->revised_from != 0, event->revised_from);
	return query_run(&q);
}

int warnings_newest_change(struct store *store, enum event_about about, struct event *ret)
{
	struct query q = db_read(&store->state,
				 "SELECT number, kind, level, previous, hour, onset FROM events"
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
		level_parse(query_column_text(&q, 2, 16), &event.level);
		level_parse(query_column_text(&q, 3, 16), &event.previous);
		event.hour = query_column(&q, 4, INT64_MIN, INT64_MAX);
		if (!query_column_null(&q, 5))
			event.onset = query_column(&q, 5, INT64_MIN, INT64_MAX);
	}
	int r = query_end(&q);
	if (r == 0 && any)
		*ret = event;
	return r == 0 && !any ? STORE_E_NONE : r;
}

int warnings_newest_number(struct store *store, int64_t *ret)
{
	struct query q = db_read(&store->state, "SELECT coalesce(max(number), 0) FROM events");
	int64_t number = query_row(&q) ? query_column(&q, 0, 0, INT64_MAX) : 0;
	int r = query_end(&q);
	if (r == 0)
		*ret = number;
	return r;
}
