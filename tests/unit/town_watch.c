/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "town_inside.h"

/* ---- a word, once more ---- */

static bool is_part(const struct timetable_word *word, const struct timetable_entry *entry)
{
	return word->document[0] != '\0' && strcmp(word->document, entry->document) == 0 &&
	       strcmp(word->issuer, entry->issuer) == 0 && word->time_ms == entry->time_ms &&
	       word->start_ms != entry->start_ms;
}

static bool is_named(const struct timetable_word *word, const struct timetable_entry *entry)
{
	for (int i = 0; i < word->n_withdraws; i++) {
		if (strcmp(word->withdraws[i], entry->id) == 0)
			return true;
	}
	return false;
}

static bool is_covered(const struct timetable_word *word, const struct timetable_entry *entry)
{
	if (!word->has_level || is_part(word, entry) || entry->start_ms < word->start_ms)
		return false;
	return word->planned_end_ms == 0 || entry->start_ms < word->planned_end_ms;
}

static bool was_taken_out(const struct timetable_word *word, int64_t number)
{
	for (int i = 0; i < word->answer.n_taken_out; i++) {
		if (word->answer.taken_out[i] == number)
			return true;
	}
	return false;
}

/* Exactly what is named, covered or postponed has gone. */
static void watch_taken_out(struct town *town, const struct timetable *before,
			    const struct timetable_word *word)
{
	int level = timetable_level(before), last = -1, level_before_last = 0;
	for (int i = 0; i < before->n_pending; i++) {
		const struct timetable_entry *entry = &before->pending[i];
		bool goes = is_named(word, entry) || is_covered(word, entry);
		if (goes != was_taken_out(word, entry->number) && entry->start_ms >= word->start_ms)
			town_fail(town, "directive %lld %s taken out by %s",
				  (long long)entry->number, goes ? "was not" : "was", word->id);
		if (goes || entry->start_ms >= word->start_ms)
			continue;
		level_before_last = level;
		level = entry->level;
		last = i;
	}
	for (int i = 0; i < before->n_pending; i++) {
		const struct timetable_entry *entry = &before->pending[i];
		if (entry->start_ms >= word->start_ms)
			continue;
		bool postponed = i == last && word->has_level && entry->level == word->level &&
				 !is_part(word, entry) &&
				 (entry->level == 0 || entry->level < level_before_last);
		bool goes = postponed || is_named(word, entry);
		if (goes != was_taken_out(word, entry->number))
			town_fail(town, "directive %lld %s taken out by %s",
				  (long long)entry->number, goes ? "was not" : "was", word->id);
	}
}

static bool is_older(const struct town *town, const struct timetable_word *word)
{
	int64_t said_ms = word->time_ms < word->received_ms ? word->time_ms : word->received_ms;
	for (int i = 0; i < town->n_fates; i++) {
		const struct fate *fate = &town->fates[i];
		int64_t apart_ms = strcmp(fate->issuer, word->issuer) == 0 ? 0 : 5 * MIN_MS;
		if (fate->number != word->answer.number && said_ms < fate->said_ms - apart_ms)
			return true;
	}
	return false;
}

static void watch_age(struct town *town, const struct timetable *before,
		      const struct timetable_word *word)
{
	enum refusal refusal = word->answer.refusal;
	bool is_after = strcmp(word->after, before->newest_id) == 0 && word->after[0] != '\0';
	bool older = is_older(town, word) && !is_after;
	if (refusal != REFUSAL_NONE && refusal != REFUSAL_OLDER)
		return;
	if (older != (refusal == REFUSAL_OLDER))
		town_fail(town, "%s is %solder, and was %s", word->id, older ? "" : "not ",
			  refusal_name(refusal));
}

/* The one that took effect last follows the word all the same: it was said before that began. */
static bool is_overtaken(const struct town *town, const struct timetable *before,
			 const struct timetable_word *word)
{
	const struct timetable_entry *last = timetable_last(before);
	int64_t said_ms = word->time_ms < word->received_ms ? word->time_ms : word->received_ms;
	for (int i = 0; i < town->n_fates; i++) {
		const struct fate *fate = &town->fates[i];
		if (fate->number != word->answer.number && fate->said_ms > said_ms)
			said_ms = fate->said_ms;
	}
	if (!last || last->start_ms < word->start_ms)
		return false;
	return is_part(word, last) ||
	       (last->start_ms > said_ms && last->begun_ms > said_ms && !is_covered(word, last));
}

