/* SPDX-License-Identifier: MIT */
#include "outlook_shown.h"

#include <stddef.h>
#include <stdio.h>

#include "aside.h"
#include "crc.h"
#include "db.h"
#include "hours.h"

#define FACT_SIZE 32

/* One row of meta a fact: 'outlook:MODEL:shown', 'outlook:MODEL:150:brier', ... */
static int load_number(struct store *store, const char *model, const char *fact, int64_t *ret)
{
	struct query q = db_read(&store->state, "SELECT CAST(value AS INTEGER) FROM meta"
						" WHERE key = 'outlook:' || ? || ':' || ?");
	query_text(&q, model);
	query_text(&q, fact);
	bool any = query_row(&q);
	int64_t number = any ? query_column(&q, 0, OUTLOOK_NO_SCORE, HOURS_LAST) : 0;
	if (query_forgive(&q)) { /* it is found anew */
		any = false;
		aside_note(store, "meta outlook:%s:%s", model, fact);
	}
	int r = query_end(&q);
	if (r == 0 && any)
		*ret = number;
	return r == 0 && !any ? STORE_E_NONE : r;
}

static int save_number(struct store *store, const char *model, const char *fact, int64_t number)
{
	struct query q = db_write(&store->state, "INSERT OR REPLACE INTO meta (key, value)"
						 " VALUES ('outlook:' || ? || ':' || ?, ?)");
	query_text(&q, model);
	query_text(&q, fact);
	query_int(&q, number);
	return query_run(&q);
}

int outlook_shown_load(struct store *store, const char *model, bool *ret_shown, int64_t *ret_since)
{
	int64_t shown = 0, since = 0;
	int r = load_number(store, model, "shown", &shown);
	if (r == 0)
		r = load_number(store, model, "since", &since);
	if (r != 0)
		return r;
	*ret_shown = shown != 0;
	*ret_since = since;
	return 0;
}

int outlook_shown_save(struct store *store, const char *model, bool shown, int64_t since)
{
	int r = save_number(store, model, "shown", shown);
	return r == 0 ? save_number(store, model, "since", since) : r;
}

/* ---- how good it was ---- */

static const struct {
	const char *name;
	size_t at; /* of an int64_t of a struct chance_score */
} facts[] = {
	{"hours", offsetof(struct chance_score, n)},
	{"came", offsetof(struct chance_score, came)},
	{"brier", offsetof(struct chance_score, brier)},
	{"persistence", offsetof(struct chance_score, persistence)},
};
#define FACTS (sizeof(facts) / sizeof(facts[0]))

static void name_fact(const struct outlook_model *model, int threshold, size_t i,
		      char ret[FACT_SIZE])
{
	snprintf(ret, FACT_SIZE, "%d:%s", (int)model->thresholds[threshold].aqi, facts[i].name);
}

static int load_score(struct store *store, const struct outlook_model *model, int threshold,
		      struct chance_score *ret)
{
	char fact[FACT_SIZE];
	int r = 0;
	for (size_t i = 0; i < FACTS && r == 0; i++) {
		name_fact(model, threshold, i, fact);
		r = load_number(store, model->id, fact, (int64_t *)((char *)ret + facts[i].at));
	}
	return r;
}

static int save_score(struct store *store, const struct outlook_model *model, int threshold,
		      const struct chance_score *score)
{
	char fact[FACT_SIZE];
	int r = 0;
	for (size_t i = 0; i < FACTS && r == 0; i++) {
		name_fact(model, threshold, i, fact);
		r = save_number(store, model->id, fact,
				*(const int64_t *)((const char *)score + facts[i].at));
	}
	return r;
}

/* Of all that makes a score another one but the hours; trees are zeroed where they hold nothing. */
static int64_t sum_model(const struct outlook_model *model, const struct edition *edition)
{
	uint32_t crc = crc32_of_text(edition->id);
	crc = crc32_of_bytes(crc, model->needs, (size_t)model->n_needs * sizeof(*model->needs));
	crc = crc32_of_bytes(crc, model->features,
			     (size_t)model->n_features * sizeof(*model->features));
	for (int t = 0; t < model->n_thresholds; t++) {
		const struct outlook_threshold *of = &model->thresholds[t];
		crc = crc32_of_bytes(crc, &of->aqi, sizeof(of->aqi));
		crc = crc32_of_bytes(crc, &of->start_micro, sizeof(of->start_micro));
		crc = crc32_of_bytes(crc, of->trees, (size_t)of->n_trees * sizeof(*of->trees));
	}
	return crc % HOURS_LAST; /* as every number here */
}

int outlook_season_load(struct store *store, const struct outlook_model *model,
			const struct edition *edition, int64_t *ret_last,
			struct chance_score ret[OUTLOOK_THRESHOLDS_MAX])
{
	struct chance_score scores[OUTLOOK_THRESHOLDS_MAX] = {{0}};
	int64_t last = 0, sum = sum_model(model, edition), stored = sum;
	int r = load_number(store, model->id, "sum", &stored);
	if (r == 0 && stored != sum)
		return STORE_E_NONE;
	if (r == 0 || r == STORE_E_NONE) /* one without a sum was stored before there were any */
		r = load_number(store, model->id, "season", &last);
	for (int t = 0; t < model->n_thresholds && r == 0; t++)
		r = load_score(store, model, t, &scores[t]);
	for (int t = 0; t < model->n_thresholds && r == 0; t++)
		ret[t] = scores[t];
	if (r == 0)
		*ret_last = last;
	return r;
}

int outlook_season_save(struct store *store, const struct outlook_model *model,
			const struct edition *edition, int64_t last,
			const struct chance_score scores[OUTLOOK_THRESHOLDS_MAX])
{
	int r = save_number(store, model->id, "sum", sum_model(model, edition));
	if (r == 0)
		r = save_number(store, model->id, "season", last);
	for (int t = 0; t < model->n_thresholds && r == 0; t++)
		r = save_score(store, model, t, &scores[t]);
	return r;
}
