/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clock.h"

#define BEIJING_MS (8 * HOUR_MS)

struct writer {
	char *text;
	size_t n;
	const struct conf *conf;
	bool zh;
};

static void say(struct writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct writer *w, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vsnprintf(w->text + w->n, TEXT_MAX - w->n, format, args);
	va_end(args);
	if (n > 0)
		w->n += (size_t)n < TEXT_MAX - w->n ? (size_t)n : TEXT_MAX - w->n - 1;
}

int text_clock_hour(int64_t hour, struct tm *ret_day)
{
	time_t seconds = (time_t)((hour * HOUR_MS + BEIJING_MS) / 1000);
	gmtime_r(&seconds, ret_day);
	if (ret_day->tm_hour != 0)
		return ret_day->tm_hour;
	seconds -= 3600;
	gmtime_r(&seconds, ret_day);
	return 24;
}

static void say_hour(struct writer *w, int64_t hour)
{
	struct tm tm;
	int clock_hour = text_clock_hour(hour, &tm);
	say(w, w->zh ? "%d年%d月%d日%d时" : "%d-%02d-%02d %02d:00", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, clock_hour);
}

static const char *roman(const char *response)
{
	static const char *const ascii[] = {"I", "II", "III", "IV"};
	static const char *const full[] = {"Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"};
	for (int i = 0; i < 4; i++) {
		if (strcmp(response, ascii[i]) == 0)
			return full[i];
	}
	return response;
}

static void say_level(struct writer *w, enum level level)
{
	const struct plan_level *l = &w->conf->plan.levels[level];
	if (w->zh)
		say(w, "%s预警（%s级响应）", l->name_zh, roman(l->response));
	else
		say(w, "%s (response %s)", l->name_en, l->response);
}

/* `about` says whose words follow. */
static void say_opening(struct writer *w, enum event_about about)
{
	const struct station_conf *station = &w->conf->station;
	bool advice = about == ABOUT_ADVICE;
	if (w->conf->exercise)
		say(w, w->zh ? "【演练】" : "【演练】EXERCISE. ");
	if (w->zh)
		say(w, "%s%s：", station->name_zh, advice ? "预警建议" : "收到预警指令");
	else
		say(w, "%s, %s: ", station->name_en,
		    advice ? "warning advice" : "directive received");
}

static void say_part(struct writer *w, const struct plan_part *part, int32_t hours, bool ahead)
{
	bool daily = part->index == PLAN_INDEX_DAILY_AQI;
	if (w->zh && part->at_least)
		say(w, "日AQI达到%d", part->threshold);
	else if (w->zh && daily)
		say(w, "日AQI大于%d%s%d小时", part->threshold, ahead ? "将持续" : "已", hours);
	else if (w->zh)
		say(w, "其间%d小时实时AQI大于%d", hours, part->threshold);
	else if (part->at_least)
		say(w, "daily AQI reached %d", part->threshold);
	else if (daily)
		say(w, "daily AQI above %d for %d h", part->threshold, hours);
	else
		say(w, "real-time AQI above %d for %d h", part->threshold, hours);
}

/* Which condition is met, with the hours that were found. */
static void say_reason(struct writer *w, enum level level, const struct evidence *evidence)
{
	const struct plan_condition *condition =
		&w->conf->plan.levels[level].any[evidence->condition];
	for (int p = 0; p < condition->n_parts; p++) {
		if (p > 0)
			say(w, w->zh ? "，" : ", ");
		say_part(w, &condition->parts[p], evidence->parts[p].hours,
			 evidence->basis != BASIS_OBSERVED);
	}
	say(w, w->zh ? "，最高%d。" : "; highest %d. ", evidence->run_max);
}

static void say_cut(struct writer *w, enum level level)
{
	const int32_t *pct = w->conf->plan.levels[level].min_cut_pct;
	static const char *const names[EMISSION_COUNT] = {"SO2", "NOx", "PM", "VOCs"};
	bool any = false;
	for (int e = 0; e < EMISSION_COUNT; e++) {
		if (pct[e] == CUT_UNSAID)
			continue;
		if (!any)
			say(w, w->zh ? "减排比例不低于：" : "Cut at least: ");
		say(w, w->zh ? "%s%s %d%%" : "%s%s %d %%", any ? (w->zh ? "、" : ", ") : "",
		    names[e], pct[e]);
		any = true;
	}
	if (any)
		say(w, w->zh ? "。" : ". ");
}

