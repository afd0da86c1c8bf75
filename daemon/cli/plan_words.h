/* SPDX-License-Identifier: MIT */
/*
 * What a plan calls for and when, in the reader's language: for `hazewatch check`.
 */
#ifndef DAEMON_CLI_PLAN_WORDS_H
#define DAEMON_CLI_PLAN_WORDS_H

#include "plan.h"

/* Prints per level what raises and what lifts it, then what the file cannot say. */
void plan_words_print(const struct plan *plan);

#endif
