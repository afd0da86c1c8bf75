/* SPDX-License-Identifier: MIT */
/*
 * The inside of platform_line.h: what the two threads share (line_shared.c); the socket
 * (line_socket.c); what goes to and fro (line_traffic.c); begin and end (platform_line.c). Each
 * calls those before it only. Nobody else includes it.
 */
#ifndef DAEMON_HJ212_PLATFORM_LINE_INSIDE_H
#define DAEMON_HJ212_PLATFORM_LINE_INSIDE_H

#include <pthread.h>

#include "backoff.h"
#include "platform_line.h"

struct answer {
	size_t n;
	uint8_t frame[HJ212_FRAME_MAX];
};

struct platform_line {
	struct line_setup setup;
	char *host, *mn; /* our own copies: it may outlive the configuration in the resolver */
	struct queue *events;
	int wake; /* eventfd */
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t ended;
	/* under the mutex */
	bool stopping, is_over, left_behind, connected, has_message, new_keys;
	bool has_key, has_before;
	struct sm4_key key, before;
	int64_t key_ms;
	struct line_message message;
	int n_answers;
	struct answer answers[LINE_ANSWERS_MAX];
	uint64_t refused;
	char refused_why[LINE_WHY_MAX];
	/* the thread's own */
	int fd;
	unsigned seed;
	struct backoff backoff;
	struct hj212_cipher cipher, cipher_before;
	struct sm4_key read_key, read_before;
	int64_t read_key_ms;
	struct hj212_reader reader;
	struct line_message sending;
	bool is_sending, was_sent;
	int tries;
	int64_t next_ms, answer_ms; /* monotonic: of the pace; until when the answer must come */
	int64_t window_ms;          /* of requests a second */
	int in_window;
};

/* ---- line_shared.c ---- */

bool line_is_stopping(struct platform_line *line);
void line_tell(struct platform_line *line, struct line_event *event);
void line_note_refused(struct platform_line *line, const char *why);
/* Wakes the thread. */
void line_poke(struct platform_line *line);
/* Waits for the socket (-1: none) or a poke until a moment; what poll found of the socket. */
short line_wait(struct platform_line *line, int fd, short what, int64_t until_ms);

/* ---- line_socket.c ---- */

/* Connects: false, and why. */
bool line_open(struct platform_line *line, char why[LINE_WHY_MAX], bool *ret_refused);

/* ---- line_traffic.c ---- */

/* Each connection begins with no half frame of the one before. */
void line_begin_reading(struct platform_line *line);
/* Sends and receives until the connection ends: why. */
void line_serve(struct platform_line *line, char why[LINE_WHY_MAX]);

#endif
