/* SPDX-License-Identifier: MIT */
/* What people read about an event of the advice; which of an event's texts is due. */
#include "text.h"

#include <stdio.h>
#include <time.h>

#include "clock.h"
#include "text_index.h"
#include "text_inside.h"
#include "text_reason.h"
#include "time_text.h"

/* inside: within the hours of air that another part's run covers. */
static void say_part(struct text_writer *w, const struct plan_part *part,
		     const struct part_progress *progress, bool ahead, bool inside)
{
	const struct plan *plan = &w->conf->plan;
	enum text_language language = w->zh ? TEXT_ZH : TEXT_EN;
	const char *unit = text_index_unit(plan, part->index, language);
	int32_t hours = progress->hours;
	char name[TEXT_INDEX_MAX];
	text_index(plan, part->index, language, name);
	if (progress->said)
		text_say(w,
			 w->zh ? "其间预计有短时实时AQI大于%d"
			       : "a short spell above %d expected in it",
			 part->threshold);
	else if (part->at_least && part->index == PLAN_INDEX_DAILY_AQI)
		text_say(w, w->zh ? "%s达到%d" : "%s reached %d", name, part->threshold);
	else if (w->zh && inside)
		text_say(w, "其间%d小时%s%s%d%s", hours, name, part->at_least ? "达到" : "大于",
			 part->threshold, unit);
	else if (w->zh)
		text_say(w, "%s%s%d%s%s%d小时", name, part->at_least ? "达到" : "大于",
			 part->threshold, unit, ahead ? "将持续" : "已", hours);
	else
		text_say(w, "%s %s %d%s for %d h", name, part->at_least ? "at least" : "above",
			 part->threshold, unit, hours);
}

/* Which condition is met, with the hours that were found. */
static void say_reason(struct text_writer *w, int level, const struct evidence *evidence)
{
	const struct plan_condition *condition =
		&w->conf->plan.levels[level].any[evidence->condition];
	for (int p = 0; p < condition->n_parts; p++) {
		if (p > 0)
			text_say(w, w->zh ? "，" : ", ");
		bool inside =
			p > 0 && !plan_index_is_daily(&w->conf->plan, condition->parts[p].index);
		say_part(w, &condition->parts[p], &evidence->parts[p],
			 evidence->basis != BASIS_OBSERVED, inside);
	}
	text_say(w, w->zh ? "，日AQI最高%d。" : "; highest daily AQI %d. ", evidence->run_max);
}

/* What else than an hour that closed or a forecast brings it. */
static void say_cause(struct text_writer *w, enum event_reason cause)
{
	if (cause == REASON_DUST)
		text_say_one(w, "沙尘时段改变。", "The time of the dust event was changed. ");
	else if (cause == REASON_REVIEW || cause == REASON_INSTRUMENT || cause == REASON_LATE)
		text_say_one(w, "小时数据已更正。", "Hourly data were corrected. ");
}

static void say_recommended(struct text_writer *w, int level, const struct evidence *evidence)
{
	if (evidence->basis != BASIS_OBSERVED)
		text_say_one(w, "按预报，", "By forecast, ");
	say_reason(w, level, evidence);
	text_say_one(w, "建议", "Advised: ");
	text_say_advised(w, level, evidence->onset);
}

/* What ended, and why. */
static void say_released(struct text_writer *w, const struct event *event)
{
	char why[TEXT_MAX];
	bool lift = event->level == LEVEL_NONE;
	text_why_released(w->conf, event, w->zh ? TEXT_ZH : TEXT_EN, why);
	text_say(w, "%s", why);
	bool by_itself = lift && w->conf->plan.levels[event->previous].release.by_itself;
	if (by_itself)
		text_say_one(w, "按预案自行解除", "By the plan ends by itself: ");
	else if (lift)
		text_say_one(w, "建议解除", "Advised: lift the ");
	else
		text_say_one(w, "建议降级为", "Advised: downgrade to ");
	text_say_level(w, lift ? event->previous : event->level);
	text_say_one(w, "，时间", " at ");
	if (lift)
		text_say_end(w, event->hour * HOUR_MS);
	else
		text_say_moment(w, event->hour * HOUR_MS);
	text_say_area(w, NULL);
	text_say_one(w, "。", ". ");
	text_say_brought(w, event->level);
	if (!by_itself)
		text_say_approver(w, event->level);
}

static void say_moved(struct text_writer *w, const struct event *event)
{
	if (event->reason == REASON_FORECAST)
		text_say_one(w, "预报更新", "A newer forecast moves the start");
	else if (event->reason == REASON_DUST)
		text_say_one(w, "沙尘时段改变", "Another time of the dust event moves the start");
	else
		text_say_one(w, "小时数据改变", "Hours that were changed move the start");
	text_say_one(w, "，起始时间改变。建议", ". Advised: ");
	text_say_advised(w, event->level, event->onset_ms / HOUR_MS);
}

