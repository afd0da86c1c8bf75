/* SPDX-License-Identifier: MIT */
/* The operator's command: finds the subcommand and hands over. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "cmd_list.h"
#include "cmd_probe.h"
#include "cmd_replay.h"
#include "cmd_report.h"
#include "cmd_tables.h"
#include "subcommands.h"
#include "words.h"

static const struct subcommand {
	const char *name, *summary;
	int (*run)(int argc, char **argv);
} subcommands[] = {
	{"status", TR_LATER("show on one page how the station is and what it says"),
	 status_command},
	{"watch", TR_LATER("show the same live, with what every instrument says now"),
	 watch_command},
	{"history", TR_LATER("print the hours or days that were measured"), history_command},
	{"events", TR_LATER("print what was told, and check that nothing is missing"),
	 events_command},
	{"directives", TR_LATER("print the directives and what became of them"),
	 directives_command},
	{"orders", TR_LATER("print which source has which order"), orders_command},
	{"report", TR_LATER("write the summary assessment of a response as an HTML file"),
	 report_command},
	{"forecasts", TR_LATER("hold the forecasts against what came"), forecasts_command},
	{"check", TR_LATER("check configuration files and show how the buses will be read"),
	 check_command},
	{"list", TR_LATER("audit, import or show an emission-reduction list"), list_command},
	{"slip", TR_LATER("print the warning release slip of what the station knows"),
	 slip_command},
	{"export", TR_LATER("print stored minutes, hours, AQIs or events as CSV"), export_command},
	{"import", TR_LATER("bring recorded hours into the database"), import_command},
	{"keys", TR_LATER("help the sender of signed commands that lost its counter"),
	 keys_command},
	{"maintenance", TR_LATER("say that a person works on an instrument"), maintenance_command},
	{"probe", TR_LATER("read an unknown instrument and name the profiles that fit"),
	 probe_command},
	{"read", TR_LATER("poll a sensor of the station once and print every row"), read_command},
	{"replay", TR_LATER("run recorded hours through the plan and print the warnings"),
	 replay_command},
	{"sign", TR_LATER("sign a command for a station, or show a key's public half"),
	 sign_command},
};
#define SUBCOMMAND_COUNT (sizeof(subcommands) / sizeof(subcommands[0]))

static void show_usage(FILE *out)
{
	fputs(tr("Usage: hazewatch SUBCOMMAND [OPTION]... [ARGUMENT]...\n"
		 "       hazewatch --help | --version\n"
		 "\n"
		 "Subcommands (hazewatch SUBCOMMAND --help tells more):\n"),
	      out);
	for (size_t i = 0; i < SUBCOMMAND_COUNT; i++)
		fprintf(out, "  %-11s %s\n", subcommands[i].name, tr(subcommands[i].summary));
}

int main(int argc, char **argv)
{
	words_begin();
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
	fprintf(stderr, tr("hazewatch: %s is not a subcommand\n\n"), argv[1]);
	show_usage(stderr);
	return EX_USAGE;
}
