/* SPDX-License-Identifier: MIT */
#include "advice_course.h"

#include <stdio.h>
#include <string.h>

#include "crc.h"
#include "db.h"

/* The integers in the order of the table's columns, which is that of the CRC. */
enum course {
	HOLD_TOLD,
	UNDECIDED,
	LOWERED,
	ENDED,
	WARY,
	SAID_FIRST,
	SAID,
	BEYOND, /* of each level */
};
#define COURSE (BEYOND + LEVELS_MAX)
_Static_assert(LEVELS_MAX == 8, "the table advice_course has columns for eight levels");

#define COLUMNS                                                                                    \
	"hold_told, undecided, lowered, ended, wary, said_first, said, beyond1, beyond2, beyond3," \
	" beyond4, beyond5, beyond6, beyond7, beyond8, hold_reason, source, crc"

static const char *reason_text(const struct advice *advice)
{
	const char *name = event_reason_name(advice->hold_reason);
	return name ? name : "";
}

/* Over the columns as text, joined by '|': another program can check it with what it reads. */
static uint32_t compute_course_crc(const int64_t fields[COURSE], const char *reason,
				   const char *source)
{
	char text[COURSE * 21 + FORECAST_TEXT_MAX + 64];
	int n = 0;
	for (int i = 0; i < COURSE; i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "%lld|", (long long)fields[i]);
	snprintf(text + n, sizeof(text) - (size_t)n, "%s|%s", reason, source);
	return crc32_of_text(text);
}

static void fields_of_course(const struct advice *advice, int64_t ret[COURSE])
{
	ret[HOLD_TOLD] = advice->hold_told;
	ret[UNDECIDED] = advice->undecided;
	ret[LOWERED] = advice->lowered;
	ret[ENDED] = advice->ended;
	ret[WARY] = advice->wary;
	ret[SAID_FIRST] = advice->said_first.issued_ms;
	ret[SAID] = 0;
	for (int i = 0; i < PLAN_PARTS_MAX; i++)
		ret[SAID] |= advice->evidence.parts[i].said ? 1 << i : 0;
	for (int l = 1; l <= LEVELS_MAX; l++)
		ret[BEYOND + l - 1] = advice->beyond_since[l];
}

static void take_course(const int64_t fields[COURSE], const char *reason, const char *source,
			struct advice *advice)
{
	advice->hold_told = fields[HOLD_TOLD];
	advice->undecided = (uint32_t)fields[UNDECIDED] & ((1u << LEVEL_SLOTS) - 1);
	advice->lowered = fields[LOWERED];
	advice->ended = fields[ENDED];
	advice->wary = fields[WARY] != 0;
	advice->said_first.issued_ms = fields[SAID_FIRST];
	snprintf(advice->said_first.source, FORECAST_TEXT_MAX, "%s", source);
	event_reason_parse(reason, &advice->hold_reason);
	for (int i = 0; i < PLAN_PARTS_MAX; i++)
		advice->evidence.parts[i].said = (fields[SAID] & 1 << i) != 0;
	for (int l = 1; l <= LEVELS_MAX; l++)
		advice->beyond_since[l] = fields[BEYOND + l - 1];
}

/* A hold of a station that remembered no reasons was for want of data. */
static void settle_hold(struct advice *advice)
{
	if (!advice->holding)
		advice->hold_reason = REASON_NONE;
	else if (advice->hold_reason == REASON_NONE)
		advice->hold_reason = REASON_INSUFFICIENT_DATA;
}

int advice_course_load(struct store *store, struct advice *advice)
{
	int64_t fields[COURSE] = {0};
	char reason[32] = "", source[FORECAST_TEXT_MAX] = "";
	bool sound = true;
	struct query q = db_read(&store->state, "SELECT " COLUMNS " FROM advice_course");
	if (query_row(&q)) {
		for (int i = 0; i < COURSE; i++)
			fields[i] = query_column(&q, i, INT64_MIN, INT64_MAX);
		snprintf(reason, sizeof(reason), "%s",
			 query_column_text(&q, COURSE, sizeof(reason)));
		snprintf(source, sizeof(source), "%s",
			 query_column_text(&q, COURSE + 1, sizeof(source)));
		sound = query_column(&q, COURSE + 2, 0, UINT32_MAX) ==
			compute_course_crc(fields, reason, source);
	}
	int r = query_end(&q);
	if (r == 0 && sound)
		take_course(fields, reason, source, advice);
	settle_hold(advice);
	return r == 0 && !sound ? db_refuse(&store->state, STORE_E_CORRUPT,
					    "how the advice came to be held is damaged")
				: r;
}

int advice_course_save(struct store *store, const struct advice *advice)
{
	int64_t fields[COURSE];
	const char *reason = reason_text(advice);
	struct query q = db_write(
		&store->state, "INSERT OR REPLACE INTO advice_course (id, " COLUMNS ")"
			       " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	fields_of_course(advice, fields);
	for (int i = 0; i < COURSE; i++)
		query_int(&q, fields[i]);
	query_text(&q, reason);
	query_text(&q, advice->said_first.source);
	query_int(&q, compute_course_crc(fields, reason, advice->said_first.source));
	return query_run(&q);
}
