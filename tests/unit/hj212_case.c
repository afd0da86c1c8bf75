/* SPDX-License-Identifier: MIT */
#include "hj212_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define EXTRACT "tests/data/extract/cases/hj212/frames.tsv"
#define WHOLE "../shared/cases/hj212/frames.tsv"

static FILE *open_cases(bool whole)
{
	const char *shared = getenv("HAZEWATCH_SHARED");
	char path[4096];

	if (whole && shared)
		snprintf(path, sizeof(path), "%s/cases/hj212/frames.tsv", shared);
	else
		snprintf(path, sizeof(path), "%s", unit_source(whole ? WHOLE : EXTRACT));
	return fopen(path, "r");
}

int hj212_cases(bool whole, struct hj212_case ret[CASES_MAX])
{
	static char line[4096];
	FILE *file = open_cases(whole);
	int n = 0;

	if (!file)
		fprintf(stderr, "# SKIP: cases/hj212 is not there (HAZEWATCH_SHARED says where to "
				"look)\n");
	while (file && n < CASES_MAX && fgets(line, sizeof(line), file)) {
		struct hj212_case *each = &ret[n];
		char *at = line, *verdict = strsep(&at, "\t"), *why = strsep(&at, "\t");
		strsep(&at, "\t");
		char *frame = strsep(&at, "\n");
		if (line[0] == '#')
			continue;
		ck_assert(verdict && why && frame);
		snprintf(each->verdict, sizeof(each->verdict), "%s", verdict);
		snprintf(each->why, sizeof(each->why), "%s", why);
		each->n = (size_t)snprintf(each->frame, sizeof(each->frame), "%s\r\n", frame);
		ck_assert_uint_lt(each->n, sizeof(each->frame));
		n++;
	}
	if (file)
		fclose(file);
	return n;
}

int hj212_read_all(struct hj212_reader *reader, const void *bytes, size_t n,
		   struct hj212_event *ret, int most)
{
	const uint8_t *at = bytes;
	struct hj212_event event;
	int events = 0;

	for (bool more = true; more || hj212_reader_next(reader, HJ212_END, &event);) {
		if (!more) {
			if (events < most)
				ret[events] = event;
			events++;
			continue;
		}
		size_t taken = hj212_reader_put(reader, 0, at, n);
		at += taken;
		n -= taken;
		more = n > 0;
		while (more && hj212_reader_next(reader, 0, &event)) {
			if (events < most)
				ret[events] = event;
			events++;
		}
	}
	return events;
}

const char *hj212_causes_text(const struct hj212_event *event)
{
	static char text[200];
	const char *causes[HJ212_CAUSES_MAX];
	int n = hj212_causes(event, causes);

	text[0] = '\0';
	for (int i = 0; i < n; i++) {
		strcat(text, i > 0 ? " " : "");
		strcat(text, causes[i]);
	}
	return text;
}