/* Refused for want of room although it would have made some. */
static void watch_room(struct town *town, const struct timetable *before,
		       const struct timetable_word *word)
{
	for (int i = 0; i < before->n_pending; i++) {
		if (is_named(word, &before->pending[i]) || is_covered(word, &before->pending[i]))
			town_fail(town, "%s takes one out, and is refused as one too many",
				  word->id);
	}
	if (before->n_pending < TIMETABLE_PENDING_MAX)
		town_fail(town, "%s is refused as the %dth pending one", word->id,
			  before->n_pending + 1);
}

void watch_word(struct town *town, const struct timetable *before,
		const struct timetable_word *word)
{
	const struct word_answer *answer = &word->answer;
	watch_age(town, before, word);
	if (answer->refusal == REFUSAL_TOO_MANY)
		watch_room(town, before, word);
	if (answer->refusal != REFUSAL_NONE) {
		if (answer->n_taken_out > 0 || town->timetable.last_number != before->last_number)
			town_fail(town, "%s was refused and changed something", word->id);
		return;
	}
	watch_taken_out(town, before, word);
	if (!word->has_level)
		return;
	const struct timetable_entry *last = timetable_last(&town->timetable);
	if (is_overtaken(town, before, word) != (answer->passed_over_by != 0))
		town_fail(town, "%s was passed over by %lld", word->id,
			  (long long)answer->passed_over_by);
	else if (answer->passed_over_by == 0 && word->start_ms <= town->now_ms &&
		 (!last || last->number != answer->number))
		town_fail(town, "%s, the last word, is not in force", word->id);
	else if (answer->passed_over_by == 0 && word->start_ms > town->now_ms &&
		 !timetable_find(&town->timetable, answer->number))
		town_fail(town, "%s is not pending", word->id);
}

/* ---- what words became ---- */

static void note_word(struct town *town, const struct timetable_word *word)
{
	const struct word_answer *answer = &word->answer;
	if (answer->refusal != REFUSAL_NONE)
		return;
	struct fate *fate = &town->fates[town->n_fates++];
	*fate = (struct fate){.number = answer->number,
			      .start_ms = word->start_ms,
			      .end_ms = word->planned_end_ms,
			      .time_ms = word->time_ms,
			      .level = word->level,
			      .is_entry = word->has_level,
			      .gone = answer->passed_over_by != 0};
	fate->said_ms = word->time_ms < word->received_ms ? word->time_ms : word->received_ms;
	memcpy(fate->issuer, word->issuer, sizeof(fate->issuer));
}

static void note_taken_out(struct town *town, const struct timetable_word *word)
{
	for (int i = 0; i < word->answer.n_taken_out; i++) {
		struct fate *fate = town_fate(town, word->answer.taken_out[i]);
		if (!fate || fate->begun)
			town_fail(town, "%s takes out directive %lld, which is not pending",
				  word->id, (long long)word->answer.taken_out[i]);
		else
			fate->gone = true;
	}
}

static void note_number(struct town *town, const struct told *told)
{
	if (told->number != town->last_event + 1)
		town_fail(town, "event %lld comes after event %lld", (long long)told->number,
			  (long long)town->last_event);
	if (told->time_ms < town->last_event_ms || told->time_ms < town->now_ms)
		town_fail(town, "the time of event %lld runs backwards", (long long)told->number);
	town->last_event = told->number;
	town->last_event_ms = told->time_ms;
}

static bool changes_force(enum event_kind kind)
{
	return kind != EVENT_ANNOUNCED && kind != EVENT_WITHDRAWN && kind != EVENT_OVERDUE;
}

/* By the event alone the reader knows what is in force. */
static void read_change(struct town *town, const struct told *told)
{
	enum event_kind kind = told->previous == told->level  ? EVENT_AMENDED
			       : told->previous == 0          ? EVENT_ISSUE
			       : told->level == 0             ? EVENT_LIFT
			       : told->level > told->previous ? EVENT_UPGRADE
							      : EVENT_DOWNGRADE;
	if (told->previous != town->reader_level || told->kind != kind)
		town_fail(town, "event %lld: %s from %d to %d, the reader knew %d",
			  (long long)told->number, event_name(told->kind), told->previous,
			  told->level, town->reader_level);
	town->reader_level = told->level;
	town->reader_number = told->level > 0 ? told->entry.number : 0;
	if (!force_row_of(told, &town->rows[town->n_rows]))
		town_fail(town, "event %lld leaves no row", (long long)told->number);
	else if (town->n_rows++ > 0 &&
		 town->rows[town->n_rows - 2].from_ms > town->rows[town->n_rows - 1].from_ms)
		town_fail(town, "the log of what was in force runs backwards");
}

