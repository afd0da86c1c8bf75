/* SPDX-License-Identifier: MIT */
/*
 * Any hours, observed, of dust and forecast, against the Hetang plan under every counting: nothing
 * overflows, the answers keep their order, and the advice only takes legal steps.
 */
#include <assert.h>

#include "evaluate.h"
#include "fuzz.h"
#include "hetang.h"
#include "models.h"
#include "warning.h"

#define LABEL 400000
#define SOURCES 2
#define LOOKS_MAX 4 /* before the last one: each takes as long as all hours together */

/* One hour: its kind, and two AQIs in thousandths. */
static struct timeline_hour read_hour(struct bytes *bytes, int kind)
{
	struct timeline_hour hour = timeline_hour_of(TIMELINE_UNKNOWN, TIMELINE_UNKNOWN);
	int32_t daily = (int32_t)bytes_between(bytes, 0, 65535) * 10;
	int32_t realtime = (int32_t)bytes_between(bytes, 0, 65535) * 10;
	if (!(kind & 1) && daily <= 500000)
		hour.daily_milli = daily;
	if (!(kind & 2) && realtime <= 500000)
		hour.realtime_milli = realtime;
	hour.dust = kind % 16 == 9;
	hour.dust_blind = kind % 16 == 11;
	hour.short_heavy = kind % 64 == 60;
	return hour;
}

static void check(const struct plan *plan, const struct timeline *timeline,
		  const struct verdict *verdict)
{
	for (int l = LEVEL_YELLOW; l < LEVEL_COUNT; l++) {
		const struct level_verdict *level = &verdict->levels[l];
		assert(level->called <= TRUTH_TRUE && level->met <= TRUTH_TRUE);
		assert(l == LEVEL_RED || level->called >= verdict->levels[l + 1].called);
		assert(l == LEVEL_YELLOW ||
		       level->release.released >= verdict->levels[l - 1].release.released);
		assert(level->evidence.condition >= 0 &&
		       level->evidence.condition < plan->levels[l].n_any);
		assert(level->evidence.run_max >= 0 && level->evidence.run_max <= 500);
		assert(level->evidence.onset == 0 || level->evidence.onset >= timeline->now);
		assert(timeline->ahead > 0 || !level->release.beyond_horizon);
		assert(level->release.issues < 1u << SOURCES && level->issues < 1u << SOURCES);
		assert(level->release.behind_h <= plan->release_h);
	}
}

static void take(const struct plan *plan, const struct timeline *timeline, struct advice *advice,
		 int64_t *number)
{
	struct verdict verdict;
	struct event events[WARNING_EVENTS_MAX];
	evaluate(plan, timeline, &verdict);
	check(plan, timeline, &verdict);
	int n = advice_step(advice, &verdict, events);
	assert(n >= 0 && n <= WARNING_EVENTS_MAX);
	for (int i = 0; i < n; i++)
		assert(events[i].number == ++*number);
	assert((advice->episode != 0) == (advice_level(advice) != LEVEL_NONE));
}

/* An hour ahead, of nobody or of one of two sources, whose issues rise with the hours. */
static void foresee(struct timeline *timeline, int kind, struct timeline_hour hour)
{
	hour.issue = (uint8_t)(kind % (SOURCES + 1));
	hour.basis = (uint8_t)(kind % 2 ? BASIS_FORECAST : BASIS_FORECAST_AQI);
	timeline->n_issues = SOURCES;
	for (int i = 0; i < SOURCES; i++) {
		struct forecast_issue *issue = &timeline->issues[i];
		issue->issued_ms = (timeline->now - (kind + i) % 7) * 3600000;
		issue->source[0] = (char)('a' + i);
	}
	timeline->hours[timeline->past + timeline->ahead++] = hour;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct timeline timeline;
	struct bytes bytes = {data, size};
	static struct plan plan;
	if (!plan.id)
		plan = models_hetang();
	struct advice advice = {0};
	int64_t number = 0, hour = LABEL;
	int looks = 0;
	plan.counting = (enum counting)bytes_between(&bytes, 0, 2);
	plan.gap_h = (int32_t)bytes_between(&bytes, 0, 24);
	plan.release_h = (int32_t)bytes_between(&bytes, 1, 240);
	plan.horizon_hold_h = (int32_t)bytes_between(&bytes, 0, 240);
	timeline = (struct timeline){0};
	while (bytes.left > 0) {
		int kind = (int)bytes_between(&bytes, 0, 255);
		bool ahead = kind >= 128 && timeline.past > 0;
		struct timeline_hour values = read_hour(&bytes, kind);
		if (ahead && timeline.ahead < TIMELINE_AHEAD_HOURS) {
			foresee(&timeline, kind, values);
			continue;
		}
		hour += kind % 32 == 31 ? 30 : 1;
		timeline_observe(&timeline, hour, values);
		if (kind % 8 == 0 && looks++ < LOOKS_MAX)
			take(&plan, &timeline, &advice, &number);
	}
	if (timeline.past == 0)
		return 0;
	take(&plan, &timeline, &advice, &number);
	return 0;
}
