/* SPDX-License-Identifier: MIT */
/* The same as text_hj212 as JSON: an object a frame, and one at the end. */
#ifndef DAEMON_CLI_HJ212_PAYLOAD_HJ212_H
#define DAEMON_CLI_HJ212_PAYLOAD_HJ212_H

#include "explain.h"
#include "text_hj212.h"

/* Each returns text that the caller frees, NULL without memory. */
char *payload_hj212_frame(const struct explained *explained, long number);
char *payload_hj212_counts(const struct hj212_counts *counts);

#endif
