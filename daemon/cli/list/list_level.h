/* SPDX-License-Identifier: MIT */
/*
 * The levels of a plan in the names of a reduction list's columns: "黄色预警SO2减排量" or
 * "cut_yellow_so2", "黄色措施" or "yellow", "黄色停限产生产线" or "yellow_lines". The words are the
 * plan's own. Inside the list's reader only; names are in the plain form of list_plain.h.
 */
#ifndef DAEMON_CLI_LIST_LIST_LEVEL_H
#define DAEMON_CLI_LIST_LIST_LEVEL_H

#include <stdbool.h>
#include <stddef.h>

#include "plan.h"

/* The level that the name of a cut begins with, moved past it; LEVEL_NONE if it begins with none.
 */
int list_level_take(const struct plan *plan, const char **name);

/* The level whose measures a name is, LEVEL_NONE if it is none. */
int list_level_measures(const struct plan *plan, const char *name);

/* The level whose stopped lines a name is, LEVEL_NONE if it is none. */
int list_level_lines(const struct plan *plan, const char *name);

/* True if so many bytes are how plans call a level: "蓝色", "四级", "蓝色预警". */
bool list_level_is_word(const char *text, size_t n);

/* True if a name that is nothing of this plan is of measures or lines of another's level. */
bool list_level_is_foreign(const char *name);

#endif
