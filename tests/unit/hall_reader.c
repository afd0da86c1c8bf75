/* SPDX-License-Identifier: MIT */
#include "hall_reader.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "time_text.h"

void reader_fail(struct reader *reader, const char *format, ...)
{
	va_list arguments;
	if (reader->run->why[0] != '\0')
		return;
	va_start(arguments, format);
	vsnprintf(reader->run->why, sizeof(reader->run->why), format, arguments);
	va_end(arguments);
}

void reader_done(struct reader *reader)
{
	for (int i = 0; i < reader->n_topics; i++)
		free(reader->topics[i].payload);
	reader->n_topics = 0;
}

static const char *text_at(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));
	return text ? text : "null";
}

static int64_t number_at(const json_t *json, const char *key)
{
	return json_integer_value(json_object_get(json, key));
}

/* ---- retained topics ---- */

static struct reader_topic *find_topic(struct reader *reader, const char *name)
{
	for (int i = 0; i < reader->n_topics; i++) {
		if (strcmp(reader->topics[i].name, name) == 0)
			return &reader->topics[i];
	}
	return NULL;
}

static void keep_topic(struct reader *reader, const char *name, const char *payload)
{
	struct reader_topic *topic = find_topic(reader, name);
	if (!topic && reader->n_topics == READER_TOPICS_MAX)
		reader_fail(reader, "more than %d topics", READER_TOPICS_MAX);
	if (!topic && reader->n_topics < READER_TOPICS_MAX) {
		topic = &reader->topics[reader->n_topics++];
		*topic = (struct reader_topic){0};
		snprintf(topic->name, sizeof(topic->name), "%s", name);
	}
	if (!topic)
		return;
	free(topic->payload);
	topic->payload = strdup(payload);
}

json_t *reader_retained(struct reader *reader, const char *name)
{
	const struct reader_topic *topic = find_topic(reader, name);
	if (!topic || topic->payload[0] == '\0')
		return NULL;
	json_t *json = json_loads(topic->payload, 0, NULL);
	if (!json)
		reader_fail(reader, "%s is no JSON", name);
	return json;
}

/* ---- events ---- */

static bool changes_force(const char *kind)
{
	return strcmp(kind, "issue") == 0 || strcmp(kind, "upgrade") == 0 ||
	       strcmp(kind, "downgrade") == 0 || strcmp(kind, "lift") == 0 ||
	       strcmp(kind, "amended") == 0;
}

static void end_announced(struct reader *reader, int64_t number, bool must)
{
	for (int i = 0; i < reader->n_announced; i++) {
		if (reader->announced[i] != number)
			continue;
		reader->announced[i] = reader->announced[--reader->n_announced];
		return;
	}
	if (must)
		reader_fail(reader, "directive %lld is withdrawn and was not announced",
			    (long long)number);
}

static void read_directive_event(struct reader *reader, const json_t *json, const char *kind)
{
	const json_t *directive = json_object_get(json, "directive");
	int64_t number = number_at(directive, "number");
	if (strcmp(kind, "announced") == 0) {
		if (reader->n_announced < 64)
			reader->announced[reader->n_announced++] = number;
		return;
	}
	if (strcmp(kind, "overdue") == 0) {
		if (number != reader->number)
			reader_fail(reader, "directive %lld is overdue and not in force",
				    (long long)number);
		return;
	}
	end_announced(reader, number, strcmp(kind, "withdrawn") == 0);
	if (!changes_force(kind))
		return;
	if (strcmp(text_at(json, "level_before"), reader->level) != 0)
		reader_fail(reader, "event %lld: %s from %s, the reader knew %s",
			    (long long)number_at(json, "number"), kind,
			    text_at(json, "level_before"), reader->level);
	snprintf(reader->level, sizeof(reader->level), "%s", text_at(json, "level"));
	reader->number = strcmp(reader->level, "none") == 0 ? 0 : number;
}

static void tell_event(struct reader *reader, const json_t *json)
{
	struct hall_run *run = reader->run;
	size_t used = strlen(run->story);
	const json_t *directive = json_object_get(json, "directive");
	/* to the minute: what one gathers longer than the other is told seconds later */
	snprintf(run->story + used, sizeof(run->story) - used,
		 "%lld %s %s %s -> %s of %lld at %.16s\n", (long long)number_at(json, "number"),
		 text_at(json, "about"), text_at(json, "event"), text_at(json, "level_before"),
		 text_at(json, "level"), (long long)number_at(directive, "number"),
		 text_at(json, "time"));
	if (run->out)
		fprintf(run->out, "    event %s", run->story + used);
}

