/* SPDX-License-Identifier: MIT */
#include "list_header.h"

#include <stdio.h>
#include <string.h>

#include "list_name.h"
#include "words.h"

/* ---- units ---- */

static const char *allowed_units(const struct list_field *field)
{
	return field->column == LIST_BASE ? tr("(t/a) or (kg/d)") : tr("(kg/d) or (%)");
}

static bool contradicts_itself(const struct list_said *said)
{
	int units = said->t_per_a + said->kg_per_d + said->per_cent;
	return units > 1 || (said->annual && (said->kg_per_d || said->daily)) ||
	       (said->daily && (said->t_per_a || said->per_cent)) ||
	       (said->ratio && (said->t_per_a || said->kg_per_d));
}

static enum list_unit unit_of(const struct list_field *field, const struct list_said *said)
{
	if (said->kg_per_d)
		return LIST_KG_PER_D;
	if (said->t_per_a && field->column == LIST_BASE)
		return LIST_T_PER_A;
	if (said->per_cent && field->column == LIST_CUT)
		return LIST_PER_CENT;
	return LIST_NO_UNIT;
}

/* False after a problem. */
static bool check_unit(struct csv *csv, int i, struct list_field *field,
		       const struct list_said *said)
{
	char shown[CSV_SHOWN];
	csv_shown(field->header, shown);
	field->unit = unit_of(field, said);
	if (contradicts_itself(said))
		csv_field_problem(csv, i, tr("the header %s contradicts itself; its unit is %s"),
				  shown, allowed_units(field));
	else if (field->unit != LIST_NO_UNIT && !said->other_unit)
		return true;
	else if (said->other_unit || said->t_per_a || said->per_cent)
		csv_field_problem(csv, i,
				  tr("the header %s has a unit that is not allowed; it is %s"),
				  shown, allowed_units(field));
	else
		csv_field_problem(
			csv, i,
			tr("the header %s names no unit, and none is guessed; write %s behind "
			   "it"),
			shown, allowed_units(field));
	return false;
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

/* What a column of a level may be called, for whoever wrote one that the plan lacks. */
static void refuse_level(struct csv *csv, int i, const struct plan *plan, const char *header)
{
	char shown[CSV_SHOWN], allowed[512] = "";
	size_t n = 0;
	for (int level = 1; level <= plan->n_levels && n < sizeof(allowed); level++)
		n += (size_t)snprintf(allowed + n, sizeof(allowed) - n, "%s%s (%s)",
				      level > 1 ? ", " : "", plan->levels[level].name_zh,
				      plan->levels[level].id);
	csv_field_problem(
		csv, i, tr("the header %s is of a level that the plan %s lacks; its levels are %s"),
		csv_shown(header, shown), plan->id, allowed);
}

static void take_header_field(struct csv *csv, int i, const struct plan *plan, struct arena *arena,
			      struct list_header *header)
{
	char name[LIST_NAME_MAX], notes[LIST_NAME_MAX], shown[CSV_SHOWN];
	struct list_field *field = &header->fields[i];
	struct list_said said;
	*field = (struct list_field){.header = tidy_header(arena, csv->fields[i].text)};
	if (!list_plain_name(csv->fields[i].text, name, notes))
		return;
	if (!list_name_amount(plan, name, notes, field, &said))
		list_name_text(plan, name, field);
	else if (!check_unit(csv, i, field, &said))
		return;
	if (field->column == LIST_OTHER && list_name_is_foreign(name))
		refuse_level(csv, i, plan, field->header);
	int *place = find_column_place(header, field);
	if (place && *place != LIST_ABSENT)
		csv_field_problem(csv, i, tr("the column %s stands twice, first as %s"),
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
	bool annual = has_base(header, LIST_T_PER_A);
	if (!annual && !has_base(header, LIST_KG_PER_D))
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

bool list_header_read(struct csv *csv, const struct plan *plan, struct arena *arena,
		      struct list_header *ret)
{
	int before = csv->problems->n;
	if (csv->n == 0)
		return false;
	clear_header(ret);
	ret->n = csv->n;
	for (int i = 0; i < csv->n; i++)
		take_header_field(csv, i, plan, arena, ret);
	if (csv->problems->n == before)
		require_list_columns(csv, ret);
	return csv->problems->n == before;
}

static bool is_header_word(const struct plan *plan, const char *text)
{
	char name[LIST_NAME_MAX], notes[LIST_NAME_MAX];
	struct list_field field;
	struct list_said said;
	if (!list_plain_name(text, name, notes))
		return false;
	if (list_name_amount(plan, name, notes, &field, &said) ||
	    list_name_emission(name, &field.emission))
		return true;
	list_name_text(plan, name, &field);
	return field.column != LIST_OTHER;
}

bool list_header_again(const struct csv *csv, const struct plan *plan)
{
	int words = 0, filled = 0;
	for (int i = 0; i < csv->n; i++) {
		filled += csv->fields[i].text[0] != '\0';
		words += is_header_word(plan, csv->fields[i].text);
	}
	return words >= 2 && 2 * words > filled;
}
