/* SPDX-License-Identifier: MIT */
#include "subcommands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "clock.h"
#include "conf.h"
#include "hour.h"
#include "hours_order.h"
#include "import.h"
#include "log_words.h"
#include "progress.h"
#include "reader.h"
#include "time_text.h"
#include "usage.h"
#include "words.h"

#define DEFAULT_DIR "/var/lib/hazewatch"
#define HOURS_AT_ONCE 500 /* in one transaction */

static const char *const usage = TR_LATER(
	"Usage: hazewatch import [OPTION]... FILE.csv\n"
	"\n"
	"Brings recorded hours (- is standard input) into the database; the daemon must\n"
	"be stopped, and computes what follows from them at its next start. The same\n"
	"file again changes nothing. The layouts are those of hazewatch replay.\n"
	"\n"
	"  --dir DIR            the folder of the database, by default /var/lib/hazewatch\n"
	"  --replace            also where the station has a valid hour of its own\n"
	"  --edition NAME|FILE  whose bounds count, by default hj633-2026\n"
	"  --config-dir DIR     look here first for editions\n"
	"  --label start|end    what a time of the file names of its hour\n"
	"  --unit NAME=UNIT     ug or mg where the column says none: co=mg\n"
	"  --station CODE       which of several\n"
	"  --strict             a value above the edition's bounds is a problem\n"
	"  --help               show this\n"
	"\n"
	"Exit status: 0 done, 64 wrong usage, 65 the file has problems, 66 it cannot be\n"
	"read, or there is no such folder, 74 the database failed, 75 the daemon runs, 77\n"
	"not allowed, 78 another version wrote it, or the edition has problems.\n");

struct options {
	const char *dir, *edition, *config_dir;
	bool replace;
	struct hours_order record;
};

