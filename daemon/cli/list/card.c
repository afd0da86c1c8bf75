/* SPDX-License-Identifier: MIT */
#include "card.h"

#include <stdlib.h>
#include <string.h>

#include "list_value.h"
#include "screen.h"
#include "text.h"
#include "text_order.h"
#include "time_text.h"
#include "words.h"

#define LINES_MOST 500 /* whatever a list says of a source */
#define BLANK "________________________"

static const char page_head[] =
	"<meta charset=\"utf-8\"><style>@page{size:A4;margin:18mm}"
	"body{font:12pt/1.5 \"Noto Sans CJK SC\",\"Source Han Sans SC\",\"WenQuanYi Zen "
	"Hei\",sans-serif;"
	"max-width:174mm;margin:0 auto}h1{font-size:20pt;text-align:center;margin:0 0 6mm}"
	"table{border-collapse:collapse;width:100%;table-layout:fixed}"
	"th,td{border:1px solid #444;padding:1.5mm 2mm;vertical-align:top;overflow-wrap:anywhere}"
	"th{width:30mm;text-align:left;font-weight:normal;background:#eee}"
	"th[colspan]{font-weight:bold;background:none}tr{break-inside:avoid}"
	"p{font-size:9pt;overflow-wrap:anywhere}</style>\n";

/* ---- rows ---- */

/* The card as it is written: a page of text, or of HTML. */
struct writer {
	const struct card *card;
	struct screen screen;
};

static void write_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("<>&\"", *text))
			fprintf(out, "&#%d;", *text);
		else
			fputc(*text, out);
	}
}

static void write_row(struct writer *writer, const char *label, const char *text)
{
	FILE *out = writer->card->out;
	if (!writer->card->html) {
		screen_row(&writer->screen, label, LINES_MOST);
		screen_say(&writer->screen, "%s", text);
		return;
	}
	fputs("<tr><th>", out);
	write_escaped(out, label);
	fputs("<td>", out);
	write_escaped(out, text);
	fputs("\n", out);
}

/* What the list does not say is left out. */
static void write_said(struct writer *writer, const char *label, const char *text)
{
	if (text[0] != '\0')
		write_row(writer, label, text);
}

static void write_level(struct writer *writer, int level)
{
	const struct card *card = writer->card;
	char name[TEXT_LEVEL_MAX];
	text_level(card->conf, level, words_are_chinese() ? TEXT_ZH : TEXT_EN, name);
	if (!card->html) {
		screen_row(&writer->screen, NULL, 1);
		screen_row(&writer->screen, NULL, 1);
		screen_say(&writer->screen, "[ %s ]", name);
		return;
	}
	fprintf(card->out, "<tr><th colspan=\"2\" style=\"border-left:6mm solid #%s\">",
		card->conf->plan.levels[level].colour);
	write_escaped(card->out, name);
	fputs("\n", card->out);
}

static void begin_card(struct writer *writer)
{
	const struct card *card = writer->card;
	const char *title = tr("Board of emergency emission reductions");
	if (!card->html) {
		writer->screen = screen_begin(card->out, card->width, 2 * LINES_MOST);
		screen_row(&writer->screen, NULL, 1);
		screen_say(&writer->screen, "%s", title);
		screen_row(&writer->screen, NULL, 1);
		return;
	}
	fprintf(card->out, "<!DOCTYPE html>\n<html lang=\"%s\">%s<title>",
		words_are_chinese() ? "zh" : "en", page_head);
	write_escaped(card->out, title);
	fputs("</title>\n<h1>", card->out);
	write_escaped(card->out, title);
	fputs("</h1>\n<table>\n", card->out);
}

/* What it rests on. */
static void end_card(struct writer *writer)
{
	const struct card *card = writer->card;
	const struct plan *plan = &card->conf->plan;
	const char *title = words_are_chinese() ? plan->title_zh : plan->title_en;
	char time[TIME_TEXT_SIZE], *foot = NULL;
	time_text(card->list->imported_ms, time);
	if (asprintf(&foot, tr("By: %s; reduction list version %lld of %.10s, %s"),
		     title ? title : plan->id, (long long)card->list->number, time,
		     card->list->file) < 0)
		return;
	if (!card->html) {
		screen_row(&writer->screen, NULL, 1);
		screen_row(&writer->screen, NULL, LINES_MOST);
		screen_say(&writer->screen, "%s", foot);
		screen_end(&writer->screen);
	} else {
		fputs("</table>\n<p>", card->out);
		write_escaped(card->out, foot);
		fputs("</p>\n</html>\n", card->out);
	}
	free(foot);
}

