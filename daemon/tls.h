/* SPDX-License-Identifier: MIT */
/*
 * Why a TLS connection to the broker is refused, in words: paho only says that it was.
 *
 * Makes a connection of its own, looks, and closes it. May take some seconds: the session's thread
 * alone calls it, after a failure.
 */
#ifndef DAEMON_TLS_H
#define DAEMON_TLS_H

#include <stddef.h>

/* Paths of PEM files; cert and key NULL: none. */
struct tls_files {
	const char *ca, *cert, *key;
};

/* Writes the reason, "" if there is nothing wrong to be seen, at most `size` bytes. */
void tls_explain(const char *host, int port, const struct tls_files *files, char *ret, size_t size);

#endif
