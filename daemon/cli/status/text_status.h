/* SPDX-License-Identifier: MIT */
/* A status as a page of at most 24 lines for people, in their language (words.h). */
#ifndef DAEMON_CLI_STATUS_TEXT_STATUS_H
#define DAEMON_CLI_STATUS_TEXT_STATUS_H

#include <stdio.h>

#include "screen.h"
#include "status.h"

#define TEXT_MOMENT_SIZE 24

void text_status(FILE *out, const struct status *status, int width);

/* The same in a line: how it is, and why. */
void text_status_line(FILE *out, const struct status *status);

/* What is in force and pending alone. */
void text_status_city(FILE *out, const struct status *status, int width);

/* ---- what its files share ---- */

const char *text_verdict(enum status_verdict verdict);
/* Those of status_judge, joined by semicolons. */
void text_say_reasons(struct screen *screen, const char *reasons);

/* "11-29 18:00" in Beijing; the year too if it is another than now's; "-" for 0. */
const char *text_moment(const struct status *status, int64_t ms, char ret[TEXT_MOMENT_SIZE]);
/* The END of an hour as people in China say it: 24:00 and not 00:00. */
const char *text_hour_end(const struct status *status, int64_t hour, char ret[TEXT_MOMENT_SIZE]);
/* A reason for which there is no value, or what an instrument does. */
const char *text_why(const char *name);
/* A pollutant's unit as people write it. */
const char *text_unit(int pollutant);
/* The same of an auxiliary quantity. */
const char *text_auxiliary_unit(enum auxiliary which);

/* Which station, when, and how it is. */
void text_say_head(struct screen *screen, const struct status *status);
/* What is in force, announced, advised and ahead: at most so many lines each. */
void text_say_warning(struct screen *screen, const struct status *status, int most);
/* Buses, sensors, channels; the daemon, broker, disk, database. */
void text_say_health(struct screen *screen, const struct status *status);
void text_say_daemon(struct screen *screen, const struct status *status);
void text_say_broker(struct screen *screen, const struct status *status);
void text_say_machine(struct screen *screen, const struct status *status);
/* What is measured beside the pollutants, if anything is. */
void text_say_auxiliaries(struct screen *screen, const struct status *status);
/* The two indices, that of 24 h in at most so many lines; and the table of the pollutants. */
void text_say_indices(struct screen *screen, const struct status *status, int most);
void text_say_aqi(struct screen *screen, const struct status *status);

#endif
