/* SPDX-License-Identifier: MIT */
#include "outlook_scored.h"

#include "arena.h"
#include "conf_outlook.h"

bool outlook_add_model(struct conf *conf, const char *model, const char *config_dir,
		       struct problems *problems)
{
	struct outlook_model *loaded = arena_alloc(conf->arena, sizeof(*loaded));
	bool good = conf_load_outlook(model, config_dir, problems, conf->arena, loaded);
	conf->outlook.model = good ? loaded : NULL;
	return good;
}

void outlook_scored_begin(const struct conf *conf, struct outlook_scored *ret)
{
	*ret = (struct outlook_scored){.conf = conf};
	ret->run.model = conf->outlook.model;
	chance_begin(conf->outlook.model, &conf->plan, &conf->edition, &ret->report);
}

const struct chance_hour *outlook_scored_take(struct outlook_scored *scored, int64_t hour,
					      const struct hour_values *values, int32_t daily)
{
	if (scored->first == 0)
		scored->first = hour;
	scored->last = hour;
	chance_take(&scored->run, hour, values, daily);
	return chance_at(&scored->run, hour);
}

const struct outlook_score *outlook_score_of(const struct outlook_scored *scored, int level)
{
	const struct chance_level *found = &scored->report.levels[level - 1];
	return found->none == CHANCE_TOO_FEW_HOURS ? &scored->run.scores[found->index] : NULL;
}

int outlook_lowest_level(const struct outlook_scored *scored)
{
	for (int l = 1; scored && l <= scored->report.n; l++) {
		if (outlook_score_of(scored, l))
			return l;
	}
	return LEVEL_NONE;
}

int64_t outlook_scored_hours(const struct outlook_scored *scored)
{
	int level = outlook_lowest_level(scored);
	return level == LEVEL_NONE ? 0 : outlook_score_of(scored, level)->all[OUTLOOK_MODEL].n;
}
