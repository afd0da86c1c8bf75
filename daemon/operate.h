/* SPDX-License-Identifier: MIT */
/*
 * What people may ask of the running daemon over the control socket, and the answers.
 */
#ifndef DAEMON_OPERATE_H
#define DAEMON_OPERATE_H

#include "clock.h"
#include "control.h"
#include "loop.h"
#include "store.h"
#include "upkeep.h"

struct operate {
	const struct conf *conf;
	struct store *store;
	struct upkeep *upkeep;
	const struct clock *clock;
	struct control *control;
};

/* -ENOMEM. Conf and clock must live on. */
int operate_init(struct operate *operate, const struct conf *conf, const struct clock *clock);

/*
 * Takes back the maintenance that an earlier run stored, and opens the socket: $RUNTIME_DIRECTORY,
 * as systemd gives it, else the folder of the databases. A socket that cannot be opened is told and
 * done without. Negative errno of the loop.
 */
int operate_begin(struct operate *operate, struct store *store, struct loop *loop);

/* Once a second: idle connections, and what sensors are busy with. True if that changed. */
bool operate_look(struct operate *operate, struct health_report *report);

void operate_end(struct operate *operate);

#endif
