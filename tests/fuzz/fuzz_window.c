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

/* The hours of the day that ends with the newest, the newest first. */
struct day {
	struct hour_values hours[WINDOW_HOURS];
};

static struct day find_day(const struct list *list)
{
	struct day day;
	for (int back = 0; back < WINDOW_HOURS; back++)
		day.hours[back] = look_up(list, list->newest - back);
	return day;
}

/* Of `hours` hours of a day, the newest of them `back` hours ago. */
static struct mean sum_hours(const struct day *day, enum pollutant p, int back, int hours)
{
	struct mean sum = {0};
	for (int i = back; i < back + hours; i++) {
		if (!(day->hours[i].valid & (1u << p)))
			continue;
		sum.sum_milli += day->hours[i].milli[p];
		sum.n++;
	}
	return sum;
}

/* The largest of the means of `hours` hours that have `least` valid ones, and how many have. */
static int find_largest(const struct day *day, enum pollutant p, int hours, int least,
			struct mean *ret)
{
	int means = 0;
	*ret = (struct mean){0};
	for (int back = 0; back <= WINDOW_HOURS - hours; back++) {
		struct mean mean = sum_hours(day, p, back, hours);
		if (mean.n < least)
			continue;
		if (means++ == 0 || mean.sum_milli * ret->n > ret->sum_milli * mean.n)
			*ret = mean;
	}
	return means;
}

static bool is_same_mean(struct mean a, struct mean b)
{
	return (a.n == 0) == (b.n == 0) && a.sum_milli * b.n == b.sum_milli * a.n;
}

#define DAY_LEAST_H 20 /* HJ 663 table 1 */
#define SPAN_H 8
#define SPAN_LEAST_H 6
#define SPANS_LEAST 14

static bool has_8h(const struct day *day, enum pollutant p)
{
	struct mean largest;
	return find_largest(day, p, SPAN_H, SPAN_LEAST_H, &largest) >= SPANS_LEAST;
}

static void check_means(const struct day *day, const struct window *window, enum pollutant p)
{
	struct mean sum = window_sum(window, p, window->newest, WINDOW_HOURS);
	struct mean max_1h = window_max_1h(window, p, 1);
	struct mean max_8h = window_max_8h(window, p, SPAN_LEAST_H, SPANS_LEAST);
	struct mean whole = sum_hours(day, p, 0, WINDOW_HOURS), largest;
	assert(sum.sum_milli == whole.sum_milli && sum.n == whole.n);
	assert(window_max_1h(window, p, DAY_LEAST_H).n == (sum.n >= DAY_LEAST_H));
	find_largest(day, p, 1, 1, &largest);
	assert(is_same_mean(max_1h, largest));
	bool there = find_largest(day, p, SPAN_H, SPAN_LEAST_H, &largest) >= SPANS_LEAST;
	assert(max_8h.n == 0 ? !there : there && max_8h.n >= SPAN_LEAST_H && max_8h.n <= SPAN_H);
	assert(!there || is_same_mean(max_8h, largest));
}

/* `present` have a mean, and one of `needed` must. */
static void check_aqi(const struct edition *edition, const struct scope *scope,
		      pollutant_set present, pollutant_set needed, const struct aqi *aqi)
{
	int32_t top = IAQI_NONE;
	pollutant_set largest = 0;
	assert(aqi->complete == ((scope->monitored & ~present) == 0));
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		assert(aqi->iaqi[p] >= IAQI_NONE && aqi->iaqi[p] <= 500);
		assert((aqi->means[p].n > 0) == !!(scope->monitored & present & (1u << p)));
		assert(aqi->iaqi[p] == IAQI_NONE || aqi->means[p].n > 0);
		top = aqi->iaqi[p] > top ? aqi->iaqi[p] : top;
	}
	if (top == IAQI_NONE) {
		assert(!aqi->known && !aqi->publishable && aqi->primary == 0);
		return;
	}
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		largest |= aqi->iaqi[p] == top ? 1u << p : 0;
	assert(aqi->known == ((scope->monitored & present & needed) != 0));
	assert(aqi->value == (top > edition->lowest ? top : edition->lowest));
	assert(aqi->primary == (aqi->value > edition->primary_above ? largest : 0));
	assert(aqi->publishable == (aqi->complete || aqi->value > edition->incomplete_above));
	assert(aqi->value <= edition->categories[aqi->category].upto);
	assert(aqi->category == 0 || aqi->value > edition->categories[aqi->category - 1].upto);
}

/* Of which pollutants the day has enough hours; ozone's count in spans, and where its largest hour
 * counts, too, alone. */
static pollutant_set find_daily(const struct edition *edition, const struct day *day,
				const struct aqi *aqi)
{
	pollutant_set present = 0;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		int hours = sum_hours(day, (enum pollutant)p, 0, WINDOW_HOURS).n;
		bool enough = hours >= DAY_LEAST_H;
		assert(aqi->hours[p] == hours);
		if (p == POLLUTANT_O3)
			enough = has_8h(day, POLLUTANT_O3) ||
				 (enough && edition->daily & 1u << COLUMN_O3_1H);
		present |= enough ? 1u << p : 0;
	}
	return present;
}

static void check_indices(const struct day *day, const struct window *window,
			  const struct scope *scope)
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
		check_aqi(&editions[e], scope, find_daily(&editions[e], day, &aqi), scope->leading,
			  &aqi);
		aqi_realtime(&editions[e], scope, &values, &aqi);
		check_aqi(&editions[e], scope, values.valid, scope->monitored, &aqi);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct list list;
	struct bytes bytes = {data, size};
	struct window window = {0};
	struct day day;
	struct scope scope = {.monitored = (pollutant_set)bytes_between(&bytes, 1, POLLUTANT_ALL)};
	scope.leading = scope.monitored & (pollutant_set)bytes_between(&bytes, 1, POLLUTANT_ALL);
	int64_t hour = LABEL;
	list = (struct list){0};
	while (bytes.left > 0 && list.n < HOURS_MAX) {
		struct hour_values values = read_values(&bytes);
		bool next = bytes_between(&bytes, 0, 7) != 0;
		hour += next ? 1 : bytes_between(&bytes, -30, 60);
		put(&list, &window, hour, &values);
		if (list.n % NOW_AND_THEN == 0) {
			day = find_day(&list);
			check_indices(&day, &window, &scope);
		}
	}
	if (list.n == 0)
		return 0;
	day = find_day(&list);
	check_indices(&day, &window, &scope);
	check_contents(&list, &window);
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		check_means(&day, &window, (enum pollutant)p);
	return 0;
}
