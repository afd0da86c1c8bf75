/* SPDX-License-Identifier: MIT */
/*
 * Element order is the schema's. Times have a numeric offset and no fraction, identifiers no
 * spaces, commas, < or & (the standard's 3.2.1).
 */
#include "cap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "text.h"

#define EXPIRES_MS                                                                                 \
	(24 * HOUR_MS) /* where no end is planned: a horizon, after which it is stale              \
			*/
#define SOON_MS HOUR_MS

struct writer {
	FILE *out;
	const struct payload_head *head;
	const struct cap_alert *alert;
	bool directive, zh;
};

/* ---- XML ---- */

/* Nothing that XML 1.0 does not allow, and nothing that is markup. */
static void put_escaped(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		default:
			fputc((unsigned char)*text < ' ' || *text == 0x7f ? ' ' : *text, out);
			break;
		}
	}
}

static void element(struct writer *w, const char *name, const char *text)
{
	fprintf(w->out, "<%s>", name);
	put_escaped(w->out, text);
	fprintf(w->out, "</%s>\n", name);
}

static void element_time(struct writer *w, const char *name, int64_t ms)
{
	char text[CLOCK_TEXT_SIZE];
	element(w, name, clock_text(ms, text));
}

static void pair(struct writer *w, const char *name, const char *key, const char *value)
{
	fprintf(w->out, "<%s>\n", name);
	element(w, "valueName", key);
	element(w, "value", value);
	fprintf(w->out, "</%s>\n", name);
}

static void parameter_number(struct writer *w, const char *key, int64_t value)
{
	char text[24];
	snprintf(text, sizeof(text), "%lld", (long long)value);
	pair(w, "parameter", key, text);
}

/* ---- what it says ---- */

bool cap_is_due(const struct event *event)
{
	switch (event->kind) {
	case EVENT_ISSUE:
	case EVENT_UPGRADE:
	case EVENT_DOWNGRADE:
	case EVENT_LIFT:
		return true;
	case EVENT_CORRECTION:
		return event->about == ABOUT_DIRECTIVE;
	case EVENT_HOLD:
	case EVENT_RESUME:
	case EVENT_RULES_CHANGED:
		return false;
	}
	return false;
}

bool cap_begins(const struct cap_alert *alert)
{
	return alert->n_before == 0 || alert->event->kind == EVENT_ISSUE;
}

static const char *message_type(const struct cap_alert *alert)
{
	if (cap_begins(alert))
		return "Alert";
	return alert->event->kind == EVENT_LIFT ? "Cancel" : "Update";
}

/* The level it is about: of a lift the one that ends. */
static enum level level_of(const struct event *event)
{
	return event->level == LEVEL_NONE ? event->previous : event->level;
}

static const char *severity(enum level level)
{
	switch (level) {
	case LEVEL_YELLOW:
		return "Moderate";
	case LEVEL_ORANGE:
		return "Severe";
	case LEVEL_RED:
		return "Extreme";
	case LEVEL_NONE:
		break;
	}
	return "Unknown";
}

static int64_t onset_ms(const struct writer *w)
{
	const struct directive *directive = w->alert->report->directive;
	int64_t hour = w->alert->event->onset;
	if (w->directive && directive)
		return directive->start_ms;
	return hour != 0 ? hour * HOUR_MS : w->head->time_ms;
}

static const char *urgency(const struct writer *w)
{
	int64_t ahead_ms = onset_ms(w) - w->head->time_ms;
	if (w->alert->event->kind == EVENT_LIFT)
		return "Past";
	if (ahead_ms > SOON_MS)
		return "Future";
	return ahead_ms > 0 ? "Expected" : "Immediate";
}

/* A directive may differ from what the air does: it claims no certainty (domain.md 3). */
static const char *certainty(const struct writer *w)
{
	if (w->directive)
		return "Unknown";
	return w->alert->event->basis == BASIS_OBSERVED ? "Observed" : "Likely";
}

static int64_t expires_ms(const struct writer *w)
{
	const struct directive *directive = w->alert->report->directive;
	int64_t end_ms = w->directive && directive ? directive->planned_end_ms : 0;
	int64_t from_ms = onset_ms(w) > w->head->time_ms ? onset_ms(w) : w->head->time_ms;
	return end_ms > w->head->time_ms ? end_ms : from_ms + EXPIRES_MS;
}

/* ---- the parts ---- */

static void write_sender(struct writer *w)
{
	const struct station_conf *station = &w->head->conf->station;
	fprintf(w->out, "hazewatch.%s.%s", station->area, station->id);
}

static void write_references(struct writer *w)
{
	if (cap_begins(w->alert))
		return;
	fputs("<references>", w->out);
	for (int i = 0; i < w->alert->n_before; i++) {
		const struct cap_reference *before = &w->alert->before[i];
		fputs(i > 0 ? " " : "", w->out);
		write_sender(w);
		fprintf(w->out, ",%s,%s", before->identifier, before->sent);
	}
	fputs("</references>\n", w->out);
}

