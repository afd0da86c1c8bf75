/* SPDX-License-Identifier: MIT */
#include "list_header.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "list_level.h"
#include "list_name.h"
#include "words.h"

/* ---- amounts ---- */

#define AMOUNTS "SO2排放量(t/a), 黄色SO2减排量(kg/d)"
#define EMISSIONS "SO2, NOx, 颗粒物 (PM), VOCs"

static const char *allowed_units(const struct list_field *field)
{
	return field->column == LIST_BASE ? tr("(t/a) or (kg/d)") : tr("(kg/d) or (%)");
}

static bool contradicts_itself(const struct list_said *said)
{
	bool share = list_said_is(said, PIECE_SHARE), percent = list_said_is(said, PIECE_PERCENT);
	bool day = list_said_is(said, PIECE_DAY);
	return (list_said_is(said, PIECE_YEAR) && day) || said->masses ||
	       (percent && (said->mass || day)) || (share && (said->mass || day));
}

/* The unit of an amount whose mass is said; LIST_NO_UNIT: of which time is not. */
static enum list_unit time_of(const struct list_said *said)
{
	if (list_said_is(said, PIECE_DAY))
		return LIST_PER_DAY;
	return list_said_is(said, PIECE_YEAR) || said->of_year ? LIST_PER_YEAR : LIST_NO_UNIT;
}

enum unit_fault { UNIT_RIGHT, UNIT_CONTRADICTS, UNIT_FORBIDDEN, UNIT_MISSING, UNIT_TIMELESS };

static enum unit_fault find_unit_fault(const struct list_field *field, const struct list_said *said)
{
	bool base = field->column == LIST_BASE, percent = list_said_is(said, PIECE_PERCENT);
	if (contradicts_itself(said))
		return UNIT_CONTRADICTS;
	if (list_said_is(said, PIECE_OTHER_UNIT) || (percent && base))
		return UNIT_FORBIDDEN;
	if (percent)
		return UNIT_RIGHT;
	if (!said->mass)
		return UNIT_MISSING;
	if (time_of(said) == LIST_NO_UNIT)
		return UNIT_TIMELESS;
	return time_of(said) == LIST_PER_YEAR && !base ? UNIT_FORBIDDEN : UNIT_RIGHT;
}

static void refuse_unit(const struct list_reading *reading, int i, const struct list_field *field,
			enum unit_fault fault)
{
	struct csv *csv = reading->csv;
	char shown[CSV_SHOWN];
	const char *allowed = allowed_units(field);
	csv_shown(field->header, shown);
	if (fault == UNIT_CONTRADICTS)
		csv_field_problem(csv, i, tr("the header %s contradicts itself; its unit is %s"),
				  shown, allowed);
	else if (fault == UNIT_FORBIDDEN)
		csv_field_problem(csv, i,
				  tr("the header %s has a unit that is not allowed; it is %s"),
				  shown, allowed);
	else if (fault == UNIT_MISSING)
		csv_field_problem(
			csv, i,
			tr("the header %s names no unit, and none is guessed; write %s behind "
			   "it"),
			shown, allowed);
	else
		csv_field_problem(
			csv, i,
			tr("the header %s has an amount without its time, a year or a day; "
			   "write %s behind it"),
			shown, allowed);
}

static void take_unit(const struct list_reading *reading, struct list_field *field,
		      const struct list_said *said)
{
	if (list_said_is(said, PIECE_PERCENT)) {
		field->unit = LIST_PER_CENT;
		field->unit_name = "%";
		return;
	}
	field->unit = time_of(said);
	field->grams = said->grams;
	field->unit_name = arena_format(reading->arena, "%s/%s", said->mass,
					field->unit == LIST_PER_YEAR ? "a" : "d");
}

/* Which levels there are, for whoever wrote none or one that the plan lacks. */
static const char *list_levels(const struct plan *plan, char ret[512])
{
	size_t n = 0;
	ret[0] = '\0';
	for (int level = 1; level <= plan->n_levels && n < 512; level++)
		n += (size_t)snprintf(ret + n, 512 - n, "%s%s (%s)", level > 1 ? ", " : "",
				      plan->levels[level].name_zh, plan->levels[level].id);
	return ret;
}

