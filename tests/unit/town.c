/* SPDX-License-Identifier: MIT */
#include "town_inside.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

static const char *const op_names[TOWN_OP_COUNT] = {
	"says",       "waits",   "signs",    "restarts", "unlinks", "links",  "stops",  "starts",
	"sets_clock", "advises", "breathes", "dusts",    "reviews", "doubts", "damages"};

void town_fail(struct town *town, const char *format, ...)
{
	va_list arguments;
	if (town->why[0] != '\0')
		return;
	va_start(arguments, format);
	vsnprintf(town->why, sizeof(town->why), format, arguments);
	va_end(arguments);
}

struct fate *town_fate(struct town *town, int64_t number)
{
	for (int i = 0; i < town->n_fates; i++) {
		if (town->fates[i].number == number)
			return &town->fates[i];
	}
	return NULL;
}

/* ---- telling ---- */

static const char *level_text(int level)
{
	static const char *const names[] = {"none", "yellow", "orange", "red"};
	return level < 0 ? "nothing" : names[level];
}

/* Minutes since the beginning, by the station's clock. */
static long minute_of(int64_t ms)
{
	return (long)((ms - TOWN_BEGIN_MS) / MIN_MS);
}

static void tell_outcome(const struct town *town, const struct judge_outcome *outcome)
{
	for (int i = 0; i < outcome->n_told && town->out; i++) {
		const struct told *told = &outcome->told[i];
		fprintf(town->out, "    event %lld at %ld: %s (%s) directive %lld, %s, from %ld",
			(long long)told->number, minute_of(told->time_ms), event_name(told->kind),
			told_reason_name(told->reason), (long long)told->entry.number,
			level_text(told->level), minute_of(told->onset_ms));
		if (told->by != 0)
			fprintf(town->out, ", by %lld", (long long)told->by);
		fputs("\n", town->out);
	}
}

static void tell_answer(const struct town *town, const struct timetable_word *word)
{
	const struct word_answer *answer = &word->answer;
	if (!town->out)
		return;
	fprintf(town->out, "    reply to %s: ", word->id);
	if (answer->refusal != REFUSAL_NONE)
		fprintf(town->out, "refused, %s", refusal_name(answer->refusal));
	else
		fprintf(town->out, "directive %lld, %s from %ld", (long long)answer->number,
			level_text(word->has_level ? word->level : -1), minute_of(word->start_ms));
	for (int i = 0; i < answer->n_taken_out; i++)
		fprintf(town->out, ", takes out %lld", (long long)answer->taken_out[i]);
	for (int i = 0; i < answer->n_kept; i++)
		fprintf(town->out, ", keeps %lld", (long long)answer->kept[i]);
	for (int i = 0; i < answer->n_too_late; i++)
		fprintf(town->out, ", too late for %s", answer->too_late[i]);
	if (answer->passed_over_by != 0)
		fprintf(town->out, ", passed over by %lld", (long long)answer->passed_over_by);
	fputs(answer->no_effect ? ", no effect\n" : "\n", town->out);
}

static void tell_message(const struct town *town, const struct alert_message *message)
{
	static const char *const topics[] = {"directive", "announced", "advice"};
	static const char *const types[] = {"Alert", "Update", "Cancel", "emptied"};
	if (!town->out)
		return;
	fprintf(town->out, "    cap/%s: %s %lld of directive %lld, %s, onset %ld, expires %ld",
		topics[message->topic], types[message->type], (long long)message->alert.key,
		(long long)message->alert.subject, level_text(message->alert.level),
		minute_of(message->alert.onset_ms), minute_of(message->alert.expires_ms));
	for (int i = 0; i < message->n_references; i++)
		fprintf(town->out, "%s%lld", i == 0 ? ", refers to " : " ",
			(long long)message->references[i]);
	fputs(message->alert.is_public ? ", public\n" : "\n", town->out);
}

void town_print(const struct town_step *step, FILE *out)
{
	fprintf(out, "%s", op_names[step->op]);
	if (step->op == TOWN_SAYS) {
		fprintf(out, " %s, start %+d min", level_text(step->level), step->start_min);
		if (step->end_min != 0)
			fprintf(out, ", planned end %d min later", step->end_min);
		fprintf(out, ", issuer %c", 'A' + step->issuer);
		if (step->document != 0)
			fprintf(out, ", document %d", step->document);
		if (step->skew_min != 0)
			fprintf(out, ", sender's clock %+d min", step->skew_min);
		if (step->after != 0)
			fprintf(out, ", after %s", step->after == 1 ? "the newest" : "another");
		if (step->which != 0)
			fprintf(out, ", withdraws %d", step->which);
		if (step->local != 0)
			fputs(", at the station", out);
	}
	if (step->op == TOWN_WAITS || step->op == TOWN_SETS_CLOCK)
		fprintf(out, " %d min", step->start_min);
	if (step->op == TOWN_ADVISES)
		fprintf(out, " %s, onset %+d min", level_text(step->level), step->start_min);
	if (step->op >= TOWN_BREATHES && step->op <= TOWN_DOUBTS)
		fprintf(out, " %s, %d min, %d", level_text(step->level), step->start_min,
			step->which);
	if (step->op == TOWN_SIGNS || step->op == TOWN_DAMAGES)
		fprintf(out, " %d", step->which);
	fputs("\n", out);
}

