/* SPDX-License-Identifier: MIT */
#include "conf_rules.h"
#include "forecast.h"
#include "plan_draft.h"
#include "words.h"

#include <string.h>

#define GAP_H 2 /* where the plan is silent (domain: missing hours that a run bridges) */
#define FORECAST_MAX_AGE_H 36
#define RELEASE_H 36 /* practice of other plans: improved air for 36 hours */
#define RANK_FOR_H 12
#define HORIZON_HOLD_H 48

static const struct yaml_name counting_names[] = {
	{"span", COUNTING_SPAN},
	{"rolling", COUNTING_ROLLING},
	{"natural-day", COUNTING_NATURAL_DAY},
	{0},
};
static const struct yaml_name bulletin_names[] = {{"mid", false}, {"max", true}, {0}};

static void read_excluded(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct plan_draft *draft = object;
	const char *key = yaml_scalar(file, node);
	enum pollutant pollutant;
	if (index == 0)
		draft->plan.dust_excludes = 0;
	if (!key || !pollutant_parse(key, &pollutant))
		yaml_problem(file, node,
			     tr("dust_excludes: %s is not one of pm25, pm10, so2, no2, co, o3"),
			     yaml_found(file, node));
	else
		draft->plan.dust_excludes |= 1u << pollutant;
}

/* One kind after another, the first of most weight; the list says each of them once. */
static void read_ranked(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct plan_draft *draft = object;
	int32_t *rank = draft->plan.forecast_rank;
	const char *name = yaml_scalar(file, node);
	enum forecast_kind kind;
	if (index == 0) {
		for (int k = 0; k < FORECAST_KIND_COUNT; k++)
			rank[k] = FORECAST_KIND_COUNT;
	}
	if (!name || !forecast_kind_parse(name, &kind))
		yaml_problem(file, node,
			     tr("forecast_rank: %s is not one of consultation, bulletin, model"),
			     yaml_found(file, node));
	else if (rank[kind] != FORECAST_KIND_COUNT)
		yaml_problem(file, node, tr("forecast_rank: %s is there twice"), name);
	else
		rank[kind] = index;
}

static void read_not_said(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key keys[] = {
		CONF_TEXT("zh", struct plan_not_said, zh, true),
		CONF_TEXT("en", struct plan_not_said, en, true),
		CONF_TEXT("clause", struct plan_not_said, clause, false),
		{0},
	};
	struct plan_draft *draft = object;
	yaml_read(file, node, keys, &draft->plan.not_said[index]);
	draft->plan.n_not_said = index + 1;
}

/* Measures and the release name units, wherever in the file these stand. */
static void skip_for_now(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)file, (void)node, (void)index, (void)object;
}

static const struct yaml_key plan_keys[] = {
	CONF_TEXT("kind", struct plan_draft, kind, true),
	CONF_ID("id", struct plan_draft, plan.id, true),
	CONF_TEXT("title_zh", struct plan_draft, plan.title_zh, true),
	CONF_TEXT("title_en", struct plan_draft, plan.title_en, true),
	CONF_TEXT("document", struct plan_draft, plan.document, true),
	{"counting", YAML_TYPE_NAME, .offset = offsetof(struct plan_draft, counting),
	 .names = counting_names},
	{"gap_h", YAML_TYPE_INT, .offset = offsetof(struct plan_draft, plan.gap_h), .max = 24},
	{"release_h", YAML_TYPE_INT, .offset = offsetof(struct plan_draft, plan.release_h),
	 .min = 1, .max = 240},
	{"forecast_max_age_h", YAML_TYPE_INT,
	 .offset = offsetof(struct plan_draft, plan.forecast_max_age_h), .min = 1, .max = 240},
	{"forecast_rank", YAML_TYPE_EACH, .min = FORECAST_KIND_COUNT, .max = FORECAST_KIND_COUNT,
	 .each = read_ranked},
	{"rank_for_h", YAML_TYPE_INT, .offset = offsetof(struct plan_draft, plan.rank_for_h),
	 .max = 240},
	{"horizon_hold_h", YAML_TYPE_INT,
	 .offset = offsetof(struct plan_draft, plan.horizon_hold_h), .max = 240},
	{"bulletin_value", YAML_TYPE_NAME, .offset = offsetof(struct plan_draft, bulletin_max),
	 .names = bulletin_names},
	{"dust_excludes", YAML_TYPE_EACH, .min = 1, .max = POLLUTANT_COUNT, .each = read_excluded},
	{"summary_days", YAML_TYPE_INT, .offset = offsetof(struct plan_draft, plan.summary_days),
	 .min = 1, .max = 60},
	{"season", YAML_TYPE_CALL, .offset = offsetof(struct plan_draft, plan.season),
	 .each = conf_season_read},
	{"valid_from", YAML_TYPE_CALL, .offset = offsetof(struct plan_draft, plan.valid_from),
	 .each = conf_date_read},
	{"valid_until", YAML_TYPE_CALL, .offset = offsetof(struct plan_draft, plan.valid_until),
	 .each = conf_date_read},
	{"not_said", YAML_TYPE_EACH, .max = PLAN_NOT_SAID_MAX, .each = read_not_said},
	{"levels", YAML_TYPE_CALL, .required = true, .each = conf_levels_read},
	{"units", YAML_TYPE_EACH, .max = PLAN_UNITS_MAX, .each = conf_unit_read},
	{"exemptions", YAML_TYPE_EACH, .max = PLAN_EXEMPTIONS_MAX, .each = conf_exemption_read},
	{"carry_silent", YAML_TYPE_BOOL, .offset = offsetof(struct plan_draft, plan.carry_silent)},
	{"measures", YAML_TYPE_CALL, .each = skip_for_now},
	{"release", YAML_TYPE_CALL, .each = skip_for_now},
	{0},
};

bool conf_read_plan(struct yaml_file *file, struct plan *ret)
{
	struct plan_draft draft = {
		.plan = {.gap_h = GAP_H,
			 .release_h = RELEASE_H,
			 .forecast_max_age_h = FORECAST_MAX_AGE_H,
			 .forecast_rank = {[FORECAST_CONSULTATION] = 0,
					   [FORECAST_BULLETIN] = 1,
					   [FORECAST_MODEL] = 2},
			 .rank_for_h = RANK_FOR_H,
			 .horizon_hold_h = HORIZON_HOLD_H,
			 .carry_silent = true,
			 .release_unit = -1,
			 .dust_excludes = 1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10},
		.counting = COUNTING_SPAN,
	};
	for (int l = 0; l < LEVEL_SLOTS; l++) {
		for (int e = 0; e < EMISSION_COUNT; e++)
			draft.plan.levels[l].min_cut_pct[e] = CUT_UNSAID;
	}
	yaml_read(file, yaml_root(file), plan_keys, &draft);
	conf_measures_read(file, &draft);
	if (draft.plan.valid_until != 0 && draft.plan.valid_until < draft.plan.valid_from)
		yaml_problem(file, yaml_get(file, yaml_root(file), "valid_until"),
			     tr("valid_until: %s is before valid_from"),
			     yaml_found(file, yaml_get(file, yaml_root(file), "valid_until")));
	if (yaml_problems(file) > 0)
		return false;
	draft.plan.counting = (enum counting)draft.counting;
	draft.plan.bulletin_max = draft.bulletin_max != 0;
	*ret = draft.plan;
	return true;
}
