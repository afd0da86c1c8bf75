/* SPDX-License-Identifier: MIT */
#include "parts.h"

#include <stdlib.h>
#include <string.h>

#include "hour.h"
#include "html.h"
#include "payload_table.h"
#include "progress.h"
#include "receipts.h"
#include "sources.h"
#include "text_term.h"
#include "timetables.h"

#define NUMBER_SIZE 32
#define THRESHOLDS_MAX 16

static const char *write_count(int64_t count, char ret[NUMBER_SIZE])
{
	snprintf(ret, NUMBER_SIZE, "%lld", (long long)count);
	return ret;
}

static void put_number(const struct report *report, bool known, int64_t number)
{
	char text[NUMBER_SIZE];
	html_cell(report, HTML_NUMBER, known ? write_count(number, text) : "–");
}

/* ---- the first lines ---- */

static void put_fact(const struct report *report, enum report_word name, const char *value)
{
	fputs("<dt>", report->out);
	html_word(report, name);
	fputs("</dt><dd>", report->out);
	html_text(report->out, value);
	fputs("</dd>\n", report->out);
}

static int put_level_now(const struct report *report)
{
	const struct plan *plan = &report->conf->plan;
	struct force_row row;
	int r = force_log_at(report->store, report->now_ms, &row);
	if (r == 0)
		put_fact(report, WORD_IN_FORCE, html_level(report, level_name(plan, row.level)));
	return r == STORE_E_NONE ? 0 : r;
}

static void put_due(const struct report *report)
{
	char text[128];
	if (report->running || report->due_day == 0)
		return;
	html_moment(calendar_begin_ms(report->due_day), text);
	snprintf(text + 10, sizeof(text) - 10, " %s",
		 report->due_certain ? "" : report_word(report, WORD_DUE_UNSURE));
	put_fact(report, WORD_DUE, text);
}

int parts_head(const struct report *report)
{
	const struct conf *conf = report->conf;
	bool zh = report->language == TEXT_ZH;
	char text[RECEIPTS_EPISODE_SIZE + HTML_MOMENT_SIZE];
	int r = 0;
	fputs("<dl>\n", report->out);
	put_fact(report, WORD_STATION, zh ? conf->station.name_zh : conf->station.name_en);
	put_fact(report, WORD_DISTRICT, text_district(&conf->station, report->language));
	put_fact(report, WORD_PLAN, zh ? conf->plan.title_zh : conf->plan.title_en);
	put_fact(report, WORD_EDITION, zh ? conf->edition.title_zh : conf->edition.title_en);
	put_fact(report, WORD_EPISODE, receipts_episode(report->episode, text));
	put_fact(report, WORD_HIGHEST, html_level(report, level_name(&conf->plan, report->level)));
	put_fact(report, WORD_BEGUN, html_moment(report->span.begun_ms, text));
	if (report->running)
		r = put_level_now(report);
	else
		put_fact(report, WORD_ENDED, html_moment(report->span.ended_ms, text));
	put_fact(report, WORD_HOURS,
		 write_count((report->span.ended_ms - report->span.begun_ms) / HOUR_MS, text));
	put_due(report);
	put_fact(report, WORD_MADE, html_moment(report->now_ms, text));
	fputs("</dl>\n", report->out);
	return r;
}

/* ---- AQIs ---- */

struct phase {
	enum report_word name;
	int64_t from, to; /* hours from < END <= to */
};

static void put_phase(const struct report *report, const struct phase *phase)
{
	int32_t max_realtime = -1, max_daily = -1;
	int64_t sum = 0, n = 0;
	for (int i = 0; i < report->n_hours; i++) {
		const struct report_hour *hour = &report->hours[i];
		int64_t end = report->first_hour + i;
		if (end <= phase->from || end > phase->to)
			continue;
		if (hour->realtime >= 0) {
			sum += hour->realtime;
			n++;
		}
		max_realtime = hour->realtime > max_realtime ? hour->realtime : max_realtime;
		max_daily = hour->daily > max_daily ? hour->daily : max_daily;
	}
	fputs("<tr>", report->out);
	html_cell(report, HTML_TEXT, report_word(report, phase->name));
	put_number(report, n > 0, n > 0 ? (sum + n / 2) / n : 0);
	put_number(report, max_realtime >= 0, max_realtime);
	put_number(report, max_daily >= 0, max_daily);
	put_number(report, true, n);
	fputs("</tr>\n", report->out);
}

void parts_phases(const struct report *report)
{
	static const struct html_column columns[] = {{WORD_PHASE, HTML_TEXT},
						     {WORD_MEAN_REALTIME, HTML_NUMBER},
						     {WORD_MAX_REALTIME, HTML_NUMBER},
						     {WORD_MAX_DAILY, HTML_NUMBER},
						     {WORD_KNOWN_HOURS, HTML_NUMBER}};
	int64_t begun = report->span.begun_ms / HOUR_MS, ended = report->span.ended_ms / HOUR_MS;
	bool early = report_is_early(report->span.ended_ms, report->now_ms);
	const struct phase phases[] = {
		{WORD_BEFORE, begun - REPORT_AROUND_H, begun},
		{WORD_DURING, begun, ended},
		{early ? WORD_AFTER_SO_FAR : WORD_AFTER, ended, ended + REPORT_AROUND_H}};
	html_begin_table(report, columns, 5);
	for (int i = 0; i < (report->running ? 2 : 3); i++)
		put_phase(report, &phases[i]);
	html_end_table(report);
}

