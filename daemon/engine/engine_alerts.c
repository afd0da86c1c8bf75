/* SPDX-License-Identifier: MIT */
/*
 * CAP follows timetable and advice: which alert stands when is rules/alert.h's to say; here each
 * message gets its identifier, its references and its row in the outbox, which expires with it.
 */
#include <stdio.h>
#include <string.h>

#include "alert_log.h"
#include "area.h"
#include "cap.h"
#include "engine_inside.h"
#include "post.h"
#include "text_term.h"
#include "time_text.h"

/* ---- one message ---- */

/* The names of the messages that are referred to; those that nobody knows any more are left out. */
static int load_names(struct engine *engine, const struct alert_message *message,
		      struct alert_name ret[ALERT_REFERENCES_MAX], int *ret_n)
{
	*ret_n = 0;
	for (int i = 0; i < message->n_references; i++) {
		int r = alert_log_name(engine->store, message->references[i], &ret[*ret_n]);
		if (r != 0 && r != STORE_E_NONE)
			return r;
		*ret_n += r == 0;
	}
	return 0;
}

static int note_name(struct engine *engine, const struct payload_head *head,
		     const struct alert *alert)
{
	struct alert_name name = {.key = alert->key, .seq = head->seq};
	char sent[TIME_TEXT_SIZE];
	snprintf(name.identifier, sizeof(name.identifier), "%s", head->id);
	snprintf(name.sent, sizeof(name.sent), "%s", time_text(alert->sent_ms, sent));
	return alert_log_put(engine->store, &name);
}

static int post_message(struct engine *engine, const struct announcement *when,
			const struct alert_message *message)
{
	static struct alert_name before[ALERT_REFERENCES_MAX]; /* large; one thread */
	struct payload_head head;
	const bool is_advice = message->topic == ALERT_ON_ADVICE;
	struct cap_alert alert = {.message = message,
				  .report = &when->advice,
				  .before = before,
				  .daily_aqi = engine_daily_aqi(engine)};
	if (!is_advice) {
		alert.entry = report_entry(&when->advice, message->alert.subject);
		alert.details = report_details(&when->advice, message->alert.subject);
	}
	int r = load_names(engine, message, before, &alert.n_before);
	if (r == 0)
		r = announce_head(engine->conf, engine->store, when, &head);
	if (r != 0)
		return r;
	head.expires_ms = message->alert.expires_ms;
	r = post_append(engine->store, &head, cap_topic(message->topic), cap_write(&head, &alert));
	return r == 0 ? note_name(engine, &head, &message->alert) : r;
}

/* What is referred to and has not left the station stays here. */
static int empty_topic(struct engine *engine, const struct announcement *when,
		       const struct alert_message *message)
{
	struct payload_head head;
	int r = 0;
	for (int i = 0; i < message->n_references && r == 0; i++)
		r = alert_log_unsend(engine->store, message->references[i]);
	if (r == 0)
		r = announce_head(engine->conf, engine->store, when, &head);
	return r == 0 ? post_clear(engine->store, &head, cap_topic(message->topic)) : r;
}

static int post_messages(struct engine *engine, const struct announcement *when,
			 const struct alert_message messages[], int n)
{
	int r = 0;
	for (int i = 0; i < n && r == 0; i++)
		r = messages[i].type == ALERT_EMPTIED ? empty_topic(engine, when, &messages[i])
						      : post_message(engine, when, &messages[i]);
	return r;
}

/* ---- what they follow ---- */

/* The district has one name, however it is said. */
static const char *name_area(const struct engine *engine, const struct word_details *details)
{
	const struct station_conf *station = &engine->conf->station;
	return text_is_district(station, details->area) ? text_district(station, TEXT_ZH)
							: details->area;
}

/* The area in force reaches beyond that of the alert shown; not known is not narrower. */
static bool is_wider(const struct engine *engine, const struct advice_report *report)
{
	const struct engine_city *city = &engine->city;
	const struct timetable_entry *in_force = timetable_in_force(&city->timetable);
	const struct alert *shown = &city->alerts.chains[ALERT_ON_DIRECTIVE].shown;
	if (!in_force || in_force->number == shown->subject)
		return false;
	const struct word_details *now = report_details(report, in_force->number);
	const struct word_details *before = report_details(report, shown->subject);
	return !now || !before || area_is_wider(name_area(engine, now), name_area(engine, before));
}

/* An advice is another subject when its level or onset is another. */
static struct alert_advice advice_now(const struct engine *engine)
{
	const struct advice *advice = &engine->state.advice;
	const struct alert_chain *chain = &engine->city.alerts.chains[ALERT_ON_ADVICE];
	int level = level_warned(engine->rules.plan, advice_level(advice));
	struct alert_advice now = {.subject = engine->city.series.number, .level = level};
	if (now.level != LEVEL_NONE)
		now.onset_ms = advice->evidence.onset * HOUR_MS;
	bool same = chain->standing == ALERT_STANDS && chain->shown.level == now.level &&
		    chain->shown.onset_ms == now.onset_ms;
	if (same)
		now.subject = chain->shown.subject;
	return now;
}

/* The timetable of warnings: a stage below them alerts nobody, and ends the one before it. */
static const struct timetable *warned_timetable(const struct engine *engine)
{
	static struct timetable warned; /* large; one thread */
	const struct plan *plan = engine->rules.plan;
	if (!plan->levels[1].stage)
		return &engine->city.timetable;
	warned = engine->city.timetable;
	for (int i = 0; i < warned.n_begun; i++)
		warned.begun[i].level = level_warned(plan, warned.begun[i].level);
	for (int i = 0; i < warned.n_pending; i++)
		warned.pending[i].level = level_warned(plan, warned.pending[i].level);
	return &warned;
}

int engine_follow_alerts(struct engine *engine, const struct announcement *when)
{
	static struct alert_message messages[ALERT_MESSAGES_MAX + 1];
	struct engine_city *city = &engine->city;
	struct alert_moment moment = {
		.now_ms = when->now_ms, .stepped = city->stepped, .back = city->back};
	int r = alert_log_follow(engine->store, &city->alerts);
	if (r != 0)
		return r;
	const struct alert_advice advice = advice_now(engine);
	moment.wider = is_wider(engine, &when->advice);
	int n = alerts_follow(&city->alerts, warned_timetable(engine), &moment, messages);
	n += alerts_follow_advice(&city->alerts, &advice, &moment, &messages[n]);
	city->stepped = city->back = false;
	r = post_messages(engine, when, messages, n);
	return r == 0 ? alert_log_save(engine->store, &city->alerts) : r;
}
