/* SPDX-License-Identifier: MIT */
/*
 * How much of a bus's time its polls take at the least: line time, with devices that answer at
 * once. Pure; knows nothing of how a network behaves.
 */
#ifndef SENSORS_CYCLE_H
#define SENSORS_CYCLE_H

#include "bus.h"

/* Milliseconds that one poll of the device keeps a serial line busy, silences included; on a
 * connection, the pauses alone. */
double cycle_device_ms(const struct device_conf *device, const struct link_conf *link);

/* The share of the line's time that these take, 1: all of it. */
double cycle_load(const struct bus_conf *bus);

/* Requests a second that the bus makes. */
double cycle_requests_per_s(const struct bus_conf *bus);

#endif
