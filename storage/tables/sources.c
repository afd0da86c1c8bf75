/* SPDX-License-Identifier: MIT */
#include "sources.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "db.h"

#define FIELD_MAX (1024 * 1024)
#define YEAR_MAX 9999
#define YEAR_MS (INT64_C(365) * 24 * 3600 * 1000)
#define BEIJING_MS (INT64_C(8) * 3600 * 1000)

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

int sources_number(struct store *store, int64_t *ret)
{
	struct query q = db_read(&store->state, "SELECT coalesce(max(number), 0) + 1 FROM lists");
	if (query_row(&q))
		*ret = query_column(&q, 0, 1, INT64_MAX);
	return query_end(&q);
}

int sources_put_head(struct store *store, const struct source_list *list)
{
	assert(list->n_sources >= 0 && list->n_sources <= SOURCES_LIST_MAX);
	struct query q = db_write(&store->state,
				  "INSERT INTO lists (number, imported, sources, file, sha256,"
				  " whole_sha256) VALUES (?, ?, ?, ?, ?, ?)");
	query_int(&q, list->number);
	query_int(&q, list->imported_ms);
	query_int(&q, list->n_sources);
	query_text(&q, list->file);
	query_text(&q, list->sha256);
	query_text(&q, list->whole_sha256);
	int r = query_run(&q);
	for (int e = 0; r == 0 && e < EMISSION_COUNT; e++) {
		put_whole(store, list, e);
		r = db_ready(&store->state);
	}
	return r;
}

int sources_begin(struct store *store, struct source_list *list)
{
	bool left = true;
	int r = 0;
	while (r == 0 && left)
		r = sources_clear(store, SOURCES_LIST_MAX, &left);
	if (r == 0)
		r = sources_number(store, &list->number);
	return r ? r : sources_put_head(store, list);
}

