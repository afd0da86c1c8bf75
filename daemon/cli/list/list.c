/* SPDX-License-Identifier: MIT */
#include "list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "list_plain.h"
#include "list_row.h"
#include "log.h"
#include "words.h"

#define PROGRESS_ROWS 1000

/* ---- rows ---- */

static struct list_row *add_row(struct list *list)
{
	if (list->n == list->room) {
		int room = list->room == 0 ? 256 : 2 * list->room;
		struct list_row *rows = realloc(list->rows, (size_t)room * sizeof(*rows));
		if (!rows)
			log_out_of_memory();
		list->rows = rows;
		list->room = room;
	}
	return &list->rows[list->n++];
}

/* Below the table a spreadsheet may have left rows of nothing but commas. */
static bool is_empty_row(const struct csv *csv)
{
	for (int i = 0; i < csv->n; i++) {
		if (csv->fields[i].text[strspn(csv->fields[i].text, " ")] != '\0')
			return false;
	}
	return true;
}

/* The first field that is not empty, in the plain form; false: none, or it is long. */
static bool read_first_cell(const struct csv *csv, char ret[LIST_NAME_MAX])
{
	for (int i = 0; i < csv->n; i++) {
		if (!list_plain_cell(csv->fields[i].text, ret))
			return false;
		if (ret[0] != '\0')
			return true;
	}
	return false;
}

static int count_filled(const struct csv *csv)
{
	int n = 0;
	for (int i = 0; i < csv->n; i++)
		n += csv->fields[i].text[strspn(csv->fields[i].text, " ")] != '\0';
	return n;
}

static const char *find_field(const struct csv *csv, const struct list *list,
			      enum list_column column)
{
	int i = list->header.text[column];
	return i != LIST_ABSENT && i < csv->n ? csv->fields[i].text : "";
}

#define FOOT_FILLED 6 /* who filled it in, who checked it, when */

/* A row of sums, or who filled the list in: neither has the kind of a source. True if it was one,
 * and a note says so. */
static bool pass_over_row(const struct csv *csv, struct list *list)
{
	char first[LIST_NAME_MAX], shown[CSV_SHOWN];
	const struct list_words *words = list->terms.words;
	if (list_kind(words, find_field(csv, list, LIST_KIND)) || !read_first_cell(csv, first))
		return false;
	char begin[LIST_NAME_MAX];
	memcpy(begin, first, sizeof(begin));
	bool total = list_words_begin(words, CELLS_TOTAL, first) ||
		     list_words_cut_end(words, CELLS_TOTAL, begin);
	bool foot = list_words_begin(words, CELLS_FOOT, first) && count_filled(csv) <= FOOT_FILLED;
	if (total)
		problems_add(&list->notes, list->path, csv->line, 0,
			     tr("%s: a row of sums, no source; passed over"),
			     csv_shown(first, shown));
	else if (foot)
		problems_add(&list->notes, list->path, csv->line, 0,
			     tr("%s: no source; passed over"), csv_shown(first, shown));
	return total || foot;
}

static void take_list_row(struct csv *csv, struct list *list)
{
	if (csv->n > 0 && (is_empty_row(csv) || pass_over_row(csv, list)))
		return;
	struct list_row *row = add_row(list);
	if (csv->n == list->header.n) {
		list_row_read(csv, list, row);
		return;
	}
	*row = (struct list_row){.source = {.id = "", .line = csv->line}, .wrong = true};
	if (csv->n > 0)
		csv_problem(csv, csv->fields[csv->n - 1].column,
			    tr("%d fields end here; the header has %d"), csv->n, list->header.n);
}

static int compare_ids(const void *a, const void *b)
{
	const struct list_row *const *x = a, *const *y = b;
	int order = strcmp((*x)->source.id, (*y)->source.id);
	return order != 0 ? order : (*x)->source.line - (*y)->source.line;
}

