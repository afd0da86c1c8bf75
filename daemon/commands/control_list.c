/* SPDX-License-Identifier: MIT */
#include "control_list.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "retention.h"

#define SOURCES_AT_ONCE 100
#define ROWS_AT_ONCE 1000 /* that go */

/* ---- the pieces: 0, or a store error ---- */

/* A source into the other store's transaction. */
struct moving {
	struct list_taking *taking;
	int error;
};

static void move_source(void *ctx, const struct source *source)
{
	struct moving *moving = ctx;
	struct list_taking *taking = moving->taking;
	snprintf(taking->after, sizeof(taking->after), "%s", source->id);
	moving->error = sources_put(taking->store, &taking->head, source);
	taking->done++;
}

/* STORE_E_NONE: that was the last one. */
static int move_sources(struct list_taking *taking)
{
	struct moving moving = {.taking = taking};
	int r = 0;
	for (int i = 0; i < SOURCES_AT_ONCE && r == 0; i++) {
		r = sources_next(taking->from, taking->number, taking->after, move_source, &moving);
		if (moving.error != 0)
			return moving.error;
	}
	return r;
}

static int end_piece(struct list_taking *taking, int r)
{
	if (r != 0) {
		store_rollback(taking->store);
		return r;
	}
	r = store_commit(taking->store);
	return r == 0 && store_is_volatile(taking->store) ? STORE_E_FULL : r; /* in memory alone */
}

static int clear_piece(struct list_taking *taking)
{
	int r = store_begin(taking->store);
	if (r != 0)
		return r;
	return end_piece(taking, sources_clear(taking->store, ROWS_AT_ONCE, &taking->clears));
}

/* The last one has the head, which makes the version that in force. */
static int take_piece(struct list_taking *taking)
{
	int r = store_begin(taking->store);
	if (r != 0)
		return r;
	if (taking->done == 0)
		r = sources_number(taking->store, &taking->head.number);
	if (r == 0)
		r = move_sources(taking);
	bool last = r == STORE_E_NONE;
	if (last)
		r = sources_put_head(taking->store, &taking->head);
	r = end_piece(taking, r);
	taking->taken = r == 0 && last;
	taking->clears = taking->taken;
	return r;
}

/* ---- one of them ---- */

static void end_taking(struct list_taking *taking, int r)
{
	taking->from = store_close(taking->from);
	taking->good = r == 0;
	if (r != 0) {
		snprintf(taking->result, sizeof(taking->result), "database: %s",
			 r > 0 ? store_strerror(r) : strerror(-r));
		return;
	}
	snprintf(taking->result, sizeof(taking->result), "version %lld",
		 (long long)taking->head.number);
}

bool control_work_list(struct list_taking *taking)
{
	if (!taking->from && !taking->clears)
		return false;
	int r = taking->clears ? clear_piece(taking) : take_piece(taking);
	if (r != 0)
		taking->clears = false; /* what is left goes with the next one */
	if (taking->from && (r != 0 || taking->taken)) {
		end_taking(taking, r);
		if (r == 0)
			log_notice(LOG_LIST_TAKEN,
				   "reduction list %lld: %s, %d sources, is in force",
				   (long long)taking->head.number, taking->head.file,
				   taking->head.n_sources);
	}
	return taking->from || taking->clears;
}

/* Refuses, or leaves `from` open. */
static void open_list(struct list_taking *taking, const struct conf *conf,
		      struct control_answer *ret)
{
	char path[PATH_MAX];
	bool room = true;
	snprintf(path, sizeof(path), "%.4000s/" CONTROL_LIST_FOLDER, conf->data_dir);
	int r = store_open_readonly(path, &taking->from);
	if (r == 0) {
		store_use_plan(taking->from, &conf->plan);
		r = sources_in_force(taking->from, &taking->head);
	}
	if (r == 0)
		r = retention_has_room(taking->store, taking->from, &room);
	if (r != 0)
		control_refuse(ret, "%.200s: %s", path, r > 0 ? store_strerror(r) : strerror(-r));
	else if (!room)
		control_refuse(ret,
			       "no room for it in state.db: state_quota_mb is %d, of which a tenth "
			       "stays free",
			       conf->retention.state_quota_mb);
	if (r != 0 || !room)
		taking->from = store_close(taking->from);
}

void control_begin_list(struct list_taking *taking, const struct conf *conf, struct store *store,
			struct control_answer *ret)
{
	if (taking->from) {
		control_refuse(ret, CONTROL_LIST_BUSY, taking->done, taking->head.n_sources);
		return;
	}
	if (store_is_volatile(store)) {
		control_refuse(ret, "the database is failing; a list has to be on the disk");
		return;
	}
	*taking = (struct list_taking){.store = store, .clears = true};
	open_list(taking, conf, ret);
	taking->clears = taking->from;
	taking->number = taking->head.number;
	if (taking->from)
		control_accept(ret, CONTROL_LIST_TAKING, 0, taking->head.n_sources);
}

void control_tell_list(const struct list_taking *taking, struct control_answer *ret)
{
	if (taking->from)
		control_accept(ret, CONTROL_LIST_TAKING, taking->done, taking->head.n_sources);
	else if (taking->good)
		control_accept(ret, "%s", taking->result);
	else
		control_refuse(ret, "%s",
			       taking->result[0] ? taking->result : "no list was taken over");
}

void control_end_list(struct list_taking *taking)
{
	taking->from = store_close(taking->from);
	taking->clears = false;
}
