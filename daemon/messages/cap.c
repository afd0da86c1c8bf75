/* SPDX-License-Identifier: MIT */
/*
 * Element order is the schema's. Times have a numeric offset and no fraction, identifiers no
 * spaces, commas, < or & (the standard's 3.2.1).
 */
#include "cap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cap_inside.h"

const char *cap_topic(enum alert_topic topic)
{
	static const char *const topics[ALERT_TOPIC_COUNT] = {
		[ALERT_ON_DIRECTIVE] = "warning/cap/directive",
		[ALERT_ON_ANNOUNCED] = "warning/cap/announced",
		[ALERT_ON_ADVICE] = "warning/cap/advice",
	};
	assert((int)topic >= 0 && (int)topic < ALERT_TOPIC_COUNT);
	return topics[topic];
}

/* ---- the head ---- */

static void write_sender(struct cap_writer *w)
{
	const struct station_conf *station = &w->head->conf->station;
	fprintf(w->out, "hazewatch.%s.%s", station->area, station->id);
}

static const char *message_type(const struct cap_writer *w)
{
	switch (w->alert->message->type) {
	case ALERT_NEW:
		return "Alert";
	case ALERT_UPDATE:
		return "Update";
	case ALERT_CANCEL:
	case ALERT_EMPTIED:
		break;
	}
	return "Cancel";
}

static void write_references(struct cap_writer *w)
{
	if (w->alert->message->type == ALERT_NEW || w->alert->n_before == 0)
		return;
	fputs("<references>", w->out);
	for (int i = 0; i < w->alert->n_before; i++) {
		const struct alert_name *before = &w->alert->before[i];
		fputs(i > 0 ? " " : "", w->out);
		write_sender(w);
		fprintf(w->out, ",%s,%s", before->identifier, before->sent);
	}
	fputs("</references>\n", w->out);
}

static void write_head(struct cap_writer *w)
{
	bool exercise = w->head->conf->exercise;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	      "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n",
	      w->out);
	cap_element(w, "identifier", w->head->id);
	fputs("<sender>", w->out);
	write_sender(w);
	fputs("</sender>\n", w->out);
	cap_time(w, "sent", w->said->sent_ms);
	cap_element(w, "status", exercise ? "Exercise" : w->directive ? "Actual" : "Draft");
	cap_element(w, "msgType", message_type(w));
	cap_element(w, "scope", w->said->is_public ? "Public" : "Restricted");
	if (!w->said->is_public)
		cap_element(w, "restriction",
			    w->directive
				    ? "市指令已收到，待区指挥中心签发，签发前不得向公众发布 / "
				      "directive "
				      "received; not for the public until the district command "
				      "centre has signed its release"
				    : "供应急指挥机构研判，不得作为预警发布 / for the emergency "
				      "command's judgement; not a warning to be released");
	if (exercise)
		cap_element(w, "note", "演练 / exercise");
	write_references(w);
}

char *cap_write(const struct payload_head *head, const struct cap_alert *alert)
{
	char *text = NULL;
	size_t size = 0;
	struct cap_writer w = {.head = head, .alert = alert, .said = &alert->message->alert};
	w.directive = alert->message->topic != ALERT_ON_ADVICE;
	w.ended = alert->message->type == ALERT_CANCEL;
	w.out = open_memstream(&text, &size);
	if (!w.out)
		return NULL;
	write_head(&w);
	for (int language = 0; language < 2; language++) {
		w.zh = language == 0;
		cap_write_info(&w);
	}
	fputs("</alert>\n", w.out);
	bool failed = ferror(w.out) != 0;
	if (fclose(w.out) == 0 && !failed)
		return text;
	free(text);
	return NULL;
}
