/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "decode.h"
#include "device_inside.h"

void device_fail_sample(struct sample *sample, enum why why)
{
	sample->quality = why_quality(why);
	sample->why = why;
	sample->value_milli = 0;
	sample->doubt_ms = 0;
}

static bool is_identified(const struct device *device, unsigned openings, int64_t now_ms)
{
	return device->identified == WHY_NONE && device->openings == openings &&
	       device->health.state == HEALTH_OK && now_ms < device->identify_ms;
}

bool device_skip_proofs(const struct device *device, unsigned openings, int64_t now_ms, bool *skip)
{
	bool any = false;

	for (int i = 0; i < device->plan.n && is_identified(device, openings, now_ms); i++) {
		if (!readplan_only_proves(&device->plan, device->conf->profile, i))
			continue;
		skip[i] = any = true;
	}
	return any;
}

/* True if the request for a piece of the profile was not made for the sake of another one. */
bool device_is_held(const struct device *device, const struct poll *poll,
		    const struct request *wanted)
{
	int request = 0;

	return readplan_words(&device->plan,
			      (const uint16_t(*)[READPLAN_REGISTERS_MAX])poll->replies, wanted,
			      &request) &&
	       poll->held[request];
}

/* The words that a poll read for a piece of the profile; NULL, and why, if it did not. */
const uint16_t *device_words(const struct device *device, const struct poll *poll,
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

static struct bus_proof prove_identity(const struct device *device, const uint16_t *words)
{
	const struct profile_identity *identity = &device->conf->profile->identity;
	uint32_t own = identity->is_unit_id ? (uint32_t)device->conf->unit_id : identity->value;
	struct bus_proof proof = {0};

	if (identity->text) {
		int n = (int)strlen(identity->text);
		decode_text(identity->at.order, words, n < PROFILE_TEXT_MAX ? n : PROFILE_TEXT_MAX,
			    proof.text);
		proof.why = strcmp(proof.text, identity->text) == 0 ? WHY_NONE : WHY_IDENTITY;
		return proof;
	}
	proof.holds = (uint32_t)decode_bits(identity->at.type, identity->at.order, words);
	proof.why = proof.holds == own ? WHY_NONE : WHY_IDENTITY;
	return proof;
}

/* Of a poll that has read the identity. */
static void judge_identity(struct device *device, const struct poll *poll)
{
	const struct request wanted = request_identity(&device->conf->profile->identity);
	struct sample read = {0};

	const uint16_t *words = device_words(device, poll, &wanted, &read);

	device->identity =
		words ? prove_identity(device, words) : (struct bus_proof){.why = read.why};
}

static void judge_expect(struct device *device, const struct poll *poll, int at)
{
	const struct profile_condition *expect = &device->conf->profile->expects[at];
	const struct request wanted = request_place(&expect->at);
	struct sample read = {0};

	const uint16_t *words = device_words(device, poll, &wanted, &read);

	device->expects[at] = (struct bus_proof){.why = read.why};
	if (!words)
		return;
	device->expects[at].why = decode_holds(expect, words) ? WHY_NONE : WHY_EXPECT;
	device->expects[at].holds = decode_looked_at(expect, words);
}

/* True if one of them was to be read and was not. */
static bool is_proof_held(const struct device *device, const struct poll *poll)
{
	const struct profile *profile = device->conf->profile;
	const struct request identity = request_identity(&profile->identity);
	bool held = profile->identity.present && device_is_held(device, poll, &identity);

	for (int i = 0; i < profile->n_expects && !held; i++) {
		const struct request wanted = request_place(&profile->expects[i].at);
		held = device_is_held(device, poll, &wanted);
	}
	return held;
}

void device_identify(struct device *device, const struct poll *poll, unsigned openings,
		     int64_t now_ms)
{
	const struct profile *profile = device->conf->profile;

	if (is_proof_held(device, poll) || (!profile->identity.present && profile->n_expects == 0))
		return;
	if (profile->identity.present)
		judge_identity(device, poll);
	device->identified = device->identity.why;
	for (int i = 0; i < profile->n_expects; i++) {
		judge_expect(device, poll, i);
		if (device->identified == WHY_NONE)
			device->identified = device->expects[i].why;
	}
	device->openings = openings;
	device->identify_ms = now_ms + profile_check_min(profile) * 60000LL;
}

/* ---- what it says of itself ---- */

/* False, and why in the sample, if a status of the row says that it does not measure, or did not
 * say. */
bool device_status_allows(const struct device *device, const struct poll *poll, int row,
			  struct sample *sample)
{
	const struct profile *profile = device->conf->profile;

	for (int i = 0; i < profile->n_statuses; i++) {
		const struct profile_status *status = &profile->statuses[i];
		const struct request wanted = request_place(&status->normal.at);
		if (!(status->rows & 1u << row))
			continue;
		const uint16_t *words = device_words(device, poll, &wanted, sample);
		if (words)
			device_fail_sample(sample, decode_status(status, words));
		if (sample->why != WHY_NONE)
			return false;
	}
	return true;
}

/* Takes down what must change. */
void device_note_alive(struct device *device, const struct poll *poll)
{
	const struct profile_alive *alive = &device->conf->profile->alive;
	const struct request wanted = request_place(&alive->at);
	struct sample read = {0};
	const uint16_t *words = alive->present ? device_words(device, poll, &wanted, &read) : NULL;

	if (!words || device_is_held(device, poll, &wanted))
		return;
	uint64_t bits = decode_bits(alive->at.type, alive->at.order, words);
	if (!device->lived || bits != device->alive_bits)
		device->alive_ms = read.at_ms;
	device->lived = true;
	device->alive_bits = bits;
}

/* A value of a device whose heart stands still is as old as its last beat. */
void device_judge_alive(const struct device *device, const struct poll *poll, struct sample *sample)
{
	const struct profile_alive *alive = &device->conf->profile->alive;
	const struct request wanted = request_place(&alive->at);
	struct sample read = {0};

	if (!alive->present)
		return;
	if (!device_words(device, poll, &wanted, &read)) {
		device_fail_sample(sample, read.why);
	} else if (sample->at_ms - device->alive_ms >= alive->within_min * 60000LL) {
		int64_t still_ms = sample->at_ms - device->alive_ms;
		device_fail_sample(sample, WHY_STALE);
		sample->doubt_ms = still_ms < INT32_MAX ? (int32_t)still_ms : INT32_MAX;
	}
}

static bool is_place_held(const struct device *device, const struct poll *poll,
			  const struct profile_place *place)
{
	const struct request wanted = request_place(place);

	return device_is_held(device, poll, &wanted);
}

/* True if there is nothing to say of a row, as it, or what it depends on, was not asked for. */
bool device_is_row_held(const struct device *device, const struct poll *poll, int at)
{
	const struct profile *profile = device->conf->profile;
	const struct request values = request_row(&profile->rows[at]);
	bool held = device_is_held(device, poll, &values) || is_proof_held(device, poll) ||
		    (profile->alive.present && is_place_held(device, poll, &profile->alive.at));

	for (int i = 0; i < profile->n_statuses && !held; i++)
		held = profile->statuses[i].rows & 1u << at &&
		       is_place_held(device, poll, &profile->statuses[i].normal.at);
	return held;
}

/* For people: of several the first that is not normal. */
void device_keep_status(struct device *device, const struct poll *poll)
{
	const struct profile *profile = device->conf->profile;
	struct bus_reading *reading = &device->reading;

	for (int i = 0; i < profile->n_statuses && reading->says == WHY_NONE; i++) {
		const struct profile_condition *normal = &profile->statuses[i].normal;
		const struct request wanted = request_place(&normal->at);
		struct sample read = {0};
		const uint16_t *words = device_words(device, poll, &wanted, &read);
		if (!words || device_is_held(device, poll, &wanted))
			continue;
		enum why says = decode_status(&profile->statuses[i], words);
		if (reading->has_status && says == WHY_NONE)
			continue;
		reading->has_status = true;
		reading->status_at = i;
		reading->status = (uint32_t)decode_bits(normal->at.type, normal->at.order, words);
		reading->says = says;
	}
}

int device_proof_code(const struct device *device, int *ret_expect)
{
	int at = 0;

	if (device->identified == WHY_IDENTITY)
		return (int)device->identity.holds;
	while (device->expects[at].why != WHY_EXPECT && at + 1 < device->conf->profile->n_expects)
		at++;
	*ret_expect = at;
	return (int)device->expects[at].holds;
}
