/* SPDX-License-Identifier: MIT */
#include "cmd_replay.h"
#include "digits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "hours_order.h"
#include "payload_outlook.h"
#include "payload_replay.h"
#include "progress.h"
#include "svg_replay.h"
#include "text_replay.h"
#include "usage.h"
#include "words.h"

#define GAP_MAX 24
#define AS_THE_PLAN_SAYS (-1)

static const char *const usage = TR_LATER(
	"Usage: hazewatch replay [OPTION]... FILE.csv\n"
	"\n"
	"Runs recorded hours (- is standard input) through the daemon's own rules and\n"
	"prints the warnings with their evidence.\n"
	"\n"
	"  --plan NAME|FILE      the emergency plan, by default hetang-2024\n"
	"  --edition NAME|FILE   the AQI standard, by default hj633-2026\n"
	"  --config-dir DIR      look here first for plans and editions\n"
	"  --gap H               missing hours that a run bridges, 0 to 24\n"
	"  --counting HOW        how daily values make hours: span, rolling, natural-day\n"
	"  --perfect-forecast H  the record's own next H hours are the forecast, 0 to 240\n"
	"  --label start|end     what a time of the record names of its hour\n"
	"  --unit POLLUTANT=UNIT ug or mg where the column says none: co=mg\n"
	"  --station CODE        which of several\n"
	"  --strict              a value above the edition's bounds is a problem\n"
	"  --outlook[=MODEL]     also what an outlook of 24 h says, and how good it was\n"
	"  --svg FILE            draw the AQI, the thresholds and the advice\n"
	"  --json                print JSON Lines: conditions and events\n"
	"  --hours               with --json: every hour, too\n"
	"  --help                show this\n"
	"\n"
	"Exit status: 0 done, 64 wrong usage, 65 the record has problems, 66 it cannot be\n"
	"read, 71 no memory, 73 the drawing cannot be written, 74 the output failed,\n"
	"78 the plan or the edition has problems.\n");

struct options {
	const char *plan, *edition, *config_dir, *svg, *model;
	int gap_h, counting; /* AS_THE_PLAN_SAYS if not given */
	int ahead_h;
	bool json, hours, outlook;
	struct hours_order record;
};

/* ---- the command line ---- */

/* A whole number of hours, 0 to most. */
static int parse_hours(const char *name, const char *text, int most, int *ret)
{
	if (digits_whole(text, 0, most, ret))
		return EX_OK;
	return usage_refuse(tr("--%s: %s is not a whole number of 0 to %d"), name, text, most);
}

static int parse_counting(const char *text, int *ret)
{
	static const char *const countings[] = {"span", "rolling", "natural-day", NULL};
	enum counting counting;
	if (!counting_parse(text, &counting))
		return usage_refuse_word("--counting", text, countings);
	*ret = (int)counting;
	return EX_OK;
}

static int take_replay_option(int option, struct options *options)
{
	switch (option) {
	case 'p':
		options->plan = optarg;
		return EX_OK;
	case 'e':
		options->edition = optarg;
		return EX_OK;
	case 'c':
		options->config_dir = optarg;
		return EX_OK;
	case 'g':
		return parse_hours("gap", optarg, GAP_MAX, &options->gap_h);
	case 'k':
		return parse_counting(optarg, &options->counting);
	case 'f':
		return parse_hours("perfect-forecast", optarg, TIMELINE_AHEAD_HOURS,
				   &options->ahead_h);
	case 's':
		options->svg = optarg;
		return EX_OK;
	case 'l':
		options->outlook = true;
		options->model = optarg ? optarg : CONF_OUTLOOK_DEFAULT;
		return EX_OK;
	case 'j':
		options->json = true;
		return EX_OK;
	case 'o':
		options->hours = true;
		return EX_OK;
	case 't':
		options->record.strict = true;
		return EX_OK;
	}
	int r = hours_order_take(option, optarg, &options->record);
	return r < 0 ? EX_USAGE : r;
}

static int check_options(const struct options *options, int n_files)
{
	if (n_files != 1)
		return n_files == 0 ? usage_refuse(tr("no FILE is given"))
				    : usage_refuse(tr("one FILE is allowed"));
	if (options->hours && !options->json)
		return usage_refuse(tr("--hours is allowed with --json only"));
	return EX_OK;
}

