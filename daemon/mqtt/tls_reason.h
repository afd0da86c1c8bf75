/* SPDX-License-Identifier: MIT */
/*
 * Why a TLS connection to the broker is refused, in words: paho only says that it was.
 *
 * Shakes hands on a connection of its own (dial_host) and looks. May take some seconds: the
 * session's thread alone calls it, after a failure.
 */
#ifndef DAEMON_MQTT_TLS_REASON_H
#define DAEMON_MQTT_TLS_REASON_H

#include <stddef.h>

/* Paths of PEM files; cert and key NULL: none. */
struct tls_reason_files {
	const char *ca, *cert, *key;
};

/* Writes the reason, "" if there is nothing wrong to be seen, at most `size` bytes. */
void tls_reason_explain(int fd, const char *host, const struct tls_reason_files *files, char *ret,
			size_t size);

#endif
