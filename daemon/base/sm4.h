/* SPDX-License-Identifier: MIT */
/*
 * SM4 (GB/T 32907) in ECB as HJ 212-2025 6.4 has it, by OpenSSL, and the file that holds a key.
 * Knows no frame. A key is in no message and in no log.
 */
#ifndef DAEMON_BASE_SM4_H
#define DAEMON_BASE_SM4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plain_file.h"

#define SM4_BLOCK 16

struct sm4_key {
	uint8_t bytes[SM4_BLOCK];
};

/* A file of 32 hex digits, or of the 16 bytes themselves; a line end may follow either. It must be
 * its owner's alone (0600, or 0400). False: why, as the end of a sentence that begins with the
 * path; errno EINVAL if it is there and no such file. */
bool sm4_key_read(const char *path, struct sm4_key *ret, char why[PLAIN_WHY_MAX]);

/* The same of a text in memory. */
bool sm4_key_parse(const uint8_t *text, size_t n, struct sm4_key *ret);

/* Whether an open file is its owner's alone. False: why, errno EINVAL. */
bool sm4_key_closed(FILE *file, char why[PLAIN_WHY_MAX]);

/* Enciphers or deciphers n bytes in place, a multiple of SM4_BLOCK, without padding; ctx is a
 * struct sm4_key. False if OpenSSL cannot. */
bool sm4_blocks(void *ctx, bool encipher, uint8_t *bytes, size_t n);

#endif
