/* SPDX-License-Identifier: MIT */
/*
 * Words that stand in what people read, in Chinese and English: emissions, pollutants, moments,
 * responses, the district. Terms are those of the plan's glossary.
 */
#ifndef DAEMON_MESSAGES_TEXT_TERM_H
#define DAEMON_MESSAGES_TEXT_TERM_H

#include "text.h"

/* "颗粒物", "PM"; the others are the same in both. */
const char *text_emission(enum emission emission, enum text_language language);

/* "细颗粒物（PM2.5）", "PM2.5" */
const char *text_pollutant(enum pollutant pollutant, enum text_language language);

/* "2026年9月22日9时", "9时5分"; "2026-09-22 09:00". Midnight is 0:00 as the begin of something, and
 * 24:00 of the day before as its end. */
#define TEXT_INSTANT_MAX 48
const char *text_instant(int64_t wall_ms, bool ends, enum text_language language,
			 char ret[TEXT_INSTANT_MAX]);

/* "Ⅲ级", "III" */
#define TEXT_RESPONSE_MAX 64
const char *text_response(const struct plan_level *level, enum text_language language,
			  char ret[TEXT_RESPONSE_MAX]);

/* The district whose plan the station follows: its name, or the division code if it has none. */
const char *text_district(const struct station_conf *station, enum text_language language);
/* True if an area is that district, by its name in either language, by its code, or unsaid. */
bool text_is_district(const struct station_conf *station, const char *area);

#endif
