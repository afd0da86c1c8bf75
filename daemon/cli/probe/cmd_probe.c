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
#include "skeleton.h"
#include "text_probe.h"
#include "tty_owner.h"
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
		fprintf(stderr, "\r\033[Khazewatch probe: %s %d / %d", what, done, of);
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

/* ---- what went wrong ---- */

static int tell_busy(const char *device)
{
	struct tty_owner holder;

	if (tty_owner_find(device, &holder))
		fprintf(stderr,
			tr("hazewatch probe: %s is held by %s (process %ld); two masters on one "
			   "line break both: stop it first\n"),
			device, holder.name, holder.pid);
	else
		fprintf(stderr,
			tr("hazewatch probe: %s is held by another program; two masters on one "
			   "line break both: stop it first\n"),
			device);
	return EX_TEMPFAIL;
}

static int tell_closed(const struct link_conf *link, int code)
{
	char line[TEXT_LINE_MAX];

	text_probe_line(link, line);
	if (code == EBUSY && link->kind == LINK_RTU)
		return tell_busy(link->device);
	const char *reason = code != ENOTTY ? strerror(code) : tr("it is not a serial line");
	fprintf(stderr, tr("hazewatch probe: %s: cannot be opened: %s\n"), line, reason);
	if (link->kind == LINK_TCP)
		return EX_UNAVAILABLE;
	if (code == EACCES || code == EPERM)
		return EX_NOPERM;
	return code == EIO ? EX_IOERR : EX_NOINPUT;
}

static const char *missing_text(enum why why)
{
	if (why == WHY_BAD_FRAME)
		return tr("answers come, and none is right: baud rate or parity, noise, two "
			  "devices "
			  "of\none address, or another master on the line");
	if (why == WHY_ECHO)
		return tr("our own request comes back: turn off the adapter's local echo");
	if (why == WHY_LINK)
		return tr("it hangs up, or the line is broken");
	return tr("no answer: power, wiring (A and B exchanged?), baud rate, parity, unit id;\n"
		  "--unit 1-247 looks for units; some devices are silent about registers they "
		  "do\n"
		  "not have: try --function 4 or another --from");
}

static int tell_missing_answer(const struct probe_options *options, int unit, enum why why,
			       int code)
{
	char line[TEXT_LINE_MAX];

	text_probe_line(&options->link, line);
	fprintf(stderr, tr("hazewatch probe: %s, unit %d: %s"), line, unit, missing_text(why));
	if (why == WHY_LINK)
		fprintf(stderr, ": %s", strerror(code));
	fputs("\n", stderr);
	return why == WHY_LINK && options->link.kind == LINK_RTU ? EX_IOERR : EX_UNAVAILABLE;
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

/* A line of which nobody answers. */
static int tell_silence(const struct probe_options *options)
{
	fprintf(stderr,
		tr("hazewatch probe: none of units %d to %d answers: power, wiring (A and B "
		   "exchanged?), baud rate, parity\n"),
		options->first_unit, options->last_unit);
	return EX_UNAVAILABLE;
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
	fflush(stdout);
	if (line != WHY_NONE)
		return tell_closed(&options->link, code);
	if (interrupted != 0)
		return EX_TEMPFAIL;
	return found > 0 ? EX_OK : tell_silence(options);
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
	fprintf(stderr, tr("hazewatch probe: %s: cannot be written: %s\n"), options->skeleton,
		strerror(errno));
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
	if (!any_read(sweep))
		return any ? EX_OK : EX_UNAVAILABLE;
	return options->skeleton || !certain ? write_skeleton(options, sweep) : EX_OK;
}

static int read_unit(const struct probe_options *options, struct sweep *sweep)
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
		fflush(stdout);
	}
	if (interrupted)
		return EX_TEMPFAIL;
	if (why != WHY_NONE)
		return tell_missing_answer(options, sweep->unit_id, why, code);
	code = interpret_registers(options, sweep);
	return interrupted ? EX_TEMPFAIL : code;
}

static int probe_line(const struct probe_options *options, struct sweep *sweep)
{
	char line[TEXT_LINE_MAX];
	int code = 0;

	if (sweep->master.open(sweep->master.ctx, &code) != WHY_NONE)
		return tell_closed(&options->link, code);
	text_probe_line(&options->link, line);
	printf("%s\n", line);
	return options->first_unit < options->last_unit ? scan_units(options, sweep)
							: read_unit(options, sweep);
}

static int run_probe(struct probe_options *options)
{
	bool scans = options->first_unit < options->last_unit;
	options->link.quiet_ms =
		scans || options->link.kind == LINK_RTU ? QUIET_MS : QUIET_GATEWAY_MS;
	struct link *link = link_new(&options->link);
	struct sweep sweep = {
		.master = link_master(link),
		.serial = options->link.kind == LINK_RTU,
		.unit_id = options->first_unit,
		.function = (uint8_t)options->function,
		.from = options->from,
		.count = options->count,
		.registers = calloc((size_t)options->count, sizeof(*sweep.registers)),
		.go_on = may_go_on,
		.wait = wait_for_line,
	};
	int code = EX_OSERR;

	if (link && sweep.registers)
		code = probe_line(options, &sweep);
	else
		fputs(tr("hazewatch probe: there is not enough memory\n"), stderr);
	link_free(link);
	free(sweep.registers);
	return code;
}

int probe_command(int argc, char **argv)
{
	struct probe_options options;

	if (!probe_read_options(argc, argv, &options))
		return EX_USAGE;
	if (options.help) {
		probe_show_usage(stdout);
		return EX_OK;
	}
	if (options.skeleton && access(options.skeleton, F_OK) == 0) {
		fprintf(stderr, tr("hazewatch probe: %s is there already\n"), options.skeleton);
		return EX_CANTCREAT;
	}
	catch_interrupts();
	int code = run_probe(&options);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, tr("hazewatch probe: the output cannot be written: %s\n"),
			strerror(errno));
		return EX_IOERR;
	}
	return code;
}
