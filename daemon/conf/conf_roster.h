/* SPDX-License-Identifier: MIT */
/*
 * A district's stations: a file of comma-separated values with the columns id and role. Only
 * assessment points make the district's values (HJ 663 A.2); who the others are is told.
 */
#ifndef DAEMON_CONF_CONF_ROSTER_H
#define DAEMON_CONF_CONF_ROSTER_H

#include <stdbool.h>

#include "arena.h"
#include "district.h"
#include "problems.h"

#define ROSTER_MAX 1024
#define ROSTER_ID_SIZE 33 /* bytes of a station's id, the NUL included */

enum station_role { ROLE_ASSESSMENT, ROLE_TRAFFIC, ROLE_BACKGROUND, ROLE_MICRO };
/* "assessment", ... */
const char *station_role_name(enum station_role role);

struct roster_station {
	char id[ROSTER_ID_SIZE];
	enum station_role role;
};

struct roster {
	const char *path; /* NULL: it is no district */
	int n, n_points;  /* assessment points come first, n_points of them */
	struct roster_station *stations;
};

/* The place of a station in the roster; -1: it is not there. */
int roster_find(const struct roster *roster, const char *id);

/* Reads the file of a district `own` (NULL: not known), which is no station of its own; every
 * problem is told with its place. False after one. */
bool conf_read_roster(const char *path, const char *own, struct arena *arena,
		      struct problems *problems, struct roster *ret);

#endif
