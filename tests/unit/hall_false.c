/* SPDX-License-Identifier: MIT */
#include "hall_false.h"

#include <check.h>
#include <limits.h>
#include <stdio.h>

#include "changed.h"
#include "engine_history.h"
#include "engine_inside.h"
#include "pipeline.h"

/* The levels that history calls for, as measured or by the hours as they are now. */
static uint32_t called_by(bool as_measured)
{
	struct again *again = NULL;
	ck_assert_int_eq(engine_history_new(engine, as_measured, &engine->revision.dust, &again),
			 0);
	ck_assert_int_eq(engine_history_go(again, INT_MAX), STORE_E_NONE);
	uint32_t called = engine_history_of(again)->called;
	engine_history_free(again);
	return called;
}

struct hall_false hall_false_before(void)
{
	const struct advice *advice = engine_advice(engine);
	struct hall_false before = {.level = advice_level(advice),
				    .event = engine->city.series.number,
				    .newest = engine_newest_hour(engine)};
	if (advice->held != 0 &&
	    (engine->revision.by & (CHANGED_BY_REVIEW | CHANGED_BY_FAULT)) != 0)
		before.levels = advice->held & called_by(true) & ~called_by(false);
	return before;
}

void hall_false_after(struct reader *reader, const struct hall_false *before)
{
	char asked[256];
	if (before->levels == 0 || before->newest != engine_newest_hour(engine))
		return; /* an hour that closed meanwhile may call for it */
	if (engine_advice(engine)->held & before->levels)
		reader_fail(reader, "a level that false hours alone called for is held on");
	if ((before->levels & 1u << before->level) == 0)
		return;
	snprintf(asked, sizeof(asked),
		 "SELECT count(*) FROM events WHERE about = 'advice' AND number > %lld AND kind IN"
		 " ('lift', 'downgrade') AND reason IN ('review', 'instrument')",
		 (long long)before->event);
	if (ask(asked) != 1)
		reader_fail(reader, "a level that false hours alone called for ends as a true one");
}
