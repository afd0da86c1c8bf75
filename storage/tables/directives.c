/* SPDX-License-Identifier: MIT */
#include "directives.h"

#include <stdio.h>
#include <string.h>

#include "aside.h"
#include "chains.h"
#include "db.h"
#include "plan.h"

/* RFC 3339 to ms since 1970; SQLite knows the offset. */
#define MS_OF(path)                                                                                \
	"CAST(round((julianday(json_extract(json, '" path "')) - 2440587.5) * 86400000)"           \
	" AS INTEGER)"

#define IDS_SIZE (WORD_TOO_LATE_MAX * (TIMETABLE_ID_SIZE + 3) + 3)

/* ---- writing ---- */

/* As a JSON array; ids are of a few plain characters, so that none has to be escaped. */
static void list_ids(const char (*ids)[TIMETABLE_ID_SIZE], int count, char ret[IDS_SIZE])
{
	size_t n = (size_t)snprintf(ret, IDS_SIZE, "[");
	for (int i = 0; i < count && n < IDS_SIZE; i++)
		n += (size_t)snprintf(ret + n, IDS_SIZE - n, "%s\"%s\"", i > 0 ? "," : "", ids[i]);
	if (n < IDS_SIZE)
		snprintf(ret + n, IDS_SIZE - n, "]");
}