/* Those of the plan's conditions, each once, by index and then rising. */
static int find_thresholds(const struct plan *plan, struct plan_part ret[THRESHOLDS_MAX])
{
	int n = 0;
	for (int l = 1; l <= plan->n_levels; l++) {
		for (int c = 0; c < plan->levels[l].n_any; c++) {
			const struct plan_condition *condition = &plan->levels[l].any[c];
			for (int p = 0; p < condition->n_parts && n < THRESHOLDS_MAX; p++) {
				const struct plan_part *part = &condition->parts[p];
				int at = 0;
				if (part->index >= PLAN_INDEX_OWN)
					continue; /* the report keeps the two AQIs */
				while (at < n && (ret[at].index < part->index ||
						  (ret[at].index == part->index &&
						   ret[at].threshold < part->threshold)))
					at++;
				if (at < n && ret[at].index == part->index &&
				    ret[at].threshold == part->threshold)
					continue;
				memmove(&ret[at + 1], &ret[at], (size_t)(n++ - at) * sizeof(*ret));
				ret[at] = *part;
			}
		}
	}
	return n;
}

static void put_threshold(const struct report *report, const struct plan_part *part)
{
	bool daily = part->index == PLAN_INDEX_DAILY_AQI;
	int64_t begun = report->span.begun_ms / HOUR_MS, ended = report->span.ended_ms / HOUR_MS;
	int above = 0, unknown = 0;
	char text[NUMBER_SIZE];
	for (int64_t end = begun + 1; end <= ended; end++) {
		int64_t at = end - report->first_hour;
		int32_t aqi = -1;
		if (at >= 0 && at < report->n_hours)
			aqi = daily ? report->hours[at].daily : report->hours[at].realtime;
		unknown += aqi < 0;
		above += aqi >= 0 && plan_part_holds(part, aqi * 1000);
	}
	fputs("<tr>", report->out);
	html_cell(report, HTML_TEXT, report_word(report, daily ? WORD_DAILY : WORD_REALTIME));
	snprintf(text, sizeof(text), "%s %d", part->at_least ? "≥" : ">", (int)part->threshold);
	html_cell(report, HTML_TEXT, text);
	put_number(report, true, above);
	put_number(report, true, unknown);
	fputs("</tr>\n", report->out);
}

void parts_thresholds(const struct report *report)
{
	static const struct html_column columns[] = {{WORD_INDEX, HTML_TEXT},
						     {WORD_THRESHOLD, HTML_TEXT},
						     {WORD_HOURS_ABOVE, HTML_NUMBER},
						     {WORD_HOURS_UNKNOWN, HTML_NUMBER}};
	struct plan_part thresholds[THRESHOLDS_MAX];
	int n = find_thresholds(&report->conf->plan, thresholds);
	html_begin_table(report, columns, 4);
	for (int i = 0; i < n; i++)
		put_threshold(report, &thresholds[i]);
	html_end_table(report);
}

/* ---- cuts ---- */

static void put_kg(const struct report *report, int64_t gpd)
{
	char text[NUMBER_SIZE];
	snprintf(text, sizeof(text), "%lld.%lld", (long long)(gpd / 1000),
		 (long long)(gpd % 1000 / 100));
	html_cell(report, HTML_KG, gpd == CUT_UNSAID ? "–" : text);
}

static void put_target(const struct report *report, const struct cuts_target *target)
{
	char text[NUMBER_SIZE];
	put_number(report, target->min_cut_pct != CUT_UNSAID, target->min_cut_pct);
	put_kg(report, target->required_gpd);
	put_kg(report, target->planned_gpd);
	put_kg(report, target->shortfall_gpd);
	snprintf(text, sizeof(text), "%d.%02d", (int)(target->ratio_centi / 100),
		 (int)(target->ratio_centi % 100));
	html_cell(report, HTML_NUMBER,
		  target->ratio_centi == CUT_UNSAID || target->ratio_centi == INT32_MAX ? "–"
											: text);
}

/* The levels that were in force. */
static uint32_t levels_in_force(const struct report *report)
{
	uint32_t levels = 0;
	for (int i = 0; i < report->n_force; i++) {
		if (report->force[i].level > LEVEL_NONE)
			levels |= 1u << report->force[i].level;
	}
	return levels;
}