static void read_event(struct town *town, const struct told *told)
{
	struct fate *fate = town_fate(town, told->entry.number);
	note_number(town, told);
	if (!fate) {
		town_fail(town, "event %lld is about nobody's directive", (long long)told->number);
		return;
	}
	if (told->kind == EVENT_ANNOUNCED) {
		if (fate->announced)
			town_fail(town, "directive %lld is announced twice",
				  (long long)fate->number);
		fate->announced = true;
		return;
	}
	if (told->kind == EVENT_OVERDUE) {
		if (town->reader_number != fate->number || fate->end_ms > town->now_ms)
			town_fail(town, "directive %lld is not overdue", (long long)fate->number);
		return;
	}
	if (fate->ended || fate->gone != (told->kind == EVENT_WITHDRAWN &&
					  told->reason != TOLD_BECAUSE_NOTHING_LEFT &&
					  told->reason != TOLD_BECAUSE_PASSED_OVER))
		town_fail(town, "directive %lld ends twice, or untold", (long long)fate->number);
	fate->ended = true;
	if (changes_force(told->kind))
		read_change(town, told);
	else if (told->reason == TOLD_BECAUSE_PASSED_OVER)
		fate->gone = true;
	if (told->reason == TOLD_BECAUSE_PASSED_OVER && town->looks_in_time)
		town_fail(town, "directive %lld is passed over by somebody who was awake",
			  (long long)fate->number);
}

void watch_judged(struct town *town, struct timetable_word *const words[], int n,
		  const struct judge_outcome *outcome)
{
	for (int i = 0; i < town->n_fates; i++) {
		if (town->fates[i].said_ms > town->now_ms)
			town->fates[i].said_ms = town->now_ms;
	}
	for (int i = 0; i < n; i++)
		note_word(town, words[i]);
	for (int i = 0; i < n; i++)
		note_taken_out(town, words[i]);
	for (int i = 0; i < outcome->n_told; i++)
		read_event(town, &outcome->told[i]);
	const struct timetable_entry *last = timetable_last(&town->timetable);
	if (!last || last->turn == town->last_turn)
		return;
	town->last_turn = last->turn;
	struct fate *fate = town_fate(town, last->number);
	if (!fate)
		return;
	fate->begun = true;
	fate->turn = last->turn;
	for (int i = 0; i < outcome->n_told; i++) {
		if (outcome->told[i].kind == EVENT_ISSUE)
			town->episode_turn = last->turn;
	}
}

/* ---- messages ---- */

/* The first pending entry that brings another level after the i-th, -1 for what is in force. */
static const struct timetable_entry *find_next(const struct timetable *timetable, int i)
{
	int level = i < 0 ? timetable_level(timetable) : timetable->pending[i].level;
	for (i++; i < timetable->n_pending; i++) {
		if (timetable->pending[i].level != level)
			return &timetable->pending[i];
	}
	return NULL;
}

static int pending_index(const struct timetable *timetable, int64_t number)
{
	for (int i = 0; i < timetable->n_pending; i++) {
		if (timetable->pending[i].number == number)
			return i;
	}
	return -1;
}

static void watch_advice(struct town *town, const struct alert *alert)
{
	int64_t from_ms = alert->sent_ms > alert->onset_ms ? alert->sent_ms : alert->onset_ms;
	if (alert->level != town->advice.level || alert->onset_ms != town->advice.onset_ms ||
	    alert->expires_ms != from_ms + 24 * 60 * MIN_MS || alert->is_public)
		town_fail(town, "message %lld is not what is advised", (long long)alert->key);
}

static void watch_times(struct town *town, const struct alert_message *message)
{
	const struct alert *alert = &message->alert;
	int64_t from_ms = alert->sent_ms > alert->onset_ms ? alert->sent_ms : alert->onset_ms;
	int64_t expires_ms = from_ms + 24 * 60 * MIN_MS;
	int i = pending_index(&town->timetable, alert->subject);
	const struct timetable_entry *next = find_next(&town->timetable, i);
	if (next && next->level < alert->level && next->start_ms > alert->sent_ms &&
	    next->start_ms < expires_ms)
		expires_ms = next->start_ms;
	if (alert->sent_ms != town->now_ms || alert->expires_ms != expires_ms)
		town_fail(town, "message %lld expires %lld min too late", (long long)alert->key,
			  (long long)((alert->expires_ms - expires_ms) / MIN_MS));
	if ((message->topic == ALERT_ON_DIRECTIVE) != (alert->onset_ms <= town->now_ms) &&
	    message->topic == ALERT_ON_DIRECTIVE)
		town_fail(town, "message %lld of what is in force begins later",
			  (long long)alert->key);
	if (next ? alert->next_level != next->level || alert->next_start_ms != next->start_ms
		 : alert->next_level != -1)
		town_fail(town, "message %lld names another next entry", (long long)alert->key);
}

