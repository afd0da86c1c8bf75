/* SPDX-License-Identifier: MIT */
#include "cmd_report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "assessment.h"
#include "output.h"
#include "progress.h"
#include "reader.h"
#include "receipts.h"
#include "time_text.h"
#include "usage.h"
#include "words.h"

#define NO_EPISODE 1 /* exit code */

static const char usage[] = TR_LATER(
	"Usage: hazewatch report EPISODE|DIRECTIVE [OPTION]...\n"
	"       hazewatch report --due --folder DIR [OPTION]...\n"
	"\n"
	"Writes the summary assessment of a response as one HTML file, also while it\n"
	"runs. EPISODE is such as episode-3, DIRECTIVE a directive's number or its id.\n"
	"\n"
	"  --lang LANG       zh, en or both (the default)\n"
	"  --output FILE     there instead of the standard output; it must not exist yet\n"
	"  --due             those whose date is not long past and that are not there yet\n"
	"  --folder DIR      where --due writes report-episode-N.html\n"
	"  --config FILE     the station, by default /etc/hazewatch/hazewatch.yaml\n"
	"  --config-dir DIR  look here first for plans, editions and profiles\n"
	"  --help            show this\n"
	"\n"
	"Exit status: 0 written, 1 no such episode, 64 wrong usage, 66 no database,\n"
	"73 the file exists or cannot be made, 74 it cannot be written, 75 say it again,\n"
	"77 not allowed, 78 a file has problems.\n");

struct options {
	const char *config, *config_dir, *what, *output, *folder;
	bool due, zh, en, help;
};

static struct report report; /* large, once */

static int complain_of_file(const char *path, int r)
{
	usage_tell("%s: %s", path, strerror(-r));
	return EX_CANTCREAT;
}

static int complain_of_store(int r)
{
	return reader_complain(report.conf->data_dir, r,
			       r < 0 ? strerror(-r) : store_message(report.store));
}

static bool parse_number(const char *what, int64_t *ret)
{
	const char *digits = strncmp(what, "episode-", 8) == 0 ? what + 8 : what;
	char *end;
	errno = 0;
	long long number = strtoll(digits, &end, 10);
	*ret = number;
	return digits[0] >= '0' && digits[0] <= '9' && *end == '\0' && errno == 0;
}

/* "episode-3", "3", or the id of a directive, which may be digits, too; STORE_E_NONE. */
static int collect_of(const char *what)
{
	int64_t directive;
	int r = parse_number(what, &directive) ? report_collect(&report, directive) : STORE_E_NONE;
	if (r != STORE_E_NONE)
		return r;
	r = episode_directive(report.store, what, &directive);
	return r == 0 ? report_collect(&report, directive) : r;
}

static int write_to(const struct options *options, FILE *out, const char *path)
{
	report.out = out;
	int r = report_write(&report, options->zh, options->en);
	if (r != 0)
		return complain_of_store(r);
	errno = EIO; /* of a write before, which is not kept */
	if (fflush(out) == 0 && !ferror(out))
		return EX_OK;
	complain_of_file(path, -errno);
	return EX_IOERR;
}

static int write_file(const struct options *options, const char *path)
{
	static struct output output;
	int r = output_begin(&output, path);
	if (r != 0)
		return complain_of_file(path, r);
	int exit = write_to(options, output.file, path);
	bool stale = store_is_overtaken(report.store);
	r = output_end(&output, exit == EX_OK && !stale);
	return r != 0 ? complain_of_file(path, r) : exit == EX_OK && stale ? EX_TEMPFAIL : exit;
}

static int write_one(const struct options *options)
{
	int r = collect_of(options->what);
	if (r == STORE_E_NONE) {
		usage_tell(
			"%s: %s", options->what,
			strncmp(options->what, "episode-", 8) == 0
				? tr("there is no such episode; hazewatch directives shows what "
				     "there was")
				: tr("no response had this directive; hazewatch directives shows "
				     "them"));
		return NO_EPISODE;
	}
	if (r != 0)
		return complain_of_store(r);
	return options->output ? write_file(options, options->output)
			       : write_to(options, stdout, "stdout");
}

/* What the log then says of it every day, until its date has long passed. */
static void tell_due(const struct summary *summary, const char *path)
{
	char episode[RECEIPTS_EPISODE_SIZE], date[TIME_TEXT_SIZE];
	time_text(calendar_begin_ms(summary->due_day), date);
	date[10] = '\0'; /* the date alone */
	printf(tr("%s: the summary assessment report is due on %s; its figures are in %s\n"),
	       receipts_episode(summary->episode, episode), date, path);
}

/* Of the hours that a page was written of; -1: it does not say so any more. */
static long long read_revision(const char *path)
{
	char line[512];
	long long revision = -1;
	FILE *page = fopen(path, "re");
	while (page && revision < 0 && fgets(line, sizeof(line), page))
		/* NOLINTNEXTLINE(cert-err34-c): what we wrote */
		sscanf(line, "<meta name=\"" REPORT_REVISION "\" content=\"%lld\"", &revision);
	if (page)
		fclose(page);
	return revision;
}