/* An id names one source: all rows that have it are wrong. */
static void check_ids(struct list *list, struct problems *problems)
{
	struct list_row **sorted = malloc(((size_t)list->n + 1) * sizeof(struct list_row *));
	if (!sorted)
		log_out_of_memory();
	for (int i = 0; i < list->n; i++)
		sorted[i] = &list->rows[i];
	qsort(sorted, (size_t)list->n, sizeof(struct list_row *), compare_ids);
	for (int i = 1; i < list->n; i++) {
		const char *id = sorted[i]->source.id;
		if (id[0] == '\0' || strcmp(id, sorted[i - 1]->source.id) != 0)
			continue;
		sorted[i]->wrong = sorted[i - 1]->wrong = true;
		problems_add(problems, list->path, sorted[i]->source.line, 0,
			     tr("%s: \"%s\" stands in line %d, too; each source has its own"),
			     list->header.fields[list->header.text[LIST_ID]].header, id,
			     sorted[i - 1]->source.line);
	}
	free(sorted);
}

/* ---- the file ---- */

/* A level of which the list says nothing, where it speaks of others. */
static void note_levels(struct list *list)
{
	bool any = false;
	for (int level = 1; level <= list->terms.plan->n_levels; level++)
		any = any || list_header_has_level(&list->header, level);
	for (int level = 1; any && level <= list->terms.plan->n_levels; level++) {
		if (!list_header_has_level(&list->header, level))
			problems_add(
				&list->notes, list->path, 1, 0,
				tr("the header has no column of the level %s (%s) of the plan"),
				list->terms.plan->levels[level].name_zh,
				level_name(list->terms.plan, level));
	}
}

static void note_exemptions(struct list *list)
{
	int column = list->header.text[LIST_EXEMPT_AS];
	if (column != LIST_ABSENT && list->terms.plan->n_exemptions == 0)
		problems_add(&list->notes, list->path, 1, 0,
			     tr("%s: the plan %s names no exemptions; the column is kept as text"),
			     list->header.fields[column].header, list->terms.plan->id);
}

#define TITLES_MAX 5

/* True if a row above the header is a title, or says who filled the list in; a note says so. */
static bool pass_over_title(const struct csv *csv, struct list *list)
{
	char first[LIST_NAME_MAX], shown[CSV_SHOWN];
	bool foot = read_first_cell(csv, first) &&
		    list_words_begin(list->terms.words, CELLS_FOOT, first);
	if (csv->n == 0 || (count_filled(csv) > 1 && !foot))
		return false;
	if (count_filled(csv) > 0)
		problems_add(&list->notes, list->path, csv->line, 0,
			     tr("%s: a title above the header; passed over"),
			     csv_shown(first, shown));
	return true;
}

/* False after a problem. */
static bool read_list_header(struct csv *csv, struct list *list)
{
	const struct list_reading reading = {csv, &list->terms, list->arena, &list->notes};
	int titles = 0;
	bool any = csv_next(csv);
	while (any && titles < TITLES_MAX && pass_over_title(csv, list)) {
		titles++;
		any = csv_next(csv);
	}
	if (!any) {
		problems_add(csv->problems, csv->path, 1, 1,
			     titles == 0 ? tr("the file is empty; it begins with a header")
					 : tr("no header follows the title"));
		return false;
	}
	if (!list_header_read(&reading, &list->header))
		return false;
	note_levels(list);
	note_exemptions(list);
	return true;
}

/* True if the row that follows the header belongs to it, which has been told. */
static bool refuse_second_header(struct csv *csv, const struct list_terms *terms)
{
	if (!list_header_again(csv, terms))
		return false;
	csv_problem(
		csv, 1,
		tr("a second row of headers; a list has one, with the level and the pollutant in "
		   "every cell, such as 黄色SO2减排量(kg/d)"));
	return true;
}

