/* SPDX-License-Identifier: MIT */
/*
 * Files of kind outlook, hazewatch-outlook(5): what was learnt of the hours of stations -> the
 * model of rules/. Texts and trees live in the arena.
 */
#ifndef DAEMON_CONF_CONF_OUTLOOK_H
#define DAEMON_CONF_CONF_OUTLOOK_H

#include "outlook.h"
#include "yaml.h"

/* `file` is open and its kind is right. True if it has no problems; only then *ret is set. */
bool conf_read_outlook(struct yaml_file *file, struct outlook_model *ret);

/* A copy of it, with its texts and trees in this arena. */
const struct outlook_model *conf_keep_outlook(const struct outlook_model *model,
					      struct arena *arena);

/* A model by its name in the folder outlook, or a file, which counts from the working directory.
 * False after problems. */
bool conf_load_outlook(const char *name, const char *config_dir, struct problems *problems,
		       struct arena *arena, struct outlook_model *ret);

#endif
