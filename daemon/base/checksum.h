/* SPDX-License-Identifier: MIT */
/*
 * The checksum by which people tell one file from another: what sha256sum(1) prints.
 */
#ifndef DAEMON_BASE_CHECKSUM_H
#define DAEMON_BASE_CHECKSUM_H

#include <stddef.h>

#define CHECKSUM_SIZE 65 /* in hexadecimal, the NUL included */

/* SHA-256 of n bytes. */
void checksum_of(const void *bytes, size_t n, char ret[CHECKSUM_SIZE]);

#endif