/* The advice stays as it is. */
static void say_kept(struct text_writer *w, const struct event *event, const char *why)
{
	text_say(w, w->zh ? "%s；" : "%s; ", why);
	if (w->zh && event->level == LEVEL_NONE) {
		text_say(w, "维持不发布预警。");
		return;
	}
	text_say_one(w, "建议保持", "advice stays: ");
	text_say_level(w, event->level);
	text_say_one(w, "。", ". ");
}

static void say_unchanged(struct text_writer *w, const struct event *event)
{
	char why[TEXT_MAX], level[TEXT_LEVEL_MAX] = "";
	enum text_language language = w->zh ? TEXT_ZH : TEXT_EN;
	if (event->reason == REASON_OVER_RANGE && event->would_call_for != LEVEL_NONE)
		text_level(w->conf, event->would_call_for, language, level);
	if (event->reason == REASON_OVER_RANGE)
		text_over_range(event, level, language, why);
	else if (event->kind == EVENT_RULES_CHANGED)
		text_rules_changed(event, language, why);
	else
		text_why_held(w->conf, event, language, why);
	say_kept(w, event, why);
}

static void say_dust(struct text_writer *w, const struct event *event)
{
	char words[TEXT_MAX];
	text_dust(event, w->zh ? TEXT_ZH : TEXT_EN, words);
	text_say(w, "%s", words);
}

void text_level(const struct conf *conf, int level, enum text_language language,
		char ret[TEXT_LEVEL_MAX])
{
	struct text_writer w = text_begin(conf, language, ret, TEXT_LEVEL_MAX);
	text_say_level(&w, level);
}

void text_reason(const struct conf *conf, int level, const struct evidence *evidence,
		 enum text_language language, char ret[TEXT_MAX])
{
	struct text_writer w = text_begin(conf, language, ret, TEXT_MAX);
	say_reason(&w, level, evidence);
	text_end(&w);
}

static void say_advised(struct text_writer *w, const struct event *event,
			const struct advice_report *report)
{
	text_say_advice(w, event->level > event->previous ? event->level : event->previous);
	switch (event->kind) {
	case EVENT_ISSUE:
	case EVENT_UPGRADE:
		say_cause(w, event->reason);
		say_recommended(w, event->level, &report->advice->evidence);
		break;
	case EVENT_DOWNGRADE:
	case EVENT_LIFT:
		say_released(w, event);
		break;
	case EVENT_AMENDED:
		say_moved(w, event);
		break;
	case EVENT_HOLD:
	case EVENT_RESUME:
	case EVENT_ANNOUNCED:
	case EVENT_WITHDRAWN:
	case EVENT_OVERDUE:
	case EVENT_RULES_CHANGED:
		say_unchanged(w, event);
		break;
	case EVENT_CORRECTION:
		text_say_corrected(w, event);
		break;
	case EVENT_DUST:
		say_dust(w, event);
		break;
	}
	text_say_closing(w);
}

static void write_event(struct text_writer *w, const struct event *event,
			const struct advice_report *report)
{
	if (event->told)
		text_say_told(w, event, report);
	else
		say_advised(w, event, report);
	text_end(w);
}

void text_event(const struct conf *conf, const struct event *event,
		const struct advice_report *report, enum text_language language, char ret[TEXT_MAX])
{
	struct text_writer w = text_begin(conf, language, ret, TEXT_MAX);
	write_event(&w, event, report);
}

void text_event_brief(const struct conf *conf, const struct event *event,
		      const struct advice_report *report, enum text_language language,
		      char ret[TEXT_MAX])
{
	struct text_writer w = text_begin(conf, language, ret, TEXT_MAX);
	w.brief = true;
	write_event(&w, event, report);
}

const char *text_forecast_fault(enum forecast_fault fault)
{
	static const char *const words[FORECAST_FAULT_COUNT] = {
		[FORECAST_TOO_MANY] = "not 1 to 240 hours, or 1 to 10 days",
		[FORECAST_NO_RISE] = "hours or days that do not rise",
		[FORECAST_DAY_ENDS] = "a day that does not end at 24:00 in Beijing",
		[FORECAST_FAR] = "an hour more than 16 days from its issue",
		[FORECAST_NO_AQI] = "aqi: not within 0 to 500, the least first",
		[FORECAST_NO_VALUE] = "an hour without any concentration",
		[FORECAST_BAD_VALUE] = "a concentration below 0 or above 10000"};
	return words[fault];
}

/* "pm25, o3: 3 hours above the bounds of hj633-2026, taken for unknown" */
void text_beyond(const struct forecast *forecast, const struct edition *edition, char *ret,
		 size_t size)
{
	pollutant_set beyond;
	int n = forecast_beyond(forecast, edition, &beyond);
	size_t used = 0;
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		if ((beyond & (1u << p)) && used < size)
			used += (size_t)snprintf(ret + used, size - used, "%s%s",
						 used > 0 ? ", " : "",
						 pollutant_info((enum pollutant)p)->key);
	if (n > 0 && used < size)
		snprintf(ret + used, size - used,
			 ": %d hours above the bounds of %s, taken for unknown", n, edition->id);
}
