/* SPDX-License-Identifier: MIT */
#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "crc.h"
#include "db.h"
#include "plan.h"

static void name_command(const struct command_row *row, char ret[COMMANDS_NAME_MAX])
{
	bool typed = row->user && row->user[0] != '\0';
	snprintf(ret, COMMANDS_NAME_MAX, "%s/%s%s%s/%s", row->kind, row->key ? row->key : "",
		 typed ? "@" : "", typed ? row->user : "", row->id);
}

int commands_put(struct store *store, const struct command_row *row,
		 char ret_name[COMMANDS_NAME_MAX])
{
	name_command(row, ret_name);
	struct query q =
		db_write(&store->state, "INSERT INTO commands (id, kind, issuer, time, received,"
					" outcome, why, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	query_text(&q, ret_name);
	query_text(&q, row->kind);
	query_text(&q, row->issuer);
	query_int(&q, row->time_ms);
	query_int(&q, row->received_ms);
	query_text(&q, row->accepted ? "accepted" : "refused");
	query_text(&q, row->why);
	query_text(&q, row->json);
	return query_run(&q);
}

/* Where a command is found: by its name, or, where a key signed it, by kind, key and id, whoever
 * brought it: kind/key/id or kind/key@user/id. No user has a / or an @; behind @ comes A. */
struct command_names {
	char name[COMMANDS_NAME_MAX], begin[COMMANDS_NAME_MAX], end[COMMANDS_NAME_MAX];
};

static void name_search(const struct command_row *row, struct command_names *ret)
{
	struct command_row named = *row;
	*ret = (struct command_names){.begin = ""};
	if (row->key && row->key[0] != '\0') {
		named.user = NULL;
		snprintf(ret->begin, sizeof(ret->begin), "%s/%s@", row->kind, row->key);
		snprintf(ret->end, sizeof(ret->end), "%s/%sA", row->kind, row->key);
	}
	name_command(&named, ret->name);
}

int commands_find(struct store *store, const struct command_row *row, bool *ret_same,
		  bool *ret_accepted, char ret_why[COMMANDS_WHY_MAX])
{
	struct command_names names;
	struct query q =
		db_read(&store->state, "SELECT json IN (?1, ?6), outcome = 'accepted', why"
				       " FROM commands WHERE id = ?2 OR (id > ?3 AND id < ?4 AND"
				       " substr(id, instr(substr(id, length(?3) + 1), '/')"
				       " + length(?3) + 1) = ?5)"
				       " ORDER BY json IN (?1, ?6) DESC LIMIT 1");
	name_search(row, &names);
	query_text(&q, row->json);
	query_text(&q, names.name);
	query_text(&q, names.begin);
	query_text(&q, names.end);
	query_text(&q, row->id);
	query_text(&q, row->raw ? row->raw : row->json);
	if (!query_row(&q)) {
		int r = query_end(&q);
		return r ? r : STORE_E_NONE;
	}
	*ret_same = query_column(&q, 0, 0, 1) != 0;
	*ret_accepted = query_column(&q, 1, 0, 1) != 0;
	snprintf(ret_why, COMMANDS_WHY_MAX, "%s", query_column_text(&q, 2, COMMANDS_WHY_MAX));
	return query_end(&q);
}

int commands_put_unread(struct store *store, const struct command_row *row, bool *ret_known)
{
	char id[COMMANDS_NAME_MAX], name[COMMANDS_NAME_MAX], why[COMMANDS_WHY_MAX];
	bool same = false, accepted = false;
	struct command_row named = *row;
	/* no id that a sender may choose has such a mark */
	snprintf(id, sizeof(id), "%s!%08x", row->id, (unsigned)crc32_of_text(row->json));
	named.id = id;
	int r = commands_find(store, &named, &same, &accepted, why);
	*ret_known = r == 0;
	return r == STORE_E_NONE ? commands_put(store, &named, name) : r;
}

int commands_answer(struct store *store, const char *name, bool accepted, const char *why)
{
	struct query q =
		db_write(&store->state, "UPDATE commands SET outcome = ?, why = ? WHERE id = ?");
	query_text(&q, accepted ? "accepted" : "refused");
	query_text(&q, why);
	query_text(&q, name);
	return query_run(&q);
}

/* ---- releases, receipts, reviews ---- */

int releases_put(struct store *store, const char *command, const struct release_row *row)
{
	struct query q = db_write(
		&store->state, "INSERT INTO releases (command, number, level, reviewer, signer,"
			       " post, reviewed, signed, start, directive, directive_number, fault,"
			       " post_differs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_text(&q, command);
	query_text(&q, row->number);
	query_text(&q, level_name(store->plan, row->level));
	query_text(&q, row->reviewer);
	query_text(&q, row->signer);
	query_text(&q, row->post);
	query_int_or_null(&q, row->reviewed_ms != 0, row->reviewed_ms);
	query_int_or_null(&q, row->signed_ms != 0, row->signed_ms);
	query_int_or_null(&q, row->start_ms != 0, row->start_ms);
	query_text(&q, row->directive);
	query_int(&q, row->directive_number);
	query_text(&q, release_fault_name(row->fault));
	query_int(&q, row->post_differs);
	return query_run(&q);
}

/* Copied before the next column is read, as the text is borrowed from SQLite. */
struct release_texts {
	char number[COMMANDS_TEXT_MAX], reviewer[COMMANDS_TEXT_MAX], signer[COMMANDS_TEXT_MAX],
		post[COMMANDS_TEXT_MAX], directive[COMMANDS_TEXT_MAX];
};

static void column_short(struct query *q, int column, char ret[COMMANDS_TEXT_MAX])
{
	snprintf(ret, COMMANDS_TEXT_MAX, "%s", query_column_text(q, column, COMMANDS_TEXT_MAX));
}

static int64_t column_time(struct query *q, int column)
{
	return query_column_null(q, column) ? 0 : query_column(q, column, INT64_MIN, INT64_MAX);
}

static enum release_fault column_fault(struct query *q, int column)
{
	int fault = RELEASE_OF_NOTHING;
	for (int i = 0; i < RELEASE_FAULT_COUNT && !query_column_null(q, column); i++) {
		if (strcmp(query_column_text(q, column, COMMANDS_WHY_MAX),
			   release_fault_name((enum release_fault)i)) == 0)
			fault = i;
	}
	return (enum release_fault)fault;
}

static struct release_row read_release(struct store *store, struct query *q,
				       struct release_texts *texts)
{
	struct release_row row = {.number = texts->number,
				  .reviewer = texts->reviewer,
				  .signer = texts->signer,
				  .post = texts->post,
				  .directive = texts->directive};
	column_short(q, 0, texts->number);
	level_parse(store->plan, query_column_text(q, 1, LEVEL_ID_MAX), &row.level);
	column_short(q, 2, texts->reviewer);
	column_short(q, 3, texts->signer);
	column_short(q, 4, texts->post);
	row.reviewed_ms = column_time(q, 5);
	row.signed_ms = column_time(q, 6);
	row.start_ms = column_time(q, 7);
	texts->directive[0] = '\0';
	if (!query_column_null(q, 8))
		column_short(q, 8, texts->directive);
	row.directive_number = column_time(q, 9);
	row.fault = column_fault(q, 10);
	row.post_differs = column_time(q, 11) != 0;
	return row;
}

/* The one row of a query. */
static int hand_over_release(struct store *store, struct query *q,
			     void (*take)(void *ctx, const struct release_row *row), void *ctx)
{
	struct release_texts texts = {0};
	struct release_row row;
	bool any = query_row(q);
	if (any)
		row = read_release(store, q, &texts);
	int r = query_end(q);
	if (r == 0 && any)
		take(ctx, &row);
	return r == 0 && !any ? STORE_E_NONE : r;
}

#define RELEASE_COLUMNS                                                                            \
	"SELECT number, level, reviewer, signer, post, reviewed, signed, start, directive,"        \
	" directive_number, fault, post_differs FROM releases"

int releases_newest(struct store *store, void (*take)(void *ctx, const struct release_row *row),
		    void *ctx)
{
	struct query q = db_read(&store->state, RELEASE_COLUMNS " ORDER BY id DESC LIMIT 1");
	return hand_over_release(store, &q, take, ctx);
}

int releases_of(struct store *store, int64_t directive_number,
		void (*take)(void *ctx, const struct release_row *row), void *ctx)
{
	struct query q = db_read(&store->state,
				 RELEASE_COLUMNS " WHERE directive_number = ? AND fault = 'good'"
						 " ORDER BY id DESC LIMIT 1");
	query_int(&q, directive_number);
	return hand_over_release(store, &q, take, ctx);
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
