/* SPDX-License-Identifier: MIT */
#include "beside.h"

#include "auxiliaries.h"
#include "html.h"
#include "text_status.h"

#define CELL_SIZE 64

/* The hours of one quantity; a calm is valid and has no mean. */
struct range {
	int heard, valid, known;
	int32_t lowest, highest;
	int64_t sum; /* of noise of its energy; of rain it is what is told */
};

static void take_hour(void *ctx, const struct auxiliary_mean *mean)
{
	const struct hour_scale *scale = auxiliary_scale(mean->auxiliary);
	struct range *range = (struct range *)ctx + mean->auxiliary;
	range->heard++;
	range->valid += mean->quality == QUALITY_NORMAL;
	if (!mean->known)
		return;
	if (range->known == 0 || mean->milli < range->lowest)
		range->lowest = mean->milli;
	if (range->known == 0 || mean->milli > range->highest)
		range->highest = mean->milli;
	range->known++;
	range->sum += scale ? scale->up(mean->milli) : mean->milli;
}

static void put_value(const struct report *report, const struct auxiliary_info *info, bool known,
		      int64_t milli)
{
	char text[CELL_SIZE] = "–";
	int64_t steps = round_half_even(milli, info->report_milli);
	if (known)
		snprintf(text, sizeof(text), "%.*f", info->report_milli % 1000 != 0,
			 (double)(steps * info->report_milli) / 1000);
	html_cell(report, HTML_NUMBER, text);
}

static void put_count(const struct report *report, int64_t count)
{
	char text[CELL_SIZE];
	snprintf(text, sizeof(text), "%lld", (long long)count);
	html_cell(report, HTML_NUMBER, text);
}

/* Degrees have neither a lowest nor a highest. */
static void put_quantity(const struct report *report, enum auxiliary which,
			 const struct range *range, int64_t hours)
{
	const struct auxiliary_info *info = auxiliary_info(which);
	const struct hour_scale *scale = auxiliary_scale(which);
	bool known = range->known > 0 && which != AUXILIARY_WIND_DIRECTION;
	int64_t mean = known ? round_half_even(range->sum, range->known) : 0;
	char name[CELL_SIZE];
	snprintf(name, sizeof(name), "%s %s",
		 report->language == TEXT_ZH ? info->name_zh : info->name,
		 text_auxiliary_unit(which));
	fputs("<tr>", report->out);
	html_cell(report, HTML_TEXT, name);
	mean = which == AUXILIARY_RAIN ? range->sum : known && scale ? scale->down(mean) : mean;
	put_value(report, info, known, mean);
	put_value(report, info, known, range->lowest);
	put_value(report, info, known, range->highest);
	put_count(report, hours);
	put_count(report, range->valid);
	fputs("</tr>\n", report->out);
}

static void put_table(const struct report *report, const struct range *ranges, int64_t hours)
{
	static const struct html_column columns[] = {
		{WORD_QUANTITY, HTML_TEXT},    {WORD_MEAN, HTML_NUMBER},
		{WORD_LOWEST, HTML_NUMBER},    {WORD_MAXIMUM, HTML_NUMBER},
		{WORD_HOURS_ALL, HTML_NUMBER}, {WORD_VALID, HTML_NUMBER}};
	fputs("<h3>", report->out);
	html_word(report, WORD_BESIDE);
	fputs("</h3>\n<p class=\"note\">", report->out);
	html_word(report, WORD_BESIDE_NOTE);
	fputs("</p>\n", report->out);
	html_begin_table(report, columns, (int)(sizeof(columns) / sizeof(columns[0])));
	for (int i = AUXILIARY_NONE + 1; i < AUXILIARY_COUNT; i++) {
		if (ranges[i].heard > 0)
			put_quantity(report, (enum auxiliary)i, &ranges[i], hours);
	}
	html_end_table(report);
}

void beside_put(const struct report *report)
{
	int64_t begun = report->span.begun_ms / HOUR_MS, ended = report->span.ended_ms / HOUR_MS;
	struct range ranges[AUXILIARY_COUNT] = {0};
	bool any = false;
	const struct auxiliaries_job job = {AUXILIARY_NONE, begun + 1, ended, ranges, take_hour};
	if (auxiliaries_each_hour(report->store, &job) != 0)
		return;
	for (int i = AUXILIARY_NONE + 1; i < AUXILIARY_COUNT; i++)
		any |= ranges[i].heard > 0;
	if (any)
		put_table(report, ranges, ended - begun);
}
