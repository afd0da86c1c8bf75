/* SPDX-License-Identifier: MIT */
/*
 * What people read about the advice, in Chinese and English: ready for SMS, WeChat or a release
 * system.
 *
 * Terms are those of the plan and its glossary. In an exercise every text begins with 【演练】.
 */
#ifndef DAEMON_TEXT_H
#define DAEMON_TEXT_H

#include <time.h>

#include "conf.h"
#include "report.h"

#define TEXT_MAX 1024

enum text_language { TEXT_ZH, TEXT_EN };

/* One event of the advice or of a directive (the report's newest). */
void text_event(const struct conf *conf, const struct event *event,
		const struct advice_report *report, enum text_language language,
		char ret[TEXT_MAX]);

/* The advice as it stands. */
void text_advice(const struct conf *conf, const struct advice_report *report,
		 enum text_language language, char ret[TEXT_MAX]);

/* A level by its colour and response: "橙色预警（Ⅱ级响应）". */
#define TEXT_LEVEL_MAX 128
void text_level(const struct conf *conf, enum level level, enum text_language language,
		char ret[TEXT_LEVEL_MAX]);

/* Which condition is met, with the hours that were found. */
void text_reason(const struct conf *conf, enum level level, const struct evidence *evidence,
		 enum text_language language, char ret[TEXT_MAX]);

/* An hour's END as people in China say it, 1 to 24, and its day: what ends at 00:00 is 24:00 of the
 * day before (domain.md 1). */
int text_clock_hour(int64_t hour, struct tm *ret_day);

#endif
