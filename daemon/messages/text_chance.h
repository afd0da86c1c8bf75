/* SPDX-License-Identifier: MIT */
/* The chance in 24 h in words, in Chinese and English. */
#ifndef DAEMON_MESSAGES_TEXT_CHANCE_H
#define DAEMON_MESSAGES_TEXT_CHANCE_H

#include "chance.h"
#include "text.h"

/* "6 in 10", "less than 1 in 10"; "六成", "不足一成" */
#define TEXT_TENTHS_MAX 32
const char *text_tenths(int32_t permille, enum text_language language, char ret[TEXT_TENTHS_MAX]);

/* Why there is none, or how likely each level is until when, with how good that was over the last
 * season and in training: "yellow possible by tomorrow 14:00 (12-01): 6 in 10; orange 2 in 10;
 * ...". */
#define TEXT_CHANCE_MAX 1024
void text_chance(const struct conf *conf, const struct chance_report *report,
		 enum text_language language, char ret[TEXT_CHANCE_MAX]);

#endif
