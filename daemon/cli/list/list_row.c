/* SPDX-License-Identifier: MIT */
#include "list_row.h"
#include "digits.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "list_value.h"
#include "log.h"
#include "words.h"

#define DAYS_MAX 366
#define COUNT_MAX 1000000
#define EXEMPT_SHOWN 512

struct reader {
	struct csv *csv;
	struct list *list;
	struct list_row *row;
	const char *texts[CSV_FIELDS_MAX]; /* without blanks at their ends */
	int32_t days;                      /* ORDER_UNSAID: or wrong */
};

/* ---- texts ---- */

static size_t blank_at(const char *text)
{
	static const char *const blanks[] = {" ", "\n", "　", "\xc2\xa0"};
	for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
		size_t n = strlen(blanks[i]);
		if (strncmp(text, blanks[i], n) == 0)
			return n;
	}
	return 0;
}

/* The length of a text without the blanks at its end. */
static size_t count_trimmed_bytes(const char *text)
{
	size_t length = 0;
	for (size_t i = 0; text[i] != '\0';) {
		size_t blank = blank_at(text + i);
		i += blank > 0 ? blank : 1;
		if (blank == 0)
			length = i;
	}
	return length;
}

static void note_habits(struct reader *reader, int i, unsigned habits)
{
	for (int h = 0; habits != 0 && h < HABIT_COUNT; h++) {
		struct list_habits *of = &reader->list->habits[i][h];
		if ((habits & 1u << h) == 0)
			continue;
		if (of->n++ == 0)
			of->line = reader->csv->fields[i].line;
	}
}

/* "/" or 无 in a column that is known; any other column is kept as it is. */
static bool says_nothing(const struct reader *reader, int i, const char *text)
{
	return text[0] != '\0' && reader->list->header.fields[i].column != LIST_OTHER &&
	       list_is_nothing(reader->list->terms.words, text);
}

/* Keeps all texts of the row in one piece. */
static void keep_texts(struct reader *reader)
{
	struct csv *csv = reader->csv;
	size_t size = 0;
	for (int i = 0; i < csv->n; i++)
		size += strlen(csv->fields[i].text) + 1;
	char *to = arena_alloc(reader->list->arena, size);
	reader->row->cells = to;
	for (int i = 0; i < csv->n; i++) {
		const char *text = csv->fields[i].text;
		while (blank_at(text) > 0)
			text += blank_at(text);
		size_t n = count_trimmed_bytes(text);
		reader->texts[i] = to;
		memcpy(to, text, n);
		to[n] = '\0';
		if (says_nothing(reader, i, to)) {
			note_habits(reader, i, 1u << HABIT_NOTHING);
			to[n = 0] = '\0';
		}
		to += n + 1;
	}
}

static const char *text_at(const struct reader *reader, int i)
{
	return i == LIST_ABSENT ? "" : reader->texts[i];
}

static const char *find_cell_text(const struct reader *reader, enum list_column column)
{
	return text_at(reader, reader->list->header.text[column]);
}

/* A problem of one cell: "HEADER: ..." */
__attribute__((format(printf, 3, 4))) static void refuse_cell(struct reader *reader, int i,
							      const char *format, ...)
{
	char *text = NULL;
	va_list args;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		log_out_of_memory();
	va_end(args);
	reader->row->wrong = true;
	csv_field_problem(reader->csv, i, "%s: %s", reader->list->header.fields[i].header, text);
	free(text);
}

/* ---- words ---- */

static const char *take_choice(struct reader *reader, enum list_column column,
			       const char *choose(const struct list_words *words, const char *text),
			       enum list_section section)
{
	char shown[CSV_SHOWN], allowed[LIST_ALLOWED];
	const char *text = find_cell_text(reader, column);
	const struct list_words *words = reader->list->terms.words;
	const char *word = choose(words, text);
	if (word)
		return word;
	refuse_cell(reader, reader->list->header.text[column], tr("%s is not one of %s"),
		    csv_shown(text, shown), list_allowed(words, section, allowed));
	return "";
}

