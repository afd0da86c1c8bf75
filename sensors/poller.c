/* SPDX-License-Identifier: MIT */
#include "poller.h"

#include <errno.h>
#include <stdlib.h>

#include "device.h"

#define BACKOFF_MIN_MS 1000
#define BACKOFF_MAX_TCP_MS 60000
#define BACKOFF_MAX_RTU_MS 5000 /* to open a tty costs nothing; a new adapter is soon back */
#define ILLEGAL_ADDRESS 2
#define ILLEGAL_VALUE 3
#define DEVICE_FAILURE 4
#define ACKNOWLEDGE 5
#define DEVICE_BUSY 6
#define HURRY_MS 100   /* a request so soon after an answer may come too soon for its device */
#define PROBE_SHARE 10 /* probes of dead devices take at most this part of the time */

struct poller {
	const struct bus_conf *conf;
	const struct bus_env *env;
	int index;
	const atomic_bool *stopping;
	struct master master;
	struct health health;
	bool proven;           /* the link has served a request since it was opened */
	int64_t backoff_ms;    /* how long the next failure of the link keeps it closed */
	int64_t retry_ms;      /* monotonic: the link is not opened before */
	int64_t next_probe_ms; /* monotonic: no dead device is asked before */
	int64_t answered_ms;   /* monotonic: when one answered last; 0: none has */
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

static int64_t read_now_ms(const struct poller *poller)
{
	return poller->master.now_ms(poller->master.ctx);
}

static unsigned read_openings(const struct poller *poller)
{
	return poller->master.openings(poller->master.ctx);
}

static int64_t station_ms(const struct poller *poller)
{
	return poller->env->station_ms(poller->env->ctx);
}

static void tell_reading(const struct poller *poller, int at)
{
	if (poller->env->read)
		poller->env->read(poller->env->ctx, poller->index, at,
				  &poller->devices[at].reading);
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
	int64_t now_ms = read_now_ms(poller);

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
			.hurried = device >= 0 && poller->devices[device].hurried &&
				   !poller->devices[device].unhurried,
		});
}

static void keep_link_closed(struct poller *poller, int code)
{
	int64_t max_ms =
		poller->conf->link.kind == LINK_RTU ? BACKOFF_MAX_RTU_MS : BACKOFF_MAX_TCP_MS;

	poller->retry_ms = read_now_ms(poller) + poller->backoff_ms;
	poller->backoff_ms = poller->backoff_ms * 2 < max_ms ? poller->backoff_ms * 2 : max_ms;
	take_outcome(poller, -1, WHY_LINK, code);
}

