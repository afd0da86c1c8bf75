/* SPDX-License-Identifier: MIT */
/* The files of `hazewatch list`, read and told. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd_list.h"
#include "words.h"

#define LONG_LIST_BYTES (1024 * 1024)

static void show_list_progress(size_t done, size_t of)
{
	static size_t shown = 101;
	size_t pct = of > 0 ? done * 100 / of : 100;
	if (of < LONG_LIST_BYTES || pct == shown)
		return;
	shown = pct;
	if (done == of)
		fputs("\r\033[K", stderr);
	else
		fprintf(stderr, tr("\rhazewatch list: %zu %% read"), pct);
}

static int code_of(const char *path, int r)
{
	if (r >= 0)
		return r == 0 ? EX_OK : EX_DATAERR;
	fprintf(stderr, tr("%s: cannot be read: %s\n"), path, strerror(-r));
	return r == -ENOMEM ? EX_OSERR : EX_NOINPUT;
}

static void print_notes(const struct problems *notes)
{
	for (int i = 0; i < notes->n && i < PROBLEMS_MAX; i++)
		fprintf(stderr, tr("note: %s\n"), notes->text[i]);
	if (notes->n > PROBLEMS_MAX)
		fprintf(stderr, tr("and %d more notes, not shown\n"), notes->n - PROBLEMS_MAX);
}

int list_read_input(const struct list_options *options, const struct plan *plan,
		    struct problems *problems, struct list_input *ret)
{
	list_progress *progress = isatty(STDERR_FILENO) ? show_list_progress : NULL;
	int whole = EX_OK;
	int r = list_load(options->path, plan, progress, problems, &ret->list);
	ret->rows = r == 0 || r == LIST_E_PROBLEMS;
	int code = code_of(options->path, r);
	if (options->denominator) {
		r = list_whole_load(options->denominator, problems, &ret->whole);
		ret->has_whole = r == 0;
		whole = code_of(options->denominator, r);
	}
	problems_print(problems, stderr);
	print_notes(&ret->list.notes);
	return code != EX_OK ? code : whole;
}
