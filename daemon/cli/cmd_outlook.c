/* SPDX-License-Identifier: MIT */
#include "subcommands.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "hours.h"
#include "hours_order.h"
#include "log_words.h"
#include "payload_outlook.h"
#include "progress.h"
#include "reader.h"
#include "usage.h"
#include "words.h"

#define PIECE_HOURS 1000

static const char usage[] = TR_LATER(
	"Usage: hazewatch outlook score [OPTION]... [FILE.csv]\n"
	"\n"
	"Runs the station's own hours, or those of a file (- is standard input), through\n"
	"the model of the outlook of 24 h and prints how good it was: beside persistence,\n"
	"the climate of the month and the rule \"mean of the last 6 hours above\".\n"
	"\n"
	"  --config FILE         the station, by default /etc/hazewatch/hazewatch.yaml\n"
	"  --config-dir DIR      look here first for plans, editions and models\n"
	"  --model NAME|FILE     the model, by default the station's, or\n"
	"                        beijing-2015\n"
	"  --plan NAME|FILE      of a file: the plan, by default hetang-2024\n"
	"  --edition NAME|FILE   of a file: the AQI standard, by default hj633-2026\n"
	"  --label start|end     what a time of the file names of its hour\n"
	"  --unit POLLUTANT=UNIT ug or mg where the column says none: co=mg\n"
	"  --station CODE        which of several\n"
	"  --json                print it as a line of JSON\n"
	"  --help                show this\n"
	"\n"
	"Exit status: 0 printed, 64 wrong usage, 65 the file has problems, or no hour can\n"
	"be scored, 66 no database, or no such file, 71 no memory, 74 the output failed,\n"
	"77 not allowed, 78 a file of settings has problems.\n");

struct options {
	const char *config, *config_dir, *model, *plan, *edition;
	bool json, help;
	struct hours_order record;
};

/* Hours through the model, with the daily AQI of each. */
struct scoring {
	struct outlook_scored scored;
	struct window window;
	struct scope scope;
};

/* ---- the command line ---- */

static int take_outlook_option(int option, struct options *options)
{
	switch (option) {
	case 'f':
		options->config = optarg;
		return EX_OK;
	case 'c':
		options->config_dir = optarg;
		return EX_OK;
	case 'm':
		options->model = optarg;
		return EX_OK;
	case 'p':
		options->plan = optarg;
		return EX_OK;
	case 'e':
		options->edition = optarg;
		return EX_OK;
	case 'j':
		options->json = true;
		return EX_OK;
	case 'h':
		options->help = true;
		return EX_OK;
	}
	int r = hours_order_take(option, optarg, &options->record);
	return r < 0 ? EX_USAGE : r;
}

static int check_outlook_options(int argc, char **argv, struct options *options)
{
	if (options->help)
		return EX_OK;
	if (optind == argc)
		return usage_refuse(tr("no subcommand is given; there is score"));
	if (strcmp(argv[optind], "score") != 0)
		return usage_refuse(tr("%s is not a subcommand; there is score"), argv[optind]);
	if (optind + 2 < argc)
		return usage_refuse(tr("%s is one argument too many"), argv[optind + 2]);
	options->record.path = argv[optind + 1];
	if (!options->record.path && (options->plan || options->edition))
		return usage_refuse(tr("--plan and --edition are allowed with a FILE only"));
	if (options->record.path && options->config)
		return usage_refuse(tr("--config is allowed without a FILE only"));
	return EX_OK;
}

