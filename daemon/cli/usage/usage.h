/* SPDX-License-Identifier: MIT */
/*
 * How every subcommand tells what went wrong: "hazewatch NAME: of what: why", in every language;
 * of its command line with what was likely meant and where more stands. The usage is for --help.
 */
#ifndef DAEMON_CLI_USAGE_USAGE_H
#define DAEMON_CLI_USAGE_USAGE_H

#include <getopt.h>
#include <stdio.h>

/* Whose command line is read: NULL is hazewatch itself. */
void usage_begin(const char *subcommand);

/* "hazewatch", or "hazewatch check". */
const char *usage_name(void);

/* Tells on standard error, after the name, what went wrong, the reason last; further lines of it
 * are indented. The only way that a subcommand speaks there of anything but the lines of a file. */
void usage_tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The next option as getopt_long finds it, -1 behind the last; '?' after a refusal. */
int usage_next(int argc, char **argv, const struct option *options);

/* Refuses the command line; returns EX_USAGE. */
int usage_refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Of an argument that is one of some words, the last of them NULL; returns EX_USAGE. */
int usage_refuse_word(const char *what, const char *found, const char *const *words);

/* Of a database or socket that is closed to this user: who may, and how one gets there. */
void usage_tell_who_may(const char *path);

/* As fflush(stdout); why it failed is kept for usage_end. */
int usage_flush(void);

/* Writes all of it; why it failed is kept for usage_end. */
void usage_write(const char *text, size_t size, FILE *out);

/* The exit code of a subcommand that gave this one: what was printed must have arrived. */
int usage_end(int code);

#endif