static void take_identity(struct reader *reader)
{
	char shown[CSV_SHOWN];
	const int *columns = reader->list->header.text;
	struct source *source = &reader->row->source;
	source->kind = take_choice(reader, LIST_KIND, list_kind, SECTION_KINDS);
	source->id = find_cell_text(reader, LIST_ID);
	source->name = find_cell_text(reader, LIST_NAME);
	source->credit_code = find_cell_text(reader, LIST_CREDIT_CODE);
	if (!list_is_id(source->id))
		refuse_cell(reader, columns[LIST_ID],
			    tr("%s is not 1 to %d bytes without blanks, /, + and #, nor $ first"),
			    csv_shown(source->id, shown), SOURCE_ID_MAX - 1);
	if (source->name[0] == '\0')
		refuse_cell(reader, columns[LIST_NAME], tr("the name is missing"));
	const char *fault =
		source->credit_code[0] == '\0' ? NULL : list_credit_code_wrong(source->credit_code);
	if (fault)
		refuse_cell(reader, columns[LIST_CREDIT_CODE], "%s %s",
			    csv_shown(source->credit_code, shown), fault);
}

static void take_texts(struct reader *reader)
{
	const struct list_header *header = &reader->list->header;
	struct source *source = &reader->row->source;
	source->county = find_cell_text(reader, LIST_COUNTY);
	source->town = find_cell_text(reader, LIST_TOWN);
	source->inspector = find_cell_text(reader, LIST_INSPECTOR);
	source->process = find_cell_text(reader, LIST_PROCESS);
	source->key_index = find_cell_text(reader, LIST_KEY_INDEX);
	source->park = find_cell_text(reader, LIST_PARK);
	source->person = find_cell_text(reader, LIST_PERSON);
	source->phone = find_cell_text(reader, LIST_PHONE);
	source->measures[LEVEL_NONE] = source->lines[LEVEL_NONE] = "";
	for (int level = 1; level < LEVEL_SLOTS; level++) {
		source->measures[level] = text_at(reader, header->measures[level]);
		source->lines[level] = text_at(reader, header->stopped[level]);
	}
}

static void check_sector(struct reader *reader)
{
	char shown[CSV_SHOWN];
	int i = reader->list->header.text[LIST_KEY_SECTOR];
	const char *text = find_cell_text(reader, LIST_KEY_SECTOR);
	if (text[0] == '\0' || list_is_key_sector(text))
		return;
	problems_add(&reader->list->notes, reader->csv->path, reader->csv->fields[i].line,
		     reader->csv->fields[i].column,
		     tr("%s: %s is none of the 39 key sectors of 2020"),
		     reader->list->header.fields[i].header, csv_shown(text, shown));
}

static void refuse_exempt(struct reader *reader, const char *word)
{
	char shown[CSV_SHOWN], allowed[EXEMPT_SHOWN] = "";
	const struct plan *plan = reader->list->terms.plan;
	size_t n = 0;
	for (int i = 0; i < plan->n_exemptions && n < sizeof(allowed); i++)
		n += (size_t)snprintf(allowed + n, sizeof(allowed) - n, "%s%s (%s)",
				      i > 0 ? ", " : "", plan->exemptions[i].zh,
				      plan->exemptions[i].id);
	refuse_cell(reader, reader->list->header.text[LIST_EXEMPT_AS],
		    tr("%s is no exemption of the plan %s; it has %s"), csv_shown(word, shown),
		    plan->id, allowed);
}

