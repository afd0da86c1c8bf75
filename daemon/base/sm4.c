/* SPDX-License-Identifier: MIT */
#include "sm4.h"

#include <errno.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>

#include "words.h"

#define HEX_DIGITS (2 * SM4_BLOCK)
#define FILE_MAX (HEX_DIGITS + 2) /* CR LF */

static int hex_value(uint8_t byte)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = byte ? strchr(digits, byte) : NULL;

	return at ? (int)(at - digits) % 16 : -1;
}

static bool parse_hex(const uint8_t *text, struct sm4_key *ret)
{
	struct sm4_key key;
	bool good = false;

	for (int i = 0; i < SM4_BLOCK; i++) {
		int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
		if (high < 0 || low < 0)
			break;
		key.bytes[i] = (uint8_t)(high << 4 | low);
		good = i == SM4_BLOCK - 1;
	}
	if (good)
		*ret = key;
	OPENSSL_cleanse(&key, sizeof(key));
	return good;
}

static bool is_line_end(const uint8_t *text, size_t n)
{
	return n == 0 || (n == 1 && text[0] == '\n') ||
	       (n == 2 && text[0] == '\r' && text[1] == '\n');
}

/* Sixteen bytes that end in a line end are fifteen and a slip of the hand. */
bool sm4_key_parse(const uint8_t *text, size_t n, struct sm4_key *ret)
{
	if (n >= HEX_DIGITS && is_line_end(text + HEX_DIGITS, n - HEX_DIGITS))
		return parse_hex(text, ret);
	if (n < SM4_BLOCK || !is_line_end(text + SM4_BLOCK, n - SM4_BLOCK) ||
	    text[SM4_BLOCK - 1] == '\n' || text[SM4_BLOCK - 1] == '\r')
		return false;
	memcpy(ret->bytes, text, SM4_BLOCK);
	return true;
}

static bool refuse_key(char why[PLAIN_WHY_MAX], const char *reason)
{
	snprintf(why, PLAIN_WHY_MAX, "%s", reason);
	errno = EINVAL;
	return false;
}

bool sm4_key_closed(FILE *file, char why[PLAIN_WHY_MAX])
{
	struct stat st = {.st_mode = S_IRWXO};
	if (fstat(fileno(file), &st) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)) == 0)
		return true;
	snprintf(why, PLAIN_WHY_MAX,
		 tr("is open to others than its owner (mode %04o); a key's file must be of mode "
		    "0600"),
		 (unsigned)st.st_mode & 07777);
	errno = EINVAL;
	return false;
}

bool sm4_key_read(const char *path, struct sm4_key *ret, char why[PLAIN_WHY_MAX])
{
	uint8_t text[FILE_MAX + 1];
	FILE *file = plain_open_secret(path, why);
	if (!file)
		return false;
	size_t n = fread(text, 1, sizeof(text), file);
	bool closed = sm4_key_closed(file, why);
	fclose(file);
	bool good = closed && sm4_key_parse(text, n, ret);
	OPENSSL_cleanse(text, sizeof(text));
	if (!closed)
		errno = EINVAL;
	return good ||
	       (closed && refuse_key(why, tr("has neither 32 hex digits nor 16 bytes, which "
					     "an SM4 key is")));
}

bool sm4_blocks(void *ctx, bool encipher, uint8_t *bytes, size_t n)
{
	const struct sm4_key *key = ctx;
	EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
	int done = 0;
	bool good =
		cipher && n <= INT_MAX &&
		EVP_CipherInit_ex(cipher, EVP_sm4_ecb(), NULL, key->bytes, NULL, encipher) == 1 &&
		EVP_CIPHER_CTX_set_padding(cipher, 0) == 1 &&
		EVP_CipherUpdate(cipher, bytes, &done, bytes, (int)n) == 1 && (size_t)done == n;
	EVP_CIPHER_CTX_free(cipher);
	return good;
}
