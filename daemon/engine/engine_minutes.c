/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "auxiliary_hours.h"
#include "clock.h"
#include "engine_inside.h"
#include "minutes.h"
#include "payload.h"

static void make_minute_head(struct engine *engine, int64_t now_ms, enum time_quality time_quality,
			     struct payload_head *ret)
{
	*ret = (struct payload_head){.conf = engine->conf,
				     .time_ms = now_ms,
				     .time_quality = time_quality,
				     .is_volatile = store_is_volatile(engine->store)};
	snprintf(ret->id, sizeof(ret->id), "%s-%llu", engine->boot,
		 (unsigned long long)++engine->messages);
}

static void say_reading(struct engine *engine, const struct minute_report *report,
			enum time_quality time_quality)
{
	struct payload_head head;
	make_minute_head(engine, (report->minute + 1) * MINUTE_MS, time_quality, &head);
	engine->env.say(engine->env.ctx, "reading", false, payload_reading(&head, report));
}

/* The running hour so far and the 24 hours up to now. */
static void say_now(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	struct hour_report report = {.hour = hour_of_ms(now_ms), .provisional = true};
	struct hour_values values = {0};
	struct window window = engine->state.window;
	struct payload_head head;
	for (int c = 0; c < engine->conf->n_channels; c++) {
		enum pollutant pollutant = engine->conf->channels[c].pollutant;
		struct hour_mean *mean = &report.means[pollutant];
		open_hours_mean(&engine->running, c, report.hour, now_ms, mean);
		values.milli[pollutant] = mean->mean_milli;
		values.valid |= mean->covered_ms > 0 ? 1u << pollutant : 0;
	}
	window_put(&window, report.hour, &values);
	aqi_realtime(&engine->conf->edition, &engine->conf->station.scope, &values,
		     &report.realtime);
	aqi_daily(&engine->conf->edition, &engine->conf->station.scope, &window, &report.daily);
	make_minute_head(engine, now_ms, time_quality, &head);
	engine->env.say(engine->env.ctx, "aqi/now", true, payload_aqi(&head, &report));
}

/* Of a district, which hears of hours only: the newest one, so that it is known to be there. */
static void say_newest(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	struct hour_report report = {.hour = engine_newest_hour(engine), .provisional = true};
	struct payload_head head;
	engine_points_means(engine, &report);
	make_minute_head(engine, now_ms, time_quality, &head);
	engine->env.say(engine->env.ctx, "aqi/now", true, payload_aqi(&head, &report));
}

void engine_tell_minute(struct engine *engine, int64_t minute, enum time_quality time_quality)
{
	struct minute_report report = {.minute = minute};
	for (int c = 0; c < engine->conf->n_channels; c++)
		open_hours_minute(&engine->running, c, minute,
				  &report.sums[engine->conf->channels[c].pollutant]);
	auxiliary_hours_report(engine->auxiliary, &report);
	say_reading(engine, &report, time_quality);
}

/* The newest minute up to `minute` that lies in an open hour; minutes before the open hours are
 * over. */
int64_t engine_open_minute(struct engine *engine, int64_t minute)
{
	int64_t oldest = (engine->next_hour - 1) * HOUR_MINUTES;
	int64_t newest = oldest + OPEN_HOURS_HOURS * HOUR_MINUTES - 1;
	if (engine->minute_done < oldest - 1)
		engine->minute_done = oldest - 1;
	return minute < newest ? minute : newest;
}

int engine_begin_minutes(struct engine *engine)
{
	int r = store_samples_begin(engine->store);
	if (r != 0 || engine->clock_doubted == engine->sure_kept)
		return r;
	engine->sure_kept = engine->clock_doubted;
	return engine->sure_kept ? minutes_begin_doubt(engine->store, engine->minute_sure)
				 : minutes_end_doubt(engine->store);
}

void engine_end_minutes(struct engine *engine, int r)
{
	int committed = store_samples_commit(engine->store);
	if (r != 0 || committed != 0)
		engine->sure_kept = !engine->clock_doubted; /* once more */
	engine_store_result(engine, r == 0 ? committed : r);
}

/* Every minute that is over, in one transaction. */
void engine_minutes_advance(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	int64_t last =
		engine_open_minute(engine, (now_ms - ENGINE_MINUTE_DELAY_MS) / MINUTE_MS - 1);
	if (last <= engine->minute_done)
		return;
	int r = engine_begin_minutes(engine);
	while (engine->minute_done < last) {
		struct minute_report report;
		int64_t minute = ++engine->minute_done;
		int stored = open_hours_store(&engine->running, minute, (minute + 1) * MINUTE_MS,
					      &report);
		r = r == 0 ? stored : r;
		stored = auxiliary_hours_store(engine->auxiliary, minute, (minute + 1) * MINUTE_MS,
					       &report);
		r = r == 0 ? stored : r;
		if (!engine->points) /* a district has no minutes */
			say_reading(engine, &report, time_quality);
	}
	if (time_quality != TIME_UNSYNCHRONISED)
		engine->minute_sure = engine->minute_done;
	engine_end_minutes(engine, r);
	int64_t running = hour_of_ms(now_ms);
	if (engine->points)
		say_newest(engine, now_ms, time_quality);
	else if (running >= engine->next_hour && running < engine->next_hour + OPEN_HOURS_HOURS)
		say_now(engine, now_ms, time_quality);
}
