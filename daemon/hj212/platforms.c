/* SPDX-License-Identifier: MIT */
#include "platforms_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "words.h"

#define EVENTS_MAX 64
#define CN_REALTIME 2011
#define STOP_MS 500           /* what a stop waits for all lines; who hangs longer is left behind */
#define REALTIME_LATE_MS 1000 /* the timer's own */
#define SET_ASIDE_APART_MS 3600000

/* ---- sending ---- */

static bool may_send(const struct platform *platform, int64_t now_ms)
{
	return now_ms > 0 && platform->known && platform->report.connected &&
	       platform->has_password && (platform->has_key || !platform->conf->profile->key_file);
}

/* Real-time values are of their moment: they are not kept. */
static int make_realtime(struct platforms *all, struct platform *platform, int64_t now_ms)
{
	struct platform_reading readings[POLLUTANT_COUNT] = {{.known = false}};
	int32_t every_s = platform->uplink.realtime_s > 0 ? platform->uplink.realtime_s
							  : platform->conf->realtime_s;
	int64_t mono_ms = clock_monotonic_ms();
	if (!platform->conf->realtime || mono_ms < platform->realtime_ms)
		return STORE_E_NONE;
	all->env.read(all->env.ctx, readings);
	platform_body_realtime(platform->conf, now_ms, readings, &all->body);
	if (all->body.n_factors == 0)
		return STORE_E_NONE;
	platform->realtime_ms = mono_ms + every_s * INT64_C(1000) - REALTIME_LATE_MS;
	platform_new_qn(platform, now_ms);
	return uplink_put(all->store, platform->conf->name, &platform->uplink);
}

/* What was asked for and what waits take turns. */
static int choose_old(struct platforms *all, struct platform *platform, int64_t now_ms,
		      struct platform_job *ret)
{
	int r = STORE_E_NONE;
	platform->ranges_turn = !platform->ranges_turn;
	for (int i = 0; i < 2 && r == STORE_E_NONE; i++) {
		bool asked = platform->ranges_turn == (i == 0);
		ret->what = asked ? JOB_RANGE : JOB_PERIOD;
		r = asked ? platform_next_asked(all, platform, now_ms)
			  : platform_next(all, platform, now_ms, false);
	}
	return r;
}

/* What is next: of JOB_PERIOD in all->message, of the others in all->body. */
static int choose_next(struct platforms *all, struct platform *platform, int64_t now_ms,
		       struct platform_job *ret)
{
	ret->what = JOB_PERIOD;
	int r = platform_next(all, platform, now_ms, true);
	if (r == STORE_E_NONE) {
		r = make_realtime(all, platform, now_ms);
		ret->what = r == 0 ? JOB_REALTIME : JOB_PERIOD;
	}
	if (r == STORE_E_NONE)
		r = choose_old(all, platform, now_ms, ret);
	if (r != 0)
		ret->what = JOB_NONE;
	ret->qn = ret->what == JOB_PERIOD ? all->message.qn : platform->uplink.qn;
	ret->key_ms = platform->key.taken_ms;
	ret->kind = all->message.kind;
	ret->tries = all->message.tries;
	return r == STORE_E_NONE ? 0 : r;
}

/* `r`: what came of it, of its begin too. */
static int end_store(struct platforms *all, int r)
{
	int committed = store_commit(all->store);
	return r ? r : committed;
}

/* Of a job that was acknowledged: it does not go again. */
static int end_acked(struct platforms *all, struct platform *platform)
{
	int r = uplink_put(all->store, platform->conf->name, &platform->uplink);
	if (r == 0 && platform->job.what == JOB_PERIOD)
		r = uplink_end(all->store, platform->conf->name, platform->job.qn);
	return r;
}

static void fail_job(struct platforms *all, struct platform *platform)
{
	if (platform->job.what == JOB_NONE || platform->job.acked)
		return;
	if (platform->job.what == JOB_PERIOD) {
		int r = store_begin(all->store);
		if (r == 0)
			r = platform_failed(all, platform);
		platform_tell_store(all, platform, end_store(all, r));
	}
	platform->job = (struct platform_job){.what = JOB_NONE};
}

static void send_job(struct platforms *all, struct platform *platform)
{
	const struct platform_job *job = &platform->job;
	struct platform_words words = {.qn = job->qn, .cn = CN_REALTIME, .body = all->body.text};
	if (job->what == JOB_RANGE) {
		words.cn = uplink_cn(platform->ranges[0].kind);
		words.again = true;
	} else if (job->what == JOB_PERIOD) {
		words.cn = uplink_cn(job->kind);
		words.body = all->message.body;
		words.again = all->message.again;
	}
	if (!platform_send(all, platform, &words))
		fail_job(all, platform);
}

