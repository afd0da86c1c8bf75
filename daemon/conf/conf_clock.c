/* SPDX-License-Identifier: MIT */
#include "station_draft.h"
#include "time_text.h"
#include "words.h"

#define SOURCE_WRONG (-1)

static const struct yaml_name sources[] = {
	{"ntp", CLOCK_NTP},
	{"rtc", CLOCK_RTC},
	{"simulated", CLOCK_SIMULATED},
	{NULL, 0},
};

void station_read_time(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	const char *text = yaml_scalar(file, node);
	if (!text || !time_parse(text, object))
		yaml_problem(file, node,
			     tr("%s is not a time with its offset like 2013-10-31T10:00:00+08:00"),
			     yaml_found(file, node));
}

void station_read_clock(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	static const struct yaml_key keys[] = {
		{"source", YAML_TYPE_NAME, .names = sources,
		 .offset = offsetof(struct clock_conf, source)},
		{"holdover_h", YAML_TYPE_INT, .min = 1, .max = 8760,
		 .offset = offsetof(struct clock_conf, holdover_h)},
		{"patience_min", YAML_TYPE_INT, .min = 1, .max = 1440,
		 .offset = offsetof(struct clock_conf, patience_min)},
		{"start", YAML_TYPE_CALL, .each = station_read_time,
		 .offset = offsetof(struct clock_conf, start_ms)},
		{"anchor", YAML_TYPE_CALL, .each = station_read_time,
		 .offset = offsetof(struct clock_conf, anchor_ms)},
		{"speed", YAML_TYPE_DECIMAL, .min = 1, .max = 100000,
		 .offset = offsetof(struct clock_conf, speed)},
		{0},
	};
	struct station_draft *draft = object;
	struct clock_conf *clock = &draft->conf.clock;
	draft->clock_at = node;
	if (yaml_get(file, node, "source"))
		clock->source = SOURCE_WRONG;
	yaml_read(file, node, keys, clock);
}

void station_check_clock(struct yaml_file *file, const struct station_draft *draft)
{
	static const char *const only_simulated[] = {"start", "anchor", "speed"};
	int source = draft->conf.clock.source;
	if (source == SOURCE_WRONG)
		return;
	for (int i = 0; i < 3; i++) {
		const char *key = only_simulated[i];
		yaml_node at = yaml_get(file, draft->clock_at, key);
		if (source == CLOCK_SIMULATED && !at)
			yaml_problem(
				file, draft->clock_at,
				tr("required key %s is missing: a simulated clock needs start, "
				   "anchor and speed"),
				key);
		else if (source != CLOCK_SIMULATED && at)
			yaml_problem(file, at, tr("%s is allowed with clock source simulated only"),
				     key);
	}
	if (source == CLOCK_SIMULATED && !draft->conf.exercise)
		yaml_problem(file, yaml_get(file, draft->clock_at, "source"),
			     tr("a compressed clock runs only in an exercise (exercise: true)"));
}
