/* SPDX-License-Identifier: MIT */
/* The operator's command: finds the subcommand and hands over. */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "cmd_hj212.h"
#include "cmd_init.h"
#include "cmd_list.h"
#include "cmd_probe.h"
#include "cmd_replay.h"
#include "cmd_report.h"
#include "cmd_tables.h"
#include "nearest.h"
#include "subcommands.h"
#include "usage.h"
#include "words.h"

static const struct subcommand {
	const char *name, *summary;
	int (*run)(int argc, char **argv);
} subcommands[] = {
	{"status", TR_LATER("show on one page how the station is and what it says"),
	 status_command},
	{"watch", TR_LATER("show the same live, with what every instrument says now"),
	 watch_command},
	{"directive", TR_LATER("give the station a directive of the command centre"),
	 directive_command},
	{"release", TR_LATER("give it the signed slip that makes a directive public"),
	 release_command},
	{"receipt", TR_LATER("give it a unit's answer to an order or a directive"),
	 receipt_command},
	{"forecast", TR_LATER("give it a forecast, from a file or a bulletin's line"),
	 forecast_command},
	{"dust", TR_LATER("tell it of a dust event"), dust_command},
	{"review", TR_LATER("give it a person's verdict on stored hours"), review_command},
	{"history", TR_LATER("print the hours or days that were measured"), history_command},
	{"events", TR_LATER("print what was told, and check that nothing is missing"),
	 events_command},
	{"directives", TR_LATER("print the directives and what became of them"),
	 directives_command},
	{"orders", TR_LATER("print which source has which order"), orders_command},
	{"report", TR_LATER("write the summary assessment of a response as an HTML file"),
	 report_command},
	{"forecasts", TR_LATER("hold the forecasts against what came"), forecasts_command},
	{"outlook", TR_LATER("say how good the outlook of 24 hours was"), outlook_command},
	{"check", TR_LATER("check configuration files and show how the buses will be read"),
	 check_command},
	{"hj212", TR_LATER("explain frames of HJ 212, and what is wrong with them"), hj212_command},
	{"init", TR_LATER("ask what a station needs, and write its file"), init_command},
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
	fputs(tr("\nExit status: 0 done, 64 wrong usage, 74 the output failed; hazewatch(1) has "
		 "all.\n"),
	      out);
}

static int refuse_subcommand(const char *given)
{
	static const char *const options[] = {"--help", "--version"};
	const size_t n_options = sizeof(options) / sizeof(options[0]);
	const char *nearest = NULL;
	int fewest = INT_MAX;
	for (size_t i = 0; i < SUBCOMMAND_COUNT + n_options; i++) {
		const char *word = i < n_options ? options[i] : subcommands[i - n_options].name;
		int edits = nearest_edits(given, word);
		if (edits < fewest) {
			fewest = edits;
			nearest = word;
		}
	}
	if (nearest && nearest_is_slip(given, fewest))
		return usage_refuse(tr("%s is not a subcommand; did you mean %s?"), given, nearest);
	return usage_refuse(tr("%s is not a subcommand"), given);
}

/* Of hazewatch and of each subcommand. */
static bool asks_version(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--version") == 0)
			return true;
	}
	return false;
}

static int run_subcommand(int argc, char **argv)
{
	if (argc < 2) {
		show_usage(stderr);
		return usage_refuse(tr("no SUBCOMMAND is given"));
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		show_usage(stdout);
		return EX_OK;
	}
	if (asks_version(argc, argv)) {
		printf("hazewatch %s\n", HAZEWATCH_VERSION);
		return EX_OK;
	}
	for (size_t i = 0; i < SUBCOMMAND_COUNT; i++) {
		if (strcmp(argv[1], subcommands[i].name) == 0) {
			usage_begin(subcommands[i].name);
			return subcommands[i].run(argc - 1, argv + 1);
		}
	}
	return refuse_subcommand(argv[1]);
}

int main(int argc, char **argv)
{
	words_begin();
	return usage_end(run_subcommand(argc, argv));
}
