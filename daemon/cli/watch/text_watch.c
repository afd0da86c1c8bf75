/* SPDX-License-Identifier: MIT */
#include "text_watch.h"

#include <stdlib.h>
#include <string.h>

#include "aqi.h"
#include "curve.h"
#include "screen.h"
#include "text_status.h"
#include "words.h"

#define NAME_WIDTH 7
#define NUMBER_WIDTH 7
#define NOW_WIDTH_MIN 14
#define NOW_WIDTH_MAX 36
#define ROOMY 24 /* lines from which a row of words may take two */
#define CURVE_LINES_MAX 5
#define CURVE_COLUMNS_MAX 6
#define TEXT_SIZE 128
#define AGE_SIZE 32
#define OLD_S 120

/* The columns of the table. */
struct layout {
	int now; /* wide */
	int hours, columns, lines;
};

static struct layout lay_out(const struct watch_page *page, int rows, int free_lines)
{
	struct layout layout;
	int edge = NAME_WIDTH + 2 * NUMBER_WIDTH + 1;
	layout.now = page->width - edge - WINDOW_HOURS;
	if (layout.now < NOW_WIDTH_MIN)
		layout.now = NOW_WIDTH_MIN;
	if (layout.now > NOW_WIDTH_MAX)
		layout.now = NOW_WIDTH_MAX;
	int room = page->width - edge - layout.now;
	layout.columns = room / WINDOW_HOURS;
	if (layout.columns > CURVE_COLUMNS_MAX)
		layout.columns = CURVE_COLUMNS_MAX;
	layout.hours = layout.columns > 0 ? WINDOW_HOURS : room > 0 ? room : 0;
	layout.columns = layout.columns > 0 ? layout.columns : 1;
	layout.lines = free_lines / rows;
	if (layout.lines < 1)
		layout.lines = 1;
	if (layout.lines > CURVE_LINES_MAX)
		layout.lines = CURVE_LINES_MAX;
	return layout;
}

static void put_blanks(FILE *out, int n)
{
	fprintf(out, "%*s", n > 0 ? n : 0, "");
}

/* Cut to `width` columns, or filled up. */
static void put_left(FILE *out, const char *text, int width)
{
	char cut[TEXT_SIZE];
	snprintf(cut, sizeof(cut), "%s", text);
	size_t whole = strlen(cut), n = whole;
	while (n > 0 && words_width(cut) > (n < whole ? width - 1 : width)) {
		n--;
		while (n > 0 && ((unsigned char)cut[n] & 0xc0) == 0x80)
			n--;
		cut[n] = '\0';
	}
	fputs(cut, out);
	if (n < whole) {
		fputs("…", out);
		width--;
	}
	put_blanks(out, width - words_width(cut));
}

static void put_right(FILE *out, const char *text, int width)
{
	put_blanks(out, width - words_width(text));
	fputs(text, out);
}

/* ---- one pollutant ---- */

static int show_fraction(int p)
{
	return pollutant_info((enum pollutant)p)->report_milli % 1000 != 0;
}

static void write_age(double age_s, char ret[AGE_SIZE])
{
	if (age_s < OLD_S)
		snprintf(ret, AGE_SIZE, tr("%.0f s"), age_s);
	else
		snprintf(ret, AGE_SIZE, tr("%.0f min"), age_s / 60);
}

