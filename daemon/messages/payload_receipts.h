/* SPDX-License-Identifier: MIT */
/*
 * Receipts -> the JSON of the topic receipts: per order and unit the newest outcome. Persons and
 * notes are in no message.
 */
#ifndef DAEMON_MESSAGES_PAYLOAD_RECEIPTS_H
#define DAEMON_MESSAGES_PAYLOAD_RECEIPTS_H

#include "command.h"
#include "payload.h"

#define PAYLOAD_RECEIPTS_MAX 200 /* the newest: about 40 kB */

/* A receipt without what belongs into no message. */
struct receipt_report {
	char ref[COMMAND_TEXT_MAX], unit[COMMAND_TEXT_MAX];
	enum receipt_outcome outcome;
	int32_t done_pct; /* RECEIPT_UNSAID */
	int64_t cut_gpd;  /* RECEIPT_UNSAID */
	int64_t time_ms;
};

/* n of them, the newest first, no ref and unit twice; `more`: older ones are left out. A heap
 * string that the caller frees, or NULL without memory. */
char *payload_receipts(const struct payload_head *head, const struct receipt_report *receipts,
		       int n, bool more);

#endif
