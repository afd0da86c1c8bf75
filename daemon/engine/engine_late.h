/* SPDX-License-Identifier: MIT */
/* Inside of the engine: minutes that platforms of HJ 212 may have passed already. */
#ifndef DAEMON_ENGINE_ENGINE_LATE_H
#define DAEMON_ENGINE_ENGINE_LATE_H

#include "engine_inside.h"

struct engine_late {
	struct logged *logged;
	int n;
	int64_t now_ms;
};

/* Says of it whether it is the first of its minutes; before it is stored. */
int engine_late_look(struct engine *engine, struct logged *logged);
/* The platforms that get minutes look at those that are late. */
int engine_late_note(struct engine *engine, const struct engine_late *late);

#endif
