/* SPDX-License-Identifier: MIT */
/* Which model the outlook of 24 hours of a station has. */
#include "conf_outlook.h"
#include "station_draft.h"
#include "words.h"

#include <string.h>

#define MODELS_MAX 32

/* NULL: it is not there. */
static const char *find_default(const char *config_dir, struct arena *arena)
{
	const char *paths[MODELS_MAX];
	int n = conf_find_all(config_dir, arena, "outlook", MODELS_MAX, paths);
	for (int i = 0; i < n && i < MODELS_MAX; i++) {
		if (strcmp(strrchr(paths[i], '/') + 1, CONF_OUTLOOK_DEFAULT ".yaml") == 0)
			return paths[i];
	}
	return NULL;
}

/* Where nobody names one and the default is not there, there is no outlook. */
static const char *find_model(const char *config_dir, struct yaml_file *file,
			      const struct station_draft *draft)
{
	if (draft->is_district || draft->conf.outlook.show == OUTLOOK_SHOW_OFF)
		return NULL;
	if (draft->outlook.text)
		return conf_find_file(config_dir, file, &draft->outlook, "outlook");
	const char *path = find_default(config_dir, yaml_arena(file));
	if (!path && draft->conf.outlook.show == OUTLOOK_SHOW_ON)
		yaml_problem(file, yaml_get(file, yaml_root(file), "outlook"),
			     tr("outlook: the model %s is not found; name another with "
				"outlook_model"),
			     CONF_OUTLOOK_DEFAULT);
	return path;
}

static const struct outlook_model *load_model(const char *path, const char *config_dir,
					      struct problems *problems, struct arena *arena)
{
	struct outlook_model *model = arena_alloc(arena, sizeof(*model));
	return conf_load_outlook(path, config_dir, problems, arena, model) ? model : NULL;
}

const char *station_load_outlook(const char *config_dir, struct problems *problems,
				 struct yaml_file *file, struct station_draft *draft)
{
	const char *path = find_model(config_dir, file, draft);
	if (path)
		draft->conf.outlook.model =
			load_model(path, config_dir, problems, yaml_arena(file));
	return path;
}

bool conf_add_outlook(const char *model, const char *config_dir, struct problems *problems,
		      struct conf *conf)
{
	conf->outlook.model = load_model(model, config_dir, problems, conf->arena);
	return conf->outlook.model != NULL;
}
