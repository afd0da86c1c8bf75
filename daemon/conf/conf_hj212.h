/* SPDX-License-Identifier: MIT */
/*
 * Files of kind hj212, hazewatch-hj212(5): how one side of HJ 212 speaks -> the model of sensors/.
 * Texts live in the arena.
 */
#ifndef DAEMON_CONF_CONF_HJ212_H
#define DAEMON_CONF_CONF_HJ212_H

#include "hj212_factor.h"
#include "yaml.h"

#define CONF_HJ212_MAX 24 /* profiles of data loggers and platforms */

/* `file` is open and its kind is right. True if it has no problems; only then *ret is set. */
bool conf_read_hj212(struct yaml_file *file, struct hj212_profile *ret);

/* A profile by its name in the folder hj212, or a file, which counts from the working directory.
 * False after problems. */
bool conf_load_hj212(const char *name, const char *config_dir, struct problems *problems,
		     struct arena *arena, struct hj212_profile *ret);

/* Those that a file names, by path, each read once; NULL: had problems. */
struct loaded_hj212 {
	int n;
	const char *paths[CONF_HJ212_MAX];
	struct hj212_profile *profiles[CONF_HJ212_MAX];
};
struct hj212_profile *conf_load_hj212_once(const char *path, struct yaml_file *from, yaml_node at,
					   struct problems *problems, struct loaded_hj212 *loaded);

#endif
