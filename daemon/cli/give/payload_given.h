/* SPDX-License-Identifier: MIT */
/* What a person gave as the contract's JSON, the requests that carry it, and the answer as values.
 */
#ifndef DAEMON_CLI_GIVE_PAYLOAD_GIVEN_H
#define DAEMON_CLI_GIVE_PAYLOAD_GIVEN_H

#include <stdint.h>

#include "command.h"
#include "given_kinds.h"
#include "problems.h"

/* What every command has beside what a person says. */
struct given_head {
	const char *target; /* the station */
	int64_t now_ms;
	int64_t counter, not_after_ms; /* 0: it is not signed */
};

/* The JSON, on the heap. NULL: no memory, or a value is none, which is told by its option. */
char *payload_given(const struct given *given, const struct given_head *head,
		    struct problems *problems);

/* Lines for the control socket, on the heap: to give it, and to ask what was answered. `login`: who
 * types it; NULL: nobody knows. */
char *payload_give_request(const char *kind, const char *payload, const char *login);
char *payload_ask_request(const char *kind, const char *id);

struct given_entry {
	char level[COMMAND_ID_MAX];
	int64_t number, from_ms; /* number 0: there is none */
};

#define GIVEN_WORDS_MAX 1024 /* ids joined by blanks */

/* What the station answered. A text that is not there is "". */
struct given_reply {
	char outcome[16], why[COMMAND_WHY_MAX];
	bool judged; /* a directive that was judged: what follows is known */
	int64_t number;
	struct given_entry before, after;
	int n_pending;
	struct given_entry pending[TIMETABLE_PENDING_MAX];
	char taken_out[GIVEN_WORDS_MAX], kept[GIVEN_WORDS_MAX], too_late[GIVEN_WORDS_MAX];
	char passed_over_by[COMMAND_ID_MAX], document_was[COMMAND_ID_MAX];
	bool no_effect, is_volatile;
	char slip_found[64]; /* "good", or why a slip makes nothing public */
	bool in_vain;        /* a slip that makes nothing public */
	bool post_differs;
};

/* False: it is no such answer. */
bool payload_read_reply(const char *text, struct given_reply *ret);

#endif
