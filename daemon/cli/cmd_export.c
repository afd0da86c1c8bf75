/* SPDX-License-Identifier: MIT */
#include "subcommands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "conf.h"
#include "export.h"
#include "hour.h"
#include "log_words.h"
#include "progress.h"
#include "reader.h"
#include "time_text.h"
#include "usage.h"
#include "words.h"

#define DEFAULT_DIR "/var/lib/hazewatch"
#define KINDS_MAX 16

static const char *const usage =
	TR_LATER("Usage: hazewatch export [OPTION]... WHAT\n"
		 "\n"
		 "Prints stored rows as CSV, oldest first; the daemon may run meanwhile.\n"
		 "\n"
		 "  --dir DIR       the folder of the database, by default /var/lib/hazewatch\n"
		 "  --from, --to TIME  from or up to this time, such as 2026-11-20T00:00:00+08:00\n"
		 "  --layout cnemc  of hours: as the national platform's archives have them\n"
		 "  --help          show this\n"
		 "WHAT is one of:\n");

static const char *const exits = TR_LATER(
	"\n"
	"Exit status: 0 done, 64 wrong usage, 66 no database, 74 it or the output failed,\n"
	"77 not allowed, 78 it was written by another version.\n");

/* What each kind of rows is, for people. */
static const char *const summaries[][2] = {
	{"hours", TR_LATER("valid hourly means, a column each: what replay and import read")},
	{"means", TR_LATER("every hourly mean with its quality, a row each")},
	{"aqi", TR_LATER("real-time and daily AQI of every hour")},
	{"events", TR_LATER("changes of the advice and of directives")},
	{"directives", TR_LATER("directives as they were accepted")},
	{"releases", TR_LATER("release slips")},
	{"receipts", TR_LATER("what units and sources answered")},
	{"orders", TR_LATER("each order: when it was issued, changed, delivered, withdrawn")},
	{"aux", TR_LATER("hours of what is measured beside the pollutants, a row each")},
	{"aux-minutes", TR_LATER("their minutes, a row each")},
	{"minutes", TR_LATER("minute means, a row for each channel")},
	{"5-minutes", TR_LATER("means of five minutes, a row for each channel")},
};

struct options {
	const char *dir, *layout;
	struct export_job job;
};

static const char *find_summary(const char *name)
{
	for (size_t i = 0; i < sizeof(summaries) / sizeof(summaries[0]); i++)
		if (strcmp(summaries[i][0], name) == 0)
			return tr(summaries[i][1]);
	return "";
}

static void show_export_usage(void)
{
	fputs(tr(usage), stdout);
	for (int kind = 0; export_name(kind); kind++) {
		if (!export_layout(kind))
			printf("  %-11s %s\n", export_name(kind), find_summary(export_name(kind)));
	}
	fputs(tr(exits), stdout);
}

/* A whole hour. */
static bool parse_hour(const char *option, const char *text, int64_t *ret)
{
	int64_t ms;
	if (time_parse(text, &ms) && ms % HOUR_MS == 0) {
		*ret = ms / HOUR_MS;
		return true;
	}
	usage_refuse(tr("--%s: %s is not a whole hour with its offset, such as "
			"2026-11-20T00:00:00+08:00"),
		     option, text);
	return false;
}

static bool is_layout(int kind, const char *layout)
{
	const char *has = export_layout(kind);
	return has && layout ? strcmp(has, layout) == 0 : has == layout;
}

static bool parse_kind(const char *text, const char *layout, int *ret)
{
	const char *names[KINDS_MAX + 1];
	int n = 0;
	for (int kind = 0; export_name(kind) && n < KINDS_MAX; kind++) {
		if (!is_layout(kind, layout))
			continue;
		names[n++] = export_name(kind);
		if (strcmp(text, export_name(kind)) == 0) {
			*ret = kind;
			return true;
		}
	}
	names[n] = NULL;
	if (n == 0)
		usage_refuse_word("--layout", layout, (const char *const[]){"cnemc", NULL});
	else
		usage_refuse_word("WHAT", text, names);
	return false;
}

/* EX_OK, EX_USAGE, or -1: --help. */
static int parse_export_options(int argc, char **argv, struct options *ret)
{
	static const struct option options[] = {
		{"dir", required_argument, NULL, 'd'}, {"from", required_argument, NULL, 'f'},
		{"to", required_argument, NULL, 't'},  {"layout", required_argument, NULL, 'l'},
		{"help", no_argument, NULL, 'h'},      {0},
	};
	for (int option; (option = usage_next(argc, argv, options)) != -1;) {
		if (option == 'h')
			return -1;
		if (option == 'd')
			ret->dir = optarg;
		else if (option == 'l')
			ret->layout = optarg;
		else if (option == '?' ||
			 !parse_hour(option == 'f' ? "from" : "to", optarg,
				     option == 'f' ? &ret->job.from : &ret->job.to))
			return EX_USAGE;
	}
	if (optind + 1 != argc)
		return usage_refuse(tr("one WHAT is needed"));
	return parse_kind(argv[optind], ret->layout, &ret->job.kind) ? EX_OK : EX_USAGE;
}

/* The rows of a transaction, kept until it has ended: who takes what is printed may let it wait. */
struct kept_rows {
	FILE *out;
	char *text;
	size_t size;
};

/* RFC 4180: in quotes only what has to be. */
static void write_field(FILE *out, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static bool keep_row(void *ctx, const struct export_row *row)
{
	struct kept_rows *rows = ctx;
	/* on a terminal the rows themselves go by */
	if (!isatty(STDOUT_FILENO))
		progress_count();
	for (int i = 0; i < row->n; i++) {
		if (i > 0)
			fputc(',', rows->out);
		write_field(rows->out, row->fields[i]);
	}
	return fputc('\n', rows->out) != EOF;
}

static bool print_kept_rows(void *ctx)
{
	struct kept_rows *rows = ctx;
	if (fflush(rows->out) != 0)
		return false;
	bool printed = fwrite(rows->text, 1, rows->size, stdout) == rows->size;
	rewind(rows->out);
	return printed;
}

static int print_all(const struct options *options)
{
	struct store *store = NULL;
	struct export_job job = options->job;
	struct kept_rows rows = {0};
	rows.out = open_memstream(&rows.text, &rows.size);
	job.ctx = &rows;
	int r = rows.out ? store_open_readonly(options->dir, &store) : -ENOMEM;
	if (r == 0) {
		puts(export_header(options->job.kind));
		progress_begin(tr("row"));
		r = export_rows(store, &job);
		progress_end();
	}
	if (r == 0 && ferror(rows.out))
		r = -ENOMEM;
	int code = r != 0 ? reader_complain(options->dir, r, store_reason(store, r)) : EX_OK;
	store_close(store);
	if (rows.out)
		fclose(rows.out);
	free(rows.text);
	if (r != 0)
		return code;
	return usage_flush() == 0 && !ferror(stdout) ? EX_OK : EX_IOERR;
}

int export_command(int argc, char **argv)
{
	struct options options = {.dir = DEFAULT_DIR,
				  .job = {.from = INT64_MIN / HOUR_MS,
					  .to = INT64_MAX / HOUR_MS,
					  .each = keep_row,
					  .pause = print_kept_rows}};
	int r = parse_export_options(argc, argv, &options);
	if (r == EX_OK)
		return print_all(&options);
	if (r != -1)
		return r;
	show_export_usage();
	return EX_OK;
}
