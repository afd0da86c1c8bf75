/* SPDX-License-Identifier: MIT */
/*
 * What one word does: it takes out what it covers, postpones the same lift or downgrade just before
 * it, and stands in the timetable from its start on.
 *
 *   red in force, a lift pending for 18:00: "lift from 20:00" postpones it; "yellow from 16:00 to
 *   19:00" covers it; "yellow from 16:00 to 17:00" leaves it
 */
#include "judge_inside.h"

#include <stddef.h>
#include <string.h>

/* ---- what a word takes out ---- */

static void insert_pending(struct timetable *timetable, const struct timetable_entry *entry)
{
	int i = timetable->n_pending++;
	for (; i > 0 && timetable->pending[i - 1].start_ms > entry->start_ms; i--)
		timetable->pending[i] = timetable->pending[i - 1];
	timetable->pending[i] = *entry;
}

static bool is_part_beside(const struct timetable_entry *a, const struct timetable_entry *b)
{
	return timetable_same_announcement(a, b) && a->start_ms != b->start_ms;
}

static bool covers_start(const struct timetable_entry *entry, const struct timetable_entry *other)
{
	return other->start_ms >= entry->start_ms &&
	       (entry->planned_end_ms == 0 || other->start_ms < entry->planned_end_ms) &&
	       !is_part_beside(entry, other);
}

static void take_out_entry(struct judging *j, int i, enum told_reason reason,
			   struct word_answer *answer)
{
	struct timetable_entry entry = judge_cut_pending(j->timetable, i);
	answer->taken_out[answer->n_taken_out++] = entry.number;
	judge_leave(j, &entry, reason, answer->number);
}

static void take_out_named(struct judging *j, struct timetable_word *word)
{
	struct timetable *timetable = j->timetable;
	for (int w = 0; w < word->n_withdraws; w++) {
		bool found = false;
		for (int i = timetable->n_pending - 1; i >= 0; i--) {
			if (strcmp(timetable->pending[i].id, word->withdraws[w]) != 0)
				continue;
			take_out_entry(j, i, TOLD_BECAUSE_NAMED, &word->answer);
			found = true;
		}
		if (!found)
			memcpy(word->answer.too_late[word->answer.n_too_late++], word->withdraws[w],
			       TIMETABLE_ID_SIZE);
	}
}

static void take_out_covered(struct judging *j, const struct timetable_entry *entry,
			     struct word_answer *answer)
{
	for (int i = j->timetable->n_pending - 1; i >= 0; i--) {
		if (covers_start(entry, &j->timetable->pending[i]))
			take_out_entry(j, i, TOLD_BECAUSE_REPLACED, answer);
	}
}

/* The same lift or downgrade just before it is postponed; a raise stays, and that is told. */
static void postpone_same(struct judging *j, const struct timetable_entry *entry,
			  struct word_answer *answer)
{
	struct timetable *timetable = j->timetable;
	int i = timetable->n_pending - 1;
	while (i >= 0 && timetable->pending[i].start_ms >= entry->start_ms)
		i--;
	if (i < 0 || timetable->pending[i].level != entry->level ||
	    is_part_beside(entry, &timetable->pending[i]))
		return;
	int before = timetable_level_before(timetable, i);
	if (entry->level == 0 || entry->level < before)
		take_out_entry(j, i, TOLD_BECAUSE_POSTPONED, answer);
	else if (entry->level > before)
		answer->kept[answer->n_kept++] = timetable->pending[i].number;
}

/* ---- what began here before the word came, but after it was said ---- */

static bool was_ahead(const struct timetable_entry *begun, int64_t said_ms)
{
	return begun->turn != 0 && begun->start_ms > said_ms && begun->begun_ms > said_ms;
}

static bool would_postpone(const struct timetable_entry *entry, const struct timetable_entry *begun)
{
	return begun->start_ms < entry->start_ms && begun->level == entry->level &&
	       (begun->level == 0 || begun->level < begun->previous) &&
	       !is_part_beside(entry, begun);
}

static void note_too_late(const struct timetable *timetable, const struct timetable_entry *entry,
			  int64_t said_ms, struct word_answer *answer)
{
	for (int i = 0; i < timetable->n_begun; i++) {
		const struct timetable_entry *begun = &timetable->begun[i];
		if (was_ahead(begun, said_ms) &&
		    (covers_start(entry, begun) || would_postpone(entry, begun)))
			memcpy(answer->too_late[answer->n_too_late++], begun->id,
			       sizeof(begun->id));
	}
}