static void watch_scope(struct town *town, const struct alert *alert)
{
	const struct fate *fate = town_fate(town, alert->subject);
	const struct alert *before = &town->made[ALERT_ON_DIRECTIVE];
	bool carried = before->key != 0 && before->is_public &&
		       (before->subject == alert->subject || alert->level < before->level ||
			(alert->level == before->level &&
			 strcmp(timetable_last(&town->timetable)->document, "D2") != 0));
	if (alert->is_public && (!fate || !fate->released) && !carried)
		town_fail(town, "message %lld is public without a slip", (long long)alert->key);
	if (fate && fate->released && !alert->is_public)
		town_fail(town, "message %lld is not public with a slip", (long long)alert->key);
}

static const struct belief *find_belief(const struct town *town, int64_t key)
{
	for (int i = 0; i < town->n_beliefs; i++) {
		if (town->beliefs[i].alert.key == key)
			return &town->beliefs[i];
	}
	return NULL;
}

static void watch_cancel(struct town *town, const struct alert_message *message)
{
	bool of_directive = message->topic == ALERT_ON_DIRECTIVE;
	if (message->n_references == 0)
		town_fail(town, "a Cancel refers to nothing");
	if (message->topic == ALERT_ON_ADVICE && town->advice.level > 0)
		town_fail(town, "a Cancel while an advice stands");
	if (of_directive && town->reader_number != 0)
		town_fail(town, "a Cancel while directive %lld is in force",
			  (long long)town->reader_number);
	if (message->alert.all_clear !=
	    (message->topic == ALERT_ON_ADVICE || (of_directive && town->timetable.n_pending == 0)))
		town_fail(town, "AllClear is said with something pending, or not without");
	if (message->alert.expires_ms != town->now_ms + 24 * 60 * MIN_MS)
		town_fail(town, "a Cancel does not stand for a day");
	for (int i = 0; i < message->n_references && of_directive; i++) {
		const struct belief *belief = find_belief(town, message->references[i]);
		if (belief && pending_index(&town->timetable, belief->alert.subject) >= 0)
			town_fail(town, "a Cancel names message %lld of a pending one",
				  (long long)message->references[i]);
	}
}

/* The same again, and nobody is told anything for it, not even a later end. */
static void watch_need(struct town *town, const struct alert_message *message)
{
	const struct alert *now = &message->alert, *before = &town->made[message->topic];
	if (before->key == 0 || town->sends_anyway)
		return;
	if (now->subject == before->subject && now->onset_ms == before->onset_ms &&
	    now->next_level == before->next_level && now->next_start_ms == before->next_start_ms &&
	    now->overdue == before->overdue && now->is_public == before->is_public &&
	    now->released == before->released && now->cut == before->cut &&
	    now->expires_ms <= before->expires_ms)
		town_fail(town, "message %lld says the same again", (long long)now->key);
}

void watch_message(struct town *town, const struct alert_message *message)
{
	if (message->type == ALERT_CANCEL)
		watch_cancel(town, message);
	if (message->type == ALERT_NEW || message->type == ALERT_UPDATE) {
		watch_need(town, message);
		if (message->topic == ALERT_ON_ADVICE)
			watch_advice(town, &message->alert);
		else
			watch_times(town, message);
		if (message->topic == ALERT_ON_DIRECTIVE)
			watch_scope(town, &message->alert);
	}
	town->made[message->topic] = message->type == ALERT_CANCEL || message->type == ALERT_EMPTIED
					     ? (struct alert){0}
					     : message->alert;
}

static void forget_beliefs(struct town *town, const struct alert_message *message)
{
	int kept = 0;
	for (int i = 0; i < town->n_beliefs; i++) {
		bool ends = alert_has_expired(&town->beliefs[i].alert, town->now_ms);
		for (int r = 0; message && r < message->n_references; r++)
			ends = ends || message->references[r] == town->beliefs[i].alert.key;
		if (!ends)
			town->beliefs[kept++] = town->beliefs[i];
	}
	town->n_beliefs = kept;
}

