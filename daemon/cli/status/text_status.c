/* SPDX-License-Identifier: MIT */
/* The page, and its upper half: what is in force, announced and advised. */
#include "text_status.h"

#include <limits.h>
#include <string.h>

#include "text.h"
#include "words.h"

#define LINES 24

static const char *name_level(const struct status *status, int level, char ret[TEXT_LEVEL_MAX])
{
	if (level == LEVEL_UNKNOWN)
		return tr("a level of another plan");
	text_level(status->conf, level, words_are_chinese() ? TEXT_ZH : TEXT_EN, ret);
	return ret;
}

void text_say_reasons(struct screen *screen, const char *reasons)
{
	for (const char *before = ""; *reasons; before = tr("; ")) {
		int n = (int)strcspn(reasons, "\n");
		screen_say(screen, "%s%.*s", before, n, reasons);
		reasons += n + (reasons[n] == '\n');
	}
}

const char *text_verdict(enum status_verdict verdict)
{
	switch (verdict) {
	case STATUS_WELL:
		return tr("well");
	case STATUS_WARNING:
		return tr("LOOK");
	case STATUS_CRITICAL:
		return tr("ACT");
	case STATUS_UNKNOWN:
		return tr("unknown");
	}
	return "";
}

void text_say_head(struct screen *screen, const struct status *status)
{
	const struct station_conf *station = &status->conf->station;
	char moment[TEXT_MOMENT_SIZE], reasons[SCREEN_TEXT_MAX];
	enum status_verdict verdict = status_judge(status, reasons, sizeof(reasons));
	const char *name = words_are_chinese() ? station->name_zh : station->name_en;
	screen_row(screen, NULL, 1);
	if (status->conf->exercise)
		screen_say(screen, "%s ", tr("[EXERCISE]"));
	screen_say(screen, "%s  %s  %s", station->id, name ? name : "",
		   text_moment(status, status->now_ms, moment));
	screen_row(screen, text_verdict(verdict), 1);
	if (verdict == STATUS_WELL)
		screen_say(screen, "%s", tr("nothing to report"));
	text_say_reasons(screen, reasons);
}

static void say_directive(struct screen *screen, const struct status *status,
			  const struct status_directive *directive)
{
	char level[TEXT_LEVEL_MAX], moment[TEXT_MOMENT_SIZE];
	int64_t from = directive->effective_ms ? directive->effective_ms : directive->start_ms;
	screen_say(screen, tr("%s from %s"),
		   directive->level == LEVEL_NONE ? tr("lift")
						  : name_level(status, directive->level, level),
		   text_moment(status, from, moment));
	if (directive->planned_end_ms)
		screen_say(screen, tr(" to %s"),
			   text_moment(status, directive->planned_end_ms, moment));
	if (directive->overdue)
		screen_say(screen, "%s", tr(", overdue"));
	if (directive->document[0])
		screen_say(screen, "%s%s", tr(", "), directive->document);
	screen_say(screen, "%s", directive->released ? tr(", released") : tr(", not released"));
}

static void say_in_force(struct screen *screen, const struct status *status, int most)
{
	const struct status_warning *warning = &status->warning;
	char level[TEXT_LEVEL_MAX];
	screen_row(screen, tr("In force"), most);
	if (!warning->known)
		screen_say(screen, "%s", tr("nothing was published yet"));
	else if (warning->in_force_any)
		say_directive(screen, status, &warning->in_force);
	else
		screen_say(screen, "%s", tr("no directive"));
	if (warning->lifted_unpublished)
		screen_say(screen, tr("; lifted, not published: %s binds"),
			   name_level(status, warning->binding_level, level));
	else if (warning->binding_from_release && warning->in_force_any &&
		 warning->binding_level != warning->in_force.level)
		screen_say(screen, tr("; binding: %s"),
			   name_level(status, warning->binding_level, level));
	if (warning->report_due[0])
		screen_say(screen, tr("; report due %s"), warning->report_due);
	screen_row(screen, tr("Pending"), most);
	for (int i = 0; i < warning->n_pending; i++) {
		screen_say(screen, "%s", i > 0 ? tr("; ") : "");
		say_directive(screen, status, &warning->pending[i]);
	}
	if (warning->n_pending == 0)
		screen_say(screen, "%s", tr("nothing"));
}

static void say_part(struct screen *screen, const struct status_part_progress *part)
{
	if (part->at_least)
		screen_say(screen, tr("AQI %d reached"), part->threshold);
	else if (part->daily)
		screen_say(screen, tr("daily AQI above %d for %d h (%d needed)"), part->threshold,
			   part->hours, part->for_h);
	else
		screen_say(screen, tr("real-time AQI above %d for %d h (%d needed)"),
			   part->threshold, part->hours, part->for_h);
}

static void say_why_advised(struct screen *screen, const struct status_warning *warning)
{
	if (warning->basis != BASIS_OBSERVED)
		screen_say(screen, "%s", tr("by forecast, "));
	for (int i = 0; i < warning->n_parts; i++) {
		screen_say(screen, "%s", i > 0 ? tr(", ") : "");
		say_part(screen, &warning->parts[i]);
	}
	screen_say(screen, tr("; highest %d"), warning->run_max);
}

