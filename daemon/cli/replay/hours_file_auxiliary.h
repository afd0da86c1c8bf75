/* SPDX-License-Identifier: MIT */
/*
 * What a record of hours has beside the pollutants: columns of an hour a row, or what hazewatch
 * export aux writes, a quantity a row. hours_file_header.c finds the columns, hours_file.c hands
 * each row over.
 */
#ifndef DAEMON_CLI_REPLAY_HOURS_FILE_AUXILIARY_H
#define DAEMON_CLI_REPLAY_HOURS_FILE_AUXILIARY_H

#include "hours_file_inside.h"

/* What the row last read has of the columns, NULL: nothing; problems are told. */
const struct hours_auxiliaries *auxiliary_take_row(struct reader *reader);

/* The hours of the rows, once they are in order, and what was left out. */
void auxiliary_make_hours(struct reader *reader);

/* Reads what follows the header of hazewatch export aux. */
void auxiliary_read_own(struct reader *reader);

#endif
