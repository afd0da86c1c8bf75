/* SPDX-License-Identifier: MIT */
/*
 * A receipt answers something that exists, by a unit of the plan; then the topic receipts says what
 * the newest are, without the persons.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine_inside.h"
#include "payload_receipts.h"
#include "post.h"
#include "receipts.h"

#define REFS_NAMED 3
#define RECEIPTS_READ (5 * PAYLOAD_RECEIPTS_MAX) /* the same ref and unit may come again */

/* ---- what can be answered, and by whom ---- */

/* A unit by its id or name: its id. False if it is none of the plan's, which names some; a plan
 * without units knows nobody better. */
static bool find_receipt_unit(const struct plan *plan, const char *name, const char **ret_id)
{
	for (int i = 0; i < plan->n_units; i++) {
		const struct plan_unit *unit = &plan->units[i];
		if (strcmp(unit->id, name) != 0 && strcmp(unit->zh, name) != 0 &&
		    strcmp(unit->en, name) != 0)
			continue;
		*ret_id = unit->id;
		return true;
	}
	return plan->n_units == 0;
}

/* Where a text that names things is filled in. */
struct names {
	char *text;
	size_t n;
};

static void add_name(void *ctx, const char *name)
{
	struct names *names = ctx;
	int n = snprintf(names->text + names->n, COMMAND_WHY_MAX - names->n, "%s, ", name);
	if (n > 0 && (size_t)n < COMMAND_WHY_MAX - names->n)
		names->n += (size_t)n;
	else
		names->text[names->n] = '\0';
}

static void refuse_unit(const struct plan *plan, const char *unit, char why[COMMAND_WHY_MAX])
{
	struct names names = {.text = why};
	names.n = (size_t)snprintf(why, COMMAND_WHY_MAX, "unit: %s is unknown; known are ", unit);
	for (int i = 0; i < plan->n_units; i++)
		add_name(&names, plan->units[i].id);
	why[names.n - strlen(", ")] = '\0';
}

static int refuse_ref(struct store *store, const char *ref, char why[COMMAND_WHY_MAX])
{
	struct names names = {.text = why};
	names.n = (size_t)snprintf(why, COMMAND_WHY_MAX, "ref: %s is unknown; known are ", ref);
	int r = receipts_each_ref(store, REFS_NAMED, add_name, &names);
	snprintf(why + names.n, COMMAND_WHY_MAX - names.n,
		 "order/SOURCE, episode-NUMBER, ids of this station's messages");
	return r;
}

int engine_check_receipt(struct engine *engine, const struct receipt *receipt,
			 char why[COMMAND_WHY_MAX])
{
	const char *unit = receipt->unit;
	bool known = true;
	int r = 0;
	if (!find_receipt_unit(engine->rules.plan, receipt->unit, &unit)) {
		refuse_unit(engine->rules.plan, receipt->unit, why);
		return 0;
	}
	if (!store_is_volatile(engine->store)) /* the list and the orders are on the disk */
		r = receipts_find_ref(engine->store, receipt->ref, &known);
	return r == 0 && !known ? refuse_ref(engine->store, receipt->ref, why) : r;
}

/* ---- the topic ---- */

struct newest {
	int n, read;
	struct receipt_report list[PAYLOAD_RECEIPTS_MAX];
};

static bool is_listed(const struct newest *newest, const struct receipt_row *row)
{
	for (int i = 0; i < newest->n; i++) {
		if (strcmp(newest->list[i].ref, row->ref) == 0 &&
		    strcmp(newest->list[i].unit, row->unit) == 0)
			return true;
	}
	return false;
}

static void keep_newest(void *ctx, const struct receipt_row *row)
{
	struct newest *newest = ctx;
	newest->read++;
	if (newest->n == PAYLOAD_RECEIPTS_MAX || is_listed(newest, row))
		return;
	struct receipt_report *receipt = &newest->list[newest->n++];
	*receipt = (struct receipt_report){
		.done_pct = row->done_pct, .cut_gpd = row->cut_gpd, .time_ms = row->time_ms};
	snprintf(receipt->ref, sizeof(receipt->ref), "%s", row->ref);
	snprintf(receipt->unit, sizeof(receipt->unit), "%s", row->unit);
	receipt_outcome_parse(row->outcome, &receipt->outcome);
}

static int post_receipts(struct engine *engine, const struct announcement *when)
{
	struct payload_head head = {
		.conf = engine->conf, .time_ms = when->now_ms, .time_quality = when->time_quality};
	struct newest *newest = calloc(1, sizeof(*newest));
	if (!newest)
		return -ENOMEM;
	int r = receipts_newest(engine->store, RECEIPTS_READ, keep_newest, newest);
	if (r == 0)
		r = post_head(engine->store, &head);
	if (r == 0)
		r = post_append(engine->store, &head, "receipts",
				payload_receipts(&head, newest->list, newest->n,
						 newest->n == PAYLOAD_RECEIPTS_MAX ||
							 newest->read == RECEIPTS_READ));
	free(newest);
	return r;
}

int engine_take_receipt(struct engine *engine, const struct command *command, const char *name,
			const struct announcement *when)
{
	const struct receipt *receipt = &command->receipt;
	const char *unit = receipt->unit;
	find_receipt_unit(engine->rules.plan, receipt->unit, &unit);
	const struct receipt_row row = {.ref = receipt->ref,
					.unit = unit,
					.person = receipt->person,
					.outcome = receipt_outcome_name(receipt->outcome),
					.time_ms = command->time_ms,
					.done_pct = receipt->done_pct,
					.cut_gpd = receipt->cut_gpd,
					.note = receipt->note};
	int r = receipts_put(engine->store, name, &row);
	engine->city.summaries_stale = true;
	return r == 0 ? post_receipts(engine, when) : r;
}
