/* SPDX-License-Identifier: MIT */
/*
 * The log, for an operator who tails it over SSH: one line an event, to standard error.
 *
 * Under systemd a line begins with its priority (<4>), elsewhere with the machine's time. A failure
 * is logged once when it begins and once when it ends: that is the caller's duty. Control
 * characters are shown as \xNN, so that nobody can forge a line. Safe from every thread.
 */
#ifndef DAEMON_LOG_H
#define DAEMON_LOG_H

/* syslog(3) priorities */
enum log_level {
	LOG_LEVEL_ERROR = 3,
	LOG_LEVEL_WARNING = 4,
	LOG_LEVEL_NOTICE = 5,
	LOG_LEVEL_INFO = 6
};

void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_notice(...) log_line(LOG_LEVEL_NOTICE, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)

/* Tests look at lines instead of standard error; NULL ends it. */
void log_capture(void (*sink)(enum log_level level, const char *line));

/* Says that there is no memory and ends the process at once, with status 71: for readers of files,
 * whose half a result is worth nothing. */
void log_out_of_memory(void) __attribute__((noreturn));

#endif
