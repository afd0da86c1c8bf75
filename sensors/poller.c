/* SPDX-License-Identifier: MIT */
#include "poller.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "device.h"

#define BACKOFF_MIN_MS 1000
#define BACKOFF_MAX_TCP_MS 60000
#define BACKOFF_MAX_RTU_MS                                                                         \
	5000 /* to open a tty costs nothing; a replugged adapter is soon back                      \
	      */
#define ILLEGAL_ADDRESS 2
#define ILLEGAL_VALUE 3
#define DEVICE_FAILURE 4
#define ACKNOWLEDGE 5
#define DEVICE_BUSY 6
#define PROBE_SHARE 10 /* probes of dead devices take at most this part of the time */

struct poller {
	const struct bus_conf *conf;
	const struct bus_env *env;
	int index;
	const atomic_bool *stopping;
	struct link *link;
	struct health health;
	bool proven;           /* the link has served a request since it was opened */
	int64_t backoff_ms;    /* how long the next failure of the link keeps it closed */
	int64_t retry_ms;      /* monotonic: the link is not opened before */
	int64_t next_probe_ms; /* monotonic: no dead device is asked before */
	struct poll poll;
	int n_devices;
	struct device devices[];
};

/* A device that says it cannot answer now: it costs the line no more than one that answers, and may
 * be able to at the next poll. To a read an acknowledgement brings nothing either. */
static bool is_busy(enum why why, int code)
{
	return why == WHY_EXCEPTION && code >= DEVICE_FAILURE && code <= DEVICE_BUSY;
}

static int64_t monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t station_ms(const struct poller *poller)
{
	return poller->env->station_ms(poller->env->ctx);
}

static bool is_stopping(const struct poller *poller)
{
	return atomic_load(poller->stopping);
}

/* Takes the outcome of a poll and tells of a change of health; device -1: the bus itself. */
static void take_outcome(struct poller *poller, int device, enum why why, int code)
{
	struct health *health = device < 0 ? &poller->health : &poller->devices[device].health;
	const struct health before = *health;
	int64_t now_ms = monotonic_ms();

	if (!health_take(health, why, now_ms))
		return;
	poller->env->notice(
		poller->env->ctx, poller->index,
		&(struct bus_notice){
			.device = device,
			.state = health->state,
			.why = why,
			.code = why == WHY_NONE ? 0 : code,
			.lasted_ms = now_ms - before.since_ms,
			.failures = why == WHY_NONE ? before.failures : health->failures,
		});
}

static void keep_link_closed(struct poller *poller, int code)
{
	int64_t max_ms =
		poller->conf->link.kind == LINK_TCP ? BACKOFF_MAX_TCP_MS : BACKOFF_MAX_RTU_MS;

	poller->retry_ms = monotonic_ms() + poller->backoff_ms;
	poller->backoff_ms = poller->backoff_ms * 2 < max_ms ? poller->backoff_ms * 2 : max_ms;
	take_outcome(poller, -1, WHY_LINK, code);
}

/* True if a request can be made now. */
static bool open_link(struct poller *poller)
{
	int code = 0;

	if (!link_is_open(poller->link) && monotonic_ms() < poller->retry_ms)
		return false;
	if (link_open(poller->link, &code) == WHY_NONE)
		return true;
	poller->proven = false;
	if (!is_stopping(poller))
		keep_link_closed(poller, code);
	return false;
}

/*
 * A link that served a request and then broke is opened again at once, and the request that broke
 * it counts against its device: some gateways hang up on a unit they do not know. One that breaks
 * without ever serving stays closed for a while. True if `why` is the device's own affair.
 */
static bool judge_link(struct poller *poller, enum why why, int code)
{
	bool was_proven = poller->proven;

	poller->proven = why != WHY_LINK;
	if (poller->proven) {
		poller->backoff_ms = BACKOFF_MIN_MS;
		take_outcome(poller, -1, WHY_NONE, 0);
	} else if (!was_proven) {
		keep_link_closed(poller, code);
	}
	return poller->proven || was_proven;
}

/* True if the device refused to give these registers together, and is to be asked for fewer. */
static bool is_split(struct device *device, int at, enum why why, int code)
{
	if (why != WHY_EXCEPTION || (code != ILLEGAL_ADDRESS && code != ILLEGAL_VALUE) ||
	    !readplan_split(&device->plan, device->conf->profile, at))
		return false;
	device->requests[at] = (struct health){0};
	return true;
}

static enum why read_request(struct poller *poller, struct device *device, int at)
{
	struct poll *poll = &poller->poll;
	int code = 0;

