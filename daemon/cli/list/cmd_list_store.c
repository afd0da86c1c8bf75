/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "card.h"
#include "cmd_list.h"
#include "conf.h"
#include "log_words.h"
#include "nearest.h"
#include "payload_list.h"
#include "progress.h"
#include "reader.h"
#include "text_list.h"
#include "usage.h"
#include "words.h"

/* ---- the station ---- */

/* NULL after its problems were printed. */
static struct conf *load_station_conf(const struct list_options *options)
{
	struct conf *conf = NULL;
	struct problems problems = {0};
	conf_load(options->config, options->config_dir, &problems, &conf);
	problems_print(&problems, stderr);
	problems_done(&problems);
	return conf;
}

/* `store` NULL: it could not be opened. */
static int store_failed(const struct conf *conf, const struct store *store, int r)
{
	int code = reader_complain(conf->data_dir, r, store_reason(store, r));
	return r == STORE_E_BUSY ? EX_TEMPFAIL : code;
}

/* ---- import ---- */

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The end of a path, cut at the begin of a character if it is too long. */
static void copy_name(const char *path, char ret[SOURCES_TEXT_MAX])
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t n = strlen(name);
	if (n >= SOURCES_TEXT_MAX)
		n = SOURCES_TEXT_MAX - 1;
	while (n > 0 && ((unsigned char)name[n] & 0xc0) == 0x80)
		n--;
	memcpy(ret, name, n);
	ret[n] = '\0';
}

static void make_list_head(const struct list_options *options, const struct list_input *input,
			   struct source_list *ret)
{
	*ret = (struct source_list){.imported_ms = now_ms(), .n_sources = input->list.n};
	copy_name(options->path, ret->file);
	memcpy(ret->sha256, input->list.sha256, sizeof(ret->sha256));
	for (int e = 0; e < EMISSION_COUNT; e++)
		ret->whole[e] = (struct source_whole){CUT_UNSAID, CUT_UNSAID, 0, ""};
	if (!input->has_whole)
		return;
	memcpy(ret->whole, input->whole.whole, sizeof(ret->whole));
	memcpy(ret->whole_sha256, input->whole.sha256, sizeof(ret->whole_sha256));
}

static int put_sources(struct store *store, const struct list *list, const struct source_list *head)
{
	int r = 0;
	progress_begin(tr("source"));
	for (int i = 0; r == 0 && i < list->n; i++) {
		progress_step(i, list->n);
		struct source source = list->rows[i].source;
		char *other = payload_other(list, &list->rows[i]);
		source.other = other;
		r = other ? sources_put(store, head, &source) : -ENOMEM;
		free(other);
	}
	progress_end();
	return r;
}

static int put_list(struct store *store, const struct list *list, struct source_list *head)
{
	int r = store_begin(store);
	if (r)
		return r;
	r = sources_begin(store, head);
	if (r == 0)
		r = put_sources(store, list, head);
	if (r == 0)
		r = sources_end(store);
	if (r) {
		store_rollback(store);
		return r;
	}
	return store_commit(store);
}

/* True if the list in force was imported from the same two files. */
static bool is_same(const struct source_list *a, const struct source_list *b)
{
	return strcmp(a->sha256, b->sha256) == 0 && strcmp(a->whole_sha256, b->whole_sha256) == 0;
}

/* True, and it was told, if it is in force already. *ret_error: a store error. */
static bool is_in_force(struct store *store, const struct source_list *head, int *ret_error)
{
	struct source_list current;
	int r = sources_in_force(store, &current);
	*ret_error = r == STORE_E_NONE ? 0 : r;
	if (r != 0 || !is_same(&current, head))
		return false;
	printf(tr("%s: is in force already, as version %lld; nothing is changed\n"), head->file,
	       (long long)current.number);
	return true;
}

static void tell_imported(const struct source_list *head)
{
	printf(tr("%s: imported as version %lld, %d sources%s\n"), head->file,
	       (long long)head->number, head->n_sources,
	       head->whole_sha256[0] != '\0' ? ""
					     : tr("; no denominator: ratios within the list only"));
}

static int store_list(const struct conf *conf, struct store *store, const struct list *list,
		      struct source_list *head)
{
	int r = 0;
	if (is_in_force(store, head, &r))
		return EX_OK;
	if (r == 0)
		r = put_list(store, list, head);
	if (r)
		return store_failed(conf, store, r);
	tell_imported(head);
	return EX_OK;
}

/* ---- import beside a daemon that runs ---- */

/* As an import would store it, in the folder from which the daemon takes it. */
static int stage_list(const struct conf *conf, const struct list *list, struct source_list *head)
{
	char path[PATH_MAX];
	struct store *staged = NULL;
	int r = list_hand_begin(conf, path);
	if (r < 0) {
		char message[PATH_MAX + 64];
		snprintf(message, sizeof(message), "%s: %s", path, strerror(-r));
		return reader_complain(conf->data_dir, r == -EPERM ? -EACCES : r, message);
	}
	r = store_open(path, &staged);
	if (r != 0)
		return store_failed(conf, NULL, r);
	store_use_plan(staged, &conf->plan);
	r = put_list(staged, list, head);
	int code = r == 0 ? EX_OK : store_failed(conf, staged, r);
	store_close(staged);
	return code;
}

/* The number that the daemon gave it. */
static int read_number(const struct conf *conf, struct source_list *head)
{
	struct store *store = NULL;
	struct source_list current;
	int r = store_open_readonly(conf->data_dir, &store);
	if (r == 0)
		r = sources_in_force(store, &current);
	if (r == 0)
		head->number = current.number;
	store_close(store);
	return r;
}

