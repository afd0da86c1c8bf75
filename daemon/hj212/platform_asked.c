/* SPDX-License-Identifier: MIT */
/*
 * What a platform asks of the station (hj212_request.h). It may have the time, data, and other
 * intervals of data; nothing of it reaches a level, a plan or the clock.
 */
#include <string.h>

#include "clock.h"
#include "log.h"
#include "minutes.h"
#include "platforms_inside.h"
#include "words.h"

#define CN_SET_TIME 1012
#define TOLD_APART_MS 3600000 /* a request that is refused; the others are counted */
#define SET_APART_MS 60000    /* each is a write to the disk and a line of the log */
#define EMPTY_AT_ONCE 64      /* periods without a value that are passed over */

static struct hj212_self self_of(const struct platform *platform)
{
	const struct hj212_profile *profile = platform->conf->profile;
	return (struct hj212_self){
		.pw = platform->password,
		.mn = platform->conf->mn,
		.st = profile->st,
		.edition = profile->edition,
		.minutes = platform_step(platform, UPLINK_MINUTES),
		.realtime = platform->conf->realtime,
		.key_field = platform->has_key ? profile->key_field : NULL,
	};
}

/* In clear: only data are enciphered. */
static void answer_with(struct platform *platform, const struct hj212_request *request,
			enum hj212_answer what, int64_t value)
{
	const struct hj212_profile *profile = platform->conf->profile;
	const struct hj212_self self = self_of(platform);
	const struct hj212_form form = {.crc = profile->crc, .length = profile->length};
	uint8_t segment[HJ212_SEGMENT_MAX], frame[HJ212_FRAME_MAX];
	size_t n = hj212_answer_write(&self, request, what, value, segment);
	n = n > 0 ? hj212_frame_write(segment, n, &form, frame) : 0;
	if (n > 0) /* without room for it the platform asks again */
		platform_line_answer(platform->line, frame, n);
}

static void answer_result(struct platform *platform, const struct hj212_request *request,
			  enum hj212_exe_rtn result)
{
	if (request->answer)
		answer_with(platform, request, HJ212_ANSWER_RESULT, result);
}

/* ---- refused ---- */

/* By how much the platform's clock, by which it would set ours, is another. */
static bool read_difference(const struct hj212_segment *segment, int64_t now_ms, int64_t *ret_s)
{
	int64_t its_ms;
	for (int i = 0; i < segment->n_items; i++) {
		if (hj212_is(segment, segment->items[i].key, "SystemTime") &&
		    hj212_time_read(segment, segment->items[i].value, &its_ms)) {
			*ret_s = (its_ms - now_ms) / 1000;
			return true;
		}
	}
	return false;
}

static void refuse_request(struct platforms *all, struct platform *platform,
			   const struct hj212_request *request, int64_t now_ms)
{
	int64_t mono_ms = clock_monotonic_ms(), differs_s = 0;
	platform->requests_refused++;
	if (platform->asked_ms != 0 && mono_ms - platform->asked_ms < TOLD_APART_MS)
		return;
	platform->asked_ms = mono_ms;
	if (request->cn == CN_SET_TIME && request->known &&
	    read_difference(&all->segment, now_ms, &differs_s))
		log_notice(LOG_PLATFORM_ASKS,
			   "platform %s: CN %d is refused (QnRtn=%d): its clock is %+lld s from "
			   "this one, which it does not set",
			   platform->conf->name, request->cn, (int)request->qn_rtn,
			   (long long)differs_s);
	else
		log_notice(LOG_PLATFORM_ASKS, "platform %s: CN %d is refused (QnRtn=%d)",
			   platform->conf->name, request->cn, (int)request->qn_rtn);
}

/* ---- done ---- */

static int put_uplink(struct platforms *all, const struct platform *platform)
{
	int r = platform->known ? store_begin(all->store) : STORE_E_BUSY;
	if (r == 0)
		r = uplink_put(all->store, platform->conf->name, &platform->uplink);
	if (r == 0)
		return store_commit(all->store);
	if (platform->known)
		store_rollback(all->store);
	return r;
}

