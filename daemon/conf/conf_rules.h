/* SPDX-License-Identifier: MIT */
/*
 * Files of kind plan, edition, calendar and profile -> the models of rules/ and sensors/,
 * cross-checked with positions. `file` is open and its kind is right; texts and models live in its
 * arena. True if the file has no problems; the model is only then to be used.
 */
#ifndef DAEMON_CONF_CONF_RULES_H
#define DAEMON_CONF_CONF_RULES_H

#include "calendar.h"
#include "edition.h"
#include "plan.h"
#include "profile.h"
#include "yaml.h"

bool conf_read_edition(struct yaml_file *file, struct edition *ret);
bool conf_read_plan(struct yaml_file *file, struct plan *ret);
bool conf_read_calendar(struct yaml_file *file, struct calendar *ret);
bool conf_read_profile(struct yaml_file *file, struct profile *ret);

/* The `each` of a key: a pollutant by its key, into an int32_t. */
void conf_pollutant_read(struct yaml_file *file, yaml_node node, int index, void *object);

#endif
