/* SPDX-License-Identifier: MIT */
/* What cmd_tables.c hands to those of its subcommands that do more than print rows. */
#ifndef DAEMON_CLI_TABLES_TABLES_INSIDE_H
#define DAEMON_CLI_TABLES_TABLES_INSIDE_H

#include "table.h"

struct tables_wish {
	const struct conf *conf;
	struct store *store;
	int64_t since_ms, until_ms;
	enum table_form form;
	FILE *out;
};

/* Each writes to wish->out; a store error, or -ENOMEM. */
int tables_score(const struct tables_wish *wish);
/* *ret_exit: 1 if the chain is broken. */
int tables_verify(const struct tables_wish *wish, int *ret_exit);

/* The hours as an SVG file; *ret_written: 0, or a negative errno of the file, -ENODATA: there is no
 * hour. */
int tables_draw(const struct tables_wish *wish, const char *path, int *ret_written);

#endif
