/* SPDX-License-Identifier: MIT */
/*
 * What has to be on a topic is compared with what is shown:
 *
 *   expires = max(sent, onset) + 24 h, cut to the start of a next entry that lowers
 *   red in force since 08:00, a lift announced at 10:00 for 20:00: at 10:00 an Update that expires
 *   at 20:00; at 20:00 the Cancel of both messages, AllClear if nothing else is pending
 *
 * Sent again at half its life, if that moves the end: renewing towards a fixed end never ends.
 */
#include "alert.h"

#include <stddef.h>
#include <string.h>

bool alert_has_expired(const struct alert *alert, int64_t now_ms)
{
	return alert->expires_ms <= now_ms;
}

int64_t alert_advice_onset(int64_t first_value_hour, int64_t last_closed_hour)
{
	int64_t start = first_value_hour - 24;
	return start > last_closed_hour ? start : last_closed_hour;
}

static int64_t later_of(int64_t a_ms, int64_t b_ms)
{
	return a_ms > b_ms ? a_ms : b_ms;
}

/* ---- references ---- */

static void cut_reference(struct alert_chain *chain, int i)
{
	chain->n_references--;
	memmove(&chain->references[i], &chain->references[i + 1],
		(size_t)(chain->n_references - i) * sizeof(chain->references[0]));
	memset(&chain->references[chain->n_references], 0, sizeof(chain->references[0]));
}

/* The first to expire: should the clock be set back, what expired last may be believed again. */
static int find_first_to_expire(const struct alert_chain *chain)
{
	int first = 0;
	for (int i = 1; i < chain->n_references; i++) {
		if (chain->references[i].expires_ms < chain->references[first].expires_ms)
			first = i;
	}
	return first;
}

static void add_reference(struct alert_chain *chain, const struct alert_reference *reference)
{
	if (chain->n_references == ALERT_REFERENCES_MAX)
		cut_reference(chain, find_first_to_expire(chain));
	chain->references[chain->n_references++] = *reference;
}

/* True if somebody was told of one of them. */
static bool any_sent(const struct alert_chain *chain)
{
	for (int i = 0; i < chain->n_references; i++) {
		if (chain->references[i].sent)
			return true;
	}
	return false;
}

/* True if somebody may believe one of them still. */
static bool any_believed(const struct alert_chain *chain, int64_t now_ms)
{
	for (int i = 0; i < chain->n_references; i++) {
		if (chain->references[i].sent && chain->references[i].expires_ms > now_ms)
			return true;
	}
	return false;
}

void alerts_note_sent(struct alerts *alerts, int64_t key)
{
	for (int t = 0; t < ALERT_TOPIC_COUNT; t++) {
		struct alert_chain *chain = &alerts->chains[t];
		for (int i = 0; i < chain->n_references; i++) {
			if (chain->references[i].key == key)
				chain->references[i].sent = true;
		}
		if (chain->standing == ALERT_CANCELLED && chain->shown.key == key)
			chain->n_references = 0; /* nobody believes them any more */
	}
}

void alerts_note_dropped(struct alerts *alerts, int64_t key)
{
	for (int t = 0; t < ALERT_TOPIC_COUNT; t++) {
		struct alert_chain *chain = &alerts->chains[t];
		for (int i = chain->n_references - 1; i >= 0; i--) {
			if (chain->references[i].key == key && !chain->references[i].sent)
				cut_reference(chain, i);
		}
	}
}

/* What was announced and has begun belongs to the alert in force from now on. */
static void hand_over(struct alert_chain *announced, struct alert_chain *directive,
		      const struct timetable *timetable)
{
	const struct timetable_entry *last = timetable_in_force(timetable);
	if (!last)
		return;
	for (int i = 0; i < announced->n_references;) {
		if (announced->references[i].subject != last->number) {
			i++;
			continue;
		}
		add_reference(directive, &announced->references[i]);
		cut_reference(announced, i);
	}
}

/* ---- making a message ---- */

static void name_references(const struct alert_chain *chain, struct alert_message *message)
{
	message->n_references = chain->n_references;
	for (int i = 0; i < chain->n_references; i++)
		message->references[i] = chain->references[i].key;
}

static void count_message(struct alert_chain *chain, const struct alert *alert)
{
	int64_t age_ms = alert->sent_ms - chain->counted_from_ms;
	if (chain->shown.subject != alert->subject || age_ms < 0 || age_ms >= ALERT_LIFE_MS) {
		chain->counted_from_ms = alert->sent_ms;
		chain->n_counted = 0;
	}
	chain->n_counted++;
}

static int show_alert(struct alerts *alerts, enum alert_topic topic, const struct alert *alert,
		      struct alert_message *ret)
{
	struct alert_chain *chain = &alerts->chains[topic];
	ret->topic = topic;
	ret->type = chain->n_references > 0 ? ALERT_UPDATE : ALERT_NEW;
	name_references(chain, ret);
	ret->alert = *alert;
	ret->alert.key = ++alerts->last_key;
	count_message(chain, alert);
	chain->shown = ret->alert;
	chain->standing = ALERT_STANDS;
	const struct alert_reference reference = {.key = ret->alert.key,
						  .subject = alert->subject,
						  .onset_ms = alert->onset_ms,
						  .expires_ms = alert->expires_ms,
						  .level = alert->level};
	add_reference(chain, &reference);
	return 1;
}

