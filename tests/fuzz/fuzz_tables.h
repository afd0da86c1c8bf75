/* SPDX-License-Identifier: MIT */
/* A store of both files in memory, made once a process, for the targets that read and write rows.
 */
#ifndef TESTS_FUZZ_TABLES_H
#define TESTS_FUZZ_TABLES_H

#include <stdbool.h>

#include "db.h"

/* `loose`: its tables take any value in any column. */
struct store *fuzz_tables(bool loose);

#endif