static int import_beside_daemon(const struct list_options *options, const struct conf *conf,
				const struct list *list, struct source_list *head)
{
	struct store *store = NULL;
	int r = store_open_readonly(conf->data_dir, &store);
	bool same = r == 0 && is_in_force(store, head, &r);
	store_close(store);
	if (r != 0)
		return store_failed(conf, NULL, r);
	if (same)
		return EX_OK;
	int code = stage_list(conf, list, head);
	if (code == EX_OK)
		code = list_hand_over(options, conf);
	list_hand_end(conf);
	if (code == EX_OK && read_number(conf, head) == 0)
		tell_imported(head);
	return code;
}

static int import_input(const struct list_options *options, const struct conf *conf,
			const struct list_input *input)
{
	struct store *store = NULL;
	struct source_list head;
	if (input->list.n > SOURCES_LIST_MAX) {
		usage_tell(tr("%s: has %d sources; at most %d can be imported"), options->path,
			   input->list.n, SOURCES_LIST_MAX);
		return EX_DATAERR;
	}
	make_list_head(options, input, &head);
	int code = list_become_owner(conf);
	if (code != EX_OK)
		return code;
	int r = store_open(conf->data_dir, &store);
	if (r == STORE_E_BUSY)
		return import_beside_daemon(options, conf, &input->list, &head);
	if (r)
		return store_failed(conf, NULL, r);
	store_use_plan(store, &conf->plan);
	code = store_list(conf, store, &input->list, &head);
	store_close(store);
	return code;
}

int list_import(const struct list_options *options)
{
	struct list_input input = {0};
	struct problems problems = {0};
	struct conf *conf = load_station_conf(options);
	if (!conf)
		return EX_CONFIG;
	int code = list_read_input(options, &conf->plan, &problems, &input);
	if (code == EX_OK)
		code = import_input(options, conf, &input);
	else
		usage_tell(tr("%s: nothing is imported"), options->path);
	problems_done(&problems);
	list_input_done(&input);
	conf_free(conf);
	return code;
}

/* ---- show ---- */

static int print_list(const struct list_options *options, const struct source_list *list,
		      const struct cuts_sums *sums, const struct plan *plan)
{
	char *json = options->json ? payload_list(list, sums, plan) : NULL;
	if (json)
		puts(json);
	else if (options->json)
		return EX_OSERR;
	else
		text_list(stdout, list, sums, plan);
	free(json);
	return usage_flush() == 0 && !ferror(stdout) ? EX_OK : EX_IOERR;
}

static int show_stored(const struct list_options *options, const struct conf *conf,
		       struct store *store)
{
	struct source_list list;
	struct cuts_sums sums;
	int r = sources_in_force(store, &list);
	if (r == STORE_E_NONE) {
		usage_tell(tr("no list was imported into %s"), conf->data_dir);
		return EX_UNAVAILABLE;
	}
	store_use_plan(store, &conf->plan);
	if (r == 0)
		r = sources_sums(store, list.number, &sums);
	return r ? store_failed(conf, store, r) : print_list(options, &list, &sums, &conf->plan);
}

/* ---- the board of a source ---- */

/* The id of the list that is most like another one. */
struct nearest_id {
	const char *given;
	int edits;
	char id[SOURCE_ID_MAX];
};

static void hold_id(void *ctx, const char *id, const struct order_source *source)
{
	struct nearest_id *nearest = ctx;
	int edits = nearest_edits(nearest->given, id);
	(void)source;
	if (edits >= nearest->edits)
		return;
	nearest->edits = edits;
	snprintf(nearest->id, sizeof(nearest->id), "%s", id);
}

static int refuse_id(const struct conf *conf, struct store *store, int64_t list, const char *id)
{
	struct nearest_id nearest = {.given = id, .edits = INT_MAX};
	int r = list > 0 ? sources_each_ordered(store, list, hold_id, &nearest) : STORE_E_NONE;
	if (r == 0 && nearest_is_slip(id, nearest.edits))
		usage_tell(tr("no source %s in the list in force in %s; did you mean %s?"), id,
			   conf->data_dir, nearest.id);
	else
		usage_tell(tr("no source %s in the list in force in %s"), id, conf->data_dir);
	return EX_UNAVAILABLE;
}

static void take_card(void *ctx, const struct source *source)
{
	card_print(ctx, source);
}

static int print_card(const struct list_options *options, const struct conf *conf,
		      struct store *store)
{
	struct source_list list = {.number = 0};
	struct card card = {conf, &list, stdout, reader_width(), options->html};
	int r = sources_in_force(store, &list);
	store_use_plan(store, &conf->plan);
	if (r == 0)
		r = sources_find(store, list.number, options->path, take_card, &card);
	if (r == STORE_E_NONE)
		return refuse_id(conf, store, list.number, options->path);
	if (r != 0)
		return store_failed(conf, store, r);
	return usage_flush() == 0 && !ferror(stdout) ? EX_OK : EX_IOERR;
}

/* ---- both read the database of a station ---- */

static int read_stored(const struct list_options *options,
		       int (*print)(const struct list_options *options, const struct conf *conf,
				    struct store *store))
{
	struct store *store = NULL;
	struct conf *conf = load_station_conf(options);
	if (!conf)
		return EX_CONFIG;
	int r = store_open_readonly(conf->data_dir, &store);
	int code = r ? store_failed(conf, NULL, r) : print(options, conf, store);
	store_close(store);
	conf_free(conf);
	return code;
}

int list_show(const struct list_options *options)
{
	return read_stored(options, show_stored);
}

int list_card(const struct list_options *options)
{
	return read_stored(options, print_card);
}
