/* SPDX-License-Identifier: MIT */
/*
 * One poll of one sensor of a station whose daemon does not run: as its daemon would make it, by
 * the same poller and under the same lock of a serial line. Reads only.
 */
#ifndef DAEMON_CLI_READ_OWN_POLL_H
#define DAEMON_CLI_READ_OWN_POLL_H

#include "conf.h"

struct own_poll {
	struct bus_reading reading;
	int64_t age_ms;
	int link_errno; /* why the line could not be asked, 0: it could */
};

/* Negative errno if the line cannot be opened as it is described. */
int own_poll(const struct conf *conf, int bus, int device, struct own_poll *ret);

#endif
