/* SPDX-License-Identifier: MIT */
/* Any registers by any row, sensible or not: the number that the format says, and a value in the
 * row's range or a reason. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "decode.h"
#include "fuzz.h"

/* Any number there is, infinities and NaN among them, or one a profile would have. */
static double real(struct bytes *bytes)
{
	double number;
	if (bytes_between(bytes, 0, 1))
		return (double)bytes_between(bytes, -1000000, 1000000) / 1000;
	uint64_t bits = bytes_number(bytes, sizeof(bits));
	memcpy(&number, &bits, sizeof(number));
	return number;
}

static struct profile_row row_of(struct bytes *bytes)
{
	struct profile_row row = {
		.pollutant = (enum pollutant)bytes_between(bytes, 0, POLLUTANT_COUNT - 1),
		.type = (enum register_type)bytes_between(bytes, 0, REGISTER_TYPE_COUNT - 1),
		.order = (enum byte_order)bytes_between(bytes, ORDER_ABCD, ORDER_DCBA),
		.unit = (enum unit)bytes_between(bytes, UNIT_UG_M3, UNIT_PPM),
		.scale = real(bytes),
		.offset = real(bytes),
		.range_min = real(bytes),
		.range_max = real(bytes),
		.n_sentinels = (int)bytes_between(bytes, 0, PROFILE_SENTINELS_MAX),
	};
	for (int i = 0; i < row.n_sentinels; i++)
		row.sentinels[i] = (struct bounds){real(bytes), real(bytes)};
	int bits = 16 * register_count(row.type);
	if (bits <= 32 && !register_is_float(row.type) && bytes_between(bytes, 0, 1)) {
		row.first_bit = (uint8_t)bytes_between(bytes, 0, bits - 1);
		row.n_bits = (uint8_t)bytes_between(bytes, 1, bits - row.first_bit);
	}
	return row;
}

static struct profile_status status_of(struct bytes *bytes)
{
	struct profile_status status = {
		.normal = {
			.at = {.type = (enum register_type)bytes_between(bytes, TYPE_U16, TYPE_S32),
			       .order = (enum byte_order)bytes_between(bytes, ORDER_ABCD,
								       ORDER_DCBA)},
			.mask = (uint32_t)bytes_number(bytes, 4),
			.n_good = (int)bytes_between(bytes, 1, PROFILE_NORMALS_MAX)}};
	for (int i = 0; i < status.normal.n_good; i++)
		status.normal.good[i] = (struct bounds){real(bytes), real(bytes)};
	for (int i = 0; i < PROFILE_SAYINGS; i++) {
		status.says[i] = bytes_between(bytes, 0, 1);
		status.said[i] = (uint32_t)bytes_number(bytes, 4);
	}
	return status;
}

/* Good is none, and what it says is one of its sayings. */
static void check_status(const struct profile_status *status, const uint16_t *words)
{
	enum why why = decode_status(status, words);
	assert((why == WHY_NONE) == decode_holds(&status->normal, words));
	assert(why == WHY_NONE || why == WHY_STATUS || why == WHY_ZERO_CHECK ||
	       why == WHY_SPAN_CHECK || why == WHY_WARM_UP || why == WHY_MAINTENANCE);
	if (status->normal.mask > 0)
		assert((decode_looked_at(&status->normal, words) & ~status->normal.mask) == 0);
}

#define BYTES_MAX (2 * PROFILE_WORDS_MAX)

/* The bytes as they came, ABCD, put into the order of the row's value, the highest first. */
static int order_bytes(const struct profile_row *row, const uint16_t *words, uint8_t *ret)
{
	int n = 2 * register_count(row->type);
	for (int i = 0; i < n; i++) {
		uint16_t word = words[i / 2];
		uint8_t byte = (uint8_t)(i % 2 == 0 ? word >> 8 : word);
		int last = n - 1 - i;
		int at = row->order == ORDER_DCBA   ? last
			 : row->order == ORDER_BADC ? i ^ 1
			 : row->order == ORDER_CDAB ? last ^ 1
						    : i;
		ret[at] = byte;
	}
	return n;
}