static int empty_topic(struct alert_chain *chain, enum alert_topic topic, struct alert_message *ret)
{
	ret->topic = topic;
	ret->type = ALERT_EMPTIED;
	ret->alert = (struct alert){.next_level = -1};
	name_references(chain, ret);
	*chain = (struct alert_chain){.standing = ALERT_NOTHING};
	return 1;
}

/* What a Cancel says: as complete as the alert it ends, the newest of those it refers to. */
static struct alert cancel_of(const struct alert_chain *chain, int64_t now_ms)
{
	const struct alert_reference *newest = &chain->references[chain->n_references - 1];
	struct alert cancel = chain->shown;
	cancel.subject = newest->subject;
	cancel.level = newest->level;
	cancel.onset_ms = newest->onset_ms;
	cancel.sent_ms = now_ms;
	cancel.expires_ms = now_ms + ALERT_LIFE_MS;
	cancel.cut = cancel.overdue = false;
	cancel.next_level = -1;
	cancel.next_start_ms = 0;
	return cancel;
}

/* Nothing is to be on a topic: a Cancel of what was sent, and after a day not even that, unless the
 * Cancel never left the station and what it refers to is believed still: then another. `lift` gives
 * what the Cancel says of the lift itself. */
static int leave_topic(struct alerts *alerts, enum alert_topic topic, const struct alert *lift,
		       struct alert_message *ret)
{
	struct alert_chain *chain = &alerts->chains[topic];
	bool is_over = chain->standing == ALERT_CANCELLED &&
		       alert_has_expired(&chain->shown, lift->sent_ms);
	if (chain->standing == ALERT_NOTHING || (chain->standing == ALERT_CANCELLED && !is_over))
		return 0;
	if (is_over ? !any_believed(chain, lift->sent_ms) : !any_sent(chain))
		return empty_topic(chain, topic, ret);
	ret->topic = topic;
	ret->type = ALERT_CANCEL;
	name_references(chain, ret);
	ret->alert = cancel_of(chain, lift->sent_ms);
	ret->alert.key = ++alerts->last_key;
	ret->alert.released = lift->released;
	ret->alert.all_clear = lift->all_clear;
	chain->standing = ALERT_CANCELLED;
	chain->shown = ret->alert;
	return 1;
}

/* ---- when it is due ---- */

static bool half_is_over(const struct alert *shown, int64_t now_ms)
{
	return now_ms - shown->sent_ms >= (shown->expires_ms - shown->sent_ms) / 2;
}

/* What nobody may be left without, however often it was sent today. */
static bool must_be_sent(const struct alert_chain *chain, const struct alert *wanted)
{
	const struct alert *shown = &chain->shown;
	if (chain->standing != ALERT_STANDS || shown->subject != wanted->subject ||
	    shown->level != wanted->level || shown->is_public != wanted->is_public ||
	    shown->released != wanted->released)
		return true;
	if (shown->sent_ms > wanted->sent_ms || shown->onset_ms > wanted->onset_ms ||
	    alert_has_expired(shown, wanted->sent_ms))
		return true;
	return !shown->cut && half_is_over(shown, wanted->sent_ms) &&
	       (wanted->cut || wanted->expires_ms > shown->expires_ms);
}

static bool may_be_sent(const struct alert_chain *chain, const struct alert *wanted,
			const struct alert_moment *moment)
{
	const struct alert *shown = &chain->shown;
	int64_t age_ms = moment->now_ms - chain->counted_from_ms;
	if (chain->n_counted >= ALERT_A_DAY_MAX && age_ms < ALERT_LIFE_MS)
		return false;
	return moment->stepped || shown->overdue != wanted->overdue ||
	       shown->next_level != wanted->next_level ||
	       shown->next_start_ms != wanted->next_start_ms ||
	       (moment->back && half_is_over(shown, moment->now_ms));
}

static int bring_alert(struct alerts *alerts, enum alert_topic topic, const struct alert *wanted,
		       const struct alert_moment *moment, struct alert_message *ret)
{
	const struct alert_chain *chain = &alerts->chains[topic];
	if (!must_be_sent(chain, wanted) && !may_be_sent(chain, wanted, moment))
		return 0;
	return show_alert(alerts, topic, wanted, ret);
}

/* ---- what is wanted ---- */

