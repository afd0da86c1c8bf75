/* SPDX-License-Identifier: MIT */
/* The operator's command: finds the subcommand and hands over. */
#include "cmd_check.h"
#include "cmd_export.h"
#include "cmd_import.h"
#include "cmd_list.h"
#include "cmd_maintenance.h"
#include "cmd_probe.h"
#include "cmd_replay.h"
#include "cmd_sign.h"
#include "cmd_slip.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static const struct subcommand {
	const char *name, *summary;
	int (*run)(int argc, char **argv);
} subcommands[] = {
	{"check", "check configuration files and show how the buses will be read", check_command},
	{"list", "audit, import or show an emission-reduction list", list_command},
	{"slip", "print the warning release slip of what the station knows", slip_command},
	{"export", "print stored minutes, hours, AQIs or events as CSV", export_command},
	{"import", "bring recorded hours into the database", import_command},
	{"maintenance", "say that a person works on an instrument", maintenance_command},
	{"probe", "read an unknown instrument and name the profiles that fit", probe_command},
	{"replay", "run recorded hours through the plan and print the warnings", replay_command},
	{"sign", "sign a command for a station, or show a key's public half", sign_command},
};
#define SUBCOMMAND_COUNT (sizeof(subcommands) / sizeof(subcommands[0]))

static void show_usage(FILE *out)
{
	fputs("Usage: hazewatch SUBCOMMAND [OPTION]... [ARGUMENT]...\n"
	      "       hazewatch --help | --version\n"
	      "\n"
	      "Subcommands (hazewatch SUBCOMMAND --help tells more):\n",
	      out);
	for (size_t i = 0; i < SUBCOMMAND_COUNT; i++)
		fprintf(out, "  %-11s %s\n", subcommands[i].name, subcommands[i].summary);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		show_usage(stderr);
		return EX_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		show_usage(stdout);
		return EX_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("hazewatch %s\n", HAZEWATCH_VERSION);
		return EX_OK;
	}
	for (size_t i = 0; i < SUBCOMMAND_COUNT; i++) {
		if (strcmp(argv[1], subcommands[i].name) == 0)
			return subcommands[i].run(argc - 1, argv + 1);
	}
	fprintf(stderr, "hazewatch: %s is not a subcommand\n\n", argv[1]);
	show_usage(stderr);
	return EX_USAGE;
}
