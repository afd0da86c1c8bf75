/* SPDX-License-Identifier: MIT */
/* The frame of the page and its sections, in the order in which they are read. */
#include "beside.h"
#include "chances.h"
#include "chart.h"
#include "curves.h"
#include "html.h"
#include "parts.h"

static const char style[] =
	":root{color-scheme:light}*{box-sizing:border-box}"
	"body{margin:0 auto;max-width:64rem;padding:1.2rem;background:#fff;color:#1a1a1a;"
	"font:14px/1.5 'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',"
	"sans-serif;overflow-wrap:break-word}"
	"h1{font-size:1.5rem;line-height:1.3;margin:.2rem 0 .8rem}"
	"h2{font-size:1.1rem;margin:1.6rem 0 .5rem;padding-bottom:.2rem;border-bottom:2px solid "
	"#444}"
	"h3{font-size:.95rem;margin:.6rem 0 .2rem}"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:0}"
	"dt{color:#555}dd{margin:0;min-width:0;overflow-wrap:anywhere}"
	".state{border:2px solid #8a5a00;background:#fff6e0;padding:.4rem .8rem;font-weight:bold}"
	".note{color:#555;margin:.2rem 0 .5rem;font-size:.9rem}"
	"table{border-collapse:collapse;width:100%;font-size:.85rem}"
	"th,td{border:1px solid #bbb;padding:.15rem .4rem;text-align:left;vertical-align:top}"
	"th{background:#f0f0f0}th,.w{word-break:keep-all}.x{overflow-wrap:anywhere;min-width:5em}"
	".n{text-align:right;font-variant-numeric:tabular-nums}"
	".t{font-variant-numeric:tabular-nums;min-width:5.2em}"
	"table+table,p+table{margin-top:.5rem}tr{break-inside:avoid}thead{display:table-header-"
	"group}"
	"svg{width:100%;height:auto;font-size:11px}"
	".halo{font-weight:bold;paint-order:stroke;stroke:#fff;stroke-opacity:.8;stroke-width:3px}"
	".day{stroke:#888;stroke-width:.5}.limit{stroke:#333;stroke-dasharray:6 4}"
	".daily{fill:none;stroke:#111;stroke-width:1.8;stroke-linejoin:round}"
	".realtime{fill:none;stroke:#666;stroke-width:.8}.bar{stroke:#333;stroke-width:.4}"
	".text p{margin:0;white-space:pre-wrap}.text,figure,svg{break-inside:avoid}"
	".blank{border:1px dashed #999;min-height:6rem;padding:0 .6rem;margin:.5rem 0;break-inside:"
	"avoid}"
	".sign{margin-top:1.5rem}article+article{break-before:page;border-top:4px double #444;"
	"margin-top:3rem;padding-top:1rem}"
	"@page{size:A4;margin:14mm}@media print{body{padding:0;max-width:none;font-size:11px}"
	"article+article{border:0;margin:0;padding:0}"
	"*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}";

