/* SPDX-License-Identifier: MIT */
/* Members of the published objects as values. */
#ifndef DAEMON_CLI_STATUS_PAYLOAD_PIECES_H
#define DAEMON_CLI_STATUS_PAYLOAD_PIECES_H

#include <jansson.h>
#include <stdint.h>

#include "plan.h"

/* An object that was published; NULL: it is none. */
json_t *piece_object(const char *text);
/* "" if it is absent, null or no text. */
const char *piece_text(const json_t *json, const char *key);
void piece_copy(const json_t *json, const char *key, char *ret, size_t size);
/* 0 if it is absent, null or no time. */
int64_t piece_time(const json_t *json, const char *key);
int32_t piece_int(const json_t *json, const char *key, int32_t otherwise);
bool piece_flag(const json_t *json, const char *key);
/* LEVEL_NONE if it is absent, LEVEL_UNKNOWN if the plan has none so named. */
int piece_level(const struct plan *plan, const json_t *json, const char *key);
/* The index of a word in a NULL-terminated list; `otherwise` if it is in none. */
int piece_word(const json_t *json, const char *key, const char *const words[], int otherwise);

#endif
