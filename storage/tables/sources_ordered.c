/* SPDX-License-Identifier: MIT */
/* All sources of a version as orders want them. */
#include <stdio.h>
#include <string.h>

#include "db.h"
#include "sources.h"

#define FIELD_MAX (1024 * 1024)
#define WORD_MAX 32

/* A source has a row for each level of which something is said, or one. */
struct each {
	char id[SOURCE_ID_MAX];
	struct order_source source;
};

static void begin_source(struct query *q, const struct plan *plan, const char *id,
			 struct each *each)
{
	struct source source = {0};
	snprintf(each->id, sizeof(each->id), "%s", id);
	source.kind = query_column_text(q, 1, WORD_MAX);
	source.exempt_as = query_column_text(q, 2, FIELD_MAX);
	source.park = query_column_text(q, 3, FIELD_MAX);
	source.movements = (int32_t)query_column_or(q, 4, INT32_MAX, ORDER_UNSAID);
	source.old_machines = (int32_t)query_column_or(q, 5, INT32_MAX, ORDER_UNSAID);
	for (int level = 0; level < LEVEL_SLOTS; level++)
		source.measures[level] = source.lines[level] = "";
	each->source = sources_as_ordered(&source, plan);
}

static void add_level(struct query *q, const struct plan *plan, struct each *each)
{
	int level;
	if (query_column_null(q, 6) ||
	    !level_parse(plan, query_column_text(q, 6, LEVEL_ID_MAX), &level))
		return;
	bool worded = query_column(q, 7, 0, 1) != 0;
	if (worded)
		each->source.worded |= 1u << level;
	if (worded || query_column(q, 8, 0, 1) != 0)
		each->source.said |= 1u << level;
}

int sources_each_ordered(struct store *store, int64_t number,
			 void (*take)(void *ctx, const char *id, const struct order_source *source),
			 void *ctx)
{
	struct query q = db_read(
		&store->state,
		"SELECT s.id, kind, exempt_as, park, movements_day, nrmm_ii, level,"
		" measures <> '' OR lines <> '',"
		" coalesce(cut_so2, 0) + coalesce(cut_nox, 0) + coalesce(cut_pm, 0)"
		" + coalesce(cut_vocs, 0) > 0"
		" FROM sources s LEFT JOIN source_levels l ON l.list = s.list AND l.id = s.id"
		" WHERE s.list = ? ORDER BY s.id");
	struct each each = {0};
	bool any = false;
	query_int(&q, number);
	while (query_row(&q)) {
		const char *id = query_column_text(&q, 0, SOURCE_ID_MAX);
		if (!any || strcmp(id, each.id) != 0) {
			if (any)
				take(ctx, each.id, &each.source);
			begin_source(&q, store->plan, id, &each);
			any = true;
		}
		add_level(&q, store->plan, &each);
	}
	if (any && q.error == 0)
		take(ctx, each.id, &each.source);
	return query_end(&q);
}
