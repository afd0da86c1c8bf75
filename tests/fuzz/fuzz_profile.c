/* SPDX-License-Identifier: MIT */
/* Any file as a sensor model: it is refused with problems, or its registers can be asked for. One
 * that names HJ 212 also as how a side of that speaks. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "conf_hj212.h"
#include "conf_rules.h"
#include "decode.h"
#include "fuzz.h"
#include "readplan.h"

static void check_row(const struct profile_row *row)
{
	static const uint16_t words[][PROFILE_WORDS_MAX] = {{0},
							    {0xffff, 0xffff, 0xffff, 0xffff},
							    {0x7f80},
							    {0x7fff, 0x8000, 0, 1},
							    {0x4120, 0x4120, 0x4120, 0x4120}};
	assert(isfinite(row->scale) && isfinite(row->offset) && row->range_min < row->range_max);
	assert(row->function == 3 || row->function == 4);
	assert(row->address + register_count(row->type) <= 65536);
	assert(row->first_bit + row->n_bits <= 16 * register_count(row->type));
	assert(row->n_sentinels >= 0 && row->n_sentinels <= PROFILE_SENTINELS_MAX);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct sample sample = {0};
		decode_row(row, words[i], &sample);
		assert((sample.quality == QUALITY_NORMAL) == (sample.why == WHY_NONE));
	}
}

static bool covers(const struct request *wanted, int function, int address)
{
	return wanted->function == function && address >= wanted->address &&
	       address < wanted->address + wanted->count;
}

/* What a profile wants beside its rows; how many. */
static int beside_rows(const struct profile *profile, struct request *ret)
{
	int n = 0;
	for (int i = 0; i < profile->n_statuses; i++)
		ret[n++] = request_place(&profile->statuses[i].normal.at);
	for (int i = 0; i < profile->n_expects; i++)
		ret[n++] = request_place(&profile->expects[i].at);
	if (profile->alive.present)
		ret[n++] = request_place(&profile->alive.at);
	if (profile->identity.present)
		ret[n++] = request_identity(&profile->identity);
	return n;
}

/* Whether the profile has a use for a register. */
static bool is_known(const struct profile *profile, int function, int address)
{
	struct request beside[READPLAN_REQUESTS_MAX];
	bool known = false;
	for (int i = 0; i < profile->n_rows; i++) {
		const struct request wanted = request_row(&profile->rows[i]);
		known |= covers(&wanted, function, address);
	}
	for (int i = beside_rows(profile, beside) - 1; i >= 0; i--)
		known |= covers(&beside[i], function, address);
	return known;
}

static void check_condition(const struct profile_condition *condition)
{
	assert(condition->n_good >= 1 && condition->n_good <= PROFILE_NORMALS_MAX);
	assert(condition->at.function >= 1 && condition->at.function <= 4);
	for (int i = 0; i < condition->n_good; i++)
		assert(condition->good[i].low <= condition->good[i].high);
}

/* All that is read beside the rows is in the plan. */
static void check_beside(const struct profile *profile, const struct readplan *plan)
{
	static const uint16_t replies[READPLAN_REQUESTS_MAX][READPLAN_REGISTERS_MAX];
	struct request beside[READPLAN_REQUESTS_MAX];
	int request = -1;
	for (int i = 0; i < profile->n_statuses; i++)
		check_condition(&profile->statuses[i].normal);
	for (int i = 0; i < profile->n_expects; i++)
		check_condition(&profile->expects[i]);
	for (int i = beside_rows(profile, beside) - 1; i >= 0; i--) {
		assert(beside[i].address + beside[i].count <= 65536);
		assert(readplan_words(plan, replies, &beside[i], &request));
	}
}

