/* SPDX-License-Identifier: MIT */
/*
 * Two instruments for one pollutant: the first of the station file counts while it is healthy, else
 * the second. Of an hour that both measured the difference is told, once when it begins and once
 * when it ends.
 *
 * An instrument is healthy until it has brought no good value for as long as a sample of it holds,
 * a minute at least, and again with the next good value.
 */
#ifndef DAEMON_UPKEEP_TWINS_H
#define DAEMON_UPKEEP_TWINS_H

#include "conf.h"
#include "report.h"
#include "sample.h"

/* Hourly means differ if they are further apart than so much of the larger one, and than so much
 * air; CO in its own unit. Our own bounds: no standard has one for instruments of two makers. */
#define TWINS_PERCENT 30
#define TWINS_MILLI 10000
#define TWINS_MILLI_CO 500
#define TWINS_SAMPLES_MIN 3 /* of each, in the hour; of an hourly instrument one */

struct twins;

/* NULL: no memory. The configuration lives on. */
struct twins *twins_new(const struct conf *conf);
struct twins *twins_free(struct twins *twins);

/*
 * Takes a dated sample of any channel. True if it counts: its channel is that of the pollutant
 * then, and what it takes back is no older than its instrument counts. Logs.
 */
bool twins_choose(struct twins *twins, struct sample *sample);

/* What is told of them in `health`; true if it is not what it was at the last call. */
bool twins_report(struct twins *twins, struct twin_report ret[POLLUTANT_COUNT]);

#endif
