/* SPDX-License-Identifier: MIT */
#include "log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048

static void (*capture)(enum log_level level, const char *line);

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

/* What stands before the text: what journald reads, or what a person reads. */
static int write_prefix(char *line, size_t size, enum log_level level)
{
	if (getenv("JOURNAL_STREAM"))
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

/* Copies text with control characters escaped, as much as fits. */
static size_t escape(char *line, size_t size, const char *text)
{
	size_t n = 0;
	for (; *text && n + 5 < size; text++) {
		unsigned char c = (unsigned char)*text;
		if (c >= 0x20 && c != 0x7f)
			line[n++] = *text;
		else
			n += (size_t)snprintf(line + n, size - n, "\\x%02x", c);
	}
	line[n] = '\0';
	return n;
}

void log_line(enum log_level level, const char *format, ...)
{
	char text[LINE_MAX_BYTES], line[LINE_MAX_BYTES + 64];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (capture) {
		capture(level, text);
		return;
	}
	size_t n = (size_t)write_prefix(line, sizeof(line), level);
	n += escape(line + n, sizeof(line) - n - 1, text);
	line[n++] = '\n';
	/* one write: lines of several threads do not mix; a lost log line must not stop the station
	 */
	if (write(STDERR_FILENO, line, n) < 0)
		return;
}

void log_out_of_memory(void)
{
	log_error("out of memory");
	_exit(EX_OSERR);
}
