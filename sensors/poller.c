/* SPDX-License-Identifier: MIT */
#include "poller.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "decode.h"
#include "readplan.h"

#define BACKOFF_MIN_MS 1000
#define BACKOFF_MAX_TCP_MS 60000
#define BACKOFF_MAX_RTU_MS                                                                         \
	5000           /* to open a tty costs nothing; a replugged adapter is soon back            \
			*/
#define PROBE_SHARE 10 /* probes of dead devices take at most this part of the time */

struct device {
	const struct device_conf *conf;
	struct readplan plan;
	struct health health;
	/* a request that is never answered must not cost the others of its device their values */
	struct health requests[READPLAN_REQUESTS_MAX];
};

/* What one poll of a device brought, request by request and for the device. */
struct poll {
	bool answered;    /* at least one request was */
	enum why failure; /* the first one of the device's own */
	int code;
	enum why whys[READPLAN_REQUESTS_MAX];
	int64_t at_ms[READPLAN_REQUESTS_MAX]; /* station time at which the reply was complete */
	uint16_t replies[READPLAN_REQUESTS_MAX][READPLAN_REGISTERS_MAX];
};

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

static enum why read_request(struct poller *poller, struct device *device, int at)
{
	struct poll *poll = &poller->poll;
	int code = 0;

	if (!open_link(poller))
		return WHY_LINK;
	enum why why = link_read(poller->link, device->conf->unit_id, &device->plan.requests[at],
				 poll->replies[at], &code);
	if (is_stopping(poller) || !judge_link(poller, why, code))
		return why;
	health_take(&device->requests[at], why, monotonic_ms());
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

	poll->answered = false;
	poll->failure = WHY_NONE;
	poll->code = 0;
	for (int i = 0; i < device->plan.n; i++) {
		enum why *why = &poll->whys[i];
		if (silent != WHY_NONE) {
			*why = silent;
		} else if (!health_may_poll(&device->requests[i], monotonic_ms())) {
			*why = device->requests[i].why;
		} else {
			*why = read_request(poller, device, i);
			if (*why == WHY_TIMEOUT || *why == WHY_LINK)
				silent = *why;
		}
		poll->at_ms[i] = station_ms(poller);
	}
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
	bool probing = device->health.state == HEALTH_FAILED;
	int64_t began_ms = monotonic_ms();

	ask_device(poller, device);
	if (is_stopping(poller))
		return;
	if (poll->answered)
		take_outcome(poller, at, WHY_NONE, 0);
	else if (poll->failure != WHY_NONE)
		take_outcome(poller, at, poll->failure, poll->code);
	int64_t now_ms = monotonic_ms();
	if (probing && !poll->answered && others_live(poller, device))
		poller->next_probe_ms = now_ms + (PROBE_SHARE - 1) * (now_ms - began_ms);
}

static bool may_ask(const struct poller *poller, const struct device *device)
{
	int64_t now_ms = monotonic_ms();

	if (device->health.state == HEALTH_FAILED && now_ms < poller->next_probe_ms)
		return false;
	return health_may_poll(&device->health, now_ms);
}

static void fail_sample(struct sample *sample, enum quality quality, enum why why)
{
	sample->quality = quality;
	sample->why = why;
}

/* One sample for every channel of a device that was not asked. */
static void emit_failure(struct poller *poller, const struct device *device, enum why why)
{
	struct sample sample = {.at_ms = station_ms(poller)};

	fail_sample(&sample, QUALITY_NO_COMMUNICATION, why);
	for (int i = 0; i < device->conf->profile->n_rows; i++) {
		if (device->conf->channels[i] < 0)
			continue;
		sample.channel = (uint16_t)device->conf->channels[i];
		poller->env->emit(poller->env->ctx, &sample);
	}
}

/* The words of a row, read at sample->at_ms; NULL, and why in the sample, if they were not. */
static const uint16_t *polled_words(const struct poller *poller, const struct device *device,
				    const struct profile_row *row, struct sample *sample)
{
	const struct poll *poll = &poller->poll;
	int request = 0;
	const struct request wanted = {row->function, row->address,
				       (uint16_t)register_count(row->type)};
	const uint16_t *words = readplan_words(
		&device->plan, (const uint16_t(*)[READPLAN_REGISTERS_MAX])poll->replies, &wanted,
		&request);
	/* a row that no request reaches lies beyond the last address: no device has it */
	enum why why = words ? poll->whys[request] : WHY_EXCEPTION;

	sample->at_ms = poll->at_ms[request];
	if (why == WHY_NONE)
		return words;
	fail_sample(sample, QUALITY_NO_COMMUNICATION, why);
	return NULL;
}

/* False, and why in the sample, if the device does not measure or did not say. */
static bool status_allows(const struct poller *poller, const struct device *device,
			  struct sample *sample)
{
	const struct profile_status *status = &device->conf->profile->status;
	const struct profile_row row = {
		.function = status->function, .address = status->address, .type = TYPE_U16};

	if (!status->present)
		return true;
	const uint16_t *word = polled_words(poller, device, &row, sample);
	if (word && !decode_status_ok(status, *word)) {
		fail_sample(sample, QUALITY_FAULT, WHY_STATUS);
		return false;
	}
	return word != NULL;
}

static void emit_rows(struct poller *poller, const struct device *device)
{
	const struct profile *profile = device->conf->profile;

	for (int i = 0; i < profile->n_rows; i++) {
		struct sample sample = {0};
		if (device->conf->channels[i] < 0)
			continue;
		sample.channel = (uint16_t)device->conf->channels[i];
		bool measuring = status_allows(poller, device, &sample);
		const uint16_t *words = polled_words(poller, device, &profile->rows[i], &sample);
		if (words && measuring)
			decode_row(&profile->rows[i], words, &sample);
		poller->env->emit(poller->env->ctx, &sample);
	}
}

static bool is_complete(const struct poll *poll, const struct readplan *plan)
{
	for (int i = 0; i < plan->n; i++)
		if (poll->whys[i] != WHY_NONE)
			return false;
	return true;
}

bool poller_poll(struct poller *poller, int at)
{
	struct device *device = &poller->devices[at];
	enum why why = WHY_NONE;

	if (!open_link(poller))
		why = WHY_LINK;
	else if (!may_ask(poller, device))
		why = device->health.why;
	else
		judge_device(poller, at);
	if (is_stopping(poller))
		return false;
	if (why != WHY_NONE)
		emit_failure(poller, device, why);
	else
		emit_rows(poller, device);
	return why == WHY_NONE && is_complete(&poller->poll, &device->plan);
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
	for (int i = 0; i < conf->n_devices; i++) {
		poller->devices[i].conf = &conf->devices[i];
		poller->devices[i].health.since_ms = now_ms;
		readplan_make(conf->devices[i].profile, &poller->devices[i].plan);
	}
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
