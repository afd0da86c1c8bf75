/* SPDX-License-Identifier: MIT */
#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "crc.h"
#include "db.h"

/* So many of the newest directives are looked at for those that still matter. */
#define DIRECTIVES_READ_MAX 256

int commands_put(struct store *store, const struct command_row *row)
{
	struct query q =
		db_write(&store->state, "INSERT INTO commands (id, kind, issuer, time, received,"
					" outcome, why, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	query_text(&q, row->id);
	query_text(&q, row->kind);
	query_text(&q, row->issuer);
	query_int(&q, row->time_ms);
	query_int(&q, row->received_ms);
	query_text(&q, row->accepted ? "accepted" : "refused");
	query_text(&q, row->why);
	query_text(&q, row->json);
	return query_run(&q);
}

int commands_find(struct store *store, const struct command_row *row, bool *ret_same,
		  bool *ret_accepted, char ret_why[COMMANDS_WHY_MAX])
{
	struct query q =
		db_read(&store->state, "SELECT kind = ? AND json = ?, outcome = 'accepted', why"
				       " FROM commands WHERE id = ?");
	query_text(&q, row->kind);
	query_text(&q, row->json);
	query_text(&q, row->id);
	if (!query_row(&q)) {
		int r = query_end(&q);
		return r ? r : STORE_E_NONE;
	}
	*ret_same = query_column(&q, 0, 0, 1) != 0;
	*ret_accepted = query_column(&q, 1, 0, 1) != 0;
	snprintf(ret_why, COMMANDS_WHY_MAX, "%s", query_column_text(&q, 2, COMMANDS_WHY_MAX));
	return query_end(&q);
}

int commands_answer(struct store *store, const char *id, bool accepted, const char *why)
{
	struct query q =
		db_write(&store->state, "UPDATE commands SET outcome = ?, why = ? WHERE id = ?");
	query_text(&q, accepted ? "accepted" : "refused");
	query_text(&q, why);
	query_text(&q, id);
	return query_run(&q);
}

/* ---- directives ---- */

/* Over the columns as text, joined by '|', NULL as nothing. */
static uint32_t directive_crc(const struct directive *d, int64_t received_ms)
{
	char text[4 * DIRECTIVE_TEXT_MAX + 128], end[24] = "";
	if (d->planned_end_ms != 0)
		snprintf(end, sizeof(end), "%lld", (long long)d->planned_end_ms);
	snprintf(text, sizeof(text), "%lld|%s|%lld|%s|%d|%s|%s|%s", (long long)received_ms,
		 level_name(d->level), (long long)d->start_ms, end, d->regional, d->area,
		 d->document, d->issuer);
	return crc32_of_text(text);
}

int directives_put(struct store *store, const char *command, const struct directive *directive,
		   int64_t received_ms)
{
	struct query q = db_write(&store->state,
				  "INSERT INTO directives (number, command, received, level, start,"
				  " planned_end, regional, area, document, issuer, crc)"
				  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_int(&q, directive->number);
	query_text(&q, command);
	query_int(&q, received_ms);
	query_text(&q, level_name(directive->level));
	query_int(&q, directive->start_ms);
	query_int_or_null(&q, directive->planned_end_ms != 0, directive->planned_end_ms);
	query_int(&q, directive->regional);
	query_text(&q, directive->area);
	query_text(&q, directive->document);
	query_text(&q, directive->issuer);
	query_int(&q, directive_crc(directive, received_ms));
	return query_run(&q);
}

static void column_text(struct query *q, int column, char ret[DIRECTIVE_TEXT_MAX])
{
	snprintf(ret, DIRECTIVE_TEXT_MAX, "%s", query_column_text(q, column, DIRECTIVE_TEXT_MAX));
}

/* False if the row is not what was written. */
static bool read_directive(struct query *q, struct directive *ret, int64_t *ret_received_ms)
{
	*ret = (struct directive){.number = query_column(q, 0, 1, INT64_MAX),
				  .start_ms = query_column(q, 3, INT64_MIN, INT64_MAX),
				  .regional = query_column(q, 5, 0, 1) != 0};
	*ret_received_ms = query_column(q, 1, INT64_MIN, INT64_MAX);
	bool known = level_parse(query_column_text(q, 2, 16), &ret->level);
	if (!query_column_null(q, 4))
		ret->planned_end_ms = query_column(q, 4, INT64_MIN, INT64_MAX);
	column_text(q, 6, ret->area);
	column_text(q, 7, ret->document);
	column_text(q, 8, ret->issuer);
	int64_t crc = query_column(q, 9, 0, UINT32_MAX);
	return q->error == 0 && known && crc == directive_crc(ret, *ret_received_ms);
}

int directives_load(struct store *store, struct directives *ret, int64_t *ret_newest)
{
	struct query q = db_read(
		&store->state, "SELECT number, received, level, start, planned_end, regional, area,"
			       " document, issuer, crc FROM directives WHERE number >"
			       " (SELECT coalesce(max(number), 0) FROM directives) - ?"
			       " ORDER BY number");
	struct directives directives = {0};
	struct directive directive = {0};
	bool sound = true;
	query_int(&q, DIRECTIVES_READ_MAX);
	while (sound && query_row(&q)) {
		int64_t received_ms;
		sound = read_directive(&q, &directive, &received_ms);
		if (sound)
			directives_take(&directives, &directive, received_ms);
	}
	int r = query_end(&q);
	if (r)
		return r;
	if (!sound)
		return db_refuse(&store->state, STORE_E_CORRUPT, "directive %lld is damaged",
				 (long long)directive.number);
	*ret = directives;
	*ret_newest = directive.number;
	return 0;
}

/* ---- releases, receipts, reviews ---- */

int releases_put(struct store *store, const char *command, const struct release_row *row)
{
	struct query q =
		db_write(&store->state,
			 "INSERT INTO releases (command, number, level, reviewer, signer,"
			 " post, reviewed, signed, start) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_text(&q, command);
	query_text(&q, row->number);
	query_text(&q, level_name(row->level));
	query_text(&q, row->reviewer);
	query_text(&q, row->signer);
	query_text(&q, row->post);
	query_int_or_null(&q, row->reviewed_ms != 0, row->reviewed_ms);
	query_int_or_null(&q, row->signed_ms != 0, row->signed_ms);
	query_int_or_null(&q, row->start_ms != 0, row->start_ms);
	return query_run(&q);
}

/* Copied before the next column is read, as the text is borrowed from SQLite. */
struct release_texts {
	char number[COMMANDS_WHY_MAX], reviewer[COMMANDS_WHY_MAX], signer[COMMANDS_WHY_MAX],
		post[COMMANDS_WHY_MAX];
};

static void column_short(struct query *q, int column, char ret[COMMANDS_WHY_MAX])
{
	snprintf(ret, COMMANDS_WHY_MAX, "%s", query_column_text(q, column, COMMANDS_WHY_MAX));
}

static int64_t column_time(struct query *q, int column)
{
	return query_column_null(q, column) ? 0 : query_column(q, column, INT64_MIN, INT64_MAX);
}

int releases_newest(struct store *store, void (*take)(void *ctx, const struct release_row *row),
		    void *ctx)
{
	struct query q = db_read(&store->state,
				 "SELECT number, level, reviewer, signer, post, reviewed, signed,"
				 " start FROM releases ORDER BY id DESC LIMIT 1");
	struct release_texts texts;
	struct release_row row = {
		texts.number, texts.reviewer, texts.signer, texts.post, LEVEL_NONE, 0, 0, 0};
	bool any = query_row(&q);
	if (any) {
		column_short(&q, 0, texts.number);
		level_parse(query_column_text(&q, 1, 16), &row.level);
		column_short(&q, 2, texts.reviewer);
		column_short(&q, 3, texts.signer);
		column_short(&q, 4, texts.post);
		row.reviewed_ms = column_time(&q, 5);
		row.signed_ms = column_time(&q, 6);
		row.start_ms = column_time(&q, 7);
	}
	int r = query_end(&q);
	if (r == 0 && any)
		take(ctx, &row);
	return r == 0 && !any ? STORE_E_NONE : r;
}

int receipts_put(struct store *store, const char *command, const struct receipt_row *row)
{
	struct query q = db_write(&store->state,
				  "INSERT INTO receipts (command, time, ref, unit, person, outcome)"
				  " VALUES (?, ?, ?, ?, ?, ?)");
	query_text(&q, command);
	query_int(&q, row->time_ms);
	query_text(&q, row->ref);
	query_text(&q, row->unit);
	query_text(&q, row->person);
	query_text(&q, row->outcome);
	return query_run(&q);
}

static void hand_over(struct query *q, void (*take)(void *ctx, const struct receipt_row *row),
		      void *ctx)
{
	char ref[COMMANDS_WHY_MAX], unit[COMMANDS_WHY_MAX], person[COMMANDS_WHY_MAX], outcome[16];
	column_short(q, 1, ref);
	column_short(q, 2, unit);
	column_short(q, 3, person);
	snprintf(outcome, sizeof(outcome), "%s", query_column_text(q, 4, sizeof(outcome)));
	const struct receipt_row row = {ref, unit, person, outcome,
					query_column(q, 0, INT64_MIN, INT64_MAX)};
	if (q->error == 0)
		take(ctx, &row);
}

int receipts_since(struct store *store, int64_t from_ms, int most,
		   void (*take)(void *ctx, const struct receipt_row *row), void *ctx)
{
	struct query q =
		db_read(&store->state,
			"SELECT * FROM (SELECT time, ref, unit, person, outcome FROM receipts"
			" WHERE time >= ? ORDER BY time DESC LIMIT ?) ORDER BY time");
	query_int(&q, from_ms);
	query_int(&q, most);
	while (query_row(&q))
		hand_over(&q, take, ctx);
	return query_end(&q);
}

int reviews_put(struct store *store, const char *command, const struct review_row *row)
{
	char keys[POLLUTANT_COUNT * 8] = "";
	size_t n = 0;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (row->pollutants & (1u << p))
			n += (size_t)snprintf(keys + n, sizeof(keys) - n, "%s%s", n > 0 ? "," : "",
					      pollutant_info((enum pollutant)p)->key);
	}
	struct query q =
		db_write(&store->state, "INSERT INTO reviews (command, time, first_hour, last_hour,"
					" pollutants, restored, reason, reviewer)"
					" VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	query_text(&q, command);
	query_int(&q, row->time_ms);
	query_int(&q, row->first_hour);
	query_int(&q, row->last_hour);
	query_text(&q, keys);
	query_int(&q, row->restored);
	query_text(&q, row->reason);
	query_text(&q, row->reviewer);
	return query_run(&q);
}
