/* SPDX-License-Identifier: MIT */
#include "station_draft.h"

#include "conf_hj212.h"
#include "conf_outlook.h"
#include "conf_rules.h"
#include "iaqi.h"
#include "own_index.h"
#include "words.h"

#include <string.h>

static const char *const kind_names[] = {"station",  "plan",     "edition", "profile",
					 "calendar", "district", "hj212",   "outlook"};
#define KIND_COUNT ((int)(sizeof(kind_names) / sizeof(kind_names[0])))

#define CONF_EDITIONS_MAX 8

/* One run over a file and all it names. */
struct load {
	const char *config_dir;
	struct problems *problems;
	struct arena *arena;
	int n_profiles; /* files tried, also those that had problems */
	const char *profile_paths[CONF_PROFILES_MAX];
	struct profile *profiles[CONF_PROFILES_MAX]; /* NULL: had problems */
	struct loaded_loggers loggers;
};

/* The kind is the first key, so that a person and a program see at once what a file is. */
static bool read_file_kind(struct yaml_file *file, enum conf_kind *ret)
{
	yaml_node root = yaml_root(file), key, value;
	if (!yaml_is_map(file, root)) {
		yaml_problem(file, root, tr("%s is not a mapping that begins with the key kind%s"),
			     yaml_found(file, root), yaml_hint(yaml_scalar(file, root)));
		return false;
	}
	const char *name = yaml_pair(file, root, 0, &key, &value);
	if (!name || strcmp(name, "kind") != 0)
		yaml_problem(file, key,
			     tr("the first key is %s; it must be kind, with one of station, plan, "
				"edition, profile, calendar, district, hj212, outlook"),
			     yaml_found(file, key));
	yaml_node kind = yaml_get(file, root, "kind");
	const char *text = yaml_scalar(file, kind);
	for (int i = 0; text && i < KIND_COUNT; i++) {
		if (strcmp(text, kind_names[i]) == 0) {
			*ret = (enum conf_kind)i;
			return true;
		}
	}
	if (kind)
		yaml_problem(file, kind,
			     tr("kind: %s is not one of station, plan, edition, profile, calendar, "
				"district, hj212, outlook"),
			     yaml_found(file, kind));
	return false;
}

/* Opens a file of one of the kinds (bits 1u << kind); NULL after a problem. */
static struct yaml_file *open_kind(const struct load *load, const char *path, unsigned kinds,
				   enum conf_kind *ret)
{
	struct yaml_file *file = yaml_open(path, load->arena, load->problems);
	if (!file || !read_file_kind(file, ret))
		return yaml_close(file);
	if (kinds & 1u << *ret)
		return file;
	const char *wanted = ""; /* a station is named for a district, too */
	for (int i = KIND_COUNT - 1; i >= 0; i--) {
		if (kinds & 1u << i)
			wanted = kind_names[i];
	}
	yaml_problem(file, yaml_get(file, yaml_root(file), "kind"), tr("kind: %s is not %s"),
		     kind_names[*ret], wanted);
	return yaml_close(file);
}

static struct yaml_file *open_named(const struct load *load, const char *path, enum conf_kind want)
{
	enum conf_kind kind;
	return path ? open_kind(load, path, 1u << want, &kind) : NULL;
}

static void load_edition(const struct load *load, const char *path, struct edition *ret)
{
	struct yaml_file *file = open_named(load, path, KIND_EDITION);
	if (file)
		conf_read_edition(file, ret);
	yaml_close(file);
}

static void load_plan(const struct load *load, const char *path, struct plan *ret)
{
	struct yaml_file *file = open_named(load, path, KIND_PLAN);
	if (file)
		conf_read_plan(file, ret);
	yaml_close(file);
}

static void load_calendar(const struct load *load, const char *path, struct calendar *ret)
{
	struct yaml_file *file = open_named(load, path, KIND_CALENDAR);
	if (file)
		conf_read_calendar(file, ret);
	yaml_close(file);
}

static void load_outlook(const struct load *load, const char *path, struct conf *conf)
{
	struct yaml_file *file = open_named(load, path, KIND_OUTLOOK);
	struct outlook_model *model = file ? arena_alloc(load->arena, sizeof(*model)) : NULL;
	if (file && conf_read_outlook(file, model))
		conf->outlook.model = model;
	yaml_close(file);
}