static enum hj212_exe_rtn set_interval(struct platforms *all, struct platform *platform,
				       const struct hj212_request *request)
{
	bool realtime = request->cn == 1062;
	int64_t *set_ms = &platform->set_ms[realtime], mono_ms = clock_monotonic_ms();
	int32_t *set = realtime ? &platform->uplink.realtime_s : &platform->uplink.minutes;
	int32_t before = *set;
	if (before == request->interval)
		return HJ212_DONE;
	if (*set_ms != 0 && mono_ms - *set_ms < SET_APART_MS)
		return HJ212_BUSY;
	*set_ms = mono_ms;
	*set = request->interval;
	if (put_uplink(all, platform) != 0) {
		*set = before;
		return HJ212_FAILED;
	}
	if (realtime)
		log_notice(LOG_PLATFORM_ASKS, "platform %s: wants real-time values every %d s",
			   platform->conf->name, request->interval);
	else
		log_notice(LOG_PLATFORM_ASKS, "platform %s: wants means of %d minutes",
			   platform->conf->name, request->interval);
	return HJ212_DONE;
}

static int32_t read_interval(const struct platform *platform, int cn)
{
	if (cn == 1063)
		return platform_step(platform, UPLINK_MINUTES);
	return platform->uplink.realtime_s > 0 ? platform->uplink.realtime_s
					       : platform->conf->realtime_s;
}

static enum uplink_kind kind_of(int cn)
{
	for (int kind = 0; kind < UPLINK_KINDS; kind++) {
		if (uplink_cn((enum uplink_kind)kind) == cn)
			return (enum uplink_kind)kind;
	}
	return UPLINK_HOURS;
}

static void take_range(struct platform *platform, const struct hj212_request *request)
{
	for (int i = 0; i < platform->n_ranges; i++) {
		if (strcmp(platform->ranges[i].request.qn, request->qn) == 0)
			return; /* it has heard no 9011; the data come once */
	}
	if (platform->n_ranges == PLATFORM_RANGES_MAX) {
		answer_result(platform, request, HJ212_BUSY);
		return;
	}
	platform->ranges[platform->n_ranges++] =
		(struct platform_range){.request = *request,
					.kind = kind_of(request->cn),
					.next = request->first_end_ms / MINUTE_MS,
					.last = request->last_end_ms / MINUTE_MS,
					.step = (int)(request->period_ms / MINUTE_MS)};
}

static void tell_key(const struct platform *platform, enum hj212_key_taken taken, const char *why)
{
	const char *name = platform->conf->name;
	if (taken == HJ212_KEY_TAKEN)
		log_notice(LOG_PLATFORM_KEY, "platform %s: has sent a new key, which is used now",
			   name);
	else if (taken == HJ212_KEY_LOST)
		log_error(LOG_PLATFORM_KEY, "platform %s: its new key is refused: the file %s %s",
			  name, platform->key.path, why);
	else
		log_warning(LOG_PLATFORM_KEY, "platform %s: its new key is refused: %s", name,
			    taken == HJ212_KEY_OLD ? tr("it is older than the one in use")
						   : tr("it is none"));
}

/* Each is a write to the disk and a line of the log, what is refused, too. */
static bool may_bring_key(struct platform *platform)
{
	int64_t mono_ms = clock_monotonic_ms();
	if (platform->key_ms == 0 || mono_ms - platform->key_ms >= SET_APART_MS) {
		platform->key_ms = mono_ms;
		return true;
	}
	platform->requests_refused++;
	if (platform->hasty_ms == 0 || mono_ms - platform->hasty_ms >= TOLD_APART_MS) {
		platform->hasty_ms = mono_ms;
		log_warning(LOG_PLATFORM_KEY,
			    "platform %s: new keys come too fast: one a minute is taken, of the "
			    "others it is told that the station is busy",
			    platform->conf->name);
	}
	return false;
}

static enum hj212_exe_rtn take_key(struct platforms *all, struct platform *platform,
				   const struct hj212_request *request, int64_t now_ms)
{
	char why[PLAIN_WHY_MAX] = "";
	const struct hj212_key_news news = {.text = (const uint8_t *)all->segment.bytes +
						    request->key.at,
					    .n = request->key.n,
					    .created_ms = request->key_created_ms,
					    .now_ms = now_ms};
	if (hj212_key_is(&platform->key, &news))
		return HJ212_DONE; /* it has heard no 9012 */
	if (!may_bring_key(platform))
		return HJ212_BUSY;
	enum hj212_key_taken taken = hj212_key_take(&platform->key, &news, why);
	tell_key(platform, taken, why);
	platform_share_keys(platform);
	return taken == HJ212_KEY_TAKEN ? HJ212_DONE : HJ212_FAILED;
}

