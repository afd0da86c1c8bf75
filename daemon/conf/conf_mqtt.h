/* SPDX-License-Identifier: MIT */
/* What a station file says of the broker, and of who may give commands. Values only. */
#ifndef DAEMON_CONF_CONF_MQTT_H
#define DAEMON_CONF_CONF_MQTT_H

#include <stdbool.h>
#include <stdint.h>

#include "sign.h"

#define CONF_CREDENTIAL "credential:" /* before the name of one of systemd's credentials */
#define CONF_KEYS_MAX 4 /* who may give commands: one in use, one to come, and spare */
#define CONF_KEY_NAME_MAX 64
#define CONF_PASSWORD_MAX 255 /* bytes */
#define CONF_HOSTS_MAX 8

/* Whose signature under a command counts. */
struct command_key {
	const char *name;
	struct sign_key public;
	unsigned kinds; /* what it may give: bits 1u << enum command_kind */
};

enum mqtt_confirm { MQTT_CONFIRM_BROKER, MQTT_CONFIRM_PLATFORM };
enum mqtt_version { MQTT_VERSION_5, MQTT_VERSION_AUTO };
enum mqtt_receipts { MQTT_RECEIPTS_UNSIGNED, MQTT_RECEIPTS_SIGNED };

struct mqtt_host {
	const char *name;
	int32_t port;
};

struct mqtt_conf {
	int n_hosts;                            /* 0: no broker configured, nothing is published */
	struct mqtt_host hosts[CONF_HOSTS_MAX]; /* of one broker, tried in turn */
	const char *host;                       /* as written: hosts[0] where there is one */
	int32_t port;                           /* as written, or by default: of hosts without */
	const char *client_id;                  /* default: hazewatch-<station id> */
	const char *username;                   /* NULL if unset */
	int32_t keepalive_s;
	int32_t will_delay_s; /* MQTT 5: how long the broker waits before it says we are lost */
	int version;          /* enum mqtt_version */
	int confirm;          /* enum mqtt_confirm: who ends a row of the outbox */
	bool tls;
	/* Absolute paths, or CONF_CREDENTIAL and a name; read at each connect; NULL if unset. */
	const char *password_file, *ca_file, *cert_file, *key_file;
	const char *cap_code_name, *cap_code; /* CAP's eventCode; NULL: none */
	int n_keys;                           /* 0: commands need no signature */
	struct command_key keys[CONF_KEYS_MAX];
	int receipts; /* enum mqtt_receipts: whether they need a signature, too */
};

#endif
