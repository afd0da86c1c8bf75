/* SPDX-License-Identifier: MIT */
/* What is found where a chained log is verified: verify.h. */
#ifndef STORAGE_CHAIN_CHECK_H
#define STORAGE_CHAIN_CHECK_H

#include <stdint.h>

#define CHAIN_HASH_SIZE 65 /* hexadecimal, the NUL included */

/* Called for each row that is looked at; NULL: nobody wants to know. */
typedef void chain_look(void);

struct chain_check {
	int64_t rows;                 /* with a hash, up to the first that does not fit */
	int64_t without;              /* of before the chain */
	int64_t anchor;               /* key of the newest row that was pruned, 0: none was */
	int64_t last;                 /* key of the newest row looked at, 0: there is none */
	int64_t bad;                  /* key of the first row that does not fit, 0: all do */
	char newest[CHAIN_HASH_SIZE]; /* the hash of the last; without rows the anchor's */
};

#endif
