/* SPDX-License-Identifier: MIT */
/*
 * Random sequences of what a command centre, its people, a link and a clock may do to a station;
 * one that ends in something untrue is shrunk to the shortest that does, and printed.
 */
#include <stdlib.h>
#include <time.h>

#include "town_random.h"
#include "unit.h"

#define QUICK_SEQUENCES 2000
#define MANY_TAKE_S 20 /* processor time; twenty times the usual */

static bool fails(const struct town_step *steps, int n)
{
	char why[TOWN_WHY_MAX];
	return town_run(steps, n, NULL, why) < n;
}

static void report(struct town_step *steps, int n, uint64_t seed)
{
	char why[TOWN_WHY_MAX] = "";
	n = town_shrink(steps, n, fails);
	fprintf(stderr, "# sequence of seed %llu, shrunk to %d steps (minute, step):\n",
		(unsigned long long)seed, n);
	town_run(steps, n, stderr, why);
	ck_abort_msg("seed %llu: %s", (unsigned long long)seed, why);
}

static void run_sequences(long count)
{
	static struct town_step steps[TOWN_STEPS_MAX];
	const char *wanted = getenv("HAZEWATCH_SEQUENCES");
	uint64_t first = (uint64_t)unit_random() << 16;
	if (wanted)
		count = strtol(wanted, NULL, 10);
	fprintf(stderr, "# %ld sequences from seed %llu on\n", count, (unsigned long long)first);
	for (long s = 0; s < count; s++) {
		char why[TOWN_WHY_MAX];
		town_draw(steps, first + (uint64_t)s + 1);
		int good = town_run(steps, TOWN_STEPS_MAX, NULL, why);
		if (good < TOWN_STEPS_MAX)
			report(steps, good + 1, first + (uint64_t)s + 1);
	}
}

START_TEST(whatever_is_said_and_whatever_fails_all_that_is_published_is_what_is_in_force)
{
	run_sequences(QUICK_SEQUENCES);
}
END_TEST

START_TEST(so_it_is_in_ten_times_as_many_sequences)
{
	clock_t begin = clock();
	run_sequences(10 * QUICK_SEQUENCES);
	double spent = (double)(clock() - begin) / CLOCKS_PER_SEC;
	fprintf(stderr, "# %.1f s of processor time\n", spent);
	ck_assert_double_le(spent, MANY_TAKE_S);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("timetable");
	TCase *sequences = tcase_create("sequences");
	TCase *slow = unit_slow_case(suite, 240);
	tcase_set_timeout(sequences, 60);
	tcase_add_test(
		sequences,
		whatever_is_said_and_whatever_fails_all_that_is_published_is_what_is_in_force);
	suite_add_tcase(suite, sequences);
	tcase_add_test(slow, so_it_is_in_ten_times_as_many_sequences);
	return suite;
}