/* False after a problem: what of the header is not clear. */
static bool check_amount(const struct list_reading *reading, int i, const struct list_said *said)
{
	struct csv *csv = reading->csv;
	char shown[CSV_SHOWN], levels[512];
	bool cut = list_said_is(said, PIECE_CUT) || list_said_is(said, PIECE_SHARE);
	csv_shown(csv->fields[i].text, shown);
	if (list_said_is(said, PIECE_OTHER_POLLUTANT))
		csv_field_problem(csv, i,
				  tr("the header %s names a pollutant that a list does not have; "
				     "there are %s"),
				  shown, EMISSIONS);
	else if (said->unclear[0] != '\0')
		csv_field_problem(csv, i,
				  tr("the header %s is not understood at \"%s\"; an amount is such "
				     "as %s"),
				  shown, said->unclear, AMOUNTS);
	else if (said->emission < 0 || said->emissions)
		csv_field_problem(csv, i,
				  tr("the header %s does not name one pollutant; there are %s"),
				  shown, EMISSIONS);
	else if (said->levels || (cut && said->level == LEVEL_NONE))
		csv_field_problem(
			csv, i,
			tr("the header %s does not name the one level of its cut; there are "
			   "%s"),
			shown, list_levels(reading->terms->plan, levels));
	else if (list_said_is(said, PIECE_EMISSION) && (cut || said->level != LEVEL_NONE))
		csv_field_problem(
			csv, i,
			tr("the header %s speaks of an emission and of a cut or a level; an "
			   "amount is such as %s"),
			shown, AMOUNTS);
	else
		return true;
	return false;
}

/* False after a problem. */
static bool read_amount(const struct list_reading *reading, int i, const struct list_said *said,
			struct list_field *field)
{
	if (!check_amount(reading, i, said))
		return false;
	field->column = said->level == LEVEL_NONE ? LIST_BASE : LIST_CUT;
	field->level = said->level;
	field->emission = (enum emission)said->emission;
	enum unit_fault fault = find_unit_fault(field, said);
	if (fault == UNIT_RIGHT)
		take_unit(reading, field, said);
	else
		refuse_unit(reading, i, field, fault);
	return fault == UNIT_RIGHT;
}

/* ---- columns ---- */

static int *find_column_place(struct list_header *header, const struct list_field *field)
{
	if (field->column == LIST_BASE)
		return &header->base[field->emission];
	if (field->column == LIST_CUT)
		return &header->cut[field->level][field->emission];
	if (field->column == LIST_MEASURES)
		return &header->measures[field->level];
	if (field->column == LIST_STOPPED)
		return &header->stopped[field->level];
	return field->column == LIST_OTHER ? NULL : &header->text[field->column];
}

static const char *tidy_header(struct arena *arena, const char *text)
{
	const char *kept = arena_text(arena, text);
	for (char *b = (char *)kept; *b != '\0'; b++) {
		if (*b == '\n')
			*b = ' ';
	}
	return kept;
}

/* True if it speaks of a level that the plan lacks: "蓝色措施", "cut_blue_so2". */
static bool is_of_other_level(const struct list_said *said)
{
	bool of_level = list_said_amount(said) || list_said_is(said, PIECE_MEASURES) ||
			list_said_is(said, PIECE_LINES);
	bool key =
		said->unclear_ascii && said->level == LEVEL_NONE && list_said_is(said, PIECE_CUT);
	return of_level && (key || list_level_is_word(said->unclear, strlen(said->unclear)));
}

static void refuse_level(const struct list_reading *reading, int i)
{
	const struct plan *plan = reading->terms->plan;
	char shown[CSV_SHOWN], allowed[512];
	csv_field_problem(
		reading->csv, i,
		tr("the header %s is of a level that the plan %s lacks; its levels are %s"),
		csv_shown(reading->csv->fields[i].text, shown), plan->id,
		list_levels(plan, allowed));
}

/* Measures or stopped lines of a level; the key of measures is the level's id alone. */
static void take_level_text(const struct plan *plan, const struct list_said *said,
			    struct list_field *field)
{
	bool one = said->level != LEVEL_NONE && !said->levels && said->emission < 0 &&
		   !list_said_is(said, PIECE_TEXT);
	bool key = one && strcasecmp(field->header, plan->levels[said->level].id) == 0;
	if (one && list_said_is(said, PIECE_LINES))
		field->column = LIST_STOPPED;
	else if (key || (one && list_said_is(said, PIECE_MEASURES)))
		field->column = LIST_MEASURES;
	if (field->column != LIST_OTHER)
		field->level = said->level;
}

static void note_text(const struct list_reading *reading, int i, const char *header)
{
	problems_add(reading->notes, reading->csv->path, reading->csv->fields[i].line,
		     reading->csv->fields[i].column,
		     tr("%s: kept as text; it is no amount emitted or cut"), header);
}

/* False after a problem. */
static bool read_column(const struct list_reading *reading, int i, struct list_field *field)
{
	struct list_said said;
	const struct list_terms *terms = reading->terms;
	const char *text = reading->csv->fields[i].text;
	field->column = list_name_text(terms->words, text);
	if (field->column != LIST_OTHER || !list_name_read(terms->words, terms->plan, text, &said))
		return true;
	if (is_of_other_level(&said)) {
		refuse_level(reading, i);
		return false;
	}
	if (list_said_amount(&said))
		return read_amount(reading, i, &said, field);
	take_level_text(terms->plan, &said, field);
	if (field->column == LIST_OTHER && list_said_text(&said))
		note_text(reading, i, field->header);
	return true;
}

