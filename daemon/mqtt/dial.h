/* SPDX-License-Identifier: MIT */
/*
 * A TCP connection of our own, to see and say why the MQTT library gets none: it only says that it
 * got none. May take seconds.
 */
#ifndef DAEMON_MQTT_DIAL_H
#define DAEMON_MQTT_DIAL_H

#include <stdbool.h>

#define DIAL_WHY_MAX 160

/* A connected socket with time-outs of DIAL_PATIENCE_S, to be closed. -1: why not, in words;
 * *ret_refused: nobody listens at any of the host's addresses. */
#define DIAL_PATIENCE_S 3
int dial_host(const char *host, int port, char why[DIAL_WHY_MAX], bool *ret_refused);

#endif
