/* SPDX-License-Identifier: MIT */
/*
 * The parts of a plan's file: when a level is called for (conf_levels.c), who acts and what
 * (conf_measures.c). Between these and conf_plan.c only.
 */
#ifndef DAEMON_CONF_PLAN_DRAFT_H
#define DAEMON_CONF_PLAN_DRAFT_H

#include <stddef.h>

#include "plan.h"
#include "yaml.h"

/* Reads the list `levels` into a struct plan, whose cuts are CUT_UNSAID before. */
void conf_levels_read(struct yaml_file *file, yaml_node node, int index, void *object);

/* What is said in one language is said in the other. */
void conf_check_both(struct yaml_file *file, yaml_node node, const char *zh, const char *en);

/* What a plan file is read into. Keys without an offset write to the plan, so it comes first. */
struct plan_draft {
	struct plan plan;
	const char *kind; /* for the reader of the file */
	int counting, bulletin_max;
	const char *replaces[PLAN_MEASURES_MAX]; /* ids, looked up when all measures are known */
};
_Static_assert(offsetof(struct plan_draft, plan) == 0, "plan_draft begins with plan");

/* A unit of the list `units`. */
void conf_unit_read(struct yaml_file *file, yaml_node node, int index, void *object);

/* An exemption of the list `exemptions`. */
void conf_exemption_read(struct yaml_file *file, yaml_node node, int index, void *object);

/* Measures and the release slip, once the units are known. */
void conf_measures_read(struct yaml_file *file, struct plan_draft *draft);

#define CONF_TEXT_TOP 1000
#define CONF_TEXT(name, type, member, must)                                                        \
	{                                                                                          \
		name, YAML_TYPE_TEXT, .required = must, .offset = offsetof(type, member),          \
				      .min = 1, .max = CONF_TEXT_TOP                               \
	}
#define CONF_ID(name, type, member, must)                                                          \
	{                                                                                          \
		name, YAML_TYPE_ID, .required = must, .offset = offsetof(type, member)             \
	}

#endif
