/* SPDX-License-Identifier: MIT */
/*
 * Which message is next. Times are END labels in minutes since 1970 UTC; a period of n minutes ends
 * at a multiple of n of Beijing's day.
 */
#include <string.h>

#include "clock.h"
#include "hours.h"
#include "log.h"
#include "minutes.h"
#include "platforms_inside.h"
#include "words.h"

#define DAY_MINUTES 1440
#define QN_AHEAD_MS 86400000  /* more is a clock that was ahead: no platform takes such a QN */
#define MINUTE_STORED_MS 5000 /* a minute is in the store by then */

static bool is_sent(const struct platform_conf *conf, enum uplink_kind kind)
{
	return kind == UPLINK_HOURS  ? conf->hours
	       : kind == UPLINK_DAYS ? conf->days
				     : conf->minutes;
}

int64_t platform_new_qn(struct platform *platform, int64_t now_ms)
{
	int64_t before = platform->uplink.qn;
	bool rises = before >= now_ms && before <= now_ms + QN_AHEAD_MS;
	platform->uplink.qn = rises ? before + 1 : now_ms;
	return platform->uplink.qn;
}

/* ---- what has closed ---- */

static bool has_loggers(const struct conf *conf)
{
	bool any = false;
	for (int c = 0; c < conf->n_channels; c++)
		any |= conf->channels[c].logged;
	return any;
}

/* The ENDs of the newest period that is stored and of the newest that is over, too; 0: none. They
 * differ while something is stored yet, and after the clock was set back. */
static int read_closed(struct platforms *all, const struct platform *platform,
		       enum uplink_kind kind, int64_t now_ms, struct uplink_stretch *ret)
{
	int64_t newest = 0, over = now_ms / MINUTE_MS;
	int step = platform_step(platform, kind), r;
	if (kind == UPLINK_MINUTES) {
		int64_t stored_ms = has_loggers(all->conf) ? UPLINK_LOGGED_MS : MINUTE_STORED_MS;
		over = (now_ms - stored_ms) / MINUTE_MS;
		r = minutes_newest(all->store, &newest);
		newest += newest > 0;
	} else {
		r = hours_newest(all->store, &newest);
		newest *= HOUR_MINUTES;
	}
	over = newest < over ? newest : over;
	if (r == 0)
		*ret = (struct uplink_stretch){
			.after = over > 0 ? platform_align_down(over, step) : 0,
			.upto = newest > 0 ? platform_align_down(newest, step) : 0};
	return r;
}

/* Periods from the oldest that has a row: nobody waits for those before it. */
static int take_closed(struct platforms *all, struct platform *platform, enum uplink_kind kind,
		       int64_t newest, int64_t closed)
{
	struct uplink_stretch stretch = {newest, closed};
	int64_t oldest = 0;
	int step = platform_step(platform, kind);
	int r = uplink_oldest_row(all->store, kind, stretch, &oldest);
	if (r == STORE_E_NONE)
		return 0;
	int64_t begin = platform_align_up(oldest, step) - step;
	stretch.after = begin > newest ? begin : newest;
	return r ? r : platform_wait(all, platform, kind, stretch);
}

/* A clock that was ahead: what was closed on it has never been, and will close again. */
static int take_back(struct platforms *all, struct platform *platform, enum uplink_kind kind,
		     int64_t newest, int64_t stored)
{
	const struct uplink_stretch gone = {stored, newest};
	int r = uplink_drop(all->store, platform->conf->name, kind, gone);
	return r ? r : uplink_end_within(all->store, platform->conf->name, kind, gone);
}

static int advance_kind(struct platforms *all, struct platform *platform, enum uplink_kind kind,
			int64_t now_ms)
{
	const char *name = platform->conf->name;
	struct uplink_stretch closed = {0, 0};
	int64_t newest = 0;
	int r = read_closed(all, platform, kind, now_ms, &closed);
	if (r == 0)
		r = uplink_newest(all->store, name, kind, &newest);
	if (r == STORE_E_NONE) /* it gets what closes from now on */
		return uplink_put_newest(all->store, name, kind, closed.after);
	/* after another interval the newest may lie within a period */
	bool is_gone = closed.upto < platform_align_down(newest, platform_step(platform, kind));
	if (r != 0 || (!is_gone && closed.after <= newest))
		return r;
	r = is_gone ? take_back(all, platform, kind, newest, closed.upto)
		    : take_closed(all, platform, kind, newest, closed.after);
	if (r == 0 && kind == UPLINK_MINUTES)
		r = platform_give_up_old(all, platform, now_ms);
	return r ? r
		 : uplink_put_newest(all->store, name, kind, is_gone ? closed.upto : closed.after);
}

