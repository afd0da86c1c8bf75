/* SPDX-License-Identifier: MIT */
/*
 * What the command line of a command must be, told before anybody is asked: each fault as one of
 * usage.h. What remains is the contract's to say (command_json.h), and the station's.
 */
#ifndef DAEMON_CLI_GIVE_GIVEN_CHECK_H
#define DAEMON_CLI_GIVE_GIVEN_CHECK_H

#include "conf.h"
#include "given_kinds.h"

/* False after all that is missing, and all that is another word than those allowed. */
bool given_check_words(const struct given *given);

/* False after values that are none, a level that the plan has not, and spans that end before they
 * begin or are too long. */
bool given_check_values(const struct given *given, const struct conf *conf, int64_t now_ms);

#endif
