/* SPDX-License-Identifier: MIT */
/*
 * What people read about the advice, in Chinese and English: ready for SMS, WeChat or a release
 * system.
 *
 * Terms are those of the plan and its glossary. In an exercise every text begins with 【演练】.
 */
#ifndef DAEMON_MESSAGES_TEXT_H
#define DAEMON_MESSAGES_TEXT_H

#include <time.h>

#include "alert.h"
#include "conf.h"
#include "report.h"

struct cap_alert; /* cap.h */

#define TEXT_MAX                                                                                   \
	12288 /* bytes, the NUL included: an area may have 2,000, a level 3,000 of measures */

enum text_language { TEXT_ZH, TEXT_EN };

/* One event of the advice or of a directive. */
void text_event(const struct conf *conf, const struct event *event,
		const struct advice_report *report, enum text_language language,
		char ret[TEXT_MAX]);

/* The same without the measures, which are too long for a line of the log. */
void text_event_brief(const struct conf *conf, const struct event *event,
		      const struct advice_report *report, enum text_language language,
		      char ret[TEXT_MAX]);

/* Takes the measures out of a text that is ready; false if it names none. */
bool text_cut_measures(char *text);

/* What stands: the advice, and the directive in force. */
void text_advice(const struct conf *conf, const struct advice_report *report,
		 enum text_language language, char ret[TEXT_MAX]);

/* What stands under an alert, or what a Cancel ends. */
void text_alert(const struct conf *conf, const struct cap_alert *alert, enum text_language language,
		char ret[TEXT_MAX]);

/* The same in at most 160 characters, as CAP 1.2 3.2.2 has it. */
#define TEXT_HEADLINE_MAX 161
void text_headline(const struct conf *conf, const struct alert_message *message,
		   enum text_language language, char ret[TEXT_HEADLINE_MAX]);

/* A level by its colour and response: "橙色预警（Ⅱ级响应）". */
#define TEXT_LEVEL_MAX 128
void text_level(const struct conf *conf, int level, enum text_language language,
		char ret[TEXT_LEVEL_MAX]);

/* True of those that a text names: what must be done. */
bool text_is_main_measure(const struct plan_measure *measure);

/* Which condition is met, with the hours that were found. */
void text_reason(const struct conf *conf, int level, const struct evidence *evidence,
		 enum text_language language, char ret[TEXT_MAX]);

/* What is wrong with a forecast, for its reply; NULL: nothing. */
const char *text_forecast_fault(enum forecast_fault fault);

/* What of a forecast is above the edition's bounds and not taken; the text stays as it is if
 * nothing is. */
void text_beyond(const struct forecast *forecast, const struct edition *edition, char *ret,
		 size_t size);

/* One sentence: what stands at the end of its instrument's range (a hold), or does no more; `level`
 * is what text_level says of event->would_call_for. */
#define TEXT_SENTENCE_MAX 512
void text_over_range(const struct event *event, const char level[TEXT_LEVEL_MAX],
		     enum text_language language, char ret[TEXT_SENTENCE_MAX]);

/* The pollutants at the end of their instruments' ranges, as a sentence; "" if there are none. */
void text_over_ranges(const struct over_range *over_range, enum text_language language,
		      char ret[TEXT_SENTENCE_MAX]);

/* An hour's END as people in China say it, 1 to 24, and its day: what ends at 00:00 is 24:00 of the
 * day before (domain.md 1). */
int text_clock_hour(int64_t hour, struct tm *ret_day);

#endif
