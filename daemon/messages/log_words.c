/* SPDX-License-Identifier: MIT */
#include "log_words.h"

#include <string.h>

#include "store.h"
#include "words.h"

static const char *const reasons[WHY_COUNT] = {
	[WHY_TIMEOUT] = TR_LATER("no answer"),
	[WHY_BAD_FRAME] = TR_LATER("garbled answers"),
	[WHY_EXCEPTION] = TR_LATER("it refuses (Modbus exception)"),
	[WHY_LINK] = TR_LATER("no connection"),
	[WHY_ECHO] = TR_LATER("the adapter hears itself"),
	[WHY_OUT_OF_RANGE] = TR_LATER("out of range"),
	[WHY_OVER_RANGE] = TR_LATER("at the end of its range"),
	[WHY_SENTINEL] = TR_LATER("it says: no value"),
	[WHY_STATUS] = TR_LATER("it says: not measuring"),
	[WHY_FROZEN] = TR_LATER("frozen"),
	[WHY_FALL] = TR_LATER("fell to a tenth and stays there"),
	[WHY_JUMP] = TR_LATER("jumps"),
	[WHY_IDENTITY] = TR_LATER("another instrument answers"),
	[WHY_ZERO_CHECK] = TR_LATER("zero check"),
	[WHY_SPAN_CHECK] = TR_LATER("span check"),
	[WHY_WARM_UP] = TR_LATER("warm-up"),
	[WHY_MAINTENANCE] = TR_LATER("maintenance"),
	[WHY_CLOCK] = TR_LATER("time not known"),
	[WHY_REVIEW] = TR_LATER("invalidated by review"),
	[WHY_EXPECT] = TR_LATER("a register is not as the profile expects"),
	[WHY_STALE] = TR_LATER("old values"),
	[WHY_OUT_OF_SERVICE] = TR_LATER("out of service"),
	[WHY_MANUAL] = TR_LATER("entered by hand"),
	[WHY_CALIBRATION] = TR_LATER("calibration"),
};

/* Storage has no words but these, in English. */
static const char *const store_errors[] = {
	TR_LATER("written by a newer hazewatch"),
	TR_LATER("damaged or not a database of hazewatch"),
	TR_LATER("no space left on the disk or in the quota"),
	TR_LATER("another process holds the lock"),
	TR_LATER("the disk failed or is read-only"),
	TR_LATER("no such row"),
	TR_LATER("the plan lacks a level that matters still"),
};

const char *store_words(int error)
{
	const char *said = store_strerror(error);
	for (size_t i = 0; i < sizeof(store_errors) / sizeof(store_errors[0]); i++) {
		if (strcmp(store_errors[i], said) == 0)
			return tr(store_errors[i]);
	}
	return said;
}

const char *store_reason(const struct store *store, int error)
{
	const char *message = store_message(store);
	return message[0] ? message : store_words(error);
}

const char *why_words(enum why why)
{
	return reasons[why] ? tr(reasons[why]) : why_name(why);
}

const char *log_why(enum why why)
{
	return words_are_chinese() ? why_words(why) : why_name(why);
}

const char *log_level_name(const struct plan *plan, int level)
{
	if (!words_are_chinese())
		return level_name(plan, level);
	if (level == LEVEL_NONE || level == LEVEL_UNKNOWN)
		return level == LEVEL_NONE ? tr("none") : tr("unknown");
	return plan->levels[level].name_zh;
}
