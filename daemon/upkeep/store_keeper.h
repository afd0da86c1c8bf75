/* SPDX-License-Identifier: MIT */
/*
 * Looks after the store when its disk fails: opens it, mends what is damaged, lets it go on in
 * memory, tries the disk again, and tells people what was lost and when. Never decides anything
 * about hours or messages.
 */
#ifndef DAEMON_UPKEEP_STORE_KEEPER_H
#define DAEMON_UPKEEP_STORE_KEEPER_H

#include "store.h"

#define STORE_KEEPER_BYTES                                                                         \
	(8u << 20) /* what memory keeps of each file: weeks of hours and messages */

/* All zero but for the store: everything is well. */
struct store_keeper {
	struct store *store;
	bool failing;
	int64_t since_ms; /* wall: when memory took over */
	int64_t next_ms;  /* monotonic: the next try */
	int64_t pause_ms;
	int64_t told_lost, told_damaged, told_bad_rows;
	int64_t restore_ms; /* monotonic: not before, after a try that failed */
};

/* Opens the store of `dir`, mended if it is damaged, to go on in memory when its disk fails. Codes
 * of store_open; store_message(NULL) says more. */
int store_keeper_open(struct store_keeper *keeper, const char *dir, struct store **ret);

/* The same again of one that turned out to be damaged where the opening does not look
 * (store_check_slice): mended first. *store is another one afterwards, NULL after an error. */
int store_keeper_mend(struct store_keeper *keeper, const char *dir, struct store **store);

/* Once a second: writes a file again that was deleted or replaced; tells a failure when it begins
 * and when it ends, and tries the disk again after 2 s, doubling to a minute. now_ms is monotonic,
 * wall_ms since 1970 UTC. */
void store_keeper_tick(struct store_keeper *keeper, int64_t now_ms, int64_t wall_ms);

/* Before the store is closed: the last try. */
void store_keeper_stop(struct store_keeper *keeper, int64_t wall_ms);

#endif
