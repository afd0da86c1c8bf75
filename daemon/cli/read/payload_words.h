/* SPDX-License-Identifier: MIT */
/* A poll's rows as the daemon, or this program itself, tells them (payload_sensor.h) -> values. */
#ifndef DAEMON_CLI_READ_PAYLOAD_WORDS_H
#define DAEMON_CLI_READ_PAYLOAD_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "profile.h"

#define WORDS_TEXT_MAX 65

struct words_number {
	bool known;
	double value;
};

struct words_row {
	char pollutant[WORDS_TEXT_MAX]; /* its key */
	bool used;                      /* a channel of the station */
	int function, address, n_words; /* n_words 0: not read */
	int words[PROFILE_WORDS_MAX];
	char type[8], order[8]; /* order "": one register */
	char decoded_unit[16], unit[16], quality[2], why[WORDS_TEXT_MAX];
	struct words_number number, decoded, value;
};

/* A register beside the rows. */
struct words_register {
	bool present, known; /* known: it was read */
	bool wrong;          /* of an expectation: it is not as the profile says */
	int function, address;
	uint32_t expected, word;
	char expected_text[WORDS_TEXT_MAX], text[WORDS_TEXT_MAX]; /* "": it is a number */
	char says[WORDS_TEXT_MAX];
};

struct words {
	char sensor[WORDS_TEXT_MAX], profile[WORDS_TEXT_MAX], bus[WORDS_TEXT_MAX],
		busy[WORDS_TEXT_MAX];
	int unit_id;
	bool by_daemon;
	double poll_s, age_s;
	int64_t polls; /* 0: none yet */
	struct words_register identity, status;
	int n_expects;
	struct words_register expects[PROFILE_EXPECTS_MAX];
	int n_rows;
	struct words_row rows[PROFILE_ROWS_MAX];
};

/* False: it is none. */
bool payload_read_words(const char *text, struct words *ret);

#endif