/* Of an entry of the timetable; what follows it is sought among the pending ones from `from` on. */
static struct alert alert_of(const struct timetable *timetable, const struct timetable_entry *entry,
			     int from, int64_t now_ms)
{
	struct alert alert = {.subject = entry->number,
			      .level = entry->level,
			      .sent_ms = now_ms,
			      .overdue = entry->overdue,
			      .is_public = entry->released,
			      .released = entry->released,
			      .next_level = -1};
	alert.onset_ms = entry->turn == 0               ? entry->start_ms
			 : entry->effective_ms < now_ms ? entry->effective_ms
							: now_ms;
	alert.expires_ms = later_of(now_ms, alert.onset_ms) + ALERT_LIFE_MS;
	int i = timetable_next_change(timetable, from);
	if (i < 0)
		return alert;
	const struct timetable_entry *next = &timetable->pending[i];
	alert.next_level = next->level;
	alert.next_start_ms = next->start_ms;
	if (next->level < entry->level && next->start_ms > now_ms &&
	    next->start_ms < alert.expires_ms) {
		alert.expires_ms = next->start_ms;
		alert.cut = true;
	}
	return alert;
}

/* A lower or equal level of what the public was told is public at once. */
static bool stays_public(const struct alert_chain *chain, const struct alert *wanted, bool wider)
{
	const struct alert *shown = &chain->shown;
	if (chain->standing != ALERT_STANDS || !shown->is_public)
		return false;
	return wanted->subject == shown->subject || wanted->level < shown->level ||
	       (wanted->level == shown->level && !wider);
}

static int follow_directive(struct alerts *alerts, const struct timetable *timetable,
			    const struct alert_moment *moment, struct alert_message *ret)
{
	struct alert_chain *chain = &alerts->chains[ALERT_ON_DIRECTIVE];
	const struct timetable_entry *in_force = timetable_in_force(timetable);
	if (in_force) {
		struct alert wanted = alert_of(timetable, in_force, 0, moment->now_ms);
		if (stays_public(chain, &wanted, moment->wider))
			wanted.is_public = true;
		return bring_alert(alerts, ALERT_ON_DIRECTIVE, &wanted, moment, ret);
	}
	const struct timetable_entry *last = timetable_last(timetable);
	const struct alert lift = {.sent_ms = moment->now_ms,
				   .released = last && last->released,
				   .all_clear = timetable->n_pending == 0};
	return leave_topic(alerts, ALERT_ON_DIRECTIVE, &lift, ret);
}

/* The next entry that brings another level than the one before it, a lift aside; -1: none. */
static int find_announced(const struct timetable *timetable)
{
	int i = timetable_next_change(timetable, 0);
	while (i >= 0 && timetable->pending[i].level == 0)
		i = timetable_next_change(timetable, i + 1);
	return i;
}

static int follow_announced(struct alerts *alerts, const struct timetable *timetable,
			    const struct alert_moment *moment, struct alert_message *ret)
{
	int i = find_announced(timetable);
	const struct alert lift = {.sent_ms = moment->now_ms};
	if (i < 0)
		return leave_topic(alerts, ALERT_ON_ANNOUNCED, &lift, ret);
	const struct alert wanted =
		alert_of(timetable, &timetable->pending[i], i + 1, moment->now_ms);
	return bring_alert(alerts, ALERT_ON_ANNOUNCED, &wanted, moment, ret);
}

/* Cancelled announcements go before the directive's message, new ones after it. */
int alerts_follow(struct alerts *alerts, const struct timetable *timetable,
		  const struct alert_moment *moment, struct alert_message ret[ALERT_MESSAGES_MAX])
{
	hand_over(&alerts->chains[ALERT_ON_ANNOUNCED], &alerts->chains[ALERT_ON_DIRECTIVE],
		  timetable);
	if (find_announced(timetable) < 0) {
		int n = follow_announced(alerts, timetable, moment, &ret[0]);
		return n + follow_directive(alerts, timetable, moment, &ret[n]);
	}
	int n = follow_directive(alerts, timetable, moment, &ret[0]);
	return n + follow_announced(alerts, timetable, moment, &ret[n]);
}

int alerts_follow_advice(struct alerts *alerts, const struct alert_advice *advice,
			 const struct alert_moment *moment, struct alert_message *ret)
{
	const struct alert wanted = {.subject = advice->subject,
				     .level = advice->level,
				     .sent_ms = moment->now_ms,
				     .onset_ms = advice->onset_ms,
				     .expires_ms = later_of(moment->now_ms, advice->onset_ms) +
						   ALERT_LIFE_MS,
				     .next_level = -1};
	const struct alert lift = {.sent_ms = moment->now_ms, .all_clear = true};
	if (advice->level > 0)
		return bring_alert(alerts, ALERT_ON_ADVICE, &wanted, moment, ret);
	return leave_topic(alerts, ALERT_ON_ADVICE, &lift, ret);
}

int64_t alerts_next_ms(const struct alerts *alerts)
{
	int64_t next_ms = INT64_MAX;
	for (int t = 0; t < ALERT_TOPIC_COUNT; t++) {
		const struct alert_chain *chain = &alerts->chains[t];
		const struct alert *shown = &chain->shown;
		if (chain->standing == ALERT_NOTHING)
			continue;
		int64_t due_ms = shown->expires_ms;
		bool renews = chain->standing == ALERT_STANDS && !shown->cut &&
			      shown->onset_ms <= shown->sent_ms;
		if (renews)
			due_ms = shown->sent_ms + (shown->expires_ms - shown->sent_ms + 1) / 2;
		if (due_ms < next_ms)
			next_ms = due_ms;
	}
	return next_ms;
}
