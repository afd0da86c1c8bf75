/* SPDX-License-Identifier: MIT */
#include "store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db.h"
#include "directory.h"

/* What the last store_open said: it leaves no store behind to ask. */
static char open_message[DB_MESSAGE_MAX];

/* A full or read-only disk that has no lock yet gives none: store_recover takes it later. */
static bool begins_in_memory(const struct store *store, int error)
{
	return store->state.journal.limit > 0 && (error == STORE_E_FULL || error == STORE_E_IO);
}

static int keep_uuid(struct store *store)
{
	char uuid[GIVEN_UUID_SIZE];
	int r = given_make_uuid(uuid);
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
	struct query q = db_read(&store->state, "SELECT coalesce(max(seq), 0)"
						" FROM sqlite_sequence WHERE name = 'outbox'");
	int64_t newest = query_row(&q) ? query_column(&q, 0, 0, INT64_MAX - 1) : 0;
	int r = query_end(&q);
	if (r == 0)
		store->state.newest_seq = newest;
	return r;
}

/* A run that ended in memory gave more numbers than the database knows of. */
static int skip_given(struct store *store)
{
	struct db *db = &store->state;
	db->given = given_read(db->path);
	if (db->given.seq <= db->newest_seq)
		return 0;
	db->newest_seq = db->given.seq;
	struct query gone = db_write(db, "DELETE FROM sqlite_sequence WHERE name = 'outbox'");
	query_run(&gone);
	struct query q =
		db_write(db, "INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', ?)");
	query_int(&q, db->given.seq);
	return query_run(&q);
}

/* What was on its way when the last run ended: one transaction. */
static int begin_anew(struct store *store)
{
	int r = store_begin(store);
	if (r == 0)
		r = skip_given(store);
	for (const char *const *sql = store->state.kind->at_start; r == 0 && *sql; sql++) {
		struct query q = db_write(&store->state, *sql);
		r = query_run(&q);
	}
	if (r == 0)
		db_note_given(&store->state); /* the file is there before the disk is full */
	if (r == 0)
		return store_commit(store);
	store_rollback(store);
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
	return r ? r : begin_anew(store);
}

enum opening { OPEN_WRITING, OPEN_READONLY, OPEN_DAMAGED };

static int open_for_reading(struct store *store, const char *dir)
{
	int r = open_files(store, dir);
	return r ? r : load_uuid(store);
}

static int open_store(const char *dir, enum opening how, size_t keep, struct store **ret)
{
	bool readonly = how == OPEN_READONLY;
	struct store *store = calloc(1, sizeof(*store));
	if (!store)
		return -ENOMEM;
	store->lock = -1;
	store->state.kind = &state_kind;
	store->samples.kind = &samples_kind;
	store->state.readonly = store->samples.readonly = readonly;
	store->state.message = store->samples.message = store->message;
	store->state.damaged = store->samples.damaged = how == OPEN_DAMAGED;
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
	return open_store(dir, OPEN_WRITING, 0, ret);
}

int store_open_keeping(const char *dir, size_t bytes, struct store **ret)
{
	return open_store(dir, OPEN_WRITING, bytes, ret);
}

int store_open_damaged(const char *dir, size_t bytes, struct store **ret)
{
	return open_store(dir, OPEN_DAMAGED, bytes, ret);
}

int store_open_readonly(const char *dir, struct store **ret)
{
	return open_store(dir, OPEN_READONLY, 0, ret);
}

bool store_is_overtaken(const struct store *store)
{
	return db_is_overtaken(&store->state);
}

bool store_is_in_use(const struct store *store)
{
	return db_is_in_use(&store->state);
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

bool store_check_slice(struct store *store)
{
	return db_check_slice(&store->state);
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
	case STORE_E_LEVEL:
		return "the plan lacks a level that matters still";
	}
	return "unknown error";
}

const char *store_strerror(int error)
{
	if (error == 0)
		return "no error";
	return error < 0 ? strerror(-error) : error_text((enum store_error)error);
}

void store_use_plan(struct store *store, const struct plan *plan)
{
	store->plan = plan;
}

const char *store_uuid(const struct store *store)
{
	return store->state.in_memory ? store->state.memory_uuid : store->uuid;
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

void store_samples_rollback(struct store *store)
{
	db_rollback(&store->samples);
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

int64_t store_bad_rows(const struct store *store, const char **ret_newest)
{
	*ret_newest = store->bad_row;
	return store->bad_rows;
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
static int mend_if_damaged(const char *dir, const struct db_kind *kind, char *message,
			   struct mended *ret)
{
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
	return r == STORE_E_CORRUPT ? mend_file(dir, kind, message, ret) : 0;
}

static int mend_both(const char *dir, char *message, struct mended ret[STORE_FILES])
{
	ret[0] = ret[1] = (struct mended){0};
	int r = mend_if_damaged(dir, &state_kind, message, &ret[0]);
	return r ? r : mend_if_damaged(dir, &samples_kind, message, &ret[1]);
}

int store_mend(const char *dir, struct mended ret[STORE_FILES])
{
	struct store *store = calloc(1, sizeof(*store));
	if (!store)
		return -ENOMEM;
	int r = directory_lock(store, dir);
	if (r == 0)
		r = mend_both(dir, store->message, ret);
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
	char *message = store->message;
	int r = store->state.in_memory ? mend_if_damaged(dir, &state_kind, message, &ret[0]) : 0;
	if (r == 0 && store->samples.in_memory)
		r = mend_if_damaged(dir, &samples_kind, message, &ret[1]);
	return r;
}
