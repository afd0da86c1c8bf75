/* SPDX-License-Identifier: MIT */
/*
 * Two requests of the control socket: a command of the contract that a person types on this
 * machine, and what was answered to it. Root and the daemon's own user need no key for it; whoever
 * else may ask needs one that is for its kind, whatever the station file says.
 */
#ifndef DAEMON_COMMANDS_CONTROL_COMMANDS_H
#define DAEMON_COMMANDS_CONTROL_COMMANDS_H

#include "control.h"
#include "inbox.h"

/* "kind" and "payload", the exact text that would go under cmd/KIND; of root, and of
 * who cannot be known for a user namespace, also "login": who they say they are. */
void control_take_command(struct inbox *inbox, const struct control_peer *peer,
			  const struct control_request *request, struct control_answer *ret);

/* "kind" and "id": the body is the message on `reply`; without one it is not judged yet. */
void control_tell_reply(const struct inbox *inbox, const struct control_request *request,
			struct control_answer *ret);

#endif
