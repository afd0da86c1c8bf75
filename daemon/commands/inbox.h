/* SPDX-License-Identifier: MIT */
/*
 * Commands from the network and from people on this machine: who may give them, whether they are
 * whole, and what is answered.
 *
 * A message that arrives retained is ignored and counted, except a forecast. Where keys are
 * configured, all but receipts (these, too, where that is set) must be signed in the contract's
 * envelope, by a key that is for their kind, for this station, with a counter that rises, and not
 * too late. A command that is refused here has no effect; it is told in one log line and on
 * `reply`. They wait in the spool until it is known what time it is, over a stop, too, and leave it
 * when what they did is on disk. Main thread.
 *
 * Those typed on this machine come in by inbox_type() and go the same way from the spool on; the
 * machine says who typed them, and the table of commands keeps it.
 */
#ifndef DAEMON_COMMANDS_INBOX_H
#define DAEMON_COMMANDS_INBOX_H

#include "command.h"
#include "conf.h"
#include "engine.h"
#include "spool.h"
#include "store.h"

#define INBOX_AT_ONCE 16
#define INBOX_TRIES 5
#define INBOX_TYPED_WAITING_MAX 64 /* more that wait: come back later */
#define INBOX_REPLIES_MAX 8        /* of those typed here, kept for who asks */

struct inbox;

/* All is borrowed for good. NULL without memory. */
struct inbox *inbox_new(const struct conf *conf, struct store *store, struct engine *engine,
			struct spool *spool);
struct inbox *inbox_free(struct inbox *inbox);

/* Gives what waits in the spool to the engine, at most INBOX_AT_ONCE; true if more can be taken at
 * once. Not to be called before it is known what time it is. One that the database does not take is
 * tried again each second, and refused if it was not taken INBOX_TRIES times. */
bool inbox_work(struct inbox *inbox, int64_t now_ms, enum time_quality time_quality);
/* The station has started, or a connection has come about: what comes with it is gathered for some
 * seconds (gather.h), and its directives are judged together. */
void inbox_started(struct inbox *inbox);
void inbox_connected(struct inbox *inbox);
/* When inbox_work has next something to do though nothing comes (monotonic); INT64_MAX: never. */
int64_t inbox_due_ms(const struct inbox *inbox);
/* Before the store is closed: what it has goes from the spool, what is in memory alone goes to
 * disk. */
void inbox_end(struct inbox *inbox);

/* One that was typed on this machine, in the contract's envelope or without. */
struct inbox_typed {
	enum command_kind kind;
	const char *payload;
	const char *user; /* who typed it, as the machine knows them: no blank, no / and no @ */
	bool needs_key;   /* else the machine's word is enough */
};

/* Puts it into the spool, as the network's are. SPOOL_REFUSED: it is not there, and `why`;
 * SPOOL_IN_MEMORY: it is, and a power cut would lose it. Whether it may be given is judged when its
 * turn comes; one without the signature that it needs is not even kept. */
enum spool_kept inbox_type(struct inbox *inbox, const struct inbox_typed *typed,
			   char why[COMMAND_WHY_MAX]);
/* What was answered to one that was typed here, JSON as it was published, borrowed; NULL: nothing
 * yet, or it is not known any more. */
const char *inbox_reply(const struct inbox *inbox, enum command_kind kind, const char *id);

/* Forgets how far a key has counted: its next command may have any counter. *ret_before is where it
 * was. STORE_E_NONE: no key has that name. A command that was taken is still known when it comes
 * again. */
int inbox_reset_counter(struct inbox *inbox, const char *name, int64_t *ret_before);

struct command_counts inbox_counts(const struct inbox *inbox);

#endif
