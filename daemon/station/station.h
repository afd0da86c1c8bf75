/* SPDX-License-Identifier: MIT */
/*
 * The daemon's life: opens the store, starts the threads, runs the loop, stops in order.
 */
#ifndef DAEMON_STATION_STATION_H
#define DAEMON_STATION_STATION_H

#include "conf.h"

/* What ended station_run. */
enum station_end {
	STATION_STOPPED, /* a signal; everything is closed */
	STATION_HUNG,    /* the same, but a library's thread hangs: leave with _exit(0) */
	STATION_RELOAD,  /* SIGHUP, and `reload` found the new files good: start anew */
};

/*
 * Runs until a signal ends it. `reload` is asked on SIGHUP whether the files on disk are good; it
 * logs what is wrong with them. Returns enum station_end, or a negative exit code of sysexits after
 * logging why the station could not start.
 */
int station_run(const struct conf *conf, struct conf *(*reload)(void));

#endif
