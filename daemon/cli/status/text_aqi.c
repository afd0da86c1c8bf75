/* SPDX-License-Identifier: MIT */
/* The middle of the page: the last hour and the last day. */
#include <string.h>

#include "text_status.h"
#include "words.h"

#define COLUMN 10 /* of the table */

static int show_fraction(int pollutant)
{
	return pollutant_info((enum pollutant)pollutant)->report_milli % 1000 != 0;
}

const char *text_unit(int pollutant)
{
	return strcmp(pollutant_info((enum pollutant)pollutant)->unit, "mg/m3") == 0 ? "mg/m³"
										     : "μg/m³";
}

static void say_primary(struct screen *screen, const struct status_index *index,
			const double values[POLLUTANT_COUNT])
{
	const char *before = tr(", ");
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (!(index->primary & (1u << p)))
			continue;
		screen_say(screen, "%s%s %.*f %s", before, pollutant_info((enum pollutant)p)->name,
			   show_fraction(p), values[p], text_unit(p));
		before = " + ";
	}
}

static void say_index(struct screen *screen, const struct status *status,
		      const struct status_index *index, const double values[POLLUTANT_COUNT])
{
	const struct edition *edition = &status->conf->edition;
	int c = 0;
	while (c < edition->n_categories - 1 && index->value > edition->categories[c].upto)
		c++;
	const struct category *category = &edition->categories[c];
	if (!index->known && !index->published) {
		screen_say(screen, "%s", tr("unknown"));
		return;
	}
	screen_say(screen, "%d %s", index->value,
		   words_are_chinese() ? category->name_zh : category->name_en);
	say_primary(screen, index, values);
	if (!index->published)
		screen_say(screen, "%s", tr("; incomplete: not published"));
}

/* Which pollutants the hour lacks, and why: neighbours of one reason together. */
static void say_lacking(struct screen *screen, const struct status *status)
{
	const struct status_aqi *aqi = &status->aqi;
	const char *before = tr(": "), *reason = NULL;
	if (aqi->realtime.known && aqi->realtime.published)
		return;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		const char *why = aqi->why[p];
		if (aqi->has_hourly[p] || !why[0])
			continue;
		if (reason && strcmp(reason, why) != 0)
			screen_say(screen, " %s", text_why(reason));
		screen_say(screen, "%s%s", before, pollutant_info((enum pollutant)p)->name);
		before = tr(", ");
		reason = why;
	}
	if (reason)
		screen_say(screen, " %s", text_why(reason));
}

/* Of which leading pollutant hours are missing, and when it is known again. */
static void say_missing(struct screen *screen, const struct status *status)
{
	const struct scope *scope = &status->conf->station.scope;
	char hour[TEXT_MOMENT_SIZE];
	const char *before = tr(": valid hours ");
	if (status->aqi.daily.known)
		return;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (!(scope->leading & (1u << p)))
			continue;
		screen_say(screen, tr("%s%s %d of %d"), before,
			   pollutant_info((enum pollutant)p)->name, status->aqi.hours[p],
			   status->conf->edition.day_min_hours);
		before = tr(", ");
	}
	if (status->daily_at)
		screen_say(screen, tr("; known at %s at the earliest"),
			   text_hour_end(status, status->daily_at, hour));
}

static void say_names(struct screen *screen, const struct status *status)
{
	screen_row(screen, "", 1);
	for (int p = 0, column = 1; p < POLLUTANT_COUNT; p++) {
		if (!(status->conf->station.scope.monitored & (1u << p)))
			continue;
		screen_tab(screen, column++ * COLUMN + 3);
		screen_say(screen, "%s", pollutant_info((enum pollutant)p)->name);
	}
}

static void say_values(struct screen *screen, const struct status *status, const char *label,
		       const bool *has, const double *values)
{
	screen_row(screen, label, 1);
	for (int p = 0, column = 1; p < POLLUTANT_COUNT; p++) {
		if (!(status->conf->station.scope.monitored & (1u << p)))
			continue;
		screen_tab(screen, column++ * COLUMN + 3);
		if (has[p])
			screen_say(screen, "%.*f", show_fraction(p), values[p]);
		else
			screen_say(screen, "-");
	}
}

static void say_valid_hours(struct screen *screen, const struct status *status)
{
	screen_row(screen, tr("h, IAQI"), 1);
	for (int p = 0, column = 1; p < POLLUTANT_COUNT; p++) {
		if (!(status->conf->station.scope.monitored & (1u << p)))
			continue;
		screen_tab(screen, column++ * COLUMN + 3);
		if (status->aqi.daily.iaqi[p] == IAQI_NONE)
			screen_say(screen, "%d", status->aqi.hours[p]);
		else
			screen_say(screen, "%d, %d", status->aqi.hours[p],
				   status->aqi.daily.iaqi[p]);
	}
}

void text_say_indices(struct screen *screen, const struct status *status, int most)
{
	const struct status_aqi *aqi = &status->aqi;
	char hour[TEXT_MOMENT_SIZE];
	screen_row(screen, tr("AQI 1 h"), 1);
	if (!aqi->known) {
		screen_say(screen, "%s", tr("no hour has closed yet"));
		return;
	}
	say_index(screen, status, &aqi->realtime, aqi->hourly);
	say_lacking(screen, status);
	screen_say(screen, tr(" (hour to %s)"), text_hour_end(status, aqi->hour, hour));
	screen_row(screen, tr("AQI 24 h"), most);
	say_index(screen, status, &aqi->daily, aqi->mean);
	say_missing(screen, status);
}

void text_say_aqi(struct screen *screen, const struct status *status)
{
	const struct status_aqi *aqi = &status->aqi;
	text_say_indices(screen, status, 2);
	if (!aqi->known)
		return;
	say_names(screen, status);
	say_values(screen, status, tr("1 h mean"), aqi->has_hourly, aqi->hourly);
	say_values(screen, status, tr("24 h mean"), aqi->has_mean, aqi->mean);
	say_valid_hours(screen, status);
}
