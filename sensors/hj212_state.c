/* SPDX-License-Identifier: MIT */
/* What is known of each logger, and what is told of it. */
#include <stdio.h>
#include <string.h>

#include "hj212_source_inside.h"
#include "hour.h"

#define CLOCK_WINDOW_MS 600000

static int64_t station_ms(const struct hj212_source *source)
{
	return source->setup.env->station_ms(source->setup.env->ctx);
}

static void tell_news(struct hj212_source *source, const struct hj212_news *news)
{
	source->setup.env->tell(source->setup.env->ctx, source->setup.index, news);
}

/* ---- its clock: the difference that is least behind in ten minutes, since what waited came late
 */

static void judge_clock(struct hj212_source *source, int logger, int64_t off_ms)
{
	struct hj212_state *state = &source->states[logger];
	bool is_off = off_ms > HJ212_CLOCK_OFF_MS || off_ms < -HJ212_CLOCK_OFF_MS;
	bool was_off = state->counts.off_ms != 0;

	pthread_mutex_lock(&source->lock);
	state->counts.off_ms = is_off ? off_ms : 0;
	pthread_mutex_unlock(&source->lock);
	if (is_off != was_off)
		tell_news(source, &(struct hj212_news){.kind = HJ212_NEWS_CLOCK,
						       .device = logger,
						       .off_ms = is_off ? off_ms : 0});
}

static void note_clock(struct hj212_source *source, int logger, int64_t off_ms)
{
	struct hj212_state *state = &source->states[logger];
	int64_t now_ms = station_ms(source);

	if (state->has_clock && now_ms - state->clock_since_ms < CLOCK_WINDOW_MS) {
		if (off_ms > state->clock_ms)
			state->clock_ms = off_ms;
		return;
	}
	if (state->has_clock)
		judge_clock(source, logger, state->clock_ms);
	state->has_clock = true;
	state->clock_since_ms = now_ms;
	state->clock_ms = off_ms;
}

/* ---- its values ---- */

static void give_notice(struct hj212_source *source, int logger, enum hj212_health health,
			const struct bus_notice *notice)
{
	struct hj212_state *state = &source->states[logger];
	struct bus_notice news = *notice;
	int64_t now_ms = station_ms(source);

	news.device = logger;
	int64_t silent_ms = state->mute ? state->heard_ms : state->said_ms;
	news.lasted_ms = now_ms - (health == HJ212_SILENT ? silent_ms : state->since_ms);
	state->health = health;
	state->since_ms = health == HJ212_SILENT ? silent_ms : now_ms;
	source->setup.env->notice(source->setup.env->ctx, source->setup.index, &news);
}

/* ---- its pauses: heartbeats (9015) and real time values (2011) say that it is there, too ---- */

/* An outage is no pause, and perhaps the pauses are others after it. */
static void note_gap(struct hj212_state *state, int64_t now_ms)
{
	int64_t gap_ms = now_ms - state->heard_ms;

	if (state->heard_ms == 0 || state->health == HJ212_SILENT) {
		state->gap_since_ms = now_ms;
		state->gap_ms = state->gap_before_ms = 0;
	} else if (gap_ms > state->gap_ms) {
		state->gap_ms = gap_ms;
	}
	state->heard_ms = now_ms;
	if (now_ms - state->gap_since_ms < HJ212_GAP_STRETCH_MS)
		return;
	state->gap_before_ms = state->gap_ms;
	state->gap_since_ms = now_ms;
	state->gap_ms = 0;
}

void hj212_state_heard(struct hj212_source *source, const struct hj212_head *head, int64_t wall_ms)
{
	struct hj212_state *state = &source->states[head->logger];

	note_gap(state, station_ms(source));
	state->heard = true;
	state->trouble = HJ212_FINE;
	if (state->health == HJ212_SILENT && state->mute)
		give_notice(source, head->logger, HJ212_SPEAKS,
			    &(struct bus_notice){.state = HEALTH_OK, .code = HJ212_SPEAKS_AGAIN});
	if (head->qn_ms != 0 && wall_ms != 0 && !head->again)
		note_clock(source, head->logger, head->qn_ms - wall_ms);
}

/* ---- the unit of its values ---- */

static void follow_units(struct hj212_source *source, int logger, const struct hj212_values *values)
{
	struct hj212_state *state = &source->states[logger];
	int64_t hour = hour_of_ms(values->start_ms);

	for (int i = 0; i < values->n; i++) {
		const struct hj212_value *value = &values->values[i];
		bool particles =
			value->pollutant == POLLUTANT_PM25 || value->pollutant == POLLUTANT_PM10;
		struct hj212_unit *unit = &state->units[value->pollutant];
		bool counts = value->why == WHY_NONE || value->why == WHY_OUT_OF_RANGE;
		if (!particles || !value->has_value || !counts ||
		    !hj212_unit_take(unit, hour, values->whole, value->value_milli))
			continue;
		pthread_mutex_lock(&source->lock);
		state->counts.doubted &= ~(1u << value->pollutant);
		state->counts.doubted |= (pollutant_set)unit->doubted << value->pollutant;
		pthread_mutex_unlock(&source->lock);
		tell_news(source, &(struct hj212_news){.kind = HJ212_NEWS_UNIT,
						       .device = logger,
						       .pollutant = value->pollutant,
						       .doubted = unit->doubted,
						       .median_milli = unit->median_milli});
	}
}

