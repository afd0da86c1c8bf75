/* SPDX-License-Identifier: MIT */
/* The logs that are chained, for what prunes and verifies them. Inside storage/tables only. */
#ifndef STORAGE_TABLES_CHAINS_H
#define STORAGE_TABLES_CHAINS_H

#include "chain.h"

extern const struct chain events_chain, force_chain, order_chain;

#endif
