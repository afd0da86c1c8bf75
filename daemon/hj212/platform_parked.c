/* SPDX-License-Identifier: MIT */
/* The messages without an acknowledgement: when each goes again, and when it is given up. */
#include "clock.h"
#include "platforms_inside.h"

#define EAGER_TRIES 2  /* sent again at once as often */
#define LATER_MS 10000 /* then after so long, and twice as long each time */
#define LATEST_MS 3600000
#define TRIES_MAX 10 /* then it is given up: tries between which others were acknowledged */

static struct parked *find_parked(struct platform *platform, int64_t qn)
{
	for (int i = 0; i < UPLINK_SENT_MAX; i++) {
		if (platform->parked[i].qn == qn)
			return &platform->parked[i];
	}
	return NULL;
}

/* Places of messages that are not there any more become free. */
static void forget_parked(struct platform *platform, const struct uplink_message *sent, int n)
{
	for (int i = 0; i < UPLINK_SENT_MAX; i++) {
		bool is_there = false;
		for (int k = 0; k < n; k++)
			is_there |= sent[k].qn == platform->parked[i].qn;
		if (!is_there)
			platform->parked[i] = (struct parked){0};
	}
}

int platform_next_parked(struct platforms *all, struct platform *platform, int *ret_n)
{
	static struct uplink_message sent[UPLINK_SENT_MAX]; /* main thread only */
	const char *name = platform->conf->name;
	int r = uplink_sent(all->store, name, sent, ret_n);
	if (r != 0)
		return r;
	forget_parked(platform, sent, *ret_n);
	for (int i = 0; i < *ret_n; i++) {
		const struct parked *parked = find_parked(platform, sent[i].qn);
		if (parked && parked->not_before_ms > clock_monotonic_ms())
			continue;
		r = uplink_message(all->store, name, sent[i].qn, &all->message);
		if (r != STORE_E_NONE)
			return r;
	}
	return STORE_E_NONE;
}

void platform_got_through(struct platform *platform)
{
	platform->acks++;
	for (int i = 0; i < UPLINK_SENT_MAX; i++) {
		if (platform->parked[i].alone == 0)
			platform->parked[i].not_before_ms = 0;
	}
}

int platform_give_up(struct platforms *all, struct platform *platform, int64_t periods)
{
	if (periods <= 0)
		return 0;
	platform->uplink.given_up += periods;
	return uplink_put(all->store, platform->conf->name, &platform->uplink);
}

int platform_failed(struct platforms *all, struct platform *platform)
{
	struct platform_job *job = &platform->job;
	const char *name = platform->conf->name;
	struct parked *parked = find_parked(platform, job->qn);
	int alone = parked ? parked->alone + (parked->acks != platform->acks) : 0;
	int32_t tries = job->tries + 1;
	if (alone >= TRIES_MAX) {
		int r = uplink_end(all->store, name, job->qn);
		return r ? r : platform_give_up(all, platform, 1);
	}
	int64_t later_ms = LATER_MS;
	for (int i = EAGER_TRIES + 1; i < tries && later_ms < LATEST_MS; i++)
		later_ms *= 2;
	parked = parked ? parked : find_parked(platform, 0);
	if (parked)
		*parked = (struct parked){
			job->qn, tries <= EAGER_TRIES ? 0 : clock_monotonic_ms() + later_ms,
			platform->acks, alone};
	return uplink_tried(all->store, name, job->qn, tries);
}