static double read_float(const uint8_t *bytes, int n)
{
	uint8_t turned[BYTES_MAX];
	float real;
	double wide;
	for (int i = 0; i < n; i++)
		turned[i] = bytes[n - 1 - i];
	memcpy(&real, turned, sizeof(real));
	memcpy(&wide, turned, sizeof(wide));
	return n == sizeof(real) ? (double)real : wide;
}

/* What the registers say, bit by bit: of a signed type the highest counts against the others. */
static double expect_number(const struct profile_row *row, const uint16_t *words)
{
	bool is_signed = row->type == TYPE_S16 || row->type == TYPE_S32 || row->type == TYPE_S64;
	uint8_t bytes[BYTES_MAX] = {0};
	int n = order_bytes(row, words, bytes);
	int n_bits = row->n_bits > 0 ? row->n_bits : 8 * n;
	if (register_is_float(row->type))
		return read_float(bytes, n);
	__int128 number = 0;
	for (int i = 0; i < n_bits; i++) {
		int bit = row->first_bit + i;
		__int128 worth = (__int128)1 << i;
		if (bytes[n - 1 - bit / 8] >> bit % 8 & 1)
			number += is_signed && i == n_bits - 1 ? -worth : worth;
	}
	return (double)number;
}

static void check_number(const struct profile_row *row, const uint16_t *words)
{
	double expected = expect_number(row, words), found = decode_row_number(row, words);
	assert(found == expected || (isnan(found) && isnan(expected)));
}

/* In a row of the pollutant's own unit the value and its range can be computed directly. */
static void check_value(const struct profile_row *row, const uint16_t *words,
			const struct sample *sample)
{
	bool own =
		row->pollutant == POLLUTANT_CO ? row->unit == UNIT_MG_M3 : row->unit == UNIT_UG_M3;
	double slack = 1 + fabs(sample->value_milli * 1e-9);
	if (!own || fabs(row->scale) > 1e6 || fabs(row->offset) > 1e6)
		return;
	double value = (expect_number(row, words) * row->scale + row->offset) * 1000;
	double far = 1e-9 * (fabs(value) + fabs(row->offset) * 1000);
	assert(fabs(sample->value_milli - value) <= 0.5 + far);
	assert(sample->value_milli >= row->range_min * 1000 - slack);
	assert(sample->value_milli <= row->range_max * 1000 + slack);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = {data, size};
	struct profile_row row = row_of(&bytes);
	struct profile_status status = status_of(&bytes);
	char text[PROFILE_TEXT_MAX + 1];
	while (bytes.left > 0) {
		const uint16_t words[PROFILE_WORDS_MAX] = {
			(uint16_t)bytes_number(&bytes, 2), (uint16_t)bytes_number(&bytes, 2),
			(uint16_t)bytes_number(&bytes, 2), (uint16_t)bytes_number(&bytes, 2)};
		check_status(&status, words);
		check_number(&row, words);
		decode_text(row.order, words, 7, text);
		assert(strlen(text) == 7);
		struct sample sample = {.at_ms = 7, .value_milli = 7, .channel = 7};
		int32_t end_milli = 0;
		bool at_end = decode_is_at_end(&row, words, &end_milli);
		assert(end_milli >= 0 && (at_end || end_milli == 0));
		decode_row(&row, words, &sample);
		assert(sample.at_ms == 7 && sample.channel == 7);
		if (sample.quality == QUALITY_NORMAL) {
			assert(sample.why == WHY_NONE);
			check_value(&row, words, &sample);
		} else {
			assert(sample.why == WHY_SENTINEL || sample.why == WHY_OUT_OF_RANGE);
			assert(sample.quality == why_quality(sample.why));
			assert(sample.value_milli == 0);
		}
	}
	return 0;
}
