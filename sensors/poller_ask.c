/* SPDX-License-Identifier: MIT */
#include "poller_inside.h"

#include <string.h>

#define BACKOFF_MAX_TCP_MS 60000
#define BACKOFF_MAX_RTU_MS 5000 /* to open a tty costs nothing; a new adapter is soon back */
#define ILLEGAL_ADDRESS 2
#define ILLEGAL_VALUE 3
#define HURRY_MS 250 /* a request so soon after an answer may come too soon for its device */

static unsigned read_openings(const struct poller *poller)
{
	return poller->master.openings(poller->master.ctx);
}

static int64_t station_ms(const struct poller *poller)
{
	return poller->env->station_ms(poller->env->ctx);
}

static void keep_link_closed(struct poller *poller, int code)
{
	int64_t max_ms =
		poller->conf->link.kind == LINK_RTU ? BACKOFF_MAX_RTU_MS : BACKOFF_MAX_TCP_MS;

	poller->retry_ms = poller_now_ms(poller) + poller->backoff_ms;
	poller->backoff_ms = poller->backoff_ms * 2 < max_ms ? poller->backoff_ms * 2 : max_ms;
	poller_take_outcome(poller, -1, WHY_LINK, code);
}

bool poller_open_link(struct poller *poller)
{
	int code = 0;

	if (!poller->master.is_open(poller->master.ctx) && poller_now_ms(poller) < poller->retry_ms)
		return false;
	if (poller->master.open(poller->master.ctx, &code) == WHY_NONE)
		return true;
	poller->proven = false;
	if (!poller_is_stopping(poller))
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

	bool is_kept_closed = poller_now_ms(poller) < poller->retry_ms;

	poller->proven = why != WHY_LINK;
	if (poller->proven) {
		poller->backoff_ms = POLLER_BACKOFF_MIN_MS;
		poller_take_outcome(poller, -1, WHY_NONE, 0);
	} else if (!was_proven && !is_kept_closed) {
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
		poller->answered_ms = poller_now_ms(poller);
	device->hurried = !answered && (device->hurried || hurried);
	device->unhurried = !answered && (device->unhurried || !hurried);
}

/* Reads, and notes what the device owes by then. True if an exception can only be that to it. */
static bool exchange_frames(struct poller *poller, struct device *device,
			    const struct request *request, struct exchange *ret)
{
	const struct asked asked = {device->conf->unit_id, device->conf->response_timeout_ms};

	bool hurried =
		poller->answered_ms > 0 && poller_now_ms(poller) - poller->answered_ms < HURRY_MS;

	ret->code = 0;
	ret->why = poller->master.read(poller->master.ctx, &asked, request, ret->words, &ret->code);
	/* a connection that broke brings nothing any more, unless there is a line behind it */
	if (ret->why != WHY_LINK || link_conf_is_rtu(&poller->conf->link))
		owed_ask(&device->owed, request, poller_now_ms(poller));
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
	     left > 0 && is_worth_a_retry(&exchange) && !poller_is_stopping(poller); left--) {
		if (poller_open_link(poller)) {
			refused = exchange_frames(poller, device, &device->plan.requests[at],
						  &exchange);
			continue;
		}
		exchange.why = WHY_LINK;
		break;
	}
	poll->whys[at] = exchange.why;
	device->fresh[at] = exchange.why == WHY_NONE;
	*ret_code = exchange.code;
	return !refused || !is_refusal(exchange.why, exchange.code) ||
	       !device_split(device, at, poller_now_ms(poller));
}

/* Makes the short request first for which others wait. WHY_NONE if there is none, or the line can
 * be asked on; else what came. */
static enum why make_fence(struct poller *poller, struct device *device)
{
	uint16_t words[READPLAN_REGISTERS_MAX];
	struct exchange exchange = {.words = words};
	struct poll *poll = &poller->poll;
	struct request fence;

	if (!device_fence(device, poller_now_ms(poller), &fence) || !poller_open_link(poller))
		return WHY_NONE;
	exchange_frames(poller, device, &fence, &exchange);
	if (poller_is_stopping(poller) || !judge_link(poller, exchange.why, exchange.code))
		return exchange.why;
	device_note_fence(device, exchange.why, poller_now_ms(poller));
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
	if (!poller_open_link(poller))
		return true;
	poll->asked[at] = make_request(poller, device, at, &code);
	enum why why = poll->whys[at];
	if (poller_is_stopping(poller) || !judge_link(poller, why, code) || !poll->asked[at])
		return poll->asked[at];
	health_take(&device->requests[at], why, poller_now_ms(poller));
	if (poller_is_busy(why, code))
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
	} else if (device_must_hold(device, at, poller_now_ms(poller))) {
		poll->held[at] = true;
	} else if (!health_may_poll(&device->requests[at], poller_now_ms(poller))) {
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

void poller_ask(struct poller *poller, struct device *device)
{
	struct poll *poll = &poller->poll;
	unsigned openings = read_openings(poller);
	bool proofs[READPLAN_REQUESTS_MAX] = {false};
	bool skip = device_skip_proofs(device, openings, station_ms(poller), proofs);

	poll_begin(poll);
	struct round round = {.silent = make_fence(poller, device)};
	memcpy(round.done, proofs, sizeof(proofs));
	take_turns(poller, device, &round);
	/* the connection was closed meanwhile: who answers at the new one? */
	if (skip && read_openings(poller) != openings) {
		for (int i = 0; i < READPLAN_REQUESTS_MAX; i++)
			round.done[i] = round.done[i] && !proofs[i];
		skip = false;
		openings = read_openings(poller);
		take_turns(poller, device, &round);
	}
	/* of the connection at which they were begun to be read: of one since then nothing is known
	 */
	if (!skip)
		device_identify(device, poll, openings, station_ms(poller));
}
