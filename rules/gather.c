/* SPDX-License-Identifier: MIT */
/*
 *   start at 0 s, connect at 3 s, words at 4 s and 5 s: judged at 7 s
 *   start at 0 s, no connect: judged at 10 s; connect at 60 s, a word each second: judged at 70 s
 */
#include "gather.h"

void gather_start(struct gather *gather, int64_t at_ms)
{
	*gather = (struct gather){.after_start = true, .started_ms = at_ms};
}

void gather_connect(struct gather *gather, int64_t at_ms)
{
	gather->after_connect = true;
	gather->connected_ms = gather->last_ms = at_ms;
}

void gather_word(struct gather *gather, int64_t at_ms)
{
	gather->last_ms = at_ms;
}

bool gather_is_open(const struct gather *gather)
{
	return gather->after_start || gather->after_connect;
}

static int64_t pick_sooner_ms(int64_t a_ms, int64_t b_ms)
{
	return a_ms < b_ms ? a_ms : b_ms;
}

static int64_t backlog_due_ms(const struct gather *gather)
{
	if (!gather->after_connect)
		return INT64_MAX;
	return pick_sooner_ms(gather->last_ms + GATHER_SILENCE_MS,
			      gather->connected_ms + GATHER_MOST_MS);
}

int64_t gather_due_ms(const struct gather *gather)
{
	int64_t due_ms = backlog_due_ms(gather);
	if (gather->after_start)
		due_ms = pick_sooner_ms(due_ms, gather->started_ms + GATHER_MOST_MS);
	return due_ms;
}

bool gather_close(struct gather *gather, int64_t at_ms)
{
	if (gather_due_ms(gather) > at_ms)
		return false;
	gather->after_start = false;
	if (backlog_due_ms(gather) <= at_ms)
		gather->after_connect = false;
	return true;
}
