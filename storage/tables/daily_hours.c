/* SPDX-License-Identifier: MIT */
#include "daily_hours.h"

#include "hours.h"

static void compute_daily(struct daily_hours *hours, int n, const struct hour_values *values,
			  int32_t *ret)
{
	for (int i = 0; i < n; i++) {
		struct aqi daily;
		window_put(&hours->window, hours->next + i, &values[i]);
		aqi_daily(hours->edition, hours->scope, &hours->window, &daily);
		ret[i] = daily.known ? daily.value : IAQI_NONE;
	}
}

int daily_hours_load(struct store *store, struct daily_hours *hours, int n, struct hour_values *ret,
		     int32_t *ret_daily)
{
	int r = hours_load(store, hours->next, n, ret);
	if (r == 0 && hours->is_district)
		r = hours_daily(store, hours->next, n, ret_daily);
	else if (r == 0)
		compute_daily(hours, n, ret, ret_daily);
	if (r == 0)
		hours->next += n;
	return r;
}
