/* SPDX-License-Identifier: MIT */
#include "dust.h"

#include <string.h>

/* The first place whose hour is not before the given one. */
static int find_hour_place(const struct dust_hours *dust, int64_t hour)
{
	int low = 0, high = dust->n;
	while (low < high) {
		int middle = (low + high) / 2;
		if (dust->hours[middle] < hour)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool dust_at(const struct dust_hours *dust, int64_t hour)
{
	return dust_within(dust, hour, hour);
}

bool dust_within(const struct dust_hours *dust, int64_t first, int64_t last)
{
	int i = find_hour_place(dust, first);
	return i < dust->n && dust->hours[i] <= last;
}

bool dust_window(const struct dust_hours *dust, int64_t hour, int64_t *ret_from, int64_t *ret_to)
{
	int first = find_hour_place(dust, hour), last = first;
	if (first == dust->n)
		return false;
	while (first > 0 && dust->hours[first - 1] == dust->hours[first] - 1)
		first--;
	while (last + 1 < dust->n && dust->hours[last + 1] == dust->hours[last] + 1)
		last++;
	*ret_from = dust->hours[first];
	*ret_to = dust->hours[last];
	return true;
}

bool dust_flag(struct dust_hours *dust, int64_t hour)
{
	int i = find_hour_place(dust, hour);
	if (i < dust->n && dust->hours[i] == hour)
		return true;
	if (dust->n == DUST_HOURS_MAX)
		return false;
	memmove(&dust->hours[i + 1], &dust->hours[i],
		(size_t)(dust->n - i) * sizeof(dust->hours[0]));
	dust->hours[i] = hour;
	dust->n++;
	return true;
}