static const struct html_column timeline[] = {
	{WORD_TIME, HTML_MOMENT}, {WORD_ABOUT, HTML_ABOUT}, {WORD_EVENT, HTML_KIND},
	{WORD_LEVEL, HTML_LEVEL}, {WORD_FROM, HTML_MOMENT}, {WORD_DOCUMENT, HTML_TEXT},
};
static const struct html_column pollutants[] = {
	{WORD_POLLUTANT, HTML_POLLUTANTS}, {WORD_MEAN, HTML_MEAN},
	{WORD_MAXIMUM, HTML_MEAN},         {WORD_AT, HTML_END},
	{WORD_HOURS_ALL, HTML_NUMBER},     {WORD_VALID, HTML_NUMBER},
	{WORD_INVALIDATED, HTML_NUMBER},   {WORD_DOUBTED, HTML_NUMBER},
	{WORD_CORRECTED, HTML_NUMBER},
};
static const struct html_column reviews[] = {
	{WORD_TIME, HTML_MOMENT},          {WORD_FROM, HTML_MOMENT},     {WORD_TO, HTML_END},
	{WORD_POLLUTANT, HTML_POLLUTANTS}, {WORD_OUTCOME, HTML_OUTCOME}, {WORD_REASON, HTML_TEXT},
};
static const struct html_column sums[] = {
	{WORD_SOURCES, HTML_NUMBER},   {WORD_SENT, HTML_NUMBER},     {WORD_DELIVERED, HTML_NUMBER},
	{WORD_WITHDRAWN, HTML_NUMBER}, {WORD_RECEIVED, HTML_NUMBER}, {WORD_DONE, HTML_NUMBER},
	{WORD_PARTLY, HTML_NUMBER},    {WORD_NOT_DONE, HTML_NUMBER}, {WORD_CUT_SAID, HTML_KG},
};
static const struct html_column orders[] = {
	{WORD_SOURCE, HTML_TEXT},
	{WORD_NAME, HTML_TEXT},
	{WORD_LEVEL, HTML_LEVEL},
	{WORD_SENT, HTML_MOMENT},
	{WORD_DELIVERED, HTML_MOMENT},
	{WORD_RECEIPT, HTML_OUTCOME},
	{WORD_PERCENT, HTML_NUMBER},
	{WORD_CUT_SAID, HTML_KG},
	{WORD_MINUTES_RECEIPT, HTML_NUMBER},
};
static const struct html_column chain[] = {
	{WORD_DIRECTIVE, HTML_NUMBER},     {WORD_LEVEL, HTML_LEVEL},
	{WORD_SAID, HTML_MOMENT},          {WORD_ACCEPTED, HTML_SINCE},
	{WORD_RELEASED, HTML_SINCE},       {WORD_DELIVERED_FIRST, HTML_SINCE},
	{WORD_DELIVERED_LAST, HTML_SINCE},
};
static const struct html_column receipts[] = {
	{WORD_UNIT, HTML_UNIT},          {WORD_ANSWERS, HTML_TEXT},    {WORD_GIVEN, HTML_MOMENT},
	{WORD_RECEIVED_AT, HTML_MOMENT}, {WORD_RECEIPT, HTML_OUTCOME}, {WORD_PERCENT, HTML_NUMBER},
	{WORD_CUT_SAID, HTML_KG},        {WORD_MINUTES, HTML_NUMBER},
};
#define TABLE(part, columns)                                                                       \
	{                                                                                          \
		part, (int)(sizeof(columns) / sizeof((columns)[0])), columns                       \
	}
static const struct html_table tables[] = {
	[EPISODE_TIMELINE] = TABLE(EPISODE_TIMELINE, timeline),
	[EPISODE_CHAIN] = TABLE(EPISODE_CHAIN, chain),
	[EPISODE_POLLUTANTS] = TABLE(EPISODE_POLLUTANTS, pollutants),
	[EPISODE_ORDERS] = TABLE(EPISODE_ORDERS, orders),
	[EPISODE_ORDER_SUMS] = TABLE(EPISODE_ORDER_SUMS, sums),
	[EPISODE_RECEIPTS] = TABLE(EPISODE_RECEIPTS, receipts),
	[EPISODE_REVIEWS] = TABLE(EPISODE_REVIEWS, reviews),
};

static void put_note(const struct report *report, enum report_word note)
{
	fputs("<p class=\"note\">", report->out);
	html_word(report, note);
	fputs("</p>\n", report->out);
}

static void put_heading(const struct report *report, enum report_word heading)
{
	fputs("<h3>", report->out);
	html_word(report, heading);
	fputs("</h3>\n", report->out);
}

static int put_air(const struct report *report)
{
	html_begin_section(report, WORD_AQI);
	put_note(report, WORD_AQI_NOTE);
	chart_put(report);
	put_heading(report, WORD_PHASES);
	parts_phases(report);
	put_heading(report, WORD_THRESHOLDS);
	parts_thresholds(report);
	int r = chances_put(report);
	html_end_section(report);
	return r;
}

