/* SPDX-License-Identifier: MIT */
#include "device.h"

#include <stddef.h>

#include "decode.h"

void device_init(struct device *device, const struct device_conf *conf, int64_t now_ms)
{
	device->conf = conf;
	device->health.since_ms = now_ms;
	readplan_make(conf->profile, &device->plan);
}

/* ---- who answers ---- */

static bool is_identified(const struct device *device, unsigned openings, int64_t now_ms)
{
	return device->identified == WHY_NONE && device->openings == openings &&
	       device->health.state == HEALTH_OK && now_ms < device->identify_ms;
}

int device_request_to_skip(const struct device *device, unsigned openings, int64_t now_ms)
{
	if (!device->conf->profile->identity.present || !is_identified(device, openings, now_ms))
		return -1;
	return readplan_identity(&device->plan, device->conf->profile);
}

/* The words that a poll read for a piece of the profile; NULL, and why, if it did not. */
static const uint16_t *polled_words(const struct device *device, const struct poll *poll,
				    const struct request *wanted, struct sample *ret)
{
	int request = 0;
	const uint16_t *words = readplan_words(
		&device->plan, (const uint16_t(*)[READPLAN_REGISTERS_MAX])poll->replies, wanted,
		&request);

	/* a piece that no request reaches lies beyond the last address: no device has it */
	ret->why = words ? poll->whys[request] : WHY_EXCEPTION;
	ret->at_ms = poll->at_ms[request];
	ret->quality = why_quality(ret->why);
	return ret->why == WHY_NONE ? words : NULL;
}

void device_identify(struct device *device, const struct poll *poll, unsigned openings,
		     int64_t now_ms)
{
	const struct profile_identity *identity = &device->conf->profile->identity;
	const struct request wanted = {identity->function, identity->address, 1};
	uint16_t own = identity->is_unit_id ? (uint16_t)device->conf->unit_id : identity->value;
	struct sample read = {0};

	if (!identity->present)
		return;
	const uint16_t *word = polled_words(device, poll, &wanted, &read);
	device->identified = !word ? read.why : *word == own ? WHY_NONE : WHY_IDENTITY;
	device->identity_code = word ? *word : 0;
	device->openings = openings;
	device->identify_ms = now_ms + identity->every_min * 60000LL;
}

/* ---- samples ---- */

static void fail_sample(struct sample *sample, enum why why)
{
	sample->quality = why_quality(why);
	sample->why = why;
	sample->value_milli = 0;
}

void device_emit_failure(const struct device *device, const struct bus_env *env, enum why why)
{
	struct sample sample = {.at_ms = env->station_ms(env->ctx)};

	fail_sample(&sample, why);
	for (int i = 0; i < device->conf->profile->n_rows; i++) {
		if (device->conf->channels[i] < 0)
			continue;
		sample.channel = (uint16_t)device->conf->channels[i];
		env->emit(env->ctx, &sample);
	}
}

/* False, and why in the sample, if the device does not measure or did not say. */
static bool status_allows(const struct device *device, const struct poll *poll,
			  struct sample *sample)
{
	const struct profile_status *status = &device->conf->profile->status;
	const struct request wanted = {status->function, status->address, 1};

	if (!status->present)
		return true;
	const uint16_t *word = polled_words(device, poll, &wanted, sample);
	if (word)
		fail_sample(sample, decode_status(status, *word));
	return sample->why == WHY_NONE;
}

static void decode_sample(struct device *device, const struct poll *poll, int at,
			  struct sample *sample)
{
	const struct profile_row *row = &device->conf->profile->rows[at];
	const struct request wanted = {row->function, row->address,
				       (uint16_t)register_count(row->type)};

	if (!status_allows(device, poll, sample))
		return;
	const uint16_t *words = polled_words(device, poll, &wanted, sample);
	if (!words)
		return;
	decode_row(row, words, sample);
	guard_take(&device->guards[at], row, words, sample);
	if (device->identified != WHY_NONE)
		fail_sample(sample, device->identified);
}

void device_emit_rows(struct device *device, const struct bus_env *env, const struct poll *poll)
{
	for (int i = 0; i < device->conf->profile->n_rows; i++) {
		struct sample sample = {0};
		if (device->conf->channels[i] < 0)
			continue;
		sample.channel = (uint16_t)device->conf->channels[i];
		decode_sample(device, poll, i, &sample);
		env->emit(env->ctx, &sample);
	}
}

bool device_is_complete(const struct device *device, const struct poll *poll)
{
	for (int i = 0; i < device->plan.n; i++)
		if (poll->whys[i] != WHY_NONE)
			return false;
	return true;
}
