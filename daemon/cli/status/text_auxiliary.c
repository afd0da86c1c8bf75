/* SPDX-License-Identifier: MIT */
/* What is measured beside the pollutants: now as the daemon says it, else the last hour. */
#include <math.h>
#include <string.h>

#include "text_status.h"
#include "words.h"

const char *text_auxiliary_unit(enum auxiliary which)
{
	const char *unit = auxiliary_info(which)->unit;
	return strcmp(unit, "ug/m3") == 0 ? "μg/m³"
	       : strcmp(unit, "C") == 0   ? "℃"
	       : strcmp(unit, "deg") == 0 ? "°"
					  : unit;
}

/* A direction that rounds to 360 degrees is one of 0, as it is published. */
static void say_value(struct screen *screen, enum auxiliary which, double value)
{
	const struct auxiliary_info *info = auxiliary_info(which);
	if (which == AUXILIARY_WIND_DIRECTION)
		value = fmod(round(value), 360);
	screen_say(screen, "%.*f %s", info->report_milli % 1000 != 0, value,
		   text_auxiliary_unit(which));
}

static void say_hour(struct screen *screen, const struct status *status)
{
	char hour[TEXT_MOMENT_SIZE];
	if (status->auxiliaries.hour != 0)
		screen_say(screen, tr("hour to %s: "),
			   text_hour_end(status, status->auxiliaries.hour, hour));
}

static void say_quantity(struct screen *screen, const struct status *status, enum auxiliary which)
{
	const struct auxiliary_info *info = auxiliary_info(which);
	const struct status_reading *now = &status->live.auxiliaries[which];
	const struct status_mean *hour = &status->auxiliaries.means[which];
	/* what the gauge says now is its counter */
	bool live = now->known && which != AUXILIARY_RAIN;
	bool has = live ? now->has_value : hour->has;
	screen_say(screen, "%s ", words_are_chinese() ? info->name_zh : info->name);
	if (which == AUXILIARY_RAIN && status->live.answered)
		say_hour(screen, status);
	if (has)
		say_value(screen, which, live ? now->value : hour->value);
	else if (!live && which == AUXILIARY_WIND_DIRECTION && status->auxiliaries.calm)
		screen_say(screen, "%s", tr("calm"));
	else if (live && now->why[0])
		screen_say(screen, "%s", text_why(now->why));
	else
		screen_say(screen, "-");
}

void text_say_auxiliaries(struct screen *screen, const struct status *status)
{
	const struct conf *conf = status->conf;
	const char *before = "";
	if (conf->n_auxiliaries == 0)
		return;
	screen_row(screen, tr("Beside"), 2);
	if (!status->live.answered)
		say_hour(screen, status);
	for (int c = conf_first_auxiliary(conf); c < conf_behind_channels(conf); c++) {
		screen_say(screen, "%s", before);
		say_quantity(screen, status, conf->channels[c].auxiliary);
		before = tr(", ");
	}
}
