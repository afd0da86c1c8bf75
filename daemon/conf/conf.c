/* SPDX-License-Identifier: MIT */
#include "station_draft.h"

#include "conf_hj212.h"
#include "conf_open.h"
#include "conf_outlook.h"
#include "conf_rules.h"
#include "iaqi.h"
#include "own_index.h"
#include "words.h"

#include <string.h>

#define CONF_EDITIONS_MAX 8

/* One run over a file and all it names. */
struct load {
	const char *config_dir;
	struct problems *problems;
	struct arena *arena;
	int n_profiles; /* files tried, also those that had problems */
	const char *profile_paths[CONF_PROFILES_MAX];
	struct profile *profiles[CONF_PROFILES_MAX]; /* NULL: had problems */
	struct loaded_hj212 hj212;
};

static void load_edition(const struct load *load, const char *path, struct edition *ret)
{
	struct yaml_file *file = conf_open(path, load->arena, load->problems, KIND_EDITION);
	if (file)
		conf_read_edition(file, ret);
	yaml_close(file);
}

static void load_plan(const struct load *load, const char *path, struct plan *ret)
{
	struct yaml_file *file = conf_open(path, load->arena, load->problems, KIND_PLAN);
	if (file)
		conf_read_plan(file, ret);
	yaml_close(file);
}

static void load_calendar(const struct load *load, const char *path, struct calendar *ret)
{
	struct yaml_file *file = conf_open(path, load->arena, load->problems, KIND_CALENDAR);
	if (file)
		conf_read_calendar(file, ret);
	yaml_close(file);
}

/* The text of its ten thousand numbers is not kept. */
static void load_outlook(const struct load *load, const char *path, struct conf *conf)
{
	struct arena *aside = arena_new();
	struct yaml_file *file = conf_open(path, aside, load->problems, KIND_OUTLOOK);
	struct outlook_model read;
	if (file && conf_read_outlook(file, &read))
		conf->outlook.model = conf_keep_outlook(&read, load->arena);
	yaml_close(file);
	arena_free(aside);
}

static struct profile *read_profile(struct load *load, const char *path)
{
	struct yaml_file *file = conf_open(path, load->arena, load->problems, KIND_PROFILE);
	struct profile *profile = arena_alloc(load->arena, sizeof(*profile));
	bool good = file && conf_read_profile(file, profile);
	yaml_close(file);
	return good ? profile : NULL;
}

/* Loads a profile once, however many sensors name it. */
static struct profile *load_profile(struct load *load, struct yaml_file *from,
				    const struct file_name *name)
{
	const char *path = conf_find_file(load->config_dir, from, name, "profiles");
	if (!path)
		return NULL;
	for (int i = 0; i < load->n_profiles; i++) {
		if (strcmp(load->profile_paths[i], path) == 0)
			return load->profiles[i];
	}
	if (load->n_profiles == CONF_PROFILES_MAX) {
		yaml_problem(from, name->at, tr("more than %d profiles, the most allowed"),
			     CONF_PROFILES_MAX);
		return NULL;
	}
	struct profile *profile = read_profile(load, path);
	load->profile_paths[load->n_profiles] = path;
	load->profiles[load->n_profiles++] = profile;
	return profile;
}

static struct hj212_profile *load_hj212(struct load *load, struct yaml_file *from,
					const struct file_name *name)
{
	const char *path = conf_find_file(load->config_dir, from, name, "hj212");
	return path ? conf_load_hj212_once(path, from, name->at, load->problems, &load->hj212)
		    : NULL;
}

/* The profiles of the sensors, in the sensors' order; NULL where there was a problem. */
static void load_profiles(struct load *load, struct yaml_file *from, struct station_draft *draft)
{
	for (int i = 0; i < draft->n_sensors; i++) {
		struct sensor_draft *sensor = &draft->sensors[i];
		if (sensor->is_logger)
			station_take_profile(from, load_hj212(load, from, &sensor->profile),
					     sensor);
		else
			sensor->model = load_profile(load, from, &sensor->profile);
	}
	for (int i = 0; i < load->n_profiles; i++)
		draft->conf.profiles[i] = load->profiles[i];
	draft->conf.n_profiles = load->n_profiles;
}

static void load_platforms(struct load *load, struct yaml_file *from, struct station_draft *draft)
{
	for (int i = 0; i < draft->conf.n_platforms; i++) {
		draft->conf.platforms[i].profile =
			load_hj212(load, from, &draft->platforms[i].profile);
		station_check_platform(from, draft, i);
	}
}

