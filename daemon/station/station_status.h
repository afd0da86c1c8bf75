/* SPDX-License-Identifier: MIT */
/* What the station says of itself to `hazewatch status`, `watch` and `read`. */
#ifndef DAEMON_STATION_STATION_STATUS_H
#define DAEMON_STATION_STATION_STATUS_H

/* JSON, heap; NULL: no memory. `ctx` is the station. */
char *station_tell(void *ctx);
/* The newest poll of a sensor, likewise. */
char *station_tell_sensor(void *ctx, int bus, int device);

#endif
