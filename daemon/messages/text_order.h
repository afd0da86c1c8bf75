/* SPDX-License-Identifier: MIT */
/*
 * Why a source of the reduction list gets no order, in words.
 */
#ifndef DAEMON_MESSAGES_TEXT_ORDER_H
#define DAEMON_MESSAGES_TEXT_ORDER_H

#include "order.h"
#include "text.h"

#define TEXT_ORDER_MAX 1024

/* `why` is what order_why_none found of the source, not 0. */
void text_order_why(const struct plan *plan, const struct order_source *source, unsigned why,
		    enum text_language language, char ret[TEXT_ORDER_MAX]);

#endif