/* The ids of what its works are, by the plan's words for it or the ids: never by its name. */
static const char *take_exempt(struct reader *reader)
{
	char word[CSV_SHOWN];
	struct arena *arena = reader->list->arena;
	const char *text = find_cell_text(reader, LIST_EXEMPT_AS), *ids = "";
	if (reader->list->terms.plan->n_exemptions == 0)
		return ids; /* a note says so */
	for (size_t n; *text != '\0'; text += n) {
		if ((n = list_separator(text)) > 0)
			continue;
		while (text[n] != '\0' && list_separator(text + n) == 0)
			n++;
		snprintf(word, sizeof(word), "%.*s", (int)n, text);
		const char *id = list_exemption(reader->list->terms.plan, word);
		if (!id) {
			refuse_exempt(reader, word);
			return "";
		}
		ids = arena_format(arena, "%s%s%s", ids, ids[0] != '\0' ? "," : "", id);
	}
	return ids;
}

/* ---- numbers ---- */

/* The number of a cell as it is read. */
static const char *read_number(struct reader *reader, int i, enum list_cells behind,
			       char ret[LIST_NUMBER_SIZE])
{
	note_habits(reader, i,
		    list_plain_number(reader->list->terms.words, reader->texts[i], behind, ret));
	return ret;
}

/* ORDER_UNSAID if the cell is empty or has a problem. */
static int32_t take_count(struct reader *reader, enum list_column column, int32_t least,
			  int32_t most)
{
	char shown[CSV_SHOWN], number[LIST_NUMBER_SIZE];
	int32_t count = ORDER_UNSAID;
	const char *text = find_cell_text(reader, column);
	if (text[0] != '\0' && !digits_whole(read_number(reader, reader->list->header.text[column],
							 CELLS_COUNTED, number),
					     least, most, &count))
		refuse_cell(reader, reader->list->header.text[column],
			    tr("%s is not a whole number of %d to %d"), csv_shown(text, shown),
			    least, most);
	return count;
}

static void refuse_decimal(struct reader *reader, int i, const char *unit)
{
	char shown[CSV_SHOWN];
	refuse_cell(reader, i, tr("%s is not a decimal in %s, such as 12.5; a cell may be empty"),
		    csv_shown(reader->texts[i], shown), unit);
}

static int64_t take_base(struct reader *reader, int i)
{
	int64_t gpd = CUT_UNSAID;
	char number[LIST_NUMBER_SIZE];
	const struct list_field *field = &reader->list->header.fields[i];
	bool annual = field->unit == LIST_PER_YEAR;
	if (reader->texts[i][0] == '\0')
		return CUT_UNSAID;
	if (!list_amount_gpd(read_number(reader, i, CELLS_NONE, number), field->grams,
			     annual && reader->days > 0 ? reader->days : 1, &gpd)) {
		refuse_decimal(reader, i, field->unit_name);
		return CUT_UNSAID;
	}
	if (!annual || reader->days > 0 || gpd == 0)
		return gpd;
	if (find_cell_text(reader, LIST_DAYS)[0] == '\0') /* else it has been told */
		refuse_cell(reader, i, tr("an emission in t/a needs 年生产天数 (days) in its row"));
	return CUT_UNSAID;
}

static int64_t take_cut(struct reader *reader, int i, int64_t base_gpd)
{
	int64_t gpd = CUT_UNSAID;
	char number[LIST_NUMBER_SIZE];
	const struct list_field *field = &reader->list->header.fields[i];
	bool share = field->unit == LIST_PER_CENT;
	if (reader->texts[i][0] == '\0')
		return CUT_UNSAID;
	read_number(reader, i, share ? CELLS_PERCENT : CELLS_NONE, number);
	if (!share) {
		if (!list_amount_gpd(number, field->grams, 1, &gpd))
			refuse_decimal(reader, i, field->unit_name);
		return gpd;
	}
	if (!list_share_gpd(number, base_gpd == CUT_UNSAID ? 0 : base_gpd, &gpd))
		refuse_decimal(reader, i, tr("per cent, 0 to 100"));
	else if (base_gpd == CUT_UNSAID && strspn(number, "0.") < strlen(number) &&
		 !reader->row->wrong)
		refuse_cell(reader, i, tr("a share of an emission that the row does not say"));
	return gpd;
}

