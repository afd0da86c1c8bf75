/* SPDX-License-Identifier: MIT */
/*
 * Hours that changed after they were closed (review, import, an instrument's fault, what a logger
 * told late), and what follows from them, piece by piece, so that a directive never waits for it:
 * first the AQIs of the hours they reach, a transaction a piece; then history judged again, with
 * and without what was taken away; at the end, in one transaction, the correction that says what
 * would differ, levels that nothing but the false hours called for, and the present hour. What was
 * advised is never rewritten (domain.md 1).
 *
 * Until then the advice says that it is being computed; after an import only until the newest hour
 * was judged, which is at once. The store remembers the stretch: a start after a kill begins it
 * anew.
 */
#include <errno.h>
#include <string.h>

#include "engine_history.h"
#include "engine_inside.h"
#include "log.h"

#define HOURS_AT_ONCE 500 /* AQIs that are not published, */
#define MESSAGES_AT_ONCE 100
#define STEPS_AT_ONCE 100 /* of history */
#define AGAIN_MS MINUTE_MS
#define SETTLE_MS (20 * INT64_C(1000)) /* what comes late seldom comes alone, */
#define APART_MS (5 * MINUTE_MS)       /* and where it never ends each revision is told again */

static int64_t pick_lower(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t pick_higher(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static bool is_import_only(const struct revision *revision)
{
	return revision->by == CHANGED_BY_IMPORT;
}

void engine_revision_again(struct engine *engine)
{
	struct revision *revision = &engine->revision;
	revision->end = 0;
	revision->has_before = revision->has_after = revision->none_held = false;
	revision->again = engine_history_free(revision->again);
}

void engine_revision_note(struct engine *engine, uint32_t by, int64_t first, int64_t last)
{
	struct revision *revision = &engine->revision;
	bool any = revision->by != 0;
	if (!any)
		revision->dust = engine->state.dust;
	revision->first = any ? pick_lower(revision->first, first) : first;
	revision->last = any ? pick_higher(revision->last, last) : last;
	revision->next = any && revision->next != 0 ? pick_lower(revision->next, first) : first;
	revision->by |= by;
	revision->due_ms = 0;
	revision->stale = true;
	revision->begun = false;
	engine_revision_again(engine);
	/* while the disk refuses it is not computed, and each hour is judged as it is known */
	engine->computing |= !is_import_only(revision) && !store_is_volatile(engine->store);
}

void engine_revision_late(struct engine *engine, uint32_t by, int64_t first, int64_t last,
			  int64_t now_ms)
{
	struct revision *revision = &engine->revision;
	if (revision->begun) {
		bool any = revision->late_by != 0;
		revision->late_first = any ? pick_lower(revision->late_first, first) : first;
		revision->late_last = any ? pick_higher(revision->late_last, last) : last;
		revision->late_by |= by;
		revision->stale = true;
		return;
	}
	int64_t due_ms = pick_higher(now_ms + SETTLE_MS, revision->apart_ms);
	if (revision->by != 0)
		due_ms = revision->due_ms;
	engine_revision_note(engine, by, first, last);
	revision->due_ms = due_ms;
}

int engine_revision_load(struct engine *engine)
{
	int64_t first = 0, last = 0;
	uint32_t by = 0;
	int r = changed_pending(engine->store, &first, &last);
	if (r == 0)
		r = changed_by(engine->store, first, last, &by);
	if (r != 0)
		return r;
	engine_revision_note(engine, by, first, last);
	engine->revision.stale = false; /* it was loaded as it is now */
	engine->computing = true;
	return 0;
}

void engine_revision_drop(struct engine *engine)
{
	engine->revision.again = engine_history_free(engine->revision.again);
	engine->revision.by = engine->revision.late_by = 0;
	engine->revision.begun = false;
	engine->computing = false;
}

void engine_refresh(struct engine *engine)
{
	if (!engine->revision.stale)
		return;
	int r = engine_rebuild(engine);
	engine->revision.stale = r != 0;
	if (r != 0)
		engine_store_result(engine, r);
	else
		engine_look_again(engine);
}

void engine_keep_held(struct engine *engine, const struct advice *before, int *n_events)
{
	struct advice *advice = &engine->state.advice;
	bool pending = engine->revision.by != 0 && !is_import_only(&engine->revision);
	if (!pending || !engine->computing || (before->held & ~advice->held) == 0)
		return;
	*advice = *before;
	*n_events = 0;
}

/* ---- the pieces: 0, or a store error ---- */

/* What the hours changed by. */
static enum event_reason find_cause(const struct revision *revision)
{
	if (revision->by & CHANGED_BY_REVIEW)
		return REASON_REVIEW;
	if (revision->by & CHANGED_BY_FAULT)
		return REASON_INSTRUMENT;
	return revision->by & CHANGED_BY_LATE ? REASON_LATE : REASON_NONE;
}

/* The newest hour, which nobody judged, or with other hours before it. How many events. */
static int judge_newest(struct engine *engine, struct event ret[WARNING_EVENTS_MAX])
{
	struct advice *advice = &engine->state.advice;
	engine_look_again(engine);
	if (engine->state.timeline.past == 0)
		return 0;
	return engine->verdict.hour > advice->last_hour
		       ? advice_step(advice, &engine->verdict, ret)
		       : advice_step_again(advice, &engine->verdict, find_cause(&engine->revision),
					   ret);
}

static int publish_judgement(struct engine *engine, struct announcement *announcement)
{
	const struct advice before = engine->state.advice;
	int r = engine_begin(engine);
	if (r != 0)
		return r;
	engine->computing = false;
	announcement->n_events = judge_newest(engine, announcement->events);
	announcement->repeat_advice = true;
	r = engine_end(engine, engine_publish(engine, announcement));
	if (r == 0)
		return 0;
	engine->computing = true;
	engine->state.advice = before; /* what was not told has not happened */
	return r;
}

static int revise_piece(struct engine *engine, const struct announcement *when)
{
	struct revision *revision = &engine->revision;
	bool publish = !is_import_only(revision);
	int most = publish ? MESSAGES_AT_ONCE : HOURS_AT_ONCE;
	int n = (int)pick_lower(most, revision->end - revision->next + 1);
	int r = engine_begin(engine);
	if (r != 0)
		return r;
	r = engine_revise(engine, revision->next, n, publish ? when : NULL);
	r = engine_end(engine, r);
	if (r == 0)
		revision->next += n;
	return r;
}

static bool is_same_dust(const struct dust_hours *a, const struct dust_hours *b)
{
	return a->n == b->n && memcmp(a->hours, b->hours, (size_t)a->n * sizeof(a->hours[0])) == 0;
}

/* Which histories need not be computed. */
static void skip_histories(struct engine *engine)
{
	struct revision *revision = &engine->revision;
	bool none_held = engine->state.advice.held == 0;
	if (!revision->has_before && (is_import_only(revision) || none_held)) {
		revision->called_before = revision->called_after = 0;
		revision->has_before = revision->has_after = true;
		revision->none_held = none_held;
	}
}

static int begin_history(struct engine *engine)
{
	struct revision *revision = &engine->revision;
	const struct dust_hours *dust = revision->has_after ? &engine->state.dust : &revision->dust;
	return engine_history_new(engine, !revision->has_before, dust, &revision->again);
}

/* The history that was begun is done. STORE_E_NONE: it was the last one, and stays. */
static int end_history(struct engine *engine)
{
	struct revision *revision = &engine->revision;
	uint32_t called = engine_history_of(revision->again)->called;
	bool is_last = revision->has_after;
	if (!revision->has_before) {
		revision->has_before = true;
		revision->called_before = called;
	} else if (!revision->has_after) {
		revision->has_after = true;
		revision->called_after = called;
		is_last = is_same_dust(&revision->dust, &engine->state.dust);
	}
	if (!is_last)
		revision->again = engine_history_free(revision->again);
	return is_last ? STORE_E_NONE : 0;
}

/* History with what was taken away, if that may end a level; then without it; and, if meanwhile
 * other hours were flagged as dust, as it is now: what dust hides nobody calls false.
 * STORE_E_NONE: all are done. */
static int judge_piece(struct engine *engine)
{
	struct revision *revision = &engine->revision;
	skip_histories(engine);
	int r = revision->again ? 0 : begin_history(engine);
	if (r == 0)
		r = engine_history_go(revision->again, STEPS_AT_ONCE);
	return r == STORE_E_NONE ? end_history(engine) : r;
}

/* What the hours as they are now would advise. What a logger tells late is told only if that is
 * another advice: it comes each hour where the logger is slow. How many events. */
static int correct_advice(struct engine *engine, enum event_reason cause, struct event ret[1],
			  int *ret_n)
{
	const struct revision *revision = &engine->revision;
	const struct advice before = engine->state.advice;
	int r = engine_correct(engine, engine_history_of(revision->again), revision->first, ret);
	if (r != 0)
		return r;
	bool differs = ret->revised_from != 0 || ret->revised != ret->level;
	*ret_n = 1;
	if (cause == REASON_INSTRUMENT || cause == REASON_LATE)
		ret->reason = cause;
	if (cause == REASON_LATE && !differs) {
		engine->state.advice = before;
		*ret_n = 0;
	}
	return 0;
}

/* What the hours as they are now say, held against what was advised. */
static int weigh_history(struct engine *engine, struct announcement *announcement)
{
	const struct revision *revision = &engine->revision;
	struct event *events = announcement->events;
	enum event_reason cause = find_cause(revision);
	int n = 0, r = correct_advice(engine, cause, events, &n);
	if (r != 0)
		return r;
	engine_look_again(engine);
	n += advice_end(&engine->state.advice, &engine->verdict,
			revision->called_before & ~revision->called_after,
			cause == REASON_NONE ? REASON_REVIEW : cause, &events[n]);
	announcement->n_events = n + judge_newest(engine, &events[n]);
	return 0;
}

/* What came late meanwhile stays noted. */
static int settle_changed(struct engine *engine)
{
	const struct revision *revision = &engine->revision;
	int r = changed_settle(engine->store);
	if (r != 0 || revision->late_by == 0)
		return r;
	return changed_widen(engine->store, revision->late_first, revision->late_last,
			     revision->late_by);
}

/* What the points said before is kept as long as some of it is to be computed. */
static void begin_next(struct engine *engine, int64_t now_ms)
{
	const struct revision done = engine->revision;
	engine_revision_drop(engine);
	engine->revision.apart_ms = now_ms + APART_MS;
	if (done.late_by != 0)
		engine_revision_late(engine, done.late_by, done.late_first, done.late_last, now_ms);
	else if (engine->points)
		points_forget_revised(engine->points);
}

static int conclude_revision(struct engine *engine, struct announcement *announcement)
{
	const struct advice before = engine->state.advice;
	bool computing = engine->computing;
	int r = engine_begin(engine);
	if (r != 0)
		return r;
	engine->computing = false;
	r = weigh_history(engine, announcement);
	announcement->repeat_advice = true;
	if (r == 0)
		r = engine_publish(engine, announcement);
	if (r == 0)
		r = settle_changed(engine);
	r = engine_end(engine, r);
	if (r == 0) {
		begin_next(engine, announcement->now_ms);
		return 0;
	}
	engine->computing = computing;
	engine->state.advice = before; /* what was not told has not happened */
	return r;
}

/* ---- one of them ---- */

/* What was begun is of another moment: an hour closed or was withdrawn, or a level is held now. */
static bool needs_again(const struct engine *engine)
{
	const struct revision *revision = &engine->revision;
	return revision->end != 0 && (revision->newest != engine_newest_hour(engine) ||
				      (revision->none_held && engine->state.advice.held != 0 &&
				       !is_import_only(revision)));
}

static int take_piece(struct engine *engine, struct announcement *announcement)
{
	struct revision *revision = &engine->revision;
	if (is_import_only(revision) && engine->computing)
		return publish_judgement(engine, announcement);
	if (store_is_volatile(engine->store)) { /* later; each hour is judged as it is known now */
		engine->computing = false;
		return -EAGAIN;
	}
	revision->begun = true;
	if (needs_again(engine))
		engine_revision_again(engine);
	if (revision->end == 0) {
		revision->newest = engine_newest_hour(engine);
		revision->end = pick_lower(revision->last + WINDOW_HOURS - 1, revision->newest);
	}
	if (revision->next <= revision->end)
		return revise_piece(engine, announcement);
	int r = judge_piece(engine);
	return r == STORE_E_NONE ? conclude_revision(engine, announcement) : r;
}

void engine_follow_revision(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	struct revision *revision = &engine->revision;
	struct event events[ANNOUNCE_EVENTS_MAX];
	struct announcement announcement = {
		.events = events, .now_ms = now_ms, .time_quality = time_quality};
	if (revision->due_ms > now_ms + APART_MS) /* the clock was set back */
		revision->due_ms = 0;
	if (revision->by == 0 || revision->due_ms > now_ms)
		return;
	if (!revision->begun) /* what came late since then is known when an hour closes, or next */
		engine_refresh(engine);
	int64_t first = revision->first, last = revision->last;
	int r = take_piece(engine, &announcement);
	if (r != 0) { /* once more from where history begins, after a while */
		revision->due_ms = now_ms + AGAIN_MS;
		revision->again = engine_history_free(revision->again);
		if (r != -EAGAIN)
			engine_store_result(engine, r);
		return;
	}
	announce_log(engine->conf, &announcement);
	if (revision->by == 0)
		log_notice(LOG_HOURS_IMPORTED,
			   "%lld hours changed after they were closed: what follows from them was "
			   "computed anew",
			   (long long)(last - first + 1));
	engine->env.look(engine->env.ctx);
}
