/* SPDX-License-Identifier: MIT */
/* What an alert says in one language. A later info block does not override an earlier one (3.2.2):
 * there is one a language. */
#include <stdlib.h>
#include <string.h>

#include "cap_inside.h"
#include "clock.h"
#include "text.h"
#include "text_term.h"
#include "time_text.h"

#define SOON_MS HOUR_MS

static const struct plan_level *find_level(const struct cap_writer *w)
{
	return &w->head->conf->plan.levels[w->said->level];
}

/* ---- how urgent, how certain ---- */

static const char *name_response(const struct cap_writer *w)
{
	if (w->ended && w->said->all_clear)
		return "AllClear";
	if (w->ended && w->alert->message->topic == ALERT_ON_ANNOUNCED)
		return "None";
	if (w->ended || !w->directive)
		return "Monitor"; /* after a lift with more to come */
	return w->said->is_public ? "Execute" : "Prepare";
}

static const char *name_urgency(const struct cap_writer *w)
{
	int64_t ahead_ms = w->said->onset_ms - w->said->sent_ms;
	if (w->ended)
		return "Past";
	if (ahead_ms > SOON_MS)
		return "Future";
	return ahead_ms > 0 ? "Expected" : "Immediate";
}

/* A directive may differ from what the air does: it claims no certainty (domain.md 3). */
static const char *name_certainty(const struct cap_writer *w)
{
	if (w->directive)
		return "Unknown";
	return w->alert->report->advice->evidence.basis == BASIS_OBSERVED ? "Observed" : "Likely";
}

/* ---- parameters ---- */

static void write_parameter(struct cap_writer *w, const char *key, const char *value)
{
	cap_pair(w, "parameter", key, value);
}

static void write_number(struct cap_writer *w, const char *key, int64_t value)
{
	char text[24];
	snprintf(text, sizeof(text), "%lld", (long long)value);
	write_parameter(w, key, text);
}

static void write_moment(struct cap_writer *w, const char *key, int64_t ms)
{
	char text[TIME_TEXT_SIZE];
	if (ms != 0)
		write_parameter(w, key, time_text(ms, text));
}

static void write_cuts(struct cap_writer *w)
{
	const int32_t *pct = find_level(w)->min_cut_pct;
	for (int e = 0; e < EMISSION_COUNT && !w->ended; e++) {
		char key[32];
		snprintf(key, sizeof(key), "min_cut_pct_%s", emission_name((enum emission)e));
		if (pct[e] != CUT_UNSAID)
			write_number(w, key, pct[e]);
	}
}

static void write_directive(struct cap_writer *w)
{
	const struct timetable_entry *entry = w->alert->entry;
	const struct plan *plan = &w->head->conf->plan;
	write_parameter(w, "released", w->said->released ? "yes" : "not yet");
	if (entry && !w->ended) {
		write_parameter(w, "directive", entry->id);
		if (entry->document[0] != '\0')
			write_parameter(w, "document", entry->document);
		write_moment(w, "start", entry->start_ms);
		write_moment(w, "planned_end", entry->planned_end_ms);
	}
	if (w->said->overdue)
		write_parameter(w, "overdue", "yes");
	if (w->said->next_level >= 0) {
		const struct plan_level *next = &plan->levels[w->said->next_level];
		write_parameter(w, "next_level", level_name(plan, w->said->next_level));
		write_number(w, "next_rank", w->said->next_level);
		if (next->response)
			write_parameter(w, "next_response", next->response);
		write_moment(w, "next_start", w->said->next_start_ms);
	}
}

static void write_parameters(struct cap_writer *w)
{
	const struct conf *conf = w->head->conf;
	const char *response = find_level(w)->response;
	write_parameter(w, "plan", conf->plan.id);
	write_parameter(w, "edition", conf->edition.id);
	write_parameter(w, "authority", w->directive ? "directive" : "advice");
	write_parameter(w, "level",
			level_name(&conf->plan, w->ended ? LEVEL_NONE : w->said->level));
	write_number(w, "rank", w->ended ? LEVEL_NONE : w->said->level);
	if (!w->ended && response)
		write_parameter(w, "response", response);
	if (w->alert->daily_aqi >= 0)
		write_number(w, "daily_aqi", w->alert->daily_aqi);
	write_cuts(w);
	if (w->directive)
		write_directive(w);
}

