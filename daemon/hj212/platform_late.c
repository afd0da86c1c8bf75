/* SPDX-License-Identifier: MIT */
/*
 * Minutes that a data logger told when the platform had passed them (uplink.h). A period of which
 * nothing was told in time is sent as what waited; one that was sent is another one now, and goes
 * again where `revised` says so. A period that is told in part is held back until no more comes, or
 * for an hour where something comes all the time.
 */
#include "clock.h"
#include "platforms_inside.h"

#define QUIET_MS 60000
#define HELD_MS 3600000

/* The pieces of stretches that are no whole periods. Those that end behind `judged` are held back,
 * and those that begin before `from`, where not all of a period was looked at. */
struct edges {
	int64_t judged, from;
	int n;
	struct uplink_stretch each[2 * PLATFORM_LOOKED_AT_MAX];
};

/* Why what is held back is judged: nothing came for a while, or it was held for long. */
enum haste { HASTE_NONE, HASTE_QUIET, HASTE_HELD };

static void add_edge(struct edges *edges, int64_t after, int64_t upto)
{
	if (after < upto)
		edges->each[edges->n++] = (struct uplink_stretch){after, upto};
}

/* Of periods that are not over for the platform nothing is to be done: they go when they are. */
static int wait_passed(struct platforms *all, struct platform *platform,
		       struct uplink_stretch stretch, bool again)
{
	const char *name = platform->conf->name;
	int64_t newest = 0;
	int r = uplink_newest(all->store, name, UPLINK_MINUTES, &newest);
	stretch.upto = stretch.upto < newest ? stretch.upto : newest;
	if (r != 0 || stretch.after >= stretch.upto)
		return r == STORE_E_NONE ? 0 : r;
	if (again) /* what it said is not to come after what it says now */
		r = uplink_end_within(all->store, name, UPLINK_MINUTES, stretch);
	return r ? r : platform_wait(all, platform, UPLINK_MINUTES, stretch);
}

static int is_any_row(struct platforms *all, int64_t after, int64_t upto, bool *ret)
{
	int64_t row = 0;
	int r = after < upto ? uplink_newest_row(all->store, UPLINK_MINUTES,
						 (struct uplink_stretch){after, upto}, &row)
			     : STORE_E_NONE;
	*ret |= r == 0;
	return r == STORE_E_NONE ? 0 : r;
}

/* The first that ends behind a moment, or what begins at `end`. */
static struct uplink_stretch next_edge(const struct edges *edges, int64_t at, int64_t end)
{
	struct uplink_stretch next = {end, end};
	for (int i = 0; i < edges->n; i++) {
		if (edges->each[i].upto > at && edges->each[i].after < next.after)
			next = edges->each[i];
	}
	return next;
}

/* Whether a period has a row beside those that came late, which may be in pieces. */
static int is_any_in_time(struct platforms *all, struct uplink_stretch period,
			  const struct edges *edges, bool *ret)
{
	int r = 0;
	for (int64_t at = period.after; at < period.upto && r == 0;) {
		const struct uplink_stretch late = next_edge(edges, at, period.upto);
		r = is_any_row(all, at, late.after, ret);
		at = late.upto;
	}
	return r;
}

/* A period of which a part came late: was there another in time? */
static int judge_edge(struct platforms *all, struct platform *platform, const struct edges *edges,
		      struct uplink_stretch edge)
{
	int step = platform_step(platform, UPLINK_MINUTES);
	const struct uplink_stretch period = {platform_align_down(edge.after, step),
					      platform_align_up(edge.upto, step)};
	bool was_sent = false;
	int r = is_any_in_time(all, period, edges, &was_sent);
	if (r != 0 || (was_sent && platform->conf->revised != PLATFORM_REVISED_RESEND))
		return r;
	return wait_passed(all, platform, period, was_sent);
}

/* Its whole periods wait, the rest is left to the edges. */
static int take_stretch(struct platforms *all, struct platform *platform,
			struct uplink_stretch stretch, struct edges *edges)
{
	int step = platform_step(platform, UPLINK_MINUTES);
	int64_t first = platform_align_up(stretch.after, step);
	int64_t last = platform_align_down(stretch.upto, step);
	if (first > stretch.upto) { /* within one period */
		add_edge(edges, stretch.after, stretch.upto);
		return 0;
	}
	add_edge(edges, stretch.after, first);
	add_edge(edges, last, stretch.upto);
	return wait_passed(all, platform, (struct uplink_stretch){first, last}, false);
}