void watch_delivery(struct town *town, const struct alert_message *message)
{
	town->has_retained[message->topic] = message->type != ALERT_EMPTIED;
	town->retained[message->topic] = *message;
	if (message->type == ALERT_EMPTIED)
		return;
	forget_beliefs(town, message);
	if (message->type == ALERT_CANCEL)
		return;
	if (town->n_beliefs == TOWN_QUEUE_MAX)
		town_fail(town, "more than %d alerts are believed", TOWN_QUEUE_MAX);
	else
		town->beliefs[town->n_beliefs++] = (struct belief){message->alert, message->topic};
}

/* ---- at rest ---- */

/* The alert on a topic, as one who connects now finds it; NULL:
 * none that has not expired. */
static const struct alert *fresh_alert(const struct town *town, enum alert_topic topic)
{
	const struct alert_message *message = &town->retained[topic];
	if (!town->has_retained[topic] || message->type == ALERT_CANCEL ||
	    alert_has_expired(&message->alert, town->now_ms))
		return NULL;
	return &message->alert;
}

static void watch_directive_topic(struct town *town)
{
	const struct timetable_entry *in_force = timetable_in_force(&town->timetable);
	const struct alert *alert = fresh_alert(town, ALERT_ON_DIRECTIVE);
	if (!in_force && alert)
		town_fail(town,
			  "cap/directive warns of directive %lld, "
			  "none is in force",
			  (long long)alert->subject);
	if (in_force && (!alert || alert->subject != in_force->number ||
			 alert->level != in_force->level || alert->onset_ms > town->now_ms))
		town_fail(town,
			  "directive %lld is in force, "
			  "cap/directive does not say so",
			  (long long)in_force->number);
	const struct timetable_entry *next = find_next(&town->timetable, -1);
	bool may_lag = town->alerts.chains[ALERT_ON_DIRECTIVE].n_counted >= ALERT_A_DAY_MAX;
	if (in_force && alert && alert->overdue != in_force->overdue && !may_lag)
		town_fail(town, "cap/directive does not say that "
				"it is overdue");
	if (alert && !may_lag && alert->next_start_ms != (next ? next->start_ms : 0))
		town_fail(town, "cap/directive does not say what "
				"comes next");
	if (alert && !alert->cut && alert->expires_ms - town->now_ms < 12 * 60 * MIN_MS)
		town_fail(town, "cap/directive is not renewed at "
				"half its life");
	if (town->has_retained[ALERT_ON_DIRECTIVE] && !alert &&
	    alert_has_expired(&town->retained[ALERT_ON_DIRECTIVE].alert, town->now_ms))
		town_fail(town, "cap/directive is not emptied after a day");
}

static void watch_announced_topic(struct town *town)
{
	const struct timetable *timetable = &town->timetable;
	const struct alert *alert = fresh_alert(town, ALERT_ON_ANNOUNCED);
	const struct timetable_entry *wanted = NULL;
	int level = timetable_level(timetable);
	for (int i = 0; i < timetable->n_pending && !wanted; i++) {
		const struct timetable_entry *entry = &timetable->pending[i];
		if (entry->level != level && entry->level > 0)
			wanted = entry;
		level = entry->level;
	}
	if (!wanted != !alert || (wanted && wanted->number != alert->subject))
		town_fail(town,
			  "cap/announced shows directive %lld, "
			  "next is %lld",
			  (long long)(alert ? alert->subject : 0),
			  (long long)(wanted ? wanted->number : 0));
}

static void watch_advice_topic(struct town *town)
{
	const struct alert *alert = fresh_alert(town, ALERT_ON_ADVICE);
	if (!alert != (town->advice.level == 0) ||
	    (alert && alert->subject != town->advice.subject))
		town_fail(town, "cap/advice does not show what is advised");
}

/* Who was connected all along believes what one who connects now
 * finds. */
static void watch_beliefs(struct town *town)
{
	int n_fresh = 0;
	forget_beliefs(town, NULL);
	for (int t = 0; t < ALERT_TOPIC_COUNT; t++) {
		const struct alert *alert = fresh_alert(town, (enum alert_topic)t);
		if (!alert)
			continue;
		n_fresh++;
		if (!find_belief(town, alert->key))
			town_fail(town,
				  "message %lld is not believed "
				  "any more",
				  (long long)alert->key);
	}
	for (int i = 0; i < town->n_beliefs; i++) {
		const struct belief *belief = &town->beliefs[i];
		const struct alert *alert = fresh_alert(town, belief->topic);
		if (!alert || alert->key != belief->alert.key)
			town_fail(town, "message %lld is believed still",
				  (long long)belief->alert.key);
	}
	if (n_fresh != town->n_beliefs)
		town_fail(town, "%d alerts are found, %d believed", n_fresh, town->n_beliefs);
}

