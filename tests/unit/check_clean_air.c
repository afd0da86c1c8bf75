/* SPDX-License-Identifier: MIT */
/*
 * A made year of clean air, as each shipped profile would read it: nothing in it may look like an
 * instrument that is stuck more than once. Particles around 3 ug/m3 that wander within half a day,
 * and the noise of a counter, in the steps of the register.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "decode.h"
#include "guard.h"
#include "unit.h"

#define POLL_S 300
#define YEAR_S (365 * 86400)
#define USUAL_UG_M3 3.0
#define SPREAD 0.6       /* of the logarithm */
#define MEMORY_S 43200.0 /* of the air */
#define NOISE_UG_M3 0.3  /* of a counter, and a share of the value */
#define NOISE_SHARE 0.03

/* About normal, mean 0 and deviation 1. */
static double deviation(void)
{
	double sum = 0;

	for (int i = 0; i < 6; i++)
		sum += (double)(unit_random() % 65536) / 65536;
	return (sum - 3) * sqrt(2);
}

/* The words of a value in the register's steps; never below zero. */
static void write_words(const struct profile_row *row, double value, uint16_t ret[2])
{
	double raw = round((fmax(value, 0) - row->offset) / row->scale);
	float real = (float)fmax(value, 0);
	uint32_t bits = (uint32_t)raw;

	if (row->type == TYPE_F32)
		memcpy(&bits, &real, sizeof(bits));
	ret[0] = register_count(row->type) == 1 ? (uint16_t)bits : (uint16_t)(bits >> 16);
	ret[1] = (uint16_t)bits;
}

/* How often a year of it is found frozen. */
static int alarms_in_a_year(struct profile_row row)
{
	struct guard guard = {0};
	double air = 0, keeps = exp(-POLL_S / MEMORY_S);
	int alarms = 0;
	bool frozen = false;

	row.order = ORDER_ABCD;
	for (int64_t s = 0; s < YEAR_S; s += POLL_S) {
		struct sample sample = {.at_ms = s * 1000};
		uint16_t words[2];
		air = air * keeps + SPREAD * sqrt(1 - keeps * keeps) * deviation();
		double value = USUAL_UG_M3 * exp(air);
		value += deviation() * (NOISE_UG_M3 + NOISE_SHARE * value);
		write_words(&row, value, words);
		decode_row(&row, words, &sample);
		guard_take(&guard, &row, words, &sample);
		bool found = sample.why == WHY_FROZEN || sample.why == WHY_FALL;
		alarms += found && !frozen;
		frozen = found;
	}
	return alarms;
}

START_TEST(a_year_of_clean_air_is_not_frozen_in_any_shipped_profile)
{
	struct problems problems = {0};
	struct conf *conf = NULL;
	int rows = 0;

	conf_load_profiles(unit_source("config"), &problems, &conf);
	for (int p = 0; p < conf->n_profiles; p++) {
		for (int i = 0; i < conf->profiles[p]->n_rows; i++) {
			const struct profile_row *row = &conf->profiles[p]->rows[i];
			if (row->pollutant != POLLUTANT_PM25 && row->pollutant != POLLUTANT_PM10)
				continue;
			int alarms = alarms_in_a_year(*row);
			printf("# %s %s: %d false alarms in a year\n", conf->profiles[p]->id,
			       pollutant_info(row->pollutant)->key, alarms);
			fflush(stdout);
			ck_assert_int_le(alarms, 1);
			rows++;
		}
	}
	ck_assert_int_ge(rows, 20);
	conf_free(conf);
	problems_done(&problems);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("clean_air");
	TCase *tc = tcase_create("clean_air");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_year_of_clean_air_is_not_frozen_in_any_shipped_profile);
	suite_add_tcase(suite, tc);
	return suite;
}
