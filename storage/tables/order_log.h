/* SPDX-License-Identifier: MIT */
/* The log of orders. Inside storage/tables only: orders.h writes it as it goes. */
#ifndef STORAGE_TABLES_ORDER_LOG_H
#define STORAGE_TABLES_ORDER_LOG_H

#include "orders.h"

struct order_log_row {
	int64_t made_ms;
	const char *source, *kind; /* issued, changed, withdrawn */
	const struct order_run *run;
	int64_t message; /* outbox.seq */
};

/* Inside the caller's transaction. */
int order_log_append(struct store *store, const struct order_log_row *row);

/* The same: that the source's order or its withdrawal was delivered, if it was and the log does not
 * say so yet. */
int order_log_delivery(struct store *store, const char *source, int64_t made_ms);

#endif
