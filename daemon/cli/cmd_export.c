/* SPDX-License-Identifier: MIT */
#include "subcommands.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "conf.h"
#include "export.h"
#include "hour.h"
#include "time_text.h"
#include "words.h"

#define DEFAULT_DIR "/var/lib/hazewatch"

static const char *const usage =
	TR_LATER("Usage: hazewatch export [--dir DIR] [--from TIME] [--to TIME] WHAT\n"
		 "\n"
		 "Prints stored rows as CSV, oldest first; the daemon may run meanwhile.\n"
		 "\n"
		 "  --dir DIR    the folder of the database, by default /var/lib/hazewatch\n"
		 "  --from TIME  air from this time on, such as 2026-11-20T00:00:00+08:00\n"
		 "  --to TIME    air up to this time\n"
		 "  --help       show this\n"
		 "\n"
		 "WHAT is one of:\n");

static const char *const exits =
	TR_LATER("\n"
		 "Exit status: 0 done, 64 wrong usage, 66 there is no database, 74 it cannot be\n"
		 "read, or the output cannot be written, 78 it was written by another version.\n");

struct options {
	const char *dir;
	struct export_job job;
};

static void show_export_usage(FILE *out)
{
	fputs(tr(usage), out);
	for (int kind = 0; export_name(kind); kind++)
		fprintf(out, "  %-10s %s\n", export_name(kind), export_summary(kind));
	fputs(tr(exits), out);
}

/* A whole hour. */
static bool parse_hour(const char *option, const char *text, int64_t *ret)
{
	int64_t ms;
	if (time_parse(text, &ms) && ms % HOUR_MS == 0) {
		*ret = ms / HOUR_MS;
		return true;
	}
	fprintf(stderr,
		tr("hazewatch export: --%s: %s is not a whole hour with its offset, such as"
		   " 2026-11-20T00:00:00+08:00\n"),
		option, text);
	return false;
}

static bool parse_kind(const char *text, int *ret)
{
	for (int kind = 0; export_name(kind); kind++) {
		if (strcmp(text, export_name(kind)) == 0) {
			*ret = kind;
			return true;
		}
	}
	fprintf(stderr, tr("hazewatch export: %s is not something to export\n\n"), text);
	show_export_usage(stderr);
	return false;
}

/* EX_OK, EX_USAGE, or -1: --help. */
static int parse_export_options(int argc, char **argv, struct options *ret)
{
	static const struct option options[] = {
		{"dir", required_argument, NULL, 'd'},
		{"from", required_argument, NULL, 'f'},
		{"to", required_argument, NULL, 't'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == 'h')
			return -1;
		if (option == 'd')
			ret->dir = optarg;
		else if (option == '?')
			return show_export_usage(stderr), EX_USAGE;
		else if (!parse_hour(option == 'f' ? "from" : "to", optarg,
				     option == 'f' ? &ret->job.from : &ret->job.to))
			return EX_USAGE;
	}
	if (optind + 1 != argc) {
		show_export_usage(stderr);
		return EX_USAGE;
	}
	return parse_kind(argv[optind], &ret->job.kind) ? EX_OK : EX_USAGE;
}

/* RFC 4180: in quotes only what has to be. */
static void print_field(const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, stdout);
		return;
	}
	putchar('"');
	for (; *text; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}

static bool print_export_row(void *ctx, const struct export_row *row)
{
	(void)ctx;
	for (int i = 0; i < row->n; i++) {
		if (i > 0)
			putchar(',');
		print_field(row->fields[i]);
	}
	return putchar('\n') != EOF;
}

static int exit_code(int r)
{
	if (r == STORE_E_NEWER || r == -ESTALE)
		return EX_CONFIG;
	return r == -ENOENT || r == -ENOTDIR || r == -EACCES ? EX_NOINPUT : EX_IOERR;
}

static int print_all(const struct options *options)
{
	struct store *store = NULL;
	int r = store_open_readonly(options->dir, &store);
	if (r == 0) {
		puts(export_header(options->job.kind));
		r = export_rows(store, &options->job);
	}
	if (r != 0)
		fprintf(stderr, "hazewatch export: %s: %s\n", store_message(store),
			store_strerror(r));
	store_close(store);
	if (r != 0)
		return exit_code(r);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EX_OK;
	fprintf(stderr, tr("hazewatch export: the output cannot be written: %s\n"),
		strerror(errno));
	return EX_IOERR;
}

int export_command(int argc, char **argv)
{
	struct options options = {.dir = DEFAULT_DIR,
				  .job = {.from = INT64_MIN / HOUR_MS,
					  .to = INT64_MAX / HOUR_MS,
					  .each = print_export_row}};
	int r = parse_export_options(argc, argv, &options);
	if (r == EX_OK)
		return print_all(&options);
	if (r != -1)
		return r;
	show_export_usage(stdout);
	return EX_OK;
}
