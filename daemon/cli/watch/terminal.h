/* SPDX-License-Identifier: MIT */
/*
 * A terminal that shows a page and is left as it was found, however the program ends: by a key, a
 * signal or a hang-up. One a process.
 */
#ifndef DAEMON_CLI_WATCH_TERMINAL_H
#define DAEMON_CLI_WATCH_TERMINAL_H

#include <stdbool.h>

#include "paint.h"

/* Takes the terminal: another screen, no cursor, keys at once. Signals that end the program are
 * noticed from now on. Of one whose cursor cannot be moved only those. True: it has keys. */
bool terminal_begin(const struct paint *paint);
/* Gives it back. */
void terminal_end(void);

/* Columns and lines; where it does not say reader_width, and 24. */
void terminal_size(int *ret_width, int *ret_height);

/* Shows a page (NULL: the one before) in so many lines; only lines that changed are written. Below
 * the one before where the cursor cannot be moved. False: nobody sees it any more. */
bool terminal_show(const char *page, int height);

/* Waits so long, or until the terminal has another size. False: it is to end. */
bool terminal_wait(int ms);

#endif
