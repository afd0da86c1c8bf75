/* SPDX-License-Identifier: MIT */
/* Any file as a sensor model: it is refused with problems, or its registers can be asked for. */
#include <assert.h>
#include <math.h>

#include "conf_rules.h"
#include "decode.h"
#include "fuzz.h"
#include "readplan.h"

static void check_row(const struct profile_row *row)
{
	static const uint16_t words[][2] = {
		{0, 0}, {0xffff, 0xffff}, {0x7f80, 0}, {0x7fff, 0x8000}, {0x4120, 0x4120}};
	assert(isfinite(row->scale) && isfinite(row->offset) && row->range_min < row->range_max);
	assert(row->function == 3 || row->function == 4);
	assert(row->address + register_count(row->type) <= 65536);
	assert(row->n_sentinels >= 0 && row->n_sentinels <= PROFILE_SENTINELS_MAX);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct sample sample = {0};
		decode_row(row, words[i], &sample);
		assert((sample.quality == QUALITY_NORMAL) == (sample.why == WHY_NONE));
	}
}

static void check_request(const struct readplan *plan, int i)
{
	const struct request *request = &plan->requests[i];
	assert(request->count >= 1 && request->count <= READPLAN_REGISTERS_MAX);
	assert(request->address + request->count <= 65536);
	for (int j = 0; j < i; j++)
		assert(plan->requests[j].function != request->function ||
		       plan->requests[j].count != request->count);
}

static void check_profile(const struct profile *profile)
{
	static const uint16_t replies[READPLAN_REQUESTS_MAX][READPLAN_REGISTERS_MAX];
	struct readplan plan;
	readplan_make(profile, &plan);
	assert(plan.n >= 1 && plan.n <= READPLAN_REQUESTS_MAX);
	for (int i = 0; i < plan.n; i++)
		check_request(&plan, i);
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct profile profile;
	struct arena *arena = arena_new();
	struct problems problems = {0};
	struct yaml_file *file = bytes_open(data, size, arena, &problems);
	bool read = file && conf_read_profile(file, &profile);
	assert(read == (problems.n == 0));
	if (read)
		check_profile(&profile);
	yaml_close(file);
	problems_done(&problems);
	arena_free(arena);
	return 0;
}
