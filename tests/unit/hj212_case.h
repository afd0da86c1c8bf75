/* SPDX-License-Identifier: MIT */
/* Frames of tests/data/extract/cases/hj212, of the whole cases where they lie beside the source,
 * and readers of them. */
#ifndef TESTS_HJ212_CASE_H
#define TESTS_HJ212_CASE_H

#include "hj212_frame.h"

#define CASES_MAX 100

struct hj212_case {
	char verdict[8], why[128], frame[2048];
	size_t n; /* with CR LF */
};

/* The cases of the extract or, if `whole`, all; 0 after a word if they are not there. */
int hj212_cases(bool whole, struct hj212_case ret[CASES_MAX]);

/* All of some bytes at once, as a connection that then ends: how many events; at most `most` are
 * kept. */
int hj212_read_all(struct hj212_reader *reader, const void *bytes, size_t n,
		   struct hj212_event *ret, int most);

/* "crc_modbus too_long": the causes of an event. */
const char *hj212_causes_text(const struct hj212_event *event);

#endif