/* EX_OK, EX_USAGE, or -1: --help. */
static int parse_import_options(int argc, char **argv, struct options *ret)
{
	static const struct option options[] = {
		{"dir", required_argument, NULL, 'd'},
		{"replace", no_argument, NULL, 'r'},
		{"edition", required_argument, NULL, 'e'},
		{"config-dir", required_argument, NULL, 'c'},
		{"strict", no_argument, NULL, 's'},
		HOURS_ORDER_OPTIONS,
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	for (int option; (option = usage_next(argc, argv, options)) != -1;) {
		if (option == 'h')
			return -1;
		if (option == '?' || hours_order_take(option, optarg, &ret->record) == EX_USAGE)
			return EX_USAGE;
		if (option == 'd')
			ret->dir = optarg;
		else if (option == 'e')
			ret->edition = optarg;
		else if (option == 'c')
			ret->config_dir = optarg;
		ret->replace |= option == 'r';
		ret->record.strict |= option == 's';
	}
	if (optind + 1 != argc)
		return usage_refuse(tr("one FILE is needed"));
	ret->record.path = argv[optind];
	return EX_OK;
}

/* A file that is right, and not of hours to come. */
static int load_past_hours(struct options *options, const struct edition *edition,
			   struct hours_file *ret)
{
	options->record.edition = edition;
	options->record.auxiliaries = true;
	int r = hours_order_read(&options->record, options->config_dir, ret);
	if (r != EX_OK)
		return r;
	int64_t last = ret->first + ret->n - 1;
	for (int i = 0; i < ret->n_auxiliaries; i++)
		last = ret->auxiliaries[i].at > last ? ret->auxiliaries[i].at : last;
	if (last * HOUR_MS <= clock_read().wall_us / 1000)
		return EX_OK;
	char text[TIME_TEXT_SIZE];
	usage_tell(tr("%s: its last hour, %s, is not over yet"), options->record.path,
		   time_text(last * HOUR_MS, text));
	return EX_DATAERR;
}

static int end_part(struct store *store, int r)
{
	if (r == 0)
		return store_commit(store);
	store_rollback(store);
	return r;
}

static int import_part(struct store *store, const struct hours_file *record,
		       const struct edition *edition, int begin, struct import *import)
{
	int end = begin + HOURS_AT_ONCE < record->n ? begin + HOURS_AT_ONCE : record->n;
	int r = store_begin(store);
	if (r != 0)
		return r;
	for (int i = begin; i < end && r == 0; i++)
		r = import_hour(store, record->first + i, &record->hours[i],
				hours_file_beyond(&record->hours[i], edition), import);
	return end_part(store, r);
}

/* What is beside the pollutants lies in the other file. */
static int import_auxiliary_part(struct store *store, const struct hours_file *record, int begin,
				 struct import *import)
{
	int end = begin + HOURS_AT_ONCE < record->n_auxiliaries ? begin + HOURS_AT_ONCE
								: record->n_auxiliaries;
	int r = store_begin(store);
	if (r != 0)
		return r;
	r = store_samples_begin(store);
	for (int i = begin; i < end && r == 0; i++)
		r = import_auxiliary(store, &record->auxiliaries[i], import);
	if (r == 0)
		r = store_samples_commit(store);
	else
		store_samples_rollback(store);
	return end_part(store, r);
}

static int import_auxiliaries(struct store *store, const struct hours_file *record,
			      struct import *import)
{
	int r = 0;
	for (int i = 0; i < record->n_auxiliaries && r == 0; i += HOURS_AT_ONCE) {
		progress_step(i, record->n_auxiliaries);
		r = import_auxiliary_part(store, record, i, import);
	}
	return r;
}

static void tell_counts(const struct hours_file *record, const struct import *pollutants,
			const struct import *beside)
{
	if (record->n > 0)
		printf(tr("%d hours: %lld values added, %lld changed, %lld the same, %lld kept as "
			  "the station"
			  " measured them\n"),
		       record->n, (long long)pollutants->added, (long long)pollutants->changed,
		       (long long)pollutants->same, (long long)pollutants->kept);
	if (record->n_auxiliaries > 0)
		printf(tr("beside the pollutants: %lld values added, %lld changed, %lld the same, "
			  "%lld kept as they were\n"),
		       (long long)beside->added, (long long)beside->changed,
		       (long long)beside->same, (long long)beside->kept);
}

static int import_record(const struct options *options, const struct edition *edition,
			 const struct hours_file *record)
{
	struct store *store = NULL;
	struct import counts = {.replace = options->replace}, beside = counts;
	int r = store_open(options->dir, &store);
	progress_begin(tr("hour"));
	for (int i = 0; i < record->n && r == 0; i += HOURS_AT_ONCE) {
		progress_step(i, record->n);
		r = import_part(store, record, edition, i, &counts);
	}
	if (r == 0)
		r = import_auxiliaries(store, record, &beside);
	progress_end();
	if (r != 0) {
		int code = reader_complain(options->dir, r, store_reason(store, r));
		store_close(store);
		return r == STORE_E_BUSY ? EX_TEMPFAIL : code;
	}
	store_close(store);
	tell_counts(record, &counts, &beside);
	return EX_OK;
}

static struct conf *load_rules(const struct options *options)
{
	struct problems problems = {0};
	struct conf *conf = NULL;
	/* rules are loaded whole; an import asks for none of the plan */
	if (!conf_load_rules(options->edition, CONF_PLAN_DEFAULT, options->config_dir, &problems,
			     &conf))
		problems_print(&problems, stderr);
	problems_done(&problems);
	return conf;
}

int import_command(int argc, char **argv)
{
	struct options options = {.dir = DEFAULT_DIR, .edition = CONF_EDITION_DEFAULT};
	struct hours_file record = {0};
	int r = parse_import_options(argc, argv, &options);
	if (r == -1) {
		fputs(tr(usage), stdout);
		return EX_OK;
	}
	if (r != EX_OK)
		return r;
	struct conf *conf = load_rules(&options);
	if (!conf)
		return EX_CONFIG;
	r = load_past_hours(&options, &conf->edition, &record);
	if (r == EX_OK)
		r = import_record(&options, &conf->edition, &record);
	hours_file_done(&record);
	conf_free(conf);
	return r;
}
