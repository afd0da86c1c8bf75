/* SPDX-License-Identifier: MIT */
/*
 * Samples that wait on the station axis until it is known what time it is (design: an hour closes
 * on a trusted clock). Bounded: when it is full the oldest go, and are counted.
 */
#ifndef DAEMON_WAITING_H
#define DAEMON_WAITING_H

#include <stdbool.h>
#include <stdint.h>

#include "sample.h"

#define WAITING_MAX 32768 /* 30 minutes of 16 channels at 1 s */

struct waiting;

struct waiting *waiting_new(void);
struct waiting *waiting_free(struct waiting *waiting);
void waiting_put(struct waiting *waiting, const struct sample *sample);
/* The oldest one, left or taken; false if none waits. */
bool waiting_oldest(const struct waiting *waiting, struct sample *ret);
bool waiting_take(struct waiting *waiting, struct sample *ret);
uint64_t waiting_count(const struct waiting *waiting);
uint64_t waiting_lost(const struct waiting *waiting);

#endif
