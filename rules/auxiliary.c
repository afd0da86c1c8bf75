/* SPDX-License-Identifier: MIT */
/*
 * Most quantities have the mean that pollutants have. Three do not:
 *
 * Noise: the energy mean Leq = 10 lg (mean of 10^(L/10)), GB 3096-2008 3.2.
 *   half an hour of 50.0 dB and half an hour of 60.0 dB: 10 lg ((1e5 + 1e6) / 2) = 57.4 dB
 *
 * Wind direction: that of the mean of the vectors, each sample as long as its wind was strong.
 *   10 m/s from 350 and 10 m/s from 10 degrees: from 0 degrees, and not from 180
 *   3 m/s from 0 and 1 m/s from 90 degrees: atan (1/3) = 18 degrees
 * A vector of at most 0.2 m/s (Beaufort 0) has no direction: a calm, or winds that cancel out.
 *
 * Rain has no mean but a sum (rain.h).
 *
 * Sines and powers of ten are tables between which a straight line is drawn: 0.01 degrees and 0.001
 * dB are kept, and it is the same on every machine.
 */
#include "auxiliary.h"

#include <assert.h>
#include <string.h>

#include "pollutant.h"

#define DEGREE 1000
#define QUARTER (90 * DEGREE)
#define ONE 65536 /* of the sines */
#define DIRECTION_STEP 10

/* Steps of published values: HJ 663-2013 6.3 for TSP and NOx, HJ 212-2017 table B.2 for the others.
 */
static const struct auxiliary_info infos[AUXILIARY_COUNT] = {
	[AUXILIARY_TSP] = {"tsp", "tsp_ug_m3", "TSP", "总悬浮颗粒物（TSP）", "ug/m3", 1000, -100000,
			   100000000},
	[AUXILIARY_NO] = {"no", "no_ug_m3", "NO", "一氧化氮（NO）", "ug/m3", 1000, -100000,
			  20000000},
	[AUXILIARY_NOX] = {"nox", "nox_ug_m3", "NOx", "氮氧化物（NOx）", "ug/m3", 1000, -100000,
			   20000000},
	[AUXILIARY_TEMPERATURE] = {"temperature", "temperature_c", "temperature", "气温", "C", 100,
				   -90000, 100000},
	[AUXILIARY_HUMIDITY] = {"humidity", "humidity_pct", "humidity", "相对湿度", "%", 100, 0,
				110000},
	[AUXILIARY_PRESSURE] = {"pressure", "pressure_hpa", "pressure", "气压", "hPa", 100, 300000,
				1200000},
	[AUXILIARY_WIND_SPEED] = {"wind_speed", "wind_speed_m_s", "wind", "风速", "m/s", 100, 0,
				  120000},
	[AUXILIARY_WIND_DIRECTION] = {"wind_direction", "wind_direction_deg", "direction", "风向",
				      "deg", 1000, 0, 360000},
	[AUXILIARY_NOISE] = {"noise", "noise_db", "noise", "噪声", "dB", 100, 20000, 130000},
	[AUXILIARY_RAIN] = {"rain", "rain_mm", "rain", "降雨量", "mm", 100, 0, 2000000000},
};

const struct auxiliary_info *auxiliary_info(enum auxiliary auxiliary)
{
	assert((int)auxiliary > AUXILIARY_NONE && (int)auxiliary < AUXILIARY_COUNT);
	return &infos[auxiliary];
}

bool auxiliary_parse(const char *key, enum auxiliary *ret)
{
	for (int i = AUXILIARY_NONE + 1; i < AUXILIARY_COUNT; i++) {
		if (strcmp(infos[i].key, key) == 0) {
			*ret = (enum auxiliary)i;
			return true;
		}
	}
	return false;
}

/* ---- noise ---- */

/* 10^(k/10) in billionths, and 10^(j/100) in millionths. */
static const int64_t decibels[10] = {
	1000000000, 1258925412, 1584893192, 1995262315, 2511886432,
	3162277660, 3981071706, 5011872336, 6309573445, 7943282347,
};
static const int64_t tenths[11] = {
	1000000, 1023293, 1047129, 1071519, 1096478, 1122018,
	1148154, 1174898, 1202264, 1230269, 1258925,
};

