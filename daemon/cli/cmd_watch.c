/* SPDX-License-Identifier: MIT */
#include "subcommands.h"

#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "control_client.h"
#include "look.h"
#include "reader.h"
#include "terminal.h"
#include "text_watch.h"
#include "usage.h"
#include "words.h"

#define EVERY_MS 2000
#define EVERY_DUMB_MS 10000 /* a page below the other */

static const char usage[] = TR_LATER(
	"Usage: hazewatch watch [OPTION]...\n"
	"\n"
	"Shows the station live: what status says in short, what every instrument says\n"
	"now, also while the daemon still waits for its clock, and the last 24 hours.\n"
	"q or Ctrl-C quits. Into a file or a pipe goes one page.\n"
	"\n"
	"  --config FILE     the station, by default /etc/hazewatch/hazewatch.yaml\n"
	"  --config-dir DIR  look here first for plans, editions and profiles\n"
	"  --socket PATH     of the daemon, by default its own or /run/hazewatch/control\n"
	"  --help            show this\n"
	"\n"
	"Exit status: 0 shown, 64 wrong usage, 66 no database, 74 it or the output fails,\n"
	"77 not allowed, 78 a file has problems.\n"
	"With NO_COLOR set there are no colours.\n");

struct options {
	struct look_place at;
	bool help;
};

/* A store error and what was wrong. */
static int look_once(struct status *status, char message[SCREEN_TEXT_MAX])
{
	status_done(status);
	*status = (struct status){.conf = status->conf, .now_ms = reader_now_ms(status->conf)};
	return look_at_database(status, message);
}

/* False: nobody sees it. */
static bool show_page(struct watch_page *page, const struct status *status, const char *error)
{
	terminal_size(&page->width, &page->height);
	char *text = error ? NULL : text_watch(page, status);
	bool seen = terminal_show(text ? text : error ? error : "", page->height);
	free(text);
	return seen;
}

static int watch_station(const struct options *options, const struct conf *conf)
{
	static struct status status; /* large, once */
	char message[SCREEN_TEXT_MAX];
	bool terminal = isatty(STDOUT_FILENO) == 1;
	struct watch_page page = {.paint = paint_of(terminal), .keys = terminal};
	status.conf = conf;
	int r = look_once(&status, message);
	if (r != 0) {
		status_done(&status);
		return reader_complain(conf->data_dir, r, message);
	}
	if (terminal_begin(&page.paint))
		control_mind_keys(STDIN_FILENO);
	bool seen, goes_on;
	do {
		if (r == 0)
			look_at_daemon(&status, options->at.socket);
		seen = show_page(&page, &status, r != 0 ? message : NULL);
		goes_on = terminal && seen &&
			  terminal_wait(page.paint.moves ? EVERY_MS : EVERY_DUMB_MS);
		r = goes_on ? look_once(&status, message) : 0;
	} while (goes_on);
	terminal_end();
	status_done(&status);
	return seen ? EX_OK : EX_IOERR;
}

static int read_watch_options(int argc, char **argv, struct options *ret)
{
	static const struct option names[] = {
		LOOK_OPTIONS,
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	for (int option; (option = usage_next(argc, argv, names)) != -1;) {
		if (look_take_option(&ret->at, option))
			continue;
		if (option == 'h')
			ret->help = true;
		else
			return EX_USAGE;
	}
	if (optind < argc && !ret->help)
		return usage_refuse(tr("%s is one argument too many"), argv[optind]);
	return EX_OK;
}

int watch_command(int argc, char **argv)
{
	struct options options = {.at.config = READER_STATION};
	struct problems problems = {0};
	struct conf *conf = NULL;
	int r = read_watch_options(argc, argv, &options);
	if (options.help)
		fputs(tr(usage), stdout);
	if (r != EX_OK || options.help)
		return r;
	if (!conf_load(options.at.config, options.at.config_dir, &problems, &conf)) {
		problems_print(&problems, stderr);
		problems_done(&problems);
		return EX_CONFIG;
	}
	r = watch_station(&options, conf);
	problems_done(&problems);
	conf_free(conf);
	return r;
}