static void take_header_field(const struct list_reading *reading, int i, struct list_header *header)
{
	char shown[CSV_SHOWN];
	struct list_field *field = &header->fields[i];
	*field = (struct list_field){
		.header = tidy_header(reading->arena, reading->csv->fields[i].text)};
	if (!read_column(reading, i, field))
		return;
	int *place = find_column_place(header, field);
	if (place && *place != LIST_ABSENT)
		csv_field_problem(reading->csv, i, tr("the column %s stands twice, first as %s"),
				  csv_shown(field->header, shown), header->fields[*place].header);
	else if (place)
		*place = i;
}

static void clear_header(struct list_header *header)
{
	for (int i = 0; i < LIST_TEXT_COUNT; i++)
		header->text[i] = LIST_ABSENT;
	for (int level = 0; level < LEVEL_SLOTS; level++)
		header->measures[level] = header->stopped[level] = LIST_ABSENT;
	for (int e = 0; e < EMISSION_COUNT; e++) {
		header->base[e] = LIST_ABSENT;
		for (int level = 0; level < LEVEL_SLOTS; level++)
			header->cut[level][e] = LIST_ABSENT;
	}
}

static bool has_base(const struct list_header *header, enum list_unit unit)
{
	for (int e = 0; e < EMISSION_COUNT; e++) {
		if (header->base[e] != LIST_ABSENT && header->fields[header->base[e]].unit == unit)
			return true;
	}
	return false;
}

static void require_list_columns(struct csv *csv, const struct list_header *header)
{
	static const struct {
		enum list_column column;
		const char *name;
	} needed[] = {{LIST_KIND, "清单类别 (kind)"},
		      {LIST_ID, "清单编号 (id)"},
		      {LIST_NAME, "企业名称 (name)"}};
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (header->text[needed[i].column] == LIST_ABSENT)
			csv_problem(csv, 1,
				    tr("the header has no column %s; is there a title above the "
				       "header?"),
				    needed[i].name);
	}
	bool annual = has_base(header, LIST_PER_YEAR);
	if (!annual && !has_base(header, LIST_PER_DAY))
		csv_problem(
			csv, 1,
			tr("the header has no column of a base emission, such as SO2排放量(t/a) "
			   "or SO2日排放量(kg/d)"));
	if (annual && header->text[LIST_DAYS] == LIST_ABSENT)
		csv_problem(
			csv, 1,
			tr("the header has no column 年生产天数 (days); emissions in t/a need it"));
}

bool list_header_has_level(const struct list_header *header, int level)
{
	bool has = header->measures[level] != LIST_ABSENT || header->stopped[level] != LIST_ABSENT;
	for (int e = 0; e < EMISSION_COUNT; e++)
		has = has || header->cut[level][e] != LIST_ABSENT;
	return has;
}

bool list_header_read(const struct list_reading *reading, struct list_header *ret)
{
	struct csv *csv = reading->csv;
	int before = csv->problems->n;
	if (csv->n == 0)
		return false;
	clear_header(ret);
	ret->n = csv->n;
	for (int i = 0; i < csv->n; i++)
		take_header_field(reading, i, ret);
	if (csv->problems->n == before)
		require_list_columns(csv, ret);
	return csv->problems->n == before;
}

static bool is_header_word(const struct list_terms *terms, const char *text)
{
	struct list_said said;
	if (list_name_text(terms->words, text) != LIST_OTHER)
		return true;
	return list_name_read(terms->words, terms->plan, text, &said) && said.unclear[0] == '\0' &&
	       (list_said_amount(&said) ||
		(said.level != LEVEL_NONE &&
		 (list_said_is(&said, PIECE_MEASURES) || list_said_is(&said, PIECE_LINES))));
}

bool list_header_again(const struct csv *csv, const struct list_terms *terms)
{
	int words = 0, filled = 0;
	for (int i = 0; i < csv->n; i++) {
		filled += csv->fields[i].text[0] != '\0';
		words += is_header_word(terms, csv->fields[i].text);
	}
	return words >= 2 && 2 * words > filled;
}

const char *list_header_use(const struct plan *plan, const struct list_field *field,
			    char ret[LIST_USE_SIZE])
{
	const char *level = level_name(plan, field->level), *key = list_column_key(field->column);
	const char *emission = emission_name(field->emission);
	if (field->column == LIST_BASE)
		snprintf(ret, LIST_USE_SIZE, "base_%s (%s)", emission, field->unit_name);
	else if (field->column == LIST_CUT)
		snprintf(ret, LIST_USE_SIZE, "cut_%s_%s (%s)", level, emission, field->unit_name);
	else if (field->column == LIST_MEASURES || field->column == LIST_STOPPED)
		snprintf(ret, LIST_USE_SIZE, "%s%s", level,
			 field->column == LIST_STOPPED ? "_lines" : "");
	else
		snprintf(ret, LIST_USE_SIZE, "%s", key ? key : "");
	return ret;
}
