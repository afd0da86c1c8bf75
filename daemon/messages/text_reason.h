/* SPDX-License-Identifier: MIT */
/* Reasons in people's words: what happened, not what might have. */
#ifndef DAEMON_MESSAGES_TEXT_REASON_H
#define DAEMON_MESSAGES_TEXT_REASON_H

#include "text.h"

/* A sentence: why a level went down or the advice was lifted. */
void text_why_released(const struct conf *conf, const struct event *event,
		       enum text_language language, char ret[TEXT_MAX]);

/* Words without a full stop: why the advice stays as it is, or (over) what ended that.
 * REASON_OVER_RANGE has words of its own: text_over_range. */
void text_why_held(const struct conf *conf, const struct event *event, enum text_language language,
		   char ret[TEXT_MAX]);

/* Words without a full stop: from which plan and edition to which. */
void text_rules_changed(const struct event *event, enum text_language language, char ret[TEXT_MAX]);

/* A sentence: which hours were flagged as a dust event, or are none after all. */
void text_dust(const struct event *event, enum text_language language, char ret[TEXT_MAX]);

#endif
