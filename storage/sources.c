/* SPDX-License-Identifier: MIT */
#include "sources.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "db.h"

#define FIELD_MAX (1024 * 1024)
#define YEAR_MAX 9999

/* ---- writing ---- */

static void bind_gpd(struct query *q, int64_t gpd)
{
	query_int_or_null(q, gpd != CUT_UNSAID, gpd);
}

static void put_whole(struct store *store, const struct source_list *list, int emission)
{
	const struct source_whole *whole = &list->whole[emission];
	struct query q =
		db_write(&store->state, "INSERT INTO list_whole (list, emission, whole, outside,"
					" year, source) VALUES (?, ?, ?, ?, ?, ?)");
	query_int(&q, list->number);
	query_text(&q, emission_name((enum emission)emission));
	bind_gpd(&q, whole->whole_gpd);
	bind_gpd(&q, whole->outside_gpd);
	query_int_or_null(&q, whole->year != 0, whole->year);
	query_text(&q, whole->source);
	query_run(&q);
}

static int next_number(struct store *store, int64_t *ret)
{
	struct query q = db_read(&store->state, "SELECT coalesce(max(number), 0) + 1 FROM lists");
	if (query_row(&q))
		*ret = query_column(&q, 0, 1, INT64_MAX);
	return query_end(&q);
}

int sources_begin(struct store *store, struct source_list *list)
{
	assert(list->n_sources >= 0 && list->n_sources <= SOURCES_LIST_MAX);
	int r = next_number(store, &list->number);
	if (r)
		return r;
	struct query q = db_write(&store->state,
				  "INSERT INTO lists (number, imported, sources, file, sha256,"
				  " whole_sha256) VALUES (?, ?, ?, ?, ?, ?)");
	query_int(&q, list->number);
	query_int(&q, list->imported_ms);
	query_int(&q, list->n_sources);
	query_text(&q, list->file);
	query_text(&q, list->sha256);
	query_text(&q, list->whole_sha256);
	r = query_run(&q);
	for (int e = 0; r == 0 && e < EMISSION_COUNT; e++) {
		put_whole(store, list, e);
		r = db_ready(&store->state);
	}
	return r;
}

