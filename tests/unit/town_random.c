/* SPDX-License-Identifier: MIT */
#include "town_random.h"

#include <stdint.h>
#include <string.h>

#include "hall_damage.h"

#define SPELL_STEPS 7

static uint64_t random_state;

/* splitmix64, which makes neighbouring seeds strangers: less than n. */
static int below(int n)
{
	random_state += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t z = random_state;
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (int)((z ^ z >> 31) % (uint64_t)n);
}

static bool chance(int per_cent)
{
	return below(100) < per_cent;
}

static int draw_start(void)
{
	int kind = below(100);
	if (kind < 30)
		return 0;
	if (kind < 45)
		return -5 * (1 + below(36));
	return kind < 85 ? 10 * (1 + below(60)) : 60 * (1 + below(120));
}

static int draw_wait(void)
{
	int kind = below(100);
	if (kind < 50)
		return 1 + below(60);
	return kind < 85 ? 10 * (1 + below(60)) : 60 * (1 + below(50));
}

static void draw_word(struct town_step *step)
{
	static const int skews[] = {-3, -4, -30, -300, 2, 10};
	step->level = chance(8) ? -1 : chance(30) ? 0 : 1 + below(3);
	step->start_min = draw_start();
	step->end_min = chance(30) ? 10 * (1 + below(60)) : 0;
	step->issuer = chance(25);
	step->document = chance(30) ? 0 : 1 + below(3);
	step->skew_min = chance(30) ? skews[below(6)] : 0;
	step->after = chance(10) ? 1 : chance(3) ? 2 : 0;
	step->which = step->level < 0 || chance(12) ? 1 + below(4) : 0;
	step->local = chance(30);
}

/* Many short ones ahead, so that there are too many. */
static void crowd(struct town_step *step)
{
	if (step->op == TOWN_WAITS)
		step->start_min = 1 + below(10);
	if (step->op != TOWN_SAYS || chance(10))
		return;
	*step = (struct town_step){.op = TOWN_SAYS, .level = 1 + below(3), .end_min = 10};
	step->start_min = 600 + 10 * below(400);
}

/* Nobody lifts anything for weeks, and the link is down for days. */
static void linger(struct town_step *step)
{
	if (step->op == TOWN_RESTARTS || step->op == TOWN_SIGNS)
		step->op = chance(50) ? TOWN_UNLINKS : TOWN_LINKS;
	if (step->op == TOWN_WAITS)
		step->start_min *= 10;
	if (step->op == TOWN_SAYS && step->level == 0)
		step->level = 1;
}

/* Much is said within an hour, and little of it arrives at once. */
static void cut_off(struct town_step *step)
{
	static const enum town_op ops[] = {TOWN_UNLINKS, TOWN_LINKS, TOWN_STOPS, TOWN_STARTS};
	if (step->op == TOWN_WAITS)
		step->start_min = 5 * (1 + below(6));
	if (step->op == TOWN_SAYS) {
		step->start_min = 5 * (below(12) - 1);
		step->end_min = chance(60) ? 5 * (1 + below(6)) : 0;
	}
	if (step->op == TOWN_SIGNS || step->op == TOWN_ADVISES || step->op == TOWN_RESTARTS)
		*step = (struct town_step){.op = ops[below(4)]};
}

static struct town_step draw_step(int mood)
{
	static const struct {
		enum town_op op;
		int share;
	} shares[TOWN_OP_COUNT] = {{TOWN_SAYS, 38},    {TOWN_WAITS, 25},  {TOWN_SIGNS, 6},
				   {TOWN_RESTARTS, 3}, {TOWN_UNLINKS, 4}, {TOWN_LINKS, 6},
				   {TOWN_STOPS, 4},    {TOWN_STARTS, 6},  {TOWN_SETS_CLOCK, 2},
				   {TOWN_ADVISES, 4},  {TOWN_DAMAGES, 2}};
	int i = 0;
	for (int drawn = below(100); drawn >= shares[i].share; i++)
		drawn -= shares[i].share;
	struct town_step step = {.op = shares[i].op};
	if (step.op == TOWN_SAYS)
		draw_word(&step);
	if (step.op == TOWN_WAITS)
		step.start_min = draw_wait();
	if (step.op == TOWN_SETS_CLOCK)
		step.start_min = chance(50) ? 0 : 15 * (below(17) - 8);
	if (step.op == TOWN_SIGNS)
		step.which = below(4);
	if (step.op == TOWN_DAMAGES)
		step.which = below(HALL_DAMAGE_COUNT);
	if (step.op == TOWN_ADVISES)
		step = (struct town_step){
			.op = TOWN_ADVISES, .level = below(4), .start_min = 60 * below(60)};
	if (mood == 0)
		crowd(&step);
	if (mood == 1)
		linger(&step);
	if (mood == 2 || mood == 3)
		cut_off(&step);
	return step;
}

