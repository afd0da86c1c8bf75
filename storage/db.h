/* SPDX-License-Identifier: MIT */
/*
 * One SQLite file: its settings, its migrations, one transaction at a time, prepared statements.
 *
 * Inside storage/ only. Any failure inside a transaction rolls it back and marks it failed: what
 * follows in it does nothing and returns the same error, until commit or rollback ends it. After an
 * I/O error or damage the file is opened and checked again before the next use, because a failed
 * fsync may have lost pages that SQLite believes to be on disk.
 */
#ifndef STORAGE_DB_H
#define STORAGE_DB_H

#include <limits.h>
#include <sqlite3.h>
#include <stddef.h>

#include "journal.h"
#include "outbox.h"
#include "store.h"

#define DB_MESSAGE_MAX 512
#define DB_STATEMENTS_MAX 128

/* Migration n (1, 2, ...) is element n - 1; the last element has no sql. */
struct db_migration {
	const char *name;
	const char *sql;
};
extern const struct db_migration state_migrations[];
extern const struct db_migration samples_migrations[];

struct db_kind {
	const char *file;
	int32_t application_id;
	int64_t quota_pages; /* until another quota is set */
	bool checked;        /* quick_check at each open */
	const struct db_migration *migrations;
	const char *const *carried; /* statements that copy rows from `disk` into memory */
};

extern const struct db_kind state_kind, samples_kind;

enum db_transaction { DB_NO_TRANSACTION, DB_TRANSACTION, DB_TRANSACTION_FAILED };

struct db {
	const struct db_kind *kind;
	char path[PATH_MAX];
	bool readonly;
	int64_t quota_pages; /* 0: that of the kind */
	bool known;          /* opened before: from now on a missing file is an error */
	bool suspect;
	sqlite3 *handle;
	enum db_transaction transaction;
	int error;     /* why the transaction failed */
	char *message; /* DB_MESSAGE_MAX characters of the store */
	struct journal journal;
	bool in_memory;           /* memory.c: the disk refused */
	bool refused;             /* the next transaction goes to memory */
	int64_t newest_seq;       /* of the outbox, committed or not */
	int64_t openings;         /* of the file or of the memory */
	char why[DB_MESSAGE_MAX]; /* the message that memory began with */
	struct db_statement {
		const char *sql; /* a literal: found again by its address */
		sqlite3_stmt *stmt;
	} statements[DB_STATEMENTS_MAX];
};

struct store {
	struct db state, samples;
	struct outbox_counts counts; /* as they were at this version of state */
	int64_t counts_version;
	int64_t damaged; /* messages whose check sum was wrong */
	int lock;        /* file descriptor, -1: read-only */
	char uuid[37];
	char message[DB_MESSAGE_MAX];
};

/* The schema that this program writes: how many migrations there are. */
int db_newest_schema(const struct db_kind *kind);

int db_open(struct db *db, const char *dir);
/* Accepts one that was never opened. */
void db_close(struct db *db);
/* Opens the file again if it was closed or is suspect; the error of a transaction that failed. */
int db_ready(struct db *db);

/* Another number after whatever this process wrote and after each opening; 0, which is never the
 * same: nobody knows. */
int64_t db_version(struct db *db);

/* Sets max_page_count from the quota. */
int db_limit(struct db *db);

int db_begin(struct db *db);
int db_commit(struct db *db);
void db_rollback(struct db *db);

/* Takes down SQLite's code, its message and errno, fails the transaction, returns what the code
 * means here. */
int db_fail(struct db *db, int code);
/* The same for a fault found by ourselves; `format` continues "<path>: ". */
int db_refuse(struct db *db, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* For memory.c: the same, never in memory; the handle closed, its statements finalized. */
int db_begin_on_disk(struct db *db);
int db_commit_on_disk(struct db *db);
void db_close_handle(struct db *db);
void db_finalize(struct db *db);
/* Keeps newest_seq up to date with what the handle inserts. */
void db_watch_seq(struct db *db);

/* memory.c: notes that the disk refused with this error, if memory may take over. */
void memory_refused(struct db *db, int error);
/* Goes on in memory; -ENOMEM, STORE_E_IO: it could not. */
int memory_enter(struct db *db);
/* The file cannot be opened because of `error`: begins in memory with what is in the file, if that
 * may be and all of it can be read. Else the error, or why it cannot be read. */
int memory_begin(struct db *db, int error);
/* Goes on in memory, with the transaction that the disk refused committed in it. */
int memory_rescue(struct db *db);
/* Runs the journal on the file, which is opened and checked anew; memory goes on if that fails. */
int memory_leave(struct db *db);
/* Runs the journal on a file that is open. */
int memory_replay(struct db *db);

/* restore.c: a file that was deleted or replaced is written again from what is open. */
int restore_file(struct db *db, bool *ret_gone);

/* mend.c. The new file until it is whole. */
#define MEND_SUFFIX ".mending"
/* A good database of another program, which is none of our business. */
bool mend_is_foreign(const char *path, int32_t application_id);
/* Builds a new file from what can be read of a damaged one that is not open, and moves that to
 * quarantine/. */
int mend_file(const char *dir, const struct db_kind *kind, struct mended *ret);
/* Brings a mend that a power cut ended to its end. */
void mend_finish(const char *path);

/* A prepared statement in use. Errors stick: the calls after one do nothing, query_end tells. */
struct query {
	struct db *db;
	sqlite3_stmt *stmt;
	int error;
	int bound;
	bool writes;
};

struct query db_read(struct db *db, const char *sql);
/* Inside a transaction only. */
struct query db_write(struct db *db, const char *sql);

/* Each binds the next parameter. Text is borrowed until query_end; NULL is NULL. */
void query_int(struct query *q, int64_t value);
void query_int_or_null(struct query *q, bool known, int64_t value);
void query_text(struct query *q, const char *text);

/* Steps; true if there is a row. */
bool query_row(struct query *q);
/* An integer column; anything else, or out of range, fails the query as STORE_E_CORRUPT. */
int64_t query_column(struct query *q, int column, int64_t min, int64_t max);
bool query_column_null(struct query *q, int column);
/* A text of fewer than `size` bytes, else STORE_E_CORRUPT and ""; borrowed until the next step. */
const char *query_column_text(struct query *q, int column, size_t size);

/* Frees the statement for its next use; the first error of all the calls. */
int query_end(struct query *q);
/* Runs a statement without rows to its end. */
int query_run(struct query *q);

#endif