static void read_event(struct reader *reader, const char *payload)
{
	json_t *json = json_loads(payload, 0, NULL);
	int64_t number = number_at(json, "number"), time_ms = 0;
	if (number != reader->last_event + 1)
		reader_fail(reader, "event %lld comes after event %lld", (long long)number,
			    (long long)reader->last_event);
	if (!time_parse(text_at(json, "time"), &time_ms) || time_ms < reader->last_event_ms)
		reader_fail(reader, "the time of event %lld runs backwards", (long long)number);
	reader->last_event = number;
	reader->last_event_ms = time_ms;
	tell_event(reader, json);
	reader_read_texts(reader, json);
	if (strcmp(text_at(json, "about"), "directive") == 0)
		read_directive_event(reader, json, text_at(json, "event"));
	else
		reader_read_advice(reader, json, text_at(json, "event"));
	json_decref(json);
}

/* ---- replies ---- */

static bool is_pending(const json_t *reply, int64_t number)
{
	size_t i;
	const json_t *each;
	json_array_foreach(json_object_get(reply, "pending"), i, each)
	{
		if (number_at(each, "number") == number)
			return true;
	}
	return false;
}

/* What is accepted is in force or pending afterwards, or it is said what became of it. */
static void read_reply(struct reader *reader, const char *payload)
{
	json_t *json = json_loads(payload, 0, NULL);
	int64_t number = number_at(json, "number");
	const json_t *after = json_object_get(json, "in_force_after");
	reader->n_replies++;
	if (reader->run->out)
		fprintf(reader->run->out, "    reply %s\n", payload);
	bool has_effect = strcmp(text_at(json, "kind"), "directive") == 0 &&
			  strcmp(text_at(json, "outcome"), "accepted") == 0 &&
			  json_is_null(json_object_get(json, "passed_over_by")) &&
			  !json_is_true(json_object_get(json, "no_effect"));
	int level = has_effect ? reader->level_of(text_at(json, "command")) : -1;
	if (level >= 0 && !is_pending(json, number) &&
	    (level == 0 ? !json_is_null(after) : number_at(after, "number") != number))
		reader_fail(reader, "%s was accepted and has no effect", text_at(json, "command"));
	json_decref(json);
}

/* ---- alerts ---- */

/* What stands between two marks; "" if they are not there. */
static void cut_out(const char *xml, const char *begin, const char *end, char *ret, size_t size)
{
	const char *from = strstr(xml, begin);
	const char *to = from ? strstr(from + strlen(begin), end) : NULL;
	ret[0] = '\0';
	if (to)
		snprintf(ret, size, "%.*s", (int)(to - from - (long)strlen(begin)),
			 from + strlen(begin));
}

static int64_t read_moment(const char *xml, const char *begin, const char *end)
{
	char text[40];
	int64_t ms = 0;
	cut_out(xml, begin, end, text, sizeof(text));
	return text[0] != '\0' && time_parse(text, &ms) ? ms : 0;
}

static struct reader_alert parse_alert(const char *topic, const char *xml)
{
	struct reader_alert alert = {0};
	snprintf(alert.topic, sizeof(alert.topic), "%s", topic);
	cut_out(xml, "<identifier>", "</identifier>", alert.identifier, sizeof(alert.identifier));
	cut_out(xml, "<msgType>", "</msgType>", alert.type, sizeof(alert.type));
	cut_out(xml, "<scope>", "</scope>", alert.scope, sizeof(alert.scope));
	cut_out(xml, "<valueName>level</valueName>\n<value>", "</value>", alert.level,
		sizeof(alert.level));
	cut_out(xml, "<valueName>directive</valueName>\n<value>", "</value>", alert.directive,
		sizeof(alert.directive));
	alert.onset_ms = read_moment(xml, "<onset>", "</onset>");
	alert.expires_ms = read_moment(xml, "<expires>", "</expires>");
	return alert;
}

static void forget_beliefs(struct reader *reader, const char *references)
{
	int kept = 0;
	for (int i = 0; i < reader->n_beliefs; i++) {
		const struct reader_alert *belief = &reader->beliefs[i];
		char name[READER_ID_MAX + 2];
		snprintf(name, sizeof(name), ",%s,", belief->identifier);
		if (belief->expires_ms > reader->now_ms && !strstr(references, name))
			reader->beliefs[kept++] = *belief;
	}
	reader->n_beliefs = kept;
}

