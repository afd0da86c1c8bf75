/* SPDX-License-Identifier: MIT */
#include "chart.h"

#include <stdlib.h>

#include "hour.h"
#include "html.h"
#include "time_text.h"

/* Units of the drawing, which is as wide as the page. */
#define WIDTH 720
#define HEIGHT 372
#define LEFT 34
#define RIGHT 596
#define TOP 26
#define BOTTOM 316
#define BAR_TOP (BOTTOM + 6)
#define BAR_HEIGHT 14
#define BAR_LABEL_LEAST 60
#define LEVEL_LABEL 96 /* thresholds may be alike: their names stand side by side */
#define DAY_H 24
#define DAY_LABELS 12
#define DARK_BELOW 128 /* of the luminance of a colour, 0 to 255 */

struct chart {
	const struct report *report;
	FILE *out;
	int32_t highest; /* the AQI at the top */
};

static double x_of(const struct chart *chart, int64_t ms)
{
	const struct report *report = chart->report;
	double hours = (double)(ms - (report->first_hour - 1) * HOUR_MS) / (double)HOUR_MS;
	double x = LEFT + hours * (RIGHT - LEFT) / (report->n_hours > 0 ? report->n_hours : 1);
	return x < LEFT ? LEFT : x > RIGHT ? RIGHT : x;
}

static double y_of(const struct chart *chart, int32_t aqi)
{
	return BOTTOM - (double)aqi * (BOTTOM - TOP) / chart->highest;
}

