/* SPDX-License-Identifier: MIT */
/*
 * A request of the control socket: the reduction list that `hazewatch list import` stored in a
 * folder beside the databases becomes the list in force, whole or not at all. For who may write
 * there: root and the daemon's own user.
 */
#ifndef DAEMON_COMMANDS_CONTROL_LIST_H
#define DAEMON_COMMANDS_CONTROL_LIST_H

#include "conf.h"
#include "control_line.h"
#include "store.h"

void control_take_list(const struct conf *conf, struct store *store, struct control_answer *ret);

#endif