static void bind_texts(struct query *q, const struct source *source)
{
	const char *const texts[] = {
		source->kind,
		source->name,
		source->credit_code,
		source->county,
		source->town,
		source->inspector,
		source->grade,
		source->control,
		source->process,
		source->key_index,
		source->measures[LEVEL_YELLOW],
		source->measures[LEVEL_ORANGE],
		source->measures[LEVEL_RED],
		source->lines[LEVEL_YELLOW],
		source->lines[LEVEL_ORANGE],
		source->lines[LEVEL_RED],
		source->person,
		source->phone,
		source->other,
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		query_text(q, texts[i]);
}

int sources_put(struct store *store, const struct source_list *list, const struct source *source)
{
	struct query q = db_write(
		&store->state,
		"INSERT INTO sources (list, id, line, kind, name, credit_code, county, town,"
		" inspector, grade, control, process, key_index, yellow, orange, red,"
		" yellow_lines, orange_lines, red_lines, person, phone, other,"
		" base_so2, base_nox, base_pm, base_vocs,"
		" cut_yellow_so2, cut_yellow_nox, cut_yellow_pm, cut_yellow_vocs,"
		" cut_orange_so2, cut_orange_nox, cut_orange_pm, cut_orange_vocs,"
		" cut_red_so2, cut_red_nox, cut_red_pm, cut_red_vocs)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		" ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_int(&q, list->number);
	query_text(&q, source->id);
	query_int(&q, source->line);
	bind_texts(&q, source);
	for (int e = 0; e < EMISSION_COUNT; e++)
		bind_gpd(&q, source->amounts.base_gpd[e]);
	for (int level = LEVEL_YELLOW; level < LEVEL_COUNT; level++)
		for (int e = 0; e < EMISSION_COUNT; e++)
			bind_gpd(&q, source->amounts.cut_gpd[level][e]);
	return query_run(&q);
}

int sources_end(struct store *store)
{
	struct query q = db_write(
		&store->state,
		"DELETE FROM sources WHERE list IN (SELECT number FROM (SELECT number, sum(sources)"
		" OVER (ORDER BY number DESC) AS kept FROM lists) WHERE kept > ?)");
	query_int(&q, SOURCES_KEPT_MAX);
	return query_run(&q);
}

/* ---- heads ---- */

static void copy_text(struct query *q, int column, char *ret, size_t size)
{
	snprintf(ret, size, "%s", query_column_text(q, column, size));
}

static int64_t column_gpd(struct query *q, int column)
{
	return query_column_null(q, column) ? CUT_UNSAID
					    : query_column(q, column, 0, CUTS_GRAMS_MAX);
}

static int read_whole(struct store *store, int64_t number, int emission, struct source_whole *ret)
{
	struct query q = db_read(&store->state, "SELECT whole, outside, year, source FROM"
						" list_whole WHERE list = ? AND emission = ?");
	*ret = (struct source_whole){.whole_gpd = CUT_UNSAID, .outside_gpd = CUT_UNSAID};
	query_int(&q, number);
	query_text(&q, emission_name((enum emission)emission));
	if (query_row(&q)) {
		ret->whole_gpd = column_gpd(&q, 0);
		ret->outside_gpd = column_gpd(&q, 1);
		if (!query_column_null(&q, 2))
			ret->year = (int32_t)query_column(&q, 2, 0, YEAR_MAX);
		copy_text(&q, 3, ret->source, sizeof(ret->source));
	}
	return query_end(&q);
}

/* The newest version below a number. */
static int read_head(struct store *store, int64_t below, struct source_list *ret)
{
	struct query q = db_read(&store->state,
				 "SELECT number, imported, sources, file, sha256, whole_sha256"
				 " FROM lists WHERE number < ? ORDER BY number DESC LIMIT 1");
	query_int(&q, below);
	bool any = query_row(&q);
	struct source_list list = {0};
	if (any) {
		list.number = query_column(&q, 0, 1, INT64_MAX);
		list.imported_ms = query_column(&q, 1, INT64_MIN, INT64_MAX);
		list.n_sources = (int32_t)query_column(&q, 2, 0, SOURCES_LIST_MAX);
		copy_text(&q, 3, list.file, sizeof(list.file));
		copy_text(&q, 4, list.sha256, sizeof(list.sha256));
		copy_text(&q, 5, list.whole_sha256, sizeof(list.whole_sha256));
	}
	int r = query_end(&q);
	for (int e = 0; r == 0 && any && e < EMISSION_COUNT; e++)
		r = read_whole(store, list.number, e, &list.whole[e]);
	if (r)
		return r;
	if (any)
		*ret = list;
	return any ? 0 : STORE_E_NONE;
}

int sources_in_force(struct store *store, struct source_list *ret)
{
	return read_head(store, INT64_MAX, ret);
}

int sources_versions(struct store *store, void (*take)(void *ctx, const struct source_list *list),
		     void *ctx)
{
	struct source_list list = {.number = INT64_MAX};
	int r;
	while ((r = read_head(store, list.number, &list)) == 0)
		take(ctx, &list);
	return r == STORE_E_NONE ? 0 : r;
}

/* ---- sources ---- */

static void read_texts(struct query *q, struct source *ret)
{
	const char **const texts[] = {
		&ret->id,
		&ret->kind,
		&ret->name,
		&ret->credit_code,
		&ret->county,
		&ret->town,
		&ret->inspector,
		&ret->grade,
		&ret->control,
		&ret->process,
		&ret->key_index,
		&ret->measures[LEVEL_YELLOW],
		&ret->measures[LEVEL_ORANGE],
		&ret->measures[LEVEL_RED],
		&ret->lines[LEVEL_YELLOW],
		&ret->lines[LEVEL_ORANGE],
		&ret->lines[LEVEL_RED],
		&ret->person,
		&ret->phone,
		&ret->other,
	};
	size_t n = sizeof(texts) / sizeof(texts[0]);
	for (size_t i = 0; i < n; i++)
		*texts[i] = query_column_text(q, (int)i, FIELD_MAX);
	ret->measures[LEVEL_NONE] = ret->lines[LEVEL_NONE] = "";
	int column = (int)n;
	ret->line = (int32_t)query_column(q, column++, 0, INT32_MAX);
	ret->amounts = cuts_source_unsaid();
	for (int e = 0; e < EMISSION_COUNT; e++)
		ret->amounts.base_gpd[e] = column_gpd(q, column++);
	for (int level = LEVEL_YELLOW; level < LEVEL_COUNT; level++)
		for (int e = 0; e < EMISSION_COUNT; e++)
			ret->amounts.cut_gpd[level][e] = column_gpd(q, column++);
}

#define SELECT_SOURCE                                                                              \
	"SELECT id, kind, name, credit_code, county, town, inspector, grade, control, process,"    \
	" key_index, yellow, orange, red, yellow_lines, orange_lines, red_lines, person, phone,"   \
	" other, line, base_so2, base_nox, base_pm, base_vocs,"                                    \
	" cut_yellow_so2, cut_yellow_nox, cut_yellow_pm, cut_yellow_vocs,"                         \
	" cut_orange_so2, cut_orange_nox, cut_orange_pm, cut_orange_vocs,"                         \
	" cut_red_so2, cut_red_nox, cut_red_pm, cut_red_vocs FROM sources"

/* Ends the query; the row's texts are gone with it. */
static int hand_over(struct query *q, void (*take)(void *ctx, const struct source *source),
		     void *ctx)
{
	struct source source = {0};
	if (!query_row(q)) {
		int r = query_end(q);
		return r ? r : STORE_E_NONE;
	}
	read_texts(q, &source);
	if (q->error == 0)
		take(ctx, &source);
	return query_end(q);
}

int sources_next(struct store *store, int64_t number, const char *after,
		 void (*take)(void *ctx, const struct source *source), void *ctx)
{
	struct query q = db_read(&store->state,
				 SELECT_SOURCE " WHERE list = ? AND id > ? ORDER BY id LIMIT 1");
	query_int(&q, number);
	query_text(&q, after);
	return hand_over(&q, take, ctx);
}

int sources_find(struct store *store, int64_t number, const char *id,
		 void (*take)(void *ctx, const struct source *source), void *ctx)
{
	struct query q = db_read(&store->state, SELECT_SOURCE " WHERE list = ? AND id = ?");
	query_int(&q, number);
	query_text(&q, id);
	return hand_over(&q, take, ctx);
}

int sources_sums(struct store *store, int64_t number, struct cuts_sums *ret)
{
	struct query q = db_read(&store->state,
				 "SELECT base_so2, base_nox, base_pm, base_vocs,"
				 " cut_yellow_so2, cut_yellow_nox, cut_yellow_pm, cut_yellow_vocs,"
				 " cut_orange_so2, cut_orange_nox, cut_orange_pm, cut_orange_vocs,"
				 " cut_red_so2, cut_red_nox, cut_red_pm, cut_red_vocs"
				 " FROM sources WHERE list = ? LIMIT ?");
	struct cuts_sums sums = {0};
	query_int(&q, number);
	query_int(&q, SOURCES_LIST_MAX);
	while (query_row(&q)) {
		struct cuts_source source = cuts_source_unsaid();
		for (int i = 0; i < EMISSION_COUNT * LEVEL_COUNT; i++) {
			int level = i / EMISSION_COUNT, e = i % EMISSION_COUNT;
			int64_t *gpd = level == LEVEL_NONE ? &source.base_gpd[e]
							   : &source.cut_gpd[level][e];
			*gpd = column_gpd(&q, i);
		}
		cuts_add(&sums, &source);
	}
	int r = query_end(&q);
	if (r == 0)
		*ret = sums;
	return r;
}

struct cuts_whole sources_whole(const struct source_list *list)
{
	struct cuts_whole whole;
	for (int e = 0; e < EMISSION_COUNT; e++)
		whole.gpd[e] = list->whole[e].whole_gpd;
	return whole;
}