	if (!open_link(poller))
		return WHY_LINK;
	enum why why = link_read(poller->link, device->conf->unit_id, &device->plan.requests[at],
				 poll->replies[at], &code);
	if (is_stopping(poller) || !judge_link(poller, why, code) ||
	    is_split(device, at, why, code))
		return why;
	health_take(&device->requests[at], why, monotonic_ms());
	if (is_busy(why, code))
		health_ask_on(&device->requests[at]);
	if (why == WHY_NONE) {
		poll->answered = true;
	} else if (poll->failure == WHY_NONE) {
		poll->failure = why;
		poll->code = code;
	}
	return why;
}

/* All requests of a device; a silent one is not waited for twice in a poll. */
static void ask_device(struct poller *poller, struct device *device)
{
	struct poll *poll = &poller->poll;
	enum why silent = WHY_NONE;
	int skip = device_request_to_skip(device, link_openings(poller->link), monotonic_ms());

	poll->answered = false;
	poll->failure = WHY_NONE;
	poll->code = 0;
	for (int i = 0; i < device->plan.n; i++) {
		enum why *why = &poll->whys[i];
		if (silent != WHY_NONE) {
			*why = silent;
		} else if (i == skip) {
			*why = WHY_NONE;
		} else if (!health_may_poll(&device->requests[i], monotonic_ms())) {
			*why = device->requests[i].why;
		} else {
			*why = read_request(poller, device, i);
			if (*why == WHY_TIMEOUT || *why == WHY_LINK)
				silent = *why;
		}
		poll->at_ms[i] = station_ms(poller);
	}
	if (skip < 0)
		device_identify(device, poll, link_openings(poller->link), monotonic_ms());
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
	int64_t began_ms = monotonic_ms();

	ask_device(poller, device);
	if (is_stopping(poller))
		return;
	if (poll->answered && device->identified == WHY_IDENTITY)
		take_outcome(poller, at, WHY_IDENTITY, device->identity_code);
	else if (poll->answered)
		take_outcome(poller, at, WHY_NONE, 0);
	else if (poll->failure != WHY_NONE)
		take_outcome(poller, at, poll->failure, poll->code);
	if (is_busy(poll->failure, poll->code))
		health_ask_on(&device->health);
	int64_t now_ms = monotonic_ms();
	if (probing && !poll->answered && others_live(poller, device))
		poller->next_probe_ms = now_ms + (PROBE_SHARE - 1) * (now_ms - began_ms);
}

/* The dead device whose probe has been due longest; -1: none is, or the last one in vain was not
 * long ago. */
static int probe_due(const struct poller *poller)
{
	int64_t now_ms = monotonic_ms();
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
	if (!is_stopping(poller) && poller->poll.answered)
		device_emit_rows(&poller->devices[probed], poller->env, &poller->poll);
	return false;
}

bool poller_poll(struct poller *poller, int at)
{
	struct device *device = &poller->devices[at];
	enum why why = WHY_NONE;

	if (!open_link(poller))
		why = WHY_LINK;
	else if (health_is_dead(&device->health) && !is_probed(poller, at))
		why = device->health.why;
	else
		judge_device(poller, at);
	if (is_stopping(poller))
		return false;
	if (why != WHY_NONE)
		device_emit_failure(device, poller->env, why);
	else
		device_emit_rows(device, poller->env, &poller->poll);
	return why == WHY_NONE && device_is_complete(device, &poller->poll);
}

void poller_close(struct poller *poller)
{
	link_close(poller->link);
}

void poller_interrupt(struct poller *poller)
{
	link_interrupt(poller->link);
}

struct poller *poller_new(const struct bus_conf *conf, const struct bus_env *env, int index,
			  const atomic_bool *stopping)
{
	size_t devices = (size_t)conf->n_devices * sizeof(struct device);
	struct poller *poller = calloc(1, sizeof(*poller) + devices);
	int64_t now_ms = monotonic_ms();

	if (!poller)
		return NULL;
	poller->conf = conf;
	poller->env = env;
	poller->index = index;
	poller->stopping = stopping;
	poller->backoff_ms = BACKOFF_MIN_MS;
	poller->health.since_ms = now_ms;
	poller->n_devices = conf->n_devices;
	for (int i = 0; i < conf->n_devices; i++)
		device_init(&poller->devices[i], &conf->devices[i], now_ms);
	poller->link = link_new(&conf->link);
	return poller->link ? poller : poller_free(poller);
}

struct poller *poller_free(struct poller *poller)
{
	if (!poller)
		return NULL;
	link_free(poller->link);
	free(poller);
	return NULL;
}
