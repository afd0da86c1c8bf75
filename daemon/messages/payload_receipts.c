/* SPDX-License-Identifier: MIT */
#include "payload_receipts.h"

#include <string.h>

#include "payload_json.h"

static const struct plan_unit *find_unit(const struct plan *plan, const char *id)
{
	for (int i = 0; i < plan->n_units; i++) {
		if (strcmp(plan->units[i].id, id) == 0)
			return &plan->units[i];
	}
	return NULL;
}

static json_t *receipt_json(const struct plan *plan, const struct receipt_report *receipt)
{
	const struct plan_unit *unit = find_unit(plan, receipt->unit);
	return json_pack(
		"{s:s, s:s, s:o, s:o, s:s, s:o, s:o, s:o}", "ref", receipt->ref, "unit",
		receipt->unit, "zh", payload_text(unit ? unit->zh : NULL), "en",
		payload_text(unit ? unit->en : NULL), "outcome",
		receipt_outcome_name(receipt->outcome), "done_pct",
		receipt->done_pct == RECEIPT_UNSAID ? json_null() : json_integer(receipt->done_pct),
		"cut_kg_d", payload_kg(receipt->cut_gpd), "time", payload_time(receipt->time_ms));
}

char *payload_receipts(const struct payload_head *head, const struct receipt_report *receipts,
		       int n, bool more)
{
	json_t *json = payload_begin(head), *list = json_array();
	for (int i = 0; i < n; i++)
		json_array_append_new(list, receipt_json(&head->conf->plan, &receipts[i]));
	json_object_set_new(json, "receipts", list);
	json_object_set_new(json, "more", json_boolean(more));
	return payload_finish(json);
}
