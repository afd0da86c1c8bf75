/* SPDX-License-Identifier: MIT */
#include "log.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "journald.h"
#include "plain_text.h"
#include "words.h"

#define LINE_MAX_BYTES 2048
#define FIELD_MAX_BYTES 256
#define FIELDS 8
#define ENTRY_MAX_BYTES (LINE_MAX_BYTES + (FIELDS + 1) * FIELD_MAX_BYTES)

static void (*capture)(enum log_level level, const char *line);
static atomic_int lost; /* lines since the last that was taken */

void log_capture(void (*sink)(enum log_level level, const char *line))
{
	capture = sink;
}

static const char *name_of(enum log_level level)
{
	switch (level) {
	case LOG_LEVEL_ERROR:
		return "error";
	case LOG_LEVEL_WARNING:
		return "warning";
	case LOG_LEVEL_NOTICE:
		return "notice";
	case LOG_LEVEL_INFO:
		return "info";
	}
	return "";
}

/* What stands before the text where no fields go: what journald reads, or what a person reads. */
static int write_prefix(char *line, size_t size, enum log_level level, bool journal)
{
	if (journal)
		return snprintf(line, size, "<%d>", (int)level);
	struct timespec now;
	struct tm local;
	char stamp[32], zone[8];
	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &local);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &local);
	strftime(zone, sizeof(zone), "%z", &local);
	return snprintf(line, size, "%s.%03ld%s %s: ", stamp, now.tv_nsec / 1000000, zone,
			name_of(level));
}

static size_t write_field(char *entry, size_t size, const char *name, const char *value)
{
	char plain[FIELD_MAX_BYTES - 32];
	if (!value || value[0] == '\0')
		return 0;
	plain_text_write(plain, sizeof(plain), value);
	return (size_t)snprintf(entry, size, "%s=%s\n", name, plain);
}

static size_t write_fields(char *entry, size_t size, const struct log_fields *fields)
{
	const struct {
		const char *name, *value;
	} all[FIELDS] = {
		{"HAZEWATCH_SENSOR", fields->sensor},   {"HAZEWATCH_BUS", fields->bus},
		{"HAZEWATCH_HOUR", fields->hour},       {"HAZEWATCH_AQI", fields->aqi},
		{"HAZEWATCH_ADVICE", fields->advice},   {"HAZEWATCH_EVENT", fields->event},
		{"HAZEWATCH_COMMAND", fields->command}, {"HAZEWATCH_FILE", fields->file},
	};
	size_t n = 0;
	for (int i = 0; i < FIELDS; i++)
		n += write_field(entry + n, size - n, all[i].name, all[i].value);
	return n;
}

static bool send_entry(enum log_level level, enum log_kind kind, const struct log_fields *fields,
		       const char *text)
{
	char entry[ENTRY_MAX_BYTES];
	size_t n = (size_t)snprintf(entry, sizeof(entry),
				    "PRIORITY=%d\nMESSAGE_ID=%s\nSYSLOG_IDENTIFIER=%s\nMESSAGE=",
				    (int)level, log_kind_id(kind), program_invocation_short_name);
	n += plain_text_write(entry + n, LINE_MAX_BYTES, text);
	entry[n++] = '\n';
	if (fields)
		n += write_fields(entry + n, sizeof(entry) - n, fields);
	return journald_send(entry, n);
}

/* One write: lines of several threads do not mix. */
static bool write_line(enum log_level level, const char *text, bool journal)
{
	char line[LINE_MAX_BYTES + 64];
	struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};
	size_t n = (size_t)write_prefix(line, sizeof(line), level, journal);
	n += plain_text_write(line + n, sizeof(line) - n - 1, text);
	line[n++] = '\n';
	return poll(&out, 1, 0) > 0 && write(STDERR_FILENO, line, n) == (ssize_t)n;
}

static bool deliver_line(enum log_level level, enum log_kind kind, const struct log_fields *fields,
			 const char *text)
{
	bool journal = journald_reads(STDERR_FILENO);
	return (journal && send_entry(level, kind, fields, text)) ||
	       write_line(level, text, journal);
}

static void tell_lost(void)
{
	char text[128];
	int n = atomic_exchange(&lost, 0);
	if (n == 0)
		return;
	snprintf(text, sizeof(text), tr("%d lines of the log were lost: nobody took them"), n);
	if (!deliver_line(LOG_LEVEL_WARNING, LOG_LINES_LOST, NULL, text))
		atomic_fetch_add(&lost, n);
}

void log_line(enum log_level level, enum log_kind kind, const struct log_fields *fields,
	      const char *format, ...)
{
	char text[LINE_MAX_BYTES];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), tr(format), args);
	va_end(args);
	if (capture) {
		capture(level, text);
		return;
	}
	tell_lost();
	if (!deliver_line(level, kind, fields, text))
		atomic_fetch_add(&lost, 1);
}

void log_out_of_memory(void)
{
	log_error(LOG_SYSTEM_REFUSES, "out of memory");
	_exit(EX_OSERR);
}