/* It ends with a known register, and asks for others only across a hole that may be. */
static void check_request(const struct profile *profile, const struct request *request)
{
	int hole = 0, end = request->address + request->count;
	assert(request->count >= 1 && request->count <= READPLAN_REGISTERS_MAX && end <= 65536);
	assert(is_known(profile, request->function, end - 1));
	for (int address = request->address; address < end; address++) {
		hole = is_known(profile, request->function, address) ? 0 : hole + 1;
		assert(hole <= profile->max_hole);
	}
}

/* No two requests bring the same: each ends elsewhere. */
static void check_ends(const struct readplan *plan)
{
	for (int i = 0; i < plan->n; i++) {
		const struct request *a = &plan->requests[i];
		for (int j = 0; j < i; j++) {
			const struct request *b = &plan->requests[j];
			assert(a->function != b->function ||
			       a->address + a->count != b->address + b->count);
		}
	}
}

/* It reads registers that a request reads too, and its answer is like that to none. */
static void check_fence(const struct readplan *plan, const struct profile *profile)
{
	struct request fence;
	bool inside = false;
	if (!readplan_fence(plan, profile, &fence))
		return;
	for (int i = 0; i < plan->n; i++) {
		const struct request *each = &plan->requests[i];
		assert(each->function != fence.function ||
		       request_answer_bytes(each) != request_answer_bytes(&fence));
		inside |= each->function == fence.function && each->address == fence.address &&
			  each->count > fence.count;
	}
	assert(inside && fence.count > 0);
}

static void check_profile(const struct profile *profile)
{
	static const uint16_t replies[READPLAN_REQUESTS_MAX][READPLAN_REGISTERS_MAX];
	struct readplan plan;
	readplan_make(profile, &plan);
	assert(plan.n >= 1 && plan.n <= READPLAN_REQUESTS_MAX);
	check_ends(&plan);
	check_beside(profile, &plan);
	check_fence(&plan, profile);
	for (int i = 0; i < plan.n; i++)
		check_request(profile, &plan.requests[i]);
	for (int i = 0; i < profile->n_rows; i++) {
		const struct profile_row *row = &profile->rows[i];
		const struct request wanted = {row->function, row->address,
					       (uint16_t)register_count(row->type)};
		int request = -1;
		check_row(row);
		assert(readplan_words(&plan, replies, &wanted, &request));
		assert(request >= 0 && request < plan.n);
	}
}

static void check_hj212(const struct hj212_profile *profile)
{
	assert(profile->id && profile->source && profile->key_field);
	assert(profile->edition == HJ212_2017 || profile->edition == HJ212_2025);
	assert(!profile->key_file || profile->edition == HJ212_2025);
	assert(profile->n_factors >= 1 && profile->n_factors <= HJ212_FACTORS_MAX);
	for (int i = 0; i < profile->n_factors; i++) {
		const struct hj212_factor *factor = &profile->factors[i];
		assert(factor->code && factor->zh && factor->en && factor->unit);
		assert(factor->pollutant >= -1 && factor->pollutant < POLLUTANT_COUNT);
		assert(factor->pollutant < 0 || factor->auxiliary == AUXILIARY_NONE);
		for (int j = 0; j < i; j++) {
			const struct hj212_factor *other = &profile->factors[j];
			assert(strcmp(factor->code, other->code) != 0);
			assert(factor->pollutant < 0 || factor->pollutant != other->pollutant);
		}
	}
}

static void read_file(const uint8_t *data, size_t size, bool hj212)
{
	static struct profile profile;
	static struct hj212_profile side;
	struct arena *arena = arena_new();
	struct problems problems = {0};
	struct yaml_file *file = bytes_open(data, size, arena, &problems);
	bool read =
		file && (hj212 ? conf_read_hj212(file, &side) : conf_read_profile(file, &profile));
	assert(read == (problems.n == 0));
	if (read && hj212)
		check_hj212(&side);
	else if (read)
		check_profile(&profile);
	yaml_close(file);
	problems_done(&problems);
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_file(data, size, false);
	if (memmem(data, size, "hj212", 5))
		read_file(data, size, true);
	return 0;
}