int platform_advance(struct platforms *all, struct platform *platform, int64_t now_ms)
{
	int r = 0;
	if (!platform->known) {
		r = uplink_get(all->store, platform->conf->name, &platform->uplink);
		if (r == STORE_E_NONE)
			r = uplink_put(all->store, platform->conf->name, &platform->uplink);
		platform->known = r == 0;
	}
	for (int kind = 0; r == 0 && kind < UPLINK_KINDS; kind++) {
		if (is_sent(platform->conf, (enum uplink_kind)kind))
			r = advance_kind(all, platform, (enum uplink_kind)kind, now_ms);
	}
	if (r == 0 && platform->conf->minutes && has_loggers(all->conf))
		r = platform_late(all, platform, now_ms);
	return r;
}

/* ---- damage ---- */

static int wait_for_lost(void *ctx, const char *name, enum uplink_kind kind, int64_t period)
{
	struct platforms *all = ctx;
	for (int i = 0; i < all->n; i++) {
		struct platform *platform = &all->all[i];
		const struct uplink_stretch stretch = {period - platform_step(platform, kind),
						       period};
		if (strcmp(platform->conf->name, name) == 0 && stretch.after > 0)
			return platform_wait(all, platform, kind, stretch);
	}
	return 0;
}

int platforms_set_aside(struct platforms *all)
{
	return uplink_set_aside(all->store, all, wait_for_lost);
}

/* ---- corrections ---- */

static int wait_again(struct platforms *all, struct platform *platform, enum uplink_kind kind,
		      int64_t end)
{
	int64_t newest = 0;
	int r = uplink_newest(all->store, platform->conf->name, kind, &newest);
	if (r == STORE_E_NONE || (r == 0 && end > newest))
		return 0; /* it goes as it is now, when its time comes */
	const struct uplink_stretch stretch = {end - platform_step(platform, kind), end};
	if (r == 0) /* what it said is not to come after what it says now */
		r = uplink_end_within(all->store, platform->conf->name, kind, stretch);
	return r ? r : platform_wait(all, platform, kind, stretch);
}

int platforms_revise(struct platforms *all)
{
	int64_t hour = 0;
	int r = 0;
	for (int i = 0; i < PLATFORM_LOOKED_AT_MAX; i++) {
		r = uplink_revised(all->store, &hour);
		for (int p = 0; r == 0 && p < all->n; p++) {
			struct platform *platform = &all->all[p];
			if (platform->conf->revised != PLATFORM_REVISED_RESEND)
				continue;
			r = wait_again(all, platform, UPLINK_HOURS, hour * HOUR_MINUTES);
			if (r == 0)
				r = wait_again(all, platform, UPLINK_DAYS,
					       platform_align_up(hour * HOUR_MINUTES, DAY_MINUTES));
		}
		if (r == 0)
			r = uplink_forget_revised(all->store, hour);
		if (r != 0)
			break;
	}
	return r == STORE_E_NONE ? 0 : r;
}

/* ---- the next one ---- */

/* The newest period of a kind that waits and has a row; STORE_E_NONE. What has none does not wait
 * any more. */
static int find_waiting(struct platforms *all, struct platform *platform, enum uplink_kind kind,
			int64_t *ret_end)
{
	const char *name = platform->conf->name;
	int step = platform_step(platform, kind);
	struct uplink_stretch stretch;
	int r = 0;
	for (int i = 0; i < PLATFORM_LOOKED_AT_MAX && r == 0; i++) {
		int64_t row = 0;
		r = uplink_top(all->store, name, kind, &stretch);
		if (r != 0)
			return r;
		r = uplink_newest_row(all->store, kind, stretch, &row);
		int64_t end = r == 0 ? platform_align_up(row, step) : 0;
		bool is_whole = r == 0 && end <= stretch.upto && end - step >= stretch.after;
		if (is_whole) {
			*ret_end = end;
			return 0;
		}
		if (r == STORE_E_NONE)
			r = uplink_drop(all->store, name, kind, stretch);
		else if (r == 0) /* of another interval: its row is in no whole period */
			r = uplink_drop(all->store, name, kind,
					(struct uplink_stretch){end - step, end});
	}
	return r ? r : STORE_E_NONE;
}

