/* SPDX-License-Identifier: MIT */
/*
 * One poll of one device of a bus: opens the link, asks, judges the health of link and device, and
 * emits a sample for every channel. Decides whether a device may be asked, never when.
 *
 * Used by the thread of the bus alone.
 */
#ifndef SENSORS_POLLER_H
#define SENSORS_POLLER_H

#include <stdatomic.h>
#include <stdbool.h>

#include "bus.h"

struct poller;

/* `stopping` comes true before the line is interrupted: from then on nothing is emitted or told.
 * All that is passed in lives on, the master's ctx too. NULL: no memory. */
struct poller *poller_new(const struct bus_conf *conf, const struct bus_env *env, int index,
			  const atomic_bool *stopping, const struct master *master);
struct poller *poller_free(struct poller *poller);

/* Polls the device of that index and emits its samples; true if every value was read. */
bool poller_poll(struct poller *poller, int device);

void poller_close(struct poller *poller);

/* From another thread: ends a poll that is under way. */
void poller_interrupt(struct poller *poller);

#endif
