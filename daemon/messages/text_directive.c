/* SPDX-License-Identifier: MIT */
/*
 * What people read about a directive: what was told, and what is in force. No condition is claimed
 * for any of it.
 */
#include "text_inside.h"

static const struct {
	const char *zh, *en;
} reasons[TOLD_REASON_COUNT] = {
	[TOLD_BECAUSE_SAID] = {"", ""},
	[TOLD_BECAUSE_BEGUN] = {"", ""},
	[TOLD_BECAUSE_END_PASSED] = {"", ""},
	[TOLD_BECAUSE_REPLACED] = {"已由后一指令取代", "a later directive replaces it"},
	[TOLD_BECAUSE_POSTPONED] = {"后一指令已推迟其时间", "a later directive postpones it"},
	[TOLD_BECAUSE_NAMED] = {"后一指令将其撤回", "a later directive withdraws it"},
	[TOLD_BECAUSE_PASSED_OVER] = {"另一指令已先行生效", "another directive took effect first"},
	[TOLD_BECAUSE_NOTHING_LEFT] = {"届时无预警可解除", "nothing is in force to be lifted"},
};

/* ---- pieces ---- */

/* What a change does; the level itself where nothing changes. */
void text_say_change(struct text_writer *w, int level, int previous)
{
	if (level == LEVEL_NONE)
		text_say_one(w, "解除", "lifts ");
	else if (previous == LEVEL_NONE)
		text_say_one(w, "发布", "issues ");
	else if (level != previous)
		text_say(w, w->zh ? "%s为" : "%s to ",
			 level > previous ? (w->zh ? "升级" : "upgrades")
					  : (w->zh ? "降级" : "downgrades"));
	else
		text_say_one(w, "维持", "keeps ");
	if (level != LEVEL_NONE)
		text_say_level(w, level);
	else if (previous != LEVEL_NONE)
		text_say_level(w, previous);
	else
		text_say_one(w, "预警", "the warning");
}

/* The start as it was said, and when it took effect here if that is another moment. */
static void say_times(struct text_writer *w, const struct timetable_entry *entry)
{
	bool begun = entry->turn != 0;
	text_say_one(w, "，自", begun ? ", since " : ", from ");
	text_say_moment(w, begun ? entry->effective_ms : entry->start_ms);
	text_say_one(w, "起", "");
	if (begun && entry->effective_ms != entry->start_ms) {
		text_say_one(w, "生效（指令所定时间", " (start as ordered: ");
		text_say_moment(w, entry->start_ms);
		text_say_one(w, "）", ")");
	}
	if (entry->planned_end_ms != 0) {
		text_say_one(w, "，计划至", ", planned until ");
		text_say_end(w, entry->planned_end_ms);
	}
}

static void say_document(struct text_writer *w, const struct timetable_entry *entry)
{
	if (entry->document[0] != '\0')
		text_say(w, w->zh ? "，文号：%s" : ", document: %s", entry->document);
}

/* What it says; of a lift what was lifted; else the district. */
static void say_area(struct text_writer *w, const struct timetable_entry *entry,
		     const struct advice_report *report)
{
	const struct word_details *details = report_area(report, entry);
	if (details)
		text_say_area(w, details->area);
	else if (report_details(report, entry->number))
		text_say_area(w, NULL);
	else /* its row is damaged: nobody knows what it says */
		text_say_area(w, w->zh ? "以市指令为准" : "as the directive says");
}

void text_say_signed(struct text_writer *w, int level, bool released)
{
	if (released)
		text_say_one(w, "区指挥中心已签发。",
			     "Signed for release by the district command centre. ");
	else
		text_say_approver(w, level);
	if (!released)
		text_say_one(w, "市指令已收到，待区指挥中心签发。",
			     "The city's directive has been received; it waits to be signed for "
			     "release by the district command centre. ");
}

void text_say_overdue(struct text_writer *w, const struct timetable_entry *entry)
{
	if (!entry->overdue)
		return;
	text_say_one(w, "计划结束时间", "Its planned end, ");
	text_say_end(w, entry->planned_end_ms);
	text_say_one(w, "已过，未收到解除指令，继续有效。",
		     ", has passed without a lift; it stays in force. ");
}

void text_say_entry(struct text_writer *w, const struct timetable_entry *entry,
		    const struct advice_report *report)
{
	say_times(w, entry);
	say_area(w, entry, report);
	say_document(w, entry);
	text_say_one(w, "。", ". ");
}

