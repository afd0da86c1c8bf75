/* SPDX-License-Identifier: MIT */
/*
 * The inside of inbox.h: inbox.c (one after the other), inbox_together.c (those that are gathered),
 * inbox_check.c (is one whole, and by whom), inbox_typed.c (those that are typed on this machine).
 * Each calls those below it only; nobody else includes this.
 */
#ifndef DAEMON_COMMANDS_INBOX_INSIDE_H
#define DAEMON_COMMANDS_INBOX_INSIDE_H

#include "box_mark.h"
#include "command_json.h"
#include "gather.h"
#include "inbox.h"
#include "keyring.h"

/* One that was judged with others before its turn came. */
struct settled {
	int64_t number; /* its spool entry's */
	const struct command_key *key;
	int64_t counter; /* of the key, yet to be raised; 0: it was */
};

/* The answer to one that was typed here, until somebody asks for it. */
struct inbox_reply {
	enum command_kind kind;
	char id[COMMAND_ID_MAX];
	char *text; /* NULL: none */
};

struct inbox {
	const struct conf *conf;
	struct store *store;
	struct engine *engine;
	struct command_counts counts;
	int64_t minute_ms; /* monotonic: since then `lines` were logged */
	int lines, unlogged;
	struct keyring keyring;
	struct spool *spool;
	int tries;          /* of the oldest that waits */
	int64_t again_ms;   /* monotonic: not before */
	bool told_volatile; /* that the spool fails */
	struct gather gather;
	int waiting;   /* entries that had come when it was last looked */
	bool together; /* what was gathered is to be judged now */
	int n_settled;
	struct settled settled[ENGINE_TOGETHER_MAX];
	struct command_message message; /* too large for a stack */
	int newest_reply;
	struct inbox_reply replies[INBOX_REPLIES_MAX];
};

/* One command on its way through the checks. */
struct visitor {
	struct inbox *inbox;
	struct envelope envelope;
	struct box_mark mark; /* who typed it here; user "": nobody did */
	int64_t now_ms;
	struct command_answer answer; /* if it does not come as far as the engine */
	/* whoever may send such a command has sent one that cannot be read, and did not before as
	 * far as it says */
	bool malformed;
};

/* A visitor of what the spool has; false: its kind is none of the contract's. */
bool inbox_visitor(struct inbox *inbox, const struct spool_entry *entry, int64_t now_ms,
		   struct visitor *ret);

/* Whether it is whole, for this station, and from who may; else why not. Keys may not go back
 * behind what `taken` says of them either (as conf's keys; NULL: it says nothing). */
bool inbox_check(struct visitor *visitor, const int64_t *taken, struct command_message *message);

/* Keeps the answer to one that was typed here; takes the text. */
void inbox_keep_reply(struct inbox *inbox, const struct command *command, char *text);

/* Says that a key's counter leapt. Whoever has the key may do so; by mistake, it makes every
 * command after it an old one. */
void inbox_tell_leap(const struct command *command);

/* Notes what came, and whether it waits for more. */
bool inbox_is_gathering(struct inbox *inbox);
/* Judges the directives and slips that wait together. False: the database did not take them. */
bool inbox_judge_together(struct inbox *inbox, int64_t now_ms, enum time_quality time_quality);
/* It was judged before its turn; NULL: it was not. */
const struct settled *inbox_find_settled(const struct inbox *inbox, int64_t number);

#endif