static void watch_fates(struct town *town)
{
	for (int i = 0; i < town->n_fates; i++) {
		const struct fate *fate = &town->fates[i];
		bool pending = pending_index(&town->timetable, fate->number) >= 0;
		if (fate->is_entry && pending + fate->begun + fate->gone != 1)
			town_fail(town,
				  "directive %lld: pending %d, "
				  "begun %d, told as gone %d",
				  (long long)fate->number, pending, fate->begun, fate->gone);
		if (pending != (fate->announced && !fate->ended))
			town_fail(town,
				  "directive %lld: announced %d, "
				  "ended %d, pending %d",
				  (long long)fate->number, fate->announced, fate->ended, pending);
	}
}

static void watch_pending(struct town *town)
{
	const struct timetable *timetable = &town->timetable;
	for (int i = 0; i < timetable->n_pending; i++) {
		if (timetable->pending[i].start_ms <= town->now_ms)
			town_fail(town, "directive %lld does not begin",
				  (long long)timetable->pending[i].number);
		if (i > 0 && timetable->pending[i].start_ms <= timetable->pending[i - 1].start_ms)
			town_fail(town, "pending ones do not rise "
					"in start");
	}
}

static void watch_binding(struct town *town)
{
	const struct fate *newest = NULL;
	int64_t from = town->episode_turn;
	for (int i = 0; i < town->n_fates; i++) {
		const struct fate *fate = &town->fates[i];
		if (fate->begun && fate->released && fate->turn >= from &&
		    (!newest || fate->turn > newest->turn))
			newest = fate;
	}
	if (binding_level(&town->binding, &town->timetable, BINDING_FROM_RELEASE) !=
	    (newest ? newest->level : 0))
		town_fail(town, "what binds is not the newest "
				"released directive of the episode");
	if (binding_level(&town->binding, &town->timetable, BINDING_FROM_DIRECTIVE) !=
	    town->reader_level)
		town_fail(town, "what binds is not what is in force");
}

/* Replayed the log gives what was in force after each step since
 * the clock was last set. */
static void watch_log(struct town *town)
{
	int n = town->n_samples;
	if (n == 0 || town->samples[n - 1].from_ms < town->now_ms)
		town->n_samples = ++n;
	town->samples[n - 1] =
		(struct force_row){.from_ms = town->now_ms, .directive = town->reader_number};
	const struct force_row *newest = force_at(town->rows, town->n_rows, INT64_MAX);
	if ((newest ? newest->directive : 0) != town->reader_number)
		town_fail(town, "by the newest row of the log %lld is in force",
			  (long long)(newest ? newest->directive : 0));
	for (int i = 0; i < town->n_samples && !town->clock_was_set; i++) {
		const struct force_row *row =
			force_at(town->rows, town->n_rows, town->samples[i].from_ms);
		if ((row ? row->directive : 0) != town->samples[i].directive)
			town_fail(town,
				  "by the log %lld was in force, "
				  "not %lld",
				  (long long)(row ? row->directive : 0),
				  (long long)town->samples[i].directive);
	}
}

void watch_window(struct town *town)
{
	const struct timetable_entry *in_force = timetable_in_force(&town->timetable);
	const struct alert *alert = fresh_alert(town, ALERT_ON_DIRECTIVE);
	if (in_force && (!alert || alert->subject != in_force->number))
		town_fail(town,
			  "directive %lld stays in force and has "
			  "no alert",
			  (long long)in_force->number);
}

void watch_rest(struct town *town)
{
	const struct timetable_entry *in_force = timetable_in_force(&town->timetable);
	if (town->reader_number != (in_force ? in_force->number : 0))
		town_fail(town,
			  "by the events %lld is in force, it is "
			  "%lld",
			  (long long)town->reader_number,
			  (long long)(in_force ? in_force->number : 0));
	watch_pending(town);
	watch_fates(town);
	watch_binding(town);
	watch_log(town);
	if (!town->linked)
		return;
	watch_directive_topic(town);
	watch_announced_topic(town);
	watch_advice_topic(town);
	watch_beliefs(town);
}