#define OWN_FILES 6 /* of a station, beside the profiles; NULL: not there */

static void note_files(const struct load *load, struct conf *conf, const char *own[OWN_FILES])
{
	for (int i = 0; i < OWN_FILES; i++) {
		if (own[i])
			conf->files[conf->n_files++] = arena_text(load->arena, own[i]);
	}
	for (int i = 0; i < load->n_profiles; i++)
		conf->files[conf->n_files++] = arena_text(load->arena, load->profile_paths[i]);
	for (int i = 0; i < load->hj212.n; i++)
		conf->files[conf->n_files++] = arena_text(load->arena, load->hj212.paths[i]);
}

/* A concentration that ends a level is held against the table of an edition: the one that follows
 * it, or, of a plan alone, every shipped one in turn, of which one must do. */
static void check_lift(const struct load *load, const char *path, const struct plan *plan,
		       const struct edition *editions, int n)
{
	for (int l = 1; l <= plan->n_levels; l++) {
		const struct plan_release *release = &plan->levels[l].release;
		for (int i = 0; i < release->n; i++) {
			int32_t iaqi = IAQI_NONE;
			const struct plan_limit *limit = &release->limits[i];
			for (int e = 0; e < n; e++) {
				int32_t its = plan_limit_iaqi(plan, limit, &editions[e]);
				iaqi = its > iaqi ? its : iaqi;
			}
			if (iaqi != IAQI_NONE && iaqi < PLAN_LIFTED_AT)
				problems_add(load->problems, path, 0, 0,
					     tr("%s: ends only with %s %s %d, an IAQI of %d, less "
						"than %d, so it would hardly ever be lifted"),
					     plan->levels[l].id,
					     plan_index_name(plan, limit->index),
					     limit->below ? tr("below") : tr("at or below"),
					     (int)limit->threshold, (int)iaqi, PLAN_LIFTED_AT);
		}
	}
}

/* The shipped editions that can be read. */
static int load_editions(const struct load *load, struct edition *ret)
{
	const char *paths[CONF_EDITIONS_MAX];
	struct problems quiet = {0};
	const struct load aside = {
		.config_dir = load->config_dir, .problems = &quiet, .arena = load->arena};
	int n = conf_find_all(load->config_dir, load->arena, "aqi", CONF_EDITIONS_MAX, paths);
	int good = 0;
	for (int i = 0; i < n && i < CONF_EDITIONS_MAX; i++) {
		int before = quiet.n;
		load_edition(&aside, paths[i], &ret[good]);
		good += quiet.n == before;
	}
	problems_done(&quiet);
	return good;
}

static struct conf *load_station(struct load *load, struct yaml_file *file, bool is_district)
{
	struct station_draft *draft = arena_alloc(load->arena, sizeof(*draft));
	int before = load->problems->n;
	draft->conf.arena = load->arena;
	draft->is_district = is_district;
	station_read(file, draft);
	const char *edition = conf_find_file(load->config_dir, file, &draft->edition, "aqi");
	const char *plan = conf_find_file(load->config_dir, file, &draft->plan, "plans");
	const char *calendar =
		conf_find_file(load->config_dir, file, &draft->calendar, "calendars");
	load_edition(load, edition, &draft->conf.edition);
	load_plan(load, plan, &draft->conf.plan);
	load_calendar(load, calendar, &draft->conf.calendar);
	load_profiles(load, file, draft);
	const char *outlook = station_find_outlook(load->config_dir, file, draft);
	load_outlook(load, outlook, &draft->conf);
	if (draft->roster)
		conf_read_roster(draft->roster, draft->conf.station.id, load->arena, load->problems,
				 &draft->conf.roster);
	load_platforms(load, file, draft);
	note_files(
		load, &draft->conf,
		(const char *[]){yaml_path(file), edition, plan, calendar, draft->roster, outlook});
	station_join(file, draft);
	if (load->problems->n == before)
		check_lift(load, plan, &draft->conf.plan, &draft->conf.edition, 1);
	if (load->problems->n == before && yaml_problems(file) == 0)
		station_warn_of_examples(file, draft);
	return &draft->conf;
}

static struct conf *read_plan_alone(struct load *load, struct yaml_file *file)
{
	struct edition *editions = arena_alloc(load->arena, CONF_EDITIONS_MAX * sizeof(*editions));
	struct conf *conf = arena_alloc(load->arena, sizeof(*conf));
	conf->arena = load->arena;
	if (conf_read_plan(file, &conf->plan))
		check_lift(load, yaml_path(file), &conf->plan, editions,
			   load_editions(load, editions));
	return conf;
}

