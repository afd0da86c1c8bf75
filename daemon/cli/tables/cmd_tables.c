/* SPDX-License-Identifier: MIT */
#include "cmd_tables.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "pager.h"
#include "progress.h"
#include "reader.h"
#include "tables_inside.h"
#include "time_text.h"
#include "usage.h"
#include "words.h"

#define DAY_MS INT64_C(86400000)
#define NO_ROWS ((enum past_kind)PAST_KINDS) /* but what is made of them */

static const char common[] = TR_LATER(
	"  --since TIME      after it, such as 2026-01-10 or 2026-01-10T08:00:00+08:00\n"
	"  --until TIME      up to it\n"
	"  --json, --csv     for programs\n"
	"  --config FILE     the station, by default /etc/hazewatch/hazewatch.yaml\n"
	"  --config-dir DIR  look here first for plans, editions and profiles\n"
	"  --help            show this\n"
	"\n"
	"Exit status: 0 shown, 64 wrong usage, 66 no database, 74 it or the output fails,\n"
	"75 say it again, 77 not allowed, 78 a file has problems.\n");

static const struct subject {
	const char *name, *usage;
	enum past_kind kind;
	int64_t span_ms; /* without --since; 0: all there is */
} subjects[] = {
	{"history",
	 TR_LATER(
		 "Usage: hazewatch history [--days | --aux | --svg FILE] [OPTION]...\n"
		 "\n"
		 "Prints the hours of the last two days, or the natural days of the last month:\n"
		 "AQIs, primary pollutants, means in μg/m³ (CO mg/m³).\n"
		 "\n"
		 "  --days            days instead of hours\n"
		 "  --aux             what is measured beside the pollutants: weather, noise, TSP\n"
		 "  --svg FILE        draw the hours, the thresholds and the advice instead\n"),
	 PAST_HOURS, 2 * DAY_MS},
	{"events",
	 TR_LATER("Usage: hazewatch events [--verify] [OPTION]...\n"
		  "\n"
		  "Prints what was told of the advice and of directives, with the texts as sent.\n"
		  "\n"
		  "  --verify          check that nothing was changed in or taken out of the logs\n"
		  "                    of events, of what was in force and of orders: 1 if so\n"),
	 PAST_EVENTS, 0},
	{"directives",
	 TR_LATER("Usage: hazewatch directives [OPTION]...\n"
		  "\n"
		  "Prints the directives of the command centre and what became of them.\n"
		  "\n"),
	 PAST_DIRECTIVES, 0},
	{"orders",
	 TR_LATER("Usage: hazewatch orders [OPTION]...\n"
		  "\n"
		  "Prints which source of the list has which order, when it was delivered, the\n"
		  "newest receipt and how much of it is done; with --since or --until what was\n"
		  "ordered, delivered and answered in that time instead.\n"
		  "\n"),
	 PAST_ORDERS, 0},
	{"forecasts",
	 TR_LATER("Usage: hazewatch forecasts [OPTION]...\n"
		  "\n"
		  "Holds the daily AQIs of forecasts, said or made of their hours, against what\n"
		  "came, up to 24, 48 and 72 h ahead: mean absolute error, and hits, false alarms\n"
		  "and misses above each threshold.\n"
		  "\n"),
	 NO_ROWS, 0},
};

struct options {
	const struct subject *subject;
	const char *config, *config_dir, *svg;
	int64_t since_ms, until_ms; /* 0: not said */
	enum table_form form;
	bool days, auxiliaries, verify, help;
};

static bool read_time(const char *option, const char *text, int64_t *ret)
{
	if (time_parse(text, ret) || time_parse_date(text, ret))
		return true;
	usage_refuse(tr("%s: %s is no time, such as 2026-01-10 or 2026-01-10T08:00:00+08:00"),
		     option, text);
	return false;
}

/* Orders are those of now; in a time, what became of them. */
static enum past_kind choose_kind(const struct options *options)
{
	enum past_kind kind = options->subject->kind;
	bool of_a_time = options->since_ms || options->until_ms;
	return options->auxiliaries                  ? PAST_AUXILIARIES
	       : options->days && kind == PAST_HOURS ? PAST_DAYS
	       : of_a_time && kind == PAST_ORDERS    ? PAST_ORDER_LOG
						     : kind;
}

static const char *choose_nothing(enum past_kind kind)
{
	return kind == PAST_ORDERS ? TR_LATER("no reduction list was imported")
				   : TR_LATER("nothing in this time");
}

static int write_rows(const struct options *options, const struct tables_wish *wish, FILE *out)
{
	enum past_kind kind = choose_kind(options);
	struct table table = {.form = wish->form,
			      .conf = wish->conf,
			      .width = reader_width(),
			      .nothing = choose_nothing(kind),
			      .out = out};
	struct past_job job = {.kind = kind,
			       .since_ms = wish->since_ms,
			       .until_ms = wish->until_ms,
			       .ctx = &table,
			       .each = table_add};
	table.columns = columns_of(job.kind, &table.n_columns);
	int r = table_begin(&table);
	if (r == 0)
		r = past_rows(wish->store, &job);
	int ended = table_end(&table);
	return r ? r : ended;
}

/* Into memory and printed afterwards: who takes what is printed may let it wait, and a transaction
 * that waits lets the daemon's log grow. */
