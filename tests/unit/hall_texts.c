/* SPDX-License-Identifier: MIT */
/* What people read says the same as what machines read, in both languages. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "hall_damage.h"
#include "hall_reader.h"
#include "plan.h"

#define NAME_MAX_BYTES 128
#define TEXT_BYTES 16384

static const char *text_at(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));
	return text ? text : "";
}

/* A level as a text names it; "" for none. */
static const char *name_level(const struct reader *reader, const char *id, bool zh,
			      char ret[NAME_MAX_BYTES])
{
	int level = LEVEL_NONE;
	ret[0] = '\0';
	if (!level_parse(reader->plan, id, &level) || level == LEVEL_NONE)
		return ret;
	const struct plan_level *l = &reader->plan->levels[level];
	snprintf(ret, NAME_MAX_BYTES, zh ? "%s预警（" : "%s (response ",
		 zh ? l->name_zh : l->name_en);
	return ret;
}

static bool has_level(const struct reader *reader, const char *text, const char *id, bool zh)
{
	char name[NAME_MAX_BYTES];
	return strstr(text, name_level(reader, id, zh, name)) != NULL;
}

/* Of the advice a dust event or a hold is no word about a level. */
static bool is_about_level(const json_t *event)
{
	static const char *const kinds[] = {"issue", "upgrade", "downgrade", "lift", "amended"};
	bool is = strcmp(text_at(event, "about"), "directive") == 0;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		is = is || strcmp(text_at(event, "event"), kinds[i]) == 0;
	return is;
}

void reader_read_texts(struct reader *reader, const json_t *event)
{
	if (!is_about_level(event))
		return;
	const char *level = text_at(event, "level");
	if (strcmp(level, "none") == 0) /* what ends is named */
		level = text_at(event, "level_before");
	for (int language = 0; language < 2; language++) {
		const char *text = text_at(event, language == 0 ? "text_zh" : "text_en");
		if (text[0] == '\0' || !has_level(reader, text, level, language == 0))
			reader_fail(reader, "event %s does not say %s: %s", text_at(event, "event"),
				    level, text);
	}
}

void reader_read_headlines(struct reader *reader, const char *xml, const char *level)
{
	const char *at = xml;
	for (int language = 0; language < 2; language++) {
		char headline[512];
		at = strstr(at, "<headline>");
		if (!at)
			break;
		at += strlen("<headline>");
		snprintf(headline, sizeof(headline), "%.*s", (int)strcspn(at, "<"), at);
		if (!has_level(reader, headline, level, language == 0))
			reader_fail(reader, "an alert of %s is headed: %s", level, headline);
	}
	if (!at)
		reader_fail(reader, "an alert of %s has no headline", level);
}

/* Words, and the level that follows them. */
struct phrase {
	const char *zh, *en, *level; /* NULL: any, or none */
	bool wanted;
};

/* They stand in the text if and only if they should. */
static void compare_phrase(struct reader *reader, const char *text, const struct phrase *phrase,
			   bool zh)
{
	char name[NAME_MAX_BYTES], whole[NAME_MAX_BYTES * 2];
	const char *words = zh ? phrase->zh : phrase->en;
	bool wanted = phrase->wanted;
	snprintf(whole, sizeof(whole), "%s%s", words,
		 phrase->level ? name_level(reader, phrase->level, zh, name) : "");
	if ((strstr(text, words) != NULL) != wanted || (wanted && !strstr(text, whole)))
		reader_fail(reader, "the text %s \"%s\": %s", wanted ? "lacks" : "has", whole,
			    text);
}

