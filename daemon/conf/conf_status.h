/* SPDX-License-Identifier: MIT */
/*
 * The keys `status` and `identity` of a profile: registers that say how a device is and which one
 * it is.
 */
#ifndef DAEMON_CONF_CONF_STATUS_H
#define DAEMON_CONF_CONF_STATUS_H

#include "profile.h"
#include "yaml.h"

/* The object is a struct profile_status; present only without a problem. */
void conf_read_status(struct yaml_file *file, yaml_node node, int index, void *object);

/* The object is a struct profile_identity; present only without a problem. */
void conf_read_identity(struct yaml_file *file, yaml_node node, int index, void *object);

#endif
