/* SPDX-License-Identifier: MIT */
/* What the text files share: a text that grows, and the pieces that stand in several. */
#ifndef DAEMON_MESSAGES_TEXT_INSIDE_H
#define DAEMON_MESSAGES_TEXT_INSIDE_H

#include "report.h"
#include "text.h"

struct text_writer {
	char *text;
	size_t n, size;
	const struct conf *conf;
	bool zh;
	int brought; /* the level whose cuts and measures it has named; LEVEL_NONE: none */
	bool brief;  /* without the measures, for a line of the log */
};

/* Begins an empty text. */
struct text_writer text_begin(const struct conf *conf, enum text_language language, char *text,
			      size_t size);
/* What does not fit is cut off behind a whole letter. */
void text_say(struct text_writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One of two phrases, as the language is. */
void text_say_one(struct text_writer *w, const char *zh, const char *en);
/* An English sentence ends with a space for the next one; after the last there is none. */
void text_end(struct text_writer *w);

/* 【演练】 in an exercise, and whose words follow: "station, directive received: ". */
void text_say_opening(struct text_writer *w, const char *zh, const char *en);
/* The opening of advice; that of a stage below the warnings is none about a warning. */
void text_say_advice(struct text_writer *w, int level);
/* A moment at which something happens or begins, and one at which something ends: midnight is 0:00
 * then, and 24:00 of the day before. */
void text_say_moment(struct text_writer *w, int64_t wall_ms);
void text_say_end(struct text_writer *w, int64_t wall_ms);
/* LEVEL_NONE: "no warning". */
void text_say_level(struct text_writer *w, int level);

/* Where it holds, a piece of a sentence: ", area: ..."; NULL: in the district. */
void text_say_area(struct text_writer *w, const char *area);
/* The least cuts of a level and its main measures; nothing of LEVEL_NONE. */
void text_say_brought(struct text_writer *w, int level);
/* Who approves it; of LEVEL_NONE who approves a lift. */
void text_say_approver(struct text_writer *w, int level);

/* A level of the advice with all that 4.2 asks for; onset: an instant, in hours since 1970. */
void text_say_advised(struct text_writer *w, int level, int64_t onset);
void text_say_corrected(struct text_writer *w, const struct event *event);
void text_say_closing(struct text_writer *w);

/* What a change does: "upgrades to orange (response II)"; "keeps ..." where nothing changes. */
void text_say_change(struct text_writer *w, int level, int previous);
/* Its times, area and document. */
void text_say_entry(struct text_writer *w, const struct timetable_entry *entry,
		    const struct advice_report *report);
/* What it brings, that it waits for its release, and, of a regional one, what the station's own
 * hours say. */
void text_say_ordered(struct text_writer *w, int level, const struct timetable_entry *entry,
		      const struct advice_report *report);
/* Nothing unless it is. */
void text_say_overdue(struct text_writer *w, const struct timetable_entry *entry);
/* That it is signed for release; or who approves its level, and that it waits for its release. */
void text_say_signed(struct text_writer *w, int level, bool released);
/* The next change that is announced. */
void text_say_next(struct text_writer *w, int level, int previous, int64_t start_ms);

/* What is told about a directive (event->told). */
void text_say_told(struct text_writer *w, const struct event *event,
		   const struct advice_report *report);
/* What is in force and what is announced; nothing if neither is. */
void text_say_in_force(struct text_writer *w, const struct advice_report *report);

#endif
