/* SPDX-License-Identifier: MIT */
/*
 * Commands from the network: who may give them, whether they are whole, and what is answered.
 *
 * A message that arrives retained is ignored and counted, except a forecast. Where keys are
 * configured, all but receipts must be signed in the contract's envelope, for this station, with a
 * counter that rises, and not too late. A command that is refused here has no effect; it is told in
 * one log line and on `reply`. Main thread.
 */
#ifndef DAEMON_INBOX_H
#define DAEMON_INBOX_H

#include "conf.h"
#include "engine.h"
#include "mqtt.h"
#include "store.h"

#define INBOX_HELD_MAX 256 /* commands that wait until it is known what time it is */

struct inbox;

/* All is borrowed for good. NULL without memory. */
struct inbox *inbox_new(const struct conf *conf, struct store *store, struct engine *engine);
struct inbox *inbox_free(struct inbox *inbox);

/* Takes one MQTT_EVENT_COMMAND (ctx: the inbox), and its payload with it: it waits for inbox_work.
 * One too many is dropped and counted. */
void inbox_put(void *ctx, const struct mqtt_event *event);

/* Gives what waits to the engine. Not to be called before it is known what time it is. */
void inbox_work(struct inbox *inbox, int64_t now_ms, enum time_quality time_quality);

struct command_counts inbox_counts(const struct inbox *inbox);

#endif
