/* SPDX-License-Identifier: MIT */
#include "payload_status.h"

#include <jansson.h>
#include <string.h>

#include "payload_json.h"

static json_t *object_or_null(const char *text)
{
	json_t *json = text ? json_loads(text, 0, NULL) : NULL;
	return json ? json : json_null();
}

static json_t *outlook_times(const struct status *status)
{
	json_t *json = json_object();
	const struct plan *plan = &status->conf->plan;
	for (int l = 1; l <= plan->n_levels; l++) {
		if (status->release_h[l] > 0)
			json_object_set_new(json, level_name(plan, l),
					    json_integer(status->release_h[l]));
	}
	return json;
}

static json_t *reason_lines(const char *reasons)
{
	json_t *list = json_array();
	while (*reasons) {
		size_t n = strcspn(reasons, "\n");
		json_array_append_new(list, json_stringn(reasons, n));
		reasons += n + (reasons[n] == '\n');
	}
	return list;
}

static const char *verdict_name(enum status_verdict verdict)
{
	static const char *const names[] = {"well", "warning", "critical", "unknown"};
	return names[verdict];
}

char *payload_status(const struct status *status, enum status_verdict verdict, const char *reasons)
{
	const struct status_files *files = &status->files;
	json_t *json = json_pack("{s:o, s:s, s:b, s:s, s:o, s:b, s:o, s:o}", "time",
				 payload_time(status->now_ms), "station", status->conf->station.id,
				 "exercise", status->conf->exercise, "verdict",
				 verdict_name(verdict), "reasons", reason_lines(reasons), "running",
				 status->live.answered || status->in_use, "daemon",
				 object_or_null(status->live_text), "newest_hour",
				 payload_hour(status->newest_hour));
	json_object_set_new(json, "daily_known_at", payload_hour(status->daily_at));
	json_object_set_new(json, "release_in_h", outlook_times(status));
	json_object_set_new(json, "outbox",
			    json_pack("{s:I, s:I, s:I, s:I, s:o}", "pending",
				      (json_int_t)status->outbox.pending, "sent",
				      (json_int_t)status->outbox.sent, "acked",
				      (json_int_t)status->outbox.acked, "blocked",
				      (json_int_t)status->outbox.blocked, "oldest",
				      payload_time_or_null(status->oldest_ms)));
	json_object_set_new(json, "files",
			    json_pack("{s:I, s:I, s:I, s:I}", "state_bytes",
				      (json_int_t)files->state_bytes, "samples_bytes",
				      (json_int_t)files->samples_bytes, "free_bytes",
				      (json_int_t)files->free_bytes, "total_bytes",
				      (json_int_t)files->total_bytes));
	json_object_set_new(json, "warning", object_or_null(status->warning_text));
	json_object_set_new(json, "aqi", object_or_null(status->aqi_text));
	if (status->auxiliary_text)
		json_object_set_new(json, "aux", object_or_null(status->auxiliary_text));
	json_object_set_new(json, "health", object_or_null(status->health_text));
	return payload_finish(json);
}
