/* SPDX-License-Identifier: MIT */
/*
 * One stretch is asked for, though it may span hours that are there: a station tells one at a time,
 * and what comes twice says nothing new.
 *
 *   window 1 to 95, told 1 to 40 and 60 to 95, of 41 the station said that it has it not:
 *   42 to 59; asked at 0 s, then at 15, 45, 105 s, ...
 */
#include "ask.h"

bool patience_is_due(const struct patience *patience, int64_t now_ms)
{
	return now_ms >= patience->due_ms;
}

void patience_wait(struct patience *patience, int64_t now_ms, int64_t first_ms, int64_t longest_ms)
{
	int64_t pause_ms = patience->pause_ms > 0 ? 2 * patience->pause_ms : first_ms;
	patience->pause_ms = pause_ms < longest_ms ? pause_ms : longest_ms;
	patience->due_ms = now_ms + patience->pause_ms;
}

void absent_note(struct absent *absent, int64_t first, int64_t last)
{
	if (first < last - ASK_HOURS + 1)
		first = last - ASK_HOURS + 1;
	for (int64_t hour = first > 1 ? first : 1; hour <= last; hour++)
		absent->hours[hour % ASK_HOURS] = hour;
}

bool ask_stretch(const struct absent *absent, int64_t newest, const bool told[ASK_HOURS],
		 int64_t *ret_first, int64_t *ret_last)
{
	bool any = false;
	for (int i = 0; i < ASK_HOURS; i++) {
		int64_t hour = newest - ASK_HOURS + 1 + i;
		if (hour < 1 || told[i] || absent->hours[hour % ASK_HOURS] == hour)
			continue;
		if (!any)
			*ret_first = hour;
		*ret_last = hour;
		any = true;
	}
	return any;
}
