/* SPDX-License-Identifier: MIT */
/*
 * A plan's indices, conditions and releases in words, in Chinese and English.
 */
#ifndef DAEMON_MESSAGES_TEXT_INDEX_H
#define DAEMON_MESSAGES_TEXT_INDEX_H

#include "text.h"

/* "日AQI", "daily AQI"; "PM2.5的24小时平均浓度", "24-hour mean PM2.5" */
#define TEXT_INDEX_MAX 96
const char *text_index(const struct plan *plan, int index, enum text_language language,
		       char ret[TEXT_INDEX_MAX]);

/* What stands behind a threshold: nothing, "微克/立方米", " μg/m³". */
const char *text_index_unit(const struct plan *plan, int index, enum text_language language);

/* "daily AQI above 150 for 48 h, and within it real-time AQI above 200 for 1 h" */
#define TEXT_RULE_MAX 768
void text_condition(const struct plan *plan, const struct plan_condition *condition,
		    enum text_language language, char ret[TEXT_RULE_MAX]);

/* The limits that end a level, the hours left out: "daily AQI at or below 150"; what stands between
 * an index and "at or below" in English, such as " stays". */
void text_limits(const struct plan *plan, int level, enum text_language language, const char *verb,
		 char ret[TEXT_RULE_MAX]);

/* "10-15 to 03-15"; empty: all year */
#define TEXT_SEASON_MAX 48
const char *text_season(const struct plan_season *season, enum text_language language,
			char ret[TEXT_SEASON_MAX]);

#endif
