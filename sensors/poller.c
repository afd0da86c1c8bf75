/* SPDX-License-Identifier: MIT */
#include "poller.h"

#include <stdlib.h>

#include "poller_inside.h"

#define PROBE_SHARE 10 /* probes of dead devices take at most this part of the time */

static void tell_reading(const struct poller *poller, int at)
{
	if (poller->env->read)
		poller->env->read(poller->env->ctx, poller->index, at,
				  &poller->devices[at].reading);
}

static bool others_live(const struct poller *poller, const struct device *device)
{
	for (int i = 0; i < poller->n_devices; i++)
		if (&poller->devices[i] != device &&
		    poller->devices[i].health.state != HEALTH_FAILED)
			return true;
	return false;
}

/* Asks a device and judges it. Dead devices share a small part of the time, however many. */
static void judge_device(struct poller *poller, int at)
{
	struct device *device = &poller->devices[at];
	const struct poll *poll = &poller->poll;
	bool probing = health_is_dead(&device->health);
	int64_t began_ms = poller_now_ms(poller);

	poller_ask(poller, device);
	if (poller_is_stopping(poller))
		return;
	enum why proof = device->identified;
	if (poll->answered && (proof == WHY_IDENTITY || proof == WHY_EXPECT))
		poller_take_outcome(poller, at, proof, 0);
	else if (poll->answered)
		poller_take_outcome(poller, at, WHY_NONE, 0);
	else if (poll->failure != WHY_NONE)
		poller_take_outcome(poller, at, poll->failure, poll->code);
	if (poller_is_busy(poll->failure, poll->code))
		health_ask_on(&device->health);
	int64_t now_ms = poller_now_ms(poller);
	if (probing && !poll->answered && others_live(poller, device))
		poller->next_probe_ms = now_ms + (PROBE_SHARE - 1) * (now_ms - began_ms);
}

/* The dead device whose probe has been due longest; -1: none is, or the last one in vain was not
 * long ago. */
static int probe_due(const struct poller *poller)
{
	int64_t now_ms = poller_now_ms(poller);
	int longest = -1;

	if (now_ms < poller->next_probe_ms)
		return -1;
	for (int i = 0; i < poller->n_devices; i++) {
		const struct health *health = &poller->devices[i].health;
		if (health_is_dead(health) && health_may_poll(health, now_ms) &&
		    (longest < 0 ||
		     health->next_probe_ms < poller->devices[longest].health.next_probe_ms))
			longest = i;
	}
	return longest;
}

/*
 * The turn of a dead device is for the one whose probe has been due longest, so that none waits for
 * ever behind the others. False if that is not the device itself, which is not asked then.
 */
static bool is_probed(struct poller *poller, int at)
{
	int probed = probe_due(poller);

	if (probed == at || probed < 0)
		return probed == at;
	judge_device(poller, probed);
	if (!poller_is_stopping(poller) && poller->poll.answered) {
		device_emit_rows(&poller->devices[probed], poller->env, &poller->poll);
		tell_reading(poller, probed);
	}
	device_review_plan(&poller->devices[probed], &poller->poll, poller_now_ms(poller));
	return false;
}

bool poller_poll(struct poller *poller, int at)
{
	struct device *device = &poller->devices[at];
	enum why why = WHY_NONE;

	if (!poller_open_link(poller))
		why = WHY_LINK;
	else if (health_is_dead(&device->health) && !is_probed(poller, at))
		why = device->health.why;
	else
		judge_device(poller, at);
	if (poller_is_stopping(poller))
		return false;
	if (why != WHY_NONE) {
		device_emit_failure(device, poller->env, why);
		tell_reading(poller, at);
		return false;
	}
	device_emit_rows(device, poller->env, &poller->poll);
	tell_reading(poller, at);
	bool complete = device_is_complete(device, &poller->poll);
	device_review_plan(device, &poller->poll, poller_now_ms(poller));
	return complete;
}

void poller_close(struct poller *poller)
{
	poller->master.close(poller->master.ctx);
}

void poller_interrupt(struct poller *poller)
{
	poller->master.interrupt(poller->master.ctx);
}

struct poller *poller_new(const struct bus_conf *conf, const struct bus_env *env, int index,
			  const atomic_bool *stopping, const struct master *master)
{
	size_t devices = (size_t)conf->n_devices * sizeof(struct device);
	struct poller *poller = calloc(1, sizeof(*poller) + devices);
	int64_t now_ms = master->now_ms(master->ctx);

	if (!poller)
		return NULL;
	poller->master = *master;
	poller->conf = conf;
	poller->env = env;
	poller->index = index;
	poller->stopping = stopping;
	poller->backoff_ms = POLLER_BACKOFF_MIN_MS;
	poller->health.since_ms = now_ms;
	poller->n_devices = conf->n_devices;
	for (int i = 0; i < conf->n_devices; i++)
		device_init(&poller->devices[i], &conf->devices[i], now_ms);
	return poller;
}

struct poller *poller_free(struct poller *poller)
{
	free(poller);
	return NULL;
}
