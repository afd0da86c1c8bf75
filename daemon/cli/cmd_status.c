/* SPDX-License-Identifier: MIT */
#include "subcommands.h"

#include <stdlib.h>
#include <sysexits.h>

#include "look.h"
#include "payload_status.h"
#include "reader.h"
#include "text_status.h"
#include "usage.h"
#include "words.h"

static const char usage[] = TR_LATER(
	"Usage: hazewatch status [OPTION]...\n"
	"\n"
	"Shows on one page how the station is, what is in force, announced and advised,\n"
	"and what it measured. Reads the database; asks the daemon, if it runs.\n"
	"\n"
	"  --config FILE     the station, by default /etc/hazewatch/hazewatch.yaml\n"
	"  --config-dir DIR  look here first for plans, editions and profiles\n"
	"  --socket PATH     of the daemon, by default its own or /run/hazewatch/control\n"
	"  --json            for programs\n"
	"  --check           say in a line how it is, and tell it by the exit status\n"
	"  --help            show this\n"
	"\n"
	"Exit status: 0 shown, 64 wrong usage, 66 no database, 71 no memory, 74 it or the\n"
	"output failed, 77 not allowed, 78 a file has problems;\n"
	"with --check 0 well, 1 look at it, 2 act, 3 nobody can tell.\n");

struct options {
	struct look_place at;
	bool json, check, help;
};

static int tell_unread(const struct options *options, const struct status *status, int r,
		       const char *message)
{
	int exit = reader_complain(status->conf->data_dir, r, message);
	if (!options->check)
		return exit;
	printf("%s: %s\n", text_verdict(STATUS_UNKNOWN), tr("the database cannot be read"));
	return STATUS_UNKNOWN;
}

static int print_json(const struct status *status)
{
	char reasons[SCREEN_TEXT_MAX];
	enum status_verdict verdict = status_judge(status, reasons, sizeof(reasons));
	char *json = payload_status(status, verdict, reasons);
	if (!json)
		return EX_OSERR;
	puts(json);
	free(json);
	return EX_OK;
}

static int show_status(const struct options *options, const struct conf *conf)
{
	static struct status status; /* large, once */
	char message[SCREEN_TEXT_MAX];
	status = (struct status){.conf = conf, .now_ms = reader_now_ms(conf)};
	int r = look_at_database(&status, message);
	if (r != 0) {
		status_done(&status);
		return tell_unread(options, &status, r, message);
	}
	look_at_daemon(&status, options->at.socket);
	if (options->check) {
		char reasons[SCREEN_TEXT_MAX];
		text_status_line(stdout, &status);
		r = (int)status_judge(&status, reasons, sizeof(reasons));
	} else if (options->json)
		r = print_json(&status);
	else
		text_status(stdout, &status, reader_width());
	status_done(&status);
	return usage_flush() == 0 ? r : EX_IOERR;
}

static int read_status_options(int argc, char **argv, struct options *ret)
{
	static const struct option names[] = {
		LOOK_OPTIONS,
		{"json", no_argument, NULL, 'j'},
		{"check", no_argument, NULL, 'k'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	for (int option; (option = usage_next(argc, argv, names)) != -1;) {
		if (look_take_option(&ret->at, option))
			continue;
		if (option == 'j')
			ret->json = true;
		else if (option == 'k')
			ret->check = true;
		else if (option == 'h')
			ret->help = true;
		else
			return EX_USAGE;
	}
	if (optind < argc && !ret->help)
		return usage_refuse(tr("%s is one argument too many"), argv[optind]);
	return EX_OK;
}

int status_command(int argc, char **argv)
{
	struct options options = {.at.config = READER_STATION};
	struct problems problems = {0};
	struct conf *conf = NULL;
	int r = read_status_options(argc, argv, &options);
	if (options.help)
		fputs(tr(usage), stdout);
	if (r != EX_OK || options.help)
		return r;
	if (!conf_load(options.at.config, options.at.config_dir, &problems, &conf)) {
		problems_print(&problems, stderr);
		problems_done(&problems);
		return options.check ? (int)STATUS_UNKNOWN : EX_CONFIG;
	}
	r = show_status(&options, conf);
	problems_done(&problems);
	conf_free(conf);
	return r;
}
