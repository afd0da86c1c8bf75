/* SPDX-License-Identifier: MIT */
/*
 * What people and other systems tell the station, as values: directive, release, forecast, dust
 * event, review, receipt, resend (the MQTT contract's commands).
 *
 * Whoever reads a message (the inbox) checks its form and fills in a
 * struct command; engine_command checks it against the station, keeps it, applies it once however
 * often it comes, and answers. Nothing here raises, lifts or silences the station's own advice.
 */
#ifndef DAEMON_MESSAGES_COMMAND_H
#define DAEMON_MESSAGES_COMMAND_H

#include "binding.h"
#include "command_kind.h"
#include "forecast.h"
#include "judge.h"
#include "plan.h"
#include "pollutant.h"

#define COMMAND_ID_MAX TIMETABLE_ID_SIZE     /* bytes, the NUL included */
#define COMMAND_TEXT_MAX TIMETABLE_TEXT_SIZE /* the same of any other short text */
#define COMMAND_WHY_MAX 512                  /* the same of an answer: what is known is named */
#define COMMAND_JSON_MAX 65536               /* of the message as it came */
#define COMMAND_USER_MAX 33                  /* of a user of this machine */
#define COMMAND_STATION_MAX 33               /* of a station's or a district's id */

/* A directive's place in the timetable, and what it says beside it. */
struct directive_command {
	struct timetable_word word;
	struct word_details details;
};

/* The district's warning release slip: makes the directive it names public (binding.h). */
struct release {
	char number[COMMAND_TEXT_MAX];
	char directive[COMMAND_ID_MAX]; /* the id of the command it releases; "": unsaid */
	int level;                      /* LEVEL_NONE: of a lift */
	char reviewer[COMMAND_TEXT_MAX], signer[COMMAND_TEXT_MAX], post[COMMAND_TEXT_MAX];
	int64_t reviewed_ms, signed_ms, start_ms; /* since 1970 UTC; 0: unsaid */
	/* what the engine found */
	int64_t directive_number; /* of the one it names; 0: unknown */
	enum release_fault fault; /* why it makes nothing public */
	bool post_differs;        /* signed by another post than the level's approver */
};

#define DUST_WINDOW_HOURS_MAX 72 /* by one command */
#define DUST_BACK_HOURS_MAX 240  /* taken back by one */
#define REVIEW_HOURS_MAX 744 /* by one: a month, so that its messages fit the outbox many times */

/* Hours in which sand-dust weather makes particles count for nothing in the plan (plan 1.3). */
struct dust {
	int64_t from, to; /* END labels, both counted, from <= to */
	bool clear;       /* takes such hours back */
	char source[COMMAND_TEXT_MAX];
};

/* A person's verdict on stored hours; raw values stay (domain.md 1). */
struct review {
	int64_t from, to; /* END labels, both counted, from <= to */
	pollutant_set pollutants;
	bool restore; /* valid again; else invalid */
	char reason[COMMAND_TEXT_MAX], reviewer[COMMAND_TEXT_MAX];
};

#define RESEND_HOURS_MAX 1488 /* by one: 62 days, for a timeline and the window before it */

/* Closed hours to be told once more, to somebody for whom the broker no longer has them. */
struct resend {
	int64_t from, to; /* END labels, both counted, from <= to */
};

#define RECEIPT_UNSAID (-1)
enum receipt_outcome { RECEIPT_RECEIVED, RECEIPT_DONE, RECEIPT_PARTLY, RECEIPT_NOT };

/* A unit's answer to a warning, order or slip: kept and shown, never an `ack`. */
struct receipt {
	char ref[COMMAND_TEXT_MAX];  /* the id of what it answers */
	char unit[COMMAND_TEXT_MAX]; /* of the plan: its id, or its name in either language */
	char person[COMMAND_TEXT_MAX];
	enum receipt_outcome outcome;
	int32_t done_pct; /* 0..100, or RECEIPT_UNSAID */
	int64_t cut_gpd;  /* all pollutants together, grams a day, or RECEIPT_UNSAID */
	char note[COMMAND_TEXT_MAX];
};

struct command {
	enum command_kind kind;
	char id[COMMAND_ID_MAX], issuer[COMMAND_TEXT_MAX];
	int64_t time_ms;  /* when it was given, since 1970 UTC */
	const char *json; /* as it came, borrowed; what "the same command again" means */
	/* the district that relayed it, and signed it with its own counter; "": nobody did */
	char relayed_by[COMMAND_STATION_MAX];
	const char *key;    /* the name of the key that signed it, borrowed; NULL: none did */
	int64_t counter;    /* of that key; 0: it is raised elsewhere */
	int64_t leapt_from; /* the one before, if this is far above it; 0: it is not */
	bool in_memory;     /* acknowledged, but on no disk until now */
	char user[COMMAND_USER_MAX]; /* who typed it on this machine; "": it came over the network
				      */
	char **reply; /* whoever waits for the answer as it is published, the heap; NULL: nobody */
	union {
		struct directive_command directive;
		struct release release;
		const struct forecast *forecast; /* borrowed: it is large */
		struct dust dust;
		struct review review;
		struct receipt receipt;
		struct resend resend;
	};
};

enum command_outcome {
	COMMAND_ACCEPTED,
	COMMAND_REPEATED, /* the same one came before and was accepted: nothing is done again */
	COMMAND_REFUSED,
};

/* What came of the directives that were judged together, and of one of them. All borrowed. */
struct judged {
	const struct judge_outcome *outcome;
	const struct word_answer *answer; /* to the one that is answered */
	const struct timetable *before, *after;
	struct timetable_word *const *words; /* all that were judged together */
	int n_words;
};

#define ABSENT_MAX 64 /* stretches that are named; hours after the last of them are not */

/* Hours that a resend asks for and the station has not: stretches of END labels, both counted. */
struct absent_hours {
	int n;
	struct resend stretches[ABSENT_MAX];
};

struct command_answer {
	enum command_outcome outcome;
	char why[COMMAND_WHY_MAX];     /* "" if there is nothing to say */
	const struct judged *judged;   /* NULL: no directive, or nothing is known of it any more */
	const struct release *release; /* with what was found of it; NULL: no release */
	/* to a resend that was accepted: what cannot be told; NULL: no such */
	const struct absent_hours *absent;
};

/* "accepted", "repeated", "refused" */
const char *command_outcome_name(enum command_outcome outcome);
/* What is answered to a directive that was refused: "older than directive 7 of 12:00". */
void command_refusal_text(const struct word_answer *answer, char ret[COMMAND_TEXT_MAX]);
/* "received", "done", "partly", "not" */
const char *receipt_outcome_name(enum receipt_outcome outcome);
bool receipt_outcome_parse(const char *name, enum receipt_outcome *ret);

#endif