static void bind_texts(struct query *q, const struct source *source)
{
	const char *const texts[] = {
		source->kind,    source->name,      source->credit_code, source->county,
		source->town,    source->inspector, source->grade,       source->control,
		source->process, source->key_index, source->person,      source->phone,
		source->other,   source->park,      source->exempt_as,
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		query_text(q, texts[i]);
}

static bool says_anything(const struct source *source, int level)
{
	for (int e = 0; e < EMISSION_COUNT; e++)
		if (source->amounts.cut_gpd[level][e] != CUT_UNSAID)
			return true;
	return source->measures[level][0] != '\0' || source->lines[level][0] != '\0';
}

static int put_level(struct store *store, int64_t list, const struct source *source, int level)
{
	struct query q = db_write(&store->state,
				  "INSERT INTO source_levels (list, id, level, measures, lines,"
				  " cut_so2, cut_nox, cut_pm, cut_vocs)"
				  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_int(&q, list);
	query_text(&q, source->id);
	query_text(&q, level_name(store->plan, level));
	query_text(&q, source->measures[level]);
	query_text(&q, source->lines[level]);
	for (int e = 0; e < EMISSION_COUNT; e++)
		bind_gpd(&q, source->amounts.cut_gpd[level][e]);
	return query_run(&q);
}

int sources_put(struct store *store, const struct source_list *list, const struct source *source)
{
	struct query q = db_write(
		&store->state,
		"INSERT INTO sources (list, id, line, kind, name, credit_code, county, town,"
		" inspector, grade, control, process, key_index, person, phone, other, park,"
		" exempt_as, movements_day, nrmm_ii, base_so2, base_nox, base_pm, base_vocs)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_int(&q, list->number);
	query_text(&q, source->id);
	query_int(&q, source->line);
	bind_texts(&q, source);
	query_int_or_null(&q, source->movements != ORDER_UNSAID, source->movements);
	query_int_or_null(&q, source->old_machines != ORDER_UNSAID, source->old_machines);
	for (int e = 0; e < EMISSION_COUNT; e++)
		bind_gpd(&q, source->amounts.base_gpd[e]);
	int r = query_run(&q);
	for (int level = 1; r == 0 && level <= store->plan->n_levels; level++) {
		if (says_anything(source, level))
			r = put_level(store, list->number, source, level);
	}
	return r;
}

/* ---- heads ---- */

static void copy_text(struct query *q, int column, char *ret, size_t size)
{
	snprintf(ret, size, "%s", query_column_text(q, column, size));
}

static int64_t column_gpd(struct query *q, int column)
{
	return query_column_or(q, column, CUTS_GRAMS_MAX, CUT_UNSAID);
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
static int read_list_head(struct store *store, int64_t below, struct source_list *ret)
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
	return read_list_head(store, INT64_MAX, ret);
}

/* ---- age ---- */

bool sources_are_old(const struct source_list *list, int64_t now_ms)
{
	return now_ms - list->imported_ms > YEAR_MS;
}

/* A year is over for 12 months when the next one is over. */
int32_t sources_old_year(const struct source_list *list, int64_t now_ms)
{
	time_t now = (time_t)((now_ms + BEIJING_MS) / 1000);
	struct tm tm;
	int32_t oldest = 0;
	if (!gmtime_r(&now, &tm))
		return 0;
	for (int e = 0; e < EMISSION_COUNT; e++) {
		int32_t year = list->whole[e].year;
		bool old = year != 0 && year + 1 < tm.tm_year + 1900;
		if (old && (oldest == 0 || year < oldest))
			oldest = year;
	}
	return oldest;
}

/* ---- sources ---- */

/* Returns how many columns they are. */
static int read_texts(struct query *q, struct source *ret)
{
	const char **const texts[] = {
		&ret->id,      &ret->kind,    &ret->name,      &ret->credit_code,
		&ret->county,  &ret->town,    &ret->inspector, &ret->grade,
		&ret->control, &ret->process, &ret->key_index, &ret->person,
		&ret->phone,   &ret->other,   &ret->park,      &ret->exempt_as,
	};
	size_t n = sizeof(texts) / sizeof(texts[0]);
	for (size_t i = 0; i < n; i++)
		*texts[i] = query_column_text(q, (int)i, FIELD_MAX);
	return (int)n;
}

#define LEVEL_COLUMNS(l)                                                                           \
	", " l ".measures, " l ".lines, " l ".cut_so2, " l ".cut_nox, " l ".cut_pm, " l ".cut_"    \
	"vocs"
#define LEVEL_JOIN(l)                                                                              \
	" LEFT JOIN source_levels " l " ON " l ".list = s.list AND " l ".id = s.id AND " l         \
	".level = ?"
#define EACH_LEVEL(of) of("l1") of("l2") of("l3") of("l4") of("l5") of("l6") of("l7") of("l8")
_Static_assert(LEVELS_MAX == 8, "EACH_LEVEL names eight");

/* One row, so that all its texts are there at once. */
#define SELECT_SOURCE                                                                              \
	"SELECT s.id, kind, name, credit_code, county, town, inspector, grade, control, process,"  \
	" key_index, person, phone, other, park, exempt_as, line, movements_day, nrmm_ii, "        \
	"base_so2, base_nox, base_pm,"                                                             \
	" base_vocs" EACH_LEVEL(LEVEL_COLUMNS) " FROM sources s" EACH_LEVEL(                       \
		LEVEL_JOIN) " WHERE s.list = ? AND s.id "
#define SELECT_NEXT SELECT_SOURCE "> ? ORDER BY s.id LIMIT 1"
#define SELECT_ONE SELECT_SOURCE "= ?"

/* A level that the plan lacks has no row: what the list says of it binds nobody. */
static void bind_levels(struct query *q, const struct plan *plan)
{
	for (int level = 1; level <= LEVELS_MAX; level++)
		query_text(q, level <= plan->n_levels ? level_name(plan, level) : "");
}

static void read_source_level(struct query *q, int column, int level, struct source *ret)
{
	bool there = !query_column_null(q, column);
	ret->measures[level] = there ? query_column_text(q, column, FIELD_MAX) : "";
	ret->lines[level] = there ? query_column_text(q, column + 1, FIELD_MAX) : "";
	for (int e = 0; e < EMISSION_COUNT; e++)
		ret->amounts.cut_gpd[level][e] = column_gpd(q, column + 2 + e);
}

static void read_source(struct query *q, struct source *ret)
{
	int column = read_texts(q, ret);
	ret->line = (int32_t)query_column(q, column++, 0, INT32_MAX);
	ret->movements = (int32_t)query_column_or(q, column++, INT32_MAX, ORDER_UNSAID);
	ret->old_machines = (int32_t)query_column_or(q, column++, INT32_MAX, ORDER_UNSAID);
	ret->amounts = cuts_source_unsaid();
	for (int e = 0; e < EMISSION_COUNT; e++)
		ret->amounts.base_gpd[e] = column_gpd(q, column++);
	ret->measures[LEVEL_NONE] = ret->lines[LEVEL_NONE] = "";
	for (int level = 1; level <= LEVELS_MAX; level++) {
		read_source_level(q, column, level, ret);
		column += 2 + EMISSION_COUNT;
	}
}

/* Ends the query; the row's texts are gone with it. */
static int hand_over_source(struct query *q, void (*take)(void *ctx, const struct source *source),
			    void *ctx)
{
	struct source source = {0};
	if (!query_row(q)) {
		int r = query_end(q);
		return r ? r : STORE_E_NONE;
	}
	read_source(q, &source);
	if (q->error == 0)
		take(ctx, &source);
	return query_end(q);
}

int sources_next(struct store *store, int64_t number, const char *after,
		 void (*take)(void *ctx, const struct source *source), void *ctx)
{
	struct query q = db_read(&store->state, SELECT_NEXT);
	bind_levels(&q, store->plan);
	query_int(&q, number);
	query_text(&q, after);
	return hand_over_source(&q, take, ctx);
}

int sources_find(struct store *store, int64_t number, const char *id,
		 void (*take)(void *ctx, const struct source *source), void *ctx)
{
	struct query q = db_read(&store->state, SELECT_ONE);
	bind_levels(&q, store->plan);
	query_int(&q, number);
	query_text(&q, id);
	return hand_over_source(&q, take, ctx);
}

/* ---- sums ---- */

static int sum_bases(struct store *store, int64_t number, struct cuts_sums *sums)
{
	struct query q = db_read(&store->state, "SELECT base_so2, base_nox, base_pm, base_vocs"
						" FROM sources WHERE list = ? LIMIT ?");
	query_int(&q, number);
	query_int(&q, SOURCES_LIST_MAX);
	while (query_row(&q)) {
		struct cuts_source source = cuts_source_unsaid();
		for (int e = 0; e < EMISSION_COUNT; e++)
			source.base_gpd[e] = column_gpd(&q, e);
		cuts_add(sums, &source);
	}
	return query_end(&q);
}

static int sum_cuts(struct store *store, int64_t number, int level, struct cuts_sums *sums)
{
	struct query q = db_read(&store->state,
				 "SELECT cut_so2, cut_nox, cut_pm, cut_vocs FROM source_levels"
				 " WHERE list = ? AND level = ? LIMIT ?");
	query_int(&q, number);
	query_text(&q, level_name(store->plan, level));
	query_int(&q, SOURCES_LIST_MAX);
	while (query_row(&q)) {
		for (int e = 0; e < EMISSION_COUNT; e++)
			if (!query_column_null(&q, e))
				sums->cut_gpd[level][e] += column_gpd(&q, e);
	}
	return query_end(&q);
}

int sources_sums(struct store *store, int64_t number, struct cuts_sums *ret)
{
	struct cuts_sums sums = {0};
	int r = sum_bases(store, number, &sums);
	for (int level = 1; r == 0 && level <= store->plan->n_levels; level++)
		r = sum_cuts(store, number, level, &sums);
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
