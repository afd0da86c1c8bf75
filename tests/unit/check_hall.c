/* SPDX-License-Identifier: MIT */
/*
 * The random sequences of check_timetable.c through the engine and SQLite. What goes out is decoded
 * again; a station that is stopped and started tells the same as a twin that never was.
 */
#include <stdlib.h>
#include <string.h>

#include "hall.h"
#include "hall_damage.h"
#include "pipeline.h"
#include "town_random.h"
#include "unit.h"

#define QUICK_SEQUENCES 15  /* one of them closes hours */
#define AIR_EACH 15         /* of so many sequences closes hours, which takes its time */
#ifdef __SANITIZE_ADDRESS__ /* which takes ten times as long */
#define FULL_SEQUENCES 30
#else
#define FULL_SEQUENCES 500
#endif

static struct hall_run here, twin;

/* Of a directive that only the log knows, planned end and slips are lost: no twin tells the same.
 */
static bool is_compared(const struct town_step *steps, int n)
{
	bool stops = false;
	for (int i = 0; i < n; i++) {
		if (steps[i].op == TOWN_DAMAGES && steps[i].which >= HALL_DAMAGE_LOG)
			return false;
		stops = stops || steps[i].op == TOWN_RESTARTS || steps[i].op == TOWN_DAMAGES;
	}
	return stops;
}

/* How many steps were good, and in `here` what was wrong. */
static int run_both(const struct town_step *steps, int n, FILE *out)
{
	here.steps = twin.steps = steps;
	here.n = twin.n = n;
	here.out = out;
	twin.never_restarts = true;
	int good = hall_run(&here);
	if (good < n || !is_compared(steps, n) || hall_run(&twin) < n)
		return good;
	bool same_story = strcmp(here.story, twin.story) == 0;
	if (same_story && strcmp(here.retained, twin.retained) == 0)
		return n;
	snprintf(here.why, sizeof(here.why), "a twin that was never stopped tells another %s",
		 same_story ? "state" : "story");
	if (out)
		fprintf(out, "---- the twin:\n%s\n%s---- not\n%s", twin.story, twin.retained,
			here.retained);
	return n - 1;
}

static bool fails(const struct town_step *steps, int n)
{
	return run_both(steps, n, NULL) < n;
}

static void report(struct town_step *steps, int n, uint64_t seed)
{
	fprintf(stderr, "# seed %llu: %s\n", (unsigned long long)seed, here.why);
	n = town_shrink(steps, n, fails);
	fprintf(stderr, "# sequence of seed %llu, shrunk to %d steps (minute, step):\n",
		(unsigned long long)seed, n);
	run_both(steps, n, stderr);
	ck_abort_msg("seed %llu: %s", (unsigned long long)seed, here.why);
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
		bool air = s % AIR_EACH == 0;
		int n = air ? TOWN_AIR_STEPS : TOWN_STEPS_MAX;
		here.closes_hours = twin.closes_hours = air;
		here.by_release = twin.by_release = s % 3 == 1;
		(air ? town_draw_air : town_draw)(steps, first + (uint64_t)s + 1);
		int good = run_both(steps, n, NULL);
		if (good < n)
			report(steps, good + 1, first + (uint64_t)s + 1);
	}
}

static void begin(void)
{
	setup();
	killed();
}

START_TEST(whatever_is_said_and_whatever_fails_an_engine_tells_what_is_in_force)
{
	run_sequences(QUICK_SEQUENCES);
}
END_TEST

START_TEST(so_it_does_in_many_sequences)
{
	run_sequences(FULL_SEQUENCES);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("hall");
	TCase *sequences = tcase_create("sequences");
	TCase *slow = unit_slow_case(suite, 1400);
	tcase_set_timeout(sequences, 180);
	tcase_add_checked_fixture(sequences, begin, NULL);
	tcase_add_test(sequences,
		       whatever_is_said_and_whatever_fails_an_engine_tells_what_is_in_force);
	suite_add_tcase(suite, sequences);
	tcase_add_checked_fixture(slow, begin, NULL);
	tcase_add_test(slow, so_it_does_in_many_sequences);
	return suite;
}