/* The page of the hours as they are now: a person may have written into one of before. */
static void name_page(const struct options *options, int64_t of, char ret[PATH_MAX])
{
	char episode[RECEIPTS_EPISODE_SIZE];
	receipts_episode(of, episode);
	snprintf(ret, PATH_MAX, "%s/report-%s.html", options->folder, episode);
	for (int n = 2; access(ret, F_OK) == 0 && read_revision(ret) != report.revision; n++)
		snprintf(ret, PATH_MAX, "%s/report-%s-%d.html", options->folder, episode, n);
}

static int write_if_absent(const struct options *options, const struct summary *summary)
{
	char path[PATH_MAX];
	int r = report_collect(&report, summary->episode);
	if (r != 0)
		return complain_of_store(r);
	name_page(options, summary->episode, path);
	if (access(path, F_OK) != 0) {
		int exit = write_file(options, path);
		if (exit != EX_OK)
			return exit;
	}
	tell_due(summary, path);
	return EX_OK;
}

static int write_due(const struct options *options)
{
	static struct summaries summaries;
	int r = report_due(report.store, report.conf, report.now_ms, &summaries);
	if (r != 0)
		return complain_of_store(r);
	int exit = EX_OK;
	for (int i = 0; i < summaries.n && !store_is_overtaken(report.store); i++) {
		if (report_is_early(summaries.list[i].ended_ms, report.now_ms))
			continue; /* it would lack hours for good */
		int one = write_if_absent(options, &summaries.list[i]);
		exit = one != EX_OK ? one : exit;
	}
	return exit;
}

static int report_of(const struct options *options, const struct conf *conf)
{
	report.conf = conf;
	report.now_ms = reader_now_ms(conf);
	int r = store_open_readonly(conf->data_dir, &report.store);
	if (r != 0)
		return reader_complain(conf->data_dir, r, store_message(NULL));
	store_use_plan(report.store, &conf->plan);
	bool tells = options->due || options->output || !isatty(STDOUT_FILENO);
	if (tells)
		progress_begin(tr("row"));
	r = options->due ? write_due(options) : write_one(options);
	if (tells)
		progress_end();
	bool overtaken = store_is_overtaken(report.store);
	store_close(report.store);
	if (!overtaken)
		return r;
	usage_tell("%s", tr("hazewatchd began meanwhile: say it again"));
	return EX_TEMPFAIL;
}

static bool read_language(const char *text, struct options *ret)
{
	static const char *const languages[] = {"zh", "en", "both", NULL};
	bool both = strcmp(text, "both") == 0;
	ret->zh = both || strcmp(text, "zh") == 0;
	ret->en = both || strcmp(text, "en") == 0;
	if (!ret->zh && !ret->en)
		usage_refuse_word("--lang", text, languages);
	return ret->zh || ret->en;
}

static int read_report_options(int argc, char **argv, struct options *ret)
{
	static const struct option names[] = {
		{"config", required_argument, NULL, 'f'},
		{"config-dir", required_argument, NULL, 'c'},
		{"lang", required_argument, NULL, 'l'},
		{"output", required_argument, NULL, 'o'},
		{"folder", required_argument, NULL, 'd'},
		{"due", no_argument, NULL, 'u'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	bool good = true;
	for (int option; (option = usage_next(argc, argv, names)) != -1;) {
		if (option == 'f')
			ret->config = optarg;
		else if (option == 'c')
			ret->config_dir = optarg;
		else if (option == 'l')
			good &= read_language(optarg, ret);
		else if (option == 'o')
			ret->output = optarg;
		else if (option == 'd')
			ret->folder = optarg;
		else if (option == 'u')
			ret->due = true;
		else if (option == 'h')
			ret->help = true;
		else
			good = false;
	}
	ret->what = optind < argc ? argv[optind] : NULL;
	bool one = ret->what && !ret->due && !ret->folder;
	bool due = !ret->what && ret->due && ret->folder && !ret->output;
	if (good && !ret->help && (optind + 1 < argc || !(one || due))) {
		usage_refuse(tr("one EPISODE or DIRECTIVE is needed, or --due with --folder"));
		return EX_USAGE;
	}
	return good || ret->help ? EX_OK : EX_USAGE;
}

int report_command(int argc, char **argv)
{
	struct options options = {.config = READER_STATION, .zh = true, .en = true};
	struct problems problems = {0};
	struct conf *conf = NULL;
	int r = read_report_options(argc, argv, &options);
	if (options.help)
		fputs(tr(usage), stdout);
	if (r != EX_OK || options.help)
		return r;
	if (conf_load(options.config, options.config_dir, &problems, &conf)) {
		r = report_of(&options, conf);
	} else {
		problems_print(&problems, stderr);
		r = EX_CONFIG;
	}
	problems_done(&problems);
	conf_free(conf);
	return r;
}
