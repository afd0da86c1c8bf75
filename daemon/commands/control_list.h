/* SPDX-License-Identifier: MIT */
/*
 * A request of the control socket: the reduction list that `hazewatch list import` stored in a
 * folder beside the databases becomes the list in force, whole or not at all; piece by piece, so
 * that nothing waits for it. For who may write there: root and the daemon's own user.
 */
#ifndef DAEMON_COMMANDS_CONTROL_LIST_H
#define DAEMON_COMMANDS_CONTROL_LIST_H

#include "conf.h"
#include "control_line.h"
#include "sources.h"
#include "store.h"

/* All 0: nothing was ever taken over. */
struct list_taking {
	struct store *store, *from;    /* from NULL: none is being taken over */
	int64_t number;                /* of the version in `from` */
	struct source_list head;       /* as it will be */
	char after[SOURCE_ID_MAX];     /* the source that was taken last */
	int done;                      /* sources */
	bool clears;                   /* what is of no version goes first, */
	bool taken;                    /* and in the end what is too old */
	char result[CONTROL_TEXT_MAX]; /* of the last one; "": there was none */
	bool good;
};

/* Begins, or refuses: one at a time, none while the disk fails or without the room for it. */
void control_begin_list(struct list_taking *taking, const struct conf *conf, struct store *store,
			struct control_answer *ret);
/* How far it is, "taking 300 of 20000", or what became of the last one. */
void control_tell_list(const struct list_taking *taking, struct control_answer *ret);

/* A piece in a transaction of its own; false: there is nothing left to do. */
bool control_work_list(struct list_taking *taking);
/* What is not whole is forgotten; may be called at any time. */
void control_end_list(struct list_taking *taking);

#endif
