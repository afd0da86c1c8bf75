/* SPDX-License-Identifier: MIT */
#include "text_list.h"

#include <string.h>
#include <time.h>

#include "list_value.h"
#include "text_order.h"
#include "time_text.h"
#include "words.h"

static const char *const emission_titles[EMISSION_COUNT] = {"SO2", "NOx", "PM", "VOCs"};

/* ---- the table ---- */

/* "12.34 %"; "-" if unsaid. */
static const char *show_ratio(int32_t centi, char ret[16])
{
	if (centi == CUT_UNSAID)
		snprintf(ret, 16, "-");
	else if (centi == INT32_MAX)
		snprintf(ret, 16, "> 100 %%");
	else
		snprintf(ret, 16, "%d.%02d %%", centi / 100, centi % 100);
	return ret;
}

/* To the gram; "-" if unsaid. */
static const char *show_kg(int64_t gpd, char ret[LIST_KG_SIZE])
{
	if (gpd == CUT_UNSAID)
		snprintf(ret, LIST_KG_SIZE, "-");
	else
		snprintf(ret, LIST_KG_SIZE, "%lld.%03d", (long long)(gpd / 1000),
			 (int)(gpd % 1000));
	return ret;
}

static const char *show_least(int32_t pct, char ret[16])
{
	if (pct == CUT_UNSAID)
		snprintf(ret, 16, "-");
	else
		snprintf(ret, 16, ">= %d %%", pct);
	return ret;
}

static const char *name_verdict(const struct cuts_target *target)
{
	if (target->min_cut_pct == CUT_UNSAID)
		return "-";
	if (target->required_gpd == CUT_UNSAID)
		return tr("unknown");
	return target->met ? tr("met") : tr("short");
}

static const char *name_level(const struct plan *plan, int level)
{
	return words_are_chinese() ? plan->levels[level].name_zh : level_name(plan, level);
}

/* Blanks as printf would put them, counted in columns of a terminal. */
static void put_left(FILE *out, const char *text, int width)
{
	int blanks = width - words_width(text);
	fprintf(out, "%s%*s", text, blanks > 0 ? blanks : 0, "");
}

static void put_right(FILE *out, const char *text, int width)
{
	int blanks = width - words_width(text);
	fprintf(out, " %*s%s", blanks > 0 ? blanks : 0, "", text);
}

/* A row of the table: of which level, of which pollutant. */
static void print_target_row(FILE *out, const char *level, int e, const struct cuts_target *t)
{
	char least[16], whole[LIST_KG_SIZE], base[LIST_KG_SIZE], required[LIST_KG_SIZE],
		planned[LIST_KG_SIZE], shortfall[LIST_KG_SIZE], ratio[16], list_ratio[16];
	put_left(out, level, 6);
	fprintf(out, " %-4s %7s %13s %13s %12s %12s %9s %9s %12s  %s\n", emission_titles[e],
		show_least(t->min_cut_pct, least), show_kg(t->whole_gpd, whole),
		show_kg(t->base_gpd, base), show_kg(t->required_gpd, required),
		show_kg(t->planned_gpd, planned), show_ratio(t->ratio_centi, ratio),
		show_ratio(t->list_ratio_centi, list_ratio), show_kg(t->shortfall_gpd, shortfall),
		name_verdict(t));
}

static void print_table_head(FILE *out)
{
	static const struct {
		const char *title;
		int width;
	} columns[] = {
		{TR_LATER("least"), 7},     {TR_LATER("whole"), 13},     {TR_LATER("list"), 13},
		{TR_LATER("required"), 12}, {TR_LATER("planned"), 12},   {TR_LATER("of whole"), 9},
		{TR_LATER("of list"), 9},   {TR_LATER("shortfall"), 12},
	};
	fputs(tr("kg/d; whole: the whole society's emission; list: that of the listed sources\n\n"),
	      out);
	put_left(out, tr("level"), 6);
	put_left(out, "", 5);
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		put_right(out, tr(columns[i].title), columns[i].width);
	fputs("\n", out);
}

/* ---- what it rests on ---- */

