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

/* Whether cuts rise, and conditions and releases go together; the latter once the former can be
 * read, since part 0 of a condition moves to the base. */
void conf_cuts_check(struct yaml_file *file, yaml_node levels, const struct plan *plan);
void conf_conditions_check(struct yaml_file *file, yaml_node levels, struct plan *plan);

/* The name of an index into an int: one of the two AQIs, or a code until conf_index_keep has put
 * the plan's own in its place; -1 after a problem. */
void conf_index_read(struct yaml_file *file, yaml_node node, int at, void *object);
bool conf_index_is_daily(int index);
void conf_index_check_top(struct yaml_file *file, yaml_node map, int index, const char *key,
			  int32_t threshold);
bool conf_index_keep(struct yaml_file *file, yaml_node levels, struct plan *plan);

/* What ends a level, of a struct plan_release; a season; a date into year * 10000 + month * 100 +
 * day. */
extern const struct yaml_key conf_release_keys[];
void conf_season_read(struct yaml_file *file, yaml_node node, int index, void *object);
void conf_date_read(struct yaml_file *file, yaml_node node, int index, void *object);

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