/* The one that took effect last, if it would have followed the entry all the same; NULL. */
static const struct timetable_entry *find_overtaking(const struct timetable *timetable,
						     const struct timetable_entry *entry,
						     int64_t said_ms)
{
	const struct timetable_entry *last = timetable_last(timetable);
	if (!last || last->start_ms < entry->start_ms)
		return NULL;
	if (is_part_beside(entry, last))
		return last;
	return was_ahead(last, said_ms) && !covers_start(entry, last) ? last : NULL;
}

/* ---- one word ---- */

static void note_document(struct judging *j, const struct timetable_entry *entry,
			  struct word_answer *answer)
{
	struct timetable *timetable = j->timetable;
	int64_t newest = 0;
	for (int i = 0; i < timetable->n_begun + timetable->n_pending; i++) {
		const struct timetable_entry *known =
			i < timetable->n_begun ? &timetable->begun[i]
					       : &timetable->pending[i - timetable->n_begun];
		if (known->number > newest && word_contradicts(known, entry)) {
			newest = known->number;
			answer->document_was = known->level;
		}
	}
}

static enum refusal place_entry(struct judging *j, const struct timetable_entry *entry,
				int64_t said_ms, struct word_answer *answer)
{
	struct timetable *timetable = j->timetable;
	note_document(j, entry, answer);
	note_too_late(timetable, entry, said_ms, answer);
	take_out_covered(j, entry, answer);
	postpone_same(j, entry, answer);
	const struct timetable_entry *overtaking = find_overtaking(timetable, entry, said_ms);
	if (overtaking) {
		answer->passed_over_by = overtaking->number;
		return REFUSAL_NONE;
	}
	if (entry->start_ms <= said_ms) {
		judge_begin(j, entry);
		return REFUSAL_NONE;
	}
	if (timetable->n_pending == TIMETABLE_PENDING_MAX)
		return REFUSAL_TOO_MANY; /* so nothing was taken out either */
	insert_pending(timetable, entry);
	return REFUSAL_NONE;
}

static struct timetable_entry entry_of(const struct timetable_word *word, int64_t now_ms)
{
	struct timetable_entry entry = {.number = word->answer.number,
					.level = word->level,
					.start_ms = word->start_ms,
					.planned_end_ms = word->planned_end_ms,
					.time_ms = word->time_ms,
					.said_ms = word_said_ms(word, now_ms),
					.accepted_ms = now_ms};
	memcpy(entry.id, word->id, sizeof(entry.id));
	memcpy(entry.document, word->document, sizeof(entry.document));
	memcpy(entry.issuer, word->issuer, sizeof(entry.issuer));
	return entry;
}

static void note_accepted(struct timetable *timetable, const struct timetable_word *word,
			  int64_t now_ms)
{
	struct timetable_issuer said = {word->answer.number, word_said_ms(word, now_ms), ""};
	memcpy(said.issuer, word->issuer, sizeof(said.issuer));
	timetable_note_accepted(timetable, &said);
	timetable->last_number = word->answer.number;
	memcpy(timetable->newest_id, word->id, sizeof(timetable->newest_id));
}

static void note_refused(struct timetable *timetable, struct timetable_word *word,
			 enum refusal refusal, int64_t now_ms)
{
	struct timetable_refused refused = {.why = refusal, .at_ms = now_ms};
	memcpy(refused.id, word->id, sizeof(refused.id));
	memcpy(refused.issuer, word->issuer, sizeof(refused.issuer));
	timetable_note_refused(timetable, &refused);
	word->answer = (struct word_answer){.refusal = refusal,
					    .document_was = -1,
					    .older_than = word->answer.older_than,
					    .older_than_ms = word->answer.older_than_ms};
}

/* As if at the moment it was said; of one that is accepted although older, when the newest was. */
void judge_take_word(struct judging *j, struct timetable_word *word)
{
	struct timetable *timetable = j->timetable;
	int64_t now_ms = j->moment->now_ms, said_ms = word_said_ms(word, now_ms);
	enum refusal refusal = word_refusal(timetable, word, j->moment);
	if (refusal != REFUSAL_NONE) {
		note_refused(timetable, word, refusal, now_ms);
		return;
	}
	const struct timetable_issuer *latest = timetable_said_last(timetable, NULL);
	if (latest && latest->said_ms > said_ms)
		said_ms = latest->said_ms;
	judge_pass_time(j, said_ms);
	word->answer.number = timetable->last_number + 1;
	const struct timetable_entry entry = entry_of(word, now_ms);
	take_out_named(j, word);
	if (word->has_level)
		refusal = place_entry(j, &entry, said_ms, &word->answer);
	if (refusal == REFUSAL_NONE)
		note_accepted(timetable, word, now_ms);
	else
		note_refused(timetable, word, refusal, now_ms);
}