int directives_append(struct store *store, const char *command, const struct timetable_word *word,
		      const struct word_details *details, int64_t said_ms)
{
	char withdraws[IDS_SIZE], too_late[IDS_SIZE];
	const struct word_answer *answer = &word->answer;
	struct query q = db_write(&store->state,
				  "INSERT INTO directives (received, level, start, planned_end,"
				  " regional, area, document, issuer, said, time, after, withdraws,"
				  " too_late, crc, number, command, passed_over_by)"
				  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bool has_end = word->has_level && word->planned_end_ms != 0;
	list_ids(word->withdraws, word->n_withdraws, withdraws);
	list_ids(answer->too_late, answer->n_too_late, too_late);
	query_int(&q, word->received_ms);
	query_text(&q, word->has_level ? level_name(store->plan, word->level) : NULL);
	query_int_or_null(&q, word->has_level, word->start_ms);
	query_int_or_null(&q, has_end, word->planned_end_ms);
	query_int(&q, details->regional);
	query_text(&q, details->area);
	query_text(&q, word->document);
	query_text(&q, word->issuer);
	query_int(&q, said_ms);
	query_int(&q, word->time_ms);
	query_text(&q, word->after);
	query_text(&q, withdraws);
	query_text(&q, too_late);
	query_sum(&q);
	query_int(&q, answer->number);
	query_text(&q, command);
	query_int_or_null(&q, answer->passed_over_by != 0, answer->passed_over_by);
	return query_run(&q);
}

int directives_pass_over(struct store *store, int64_t number, int64_t by)
{
	struct query q = db_write(&store->state,
				  "UPDATE directives SET passed_over_by = ? WHERE number = ?");
	query_int(&q, by);
	query_int(&q, number);
	return query_run(&q);
}

/* ---- reading ---- */

struct directive_read {
	struct timetable_entry entry;
	struct word_details details;
	bool has_level;
};

/* NULL as nothing. */
static void column_into(struct query *q, int column, char *ret, size_t size)
{
	ret[0] = '\0';
	if (!query_column_null(q, column))
		query_column_copy(q, column, ret, size);
}

static int64_t column_or_zero(struct query *q, int column)
{
	return query_column_null(q, column) ? 0 : query_column_any(q, column);
}

/* The columns that both ways to a directive give. */
enum column {
	RECEIVED,
	LEVEL,
	START,
	PLANNED_END,
	REGIONAL,
	AREA,
	DOCUMENT,
	ISSUER,
	SAID,
	TIME,
	AFTER,
	WITHDRAWS,
	TOO_LATE,
	CRC,
	COMMAND,
	COMMAND_TIME,
};

/* False: a value is none that hazewatch writes. */
static bool read_columns(struct query *q, const struct plan *plan, struct directive_read *ret)
{
	struct timetable_entry *entry = &ret->entry;
	char level[LEVEL_ID_MAX];
	entry->accepted_ms = query_column_any(q, RECEIVED);
	ret->has_level = !query_column_null(q, LEVEL);
	column_into(q, LEVEL, level, sizeof(level));
	level_parse(plan, level, &entry->level);
	entry->start_ms = column_or_zero(q, START);
	entry->planned_end_ms = column_or_zero(q, PLANNED_END);
	ret->details.regional = query_column(q, REGIONAL, 0, 1) != 0;
	column_into(q, AREA, ret->details.area, sizeof(ret->details.area));
	column_into(q, DOCUMENT, entry->document, sizeof(entry->document));
	column_into(q, ISSUER, entry->issuer, sizeof(entry->issuer));
	column_into(q, COMMAND, entry->id, sizeof(entry->id));
	entry->said_ms = query_column_null(q, SAID) ? entry->accepted_ms : column_or_zero(q, SAID);
	entry->time_ms = column_or_zero(q, query_column_null(q, TIME) ? COMMAND_TIME : TIME);
	return !query_forgive(q) && q->error == 0;
}

/* How many columns are in the sum: it grew twice. */
static int count_summed(struct query *q)
{
	if (query_column_null(q, SAID))
		return SAID;
	return query_column_null(q, TOO_LATE) ? TOO_LATE : CRC;
}

static int read_row(struct store *store, int64_t number, struct directive_read *ret,
		    bool *ret_sound)
{
	struct query q =
		db_read(&store->state,
			"SELECT d.received, d.level, d.start, d.planned_end, d.regional, d.area,"
			" d.document, d.issuer, d.said, d.time, d.after, d.withdraws, d.too_late,"
			" d.crc, " DIRECTIVES_ID_OF(
				"d.command") ", coalesce(c.time, d.received) FROM directives d"
					     " LEFT JOIN commands c ON c.id = d.command WHERE "
					     "d.number = ?");
	query_int(&q, number);
	bool any = query_row(&q);
	*ret_sound = any && query_is_sound(&q, count_summed(&q), CRC) &&
		     read_columns(&q, store->plan, ret);
	int r = query_end(&q);
	return r == 0 && !any ? STORE_E_NONE : r;
}

#define SELECT_COMMAND                                                                             \
	"SELECT c.received, json_extract(json, '$.level')," MS_OF("$.start") "," MS_OF(            \
		"$.planned_end") ", coalesce(json_extract(json, '$.reason') = 'regional', 0),"     \
				 " json_extract(json, '$.area'), json_extract(json, '$.document')" \
				 ", c.issuer, min(c.time, c.received), c.time, NULL,"              \
				 " json_extract(json, '$.withdraws'), NULL, 0, " DIRECTIVES_ID_OF( \
					 "c.id") ", c.time"                                        \
						 " FROM directives d JOIN commands c ON c.id = "   \
						 "d.command"                                       \
						 " WHERE d.number = ? AND json_valid(json)"

/* From the text of its command. */
static int read_command(struct store *store, int64_t number, struct directive_read *ret)
{
	struct query q = db_read(&store->state, SELECT_COMMAND);
	query_int(&q, number);
	bool good = query_row(&q) && read_columns(&q, store->plan, ret) &&
		    (ret->has_level ? !query_column_null(&q, START)
				    : !query_column_null(&q, WITHDRAWS));
	int r = query_end(&q);
	return r == 0 && !good ? STORE_E_CORRUPT : r;
}

#define SELECT_EVENT                                                                               \
	"SELECT made, json_extract(message, '$.directive.level'), CAST(round((julianday("          \
	"json_extract(message, '$.directive.start')) - 2440587.5) * 86400000) AS INTEGER),"        \
	" CAST(round((julianday(json_extract(message, '$.directive.planned_end')) - 2440587.5)"    \
	" * 86400000) AS INTEGER),"                                                                \
	" coalesce(json_extract(message, '$.directive.reason') = 'regional', 0),"                  \
	" json_extract(message, '$.directive.area'), json_extract(message,"                        \
	" '$.directive.document'), json_extract(message, '$.directive.issuer'), said, said, NULL," \
	" NULL, NULL, number, json_extract(message, '$.directive.id'), said"                       \
	" FROM (SELECT number, made, message, CAST(round((julianday(json_extract(message,"         \
	" '$.directive.said')) - 2440587.5) * 86400000) AS INTEGER) AS said FROM events"           \
	" WHERE directive = ? AND json_valid(message))"                                            \
	" WHERE json_extract(message, '$.directive.id') != ''"                                     \
	" AND json_extract(message, '$.directive.reason') IS NOT NULL ORDER BY number DESC LIMIT " \
	"1"

/* From the newest event about it, which is stored as it was sent: all but its sender's clock. */
static int read_event(struct store *store, int64_t number, struct directive_read *ret)
{
	bool sound = false;
	int64_t event = 0;
	struct query q = db_read(&store->state, SELECT_EVENT);
	query_int(&q, number);
	bool good = query_row(&q) && read_columns(&q, store->plan, ret) &&
		    !query_column_null(&q, START);
	if (good)
		event = query_column_any(&q, CRC);
	ret->has_level = true;
	int r = query_end(&q);
	if (r == 0 && good)
		r = chain_is_sound(store, &events_chain, event, &sound);
	return r == 0 && !sound ? STORE_E_CORRUPT : r;
}

static int read_directive(struct store *store, int64_t number, struct directive_read *ret)
{
	bool sound = false;
	struct directive_read read = {.has_level = false};
	int r = read_row(store, number, &read, &sound);
	if (r == 0 && !sound) {
		aside_note(store, "directives %lld", (long long)number);
		read = (struct directive_read){.has_level = false};
		r = read_command(store, number, &read);
	}
	if (r == STORE_E_CORRUPT || r == STORE_E_NONE) {
		struct directive_read told = {.has_level = false};
		int found = read_event(store, number, &told);
		if (found != STORE_E_CORRUPT)
			r = found;
		read = told;
	}
	if (r)
		return r;
	read.entry.number = read.details.number = number;
	*ret = read;
	return 0;
}

int directives_details(struct store *store, int64_t number, struct word_details *ret)
{
	struct directive_read read;
	int r = read_directive(store, number, &read);
	if (r == 0)
		*ret = read.details;
	return r;
}

int directives_entry(struct store *store, int64_t number, struct timetable_entry *ret)
{
	struct directive_read read;
	int r = read_directive(store, number, &read);
	if (r == 0 && !read.has_level)
		return STORE_E_NONE;
	if (r == 0)
		*ret = read.entry;
	return r;
}

int directives_too_late(struct store *store, int64_t number, struct word_answer *ret)
{
	struct directive_read read = {.has_level = false};
	struct word_answer answer = {.number = number, .document_was = -1};
	bool sound = false;
	int r = read_row(store, number, &read, &sound);
	if (r)
		return r;
	if (!sound)
		return db_refuse(&store->state, STORE_E_CORRUPT, "directives %lld is damaged",
				 (long long)number);
	struct query q = db_read(&store->state, "SELECT value FROM directives, json_each(too_late)"
						" WHERE number = ? ORDER BY key");
	query_int(&q, number);
	while (answer.n_too_late < WORD_TOO_LATE_MAX && query_row(&q))
		query_column_copy(&q, 0, answer.too_late[answer.n_too_late++], TIMETABLE_ID_SIZE);
	r = query_end(&q);
	if (r == 0)
		*ret = answer;
	return r;
}
