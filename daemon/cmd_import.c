/* SPDX-License-Identifier: MIT */
#include "cmd_import.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "clock.h"
#include "import.h"
#include "record.h"

#define DEFAULT_DIR "/var/lib/hazewatch"
#define HOURS_AT_ONCE 500 /* in one transaction */

static const char usage[] =
	"Usage: hazewatch import [--dir DIR] [--replace] FILE.csv\n"
	"\n"
	"Brings recorded hours (- is standard input) into the database; the daemon must\n"
	"be stopped, and computes what follows from them at its next start. The same\n"
	"file again changes nothing. The layouts are those of hazewatch replay.\n"
	"\n"
	"  --dir DIR  the folder of the database, by default " DEFAULT_DIR "\n"
	"  --replace  also where the station has a valid hour of its own\n"
	"  --help     show this\n"
	"\n"
	"Exit status: 0 done, 64 wrong usage, 65 the file has problems, 66 it cannot be\n"
	"read, 74 the database refuses, 75 the daemon runs, 78 the database was written by\n"
	"a newer version.\n";

struct options {
	const char *dir, *path;
	bool replace;
};

/* EX_OK, EX_USAGE, or -1: --help. */
static int parse(int argc, char **argv, struct options *ret)
{
	static const struct option options[] = {
		{"dir", required_argument, NULL, 'd'},
		{"replace", no_argument, NULL, 'r'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == 'h')
			return -1;
		if (option == '?') {
			fputs(usage, stderr);
			return EX_USAGE;
		}
		if (option == 'd')
			ret->dir = optarg;
		else
			ret->replace = true;
	}
	if (optind + 1 != argc) {
		fputs(usage, stderr);
		return EX_USAGE;
	}
	ret->path = argv[optind];
	return EX_OK;
}

static int store_exit(int r)
{
	if (r == STORE_E_BUSY)
		return EX_TEMPFAIL;
	return r == STORE_E_NEWER ? EX_CONFIG : EX_IOERR;
}

static int refuse(const struct store *store, int r)
{
	fprintf(stderr, "hazewatch import: %s: %s\n", store_message(store), store_strerror(r));
	return store_exit(r);
}

/* A file that is right, and not of hours to come. */
static int load(const char *path, struct record *ret)
{
	struct problems problems = {0};
	int r = record_load(path, &problems, ret);
	if (r < 0)
		fprintf(stderr, "%s: cannot be read: %s\n", path, strerror(-r));
	problems_print(&problems, stderr);
	problems_done(&problems);
	if (r != 0)
		return r < 0 ? EX_NOINPUT : EX_DATAERR;
	int64_t last = ret->first + ret->n - 1;
	if (last * HOUR_MS <= clock_read().wall_us / 1000)
		return EX_OK;
	char text[CLOCK_TEXT_SIZE];
	fprintf(stderr, "%s: its last hour, %s, is not over yet\n", path,
		clock_text(last * HOUR_MS, text));
	record_done(ret);
	return EX_DATAERR;
}

static int import_part(struct store *store, const struct record *record, int begin,
		       struct import *import)
{
	int end = begin + HOURS_AT_ONCE < record->n ? begin + HOURS_AT_ONCE : record->n;
	int r = store_begin(store);
	if (r != 0)
		return r;
	for (int i = begin; i < end && r == 0; i++)
		r = import_hour(store, record->first + i, &record->hours[i], import);
	if (r == 0)
		return store_commit(store);
	store_rollback(store);
	return r;
}

static int import_record(const struct options *options, const struct record *record)
{
	struct store *store = NULL;
	struct import counts = {.replace = options->replace};
	int r = store_open(options->dir, &store);
	for (int i = 0; i < record->n && r == 0; i += HOURS_AT_ONCE)
		r = import_part(store, record, i, &counts);
	if (r != 0) {
		int code = refuse(store, r);
		store_close(store);
		return code;
	}
	store_close(store);
	printf("%d hours: %lld values added, %lld changed, %lld the same, %lld kept as the station"
	       " measured them\n",
	       record->n, (long long)counts.added, (long long)counts.changed,
	       (long long)counts.same, (long long)counts.kept);
	return EX_OK;
}

int import_command(int argc, char **argv)
{
	struct options options = {.dir = DEFAULT_DIR};
	struct record record = {0};
	int r = parse(argc, argv, &options);
	if (r == -1) {
		fputs(usage, stdout);
		return EX_OK;
	}
	if (r == EX_OK)
		r = load(options.path, &record);
	if (r != EX_OK)
		return r;
	r = import_record(&options, &record);
	record_done(&record);
	return r;
}
