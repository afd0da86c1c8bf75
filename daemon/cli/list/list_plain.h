/* SPDX-License-Identifier: MIT */
/* The name of a column or a word as it is compared. Inside the list's reader only. */
#ifndef DAEMON_CLI_LIST_LIST_PLAIN_H
#define DAEMON_CLI_LIST_LIST_PLAIN_H

#include <stdbool.h>

#define LIST_NAME_MAX 160 /* bytes of a name in its plain form; a longer one is not known */

/*
 * A header in its plain form: ASCII for what is as wide as a Chinese character, small letters, no
 * blanks, dashes or underscores. What stands in brackets goes to `notes`, joined by commas. False
 * if it is too long.
 */
bool list_plain_name(const char *header, char ret_name[LIST_NAME_MAX],
		     char ret_notes[LIST_NAME_MAX]);

/* The same with what stands in brackets, for list_amount.h: where blanks, brackets, underscores and
 * the like part two letters or digits of ASCII, one blank is left. */
bool list_plain_header(const char *header, char ret[LIST_NAME_MAX]);

/* A cell: ASCII for what is as wide as a Chinese character, small letters, no blanks at its ends.
 */
bool list_plain_cell(const char *text, char ret[LIST_NAME_MAX]);

#endif
