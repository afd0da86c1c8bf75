/* SPDX-License-Identifier: MIT */
/* What a station of a district tells of an hour (its `aqi`) -> values. */
#ifndef DAEMON_MESSAGES_STATION_HOUR_H
#define DAEMON_MESSAGES_STATION_HOUR_H

#include "command.h"
#include "point_hours.h"

/* Under this kind the spool keeps it: the station's id, which the topic names, a line end, the
 * message. */
#define STATION_HOUR_KIND "aqi"

/* Makes such an entry of a message, with what is read of it alone, so that many find room; a
 * message that cannot be read stays as it is. To be freed; NULL without memory. */
char *station_hour_entry(const char *station, const char *message, size_t n);

/* Reads such an entry; false and why if it is none. */
bool station_hour_parse(const char *text, size_t n, struct point_hour *ret,
			char why[COMMAND_TEXT_MAX]);

#endif