static void read_alert(struct reader *reader, const char *topic, const char *xml)
{
	static char references[16384];
	if (xml[0] == '\0')
		return;
	const struct reader_alert alert = parse_alert(topic, xml);
	cut_out(xml, "<references>", "</references>", references, sizeof(references));
	if (reader->run->out)
		fprintf(reader->run->out, "    %s: %s %s %s of %s, expires in %lld min, %s\n",
			topic, alert.type, alert.identifier + 36, alert.level, alert.directive,
			(long long)(alert.expires_ms - reader->now_ms) / 60000, alert.scope);
	if (alert.expires_ms <= reader->now_ms)
		reader_fail(reader, "%s is sent when it has expired", alert.identifier);
	forget_beliefs(reader, references);
	if (strcmp(alert.type, "Cancel") == 0)
		return;
	reader_read_headlines(reader, xml, alert.level);
	if ((strcmp(alert.type, "Alert") == 0) != (references[0] == '\0'))
		reader_fail(reader, "%s is an %s and refers to \"%s\"", alert.identifier,
			    alert.type, references);
	if (reader->n_beliefs < READER_ALERTS_MAX)
		reader->beliefs[reader->n_beliefs++] = alert;
	else
		reader_fail(reader, "more than %d alerts are believed", READER_ALERTS_MAX);
}

void reader_take(struct reader *reader, const char *topic, bool retain, const char *payload)
{
	if (strcmp(topic, "warning/event") == 0)
		read_event(reader, payload);
	if (strncmp(topic, "warning/cap", 11) == 0)
		read_alert(reader, topic, payload);
	if (strcmp(topic, "reply") == 0)
		read_reply(reader, payload);
	if (retain)
		keep_topic(reader, topic, payload);
}

/* ---- what must hold ---- */

bool reader_find_fresh(struct reader *reader, const char *name, struct reader_alert *ret)
{
	const struct reader_topic *topic = find_topic(reader, name);
	if (!topic || topic->payload[0] == '\0')
		return false;
	*ret = parse_alert(name, topic->payload);
	return strcmp(ret->type, "Cancel") != 0 && ret->expires_ms > reader->now_ms;
}

static void compare_warning(struct reader *reader, const struct reader_truth *truth)
{
	json_t *json = reader_retained(reader, "warning");
	const json_t *in_force = json_object_get(json, "in_force");
	const json_t *pending = json_object_get(json, "pending");
	if (json && (number_at(in_force, "number") != truth->number ||
		     (truth->number != 0 &&
		      (strcmp(text_at(in_force, "level"), truth->level) != 0 ||
		       json_is_true(json_object_get(in_force, "overdue")) != truth->overdue))))
		reader_fail(reader, "warning has directive %lld, %s, in force",
			    (long long)number_at(in_force, "number"), text_at(in_force, "level"));
	if (json && json_array_size(pending) != (size_t)truth->n_pending)
		reader_fail(reader, "warning has %zu pending, not %d", json_array_size(pending),
			    truth->n_pending);
	for (int i = 0; json && i < truth->n_pending; i++) {
		if (number_at(json_array_get(pending, (size_t)i), "number") != truth->pending[i])
			reader_fail(reader, "warning has other pending ones");
	}
	if (!json && truth->number != 0)
		reader_fail(reader, "there is no warning");
	const json_t *binding = json_object_get(json, "binding");
	if (json && (strcmp(text_at(binding, "level"), truth->binding) != 0 ||
		     number_at(binding, "directive") != truth->binding_number))
		reader_fail(reader, "by warning directive %lld, %s, binds",
			    (long long)number_at(binding, "directive"), text_at(binding, "level"));
	json_decref(json);
}

static void compare_cuts(struct reader *reader, const struct reader_truth *truth)
{
	json_t *json = reader_retained(reader, "cuts");
	json_t *blocks = json_object_get(json, "blocks");
	size_t i;
	const json_t *block;
	const char *level = "none";
	json_array_foreach(blocks, i, block)
	{
		if (strcmp(text_at(block, "authority"), "directive") == 0)
			level = text_at(block, "level");
	}
	if (strcmp(level, truth->binding) != 0 ||
	    (json && strcmp(text_at(json, "binding_level"), truth->binding) != 0))
		reader_fail(reader, "cuts of the directive are %s", level);
	json_decref(json);
}

/* An order ends ahead or not at all, and its end has passed when that of its directive has. */
static void compare_order_end(struct reader *reader, const struct reader_topic *topic,
			      const json_t *json, const struct reader_truth *truth)
{
	int64_t until_ms = 0;
	bool ends = time_parse(text_at(json, "until"), &until_ms);
	if (ends && until_ms <= reader->now_ms)
		reader_fail(reader, "%s ended at %s", topic->name, text_at(json, "until"));
	bool same = truth->number != 0 && truth->binding_number == truth->number;
	if (same && json_is_true(json_object_get(json, "overdue")) != truth->overdue)
		reader_fail(reader, "%s is %s", topic->name,
			    truth->overdue ? "not overdue" : "overdue");
}

