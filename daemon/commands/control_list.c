/* SPDX-License-Identifier: MIT */
#include "control_list.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "sources.h"

/* The one store's sources into the other's transaction. */
struct moving {
	struct store *to;
	const struct source_list *head;
	char after[SOURCE_ID_MAX];
	int error;
};

static void move_source(void *ctx, const struct source *source)
{
	struct moving *moving = ctx;
	snprintf(moving->after, sizeof(moving->after), "%s", source->id);
	moving->error = sources_put(moving->to, moving->head, source);
}

static int move_sources(struct store *from, int64_t number, struct moving *moving)
{
	int r = 0;
	while (r == 0 && moving->error == 0)
		r = sources_next(from, number, moving->after, move_source, moving);
	return moving->error != 0 ? moving->error : r == STORE_E_NONE ? 0 : r;
}

static int take_sources(struct store *from, struct store *to, struct source_list *head)
{
	struct moving moving = {.to = to, .head = head};
	int64_t number = head->number;
	int r = store_begin(to);
	if (r != 0)
		return r;
	r = sources_begin(to, head);
	if (r == 0)
		r = move_sources(from, number, &moving);
	if (r == 0)
		r = sources_end(to);
	if (r != 0) {
		store_rollback(to);
		return r;
	}
	r = store_commit(to);
	return r == 0 && store_is_volatile(to) ? STORE_E_FULL : r; /* in memory alone */
}

void control_take_list(const struct conf *conf, struct store *store, struct control_answer *ret)
{
	char path[PATH_MAX];
	struct store *from = NULL;
	struct source_list head;
	if (store_is_volatile(store)) {
		control_refuse(ret, "the database is failing; a list has to be on the disk");
		return;
	}
	snprintf(path, sizeof(path), "%.4000s/" CONTROL_LIST_FOLDER, conf->data_dir);
	int r = store_open_readonly(path, &from);
	if (r == 0) {
		store_use_plan(from, &conf->plan);
		r = sources_in_force(from, &head);
	}
	if (r != 0)
		control_refuse(ret, "%.200s: %s", path, r > 0 ? store_strerror(r) : strerror(-r));
	else if ((r = take_sources(from, store, &head)) != 0)
		control_refuse(ret, "database: %s", r > 0 ? store_strerror(r) : strerror(-r));
	else
		control_accept(ret, "version %lld", (long long)head.number);
	store_close(from);
	if (r == 0)
		log_notice(LOG_LIST_TAKEN, "reduction list %lld: %s, %d sources, is in force",
			   (long long)head.number, head.file, head.n_sources);
}
