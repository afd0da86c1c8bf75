/* SPDX-License-Identifier: MIT */
/* Of a district: how far what it relays has come, station by station. */
#ifndef DAEMON_MESSAGES_PAYLOAD_RELAY_H
#define DAEMON_MESSAGES_PAYLOAD_RELAY_H

#include "payload.h"
#include "relays.h"

enum relay_state {
	RELAY_WAITING,
	RELAY_ACCEPTED,
	RELAY_REFUSED,         /* for good */
	RELAY_REFUSED_FOR_NOW, /* it is tried again: nothing is wrong with what it says */
};

enum station_presence { STATION_UNHEARD, STATION_AWAY, STATION_THERE };
/* "unheard", "offline", "online" */
const char *station_presence_name(enum station_presence presence);

struct relay_delivery {
	enum station_presence presence;
	uint8_t got[RELAYS_MAX]; /* enum relay_state of each command */
};

struct relay_view {
	int n; /* commands that are relayed now */
	const struct relay_command *commands;
	const struct relay_delivery *stations; /* as in conf's roster */
};

bool relay_is_refused(const struct relay_delivery *delivery, int command);
/* How many of the n commands a station has not accepted and not refused; refused. */
int relay_count_waiting(const struct relay_delivery *delivery, int n);
int relay_count_refused(const struct relay_delivery *delivery, int n);

/* The id that the city gave a command: it stands in its name. */
const char *relay_command_id(const struct relay_command *command);

/* The topic `relay`, at most 15 KiB: as many stations are named as there is room for. */
char *payload_relay(const struct payload_head *head, const struct relay_view *view);

#endif
