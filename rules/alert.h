/* SPDX-License-Identifier: MIT */
/*
 * Which CAP alert stands on which topic, when it is sent, and what it refers to (CAP 1.2 3.2;
 * domain.md 3). Three chains: what is in force, the next entry that brings another level, and the
 * station's own advice.
 *
 * Whoever connects finds on cap/directive exactly one unexpired alert if and only if something is
 * in force; whoever was there all along and honours references and expires believes the same. Knows
 * no XML, no identifier and no topic's name: a message has a key, which the caller maps to what it
 * sent.
 */
#ifndef RULES_ALERT_H
#define RULES_ALERT_H

#include "timetable.h"

#define ALERT_LIFE_MS INT64_C(86400000)
#define ALERT_A_DAY_MAX 10
#define ALERT_REFERENCES_MAX 48 /* of one chain; the first to expire is dropped first */

enum alert_topic { ALERT_ON_DIRECTIVE, ALERT_ON_ANNOUNCED, ALERT_ON_ADVICE };
#define ALERT_TOPIC_COUNT 3

enum alert_type {
	ALERT_NEW,     /* msgType Alert: refers to nothing */
	ALERT_UPDATE,  /* msgType Update */
	ALERT_CANCEL,  /* msgType Cancel; stands until it expires, then the topic is emptied */
	ALERT_EMPTIED, /* no message: the topic is emptied, and what is referred to and not yet sent
			  is not sent any more */
};

/* What an alert says; of a Cancel, what it ends. */
struct alert {
	int64_t key;     /* 1, 2, 3, ...: its identifier */
	int64_t subject; /* the directive's number; of an advice, what the caller gave */
	int level;
	int64_t sent_ms, onset_ms, expires_ms;
	bool cut;       /* expires is the start of the next entry, which lowers */
	bool overdue;   /* the planned end has passed */
	bool is_public; /* scope Public, else Restricted and responseType Prepare */
	bool released;  /* a slip names its directive; else "released: not yet" */
	bool all_clear; /* of a Cancel: responseType AllClear */
	int next_level; /* that the next entry brings; -1: none is pending */
	int64_t next_start_ms;
};

struct alert_reference {
	int64_t key, subject, onset_ms, expires_ms;
	int level;
	bool sent; /* it has left the station */
};

enum alert_standing { ALERT_NOTHING, ALERT_STANDS, ALERT_CANCELLED };

struct alert_chain {
	enum alert_standing standing;
	struct alert shown;      /* the newest message on the topic */
	int64_t counted_from_ms; /* since when n_counted messages were made of one subject */
	int n_counted;
	int n_references;
	struct alert_reference references[ALERT_REFERENCES_MAX]; /* oldest first; not ended, or by a
								    Cancel that is not sent yet */
};

/* All zero: nothing was ever sent. */
struct alerts {
	int64_t last_key;
	struct alert_chain chains[ALERT_TOPIC_COUNT];
};

struct alert_message {
	enum alert_topic topic;
	enum alert_type type;
	struct alert alert;
	int n_references;
	int64_t references[ALERT_REFERENCES_MAX]; /* keys */
};

struct alert_moment {
	int64_t now_ms;
	bool wider;   /* the area in force is wider than that of the alert shown (area.h) */
	bool stepped; /* the clock was set since the last call */
	bool back;    /* the station was stopped or its link down since the last call */
};

/* What the advice says; level 0: none is advised. */
struct alert_advice {
	int64_t subject;
	int level;
	int64_t onset_ms;
};

#define ALERT_MESSAGES_MAX 2

/*
 * Brings cap/directive and cap/announced to what the timetable says; to be called after each judge,
 * each release, and at alerts_next_ms. Returns how many messages there are, in the order in which
 * they are to be sent.
 */
int alerts_follow(struct alerts *alerts, const struct timetable *timetable,
		  const struct alert_moment *moment, struct alert_message ret[ALERT_MESSAGES_MAX]);

/* The same of cap/advice; 0 or 1 message. */
int alerts_follow_advice(struct alerts *alerts, const struct alert_advice *advice,
			 const struct alert_moment *moment, struct alert_message *ret);

/* The first moment at which one of them has to be called again though nothing else happens:
 * renewals, expiries, Cancels to empty; INT64_MAX: none. */
int64_t alerts_next_ms(const struct alerts *alerts);

/* A message has left the station; it was dropped unsent because it had expired. */
void alerts_note_sent(struct alerts *alerts, int64_t key);
void alerts_note_dropped(struct alerts *alerts, int64_t key);

/* True if it must be neither sent nor repeated. */
bool alert_has_expired(const struct alert *alert, int64_t now_ms);

/* The onset of an advice: the START of the first hour of air that its base run covers (24 h before
 * the label of the run's first value), or, if that is past, the label of the last closed hour.
 * Hours since 1970 by their END labels. */
int64_t alert_advice_onset(int64_t first_value_hour, int64_t last_closed_hour);

#endif
