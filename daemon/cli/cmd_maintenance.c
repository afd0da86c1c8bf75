/* SPDX-License-Identifier: MIT */
#include "subcommands.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "conf_upkeep.h"
#include "control_client.h"
#include "control_line.h"
#include "digits.h"
#include "usage.h"
#include "words.h"

static const char *const usage =
	TR_LATER("Usage: hazewatch maintenance SENSOR --for TIME [--socket PATH]\n"
		 "       hazewatch maintenance SENSOR --end [--socket PATH]\n"
		 "\n"
		 "While a person works on an instrument its values do not count: they are marked\n"
		 "M, maintenance. It ends by itself, and a restart does not end it.\n"
		 "\n"
		 "  --for TIME     from now on, like 45m, 2h or 1d; 7d at most\n"
		 "  --end          it is over\n"
		 "  --socket PATH  the daemon's socket, default /run/hazewatch/control\n"
		 "  --help         show this\n"
		 "\n"
		 "Exit status: 0 done, 64 wrong usage, 65 refused, 69 no daemon there, 74 the\n"
		 "output failed, 77 not allowed.\n");

/* "45m", "2h", "1d" -> minutes; 0 if it is none or too long. */
static int parse_minutes(const char *text)
{
	int32_t number = 0;
	const char *end = text + digits_begin(text, UPKEEP_MAINTENANCE_MAX_MIN, &number);
	int32_t unit = strcmp(end, "m") == 0 ? 1 : strcmp(end, "h") == 0 ? 60 : 0;
	if (strcmp(end, "d") == 0)
		unit = 1440;
	int32_t minutes = number * unit; /* at most 7 days of minutes times 1440 */
	return minutes > UPKEEP_MAINTENANCE_MAX_MIN ? 0 : minutes;
}

/* So that it can stand in JSON as it is. */
static bool is_id(const char *text)
{
	size_t length = strlen(text);
	return length >= 1 && length <= 32 &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static int request_maintenance(const char *sensor, int minutes, const char *path)
{
	char line[160];
	if (minutes > 0)
		snprintf(line, sizeof(line),
			 "{\"request\":\"maintenance\",\"sensor\":\"%s\",\"minutes\":%d}", sensor,
			 minutes);
	else
		snprintf(line, sizeof(line),
			 "{\"request\":\"maintenance\",\"sensor\":\"%s\",\"end\":true}", sensor);
	int code = control_ask_and_print(path, line);
	if (code == EX_NOPERM)
		usage_tell_who_may(path);
	return code;
}

int maintenance_command(int argc, char **argv)
{
	static const struct option options[] = {
		{"for", required_argument, NULL, 'f'},
		{"end", no_argument, NULL, 'e'},
		{"socket", required_argument, NULL, 's'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	const char *path = CONTROL_DEFAULT, *span = NULL;
	bool end = false;
	for (int option; (option = usage_next(argc, argv, options)) != -1;) {
		if (option == 'h') {
			fputs(tr(usage), stdout);
			return EX_OK;
		}
		if (option == '?')
			return EX_USAGE;
		end |= option == 'e';
		span = option == 'f' ? optarg : span;
		path = option == 's' ? optarg : path;
	}
	if (optind != argc - 1 || !is_id(argv[optind]))
		return usage_refuse(tr("one SENSOR is needed, by its id"));
	if (end == (span != NULL))
		return usage_refuse(tr("either --for or --end is needed"));
	int minutes = span ? parse_minutes(span) : 0;
	if (span && minutes == 0)
		return usage_refuse(tr("--for wants a time like 45m, 2h or 1d, 7d at most"));
	return request_maintenance(argv[optind], minutes, path);
}
