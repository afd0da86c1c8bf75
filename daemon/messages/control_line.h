/* SPDX-License-Identifier: MIT */
/*
 * The lines of the control socket <-> values. Pure.
 *
 *     {"request": "maintenance", "sensor": "roof", "minutes": 60}
 *     {"ok": true, "text": "roof: maintenance until 2026-01-10T09:00:00+08:00"}
 */
#ifndef DAEMON_MESSAGES_CONTROL_LINE_H
#define DAEMON_MESSAGES_CONTROL_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONTROL_NAME "control" /* of the socket in the daemon's folder */
#define CONTROL_DEFAULT "/run/hazewatch/" CONTROL_NAME
#define CONTROL_TEXT_MAX 512
/* The answer to a command that a power cut would lose. */
#define CONTROL_IN_MEMORY "kept in memory alone"
#define CONTROL_LIST_TAKING "taking %d of %d" /* sources; the answer while a list is taken over */
#define CONTROL_LIST_BUSY "another list is being taken over: %d of %d sources"
#define CONTROL_LIST_FOLDER "list-import" /* beside the databases: a list that is handed over */

/* A parsed line; what it hands out lives as long as it does. */
struct control_request;

/* NULL, and why in `error`, if the line is no JSON object with a text "request". */
struct control_request *control_request_parse(const char *line, size_t length,
					      char error[CONTROL_TEXT_MAX]);
struct control_request *control_request_free(struct control_request *request);

const char *control_request_name(const struct control_request *request);
/* A member; NULL, or false, if it is absent or of another type or range. */
const char *control_text(const struct control_request *request, const char *key);
bool control_int(const struct control_request *request, const char *key, int64_t min, int64_t max,
		 int64_t *ret);
bool control_flag(const struct control_request *request, const char *key);

struct control_answer {
	bool ok;
	char text[CONTROL_TEXT_MAX]; /* for people: what was done, or why not */
	char *body; /* JSON for programs, malloc'd; NULL: none. Goes with the answer. */
};

/* Fills in a refusal or a success. */
void control_refuse(struct control_answer *answer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void control_accept(struct control_answer *answer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The line of an answer, with its line end; the caller frees it. Takes the body. NULL: no memory.
 */
char *control_answer_line(struct control_answer *answer);

/* Reads an answer's line; false if it is none. The caller frees its body. */
bool control_answer_parse(const char *line, struct control_answer *ret);

#endif
