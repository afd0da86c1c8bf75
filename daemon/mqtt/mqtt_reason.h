/* SPDX-License-Identifier: MIT */
/*
 * A broker's reason codes in words (MQTT 5, 2.4; MQTT 3.1.1, 3.2.2.3), with their number and, where
 * somebody can do something, what to look at. Pure.
 */
#ifndef DAEMON_MQTT_MQTT_REASON_H
#define DAEMON_MQTT_MQTT_REASON_H

#include <stdbool.h>

#define MQTT_REASON_MAX 128

/* Those that decide something here. */
#define MQTT_OLD_VERSION 1 /* so a broker of 3.1.1 refuses MQTT 5 */
#define MQTT_OLD_REFUSED 5 /* the highest code of such a broker */
#define MQTT_WRONG_VERSION 0x84
#define MQTT_TAKEN_OVER 0x8e /* another client came with our id */
#define MQTT_TOO_LARGE 0x95
#define MQTT_NO_RETAIN 0x9a
#define MQTT_NO_QOS 0x9b
#define MQTT_HUNG_UP 0x100 /* ours: no code at all, whenever this was sent */
#define MQTT_CHOKED 0x101  /* ours: what came in was larger than the memory allowed */

/* Whether what was sent last may be why the broker hung up with that code; 0: it gave none. */
bool mqtt_reason_blames(int code);

/* "reason 135, not authorised: look at its ACL"; returns ret. */
const char *mqtt_reason_text(int code, char ret[MQTT_REASON_MAX]);

#endif