/* A directive may differ from the advice: no condition is claimed, and none is met here. */
static void say_own_hours(struct text_writer *w, int level, const struct advice_report *report)
{
	const struct verdict *verdict = report->verdict;
	if (level <= advice_level(report->advice) || report->computing)
		return;
	if (verdict->hour != 0 && verdict->levels[level].met == TRUTH_FALSE)
		text_say_one(w, "属区域应急联动，本站小时数据未达到该级别的预警条件。",
			     "A regional joint response: this station's hours do not meet a "
			     "condition of that level. ");
	else
		text_say_one(w, "属区域应急联动，本站数据不足以判定是否达到该级别的预警条件。",
			     "A regional joint response: this station's hours do not tell whether "
			     "a condition of that level is met. ");
}

void text_say_ordered(struct text_writer *w, int level, const struct timetable_entry *entry,
		      const struct advice_report *report)
{
	text_say_brought(w, level);
	text_say_signed(w, level, entry->released);
	if (level != LEVEL_NONE && report_is_regional(report, entry->number))
		say_own_hours(w, level, report);
}

/* ---- events ---- */

static void say_told_opening(struct text_writer *w, const struct told *told)
{
	if (told->kind == EVENT_OVERDUE)
		text_say_opening(w, "预警指令超期", "directive overdue");
	else if (told->kind == EVENT_WITHDRAWN)
		text_say_opening(w, "预警指令撤回", "directive withdrawn");
	else if (told->reason == TOLD_BECAUSE_BEGUN)
		text_say_opening(w, "预警指令生效", "directive takes effect");
	else if (told->kind == EVENT_ANNOUNCED)
		text_say_opening(w, "收到预警指令（尚未到启动时间）", "directive announced");
	else
		text_say_opening(w, "收到预警指令", "directive received");
}

static void say_withdrawn(struct text_writer *w, const struct told *told,
			  const struct advice_report *report)
{
	const struct timetable_entry *by = report_entry(report, told->by);
	struct timetable_entry entry = told->entry;
	entry.turn = 0; /* what was announced of it */
	text_say_one(w, "原定", "will not begin: ");
	text_say_change(w, entry.level, told->previous);
	say_times(w, &entry);
	say_area(w, &entry, report);
	say_document(w, &entry);
	text_say(w, w->zh ? "，不再执行：%s" : "; %s",
		 w->zh ? reasons[told->reason].zh : reasons[told->reason].en);
	if (by && by->document[0] != '\0')
		text_say(w, w->zh ? "（文号：%s）" : " (document: %s)", by->document);
	text_say_one(w, "。", ". ");
}

void text_say_told(struct text_writer *w, const struct event *event,
		   const struct advice_report *report)
{
	const struct told *told = event->told;
	say_told_opening(w, told);
	if (told->kind == EVENT_WITHDRAWN) {
		say_withdrawn(w, told, report);
		return;
	}
	if (told->kind == EVENT_OVERDUE) {
		text_say_level(w, told->level);
		text_say_entry(w, &told->entry, report);
		text_say_overdue(w, &told->entry);
		text_say_ordered(w, told->level, &told->entry, report);
		return;
	}
	text_say_change(w, told->level, told->previous);
	text_say_entry(w, &told->entry, report);
	text_say_ordered(w, told->level, &told->entry, report);
}

/* ---- what stands ---- */

void text_say_next(struct text_writer *w, int level, int previous, int64_t start_ms)
{
	text_say_one(w, "已预告：", "Announced: ");
	text_say_change(w, level, previous);
	text_say_one(w, "，自", ", from ");
	text_say_moment(w, start_ms);
	text_say_one(w, "起。", ". ");
}

void text_say_in_force(struct text_writer *w, const struct advice_report *report)
{
	const struct timetable *timetable = report->timetable;
	const struct timetable_entry *entry = report_in_force(report);
	if (entry) {
		text_say_one(w, "现行指令：", "In force by directive: ");
		text_say_level(w, entry->level);
		text_say_entry(w, entry, report);
		text_say_overdue(w, entry);
		text_say_ordered(w, entry->level, entry, report);
	}
	int next = timetable ? timetable_next_change(timetable, 0) : -1;
	if (next >= 0)
		text_say_next(w, timetable->pending[next].level,
			      timetable_level_before(timetable, next),
			      timetable->pending[next].start_ms);
}
