/* SPDX-License-Identifier: MIT */
#include "cmd_slip.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "commands.h"
#include "slip.h"
#include "warnings.h"

#define STATION_FILE "/etc/hazewatch/hazewatch.yaml"

static const char usage[] =
	"Usage: hazewatch slip [OPTION]...\n"
	"\n"
	"Prints the warning release slip of the newest change: of the directive, if one was\n"
	"ever received, else of the station's advice. People's names and times stay empty.\n"
	"\n"
	"  --config FILE     the station, by default " STATION_FILE "\n"
	"  --config-dir DIR  look here first for plans, editions and profiles\n"
	"  --advice          of the advice, although there are directives\n"
	"  --language zh|en  by default zh\n"
	"  --help            show this\n"
	"\n"
	"Exit status: 0 printed, 1 there is no warning to write about, 66 no database,\n"
	"78 a file has problems.\n";

struct options {
	const char *config, *config_dir;
	bool advice, english, help;
};

/* What the database says, and what the slip borrows from it. */
struct told {
	struct slip slip;
	struct directives directives;
	struct release release;
	struct advice advice;
	char primary[64];
	struct slip_receipt receipts[SLIP_RECEIPTS_MAX];
};

static void keep_release(void *ctx, const struct release_row *row)
{
	struct told *told = ctx;
	snprintf(told->release.number, sizeof(told->release.number), "%s", row->number);
	told->slip.release = &told->release;
}

static void keep_receipt(void *ctx, const struct receipt_row *row)
{
	struct told *told = ctx;
	if (told->slip.n_receipts == SLIP_RECEIPTS_MAX)
		return;
	struct slip_receipt *receipt = &told->receipts[told->slip.n_receipts++];
	snprintf(receipt->unit, sizeof(receipt->unit), "%s", row->unit);
	snprintf(receipt->person, sizeof(receipt->person), "%s", row->person);
	receipt_outcome_parse(row->outcome, &receipt->outcome);
	receipt->time_ms = row->time_ms;
}

static int optional(int r)
{
	return r == STORE_E_NONE ? 0 : r;
}

/* The newest change of what was asked for; STORE_E_NONE if there never was one. */
static int read_change(struct store *store, bool advice, struct told *told)
{
	int r = STORE_E_NONE;
	if (!advice)
		r = warnings_newest_change(store, ABOUT_DIRECTIVE, &told->slip.change);
	if (r == STORE_E_NONE)
		r = warnings_newest_change(store, ABOUT_ADVICE, &told->slip.change);
	if (r == 0 && told->slip.change.about == ABOUT_DIRECTIVE)
		told->slip.directive = directive_newest(&told->directives);
	return r;
}

static int read_told(struct store *store, const struct options *options, struct told *told)
{
	struct rules_used rules;
	int64_t newest;
	int r = directives_load(store, &told->directives, &newest);
	if (r == 0)
		r = optional(warnings_load(store, &told->advice, &rules));
	if (r == 0)
		r = optional(releases_newest(store, keep_release, told));
	if (r == 0)
		r = optional(hours_newest_daily(store, &told->slip.hour, &told->slip.daily_aqi,
						told->primary));
	told->slip.evidence = told->advice.evidence;
	told->slip.primary = told->primary;
	if (r == 0)
		r = read_change(store, options->advice, told);
	told->slip.receipts = told->receipts;
	/* from the hour in which it was decided: its label is its END */
	return r == 0 ? receipts_since(store, (told->slip.change.hour - 1) * HOUR_MS,
				       SLIP_RECEIPTS_MAX, keep_receipt, told)
		      : r;
}

static int print(const struct conf *conf, const struct options *options)
{
	static struct told told; /* large, once */
	struct store *store;
	told.slip.conf = conf;
	int r = store_open_readonly(conf->data_dir, &store);
	if (r != 0) {
		fprintf(stderr, "hazewatch slip: database in %s: %s\n", conf->data_dir,
			store_message(NULL));
		return EX_NOINPUT;
	}
	r = read_told(store, options, &told);
	if (r != 0 && r != STORE_E_NONE)
		fprintf(stderr, "hazewatch slip: %s\n", store_message(store));
	store_close(store);
	if (r == STORE_E_NONE) {
		fputs("hazewatch slip: there was never a warning to write about\n", stderr);
		return 1;
	}
	if (r != 0)
		return EX_IOERR;
	slip_print(stdout, &told.slip, !options->english);
	return EX_OK;
}

static int read_options(int argc, char **argv, struct options *ret)
{
	static const struct option names[] = {
		{"config", required_argument, NULL, 'f'},
		{"config-dir", required_argument, NULL, 'c'},
		{"advice", no_argument, NULL, 'a'},
		{"language", required_argument, NULL, 'l'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	for (int option; (option = getopt_long(argc, argv, "", names, NULL)) != -1;) {
		if (option == 'f')
			ret->config = optarg;
		else if (option == 'c')
			ret->config_dir = optarg;
		else if (option == 'a')
			ret->advice = true;
		else if (option == 'h')
			ret->help = true;
		else if (option == 'l' && strcmp(optarg, "en") == 0)
			ret->english = true;
		else if (option != 'l' || strcmp(optarg, "zh") != 0)
			return EX_USAGE;
	}
	return optind == argc ? EX_OK : EX_USAGE;
}

int slip_command(int argc, char **argv)
{
	struct options options = {.config = STATION_FILE};
	struct problems problems = {0};
	struct conf *conf = NULL;
	int r = read_options(argc, argv, &options);
	if (r != EX_OK || options.help) {
		fputs(usage, options.help ? stdout : stderr);
		return r;
	}
	if (!conf_load(options.config, options.config_dir, &problems, &conf)) {
		problems_print(&problems, stderr);
		problems_done(&problems);
		return EX_CONFIG;
	}
	r = print(conf, &options);
	problems_done(&problems);
	conf_free(conf);
	return r;
}
