/* SPDX-License-Identifier: MIT */
/*
 * An audit, the list in force and the columns of a source without a place of their own as JSON.
 * Amounts are whole grams a day. Persons and telephones are in none but the last.
 */
#ifndef DAEMON_CLI_LIST_PAYLOAD_LIST_H
#define DAEMON_CLI_LIST_PAYLOAD_LIST_H

#include "audit.h"

/* Each returns text that the caller frees, NULL without memory. */
char *payload_audit(const struct audit *audit, const struct problems *problems);
char *payload_list(const struct source_list *list, const struct cuts_sums *sums,
		   const struct plan *plan);

/* The columns of a row that struct source has no member for, key or header to text. */
char *payload_other(const struct list *list, const struct list_row *row);

#endif
