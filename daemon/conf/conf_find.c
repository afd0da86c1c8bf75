/* SPDX-License-Identifier: MIT */
#include "nearest.h"
#include "plain_file.h"
#include "station_draft.h"
#include "words.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum words_language conf_language(const char *path)
{
	char why[PLAIN_WHY_MAX], line[256];
	bool chinese = false;
	FILE *file = plain_open(path, why);
	while (file && fgets(line, sizeof(line), file)) {
		const char *word = strncmp(line, "language:", 9) == 0 ? line + 9 : "";
		word += strspn(word, " \"'");
		chinese = chinese || strncmp(word, "zh", 2) == 0;
	}
	if (file)
		fclose(file);
	return chinese ? WORDS_CHINESE : WORDS_ENGLISH;
}

static bool ends_in_yaml(const char *text)
{
	size_t length = strlen(text);
	return length > 5 && strcmp(text + length - 5, ".yaml") == 0;
}

static bool is_path(const char *text)
{
	return strchr(text, '/') || ends_in_yaml(text);
}

/* A path counts from the folder of the file that names it. */
static const char *find_path(struct yaml_file *from, const struct file_name *name)
{
	const char *slash = strrchr(yaml_path(from), '/');
	int folder = slash ? (int)(slash - yaml_path(from)) + 1 : 0;
	const char *path = name->text;
	if (path[0] != '/')
		path = arena_format(yaml_arena(from), "%.*s%s", folder, yaml_path(from), path);
	if (access(path, R_OK) == 0)
		return path;
	yaml_problem(from, name->at, tr("the file %s cannot be read: %s"), path, strerror(errno));
	return NULL;
}

#define PLACES 2

/* Where names are looked for, in this order; NULL: no such place. */
static void places_of(const char *config_dir, const char *ret[PLACES])
{
	ret[0] = config_dir;
	ret[1] = HAZEWATCH_DATADIR;
}

static const char *strip_folder(const char *path)
{
	return strrchr(path, '/') + 1;
}

static bool is_named(const char *const *paths, int n, const char *file)
{
	for (int i = 0; i < n; i++) {
		if (strcmp(strip_folder(paths[i]), file) == 0)
			return true;
	}
	return false;
}

/* Files of the folder that no place before it has. */
static int add_files(struct arena *arena, const char *folder, int most, const char **paths, int n)
{
	struct dirent **entries;
	int found = scandir(folder, &entries, NULL, alphasort), before = n < most ? n : most;
	for (int i = 0; i < found; i++) {
		const char *file = entries[i]->d_name;
		if (ends_in_yaml(file) && !is_named(paths, before, file)) {
			if (n < most)
				paths[n] = arena_format(arena, "%s/%s", folder, file);
			n++;
		}
		free(entries[i]);
	}
	if (found >= 0)
		free(entries);
	return n;
}

int conf_find_all(const char *config_dir, struct arena *arena, const char *folder, int most,
		  const char **ret)
{
	const char *places[PLACES];
	int n = 0;
	places_of(config_dir, places);
	for (int i = 0; i < PLACES; i++) {
		if (places[i])
			n = add_files(arena, arena_format(arena, "%s/%s", places[i], folder), most,
				      ret, n);
	}
	return n;
}

#define LISTED_MAX CONF_PROFILES_MAX /* names that a message shows */

/* What could have been meant, for a message after "is not found"; "" where there is nothing. */
static const char *propose_names(struct arena *arena, const char *config_dir, const char *name,
				 const char *folder)
{
	const char *paths[LISTED_MAX], *names = "", *nearest = NULL;
	int n = conf_find_all(config_dir, arena, folder, LISTED_MAX, paths), fewest = INT_MAX;
	for (int i = 0; i < n && i < LISTED_MAX; i++) {
		const char *file = strip_folder(paths[i]);
		const char *one = arena_format(arena, "%.*s", (int)(strlen(file) - 5), file);
		int edits = nearest_edits(name, one);
		names = arena_format(arena, "%s%s%s", names, names[0] ? ", " : "", one);
		if (edits < fewest) {
			fewest = edits;
			nearest = one;
		}
	}
	if (n == 0)
		return "";
	if (nearest_is_slip(name, fewest))
		return arena_format(arena, tr(": did you mean %s? There are %s"), nearest, names);
	return arena_format(arena, tr(": there are %s"), names);
}

/* NULL if no place has it; *ret_tried names them. */
static const char *search_places(struct arena *arena, const char *config_dir, const char *name,
				 const char *folder, const char **ret_tried)
{
	const char *places[PLACES];
	const char *tried = "";
	places_of(config_dir, places);
	for (int i = 0; i < PLACES; i++) {
		if (!places[i])
			continue;
		const char *path = arena_format(arena, "%s/%s/%s.yaml", places[i], folder, name);
		if (access(path, F_OK) == 0)
			return path;
		tried = arena_format(arena, "%s%s%s", tried, tried[0] ? ", " : "", path);
	}
	*ret_tried = tried;
	return NULL;
}

static const char *find_name(const char *config_dir, struct yaml_file *from,
			     const struct file_name *name, const char *folder)
{
	const char *tried;
	const char *path = search_places(yaml_arena(from), config_dir, name->text, folder, &tried);
	if (path)
		return path;
	yaml_problem(from, name->at, tr("%s is not found%s; looked for %s"),
		     yaml_found(from, name->at),
		     propose_names(yaml_arena(from), config_dir, name->text, folder), tried);
	return NULL;
}

const char *conf_find_file(const char *config_dir, struct yaml_file *from,
			   const struct file_name *name, const char *folder)
{
	if (!name->text)
		return NULL;
	if (is_path(name->text))
		return find_path(from, name);
	return find_name(config_dir, from, name, folder);
}

const char *conf_find_named(const char *config_dir, struct arena *arena, struct problems *problems,
			    const char *text, const char *folder)
{
	const char *tried;
	if (is_path(text))
		return text;
	const char *path = search_places(arena, config_dir, text, folder, &tried);
	if (!path)
		problems_add(problems, text, 0, 0, tr("is not found%s; looked for %s"),
			     propose_names(arena, config_dir, text, folder), tried);
	return path;
}

bool conf_profile_is_there(const char *name, const char *config_dir, struct problems *problems)
{
	struct arena *arena = arena_new();
	bool there = conf_find_named(config_dir, arena, problems, name, "profiles");
	arena_free(arena);
	return there;
}

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
const char *station_find_outlook(const char *config_dir, struct yaml_file *file,
				 const struct station_draft *draft)
{
	if (draft->conf.outlook.show == OUTLOOK_SHOW_OFF)
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

void station_read_path(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	static const struct yaml_key as_text = {.type = YAML_TYPE_TEXT, .min = 1, .max = 1023};
	const char *text = NULL;
	yaml_read_value(file, node, &as_text, &text);
	if (text && text[0] != '/')
		yaml_problem(file, node, tr("%s is not an absolute path, one that begins with /"),
			     yaml_found(file, node));
	else if (text)
		*(const char **)object = text;
}
