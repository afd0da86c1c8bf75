/* SPDX-License-Identifier: MIT */
#include "device.h"
#include "device_inside.h"

#include <stddef.h>
#include <string.h>

#include "decode.h"

#define SPLIT_KEEP_MIN_MS 3600000LL /* one passing refusal is not for ever */
#define SPLIT_KEEP_MAX_MS (24 * 3600000LL)
#define FENCES_UNANSWERED_MAX 3
#define FENCE_REFUSED_MS 3600000LL
#define SILENT_PROBE_MS 60000 /* a row that the device does not have costs a time-out each time */

void poll_begin(struct poll *poll)
{
	poll->answered = false;
	poll->failure = WHY_NONE;
	poll->code = 0;
	for (int i = 0; i < READPLAN_REQUESTS_MAX; i++) {
		poll->whys[i] = WHY_NONE;
		poll->asked[i] = poll->held[i] = false;
	}
}

void device_plan(const struct device_conf *conf, struct readplan *ret)
{
	int most = conf->max_registers > 0 ? conf->max_registers : READPLAN_REGISTERS_MAX;

	readplan_make_short(conf->profile, most, ret);
}

void device_init(struct device *device, const struct device_conf *conf, int64_t now_ms)
{
	device->conf = conf;
	device->health.since_ms = now_ms;
	device->keep_ms = SPLIT_KEEP_MIN_MS;
	device->owed.timeout_ms = conf->response_timeout_ms;
	device_plan(conf, &device->plan);
}

/* ---- what is asked ---- */

int device_next_request(const struct device *device, const bool *asked)
{
	int next = -1;

	for (int i = 0; i < device->plan.n; i++)
		if (!asked[i] &&
		    (next < 0 || device->requests[i].failures < device->requests[next].failures))
			next = i;
	return next;
}

static bool has_like(const struct readplan *plan, int request)
{
	for (int i = 0; i < plan->n; i++)
		if (i != request && owed_alike(&plan->requests[i], &plan->requests[request]))
			return true;
	return false;
}

bool device_must_hold(struct device *device, int request, int64_t now_ms)
{
	const struct request *asked = &device->plan.requests[request];

	owed_expire(&device->owed, now_ms);
	if (!owed_may_ask(&device->owed, asked))
		return true;
	/* it has its value: to ask on would keep its likes waiting for ever */
	return device->fresh[request] && owed_has(&device->owed, asked) &&
	       has_like(&device->plan, request);
}

bool device_fence(struct device *device, int64_t now_ms, struct request *ret)
{
	bool waits = false;

	for (int i = 0; i < device->plan.n; i++)
		waits |= device_must_hold(device, i, now_ms);
	return waits && now_ms >= device->fence_ms &&
	       readplan_fence(&device->plan, device->conf->profile, ret) &&
	       owed_may_ask(&device->owed, ret);
}

/* A device that has answered one is silent because the line or it is; of another one it may be that
 * it does not take such a request. */
void device_note_fence(struct device *device, enum why why, int64_t now_ms)
{
	int most = device->fence_taken ? FENCES_UNANSWERED_MAX : 1;

	if (why == WHY_NONE) {
		device->fence_taken = true;
		device->fences_unanswered = 0;
	} else if (why == WHY_EXCEPTION || ++device->fences_unanswered >= most) {
		device->fence_taken = false;
		device->fences_unanswered = 0;
		device->fence_ms = now_ms + FENCE_REFUSED_MS;
	}
}

bool device_split(struct device *device, int request, int64_t now_ms)
{
	if (!readplan_split(&device->plan, device->conf->profile, request))
		return false;
	device->requests[request] = (struct health){0};
	device->fresh[request] = false;
	if (!device->split)
		device->whole_ms = now_ms + device->keep_ms;
	device->split = true;
	device->on_trial = false;
	return true;
}

static void make_whole(struct device *device)
{
	device->split = false;
	device_plan(device->conf, &device->plan);
	for (int i = 0; i < READPLAN_REQUESTS_MAX; i++)
		device->requests[i] = (struct health){0};
	memset(device->fresh, 0, sizeof(device->fresh));
}

/* The more often it had to be split again, the later it is tried next. */
static void try_whole(struct device *device)
{
	make_whole(device);
	device->on_trial = true;
	device->keep_ms *= 2;
	if (device->keep_ms > SPLIT_KEEP_MAX_MS)
		device->keep_ms = SPLIT_KEEP_MAX_MS;
}

static bool is_silence(enum why why)
{
	return why == WHY_TIMEOUT || why == WHY_BAD_FRAME;
}

/* A device that answers nothing is asked in another way with every probe: for less and less, and
 * for all again. */
