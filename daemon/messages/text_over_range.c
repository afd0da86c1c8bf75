/* SPDX-License-Identifier: MIT */
/* What people read of an instrument at the end of its range. */
#include <stdio.h>

#include "text.h"

static const char *unit_text(enum pollutant pollutant, bool zh)
{
	bool milligrams = pollutant == POLLUTANT_CO;
	if (zh)
		return milligrams ? "毫克/立方米" : "微克/立方米";
	return milligrams ? "mg/m³" : "μg/m³";
}

/* "1000", "12.5" */
static const char *amount_text(int32_t milli, char text[24])
{
	if (milli % 1000 == 0)
		snprintf(text, 24, "%d", milli / 1000);
	else
		snprintf(text, 24, "%.1f", (double)milli / 1000);
	return text;
}

/* What such air would call for. */
static void write_call(const struct event *event, const char *level, bool zh,
		       char ret[TEXT_LEVEL_MAX + 64])
{
	if (event->would_call_for == LEVEL_NONE)
		snprintf(ret, TEXT_LEVEL_MAX + 64, "%s",
			 zh ? "下限值本身不构成预警" : "so much alone would call for no warning");
	else
		snprintf(ret, TEXT_LEVEL_MAX + 64,
			 zh ? "如属实并持续，按预案将达到%s"
			    : "if it is so and lasts, it calls for %s",
			 level);
}

void text_over_range(const struct event *event, const char level[TEXT_LEVEL_MAX],
		     enum text_language language, char ret[TEXT_SENTENCE_MAX])
{
	const struct pollutant_info *info = pollutant_info(event->pollutant);
	char amount[24], call[TEXT_LEVEL_MAX + 64];
	bool zh = language == TEXT_ZH;
	if (event->kind == EVENT_RESUME) {
		snprintf(ret, TEXT_SENTENCE_MAX,
			 zh ? "%s回到仪器量程以内"
			    : "%s is within the range of its instrument again",
			 zh ? info->name_zh : info->name);
		return;
	}
	write_call(event, level, zh, call);
	snprintf(ret, TEXT_SENTENCE_MAX,
		 zh ? "%s超出仪器量程（至少%s%s），不参与判定；%s，请人工核实"
		    : "%s is at the end of its instrument's range (at least %s %s) and decides "
		      "nothing; %s: a person must look",
		 zh ? info->name_zh : info->name, amount_text(event->at_least_milli, amount),
		 unit_text(event->pollutant, zh), call);
}

void text_over_ranges(const struct over_range *over_range, enum text_language language,
		      char ret[TEXT_SENTENCE_MAX])
{
	bool zh = language == TEXT_ZH;
	size_t n = 0;
	ret[0] = '\0';
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		const struct pollutant_info *info = pollutant_info((enum pollutant)p);
		if (!(over_range->set & 1u << p) || n >= TEXT_SENTENCE_MAX)
			continue;
		n += (size_t)snprintf(ret + n, TEXT_SENTENCE_MAX - n, "%s%s",
				      n == 0 ? "" : (zh ? "、" : ", "),
				      zh ? info->name_zh : info->name);
	}
	if (n > 0 && n < TEXT_SENTENCE_MAX)
		snprintf(ret + n, TEXT_SENTENCE_MAX - n,
			 zh ? "超出仪器量程，请人工核实。"
			    : " over the range of the instrument: a person must look. ");
}
