/* SPDX-License-Identifier: MIT */
/*
 * Rows of a log that nobody changes unseen: each carries the SHA-256 of the row before and its own.
 *
 * Its own is that of the row before it, in hexadecimal, then of each of its columns: a number in
 * decimal, a text as its bytes' number, a colon and the bytes, NULL as "-"; each with a newline
 * behind it. The first row of all has the empty text before it. Where rows are pruned an anchor
 * keeps the hash of the last of them. Rows without hashes may stand before the first with one.
 * Inside storage/ only.
 */
#ifndef STORAGE_FILE_CHAIN_H
#define STORAGE_FILE_CHAIN_H

#include "chain_check.h"
#include "store.h"

/* The statements of a chain: made by CHAIN. */
struct chain {
	const char *name; /* its table */
	const char *before, *row, *seal, *rows, *anchor;
};

/* `key` rises from row to row; `columns`, the key among them, are what is hashed. */
#define CHAIN(table, key, columns)                                                                 \
	{                                                                                          \
		.name = table,                                                                     \
		.before = "SELECT hash, " key " FROM " table " WHERE " key " < ? ORDER BY " key    \
			  " DESC LIMIT 1",                                                         \
		.row = "SELECT " key ", hash_before, hash, " columns " FROM " table " WHERE " key  \
		       " = ?",                                                                     \
		.seal = "UPDATE " table " SET hash_before = ?, hash = ? WHERE " key " = ?",        \
		.rows = "SELECT " key ", hash_before, hash, " columns " FROM " table               \
			" ORDER BY " key,                                                          \
		.anchor = "INSERT OR REPLACE INTO chain_anchors (chain, number, hash) SELECT "     \
			  "'" table "', " key ", hash FROM " table " WHERE " key                   \
			  " <= ? AND hash IS NOT NULL ORDER BY " key " DESC LIMIT 1",              \
	}

/* Inside a transaction: the row that was just inserted, the newest of its table, gets its hashes.
 */
int chain_seal(struct store *store, const struct chain *chain, int64_t key);

/* Inside a transaction, before the rows up to this key are deleted. */
int chain_keep_anchor(struct store *store, const struct chain *chain, int64_t key);

/* True if the row of this key is what its own hash says; false if there is none. */
int chain_is_sound(struct store *store, const struct chain *chain, int64_t key, bool *ret);

/* The newest hash and its key; "" and 0 before the first. */
int chain_newest(struct store *store, const struct chain *chain, int64_t *ret_key,
		 char ret_hash[CHAIN_HASH_SIZE]);

/* What was found; verify.h is for others. */
int chain_verify(struct store *store, const struct chain *chain, chain_look *look,
		 struct chain_check *ret);

#endif