static struct profile *read_profile(struct load *load, const char *path)
{
	struct yaml_file *file = open_named(load, path, KIND_PROFILE);
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

static void load_logger(struct load *load, struct yaml_file *from, struct sensor_draft *sensor)
{
	struct loaded_loggers *loaded = &load->loggers;
	const char *path = conf_find_file(load->config_dir, from, &sensor->profile, "hj212");
	int n = loaded->n, at = path ? station_place_logger(from, sensor, path, loaded) : -1;
	if (at < 0)
		return;
	struct hj212_profile *profile = arena_alloc(load->arena, sizeof(*profile));
	if (at == n &&
	    conf_load_hj212(path, load->config_dir, load->problems, load->arena, profile))
		loaded->profiles[at] = profile;
	station_take_profile(from, loaded->profiles[at], sensor);
}

/* The profiles of the sensors, in the sensors' order; NULL where there was a problem. */
static void load_profiles(struct load *load, struct yaml_file *from, struct station_draft *draft)
{
	for (int i = 0; i < draft->n_sensors; i++) {
		struct sensor_draft *sensor = &draft->sensors[i];
		if (sensor->is_logger)
			load_logger(load, from, sensor);
		else
			sensor->model = load_profile(load, from, &sensor->profile);
	}
	for (int i = 0; i < load->n_profiles; i++)
		draft->conf.profiles[i] = load->profiles[i];
	draft->conf.n_profiles = load->n_profiles;
}

/* The profiles of the platforms; their paths go to the files of the configuration. */
static void load_platforms(const struct load *load, struct yaml_file *from,
			   struct station_draft *draft)
{
	struct conf *conf = &draft->conf;
	for (int i = 0; i < conf->n_platforms; i++) {
		const char *path = conf_find_file(load->config_dir, from,
						  &draft->platforms[i].profile, "hj212");
		struct yaml_file *file = open_named(load, path, KIND_HJ212);
		struct hj212_profile *profile = arena_alloc(load->arena, sizeof(*profile));
		if (file && conf_read_hj212(file, profile))
			conf->platforms[i].profile = profile;
		yaml_close(file);
		if (path)
			conf->files[conf->n_files++] = arena_text(load->arena, path);
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
	for (int i = 0; i < load->loggers.n; i++)
		conf->files[conf->n_files++] = arena_text(load->arena, load->loggers.paths[i]);
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
	note_files(
		load, &draft->conf,
		(const char *[]){yaml_path(file), edition, plan, calendar, draft->roster, outlook});
	load_platforms(load, file, draft);
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
	struct yaml_file *file = open_kind(load, path, kinds, &kind);
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

bool conf_load_hj212(const char *name, const char *config_dir, struct problems *problems,
		     struct arena *arena, struct hj212_profile *ret)
{
	struct load load = {.config_dir = config_dir, .problems = problems, .arena = arena};
	const char *path = conf_find_named(config_dir, arena, problems, name, "hj212");
	struct yaml_file *file = open_named(&load, path, KIND_HJ212);
	bool good = file && conf_read_hj212(file, ret);
	yaml_close(file);
	return good;
}

bool conf_load_outlook(const char *name, const char *config_dir, struct problems *problems,
		       struct arena *arena, struct outlook_model *ret)
{
	struct load load = {.config_dir = config_dir, .problems = problems, .arena = arena};
	const char *path = conf_find_named(config_dir, arena, problems, name, "outlook");
	struct yaml_file *file = open_named(&load, path, KIND_OUTLOOK);
	bool good = file && conf_read_outlook(file, ret);
	yaml_close(file);
	return good;
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

int conf_first_auxiliary(const struct conf *conf)
{
	return conf->n_channels + conf->n_seconds;
}

int conf_behind_channels(const struct conf *conf)
{
	return conf_first_auxiliary(conf) + conf->n_auxiliaries;
}

struct conf *conf_free(struct conf *conf)
{
	if (conf)
		arena_free(conf->arena);
	return NULL;
}
