/* SPDX-License-Identifier: MIT */
/* SHA256_Init and its like need none of OpenSSL's providers; EVP makes them ready for 1.4 MB. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "chain.h"

#include <errno.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

#include "db.h"

#define HASHED_FROM 3 /* behind key, hash_before and hash in a chain's statements */

/* ---- the hash of a row ---- */

static bool take_line(SHA256_CTX *ctx, const char *text, size_t n)
{
	return SHA256_Update(ctx, text, n) == 1 && SHA256_Update(ctx, "\n", 1) == 1;
}

static bool take_column(SHA256_CTX *ctx, sqlite3_stmt *stmt, int column)
{
	char text[24] = "-";
	size_t n = 0;
	switch (sqlite3_column_type(stmt, column)) {
	case SQLITE_INTEGER:
		snprintf(text, sizeof(text), "%lld", (long long)sqlite3_column_int64(stmt, column));
		return take_line(ctx, text, strlen(text));
	case SQLITE_TEXT:
		n = (size_t)sqlite3_column_bytes(stmt, column);
		snprintf(text, sizeof(text), "%zu:", n);
		return SHA256_Update(ctx, text, strlen(text)) == 1 &&
		       take_line(ctx, (const char *)sqlite3_column_text(stmt, column), n);
	default:
		return take_line(ctx, text, strlen(text));
	}
}

static bool digest_row(SHA256_CTX *ctx, sqlite3_stmt *stmt, const char *before,
		       char ret[CHAIN_HASH_SIZE])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	bool good = SHA256_Init(ctx) == 1 && take_line(ctx, before, strlen(before));
	for (int i = HASHED_FROM; good && i < sqlite3_column_count(stmt); i++)
		good = take_column(ctx, stmt, i);
	good = good && SHA256_Final(digest, ctx) == 1;
	for (size_t i = 0; good && i < sizeof(digest) && 2 * i + 2 < CHAIN_HASH_SIZE; i++)
		snprintf(ret + 2 * i, 3, "%02x", digest[i]);
	return good;
}

/* Of the row that the query stands on. */
static int hash_row(struct query *q, const char *before, char ret[CHAIN_HASH_SIZE])
{
	SHA256_CTX ctx;
	bool good = digest_row(&ctx, q->stmt, before, ret);
	return good ? 0 : db_refuse(q->db, -ENOMEM, "no SHA-256");
}

/* ---- rows ---- */

static void column_hash(struct query *q, int column, char ret[CHAIN_HASH_SIZE])
{
	ret[0] = '\0';
	if (!query_column_null(q, column))
		snprintf(ret, CHAIN_HASH_SIZE, "%s", query_column_text(q, column, CHAIN_HASH_SIZE));
}

static int read_anchor(struct store *store, const struct chain *chain, int64_t *ret_key,
		       char ret_hash[CHAIN_HASH_SIZE])
{
	struct query q =
		db_read(&store->state, "SELECT hash, number FROM chain_anchors WHERE chain = ?");
	*ret_key = 0;
	ret_hash[0] = '\0';
	query_text(&q, chain->name);
	if (query_row(&q)) {
		column_hash(&q, 0, ret_hash);
		*ret_key = query_column(&q, 1, 0, INT64_MAX);
	}
	return query_end(&q);
}

/* The newest hash of the rows below a key; without such rows the anchor's. */
static int read_before(struct store *store, const struct chain *chain, int64_t key,
		       int64_t *ret_key, char ret_hash[CHAIN_HASH_SIZE])
{
	struct query q = db_read(&store->state, chain->before);
	bool any;
	query_int(&q, key);
	any = query_row(&q);
	if (any) {
		column_hash(&q, 0, ret_hash);
		*ret_key = query_column(&q, 1, 0, INT64_MAX);
	}
	int r = query_end(&q);
	return r == 0 && !any ? read_anchor(store, chain, ret_key, ret_hash) : r;
}

int chain_newest(struct store *store, const struct chain *chain, int64_t *ret_key,
		 char ret_hash[CHAIN_HASH_SIZE])
{
	return read_before(store, chain, INT64_MAX, ret_key, ret_hash);
}

int chain_seal(struct store *store, const struct chain *chain, int64_t key)
{
	char before[CHAIN_HASH_SIZE], hash[CHAIN_HASH_SIZE] = "";
	int64_t key_before = 0;
	int r = read_before(store, chain, key, &key_before, before);
	if (r)
		return r;
	struct query q = db_read(&store->state, chain->row);
	query_int(&q, key);
	if (query_row(&q))
		r = hash_row(&q, before, hash);
	int end = query_end(&q);
	if (r || end)
		return r ? r : end;
	struct query seal = db_write(&store->state, chain->seal);
	query_text(&seal, before);
	query_text(&seal, hash);
	query_int(&seal, key);
	return query_run(&seal);
}

int chain_keep_anchor(struct store *store, const struct chain *chain, int64_t key)
{
	struct query q = db_write(&store->state, chain->anchor);
	query_int(&q, key);
	return query_run(&q);
}

/* ---- verifying ---- */

struct link {
	char before[CHAIN_HASH_SIZE], own[CHAIN_HASH_SIZE];
	bool sound; /* the row is what its own hash says */
};

static int read_link(struct query *q, struct link *ret)
{
	char found[CHAIN_HASH_SIZE] = "";
	column_hash(q, 1, ret->before);
	column_hash(q, 2, ret->own);
	int r = hash_row(q, ret->before, found);
	ret->sound = !query_forgive(q) && strcmp(ret->own, found) == 0;
	return r;
}

int chain_is_sound(struct store *store, const struct chain *chain, int64_t key, bool *ret)
{
	struct link link = {.sound = false};
	struct query q = db_read(&store->state, chain->row);
	query_int(&q, key);
	int r = query_row(&q) ? read_link(&q, &link) : 0;
	int end = query_end(&q);
	*ret = r == 0 && end == 0 && link.sound;
	return r ? r : end;
}

/* Of the row that the query stands on. */
static int check_row(struct query *q, struct chain_check *check)
{
	struct link link;
	int64_t key = query_column(q, 0, INT64_MIN, INT64_MAX);
	if (check->newest[0] == '\0' && check->rows == 0 && query_column_null(q, 2)) {
		check->without++;
		return 0;
	}
	int r = read_link(q, &link);
	if (!link.sound || strcmp(link.before, check->newest) != 0)
		check->bad = key;
	check->rows++;
	check->last = key;
	memcpy(check->newest, link.own, sizeof(check->newest));
	return r;
}

int chain_verify(struct store *store, const struct chain *chain, chain_look *look,
		 struct chain_check *ret)
{
	struct chain_check check = {0};
	int r = read_anchor(store, chain, &check.anchor, check.newest);
	if (r)
		return r;
	struct query q = db_read(&store->state, chain->rows);
	while (r == 0 && check.bad == 0 && query_row(&q)) {
		r = check_row(&q, &check);
		if (look)
			look();
	}
	int end = query_end(&q);
	if (r == 0 && end == 0)
		*ret = check;
	return r ? r : end;
}