static int put_data(const struct report *report)
{
	html_begin_section(report, WORD_POLLUTANTS);
	put_note(report, WORD_POLLUTANTS_NOTE);
	int r = html_put_table(report, &tables[EPISODE_POLLUTANTS]);
	put_note(report, WORD_CURVES_NOTE);
	curves_put(report);
	beside_put(report);
	put_heading(report, WORD_REVIEWS);
	if (r == 0)
		r = html_put_table(report, &tables[EPISODE_REVIEWS]);
	html_end_section(report);
	return r;
}

static int put_orders(const struct report *report)
{
	html_begin_section(report, WORD_CUTS);
	int r = parts_cuts(report);
	html_end_section(report);
	html_begin_section(report, WORD_ORDERS);
	if (r == 0)
		r = html_put_table(report, &tables[EPISODE_ORDER_SUMS]);
	if (r == 0)
		r = html_put_table(report, &tables[EPISODE_ORDERS]);
	html_end_section(report);
	return r;
}

static int put_times(const struct report *report)
{
	html_begin_section(report, WORD_CHAIN);
	put_note(report, WORD_CHAIN_NOTE);
	int r = html_put_table(report, &tables[EPISODE_CHAIN]);
	html_end_section(report);
	html_begin_section(report, WORD_UNITS);
	put_note(report, WORD_UNITS_NOTE);
	if (r == 0)
		r = html_put_table(report, &tables[EPISODE_RECEIPTS]);
	if (r == 0)
		r = parts_silent(report);
	html_end_section(report);
	return r;
}

static int put_timeline(const struct report *report)
{
	html_begin_section(report, WORD_TIMELINE);
	int r = html_put_table(report, &tables[EPISODE_TIMELINE]);
	html_end_section(report);
	return r;
}

static int put_rest(struct report *report)
{
	html_begin_section(report, WORD_TEXTS);
	int r = parts_texts(report);
	html_end_section(report);
	html_begin_section(report, WORD_WRITER);
	parts_writer(report);
	html_end_section(report);
	return r;
}

static void put_title(const struct report *report)
{
	if (report->conf->exercise)
		html_word(report, WORD_EXERCISE);
	if (report->conf->exercise && report->language == TEXT_EN)
		fputc(' ', report->out);
	html_word(report, WORD_TITLE);
}

static int put_article(struct report *report)
{
	fprintf(report->out, "<article lang=\"%s\">\n<h1>",
		report->language == TEXT_ZH ? "zh-CN" : "en");
	put_title(report);
	fputs("</h1>\n", report->out);
	if (report->running) {
		fputs("<p class=\"state\">", report->out);
		html_word(report, WORD_RUNNING);
		fputs("</p>\n", report->out);
	}
	int r = parts_head(report);
	put_note(report, WORD_TIMES);
	if (r == 0)
		r = put_timeline(report);
	if (r == 0)
		r = put_air(report);
	if (r == 0)
		r = put_data(report);
	if (r == 0)
		r = put_orders(report);
	if (r == 0)
		r = put_times(report);
	if (r == 0)
		r = put_rest(report);
	put_note(report, WORD_BY);
	fputs("</article>\n", report->out);
	return r;
}

int report_write(struct report *report, bool zh, bool en)
{
	int r = 0;
	report->language = zh ? TEXT_ZH : TEXT_EN;
	fprintf(report->out,
		"<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\"/>\n"
		"<meta name=\"" REPORT_REVISION "\" content=\"%lld\"/>\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src 'unsafe-inline'\"/>\n<title>",
		zh ? "zh-CN" : "en", (long long)report->revision);
	put_title(report);
	fprintf(report->out, "</title>\n<style>%s</style>\n</head>\n<body>\n", style);
	if (zh)
		r = put_article(report);
	report->language = TEXT_EN;
	if (r == 0 && en)
		r = put_article(report);
	fputs("</body>\n</html>\n", report->out);
	return r;
}