static void say_approver(struct writer *w, enum level level)
{
	const struct plan_level *l = &w->conf->plan.levels[level];
	const char *approver = w->zh ? l->approver_zh : l->approver_en;
	if (approver)
		say(w, w->zh ? "须由%s批准。" : "Needs approval: %s. ", approver);
}

/* Nobody may take the advice for a warning in force. */
static void say_closing(struct writer *w)
{
	say(w, w->zh ? "本信息为监测站点建议，以指挥中心指令为准。"
		     : "Advice of one station; only a directive puts a level in force.");
}

static void say_recommended(struct writer *w, enum level level, const struct evidence *evidence)
{
	if (evidence->basis != BASIS_OBSERVED)
		say(w, w->zh ? "按预报，" : "By forecast, ");
	say_reason(w, level, evidence);
	say(w, w->zh ? "建议" : "Advised: ");
	say_level(w, level);
	say(w, w->zh ? "，起始时间" : " from ");
	say_hour(w, evidence->onset);
	say(w, w->zh ? "。" : ". ");
	say_cut(w, level);
	say_approver(w, level);
}

/* What ended: the hours at or below the release threshold of the level that was left. */
static void say_released(struct writer *w, const struct event *event)
{
	const struct plan *plan = &w->conf->plan;
	int32_t threshold = plan->levels[event->previous].release_threshold;
	if (w->zh)
		say(w, "日AQI不高于%d已满%d小时。", threshold, plan->release_h);
	else
		say(w, "Daily AQI at or below %d for %d h. ", threshold, plan->release_h);
	if (event->level == LEVEL_NONE) {
		say(w, w->zh ? "建议解除" : "Advised: lift the ");
		say_level(w, event->previous);
	} else {
		say(w, w->zh ? "建议降级为" : "Advised: downgrade to ");
		say_level(w, event->level);
	}
	say(w, w->zh ? "，时间" : " at ");
	say_hour(w, event->hour);
	say(w, w->zh ? "。" : ". ");
	if (event->level != LEVEL_NONE)
		say_cut(w, event->level);
}

static void say_level_or_none(struct writer *w, enum level level)
{
	if (level == LEVEL_NONE)
		say(w, w->zh ? "无预警" : "none");
	else
		say_level(w, level);
}

/* What other hours would have brought; what was advised is never rewritten (domain.md 1). */
static void say_corrected(struct writer *w, const struct event *event)
{
	say(w, w->zh ? "小时数据已更正" : "Hourly data were corrected");
	if (event->revised_from != 0) {
		say(w, w->zh ? "，按更正后数据自" : "; by them, from ");
		say_hour(w, event->revised_from);
		say(w, w->zh ? "起结论不同，现应为" : " on the advice would differ, and now be ");
		say_level_or_none(w, event->revised);
	} else {
		say(w, w->zh ? "，结论不变" : "; the advice would be the same");
	}
	say(w, w->zh ? "；已发建议保持：" : "; as advised: ");
	say_level_or_none(w, event->level);
	say(w, w->zh ? "。" : ". ");
}

static void say_unchanged(struct writer *w, const struct event *event)
{
	const char *why = event->kind == EVENT_HOLD
				  ? (w->zh ? "有效数据不足，无法判定" : "Insufficient valid data")
			  : event->kind == EVENT_RESUME
				  ? (w->zh ? "有效数据恢复" : "Valid data again")
				  : (w->zh ? "预案或标准版本已更换" : "Plan or edition changed");
	say(w, w->zh ? "%s；建议保持" : "%s; advice stays: ", why);
	say_level_or_none(w, event->level);
	say(w, w->zh ? "。" : ". ");
}

static void say_moment(struct writer *w, int64_t wall_ms)
{
	char text[CLOCK_TEXT_SIZE];
	clock_text(wall_ms, text); /* 2026-01-31T09:00:00+08:00 */
	say(w, "%.10s %.5s", text, text + 11);
}

