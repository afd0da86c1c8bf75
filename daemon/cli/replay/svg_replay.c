/* SPDX-License-Identifier: MIT */
#include "svg_replay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hour.h"
#include "text_replay.h"
#include "time_text.h"

#define DAY_H 24
#define ONE_PANEL_DAYS 100 /* a longer record has a panel a year */
#define REALTIME_DAYS 31   /* in a longer one the real-time AQI would only blacken it */
#define DAY_LABELS 14      /* at most so many along a panel, about */

/* Pixels. */
#define WIDTH 1280
#define LEFT 52
#define RIGHT 1090
#define HEAD 84
#define ONE_HEIGHT 420
#define YEAR_HEIGHT 230
#define BAR_HEIGHT 16
#define BAR_GAP 5
#define FOOT 62 /* below a panel: bars, dates, room */
#define BAR_LABEL_LEAST 70
#define DARK_BELOW 128 /* of the luminance of a colour, 0 to 255 */

struct canvas {
	FILE *out;
	const struct conf *conf;
	const struct replay *replay;
	int32_t highest; /* the AQI at the top of a panel */
};

/* The instants from and to, in hours since 1970 UTC, at the sides; an hour lies at its END. */
struct panel {
	int64_t from, to;
	double top, height;
};

/* Of text upon a warning's colour: white on a dark one. */
static bool is_dark(const char *rgb)
{
	unsigned long colour = strtoul(rgb, NULL, 16);
	return 299 * (colour >> 16) + 587 * (colour >> 8 & 0xff) + 114 * (colour & 0xff) <
	       DARK_BELOW * 1000;
}

/* "#ffd800"; the colours of warnings, not of AQI categories. */
static const char *level_colour(const struct plan_level *level, char ret[8])
{
	snprintf(ret, 8, "#%06lx", strtoul(level->colour, NULL, 16));
	return ret;
}

/* ---- pieces ---- */

static void put_text(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '&')
			fputs("&amp;", out);
		else if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else
			putc(*text, out);
	}
}

