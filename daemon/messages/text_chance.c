/* SPDX-License-Identifier: MIT */
#include "text_chance.h"

#include <stdio.h>

#include "text_inside.h"
#include "text_term.h"
#include "time_text.h"

const char *text_tenths(int32_t permille, enum text_language language, char ret[TEXT_TENTHS_MAX])
{
	static const char *const zh[] = {"不足一", "一", "二", "三", "四",      "五",
					 "六",     "七", "八", "九", "九成以上"};
	int tenths = (permille + 50) / 100;
	if (language == TEXT_ZH)
		snprintf(ret, TEXT_TENTHS_MAX, tenths < 10 ? "%s成" : "%s", zh[tenths]);
	else if (tenths == 0)
		snprintf(ret, TEXT_TENTHS_MAX, "less than 1 in 10");
	else if (tenths == 10)
		snprintf(ret, TEXT_TENTHS_MAX, "more than 9 in 10");
	else
		snprintf(ret, TEXT_TENTHS_MAX, "%d in 10", tenths);
	return ret;
}

/* ---- until when ---- */

/* Seen from the moment at which the hour ended: that is what makes it "tomorrow". */
static void say_until(struct text_writer *w, int64_t hour)
{
	struct tm day, today = time_beijing(hour * HOUR_MS);
	int clock = text_clock_hour(hour + OUTLOOK_AHEAD, &day);
	bool same = day.tm_yday == today.tm_yday;
	if (w->zh)
		text_say(w, "%s%d时（%d月%d日）", same ? "今日" : "明日", clock, day.tm_mon + 1,
			 day.tm_mday);
	else
		text_say(w, "%s %02d:00 (%02d-%02d)", same ? "today" : "tomorrow", clock,
			 day.tm_mon + 1, day.tm_mday);
}

/* ---- how likely ---- */

static const char *name_level(const struct text_writer *w, const struct chance_level *level)
{
	const struct plan_level *l = &w->conf->plan.levels[level->level];
	return w->zh ? l->name_zh : l->name_en;
}

static void say_first(struct text_writer *w, const struct chance_level *level, int64_t hour)
{
	if (w->zh) {
		say_until(w, hour);
		text_say(w, "前可能达到%s：", name_level(w, level));
	} else {
		text_say(w, "%s possible by ", name_level(w, level));
		say_until(w, hour);
		text_say(w, ":");
	}
}

static void say_level(struct text_writer *w, const struct chance_level *level)
{
	char tenths[TEXT_TENTHS_MAX];
	text_say(w, w->zh ? "%s" : " %s",
		 text_tenths(level->chance.permille, w->zh ? TEXT_ZH : TEXT_EN, tenths));
	if (level->exceeds)
		text_say_one(w, "（现已超过）", " (exceeded now)");
}

static const struct chance_level *say_levels(struct text_writer *w,
					     const struct chance_report *report)
{
	const struct chance_level *first = NULL;
	for (int i = 0; i < report->n; i++) {
		const struct chance_level *level = &report->levels[i];
		if (level->none != CHANCE_GIVEN)
			continue;
		if (first)
			text_say(w, w->zh ? "；%s" : "; %s", name_level(w, level));
		else
			say_first(w, level, report->hour);
		say_level(w, level);
		first = first ? first : level;
	}
	text_say_one(w, "。", ". ");
	return first;
}

/* ---- how good that was ---- */

/* Of the lowest level that has a chance. */
static void say_score(struct text_writer *w, const struct chance_report *report,
		      const struct chance_level *level)
{
	const struct outlook_trained *trained = &report->model->thresholds[level->index].trained;
	const struct chance_score *season = &level->season;
	if (w->zh)
		text_say(w, "非预报。%s的布里尔评分：%s近%d日", name_level(w, level),
			 w->conf->roster.path ? "本区" : "本站", OUTLOOK_PROOF_DAYS);
	else
		text_say(w, "No forecast. Brier score of %s: %d days here ", name_level(w, level),
			 OUTLOOK_PROOF_DAYS);
	if (season->n > 0)
		text_say(w, w->zh ? "%.3f（持续性%.3f）" : "%.3f (persistence %.3f)",
			 (double)season->brier / 1e6, (double)season->persistence / 1e6);
	else
		text_say_one(w, "未知", "not known");
	text_say(w, w->zh ? "，训练%.3f（%.3f）。" : ", training %.3f (%.3f). ",
		 trained->brier_micro / 1e6, trained->persistence_micro / 1e6);
}

/* ---- why there is none ---- */

static void say_need(struct text_writer *w, const struct chance_report *report)
{
	const struct outlook_need *need = &report->model->needs[report->need];
	const char *name =
		text_pollutant((enum pollutant)need->pollutant, w->zh ? TEXT_ZH : TEXT_EN);
	if (w->zh)
		text_say(w, "有效数据不足（%s近%d小时须有%d小时有效）", name, need->hours,
			 need->valid);
	else
		text_say(w, "too few valid hours (%d of the last %d of %s are needed)", need->valid,
			 need->hours, name);
}

static void say_none(struct text_writer *w, const struct chance_report *report)
{
	static const char *const zh[] = {
		[CHANCE_COMPUTING] = "正在计算近期评分",
		[CHANCE_UNPROVEN] = "近90日可评分的小时不足，尚不显示",
		[CHANCE_NOT_BETTER] = "近90日未优于持续性法，不显示",
		[CHANCE_EDITION] = "模型不适用于所用的AQI标准",
		[CHANCE_NO_DAILY_AQI] = "预案各级均不以日AQI判定",
		[CHANCE_NOT_LEARNT] = "模型未学习预案的阈值",
	};
	static const char *const en[] = {
		[CHANCE_COMPUTING] = "how good it was lately is being computed",
		[CHANCE_UNPROVEN] =
			"too few hours of the last 90 days are known to say how good it was",
		[CHANCE_NOT_BETTER] = "over the last 90 days it was no better than persistence",
		[CHANCE_EDITION] = "the model was not made for the edition of the AQI",
		[CHANCE_NO_DAILY_AQI] = "no level of the plan goes by the daily AQI",
		[CHANCE_NOT_LEARNT] = "the model has not learnt the plan's thresholds",
	};
	text_say_one(w, "不提供未来24小时可能性：", "The chance in 24 h is not given: ");
	if (report->none == CHANCE_TOO_FEW_HOURS)
		say_need(w, report);
	else
		text_say_one(w, zh[report->none], en[report->none]);
	text_say_one(w, "。", ". ");
}

void text_chance(const struct conf *conf, const struct chance_report *report,
		 enum text_language language, char ret[TEXT_CHANCE_MAX])
{
	struct text_writer w = text_begin(conf, language, ret, TEXT_CHANCE_MAX);
	if (conf->exercise)
		text_say_one(&w, "【演练】", "【演练】EXERCISE. ");
	if (report->none != CHANCE_GIVEN)
		say_none(&w, report);
	else
		say_score(&w, report, say_levels(&w, report));
	text_end(&w);
}
