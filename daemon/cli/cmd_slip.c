/* SPDX-License-Identifier: MIT */
#include "subcommands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "commands.h"
#include "directives.h"
#include "log_words.h"
#include "reader.h"
#include "receipts.h"
#include "slip.h"
#include "timetables.h"
#include "usage.h"
#include "warnings.h"
#include "words.h"

#define STATION_FILE "/etc/hazewatch/hazewatch.yaml"

#define NOTHING_TO_WRITE 1

static const char *const usage =
	TR_LATER("Usage: hazewatch slip [OPTION]...\n"
		 "\n"
		 "Prints the warning release slip of the newest change: of the directive, if one\n"
		 "was ever received, else of the station's advice. People's names and times stay\n"
		 "empty.\n"
		 "\n"
		 "  --config FILE     the station, by default /etc/hazewatch/hazewatch.yaml\n"
		 "  --config-dir DIR  look here first for plans, editions and profiles\n"
		 "  --advice          of the advice, although there are directives\n"
		 "  --language zh|en  by default zh\n"
		 "  --help            show this\n"
		 "\n"
		 "Exit status: 0 printed, 1 there is no warning to write about, 64 wrong usage,\n"
		 "66 no database, 74 it or the output failed, 77 not allowed, 78 a file has\n"
		 "problems.\n");

struct options {
	const char *config, *config_dir;
	bool advice, english, help;
};

/* What the database says, and what the slip borrows from it. */
struct known {
	struct slip slip;
	struct timetable timetable;
	struct word_details details, lifted;
	struct release release;
	struct advice advice;
	struct slip_receipt receipts[SLIP_RECEIPTS_MAX];
};

static void keep_slip_release(void *ctx, const struct release_row *row)
{
	struct known *told = ctx;
	snprintf(told->release.number, sizeof(told->release.number), "%s", row->number);
	told->slip.release = &told->release;
}

static void keep_receipt(void *ctx, const struct receipt_row *row)
{
	struct known *told = ctx;
	if (told->slip.n_receipts == SLIP_RECEIPTS_MAX)
		return;
	struct slip_receipt *receipt = &told->receipts[told->slip.n_receipts++];
	snprintf(receipt->unit, sizeof(receipt->unit), "%s", row->unit);
	snprintf(receipt->person, sizeof(receipt->person), "%s", row->person);
	receipt_outcome_parse(row->outcome, &receipt->outcome);
	receipt->time_ms = row->time_ms;
	receipt->done_pct = row->done_pct;
	receipt->cut_gpd = row->cut_gpd;
	snprintf(receipt->note, sizeof(receipt->note), "%s", row->note);
}

/* Of "pm25,o3". */
static pollutant_set parse_primary(const char *keys)
{
	pollutant_set set = 0;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		const char *key = pollutant_info((enum pollutant)p)->key;
		const char *at = strstr(keys, key);
		size_t n = strlen(key);
		if (at && (at[n] == ',' || at[n] == '\0'))
			set |= 1u << p;
	}
	return set;
}

static int read_daily(struct store *store, struct slip *slip)
{
	char primary[64] = "";
	int r = hours_newest_daily(store, &slip->hour, &slip->daily_aqi, primary);
	slip->primary = parse_primary(primary);
	return r;
}

static int allow_none(int r)
{
	return r == STORE_E_NONE ? 0 : r;
}

/* The newer of what was found and another, if a slip can be written about it. */
static void keep_newer(struct slip *slip, const struct timetable_entry *entry, int previous)
{
	if ((entry->level == LEVEL_NONE && previous == LEVEL_NONE) ||
	    (slip->directive && slip->directive->number > entry->number))
		return;
	slip->directive = entry;
	slip->change = (struct event){.kind = EVENT_AMENDED,
				      .about = ABOUT_DIRECTIVE,
				      .level = entry->level,
				      .previous = previous,
				      .hour = hour_of_ms(entry->accepted_ms)};
	if (entry->level != previous)
		slip->change.kind = event_kind_between(previous, entry->level);
}

/* A lift has the area of what it lifts. */
static int find_lifted_area(struct store *store, struct known *told)
{
	const struct timetable *timetable = &told->timetable;
	if (told->slip.directive->level != LEVEL_NONE)
		return 0;
	for (int i = timetable->n_begun - 1; i >= 0; i--) {
		if (timetable->begun[i].level == LEVEL_NONE)
			continue;
		int r = directives_details(store, timetable->begun[i].number, &told->lifted);
		if (r == 0 && told->lifted.area[0] != '\0')
			told->slip.lifted_area = told->lifted.area;
		return r == STORE_E_CORRUPT ? 0 : allow_none(r);
	}
	return 0;
}

