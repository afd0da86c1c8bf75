/* SPDX-License-Identifier: MIT */
#include "sweep.h"

#define ATTEMPTS 3
#define ILLEGAL_ADDRESS 2
#define ILLEGAL_VALUE 3
#define DEVICE_FAILURE 4
#define WAIT_MS 50
#define UNHEARD_MAX                                                                                \
	2 /* a function that a unit left so often without an answer is not tried again */

static bool is_missing(enum why why)
{
	return why == WHY_TIMEOUT || why == WHY_BAD_FRAME || why == WHY_ECHO || why == WHY_LINK;
}

static int64_t read_now_ms(const struct sweep *sweep)
{
	return sweep->master.now_ms(sweep->master.ctx);
}

/* What another unit owes bears its number. */
static void look_at_unit(struct sweep *sweep)
{
	if (sweep->owed_by == sweep->unit_id)
		return;
	sweep->owed_by = sweep->unit_id;
	sweep->owed = (struct owed){.timeout_ms = sweep->timeout_ms};
	sweep->n_fences = 0;
}

static void note_fence(struct sweep *sweep, const struct request *request)
{
	for (int i = 0; i < sweep->n_fences; i++)
		if (owed_alike(&sweep->fences[i], request))
			return;
	if (sweep->n_fences < SWEEP_FENCES)
		sweep->fences[sweep->n_fences++] = *request;
}

/* One request, and what is owed after it. */
static enum why ask_unit(struct sweep *sweep, const struct request *request, uint16_t *words,
			 int *ret_code)
{
	const struct master *master = &sweep->master;

	if (master->open(master->ctx, ret_code) != WHY_NONE)
		return WHY_LINK;
	bool alone = owed_may_ask(&sweep->owed, request);
	enum why why = master->read(master->ctx, &(struct asked){.unit_id = sweep->unit_id},
				    request, words, ret_code);
	if (!sweep->serial)
		return why;
	owed_ask(&sweep->owed, request, read_now_ms(sweep));
	if (!alone) /* a greeting: whose answer that was nobody knows */
		return why;
	if (why == WHY_NONE) {
		owed_take_answer(&sweep->owed, request);
		note_fence(sweep, request);
	} else if (why == WHY_EXCEPTION) {
		owed_take_exception(&sweep->owed, request);
	}
	return why;
}

/* ---- what is under way ---- */

static bool owes_another(struct sweep *sweep, const struct request *request)
{
	const struct owed *owed = &sweep->owed;

	owed_expire(&sweep->owed, read_now_ms(sweep));
	for (int i = 0; i < owed->n; i++) {
		const struct request *each = &owed->answers[i].request;
		if (each->function == request->function &&
		    (each->address != request->address || each->count != request->count))
			return true;
	}
	return false;
}

static bool is_deaf(const struct sweep *sweep, uint8_t function)
{
	return sweep->unheard[function - 1] >= UNHEARD_MAX;
}

static void note_hearing(struct sweep *sweep, uint8_t function, enum why why)
{
	int *unheard = &sweep->unheard[function - 1];

	if (!is_missing(why))
		*unheard = -1;
	else if (*unheard >= 0)
		(*unheard)++;
}

/* Asks for what the unit has answered before; of the other function, for anything. */
static void ask_fences(struct sweep *sweep, uint8_t function)
{
	uint16_t words[READPLAN_REGISTERS_MAX];
	struct request other = {function == 3 ? 4 : 3, (uint16_t)sweep->from, 1};
	int code = 0;

	for (int i = 0; i < sweep->n_fences; i++) {
		struct request fence = sweep->fences[i];
		if (owed_may_ask(&sweep->owed, &fence) &&
		    ask_unit(sweep, &fence, words, &code) == WHY_NONE)
			return;
	}
	if (!is_deaf(sweep, other.function) && owed_may_ask(&sweep->owed, &other))
		note_hearing(sweep, other.function, ask_unit(sweep, &other, words, &code));
}

/* Until nothing is under way that could be taken for the answer to this request. False if it was
 * told to stop. */
static bool settle_line(struct sweep *sweep, const struct request *request)
{
	for (int asked = 0; sweep->serial && owes_another(sweep, request);) {
		if (!sweep->go_on(sweep->ctx))
			return false;
		if (asked++ < ATTEMPTS)
			ask_fences(sweep, request->function);
		else
			sweep->wait(sweep->ctx, WAIT_MS);
	}
	return true;
}

/* ---- requests ---- */

/* One request, asked again if the answer is missing or broken. A line that cannot be opened is
 * WHY_LINK at once. */
static enum why repeat_request(struct sweep *sweep, const struct request *request, int attempts,
			       uint16_t *words, int *ret_code)
{
	enum why why = WHY_TIMEOUT;

	for (int i = 0; i < attempts && is_missing(why) && sweep->go_on(sweep->ctx); i++)
		why = ask_unit(sweep, request, words, ret_code);
	return why;
}

/* Anything that the unit says will do, an answer to another request too. */
enum why sweep_greet(struct sweep *sweep, int attempts, int *ret_code)
{
	const struct request first = {sweep->function, (uint16_t)sweep->from, 1};
	uint16_t word;

	look_at_unit(sweep);
	enum why why = repeat_request(sweep, &first, attempts, &word, ret_code);
	if (!is_missing(why))
		note_hearing(sweep, sweep->function, why);
	return why;
}

static void keep_registers(struct sweep *sweep, int at, int n, const struct sweep_register *what)
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
	if (!settle_line(sweep, &request))
		return WHY_TIMEOUT;
	enum why why = repeat_request(sweep, &request, ATTEMPTS, words, ret_code);
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
	keep_registers(
		sweep, at, n,
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

	keep_registers(sweep, 0, sweep->count, &(struct sweep_register){.asked = false});
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

static enum why ask_once(struct sweep *sweep, const struct request *request, uint16_t *words,
			 int *ret_code)
{
	if (is_deaf(sweep, request->function) || !settle_line(sweep, request))
		return WHY_TIMEOUT;
	enum why why = repeat_request(sweep, request, 1, words, ret_code);
	note_hearing(sweep, request->function, why);
	return why;
}

void sweep_profile(struct sweep *sweep, struct device *device, struct poll *ret)
{
	const struct profile *profile = device->conf->profile;

	look_at_unit(sweep);

	for (int i = 0; i < device->plan.n; i++) {
		enum why *why = &ret->whys[i];
		int code = 0;
		do {
			*why = ask_once(sweep, &device->plan.requests[i], ret->replies[i], &code);
		} while (*why == WHY_EXCEPTION &&
			 (code == ILLEGAL_ADDRESS || code == ILLEGAL_VALUE) &&
			 readplan_split(&device->plan, profile, i));
		ret->at_ms[i] = 0;
		ret->held[i] = false;
	}
	device_identify(device, ret, sweep->master.openings(sweep->master.ctx), 0);
}
