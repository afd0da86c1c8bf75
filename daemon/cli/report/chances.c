/* SPDX-License-Identifier: MIT */
#include "chances.h"

#include <stdlib.h>
#include <string.h>

#include "chance.h"
#include "daily_hours.h"
#include "html.h"
#include "outlook_shown.h"
#include "text_chance.h"

#define PIECE_HOURS 500
#define SEASON_HOURS (OUTLOOK_PROOF_DAYS * 24)
#define SAYINGS 3
#define CELL_SIZE 64

/* Hours before a threshold was first exceeded. */
static const int before_h[SAYINGS] = {24, 12, 6};

struct chances {
	struct chance_report levels;
	struct chance_run run;
	struct daily_hours hours;
	struct outlook_score
		season[OUTLOOK_THRESHOLDS_MAX]; /* of the days before the page's hours */
	/* of the page's hours; -1: nothing */
	int16_t permille[REPORT_HOURS_MAX][OUTLOOK_THRESHOLDS_MAX];
};

static bool is_shown(const struct report *report)
{
	const struct outlook_conf *outlook = &report->conf->outlook;
	bool shown = outlook->model && outlook->show == OUTLOOK_SHOW_ON;
	int64_t since;
	if (outlook->model && outlook->show == OUTLOOK_SHOW_AUTO)
		outlook_shown_load(report->store, outlook->model->id, &shown, &since);
	return shown;
}

static void take_hour(const struct report *report, struct chances *chances, int64_t hour,
		      const struct hour_values *values, int32_t daily)
{
	int64_t at = hour - report->first_hour;
	if (at == OUTLOOK_AHEAD) { /* that judges the page's first */
		memcpy(chances->season, chances->run.scores, sizeof(chances->season));
		memset(chances->run.scores, 0, sizeof(chances->run.scores));
	}
	bool said = chance_take(&chances->run, hour, values, daily);
	for (int t = 0; t < OUTLOOK_THRESHOLDS_MAX && at >= 0 && at < report->n_hours; t++) {
		int permille = said ? chance_at(&chances->run, hour)->chances[t].permille : -1;
		chances->permille[at][t] = (int16_t)permille;
	}
}

static int take_hours(const struct report *report, struct chances *chances)
{
	static struct hour_values values[PIECE_HOURS]; /* large, once */
	int32_t daily[PIECE_HOURS];
	int64_t season = report->first_hour - SEASON_HOURS;
	int64_t last = report->first_hour + report->n_hours - 1 + OUTLOOK_AHEAD;
	int r = 0;
	chances->run.begun = season;
	chances->hours.next = season - OUTLOOK_HOURS;
	while (r == 0 && chances->hours.next <= last) {
		int64_t next = chances->hours.next;
		int n = last - next < PIECE_HOURS ? (int)(last - next + 1) : PIECE_HOURS;
		r = daily_hours_load(report->store, &chances->hours, n, values, daily);
		for (int i = 0; i < n && r == 0; i++)
			take_hour(report, chances, next + i, &values[i], daily[i]);
	}
	return r;
}

/* "0.043 (0.071)": persistence's behind it. */
static void put_brier(const struct report *report, int64_t ours, int64_t theirs)
{
	char text[CELL_SIZE] = "–";
	if (ours != OUTLOOK_NO_SCORE)
		snprintf(text, sizeof(text), "%.3f (%.3f)", (double)ours / 1e6,
			 (double)theirs / 1e6);
	html_cell(report, HTML_NUMBER, text);
}

static int find_first_above(const struct report *report, int32_t aqi)
{
	int i = 0;
	while (i < report->n_hours && report->hours[i].daily <= aqi)
		i++;
	return i;
}

static void put_said(const struct report *report, const struct chances *chances, int index,
		     int first)
{
	char text[HTML_MOMENT_SIZE], tenths[TEXT_TENTHS_MAX];
	bool any = first < report->n_hours;
	html_cell(report, HTML_TEXT,
		  any ? html_moment((report->first_hour + first) * HOUR_MS, text) : "–");
	for (int i = 0; i < SAYINGS; i++) {
		int at = first - before_h[i];
		bool said = any && at >= 0 && chances->permille[at][index] >= 0;
		html_cell(report, HTML_TEXT,
			  said ? text_tenths(chances->permille[at][index], report->language, tenths)
			       : "–");
	}
}

static void put_level(const struct report *report, const struct chances *chances,
		      const struct chance_level *level)
{
	const struct plan *plan = &report->conf->plan;
	const struct outlook_trained *trained =
		&report->conf->outlook.model->thresholds[level->index].trained;
	const struct chance_score here = chance_score_of(&chances->run.scores[level->index]),
				  season = chance_score_of(&chances->season[level->index]);
	char text[CELL_SIZE];
	fputs("<tr>", report->out);
	html_cell(report, HTML_TEXT, html_level(report, level_name(plan, level->level)));
	snprintf(text, sizeof(text), "> %d", (int)level->above);
	html_cell(report, HTML_TEXT, text);
	put_said(report, chances, level->index, find_first_above(report, level->above));
	put_brier(report, here.brier, here.persistence);
	put_brier(report, season.brier, season.persistence);
	put_brier(report, trained->brier_micro, trained->persistence_micro);
	fputs("</tr>\n", report->out);
}

static void put_table(const struct report *report, const struct chances *chances)
{
	static const struct html_column columns[] = {
		{WORD_LEVEL, HTML_TEXT},          {WORD_DAILY, HTML_TEXT},
		{WORD_FIRST_ABOVE, HTML_TEXT},    {WORD_SAID_24, HTML_TEXT},
		{WORD_SAID_12, HTML_TEXT},        {WORD_SAID_6, HTML_TEXT},
		{WORD_BRIER_HERE, HTML_NUMBER},   {WORD_BRIER_SEASON, HTML_NUMBER},
		{WORD_BRIER_TRAINED, HTML_NUMBER}};
	fputs("<h3>", report->out);
	html_word(report, WORD_CHANCE);
	fputs("</h3>\n<p class=\"note\">", report->out);
	html_word(report, WORD_CHANCE_NOTE);
	fputs("</p>\n", report->out);
	html_begin_table(report, columns, (int)(sizeof(columns) / sizeof(columns[0])));
	for (int i = 0; i < chances->levels.n; i++) {
		if (chances->levels.levels[i].none == CHANCE_TOO_FEW_HOURS)
			put_level(report, chances, &chances->levels.levels[i]);
	}
	html_end_table(report);
}

int chances_put(const struct report *report)
{
	static struct chances chances; /* large, once */
	if (!is_shown(report) || report->n_hours == 0)
		return 0;
	memset(&chances, 0, sizeof(chances));
	chances.run.model = report->conf->outlook.model;
	chances.hours = (struct daily_hours){.edition = &report->conf->edition,
					     .scope = &report->conf->station.scope,
					     .is_district = report->conf->roster.path != NULL};
	chance_begin(report->conf->outlook.model, &report->conf->plan, &report->conf->edition,
		     &chances.levels);
	int r = take_hours(report, &chances);
	if (r == 0 && chances.levels.none == CHANCE_TOO_FEW_HOURS)
		put_table(report, &chances);
	return r;
}
