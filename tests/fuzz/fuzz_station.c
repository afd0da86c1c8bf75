/* SPDX-License-Identifier: MIT */
/*
 * Any file as that of a station: it is refused with problems, or what was read keeps its limits and
 * holds together. The files it names are one edition, one plan and two profiles, read once.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conf_rules.h"
#include "cycle.h"
#include "fuzz.h"
#include "models.h"
#include "station_draft.h"

#define MODELS 2

static const struct profile *the_profile(int i)
{
	static const char *const names[MODELS] = {"generic-six", "generic-two-floats"};
	static struct profile profiles[MODELS];
	static struct arena *arena; /* never freed */
	for (int m = 0; m < MODELS && !(arena && profiles[m].id); m++) {
		char path[1000];
		const char *root = getenv("HAZEWATCH_SOURCE");
		struct problems problems = {0};
		snprintf(path, sizeof(path), "%s/config/profiles/%s.yaml", root ? root : ".",
			 names[m]);
		arena = arena ? arena : arena_new();
		struct yaml_file *file = yaml_open(path, arena, &problems);
		bool good = file && conf_read_profile(file, &profiles[m]);
		assert(good);
		yaml_close(file);
	}
	return &profiles[i];
}

static void check_conf(const struct conf *conf)
{
	assert(conf->n_buses >= 0 && conf->n_buses <= CONF_BUSES_MAX);
	assert(conf->n_channels >= 0 && conf->n_channels <= CONF_CHANNELS_MAX);
	pollutant_set measured = 0;
	for (int i = 0; i < conf->n_channels; i++) {
		const struct channel_conf *channel = &conf->channels[i];
		assert(channel->id && channel->pollutant < POLLUTANT_COUNT);
		assert(!(measured & 1u << channel->pollutant));
		measured |= 1u << channel->pollutant;
	}
	assert((measured & ~conf->station.scope.monitored) == 0);
	assert(conf->station.id && conf->data_dir);
	assert(conf->mqtt.n_keys >= 0);
	for (int i = 0; i < conf->mqtt.n_keys; i++)
		assert(conf->mqtt.keys[i].name && conf->mqtt.keys[i].kinds != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct plan plan;
	struct arena *arena = arena_new();
	struct problems problems = {0};
	struct yaml_file *file = bytes_open(data, size, arena, &problems);
	if (!plan.id)
		plan = models_hetang();
	if (file) {
		struct station_draft *draft = arena_alloc(arena, sizeof(*draft));
		draft->conf.arena = arena;
		station_read(file, draft);
		draft->conf.edition = models_hj633_2026();
		draft->conf.plan = plan;
		for (int i = 0; i < draft->n_sensors; i++)
			draft->sensors[i].model = the_profile(i % MODELS);
		station_join(file, draft);
		if (problems.n == 0)
			check_conf(&draft->conf);
		station_warn_of_examples(file, draft);
	}
	assert(file || problems.n > 0);
	yaml_close(file);
	problems_done(&problems);
	arena_free(arena);
	return 0;
}
