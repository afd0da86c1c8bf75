/* SPDX-License-Identifier: MIT */
#include "text_reason.h"

#include <stdio.h>
#include <string.h>

#include "hour.h"
#include "text_index.h"
#include "text_term.h"

#define NAMES_SIZE 512

/* At the begin of a sentence. */
static void write_limits(const struct plan *plan, int level, bool zh, char ret[TEXT_RULE_MAX])
{
	text_limits(plan, level, zh ? TEXT_ZH : TEXT_EN, "", ret);
	if (ret[0] >= 'a' && ret[0] <= 'z')
		ret[0] = (char)(ret[0] - 'a' + 'A');
}

static void write_by_forecast(const struct conf *conf, const struct event *event, bool zh,
			      char ret[TEXT_MAX])
{
	const struct plan *plan = &conf->plan;
	enum text_language language = zh ? TEXT_ZH : TEXT_EN;
	char issued[TEXT_INSTANT_MAX], limits[TEXT_RULE_MAX];
	text_instant(event->issue.issued_ms, false, language, issued);
	if (event->behind_h > 0 && event->behind_h < plan_release_h(plan, event->previous)) {
		write_limits(plan, event->previous, zh, limits);
		snprintf(ret, TEXT_MAX,
			 zh ? "%s已%d小时，按%s于%s发布的预报将继续保持。"
			    : "%s for %d h, and by the forecast of %s issued %s it stays there. ",
			 limits, event->behind_h, event->issue.source, issued);
		return;
	}
	text_limits(plan, event->previous, language, " stays", limits);
	snprintf(ret, TEXT_MAX,
		 zh ? "按%s于%s发布的预报，%s。" : "By the forecast of %s issued %s the %s. ",
		 event->issue.source, issued, limits);
}

static void write_observed(const struct plan *plan, int level, bool zh, char ret[TEXT_MAX])
{
	char limits[TEXT_RULE_MAX];
	write_limits(plan, level, zh, limits);
	snprintf(ret, TEXT_MAX, zh ? "%s已满%d小时。" : "%s for %d h. ", limits,
		 (int)plan_release_h(plan, level));
}

void text_why_released(const struct conf *conf, const struct event *event,
		       enum text_language language, char ret[TEXT_MAX])
{
	bool zh = language == TEXT_ZH;
	ret[0] = '\0';
	if (event->reason == REASON_FORECAST)
		write_by_forecast(conf, event, zh, ret);
	else if (event->reason == REASON_REVIEW)
		snprintf(ret, TEXT_MAX, "%s",
			 zh ? "据以判定的小时数据经审核为无效，其余数据从未达到预警条件。"
			    : "A review found the hours that called for it invalid; no others ever "
			      "did. ");
	else if (event->reason == REASON_LATE && conf->roster.path)
		snprintf(ret, TEXT_MAX, "%s",
			 zh ? "据以判定的小时数据经站点补传或更正，更正后的数据从未达到预警条件。"
			    : "The stations told the hours that called for it anew; as they are "
			      "now none ever did. ");
	else if (event->reason == REASON_LATE)
		snprintf(ret, TEXT_MAX, "%s",
			 zh ? "据以判定的小时数据经数采仪补传或更正，更正后的数据从未达到预警条件。"
			    : "The data logger told the hours that called for it anew; as they are "
			      "now none ever did. ");
	else if (event->reason == REASON_INSTRUMENT)
		snprintf(ret, TEXT_MAX, "%s",
			 zh ? "据以判定的小时数据因仪器故障无效，其余数据从未达到预警条件。"
			    : "The hours that called for it are an instrument's fault; no others "
			      "ever did. ");
	else
		write_observed(&conf->plan, event->previous, zh, ret);
}

/* "orange, red" */
static void write_levels(const struct conf *conf, uint32_t levels, bool zh, char ret[NAMES_SIZE])
{
	size_t used = 0;
	ret[0] = '\0';
	for (int l = 1; l <= conf->plan.n_levels && used < NAMES_SIZE; l++) {
		const struct plan_level *level = &conf->plan.levels[l];
		if (levels & 1u << l)
			used += (size_t)snprintf(ret + used, NAMES_SIZE - used, "%s%s",
						 used == 0 ? ""
						 : zh      ? "、"
							   : ", ",
						 zh ? level->name_zh : level->name_en);
	}
}

