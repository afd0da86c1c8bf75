/* SPDX-License-Identifier: MIT */
/*
 * A factory with measures at yellow alone has them at orange, too; a measure of the plan is its own
 * only if it is of the right kind, has what the measure is about, and is not exempt:
 *
 *   more than 10 vehicle movements a day: 11 is more, 10 is not (5.3.3(4), 超过), and a list that
 *   does not say how many makes it unknown: no order for that alone
 */
#include "order.h"

#include <assert.h>

struct order_level order_level_of(const struct plan *plan, int level)
{
	int indices[PLAN_MEASURES_MAX];
	assert(level > LEVEL_NONE && level <= plan->n_levels);
	struct order_level ret = {.plan = plan, .level = level};
	int n = plan_measures_at(plan, level, indices);
	for (int i = 0; i < n; i++) {
		if (plan->measures[indices[i]].sources != 0)
			ret.measures[ret.n++] = indices[i];
	}
	return ret;
}

int order_level_said(uint32_t bits, int level)
{
	while (level > LEVEL_NONE && !(bits & (1u << level)))
		level--;
	return level;
}

static enum truth lower_truth(enum truth a, enum truth b)
{
	return a < b ? a : b;
}

/* Whether a number is above a bound; `few` is why it is not, the bit after it why it is unknown. */
static enum truth compare_number(int32_t number, int32_t above, unsigned *why, enum order_why few)
{
	if (number > above)
		return TRUTH_TRUE;
	*why |= number == ORDER_UNSAID ? (unsigned)few << 1 : (unsigned)few;
	return number == ORDER_UNSAID ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

static enum truth has_needs(const struct order_level *level, const struct plan_measure *measure,
			    const struct order_source *source, unsigned *why)
{
	int32_t movements = measure->numbers[NUMBER_MORE_THAN_MOVEMENTS_PER_DAY];
	enum truth truth = TRUTH_TRUE;
	if (movements != NUMBER_UNSAID)
		truth = lower_truth(truth, compare_number(source->movements, movements, why,
							  ORDER_WHY_MOVEMENTS));
	if (measure->only_if & (1u << NEED_OLD_MACHINERY))
		truth = lower_truth(
			truth, compare_number(source->old_machines, 0, why, ORDER_WHY_MACHINES));
	if ((measure->only_if & (1u << NEED_PARK)) && !source->in_park) {
		*why |= ORDER_WHY_PARK;
		truth = TRUTH_FALSE;
	}
	if ((measure->only_if & (1u << NEED_OWN_MEASURES)) &&
	    order_level_said(source->said, level->level) == LEVEL_NONE)
		truth = TRUTH_FALSE; /* ORDER_WHY_ROW says so */
	return truth;
}

enum truth order_applies(const struct order_level *level, const struct plan_measure *measure,
			 const struct order_source *source, unsigned *why)
{
	if (!(measure->sources & (1u << source->kind)))
		return TRUTH_FALSE;
	*why &= ~(unsigned)ORDER_WHY_KIND;
	if (measure->except & source->exempt) {
		*why |= ORDER_WHY_EXEMPT;
		return TRUTH_FALSE;
	}
	return has_needs(level, measure, source, why);
}

unsigned order_why_none(const struct order_level *level, const struct order_source *source)
{
	unsigned why = ORDER_WHY_ROW | ORDER_WHY_KIND;
	if (order_level_said(source->said, level->level) != LEVEL_NONE)
		return 0;
	for (int i = 0; i < level->n; i++) {
		if (order_applies(level, &level->plan->measures[level->measures[i]], source,
				  &why) == TRUTH_TRUE)
			return 0;
	}
	return why;
}

int order_measures(const struct order_level *level, const struct order_source *source,
		   int ret[PLAN_MEASURES_MAX])
{
	unsigned why = 0;
	int n = 0;
	for (int i = 0; i < level->n; i++) {
		int index = level->measures[i];
		if (order_applies(level, &level->plan->measures[index], source, &why) !=
		    TRUTH_FALSE)
			ret[n++] = index;
	}
	return n;
}
