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

static const char *find_name(const char *config_dir, struct yaml_file *from,
			     const struct file_name *name, const char *folder)
{
	struct arena *arena = yaml_arena(from);
	const char *const places[] = {config_dir, "config", HAZEWATCH_DATADIR};
	const char *tried = "";
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (!places[i])
			continue;
		const char *path =
			arena_format(arena, "%s/%s/%s.yaml", places[i], folder, name->text);
		if (access(path, F_OK) == 0)
			return path;
		tried = arena_format(arena, "%s%s%s", tried, tried[0] ? ", " : "", path);
	}
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
