/* SPDX-License-Identifier: MIT */
#include "subcommands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "clock.h"
#include "look.h"
#include "own_poll.h"
#include "payload_sensor.h"
#include "progress.h"
#include "reader.h"
#include "store.h"
#include "text_read.h"
#include "usage.h"
#include "words.h"

#define ASK_EVERY_MS 250
#define WAIT_MAX_S 60 /* for a poll; of a slower sensor the newest one is shown */
#define POLL_MAX_S 5  /* that a poll takes */
#define LINE_MAX 256
#define SOME_MISSING 1 /* exit status */

static const char usage[] = TR_LATER(
	"Usage: hazewatch read SENSOR [OPTION]...\n"
	"\n"
	"Polls a sensor of the station once and prints every row: the registers in\n"
	"hexadecimal, the number, what it stands for, the concentration and its quality.\n"
	"While the daemon runs it waits for the daemon's next poll, a minute at most, and\n"
	"asks nothing on the bus itself.\n"
	"\n"
	"  --config FILE     the station, by default /etc/hazewatch/hazewatch.yaml\n"
	"  --config-dir DIR  look here first for plans, editions and profiles\n"
	"  --socket PATH     of the daemon, by default its own or /run/hazewatch/control\n"
	"  --json            for programs\n"
	"  --help            show this\n"
	"\n"
	"Exit status: 0 every row of use has a value, 1 not every one, 64 no such sensor,\n"
	"66 no database, 69 the daemon or the line does not answer, 71 no memory, 74 the\n"
	"output failed, 75 another program holds the line, 77 not allowed, 78 a file has\n"
	"problems.\n");

struct options {
	struct look_place at;
	const char *sensor;
	bool json, help;
};

static bool find_sensor(const struct conf *conf, const char *id, int *ret_bus, int *ret_device)
{
	for (int b = 0; b < conf->n_buses; b++) {
		for (int d = 0; d < conf->buses[b].n_devices; d++) {
			*ret_bus = b;
			*ret_device = d;
			if (strcmp(conf->buses[b].devices[d].id, id) == 0)
				return true;
		}
	}
	return false;
}

static int tell_unknown(const struct conf *conf, const char *id)
{
	const char *ids[BUS_DEVICES_MAX + 1] = {NULL};
	int n = 0;
	for (int b = 0; b < conf->n_buses; b++) {
		for (int d = 0; d < conf->buses[b].n_devices && n < BUS_DEVICES_MAX; d++)
			ids[n++] = conf->buses[b].devices[d].id;
	}
	return usage_refuse_word(tr("SENSOR"), id, ids);
}

/* ---- printing ---- */

static int judge_rows(const struct words *words)
{
	for (int i = 0; i < words->n_rows; i++) {
		if (words->rows[i].used && strcmp(words->rows[i].quality, "N") != 0)
			return SOME_MISSING;
	}
	return words->n_rows > 0 ? EX_OK : SOME_MISSING;
}

static int print_words(const struct options *options, const char *body, const struct words *words)
{
	if (options->json)
		puts(body);
	else
		text_read(stdout, words, reader_width());
	return usage_flush() == 0 ? judge_rows(words) : EX_IOERR;
}

/* ---- by the daemon ---- */

static int ask_once(const struct options *options, const struct conf *conf, char **ret_body,
		    struct words *ret)
{
	char line[LINE_MAX];
	struct control_answer answer = {.ok = false};
	snprintf(line, sizeof(line), "{\"request\": \"read\", \"sensor\": \"%s\"}",
		 options->sensor);
	int r = look_ask(conf, options->at.socket, line, &answer);
	if (r == 0 && answer.ok && payload_read_words(answer.body, ret)) {
		free(*ret_body);
		*ret_body = answer.body;
		return 0;
	}
	if (r == 0)
		usage_tell("%s", answer.text);
	free(answer.body);
	return r == 0 ? -EPROTO : r;
}

static void pause_asking(void)
{
	const struct timespec pause = {.tv_nsec = ASK_EVERY_MS * 1000000L};
	nanosleep(&pause, NULL);
}