/* ---- the station ---- */

static void send(struct town *town, const struct alert_message *message)
{
	tell_message(town, message);
	watch_message(town, message);
	for (int i = 0, kept = 0; message->type == ALERT_EMPTIED && i < town->n_queue; i++) {
		bool drops = false;
		for (int r = 0; r < message->n_references; r++)
			drops = drops || (town->queue[i].type != ALERT_EMPTIED &&
					  town->queue[i].alert.key == message->references[r]);
		if (!drops)
			town->queue[kept++] = town->queue[i];
		if (i == town->n_queue - 1)
			town->n_queue = kept;
	}
	if (town->n_queue == TOWN_QUEUE_MAX)
		town_fail(town, "more than %d messages wait", TOWN_QUEUE_MAX);
	else
		town->queue[town->n_queue++] = *message;
}

static void follow(struct town *town, struct alert_moment moment)
{
	struct alert_message messages[ALERT_MESSAGES_MAX];
	const struct timetable_entry *in_force = timetable_in_force(&town->timetable);
	town->sends_anyway = moment.stepped || moment.back;
	moment.now_ms = town->now_ms;
	moment.wider = in_force && strcmp(in_force->document, "D2") == 0;
	int n = alerts_follow(&town->alerts, &town->timetable, &moment, messages);
	for (int i = 0; i < n; i++)
		send(town, &messages[i]);
	if (alerts_follow_advice(&town->alerts, &town->advice, &moment, messages))
		send(town, &messages[0]);
}

static void drain(struct town *town)
{
	for (int i = 0; i < town->n_queue; i++) {
		const struct alert_message *message = &town->queue[i];
		if (message->type != ALERT_EMPTIED &&
		    alert_has_expired(&message->alert, town->now_ms)) {
			alerts_note_dropped(&town->alerts, message->alert.key);
			continue;
		}
		watch_delivery(town, message);
		if (message->type != ALERT_EMPTIED)
			alerts_note_sent(&town->alerts, message->alert.key);
	}
	town->n_queue = 0;
}

static void judge_words(struct town *town, struct timetable_word *words[], int n,
			struct alert_moment moment)
{
	static struct judge_outcome outcome;
	const struct word_moment when = {town->now_ms, &town->series, WORD_CLOCKS_APART_MS, false};
	judge(&town->timetable, words, n, &when, &outcome);
	binding_follow(&town->binding, &town->timetable);
	for (int i = 0; i < n; i++)
		tell_answer(town, words[i]);
	tell_outcome(town, &outcome);
	watch_judged(town, words, n, &outcome);
	follow(town, moment);
	if (town->linked)
		drain(town);
}

static void look(struct town *town)
{
	judge_words(town, NULL, 0, (struct alert_moment){0});
}

static int64_t next_ms(const struct town *town)
{
	int64_t a_ms = timetable_next_ms(&town->timetable), b_ms = alerts_next_ms(&town->alerts);
	return a_ms < b_ms ? a_ms : b_ms;
}

static void pass(struct town *town, int64_t ms)
{
	int64_t end_ms = town->now_ms + ms;
	town->true_ms += ms;
	town->looks_in_time = true;
	for (int looks = 0; town->running && next_ms(town) <= end_ms; looks++) {
		if (next_ms(town) > town->now_ms)
			town->now_ms = next_ms(town);
		look(town);
		if (next_ms(town) <= town->now_ms || looks == 1000) {
			town_fail(town, "it looks again and again");
			return;
		}
	}
	town->now_ms = end_ms;
	if (town->running)
		look(town);
	town->looks_in_time = false;
}

/* ---- steps ---- */

static void name_document(const struct town *town, const struct town_step *step,
			  struct timetable_word *word)
{
	word->issuer[0] = (char)('A' + step->issuer);
	word->time_ms = town->true_ms + step->skew_min * MIN_MS;
	if (step->document == 3 && town->n_said > 0) {
		memcpy(word->document, town->document, sizeof(town->document));
		memcpy(word->issuer, town->issuer, sizeof(town->issuer));
		word->time_ms = town->time_ms;
	} else if (step->document != 0) {
		snprintf(word->document, sizeof(word->document), "D%d", step->document);
	}
}

