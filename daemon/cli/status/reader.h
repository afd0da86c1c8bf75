/* SPDX-License-Identifier: MIT */
/* What the subcommands share that read a station's database and nothing else. */
#ifndef DAEMON_CLI_STATUS_READER_H
#define DAEMON_CLI_STATUS_READER_H

#include "conf.h"
#include "store.h"

#define READER_STATION "/etc/hazewatch/hazewatch.yaml"

/* The station's time: in an exercise it lives in one of its own. Since 1970 UTC. */
int64_t reader_now_ms(const struct conf *conf);

/* Columns of the terminal, or $COLUMNS; 80 where there is neither. */
int reader_width(void);

/* Tells why the database in `dir` could not be used, and what helps; an exit code of sysexits.h. */
int reader_complain(const char *dir, int r, const char *message);

#endif
