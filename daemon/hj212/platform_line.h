/* SPDX-License-Identifier: MIT */
/*
 * The TCP connection to one platform of HJ 212, in a thread of its own: connects and reconnects,
 * sends one message at a time, waits for its 9014, sends the same bytes again, keeps the pace, and
 * reports. Knows no value and no store; what it is given it forgets when the connection ends.
 *
 * A platform that is dead, slow or rude holds nobody up but itself: the socket never blocks, a half
 * frame is given up, requests beyond LINE_REQUESTS_A_SECOND are dropped and counted.
 */
#ifndef DAEMON_HJ212_PLATFORM_LINE_H
#define DAEMON_HJ212_PLATFORM_LINE_H

#include "hj212_factor.h"
#include "hj212_frame.h"
#include "queue.h"
#include "sm4.h"

#define LINE_PARTS_MAX 9 /* frames of one message */
#define LINE_ANSWERS_MAX 16
#define LINE_REQUESTS_A_SECOND 20
#define LINE_WHY_MAX 96
#define LINE_QN_SIZE 18

struct line_setup {
	int index; /* of the platform: its events bear it */
	const char *host, *mn;
	int port;
	int32_t timeout_ms, retries, pace_ms;
	const struct hj212_profile *profile;
};

/* Frames that belong together; the last one asks for the answer. */
struct line_message {
	char qn[LINE_QN_SIZE];
	int cn;
	int n;
	size_t sizes[LINE_PARTS_MAX];
	uint8_t frames[LINE_PARTS_MAX][HJ212_FRAME_MAX];
};

enum line_event_kind {
	LINE_CONNECTED,
	LINE_LOST,       /* `why`; what was under way has no answer */
	LINE_ACKED,      /* `qn` was answered, or where nothing answers was sent */
	LINE_UNANSWERED, /* `qn` was not, however often it was sent: the connection ends */
	LINE_REQUEST,    /* a segment of the platform that is no such answer, or has another CRC */
};

struct line_event {
	enum line_event_kind kind;
	int index;
	char qn[LINE_QN_SIZE];
	char why[LINE_WHY_MAX];
	bool enciphered, by_before; /* of a request, as of struct hj212_event */
	int64_t key_ms;             /* and by which keys, platform_line_set_keys */
	unsigned faults;
	size_t n;
	uint8_t segment[HJ212_SEGMENT_MAX];
};

struct platform_line;

/* Starts the thread; events go to `events`, items struct line_event. `setup` is copied, what it
 * points to is borrowed until the stop. Negative errno. */
int platform_line_start(const struct line_setup *setup, struct queue *events,
			struct platform_line **ret);

/* The keys that messages from the platform may be enciphered with, from now on; NULL: none.
 * key_ms: which they are, for the requests that are read with them. */
void platform_line_set_keys(struct platform_line *line, const struct sm4_key *now,
			    const struct sm4_key *before, int64_t key_ms);

/* Hands a message over; false: there is no connection, or another one is under way. */
bool platform_line_send(struct platform_line *line, const struct line_message *message);

/* Hands over a frame that nobody answers, which goes at once; false: no connection, or too many
 * wait. */
bool platform_line_answer(struct platform_line *line, const uint8_t *frame, size_t n);

/* Frames that were refused and answers that did not fit, since the start; the cause of the newest.
 */
uint64_t platform_line_refused(struct platform_line *line, char ret_why[LINE_WHY_MAX]);

/* The thread is to end: for several at once before they are stopped. Accepts NULL. */
void platform_line_hurry(struct platform_line *line);

/* Ends the thread. False: it hangs in the resolver until until_ms (monotonic) and is left behind,
 * touches nothing any more, and the caller must leave with _exit. Accepts NULL. */
bool platform_line_stop(struct platform_line *line, int64_t until_ms);

#endif