/* Gives a period that waits its QN, and takes it out of what waits. STORE_E_NONE: it says nothing.
 */
static int make_message(struct platforms *all, struct platform *platform, enum uplink_kind kind,
			int64_t end, int64_t now_ms)
{
	const char *name = platform->conf->name;
	int step = platform_step(platform, kind);
	int64_t newest = 0;
	const struct platform_source source = {all->store, all->conf, platform->conf};
	int r = platform_body_period(&source, kind, end, step, &all->body);
	if (r == 0)
		r = uplink_newest(all->store, name, kind, &newest);
	if (r == 0)
		r = uplink_drop(all->store, name, kind,
				(struct uplink_stretch){end - step, INT64_MAX / 2});
	if (r != 0 || all->body.n_factors == 0)
		return r ? r : STORE_E_NONE;
	struct uplink_message *message = &all->message;
	*message = (struct uplink_message){.qn = platform_new_qn(platform, now_ms),
					   .period = end,
					   .kind = kind,
					   .again = end != newest};
	memcpy(message->body, all->body.text, all->body.n + 1);
	r = uplink_send(all->store, name, message);
	return r ? r : uplink_put(all->store, name, &platform->uplink);
}

/* The newest that waits of one kind; with `live` only if it is the newest that has closed. */
static int next_waiting(struct platforms *all, struct platform *platform, enum uplink_kind kind,
			int64_t now_ms, bool live)
{
	int r = STORE_E_NONE;
	for (int i = 0; i < PLATFORM_LOOKED_AT_MAX && r == STORE_E_NONE; i++) {
		int64_t end = 0, newest = 0;
		r = find_waiting(all, platform, kind, &end);
		if (r == 0)
			r = uplink_newest(all->store, platform->conf->name, kind, &newest);
		if (r != 0)
			return r;
		if (live && end != newest)
			return STORE_E_NONE;
		r = make_message(all, platform, kind, end, now_ms);
	}
	return r;
}

int platform_next(struct platforms *all, struct platform *platform, int64_t now_ms, bool live)
{
	static const enum uplink_kind order[UPLINK_KINDS] = {UPLINK_HOURS, UPLINK_DAYS,
							     UPLINK_MINUTES};
	int n = 0;
	int r = platform_next_parked(all, platform, &n);
	if (!live && r != STORE_E_NONE)
		return r;
	if (r != 0 && r != STORE_E_NONE)
		return r;
	if (n == UPLINK_SENT_MAX)
		return STORE_E_NONE;
	r = STORE_E_NONE;
	for (int i = 0; i < UPLINK_KINDS && r == STORE_E_NONE; i++) {
		if (is_sent(platform->conf, order[i]))
			r = next_waiting(all, platform, order[i], now_ms, live);
	}
	return r;
}

/* ---- counts ---- */

int platform_count(struct platforms *all, struct platform *platform)
{
	static struct uplink_message sent[UPLINK_SENT_MAX]; /* main thread only */
	const char *name = platform->conf->name;
	int64_t counts[UPLINK_KINDS] = {0};
	int n = 0, r = uplink_sent(all->store, name, sent, &n);
	for (int kind = 0; r == 0 && kind < UPLINK_KINDS; kind++) {
		r = uplink_count(all->store, name, (enum uplink_kind)kind, &counts[kind]);
		counts[kind] /= platform_step(platform, (enum uplink_kind)kind);
	}
	for (int i = 0; i < n; i++)
		counts[sent[i].kind]++;
	if (r == 0) {
		platform->report.hours = counts[UPLINK_HOURS];
		platform->report.days = counts[UPLINK_DAYS];
		platform->report.minutes = counts[UPLINK_MINUTES];
	}
	return r;
}
