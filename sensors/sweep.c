/* SPDX-License-Identifier: MIT */
#include "sweep.h"

#define ATTEMPTS 3
#define ILLEGAL_ADDRESS 2
#define ILLEGAL_VALUE 3
#define DEVICE_FAILURE 4
#define UNHEARD_MAX                                                                                \
	2 /* a function that a unit left so often without an answer is not tried again */

static bool is_missing(enum why why)
{
	return why == WHY_TIMEOUT || why == WHY_BAD_FRAME || why == WHY_ECHO || why == WHY_LINK;
}

/* One request, asked again if the answer is missing or broken. A line that cannot be opened is
 * WHY_LINK at once. */
static enum why ask(struct sweep *sweep, const struct request *request, int attempts,
		    uint16_t *words, int *ret_code)
{
	enum why why = WHY_TIMEOUT;

	for (int i = 0; i < attempts && is_missing(why) && sweep->go_on(sweep->ctx); i++) {
		if (link_open(sweep->link, ret_code) != WHY_NONE)
			return WHY_LINK;
		why = link_read(sweep->link, sweep->unit_id, request, words, ret_code);
	}
	return why;
}

enum why sweep_greet(struct sweep *sweep, int attempts, int *ret_code)
{
	const struct request first = {sweep->function, (uint16_t)sweep->from, 1};
	uint16_t word;
	enum why why = ask(sweep, &first, attempts, &word, ret_code);

	if (!is_missing(why))
		sweep->unheard[sweep->function - 3] = -1;
	return why;
}

static void keep(struct sweep *sweep, int at, int n, const struct sweep_register *what)
{
	for (int i = at; i < at + n; i++)
		sweep->registers[i] = *what;
}

static bool is_refusal_of_some(enum why why, int code)
{
	return why == WHY_EXCEPTION &&
	       (code == ILLEGAL_ADDRESS || code == ILLEGAL_VALUE || code == DEVICE_FAILURE);
}

/*
 * Reads n registers from `at` on, in halves where they are refused. Some devices meet a request
 * that reaches too far with silence: if the unit still answers its greeting, it is one of those.
 */
static enum why read_block(struct sweep *sweep, int at, int n, int *ret_code)
{
	const struct request request = {sweep->function, (uint16_t)(sweep->from + at), (uint16_t)n};
	uint16_t words[READPLAN_REGISTERS_MAX];
	int greeted = 0;

	sweep->done = at;
	enum why why = ask(sweep, &request, ATTEMPTS, words, ret_code);
	if (is_missing(why)) {
		enum why alive = sweep_greet(sweep, ATTEMPTS, &greeted);
		if (is_missing(alive)) {
			*ret_code = greeted;
			return alive;
		}
	}
	if (n > 1 && (is_missing(why) || is_refusal_of_some(why, *ret_code))) {
		enum why lost = read_block(sweep, at, n / 2, ret_code);
		return lost == WHY_NONE ? read_block(sweep, at + n / 2, n - n / 2, ret_code) : lost;
	}
	keep(sweep, at, n,
	     &(struct sweep_register){.asked = true,
				      .why = (uint8_t)why,
				      .code = why == WHY_EXCEPTION ? (uint8_t)*ret_code : 0});
	for (int i = 0; why == WHY_NONE && i < n; i++)
		sweep->registers[at + i].word = words[i];
	return WHY_NONE;
}

enum why sweep_read(struct sweep *sweep, int *ret_code)
{
	enum why why = WHY_NONE;

	keep(sweep, 0, sweep->count, &(struct sweep_register){.asked = false});
	/* no two blocks in a row have one length: a late answer is known by it */
	for (int at = 0, odd = 0; why == WHY_NONE && at < sweep->count; odd ^= 1) {
		int n = sweep->count - at, most = READPLAN_REGISTERS_MAX - odd;
		n = n < most ? n : most;
		why = read_block(sweep, at, n, ret_code);
		at += n;
	}
	return why;
}

bool sweep_is_read(const struct sweep *sweep, int at)
{
	return at >= 0 && at < sweep->count && sweep->registers[at].asked &&
	       sweep->registers[at].why == WHY_NONE;
}

bool sweep_pair(const struct sweep *sweep, int at, uint16_t ret[2])
{
	if (!sweep_is_read(sweep, at) || !sweep_is_read(sweep, at + 1))
		return false;
	ret[0] = sweep->registers[at].word;
	ret[1] = sweep->registers[at + 1].word;
	return true;
}

static bool is_deaf(const struct sweep *sweep, const struct request *request)
{
	return sweep->unheard[request->function - 3] >= UNHEARD_MAX;
}

static enum why ask_once(struct sweep *sweep, const struct request *request, uint16_t *words,
			 int *ret_code)
{
	int *unheard = &sweep->unheard[request->function - 3];

	if (is_deaf(sweep, request))
		return WHY_TIMEOUT;
	enum why why = ask(sweep, request, 1, words, ret_code);
	if (!is_missing(why))
		*unheard = -1;
	else if (*unheard >= 0)
		(*unheard)++;
	return why;
}

void sweep_profile(struct sweep *sweep, struct device *device, struct poll *ret)
{
	const struct profile *profile = device->conf->profile;

	for (int i = 0; i < device->plan.n; i++) {
		enum why *why = &ret->whys[i];
		int code = 0;
		do {
			*why = ask_once(sweep, &device->plan.requests[i], ret->replies[i], &code);
		} while (*why == WHY_EXCEPTION &&
			 (code == ILLEGAL_ADDRESS || code == ILLEGAL_VALUE) &&
			 readplan_split(&device->plan, profile, i));
		ret->at_ms[i] = 0;
	}
	device_identify(device, ret, link_openings(sweep->link), 0);
}