void hj212_state_said(struct hj212_source *source, int logger, const struct hj212_values *values)
{
	struct hj212_state *state = &source->states[logger];

	pthread_mutex_lock(&source->lock);
	state->counts.messages++;
	pthread_mutex_unlock(&source->lock);
	state->said_ms = station_ms(source);
	state->minutes = values->minutes;
	state->heard = false;
	if (state->health != HJ212_SPEAKS)
		give_notice(source, logger, HJ212_SPEAKS, &(struct bus_notice){.state = HEALTH_OK});
	follow_units(source, logger, values);
}

/* ---- what it lacks ---- */

void hj212_state_refused(struct hj212_source *source, int logger, enum hj212_trouble trouble,
			 const char *found)
{
	struct hj212_news news = {.kind = HJ212_NEWS_TROUBLE, .device = logger, .trouble = trouble};

	snprintf(news.found, sizeof(news.found), "%s", found);
	if (logger < 0) {
		int n = source->n_strangers;
		atomic_fetch_add(&source->unknown, 1);
		for (int i = 0; i < n; i++)
			if (strncmp(source->strangers[i], found, HJ212_MN_MAX) == 0)
				return;
		if (n == HJ212_STRANGERS_TOLD)
			return;
		snprintf(source->strangers[n], sizeof(source->strangers[n]), "%s", found);
		source->n_strangers++;
		tell_news(source, &news);
		return;
	}
	struct hj212_state *state = &source->states[logger];
	pthread_mutex_lock(&source->lock);
	state->counts.refused[trouble]++;
	pthread_mutex_unlock(&source->lock);
	state->trouble = trouble;
	if (!(state->told & 1u << trouble))
		tell_news(source, &news);
	state->told |= 1u << trouble;
}

static enum why why_silent(const struct hj212_state *state)
{
	switch (state->trouble) {
	case HJ212_BAD_FRAME:
		return WHY_BAD_FRAME;
	case HJ212_NO_LOGGER:
	case HJ212_BAD_PASSWORD:
	case HJ212_OTHER_ST:
	case HJ212_OTHER_EDITION:
		return WHY_IDENTITY;
	case HJ212_NO_TIME:
	case HJ212_AHEAD:
	case HJ212_TOO_OLD:
		return WHY_CLOCK;
	case HJ212_NO_FACTOR:
	case HJ212_FINE:
		break;
	}
	return state->heard ? WHY_STALE : WHY_TIMEOUT;
}

static int64_t at_least_ms(int64_t ms)
{
	return ms > HJ212_SILENCE_LEAST_MS ? ms : HJ212_SILENCE_LEAST_MS;
}

static bool lacks_values(const struct hj212_state *state, int64_t now_ms)
{
	return now_ms - state->said_ms >= at_least_ms((2 * state->minutes + 1) * MINUTE_MS);
}

/* Nothing at all for twice the longest of its pauses, where they are known. */
static bool is_mute(const struct hj212_state *state, int64_t now_ms)
{
	int64_t gap_ms = state->gap_before_ms;

	if (gap_ms == 0)
		return false;
	if (state->gap_ms > gap_ms)
		gap_ms = state->gap_ms;
	return now_ms - state->heard_ms >= at_least_ms(2 * gap_ms + MINUTE_MS);
}

static bool is_connected(const struct hj212_source *source, int logger)
{
	for (int i = 0; i < HJ212_CONNECTIONS_MAX; i++)
		if (source->connections[i] && source->connections[i]->logger == logger)
			return true;
	return false;
}

void hj212_state_look(struct hj212_source *source)
{
	int64_t now_ms = station_ms(source);

	for (int i = 0; i < source->n_loggers; i++) {
		struct hj212_state *state = &source->states[i];
		bool connected = is_connected(source, i);
		pthread_mutex_lock(&source->lock);
		state->counts.connected = connected;
		pthread_mutex_unlock(&source->lock);
		bool mute = is_mute(state, now_ms) && !lacks_values(state, now_ms);
		if (state->health == HJ212_SILENT || (!mute && !lacks_values(state, now_ms)))
			continue;
		state->mute = mute;
		give_notice(source, i, HJ212_SILENT,
			    &(struct bus_notice){.state = HEALTH_FAILED,
						 .why = mute ? WHY_TIMEOUT : why_silent(state),
						 .code = (int)state->trouble});
	}
}
