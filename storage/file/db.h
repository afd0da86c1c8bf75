/* SPDX-License-Identifier: MIT */
/*
 * One SQLite file: its settings, its migrations, one transaction at a time, prepared statements.
 *
 * db.c is the handle and its errors; open.c opens it; query.c has prepared statements; memory.c and
 * mend.c stand in where the disk fails; transaction.c and store.c know all of them. Each calls
 * those before it only.
 *
 * Inside storage/ only. Any failure inside a transaction rolls it back and marks it failed: what
 * follows in it does nothing and returns the same error, until commit or rollback ends it. After an
 * I/O error or damage the file is opened and checked again before the next use, because a failed
 * fsync may have lost pages that SQLite believes to be on disk.
 */
#ifndef STORAGE_FILE_DB_H
#define STORAGE_FILE_DB_H

#include <limits.h>
#include <sqlite3.h>
#include <stddef.h>

#include "given.h"
#include "journal.h"
#include "store.h"

#define DB_LOG_BYTES_MAX (4 * 1024 * 1024) /* unless a reader holds it, while it does */
#define DB_MESSAGE_MAX 512
#define STORE_BAD_ROWS 64
#define COMMAND_KINDS 7 /* directive, release, ... */

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
	bool checked;        /* quick_check when it is opened */
	const char *const
		*bulk; /* tables of which a large file's are checked afterwards; NULL: none */
	const struct db_migration *migrations;
	const char *const *carried;  /* statements that copy rows from `disk` into memory */
	const char *const *at_start; /* that bring rows to what a restart finds; NULL: none */
	const char *given;           /* asks for the highest seq and event; NULL: it has none */
};

extern const struct db_kind state_kind, samples_kind;

/* What a start and a lost connection do to rows of the outbox that were on their way, in this
 * order: those that a newer one replaced go, the others wait again. */
#define OUTBOX_DROP_REPLACED                                                                       \
	"DELETE FROM outbox WHERE state <> 'pending' AND replaces AND EXISTS"                      \
	" (SELECT 1 FROM latest WHERE latest.topic = outbox.topic AND latest.seq > outbox.seq)"
#define OUTBOX_WAIT_AGAIN "UPDATE outbox SET state = 'pending' WHERE state IN ('sent', 'acked')"

enum db_transaction { DB_NO_TRANSACTION, DB_TRANSACTION, DB_TRANSACTION_FAILED };

struct db {
	const struct db_kind *kind;
	char path[PATH_MAX];
	bool readonly;
	bool still;          /* readonly: without a log, and nobody has the lock */
	int64_t quota_pages; /* 0: that of the kind */
	bool known;          /* opened before: from now on a missing file is an error */
	bool suspect;
	bool damaged; /* what can be read of it may go on in memory */
	sqlite3 *handle;
	enum db_transaction transaction;
	int error;     /* why the transaction failed */
	char *message; /* DB_MESSAGE_MAX characters of the store */
	struct journal journal;
	struct db_slice {
		bool left; /* there is something to check */
		int table; /* of the kind's bulk */
	} slice;
	bool in_memory;     /* memory.c: the disk refused */
	bool refused;       /* the next transaction goes to memory */
	int64_t newest_seq; /* of the outbox, committed or not */
	struct given given; /* as the file beside it says */
	char memory_uuid[GIVEN_UUID_SIZE];
	int64_t openings;         /* of the file or of the memory */
	char why[DB_MESSAGE_MAX]; /* the message that memory began with */
	/* the newest that were used; more than query.c keeps only while so many are in use at once
	 */
	struct db_statement {
		const char *sql; /* a literal: found again by its address */
		sqlite3_stmt *stmt;
		bool in_use;  /* from db_read to query_end */
		int64_t turn; /* of its last use */
	} * statements;
	int n_statements, room;
	int64_t turn;
};

