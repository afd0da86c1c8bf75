/* SPDX-License-Identifier: MIT */
#include "cmd_probe.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "conf.h"
#include "probe_tell.h"
#include "skeleton.h"
#include "text_probe.h"
#include "usage.h"
#include "words.h"

/* After an answer that did not come. A gateway may go on waiting for its device; on a serial line
 * the sweep knows what is owed, and units of a scan are told apart by their ids. */
#define QUIET_GATEWAY_MS 1000
#define QUIET_MS 300
#define ATTEMPTS 3

static volatile sig_atomic_t interrupted;

static void note_interrupt(int number)
{
	interrupted = number;
}

/* The first one ends the run in good order, so that no request is left on the line; the second one
 * ends the program. */
static void catch_interrupts(void)
{
	struct sigaction action = {.sa_handler = note_interrupt, .sa_flags = (int)SA_RESETHAND};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

/* ---- progress ---- */

static void show_probe_progress(const char *what, int done, int of)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K%s: %s %d / %d", usage_name(), what, done, of);
}

static void end_progress(void)
{
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

static bool may_go_on(void *ctx)
{
	(void)ctx;
	return interrupted == 0;
}

static void wait_for_line(void *ctx, int ms)
{
	const struct timespec pause = {.tv_nsec = ms * 1000000L};

	(void)ctx;
	nanosleep(&pause, NULL);
}

static bool go_on_reading(void *ctx)
{
	const struct sweep *sweep = ctx;

	show_probe_progress(tr("register"), sweep->done, sweep->count);
	return interrupted == 0;
}

/* ---- units ---- */

static bool is_answer(enum why why)
{
	return why == WHY_NONE || why == WHY_EXCEPTION;
}

/* Some gateways hang up on a unit that they do not know. */
static struct unit_greeting greet_unit(struct sweep *sweep, int unit)
{
	struct unit_greeting greeting = {0};

	sweep->unit_id = unit;
	greeting.why = sweep_greet(sweep, 1, &greeting.code);
	if (!is_answer(greeting.why) && greeting.why != WHY_TIMEOUT)
		greeting.why = sweep_greet(sweep, ATTEMPTS - 1, &greeting.code);
	if (greeting.why == WHY_LINK)
		greeting.why = WHY_TIMEOUT;
	if (greeting.why != WHY_EXCEPTION)
		greeting.code = 0;
	return greeting;
}

static int scan_units(const struct probe_options *options, struct sweep *sweep)
{
	struct unit_greeting greetings[256];
	int found = 0, code = 0;
	enum why line = WHY_NONE;

	for (int i = 0; i < 256; i++)
		greetings[i] = (struct unit_greeting){.why = WHY_TIMEOUT};
	for (int unit = options->first_unit;
	     unit <= options->last_unit && line == WHY_NONE && interrupted == 0; unit++) {
		show_probe_progress(tr("unit"), unit, options->last_unit);
		greetings[unit] = greet_unit(sweep, unit);
		found += greetings[unit].why != WHY_TIMEOUT;
		line = sweep->master.open(sweep->master.ctx, &code);
	}
	end_progress();
	text_probe_units(stdout, greetings, options->link.kind);
	usage_flush();
	if (line != WHY_NONE)
		return probe_tell_closed(&options->link, code);
	if (interrupted != 0)
		return EX_TEMPFAIL;
	return found > 0 ? EX_OK : probe_tell_silence(options);
}

/* ---- one unit ---- */

/* The profiles, each judged by what the device answers to its requests; best first. */
static int match_profiles(struct sweep *sweep, const struct conf *conf, struct match *ret)
{
	static struct device device; /* large, as is the other one */
	static struct poll poll;
	int n = 0;

	for (int i = 0; i < conf->n_profiles && interrupted == 0; i++) {
		struct device_conf device_conf = {.id = "",
						  .unit_id = sweep->unit_id,
						  .profile = conf->profiles[i],
						  .poll_ms = 1000};
		show_probe_progress(tr("profile"), i + 1, conf->n_profiles);
		memset(&device, 0, sizeof(device));
		device_init(&device, &device_conf, 0);
		sweep_profile(sweep, &device, &poll);
		recognise(&device, &poll, &ret[n++]);
	}
	end_progress();
	qsort(ret, (size_t)n, sizeof(*ret), match_compare);
	return n;
}

static int write_skeleton(const struct probe_options *options, const struct sweep *sweep)
{
	char line[TEXT_LINE_MAX];
	FILE *file = options->skeleton ? fopen(options->skeleton, "wxe") : stdout;

	text_probe_line(&options->link, line);
	if (file) {
		if (file == stdout)
			fputs("\n", file);
		skeleton_print(file, sweep, line);
	}
	if (file && (file == stdout || fclose(file) == 0))
		return EX_OK;
	usage_tell(tr("%s: cannot be written: %s"), options->skeleton, strerror(errno));
	return EX_CANTCREAT;
}

static bool any_read(const struct sweep *sweep)
{
	for (int at = 0; at < sweep->count; at++) {
		if (sweep_is_read(sweep, at))
			return true;
	}
	return false;
}

/* Names the profiles that fit, and prints a skeleton unless one of them is certain. */
static int interpret_registers(const struct probe_options *options, struct sweep *sweep)
{
	struct problems problems = {0};
	struct conf *conf;
	static struct match matches[CONF_PROFILES_MAX];

	conf_load_profiles(options->config_dir, &problems, &conf);
	problems_print(&problems, stderr);
	problems_done(&problems);
	int n = match_profiles(sweep, conf, matches);
	text_probe_matches(stdout, matches, n, sweep->unit_id);
	bool any = n > 0 && match_is_candidate(&matches[0]);
	bool certain = any && matches[0].identified;
	conf_free(conf);
	if (!any_read(sweep)) {
		if (!any)
			probe_tell_all_refused(sweep);
		return any ? EX_OK : EX_UNAVAILABLE;
	}
	return options->skeleton || !certain ? write_skeleton(options, sweep) : EX_OK;
}

static int read_unit(struct probe_options *options, struct sweep *sweep)
{
	int code = 0;
	enum why why = sweep_greet(sweep, ATTEMPTS, &code);

	if (is_answer(why)) {
		sweep->ctx = sweep;
		sweep->go_on = go_on_reading;
		why = sweep_read(sweep, &code);
		sweep->go_on = may_go_on;
		end_progress();
		text_probe_registers(stdout, sweep);
		usage_flush();
	}
	if (interrupted)
		return EX_TEMPFAIL;
	if (why != WHY_NONE) {
		options->silent = why != WHY_LINK && options->link.kind == LINK_TCP;
		return probe_tell_missing_answer(options, sweep->unit_id, why, code);
	}
	code = interpret_registers(options, sweep);
	return interrupted ? EX_TEMPFAIL : code;
}

static int probe_line(struct probe_options *options, struct sweep *sweep)
{
	char line[TEXT_LINE_MAX];
	int code = 0;

	if (sweep->master.open(sweep->master.ctx, &code) != WHY_NONE)
		return probe_tell_closed(&options->link, code);
	text_probe_line(&options->link, line);
	printf("%s\n", line);
	return options->first_unit < options->last_unit ? scan_units(options, sweep)
							: read_unit(options, sweep);
}

/* Behind a gateway most often a wrong unit id was given: what others say is soon known. */
static void name_answering_unit(const struct probe_options *options, struct sweep *sweep)
{
	static const int likely[] = {1, 255, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10};
	struct link_conf conf = options->link;
	conf.quiet_ms = QUIET_MS;
	struct link *link = link_new(&conf);
	int n = (int)(sizeof(likely) / sizeof(likely[0])), found = -1, code = 0;

	if (!link)
		return;
	sweep->master = link_master(link);
	for (int i = 0; i < n && found < 0 && interrupted == 0; i++) {
		show_probe_progress("unit", i + 1, n);
		if (likely[i] != options->first_unit &&
		    sweep->master.open(sweep->master.ctx, &code) == WHY_NONE &&
		    is_answer(greet_unit(sweep, likely[i]).why))
			found = likely[i];
	}
	end_progress();
	if (found >= 0)
		usage_tell(tr("unit %d does answer: --unit %d"), found, found);
	link_free(link);
}

/* `link` may be NULL, and then nothing is asked. */
static void begin_sweep(const struct probe_options *options, struct link *link, struct sweep *ret)
{
	static struct sweep_register registers[SWEEP_REGISTERS_MAX]; /* too many for a stack */
	memset(registers, 0, (size_t)options->count * sizeof(registers[0]));
	*ret = (struct sweep){
		.serial = link_conf_is_rtu(&options->link),
		.timeout_ms = options->link.response_timeout_ms,
		.unit_id = options->first_unit,
		.function = (uint8_t)options->function,
		.from = options->from,
		.count = options->count,
		.registers = registers,
		.go_on = may_go_on,
		.wait = wait_for_line,
	};
	if (link)
		ret->master = link_master(link);
}

/* Of a unit that answers. */
static struct probe_found find_profile(struct sweep *sweep, const struct conf *profiles)
{
	static struct match matches[CONF_PROFILES_MAX];
	struct probe_found found = {.unit_id = sweep->unit_id};
	int n = match_profiles(sweep, profiles, matches);

	if (n > 0 && match_is_candidate(&matches[0])) {
		found.profile = matches[0].profile;
		found.certain = matches[0].identified;
	}
	return found;
}

int probe_find(struct probe_options *options, const struct conf *profiles, struct probe_found *ret,
	       int most, int *ret_n)
{
	int code = 0;
	struct sweep sweep;

	*ret_n = 0;
	options->count = 1;
	options->link.quiet_ms = QUIET_MS;
	catch_interrupts();
	struct link *link = link_new(&options->link);
	if (!link)
		code = errno;
	begin_sweep(options, link, &sweep);
	bool opened = link && sweep.master.open(sweep.master.ctx, &code) == WHY_NONE;
	for (int unit = options->first_unit;
	     opened && unit <= options->last_unit && *ret_n < most && interrupted == 0; unit++) {
		show_probe_progress("unit", unit, options->last_unit);
		if (sweep.master.open(sweep.master.ctx, &code) == WHY_NONE &&
		    is_answer(greet_unit(&sweep, unit).why))
			ret[(*ret_n)++] = find_profile(&sweep, profiles);
	}
	end_progress();
	link_free(link);
	if (!opened)
		return probe_tell_closed(&options->link, code);
	return interrupted ? EX_TEMPFAIL : EX_OK;
}

static int run_probe(struct probe_options *options)
{
	bool scans = options->first_unit < options->last_unit;
	options->link.quiet_ms =
		scans || link_conf_is_rtu(&options->link) ? QUIET_MS : QUIET_GATEWAY_MS;
	struct link *link = link_new(&options->link);
	struct sweep sweep;

	begin_sweep(options, link, &sweep);
	int code = EX_OSERR;

	if (link)
		code = probe_line(options, &sweep);
	else
		usage_tell(tr("there is not enough memory"));
	link_free(link);
	if (options->silent && interrupted == 0)
		name_answering_unit(options, &sweep);
	return code;
}

int probe_command(int argc, char **argv)
{
	struct probe_options options;

	if (!probe_read_options(argc, argv, &options))
		return EX_USAGE;
	if (options.help) {
		probe_show_usage();
		return EX_OK;
	}
	if (options.skeleton && access(options.skeleton, F_OK) == 0) {
		usage_tell(tr("%s is there already"), options.skeleton);
		return EX_CANTCREAT;
	}
	catch_interrupts();
	return run_probe(&options);
}