/* "PM2.5, PM10" */
static void write_pollutants(pollutant_set set, bool zh, char ret[NAMES_SIZE])
{
	size_t used = 0;
	ret[0] = '\0';
	for (int p = 0; p < POLLUTANT_COUNT && used < NAMES_SIZE; p++) {
		if (set & 1u << p)
			used += (size_t)snprintf(
				ret + used, NAMES_SIZE - used, "%s%s",
				used == 0 ? ""
				: zh      ? "、"
					  : ", ",
				text_pollutant((enum pollutant)p, zh ? TEXT_ZH : TEXT_EN));
	}
}

static void write_undecided(const struct conf *conf, const struct event *event, bool zh,
			    char ret[TEXT_MAX])
{
	char levels[NAMES_SIZE], pollutants[NAMES_SIZE];
	write_levels(conf, event->undecided, zh, levels);
	write_pollutants(report_wanted(conf, event->undecided, event->waits_for_forecast), zh,
			 pollutants);
	if (event->waits_for_forecast)
		snprintf(ret, TEXT_MAX,
			 zh ? "预报已过期，无法判定%s预警"
			    : "The forecast is too old; undecided: %s",
			 levels);
	else
		snprintf(ret, TEXT_MAX,
			 zh ? "%s有效数据不足，无法判定%s预警"
			    : "Insufficient valid data of %s; undecided: %s",
			 pollutants, levels);
}

void text_why_held(const struct conf *conf, const struct event *event, enum text_language language,
		   char ret[TEXT_MAX])
{
	bool zh = language == TEXT_ZH, over = event->kind == EVENT_RESUME;
	const char *words;
	if (event->reason == REASON_BEYOND_HORIZON)
		words = over ? (zh ? "预报时段末端的污染已能判定"
				   : "The smog at the end of the forecast is decided")
			     : (zh ? "预报时段末端仍有污染，其后情况未知"
				   : "Smog goes on at the end of the forecast, and nobody knows "
				     "further");
	else if (event->reason == REASON_SECOND_ISSUE)
		words = over ? (zh ? "不再等待下一期预报" : "No other issue is waited for")
			     : (zh ? "24小时内曾解除或降级，待同一来源下一期预报确认"
				   : "Raised again within 24 h: another issue of the forecast has "
				     "to say so");
	else
		words = zh ? "有效数据恢复" : "Valid data again";
	if (event->reason == REASON_INSUFFICIENT_DATA && !over)
		write_undecided(conf, event, zh, ret);
	else
		snprintf(ret, TEXT_MAX, "%s", words);
}

void text_rules_changed(const struct event *event, enum text_language language, char ret[TEXT_MAX])
{
	bool zh = language == TEXT_ZH;
	const struct rules_change *rules = event->rules;
	const char *separator = "";
	size_t n = 0;
	if (!rules || (rules->plan_same && rules->edition_same)) {
		snprintf(ret, TEXT_MAX,
			 zh ? "预案或标准的内容有改动（校验码由%08x变为%08x）"
			    : "The rules changed under their names (checksum from %08x to %08x)",
			 rules ? rules->sum_before : 0, rules ? rules->sum : 0);
		return;
	}
	if (!rules->plan_same) {
		n = (size_t)snprintf(ret, TEXT_MAX, zh ? "预案由%s改为%s" : "Plan from %s to %s",
				     rules->plan_before, rules->plan);
		separator = zh ? "，" : "; ";
	}
	if (!rules->edition_same && n < TEXT_MAX)
		snprintf(ret + n, TEXT_MAX - n,
			 zh ? "%sAQI标准版本由%s改为%s" : "%sAQI edition from %s to %s", separator,
			 rules->edition_before, rules->edition);
}

void text_dust(const struct event *event, enum text_language language, char ret[TEXT_MAX])
{
	bool zh = language == TEXT_ZH;
	char from[TEXT_INSTANT_MAX], to[TEXT_INSTANT_MAX];
	text_instant((event->dust_from - 1) * HOUR_MS, false, language, from); /* its START */
	text_instant(event->dust_to * HOUR_MS, true, language, to);
	if (event->dust_cleared)
		snprintf(ret, TEXT_MAX,
			 zh ? "取消沙尘标记：%s至%s，颗粒物重新计入。"
			    : "No dust event after all: %s to %s; particles count again. ",
			 from, to);
	else
		snprintf(ret, TEXT_MAX,
			 zh ? "沙尘过程：%s至%s，期间颗粒物不计入预警判定。"
			    : "Dust event: %s to %s; particles do not count for the plan. ",
			 from, to);
}
