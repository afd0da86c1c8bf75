/* SPDX-License-Identifier: MIT */
/*
 * The folder of a station's files, and the lock in it that keeps a second daemon out; SQLite's own
 * locks would let it in between two commits. Inside storage/ only. Errors are those of the store,
 * with its message.
 */
#ifndef STORAGE_FILE_DIRECTORY_H
#define STORAGE_FILE_DIRECTORY_H

#include <limits.h>

#include "store.h"

/* Readers of the databases are in the folder's group; nobody else has business there. */
#define DIRECTORY_MODE 0750
#define DATABASE_MODE 0640

/* Where the files of an open store are. */
void directory_of(const struct store *store, char ret[PATH_MAX]);
/* STORE_E_BUSY: another daemon has it. */
int directory_lock(struct store *store, const char *dir);
/* Makes the folder if it is absent, and locks it. */
int directory_take(struct store *store, const char *dir);
/* Makes and locks it again if the lock was deleted, alone or with the folder. */
int directory_keep(struct store *store);
/* Notes why; returns the error. */
int directory_complain(struct store *store, int error, const char *path, const char *what);

#endif
