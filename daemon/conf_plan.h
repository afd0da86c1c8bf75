/* SPDX-License-Identifier: MIT */
/*
 * The part of a plan's file that says when a level is called for. Between conf_plan.c and
 * conf_levels.c only.
 */
#ifndef DAEMON_CONF_PLAN_H
#define DAEMON_CONF_PLAN_H

#include "plan.h"
#include "yaml.h"

/* Reads the value of the key `levels` into a struct plan, whose cuts are CUT_UNSAID before. */
void conf_levels_read(struct yaml_file *file, yaml_node node, int index, void *object);

#endif