/* What the city ordered; no condition is claimed for it. */
static void say_directive(struct writer *w, const struct event *event,
			  const struct directive *directive)
{
	if (event->level == LEVEL_NONE) {
		say(w, w->zh ? "解除" : "lifts ");
		say_level(w, event->previous);
	} else {
		say_level(w, event->level);
	}
	say(w, w->zh ? "，自" : ", from ");
	say_moment(w, directive->start_ms);
	say(w, w->zh ? "起" : "");
	if (directive->planned_end_ms != 0) {
		say(w, w->zh ? "，计划至" : ", planned until ");
		say_moment(w, directive->planned_end_ms);
	}
	if (directive->area[0] != '\0')
		say(w, w->zh ? "，区域：%s" : ", area: %s", directive->area);
	if (directive->document[0] != '\0')
		say(w, w->zh ? "，文号：%s" : ", document: %s", directive->document);
	say(w, w->zh ? "。" : ". ");
	if (event->level != LEVEL_NONE)
		say_cut(w, event->level);
}

/* An English sentence ends with a space for the next one; after the last there is none. */
static void end(struct writer *w)
{
	if (w->n > 0 && w->text[w->n - 1] == ' ')
		w->text[--w->n] = '\0';
}

static struct writer begin(const struct conf *conf, enum text_language language,
			   enum event_about about, char *text)
{
	text[0] = '\0';
	struct writer w = {.text = text, .conf = conf, .zh = language == TEXT_ZH};
	say_opening(&w, about);
	return w;
}

void text_level(const struct conf *conf, enum level level, enum text_language language,
		char ret[TEXT_LEVEL_MAX])
{
	char text[TEXT_MAX] = "";
	struct writer w = {.text = text, .conf = conf, .zh = language == TEXT_ZH};
	say_level(&w, level);
	snprintf(ret, TEXT_LEVEL_MAX, "%.*s", TEXT_LEVEL_MAX - 1, text);
}

void text_reason(const struct conf *conf, enum level level, const struct evidence *evidence,
		 enum text_language language, char ret[TEXT_MAX])
{
	struct writer w = {.text = ret, .conf = conf, .zh = language == TEXT_ZH};
	ret[0] = '\0';
	say_reason(&w, level, evidence);
	end(&w);
}

void text_event(const struct conf *conf, const struct event *event,
		const struct advice_report *report, enum text_language language, char ret[TEXT_MAX])
{
	struct writer w = begin(conf, language, event->about, ret);
	if (event->about == ABOUT_DIRECTIVE) {
		say_directive(&w, event, report->directive);
		end(&w);
		return;
	}
	switch (event->kind) {
	case EVENT_ISSUE:
	case EVENT_UPGRADE:
		say_recommended(&w, event->level, &report->advice->evidence);
		break;
	case EVENT_DOWNGRADE:
	case EVENT_LIFT:
		say_released(&w, event);
		break;
	case EVENT_HOLD:
	case EVENT_RESUME:
	case EVENT_RULES_CHANGED:
		say_unchanged(&w, event);
		break;
	case EVENT_CORRECTION:
		say_corrected(&w, event);
		break;
	}
	say_closing(&w);
}

void text_advice(const struct conf *conf, const struct advice_report *report,
		 enum text_language language, char ret[TEXT_MAX])
{
	struct writer w = begin(conf, language, ABOUT_ADVICE, ret);
	enum level level = advice_level(report->advice);
	if (level == LEVEL_NONE) {
		say(&w, w.zh ? "目前不建议发布预警。" : "No warning is advised at present. ");
	} else {
		say(&w, w.zh ? "目前建议" : "At present: ");
		say_level(&w, level);
		say(&w, w.zh ? "，自" : " since ");
		say_hour(&w, report->advice->since);
		say(&w, w.zh ? "起。" : ". ");
		say_cut(&w, level);
		say_approver(&w, level);
	}
	if (report->in_force) {
		say(&w, w.zh ? "现行指令：" : "In force by directive: ");
		say_level(&w, report->in_force->level);
		say(&w, w.zh ? "。" : ". ");
	}
	if (report->verdict->dust)
		say(&w, w.zh ? "沙尘过程，颗粒物不计入。" : "Dust event: particles not counted. ");
	if (report->advice->holding)
		say(&w, w.zh ? "有效数据不足，结论保持。" : "Insufficient valid data: held. ");
	say_closing(&w);
}
