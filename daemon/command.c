/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <assert.h>
#include <string.h>

static const char *const kinds[COMMAND_KIND_COUNT] = {"directive", "release", "forecast",
						      "dust",      "review",  "receipt"};
static const char *const outcomes[] = {"accepted", "repeated", "refused"};
static const char *const receipts[] = {"received", "done", "partly", "not"};

/* The index of a name in a list of n; -1: not in it. */
static int find(const char *const *names, int n, const char *name)
{
	for (int i = 0; i < n; i++) {
		if (strcmp(names[i], name) == 0)
			return i;
	}
	return -1;
}

const char *command_kind_name(enum command_kind kind)
{
	assert((int)kind >= 0 && (int)kind < COMMAND_KIND_COUNT);
	return kinds[kind];
}

bool command_kind_parse(const char *name, enum command_kind *ret)
{
	int i = find(kinds, COMMAND_KIND_COUNT, name);
	if (i >= 0)
		*ret = (enum command_kind)i;
	return i >= 0;
}

const char *command_outcome_name(enum command_outcome outcome)
{
	assert(outcome >= COMMAND_ACCEPTED && outcome <= COMMAND_REFUSED);
	return outcomes[outcome];
}

const char *receipt_outcome_name(enum receipt_outcome outcome)
{
	assert(outcome >= RECEIPT_RECEIVED && outcome <= RECEIPT_NOT);
	return receipts[outcome];
}

bool receipt_outcome_parse(const char *name, enum receipt_outcome *ret)
{
	int i = find(receipts, RECEIPT_NOT + 1, name);
	if (i >= 0)
		*ret = (enum receipt_outcome)i;
	return i >= 0;
}