void reader_compare_texts(struct reader *reader, const struct reader_truth *truth)
{
	json_t *warning = reader_retained(reader, "warning");
	const char *state = text_at(json_object_get(warning, "advice"), "state");
	bool stands = truth->number != 0;
	bool advised = strcmp(truth->advice, "none") != 0 && strcmp(state, "current") == 0;
	const struct phrase phrases[] = {
		{"现行指令：", "In force by directive: ", truth->level, stands},
		{"目前建议", "At present: ", truth->advice, advised},
		{"已预告：", "Announced: ", NULL, truth->changes},
		{"已过，未收到解除指令", "has passed without a lift", NULL,
		 stands && truth->overdue},
		{"待区指挥中心签发", "it waits to be signed for release", NULL,
		 stands && !truth->released},
	};
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]) && warning; i++) {
		compare_phrase(reader, text_at(warning, "text_zh"), &phrases[i], true);
		compare_phrase(reader, text_at(warning, "text_en"), &phrases[i], false);
	}
	json_decref(warning);
}

/* ---- to be held against what a twin's reader has ---- */

static bool has_step(const struct hall_run *run, enum town_op op, int which)
{
	for (int i = 0; i < run->n; i++) {
		if (run->steps[i].op == op && (which < 0 || run->steps[i].which == which))
			return true;
	}
	return false;
}

/* Of a directive whose own row is damaged nobody knows any more what it was too late for. Where the
 * clock was set back, none was said later than now: of one that is read anew, than that now; and an
 * episode that ends ahead of now has no summary due for who starts anew. */
static void drop_what_restarts_change(const struct hall_run *run, json_t *json)
{
	size_t i;
	json_t *pending;
	if (has_step(run, TOWN_DAMAGES, HALL_DAMAGE_ANSWER))
		json_object_del(json, "too_late");
	if (!has_step(run, TOWN_SETS_CLOCK, -1))
		return;
	json_object_del(json, "summaries");
	json_object_del(json, "summary_due");
	if (!has_step(run, TOWN_DAMAGES, -1))
		return;
	json_object_del(json_object_get(json, "in_force"), "said");
	json_object_del(json_object_get(json, "directive"), "said");
	json_array_foreach(json_object_get(json, "pending"), i, pending)
		json_object_del(pending, "said");
}

static void add_json(struct reader *reader, const struct reader_topic *topic, char *to, size_t size)
{
	/* names of messages; the score of a season, which is computed anew after a start; and what
	 * is told with each hour */
	static const char *const own[] = {"id", "seq", "time", "outlook_24h", "advice"};
	json_t *json = json_loads(topic->payload, 0, NULL);
	json_t *forecast = json_object_get(json_object_get(json, "advice"), "forecast");
	json_object_del(forecast, "age_h"); /* when the message was made: after a start anew */
	json_object_del(forecast, "usable");
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (i < 4 || reader->run->closes_hours)
			json_object_del(json, own[i]);
	}
	drop_what_restarts_change(reader->run, json);
	char *text = json_dumps(json, JSON_SORT_KEYS | JSON_COMPACT);
	snprintf(to, size, "%s %s\n", topic->name, text ? text : "");
	free(text);
	json_decref(json);
}

void reader_tell_retained(struct reader *reader)
{
	static const char *const alerts[] = {"warning/cap/directive", "warning/cap/announced",
					     "warning/cap/advice"};
	struct hall_run *run = reader->run;
	size_t used = 0;
	for (int i = 0; i < reader->n_topics; i++) {
		const struct reader_topic *topic = &reader->topics[i];
		bool is_told =
			strcmp(topic->name, "warning") == 0 || strcmp(topic->name, "cuts") == 0;
		if (is_told && used < sizeof(run->retained))
			add_json(reader, topic, run->retained + used, sizeof(run->retained) - used);
		used = strlen(run->retained);
	}
	for (int t = 0; t < 3 && used < sizeof(run->retained); t++) {
		struct reader_alert alert = {0};
		bool fresh = reader_find_fresh(reader, alerts[t], &alert);
		used += (size_t)snprintf(run->retained + used, sizeof(run->retained) - used,
					 "%s %s %s %s %s\n", alerts[t],
					 fresh ? "stands" : "is silent", fresh ? alert.level : "",
					 fresh ? alert.directive : "", fresh ? alert.scope : "");
	}
}
