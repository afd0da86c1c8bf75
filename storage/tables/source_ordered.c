/* SPDX-License-Identifier: MIT */
/* What of a source decides whether it gets an order. */
#include <stdio.h>
#include <string.h>

#include "sources.h"

/* Ids that the plan lacks exempt from nothing of it. */
static uint32_t read_exempt(const char *ids, const struct plan *plan)
{
	char id[64];
	uint32_t bits = 0;
	for (; *ids != '\0'; ids += ids[0] == ',') {
		size_t n = strcspn(ids, ",");
		snprintf(id, sizeof(id), "%.*s", (int)n, ids);
		int exemption = plan_exemption_find(plan, id);
		if (exemption >= 0)
			bits |= 1u << exemption;
		ids += n;
	}
	return bits;
}

/* A kind that a damaged row names is that of no measure. */
static enum source_kind read_kind(const char *name)
{
	enum source_kind kind = (enum source_kind)SOURCE_KIND_COUNT;
	source_kind_parse(name, &kind);
	return kind;
}

static bool has_cut(const struct source *source, int level)
{
	for (int e = 0; e < EMISSION_COUNT; e++) {
		if (source->amounts.cut_gpd[level][e] > 0)
			return true;
	}
	return false;
}

struct order_source sources_as_ordered(const struct source *source, const struct plan *plan)
{
	struct order_source ordered = {
		.kind = read_kind(source->kind),
		.movements = source->movements,
		.old_machines = source->old_machines,
		.in_park = source->park[0] != '\0',
		.exempt = read_exempt(source->exempt_as, plan),
	};
	for (int level = 1; level <= plan->n_levels; level++) {
		bool worded = source->measures[level][0] != '\0' || source->lines[level][0] != '\0';
		if (worded)
			ordered.worded |= 1u << level;
		if (worded || has_cut(source, level))
			ordered.said |= 1u << level;
	}
	return ordered;
}