/* Reads a file of any kind; *ret_conf is set for a station and, the rest empty, for a plan. */
static void read_any(struct load *load, struct yaml_file *file, enum conf_kind kind,
		     struct conf **ret_conf)
{
	switch (kind) {
	case KIND_STATION:
	case KIND_DISTRICT:
		*ret_conf = load_station(load, file, kind == KIND_DISTRICT);
		return;
	case KIND_PLAN:
		*ret_conf = read_plan_alone(load, file);
		return;
	case KIND_EDITION:
		conf_read_edition(file, arena_alloc(load->arena, sizeof(struct edition)));
		return;
	case KIND_PROFILE:
		conf_read_profile(file, arena_alloc(load->arena, sizeof(struct profile)));
		return;
	case KIND_CALENDAR:
		conf_read_calendar(file, arena_alloc(load->arena, sizeof(struct calendar)));
		return;
	case KIND_HJ212:
		conf_read_hj212(file, arena_alloc(load->arena, sizeof(struct hj212_profile)));
		return;
	case KIND_OUTLOOK:
		conf_read_outlook(file, arena_alloc(load->arena, sizeof(struct outlook_model)));
		return;
	}
}

/* A file of one of the kinds (bits 1u << kind); *ret is set for a station or a plan without
 * problems. */
static bool check_file(struct load *load, const char *path, unsigned kinds,
		       enum conf_kind *ret_kind, struct conf **ret)
{
	int before = load->problems->n;
	load->arena = arena_new();
	enum conf_kind kind;
	struct yaml_file *file = conf_open_kind(path, load->arena, load->problems, kinds, &kind);
	struct conf *conf = NULL;
	if (file)
		read_any(load, file, kind, &conf);
	yaml_close(file);
	bool good = load->problems->n == before;
	if (good)
		*ret_kind = kind;
	if (good && conf && ret)
		*ret = conf;
	else
		arena_free(load->arena);
	return good;
}

bool conf_check(const char *path, const char *config_dir, struct problems *problems,
		enum conf_kind *ret_kind, struct conf **ret)
{
	struct load load = {.config_dir = config_dir, .problems = problems};
	return check_file(&load, path, ~0u, ret_kind, ret);
}

bool conf_load(const char *path, const char *config_dir, struct problems *problems,
	       struct conf **ret)
{
	struct load load = {.config_dir = config_dir, .problems = problems};
	enum conf_kind kind;
	return check_file(&load, path, 1u << KIND_STATION | 1u << KIND_DISTRICT, &kind, ret);
}

bool conf_load_rules(const char *edition, const char *plan, const char *config_dir,
		     struct problems *problems, struct conf **ret)
{
	struct arena *arena = arena_new();
	struct load load = {.config_dir = config_dir, .problems = problems, .arena = arena};
	struct conf *conf = arena_alloc(arena, sizeof(*conf));
	int before = problems->n;
	conf->arena = arena;
	load_edition(&load, conf_find_named(config_dir, arena, problems, edition, "aqi"),
		     &conf->edition);
	load_plan(&load, conf_find_named(config_dir, arena, problems, plan, "plans"), &conf->plan);
	if (problems->n == before)
		check_lift(&load, plan, &conf->plan, &conf->edition, 1);
	if (problems->n > before) {
		arena_free(arena);
		return false;
	}
	*ret = conf;
	return true;
}

void conf_load_profiles(const char *config_dir, struct problems *problems, struct conf **ret)
{
	struct arena *arena = arena_new();
	struct load load = {.config_dir = config_dir, .problems = problems, .arena = arena};
	struct conf *conf = arena_alloc(arena, sizeof(*conf));
	const char *paths[CONF_PROFILES_MAX];
	int n = conf_find_all(config_dir, arena, "profiles", CONF_PROFILES_MAX, paths);
	conf->arena = arena;
	for (int i = 0; i < n && i < CONF_PROFILES_MAX; i++) {
		struct profile *profile = read_profile(&load, paths[i]);
		if (profile)
			conf->profiles[conf->n_profiles++] = profile;
	}
	if (n > CONF_PROFILES_MAX)
		problems_add(problems, paths[CONF_PROFILES_MAX - 1], 0, 0,
			     tr("is the last one read; %d profiles more are left out"),
			     n - CONF_PROFILES_MAX);
	*ret = conf;
}

struct conf *conf_free(struct conf *conf)
{
	if (conf)
		arena_free(conf->arena);
	return NULL;
}
