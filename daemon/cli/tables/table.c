/* SPDX-License-Identifier: MIT */
#include "table.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "payload_table.h"
#include "progress.h"
#include "screen.h"
#include "words.h"

#define NARROW 80
#define WIDE 120
#define SENTENCE_ROOM 20
#define MOMENT_ROOM 16

static bool is_number(enum column_type type)
{
	return type == TYPE_NUMBER || type == TYPE_MEAN || type == TYPE_TENTHS ||
	       type == TYPE_DIRECTION || type == TYPE_KG;
}

static bool is_for_people(const struct table *table, const struct table_column *column)
{
	return column->heading && (column->type != TYPE_REMARK || table->width >= WIDE);
}

/* Who has no order has no delivery, and the reason has that column's room. */
static bool takes_remark(const struct table *table, const struct table_column *column)
{
	return column->type == TYPE_DELIVERY && table->width < WIDE;
}

/* On a narrow terminal whatever is no number. */
static bool may_wrap(const struct table *table, const struct table_column *column)
{
	enum column_type type = column->type;
	return takes_remark(table, column) || type == TYPE_TEXT || type == TYPE_REMARK ||
	       type == TYPE_PERSON || type == TYPE_MESSAGE ||
	       (table->width < NARROW && !is_number(type));
}

static int begin_lines(struct table *table)
{
	struct libscols_table *lines = scols_new_table();
	if (!lines)
		return -ENOMEM;
	table->lines = lines;
	scols_table_set_termforce(lines, SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(lines, (size_t)table->width);
	for (int i = 0; i < table->n_columns; i++) {
		const struct table_column *column = &table->columns[i];
		bool wraps = may_wrap(table, column);
		int flags = is_number(column->type) ? SCOLS_FL_RIGHT : wraps ? SCOLS_FL_WRAP : 0;
		if (is_for_people(table, column) &&
		    !scols_table_new_column(lines,
					    tr(takes_remark(table, column)
						       ? TR_LATER("delivered / why")
						       : column->heading),
					    wraps ? 0.3 : 1, flags))
			return -ENOMEM;
	}
	return 0;
}

static void write_csv_head(const struct table *table)
{
	for (int i = 0; i < table->n_columns; i++)
		fprintf(table->out, "%s%s", i > 0 ? "," : "", table->columns[i].key);
	fputc('\n', table->out);
}

int table_begin(struct table *table)
{
	if (table->form == TABLE_PEOPLE)
		return begin_lines(table);
	if (table->form == TABLE_CSV)
		write_csv_head(table);
	else
		fputc('[', table->out);
	return 0;
}

/* RFC 4180: in quotes only what has to be. */
static void write_csv_field(FILE *out, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static bool write_csv_row(struct table *table, const struct past_cell *cells)
{
	char text[COLUMN_TEXT_MAX];
	for (int i = 0; i < table->n_columns; i++) {
		if (i > 0)
			fputc(',', table->out);
		write_csv_field(table->out,
				column_plain(table->conf, &table->columns[i], &cells[i], text));
	}
	return fputc('\n', table->out) != EOF;
}

static bool write_json_row(struct table *table, const struct past_cell *cells)
{
	char *text = payload_table_row(table, cells);
	bool written = text && fprintf(table->out, "%s%s", table->began ? ",\n" : "", text) >= 0;
	table->began = true;
	free(text);
	return written;
}

static bool add_line(struct table *table, const struct past_cell *cells)
{
	struct libscols_line *line = scols_table_new_line(table->lines, NULL);
	char text[COLUMN_TEXT_MAX], remark[COLUMN_TEXT_MAX] = "-";
	size_t at = 0;
	for (int i = 0; i < table->n_columns && line; i++) {
		const struct table_column *column = &table->columns[i];
		char *message = NULL;
		if (!is_for_people(table, column)) {
			if (column->type == TYPE_REMARK)
				snprintf(remark, sizeof(remark), "%s",
					 column_text(table->conf, column, &cells[i], text));
			continue;
		}
		if (column->type == TYPE_MESSAGE && cells[i].kind == PAST_TEXT)
			message = payload_message_text(cells[i].text, words_are_chinese());
		const char *shown = takes_remark(table, column) && cells[i].kind == PAST_NOTHING
					    ? remark
					    : column_text(table->conf, column, &cells[i], text);
		int r = scols_line_set_data(line, at++, message ? message : shown);
		free(message);
		if (r != 0)
			return false;
	}
	return line != NULL;
}

bool table_add(void *ctx, const struct past_cell *cells, int n)
{
	struct table *table = ctx;
	(void)n;
	progress_count();
	if (table->form == TABLE_PEOPLE)
		return add_line(table, cells);
	return table->form == TABLE_CSV ? write_csv_row(table, cells)
					: write_json_row(table, cells);
}

/* ---- sentences ---- */

/* What the other columns leave to the one at `at`; all their cells are whole. */
static int find_room(const struct table *table, size_t at)
{
	struct libscols_table *lines = table->lines;
	int room = table->width;
	for (size_t c = 0; c < scols_table_get_ncols(lines); c++) {
		struct libscols_column *column = scols_table_get_column(lines, c);
		int most = words_width(scols_column_get_name(column));
		for (size_t i = 0; i < scols_table_get_nlines(lines); i++) {
			struct libscols_line *line = scols_table_get_line(lines, i);
			int width = words_width(scols_line_get_column_data(line, column));
			most = width > most ? width : most;
		}
		room -= c == at ? 0 : most + 1;
	}
	return room;
}

/* The same with line ends where it folds; heap. */
static char *fold_sentence(const char *text, int room)
{
	size_t size = 0;
	char *folded = NULL;
	FILE *out = open_memstream(&folded, &size);
	while (out && *text) {
		size_t gap, n = screen_fold(text, room, &gap);
		fprintf(out, "%.*s%s", (int)n, text, text[n + gap] ? "\n" : "");
		text += n + gap;
	}
	if (out && fclose(out) == 0)
		return folded;
	free(folded);
	return NULL;
}

/* The library breaks a text anywhere; a sentence is broken between its words. */
static void fold_sentences(const struct table *table, size_t at, int room)
{
	struct libscols_table *lines = table->lines;
	struct libscols_column *column = scols_table_get_column(lines, at);
	scols_column_set_safechars(column, "\n");
	scols_column_set_wrapfunc(column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
	for (size_t i = 0; i < scols_table_get_nlines(lines); i++) {
		struct libscols_line *line = scols_table_get_line(lines, i);
		char *folded = fold_sentence(scols_line_get_column_data(line, column), room);
		if (folded && scols_line_refer_column_data(line, column, folded) != 0)
			free(folded);
	}
}

static void fold_messages(const struct table *table)
{
	size_t at = 0;
	for (int i = 0; i < table->n_columns; i++) {
		const struct table_column *column = &table->columns[i];
		if (is_for_people(table, column) && takes_remark(table, column))
			fold_sentences(table, at, MOMENT_ROOM);
		else if (column->heading && column->type == TYPE_MESSAGE &&
			 find_room(table, at) >= SENTENCE_ROOM)
			fold_sentences(table, at, find_room(table, at));
		at += is_for_people(table, column);
	}
}

static bool has_text(const struct table *table, struct libscols_column *column)
{
	for (size_t i = 0; i < scols_table_get_nlines(table->lines); i++) {
		struct libscols_line *line = scols_table_get_line(table->lines, i);
		if (strcmp(scols_line_get_column_data(line, column), "-") != 0)
			return true;
	}
	return false;
}

/* The columns of persons that nobody is in. */
static void hide_persons(const struct table *table)
{
	size_t at = 0;
	for (int i = 0; i < table->n_columns; i++) {
		bool shown = is_for_people(table, &table->columns[i]);
		struct libscols_column *column = scols_table_get_column(table->lines, at);
		if (shown && table->columns[i].type == TYPE_PERSON && !has_text(table, column))
			scols_column_set_flags(column, SCOLS_FL_HIDDEN);
		at += shown;
	}
}

/* The table, or that there is nothing in it. */
static int print_lines(const struct table *table)
{
	char *text = NULL;
	if (scols_table_get_nlines(table->lines) == 0) {
		fprintf(table->out, "%s\n", tr(table->nothing));
		return 0;
	}
	fold_messages(table);
	hide_persons(table);
	int r = scols_print_table_to_string(table->lines, &text);
	if (r == 0)
		fprintf(table->out, "%s\n", text);
	free(text);
	return r == 0 ? 0 : -ENOMEM;
}

int table_end(struct table *table)
{
	if (table->form == TABLE_JSON)
		fputs("]\n", table->out);
	if (!table->lines)
		return 0;
	int r = print_lines(table);
	scols_unref_table(table->lines);
	table->lines = NULL;
	return r;
}
