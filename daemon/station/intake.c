/* SPDX-License-Identifier: MIT */
#include "intake.h"

static void hand_over_samples(const struct intake *intake)
{
	struct sample sample;
	while (sample_time_next(intake->time, &sample)) {
		sensor_marks_dated(intake->marks, &sample);
		if (!twins_choose(intake->twins, &sample))
			continue;
		engine_sample(intake->engine, &sample, clock_quality(&intake->time->clock));
	}
}

void intake_sample(const struct intake *intake, const struct sample *sample)
{
	struct sample arrived = *sample;
	sensor_marks_arrived(intake->marks, &arrived);
	intake->newest[arrived.channel] = arrived;
	sample_time_put(intake->time, &arrived);
	hand_over_samples(intake);
}

bool intake_follow_clock(const struct intake *intake)
{
	struct clock_reading reading = clock_read();
	struct redating redating;
	bool changed = sample_time_follow(intake->time, &reading,
					  engine_newest_hour(intake->engine), &redating);
	if (intake->time->clock.stepped_ms != 0)
		engine_stepped(intake->engine);
	if (redating.due)
		engine_redate(intake->engine, redating.first, redating.now_ms);
	hand_over_samples(intake);
	sample_time_tell(intake->time);
	return changed;
}
