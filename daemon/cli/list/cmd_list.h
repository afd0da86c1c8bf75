/* SPDX-License-Identifier: MIT */
/*
 * `hazewatch list`: audits an emission-reduction list, imports it into a station's database, shows
 * the one in force. Opens no bus and no broker.
 */
#ifndef DAEMON_CLI_LIST_CMD_LIST_H
#define DAEMON_CLI_LIST_CMD_LIST_H

#include <limits.h>
#include <stdbool.h>

#include "conf.h"
#include "list.h"

/* Runs the subcommand (argv[0] is its name); returns an exit code of sysexits.h. */
int list_command(int argc, char **argv);

/* ---- the inside: cmd_list.c calls cmd_list_store.c, that cmd_list_hand.c, both the input ---- */

struct list_options {
	const char *path, *denominator, *plan, *config, *config_dir, *socket;
	bool json, html;
};

/* A list and its denominator, as far as they can be read. */
struct list_input {
	struct list_words *words;
	struct list list;
	struct list_whole whole;
	bool has_whole;
	bool rows; /* there are rows to speak of */
};

/* Reads both; the problems are printed. EX_OK, EX_DATAERR, EX_NOINPUT, EX_CONFIG (no words). The
 * input is to be freed in any case. */
int list_read_input(const struct list_options *options, const struct plan *plan,
		    struct problems *problems, struct list_input *ret);
void list_input_done(struct list_input *input);

/* Root becomes the owner of the databases' folder, for good. EX_OK or a code after a message. */
int list_become_owner(const struct conf *conf);
/* Hands a list that was stored under `dir` to the running daemon of a station, and waits for it.
 * EX_OK or a code after a message. */
int list_hand_over(const struct list_options *options, const struct conf *conf);
/* Where it is stored for that; made anew and empty. A negative errno. */
int list_hand_begin(const struct conf *conf, char ret[PATH_MAX]);
void list_hand_end(const struct conf *conf);

int list_import(const struct list_options *options);
int list_show(const struct list_options *options);
/* The board of the source `path`. */
int list_card(const struct list_options *options);

#endif
