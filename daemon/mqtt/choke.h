/* SPDX-License-Identifier: MIT */
/*
 * What to do about a message that is larger than the memory allowed: it costs the connection, and
 * it comes again with every connection of the session. After CHOKE_LOSSES such losses no command
 * is asked for, and the session with what waits in it is given up, for CHOKE_DEAF_MS. Pure; times
 * are monotonic.
 */
#ifndef DAEMON_MQTT_CHOKE_H
#define DAEMON_MQTT_CHOKE_H

#include <stdbool.h>
#include <stdint.h>

#define CHOKE_LOSSES 3
#define CHOKE_DEAF_MS (3600 * 1000)

struct choke {
	int losses;       /* in a row */
	int64_t until_ms; /* deaf until then; 0: it hears */
};

/* A connection was lost by such a message. */
void choke_lost(struct choke *choke, int64_t now_ms);
/* A connection on which commands come has held. */
void choke_held(struct choke *choke);

/* True once when it is time to ask for commands again; one more loss is enough then. */
bool choke_is_over(struct choke *choke, int64_t now_ms);

#endif
