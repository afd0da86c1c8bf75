/* SPDX-License-Identifier: MIT */
#include "conf_station.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool is_path(const char *text)
{
	size_t length = strlen(text);
	return strchr(text, '/') || (length > 5 && strcmp(text + length - 5, ".yaml") == 0);
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
	yaml_problem(from, name->at, "the file %s cannot be read: %s", path, strerror(errno));
	return NULL;
}

/* NULL if no place has it; *ret_tried names them. */
static const char *search(struct arena *arena, const char *config_dir, const char *name,
			  const char *folder, const char **ret_tried)
{
	const char *const places[] = {config_dir, "config", HAZEWATCH_DATADIR};
	const char *tried = "";
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
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
	const char *path = search(yaml_arena(from), config_dir, name->text, folder, &tried);
	if (path)
		return path;
	yaml_problem(from, name->at, "%s is not found; looked for %s", yaml_found(from, name->at),
		     tried);
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
	const char *path = search(arena, config_dir, text, folder, &tried);
	if (!path)
		problems_add(problems, text, 0, 0, "is not found; looked for %s", tried);
	return path;
}
