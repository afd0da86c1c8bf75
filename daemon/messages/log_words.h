/* SPDX-License-Identifier: MIT */
/*
 * Names of the contract as people are told them: in the log they are in English what messages have
 * (hazewatch-mqtt(7)), in Chinese words.
 */
#ifndef DAEMON_MESSAGES_LOG_WORDS_H
#define DAEMON_MESSAGES_LOG_WORDS_H

#include "plan.h"
#include "sample.h"

struct store;

/* Of an error of the store, or a negative errno: "no space left ...", in the people's language. */
const char *store_words(int error);
/* What a store says of its error, which names file and reason; else that. */
const char *store_reason(const struct store *store, int error);

/* What a reason means, in the people's language, English too: "no answer". */
const char *why_words(enum why why);

/* "timeout", "无应答" */
const char *log_why(enum why why);

/* "yellow", "none"; the plan's Chinese name of the level, "无" */
const char *log_level_name(const struct plan *plan, int level);

#endif
