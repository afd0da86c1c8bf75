/* SPDX-License-Identifier: MIT */
/*
 * What people may ask of the running daemon over the control socket, and the answers.
 */
#ifndef DAEMON_COMMANDS_CONTROL_ANSWERS_H
#define DAEMON_COMMANDS_CONTROL_ANSWERS_H

#include "clock.h"
#include "control.h"
#include "control_list.h"
#include "inbox.h"
#include "loop.h"
#include "sensor_marks.h"
#include "store.h"

struct control_answers {
	const struct conf *conf;
	struct store *store;
	struct inbox *inbox;
	struct sensor_marks *marks;
	const struct clock *clock;
	struct control *control;
	struct list_taking list;
	int list_fd; /* readable while a list is taken over */
	/* the station's own words, JSON on the heap; NULL: nobody asks for them */
	char *(*tell)(void *ctx);
	/* and what the newest poll of a sensor brought; NULL without memory */
	char *(*tell_sensor)(void *ctx, int bus, int device);
	void *ctx;
};

/* -ENOMEM. Conf and clock must live on. */
int control_answers_init(struct control_answers *answers, const struct conf *conf,
			 const struct clock *clock);

/*
 * Takes back the maintenance that an earlier run stored, and opens the socket: $RUNTIME_DIRECTORY,
 * as systemd gives it, else the folder of the databases. A socket that cannot be opened is told and
 * done without. Negative errno of the loop.
 */
int control_answers_begin(struct control_answers *answers, struct store *store, struct inbox *inbox,
			  struct loop *loop);

/* Once a second: idle connections, and what sensors are busy with. True if that changed. */
bool control_answers_look(struct control_answers *answers, struct health_report *report);

void control_answers_end(struct control_answers *answers);

#endif