void town_draw(struct town_step steps[TOWN_STEPS_MAX], uint64_t seed)
{
	random_state = seed;
	int mood = below(8);
	for (int i = 0; i < TOWN_STEPS_MAX; i++)
		steps[i] = draw_step(mood);
}

static struct town_step draw_air(void)
{
	static const enum town_op ops[] = {TOWN_ADVISES,  TOWN_ADVISES, TOWN_ADVISES, TOWN_BREATHES,
					   TOWN_BREATHES, TOWN_WAITS,   TOWN_WAITS,   TOWN_WAITS,
					   TOWN_DUSTS,    TOWN_REVIEWS, TOWN_DOUBTS};
	struct town_step step = {
		.op = ops[below(11)], .level = below(4), .start_min = 60 * below(40)};
	step.which = below(10);
	if (step.op == TOWN_ADVISES && chance(50))
		step.level = 2 + below(2);
	if (step.op == TOWN_ADVISES && chance(40))
		step.skew_min = -60 * (1 + below(30));
	if (step.op == TOWN_DOUBTS)
		step.start_min = 60 * below(6);
	if (step.op == TOWN_ADVISES && chance(40)) /* not far ahead */
		step.end_min = 10 * (1 + below(72));
	if (step.op == TOWN_WAITS)
		step.start_min = 60 * (1 + below(24));
	return step;
}

/* Smog for a day or two, clean air, and the smog turns out false. */
static void draw_spell(struct town_step steps[SPELL_STEPS])
{
	int before_h = below(24), after_h = 1 + below(14);
	int smog_h = 24 + before_h + after_h;
	steps[0] = (struct town_step){.op = TOWN_BREATHES, .level = 2 + below(2)};
	steps[1] = (struct town_step){.op = TOWN_WAITS, .start_min = 24 * 60};
	steps[2] = (struct town_step){.op = TOWN_WAITS, .start_min = before_h * 60};
	steps[3] = (struct town_step){.op = TOWN_BREATHES};
	steps[4] = (struct town_step){.op = TOWN_WAITS, .start_min = after_h * 60};
	steps[5] = (struct town_step){.op = chance(70) ? TOWN_REVIEWS : TOWN_DOUBTS, .level = 1};
	steps[5].start_min = (smog_h + below(4)) * 60;
	if (chance(50))
		steps[6] = (struct town_step){.op = TOWN_RESTARTS};
}

void town_draw_air(struct town_step steps[TOWN_STEPS_MAX], uint64_t seed)
{
	town_draw(steps, seed);
	for (int i = 0; i < TOWN_AIR_STEPS; i++) {
		if (chance(50))
			steps[i] = draw_air();
		if (steps[i].op == TOWN_WAITS) /* an hour costs its time */
			steps[i].start_min = 1 + steps[i].start_min % (10 * 60);
	}
	draw_spell(&steps[below(TOWN_AIR_STEPS - SPELL_STEPS)]);
}

/* ---- shrinking ---- */

/* Leaves out runs of steps, as long as what is left fails. */
static int shrink_length(struct town_step *steps, int n, town_fails *fails)
{
	struct town_step fewer[TOWN_STEPS_MAX];
	for (int size = n / 2; size > 0; size = size > 1 ? size / 2 : 0) {
		for (int from = 0; from + size <= n;) {
			memcpy(fewer, steps, (size_t)from * sizeof(*steps));
			memcpy(fewer + from, steps + from + size,
			       (size_t)(n - from - size) * sizeof(*steps));
			if (!fails(fewer, n - size)) {
				from++;
				continue;
			}
			n -= size;
			memcpy(steps, fewer, (size_t)n * sizeof(*steps));
		}
	}
	return n;
}

/* Tries simpler numbers in a step. */
static bool shrink_numbers(struct town_step *steps, int n, int i, town_fails *fails)
{
	int *const numbers[] = {&steps[i].end_min,  &steps[i].issuer,   &steps[i].document,
				&steps[i].skew_min, &steps[i].after,    &steps[i].which,
				&steps[i].local,    &steps[i].start_min};
	bool changed = false;
	for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++) {
		for (int divisor = 0; divisor <= 2; divisor += 2) {
			int before = *numbers[k];
			*numbers[k] = divisor == 0 ? 0 : before / divisor / 10 * 10;
			if (*numbers[k] != before && fails(steps, n))
				changed = true;
			else
				*numbers[k] = before;
		}
	}
	return changed;
}

int town_shrink(struct town_step *steps, int n, town_fails *fails)
{
	for (bool changed = true; changed;) {
		int length = shrink_length(steps, n, fails);
		changed = length < n;
		n = length;
		for (int i = 0; i < n; i++)
			changed = shrink_numbers(steps, n, i, fails) || changed;
	}
	return n;
}
