/* SPDX-License-Identifier: MIT */
/* An hour whose PM2.5 is above its PM10: told when that begins and when it ends. */
#include "particles.h"

#include "engine_inside.h"
#include "log.h"

void engine_follow_particles(struct engine *engine, const struct hour_report *report)
{
	const struct hour_mean *pm25 = &report->means[POLLUTANT_PM25];
	const struct hour_mean *pm10 = &report->means[POLLUTANT_PM10];
	if (!pm25->valid || !pm10->valid)
		return;
	bool contradict = particles_contradict(pm25->mean_milli, pm10->mean_milli);
	if (contradict && engine->particles_since == 0)
		log_warning(LOG_PARTICLES,
			    "PM2.5 is above PM10, %d and %d μg/m³ in an hour: one of the two is "
			    "wrong; look at inlet and zero, hold the profile against the manual",
			    pm25->mean_milli / 1000, pm10->mean_milli / 1000);
	if (!contradict && engine->particles_since != 0)
		log_notice(LOG_PARTICLES_AGREE, "PM2.5 is not above PM10 any more");
	if (!contradict)
		engine->particles_since = 0;
	else if (engine->particles_since == 0)
		engine->particles_since = report->hour;
}

int64_t engine_particles_since(const struct engine *engine)
{
	return engine->particles_since;
}
