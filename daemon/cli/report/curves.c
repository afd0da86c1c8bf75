/* SPDX-License-Identifier: MIT */
#include "curves.h"

#include "hour.h"
#include "html.h"
#include "text_status.h"

/* Units of the drawing, which is as wide as the page and as the one of the AQIs. */
#define WIDTH 720
#define LEFT 34
#define RIGHT 596
#define MARGIN 10
#define STRIP 58
#define CURVE 44 /* of it */

struct strip {
	const struct report *report;
	FILE *out;
	int pollutant;
	int top;
	int32_t highest; /* thousandths */
};

static int32_t find_highest_mean(const struct report *report, int pollutant)
{
	int32_t highest = -1;
	for (int i = 0; i < report->n_hours; i++) {
		if (report->hours[i].mean_milli[pollutant] > highest)
			highest = report->hours[i].mean_milli[pollutant];
	}
	return highest;
}

/* The END of the hour with that index. */
static double x_of_hour(const struct report *report, int64_t hour)
{
	return LEFT + (double)(hour + 1) * (RIGHT - LEFT) / report->n_hours;
}

/* The hours of the response, shaded. */
static void put_response(const struct strip *strip)
{
	const struct report *report = strip->report;
	int64_t from = report->span.begun_ms / HOUR_MS - report->first_hour;
	int64_t to = report->span.ended_ms / HOUR_MS - report->first_hour;
	double left = x_of_hour(report, from < -1 ? -1 : from);
	double right = x_of_hour(report, to < report->n_hours - 1 ? to : report->n_hours - 1);
	if (right > left)
		fprintf(strip->out,
			"<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#888\" "
			"fill-opacity=\".12\"/>\n",
			left, strip->top, right - left, CURVE);
}

/* A line through the valid hours; missing ones break it. */
static void put_mean_curve(const struct strip *strip)
{
	const struct report *report = strip->report;
	int32_t highest = strip->highest > 0 ? strip->highest : 1;
	char pen = 'M';
	fputs("<path class=\"daily\" d=\"M0,0", strip->out);
	for (int i = 0; i < report->n_hours; i++) {
		int32_t mean = report->hours[i].mean_milli[strip->pollutant];
		if (mean >= 0)
			fprintf(strip->out, "%c%.1f,%.1f", pen, x_of_hour(report, i),
				strip->top + CURVE - (double)mean * CURVE / highest);
		pen = mean >= 0 ? 'L' : 'M';
	}
	fputs("\"/>\n", strip->out);
}

static void put_strip(const struct strip *strip)
{
	enum pollutant pollutant = (enum pollutant)strip->pollutant;
	put_response(strip);
	fprintf(strip->out,
		"<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"day\"/>\n"
		"<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.*f</text>\n"
		"<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>\n"
		"<text x=\"%d\" y=\"%d\">%s %s</text>\n",
		LEFT, strip->top + CURVE, RIGHT, strip->top + CURVE, LEFT - 5, strip->top + 8,
		pollutant == POLLUTANT_CO ? 1 : 0, strip->highest / 1000.0, LEFT - 5,
		strip->top + CURVE, RIGHT + 6, strip->top + CURVE / 2,
		pollutant_info(pollutant)->name, text_unit(strip->pollutant));
	put_mean_curve(strip);
}

void curves_put(const struct report *report)
{
	int n = 0;
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		n += find_highest_mean(report, p) >= 0;
	if (n == 0)
		return;
	fprintf(report->out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH,
		n * STRIP + MARGIN);
	html_word(report, WORD_POLLUTANTS);
	fputs("\">\n", report->out);
	struct strip strip = {.report = report, .out = report->out, .top = MARGIN};
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		strip.pollutant = p;
		strip.highest = find_highest_mean(report, p);
		if (strip.highest < 0)
			continue;
		put_strip(&strip);
		strip.top += STRIP;
	}
	fputs("</svg>\n", report->out);
}
