/* SPDX-License-Identifier: MIT */
#include "skeleton.h"

#include "decode.h"
#include "recognise.h"
#include "words.h"

#define CONCENTRATION_MIN 0.01
#define CONCENTRATION_MAX 100000
#define IDENTITIES_MAX 3 /* of more registers that hold the unit id none is a sign */

static const char head[] = TR_LATER(
	"# It is refused as it stands, on purpose: only the maker's manual says what a register "
	"means.\n"
	"#  1. Fill in id, maker, model and source, each with the manual's page.\n"
	"#  2. Take the # away before the rows that measure something and fill in every FILL:\n"
	"#     pollutant: pm25, pm10, so2, no2, co or o3; unit: ug/m3, mg/m3, ppb or ppm; or\n"
	"#     tsp, no, nox, temperature, humidity, pressure, wind_speed, wind_direction, noise\n"
	"#     or rain in the units of hazewatch-profile(5);\n"
	"#     range: what the instrument can measure. Correct type, order and scale.\n"
	"#  3. Delete the other rows and this text; run hazewatch check on the file.\n"
	"# Unknown: what each register means, units, scales, ranges, the mark for \"no value\", a "
	"status\n"
	"# register, whether a value is of the moment or a mean. A # ends each row with what it "
	"held.\n");

static bool is_empty_register(const struct sweep *sweep, int at)
{
	uint16_t word = sweep->registers[at].word;

	return sweep_is_read(sweep, at) && (word == 0 || word == UINT16_MAX);
}

/* Which of a number's low bits are zero: people's numbers are rounder than what two words make by
 * accident. */
static int count_zero_bits(const uint16_t words[2], enum byte_order order)
{
	uint64_t bits = decode_bits(TYPE_F32, order, words);
	int n = 0;

	while (n < 24 && !(bits >> n & 1))
		n++;
	return n;
}

/* Nothing that an instrument measures in air is negative, or so small. */
static bool may_be_concentration(const struct sweep *sweep, int at, int order)
{
	uint16_t words[2];

	if (!sweep_pair(sweep, at, words) || !recognise_float(words, (enum byte_order)order))
		return false;
	double number =
		decode_number(TYPE_F32, decode_bits(TYPE_F32, (enum byte_order)order, words));
	return number >= CONCENTRATION_MIN && number <= CONCENTRATION_MAX;
}

/* An instrument has one order: that in which most pairs are numbers, of several the one with the
 * rounder ones. */
static int common_order(const struct sweep *sweep)
{
	int best = 0, best_pairs = -1, best_zeros = 0;

	for (int order = 0; order < BYTE_ORDER_COUNT; order++) {
		int pairs = 0, zeros = 0;
		for (int at = 0; at < sweep->count; at++) {
			uint16_t words[2];
			if (!may_be_concentration(sweep, at, order))
				continue;
			sweep_pair(sweep, at, words);
			zeros += count_zero_bits(words, (enum byte_order)order);
			pairs++;
			at++;
		}
		if (pairs > best_pairs || (pairs == best_pairs && zeros > best_zeros)) {
			best = order;
			best_pairs = pairs;
			best_zeros = zeros;
		}
	}
	return best;
}

/* The order in which a float begins at a register, -1: none does. One in an order of its own does
 * not take a register from its neighbour. */
static int float_order(const struct sweep *sweep, int common, int at)
{
	if (may_be_concentration(sweep, at, common))
		return common;
	if (may_be_concentration(sweep, at + 1, common))
		return -1;
	for (int order = 0; order < BYTE_ORDER_COUNT; order++) {
		if (may_be_concentration(sweep, at, order))
			return order;
	}
	return -1;
}

static void print_float_row(FILE *out, const struct sweep *sweep, int at, enum byte_order order)
{
	uint16_t words[2];

	sweep_pair(sweep, at, words);
	fprintf(out,
		"  # - {pollutant: FILL, function: %d, address: %d, type: f32, order: %s, unit: "
		"FILL, "
		"range: [FILL, FILL]}   # %.6g",
		sweep->function, sweep->from + at, byte_order_name(order),
		decode_number(TYPE_F32, decode_bits(TYPE_F32, order, words)));
	if (words[0] != 0 && words[1] != 0)
		fprintf(out, "; two u16: %u, %u", words[0], words[1]);
	fputs("\n", out);
}

static void print_word_row(FILE *out, const struct sweep *sweep, int at)
{
	uint16_t word = sweep->registers[at].word;

	fprintf(out,
		"  # - {pollutant: FILL, function: %d, address: %d, type: u16, unit: FILL, scale: "
		"1, "
		"range: [FILL, FILL]}   # %u",
		sweep->function, sweep->from + at, word);
	if (word > INT16_MAX)
		fprintf(out, ", s16 %d", (int16_t)word);
	fputs("\n", out);
}

/* A run of registers that hold 0 or FFFF and begin no float; where it ends. */
static int print_empty(FILE *out, const struct sweep *sweep, int at)
{
	int end = at + 1, common = common_order(sweep);

	while (end < sweep->count && is_empty_register(sweep, end) &&
	       float_order(sweep, common, end) < 0)
		end++;
	fprintf(out, "  # %d", sweep->from + at);
	if (end - at > 1)
		fprintf(out, "-%d", sweep->from + end - 1);
	fputs(tr(": 0 or FFFF now\n"), out);
	return end;
}

static void print_rows(FILE *out, const struct sweep *sweep)
{
	int common = common_order(sweep);

	fputs("rows:\n", out);
	for (int at = 0; at < sweep->count;) {
		int order = float_order(sweep, common, at);
		if (order >= 0) {
			print_float_row(out, sweep, at, (enum byte_order)order);
			at += 2;
		} else if (is_empty_register(sweep, at)) {
			at = print_empty(out, sweep, at);
		} else {
			if (sweep_is_read(sweep, at))
				print_word_row(out, sweep, at);
			at++;
		}
	}
}

static bool holds_unit_id(const struct sweep *sweep, int at)
{
	return sweep_is_read(sweep, at) && sweep->registers[at].word == sweep->unit_id;
}

static void print_identities(FILE *out, const struct sweep *sweep)
{
	int n = 0;

	for (int at = 0; at < sweep->count; at++)
		n += holds_unit_id(sweep, at);
	for (int at = 0; at < sweep->count && n <= IDENTITIES_MAX; at++) {
		if (holds_unit_id(sweep, at))
			fprintf(out,
				"# identity: {function: %d, address: %d, value: unit_id}   # %s\n",
				sweep->function, sweep->from + at,
				tr("holds the unit id; only if the manual says so, too"));
	}
}

void skeleton_print(FILE *out, const struct sweep *sweep, const char *line)
{
	fprintf(out, tr("# Skeleton of a profile: %s, unit %d, function %d, registers %d to %d.\n"),
		line, sweep->unit_id, sweep->function, sweep->from, sweep->from + sweep->count - 1);
	fputs(tr(head), out);
	fputs("kind: profile\n"
	      "id:\n"
	      "maker:\n"
	      "model:\n"
	      "source:\n"
	      "max_hole: 0\n",
	      out);
	print_rows(out, sweep);
	print_identities(out, sweep);
}
