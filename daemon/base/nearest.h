/* SPDX-License-Identifier: MIT */
/* Which of some words a mistyped one was to be. Letters of either case are the same. */
#ifndef DAEMON_BASE_NEAREST_H
#define DAEMON_BASE_NEAREST_H

#include <stdbool.h>

/* How many letters must be put in, taken out or changed (Levenshtein); of a long word its
 * beginning. A word of three letters or more that the other one begins with is one edit away. */
int nearest_edits(const char *a, const char *b);

/* True if so few edits are likely a slip of the hand in a word. */
bool nearest_is_slip(const char *word, int edits);

#endif
