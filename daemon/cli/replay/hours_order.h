/* SPDX-License-Identifier: MIT */
/*
 * What replay and import have in common: the options that say how a record is to be read, and
 * reading it with its progress, problems and notes on standard error.
 */
#ifndef DAEMON_CLI_REPLAY_HOURS_ORDER_H
#define DAEMON_CLI_REPLAY_HOURS_ORDER_H

#include <getopt.h>

#include "hours_file.h"

#define HOURS_ORDER_OPTIONS                                                                        \
	{"label", required_argument, NULL, 'L'}, {"unit", required_argument, NULL, 'U'},           \
	{                                                                                          \
		"station", required_argument, NULL, 'S'                                            \
	}

/* EX_OK if the option was one of these, EX_USAGE after a message, -1 if it is another one. */
int hours_order_take(int option, const char *text, struct hours_order *order);

/* Reads the record: EX_OK, EX_DATAERR, EX_NOINPUT, or EX_CONFIG if the layouts cannot be read; all
 * told. *ret is to be freed in any case. */
int hours_order_read(struct hours_order *order, const char *config_dir, struct hours_file *ret);

#endif