/* The directive accepted last, begun or announced. */
static int read_directive_change(struct store *store, struct known *told)
{
	struct binding binding;
	const struct timetable *timetable = &told->timetable;
	int r = timetables_load(store, &told->timetable, &binding);
	for (int i = 0; i < timetable->n_begun && r == 0; i++)
		keep_newer(&told->slip, &timetable->begun[i], timetable->begun[i].previous);
	for (int i = 0; i < timetable->n_pending && r == 0; i++)
		keep_newer(&told->slip, &timetable->pending[i],
			   timetable_level_before(timetable, i));
	if (r != 0)
		return r;
	if (!told->slip.directive)
		return STORE_E_NONE;
	r = directives_details(store, told->slip.directive->number, &told->details);
	if (r == 0)
		told->slip.details = &told->details;
	return r == 0 || r == STORE_E_CORRUPT || r == STORE_E_NONE ? find_lifted_area(store, told)
								   : r;
}

/* The newest change of what was asked for; STORE_E_NONE if there never was one. */
static int read_change(struct store *store, bool advice, struct known *told)
{
	int r = advice ? STORE_E_NONE : read_directive_change(store, told);
	return r == STORE_E_NONE ? warnings_newest_change(store, ABOUT_ADVICE, &told->slip.change)
				 : r;
}

static int read_told(struct store *store, const struct options *options, struct known *told)
{
	struct rules_used rules;
	int r = allow_none(warnings_load(store, &told->advice, &rules));
	if (r == 0)
		r = allow_none(releases_newest(store, keep_slip_release, told));
	if (r == 0)
		r = allow_none(read_daily(store, &told->slip));
	told->slip.evidence = told->advice.evidence;
	if (r == 0)
		r = read_change(store, options->advice, told);
	told->slip.receipts = told->receipts;
	/* from the hour in which it was decided: its label is its END */
	if (r == 0 && (told->slip.change.level == LEVEL_UNKNOWN ||
		       told->slip.change.previous == LEVEL_UNKNOWN))
		return STORE_E_LEVEL;
	return r == 0 ? receipts_since(store, (told->slip.change.hour - 1) * HOUR_MS,
				       SLIP_RECEIPTS_MAX, keep_receipt, told)
		      : r;
}

static int print_stored_slip(const struct conf *conf, const struct options *options)
{
	static struct known told; /* large, once */
	struct store *store;
	memset(&told, 0, sizeof(told));
	told.slip.conf = conf;
	int r = store_open_readonly(conf->data_dir, &store);
	if (r != 0)
		return reader_complain(conf->data_dir, r, store_reason(NULL, r));
	store_use_plan(store, &conf->plan);
	r = read_told(store, options, &told);
	int code = EX_OK;
	if (r == STORE_E_LEVEL)
		usage_tell(tr("the plan %s lacks the level of the newest change"), conf->plan.id);
	else if (r == STORE_E_NONE)
		usage_tell(tr("there was never a warning to write about"));
	else if (r != 0)
		code = reader_complain(conf->data_dir, r, store_reason(store, r));
	store_close(store);
	if (r != 0)
		return r == STORE_E_LEVEL ? EX_CONFIG : r == STORE_E_NONE ? NOTHING_TO_WRITE : code;
	slip_print(stdout, &told.slip, !options->english);
	return EX_OK;
}

static int read_slip_options(int argc, char **argv, struct options *ret)
{
	static const char *const languages[] = {"zh", "en", NULL};
	static const struct option names[] = {
		{"config", required_argument, NULL, 'f'},
		{"config-dir", required_argument, NULL, 'c'},
		{"advice", no_argument, NULL, 'a'},
		{"language", required_argument, NULL, 'l'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	for (int option; (option = usage_next(argc, argv, names)) != -1;) {
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
		else if (option == 'l' && strcmp(optarg, "zh") != 0)
			return usage_refuse_word("--language", optarg, languages);
		else if (option != 'l')
			return EX_USAGE;
	}
	if (optind < argc && !ret->help)
		return usage_refuse(tr("%s is one argument too many"), argv[optind]);
	return EX_OK;
}

int slip_command(int argc, char **argv)
{
	struct options options = {.config = STATION_FILE};
	struct problems problems = {0};
	struct conf *conf = NULL;
	int r = read_slip_options(argc, argv, &options);
	if (options.help)
		fputs(tr(usage), stdout);
	if (r != EX_OK || options.help)
		return r;
	if (!conf_load(options.config, options.config_dir, &problems, &conf)) {
		problems_print(&problems, stderr);
		problems_done(&problems);
		return EX_CONFIG;
	}
	r = print_stored_slip(conf, &options);
	problems_done(&problems);
	conf_free(conf);
	return r;
}
