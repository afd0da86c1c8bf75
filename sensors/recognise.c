/* SPDX-License-Identifier: MIT */
#include "recognise.h"

#include <math.h>
#include <string.h>

#include "decode.h"

#define SANE_MIN 0.001
#define SANE_MAX 1e6
#define NOT_A_NUMBER 0x7F80 /* the bits that begin a NaN or an infinite float */

bool recognise_float(const uint16_t words[2], enum byte_order order)
{
	uint16_t begin = order == ORDER_ABCD || order == ORDER_BADC ? words[0] : words[1];
	double number = decode_number(TYPE_F32, decode_bits(TYPE_F32, order, words));

	return begin > UINT8_MAX && (begin & NOT_A_NUMBER) != NOT_A_NUMBER && isfinite(number) &&
	       fabs(number) >= SANE_MIN && fabs(number) < SANE_MAX;
}

/* ---- how much a range lets pass ---- */

/* The place of a positive float among all of them, as its bits count them. */
static double rank_float(double number)
{
	float real = number > 0 ? (float)number : 0;
	uint32_t bits;

	memcpy(&bits, &real, sizeof(bits));
	return bits;
}

/* The share of all contents that a row takes for a value above zero. */
static double share_of(const struct profile_row *row)
{
	double a = (row->range_min - row->offset) / row->scale,
	       b = (row->range_max - row->offset) / row->scale;
	double low = fmin(a, b), high = fmax(a, b), least = 0.0005 / fabs(row->scale);
	double all = register_is_float(row->type) ? ldexp(1, 32)
		     : row->n_bits > 0            ? ldexp(1, row->n_bits)
						  : ldexp(1, 16 * register_count(row->type));
	bool is_signed = row->type == TYPE_S16 || row->type == TYPE_S32 || row->type == TYPE_S64;

	if (register_is_float(row->type)) {
		low = rank_float(fmax(low, least));
		high = rank_float(high);
	} else {
		low = fmax(low, is_signed ? -all / 2 : 0);
		high = fmin(high, is_signed ? all / 2 - 1 : all - 1);
	}
	return fmin(fmax((high - low) / all, 1 / all), 1);
}

/* ---- a profile ---- */

struct samples {
	struct sample by_row[PROFILE_ROWS_MAX];
};

static int64_t no_time(void *ctx)
{
	(void)ctx;
	return 0;
}

static void keep_sample(void *ctx, const struct sample *sample)
{
	((struct samples *)ctx)->by_row[sample->channel] = *sample;
}

/* The samples that the daemon would make, but for the identity and the status: those are judged
 * apart. */
static void decode_all(const struct device *device, const struct poll *poll, struct samples *ret)
{
	struct profile profile = *device->conf->profile;
	struct device_conf conf = *device->conf;
	struct device bare = *device; /* its plan stays: it has the answers */
	const struct bus_env env = {.ctx = ret, .station_ms = no_time, .emit = keep_sample};

	profile.n_statuses = 0;
	profile.alive.present = false;
	conf.profile = &profile;
	for (int i = 0; i < profile.n_rows; i++)
		conf.channels[i] = (int16_t)i;
	bare.conf = &conf;
	bare.identified = WHY_NONE;
	device_emit_rows(&bare, &env, poll);
}

/* An auxiliary quantity may well be below 0. */
static enum fit fit_of(const struct profile_row *row, const struct sample *sample)
{
	if (sample->why == WHY_NONE)
		return sample->value_milli > 0                                       ? FIT_VALUE
		       : sample->value_milli < 0 && row->auxiliary != AUXILIARY_NONE ? FIT_VALUE
		       : sample->value_milli == 0                                    ? FIT_NOTHING
										     : FIT_WRONG;
	return sample->why == WHY_SENTINEL       ? FIT_NOTHING
	       : sample->why == WHY_OUT_OF_RANGE ? FIT_WRONG
						 : FIT_UNREAD;
}

static void judge_statuses(const struct device *device, const struct poll *poll,
			   struct match *match)
{
	const struct profile *profile = device->conf->profile;

	match->measuring = true;
	for (int i = 0; i < profile->n_statuses; i++) {
		const struct request wanted = request_place(&profile->statuses[i].normal.at);
		int request = 0;
		const uint16_t *words = readplan_words(
			&device->plan, (const uint16_t(*)[READPLAN_REGISTERS_MAX])poll->replies,
			&wanted, &request);
		bool read = words && poll->whys[request] == WHY_NONE;
		match->unread |= !read;
		match->measuring &= read && decode_status(&profile->statuses[i], words) == WHY_NONE;
	}
}

static bool is_upside_down(const struct match *match)
{
	int32_t values_milli[POLLUTANT_COUNT] = {0};

	for (int i = 0; i < match->profile->n_rows; i++)
		if (match->fits[i] == FIT_VALUE &&
		    match->profile->rows[i].auxiliary == AUXILIARY_NONE)
			values_milli[match->profile->rows[i].pollutant] = match->values_milli[i];
	return values_milli[POLLUTANT_PM10] > 0 &&
	       values_milli[POLLUTANT_PM25] > values_milli[POLLUTANT_PM10];
}

void recognise(const struct device *device, const struct poll *poll, struct match *ret)
{
	const struct profile *profile = device->conf->profile;
	struct samples samples = {0};
	bool has_proof = profile->identity.present || profile->n_expects > 0;

	*ret = (struct match){
		.profile = profile,
		.identified = profile->identity.present && device->identified == WHY_NONE,
		.foreign = has_proof && device->identified != WHY_NONE,
		.chance = 1,
	};
	judge_statuses(device, poll, ret);
	decode_all(device, poll, &samples);
	for (int i = 0; i < profile->n_rows; i++) {
		ret->fits[i] = fit_of(&profile->rows[i], &samples.by_row[i]);
		ret->values_milli[i] = samples.by_row[i].value_milli;
		ret->counts[ret->fits[i]]++;
		if (ret->fits[i] == FIT_VALUE)
			ret->chance *= share_of(&profile->rows[i]);
	}
	ret->upside_down = is_upside_down(ret);
}

/* ---- one among others ---- */

int match_against(const struct match *match)
{
	return match->counts[FIT_WRONG] + match->counts[FIT_UNREAD];
}

bool match_is_candidate(const struct match *match)
{
	int unread = match->counts[FIT_UNREAD];

	if (match->foreign)
		return false;
	return match->identified ? unread < match->profile->n_rows - unread
				 : match->counts[FIT_VALUE] > match_against(match);
}

int match_compare(const void *a, const void *b)
{
	const struct match *one = a, *two = b;
	bool doubtful_one = one->upside_down || one->unread || match_against(one) > 0,
	     doubtful_two = two->upside_down || two->unread || match_against(two) > 0;

	if (match_is_candidate(one) != match_is_candidate(two))
		return match_is_candidate(two) - match_is_candidate(one);
	if (one->identified != two->identified)
		return two->identified - one->identified;
	if (doubtful_one != doubtful_two)
		return doubtful_one - doubtful_two;
	if (one->chance < two->chance || one->chance > two->chance)
		return one->chance < two->chance ? -1 : 1;
	return strcmp(one->profile->id, two->profile->id);
}