static void do_request(struct platforms *all, struct platform *platform,
		       const struct hj212_request *request, int64_t now_ms)
{
	switch (request->ask) {
	case HJ212_ASK_TIME:
		answer_with(platform, request, HJ212_ANSWER_TIME, now_ms);
		answer_result(platform, request, HJ212_DONE);
		return;
	case HJ212_ASK_INTERVAL:
		answer_with(platform, request, HJ212_ANSWER_INTERVAL,
			    read_interval(platform, request->cn));
		answer_result(platform, request, HJ212_DONE);
		return;
	case HJ212_SET_INTERVAL:
		answer_result(platform, request, set_interval(all, platform, request));
		return;
	case HJ212_ASK_REALTIME:
		platform->realtime_ms = 0; /* at once, then as ever */
		return;
	case HJ212_ASK_HISTORY:
		take_range(platform, request);
		return;
	case HJ212_NEW_KEY:
		answer_result(platform, request, take_key(all, platform, request, now_ms));
		explicit_bzero(&all->segment, sizeof(all->segment)); /* the key in clear */
		return;
	case HJ212_NOTICE:
		answer_with(platform, request, HJ212_ANSWER_NOTICE, 0);
		return;
	case HJ212_ASK_NOTHING:
	case HJ212_ASK_OTHER:
	case HJ212_NOTICE_ANSWER:
	case HJ212_DATA_ANSWER:
		return;
	}
}

void platform_hear(struct platforms *all, struct platform *platform, const struct line_event *event,
		   int64_t now_ms)
{
	const struct hj212_arrival arrival = {
		.faults = event->faults, .enciphered = event->enciphered, .now_ms = now_ms};
	const struct hj212_self self = self_of(platform);
	struct hj212_request request;
	if (now_ms <= 0 || !platform->has_password)
		return; /* nobody knows the time, or who may ask */
	/* by the key in force now, not by what was that when the line read it */
	if (event->enciphered && !event->by_before && event->faults == 0 &&
	    event->key_ms == platform->key.taken_ms)
		platform_confirm_key(platform);
	hj212_segment_read(event->segment, event->n, &all->segment);
	hj212_request_read(&all->segment, &self, &arrival, &request);
	if (request.qn_rtn == 0)
		return; /* it asks for nothing */
	if (request.answer && request.ask != HJ212_NOTICE)
		answer_with(platform, &request, HJ212_ANSWER_RECEIPT, 0);
	if (request.qn_rtn == HJ212_READY)
		do_request(all, platform, &request, now_ms);
	else
		refuse_request(all, platform, &request, now_ms);
}

/* ---- data that were asked for ---- */

static void end_range(struct platform *platform)
{
	const struct platform_range *range = &platform->ranges[0];
	answer_result(platform, &range->request, range->sent > 0 ? HJ212_DONE : HJ212_NO_DATA);
	platform->n_ranges--;
	memmove(platform->ranges, platform->ranges + 1,
		(size_t)platform->n_ranges * sizeof(platform->ranges[0]));
}

/* The next period of the first range that says something, each under a QN of its own: a platform
 * drops a second message of one QN. */
static int next_of_range(struct platforms *all, struct platform *platform, int64_t now_ms)
{
	struct platform_range *range = &platform->ranges[0];
	const struct platform_source source = {all->store, all->conf, platform->conf};
	for (int i = 0; i < EMPTY_AT_ONCE && range->next <= range->last; i++) {
		int r = platform_body_period(&source, range->kind, range->next, range->step,
					     &all->body);
		if (r != 0)
			return r;
		range->next += range->step;
		if (all->body.n_factors == 0)
			continue;
		range->sent++;
		platform_new_qn(platform, now_ms);
		return uplink_put(all->store, platform->conf->name, &platform->uplink);
	}
	return STORE_E_NONE;
}

int platform_next_asked(struct platforms *all, struct platform *platform, int64_t now_ms)
{
	while (platform->n_ranges > 0 && platform->ranges[0].next > platform->ranges[0].last)
		end_range(platform);
	return platform->n_ranges > 0 ? next_of_range(all, platform, now_ms) : STORE_E_NONE;
}