/* EX_OK, EX_USAGE after a message, or *ret_help. */
static int read_replay_options(int argc, char **argv, struct options *ret, bool *ret_help)
{
	static const struct option known[] = {
		{"plan", required_argument, NULL, 'p'},
		{"edition", required_argument, NULL, 'e'},
		{"config-dir", required_argument, NULL, 'c'},
		{"gap", required_argument, NULL, 'g'},
		{"counting", required_argument, NULL, 'k'},
		{"perfect-forecast", required_argument, NULL, 'f'},
		{"outlook", optional_argument, NULL, 'l'},
		{"svg", required_argument, NULL, 's'},
		{"json", no_argument, NULL, 'j'},
		{"hours", no_argument, NULL, 'o'},
		{"strict", no_argument, NULL, 't'},
		HOURS_ORDER_OPTIONS,
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int r = EX_OK;
	for (int option; (option = usage_next(argc, argv, known)) != -1;) {
		if (option == 'h') {
			*ret_help = true;
			return EX_OK;
		}
		r = take_replay_option(option, ret);
		if (r != EX_OK)
			return r;
	}
	ret->record.path = argv[optind];
	return check_options(ret, argc - optind);
}

/* ---- output ---- */

/* Takes the line; false without memory. */
static bool print_line(char *line)
{
	if (line)
		puts(line);
	free(line);
	return line != NULL;
}

/* In the order of hours; of one hour first itself, then the conditions met from it on, then its
 * events. */
static bool print_json(const struct plan *plan, const struct replay *replay, bool hours)
{
	int c = 0, e = 0;
	bool good = true;
	for (int i = 0; i < replay->n_hours && good; i++) {
		int64_t hour = replay->first + i;
		if (hours)
			good = print_line(payload_replay_hour(hour, &replay->hours[i]));
		if (replay->outlook)
			good = print_line(payload_outlook_hour(replay->outlook, hour,
							       &replay->chances[i])) &&
			       good;
		for (; c < replay->n_conditions && replay->conditions[c].from == hour; c++)
			good = print_line(payload_replay_condition(plan, &replay->conditions[c])) &&
			       good;
		for (; e < replay->n_events && replay->events[e].event.hour == hour; e++)
			good = print_line(payload_replay_event(plan, &replay->events[e])) && good;
	}
	return good && (!replay->outlook || print_line(payload_outlook_score(replay->outlook)));
}

static void print_text(const struct replay_order *order, const struct replay *replay)
{
	text_replay(stdout, order, replay);
	if (!replay->outlook)
		return;
	puts("");
	text_outlook(stdout, replay->outlook);
}

static int print_replay(const struct options *options, const struct replay_order *order,
			const struct replay *replay)
{
	if (options->svg) {
		int r = svg_replay(options->svg, order, replay);
		if (r != 0) {
			usage_tell(tr("%s: cannot be written: %s"), options->svg, strerror(-r));
			return EX_CANTCREAT;
		}
	}
	if (!options->json)
		print_text(order, replay);
	else if (!print_json(&order->conf->plan, replay, options->hours))
		return EX_OSERR;
	return usage_flush() == 0 && !ferror(stdout) ? EX_OK : EX_IOERR;
}

/* ---- the run ---- */

static void show_replay_progress(int done, int of)
{
	progress_step(done, of);
	if (done == of)
		progress_end();
}

static int run_and_print(const struct options *options, const struct conf *conf,
			 const struct hours_file *record)
{
	struct replay replay = {0};
	struct replay_order order = {.conf = conf, .record = record, .ahead_h = options->ahead_h};
	order.progress = show_replay_progress;
	order.outlook = options->outlook;
	progress_begin(tr("hour"));
	int r = replay_run(&order, &replay);
	if (r != 0) {
		usage_tell("%s", strerror(-r));
		return EX_OSERR;
	}
	r = print_replay(options, &order, &replay);
	replay_done(&replay);
	return r;
}

static int load_and_run(struct options *options, struct problems *problems)
{
	struct conf *conf = NULL;
	struct hours_file record = {0};
	if (!conf_load_rules(options->edition, options->plan, options->config_dir, problems,
			     &conf)) {
		problems_print(problems, stderr);
		return EX_CONFIG;
	}
	conf->station.name_zh = "记录";
	conf->station.name_en = "record";
	if (options->gap_h != AS_THE_PLAN_SAYS)
		conf->plan.gap_h = options->gap_h;
	if (options->counting != AS_THE_PLAN_SAYS)
		conf->plan.counting = (enum counting)options->counting;
	if (options->outlook &&
	    !outlook_add_model(conf, options->model, options->config_dir, problems)) {
		problems_print(problems, stderr);
		conf_free(conf);
		return EX_CONFIG;
	}
	options->record.edition = &conf->edition;
	int r = hours_order_read(&options->record, options->config_dir, &record);
	if (r == EX_OK)
		r = run_and_print(options, conf, &record);
	hours_file_done(&record);
	conf_free(conf);
	return r;
}

int replay_command(int argc, char **argv)
{
	struct options options = {
		.plan = CONF_PLAN_DEFAULT,
		.edition = CONF_EDITION_DEFAULT,
		.gap_h = AS_THE_PLAN_SAYS,
		.counting = AS_THE_PLAN_SAYS,
	};
	struct problems problems = {0};
	bool help = false;
	int r = read_replay_options(argc, argv, &options, &help);
	if (r != EX_OK)
		return r;
	if (help) {
		fputs(tr(usage), stdout);
		return EX_OK;
	}
	r = load_and_run(&options, &problems);
	problems_done(&problems);
	return r;
}