static int next_noted(struct platforms *all, struct platform *platform, enum uplink_kind kind,
		      struct uplink_stretch *ret)
{
	int r = uplink_top(all->store, platform->conf->name, kind, ret);
	return r ? r : uplink_drop(all->store, platform->conf->name, kind, *ret);
}

/* Of all that is held back, or of none; where it was held for too long the newest period, of which
 * more may come, still is. */
static int64_t judged_upto(const struct platform *platform, enum haste haste, int64_t newest)
{
	if (haste == HASTE_NONE)
		return 0;
	return haste == HASTE_QUIET
		       ? newest
		       : platform_align_down(newest, platform_step(platform, UPLINK_MINUTES));
}

static int take_stretches(struct platforms *all, struct platform *platform, enum haste haste,
			  struct edges *edges)
{
	struct uplink_stretch stretch;
	int r = 0;
	for (int i = 0; i < PLATFORM_LOOKED_AT_MAX && r == 0; i++) {
		r = next_noted(all, platform, UPLINK_LATE, &stretch);
		if (r == 0 && i == 0)
			edges->judged = judged_upto(platform, haste, stretch.upto);
		if (r == 0)
			r = take_stretch(all, platform, stretch, edges);
	}
	if (r == 0) /* there may be more of the oldest period */
		edges->from =
			platform_align_up(stretch.after, platform_step(platform, UPLINK_MINUTES));
	return r == STORE_E_NONE ? 0 : r;
}

static int take_late(struct platforms *all, struct platform *platform, enum haste haste)
{
	struct edges edges = {.n = 0};
	int64_t given_up = 0;
	int r = take_stretches(all, platform, haste, &edges);
	for (int i = 0; i < edges.n && r == 0; i++) {
		const struct uplink_stretch edge = edges.each[i];
		bool whole = edge.upto <= edges.judged && edge.after >= edges.from;
		r = whole ? judge_edge(all, platform, &edges, edge)
			  : uplink_wait(all->store, platform->conf->name, UPLINK_LATE, edge,
					&given_up);
	}
	return r;
}

static int take_otherwise(struct platforms *all, struct platform *platform)
{
	int step = platform_step(platform, UPLINK_MINUTES);
	struct uplink_stretch stretch;
	int r = 0;
	for (int i = 0; i < PLATFORM_LOOKED_AT_MAX && r == 0; i++) {
		r = next_noted(all, platform, UPLINK_OTHERWISE, &stretch);
		stretch.after = r == 0 ? platform_align_down(stretch.after, step) : 0;
		stretch.upto = r == 0 ? platform_align_up(stretch.upto, step) : 0;
		if (r == 0)
			r = wait_passed(all, platform, stretch, true);
	}
	return r == STORE_E_NONE ? 0 : r;
}

static enum haste judge_haste(struct platform *platform, int64_t late)
{
	int64_t mono_ms = clock_monotonic_ms();
	bool held = mono_ms - platform->late_held_ms >= HELD_MS;
	if (late != platform->late_left)
		platform->late_ms = mono_ms;
	enum haste haste = mono_ms - platform->late_ms >= QUIET_MS          ? HASTE_QUIET
			   : held && late > 0 && platform->late_held_ms > 0 ? HASTE_HELD
									    : HASTE_NONE;
	if (late == 0 || held || platform->late_held_ms == 0)
		platform->late_held_ms = mono_ms;
	return haste;
}

int platform_late(struct platforms *all, struct platform *platform, int64_t now_ms)
{
	const char *name = platform->conf->name;
	int64_t late = 0, otherwise = 0;
	int r = uplink_count(all->store, name, UPLINK_LATE, &late);
	if (r == 0)
		r = uplink_count(all->store, name, UPLINK_OTHERWISE, &otherwise);
	bool changed = late != platform->late_left;
	enum haste haste = r == 0 ? judge_haste(platform, late) : HASTE_NONE;
	if (r == 0 && late > 0 && (changed || haste != HASTE_NONE))
		r = take_late(all, platform, haste);
	if (r == 0 && otherwise > 0)
		r = take_otherwise(all, platform);
	if (r == 0 && (late > 0 || otherwise > 0))
		r = platform_give_up_old(all, platform, now_ms);
	return r ? r : uplink_count(all->store, name, UPLINK_LATE, &platform->late_left);
}