struct store {
	struct db state, samples;
	struct outbox_counts counts; /* as they were at this version of state */
	int64_t counts_version;
	int64_t damaged;  /* messages whose check sum was wrong */
	int64_t bad_rows; /* of other tables; the sums of the newest, to know them again */
	uint32_t bad_sums[STORE_BAD_ROWS];
	char bad_row[80];
	const struct plan *plan; /* of the levels' ranks */
	int lock;                /* file descriptor, -1: read-only */
	char uuid[GIVEN_UUID_SIZE];
	char message[DB_MESSAGE_MAX];
	struct looked {
		int64_t bare, rested[3];
	} looked[COMMAND_KINDS]; /* command_quota.c: how far a kind was looked through in vain */
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

/* soundness.c: what an opening checks; then, one after the other, the tables that it left. True:
 * there are more. Damage makes the next use check all of the file. */
int db_check_at_opening(struct db *db);
bool db_check_slice(struct db *db);

int db_begin(struct db *db);
int db_commit(struct db *db);
void db_rollback(struct db *db);

/* SQLITE_CORRUPT for what SQLite also says of a damaged row: SQLITE_NOMEM while there is memory, if
 * it claims to be nearly 4 GiB long, and SQLITE_TOOBIG, which nothing is that we write. Any other
 * code as it is. */
int db_true_code(int code);

/* Takes down SQLite's code, its message and errno, fails the transaction, returns what the code
 * means here. */
int db_fail(struct db *db, int code);
/* The same for a fault found by ourselves; `format` continues "<path>: ". */
int db_refuse(struct db *db, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Errors of the machine; what is left are mistakes of a statement, which a memory shares. */
bool db_disk_refuses(int error);
/* Notes that the disk refused with this error, if memory may take over. */
void db_note_refusal(struct db *db, int error);

/* One statement on the open handle: for literals, numbers and the embedded migrations only. The
 * first column of its first row, which must be there; or, as text, if it is. */
int db_run(struct db *db, const char *sql);
int db_read_number(struct db *db, const char *sql, int64_t *ret);
int db_read_text(struct db *db, const char *sql, char *ret, size_t size);

/* reading.c: SQLite's code; errno says why a file cannot be opened. */
int db_open_for_reading(struct db *db, int flags);
/* A daemon has begun with files that nobody used when they were opened; a daemon has them. */
bool db_is_overtaken(const struct db *db);
bool db_is_in_use(const struct db *db);

/* For memory.c: the same, never in memory; the handle closed, its statements finalized. */
int db_begin_on_disk(struct db *db);
int db_commit_on_disk(struct db *db);
void db_close_handle(struct db *db);
void db_finalize(struct db *db);
/* Keeps newest_seq up to date with what the handle inserts. */
void db_watch_seq(struct db *db);

/* Keeps the numbers that this file's handle has given, for a start that finds another; inside the
 * transaction that gave them. False: they are on no disk. */
bool db_note_given(struct db *db);

/* memory.c: goes on in memory; -ENOMEM, STORE_E_IO: it could not. */
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
 * quarantine/. On any error the old one stays where it is and `message` (DB_MESSAGE_MAX) says why.
 */
int mend_file(const char *dir, const struct db_kind *kind, char *message, struct mended *ret);
/* Brings a mend that a power cut ended to its end. */
void mend_finish(const char *path);

/* A prepared statement in use. Errors stick: the calls after one do nothing, query_end tells. */
struct query {
	struct db *db;
	sqlite3_stmt *stmt;
	int error;
	int bound;
	uint32_t sum; /* of what was bound */
	bool writes;
	const char *bad; /* the column whose value made the error */
};

struct query db_read(struct db *db, const char *sql);
/* Inside a transaction only. */
struct query db_write(struct db *db, const char *sql);

/* Each binds the next parameter. Text is borrowed until query_end; NULL is NULL. */
void query_int(struct query *q, int64_t value);
void query_int_or_null(struct query *q, bool known, int64_t value);
void query_text(struct query *q, const char *text);
/* The CRC-32 of everything bound before it, as text joined by '|', NULL as nothing. */
void query_sum(struct query *q);

/* Steps; true if there is a row. */
bool query_row(struct query *q);
/* An integer column; anything else, or out of range, fails the query as STORE_E_CORRUPT. */
int64_t query_column(struct query *q, int column, int64_t min, int64_t max);
bool query_column_null(struct query *q, int column);
bool query_column_is_text(struct query *q, int column);
/* 0..max, or `null` where there is none. */
int64_t query_column_or(struct query *q, int column, int64_t max, int64_t null);
/* A text of fewer than `size` bytes, else STORE_E_CORRUPT and ""; borrowed until the next step. */
const char *query_column_text(struct query *q, int column, size_t size);
/* The same, copied. */
void query_column_copy(struct query *q, int column, char *ret, size_t size);
/* Any integer. */
int64_t query_column_any(struct query *q, int column);

/* True if the column `at` is what query_sum wrote of the first n columns. */
bool query_is_sound(struct query *q, int n, int at);

/* True if a value of this row is none that hazewatch writes: the row is to be skipped, and the
 * query goes on. */
bool query_forgive(struct query *q);

/* Frees the statement for its next use; the first error of all the calls. */
int query_end(struct query *q);
/* Runs a statement without rows to its end. */
int query_run(struct query *q);
/* The same; adds how many rows it changed. */
int query_run_counting(struct query *q, int64_t *changed);

#endif
