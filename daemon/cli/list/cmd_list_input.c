/* SPDX-License-Identifier: MIT */
/* The files of `hazewatch list`, read and told. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "cmd_list.h"
#include "progress.h"
#include "usage.h"
#include "words.h"

static void show_list_progress(size_t done, size_t of)
{
	progress_step((int64_t)done, (int64_t)of);
}

static int code_of(const char *path, int r)
{
	if (r >= 0)
		return r == 0 ? EX_OK : EX_DATAERR;
	usage_tell(tr("%s: cannot be read: %s"), path, strerror(-r));
	return r == -ENOMEM ? EX_OSERR : EX_NOINPUT;
}

static void print_notes(const struct problems *notes)
{
	for (int i = 0; i < notes->n && i < PROBLEMS_MAX; i++)
		fprintf(stderr, tr("note: %s\n"), notes->text[i]);
	if (notes->n > PROBLEMS_MAX)
		fprintf(stderr, tr("and %d more notes, not shown\n"), notes->n - PROBLEMS_MAX);
}

static int read_both(const struct list_options *options, const struct plan *plan,
		     struct problems *problems, struct list_input *ret)
{
	const struct list_terms terms = {plan, ret->words};
	int whole = EX_OK;
	progress_begin(tr("byte"));
	int r = list_load(options->path, &terms, show_list_progress, problems, &ret->list);
	progress_end();
	ret->rows = r == 0 || r == LIST_E_PROBLEMS;
	int code = code_of(options->path, r);
	if (options->denominator) {
		r = list_whole_load(options->denominator, ret->words, problems, &ret->whole);
		ret->has_whole = r == 0;
		whole = code_of(options->denominator, r);
	}
	return code != EX_OK ? code : whole;
}

int list_read_input(const struct list_options *options, const struct plan *plan,
		    struct problems *problems, struct list_input *ret)
{
	ret->words = list_words_load(options->config_dir, problems);
	int code = ret->words ? read_both(options, plan, problems, ret) : EX_CONFIG;
	problems_print(problems, stderr);
	print_notes(&ret->list.notes);
	return code;
}

void list_input_done(struct list_input *input)
{
	list_done(&input->list);
	input->words = list_words_free(input->words);
}
