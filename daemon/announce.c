/* SPDX-License-Identifier: MIT */
#include "announce.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cap.h"
#include "caps.h"
#include "clock.h"
#include "log.h"
#include "payload.h"
#include "text.h"

/* A head whose id is the next outbox row's: database uuid and seq. Inside a transaction. */
static int begin_message(const struct conf *conf, struct store *store, struct payload_head *ret)
{
	int64_t seq;
	int r = outbox_next_seq(store, &seq);
	if (r != 0)
		return r;
	ret->conf = conf;
	ret->seq = seq;
	ret->is_volatile = store_is_volatile(store);
	snprintf(ret->id, sizeof(ret->id), "%s-%lld", store_uuid(store), (long long)seq);
	return 0;
}

/* Events and replies are a series of their own; every other topic is retained. */
static bool is_series(const char *topic)
{
	return strcmp(topic, "warning/event") == 0 || strcmp(topic, "reply") == 0;
}

/* What no platform stores: the broker's PUBACK is the end of it. */
static bool ends_at_ack(const char *topic)
{
	return strcmp(topic, "state") == 0 || strcmp(topic, "reply") == 0;
}

/* Appends one message built with that head; takes the payload. */
static int append(struct store *store, const struct payload_head *head, const char *topic,
		  enum outbox_class class, char *payload)
{
	if (!payload)
		return -ENOMEM;
	bool cap = strcmp(topic, "warning/cap") == 0; /* a series, of which the newest is kept */
	bool series = is_series(topic);
	struct outbox_row row = {.seq = head->seq,
				 .made_ms = head->time_ms,
				 .class = class,
				 .retain = !series,
				 .replaces = !series && !cap && class != OUTBOX_DATA,
				 .ends_at_ack = ends_at_ack(topic),
				 .payload = payload};
	snprintf(row.topic, sizeof(row.topic), "%s", topic);
	int dropped = 0;
	int r = outbox_append(store, &row, &dropped);
	if (r == 0 && dropped > 0)
		log_warning("outbox: %d messages of a full or too old backlog were dropped",
			    dropped);
	outbox_row_done(&row);
	return r;
}

static int next_head(const struct conf *conf, struct store *store,
		     const struct announcement *announcement, struct payload_head *head)
{
	*head = (struct payload_head){.time_ms = announcement->now_ms,
				      .time_quality = announcement->time_quality};
	return begin_message(conf, store, head);
}

static int announce_advice(const struct conf *conf, struct store *store,
			   const struct announcement *announcement)
{
	struct payload_head head;
	int r = next_head(conf, store, announcement, &head);
	if (r == 0)
		r = append(store, &head, "warning", OUTBOX_WARNING,
			   payload_warning(&head, &announcement->advice));
	if (r == 0)
		r = next_head(conf, store, announcement, &head);
	if (r == 0)
		r = append(store, &head, "cuts", OUTBOX_WARNING,
			   payload_cuts(&head, &announcement->advice));
	return r;
}

int announce_hour(const struct conf *conf, struct store *store,
		  const struct announcement *announcement, const struct hour_report *hour)
{
	struct payload_head head;
	int r = next_head(conf, store, announcement, &head);
	return r != 0 ? r : append(store, &head, "aqi", OUTBOX_DATA, payload_aqi(&head, hour));
}

int announce_reply(const struct conf *conf, struct store *store,
		   const struct announcement *announcement, const struct command *command,
		   const struct command_answer *answer)
{
	struct payload_head head;
	int r = next_head(conf, store, announcement, &head);
	return r != 0 ? r
		      : append(store, &head, "reply", OUTBOX_STATE,
			       payload_reply(&head, command, answer));
}

/* The same change as CAP, if it is one. */
static int announce_cap(const struct conf *conf, struct store *store,
			const struct announcement *announcement, const struct event *event)
{
	const struct hour_report *hour = announcement->hour;
	const char *authority = event_about_name(event->about);
	struct cap_reference before[CAPS_MAX], self;
	struct payload_head head;
	struct cap_alert alert = {event, &announcement->advice, -1, 0, before};
	if (!cap_is_due(event))
		return 0;
	if (hour && hour->daily.known)
		alert.daily_aqi = hour->daily.value;
	int r = caps_load(store, authority, before, &alert.n_before);
	if (r == 0)
		r = next_head(conf, store, announcement, &head);
	if (r == 0)
		r = append(store, &head, "warning/cap", OUTBOX_WARNING, cap_write(&head, &alert));
	if (r != 0)
		return r;
	snprintf(self.identifier, sizeof(self.identifier), "%s", head.id);
	clock_text(head.time_ms, self.sent);
	return caps_put(store, authority, &self, cap_begins(&alert));
}

