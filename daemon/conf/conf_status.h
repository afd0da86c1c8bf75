/* SPDX-License-Identifier: MIT */
/*
 * The keys `status`, `identity`, `expect` and `alive` of a profile: registers beside the rows,
 * which say how a device is, which one it is, that it is set as it must be, and that it lives.
 */
#ifndef DAEMON_CONF_CONF_STATUS_H
#define DAEMON_CONF_CONF_STATUS_H

#include "profile.h"
#include "readplan.h"
#include "yaml.h"

/* What stands beside the rows, and where in the file. */
struct profile_beside {
	struct profile *profile; /* it goes there */
	int n;
	struct {
		yaml_node node;
		struct request wanted;
	} places[READPLAN_REQUESTS_MAX];
};

/* A mapping, or a list of them, that speaks for these rows. */
void conf_read_statuses(struct yaml_file *file, yaml_node node, uint32_t rows,
			struct profile_beside *beside);

/* The object is a struct profile_beside; nothing is taken from a mapping with a problem. */
void conf_read_status(struct yaml_file *file, yaml_node node, int index, void *object);
void conf_read_expect(struct yaml_file *file, yaml_node node, int index, void *object);
void conf_read_identity(struct yaml_file *file, yaml_node node, int index, void *object);
void conf_read_alive(struct yaml_file *file, yaml_node node, int index, void *object);

#endif