static void put_label(const struct chart *chart, double x, double y, const char *style,
		      const char *text)
{
	fprintf(chart->out, "<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, style);
	html_text(chart->out, text);
	fputs("</text>\n", chart->out);
}

/* The top is that of the category which has the highest value or threshold. */
static int32_t find_highest(const struct report *report)
{
	const struct edition *edition = &report->conf->edition;
	const struct plan *plan = &report->conf->plan;
	int32_t highest = 0;
	for (int i = 0; i < report->n_hours; i++) {
		const struct report_hour *hour = &report->hours[i];
		int32_t higher = hour->daily > hour->realtime ? hour->daily : hour->realtime;
		highest = higher > highest ? higher : highest;
	}
	for (int l = 1; l <= plan->n_levels; l++) {
		if (plan->levels[l].release_threshold > highest)
			highest = plan->levels[l].release_threshold;
	}
	for (int i = 0; i < edition->n_categories; i++) {
		if (edition->categories[i].upto > highest)
			return edition->categories[i].upto;
	}
	return edition->categories[edition->n_categories - 1].upto;
}

static void put_bands(const struct chart *chart)
{
	const struct edition *edition = &chart->report->conf->edition;
	int32_t from = 0;
	for (int i = 0; i < edition->n_categories && from < chart->highest; i++) {
		const struct category *category = &edition->categories[i];
		double bottom = y_of(chart, from), top = y_of(chart, category->upto);
		char text[16];
		fprintf(chart->out,
			"<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" fill=\"#%06lx\" "
			"fill-opacity=\".3\"/>\n",
			LEFT, top, RIGHT - LEFT, bottom - top, strtoul(category->rgb, NULL, 16));
		snprintf(text, sizeof(text), "%d", (int)category->upto);
		put_label(chart, LEFT - 5, top + 4, "text-anchor=\"end\"", text);
		put_label(chart, RIGHT + 6, (top + bottom) / 2 + 4, "",
			  chart->report->language == TEXT_ZH ? category->name_zh
							     : category->name_en);
		from = category->upto;
	}
}

static void put_thresholds(const struct chart *chart)
{
	const struct plan *plan = &chart->report->conf->plan;
	for (int l = 1; l <= plan->n_levels; l++) {
		const struct plan_level *level = &plan->levels[l];
		if (level->release_threshold < 0)
			continue; /* it ends by another index */
		double y = y_of(chart, level->release_threshold);
		char text[96];
		fprintf(chart->out,
			"<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" class=\"limit\"/>\n",
			LEFT, y, RIGHT, y);
		snprintf(text, sizeof(text), "%s > %d", html_level(chart->report, level->id),
			 (int)level->release_threshold);
		put_label(chart, LEFT + 5 + (l - 1) * LEVEL_LABEL, y - 3, "class=\"halo\"", text);
	}
}

static void put_days(const struct chart *chart)
{
	const struct report *report = chart->report;
	int64_t begin_ms = (report->first_hour - 1) * HOUR_MS;
	int64_t every = report->n_hours / DAY_H / DAY_LABELS + 1;
	int64_t midnight = begin_ms - time_beijing(begin_ms).tm_hour * HOUR_MS;
	for (int64_t day = 0; midnight < begin_ms + report->n_hours * HOUR_MS; day++) {
		struct tm tm = time_beijing(midnight);
		char text[16];
		double x = x_of(chart, midnight);
		if (midnight >= begin_ms) {
			fprintf(chart->out,
				"<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" "
				"class=\"day\"/>\n",
				x, TOP, x, BOTTOM);
			strftime(text, sizeof(text), "%m-%d", &tm);
			if (day % every == 0 && x < RIGHT - 28)
				put_label(chart, x, BAR_TOP + BAR_HEIGHT + 14, "", text);
		}
		midnight += DAY_H * HOUR_MS;
	}
}

/* A line through the known hours; missing ones break it. An hour lies at its END. */
static void put_curve(const struct chart *chart, bool realtime)
{
	const struct report *report = chart->report;
	char pen = 'M';
	fprintf(chart->out, "<path class=\"%s\" d=\"M0,0", realtime ? "realtime" : "daily");
	for (int i = 0; i < report->n_hours; i++) {
		int32_t aqi = realtime ? report->hours[i].realtime : report->hours[i].daily;
		if (aqi >= 0)
			fprintf(chart->out, "%c%.1f,%.1f", pen,
				x_of(chart, (report->first_hour + i) * HOUR_MS), y_of(chart, aqi));
		pen = aqi >= 0 ? 'L' : 'M';
	}
	fputs("\"/>\n", chart->out);
}

static bool is_dark(unsigned long colour)
{
	return 299 * (colour >> 16) + 587 * (colour >> 8 & 0xff) + 114 * (colour & 0xff) <
	       DARK_BELOW * 1000UL;
}

static void put_bar(const struct chart *chart, const struct force_row *row, int64_t end_ms)
{
	const struct plan *plan = &chart->report->conf->plan;
	double left = x_of(chart, row->from_ms), right = x_of(chart, end_ms);
	bool known = row->level > LEVEL_NONE && row->level <= plan->n_levels;
	if (row->level == LEVEL_NONE || right <= left)
		return;
	unsigned long colour =
		known ? strtoul(plan->levels[row->level].colour, NULL, 16) : 0x888888;
	fprintf(chart->out,
		"<rect class=\"bar\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" "
		"fill=\"#%06lx\"/>\n",
		left, BAR_TOP, right - left, BAR_HEIGHT, colour);
	if (right - left >= BAR_LABEL_LEAST)
		put_label(chart, left + 4, BAR_TOP + 11, is_dark(colour) ? "fill=\"#fff\"" : "",
			  html_level(chart->report, level_name(plan, row->level)));
}

static void put_bars(const struct chart *chart)
{
	const struct report *report = chart->report;
	put_label(chart, RIGHT + 6, BAR_TOP + 11, "", report_word(report, WORD_LEVEL_BAR));
	for (int i = 0; i < report->n_force; i++)
		put_bar(chart, &report->force[i],
			i + 1 < report->n_force ? report->force[i + 1].from_ms
						: report->span.ended_ms);
}

static void put_key(const struct chart *chart)
{
	fprintf(chart->out, "<path class=\"daily\" d=\"M%d,12h24\"/>\n", LEFT);
	put_label(chart, LEFT + 30, 16, "", report_word(chart->report, WORD_DAILY));
	fprintf(chart->out, "<path class=\"realtime\" d=\"M%d,12h24\"/>\n", LEFT + 220);
	put_label(chart, LEFT + 250, 16, "", report_word(chart->report, WORD_REALTIME));
}

void chart_put(const struct report *report)
{
	const struct chart chart = {
		.report = report, .out = report->out, .highest = find_highest(report)};
	fprintf(chart.out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH, HEIGHT);
	html_word(report, WORD_AQI);
	fputs("\">\n", chart.out);
	put_bands(&chart);
	put_days(&chart);
	put_curve(&chart, true);
	put_curve(&chart, false);
	put_thresholds(&chart);
	put_bars(&chart);
	put_key(&chart);
	fputs("</svg>\n", chart.out);
}