/* "158.2 N 3 s": what the instrument says, how good that is, and of when. */
static void write_now(const struct status *status, int p, char ret[TEXT_SIZE])
{
	const struct status_reading *reading = &status->live.readings[p];
	char age[AGE_SIZE], value[AGE_SIZE] = "";
	if (!status->live.answered || !reading->known) {
		snprintf(ret, TEXT_SIZE, "%s", status->live.answered ? tr("none yet") : "-");
		return;
	}
	bool busy = reading->busy[0] && strcmp(reading->busy, "none") != 0;
	bool good = strcmp(reading->quality, "N") == 0;
	write_age(reading->age_s, age);
	if (reading->has_value && good)
		snprintf(value, sizeof(value), "%.*f ", show_fraction(p) + 1, reading->value);
	else if (reading->has_value)
		snprintf(value, sizeof(value), ">=%g ", reading->value);
	snprintf(ret, TEXT_SIZE, "%s%s %s%s%s", value, reading->quality,
		 good ? "" : text_why(reading->why), good ? "" : " ", age);
	if (busy)
		snprintf(ret + strlen(ret), TEXT_SIZE - strlen(ret), " %s",
			 text_why(reading->busy));
}

static void write_mean(bool has, double value, int p, char ret[TEXT_SIZE])
{
	if (has)
		snprintf(ret, TEXT_SIZE, "%.*f", show_fraction(p), value);
	else
		snprintf(ret, TEXT_SIZE, "-");
}

/* ---- the table ---- */

struct row {
	const char *name;
	char now[TEXT_SIZE], hour[TEXT_SIZE], day[TEXT_SIZE];
	int32_t hour_index, day_index; /* of the AQIs, IAQI_NONE else: they stand on their colour */
	int32_t index[WINDOW_HOURS];
};

static void put_number(FILE *out, const struct watch_page *page, const struct edition *edition,
		       const char *text, int32_t index)
{
	int blanks = NUMBER_WIDTH - words_width(text);
	put_blanks(out, blanks);
	if (index != IAQI_NONE)
		paint_ground(out, &page->paint, curve_category(edition, index)->rgb);
	fputs(text, out);
	if (index != IAQI_NONE)
		paint_end(out, &page->paint);
}

static void put_row(FILE *out, const struct watch_page *page, const struct edition *edition,
		    const struct layout *layout, const struct row *row)
{
	struct curve curve = {.edition = edition,
			      .paint = &page->paint,
			      .hours = layout->hours,
			      .index = row->index + WINDOW_HOURS - layout->hours,
			      .columns = layout->columns,
			      .lines = layout->lines};
	for (int line = 0; line < layout->lines; line++) {
		if (line < layout->lines - 1) {
			put_blanks(out, NAME_WIDTH + layout->now + 2 * NUMBER_WIDTH);
		} else {
			put_left(out, row->name, NAME_WIDTH);
			put_left(out, row->now, layout->now);
			put_number(out, page, edition, row->hour, row->hour_index);
			put_number(out, page, edition, row->day, row->day_index);
		}
		fputc(' ', out);
		curve_put(out, &curve, line);
		fputc('\n', out);
	}
}

static void put_table_head(FILE *out, const struct status *status, const struct layout *layout)
{
	char text[TEXT_SIZE], hour[TEXT_MOMENT_SIZE];
	put_left(out, "", NAME_WIDTH);
	const char *now = tr("now, μg/m³ (CO mg/m³)");
	put_left(out, words_width(now) < layout->now ? now : tr("now"), layout->now);
	put_right(out, tr("1 h"), NUMBER_WIDTH);
	put_right(out, tr("24 h"), NUMBER_WIDTH);
	if (status->newest_hour != 0 && layout->hours > 0) {
		snprintf(text, sizeof(text), tr("hours to %s"),
			 text_hour_end(status, status->newest_hour, hour));
		fputc(' ', out);
		if (words_width(text) <= layout->hours * layout->columns)
			fputs(text, out);
		else
			put_left(out, text, layout->hours * layout->columns);
	}
	fputc('\n', out);
}

static struct row row_of_pollutant(const struct status *status, int p,
				   int32_t iaqi[WINDOW_HOURS][POLLUTANT_COUNT])
{
	struct row row = {.name = pollutant_info((enum pollutant)p)->name,
			  .hour_index = IAQI_NONE,
			  .day_index = IAQI_NONE};
	write_now(status, p, row.now);
	write_mean(status->aqi.has_hourly[p], status->aqi.hourly[p], p, row.hour);
	write_mean(status->aqi.has_mean[p], status->aqi.mean[p], p, row.day);
	for (int h = 0; h < WINDOW_HOURS; h++)
		row.index[h] = iaqi[h][p];
	return row;
}

