/* SPDX-License-Identifier: MIT */
/* The summaries that are due, as a piece of warning. */
#include "payload_json.h"
#include "receipts.h"
#include "time_text.h"

static json_t *summary_json(const struct summaries *summaries, const struct summary *summary)
{
	const struct plan *plan = summaries->plan;
	char episode[RECEIPTS_EPISODE_SIZE], date[TIME_TEXT_SIZE];
	time_text(calendar_begin_ms(summary->due_day), date);
	date[10] = '\0'; /* the date alone */
	json_t *json =
		json_pack("{s:s, s:s, s:o, s:o, s:s, s:b, s:i, s:b, s:o, s:o}", "episode",
			  receipts_episode(summary->episode, episode), "level",
			  level_name(plan, summary->level), "begun",
			  payload_time(summary->begun_ms), "ended", payload_time(summary->ended_ms),
			  "date", date, "certain", summary->certain, "working_days",
			  plan->summary_days, "late", summary_is_late(summary, summaries->now_ms),
			  "units", payload_unit_ids(plan, summary->units), "missing",
			  payload_unit_ids(plan, summary->units & ~summary->done));
	payload_add_rank(json, plan, summary->level);
	return json;
}

json_t *payload_summaries(const struct summaries *summaries)
{
	json_t *list = json_array();
	for (int i = 0; i < summaries->n; i++) {
		if (summary_is_open(&summaries->list[i]))
			json_array_append_new(list, summary_json(summaries, &summaries->list[i]));
	}
	return list;
}
