/* SPDX-License-Identifier: MIT */
#include "text_replay.h"

#include "text.h"
#include "words.h"

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
	fprintf(out, tr("record: %s to %s, %d hours, "), text_replay_hour(replay->first, first),
		text_replay_hour(replay->first + replay->n_hours - 1, last), replay->n_hours);
	print_names(out, order->record->monitored);
	fprintf(out, tr("\nplan: %s, counting %s, gap %d h\nedition: %s\n"), plan->id,
		counting_name(plan->counting), (int)plan->gap_h, order->conf->edition.id);
	if (order->ahead_h > 0)
		fprintf(out, tr("forecast: the record's own next %d hours\n\n"), order->ahead_h);
	else
		fputs(tr("basis: observed hours only\n\n"), out);
}

static const char *name_event(enum event_kind kind)
{
	switch (kind) {
	case EVENT_ISSUE:
		return tr("issue");
	case EVENT_UPGRADE:
		return tr("upgrade");
	case EVENT_DOWNGRADE:
		return tr("downgrade");
	case EVENT_LIFT:
		return tr("lift");
	case EVENT_HOLD:
		return tr("hold");
	case EVENT_RESUME:
		return tr("resume");
	case EVENT_AMENDED:
		return tr("amended");
	case EVENT_ANNOUNCED:
		return tr("announced");
	case EVENT_WITHDRAWN:
		return tr("withdrawn");
	case EVENT_OVERDUE:
		return tr("overdue");
	case EVENT_RULES_CHANGED:
		return tr("rules changed");
	case EVENT_CORRECTION:
		return tr("correction");
	case EVENT_DUST:
		return tr("dust");
	}
	return "";
}

static const char *name_level(const struct plan_level *level)
{
	return words_are_chinese() ? level->name_zh : level->name_en;
}

static void print_event(FILE *out, const struct conf *conf, const struct replay_event *replayed)
{
	const struct event *event = &replayed->event;
	const struct plan_level *level = &conf->plan.levels[event->level];
	const struct advice advice = {.evidence = replayed->evidence};
	const struct advice_report report = {.advice = &advice};
	char hour[TEXT_HOUR_SIZE], text[TEXT_MAX];
	text_event_brief(conf, event, &report, words_are_chinese() ? TEXT_ZH : TEXT_EN, text);
	fprintf(out, "%s  %s", text_replay_hour(event->hour, hour), name_event(event->kind));
	if (event->level != LEVEL_NONE)
		fprintf(out, "  %s", name_level(level));
	if (event->basis != BASIS_OBSERVED)
		fputs(tr("  (forecast)"), out);
	fprintf(out, "\n  %s\n\n", text);
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
	fprintf(out, tr("Summary\n%8d  episodes\n"), sum.episodes);
	for (int l = 1; l <= order->conf->plan.n_levels; l++)
		fprintf(out, tr("%8d  hours at %s\n"), sum.at_level[l],
			name_level(&order->conf->plan.levels[l]));
	if (sum.highest >= 0)
		fprintf(out, tr("%8d  highest daily AQI, %s\n"),
			(int)replay->hours[sum.highest].daily.value,
			text_replay_hour(replay->first + sum.highest, hour));
	fprintf(out, tr("%8d  hours without a daily AQI\n"), sum.no_daily);
	fprintf(out, tr("%8d  missing hours\n"), sum.no_value);
}

void text_replay(FILE *out, const struct replay_order *order, const struct replay *replay)
{
	print_opening(out, order, replay);
	for (int i = 0; i < replay->n_events; i++)
		print_event(out, order->conf, &replay->events[i]);
	print_summary(out, order, replay);
}