/* ---- measures and area ---- */

/* The plan's compulsory measures at the level; what the station advises instructs nobody. */
static void write_instruction(struct cap_writer *w)
{
	const struct plan *plan = &w->head->conf->plan;
	int indices[PLAN_MEASURES_MAX], written = 0;
	char *text = NULL;
	size_t size = 0;
	FILE *out = w->directive && !w->ended ? open_memstream(&text, &size) : NULL;
	if (!out)
		return;
	if (!w->said->is_public)
		fputs(w->zh ? "待区指挥中心签发后执行："
			    : "To be carried out once it is signed for release: ",
		      out);
	int n = plan_measures_at(plan, w->said->level, indices);
	for (int i = 0; i < n; i++) {
		const struct plan_measure *measure = &plan->measures[indices[i]];
		if (text_is_main_measure(measure))
			fprintf(out, "%s%s",
				written++ == 0 ? ""
				: w->zh        ? "；"
					       : "; ",
				w->zh ? measure->zh : measure->en);
	}
	if (fclose(out) == 0 && written > 0)
		cap_element(w, "instruction", text);
	free(text);
}

/* The code of the configured area stands for no other one. */
static void write_area(struct cap_writer *w)
{
	const struct station_conf *station = &w->head->conf->station;
	const struct word_details *details = w->alert->details;
	bool named = w->directive && details && details->area[0] != '\0';
	bool unknown = w->directive && !w->ended && !details;
	bool district = station->district_zh || station->district_en;
	char text[512];
	fputs("<area>\n", w->out);
	if (named)
		text[0] = '\0';
	else if (unknown)
		snprintf(text, sizeof(text), "%s",
			 w->zh ? "以市指令为准" : "as the directive says");
	else if (district)
		snprintf(text, sizeof(text), "%s",
			 text_district(station, w->zh ? TEXT_ZH : TEXT_EN));
	else
		snprintf(text, sizeof(text), w->zh ? "%s所在地（区划%s）" : "around %s (area %s)",
			 w->zh ? station->name_zh : station->name_en, station->area);
	cap_element(w, "areaDesc", named ? details->area : text);
	if (!unknown && (!named || text_is_district(station, details->area)))
		cap_pair(w, "geocode", "GB/T 2260", station->area);
	fputs("</area>\n", w->out);
}

/* ---- the block ---- */

static void write_event_name(struct cap_writer *w)
{
	const struct plan_level *level = find_level(w);
	char text[256];
	snprintf(text, sizeof(text), w->zh ? "重污染天气%s预警" : "Heavy air pollution, %s warning",
		 w->zh ? level->name_zh : level->name_en);
	cap_element(w, "event", text);
}

static void write_words(struct cap_writer *w)
{
	const struct conf *conf = w->head->conf;
	enum text_language language = w->zh ? TEXT_ZH : TEXT_EN;
	char headline[TEXT_HEADLINE_MAX], text[TEXT_MAX];
	text_headline(conf, w->alert->message, language, headline);
	text_alert(conf, w->alert, language, text);
	cap_element(w, "senderName", w->zh ? conf->station.name_zh : conf->station.name_en);
	cap_element(w, "headline", headline);
	cap_element(w, "description", text);
	write_instruction(w);
}

void cap_write_info(struct cap_writer *w)
{
	const struct conf *conf = w->head->conf;
	fputs("<info>\n", w->out);
	cap_element(w, "language", w->zh ? "zh-CN" : "en");
	cap_element(w, "category", "Env");
	cap_element(w, "category", "Health");
	write_event_name(w);
	cap_element(w, "responseType", name_response(w));
	cap_element(w, "urgency", name_urgency(w));
	cap_element(w, "severity", severity_name(find_level(w)->severity));
	cap_element(w, "certainty", name_certainty(w));
	if (conf->mqtt.cap_code)
		cap_pair(w, "eventCode", conf->mqtt.cap_code_name, conf->mqtt.cap_code);
	cap_time(w, "onset", w->said->onset_ms);
	cap_time(w, "expires", w->said->expires_ms);
	write_words(w);
	write_parameters(w);
	write_area(w);
	fputs("</info>\n", w->out);
}
