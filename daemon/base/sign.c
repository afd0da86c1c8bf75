/* SPDX-License-Identifier: MIT */
#include "sign.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plain_file.h"

#define DOMAIN "hazewatch-cmd-1"
#define ED25519_BYTES 32 /* of a public key */
#define HALF 32          /* of a signature, and a coordinate of SM2 */
#define SIGNATURE_BYTES (2 * HALF)
#define DER_MAX 72                /* of an SM2 signature */
#define SM2_ID "1234567812345678" /* GM/T 0009: of whom has no other */
#define BYTES_MAX 96              /* of anything that is decoded here, and room for the padding */

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

/* ---- public keys; what OpenSSL makes is the caller's to free ---- */

/* NULL if it is no point of the curve. */
static EVP_PKEY *make_sm2_key(const uint8_t point[SIGN_PUBLIC_BYTES])
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
	char curve[] = "SM2";
	uint8_t bytes[SIGN_PUBLIC_BYTES];
	OSSL_PARAM parts[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, bytes, sizeof(bytes)),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY *key = NULL;

	memcpy(bytes, point, sizeof(bytes));
	if (ctx && EVP_PKEY_fromdata_init(ctx) == 1)
		EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, parts);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *make_public_key(const struct sign_key *key)
{
	if (key->sm2)
		return make_sm2_key(key->bytes);
	return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->bytes, ED25519_BYTES);
}

bool sign_parse_public(const char *text, struct sign_key *ret)
{
	struct sign_key key = {.sm2 = strncmp(text, SIGN_SM2, strlen(SIGN_SM2)) == 0};
	const char *base64 = text + (key.sm2 ? strlen(SIGN_SM2) : 0);

	if (!decode_base64(base64, key.bytes, key.sm2 ? SIGN_PUBLIC_BYTES : ED25519_BYTES))
		return false;
	if (key.sm2) {
		EVP_PKEY *point = key.bytes[0] == 4 ? make_sm2_key(key.bytes) : NULL;
		EVP_PKEY_free(point);
		if (!point)
			return false;
	}
	*ret = key;
	return true;
}

/* ---- SM2's signatures: r and s here, DER in OpenSSL ---- */

/* False if it is none. */
static bool write_der(const uint8_t signature[SIGNATURE_BYTES], uint8_t ret[DER_MAX], size_t *ret_n)
{
	ECDSA_SIG *pair = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(signature, HALF, NULL), *s = BN_bin2bn(signature + HALF, HALF, NULL);
	bool set = pair && r && s && ECDSA_SIG_set0(pair, r, s) == 1;
	int n = set ? i2d_ECDSA_SIG(pair, &(unsigned char *){ret}) : 0;

	if (!set) {
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(pair);
	*ret_n = n > 0 ? (size_t)n : 0;
	return n > 0;
}

static bool read_der(const uint8_t *der, size_t n, uint8_t ret[SIGNATURE_BYTES])
{
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &(const unsigned char *){der}, (long)n);
	bool good = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), ret, HALF) == HALF &&
		    BN_bn2binpad(ECDSA_SIG_get0_s(pair), ret + HALF, HALF) == HALF;

	ECDSA_SIG_free(pair);
	return good;
}

/* ---- signing ---- */

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

static bool is_sm2(const EVP_PKEY *key)
{
	return EVP_PKEY_is_a(key, "SM2") == 1;
}

/* A digest for the key, of SM2 with the user id; NULL if OpenSSL cannot. *ret_ctx is freed after
 * it. */
static EVP_MD_CTX *begin_digest(EVP_PKEY *key, EVP_PKEY_CTX **ret_ctx)
{
	EVP_MD_CTX *digest = EVP_MD_CTX_new();

	*ret_ctx = digest && is_sm2(key) ? EVP_PKEY_CTX_new(key, NULL) : NULL;
	if (*ret_ctx && EVP_PKEY_CTX_set1_id(*ret_ctx, SM2_ID, strlen(SM2_ID)) == 1)
		EVP_MD_CTX_set_pkey_ctx(digest, *ret_ctx);
	else if (is_sm2(key)) {
		EVP_MD_CTX_free(digest);
		digest = NULL;
	}
	return digest;
}

