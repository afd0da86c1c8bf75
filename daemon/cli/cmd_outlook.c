/* SPDX-License-Identifier: MIT */
#include "subcommands.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "daily_hours.h"
#include "hours.h"
#include "hours_order.h"
#include "log_words.h"
#include "outlook_shown.h"
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

static int score_stored(struct store *store, struct outlook_scored *scored)
{
	static struct hour_values values[PIECE_HOURS]; /* large, once */
	int32_t daily[PIECE_HOURS];
	struct daily_hours hours = {.edition = &scored->conf->edition,
				    .scope = &scored->conf->station.scope,
				    .is_district = scored->conf->roster.path != NULL};
	int64_t newest = 0;
	int r = hours_newest(store, &newest);
	if (r == 0)
		r = hours_oldest(store, 1, &hours.next);
	while (r == 0 && hours.next <= newest) {
		int64_t first = hours.next, left = newest - first + 1;
		int n = left < PIECE_HOURS ? (int)left : PIECE_HOURS;
		r = daily_hours_load(store, &hours, n, values, daily);
		for (int i = 0; i < n && r == 0; i++)
			outlook_scored_take(scored, first + i, &values[i], daily[i]);
	}
	return r == STORE_E_NONE ? 0 : r;
}

/* Whether it is shown, as the daemon last decided. */
static int read_proof(struct store *store, const struct conf *conf, struct chance_report *ret)
{
	const struct outlook_model *model = conf->outlook.model;
	struct chance_score scores[OUTLOOK_THRESHOLDS_MAX];
	int r = outlook_shown_load(store, model->id, &ret->shown, &ret->shown_since);
	if (r == 0 || r == STORE_E_NONE)
		r = outlook_season_load(store, model, &conf->edition, &ret->season_last, scores);
	for (int i = 0; i < ret->n && r == 0; i++) {
		if (ret->levels[i].index >= 0)
			ret->levels[i].season = scores[ret->levels[i].index];
	}
	if (ret->none == CHANCE_TOO_FEW_HOURS)
		ret->none = ret->shown ? CHANCE_GIVEN
			    : r == 0   ? chance_prove(ret, false)
				       : CHANCE_COMPUTING;
	if (ret->none == CHANCE_GIVEN && !ret->shown) /* nobody was told yet */
		ret->none = CHANCE_COMPUTING;
	return r == STORE_E_NONE ? 0 : r;
}

static int read_standing(struct store *store, struct outlook_scored *scored)
{
	const struct outlook_conf *outlook = &scored->conf->outlook;
	struct chance_report *standing = &scored->standing;
	*standing = scored->report;
	standing->by_proof = outlook->show == OUTLOOK_SHOW_AUTO;
	standing->shown = outlook->show == OUTLOOK_SHOW_ON;
	return standing->by_proof ? read_proof(store, scored->conf, standing) : 0;
}

static int score_station(const struct conf *conf, struct outlook_scored *scored)
{
	struct store *store;
	int r = store_open_readonly(conf->data_dir, &store);
	if (r != 0)
		return reader_complain(conf->data_dir, r, store_reason(NULL, r));
	r = score_stored(store, scored);
	if (r == 0 && scored->has_standing)
		r = read_standing(store, scored);
	int code = r == 0 ? EX_OK : reader_complain(conf->data_dir, r, store_reason(store, r));
	store_close(store);
	return code;
}

static void score_hours(const struct hours_file *record, struct outlook_scored *scored)
{
	const struct scope scope = replay_scope(record);
	struct window window = {0};
	for (int i = 0; i < record->n; i++) {
		struct aqi daily;
		window_put(&window, record->first + i, &record->hours[i]);
		aqi_daily(&scored->conf->edition, &scope, &window, &daily);
		outlook_scored_take(scored, record->first + i, &record->hours[i],
				    daily.known ? daily.value : IAQI_NONE);
	}
}

static int score_file(struct options *options, const struct conf *conf,
		      struct outlook_scored *scored)
{
	struct hours_file record = {0};
	options->record.edition = &conf->edition;
	int r = hours_order_read(&options->record, options->config_dir, &record);
	if (r == EX_OK)
		score_hours(&record, scored);
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
	static struct outlook_scored scored; /* large, once */
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
		outlook_scored_begin(conf, &scored);
		scored.has_standing = !options.record.path && !options.model;
		r = options.record.path ? score_file(&options, conf, &scored)
					: score_station(conf, &scored);
	}
	if (r == EX_OK)
		r = print_score(&options, &scored);
	problems_done(&problems);
	conf_free(conf);
	return r;
}
