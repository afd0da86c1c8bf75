/* SPDX-License-Identifier: MIT */
#include "subcommands.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "conf_keys.h"
#include "control_client.h"
#include "control_line.h"
#include "usage.h"
#include "words.h"

static const char *const usage =
	TR_LATER("Usage: hazewatch keys reset NAME [--socket PATH]\n"
		 "\n"
		 "Makes the running daemon forget how far the key NAME of its station file has\n"
		 "counted: the next command that is signed with it may have any counter. For a\n"
		 "sender that lost its counter, or one that leapt to the end. What was taken is\n"
		 "still known, and is not done again.\n"
		 "\n"
		 "  --socket PATH  the daemon's socket, default /run/hazewatch/control\n"
		 "  --help         show this\n"
		 "\n"
		 "Exit status: 0 done, 64 wrong usage, 65 refused, 69 no daemon there, 74 the\n"
		 "output failed, 77 not allowed.\n");

static int reset_key(const char *name, const char *path)
{
	char line[160];
	snprintf(line, sizeof(line), "{\"request\":\"keys_reset\",\"key\":\"%s\"}", name);
	int code = control_ask_and_print(path, line);
	if (code == EX_NOPERM)
		usage_tell_who_may(path);
	return code;
}

int keys_command(int argc, char **argv)
{
	static const struct option options[] = {
		{"socket", required_argument, NULL, 's'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	const char *path = CONTROL_DEFAULT;
	for (int option; (option = usage_next(argc, argv, options)) != -1;) {
		if (option == 'h') {
			fputs(tr(usage), stdout);
			return EX_OK;
		}
		if (option != 's')
			return EX_USAGE;
		path = optarg;
	}
	if (optind == argc - 2 && strcmp(argv[optind], "reset") == 0 &&
	    conf_is_key_name(argv[optind + 1]))
		return reset_key(argv[optind + 1], path);
	return usage_refuse(tr("reset and one NAME of a key are needed"));
}
