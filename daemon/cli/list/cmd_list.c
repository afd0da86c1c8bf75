/* SPDX-License-Identifier: MIT */
#include "cmd_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "conf.h"
#include "payload_list.h"
#include "text_list.h"
#include "usage.h"
#include "words.h"

#define ANY_EDITION CONF_EDITION_DEFAULT /* plans are loaded together with one */
#define DEFAULT_CONFIG "/etc/hazewatch/hazewatch.yaml"
#define NOT_MET 1

static const char *const usage = TR_LATER(
	"Usage: hazewatch list audit FILE [--denominator FILE] [--plan NAME|FILE]\n"
	"                            [--config-dir DIR] [--json]\n"
	"       hazewatch list import FILE [--denominator FILE] [--config FILE]\n"
	"                             [--config-dir DIR] [--socket PATH]\n"
	"       hazewatch list show [--config FILE] [--config-dir DIR] [--json]\n"
	"       hazewatch list card ID [--config FILE] [--config-dir DIR] [--html]\n"
	"\n"
	"audit   holds an emission-reduction list against the plan's least cuts\n"
	"import  makes it the list in force of a station, also while the daemon runs\n"
	"show    shows the list in force, also while the daemon runs\n"
	"card    prints the board that stands at the gate of the source ID\n"
	"\n"
	"  --denominator FILE  the whole society's emission of the district\n"
	"  --plan NAME|FILE    the emergency plan, by default hetang-2024\n"
	"  --config FILE       the station, by default /etc/hazewatch/hazewatch.yaml\n"
	"  --config-dir DIR    look here first for plans, editions and profiles\n"
	"  --socket PATH       of the daemon, by default its own, /run/hazewatch/control\n"
	"  --json, --html      print JSON; print a page of A4\n"
	"  --help              show this\n"
	"\n"
	"Exit status: 0 done, the plan is met; 1 the audit does not show that; 64 wrong\n"
	"usage, 65 the list or the denominator has problems, 66 unreadable, 69 no list in\n"
	"force or no such source, 71 no memory, 74 the database or the output failed, 75\n"
	"the daemon does not take it, 77 not allowed, 78 the plan or the station.\n");

/* ---- the command line ---- */

enum action { ACTION_AUDIT, ACTION_IMPORT, ACTION_SHOW, ACTION_CARD, ACTION_COUNT };

/* The options of each; d denominator, p plan, f config, c config-dir, s socket, j json,
 * t html. */
static const struct {
	const char *name, *options;
	bool file;
} actions[ACTION_COUNT] = {
	{"audit", "dpcj", true},
	{"import", "dfcs", true},
	{"show", "fcj", false},
	{"card", "fct", true},
};

static void take_list_option(int option, struct list_options *options)
{
	switch (option) {
	case 'd':
		options->denominator = optarg;
		break;
	case 'p':
		options->plan = optarg;
		break;
	case 'f':
		options->config = optarg;
		break;
	case 'c':
		options->config_dir = optarg;
		break;
	case 's':
		options->socket = optarg;
		break;
	case 't':
		options->html = true;
		break;
	case 'j':
		options->json = true;
		break;
	}
}

/* EX_OK, EX_USAGE after a message, or *ret_help. */
static int read_list_options(int argc, char **argv, enum action action, struct list_options *ret,
			     bool *ret_help)
{
	static const struct option known[] = {
		{"denominator", required_argument, NULL, 'd'},
		{"plan", required_argument, NULL, 'p'},
		{"config", required_argument, NULL, 'f'},
		{"config-dir", required_argument, NULL, 'c'},
		{"socket", required_argument, NULL, 's'},
		{"json", no_argument, NULL, 'j'},
		{"html", no_argument, NULL, 't'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	for (int option; (option = usage_next(argc, argv, known)) != -1;) {
		if (option == 'h') {
			*ret_help = true;
			return EX_OK;
		}
		if (option == '?')
			return EX_USAGE;
		if (!strchr(actions[action].options, option))
			return usage_refuse(tr("an option is not allowed here"));
		take_list_option(option, ret);
	}
	if (argc - optind != (actions[action].file ? 1 : 0))
		return actions[action].file ? usage_refuse(tr("one FILE or ID is needed"))
					    : usage_refuse(tr("no FILE is allowed"));
	ret->path = argv[optind];
	if (ret->path && ret->denominator && strcmp(ret->path, "-") == 0 &&
	    strcmp(ret->denominator, "-") == 0)
		return usage_refuse(tr("one of the files alone can be standard input"));
	return EX_OK;
}

/* ---- audit ---- */

static int print_audit(const struct list_options *options, const struct audit *audit,
		       const struct problems *problems)
{
	char *json = options->json ? payload_audit(audit, problems) : NULL;
	if (json)
		puts(json);
	else if (options->json)
		return EX_OSERR;
	else
		text_audit(stdout, audit);
	free(json);
	return usage_flush() == 0 && !ferror(stdout) ? EX_OK : EX_IOERR;
}

static int run_audit(const struct list_options *options, const struct plan *plan)
{
	struct list_input input = {0};
	struct problems problems = {0};
	int code = list_read_input(options, plan, &problems, &input);
	if (input.rows) {
		struct audit result;
		audit_list(&input.list, plan, input.has_whole ? &input.whole : NULL, &result);
		int printed = print_audit(options, &result, &problems);
		if (printed != EX_OK)
			code = printed;
		else if (code == EX_OK && !result.met)
			code = NOT_MET;
	}
	problems_done(&problems);
	list_input_done(&input);
	return code;
}

static int list_audit(const struct list_options *options)
{
	struct conf *conf = NULL;
	struct problems problems = {0};
	bool loaded =
		conf_load_rules(ANY_EDITION, options->plan, options->config_dir, &problems, &conf);
	problems_print(&problems, stderr);
	problems_done(&problems);
	if (!loaded)
		return EX_CONFIG;
	int code = run_audit(options, &conf->plan);
	conf_free(conf);
	return code;
}

int list_command(int argc, char **argv)
{
	struct list_options options = {.plan = CONF_PLAN_DEFAULT, .config = DEFAULT_CONFIG};
	static const char *const names[] = {"audit", "import", "show", "card", NULL};
	int action = 0;
	bool help = argc > 1 && strcmp(argv[1], "--help") == 0;
	while (argc > 1 && action < ACTION_COUNT && strcmp(actions[action].name, argv[1]) != 0)
		action++;
	if (!help && (argc < 2 || action == ACTION_COUNT))
		return argc < 2 ? usage_refuse(tr("say audit, import, show or card"))
				: usage_refuse_word(tr("ACTION"), argv[1], names);
	int r = help ? EX_OK
		     : read_list_options(argc - 1, argv + 1, (enum action)action, &options, &help);
	if (help)
		fputs(tr(usage), stdout);
	if (r != EX_OK || help)
		return r;
	if (action == ACTION_AUDIT)
		return list_audit(&options);
	if (action == ACTION_CARD)
		return list_card(&options);
	return action == ACTION_IMPORT ? list_import(&options) : list_show(&options);
}
