/* SPDX-License-Identifier: MIT */
/* What a level brings by the plan (4.2): where it holds, its cuts, its main measures, and who
 * approves it. */
#include <string.h>

#include "text_inside.h"
#include "text_term.h"

#define MEASURES_ZH "主要措施："
#define MEASURES_EN "Main measures: "
#define AS_ABOVE_ZH "减排比例和主要措施同上。"
#define AS_ABOVE_EN "Cuts and main measures as above. "

void text_say_area(struct text_writer *w, const char *area)
{
	const struct station_conf *station = &w->conf->station;
	enum text_language language = w->zh ? TEXT_ZH : TEXT_EN;
	if (!area && !text_district(station, language))
		return; /* a record of no station */
	text_say_one(w, "，区域：", ", area: ");
	if (!area && !station->district_zh && !station->district_en)
		text_say_one(w, "区划", "division ");
	text_say(w, "%s", area ? area : text_district(station, language));
}

static void say_cut(struct text_writer *w, int level)
{
	const int32_t *pct = w->conf->plan.levels[level].min_cut_pct;
	bool any = false;
	for (int e = 0; e < EMISSION_COUNT && level != LEVEL_NONE; e++) {
		if (pct[e] == CUT_UNSAID)
			continue;
		if (!any)
			text_say_one(w, "减排比例不低于：", "Cut at least: ");
		text_say(w, w->zh ? "%s%s %d%%" : "%s%s %d %%", any ? (w->zh ? "、" : ", ") : "",
			 text_emission((enum emission)e, w->zh ? TEXT_ZH : TEXT_EN), pct[e]);
		any = true;
	}
	if (any)
		text_say_one(w, "。", ". ");
}

/* Those that must be done; their words have the numbers and what is exempt. */
static void say_main_measures(struct text_writer *w, int level)
{
	const struct plan *plan = &w->conf->plan;
	int indices[PLAN_MEASURES_MAX];
	int n = plan_measures_at(plan, level, indices);
	bool any = false;
	for (int i = 0; i < n; i++) {
		const struct plan_measure *measure = &plan->measures[indices[i]];
		if (!text_is_main_measure(measure))
			continue;
		if (any)
			text_say_one(w, "；", "; ");
		else
			text_say_one(w, MEASURES_ZH, MEASURES_EN);
		text_say(w, "%s", w->zh ? measure->zh : measure->en);
		any = true;
	}
	if (any)
		text_say_one(w, "。", ". ");
}

bool text_is_main_measure(const struct plan_measure *measure)
{
	return measure->group && strcmp(measure->group, "compulsory") == 0;
}

/* From each head to the end of its sentence. */
static bool cut_sentences(char *text, const char *head, const char *end)
{
	bool any = false;
	for (char *from = strstr(text, head), *to; from; from = strstr(from, head)) {
		to = strstr(from, end);
		if (!to)
			return any;
		to += strlen(end);
		memmove(from, to, strlen(to) + 1);
		any = true;
	}
	return any;
}

bool text_cut_measures(char *text)
{
	bool zh = cut_sentences(text, MEASURES_ZH, "。"),
	     en = cut_sentences(text, MEASURES_EN, ". ");
	/* what stood above is gone */
	cut_sentences(text, AS_ABOVE_ZH, "。");
	cut_sentences(text, AS_ABOVE_EN, ". ");
	return zh || en;
}

void text_say_approver(struct text_writer *w, int level)
{
	const struct plan_level *l = &w->conf->plan.levels[level];
	const char *post = w->zh ? l->approver_zh : l->approver_en;
	if (post && level != LEVEL_NONE)
		text_say(w, w->zh ? "须由%s批准。" : "Needs approval: %s. ", post);
	else if (post)
		text_say(w, w->zh ? "解除须由%s批准。" : "The lift needs approval: %s. ", post);
	else if (level == LEVEL_NONE)
		text_say_one(w, "解除的批准权限：预案未规定。",
			     "Who approves a lift: not laid down by the plan. ");
}

void text_say_brought(struct text_writer *w, int level)
{
	if (level != LEVEL_NONE && level == w->brought) {
		text_say_one(w, AS_ABOVE_ZH, AS_ABOVE_EN);
	} else if (level != LEVEL_NONE) {
		say_cut(w, level);
		if (!w->brief)
			say_main_measures(w, level);
		w->brought = level;
	}
}

void text_say_advised(struct text_writer *w, int level, int64_t onset)
{
	text_say_level(w, level);
	text_say_one(w, "，起始时间", " from ");
	text_say_moment(w, onset * HOUR_MS);
	text_say_area(w, NULL);
	text_say_one(w, "。", ". ");
	text_say_brought(w, level);
	text_say_approver(w, level);
}
