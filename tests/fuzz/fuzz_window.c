/* SPDX-License-Identifier: MIT */
/*
 * Any hours into a window, in any order: it holds what a list of them would, and the means and AQIs
 * of both editions keep their promises.
 */
#include <assert.h>

#include "aqi.h"
#include "fuzz.h"
#include "models.h"
#include "window.h"

#define LABEL 400000
#define HOURS_MAX 120
#define NOW_AND_THEN 12 /* hours between two looks at the AQI */

/* Every hour that was ever put in. */
struct list {
	int n;
	int64_t newest;
	struct {
		int64_t hour;
		struct hour_values values;
	} put[HOURS_MAX];
};

static struct hour_values read_values(struct bytes *bytes)
{
	struct hour_values values = {.valid = (pollutant_set)bytes_between(bytes, 0, 255)};
	values.valid = values.valid > POLLUTANT_ALL ? POLLUTANT_ALL : values.valid;
	bool usual = bytes_between(bytes, 0, 3) != 0;
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		values.milli[p] = (int32_t)(usual ? bytes_between(bytes, 0, 65535) * 20
						  : bytes_between(bytes, INT32_MIN, INT32_MAX));
	return values;
}

static void put(struct list *list, struct window *window, int64_t hour,
		const struct hour_values *values)
{
	window_put(window, hour, values);
	if (list->n > 0 && hour <= list->newest - WINDOW_HOURS)
		return;
	list->newest = list->n == 0 || hour > list->newest ? hour : list->newest;
	list->put[list->n].hour = hour;
	list->put[list->n++].values = *values;
}

static struct hour_values look_up(const struct list *list, int64_t hour)
{
	bool held = hour <= list->newest && hour > list->newest - WINDOW_HOURS;
	for (int i = list->n - 1; held && i >= 0; i--) {
		if (list->put[i].hour == hour)
			return list->put[i].values;
	}
	return (struct hour_values){0};
}

/* The values of an hour of the window; a missing hour has an empty `valid`. */
static struct hour_values read_hour(const struct window *window, int64_t hour)
{
	int64_t slot = (hour % WINDOW_HOURS + WINDOW_HOURS) % WINDOW_HOURS;
	bool held = window->newest != 0 && hour <= window->newest &&
		    hour > window->newest - WINDOW_HOURS;
	return held ? window->hours[slot] : (struct hour_values){0};
}

static void check_contents(const struct list *list, const struct window *window)
{
	assert(window->newest == list->newest);
	for (int64_t hour = list->newest - WINDOW_HOURS - 1; hour <= list->newest + 1; hour++) {
		struct hour_values expected = look_up(list, hour), found = read_hour(window, hour);
		assert(found.valid == expected.valid);
		for (int p = 0; p < POLLUTANT_COUNT; p++)
			assert(!(found.valid & (1u << p)) || found.milli[p] == expected.milli[p]);
	}
}

/* True if the mean a is at most the mean b. */
static bool at_most(struct mean a, struct mean b)
{
	return a.sum_milli * b.n <= b.sum_milli * a.n;
}

static void check_means(const struct list *list, const struct window *window, enum pollutant p)
{
	struct mean sum = window_sum(window, p, list->newest, WINDOW_HOURS);
	struct mean max_1h = window_max_1h(window, p, 1), max_8h = window_max_8h(window, p, 6, 14);
	struct mean recomputed = {0};
	for (int back = 0; back < WINDOW_HOURS; back++) {
		struct hour_values values = look_up(list, list->newest - back);
		if (!(values.valid & (1u << p)))
			continue;
		recomputed.sum_milli += values.milli[p];
		recomputed.n++;
		assert(at_most((struct mean){values.milli[p], 1}, max_1h));
	}
	assert(sum.sum_milli == recomputed.sum_milli && sum.n == recomputed.n);
	assert(sum.n == 0 || at_most(sum, max_1h));
	assert(max_8h.n == 0 || (max_8h.n >= 6 && max_8h.n <= 8 && at_most(max_8h, max_1h)));
	assert(sum.n < WINDOW_HOURS || max_8h.n == 8);
	assert(window_max_1h(window, p, 20).n == (sum.n >= 20));
	for (int back = WINDOW_HOURS - 8; max_8h.n > 0 && back >= 0; back--) {
		struct mean mean = window_sum(window, p, list->newest - back, 8);
		assert(mean.n < 6 || at_most(mean, max_8h));
	}
}

static void check_aqi(const struct edition *edition, const struct scope *scope,
		      const struct aqi *aqi)
{
	int32_t top = IAQI_NONE;
	pollutant_set largest = 0;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		bool there = aqi->iaqi[p] != IAQI_NONE;
		assert(aqi->iaqi[p] >= IAQI_NONE && aqi->iaqi[p] <= 500);
		assert(!there || (aqi->means[p].n > 0 && (scope->monitored & (1u << p))));
		top = aqi->iaqi[p] > top ? aqi->iaqi[p] : top;
	}
	if (top == IAQI_NONE) {
		assert(!aqi->known && !aqi->publishable && aqi->primary == 0);
		return;
	}
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		largest |= aqi->iaqi[p] == top ? 1u << p : 0;
	assert(aqi->value == (top > edition->lowest ? top : edition->lowest));
	assert(aqi->primary == (aqi->value > edition->primary_above ? largest : 0));
	assert(aqi->publishable == (aqi->complete || aqi->value > edition->incomplete_above));
	assert(aqi->value <= edition->categories[aqi->category].upto);
	assert(aqi->category == 0 || aqi->value > edition->categories[aqi->category - 1].upto);
}

static void check_indices(const struct window *window, const struct scope *scope)
{
	static struct edition editions[2];
	if (editions[0].n_index == 0) {
		editions[0] = models_hj633_2012();
		editions[1] = models_hj633_2026();
	}
	for (int e = 0; e < 2; e++) {
		struct hour_values values = read_hour(window, window->newest);
		struct aqi aqi;
		aqi_daily(&editions[e], scope, window, &aqi);
		check_aqi(&editions[e], scope, &aqi);
		aqi_realtime(&editions[e], scope, &values, &aqi);
		check_aqi(&editions[e], scope, &aqi);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct list list;
	struct bytes bytes = {data, size};
	struct window window = {0};
	struct scope scope = {.monitored = (pollutant_set)bytes_between(&bytes, 1, POLLUTANT_ALL)};
	scope.leading = scope.monitored & (pollutant_set)bytes_between(&bytes, 1, POLLUTANT_ALL);
	int64_t hour = LABEL;
	list = (struct list){0};
	while (bytes.left > 0 && list.n < HOURS_MAX) {
		struct hour_values values = read_values(&bytes);
		bool next = bytes_between(&bytes, 0, 7) != 0;
		hour += next ? 1 : bytes_between(&bytes, -30, 60);
		put(&list, &window, hour, &values);
		if (list.n % NOW_AND_THEN == 0)
			check_indices(&window, &scope);
	}
	if (list.n == 0)
		return 0;
	check_indices(&window, &scope);
	check_contents(&list, &window);
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		check_means(&list, &window, (enum pollutant)p);
	return 0;
}