static int print_rows(const struct options *options, const struct tables_wish *wish)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	progress_begin(tr("row"));
	int r = out ? write_rows(options, wish, out) : -ENOMEM;
	progress_end();
	if (out && fclose(out) != 0 && r == 0)
		r = -ENOMEM;
	if (text)
		usage_write(text, size, wish->out);
	free(text);
	return r;
}

static int draw_hours(const struct options *options, const struct tables_wish *wish, int *ret_exit)
{
	int written = 0;
	int r = tables_draw(wish, options->svg, &written);
	if (r == 0 && written == -ENODATA) {
		fprintf(wish->out, "%s\n", tr("nothing in this time"));
	} else if (r == 0 && written != 0) {
		usage_tell("%s: %s", options->svg, strerror(-written));
		*ret_exit = EX_CANTCREAT;
	}
	return r;
}

static int print_subject(const struct options *options, struct tables_wish *wish)
{
	int exit = EX_OK, r;
	bool people = options->form == TABLE_PEOPLE && !options->verify && !options->svg;
	wish->out = people ? pager_begin() : stdout;
	if (options->verify)
		r = tables_verify(wish, &exit);
	else if (options->svg)
		r = draw_hours(options, wish, &exit);
	else if (options->subject->kind == NO_ROWS)
		r = tables_score(wish);
	else
		r = print_rows(options, wish);
	bool written = pager_end(wish->out);
	if (r != 0)
		return reader_complain(wish->conf->data_dir, r,
				       r < 0 ? strerror(-r) : store_message(wish->store));
	return written ? exit : EX_IOERR;
}

static int look_back(const struct options *options, const struct conf *conf)
{
	int64_t now_ms = reader_now_ms(conf);
	int64_t span_ms = options->days ? 31 * DAY_MS : options->subject->span_ms;
	struct tables_wish wish = {.conf = conf, .form = options->form};
	wish.until_ms = options->until_ms ? options->until_ms : now_ms + DAY_MS;
	wish.since_ms = options->since_ms ? options->since_ms : span_ms ? now_ms - span_ms : 0;
	int r = store_open_readonly(conf->data_dir, &wish.store);
	if (r != 0)
		return reader_complain(conf->data_dir, r, store_message(NULL));
	store_use_plan(wish.store, &conf->plan);
	r = print_subject(options, &wish);
	bool overtaken = store_is_overtaken(wish.store);
	store_close(wish.store);
	if (!overtaken)
		return r;
	usage_tell("%s", tr("hazewatchd began meanwhile: say it again"));
	return EX_TEMPFAIL;
}

static int read_table_options(int argc, char **argv, struct options *ret)
{
	static const struct option names[] = {
		{"config", required_argument, NULL, 'f'},
		{"config-dir", required_argument, NULL, 'c'},
		{"since", required_argument, NULL, 's'},
		{"until", required_argument, NULL, 'u'},
		{"json", no_argument, NULL, 'j'},
		{"csv", no_argument, NULL, 'v'},
		{"days", no_argument, NULL, 'd'},
		{"aux", no_argument, NULL, 'a'},
		{"verify", no_argument, NULL, 'y'},
		{"svg", required_argument, NULL, 'g'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	bool good = true;
	for (int option; (option = usage_next(argc, argv, names)) != -1;) {
		if (option == 'f')
			ret->config = optarg;
		else if (option == 'c')
			ret->config_dir = optarg;
		else if (option == 's' || option == 'u')
			good &= read_time(option == 's' ? "--since" : "--until", optarg,
					  option == 's' ? &ret->since_ms : &ret->until_ms);
		else if (option == 'j' || option == 'v')
			ret->form = option == 'j' ? TABLE_JSON : TABLE_CSV;
		else if (option == 'd' && ret->subject->kind == PAST_HOURS)
			ret->days = true;
		else if (option == 'a' && ret->subject->kind == PAST_HOURS)
			ret->auxiliaries = true;
		else if (option == 'g' && ret->subject->kind == PAST_HOURS)
			ret->svg = optarg;
		else if (option == 'y' && ret->subject->kind == PAST_EVENTS)
			ret->verify = true;
		else if (option == 'h')
			ret->help = true;
		else {
			if (option != '?')
				usage_refuse(tr("an option is not allowed here"));
			good = false;
		}
	}
	if (good && !ret->help && optind < argc)
		return usage_refuse(tr("%s is one argument too many"), argv[optind]);
	return good || ret->help ? EX_OK : EX_USAGE;
}

static int run_subject(int argc, char **argv, int subject)
{
	struct options options = {.subject = &subjects[subject], .config = READER_STATION};
	struct problems problems = {0};
	struct conf *conf = NULL;
	int r = read_table_options(argc, argv, &options);
	if (options.help)
		printf("%s%s", tr(options.subject->usage), tr(common));
	if (r != EX_OK || options.help)
		return r;
	if (conf_load(options.config, options.config_dir, &problems, &conf)) {
		r = look_back(&options, conf);
	} else {
		problems_print(&problems, stderr);
		r = EX_CONFIG;
	}
	problems_done(&problems);
	conf_free(conf);
	return r;
}

int history_command(int argc, char **argv)
{
	return run_subject(argc, argv, 0);
}

int events_command(int argc, char **argv)
{
	return run_subject(argc, argv, 1);
}

int directives_command(int argc, char **argv)
{
	return run_subject(argc, argv, 2);
}

int orders_command(int argc, char **argv)
{
	return run_subject(argc, argv, 3);
}

int forecasts_command(int argc, char **argv)
{
	return run_subject(argc, argv, 4);
}
