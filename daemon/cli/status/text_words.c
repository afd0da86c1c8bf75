/* SPDX-License-Identifier: MIT */
/* Times and reasons as people read them. */
#include <string.h>

#include "hour.h"
#include "log_words.h"
#include "text.h"
#include "text_status.h"
#include "time_text.h"

const char *text_moment(const struct status *status, int64_t ms, char ret[TEXT_MOMENT_SIZE])
{
	const struct tm tm = time_beijing(ms), now = time_beijing(status->now_ms);
	char year[8] = "";
	if (tm.tm_year != now.tm_year)
		snprintf(year, sizeof(year), "%04d-", (tm.tm_year + 1900) % 10000);
	if (ms == 0)
		return "-";
	snprintf(ret, TEXT_MOMENT_SIZE, "%.5s%02d-%02d %02d:%02d", year, (tm.tm_mon + 1) % 100,
		 tm.tm_mday % 100, tm.tm_hour % 100, tm.tm_min % 100);
	return ret;
}

const char *text_hour_end(const struct status *status, int64_t hour, char ret[TEXT_MOMENT_SIZE])
{
	struct tm day;
	int clock = text_clock_hour(hour, &day);
	(void)status;
	snprintf(ret, TEXT_MOMENT_SIZE, "%02d-%02d %02d:00", (day.tm_mon + 1) % 100,
		 day.tm_mday % 100, clock % 100);
	return ret;
}

const char *text_why(const char *name)
{
	enum why why;
	return why_parse(name, &why) ? why_words(why) : name;
}
