/* SPDX-License-Identifier: MIT */
#include "store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "db.h"
#include "directory.h"
#include "outbox.h"

/* What the last store_open said: it leaves no store behind to ask. */
static char open_message[DB_MESSAGE_MAX];

/* A full or read-only disk that has no lock yet gives none: store_recover takes it later. */
static bool begins_in_memory(const struct store *store, int error)
{
	return store->state.journal.limit > 0 && (error == STORE_E_FULL || error == STORE_E_IO);
}

static int make_uuid(char ret[37])
{
	uint8_t b[16];
	if (getrandom(b, sizeof(b), 0) != sizeof(b))
		return -EIO;
	b[6] = (uint8_t)(0x40 | (b[6] & 0x0f));
	b[8] = (uint8_t)(0x80 | (b[8] & 0x3f));
	char *to = ret;
	for (int i = 0; i < 16; i++)
		to += sprintf(to, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", b[i]);
	return 0;
}

static int keep_uuid(struct store *store)
{
	char uuid[37];
	int r = make_uuid(uuid);
	if (r)
		return directory_complain(store, r, store->state.path,
					  "no random numbers for a uuid");
	r = store_begin(store);
	if (r)
		return r;
	struct query q = db_write(&store->state, "INSERT INTO meta (key, value) VALUES ('uuid', ?)"
						 "ON CONFLICT DO NOTHING");
	query_text(&q, uuid);
	query_run(&q);
	return store_commit(store);
}

static int load_uuid(struct store *store)
{
	struct query q = db_read(&store->state, "SELECT value FROM meta WHERE key = 'uuid'");
	if (query_row(&q))
		snprintf(store->uuid, sizeof(store->uuid), "%s",
			 query_column_text(&q, 0, sizeof(store->uuid)));
	int r = query_end(&q);
	if (r == 0 && strlen(store->uuid) != sizeof(store->uuid) - 1)
		return db_refuse(&store->state, STORE_E_CORRUPT, "no uuid");
	return r;
}

static int load_newest_seq(struct store *store)
{
	int64_t next = 0;
	int r = outbox_next_seq(store, &next);
	if (r == 0)
		store->state.newest_seq = next - 1;
	return r;
}

static int open_files(struct store *store, const char *dir)
{
	int r = db_open(&store->state, dir);
	return r ? r : db_open(&store->samples, dir);
}

static int open_for_writing(struct store *store, const char *dir)
{
	int r = directory_take(store, dir);
	if (r == 0 || begins_in_memory(store, r))
		r = open_files(store, dir);
	if (r == 0)
		r = keep_uuid(store);
	if (r == 0)
		r = load_uuid(store);
	if (r == 0)
		r = load_newest_seq(store);
	return r ? r : outbox_restart(store);
}

static int open_for_reading(struct store *store, const char *dir)
{
	int r = open_files(store, dir);
	return r ? r : load_uuid(store);
}

static int open_store(const char *dir, bool readonly, size_t keep, struct store **ret)
{
	struct store *store = calloc(1, sizeof(*store));
	if (!store)
		return -ENOMEM;
	store->lock = -1;
	store->state.kind = &state_kind;
	store->samples.kind = &samples_kind;
	store->state.readonly = store->samples.readonly = readonly;
	store->state.message = store->samples.message = store->message;
	store_keep(store, keep);
	int r = readonly ? open_for_reading(store, dir) : open_for_writing(store, dir);
	if (r) {
		memcpy(open_message, store->message, sizeof(open_message));
		store_close(store);
		return r;
	}
	*ret = store;
	return 0;
}

int store_open(const char *dir, struct store **ret)
{
	return open_store(dir, false, 0, ret);
}

int store_open_keeping(const char *dir, size_t bytes, struct store **ret)
{
	return open_store(dir, false, bytes, ret);
}

int store_open_readonly(const char *dir, struct store **ret)
{
	return open_store(dir, true, 0, ret);
}

struct store *store_close(struct store *store)
{
	if (!store)
		return NULL;
	db_close(&store->samples);
	db_close(&store->state);
	if (store->lock >= 0)
		close(store->lock);
	free(store);
	return NULL;
}

const char *store_message(const struct store *store)
{
	return store ? store->message : open_message;
}

static const char *error_text(enum store_error error)
{
	switch (error) {
	case STORE_E_NEWER:
		return "written by a newer hazewatch";
	case STORE_E_CORRUPT:
		return "damaged or not a database of hazewatch";
	case STORE_E_FULL:
		return "no space left on the disk or in the quota";
	case STORE_E_BUSY:
		return "another process holds the lock";
	case STORE_E_IO:
		return "the disk failed or is read-only";
	case STORE_E_NONE:
		return "no such row";
	}
	return "unknown error";
}

const char *store_strerror(int error)
{
	if (error == 0)
		return "no error";
	return error < 0 ? strerror(-error) : error_text((enum store_error)error);
}

const char *store_uuid(const struct store *store)
{
	return store->uuid;
}

int store_begin(struct store *store)
{
	return db_begin(&store->state);
}

int store_commit(struct store *store)
{
	return db_commit(&store->state);
}

void store_rollback(struct store *store)
{
	db_rollback(&store->state);
}

int store_samples_begin(struct store *store)
{
	return db_begin(&store->samples);
}

int store_samples_commit(struct store *store)
{
	return db_commit(&store->samples);
}

/* ---- what the disk refuses ---- */

void store_keep(struct store *store, size_t bytes)
{
	store->state.journal.limit = store->samples.journal.limit = bytes;
}

struct store_kept store_kept(const struct store *store)
{
	const struct journal *state = &store->state.journal, *samples = &store->samples.journal;
	return (struct store_kept){
		.state = store->state.in_memory,
		.samples = store->samples.in_memory,
		.transactions = state->transactions + samples->transactions,
		.lost = state->lost + samples->lost,
	};
}

bool store_is_volatile(const struct store *store)
{
	return store->state.in_memory;
}

int64_t store_damaged(const struct store *store)
{
	return store->damaged;
}

const char *store_why(const struct store *store)
{
	return store->state.in_memory ? store->state.why : store->samples.why;
}

int store_recover(struct store *store)
{
	char dir[PATH_MAX];
	bool state = store->state.in_memory;
	directory_of(store, dir);
	int r = store->lock < 0 ? directory_take(store, dir) : 0;
	if (r)
		return r;
	r = state ? memory_leave(&store->state) : 0;
	if (r == 0 && state)
		r = keep_uuid(store); /* a file that was mended has none */
	if (r == 0 && state)
		r = load_uuid(store);
	int samples = store->samples.in_memory ? memory_leave(&store->samples) : 0;
	return r ? r : samples;
}

/* ---- what is gone ---- */

int store_restore(struct store *store, const char *ret_gone[STORE_FILES])
{
	struct db *files[STORE_FILES] = {&store->state, &store->samples};
	int first = directory_keep(store);
	for (int i = 0; i < STORE_FILES; i++) {
		bool gone = false;
		int r = first ? first : restore_file(files[i], &gone);
		ret_gone[i] = gone ? files[i]->kind->file : NULL;
		first = first ? first : r;
	}
	return first;
}

/* ---- what is damaged ---- */

/* A copy of the file's descriptor without its handle opens it to see. */
static int mend_if_damaged(const char *dir, const struct db_kind *kind, struct mended *ret)
{
	char message[DB_MESSAGE_MAX];
	struct db *db = calloc(1, sizeof(*db));
	if (!db)
		return -ENOMEM;
	db->kind = kind;
	db->message = message;
	db->known = true;
	snprintf(db->path, sizeof(db->path), "%s/%s", dir, kind->file);
	int r = db_ready(db);
	db_close(db);
	free(db);
	return r == STORE_E_CORRUPT ? mend_file(dir, kind, ret) : 0;
}

static int mend_both(const char *dir, struct mended ret[STORE_FILES])
{
	ret[0] = ret[1] = (struct mended){0};
	int r = mend_if_damaged(dir, &state_kind, &ret[0]);
	return r ? r : mend_if_damaged(dir, &samples_kind, &ret[1]);
}

int store_mend(const char *dir, struct mended ret[STORE_FILES])
{
	struct store *store = calloc(1, sizeof(*store));
	if (!store)
		return -ENOMEM;
	int r = directory_lock(store, dir);
	if (r == 0)
		r = mend_both(dir, ret);
	memcpy(open_message, store->message, sizeof(open_message));
	if (store->lock >= 0)
		close(store->lock);
	free(store);
	return r;
}

int store_mend_open(struct store *store, struct mended ret[STORE_FILES])
{
	char dir[PATH_MAX];
	directory_of(store, dir);
	ret[0] = ret[1] = (struct mended){0};
	int r = store->state.in_memory ? mend_if_damaged(dir, &state_kind, &ret[0]) : 0;
	if (r == 0 && store->samples.in_memory)
		r = mend_if_damaged(dir, &samples_kind, &ret[1]);
	return r;
}