static int read_outlook_options(int argc, char **argv, struct options *ret)
{
	static const struct option names[] = {
		{"config", required_argument, NULL, 'f'},
		{"config-dir", required_argument, NULL, 'c'},
		{"model", required_argument, NULL, 'm'},
		{"plan", required_argument, NULL, 'p'},
		{"edition", required_argument, NULL, 'e'},
		{"json", no_argument, NULL, 'j'},
		HOURS_ORDER_OPTIONS,
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	for (int option; (option = usage_next(argc, argv, names)) != -1;) {
		int r = take_outlook_option(option, ret);
		if (r != EX_OK)
			return r;
	}
	return check_outlook_options(argc, argv, ret);
}

/* ---- the hours ---- */

static void begin_scoring(const struct conf *conf, const struct scope *scope, struct scoring *ret)
{
	*ret = (struct scoring){.scope = *scope};
	outlook_scored_begin(conf, &ret->scored);
}

static void score_hour(struct scoring *scoring, int64_t hour, const struct hour_values *values)
{
	struct aqi daily;
	window_put(&scoring->window, hour, values);
	aqi_daily(&scoring->scored.conf->edition, &scoring->scope, &scoring->window, &daily);
	outlook_scored_take(&scoring->scored, hour, values, &daily);
}

static int score_stored(struct store *store, struct scoring *scoring)
{
	static struct hour_values values[PIECE_HOURS]; /* large, once */
	int64_t next = 0, newest = 0;
	int r = hours_newest(store, &newest);
	if (r == 0)
		r = hours_oldest(store, 1, &next);
	while (r == 0 && next <= newest) {
		int n = newest - next < PIECE_HOURS ? (int)(newest - next + 1) : PIECE_HOURS;
		r = hours_load(store, next, n, values);
		for (int i = 0; i < n && r == 0; i++)
			score_hour(scoring, next + i, &values[i]);
		next += n;
	}
	return r == STORE_E_NONE ? 0 : r;
}

static int score_station(const struct conf *conf, struct scoring *scoring)
{
	struct store *store;
	begin_scoring(conf, &conf->station.scope, scoring);
	int r = store_open_readonly(conf->data_dir, &store);
	if (r != 0)
		return reader_complain(conf->data_dir, r, store_reason(NULL, r));
	r = score_stored(store, scoring);
	int code = r == 0 ? EX_OK : reader_complain(conf->data_dir, r, store_reason(store, r));
	store_close(store);
	return code;
}

static int score_file(struct options *options, const struct conf *conf, struct scoring *scoring)
{
	struct hours_file record = {0};
	options->record.edition = &conf->edition;
	int r = hours_order_read(&options->record, options->config_dir, &record);
	if (r == EX_OK) {
		const struct scope scope = replay_scope(&record);
		begin_scoring(conf, &scope, scoring);
	}
	for (int i = 0; i < record.n && r == EX_OK; i++)
		score_hour(scoring, record.first + i, &record.hours[i]);
	hours_file_done(&record);
	return r;
}

/* ---- the run ---- */

static int print_score(const struct options *options, const struct outlook_scored *scored)
{
	char *line = options->json ? payload_outlook_score(scored) : NULL;
	if (options->json && !line)
		return EX_OSERR;
	if (line)
		puts(line);
	else
		text_outlook(stdout, scored);
	free(line);
	if (usage_flush() != 0 || ferror(stdout))
		return EX_IOERR;
	if (outlook_scored_hours(scored) > 0)
		return EX_OK;
	usage_tell(tr("no hour can be scored"));
	return EX_DATAERR;
}

static bool load_outlook_conf(const struct options *options, struct problems *problems,
			      struct conf **ret)
{
	const char *config = options->config ? options->config : READER_STATION;
	bool good = options->record.path
			    ? conf_load_rules(options->edition ? options->edition
							       : CONF_EDITION_DEFAULT,
					      options->plan ? options->plan : CONF_PLAN_DEFAULT,
					      options->config_dir, problems, ret)
			    : conf_load(config, options->config_dir, problems, ret);
	if (!good)
		return false;
	if (!options->model && (*ret)->outlook.model)
		return true;
	return outlook_add_model(*ret, options->model ? options->model : CONF_OUTLOOK_DEFAULT,
				 options->config_dir, problems);
}

int outlook_command(int argc, char **argv)
{
	static struct scoring scoring; /* large, once */
	struct options options = {0};
	struct problems problems = {0};
	struct conf *conf = NULL;
	int r = read_outlook_options(argc, argv, &options);
	if (options.help && r == EX_OK)
		fputs(tr(usage), stdout);
	if (r != EX_OK || options.help)
		return r;
	if (!load_outlook_conf(&options, &problems, &conf)) {
		problems_print(&problems, stderr);
		r = EX_CONFIG;
	} else {
		r = options.record.path ? score_file(&options, conf, &scoring)
					: score_station(conf, &scoring);
	}
	if (r == EX_OK)
		r = print_score(&options, &scoring.scored);
	problems_done(&problems);
	conf_free(conf);
	return r;
}