/* ---- what stands on it ---- */

static const char *name_word(const char *word)
{
	static const struct {
		const char *word, *words;
	} names[] = {
		{"leading", TR_LATER("leading enterprise")},
		{"not-leading", TR_LATER("not leading")},
		{"ungraded", TR_LATER("not graded")},
		{"normal", TR_LATER("normal")},
		{"voluntary", TR_LATER("voluntary")},
		{"protected", TR_LATER("protected")},
		{"livelihood", TR_LATER("livelihood-exempt")},
		{"small", TR_LATER("small emitter")},
		{"idle", TR_LATER("long idle")},
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i].word, word) == 0)
			return tr(names[i].words);
	}
	return word;
}

/* However long the list's texts are. */
static void write_place(struct writer *writer, const struct source *source)
{
	char *place = NULL;
	if (asprintf(&place, "%s%s%s%s%s", source->county,
		     source->county[0] && source->town[0] ? tr(", ") : "", source->town,
		     source->park[0] ? tr(", ") : "", source->park) >= 0)
		write_said(writer, tr("Place"), place);
	free(place);
}

static void write_who(struct writer *writer, const struct source *source)
{
	write_row(writer, tr("Name"), source->name);
	write_row(writer, tr("List no."), source->id);
	write_said(writer, tr("Code"), source->credit_code);
	write_place(writer, source);
	write_row(writer, tr("Grade"), name_word(source->grade));
	write_row(writer, tr("Control"), name_word(source->control));
	write_said(writer, tr("Process"), source->process);
}

static void write_cuts(struct writer *writer, const struct source *source, int level)
{
	static const char *const names[EMISSION_COUNT] = {"SO2", "NOx", "PM", "VOCs"};
	char text[200] = "", kg[LIST_KG_SIZE];
	for (int e = 0; e < EMISSION_COUNT; e++) {
		int64_t gpd = cuts_at_gpd(&source->amounts, level, (enum emission)e);
		size_t n = strlen(text);
		if (gpd != CUT_UNSAID)
			snprintf(text + n, sizeof(text) - n, "%s%s %s", n > 0 ? ", " : "", names[e],
				 list_show_kg(gpd, kg));
	}
	write_said(writer, tr("Cut kg/d"), text);
}

/* The plan's measures that are addressed to it, or why it has none at all. */
static void write_plan(struct writer *writer, const struct order_source *ordered, int level)
{
	const struct plan *plan = &writer->card->conf->plan;
	const struct order_level of = order_level_of(plan, level);
	int measures[PLAN_MEASURES_MAX];
	char why[TEXT_ORDER_MAX];
	unsigned none = order_why_none(&of, ordered);
	int n = none == 0 ? order_measures(&of, ordered, measures) : 0;
	for (int i = 0; i < n; i++) {
		const struct plan_measure *measure = &plan->measures[measures[i]];
		write_row(writer, i == 0 ? tr("Plan") : "",
			  words_are_chinese() ? measure->zh : measure->en);
	}
	if (none == 0)
		return;
	text_order_why(plan, ordered, none, words_are_chinese() ? TEXT_ZH : TEXT_EN, why);
	write_row(writer, tr("Measures"), tr("none at this level"));
	write_row(writer, "", why);
}

static void write_levels(struct writer *writer, const struct source *source)
{
	const struct plan *plan = &writer->card->conf->plan;
	const struct order_source ordered = sources_as_ordered(source, plan);
	for (int level = 1; level <= plan->n_levels; level++) {
		int said = order_level_said(ordered.worded, level);
		write_level(writer, level);
		write_said(writer, tr("Measures"), source->measures[said]);
		write_said(writer, tr("Stopped"), source->lines[said]);
		write_cuts(writer, source, level);
		write_plan(writer, &ordered, level);
	}
}

void card_print(const struct card *card, const struct source *source)
{
	struct writer writer = {.card = card};
	begin_card(&writer);
	write_who(&writer, source);
	write_levels(&writer, source);
	if (!card->html)
		screen_row(&writer.screen, NULL, 1);
	write_said(&writer, tr("Looked at"), source->key_index);
	write_said(&writer, tr("Inspector"), source->inspector);
	write_row(&writer, tr("Contact"), BLANK);
	end_card(&writer);
}
