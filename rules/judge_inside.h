/* SPDX-License-Identifier: MIT */
/*
 * The inside of judge.h. Each file calls those below it only: judge.c (the outcome), judge_word.c
 * (one word), judge_step.c. Nobody else includes it.
 */
#ifndef RULES_JUDGE_INSIDE_H
#define RULES_JUDGE_INSIDE_H

#include "judge.h"

/* What is being judged, and what came of it so far. */
struct judging {
	struct timetable *timetable;
	struct timetable_word **words;
	int n;
	const struct word_moment *moment;
	struct judge_outcome *outcome;
};

/* The next event; its level and entry are for judge_fill_told. */
struct told *judge_add_told(struct judging *j, enum event_kind kind, enum told_reason reason);
void judge_fill_told(struct told *told, const struct timetable_entry *entry, int previous);
void judge_tell_withdrawn(struct judging *j, const struct timetable_entry *entry,
			  enum told_reason reason, int64_t by);

/* The word among those judged that made an entry; NULL. */
struct timetable_word *judge_find_word(struct judging *j, int64_t number);

/* Takes a pending entry off the timetable. */
struct timetable_entry judge_cut_pending(struct timetable *timetable, int i);

/* An entry leaves without ever having taken effect, by the directive of a number: its end is told
 * if it was announced, and answered if its word is among those judged. */
void judge_leave(struct judging *j, const struct timetable_entry *entry, enum told_reason reason,
		 int64_t by);

/* Begins an entry as if (its turn is 0 until the end); the one that had begun only so is passed
 * over. */
void judge_begin(struct judging *j, const struct timetable_entry *entry);

/* Begins, as if, what is pending up to a moment. */
void judge_pass_time(struct judging *j, int64_t to_ms);

/* Takes or refuses one word, as if at the moment it was said, and answers it. */
void judge_take_word(struct judging *j, struct timetable_word *word);

#endif