static bool verify_signature(EVP_PKEY *key, const uint8_t signature[SIGNATURE_BYTES],
			     const unsigned char *bytes, size_t n)
{
	const EVP_MD *kind = is_sm2(key) ? EVP_sm3() : NULL;
	uint8_t der[DER_MAX];
	size_t size = SIGNATURE_BYTES;
	EVP_PKEY_CTX *ctx = NULL;

	if (kind && !write_der(signature, der, &size))
		return false;
	EVP_MD_CTX *digest = begin_digest(key, &ctx);
	bool good = digest && EVP_DigestVerifyInit(digest, NULL, kind, NULL, key) == 1 &&
		    EVP_DigestVerify(digest, kind ? der : signature, size, bytes, n) == 1;
	EVP_MD_CTX_free(digest);
	EVP_PKEY_CTX_free(ctx);
	return good;
}

bool sign_verify(const struct sign_key *key, const char *topic, const char *json, size_t n,
		 const char *text)
{
	uint8_t signature[SIGNATURE_BYTES];
	size_t length = 0;
	if (!decode_base64(text, signature, sizeof(signature)))
		return false;
	unsigned char *bytes = signed_bytes(topic, json, n, &length);
	EVP_PKEY *public = make_public_key(key);
	bool good = bytes && public && verify_signature(public, signature, bytes, length);
	EVP_PKEY_free(public);
	free(bytes);
	return good;
}

static EVP_PKEY *read_private_key(const char *path)
{
	char why[PLAIN_WHY_MAX];
	FILE *file = plain_open_secret(path, why);
	EVP_PKEY *key = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
	if (file)
		fclose(file);
	if (key && (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 || is_sm2(key)))
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

static bool make_signature(EVP_PKEY *key, const unsigned char *bytes, size_t n,
			   uint8_t ret[SIGNATURE_BYTES])
{
	const EVP_MD *kind = is_sm2(key) ? EVP_sm3() : NULL;
	uint8_t made[DER_MAX];
	size_t size = sizeof(made);
	EVP_PKEY_CTX *ctx = NULL;
	EVP_MD_CTX *digest = begin_digest(key, &ctx);
	bool good = digest && EVP_DigestSignInit(digest, NULL, kind, NULL, key) == 1 &&
		    EVP_DigestSign(digest, made, &size, bytes, n) == 1;

	EVP_MD_CTX_free(digest);
	EVP_PKEY_CTX_free(ctx);
	if (!good || kind)
		return good && read_der(made, size, ret);
	memcpy(ret, made, SIGNATURE_BYTES);
	return size == SIGNATURE_BYTES;
}

bool sign_make(const char *key_file, const char *topic, const char *json, size_t n,
	       char ret[SIGN_TEXT_SIZE])
{
	uint8_t signature[SIGNATURE_BYTES];
	size_t length = 0;
	unsigned char *bytes = signed_bytes(topic, json, n, &length);
	EVP_PKEY *key = read_private_key(key_file);
	bool good = bytes && key && make_signature(key, bytes, length, signature);
	if (good)
		EVP_EncodeBlock((unsigned char *)ret, signature, sizeof(signature));
	EVP_PKEY_free(key);
	free(bytes);
	return good;
}

/* The point, in its long form whatever form the file has. */
static bool read_point(const EVP_PKEY *key, uint8_t ret[SIGN_PUBLIC_BYTES])
{
	BIGNUM *x = NULL, *y = NULL;
	bool good = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_X, &x) == 1 &&
		    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, &y) == 1;

	ret[0] = 4;
	good = good && BN_bn2binpad(x, ret + 1, HALF) == HALF &&
	       BN_bn2binpad(y, ret + 1 + HALF, HALF) == HALF;
	BN_free(x);
	BN_free(y);
	return good;
}

bool sign_public(const char *key_file, char ret[SIGN_PUBLIC_SIZE])
{
	uint8_t public[SIGN_PUBLIC_BYTES];
	size_t n = sizeof(public);
	EVP_PKEY *key = read_private_key(key_file);
	bool sm2 = key && is_sm2(key);
	bool good = sm2 ? read_point(key, public)
			: key && EVP_PKEY_get_raw_public_key(key, public, &n) == 1;

	if (good && sm2)
		snprintf(ret, SIGN_PUBLIC_SIZE, "%s", SIGN_SM2);
	if (good)
		EVP_EncodeBlock((unsigned char *)ret + (sm2 ? strlen(SIGN_SM2) : 0), public,
				(int)n);
	EVP_PKEY_free(key);
	return good;
}
