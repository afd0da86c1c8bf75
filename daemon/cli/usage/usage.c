/* SPDX-License-Identifier: MIT */
#include "usage.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "nearest.h"
#include "words.h"

#define NAME_MAX_BYTES 64
#define TEXT_MAX 512
#define LINES_MAX 8192 /* of a path and what is said of it */

static char program[NAME_MAX_BYTES] = "hazewatch";

void usage_begin(const char *subcommand)
{
	snprintf(program, sizeof(program), "hazewatch%s%s", subcommand ? " " : "",
		 subcommand ? subcommand : "");
}

const char *usage_name(void)
{
	return program;
}

static void tell_lines(const char *text)
{
	fprintf(stderr, "%s: ", program);
	for (; *text; text++) {
		fputc(*text, stderr);
		if (*text == '\n')
			fputs("  ", stderr);
	}
	fputc('\n', stderr);
}

void usage_tell(const char *format, ...)
{
	char text[LINES_MAX + TEXT_MAX];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	tell_lines(text);
}

int usage_refuse(const char *format, ...)
{
	char text[LINES_MAX];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	usage_tell(tr("%s (%s --help tells more)"), text, program);
	return EX_USAGE;
}

/* The word that was likely meant, NULL: none. */
static const char *find_nearest(const char *found, const char *const *words)
{
	const char *nearest = NULL;
	int fewest = INT_MAX;
	for (; *words; words++) {
		int edits = nearest_edits(found, *words);
		if (edits < fewest) {
			fewest = edits;
			nearest = *words;
		}
	}
	return nearest && nearest_is_slip(found, fewest) ? nearest : NULL;
}

int usage_refuse_word(const char *what, const char *found, const char *const *words)
{
	char listed[LINES_MAX / 2] = "";
	const char *nearest = find_nearest(found, words);
	for (size_t length = 0; *words && length < sizeof(listed); words++)
		length += (size_t)snprintf(listed + length, sizeof(listed) - length, "%s%s",
					   length ? ", " : "", *words);
	if (nearest)
		return usage_refuse(tr("%s: %s is not one of %s; did you mean %s?"), what, found,
				    listed, nearest);
	return usage_refuse(tr("%s: %s is not one of %s"), what, found, listed);
}

void usage_tell_who_may(const char *path)
{
	usage_tell(tr("%s is for root and the group hazewatch: either use sudo, or let root say\n"
		      "  usermod --append --groups hazewatch USER\nand log in again"),
		   path);
}

static int write_error;

int usage_flush(void)
{
	int r = fflush(stdout);
	if (r != 0 && write_error == 0)
		write_error = errno;
	return r;
}

void usage_write(const char *text, size_t size, FILE *out)
{
	if (fwrite(text, 1, size, out) < size && write_error == 0)
		write_error = errno;
}

int usage_end(int code)
{
	if (usage_flush() == 0 && !ferror(stdout))
		return code;
	usage_tell(tr("the output cannot be written: %s"),
		   strerror(write_error != 0 ? write_error : EIO));
	return EX_IOERR;
}

#define OPTIONS_MAX 32

/* Names of options that begin like this; how many there are. */
static int list_options(const struct option *options, const char *begin, const char **ret)
{
	int n = 0;
	for (; options->name && n < OPTIONS_MAX; options++) {
		if (strncmp(options->name, begin, strlen(begin)) == 0)
			ret[n++] = options->name;
	}
	ret[n] = NULL;
	return n;
}

/* What getopt did not take: unknown, of several meanings, or with a value that it has not. */
static void refuse_unknown(const char *word, const struct option *options)
{
	const char *names[OPTIONS_MAX + 2] = {NULL};
	char plain[NAME_MAX_BYTES];
	if (strncmp(word, "--", 2) != 0) {
		usage_refuse(tr("%s is not an option; options begin with --"), word);
		return;
	}
	snprintf(plain, sizeof(plain), "%.*s", (int)strcspn(word + 2, "="), word + 2);
	int n = list_options(options, plain, names);
	if (n == 1) {
		usage_refuse(tr("--%s takes no value"), names[0]);
	} else if (n > 1) {
		usage_refuse(tr("--%s can be --%s or --%s"), plain, names[0], names[1]);
	} else {
		names[list_options(options, "", names)] = "version"; /* every subcommand's */
		const char *nearest = find_nearest(plain, names);
		if (nearest)
			usage_refuse(tr("--%s is not an option; did you mean --%s?"), plain,
				     nearest);
		else
			usage_refuse(tr("--%s is not an option"), plain);
	}
}

int usage_next(int argc, char **argv, const struct option *options)
{
	opterr = 0;
	int option = getopt_long(argc, argv, ":", options, NULL);
	if (option == ':')
		usage_refuse(tr("%s needs a value"), argv[optind - 1]);
	else if (option == '?')
		refuse_unknown(argv[optind - 1], options);
	return option == ':' ? '?' : option;
}