/* The end of what was acknowledged and the begin of what is next are one transaction. */
static void go_on(struct platforms *all, struct platform *platform, int64_t now_ms)
{
	struct platform_job next = {.what = JOB_NONE};
	bool acked = platform->job.acked, free = acked || platform->job.what == JOB_NONE;
	bool sends = free && may_send(platform, now_ms);
	if (!acked && !sends)
		return;
	int r = store_begin(all->store);
	if (r == 0 && acked)
		r = end_acked(all, platform);
	if (r == 0 && sends)
		r = choose_next(all, platform, now_ms, &next);
	r = end_store(all, r);
	platform_tell_store(all, platform, r);
	if (r != 0)
		return; /* once more with the next tick */
	platform->job = next;
	if (next.what != JOB_NONE)
		send_job(all, platform);
}

/* ---- what the lines report ---- */

static void take_connected(struct platforms *all, struct platform *platform, int64_t now_ms)
{
	platform->report.connected = true;
	platform->report.since_ms = now_ms;
	platform->realtime_ms = 0;
	all->changed = true;
	platform_read_secrets(all, platform, now_ms);
}

static void take_lost(struct platforms *all, struct platform *platform,
		      const struct line_event *event, int64_t now_ms)
{
	if (platform->report.connected || platform->report.since_ms == 0)
		platform->report.since_ms = now_ms;
	all->changed |= platform->report.connected;
	platform->report.connected = false;
	platform->n_ranges = 0;
	platform_tell_ill(all, platform, event->why, now_ms);
	fail_job(all, platform);
}

static void take_acked(struct platforms *all, struct platform *platform,
		       const struct line_event *event, int64_t now_ms)
{
	char qn[LINE_QN_SIZE];
	platform_qn_write(platform->job.qn, qn);
	if (platform->job.what == JOB_NONE || strcmp(qn, event->qn) != 0)
		return;
	platform->job.acked = true;
	platform_got_through(platform);
	if (platform->job.key_ms == platform->key.taken_ms &&
	    platform->conf->profile->ack != HJ212_ACK_NONE)
		platform_confirm_key(platform);
	platform->uplink.acked_ms = now_ms;
	platform_tell_well(all, platform, now_ms);
}

static void take_event(struct platforms *all, const struct line_event *event, int64_t now_ms)
{
	struct platform *platform = &all->all[event->index];
	switch (event->kind) {
	case LINE_CONNECTED:
		take_connected(all, platform, now_ms);
		break;
	case LINE_LOST:
		take_lost(all, platform, event, now_ms);
		break;
	case LINE_ACKED:
		take_acked(all, platform, event, now_ms);
		break;
	case LINE_UNANSWERED:
		fail_job(all, platform);
		return; /* its connection ends */
	case LINE_REQUEST:
		platform_hear(all, platform, event, now_ms);
		break;
	}
	go_on(all, platform, now_ms);
}

void platforms_listen(struct platforms *platforms, int64_t now_ms)
{
	struct line_event event;
	if (!platforms)
		return;
	for (int i = 0; i < PLATFORMS_AT_ONCE && queue_take(platforms->events, &event); i++)
		take_event(platforms, &event, now_ms);
	explicit_bzero(&event, sizeof(event)); /* a password, or a key */
}

static bool lacks_secret(const struct platform *platform)
{
	return !platform->has_password || (platform->conf->profile->key_file && !platform->has_key);
}

static void follow_store(struct platforms *all, struct platform *platform, int64_t now_ms)
{
	int r = store_begin(all->store);
	if (r == 0)
		r = platform_advance(all, platform, now_ms);
	r = end_store(all, r);
	platform_tell_store(all, platform, r);
	if (r == 0)
		platform_count(all, platform);
}

/* At the start, each hour, and when a row was found that is damaged. */
static void follow_damage(struct platforms *all)
{
	const char *newest;
	int64_t mono_ms = clock_monotonic_ms(), bad = store_bad_rows(all->store, &newest);
	if (all->set_aside_ms != 0 && bad == all->bad_rows &&
	    mono_ms - all->set_aside_ms < SET_ASIDE_APART_MS)
		return;
	int r = store_begin(all->store);
	if (r == 0)
		r = platforms_set_aside(all);
	r = end_store(all, r);
	platform_tell_store(all, &all->all[0], r);
	all->set_aside_ms = mono_ms;
	all->bad_rows = store_bad_rows(all->store, &newest);
}

