/* SPDX-License-Identifier: MIT */
/* A district's voice to its stations, and the district that a station belongs to. Values only. */
#ifndef DAEMON_CONF_CONF_RELAY_H
#define DAEMON_CONF_CONF_RELAY_H

#include <stdint.h>

/* Of a district: what it signs with what it says to its stations. */
struct relay_conf {
	const char *key_file; /* absolute path of a private key in PEM, as of sign.h; NULL: it is
				 mute */
	const char *key_name; /* under which the stations know it */
};

/* Of a station. */
struct district_conf {
	const char *id;      /* NULL: it belongs to none */
	int32_t cut_off_min; /* minutes of station time without a sign of life of it, 1..1440 */
};

#endif
