/* SPDX-License-Identifier: MIT */
/* Our files, opened by their kind. */
#ifndef DAEMON_CONF_CONF_OPEN_H
#define DAEMON_CONF_CONF_OPEN_H

#include "conf.h"

/* A file of one of the kinds (bits 1u << kind); NULL after a problem. */
struct yaml_file *conf_open_kind(const char *path, struct arena *arena, struct problems *problems,
				 unsigned kinds, enum conf_kind *ret);
/* A file of this kind; NULL for NULL or after a problem. */
struct yaml_file *conf_open(const char *path, struct arena *arena, struct problems *problems,
			    enum conf_kind want);

#endif
