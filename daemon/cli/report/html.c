/* SPDX-License-Identifier: MIT */
#include "html.h"

#include <string.h>

#include "hour.h"
#include "plain_text.h"
#include "progress.h"
#include "text_term.h"
#include "time_text.h"

#define CELL_MAX 256

const char *report_word(const struct report *report, enum report_word word)
{
	return report_words[word].texts[report->language == TEXT_EN];
}

const char *report_word_of(const struct report *report, const char *beginning, const char *of)
{
	size_t n = strlen(beginning);
	for (int i = 0; report_words[i].name; i++) {
		const char *name = report_words[i].name;
		if (strncmp(name, beginning, n) == 0 && strcmp(name + n, of) == 0)
			return report_words[i].texts[report->language == TEXT_EN];
	}
	return of;
}

static const char *escape_letter(char letter)
{
	switch (letter) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* C0 and C1 but for the line end, and U+007F. */
static bool is_control(const char *text, size_t n)
{
	unsigned char first = (unsigned char)text[0];
	if (n == 1)
		return (first < 0x20 && first != '\n') || first == 0x7f;
	return n == 2 && first == 0xc2 && (unsigned char)text[1] < 0xa0;
}

void html_text(FILE *out, const char *text)
{
	for (size_t left = strlen(text), n; left > 0; text += n, left -= n) {
		n = plain_text_character(text, left);
		const char *escaped = n == 1 ? escape_letter(*text) : NULL;
		if (n == 0 || is_control(text, n))
			escaped = "\xef\xbf\xbd";
		if (n == 0)
			n = 1;
		if (escaped)
			fputs(escaped, out);
		else
			fwrite(text, 1, n, out);
	}
}

void html_word(const struct report *report, enum report_word word)
{
	html_text(report->out, report_word(report, word));
}

const char *html_moment(int64_t ms, char ret[HTML_MOMENT_SIZE])
{
	struct tm tm = time_beijing(ms);
	strftime(ret, HTML_MOMENT_SIZE, "%Y-%m-%d %H:%M", &tm);
	return ret;
}

const char *html_level(const struct report *report, const char *name)
{
	const struct plan *plan = &report->conf->plan;
	int level;
	if (!level_parse(plan, name, &level) || level == LEVEL_NONE)
		return report_word_of(report, "level-", name);
	return report->language == TEXT_ZH ? plan->levels[level].name_zh
					   : plan->levels[level].name_en;
}

void html_begin_section(const struct report *report, enum report_word title)
{
	fputs("<section>\n<h2>", report->out);
	html_word(report, title);
	fputs("</h2>\n", report->out);
}

void html_end_section(const struct report *report)
{
	fputs("</section>\n", report->out);
}

/* ---- tables ---- */

static bool is_number(enum html_type type)
{
	return type == HTML_NUMBER || type == HTML_KG || type == HTML_MEAN;
}

static bool is_moment(enum html_type type)
{
	return type == HTML_MOMENT || type == HTML_END || type == HTML_SINCE;
}

void html_begin_table(const struct report *report, const struct html_column *columns, int n)
{
	fputs("<table>\n<thead><tr>", report->out);
	for (int i = 0; i < n; i++) {
		fputs(is_number(columns[i].type) ? "<th class=\"n\">" : "<th>", report->out);
		html_word(report, columns[i].heading);
		fputs("</th>", report->out);
	}
	fputs("</tr></thead>\n<tbody>\n", report->out);
}

void html_end_table(const struct report *report)
{
	fputs("</tbody></table>\n", report->out);
}

void html_cell(const struct report *report, enum html_type type, const char *text)
{
	const char *class = is_number(type)     ? "n"
			    : is_moment(type)   ? "t"
			    : type == HTML_TEXT ? "x"
						: "w";
	fprintf(report->out, "<td class=\"%s\">", class);
	html_text(report->out, text);
	fputs("</td>", report->out);
}

static const char *name_unit(const struct report *report, const char *id)
{
	const struct plan *plan = &report->conf->plan;
	for (int i = 0; i < plan->n_units; i++) {
		if (strcmp(plan->units[i].id, id) == 0)
			return report->language == TEXT_ZH ? plan->units[i].zh : plan->units[i].en;
	}
	return id;
}

static const char *name_pollutants(const struct report *report, const char *keys,
				   char ret[CELL_MAX])
{
	size_t used = 0;
	ret[0] = '\0';
	while (*keys && used < CELL_MAX) {
		char key[16];
		size_t n = strcspn(keys, ",");
		enum pollutant pollutant;
		snprintf(key, sizeof(key), "%.*s", (int)n, keys);
		bool known = pollutant_parse(key, &pollutant);
		used += (size_t)snprintf(ret + used, CELL_MAX - used, "%s%s", used > 0 ? " " : "",
					 known ? text_pollutant(pollutant, report->language) : key);
		keys += n + (keys[n] == ',');
	}
	return ret;
}

/* "2026-01-11 16:03 +3 min" */
static const char *write_since(const struct report *report, int64_t ms,
			       const struct past_cell *base, char ret[CELL_MAX])
{
	char moment[HTML_MOMENT_SIZE];
	html_moment(ms, moment);
	if (base->kind == PAST_NUMBER)
		snprintf(ret, CELL_MAX, "%s %+lld %s", moment,
			 (long long)((ms - base->number) / MINUTE_MS),
			 report_word(report, WORD_SINCE));
	else
		snprintf(ret, CELL_MAX, "%s", moment);
	return ret;
}

static const char *write_end(int64_t ms, char ret[CELL_MAX])
{
	struct tm day;
	int hour = text_clock_hour(ms / HOUR_MS, &day);
	size_t n = strftime(ret, CELL_MAX, "%Y-%m-%d ", &day);
	snprintf(ret + n, CELL_MAX - n, "%02d:00", hour);
	return ret;
}

static bool is_co(const struct past_cell *cell)
{
	return cell->kind == PAST_TEXT && strcmp(cell->text, "co") == 0;
}

static const char *write_number(const struct report *report, enum html_type type,
				const struct past_cell *cells, int at, char ret[CELL_MAX])
{
	int64_t number = cells[at].number;
	if (type == HTML_MOMENT)
		return html_moment(number, ret);
	if (type == HTML_END)
		return write_end(number, ret);
	if (type == HTML_SINCE)
		return write_since(report, number, &cells[HTML_SINCE_CELL], ret);
	if (type == HTML_KG)
		snprintf(ret, CELL_MAX, "%lld.%lld", (long long)(number / 1000),
			 (long long)(number % 1000 / 100));
	else if (type == HTML_MEAN && is_co(&cells[0]))
		snprintf(ret, CELL_MAX, "%.1f", (double)round_half_even(number, 100) / 10);
	else
		snprintf(ret, CELL_MAX, "%lld",
			 (long long)(type == HTML_MEAN ? round_half_even(number, 1000) : number));
	return ret;
}

static const char *write_cell(const struct report *report, enum html_type type,
			      const struct past_cell *cell, char ret[CELL_MAX])
{
	if (cell->kind != PAST_TEXT)
		return "–";
	switch (type) {
	case HTML_LEVEL:
		return html_level(report, cell->text);
	case HTML_ABOUT:
		return report_word_of(report, "about-", cell->text);
	case HTML_KIND:
		return report_word_of(report, "kind-", cell->text);
	case HTML_OUTCOME:
		return report_word_of(report, "outcome-", cell->text);
	case HTML_UNIT:
		return name_unit(report, cell->text);
	case HTML_POLLUTANTS:
		return name_pollutants(report, cell->text, ret);
	case HTML_TEXT:
	case HTML_MOMENT:
	case HTML_SINCE:
	case HTML_END:
	case HTML_NUMBER:
	case HTML_KG:
	case HTML_MEAN:
		break;
	}
	return cell->text;
}

struct rows {
	const struct report *report;
	const struct html_table *table;
	int n;
};

static bool put_row(void *ctx, const struct past_cell *cells, int n)
{
	struct rows *rows = ctx;
	progress_count();
	char text[CELL_MAX] = "";
	const struct html_column *columns = rows->table->columns;
	if (rows->n++ == HTML_ROWS_MAX)
		return false;
	if (rows->n == 1)
		html_begin_table(rows->report, columns, rows->table->n);
	fputs("<tr>", rows->report->out);
	for (int i = 0; i < rows->table->n && i < n; i++) {
		enum html_type type = columns[i].type;
		html_cell(rows->report, type,
			  cells[i].kind == PAST_NUMBER
				  ? write_number(rows->report, type, cells, i, text)
				  : write_cell(rows->report, type, &cells[i], text));
	}
	fputs("</tr>\n", rows->report->out);
	return true;
}

static void put_remark(const struct report *report, enum report_word word)
{
	fputs("<p class=\"note\">", report->out);
	html_word(report, word);
	fputs("</p>\n", report->out);
}

int html_put_table(const struct report *report, const struct html_table *table)
{
	struct rows rows = {.report = report, .table = table};
	struct past_job job = {.ctx = &rows, .each = put_row};
	int r = episode_rows(report->store, table->part, &report->span, &job);
	if (rows.n > 0)
		html_end_table(report);
	if (rows.n == 0)
		put_remark(report, WORD_NOTHING);
	else if (rows.n > HTML_ROWS_MAX)
		put_remark(report, WORD_MORE);
	return r;
}
