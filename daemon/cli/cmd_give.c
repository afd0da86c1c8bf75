/* SPDX-License-Identifier: MIT */
/*
 * `hazewatch directive`, `release`, `forecast`, `dust`, `review`, `receipt`: what was said is shown
 * and confirmed, and goes to the daemon over its control socket as it would come by MQTT.
 */
#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "command_json.h"
#include "forecast_file.h"
#include "give_daemon.h"
#include "given_check.h"
#include "look.h"
#include "payload_given.h"
#include "reader.h"
#include "subcommands.h"
#include "text_given.h"
#include "text_status.h"
#include "usage.h"
#include "words.h"

#define OPTION_FIELD 1000 /* and the number of the field */
#define NOT_CONFIRMED 1

static const char common[] = TR_LATER(
	"  --key NAME:FILE     sign it; root and the daemon's user need no key\n"
	"  --id ID, --yes      its id, by default a new one; do not ask if it is right\n"
	"  --json, --help      print the answer as it is published; show this\n"
	"  --config FILE, --config-dir DIR, --socket PATH  as for hazewatch status\n"
	"\n"
	"Exit status: 0 accepted, 1 not confirmed, 64 wrong usage, 65 refused, a file has\n"
	"problems or a slip makes nothing public, 66 a file cannot be read, 69 no daemon,\n"
	"71 no memory, 74 output failed, 75 not judged yet, 77 not allowed, 78 station.\n");

struct giving {
	struct look_place at;
	struct given given;
	const char *key, *bulletin, *file;
	bool yes, json, help;
	char id[40];
	struct forecast forecast;
};

/* ---- the command line ---- */

static void take_common(struct giving *giving, int option)
{
	if (look_take_option(&giving->at, option))
		return;
	switch (option) {
	case 'k':
		giving->key = optarg;
		break;
	case 'i':
		giving->given.id = optarg;
		break;
	case 'w':
		giving->given.issuer = optarg;
		break;
	case 't':
		giving->given.time = optarg;
		break;
	case 'b':
		giving->bulletin = optarg;
		break;
	case 'y':
		giving->yes = true;
		break;
	case 'j':
		giving->json = true;
		break;
	case 'h':
		giving->help = true;
		break;
	}
}

