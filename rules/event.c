/* SPDX-License-Identifier: MIT */
#include "event.h"

#include <assert.h>
#include <string.h>

static const char *const kind_names[EVENT_KIND_COUNT] = {
	[EVENT_ISSUE] = "issue",
	[EVENT_UPGRADE] = "upgrade",
	[EVENT_DOWNGRADE] = "downgrade",
	[EVENT_LIFT] = "lift",
	[EVENT_AMENDED] = "amended",
	[EVENT_ANNOUNCED] = "announced",
	[EVENT_WITHDRAWN] = "withdrawn",
	[EVENT_OVERDUE] = "overdue",
	[EVENT_HOLD] = "hold",
	[EVENT_RESUME] = "resume",
	[EVENT_RULES_CHANGED] = "rules_changed",
	[EVENT_CORRECTION] = "correction",
	[EVENT_DUST] = "dust",
};
static const char *const reason_names[EVENT_REASON_COUNT] = {
	[REASON_OBSERVED] = "observed_hours",
	[REASON_FORECAST] = "forecast",
	[REASON_REVIEW] = "review",
	[REASON_INSTRUMENT] = "instrument",
	[REASON_LATE] = "late",
	[REASON_INSUFFICIENT_DATA] = "insufficient_data",
	[REASON_BEYOND_HORIZON] = "beyond_horizon",
	[REASON_SECOND_ISSUE] = "second_issue",
	[REASON_OVER_RANGE] = "over_range",
	[REASON_DUST] = "dust",
};

const char *event_name(enum event_kind kind)
{
	assert((int)kind >= 0 && (int)kind < EVENT_KIND_COUNT);
	return kind_names[kind];
}

const char *event_about_name(enum event_about about)
{
	return about == ABOUT_DIRECTIVE ? "directive" : "advice";
}

const char *event_reason_name(enum event_reason reason)
{
	assert((int)reason >= 0 && (int)reason < EVENT_REASON_COUNT);
	return reason_names[reason];
}

bool event_reason_parse(const char *name, enum event_reason *ret)
{
	for (int i = REASON_NONE + 1; i < EVENT_REASON_COUNT; i++) {
		if (strcmp(reason_names[i], name) == 0) {
			*ret = (enum event_reason)i;
			return true;
		}
	}
	return false;
}
