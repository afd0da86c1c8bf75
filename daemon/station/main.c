/* SPDX-License-Identifier: MIT */
/* hazewatchd: arguments, configuration, and off it goes. */
#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "conf.h"
#include "log.h"
#include "station.h"
#include "words.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAZEWATCH_SANITIZED
#endif
#endif

#define DATA_BYTES (96ul * 1024 * 1024)
#define STACK_BYTES (512ul * 1024) /* of a thread; 12 KiB of a bus are touched */
#define FRESH_BYTES (32 * 1024)    /* a larger block is memory of its own */
#define FILE_BYTES (4 * 1024)      /* the same while files are read */

static const char *conf_path = "/etc/hazewatch/hazewatch.yaml";
static const char *config_dir;

static void show_daemon_usage(void)
{
	fputs(tr("Usage: hazewatchd [--config FILE] [--config-dir DIR]\n"
		 "\n"
		 "Polls the station's sensors, computes the AQI, holds it against the emergency\n"
		 "plan and publishes advice and emission cuts. See hazewatchd(8).\n"
		 "\n"
		 "  --config FILE      the station, by default /etc/hazewatch/hazewatch.yaml\n"
		 "  --config-dir DIR   look here first for plans, editions and profiles\n"
		 "  --help, --version\n"),
	      stdout);
}

static int end_output(void)
{
	if (fflush(stdout) == 0)
		return EX_OK;
	fprintf(stderr, tr("hazewatchd: the output cannot be written: %s\n"), strerror(errno));
	return EX_IOERR;
}

static struct conf *load_conf(void)
{
	struct problems problems = {0};
	struct conf *conf = NULL;
	conf_load(conf_path, config_dir, &problems, &conf);
	problems_log(&problems);
	problems_done(&problems);
	return conf;
}

/* Returns -1 to go on, or the exit code. */
static int parse_arguments(int argc, char **argv)
{
	static const struct option options[] = {
		{"config", required_argument, NULL, 'c'},
		{"config-dir", required_argument, NULL, 'd'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'v'},
		{NULL, 0, NULL, 0},
	};
	int option;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			conf_path = optarg;
			break;
		case 'd':
			config_dir = optarg;
			break;
		case 'h':
			show_daemon_usage();
			return end_output();
		case 'v':
			puts("hazewatchd " HAZEWATCH_VERSION);
			return end_output();
		default:
			fputs(tr("hazewatchd: --help shows what it takes\n"), stderr);
			return EX_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, tr("hazewatchd: unexpected argument '%s'\n"), argv[optind]);
		return EX_USAGE;
	}
	return -1;
}

/* From the first moment on: a signal that comes while the station starts waits for its loop. */
static void block_signals(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/*
 * What comes in must not take the machine's memory: a library that gets none loses its connection
 * (mqtt/choke.h). The unit says the same by LimitDATA=, and forbids this call. Stacks count,
 * whether they are touched or not, so they are small; a sanitizer's own memory would count, too.
 */
static void bound_memory(void)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(HAZEWATCH_SANITIZED)
	struct rlimit limit;
	pthread_attr_t attr;
	if (pthread_attr_init(&attr) == 0) {
		pthread_attr_setstacksize(&attr, STACK_BYTES);
		pthread_setattr_default_np(&attr);
		pthread_attr_destroy(&attr);
	}
	if (getrlimit(RLIMIT_DATA, &limit) != 0 || limit.rlim_cur <= DATA_BYTES)
		return;
	limit.rlim_cur = DATA_BYTES;
	setrlimit(RLIMIT_DATA, &limit);
#endif
}

/*
 * Fresh pages that are never touched cost nothing; a queue taken from used memory is cleared, and
 * costs all of it. So what is read of files leaves no holes that a queue fits into, and the heap
 * grows by what is asked for.
 */
static void spare_memory(void)
{
	mallopt(M_MMAP_THRESHOLD, FILE_BYTES);
	mallopt(M_TOP_PAD, 0);
	mallopt(M_ARENA_MAX, 1); /* threads that allocate little take from one heap */
}

int main(int argc, char **argv)
{
	words_begin();
	int code = parse_arguments(argc, argv);
	if (code >= 0)
		return code;
	block_signals();
	bound_memory();
	spare_memory();
	words_speak(
		conf_language(conf_path)); /* that of the problems that come before it is read */
	struct conf *conf = load_conf();
	if (!conf)
		return EX_CONFIG;
	mallopt(M_MMAP_THRESHOLD, FRESH_BYTES);
	words_speak(conf->language);
	int end = station_run(conf, load_conf);
	if (end == STATION_RELOAD) {
		execv("/proc/self/exe", argv);
		log_error(LOG_RELOAD_REFUSED, "reload: cannot start anew");
		return EX_OSERR;
	}
	/* Everything of ours is closed; exit handlers could wait for ever, and the thread that
	 * hangs may still read the configuration. */
	if (end == STATION_HUNG)
		_exit(EX_OK);
	conf_free(conf);
	return end < 0 ? -end : EX_OK;
}