/* The poll that comes next, or, where that takes too long, the one before. */
static int wait_for_poll(const struct options *options, const struct conf *conf, char **ret_body,
			 struct words *ret)
{
	int r = ask_once(options, conf, ret_body, ret);
	if (r != 0)
		return r;
	int64_t before = ret->polls;
	double wait_s = ret->poll_s < WAIT_MAX_S ? ret->poll_s : WAIT_MAX_S;
	int64_t began_ms = clock_monotonic_ms(), now_ms = began_ms;
	int64_t until_ms = began_ms + (int64_t)((wait_s + POLL_MAX_S) * 1000);
	progress_begin_wait(tr("waiting for the next poll, second"), until_ms - began_ms);
	while (r == 0 && ret->polls == before && now_ms < until_ms) {
		progress_wait();
		pause_asking();
		r = ask_once(options, conf, ret_body, ret);
		now_ms = clock_monotonic_ms();
	}
	progress_end();
	return r;
}

/* ---- by ourselves ---- */

/* A daemon that has the database and does not answer has the bus, too. */
static bool is_in_use(const struct conf *conf)
{
	struct store *store = NULL;
	bool in_use = store_open_readonly(conf->data_dir, &store) == 0 && store_is_in_use(store);
	store_close(store);
	return in_use;
}

static int tell_line(const char *bus, int error)
{
	usage_tell("%s: %s", bus, strerror(error));
	return error == EBUSY                      ? EX_TEMPFAIL
	       : error == EACCES || error == EPERM ? EX_NOPERM
						   : EX_UNAVAILABLE;
}

static int poll_ourselves(const struct options *options, const struct conf *conf, int bus,
			  int device)
{
	static struct own_poll poll; /* large, as is the other one */
	static struct words words;
	int r = own_poll(conf, bus, device, &poll);
	if (r < 0 || poll.link_errno != 0)
		return tell_line(conf->buses[bus].id, r < 0 ? -r : poll.link_errno);
	char *body = payload_sensor(&(struct sensor_words){.conf = conf,
							   .bus = bus,
							   .device = device,
							   .reading = &poll.reading,
							   .age_ms = poll.age_ms});
	r = EX_OSERR;
	if (payload_read_words(body, &words))
		r = print_words(options, body, &words);
	free(body);
	return r;
}

static int read_sensor(const struct options *options, const struct conf *conf)
{
	static struct words words; /* large, once */
	int bus, device;
	char *body = NULL;
	if (!find_sensor(conf, options->sensor, &bus, &device))
		return tell_unknown(conf, options->sensor);
	if (conf->buses[bus].of_loggers) {
		usage_tell(
			tr("%s is a data logger, which sends by itself and is not asked; hazewatch "
			   "watch shows what it says"),
			options->sensor);
		return EX_USAGE;
	}
	int r = wait_for_poll(options, conf, &body, &words);
	if (r == 0)
		r = print_words(options, body, &words);
	else if (r == -EACCES || r == -EPERM)
		r = reader_complain(conf->data_dir, -EACCES, strerror(EACCES));
	else if ((r == -ENOENT || r == -ECONNREFUSED) && !is_in_use(conf))
		r = poll_ourselves(options, conf, bus, device);
	else {
		usage_tell("%s (%s)", tr("hazewatchd runs and does not answer"), strerror(-r));
		r = EX_UNAVAILABLE;
	}
	free(body);
	return r;
}

static int read_read_options(int argc, char **argv, struct options *ret)
{
	static const struct option names[] = {
		LOOK_OPTIONS,
		{"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	for (int option; (option = usage_next(argc, argv, names)) != -1;) {
		if (look_take_option(&ret->at, option))
			continue;
		if (option == 'j')
			ret->json = true;
		else if (option == 'h')
			ret->help = true;
		else
			return EX_USAGE;
	}
	ret->sensor = argv[optind];
	if (optind + 1 != argc && !ret->help)
		return usage_refuse(tr("one SENSOR is needed, by its id"));
	return EX_OK;
}

int read_command(int argc, char **argv)
{
	struct options options = {.at.config = READER_STATION};
	struct problems problems = {0};
	struct conf *conf = NULL;
	int r = read_read_options(argc, argv, &options);
	if (options.help)
		fputs(tr(usage), stdout);
	if (r != EX_OK || options.help)
		return r;
	if (!conf_load(options.at.config, options.at.config_dir, &problems, &conf)) {
		problems_print(&problems, stderr);
		problems_done(&problems);
		return EX_CONFIG;
	}
	r = read_sensor(&options, conf);
	problems_done(&problems);
	conf_free(conf);
	return r;
}
