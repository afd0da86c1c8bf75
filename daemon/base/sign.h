/* SPDX-License-Identifier: MIT */
/*
 * Signatures under commands: Ed25519 over "hazewatch-cmd-1" NUL topic NUL JSON (the MQTT contract).
 *
 * A signed payload is "hazewatch-sig-1 <key name> <base64>" newline and the exact JSON. Knows
 * nothing of stations, counters or times: those stand in the JSON.
 */
#ifndef DAEMON_BASE_SIGN_H
#define DAEMON_BASE_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGN_MARK "hazewatch-sig-1 "
#define SIGN_PUBLIC_BYTES 32
#define SIGN_TEXT_SIZE 89 /* base64 of a signature, the NUL included */

/* Canonical base64 of a public key; false if it is anything else. */
bool sign_parse_public(const char *text, uint8_t ret[SIGN_PUBLIC_BYTES]);

/* True if `text` (base64) is the key's signature under these bytes for this topic. */
bool sign_verify(const uint8_t public[SIGN_PUBLIC_BYTES], const char *topic, const char *json,
		 size_t n, const char *text);

/* What a private key file (PEM) makes of it; false if it is not a readable Ed25519 key. */
bool sign_make(const char *key_file, const char *topic, const char *json, size_t n,
	       char ret[SIGN_TEXT_SIZE]);

/* The public half of a private key file, in base64. */
bool sign_public(const char *key_file, char ret[SIGN_TEXT_SIZE]);

#endif
