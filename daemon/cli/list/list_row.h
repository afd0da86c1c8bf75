/* SPDX-License-Identifier: MIT */
/*
 * One row of a reduction list -> a source, checked by itself. Between list.c and list_row.c only.
 */
#ifndef DAEMON_CLI_LIST_LIST_ROW_H
#define DAEMON_CLI_LIST_LIST_ROW_H

#include "list.h"

/* Takes the row last read, which has as many fields as the header. Its problems are told. */
void list_row_read(struct csv *csv, struct list *list, struct list_row *ret);

#endif
