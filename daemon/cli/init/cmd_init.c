/* SPDX-License-Identifier: MIT */
#include "cmd_init.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "answers.h"
#include "conf.h"
#include "digits.h"
#include "good_answers.h"
#include "station_file.h"
#include "usage.h"
#include "words.h"

#define DEFAULT_FILE "/etc/hazewatch/hazewatch.yaml"
#define FILE_MODE 0644 /* as of the package's example: it holds no secret */
#define ANSWERS_MAX 8  /* as many as there are questions */

static const char usage[] = TR_LATER(
	"Usage: hazewatch init [OPTION]...\n"
	"\n"
	"Asks at the terminal what a station needs and no option says, and writes its\n"
	"file with comments. Without a terminal every option without a default is needed.\n"
	"\n"
	"  --output FILE     default /etc/hazewatch/hazewatch.yaml; must not exist yet\n"
	"  --id ID           the station's name in topics: a-z, 0-9 and -\n"
	"  --name-zh TEXT, --name-en TEXT   its names for people\n"
	"  --area CODE       division code of six digits (GB/T 2260)\n"
	"  --bus BUS         serial line, like /dev/ttyUSB0, or ADDRESS[:PORT] by TCP\n"
	"  --baud N          of a serial line, by default 9600\n"
	"  --unit N, --profile NAME|FILE    the instrument on it\n"
	"  --probe           look on the bus instead: units 1 to 16\n"
	"  --mqtt HOST[:PORT]|none          the broker, by default none\n"
	"  --plan NAME|FILE, --edition NAME|FILE    by default hetang-2024, hj633-2026\n"
	"  --exercise        mark everything as an exercise\n"
	"  --config-dir DIR  look here first for plans, editions and profiles\n"
	"  --help            show this\n"
	"\n"
	"Exit status: 0 written, 64 wrong usage, 66 no such line, 69 nothing was found,\n"
	"73 FILE is there or cannot be made, 74 it cannot be written or the line failed,\n"
	"75 the line is held, 77 not allowed, 78 the file has problems.\n");

struct options {
	const char *output, *config_dir, *bus, *unit, *baud;
	bool probe, help;
	struct station_file station;
	int n_answers;
	char answers[ANSWERS_MAX][STATION_TEXT_MAX];
};

/* ---- the command line and the questions ---- */

