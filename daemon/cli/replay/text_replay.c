/* SPDX-License-Identifier: MIT */
#include "text_replay.h"

#include "text.h"

const char *text_replay_hour(int64_t hour, char ret[TEXT_HOUR_SIZE])
{
	struct tm tm;
	int clock_hour = text_clock_hour(hour, &tm);
	snprintf(ret, TEXT_HOUR_SIZE, "%d-%02d-%02d %02d:00", tm.tm_year + 1900, tm.tm_mon + 1,
		 tm.tm_mday, clock_hour);
	return ret;
}

static void print_names(FILE *out, pollutant_set set)
{
	const char *before = "";
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (!(set & (1u << p)))
			continue;
		fprintf(out, "%s%s", before, pollutant_info((enum pollutant)p)->name);
		before = " ";
	}
}

static void print_opening(FILE *out, const struct replay_order *order, const struct replay *replay)
{
	const struct plan *plan = &order->conf->plan;
	char first[TEXT_HOUR_SIZE], last[TEXT_HOUR_SIZE];
	fprintf(out, "记录 record: %s — %s, %d 小时 hours, ",
		text_replay_hour(replay->first, first),
		text_replay_hour(replay->first + replay->n_hours - 1, last), replay->n_hours);
	print_names(out, order->record->monitored);
	fprintf(out, "\n预案 plan: %s, 计时 counting %s, 缺测 gap %d h\n标准 edition: %s\n",
		plan->id, counting_name(plan->counting), (int)plan->gap_h, order->conf->edition.id);
	if (order->ahead_h > 0)
		fprintf(out,
			"预报 forecast: 记录本身其后 %d 小时 the record's own next %d hours\n\n",
			order->ahead_h, order->ahead_h);
	else
		fprintf(out, "依据 basis: 仅实测 observed hours only\n\n");
}

static const char *event_zh(enum event_kind kind)
{
	switch (kind) {
	case EVENT_ISSUE:
		return "发布";
	case EVENT_UPGRADE:
		return "升级";
	case EVENT_DOWNGRADE:
		return "降级";
	case EVENT_LIFT:
		return "解除";
	case EVENT_HOLD:
		return "暂停判断";
	case EVENT_RESUME:
		return "恢复判断";
	case EVENT_AMENDED:
		return "调整";
	case EVENT_ANNOUNCED:
		return "预告";
	case EVENT_WITHDRAWN:
		return "撤回";
	case EVENT_OVERDUE:
		return "超期";
	case EVENT_RULES_CHANGED:
		return "规则更换";
	case EVENT_CORRECTION:
		return "更正";
	case EVENT_DUST:
		return "沙尘";
	}
	return "";
}

static void print_event(FILE *out, const struct conf *conf, const struct replay_event *replayed)
{
	const struct event *event = &replayed->event;
	const struct plan_level *level = &conf->plan.levels[event->level];
	const struct advice advice = {.evidence = replayed->evidence};
	const struct advice_report report = {.advice = &advice};
	char hour[TEXT_HOUR_SIZE], zh[TEXT_MAX], en[TEXT_MAX];
	text_event_brief(conf, event, &report, TEXT_ZH, zh);
	text_event_brief(conf, event, &report, TEXT_EN, en);
	fprintf(out, "%s  %s %s", text_replay_hour(event->hour, hour), event_zh(event->kind),
		event_name(event->kind));
	if (event->level != LEVEL_NONE)
		fprintf(out, "  %s %s", level->name_zh, level->name_en);
	if (event->basis != BASIS_OBSERVED)
		fputs("  (预报 forecast)", out);
	fprintf(out, "\n  %s\n  %s\n\n", zh, en);
}

struct summary {
	int episodes, at_level[LEVEL_SLOTS];
	int no_daily, no_value;
	int highest; /* index of the hour with the highest daily AQI, -1: none */
};

static struct summary sum_up(const struct hours_file *record, const struct replay *replay)
{
	struct summary sum = {.highest = -1};
	for (int i = 0; i < replay->n_events; i++) {
		const struct event *event = &replay->events[i].event;
		sum.episodes += event->kind == EVENT_ISSUE && event->episode == event->hour;
	}
	for (int i = 0; i < replay->n_hours; i++) {
		const struct replay_hour *hour = &replay->hours[i];
		sum.at_level[hour->level]++;
		sum.no_daily += !hour->daily.known;
		sum.no_value += record->hours[i].valid == 0;
		if (hour->daily.known &&
		    (sum.highest < 0 || hour->daily.value > replay->hours[sum.highest].daily.value))
			sum.highest = i;
	}
	return sum;
}

static void print_summary(FILE *out, const struct replay_order *order, const struct replay *replay)
{
	struct summary sum = sum_up(order->record, replay);
	char hour[TEXT_HOUR_SIZE];
	fprintf(out, "小结 Summary\n%8d  预警过程 episodes\n", sum.episodes);
	for (int l = 1; l <= order->conf->plan.n_levels; l++) {
		const struct plan_level *level = &order->conf->plan.levels[l];
		fprintf(out, "%8d  建议%s小时 hours at %s\n", sum.at_level[l], level->name_zh,
			level->name_en);
	}
	if (sum.highest >= 0)
		fprintf(out, "%8d  最高日AQI highest daily AQI, %s\n",
			(int)replay->hours[sum.highest].daily.value,
			text_replay_hour(replay->first + sum.highest, hour));
	fprintf(out, "%8d  无日AQI小时 hours without a daily AQI\n", sum.no_daily);
	fprintf(out, "%8d  缺测小时 missing hours\n", sum.no_value);
}

void text_replay(FILE *out, const struct replay_order *order, const struct replay *replay)
{
	print_opening(out, order, replay);
	for (int i = 0; i < replay->n_events; i++)
		print_event(out, order->conf, &replay->events[i]);
	print_summary(out, order, replay);
}
