/* SPDX-License-Identifier: MIT */
/*
 * Directives and slips that are judged together, on their way through one transaction:
 * engine_directive.c makes it, engine_words.c takes each of them. Nobody else includes this.
 */
#ifndef DAEMON_ENGINE_ENGINE_BATCH_H
#define DAEMON_ENGINE_ENGINE_BATCH_H

#include "commands.h"
#include "engine_inside.h"

/* A command on its way through the judgement. */
struct batch_item {
	const struct command *command;
	struct command_answer answer;
	bool known;                   /* it came before */
	char name[COMMANDS_NAME_MAX]; /* by which the database knows it */
	struct timetable_word word;
	struct release release;
};

struct batch {
	struct announcement when;
	bool judges;                  /* else alerts alone are due */
	bool repeats;                 /* a warning goes out in any case */
	const struct command *unread; /* one that could not be read; NULL: none was */
	const char *unread_why;
	bool names_unread; /* it never came before */
	int n, n_words;
	struct batch_item *items;
	struct timetable_word **words;
	struct timetable before;
	struct judge_outcome outcome;
	struct event events[JUDGE_TOLD_MAX];
};

/* Keeps each command that never came before; the directives among them are the words to be judged.
 * A store error, as the others. */
int batch_take_in(struct engine *engine, struct batch *batch);
/* Keeps the one that could not be read, unless its text came before. */
int batch_take_unread(struct engine *engine, struct batch *batch);
/* Judges them; the events that tell of it are in `when` afterwards. */
void batch_judge(struct engine *engine, struct batch *batch);
/* Stores what each of them leaves behind, and what is answered. */
int batch_settle(struct engine *engine, struct batch *batch);

#endif
