/* SPDX-License-Identifier: MIT */
/* What the files of retention.h share. Nobody else includes it. */
#ifndef STORAGE_TABLES_RETENTION_INSIDE_H
#define STORAGE_TABLES_RETENTION_INSIDE_H

#include "db.h"
#include "retention.h"

/* Whether a file would be full with so many pages more. */
int retention_db_is_full(struct db *db, int64_t more, bool *ret);

#endif
