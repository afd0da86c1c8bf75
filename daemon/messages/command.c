/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "time_text.h"

static const char *const outcomes[] = {"accepted", "repeated", "refused"};
static const char *const receipts[] = {"received", "done", "partly", "not"};

/* The index of a name in a list of n; -1: not in it. */
static int find_name_index(const char *const *names, int n, const char *name)
{
	for (int i = 0; i < n; i++) {
		if (strcmp(names[i], name) == 0)
			return i;
	}
	return -1;
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
	int i = find_name_index(receipts, RECEIPT_NOT + 1, name);
	if (i >= 0)
		*ret = (enum receipt_outcome)i;
	return i >= 0;
}

/* Where it helps, the field that is wrong comes first. */
static const char *const refusals[REFUSAL_COUNT] = {
	[REFUSAL_NONE] = "",
	[REFUSAL_EMPTY] = "neither level nor withdraws",
	[REFUSAL_TIME_AHEAD] = "time: lies ahead of now",
	[REFUSAL_START_FAR] = "start: more than 30 days from now",
	[REFUSAL_LIFT_WITH_END] = "planned_end: a lift has none",
	[REFUSAL_END_NOT_LATER] = "planned_end: not after start",
	[REFUSAL_END_HAS_PASSED] = "planned_end: had passed when it was said",
	[REFUSAL_OLDER] = "",
	[REFUSAL_TOO_MANY] = "15 directives are pending already",
	[REFUSAL_MALFORMED] = "not of the form of a directive",
};

void command_refusal_text(const struct word_answer *answer, char ret[COMMAND_TEXT_MAX])
{
	char text[TIME_TEXT_SIZE];
	if (answer->refusal == REFUSAL_OLDER)
		snprintf(ret, COMMAND_TEXT_MAX, "older than directive %lld of %.10s %.5s",
			 (long long)answer->older_than, time_text(answer->older_than_ms, text),
			 text + 11);
	else
		snprintf(ret, COMMAND_TEXT_MAX, "%s", refusals[answer->refusal]);
}
