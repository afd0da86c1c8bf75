/* SPDX-License-Identifier: MIT */
/* A frame of HJ 212 and what it says, for people, in their language. */
#ifndef DAEMON_CLI_HJ212_TEXT_HJ212_H
#define DAEMON_CLI_HJ212_TEXT_HJ212_H

#include <stdio.h>

#include "explain.h"

/* What was seen of a capture. */
struct hj212_counts {
	long frames, refused; /* right ones; others */
	uint64_t other;       /* bytes that belong to no frame */
};

void text_hj212_frame(const struct explained *explained, long number, bool has_key, FILE *out);
void text_hj212_counts(const struct hj212_counts *counts, FILE *out);

#endif