static void write_head(struct writer *w)
{
	bool exercise = w->head->conf->exercise;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	      "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n",
	      w->out);
	element(w, "identifier", w->head->id);
	fputs("<sender>", w->out);
	write_sender(w);
	fputs("</sender>\n", w->out);
	element_time(w, "sent", w->head->time_ms);
	element(w, "status", exercise ? "Exercise" : w->directive ? "Actual" : "Draft");
	element(w, "msgType", message_type(w->alert));
	element(w, "scope", w->directive ? "Public" : "Restricted");
	if (!w->directive)
		element(w, "restriction",
			"供应急指挥机构研判，不得作为预警发布 / for the emergency command's "
			"judgement; not a warning to be released");
	if (exercise)
		element(w, "note", "演练 / exercise");
	write_references(w);
}

static void write_parameters(struct writer *w)
{
	const struct conf *conf = w->head->conf;
	const struct plan_level *level = &conf->plan.levels[level_of(w->alert->event)];
	pair(w, "parameter", "plan", conf->plan.id);
	pair(w, "parameter", "edition", conf->edition.id);
	pair(w, "parameter", "authority", w->directive ? "directive" : "advice");
	pair(w, "parameter", "level", level_name(w->alert->event->level));
	if (w->alert->daily_aqi >= 0)
		parameter_number(w, "daily_aqi", w->alert->daily_aqi);
	for (int e = 0; e < EMISSION_COUNT && w->alert->event->level != LEVEL_NONE; e++) {
		char key[32];
		snprintf(key, sizeof(key), "min_cut_pct_%s", emission_name((enum emission)e));
		if (level->min_cut_pct[e] != CUT_UNSAID)
			parameter_number(w, key, level->min_cut_pct[e]);
	}
}

static void write_area(struct writer *w)
{
	const struct station_conf *station = &w->head->conf->station;
	const struct directive *directive = w->alert->report->directive;
	char text[512];
	if (w->directive && directive && directive->area[0] != '\0')
		snprintf(text, sizeof(text), "%s", directive->area);
	else
		snprintf(text, sizeof(text), w->zh ? "%s所在地（区划%s）" : "around %s (area %s)",
			 w->zh ? station->name_zh : station->name_en, station->area);
	fputs("<area>\n", w->out);
	element(w, "areaDesc", text);
	pair(w, "geocode", "GB/T 2260", station->area);
	fputs("</area>\n", w->out);
}

static void write_event_name(struct writer *w)
{
	const struct plan_level *level = &w->head->conf->plan.levels[level_of(w->alert->event)];
	char text[256];
	snprintf(text, sizeof(text), w->zh ? "重污染天气%s预警" : "Heavy air pollution, %s warning",
		 w->zh ? level->name_zh : level->name_en);
	element(w, "event", text);
}

static void write_info(struct writer *w)
{
	const struct conf *conf = w->head->conf;
	bool lift = w->alert->event->kind == EVENT_LIFT;
	char text[TEXT_MAX];
	text_event(conf, w->alert->event, w->alert->report, w->zh ? TEXT_ZH : TEXT_EN, text);
	fputs("<info>\n", w->out);
	element(w, "language", w->zh ? "zh-CN" : "en");
	element(w, "category", "Env");
	element(w, "category", "Health");
	write_event_name(w);
	element(w, "responseType", lift ? "AllClear" : w->directive ? "Execute" : "Monitor");
	element(w, "urgency", urgency(w));
	element(w, "severity", severity(level_of(w->alert->event)));
	element(w, "certainty", certainty(w));
	if (conf->mqtt.cap_code)
		pair(w, "eventCode", conf->mqtt.cap_code_name, conf->mqtt.cap_code);
	element_time(w, "onset", onset_ms(w));
	if (!lift)
		element_time(w, "expires", expires_ms(w));
	element(w, "senderName", w->zh ? conf->station.name_zh : conf->station.name_en);
	element(w, "description", text);
	write_parameters(w);
	write_area(w);
	fputs("</info>\n", w->out);
}

char *cap_write(const struct payload_head *head, const struct cap_alert *alert)
{
	char *text = NULL;
	size_t size = 0;
	struct writer w = {.head = head, .alert = alert};
	w.directive = alert->event->about == ABOUT_DIRECTIVE;
	w.out = open_memstream(&text, &size);
	if (!w.out)
		return NULL;
	write_head(&w);
	for (int language = 0; language < 2; language++) {
		w.zh = language == 0;
		write_info(&w);
	}
	fputs("</alert>\n", w.out);
	bool failed = ferror(w.out) != 0;
	if (fclose(w.out) == 0 && !failed)
		return text;
	free(text);
	return NULL;
}
