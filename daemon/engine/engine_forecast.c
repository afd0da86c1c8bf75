/* SPDX-License-Identifier: MIT */
/* Forecasts as commands: whether one may be taken, whose its source is, what it replaces. */
#include <stdio.h>
#include <string.h>

#include "engine_inside.h"
#include "forecasts.h"
#include "text.h"

#define AHEAD_MS HOUR_MS                    /* so far a sender's clock may be ahead of ours */
#define FAR_MS (INT64_C(30) * 24 * HOUR_MS) /* an issue further back is a mistake */

const char *engine_check_forecast(const struct forecast *forecast, int64_t now_ms)
{
	if (forecast->issued_ms > now_ms + AHEAD_MS)
		return "issued: lies ahead of now";
	if (forecast->issued_ms < now_ms - FAR_MS)
		return "issued: more than 30 days ago";
	const char *fault = text_forecast_fault(forecast_fault(forecast));
	if (fault)
		return fault;
	/* the running hour is ahead, one that is only not closed yet is not */
	return forecast_reaches(forecast, hour_of_ms(now_ms) - 1) ? NULL
								  : "no hour of it lies ahead";
}

/* A key that is not configured any more owns nothing. */
static bool is_known_key(const struct engine *engine, const char *name)
{
	const struct mqtt_conf *mqtt = &engine->conf->mqtt;
	for (int i = 0; i < mqtt->n_keys; i++) {
		if (strcmp(mqtt->keys[i].name, name) == 0)
			return true;
	}
	return false;
}

/* The source becomes the key's, or *ret says whose it is. Without a key nobody was asked for one.
 */
static int claim_source(struct engine *engine, const struct command *command, int64_t now_ms,
			struct command_answer *ret)
{
	const char *source = command->forecast->source;
	char owner[FORECASTS_KEY_MAX] = "";
	if (!command->key)
		return 0;
	int r = forecasts_owner(engine->store, source, owner);
	if (r == 0 && strcmp(owner, command->key) != 0 && is_known_key(engine, owner)) {
		ret->outcome = COMMAND_REFUSED;
		snprintf(ret->why, sizeof(ret->why), "source: belongs to the key %.64s", owner);
		return 0;
	}
	return r == 0 || r == STORE_E_NONE
		       ? forecasts_bind(engine->store, source, command->key, now_ms)
		       : r;
}

int engine_take_forecast(struct engine *engine, const struct command *command, int64_t now_ms,
			 bool *ret_used, struct command_answer *ret)
{
	const struct forecast *forecast = command->forecast;
	int r = claim_source(engine, command, now_ms, ret);
	if (r != 0 || ret->outcome != COMMAND_ACCEPTED)
		return r;
	switch (forecasts_take(&engine->state.forecasts, forecast, engine_newest_hour(engine))) {
	case FORECASTS_TAKEN:
		*ret_used = true;
		text_beyond(forecast, engine->rules.edition, ret->why, sizeof(ret->why));
		break;
	case FORECASTS_OLDER:
		snprintf(ret->why, sizeof(ret->why), "kept; one that was issued later is in use");
		break;
	case FORECASTS_FULL:
		ret->outcome = COMMAND_REFUSED;
		snprintf(ret->why, sizeof(ret->why), "%d sources speak of hours ahead already",
			 FORECAST_SOURCES_MAX);
		break;
	}
	return 0;
}