static void print_whole(FILE *out, const struct source_whole *whole)
{
	char kg[LIST_KG_SIZE], outside[LIST_KG_SIZE];
	for (int e = 0; e < EMISSION_COUNT; e++) {
		if (whole[e].whole_gpd == CUT_UNSAID)
			continue;
		fprintf(out, "  %-4s %s kg/d", emission_titles[e], show_kg(whole[e].whole_gpd, kg));
		if (whole[e].outside_gpd != CUT_UNSAID)
			fprintf(out, tr(", outside the list %s kg/d"),
				show_kg(whole[e].outside_gpd, outside));
		if (whole[e].year != 0)
			fprintf(out, tr(", %d"), whole[e].year);
		fprintf(out, "%s%s\n", whole[e].source[0] != '\0' ? tr(", ") : "", whole[e].source);
	}
}

static bool any_whole(const struct source_whole *whole)
{
	for (int e = 0; whole && e < EMISSION_COUNT; e++) {
		if (whole[e].whole_gpd != CUT_UNSAID)
			return true;
	}
	return false;
}

static void print_denominator(FILE *out, const struct source_whole *whole)
{
	if (any_whole(whole)) {
		fputs(tr("Whole-society emission:\n"), out);
		print_whole(out, whole);
		return;
	}
	fputs(tr("No whole-society emission: ratio within the list only; whether the plan is met "
		 "is not "
		 "known.\n"),
	      out);
}

/* Allowed: days of work are fewer than days of a year. But it is worth a look. */
static void print_sum_doubts(FILE *out, const struct cuts_sums *sums,
			     const struct cuts_whole *whole)
{
	for (int e = 0; e < EMISSION_COUNT; e++) {
		if (whole->gpd[e] != CUT_UNSAID && sums->base_gpd[e] > whole->gpd[e])
			fprintf(out,
				tr("\n%s: the list emits more than the whole society: look at the "
				   "denominator.\n"),
				emission_titles[e]);
	}
}

/* ---- an audit ---- */

static void print_candidates(FILE *out, const char *level, int e, const struct audit_target *target)
{
	char kg[LIST_KG_SIZE];
	fprintf(out, tr("\n%s %s: short by %s kg/d; "), level, emission_titles[e],
		show_kg(target->target.shortfall_gpd, kg));
	fprintf(out, tr("still emitted by sources that have to act: %s kg/d\n"),
		show_kg(target->left_gpd, kg));
	for (int i = 0; i < target->n; i++) {
		const struct list_row *row = target->candidates[i].row;
		fprintf(out, tr("  %13s kg/d  line %d  %s  %s\n"),
			show_kg(target->candidates[i].left_gpd, kg), row->source.line,
			row->source.id, row->source.name);
	}
}

/* "yellow, red" */
static void print_levels(FILE *out, const struct plan *plan, uint32_t levels)
{
	bool any = false;
	for (int level = 1; level <= plan->n_levels; level++) {
		if (levels & (1u << level))
			fprintf(out, "%s%s", any ? tr(", ") : "", name_level(plan, level));
		any = any || (levels & (1u << level));
	}
}

static void print_quiet_source(FILE *out, const struct plan *plan, const struct audit_quiet *quiet)
{
	char why[TEXT_ORDER_MAX];
	const struct source *source = &quiet->row->source;
	text_order_why(plan, &quiet->source, quiet->why, words_are_chinese() ? TEXT_ZH : TEXT_EN,
		       why);
	fprintf(out, tr("  line %d  %s  %s  "), source->line, source->id, source->name);
	print_levels(out, plan, quiet->levels);
	fprintf(out, tr("\n    %s.\n"), why);
}

/* Who gets no order, and why. */
static void print_quiet(FILE *out, const struct audit *audit)
{
	if (audit->n_quiet == 0)
		return;
	fputs(tr("\nNo measure, so no order:"), out);
	for (int level = 1; level <= audit->plan->n_levels; level++)
		fprintf(out, "%s %s %d", level > 1 ? "," : "", name_level(audit->plan, level),
			audit->quiet_at[level]);
	fprintf(out, "\n");
	for (int i = 0; i < audit->n_quiet && i < AUDIT_QUIET_MAX; i++)
		print_quiet_source(out, audit->plan, &audit->quiet[i]);
	if (audit->n_quiet > AUDIT_QUIET_MAX)
		fprintf(out, tr("  and %d more\n"), audit->n_quiet - AUDIT_QUIET_MAX);
}

