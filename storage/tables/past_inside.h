/* SPDX-License-Identifier: MIT */
/* The inside of past.h. */
#ifndef STORAGE_TABLES_PAST_INSIDE_H
#define STORAGE_TABLES_PAST_INSIDE_H

#include "db.h"
#include "past.h"

/* A column of the row that the query stands on; its text is borrowed until the next step. */
struct past_cell past_cell_of(struct query *q, int column);

int past_orders(struct store *store, const struct past_job *job);

#endif