/* EX_OK or EX_USAGE after a message. */
static int read_options(int argc, char **argv, struct giving *giving)
{
	static const struct option shared[] = {
		LOOK_OPTIONS,
		{"key", required_argument, NULL, 'k'},
		{"id", required_argument, NULL, 'i'},
		{"issuer", required_argument, NULL, 'w'},
		{"time", required_argument, NULL, 't'},
		{"yes", no_argument, NULL, 'y'},
		{"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'},
		{"bulletin", required_argument, NULL, 'b'}, /* the last: of a forecast alone */
	};
	enum { SHARED = sizeof(shared) / sizeof(shared[0]) };
	static char names[GIVEN_FIELDS_MAX][GIVEN_OPTION_MAX];
	struct option options[SHARED + GIVEN_FIELDS_MAX + 1] = {0};
	const struct given_kind *kind = giving->given.kind;
	int n = kind->kind == COMMAND_FORECAST ? SHARED : SHARED - 1;
	memcpy(options, shared, sizeof(shared));
	for (int i = 0; kind->fields[i].key; i++) {
		bool flag = kind->fields[i].type == GIVEN_FLAG;
		given_option(kind->fields[i].key, names[i]);
		options[n++] = (struct option){names[i] + strlen("--"),
					       flag ? no_argument : required_argument, NULL,
					       OPTION_FIELD + i};
	}
	options[n] = (struct option){0};
	for (int option; (option = usage_next(argc, argv, options)) != -1;) {
		if (option == '?')
			return EX_USAGE;
		if (option >= OPTION_FIELD)
			giving->given.values[option - OPTION_FIELD] = optarg ? optarg : "";
		else
			take_common(giving, option);
	}
	if (kind->kind == COMMAND_FORECAST && optind < argc)
		giving->file = argv[optind++];
	return optind == argc || giving->help
		       ? EX_OK
		       : usage_refuse(tr("%s is one argument too many"), argv[optind]);
}

static bool refuse_option(const char *option, const char *what)
{
	usage_refuse("%s: %s", option, what);
	return false;
}

/* All that is missing or another word than those allowed, at once. */
static bool is_complete(const struct giving *giving)
{
	const struct given *given = &giving->given;
	bool good = given_check_words(given);
	if (given->kind->kind == COMMAND_FORECAST && !giving->file == !giving->bulletin)
		good = refuse_option("FILE", tr("either a file or --bulletin is needed"));
	if (giving->key && !strchr(giving->key, ':'))
		good = refuse_option("--key", tr("is NAME:FILE, the key's name in the station "
						 "file and its private half"));
	if (!giving->yes && !isatty(STDIN_FILENO))
		good = refuse_option(
			"--yes", tr("is needed where nobody can be asked: there is no terminal"));
	return good;
}

static void make_id(struct giving *giving, int64_t now_ms)
{
	uint16_t random = 0;
	time_t now = (time_t)(now_ms / 1000);
	struct tm tm;
	char day[24] = "";
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = (uint16_t)getpid();
	if (gmtime_r(&now, &tm))
		strftime(day, sizeof(day), "%Y%m%dT%H%M%SZ", &tm);
	snprintf(giving->id, sizeof(giving->id), "box-%s-%04x", day, random);
	if (!giving->given.id)
		giving->given.id = giving->id;
}

/* ---- what is given ---- */

static void imply_values(struct giving *giving)
{
	struct given *given = &giving->given;
	for (int i = 0; given->kind->fields[i].key && given->kind->kind == COMMAND_FORECAST; i++) {
		const char *key = given->kind->fields[i].key;
		if (!given->values[i] && strcmp(key, "issued") == 0)
			given->values[i] = "now";
		if (!given->values[i] && strcmp(key, "kind") == 0 && giving->bulletin)
			given->values[i] = "bulletin";
	}
}

static void tell_failure(const char *of, const char *what)
{
	usage_tell("%s: %s", of, what);
}

/* EX_OK, EX_DATAERR after its problems, EX_NOINPUT after a message. */
static int read_forecast(struct giving *giving)
{
	struct problems problems = {0};
	int r = 0;
	if (giving->given.kind->kind != COMMAND_FORECAST)
		return EX_OK;
	giving->given.forecast = &giving->forecast;
	if (giving->bulletin)
		forecast_bulletin_read("--bulletin", giving->bulletin, &problems,
				       &giving->forecast);
	else
		r = forecast_file_load(giving->file, &problems, &giving->forecast);
	int code = problems.n > 0 ? EX_DATAERR : EX_OK;
	problems_print(&problems, stderr);
	problems_done(&problems);
	if (r == 0)
		return code;
	tell_failure(giving->file, strerror(-r));
	return EX_NOINPUT;
}

/* The daemon would say the same, but before anybody is asked. */
static int check_command_text(const struct giving *giving, const struct conf *conf,
			      const char *json)
{
	struct command_message *message = calloc(1, sizeof(*message));
	bool good = message && command_parse(giving->given.kind->kind, json, strlen(json),
					     &conf->plan, message);
	if (!good)
		usage_tell("%s", message ? message->why : strerror(ENOMEM));
	free(message);
	return good ? EX_OK : EX_DATAERR;
}

static void show_in_force(const struct conf *conf, int64_t now_ms)
{
	static struct status status; /* large, once */
	char message[SCREEN_TEXT_MAX];
	status = (struct status){.conf = conf, .now_ms = now_ms};
	if (look_at_database(&status, message) == 0)
		text_status_city(stderr, &status, reader_width());
	else
		usage_tell(tr("what is in force cannot be read: %s"), message);
	status_done(&status);
}

static void show_command(const struct giving *giving, const struct conf *conf, int64_t now_ms)
{
	const struct passwd *user = getpwuid(geteuid());
	enum command_kind kind = giving->given.kind->kind;
	show_in_force(conf, now_ms);
	fprintf(stderr, tr("To be given to the station %s%s (%s):\n"), conf->station.id,
		conf->exercise ? tr(", EXERCISE,") : "", command_kind_name(kind));
	text_given(stderr, conf, &giving->given, now_ms);
	fprintf(stderr, "  %s%*s%s", tr("typed by"), 18 - words_width(tr("typed by")), "",
		user ? user->pw_name : "?");
	if (giving->key)
		fprintf(stderr, tr(", key %.*s"), (int)strcspn(giving->key, ":"), giving->key);
	fputc('\n', stderr);
}

static bool is_confirmed(void)
{
	char line[16] = "";
	fputs(tr("Is this right? [y/N] "), stderr);
	if (!fgets(line, sizeof(line), stdin))
		line[0] = '\0';
	return line[0] == 'y' || line[0] == 'Y' || strncmp(line, "是", strlen("是")) == 0;
}

/* ---- the whole ---- */

static int print_answer(const struct giving *giving, const struct conf *conf, const char *text)
{
	struct given_reply reply;
	if (!payload_read_reply(text, &reply)) {
		tell_failure("hazewatchd", tr("answered something else"));
		return EX_UNAVAILABLE;
	}
	bool refused = strcmp(reply.outcome, "refused") == 0;
	if (giving->json)
		puts(text);
	else if (!refused)
		text_reply(stdout, conf, &reply);
	if (refused)
		usage_tell(tr("refused: %s"), reply.why);
	if (usage_flush() != 0)
		return EX_IOERR;
	return refused || reply.in_vain ? EX_DATAERR : EX_OK;
}

static int give_json(const struct giving *giving, const struct conf *conf, const char *json,
		     int64_t now_ms)
{
	show_command(giving, conf, now_ms);
	if (!giving->yes && !is_confirmed()) {
		usage_tell("%s", tr("nothing is given"));
		return NOT_CONFIRMED;
	}
	const struct give_order order = {
		conf, giving->at.socket, giving->key, giving->given.kind->kind, giving->given.id,
		json};
	char *answer = NULL;
	int code = give_to_daemon(&order, &answer);
	if (code == EX_OK)
		code = print_answer(giving, conf, answer);
	free(answer);
	return code;
}

/* The JSON on the heap. Nobody is asked about what the station cannot take, and no daemon either.
 */
static int make_json(const struct giving *giving, const struct conf *conf, int64_t now_ms,
		     char **ret)
{
	struct problems problems = {0};
	struct given_head head = {.target = conf->station.id,
				  .now_ms = now_ms,
				  .counter = giving->key ? 1 : 0,
				  .not_after_ms = now_ms + GIVE_PATIENCE_MS};
	char *json = payload_given(&giving->given, &head, &problems);
	int code = json ? check_command_text(giving, conf, json) : EX_OSERR;
	if (code == EX_OK)
		code = give_find_daemon(conf, giving->at.socket);
	if (code == EX_OK && giving->key) {
		code = give_next_counter(conf, giving->key, &head.counter);
		free(json);
		json = payload_given(&giving->given, &head, &problems);
	}
	problems_done(&problems);
	*ret = json;
	return code == EX_OK && !json ? EX_OSERR : code;
}

static int give_command(struct giving *giving, const struct conf *conf, bool complete)
{
	int64_t now_ms = reader_now_ms(conf);
	char *json = NULL;
	make_id(giving, now_ms);
	bool good = given_check_values(&giving->given, conf, now_ms);
	if (!good || !complete)
		return EX_USAGE;
	int code = read_forecast(giving);
	if (code == EX_OK)
		code = make_json(giving, conf, now_ms, &json);
	if (code == EX_OK)
		code = give_json(giving, conf, json, now_ms);
	free(json);
	return code;
}

static int run_giving(int argc, char **argv, enum command_kind kind)
{
	static struct giving giving; /* large, once */
	struct problems problems = {0};
	struct conf *conf = NULL;
	giving = (struct giving){.at.config = READER_STATION};
	giving.given.kind = given_kind_of(kind);
	int code = read_options(argc, argv, &giving);
	if (code != EX_OK)
		return code;
	if (giving.help) {
		printf("%s%s", tr(giving.given.kind->usage), tr(common));
		return EX_OK;
	}
	imply_values(&giving);
	bool complete = is_complete(&giving);
	code = complete ? EX_CONFIG : EX_USAGE;
	if (conf_load(giving.at.config, giving.at.config_dir, &problems, &conf))
		code = give_command(&giving, conf, complete);
	else if (complete)
		problems_print(&problems, stderr);
	problems_done(&problems);
	conf_free(conf);
	return code;
}

int directive_command(int argc, char **argv)
{
	return run_giving(argc, argv, COMMAND_DIRECTIVE);
}

int release_command(int argc, char **argv)
{
	return run_giving(argc, argv, COMMAND_RELEASE);
}

int forecast_command(int argc, char **argv)
{
	return run_giving(argc, argv, COMMAND_FORECAST);
}

int dust_command(int argc, char **argv)
{
	return run_giving(argc, argv, COMMAND_DUST);
}

int review_command(int argc, char **argv)
{
	return run_giving(argc, argv, COMMAND_REVIEW);
}

int receipt_command(int argc, char **argv)
{
	return run_giving(argc, argv, COMMAND_RECEIPT);
}