static struct timetable_word make_word(struct town *town, const struct town_step *step)
{
	struct timetable_word word = {.has_level = step->level >= 0, .level = step->level};
	int n_pending = town->timetable.n_pending;
	name_document(town, step, &word);
	memcpy(town->document, word.document, sizeof(town->document));
	memcpy(town->issuer, word.issuer, sizeof(town->issuer));
	town->time_ms = word.time_ms;
	snprintf(word.id, sizeof(word.id), "w%d", ++town->n_said);
	word.start_ms = town->true_ms + step->start_min * MIN_MS;
	if (step->end_min != 0 && step->level > 0)
		word.planned_end_ms = word.start_ms + step->end_min * MIN_MS;
	if (step->after != 0)
		snprintf(word.after, sizeof(word.after), "%s",
			 step->after == 1 ? town->timetable.newest_id : "w0");
	if (step->which != 0) {
		word.n_withdraws = 1;
		snprintf(word.withdraws[0], TIMETABLE_ID_SIZE, "%s",
			 n_pending > 0 ? town->timetable.pending[step->which % n_pending].id
				       : "w0");
	}
	return word;
}

static void say(struct town *town, const struct town_step *step)
{
	static struct timetable before;
	struct timetable_word word = make_word(town, step), *words[1] = {&word};
	if (!town->running || (!town->linked && !step->local)) {
		town->waiting[town->n_waiting++] = word;
		return;
	}
	word.received_ms = town->now_ms;
	town->twin.is_there = false;
	look(town);
	before = town->timetable;
	judge_words(town, words, 1, (struct alert_moment){0});
	watch_word(town, &before, &word);
}

static void sign(struct town *town, const struct town_step *step)
{
	struct timetable *timetable = &town->timetable;
	const struct timetable_entry *entry = timetable_last(timetable);
	bool differs;
	if (step->which > 0 && timetable->n_pending > 0)
		entry = &timetable->pending[step->which % timetable->n_pending];
	if (!entry)
		return;
	const struct release_slip slip = {entry->number, entry->level, town->now_ms, "commander"};
	look(town);
	if (binding_take_slip(timetable, &slip, "commander", &differs) != RELEASE_GOOD || differs)
		return;
	struct fate *fate = town_fate(town, slip.directive);
	if (!fate)
		town_fail(town, "a slip for directive %lld, which nobody said",
			  (long long)slip.directive);
	else
		fate->released = true;
	judge_words(town, NULL, 0, (struct alert_moment){0});
}

/* ---- stopping ---- */

/* Row by row, as a database gives it back. */
static void copy_rows(struct timetable *to, const struct timetable *from)
{
	memset(to, 0, sizeof(*to));
	to->last_number = from->last_number;
	to->last_turn = from->last_turn;
	to->episode = from->episode;
	memcpy(to->newest_id, from->newest_id, sizeof(to->newest_id));
	for (int i = 0; i < from->n_begun; i++)
		to->begun[to->n_begun++] = from->begun[i];
	for (int i = 0; i < from->n_pending; i++)
		to->pending[to->n_pending++] = from->pending[i];
	for (int i = 0; i < from->n_issuers; i++)
		to->issuers[to->n_issuers++] = from->issuers[i];
	for (int i = 0; i < from->n_refused; i++)
		to->refused[to->n_refused++] = from->refused[i];
	to->refused_more = from->refused_more;
	to->refused_more_ms = from->refused_more_ms;
}

static void copy_alert_rows(struct alerts *to, const struct alerts *from)
{
	memset(to, 0, sizeof(*to));
	to->last_key = from->last_key;
	for (int t = 0; t < ALERT_TOPIC_COUNT; t++) {
		struct alert_chain *chain = &to->chains[t];
		chain->standing = from->chains[t].standing;
		chain->shown = from->chains[t].shown;
		chain->counted_from_ms = from->chains[t].counted_from_ms;
		chain->n_counted = from->chains[t].n_counted;
		for (int i = 0; i < from->chains[t].n_references; i++)
			chain->references[chain->n_references++] = from->chains[t].references[i];
	}
}

/* The row of what is in force is damaged: the log of what was in force stands in. */
static void try_damage(struct town *town)
{
	static struct timetable damaged;
	const struct timetable_entry *in_force = timetable_in_force(&town->timetable);
	copy_rows(&damaged, &town->timetable);
	if (in_force)
		damaged.n_begun--;
	const struct force_row *newest = town->n_rows > 0 ? &town->rows[town->n_rows - 1] : NULL;
	bool mended = force_mend(&damaged, newest);
	if (mended != (in_force != NULL))
		town_fail(town, "the log does not notice the damage");
	if (in_force && (!timetable_in_force(&damaged) ||
			 timetable_in_force(&damaged)->number != in_force->number ||
			 timetable_level(&damaged) != in_force->level))
		town_fail(town, "directive %lld was damaged and is not in force any more",
			  (long long)in_force->number);
}

