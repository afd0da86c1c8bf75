/* SPDX-License-Identifier: MIT */
/*
 * An audit and the list in force as text for people, in Chinese and English. Personal data are
 * never printed.
 */
#ifndef DAEMON_CLI_LIST_TEXT_LIST_H
#define DAEMON_CLI_LIST_TEXT_LIST_H

#include <stdio.h>

#include "audit.h"

/* The table of an audit, what it rests on, and where the list falls short. */
void text_audit(FILE *out, const struct audit *audit);

/* The list in force: which one, and its table. */
void text_list(FILE *out, const struct source_list *list, const struct cuts_sums *sums,
	       const struct plan *plan);

#endif
