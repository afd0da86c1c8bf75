/* SPDX-License-Identifier: MIT */
#include "conf_open.h"

#include <string.h>

#include "words.h"

static const char *const kind_names[] = {"station",  "plan",     "edition", "profile",
					 "calendar", "district", "hj212",   "outlook"};
#define KIND_COUNT ((int)(sizeof(kind_names) / sizeof(kind_names[0])))

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

struct yaml_file *conf_open_kind(const char *path, struct arena *arena, struct problems *problems,
				 unsigned kinds, enum conf_kind *ret)
{
	struct yaml_file *file = yaml_open(path, arena, problems);
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

struct yaml_file *conf_open(const char *path, struct arena *arena, struct problems *problems,
			    enum conf_kind want)
{
	enum conf_kind kind;
	return path ? conf_open_kind(path, arena, problems, 1u << want, &kind) : NULL;
}
