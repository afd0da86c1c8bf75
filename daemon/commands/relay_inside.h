/* SPDX-License-Identifier: MIT */
/*
 * The inside of relay.h: relay.c (who is told what, and what came of it), relay_ask.c (hours that
 * are asked for), relay_say.c (one command, signed), relay_wanted.c (what is relayed, and answers
 * in the database). Each calls those below it only; nobody else includes this.
 */
#ifndef DAEMON_COMMANDS_RELAY_INSIDE_H
#define DAEMON_COMMANDS_RELAY_INSIDE_H

#include "ask.h"
#include "payload.h"
#include "relay.h"

/* How a station is asked for hours. */
struct relay_asked {
	struct absent absent;
	struct patience patience;
	char id[COMMAND_ID_MAX]; /* of the newest `resend`; "": none yet */
	struct resend stretch;   /* what that asked for, */
	int untold;              /* and how many hours of it were not told then */
};

struct relay_station {
	char boot[STATION_BOOT_MAX]; /* of the run that was there last */
	int said;                    /* the command that waits for an answer, -1: none does */
	int next;                    /* the first to be said after it */
	struct patience patience;    /* of that command, */
	struct patience round;       /* of those that were refused for now */
	struct relay_asked asked;    /* of a point */
};

struct relay {
	const struct conf *conf;
	struct store *store;
	struct engine *engine;
	struct relay_env env;
	char prefix[PAYLOAD_PREFIX_MAX];          /* of all stations */
	char counter_name[CONF_KEY_NAME_MAX + 8]; /* under which the database knows the counter */
	int64_t counter, stored;                  /* used last, and what a restart knows of it */
	struct relay_command commands[RELAYS_MAX];
	bool told[RELAYS_MAX]; /* that all stations have it */
	struct relay_station *stations;
	struct relay_delivery *deliveries;
	struct relay_view view;
	bool changed, loaded, told_key;
	bool writing;       /* a transaction with answers is open */
	int first;          /* the station that is looked at first */
	uint64_t seen;      /* relay_moment.commands when they were last read */
	int64_t read_ms;    /* monotonic; 0: never */
	int64_t quiet_ms;   /* monotonic: before it nobody is asked for hours */
	int64_t began_with; /* the newest hour when this run began; 0: not known yet */
	int turn;           /* whose turn it is to be asked */
	bool asking;        /* and it was told */
	int64_t asked_ms;   /* monotonic */
};

/* Says a command of the database to a station; STORE_E_NONE: it has no text that can be relayed. */
int relay_say_command(struct relay *relay, int station, const struct relay_command *command,
		      int64_t now_ms);
/* Asks for hours; the id under which is in the station's `asked`. */
int relay_say_resend(struct relay *relay, int station, const struct resend *resend, int64_t now_ms);
/* Reads what is relayed now; of a database that cannot be read what was known before goes on. */
void relay_read_wanted(struct relay *relay, int64_t now_ms);
/* How many stations have accepted a command. */
int relay_count_accepted(const struct relay *relay, int command);
/* A transaction for the answers of one call, begun with the first of them; not 0: the database
 * refuses. What is not kept is said once more after a restart. */
int relay_begin_answers(struct relay *relay);
void relay_end_answers(struct relay *relay);

/* A restart knows how far was counted. */
void relay_keep_counter(struct relay *relay);

/* Asks one station, if one is to be asked. */
void relay_ask(struct relay *relay, const struct relay_moment *moment);
/* An answer to that. */
void relay_take_absent(struct relay *relay, int station, const struct station_word *word,
		       int64_t mono_ms);

#endif