/* `style`: further attributes. A second text follows the first after a blank; it may be NULL. */
static void put_label(const struct canvas *canvas, double x, double y, const char *style,
		      const char *const texts[2])
{
	fprintf(canvas->out, "<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, style);
	put_text(canvas->out, texts[0]);
	if (texts[1]) {
		putc(' ', canvas->out);
		put_text(canvas->out, texts[1]);
	}
	fputs("</text>\n", canvas->out);
}

static void put_line(const struct canvas *canvas, const double from[2], const double to[2],
		     const char *style)
{
	fprintf(canvas->out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>\n",
		from[0], from[1], to[0], to[1], style);
}

static double x_of(const struct panel *panel, int64_t hour)
{
	return LEFT +
	       (double)(hour - panel->from) * (RIGHT - LEFT) / (double)(panel->to - panel->from);
}

static double y_of(const struct canvas *canvas, const struct panel *panel, int32_t aqi)
{
	return panel->top + panel->height * (1 - (double)aqi / canvas->highest);
}

/* ---- time ---- */

static int64_t first_of_month(int year, int month)
{
	struct tm tm = {.tm_year = year - 1900, .tm_mon = month, .tm_mday = 1};
	return timegm(&tm) / 3600 - BEIJING_H;
}

static void put_date(const struct canvas *canvas, const struct panel *panel, int64_t hour,
		     bool labelled)
{
	struct tm tm = time_beijing(hour * HOUR_MS);
	char text[16];
	double x = x_of(panel, hour), bottom = panel->top + panel->height;
	put_line(canvas, (double[]){x, panel->top}, (double[]){x, bottom},
		 labelled ? "class=\"day\"" : "class=\"day\" stroke-opacity=\".4\"");
	if (!labelled)
		return;
	strftime(text, sizeof(text), "%m-%d", &tm);
	put_label(canvas, x + 2, bottom + BAR_HEIGHT + 2 * BAR_GAP + 12, "class=\"small\"",
		  (const char *[]){text, NULL});
}

static void put_days(const struct canvas *canvas, const struct panel *panel)
{
	int64_t days = (panel->to - panel->from) / DAY_H, every = days / DAY_LABELS + 1;
	int64_t midnight = panel->from - time_beijing(panel->from * HOUR_MS).tm_hour;
	for (int64_t day = 0; midnight <= panel->to; day++, midnight += DAY_H) {
		if (midnight >= panel->from)
			put_date(canvas, panel, midnight, day % every == 0);
	}
}

static void put_months(const struct canvas *canvas, const struct panel *panel)
{
	int year = time_beijing(panel->from * HOUR_MS).tm_year + 1900;
	char text[16];
	for (int month = 0; month < 12; month++)
		put_date(canvas, panel, first_of_month(year, month), true);
	snprintf(text, sizeof(text), "%d", year);
	put_label(canvas, LEFT + 4, panel->top + 15, "class=\"year\"",
		  (const char *[]){text, NULL});
}

/* ---- a panel ---- */

static void put_bands(const struct canvas *canvas, const struct panel *panel)
{
	const struct edition *edition = &canvas->conf->edition;
	int32_t from = 0;
	for (int i = 0; i < edition->n_categories; i++) {
		const struct category *category = &edition->categories[i];
		double bottom = y_of(canvas, panel, from),
		       top = y_of(canvas, panel, category->upto);
		char text[16];
		fprintf(canvas->out,
			"<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" fill=\"#%s\" "
			"fill-opacity=\".3\"/>\n",
			LEFT, top, RIGHT - LEFT, bottom - top, category->rgb);
		snprintf(text, sizeof(text), "%d", (int)category->upto);
		put_label(canvas, LEFT - 6, top + 4, "class=\"small\" text-anchor=\"end\"",
			  (const char *[]){text, NULL});
		put_label(canvas, RIGHT + 8, (top + bottom) / 2 + 4, "class=\"small\"",
			  (const char *[]){category->name_zh, category->name_en});
		from = category->upto;
	}
}

static void put_thresholds(const struct canvas *canvas, const struct panel *panel)
{
	for (int l = 1; l <= canvas->conf->plan.n_levels; l++) {
		const struct plan_level *level = &canvas->conf->plan.levels[l];
		if (level->release_threshold < 0)
			continue; /* it ends by another index */
		double y = y_of(canvas, panel, level->release_threshold);
		char name[64], value[32];
		put_line(canvas, (double[]){LEFT, y}, (double[]){RIGHT, y}, "class=\"threshold\"");
		snprintf(value, sizeof(value), "> %d", (int)level->release_threshold);
		snprintf(name, sizeof(name), "%s %s", level->name_zh, level->name_en);
		put_label(canvas, RIGHT - 4, y - 3, "class=\"small name\" text-anchor=\"end\"",
			  (const char *[]){name, value});
	}
}

/* A line through the known hours of the panel; missing ones break it. */
static void put_curve(const struct canvas *canvas, const struct panel *panel, bool realtime)
{
	const struct replay *replay = canvas->replay;
	char pen = 'M';
	fprintf(canvas->out, "<path class=\"%s\" d=\"", realtime ? "realtime" : "daily");
	for (int i = 0; i < replay->n_hours; i++) {
		int64_t hour = replay->first + i;
		const struct aqi *aqi =
			realtime ? &replay->hours[i].realtime : &replay->hours[i].daily;
		bool inside = hour > panel->from && hour <= panel->to;
		if (inside && aqi->known)
			fprintf(canvas->out, "%c%.1f,%.1f", pen, x_of(panel, hour),
				y_of(canvas, panel, aqi->value));
		pen = inside && aqi->known ? 'L' : 'M';
	}
	fputs("\"/>\n", canvas->out);
}

/* The chance in 24 h of the lowest level that has one; the panel's height is 10 in 10. */
static void put_chance(const struct canvas *canvas, const struct panel *panel)
{
	const struct replay *replay = canvas->replay;
	int level = outlook_lowest_level(replay->outlook);
	char pen = 'M';
	if (level == LEVEL_NONE)
		return;
	int index = replay->outlook->report.levels[level - 1].index;
	fprintf(canvas->out, "<path class=\"chance\" d=\"");
	for (int i = 0; i < replay->n_hours; i++) {
		int64_t hour = replay->first + i;
		const struct replay_chance *chance = &replay->chances[i];
		bool drawn = hour > panel->from && hour <= panel->to && chance->said;
		if (drawn)
			fprintf(canvas->out, "%c%.1f,%.1f", pen, x_of(panel, hour),
				panel->top + panel->height * (1 - chance->permille[index] / 1e3));
		pen = drawn ? 'L' : 'M';
	}
	fputs("\"/>\n", canvas->out);
}

/* The hours from `first` to `last` (indices) advise one level; what of them lies in the panel. */
static void put_bar(const struct canvas *canvas, const struct panel *panel, int first, int last)
{
	const struct replay *replay = canvas->replay;
	int level = replay->hours[first].level;
	const struct plan_level *name = &canvas->conf->plan.levels[level];
	int64_t begin = replay->first + first - 1, end = replay->first + last;
	char from[TEXT_HOUR_SIZE], to[TEXT_HOUR_SIZE], colour[8];
	if (level == LEVEL_NONE || end <= panel->from || begin >= panel->to)
		return;
	double left = x_of(panel, begin < panel->from ? panel->from : begin);
	double right = x_of(panel, end > panel->to ? panel->to : end);
	double top = panel->top + panel->height + BAR_GAP;
	fprintf(canvas->out,
		"<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" "
		"fill=\"%s\"><title>%s — %s</title></rect>\n",
		left, top, right - left, BAR_HEIGHT, level_colour(name, colour),
		text_replay_hour(replay->first + first, from), text_replay_hour(end, to));
	if (right - left >= BAR_LABEL_LEAST)
		put_label(canvas, left + 4, top + 12,
			  is_dark(name->colour) ? "class=\"small onred\"" : "class=\"small\"",
			  (const char *[]){name->name_zh, name->name_en});
}

static void put_bars(const struct canvas *canvas, const struct panel *panel)
{
	const struct replay *replay = canvas->replay;
	put_label(canvas, LEFT - 6, panel->top + panel->height + BAR_GAP + 12,
		  "class=\"small\" text-anchor=\"end\"", (const char *[]){"建议", NULL});
	put_label(canvas, RIGHT + 8, panel->top + panel->height + BAR_GAP + 12, "class=\"small\"",
		  (const char *[]){"预警建议", "advice"});
	for (int first = 0, i = 1; i <= replay->n_hours; i++) {
		if (i < replay->n_hours && replay->hours[i].level == replay->hours[first].level)
			continue;
		put_bar(canvas, panel, first, i - 1);
		first = i;
	}
}

static void put_panel(const struct canvas *canvas, const struct panel *panel, int64_t days)
{
	put_bands(canvas, panel);
	if (days > ONE_PANEL_DAYS)
		put_months(canvas, panel);
	else
		put_days(canvas, panel);
	if (days <= REALTIME_DAYS)
		put_curve(canvas, panel, true);
	put_curve(canvas, panel, false);
	put_chance(canvas, panel);
	put_thresholds(canvas, panel);
	put_bars(canvas, panel);
}

/* ---- the whole ---- */

/* False: there is none. */
static bool put_chance_key(const struct canvas *canvas, double x, double y)
{
	int level = outlook_lowest_level(canvas->replay->outlook);
	char text[128];
	if (level == LEVEL_NONE)
		return false;
	put_line(canvas, (double[]){x, y - 4}, (double[]){x + 28, y - 4}, "class=\"chance\"");
	snprintf(text, sizeof(text), "24小时可能性 chance in 24 h: %s (0-10/10)",
		 canvas->conf->plan.levels[level].name_zh);
	put_label(canvas, x + 34, y, "class=\"small\"", (const char *[]){text, NULL});
	return true;
}

static void put_key(const struct canvas *canvas, bool realtime)
{
	double x = LEFT, y = 64;
	put_line(canvas, (double[]){x, y - 4}, (double[]){x + 28, y - 4}, "class=\"daily\"");
	put_label(canvas, x + 34, y, "class=\"small\"",
		  (const char *[]){"日AQI（24小时）", "daily AQI (24 h)"});
	x += 240;
	put_line(canvas, (double[]){x, y - 4}, (double[]){x + 28, y - 4}, "class=\"threshold\"");
	put_label(canvas, x + 34, y, "class=\"small\"",
		  (const char *[]){"预案阈值", "thresholds of the plan"});
	x += 240;
	if (put_chance_key(canvas, x, y))
		x += 340;
	if (!realtime)
		return;
	put_line(canvas, (double[]){x, y - 4}, (double[]){x + 28, y - 4}, "class=\"realtime\"");
	put_label(canvas, x + 34, y, "class=\"small\"",
		  (const char *[]){"实时AQI", "real-time AQI"});
}

static void put_head(const struct canvas *canvas, double height, int64_t days)
{
	static const char style[] =
		"text{font-family:'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei',"
		"'PingFang "
		"SC',sans-serif;fill:#222}.small{font-size:11px}.name{font-weight:bold;paint-order:"
		"stroke;stroke:#fff;"
		"stroke-opacity:.8;stroke-width:3px}.onred{fill:#fff}"
		".year{font-size:15px;font-weight:bold}.day{stroke:#888;stroke-width:.5}"
		".daily{fill:none;stroke:#111;stroke-width:1.6;stroke-linejoin:round}"
		".realtime{fill:none;stroke:#666;stroke-width:.8}"
		".threshold{stroke:#333;stroke-width:1;stroke-dasharray:6 4}"
		".chance{fill:none;stroke:#1f4e9c;stroke-width:1}"
		".bar{stroke:#333;stroke-width:.4}";
	const struct plan *plan = &canvas->conf->plan;
	const struct replay *replay = canvas->replay;
	char first[TEXT_HOUR_SIZE], last[TEXT_HOUR_SIZE], span[2 * TEXT_HOUR_SIZE + 8];
	fprintf(canvas->out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" "
		"viewBox=\"0 0 %d %.0f\">\n<style>%s</style>\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
		WIDTH, height, WIDTH, height, style);
	snprintf(span, sizeof(span), "%s — %s", text_replay_hour(replay->first, first),
		 text_replay_hour(replay->first + replay->n_hours - 1, last));
	put_label(canvas, LEFT, 24, "font-size=\"17\" font-weight=\"bold\"",
		  (const char *[]){"空气质量指数与预警建议 AQI and warning advice", span});
	put_label(canvas, LEFT, 44, "font-size=\"12\"",
		  (const char *[]){plan->title_zh, plan->title_en});
	put_label(canvas, RIGHT + 8, 44, "font-size=\"12\"",
		  (const char *[]){canvas->conf->edition.id, NULL});
	put_key(canvas, days <= REALTIME_DAYS);
}

static void draw_replay(const struct canvas *canvas)
{
	const struct replay *replay = canvas->replay;
	int64_t from = replay->first - 1, to = from + replay->n_hours;
	int64_t days = (to - from) / DAY_H;
	struct panel panel = {from, to, HEAD, ONE_HEIGHT};
	if (days <= ONE_PANEL_DAYS) {
		put_head(canvas, HEAD + ONE_HEIGHT + FOOT, days);
		put_panel(canvas, &panel, days);
	} else {
		int first = time_beijing(from * HOUR_MS).tm_year + 1900,
		    last = time_beijing((to - 1) * HOUR_MS).tm_year + 1900;
		put_head(canvas, HEAD + (last - first + 1) * (YEAR_HEIGHT + FOOT), days);
		panel.height = YEAR_HEIGHT;
		for (int year = first; year <= last; year++) {
			panel.top = HEAD + (year - first) * (YEAR_HEIGHT + FOOT);
			panel.from = first_of_month(year, 0);
			panel.to = first_of_month(year + 1, 0);
			put_panel(canvas, &panel, days);
		}
	}
	fputs("</svg>\n", canvas->out);
}

int svg_replay(const char *path, const struct replay_order *order, const struct replay *replay)
{
	const struct edition *edition = &order->conf->edition;
	FILE *out = fopen(path, "we");
	if (!out)
		return -errno;
	const struct canvas canvas = {
		.out = out,
		.conf = order->conf,
		.replay = replay,
		.highest = edition->categories[edition->n_categories - 1].upto,
	};
	draw_replay(&canvas);
	bool written = !ferror(out);
	int r = written ? 0 : errno != 0 ? -errno : -EIO;
	if (fclose(out) != 0 && r == 0)
		r = -errno;
	return r;
}
