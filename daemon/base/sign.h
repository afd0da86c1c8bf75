/* SPDX-License-Identifier: MIT */
/*
 * Signatures under commands over "hazewatch-cmd-1" NUL topic NUL JSON (the MQTT contract): Ed25519
 * (RFC 8032), or SM2 with SM3 (GB/T 32918.2 and 32905, user id 1234567812345678). The key says
 * which.
 *
 * A signed payload is "hazewatch-sig-1 <key name> <base64>" newline and the exact JSON; the base64
 * is of 64 bytes, of SM2 r and s of 32 each. Knows nothing of stations, counters or times: those
 * stand in the JSON.
 */
#ifndef DAEMON_BASE_SIGN_H
#define DAEMON_BASE_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGN_MARK "hazewatch-sig-1 "
#define SIGN_SM2 "sm2-sm3:" /* before the base64 of a public key of SM2 */
#define SIGN_PUBLIC_BYTES 65
#define SIGN_PUBLIC_SIZE 97 /* text of a public key, the NUL included */
#define SIGN_TEXT_SIZE 89   /* base64 of a signature, the NUL included */

/* A public key: 32 bytes of Ed25519, or the point 04 x y of SM2; the rest 0. */
struct sign_key {
	bool sm2;
	uint8_t bytes[SIGN_PUBLIC_BYTES];
};

/* Canonical base64 of an Ed25519 key, or SIGN_SM2 and that of a point of SM2's curve; false if it
 * is anything else. */
bool sign_parse_public(const char *text, struct sign_key *ret);

/* True if `text` (base64) is the key's signature under these bytes for this topic. */
bool sign_verify(const struct sign_key *key, const char *topic, const char *json, size_t n,
		 const char *text);

/* What a private key file (PEM) makes of it; false if it is not a readable key of either. */
bool sign_make(const char *key_file, const char *topic, const char *json, size_t n,
	       char ret[SIGN_TEXT_SIZE]);

/* The public half of a private key file, as sign_parse_public reads it. */
bool sign_public(const char *key_file, char ret[SIGN_PUBLIC_SIZE]);

#endif