static void load_rows(struct town *town)
{
	static struct timetable timetable;
	static struct alerts alerts;
	copy_rows(&timetable, &town->timetable);
	copy_alert_rows(&alerts, &town->alerts);
	if (!town_is_alike(&timetable, &town->timetable))
		town_fail(town, "what is read back is not what was stored");
	try_damage(town);
	town->timetable = timetable;
	town->alerts = alerts;
}

static void begin_twin(struct town *town)
{
	if (town->running && town->linked)
		town_twin_begin(&town->twin, &town->timetable, &town->series, town->now_ms);
}

static void compare_twin(struct town *town, struct timetable_word *const words[], int n)
{
	const char *why = town_twin_end(&town->twin, &town->timetable, words, n, town->now_ms);
	if (why)
		town_fail(town, "%s", why);
}

/* What waited at the broker is judged together, after some seconds. */
static void hear_backlog(struct town *town)
{
	struct timetable_word *words[TOWN_STEPS_MAX];
	for (int i = 0; i < town->n_waiting; i++) {
		town->waiting[i].received_ms = town->now_ms;
		words[i] = &town->waiting[i];
	}
	follow(town, (struct alert_moment){.back = true});
	drain(town);
	watch_window(town);
	town->now_ms += 3000;
	town->true_ms += 3000;
	judge_words(town, words, town->n_waiting, (struct alert_moment){.back = true});
	compare_twin(town, words, town->n_waiting);
	town->n_waiting = 0;
}

static void set_clock(struct town *town, const struct town_step *step)
{
	town->now_ms = town->true_ms + step->start_min * MIN_MS;
	town->clock_was_set = true;
	town->twin.is_there = false;
	if (town->running)
		judge_words(town, NULL, 0, (struct alert_moment){.stepped = true});
}

/* An advice in force from a moment on; the same level again is its onset amended. */
static void advise(struct town *town, const struct town_step *step)
{
	town->advice.level = step->level > 0 ? step->level : 0;
	town->advice.onset_ms = town->now_ms + step->start_min * MIN_MS;
	town->advice.subject++;
	look(town);
}

static void start(struct town *town)
{
	town->running = town->linked = true;
	load_rows(town);
	hear_backlog(town);
}

static void link_up(struct town *town)
{
	bool was_down = !town->linked;
	town->linked = true;
	if (was_down && town->running)
		hear_backlog(town);
}

/* What a stopped station cannot do does not happen. */
static void take_step(struct town *town, const struct town_step *step)
{
	switch (step->op) {
	case TOWN_SAYS:
		say(town, step);
		return;
	case TOWN_WAITS:
		pass(town, step->start_min * MIN_MS);
		return;
	case TOWN_SIGNS:
		if (town->running)
			sign(town, step);
		return;
	case TOWN_RESTARTS:
	case TOWN_DAMAGES:
		if (town->running)
			load_rows(town);
		return;
	case TOWN_UNLINKS:
		begin_twin(town);
		town->linked = false;
		return;
	case TOWN_LINKS:
		link_up(town);
		return;
	case TOWN_STOPS:
		begin_twin(town);
		town->running = false;
		return;
	case TOWN_STARTS:
		if (!town->running)
			start(town);
		return;
	case TOWN_SETS_CLOCK:
		set_clock(town, step);
		return;
	case TOWN_ADVISES:
		if (town->running)
			advise(town, step);
		return;
	case TOWN_BREATHES:
	case TOWN_DUSTS:
	case TOWN_REVIEWS:
	case TOWN_DOUBTS:
		return;
	}
}

int town_run(const struct town_step *steps, int n, FILE *out, char ret_why[TOWN_WHY_MAX])
{
	static struct town town;
	memset(&town, 0, offsetof(struct town, queue));
	town.now_ms = town.true_ms = TOWN_BEGIN_MS;
	town.running = town.linked = true;
	town.out = out;
	for (int i = 0; i < n; i++) {
		if (out) {
			fprintf(out, "%3d  %5ld  ", i + 1, minute_of(town.now_ms));
			town_print(&steps[i], out);
		}
		take_step(&town, &steps[i]);
		if (town.running)
			watch_rest(&town);
		if (town.why[0] != '\0') {
			memcpy(ret_why, town.why, sizeof(town.why));
			return i;
		}
	}
	return n;
}
