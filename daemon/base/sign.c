/* SPDX-License-Identifier: MIT */
#include "sign.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plain_file.h"

#define DOMAIN "hazewatch-cmd-1"
#define SIGNATURE_BYTES 64
#define BYTES_MAX 96 /* of anything that is decoded here, and room for the padding */

/* Only the one spelling that encoding gives back: no spaces, no stray bits. */
static bool decode_base64(const char *text, uint8_t *ret, size_t want)
{
	unsigned char bytes[BYTES_MAX + 3], again[4 * BYTES_MAX / 3 + 8];
	size_t n = strlen(text);
	if (n != (want + 2) / 3 * 4)
		return false;
	if (EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)n) < 0)
		return false;
	EVP_EncodeBlock(again, bytes, (int)want);
	if (strcmp((const char *)again, text) != 0)
		return false;
	memcpy(ret, bytes, want);
	return true;
}

bool sign_parse_public(const char *text, uint8_t ret[SIGN_PUBLIC_BYTES])
{
	return decode_base64(text, ret, SIGN_PUBLIC_BYTES);
}

/* The bytes that are signed; heap, NULL without memory. */
static unsigned char *signed_bytes(const char *topic, const char *json, size_t n, size_t *ret_n)
{
	size_t domain = sizeof(DOMAIN), name = strlen(topic) + 1; /* their NULs are signed, too */
	unsigned char *bytes = malloc(domain + name + n);
	if (!bytes)
		return NULL;
	memcpy(bytes, DOMAIN, domain);
	memcpy(bytes + domain, topic, name);
	memcpy(bytes + domain + name, json, n);
	*ret_n = domain + name + n;
	return bytes;
}

static bool verify_signature(EVP_PKEY *key, const uint8_t *signature, const unsigned char *bytes,
			     size_t n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
		    EVP_DigestVerify(ctx, signature, SIGNATURE_BYTES, bytes, n) == 1;
	EVP_MD_CTX_free(ctx);
	return good;
}

bool sign_verify(const uint8_t public[SIGN_PUBLIC_BYTES], const char *topic, const char *json,
		 size_t n, const char *text)
{
	uint8_t signature[SIGNATURE_BYTES];
	size_t length = 0;
	if (!decode_base64(text, signature, sizeof(signature)))
		return false;
	unsigned char *bytes = signed_bytes(topic, json, n, &length);
	EVP_PKEY *key =
		EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public, SIGN_PUBLIC_BYTES);
	bool good = bytes && key && verify_signature(key, signature, bytes, length);
	EVP_PKEY_free(key);
	free(bytes);
	return good;
}

static EVP_PKEY *read_private_key(const char *path)
{
	char why[PLAIN_WHY_MAX];
	FILE *file = plain_open(path, why);
	EVP_PKEY *key = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
	if (file)
		fclose(file);
	if (key && EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519)
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

bool sign_make(const char *key_file, const char *topic, const char *json, size_t n,
	       char ret[SIGN_TEXT_SIZE])
{
	uint8_t signature[SIGNATURE_BYTES];
	size_t length = 0, size = sizeof(signature);
	unsigned char *bytes = signed_bytes(topic, json, n, &length);
	EVP_PKEY *key = read_private_key(key_file);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = bytes && key && ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1 &&
		    EVP_DigestSign(ctx, signature, &size, bytes, length) == 1;
	if (good)
		EVP_EncodeBlock((unsigned char *)ret, signature, (int)size);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	free(bytes);
	return good;
}

bool sign_public(const char *key_file, char ret[SIGN_TEXT_SIZE])
{
	uint8_t public[SIGN_PUBLIC_BYTES];
	size_t n = sizeof(public);
	EVP_PKEY *key = read_private_key(key_file);
	bool good = key && EVP_PKEY_get_raw_public_key(key, public, &n) == 1;
	if (good)
		EVP_EncodeBlock((unsigned char *)ret, public, (int)n);
	EVP_PKEY_free(key);
	return good;
}
