/* SPDX-License-Identifier: MIT */
/* What people read in a CAP alert: what stands, or what ended. */
#include "cap.h"
#include "text_inside.h"

static void say_ended(struct text_writer *w, const struct cap_alert *alert)
{
	const struct alert_message *message = alert->message;
	const struct timetable *timetable = alert->report->timetable;
	const struct timetable_entry *lift = timetable ? timetable_last(timetable) : NULL;
	if (message->topic == ALERT_ON_ANNOUNCED) {
		text_say_one(w, "已预告的", "announced, will not begin: ");
		text_say_level(w, message->alert.level);
		text_say_one(w, "（自", " (from ");
		text_say_moment(w, message->alert.onset_ms);
		text_say_one(w, "起）不再执行。", "). ");
		return;
	}
	text_say_change(w, LEVEL_NONE, message->alert.level);
	if (lift && lift->level == LEVEL_NONE)
		text_say_entry(w, lift, alert->report);
	else
		text_say_one(w, "。", ". ");
	text_say_signed(w, LEVEL_NONE, message->alert.released);
}

static void say_standing(struct text_writer *w, const struct cap_alert *alert)
{
	const struct alert *said = &alert->message->alert;
	text_say_level(w, said->level);
	if (alert->entry)
		text_say_entry(w, alert->entry, alert->report);
	else
		text_say_one(w, "。", ". ");
	text_say_brought(w, said->level);
	if (alert->entry && said->overdue)
		text_say_overdue(w, alert->entry);
	if (said->next_level >= 0)
		text_say_next(w, said->next_level, said->level, said->next_start_ms);
	text_say_signed(w, said->level, said->released);
}

void text_alert(const struct conf *conf, const struct cap_alert *alert, enum text_language language,
		char ret[TEXT_MAX])
{
	if (alert->message->topic == ALERT_ON_ADVICE) {
		text_advice(conf, alert->report, language, ret);
		return;
	}
	struct text_writer w = text_begin(conf, language, ret, TEXT_MAX);
	if (alert->message->topic == ALERT_ON_ANNOUNCED)
		text_say_opening(&w, "预警指令预告", "directive announced");
	else
		text_say_opening(&w, "预警指令", "directive");
	if (alert->message->type == ALERT_CANCEL)
		say_ended(&w, alert);
	else
		say_standing(&w, alert);
	text_end(&w);
}

/* What a headline adds to the level. */
static void say_headline_end(struct text_writer *w, const struct alert_message *message)
{
	bool ended = message->type == ALERT_CANCEL;
	switch (message->topic) {
	case ALERT_ON_DIRECTIVE:
		if (ended)
			text_say_one(w, "解除", ", lifted");
		break;
	case ALERT_ON_ANNOUNCED:
		text_say_one(w, ended ? "预告撤回" : "预告",
			     ended ? ", announcement withdrawn" : ", announced");
		break;
	case ALERT_ON_ADVICE:
		text_say_one(w, ended ? "建议解除" : "建议（非预警）",
			     ended ? ", advice lifted" : ", advised (no warning)");
		return;
	}
	if (!message->alert.released)
		text_say_one(w, "（待区指挥中心签发）", " (not yet signed for release)");
}

void text_headline(const struct conf *conf, const struct alert_message *message,
		   enum text_language language, char ret[TEXT_HEADLINE_MAX])
{
	struct text_writer w = text_begin(conf, language, ret, TEXT_HEADLINE_MAX);
	if (conf->exercise)
		text_say_one(&w, "【演练】", "【演练】EXERCISE. ");
	text_say_one(&w, "重污染天气", "Heavy air pollution, ");
	text_say_level(&w, message->alert.level);
	say_headline_end(&w, message);
}
