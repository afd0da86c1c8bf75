/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include <assert.h>
#include <string.h>

static const char *const names[WHY_COUNT] = {
	[WHY_NONE] = "none",
	[WHY_TIMEOUT] = "timeout",
	[WHY_BAD_FRAME] = "bad_frame",
	[WHY_EXCEPTION] = "exception",
	[WHY_LINK] = "link",
	[WHY_ECHO] = "echo",
	[WHY_OUT_OF_RANGE] = "out_of_range",
	[WHY_OVER_RANGE] = "over_range",
	[WHY_SENTINEL] = "sentinel",
	[WHY_STATUS] = "status",
	[WHY_FROZEN] = "frozen",
	[WHY_FALL] = "fall",
	[WHY_JUMP] = "jump",
	[WHY_IDENTITY] = "identity",
	[WHY_ZERO_CHECK] = "zero_check",
	[WHY_SPAN_CHECK] = "span_check",
	[WHY_WARM_UP] = "warm_up",
	[WHY_MAINTENANCE] = "maintenance",
	[WHY_CLOCK] = "clock",
	[WHY_REVIEW] = "review",
	[WHY_EXPECT] = "expect",
	[WHY_STALE] = "stale",
	[WHY_OUT_OF_SERVICE] = "out_of_service",
	[WHY_MANUAL] = "manual",
	[WHY_CALIBRATION] = "calibration",
};

const char *why_name(enum why why)
{
	assert((int)why >= 0 && (int)why < WHY_COUNT);
	return names[why];
}

bool why_parse(const char *name, enum why *ret)
{
	for (int why = 0; why < WHY_COUNT; why++) {
		if (strcmp(names[why], name) == 0) {
			*ret = (enum why)why;
			return true;
		}
	}
	return false;
}

enum quality why_quality(enum why why)
{
	switch (why) {
	case WHY_NONE:
		return QUALITY_NORMAL;
	case WHY_TIMEOUT:
	case WHY_BAD_FRAME:
	case WHY_EXCEPTION:
	case WHY_LINK:
	case WHY_ECHO:
		return QUALITY_NO_COMMUNICATION;
	case WHY_OUT_OF_RANGE:
	case WHY_OVER_RANGE:
		return QUALITY_OVER_RANGE;
	case WHY_SENTINEL:
	case WHY_STATUS:
	case WHY_FROZEN:
	case WHY_FALL:
	case WHY_JUMP:
	case WHY_IDENTITY:
	case WHY_CLOCK:
	case WHY_REVIEW:
	case WHY_EXPECT:
	case WHY_STALE:
		return QUALITY_FAULT;
	case WHY_ZERO_CHECK:
	case WHY_SPAN_CHECK:
	case WHY_CALIBRATION:
		return QUALITY_CALIBRATION;
	case WHY_WARM_UP:
	case WHY_OUT_OF_SERVICE:
		return QUALITY_OUT_OF_SERVICE;
	case WHY_MAINTENANCE:
		return QUALITY_MAINTENANCE;
	case WHY_MANUAL:
		return QUALITY_MANUAL;
	}
	return QUALITY_FAULT;
}

const char *time_quality_name(enum time_quality quality)
{
	switch (quality) {
	case TIME_SYNCHRONISED:
		return "synchronised";
	case TIME_UNSYNCHRONISED:
		return "unsynchronised";
	case TIME_SIMULATED:
		return "simulated";
	}
	return NULL;
}

bool time_quality_parse(const char *name, enum time_quality *ret)
{
	for (int i = TIME_SYNCHRONISED; i <= TIME_SIMULATED; i++) {
		if (strcmp(time_quality_name((enum time_quality)i), name) == 0) {
			*ret = (enum time_quality)i;
			return true;
		}
	}
	return false;
}