/* True if a request can be made now. */
static bool open_link(struct poller *poller)
{
	int code = 0;

	if (!poller->master.is_open(poller->master.ctx) && read_now_ms(poller) < poller->retry_ms)
		return false;
	if (poller->master.open(poller->master.ctx, &code) == WHY_NONE)
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

static bool is_refusal(enum why why, int code)
{
	return why == WHY_EXCEPTION && (code == ILLEGAL_ADDRESS || code == ILLEGAL_VALUE);
}

/* A request and what came of it. */
struct exchange {
	uint16_t *words; /* READPLAN_REGISTERS_MAX */
	enum why why;
	int code;
};

/* Notes whether what was met with silence may have come too soon. */
static void note_hurry(struct poller *poller, struct device *device, enum why why, bool hurried)
{
	bool answered = why == WHY_NONE || why == WHY_EXCEPTION;

	if (answered)
		poller->answered_ms = read_now_ms(poller);
	device->hurried = !answered && (device->hurried || hurried);
	device->unhurried = !answered && (device->unhurried || !hurried);
}

/* Reads, and notes what the device owes by then. True if an exception can only be that to it. */
static bool exchange_frames(struct poller *poller, struct device *device,
			    const struct request *request, struct exchange *ret)
{
	const struct asked asked = {device->conf->unit_id, device->conf->response_timeout_ms};

	bool hurried =
		poller->answered_ms > 0 && read_now_ms(poller) - poller->answered_ms < HURRY_MS;

	ret->code = 0;
	ret->why = poller->master.read(poller->master.ctx, &asked, request, ret->words, &ret->code);
	/* a connection that broke brings nothing any more, unless there is a line behind it */
	if (ret->why != WHY_LINK || link_conf_is_rtu(&poller->conf->link))
		owed_ask(&device->owed, request, read_now_ms(poller));
	if (ret->why == WHY_NONE)
		owed_take_answer(&device->owed, request);
	note_hurry(poller, device, ret->why, hurried);
	return ret->why == WHY_EXCEPTION && owed_take_exception(&device->owed, request);
}

/* One that is dead is asked once. */
static int count_retries(const struct device *device)
{
	return health_is_dead(&device->health) ? 0 : device->conf->retries;
}

static bool is_worth_a_retry(const struct exchange *exchange)
{
	return exchange->why == WHY_TIMEOUT || exchange->why == WHY_BAD_FRAME ||
	       exchange->why == WHY_LINK;
}

/* One request to the device. False if what it refused is to be asked for in parts. */
static bool make_request(struct poller *poller, struct device *device, int at, int *ret_code)
{
	struct poll *poll = &poller->poll;
	struct exchange exchange = {.words = poll->replies[at]};
	bool refused = exchange_frames(poller, device, &device->plan.requests[at], &exchange);

	for (int left = count_retries(device);
	     left > 0 && is_worth_a_retry(&exchange) && !is_stopping(poller) && open_link(poller);
	     left--)
		refused = exchange_frames(poller, device, &device->plan.requests[at], &exchange);
	poll->whys[at] = exchange.why;
	device->fresh[at] = exchange.why == WHY_NONE;
	*ret_code = exchange.code;
	return !refused || !is_refusal(exchange.why, exchange.code) ||
	       !device_split(device, at, read_now_ms(poller));
}

/* Makes the short request first for which others wait. WHY_NONE if there is none, or the line can
 * be asked on; else what came. */
static enum why make_fence(struct poller *poller, struct device *device)
{
	uint16_t words[READPLAN_REGISTERS_MAX];
	struct exchange exchange = {.words = words};
	struct poll *poll = &poller->poll;
	struct request fence;

	if (!device_fence(device, read_now_ms(poller), &fence) || !open_link(poller))
		return WHY_NONE;
	exchange_frames(poller, device, &fence, &exchange);
	if (is_stopping(poller) || !judge_link(poller, exchange.why, exchange.code))
		return exchange.why;
	device_note_fence(device, exchange.why, read_now_ms(poller));
	poll->answered = exchange.why == WHY_NONE;
	if (exchange.why != WHY_TIMEOUT && exchange.why != WHY_LINK)
		return WHY_NONE;
	poll->failure = exchange.why;
	poll->code = exchange.code;
	return exchange.why;
}

/* Asks, and judges the link and the request by what comes. False if it is to be made anew. */
static bool read_request(struct poller *poller, struct device *device, int at)
{
	struct poll *poll = &poller->poll;
	int code = 0;

	poll->whys[at] = WHY_LINK;
	if (!open_link(poller))
		return true;
	poll->asked[at] = make_request(poller, device, at, &code);
	enum why why = poll->whys[at];
	if (is_stopping(poller) || !judge_link(poller, why, code) || !poll->asked[at])
		return poll->asked[at];
	health_take(&device->requests[at], why, read_now_ms(poller));
	if (is_busy(why, code))
		health_ask_on(&device->requests[at]);
	if (why == WHY_NONE) {
		poll->answered = true;
	} else if (poll->failure == WHY_NONE) {
		poll->failure = why;
		poll->code = code;
	}
	return true;
}

/* The requests of a poll that have had their turn, and whether one was met with silence. */
struct round {
	bool done[READPLAN_REQUESTS_MAX];
	enum why silent;
};

/* The turn of one request. A silent device is not waited for twice in a poll; against the rows of
 * one that was well a moment ago there is nothing to say, as they were not asked for. */
static void take_turn(struct poller *poller, struct device *device, int at, struct round *round)
{
	struct poll *poll = &poller->poll;

	round->done[at] = true;
	if (round->silent != WHY_NONE) {
		poll->whys[at] = round->silent;
		poll->held[at] = round->silent == WHY_TIMEOUT && device->health.state == HEALTH_OK;
	} else if (device_must_hold(device, at, read_now_ms(poller))) {
		poll->held[at] = true;
	} else if (!health_may_poll(&device->requests[at], read_now_ms(poller))) {
		poll->whys[at] = device->requests[at].why;
	} else {
		round->done[at] = read_request(poller, device, at);
		if (poll->whys[at] == WHY_TIMEOUT || poll->whys[at] == WHY_LINK)
			round->silent = poll->whys[at];
	}
}

static void take_turns(struct poller *poller, struct device *device, struct round *round)
{
	for (int i; (i = device_next_request(device, round->done)) >= 0;) {
		take_turn(poller, device, i, round);
		poller->poll.at_ms[i] = station_ms(poller);
	}
}

static void ask_device(struct poller *poller, struct device *device)
{
	struct poll *poll = &poller->poll;
	unsigned openings = read_openings(poller);
	int skip = device_request_to_skip(device, openings, station_ms(poller));

	poll_begin(poll);
	struct round round = {.silent = make_fence(poller, device)};
	if (skip >= 0)
		round.done[skip] = true;
	take_turns(poller, device, &round);
	/* the connection was closed meanwhile: who answers at the new one? */
	if (skip >= 0 && read_openings(poller) != openings) {
		round.done[skip] = false;
		skip = -1;
		take_turns(poller, device, &round);
	}
	if (skip < 0)
		device_identify(device, poll, read_openings(poller), station_ms(poller));
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
	int64_t began_ms = read_now_ms(poller);

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
	int64_t now_ms = read_now_ms(poller);
	if (probing && !poll->answered && others_live(poller, device))
		poller->next_probe_ms = now_ms + (PROBE_SHARE - 1) * (now_ms - began_ms);
}

/* The dead device whose probe has been due longest; -1: none is, or the last one in vain was not
 * long ago. */
static int probe_due(const struct poller *poller)
{
	int64_t now_ms = read_now_ms(poller);
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
	if (!is_stopping(poller) && poller->poll.answered) {
		device_emit_rows(&poller->devices[probed], poller->env, &poller->poll);
		tell_reading(poller, probed);
	}
	device_review_plan(&poller->devices[probed], &poller->poll, read_now_ms(poller));
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
	if (why != WHY_NONE) {
		device_emit_failure(device, poller->env, why);
		tell_reading(poller, at);
		return false;
	}
	device_emit_rows(device, poller->env, &poller->poll);
	tell_reading(poller, at);
	bool complete = device_is_complete(device, &poller->poll);
	device_review_plan(device, &poller->poll, read_now_ms(poller));
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
	poller->backoff_ms = BACKOFF_MIN_MS;
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