static void put_targets(const struct report *report, const struct cuts_sums *sums,
			const struct cuts_whole *whole)
{
	static const struct html_column columns[] = {
		{WORD_LEVEL, HTML_TEXT},   {WORD_EMISSION, HTML_TEXT}, {WORD_LEAST, HTML_NUMBER},
		{WORD_REQUIRED, HTML_KG},  {WORD_PLANNED, HTML_KG},    {WORD_SHORTFALL, HTML_KG},
		{WORD_RATIO, HTML_NUMBER},
	};
	const struct plan *plan = &report->conf->plan;
	uint32_t levels = levels_in_force(report);
	html_begin_table(report, columns, 7);
	for (int level = 1; level <= plan->n_levels; level++) {
		for (int e = 0; e < EMISSION_COUNT && (levels & (1u << level)); e++) {
			struct cuts_target target =
				cuts_target(sums, whole, plan, level, (enum emission)e);
			fputs("<tr>", report->out);
			html_cell(report, HTML_TEXT, html_level(report, plan->levels[level].id));
			html_cell(report, HTML_TEXT,
				  text_emission((enum emission)e, report->language));
			put_target(report, &target);
			fputs("</tr>\n", report->out);
		}
	}
	html_end_table(report);
}

int parts_cuts(const struct report *report)
{
	struct cuts_sums sums = {0};
	struct cuts_whole whole = cuts_whole_unsaid();
	struct source_list list;
	int r = sources_in_force(report->store, &list);
	bool known = r == 0;
	if (known) {
		whole = sources_whole(&list);
		r = sources_sums(report->store, list.number, &sums);
	}
	if (r != 0 && r != STORE_E_NONE)
		return r;
	fputs("<p class=\"note\">", report->out);
	html_word(report, known ? WORD_CUTS_NOTE : WORD_CUTS_NO_LIST);
	fputs("</p>\n", report->out);
	put_targets(report, &sums, &whole);
	return 0;
}

/* ---- units ---- */

struct answers {
	const struct plan *plan;
	uint32_t units;
};

static bool note_answer(void *ctx, const struct past_cell *cells, int n)
{
	struct answers *answers = ctx;
	(void)n;
	for (int u = 0; u < answers->plan->n_units && cells[0].kind == PAST_TEXT; u++) {
		if (strcmp(answers->plan->units[u].id, cells[0].text) == 0)
			answers->units |= 1u << u;
	}
	return true;
}

int parts_silent(const struct report *report)
{
	const struct plan *plan = &report->conf->plan;
	struct answers answers = {.plan = plan};
	struct past_job job = {.ctx = &answers, .each = note_answer};
	int r = episode_rows(report->store, EPISODE_RECEIPTS, &report->span, &job);
	uint32_t silent = report->units & ~answers.units;
	const char *between = report->language == TEXT_ZH ? "：" : ": ";
	if (r != 0 || report->units == 0)
		return r;
	fputs("<p>", report->out);
	html_word(report, WORD_SILENT);
	for (int u = 0; u < plan->n_units; u++) {
		if (!(silent & (1u << u)))
			continue;
		html_text(report->out, between);
		html_text(report->out,
			  report->language == TEXT_ZH ? plan->units[u].zh : plan->units[u].en);
		between = report->language == TEXT_ZH ? "、" : ", ";
	}
	if (silent == 0)
		fprintf(report->out, "%s%s", between, report_word(report, WORD_NONE));
	fputs("</p>\n", report->out);
	return 0;
}

/* ---- texts and the writer's chapter ---- */

static bool put_message(void *ctx, const struct past_cell *cells, int n)
{
	const struct report *report = ctx;
	char moment[HTML_MOMENT_SIZE];
	(void)n;
	progress_count();
	if (cells[0].kind != PAST_NUMBER || cells[1].kind != PAST_TEXT ||
	    cells[2].kind != PAST_TEXT || cells[3].kind != PAST_TEXT)
		return true;
	char *text = payload_message_text(cells[3].text, report->language == TEXT_ZH);
	fputs("<div class=\"text\"><h3>", report->out);
	html_text(report->out, html_moment(cells[0].number, moment));
	fputs(" · ", report->out);
	html_text(report->out, report_word_of(report, "about-", cells[1].text));
	fputs(" · ", report->out);
	html_text(report->out, report_word_of(report, "kind-", cells[2].text));
	fputs("</h3>\n<p>", report->out);
	html_text(report->out, text ? text : "–");
	fputs("</p></div>\n", report->out);
	free(text);
	return true;
}

int parts_texts(struct report *report)
{
	struct past_job job = {.ctx = report, .each = put_message};
	return episode_rows(report->store, EPISODE_TEXTS, &report->span, &job);
}

void parts_writer(const struct report *report)
{
	static const enum report_word heads[] = {WORD_WRITER_START,   WORD_WRITER_MEASURES,
						 WORD_WRITER_RESULTS, WORD_WRITER_PROBLEMS,
						 WORD_WRITER_CUTS,    WORD_WRITER_IMPROVE};
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		fputs("<div class=\"blank\"><h3>", report->out);
		html_word(report, heads[i]);
		fputs("</h3></div>\n", report->out);
	}
	fputs("<p class=\"sign\">", report->out);
	html_word(report, WORD_WRITER_SIGNED);
	fputs("</p>\n", report->out);
}