static int read_list_rows(struct csv *csv, struct list *list, list_progress *progress, size_t size)
{
	bool good = read_list_header(csv, list);
	while (csv_next(csv)) {
		if (list->n == 0 && refuse_second_header(csv, &list->terms))
			return LIST_E_UNREADABLE;
		if (!good)
			return LIST_E_UNREADABLE;
		if (list->n == CUTS_SOURCES_MAX) {
			csv_problem(csv, 0, tr("more than %d rows, the most allowed"),
				    CUTS_SOURCES_MAX);
			return LIST_E_UNREADABLE;
		}
		take_list_row(csv, list);
		if (progress && list->n % PROGRESS_ROWS == 0)
			progress((size_t)ftell(csv->in), size);
	}
	if (!good)
		return LIST_E_UNREADABLE;
	if (list->n == 0)
		csv_problem(csv, 0, tr("no source follows the header"));
	return csv->error == 0 ? 0 : -csv->error;
}

static const char *describe_habit(enum list_habit habit)
{
	switch (habit) {
	case HABIT_NOTHING:
		return tr("a sign for nothing (/, —, 无), taken as empty");
	case HABIT_WIDE:
		return tr("full-width digits");
	case HABIT_MARK:
		return tr("a quotation mark before the number");
	case HABIT_COMMA:
		return tr("commas between thousands");
	case HABIT_BEHIND:
		return tr("a unit behind the number");
	case HABIT_COUNT:
		break;
	}
	return "";
}

static void note_list_habits(struct list *list)
{
	for (int i = 0; i < list->header.n; i++) {
		for (int h = 0; h < HABIT_COUNT; h++) {
			const struct list_habits *of = &list->habits[i][h];
			if (of->n > 0)
				problems_add(&list->notes, list->path, of->line, 0,
					     tr("%s: %s; %d cells, this line the first"),
					     list->header.fields[i].header,
					     describe_habit((enum list_habit)h), of->n);
		}
	}
}

static void note_sheet(const struct sheet *sheet, struct list *list)
{
	if (sheet->separator != ',')
		problems_add(&list->notes, list->path, 1, 0,
			     tr("fields are separated by %s, not by commas"),
			     sheet_separator(sheet));
}

static int read_list_sheet(const struct sheet *sheet, list_progress *progress,
			   struct problems *problems, struct list *list)
{
	struct csv *csv = calloc(1, sizeof(*csv));
	FILE *in = fmemopen(sheet->bytes, sheet->n, "rb");
	int r = -ENOMEM;
	if (csv && in) {
		*csv = (struct csv){.in = in, .path = list->path, .problems = problems};
		csv->spreadsheet = true;
		csv->separator = sheet->separator;
		note_sheet(sheet, list);
		r = read_list_rows(csv, list, progress, sheet->n);
		note_list_habits(list);
	}
	if (r == 0)
		check_ids(list, problems);
	if (progress)
		progress(sheet->n, sheet->n);
	if (in)
		fclose(in);
	free(csv);
	return r;
}

int list_load(const char *path, const struct list_terms *terms, list_progress *progress,
	      struct problems *problems, struct list *ret)
{
	int before = problems->n;
	struct sheet sheet = {0};
	*ret = (struct list){.path = path, .terms = *terms, .arena = arena_new()};
	int r = sheet_load(path, problems, &sheet);
	if (r != 0)
		return r < 0 ? r : LIST_E_UNREADABLE;
	ret->encoding = sheet.encoding;
	memcpy(ret->sha256, sheet.sha256, sizeof(ret->sha256));
	r = read_list_sheet(&sheet, progress, problems, ret);
	sheet_done(&sheet);
	for (int i = 0; i < ret->n; i++)
		ret->n_wrong += ret->rows[i].wrong;
	return r == 0 && problems->n > before ? LIST_E_PROBLEMS : r;
}

void list_done(struct list *list)
{
	free(list->rows);
	problems_done(&list->notes);
	arena_free(list->arena);
	*list = (struct list){0};
}

struct cuts_sums list_sums(const struct list *list)
{
	struct cuts_sums sums = {0};
	for (int i = 0; i < list->n; i++) {
		if (!list->rows[i].wrong)
			cuts_add(&sums, &list->rows[i].source.amounts);
	}
	return sums;
}