static int read_init_options(int argc, char **argv, struct options *ret)
{
	static const struct option names[] = {
		{"output", required_argument, NULL, 'o'},
		{"id", required_argument, NULL, 'i'},
		{"name-zh", required_argument, NULL, 'z'},
		{"name-en", required_argument, NULL, 'e'},
		{"area", required_argument, NULL, 'a'},
		{"bus", required_argument, NULL, 'b'},
		{"baud", required_argument, NULL, 'd'},
		{"unit", required_argument, NULL, 'u'},
		{"profile", required_argument, NULL, 'f'},
		{"probe", no_argument, NULL, 'p'},
		{"mqtt", required_argument, NULL, 'm'},
		{"plan", required_argument, NULL, 'l'},
		{"edition", required_argument, NULL, 't'},
		{"exercise", no_argument, NULL, 'x'},
		{"config-dir", required_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct {
		int option;
		const char **value;
	} values[] = {
		{'o', &ret->output},
		{'i', &ret->station.id},
		{'z', &ret->station.name_zh},
		{'e', &ret->station.name_en},
		{'a', &ret->station.area},
		{'b', &ret->bus},
		{'d', &ret->baud},
		{'u', &ret->unit},
		{'f', &ret->station.profile},
		{'m', &ret->station.mqtt},
		{'l', &ret->station.plan},
		{'t', &ret->station.edition},
		{'c', &ret->config_dir},
	};
	for (int option; (option = usage_next(argc, argv, names)) != -1;) {
		if (option == '?')
			return EX_USAGE;
		ret->help |= option == 'h';
		ret->probe |= option == 'p';
		ret->station.exercise |= option == 'x';
		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
			if (values[i].option == option)
				*values[i].value = optarg;
		}
	}
	if (optind < argc && !ret->help)
		return usage_refuse(tr("%s is one argument too many"), argv[optind]);
	if (ret->probe && (ret->unit || ret->station.profile))
		return usage_refuse(tr("--probe finds units and profiles: not together with --unit "
				       "or --profile"));
	return EX_OK;
}

struct question {
	const char **value;
	const char *option, *text, *otherwise;
	bool (*is_good)(const char *text);
};

/* What was said is looked at, what was not is asked for. */
static int settle_answers(struct options *options, const struct question *questions, int n)
{
	bool person = answers_are_there();
	char missing[STATION_TEXT_MAX] = "";
	for (int i = 0; i < n; i++) {
		const struct question *question = &questions[i];
		if (*question->value && !question->is_good(*question->value))
			return EX_USAGE;
		if (*question->value)
			continue;
		if (!person && question->otherwise) {
			*question->value = question->otherwise;
		} else if (!person) {
			size_t used = strlen(missing);
			snprintf(missing + used, sizeof(missing) - used, "%s%s", used ? ", " : "",
				 question->option);
		} else if (!answers_ask(tr(question->text), question->otherwise, question->is_good,
					options->answers[options->n_answers], STATION_TEXT_MAX)) {
			return usage_refuse(tr("the answers ended; nothing is written"));
		} else {
			*question->value = options->answers[options->n_answers++];
		}
	}
	if (missing[0])
		return usage_refuse(tr("no terminal to ask at; these are missing: %s"), missing);
	return EX_OK;
}

#define UNIT_QUESTION(o)                                                                           \
	{                                                                                          \
		&(o)->unit, "--unit", TR_LATER("The instrument's unit id"), "1", good_unit         \
	}
#define PROFILE_QUESTION(o)                                                                        \
	{                                                                                          \
		&(o)->station.profile, "--profile", TR_LATER("Its profile, such as generic-six"),  \
			NULL, good_profile                                                         \
	}

static int settle_station(struct options *options)
{
	const struct question questions[] = {
		{&options->station.id, "--id", TR_LATER("The station's id for topics, a-z 0-9 -"),
		 NULL, good_id},
		{&options->station.name_zh, "--name-zh", TR_LATER("Its name in Chinese"), NULL,
		 good_name},
		{&options->station.name_en, "--name-en", TR_LATER("Its name in English"), NULL,
		 good_name},
		{&options->station.area, "--area",
		 TR_LATER("Its division code of six digits (GB/T 2260)"), NULL, good_area},
		{&options->station.mqtt, "--mqtt", TR_LATER("The MQTT broker, HOST or HOST:PORT"),
		 "none", good_mqtt},
		{&options->bus, "--bus",
		 TR_LATER("The instruments' line: /dev/ttyUSB0 or an ADDRESS:PORT"), NULL,
		 good_bus},
		UNIT_QUESTION(options),
		PROFILE_QUESTION(options),
	};
	int n = (int)(sizeof(questions) / sizeof(questions[0]));
	/* a person says first whether we shall look */
	return settle_answers(options, questions,
			      answers_are_there() || options->probe ? n - 2 : n);
}

#define BAUD_TOP 9999999

/* 0, which no line has, if it is none. */
static int parse_baud(const char *text)
{
	int32_t baud = 0;
	digits_whole(text, 0, BAUD_TOP, &baud);
	return baud;
}

static int settle_bus(struct options *options)
{
	struct probe_options *bus = &options->station.bus;
	probe_default(bus);
	if (!probe_read_bus("--bus", options->bus, bus))
		return EX_USAGE;
	if (options->baud && bus->link.kind != LINK_RTU)
		return usage_refuse(tr("--baud: %s is no serial line and has no rate"),
				    options->bus);
	if (options->baud)
		bus->link.baud = parse_baud(options->baud);
	if (!link_conf_usable(&bus->link))
		return usage_refuse(tr("--baud: '%s' is not a rate of a serial line"),
				    options->baud);
	return EX_OK;
}

/* A person may let us look; else the one instrument is described. */
static int settle_instrument(struct options *options)
{
	char yes[STATION_TEXT_MAX] = "no";
	bool undecided = !options->probe && !options->unit && !options->station.profile;
	if (undecided && answers_are_there() &&
	    !answers_ask(tr("Look for instruments on it now, units 1 to 16"), "yes", good_yes_or_no,
			 yes, sizeof(yes)))
		return usage_refuse(tr("the answers ended; nothing is written"));
	options->probe |= strcmp(yes, "yes") == 0;
	if (options->probe)
		return EX_OK;
	const struct question questions[] = {
		UNIT_QUESTION(options),
		PROFILE_QUESTION(options),
	};
	int r = settle_answers(options, questions, 2);
	if (r == EX_OK) {
		options->station.n_units = 1;
		digits_whole(options->unit, 0, 255, &options->station.units[0].unit_id);
	}
	return r;
}

/* ---- the file ---- */

/* What lies where the file was to be. */
static int tell_what_is_there(const struct options *options)
{
	struct problems problems = {0};
	struct conf *conf = NULL;
	if (conf_load(options->output, options->config_dir, &problems, &conf))
		usage_tell(tr("%s is there already and stays: the station %s, %s"), options->output,
			   conf->station.id,
			   words_are_chinese() ? conf->station.name_zh : conf->station.name_en);
	else
		usage_tell(tr("%s is there already and stays: problems: %d; hazewatch check tells "
			      "them"),
			   options->output, problems.n);
	usage_tell(tr("--output FILE writes another"));
	problems_done(&problems);
	conf_free(conf);
	return EX_CANTCREAT;
}

/* It must pass the check that everybody's file passes, or it does not stay. */
static int check_written(const struct options *options)
{
	struct problems problems = {0};
	struct conf *conf = NULL;
	bool good = conf_load(options->output, options->config_dir, &problems, &conf);
	problems_print(&problems, stderr);
	problems_print_warnings(&problems, stderr);
	if (good) {
		printf(tr("%s: written: station %s, sensors: %d\n"), options->output,
		       conf->station.id, conf->buses[0].n_devices);
		printf(tr("next: look through it, then hazewatch check %s\n"), options->output);
	} else {
		usage_tell(tr("the file would have these problems, so it is not written"));
		unlink(options->output);
	}
	problems_done(&problems);
	conf_free(conf);
	return good ? EX_OK : EX_CONFIG;
}

static int write_station(const struct options *options)
{
	FILE *file = fopen(options->output, "wxe");
	if (!file && errno == EEXIST)
		return tell_what_is_there(options);
	if (!file) {
		usage_tell(tr("%s: cannot be made: %s"), options->output, strerror(errno));
		return EX_CANTCREAT;
	}
	fchmod(fileno(file), FILE_MODE); /* whatever the umask: the service reads it */
	station_file_write(file, &options->station);
	bool written = !ferror(file);
	if (fclose(file) == 0 && written)
		return check_written(options);
	usage_tell(tr("%s: cannot be written: %s"), options->output, strerror(errno));
	unlink(options->output);
	return EX_IOERR;
}

static int probe_bus(struct options *options, const struct conf *profiles)
{
	struct station_file *station = &options->station;
	station->bus.first_unit = 1;
	station->bus.last_unit = 16;
	int r = probe_find(&station->bus, profiles, station->units, STATION_UNITS_MAX,
			   &station->n_units);
	if (r != EX_OK || station_file_measures(station))
		return r;
	usage_tell(tr("%d of units 1 to 16 answer, and no profile fits; hazewatch probe tells "
		      "more, --unit and --profile say what it is"),
		   station->n_units);
	return EX_UNAVAILABLE;
}

static int make_station(struct options *options)
{
	struct problems problems = {0};
	struct conf *profiles = NULL;
	int r = EX_OK;
	if (options->probe) {
		conf_load_profiles(options->config_dir, &problems, &profiles);
		problems_print(&problems, stderr);
		problems_done(&problems);
		r = probe_bus(options, profiles);
	}
	if (r == EX_OK)
		r = write_station(options);
	conf_free(profiles);
	return r;
}

int init_command(int argc, char **argv)
{
	static struct options options = {
		.output = DEFAULT_FILE,
		.station = {.plan = CONF_PLAN_DEFAULT, .edition = CONF_EDITION_DEFAULT},
	};
	int r = read_init_options(argc, argv, &options);
	if (options.help)
		fputs(tr(usage), stdout);
	if (r != EX_OK || options.help)
		return options.help ? EX_OK : r;
	if (access(options.output, F_OK) == 0)
		return tell_what_is_there(&options);
	good_answers_begin(options.config_dir);
	r = settle_station(&options);
	if (r != EX_OK)
		return r;
	r = settle_bus(&options);
	if (r != EX_OK)
		return r;
	r = settle_instrument(&options);
	return r == EX_OK ? make_station(&options) : r;
}
