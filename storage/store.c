/* SPDX-License-Identifier: MIT */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"
#include "outbox.h"

#define TEXT(number) #number
#define LITERAL(number) TEXT(number)
#define NEWEST_HOURS(table)                                                                        \
	"INSERT INTO main." table " SELECT * FROM disk." table                                     \
	" WHERE hour > (SELECT max(hour) FROM disk.hours) - " LITERAL(STORE_KEPT_HOURS)

/* What running and a start need of state.db: the messages that would go next, the hours of the
 * timeline. Reduction list and orders wait on the disk. */
static const char *const state_carried[] = {
	"INSERT INTO main.meta SELECT * FROM disk.meta",
	NEWEST_HOURS("hours"),
	NEWEST_HOURS("dust"),
	NEWEST_HOURS("aqi"),
	"INSERT INTO main.advice SELECT * FROM disk.advice",
	"INSERT INTO main.events SELECT * FROM disk.events ORDER BY number DESC LIMIT 1000",
	"INSERT INTO main.outbox SELECT * FROM disk.outbox"
	" ORDER BY class, seq LIMIT " LITERAL(STORE_KEPT_MESSAGES),
	"DELETE FROM main.sqlite_sequence",
	"INSERT INTO main.sqlite_sequence SELECT * FROM disk.sqlite_sequence",
	"INSERT INTO main.latest SELECT * FROM disk.latest",
	"INSERT INTO main.commands SELECT * FROM disk.commands"
	" ORDER BY received DESC LIMIT " LITERAL(STORE_KEPT_COMMANDS),
	"INSERT INTO main.directives SELECT * FROM disk.directives",
	"INSERT INTO main.releases SELECT * FROM disk.releases",
	"INSERT INTO main.forecasts SELECT * FROM disk.forecasts ORDER BY issued DESC LIMIT 50",
	"INSERT INTO main.forecast_steps SELECT * FROM disk.forecast_steps"
	" WHERE command IN (SELECT command FROM main.forecasts)",
	"INSERT INTO main.maintenance SELECT * FROM disk.maintenance",
	"INSERT INTO main.signers SELECT * FROM disk.signers",
	"INSERT INTO main.caps SELECT * FROM disk.caps",
	NULL,
};
/* The minutes of an hour that is not closed yet. */
static const char *const samples_carried[] = {
	"INSERT INTO main.channels SELECT * FROM disk.channels",
	"INSERT INTO main.minutes SELECT * FROM disk.minutes"
	" WHERE minute > (SELECT max(minute) FROM disk.minutes) - " LITERAL(STORE_KEPT_MINUTES),
	"INSERT INTO main.minute_failures SELECT * FROM disk.minute_failures"
	" WHERE minute > (SELECT max(minute) FROM disk.minutes) - " LITERAL(STORE_KEPT_MINUTES),
	NULL,
};

/* 256 MiB: forty years of hours beside a full outbox of 2 kB messages. */
static const struct db_kind state_kind = {
	.file = "state.db",
	.application_id = 0x487a5374, /* "HzSt" */
	.quota_pages = 65536,
	.checked = true,
	.migrations = state_migrations,
	.carried = state_carried,
};

/* 4 GiB: forty years of the minutes of six channels. */
static const struct db_kind samples_kind = {
	.file = "samples.db",
	.application_id = 0x487a5361, /* "HzSa" */
	.quota_pages = 1048576,
	.migrations = samples_migrations,
	.carried = samples_carried,
};

/* What the last store_open said: it leaves no store behind to ask. */
static char open_message[DB_MESSAGE_MAX];

static int complain(struct store *store, int error, const char *path, const char *what)
{
	snprintf(store->message, sizeof(store->message), "%.300s: %s", path, what);
	return error;
}

static int complain_os(struct store *store, const char *path)
{
	int os = errno;
	int error = -os;
	if (os == ENOSPC || os == EDQUOT)
		error = STORE_E_FULL;
	if (os == EIO || os == EROFS)
		error = STORE_E_IO;
	return complain(store, error, path, strerror(os));
}

static int make_directory(struct store *store, const char *dir)
{
	struct stat st;
	if (mkdir(dir, 0700) == 0)
		return 0;
	if (errno != EEXIST)
		return complain_os(store, dir);
	if (stat(dir, &st) < 0)
		return complain_os(store, dir);
	return S_ISDIR(st.st_mode) ? 0 : complain(store, -ENOTDIR, dir, strerror(ENOTDIR));
}

/* SQLite's own locks let a second daemon in between two commits. */
static int lock_directory(struct store *store, const char *dir)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/lock", dir);
	if (n < 0 || (size_t)n >= sizeof(path))
		return complain(store, -ENAMETOOLONG, dir, strerror(ENAMETOOLONG));
	store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (store->lock < 0 && errno == EROFS)
		store->lock = open(path, O_RDONLY | O_CLOEXEC);
	if (store->lock < 0)
		return complain_os(store, path);
	if (flock(store->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	int r = errno == EWOULDBLOCK
			? complain(store, STORE_E_BUSY, dir, "another hazewatchd uses it")
			: complain_os(store, path);
	close(store->lock);
	store->lock = -1;
	return r;
}

/* The directory and the lock in it. */
static int take_directory(struct store *store, const char *dir)
{
	int r = make_directory(store, dir);
	return r ? r : lock_directory(store, dir);
}

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
		return complain(store, r, store->state.path, "no random numbers for a uuid");
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
	int r = take_directory(store, dir);
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

/* Where the files are. */
static void directory_of(const struct store *store, char ret[PATH_MAX])
{
	const char *path = store->state.path;
	snprintf(ret, PATH_MAX, "%.*s", (int)(strrchr(path, '/') - path), path);
}

int store_recover(struct store *store)
{
	char dir[PATH_MAX];
	bool state = store->state.in_memory;
	directory_of(store, dir);
	int r = store->lock < 0 ? take_directory(store, dir) : 0;
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

/* The lock went with the directory, or was deleted itself. */
static int keep_directory(struct store *store)
{
	char dir[PATH_MAX];
	struct stat st;
	if (store->lock < 0 || fstat(store->lock, &st) < 0 || st.st_nlink > 0)
		return 0;
	close(store->lock);
	store->lock = -1;
	directory_of(store, dir);
	return take_directory(store, dir);
}

int store_restore(struct store *store, const char *ret_gone[STORE_FILES])
{
	struct db *files[STORE_FILES] = {&store->state, &store->samples};
	int first = keep_directory(store);
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
	int r = lock_directory(store, dir);
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
