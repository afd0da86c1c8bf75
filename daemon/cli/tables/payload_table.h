/* SPDX-License-Identifier: MIT */
/* Rows as JSON objects, and the texts of messages that were sent. Heap; NULL: no memory. */
#ifndef DAEMON_CLI_TABLES_PAYLOAD_TABLE_H
#define DAEMON_CLI_TABLES_PAYLOAD_TABLE_H

#include "table.h"

/* A message stands in it as the object it is. */
char *payload_table_row(const struct table *table, const struct past_cell *cells);
/* NULL also if the message has none. */
char *payload_message_text(const char *message, bool zh);

#endif
