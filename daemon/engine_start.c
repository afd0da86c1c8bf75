/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "engine_inside.h"
#include "forecasts.h"

/* Hours that were begun but never closed, on a database that has none: their minutes are there. */
static int load_begun(struct engine *engine)
{
	int64_t minute = 0;
	int r = minutes_oldest(engine->store, &minute);
	if (r == 0)
		engine->next_hour = minute / HOUR_MINUTES + 1;
	return r == STORE_E_NONE ? 0 : r;
}

static void keep_release(void *ctx, const struct release_row *row)
{
	struct engine *engine = ctx;
	struct release *release = &engine->release;
	*release = (struct release){.level = row->level,
				    .reviewed_ms = row->reviewed_ms,
				    .signed_ms = row->signed_ms,
				    .start_ms = row->start_ms};
	snprintf(release->number, sizeof(release->number), "%s", row->number);
	snprintf(release->reviewer, sizeof(release->reviewer), "%s", row->reviewer);
	snprintf(release->signer, sizeof(release->signer), "%s", row->signer);
	snprintf(release->post, sizeof(release->post), "%s", row->post);
	engine->has_release = true;
}

/* What people told: none of it need be there. */
static int load_told(struct engine *engine)
{
	int r = directives_load(engine->store, &engine->directives, &engine->newest_directive);
	if (r == 0)
		r = releases_newest(engine->store, keep_release, engine);
	if (r == 0 || r == STORE_E_NONE)
		r = forecasts_newest(engine->store, &engine->state.forecast);
	return r == STORE_E_NONE ? 0 : r;
}

static int load_advice(struct engine *engine)
{
	int r = warnings_load(engine->store, &engine->state.advice, &engine->used);
	return r == STORE_E_CORRUPT || r == STORE_E_NONE ? engine_renew(engine, r) : r;
}

static int load(struct engine *engine)
{
	int64_t newest = 0;
	int r = hours_newest(engine->store, &newest);
	if (r == 0 && newest == 0)
		r = load_begun(engine);
	if (r == 0 && newest != 0)
		engine->next_hour = newest + 1;
	if (r == 0)
		r = minutes_newest(engine->store, &engine->minute_sure);
	if (r == 0)
		r = load_told(engine);
	if (r == 0)
		r = engine_rebuild(engine);
	if (r == 0)
		r = load_advice(engine);
	if (r == 0)
		engine_look_again(engine);
	return r;
}

int engine_new(const struct conf *conf, struct store *store, const char *boot,
	       const struct engine_env *env, struct engine **ret)
{
	struct engine *engine = calloc(1, sizeof(*engine));
	if (!engine)
		return -ENOMEM;
	engine->conf = conf;
	engine->rules = (struct engine_rules){&conf->edition, &conf->plan, conf->station.scope};
	engine->store = store;
	engine->boot = boot;
	engine->env = *env;
	running_init(&engine->running, conf, store);
	int r = load(engine);
	if (r != 0) {
		engine_free(engine);
		return r;
	}
	*ret = engine;
	return 0;
}

struct engine *engine_free(struct engine *engine)
{
	free(engine);
	return NULL;
}

int64_t engine_newest_hour(const struct engine *engine)
{
	return engine->next_hour == 0 ? 0 : engine->next_hour - 1;
}

uint64_t engine_late_samples(const struct engine *engine)
{
	return engine->late;
}

bool engine_store_ok(const struct engine *engine)
{
	return !engine->store_failed && !store_is_volatile(engine->store);
}

const struct advice *engine_advice(const struct engine *engine)
{
	return &engine->state.advice;
}

void engine_stop(struct engine *engine, int64_t now_ms)
{
	if (engine->minute_done == 0)
		return;
	struct minute_report report;
	int64_t last = engine_open_minute(engine, now_ms / MINUTE_MS);
	int r = store_samples_begin(engine->store);
	for (int64_t minute = engine->minute_done + 1; minute <= last && r == 0; minute++)
		r = running_store(&engine->running, minute, now_ms, &report);
	int committed = store_samples_commit(engine->store);
	engine_store_result(engine, r == 0 ? committed : r);
}