static void take_revised(struct platforms *all)
{
	int64_t hour;
	if (uplink_revised(all->store, &hour) != 0)
		return;
	int r = store_begin(all->store);
	if (r == 0)
		r = platforms_revise(all);
	platform_tell_store(all, &all->all[0], end_store(all, r));
}

void platforms_tick(struct platforms *platforms, int64_t now_ms)
{
	if (!platforms || now_ms <= 0)
		return;
	follow_damage(platforms);
	take_revised(platforms);
	for (int i = 0; i < platforms->n; i++) {
		struct platform *platform = &platforms->all[i];
		if (platform->report.connected && lacks_secret(platform))
			platform_read_secrets(platforms, platform, now_ms);
		if (platform->report.since_ms == 0 && platform->report.connected)
			platform->report.since_ms = now_ms; /* since before that was known */
		platform_look_at_key(platforms, platform, now_ms);
		follow_store(platforms, platform, now_ms);
		go_on(platforms, platform, now_ms);
		platform_tell_given_up(platforms, platform);
	}
}

int platforms_fd(const struct platforms *platforms)
{
	return platforms ? queue_fd(platforms->events) : -1;
}

bool platforms_report(struct platforms *platforms, struct platform_report ret[CONF_PLATFORMS_MAX])
{
	if (!platforms)
		return false;
	for (int i = 0; i < platforms->n; i++) {
		struct platform *platform = &platforms->all[i];
		char why[LINE_WHY_MAX];
		platform->report.acked_ms = platform->uplink.acked_ms;
		platform->report.refused = platform->requests_refused +
					   (int64_t)platform_line_refused(platform->line, why);
		ret[i] = platform->report;
	}
	bool changed = platforms->changed;
	platforms->changed = false;
	return changed;
}

/* ---- begin and end ---- */

static int start_platform(struct platforms *all, int index)
{
	struct platform *platform = &all->all[index];
	const struct platform_conf *conf = &all->conf->platforms[index];
	const struct line_setup setup = {.index = index,
					 .host = conf->host,
					 .port = conf->port,
					 .mn = conf->mn,
					 .timeout_ms = conf->timeout_ms,
					 .retries = conf->retries,
					 .pace_ms = conf->pace_ms,
					 .profile = conf->profile};
	platform->conf = conf;
	return platform_line_start(&setup, all->events, &platform->line);
}

/* What is left of platforms that are configured no more goes. */
static void forget_others(const struct conf *conf, struct store *store)
{
	const char *names[CONF_PLATFORMS_MAX];
	for (int i = 0; i < conf->n_platforms; i++)
		names[i] = conf->platforms[i].name;
	if (store_begin(store) != 0)
		return;
	uplink_keep(store, names, conf->n_platforms);
	store_commit(store);
}

int platforms_new(const struct conf *conf, struct store *store, const struct platforms_env *env,
		  struct platforms **ret)
{
	*ret = NULL;
	forget_others(conf, store); /* else with the next start */
	if (conf->n_platforms == 0)
		return 0;
	struct platforms *all = calloc(1, sizeof(*all));
	if (!all)
		return -ENOMEM;
	all->conf = conf;
	all->store = store;
	all->env = *env;
	all->events = queue_new(EVENTS_MAX, sizeof(struct line_event));
	int r = all->events ? 0 : -ENOMEM;
	for (int i = 0; r == 0 && i < conf->n_platforms; i++) {
		r = start_platform(all, i);
		all->n += r == 0;
	}
	if (r != 0) {
		platforms_free(all);
		return r;
	}
	*ret = all;
	return 0;
}

bool platforms_free(struct platforms *platforms)
{
	bool ended = true;
	if (!platforms)
		return true;
	for (int i = 0; i < platforms->n; i++)
		platform_line_hurry(platforms->all[i].line);
	int64_t until_ms = clock_monotonic_ms() + STOP_MS;
	for (int i = 0; i < platforms->n; i++)
		ended &= platform_line_stop(platforms->all[i].line, until_ms);
	queue_wipe(platforms->events);
	explicit_bzero(platforms, sizeof(*platforms)); /* passwords and keys */
	free(platforms);
	return ended;
}