static void compare_orders(struct reader *reader, const struct reader_truth *truth)
{
	int present = 0;
	for (int i = 0; i < reader->n_topics; i++) {
		const struct reader_topic *topic = &reader->topics[i];
		if (strncmp(topic->name, "order/", 6) != 0 || topic->payload[0] == '\0')
			continue;
		json_t *json = json_loads(topic->payload, 0, NULL);
		const char *level = text_at(json, "level");
		if (strcmp(level, truth->binding) != 0)
			reader_fail(reader, "%s is of %s", topic->name, level);
		present += strcmp(level, "none") != 0;
		if (!json_is_true(json_object_get(json, "withdrawn")))
			compare_order_end(reader, topic, json, truth);
		json_decref(json);
	}
	if (present == 0 && truth->binding_number != 0)
		reader_fail(reader, "there is no order");
}

static void compare_alerts(struct reader *reader, const struct reader_truth *truth)
{
	struct reader_alert alert;
	bool fresh = reader_find_fresh(reader, "warning/cap/directive", &alert);
	if (fresh != (truth->number != 0))
		reader_fail(reader, "cap/directive %s", fresh ? "warns of nothing" : "is silent");
	if (fresh && (strcmp(alert.level, truth->level) != 0 ||
		      strcmp(alert.directive, truth->id) != 0 || alert.onset_ms > reader->now_ms))
		reader_fail(reader, "cap/directive is of %s, %s", alert.directive, alert.level);
	fresh = reader_find_fresh(reader, "warning/cap/announced", &alert);
	if (fresh != (truth->next_id != NULL) ||
	    (fresh && strcmp(alert.directive, truth->next_id) != 0))
		reader_fail(reader, "cap/announced shows %s, next is %s",
			    fresh ? alert.directive : "none",
			    truth->next_id ? truth->next_id : "none");
}

static void compare_beliefs(struct reader *reader)
{
	static const char *const topics[] = {"warning/cap/directive", "warning/cap/announced",
					     "warning/cap/advice"};
	int n_fresh = 0;
	forget_beliefs(reader, "");
	for (int t = 0; t < 3; t++) {
		struct reader_alert alert;
		bool found = false;
		if (!reader_find_fresh(reader, topics[t], &alert))
			continue;
		n_fresh++;
		for (int i = 0; i < reader->n_beliefs; i++)
			found = found ||
				strcmp(reader->beliefs[i].identifier, alert.identifier) == 0;
		if (!found)
			reader_fail(reader, "%s is not believed any more", alert.identifier);
	}
	if (n_fresh != reader->n_beliefs)
		reader_fail(reader, "%d alerts are found, %d believed", n_fresh, reader->n_beliefs);
}

static void compare_announced(struct reader *reader, const struct reader_truth *truth)
{
	if (reader->n_announced != truth->n_pending)
		reader_fail(reader, "%d are announced, %d pending", reader->n_announced,
			    truth->n_pending);
	for (int i = 0; i < truth->n_pending; i++) {
		bool found = false;
		for (int a = 0; a < reader->n_announced; a++)
			found = found || reader->announced[a] == truth->pending[i];
		if (!found)
			reader_fail(reader, "directive %lld is pending and not announced",
				    (long long)truth->pending[i]);
	}
}

void reader_compare(struct reader *reader, const struct reader_truth *truth)
{
	if (reader->number != truth->number || strcmp(reader->level, truth->level) != 0)
		reader_fail(reader, "by the events directive %lld, %s, is in force, it is %lld, %s",
			    (long long)reader->number, reader->level, (long long)truth->number,
			    truth->level);
	compare_announced(reader, truth);
	compare_warning(reader, truth);
	compare_cuts(reader, truth);
	compare_orders(reader, truth);
	compare_alerts(reader, truth);
	compare_beliefs(reader);
	reader_compare_texts(reader, truth);
	reader_compare_advice(reader, truth);
}

void reader_compare_waiting(struct reader *reader, const struct reader_truth *truth)
{
	struct reader_alert alert;
	bool fresh = reader_find_fresh(reader, "warning/cap/directive", &alert);
	if (truth->number != 0 && (!fresh || strcmp(alert.directive, truth->id) != 0))
		reader_fail(reader, "directive %lld stays in force and has no alert",
			    (long long)truth->number);
}