static void take_amounts(struct reader *reader)
{
	const struct list_header *header = &reader->list->header;
	struct cuts_source *amounts = &reader->row->source.amounts;
	*amounts = cuts_source_unsaid();
	for (int e = 0; e < EMISSION_COUNT; e++) {
		if (header->base[e] != LIST_ABSENT)
			amounts->base_gpd[e] = take_base(reader, header->base[e]);
	}
	for (int level = 1; level <= reader->list->terms.plan->n_levels; level++) {
		for (int e = 0; e < EMISSION_COUNT; e++) {
			int i = header->cut[level][e];
			if (i != LIST_ABSENT)
				amounts->cut_gpd[level][e] =
					take_cut(reader, i, amounts->base_gpd[e]);
		}
	}
}

/* ---- what cannot be right ---- */

static void check_cut(struct reader *reader, int level, enum emission emission)
{
	char cut[LIST_KG_SIZE], base[LIST_KG_SIZE];
	const struct list_header *header = &reader->list->header;
	const struct cuts_source *amounts = &reader->row->source.amounts;
	int i = header->cut[level][emission];
	if (i == LIST_ABSENT)
		i = header->text[LIST_ID];
	list_show_kg(amounts->cut_gpd[level][emission], cut);
	list_show_kg(amounts->base_gpd[emission], base);
	if (cuts_above_base(amounts, level, emission))
		refuse_cell(reader, i,
			    tr("the cut of %s at %s, %s kg/d, is above the emission, %s kg/d"),
			    emission_name(emission), level_name(reader->list->terms.plan, level),
			    cut, base);
	if (!cuts_fall(amounts, level, emission))
		return;
	if (amounts->cut_gpd[level][emission] == CUT_UNSAID)
		refuse_cell(reader, i,
			    tr("the cut of %s at %s is unsaid, and a lower level has one"),
			    emission_name(emission), level_name(reader->list->terms.plan, level));
	else
		refuse_cell(reader, i,
			    tr("the cut of %s at %s, %s kg/d, is below that of a lower level"),
			    emission_name(emission), level_name(reader->list->terms.plan, level),
			    cut);
}

static bool has_measures(const struct source *source)
{
	for (int level = 1; level < LEVEL_SLOTS; level++) {
		if (source->measures[level][0] != '\0' || source->lines[level][0] != '\0')
			return true;
	}
	return false;
}

static void check_list_row(struct reader *reader)
{
	const struct source *source = &reader->row->source;
	const int *columns = reader->list->header.text;
	if (list_has_to_act(source->grade, source->control) && !has_measures(source))
		refuse_cell(
			reader, columns[LIST_GRADE],
			tr("a source of grade %s under normal control has no measure at any level"),
			source->grade);
	if (reader->row->wrong)
		return; /* an amount may have been left out */
	for (int level = 1; level <= reader->list->terms.plan->n_levels; level++) {
		for (int e = 0; e < EMISSION_COUNT; e++)
			check_cut(reader, level, (enum emission)e);
	}
}

void list_row_read(struct csv *csv, struct list *list, struct list_row *ret)
{
	struct reader reader = {.csv = csv, .list = list, .row = ret};
	*ret = (struct list_row){.source = {.line = csv->line}};
	keep_texts(&reader);
	take_identity(&reader);
	take_texts(&reader);
	ret->source.grade = take_choice(&reader, LIST_GRADE, list_grade, SECTION_GRADES);
	ret->source.control = take_choice(&reader, LIST_CONTROL, list_control, SECTION_CONTROLS);
	check_sector(&reader);
	reader.days = take_count(&reader, LIST_DAYS, 1, DAYS_MAX);
	ret->source.movements = take_count(&reader, LIST_MOVEMENTS, 0, COUNT_MAX);
	ret->source.old_machines = take_count(&reader, LIST_NRMM, 0, COUNT_MAX);
	ret->source.exempt_as = take_exempt(&reader);
	take_amounts(&reader);
	check_list_row(&reader);
}
