/* SPDX-License-Identifier: MIT */
#include "hall_air.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "engine_inside.h"
#include "hours.h"
#include "pipeline.h"

#define SHOWN_MS (1 * MINUTE_MS)         /* after the end of its hour */
#define CLOSED_MS (2 * MINUTE_MS + 1000) /* the same */
#define AHEAD_H 120                      /* of a forecast */

#define SOURCES 3
static const char *const sources[SOURCES] = {"model", "bulletin", "consultation"};

static const int32_t smog[] = {20000, 130000, 200000, 350000};
static struct {
	bool with_hours, shown; /* the second: the hour that ended last */
	bool believed;          /* something was, since a fault was found */
	int level;              /* of the smog now */
	int64_t end_ms;         /* of the hour that is shown next */
	int n_said;
	/* of each source the newest issue that was accepted, and the last hour it speaks of */
	int64_t issued_ms[SOURCES], until[SOURCES];
} air;

void air_begin(bool with_hours)
{
	memset(&air, 0, sizeof(air));
	air.with_hours = with_hours;
	for (int c = 0; c < conf->n_channels; c++) {
		conf->channels[c].delivers = with_hours ? DELIVERS_HOURLY : DELIVERS_SPOT;
		conf->channels[c].ready_minute = 0;
	}
}

/* A clock that was set shows the hour that ends next. */
static void follow_clock(int64_t now_ms)
{
	int64_t end_ms = hour_of_ms(now_ms) * HOUR_MS;
	if (now_ms - air.end_ms > CLOSED_MS || air.end_ms > end_ms) {
		air.end_ms = end_ms;
		air.shown = false;
	}
}

int64_t air_due_ms(int64_t now_ms)
{
	if (!air.with_hours)
		return INT64_MAX;
	follow_clock(now_ms);
	return air.end_ms + (air.shown ? CLOSED_MS : SHOWN_MS);
}

bool air_is_unwritten(void)
{
	return air.with_hours && air.shown;
}

void air_show(int64_t now_ms, bool running)
{
	if (air_due_ms(now_ms) > now_ms)
		return;
	if (air.shown) {
		air.end_ms += HOUR_MS;
		air.shown = false;
		return;
	}
	air.shown = true;
	air.believed = air.believed || running;
	for (uint16_t c = 0; c < conf->n_channels && running; c++) {
		struct sample sample = {.at_ms = now_ms, .channel = c, .quality = QUALITY_NORMAL};
		sample.value_milli =
			conf->channels[c].pollutant == POLLUTANT_PM25 ? smog[air.level] : 1000;
		engine_sample(engine, &sample, TIME_SYNCHRONISED);
	}
}

/* ---- what is said about hours ---- */

static bool tell(struct command *command, int64_t now_ms)
{
	struct command_answer answer;
	snprintf(command->id, sizeof(command->id), "a%d", ++air.n_said);
	snprintf(command->issuer, sizeof(command->issuer), "M");
	command->time_ms = now_ms;
	command->json = "{}";
	ck_assert_int_eq(engine_command(engine, command, now_ms, TIME_SYNCHRONISED, &answer), 0);
	return answer.outcome == COMMAND_ACCEPTED;
}

/* An issue of one of the sources: so much smog from an hour on. */
static void issue_forecast(const struct town_step *step, int64_t now_ms, int late_min, int level)
{
	static struct forecast forecast;
	struct command command = {.kind = COMMAND_FORECAST, .forecast = &forecast};
	int64_t hour = hour_of_ms(now_ms);
	int source = step->which % 4 % SOURCES;
	int n = step->end_min != 0 ? step->end_min / 10 : AHEAD_H;
	memset(&forecast, 0, sizeof(forecast));
	forecast.issued_ms = now_ms - late_min * MINUTE_MS;
	snprintf(forecast.source, sizeof(forecast.source), "%s", sources[source]);
	for (int i = 0; i < n; i++) {
		struct forecast_step *ahead = &forecast.steps[forecast.n++];
		ahead->hour = hour + 1 + i;
		ahead->values.valid = 1u << POLLUTANT_PM25;
		ahead->values.milli[POLLUTANT_PM25] =
			i * 60 < step->start_min ? smog[0] : smog[level];
	}
	if (tell(&command, now_ms) && forecast.issued_ms >= air.issued_ms[source]) {
		air.issued_ms[source] = forecast.issued_ms;
		air.until[source] = hour + n;
	}
}