/* How far the advice may be relied on. */
static void say_held(struct screen *screen, const struct status_warning *warning)
{
	if (warning->computing)
		screen_say(screen, "%s", tr("being computed anew: "));
	if (warning->hold == REASON_INSUFFICIENT_DATA)
		screen_say(screen, "%s", tr("held for want of data: "));
	else if (warning->hold == REASON_BEYOND_HORIZON)
		screen_say(screen, "%s", tr("held, the forecast ends in smog: "));
	else if (warning->hold == REASON_SECOND_ISSUE)
		screen_say(screen, "%s", tr("held until another issue of the forecast: "));
	if (warning->dust)
		screen_say(screen, "%s", tr("a dust event, nothing is decided: "));
}

static void say_advice(struct screen *screen, const struct status *status, int most)
{
	const struct status_warning *warning = &status->warning;
	char level[TEXT_LEVEL_MAX], moment[TEXT_MOMENT_SIZE];
	screen_row(screen, tr("Advice"), most);
	say_held(screen, warning);
	if (warning->advice == LEVEL_NONE) {
		screen_say(screen, "%s", warning->known ? tr("none") : tr("not known yet"));
	} else {
		screen_say(screen, tr("%s from %s: "), name_level(status, warning->advice, level),
			   text_moment(status, warning->since_ms, moment));
		say_why_advised(screen, warning);
	}
}

static void say_level_ahead(struct screen *screen, const struct status *status, int l)
{
	const struct status_warning *warning = &status->warning;
	char level[TEXT_LEVEL_MAX];
	const char *name = name_level(status, l, level);
	if (warning->outlook[l] == OUTLOOK_IN)
		screen_say(screen, tr("%s in %d h if this goes on"), name, warning->in_h[l]);
	else if (warning->outlook[l] == OUTLOOK_UNKNOWN)
		screen_say(screen, tr("%s: nobody can tell for want of data"), name);
	else if (warning->outlook[l] == OUTLOOK_MET)
		screen_say(screen, tr("%s: its condition is met"), name);
}

/* Hours alone do not end what is held. */
static void say_end(struct screen *screen, const struct status *status, int l)
{
	const struct status_warning *warning = &status->warning;
	char level[TEXT_LEVEL_MAX];
	const char *name = name_level(status, l, level);
	if (status->release_h[l] == RELEASE_UNTOLD ||
	    (status->release_h[l] == 0 && (warning->computing || warning->hold != REASON_NONE)))
		screen_say(screen, tr("%s stays for now"), name);
	else
		screen_say(screen, tr("%s ends in %d h at the earliest"), name,
			   status->release_h[l]);
}

/* Whether what was published says of every level that it is not reached. */
static bool are_all_told(const struct status_warning *warning)
{
	return warning->known && !warning->computing && warning->hold != REASON_INSUFFICIENT_DATA;
}

static void say_outlook(struct screen *screen, const struct status *status, int most)
{
	const struct status_warning *warning = &status->warning;
	const struct plan *plan = &status->conf->plan;
	bool any = false;
	screen_row(screen, tr("Outlook"), most);
	for (int l = warning->advice > 0 ? warning->advice + 1 : 1; l <= plan->n_levels; l++) {
		if (!warning->known || warning->outlook[l] == OUTLOOK_NO)
			continue;
		screen_say(screen, "%s", any ? tr("; ") : "");
		say_level_ahead(screen, status, l);
		any = true;
	}
	for (int l = warning->advice; l > LEVEL_NONE; l--) {
		screen_say(screen, "%s", any ? tr("; ") : "");
		say_end(screen, status, l);
		any = true;
	}
	if (!any)
		screen_say(screen, "%s",
			   are_all_told(warning) ? tr("no level if this goes on")
						 : tr("not known yet"));
}

/* A sentence, which loses not its end: how good it was. */
static void say_chance(struct screen *screen, const struct status *status, int most)
{
	if (!status->warning.chance[0])
		return;
	screen_row(screen, tr("In 24 h"), most + 2);
	screen_say(screen, "%s", status->warning.chance);
}

void text_say_warning(struct screen *screen, const struct status *status, int most)
{
	say_in_force(screen, status, most);
	say_advice(screen, status, most);
	say_outlook(screen, status, most);
	say_chance(screen, status, most);
}

void text_status_city(FILE *out, const struct status *status, int width)
{
	struct screen screen = screen_begin(out, width, LINES);
	say_in_force(&screen, status, 3);
	screen_end(&screen);
}

void text_status(FILE *out, const struct status *status, int width)
{
	struct screen screen = screen_begin(out, width, LINES);
	text_say_head(&screen, status);
	text_say_warning(&screen, status, 2);
	text_say_aqi(&screen, status);
	text_say_auxiliaries(&screen, status);
	text_say_health(&screen, status);
	text_say_machine(&screen, status);
	screen_end(&screen);
}

void text_status_line(FILE *out, const struct status *status)
{
	char reasons[SCREEN_TEXT_MAX];
	struct screen screen = screen_begin(out, INT_MAX, 1);
	enum status_verdict verdict = status_judge(status, reasons, sizeof(reasons));
	screen_row(&screen, NULL, 1);
	screen_say(&screen, "%s%s", text_verdict(verdict), reasons[0] ? ": " : "");
	text_say_reasons(&screen, reasons);
	screen_end(&screen);
}
