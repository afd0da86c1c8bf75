/* SPDX-License-Identifier: MIT */
#include "text_index.h"

#include <stdio.h>
#include <string.h>

/* "PM2.5", "PM2.5、O3" */
static void write_names(pollutant_set set, bool zh, char ret[TEXT_INDEX_MAX / 2])
{
	size_t n = 0;
	ret[0] = '\0';
	for (int p = 0; p < POLLUTANT_COUNT && n < TEXT_INDEX_MAX / 2; p++) {
		const char *name = pollutant_info((enum pollutant)p)->name;
		if (set & 1u << p)
			n += (size_t)snprintf(ret + n, TEXT_INDEX_MAX / 2 - n, "%s%s",
					      n == 0 ? ""
					      : zh   ? "、"
						     : ", ",
					      name);
	}
}

static void write_concentration(const struct own_index *own, const char *name, bool zh,
				char ret[TEXT_INDEX_MAX])
{
	bool eight = own->daily && own->of == 1u << POLLUTANT_O3;
	if (eight)
		snprintf(ret, TEXT_INDEX_MAX, zh ? "%s最大8小时平均浓度" : "largest 8-hour mean %s",
			 name);
	else if (own->daily)
		snprintf(ret, TEXT_INDEX_MAX, zh ? "%s的24小时平均浓度" : "24-hour mean %s", name);
	else
		snprintf(ret, TEXT_INDEX_MAX, zh ? "%s小时浓度" : "hourly %s", name);
}

const char *text_index(const struct plan *plan, int index, enum text_language language,
		       char ret[TEXT_INDEX_MAX])
{
	bool zh = language == TEXT_ZH, daily = plan_index_is_daily(plan, index);
	const char *aqi = daily ? (zh ? "日" : "daily ") : (zh ? "实时" : "real-time ");
	char names[TEXT_INDEX_MAX / 2];
	snprintf(ret, TEXT_INDEX_MAX, "%sAQI", aqi);
	if (index < PLAN_INDEX_OWN)
		return ret;
	const struct own_index *own = &plan->own[index - PLAN_INDEX_OWN];
	bool one = (own->of & (own->of - 1)) == 0;
	write_names(one ? own->of : POLLUTANT_ALL & ~own->of, zh, names);
	if (own->kind == OWN_MEAN_AQI)
		snprintf(ret, TEXT_INDEX_MAX, "%s",
			 zh ? "24小时实时AQI均值" : "mean of 24 real-time AQIs");
	else if (own->kind == OWN_CONCENTRATION)
		write_concentration(own, names, zh, ret);
	else if (zh)
		snprintf(ret, TEXT_INDEX_MAX, one ? "%s的%sIAQI" : "除%s外的%sAQI", names, aqi);
	else
		snprintf(ret, TEXT_INDEX_MAX, one ? "%sIAQI of %s" : "%sAQI without %s", aqi,
			 names);
	return ret;
}

const char *text_index_unit(const struct plan *plan, int index, enum text_language language)
{
	if (!plan_index_is_concentration(plan, index))
		return "";
	bool co = plan->own[index - PLAN_INDEX_OWN].of == 1u << POLLUTANT_CO;
	if (language == TEXT_ZH)
		return co ? "毫克/立方米" : "微克/立方米";
	return co ? " mg/m³" : " μg/m³";
}

const char *text_season(const struct plan_season *season, enum text_language language,
			char ret[TEXT_SEASON_MAX])
{
	ret[0] = '\0';
	if (season->from != 0)
		snprintf(ret, TEXT_SEASON_MAX,
			 language == TEXT_ZH ? "%d月%d日至%d月%d日" : "%02d-%02d to %02d-%02d",
			 (int)season->from / 100, (int)season->from % 100, (int)season->until / 100,
			 (int)season->until % 100);
	return ret;
}

/* Behind what stands there already. */
static void write_part(const struct plan *plan, const struct plan_part *part,
		       enum text_language language, char ret[TEXT_RULE_MAX])
{
	bool zh = language == TEXT_ZH;
	size_t n = strlen(ret);
	char name[TEXT_INDEX_MAX];
	const char *how = part->at_least ? (zh ? "达到" : "at least") : (zh ? "大于" : "above");
	const char *joint = n == 0 ? "" : zh ? "，且其间" : ", and within it ";
	snprintf(ret + n, TEXT_RULE_MAX - n, zh ? "%s%s%s%d%s持续%d小时" : "%s%s %s %d%s for %d h",
		 joint, text_index(plan, part->index, language, name), how, (int)part->threshold,
		 text_index_unit(plan, part->index, language), (int)part->for_h);
}

void text_condition(const struct plan *plan, const struct plan_condition *condition,
		    enum text_language language, char ret[TEXT_RULE_MAX])
{
	bool zh = language == TEXT_ZH;
	char season[TEXT_SEASON_MAX];
	ret[0] = '\0';
	for (int p = 0; p < condition->n_parts; p++)
		write_part(plan, &condition->parts[p], language, ret);
	size_t n = strlen(ret);
	if (condition->season.from != 0)
		snprintf(ret + n, TEXT_RULE_MAX - n, zh ? "（限%s）" : " (%s only)",
			 text_season(&condition->season, language, season));
}

void text_limits(const struct plan *plan, int level, enum text_language language, const char *verb,
		 char ret[TEXT_RULE_MAX])
{
	const struct plan_release *release = &plan->levels[level].release;
	bool zh = language == TEXT_ZH;
	size_t n = 0;
	ret[0] = '\0';
	for (int i = 0; i < release->n && n < TEXT_RULE_MAX; i++) {
		const struct plan_limit *limit = &release->limits[i];
		const char *how =
			limit->below ? (zh ? "低于" : "below") : (zh ? "不高于" : "at or below");
		char name[TEXT_INDEX_MAX];
		text_index(plan, limit->index, language, name);
		n += (size_t)snprintf(ret + n, TEXT_RULE_MAX - n,
				      zh ? "%s%s%s%s%d%s" : "%s%s%s %s %d%s",
				      i == 0 ? ""
				      : zh   ? "且"
					     : " and ",
				      name, zh ? "" : verb, how, (int)limit->threshold,
				      text_index_unit(plan, limit->index, language));
	}
}
