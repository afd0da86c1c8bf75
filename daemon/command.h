/* SPDX-License-Identifier: MIT */
/*
 * What people and other systems tell the station, as values: directive, release, forecast, dust
 * event, review, receipt (the MQTT contract's commands).
 *
 * Whoever reads a message (the MQTT inbox, the operator's command) checks its form and fills in a
 * struct command; engine_command checks it against the station, keeps it, applies it once however
 * often it comes, and answers. Nothing here raises, lifts or silences the station's own advice.
 */
#ifndef DAEMON_COMMAND_H
#define DAEMON_COMMAND_H

#include "directive.h"
#include "forecast.h"

#define COMMAND_ID_MAX 65      /* bytes, the NUL included */
#define COMMAND_TEXT_MAX 128   /* the same of any other short text */
#define COMMAND_JSON_MAX 65536 /* of the message as it came */

enum command_kind {
	COMMAND_DIRECTIVE,
	COMMAND_RELEASE,
	COMMAND_FORECAST,
	COMMAND_DUST,
	COMMAND_REVIEW,
	COMMAND_RECEIPT,
};
#define COMMAND_KIND_COUNT 6

/* The district's warning release slip: shown beside the directive, decides nothing. */
struct release {
	char number[COMMAND_TEXT_MAX];
	enum level level; /* LEVEL_NONE: of a lift */
	char reviewer[COMMAND_TEXT_MAX], signer[COMMAND_TEXT_MAX], post[COMMAND_TEXT_MAX];
	int64_t reviewed_ms, signed_ms, start_ms; /* since 1970 UTC; 0: unsaid */
};

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

enum receipt_outcome { RECEIPT_RECEIVED, RECEIPT_DONE, RECEIPT_PARTLY, RECEIPT_NOT };

/* A unit's answer to a warning, order or slip: kept and shown, never an `ack`. */
struct receipt {
	char ref[COMMAND_TEXT_MAX]; /* the id of what it answers */
	char unit[COMMAND_TEXT_MAX], person[COMMAND_TEXT_MAX];
	enum receipt_outcome outcome;
};

struct command {
	enum command_kind kind;
	char id[COMMAND_ID_MAX], issuer[COMMAND_TEXT_MAX];
	int64_t time_ms;  /* when it was given, since 1970 UTC */
	const char *json; /* as it came, borrowed; what "the same command again" means */
	const char *key;  /* the name of the key that signed it, borrowed; NULL: none did */
	int64_t counter;  /* of that key */
	union {
		struct directive directive; /* its number is given by engine_command */
		struct release release;
		const struct forecast *forecast; /* borrowed: it is large */
		struct dust dust;
		struct review review;
		struct receipt receipt;
	};
};

enum command_outcome {
	COMMAND_ACCEPTED,
	COMMAND_REPEATED, /* the same one came before and was accepted: nothing is done again */
	COMMAND_REFUSED,
};

struct command_answer {
	enum command_outcome outcome;
	char why[COMMAND_TEXT_MAX]; /* "" if there is nothing to say */
};

/* "directive", ...: the last part of its topic. */
const char *command_kind_name(enum command_kind kind);
bool command_kind_parse(const char *name, enum command_kind *ret);
/* "accepted", "repeated", "refused" */
const char *command_outcome_name(enum command_outcome outcome);
/* "received", "done", "partly", "not" */
const char *receipt_outcome_name(enum receipt_outcome outcome);
bool receipt_outcome_parse(const char *name, enum receipt_outcome *ret);

#endif
