/* SPDX-License-Identifier: MIT */
#include "checksum.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "log.h"

void checksum_of(const void *bytes, size_t n, char ret[CHECKSUM_SIZE])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	if (EVP_Digest(bytes, n, digest, &size, EVP_sha256(), NULL) != 1)
		log_out_of_memory();
	for (unsigned i = 0; i < size && 2 * i + 2 < CHECKSUM_SIZE; i++)
		snprintf(ret + 2 * (size_t)i, 3, "%02x", digest[i]);
}