/* One of before may come after it, and says otherwise. */
static void forecast(const struct town_step *step, int64_t now_ms)
{
	issue_forecast(step, now_ms, 0, step->level);
	if (step->skew_min < 0)
		issue_forecast(step, now_ms, -step->skew_min, 3 - step->level);
}

/* Hours from some before now on; a level of 0 takes such a window back. */
static void flag_dust(const struct town_step *step, int64_t now_ms)
{
	struct command command = {.kind = COMMAND_DUST};
	command.dust.from = hour_of_ms(now_ms) - step->start_min / 60;
	command.dust.to = command.dust.from + step->which * 8;
	command.dust.clear = step->level == 0;
	snprintf(command.dust.source, sizeof(command.dust.source), "M");
	tell(&command, now_ms);
}

/* Some hours, or as many as may be all that called for a level. */
static void review(const struct town_step *step, int64_t now_ms)
{
	struct command command = {.kind = COMMAND_REVIEW};
	int64_t oldest = 0;
	hours_oldest(store, 0, &oldest); /* stays 0: there is none, and it is refused */
	command.review.to = hour_of_ms(now_ms) - 1;
	command.review.from =
		command.review.to - step->start_min / 60 * (step->which < 5 ? 1 : step->which);
	if (command.review.from < oldest)
		command.review.from = oldest;
	command.review.pollutants = 1u << POLLUTANT_PM25;
	command.review.restore = step->level == 0;
	tell(&command, now_ms);
}

/* The instrument has shown nothing true for some hours. The same fault is not found twice: a
 * station that was started again would take back more, its twin nothing. */
static void find_fault(const struct town_step *step, int64_t now_ms)
{
	for (uint16_t c = 0; c < conf->n_channels; c++) {
		struct sample sample = {.at_ms = now_ms,
					.channel = c,
					.quality = QUALITY_FAULT,
					.why = WHY_FROZEN,
					.doubt_ms = (int32_t)(1 + step->start_min / 60) *
						    (int32_t)HOUR_MS};
		if (conf->channels[c].pollutant == POLLUTANT_PM25 && air.believed)
			engine_sample(engine, &sample, TIME_SYNCHRONISED);
	}
	air.believed = false;
}

void air_check(struct reader *reader)
{
	const struct forecasts *forecasts = &engine->state.forecasts;
	for (int s = 0; s < SOURCES; s++) {
		int i = 0;
		while (i < forecasts->n && strcmp(forecasts->of[i].source, sources[s]) != 0)
			i++;
		if (air.until[s] > engine_newest_hour(engine) &&
		    (i == forecasts->n || forecasts->of[i].issued_ms != air.issued_ms[s]))
			reader_fail(reader, "the newest issue of %s is not kept", sources[s]);
	}
}

bool air_take(const struct town_step *step, int64_t now_ms)
{
	switch (step->op) {
	case TOWN_ADVISES:
		forecast(step, now_ms);
		return true;
	case TOWN_BREATHES:
		air.level = step->level;
		return true;
	case TOWN_DUSTS:
		flag_dust(step, now_ms);
		return true;
	case TOWN_REVIEWS:
		review(step, now_ms);
		return true;
	case TOWN_DOUBTS:
		find_fault(step, now_ms);
		return true;
	case TOWN_SAYS:
	case TOWN_WAITS:
	case TOWN_SIGNS:
	case TOWN_RESTARTS:
	case TOWN_UNLINKS:
	case TOWN_LINKS:
	case TOWN_STOPS:
	case TOWN_STARTS:
	case TOWN_SETS_CLOCK:
	case TOWN_DAMAGES:
		return false;
	}
	return false;
}
