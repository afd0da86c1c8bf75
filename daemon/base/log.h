/* SPDX-License-Identifier: MIT */
/*
 * The log, for an operator who tails it: one line an event.
 *
 * Where standard error is a stream of systemd's journal a line goes there with its priority, its
 * MESSAGE_ID and the fields that it has; elsewhere to standard error with the machine's time. A
 * failure is logged once when it begins and once when it ends: that is the caller's duty. Control
 * characters and what is no UTF-8 are shown as \xNN, so that nobody can forge a line or a field.
 * Safe from every thread. Never waits for who reads: lines that nobody takes are counted, and how
 * many were lost is said with the next one.
 */
#ifndef DAEMON_BASE_LOG_H
#define DAEMON_BASE_LOG_H

#include "log_kinds.h"

/* syslog(3) priorities */
enum log_level {
	LOG_LEVEL_ERROR = 3,
	LOG_LEVEL_WARNING = 4,
	LOG_LEVEL_NOTICE = 5,
	LOG_LEVEL_INFO = 6
};

/* For who filters: HAZEWATCH_SENSOR= and so on of the journal. NULL: it has none. */
struct log_fields {
	const char *sensor;  /* its id, of a channel SENSOR/POLLUTANT */
	const char *bus;     /* its id */
	const char *hour;    /* the END of the hour, as in the line */
	const char *aqi;     /* daily AQI, a number */
	const char *advice;  /* level of the plan, none */
	const char *event;   /* number */
	const char *command; /* id */
	const char *file;    /* FILE:LINE:COLUMN */
};

/* The format is in English and comes out in the language of words.h. */
void log_line(enum log_level level, enum log_kind kind, const struct log_fields *fields,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));

#define log_error(kind, ...) log_line(LOG_LEVEL_ERROR, kind, NULL, __VA_ARGS__)
#define log_warning(kind, ...) log_line(LOG_LEVEL_WARNING, kind, NULL, __VA_ARGS__)
#define log_notice(kind, ...) log_line(LOG_LEVEL_NOTICE, kind, NULL, __VA_ARGS__)
#define log_info(kind, ...) log_line(LOG_LEVEL_INFO, kind, NULL, __VA_ARGS__)

/* Tests look at lines instead of standard error; NULL ends it. */
void log_capture(void (*sink)(enum log_level level, const char *line));

/* Says that there is no memory and ends the process at once, with status 71: for readers of files,
 * whose half a result is worth nothing. */
void log_out_of_memory(void) __attribute__((noreturn));

#endif