static void write_index(const struct status_index *index, char ret[TEXT_SIZE], int32_t *ret_index)
{
	bool any = index->known || index->published;
	*ret_index = any ? index->value : IAQI_NONE;
	snprintf(ret, TEXT_SIZE, "%s", any ? "" : "-");
	if (any)
		snprintf(ret, TEXT_SIZE, "%d", index->value);
}

/* The course of the daily AQI, which the plan looks at. */
static struct row row_of_aqi(const struct status *status)
{
	struct row row = {.name = "AQI"};
	snprintf(row.now, sizeof(row.now), "%s", tr("24 h, by hour"));
	write_index(&status->aqi.realtime, row.hour, &row.hour_index);
	write_index(&status->aqi.daily, row.day, &row.day_index);
	for (int h = 0; h < WINDOW_HOURS; h++)
		row.index[h] = status->newest_hour && status->day_aqi[h] >= 0 ? status->day_aqi[h]
									      : IAQI_NONE;
	return row;
}

static void put_table(FILE *out, const struct watch_page *page, const struct status *status,
		      int free_lines)
{
	const struct edition *edition = &status->conf->edition;
	const struct scope *scope = &status->conf->station.scope;
	int32_t iaqi[WINDOW_HOURS][POLLUTANT_COUNT];
	int rows = 1;
	for (int h = 0; h < WINDOW_HOURS; h++) {
		struct aqi aqi;
		aqi_realtime(edition, scope, &status->day[h], &aqi);
		memcpy(iaqi[h], aqi.iaqi, sizeof(iaqi[h]));
	}
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		rows += (scope->monitored & (1u << p)) != 0;
	struct layout layout = lay_out(page, rows, free_lines - 1);
	put_table_head(out, status, &layout);
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (!(scope->monitored & (1u << p)))
			continue;
		struct row row = row_of_pollutant(status, p, iaqi);
		put_row(out, page, edition, &layout, &row);
	}
	struct row row = row_of_aqi(status);
	put_row(out, page, edition, &layout, &row);
}

/* ---- the page ---- */

static int count_lines(const char *text)
{
	int n = 0;
	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static char *write_top(const struct watch_page *page, const struct status *status)
{
	char *text = NULL;
	size_t size;
	int most = page->height >= ROOMY ? 2 : 1;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	struct screen screen = screen_begin(out, page->width, page->height);
	text_say_head(&screen, status);
	text_say_warning(&screen, status, most);
	text_say_indices(&screen, status, most);
	screen_end(&screen);
	return fclose(out) == 0 ? text : NULL;
}

static char *write_foot(const struct watch_page *page, const struct status *status)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	struct screen screen = screen_begin(out, page->width, page->height);
	text_say_auxiliaries(&screen, status);
	text_say_daemon(&screen, status);
	text_say_broker(&screen, status);
	if (page->keys) {
		screen_row(&screen, NULL, 1);
		screen_say(&screen, "%s", tr("q quits"));
	}
	screen_end(&screen);
	return fclose(out) == 0 ? text : NULL;
}

char *text_watch(const struct watch_page *page, const struct status *status)
{
	char *text = NULL, *top = write_top(page, status), *foot = write_foot(page, status);
	size_t size;
	FILE *out = top && foot ? open_memstream(&text, &size) : NULL;
	if (out) {
		fputs(top, out);
		put_table(out, page, status, page->height - count_lines(top) - count_lines(foot));
		fputs(foot, out);
		if (fclose(out) != 0) {
			free(text);
			text = NULL;
		}
	}
	if (text && !page->paint.utf8)
		paint_make_ascii(text);
	free(top);
	free(foot);
	return text;
}
