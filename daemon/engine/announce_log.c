/* SPDX-License-Identifier: MIT */
/* What a closed hour and events say in the log. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "announce.h"
#include "log.h"
#include "log_words.h"
#include "text.h"
#include "time_text.h"
#include "words.h"

#define PIECE_MAX 256

/* A text that grows; what does not fit is left out. */
struct piece {
	size_t n;
	char text[PIECE_MAX];
};

__attribute__((format(printf, 2, 3))) static void add_words(struct piece *piece, const char *format,
							    ...)
{
	va_list args;
	va_start(args, format);
	int n = vsnprintf(piece->text + piece->n, PIECE_MAX - piece->n, format, args);
	va_end(args);
	piece->n = n > 0 && piece->n + (size_t)n < PIECE_MAX ? piece->n + (size_t)n : piece->n;
	piece->text[piece->n] = '\0';
}

/* "PM2.5 124 μg/m³", rounded as it is published. */
static void add_concentration(struct piece *piece, int pollutant, const struct mean *mean)
{
	const struct pollutant_info *info = pollutant_info((enum pollutant)pollutant);
	bool whole = info->report_milli % 1000 == 0;
	int64_t milli = round_half_even(mean->sum_milli, mean->n);
	int64_t steps = round_half_even(milli, info->report_milli);
	add_words(piece, "%s %.*f %s", info->name, whole ? 0 : 1,
		  (double)(steps * info->report_milli) / 1000,
		  strcmp(info->unit, "mg/m3") == 0 ? "mg/m³" : "μg/m³");
}

/* "155 (moderately polluted, PM2.5 118 μg/m³)" */
static void add_index(struct piece *piece, const struct conf *conf, const struct aqi *aqi)
{
	const struct category *category = &conf->edition.categories[aqi->category];
	if (!aqi->known) {
		add_words(piece, "%s", tr("unknown"));
		return;
	}
	add_words(piece, tr("%d (%s"), aqi->value,
		  words_are_chinese() ? category->name_zh : category->name_en);
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (!(aqi->primary & (1u << p)))
			continue;
		add_words(piece, "%s", tr(", "));
		add_concentration(piece, p, &aqi->means[p]);
	}
	add_words(piece, "%s", tr(")"));
}

/* " (PM2.5 17 of 20 valid hours)": why a daily AQI is unknown. */
static void add_valid_hours(struct piece *piece, const struct conf *conf, const struct aqi *daily)
{
	const char *before = tr(" (");
	if (daily->known)
		return;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (!(conf->station.scope.leading & (1u << p)))
			continue;
		add_words(piece, tr("%s%s %d of %d valid hours"), before,
			  pollutant_info((enum pollutant)p)->name, daily->hours[p],
			  conf->edition.day_min_hours);
		before = tr(", ");
	}
	add_words(piece, "%s", tr(")"));
}

/* ", orange in 11 h if this goes on": of the levels above the advice, the one that comes first. */
static void add_outlook(struct piece *piece, const struct conf *conf,
			const struct advice_report *report)
{
	int32_t soonest = INT32_MAX;
	int next = LEVEL_NONE;
	for (int l = advice_level(report->advice) + 1; l <= conf->plan.n_levels; l++) {
		for (int i = 0; i < conf->plan.levels[l].n_any; i++) {
			int32_t in_h = report->verdict->levels[l].conditions[i].in_h;
			if (in_h <= 0 || in_h >= soonest)
				continue;
			soonest = in_h;
			next = l;
		}
	}
	if (next != LEVEL_NONE)
		add_words(piece, tr(", %s in %d h if this goes on"),
			  log_level_name(&conf->plan, next), soonest);
}

static void add_advice(struct piece *piece, const struct conf *conf,
		       const struct advice_report *report)
{
	add_words(piece, "%s", log_level_name(&conf->plan, advice_level(report->advice)));
	if (report->advice->hold_reason == REASON_INSUFFICIENT_DATA)
		add_words(piece, "%s", tr(", held for want of data"));
	add_outlook(piece, conf, report);
}

/* "; missing: O3 timeout" */
static void add_missing(struct piece *piece, const struct conf *conf,
			const struct hour_report *hour)
{
	const char *before = tr("; missing: ");
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		const struct hour_mean *mean = &hour->means[p];
		if (!(conf->station.scope.monitored & (1u << p)) || mean->valid)
			continue;
		add_words(piece, "%s%s", before, pollutant_info((enum pollutant)p)->name);
		if (mean->why != WHY_NONE)
			add_words(piece, " %s", log_why(mean->why));
		before = tr(", ");
	}
}

static void log_hour(const struct conf *conf, const struct announcement *announcement)
{
	const struct hour_report *hour = announcement->hour;
	struct piece realtime = {0}, daily = {0}, advice = {0}, missing = {0};
	char label[TIME_TEXT_SIZE], aqi[16] = "";
	add_index(&realtime, conf, &hour->realtime);
	add_index(&daily, conf, &hour->daily);
	add_valid_hours(&daily, conf, &hour->daily);
	add_advice(&advice, conf, &announcement->advice);
	add_missing(&missing, conf, hour);
	if (hour->daily.known)
		snprintf(aqi, sizeof(aqi), "%d", hour->daily.value);
	time_text(hour->hour * HOUR_MS, label);
	const struct log_fields fields = {
		.hour = label,
		.aqi = aqi,
		.advice = level_name(&conf->plan, advice_level(announcement->advice.advice))};
	log_line(LOG_LEVEL_INFO, LOG_HOUR, &fields,
		 "hour %s: real-time AQI %s, daily AQI %s, advice %s%s%s", label, realtime.text,
		 daily.text, advice.text, missing.text, conf->exercise ? tr("; EXERCISE") : "");
}

static void log_event(const struct conf *conf, const struct announcement *announcement,
		      const struct event *event)
{
	char text[TEXT_MAX], number[24];
	snprintf(number, sizeof(number), "%lld", (long long)event->number);
	const struct log_fields fields = {
		.event = number,
		.advice = level_name(&conf->plan, advice_level(announcement->advice.advice))};
	for (int language = TEXT_ZH; language <= TEXT_EN; language++) {
		text_event_brief(conf, event, &announcement->advice, (enum text_language)language,
				 text);
		log_line(LOG_LEVEL_NOTICE, LOG_EVENT, &fields, "%s %lld %s -> %s: %s",
			 event_about_name(event->about), (long long)event->number,
			 event_name(event->kind), level_name(&conf->plan, event->level), text);
	}
}

void announce_log(const struct conf *conf, const struct announcement *announcement)
{
	if (announcement->hour)
		log_hour(conf, announcement);
	for (int i = 0; i < announcement->n_events; i++)
		log_event(conf, announcement, &announcement->events[i]);
}