static void ask_otherwise(struct device *device, int64_t now_ms)
{
	bool split = false;

	for (int i = 0, n = device->plan.n; i < n; i++)
		split |= device_split(device, i, now_ms);
	if (!split && device->split)
		make_whole(device);
}

/* What was met with silence although the device answers. */
static void review_request(struct device *device, int request, int64_t now_ms)
{
	struct health *health = &device->requests[request];
	bool lasts = health->state == HEALTH_FAILED || device->on_trial;

	if (health->failures > 0 && lasts && is_silence(health->why) &&
	    !device_split(device, request, now_ms))
		health_put_off(health, now_ms, SILENT_PROBE_MS);
}

void device_review_plan(struct device *device, const struct poll *poll, int64_t now_ms)
{
	bool on_trial = device->on_trial;

	if (!poll->answered) {
		if (is_silence(poll->failure) && (on_trial || health_is_dead(&device->health)))
			ask_otherwise(device, now_ms);
		return;
	}
	for (int i = 0, n = device->plan.n; i < n; i++)
		if (poll->asked[i])
			review_request(device, i, now_ms);
	if (device->on_trial && device_is_complete(device, poll)) {
		device->on_trial = false;
		device->keep_ms = SPLIT_KEEP_MIN_MS;
	}
	if (device->split && now_ms >= device->whole_ms)
		try_whole(device);
}

/* ---- samples ---- */

static void begin_reading(struct device *device, const struct bus_env *env)
{
	device->reading = (struct bus_reading){
		.polls = device->reading.polls + 1,
		.at_ms = env->station_ms(env->ctx),
		.has_identity = device->openings > 0,
		.identity = device->identity,
		.n_expects = device->conf->profile->n_expects,
		.n_rows = device->conf->profile->n_rows,
	};
	memcpy(device->reading.expects, device->expects, sizeof(device->expects));
}

static void note_row(struct device *device, int at, const struct sample *sample)
{
	struct bus_row *row = &device->reading.rows[at];

	row->asked = true;
	row->quality = sample->quality;
	row->why = sample->why;
	row->value_milli = sample->value_milli;
}

void device_emit_failure(struct device *device, const struct bus_env *env, enum why why)
{
	struct sample sample = {.at_ms = env->station_ms(env->ctx)};

	device_fail_sample(&sample, why);
	begin_reading(device, env);
	for (int i = 0; i < device->conf->profile->n_rows; i++) {
		note_row(device, i, &sample);
		if (device->conf->channels[i] < 0)
			continue;
		sample.channel = (uint16_t)device->conf->channels[i];
		env->emit(env->ctx, &sample);
	}
}

static void decode_sample(struct device *device, const struct poll *poll, int at,
			  struct sample *sample)
{
	const struct profile_row *row = &device->conf->profile->rows[at];
	const struct request wanted = request_row(row);

	if (!device_status_allows(device, poll, at, sample))
		return;
	const uint16_t *words = device_words(device, poll, &wanted, sample);
	if (!words)
		return;
	decode_row(row, words, sample);
	guard_take(&device->guards[at], row, words, sample);
	device_judge_alive(device, poll, sample);
	if (device->identified != WHY_NONE)
		device_fail_sample(sample, device->identified);
}

/* The words themselves, whatever is believed of them. */
static void keep_words(struct device *device, const struct poll *poll, int at)
{
	struct bus_row *kept = &device->reading.rows[at];
	const struct request wanted = request_row(&device->conf->profile->rows[at]);
	struct sample read = {0};
	const uint16_t *words = device_words(device, poll, &wanted, &read);

	kept->has_words = words != NULL;
	for (int w = 0; words && w < wanted.count; w++)
		kept->words[w] = words[w];
}

void device_emit_rows(struct device *device, const struct bus_env *env, const struct poll *poll)
{
	begin_reading(device, env);
	device_keep_status(device, poll);
	device_note_alive(device, poll);
	for (int i = 0; i < device->conf->profile->n_rows; i++) {
		struct sample sample = {0};
		if (device_is_row_held(device, poll, i))
			continue;
		decode_sample(device, poll, i, &sample);
		note_row(device, i, &sample);
		keep_words(device, poll, i);
		if (device->conf->channels[i] < 0)
			continue;
		sample.channel = (uint16_t)device->conf->channels[i];
		env->emit(env->ctx, &sample);
	}
}

bool device_is_complete(const struct device *device, const struct poll *poll)
{
	for (int i = 0; i < device->plan.n; i++)
		if (poll->whys[i] != WHY_NONE || poll->held[i])
			return false;
	return true;
}