static void print_outcome(FILE *out, const struct audit *audit)
{
	fprintf(out, "\n");
	if (audit->list->n_wrong > 0)
		fprintf(out, tr("%d rows with problems are not counted.\n"), audit->list->n_wrong);
	if (!audit->required)
		fputs(tr("The plan names no least cut.\n"), out);
	else if (audit->met && audit->list->n_wrong == 0)
		fputs(tr("The list meets the plan.\n"), out);
	else if (any_whole(audit->whole ? audit->whole->whole : NULL))
		fputs(tr("The list does not meet the plan.\n"), out);
}

/* "" for what needs no word. */
static const char *name_encoding(const char *encoding)
{
	if (strcmp(encoding, "gb18030") == 0)
		return " (GB18030)";
	return strcmp(encoding, "utf-16") == 0 ? " (UTF-16)" : "";
}

/* Which columns were used as what: nothing of a list is guessed without a word. */
static void print_columns(FILE *out, const struct list *list)
{
	char use[LIST_USE_SIZE];
	fputs(tr("Columns:\n"), out);
	for (int i = 0; i < list->header.n; i++) {
		const struct list_field *field = &list->header.fields[i];
		list_header_use(list->terms.plan, field, use);
		if (field->header[0] != '\0' || use[0] != '\0')
			fprintf(out, "  %s: %s\n", field->header,
				use[0] ? use : tr("kept as text"));
	}
}

void text_audit(FILE *out, const struct audit *audit)
{
	const struct list *list = audit->list;
	fprintf(out, tr("Reduction list: %s%s\n"), list->path, name_encoding(list->encoding));
	fprintf(out, tr("  %d sources, sha256 %.16s...\n"), list->n, list->sha256);
	print_columns(out, list);
	fprintf(out, tr("Plan: %s %s\n"), audit->plan->id,
		audit->plan->title_zh ? audit->plan->title_zh : "");
	print_denominator(out, audit->whole ? audit->whole->whole : NULL);
	fprintf(out, "\n");
	print_table_head(out);
	for (int level = 1; level <= audit->plan->n_levels; level++) {
		for (int e = 0; e < EMISSION_COUNT; e++)
			print_target_row(out, name_level(audit->plan, level), e,
					 &audit->targets[level][e].target);
	}
	for (int level = 1; level <= audit->plan->n_levels; level++) {
		for (int e = 0; e < EMISSION_COUNT; e++) {
			if (audit->targets[level][e].target.shortfall_gpd > 0)
				print_candidates(out, name_level(audit->plan, level), e,
						 &audit->targets[level][e]);
		}
	}
	struct cuts_whole whole = audit_whole(audit->whole);
	print_sum_doubts(out, &audit->sums, &whole);
	print_quiet(out, audit);
	print_outcome(out, audit);
}

/* ---- the list in force ---- */

void text_list(FILE *out, const struct source_list *list, const struct cuts_sums *sums,
	       const struct plan *plan)
{
	char time[32];
	struct tm tm = time_beijing(list->imported_ms);
	struct cuts_whole whole = sources_whole(list);
	strftime(time, sizeof(time), "%Y-%m-%d %H:%M", &tm);
	fprintf(out, tr("Reduction list: version %lld, %s\n"), (long long)list->number, list->file);
	fprintf(out, tr("  %d sources, imported %s, sha256 %.16s...\n"), list->n_sources, time,
		list->sha256);
	print_denominator(out, list->whole);
	fprintf(out, "\n");
	print_table_head(out);
	for (int level = 1; level <= plan->n_levels; level++) {
		for (int e = 0; e < EMISSION_COUNT; e++) {
			struct cuts_target target =
				cuts_target(sums, &whole, plan, level, (enum emission)e);
			print_target_row(out, name_level(plan, level), e, &target);
		}
	}
	print_sum_doubts(out, sums, &whole);
}