int announce(const struct conf *conf, struct store *store, const struct announcement *announcement)
{
	struct payload_head head;
	int r = 0;
	if (announcement->hour)
		r = announce_hour(conf, store, announcement, announcement->hour);
	for (int i = 0; i < announcement->n_events && r == 0; i++) {
		r = next_head(conf, store, announcement, &head);
		if (r == 0)
			r = append(store, &head, "warning/event", OUTBOX_WARNING,
				   payload_event(&head, &announcement->events[i],
						 &announcement->advice));
		if (r == 0)
			r = announce_cap(conf, store, announcement, &announcement->events[i]);
	}
	if (r == 0 && (announcement->n_events > 0 || announcement->repeat_advice))
		r = announce_advice(conf, store, announcement);
	return r;
}

static void log_aqi(char *text, size_t size, const struct conf *conf, const struct aqi *aqi)
{
	if (aqi->known)
		snprintf(text, size, "%d (%s)", aqi->value,
			 conf->edition.categories[aqi->category].name_en);
	else
		snprintf(text, size, "unknown");
}

/* ", orange in 11 h if this goes on": of the levels above the advice, the one that comes first. */
static void log_outlook(char *text, size_t size, const struct conf *conf,
			const struct advice_report *report)
{
	int32_t soonest = INT32_MAX;
	text[0] = '\0';
	for (int l = (int)advice_level(report->advice) + 1; l < LEVEL_COUNT; l++) {
		for (int i = 0; i < conf->plan.levels[l].n_any; i++) {
			int32_t in_h = report->verdict->levels[l].conditions[i].in_h;
			if (in_h <= 0 || in_h >= soonest)
				continue;
			soonest = in_h;
			snprintf(text, size, ", %s in %d h if this goes on",
				 level_name((enum level)l), in_h);
		}
	}
}

static void log_hour(const struct conf *conf, const struct announcement *announcement)
{
	const struct hour_report *hour = announcement->hour;
	char label[CLOCK_TEXT_SIZE], realtime[64], daily[64], outlook[64];
	log_aqi(realtime, sizeof(realtime), conf, &hour->realtime);
	log_aqi(daily, sizeof(daily), conf, &hour->daily);
	log_outlook(outlook, sizeof(outlook), conf, &announcement->advice);
	log_info("hour %s: real-time AQI %s, daily AQI %s, advice %s%s",
		 clock_text(hour->hour * HOUR_MS, label), realtime, daily,
		 level_name(advice_level(announcement->advice.advice)), outlook);
}

void announce_log(const struct conf *conf, const struct announcement *announcement)
{
	char text[TEXT_MAX];
	if (announcement->hour)
		log_hour(conf, announcement);
	for (int i = 0; i < announcement->n_events; i++) {
		const struct event *event = &announcement->events[i];
		for (int language = TEXT_ZH; language <= TEXT_EN; language++) {
			text_event(conf, event, &announcement->advice, (enum text_language)language,
				   text);
			log_notice("%s %lld %s -> %s: %s", event_about_name(event->about),
				   (long long)event->number, event_name(event->kind),
				   level_name(event->level), text);
		}
	}
}

/* One message about the station itself, in a transaction of its own. */
static int announce_alone(struct store *store, const struct payload_head *head, const char *topic,
			  char *payload)
{
	int r = append(store, head, topic, OUTBOX_STATE, payload);
	if (r == 0)
		return store_commit(store);
	store_rollback(store);
	return r;
}

/* Begins the transaction of a message and gives it its head. */
static int begin_alone(const struct conf *conf, struct store *store, struct payload_head *head)
{
	int r = store_begin(store);
	if (r != 0)
		return r;
	r = begin_message(conf, store, head);
	if (r != 0)
		store_rollback(store);
	return r;
}

int announce_health(const struct conf *conf, struct store *store, const struct payload_head *time,
		    const struct health_report *report)
{
	struct payload_head head = *time;
	int r = begin_alone(conf, store, &head);
	return r != 0 ? r : announce_alone(store, &head, "health", payload_health(&head, report));
}

int announce_online(const struct conf *conf, struct store *store, const struct payload_head *time,
		    const char *boot, int64_t since_ms)
{
	struct payload_head head = *time;
	int r = begin_alone(conf, store, &head);
	return r != 0 ? r
		      : announce_alone(store, &head, "state",
				       payload_state(&head, true, "connected", boot, since_ms));
}
