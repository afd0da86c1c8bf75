/* SPDX-License-Identifier: MIT */
/* What people read about what stands: the advice, and the directive in force. */
#include "clock.h"
#include "text_inside.h"
#include "text_reason.h"

/* Nobody may take the advice for a warning in force. */
void text_say_closing(struct text_writer *w)
{
	if (w->conf->roster.path)
		text_say_one(w, "本信息为评价点位汇总建议，以市指挥中心指令为准。",
			     "Advice of the district's assessment points; only a directive puts a "
			     "level in force.");
	else
		text_say_one(w, "本信息为监测站点建议，以市指挥中心指令为准。",
			     "Advice of one station; only a directive puts a level in force.");
}

/* What the hours as they are now bring, held against the advice as it stands; what was advised is
 * never rewritten (domain.md 1). */
void text_say_corrected(struct text_writer *w, const struct event *event)
{
	bool differed = event->revised_from != 0, differs = event->revised != event->level;
	if (event->reason == REASON_INSTRUMENT)
		text_say_one(w, "发现仪器故障，", "An instrument was at fault: ");
	if (event->reason == REASON_LATE && w->conf->roster.path)
		text_say_one(w, "站点补传或更正，", "Stations told hours late or anew: ");
	else if (event->reason == REASON_LATE)
		text_say_one(w, "数采仪补传或更正，", "A data logger told periods late or anew: ");
	text_say_one(w, "小时数据已更正", "Hourly data were corrected");
	if (differed) {
		text_say_one(w, "，按更正后数据自", "; by them, from ");
		text_say_moment(w, event->revised_from * HOUR_MS);
		text_say_one(w, "起结论不同", " on the advice would have differed");
	}
	if (differs) {
		text_say_one(w, "，按现有数据和规则现应为",
			     "; by the hours and rules of now it would be: ");
		text_say_level(w, event->revised);
		text_say_one(w, "；已发建议保持：", "; as advised: ");
	} else if (differed) {
		text_say_one(w, "，目前结论与已发建议一致：",
			     "; now it would be the same as advised: ");
	} else {
		text_say_one(w, "，结论不变；已发建议保持：",
			     "; the advice would be the same; as advised: ");
	}
	text_say_level(w, event->level);
	text_say_one(w, "。", ". ");
}

/* Why the advice stays as it is though hours or a forecast might change it. */
static void say_held(struct text_writer *w, const struct advice_report *report)
{
	const struct advice *advice = report->advice;
	const struct event hold = {.kind = EVENT_HOLD,
				   .reason = advice->hold_reason,
				   .undecided = advice->undecided,
				   .waits_for_forecast = report->verdict->waits_for_forecast};
	char why[TEXT_MAX];
	if (advice->hold_reason == REASON_NONE)
		return;
	text_why_held(w->conf, &hold, w->zh ? TEXT_ZH : TEXT_EN, why);
	text_say(w, "%s", why);
	if (advice_level(advice) == LEVEL_NONE)
		text_say_one(w, "。", ". ");
	else
		text_say_one(w, "，结论保持。", "; the advice is held. ");
}

/* No hour was judged yet, or those that were decide nothing. */
static bool is_untold(const struct advice_report *report)
{
	return report->verdict->hour == 0 || report->advice->undecided != 0;
}

static void say_own_advice(struct text_writer *w, const struct advice_report *report)
{
	int level = advice_level(report->advice);
	int64_t onset = report->advice->evidence.onset;
	if (report->computing) {
		text_say_one(w, "预警建议正在计算。", "The advice is being computed. ");
	} else if (level != LEVEL_NONE) {
		text_say_one(w, "目前建议", "At present: ");
		text_say_advised(w, level, onset != 0 ? onset : report->advice->since);
	} else if (is_untold(report)) {
		text_say_one(w, "目前尚不能判定是否需要预警。",
			     "It cannot be told yet whether a warning is called for. ");
	} else {
		text_say_one(w, "目前不建议发布预警。", "No warning is advised at present. ");
	}
	say_held(w, report);
}

static void say_air(struct text_writer *w, const struct advice_report *report)
{
	if (report->verdict->dust)
		text_say_one(w, "沙尘过程，颗粒物不计入。", "Dust event: particles not counted. ");
	if (report->without_dust > LEVEL_NONE) {
		text_say_one(w, "若计入，应为", "Counted, they would call for: ");
		text_say_level(w, report->without_dust);
		text_say_one(w, "。", ". ");
	}
	if (report->over_range) {
		char sentence[TEXT_SENTENCE_MAX];
		text_over_ranges(report->over_range, w->zh ? TEXT_ZH : TEXT_EN, sentence);
		text_say(w, "%s", sentence);
	}
}

void text_advice(const struct conf *conf, const struct advice_report *report,
		 enum text_language language, char ret[TEXT_MAX])
{
	struct text_writer w = text_begin(conf, language, ret, TEXT_MAX);
	const struct timetable_entry *entry = report_in_force(report);
	bool regional = entry && report_is_regional(report, entry->number);
	text_say_advice(&w, advice_level(report->advice));
	if (regional)
		text_say_in_force(&w, report);
	say_own_advice(&w, report);
	if (!regional)
		text_say_in_force(&w, report);
	say_air(&w, report);
	text_say_closing(&w);
}