int64_t noise_energy(int32_t level_milli)
{
	int decade = level_milli / 10000, rest = level_milli % 10000;
	int tenth = rest % 1000 / 100, thousandth = rest % 100;
	int64_t within = tenths[tenth] + (tenths[tenth + 1] - tenths[tenth]) * thousandth / 100;
	/* billionths of 1..10 */
	int64_t mantissa = decibels[rest / 1000] / 1000 * within / 1000;
	for (; decade > 9; decade--)
		mantissa *= 10;
	int64_t divisor = 4;
	for (; decade < 9; decade++)
		divisor *= 10;
	return round_half_even(mantissa, divisor);
}

/* The lowest level that has at least that energy. */
static int32_t find_level(int64_t energy)
{
	int32_t low = infos[AUXILIARY_NOISE].least_milli, high = infos[AUXILIARY_NOISE].most_milli;
	while (low < high) {
		int32_t middle = low + (high - low) / 2;
		if (noise_energy(middle) >= energy)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Low energies are shared by several levels: the one in their middle. */
int32_t noise_level_milli(int64_t energy)
{
	int32_t first = find_level(energy), behind = find_level(energy + 1);
	return behind > first ? first + (behind - first) / 2 : first;
}

const struct hour_scale *auxiliary_scale(enum auxiliary auxiliary)
{
	static const struct hour_scale noise = {noise_energy, noise_level_milli};
	return auxiliary == AUXILIARY_NOISE ? &noise : NULL;
}

/* ---- wind ---- */

static const int32_t sines[91] = {
	0,     1144,  2287,  3430,  4572,  5712,  6850,  7987,  9121,  10252, 11380, 12505, 13626,
	14742, 15855, 16962, 18064, 19161, 20252, 21336, 22415, 23486, 24550, 25607, 26656, 27697,
	28729, 29753, 30767, 31772, 32768, 33754, 34729, 35693, 36647, 37590, 38521, 39441, 40348,
	41243, 42126, 42995, 43852, 44695, 45525, 46341, 47143, 47930, 48703, 49461, 50203, 50931,
	51643, 52339, 53020, 53684, 54332, 54963, 55578, 56175, 56756, 57319, 57865, 58393, 58903,
	59396, 59870, 60326, 60764, 61183, 61584, 61966, 62328, 62672, 62997, 63303, 63589, 63856,
	64104, 64332, 64540, 64729, 64898, 65048, 65177, 65287, 65376, 65446, 65496, 65526, 65536,
};

/* Of 0..90000. */
static int64_t find_sine(int32_t milli)
{
	int32_t degree = milli / DEGREE, rest = milli % DEGREE;
	if (rest == 0)
		return sines[degree];
	return sines[degree] + (int64_t)(sines[degree + 1] - sines[degree]) * rest / DEGREE;
}

struct wind wind_parts(int32_t direction_milli, int32_t speed_milli)
{
	int32_t quarter = direction_milli / QUARTER % 4, rest = direction_milli % QUARTER;
	int64_t along = find_sine(quarter % 2 == 0 ? rest : QUARTER - rest);
	int64_t beside = find_sine(quarter % 2 == 0 ? QUARTER - rest : rest);
	int64_t east = quarter < 2 ? along : -along;
	int64_t north = quarter == 0 || quarter == 3 ? beside : -beside;
	return (struct wind){(int32_t)round_half_even(east * speed_milli, ONE),
			     (int32_t)round_half_even(north * speed_milli, ONE)};
}

/* The angle between north and (east, north), neither below 0: where the two cross. */
static int32_t find_angle(int64_t east, int64_t north)
{
	int32_t low = 0, high = QUARTER / DIRECTION_STEP;
	while (low < high) {
		int32_t middle = (low + high) / 2, milli = middle * DIRECTION_STEP;
		if (east * find_sine(QUARTER - milli) > north * find_sine(milli))
			low = middle + 1;
		else
			high = middle;
	}
	return low * DIRECTION_STEP;
}

bool wind_direction_milli(const struct wind *wind, int32_t *ret)
{
	int64_t east = wind->east_milli, north = wind->north_milli;
	if (east * east + north * north <= (int64_t)WIND_CALM_MILLI * WIND_CALM_MILLI)
		return false;
	int32_t angle = find_angle(east < 0 ? -east : east, north < 0 ? -north : north);
	if (north < 0)
		angle = 2 * QUARTER - angle;
	if (east < 0)
		angle = 4 * QUARTER - angle;
	*ret = angle % (4 * QUARTER);
	return true;
}
