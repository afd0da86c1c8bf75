/* SPDX-License-Identifier: MIT */
/*
 * The board that stands at the gate of a source of the reduction list (plan 3.3): who it is, what
 * it does at each level, what an inspector looks at. In the reader's language; the list's own words
 * are the list's. No person and no telephone: the contact post is written on it by hand.
 */
#ifndef DAEMON_CLI_LIST_CARD_H
#define DAEMON_CLI_LIST_CARD_H

#include <stdio.h>

#include "conf.h"
#include "sources.h"

struct card {
	const struct conf *conf;
	const struct source_list *list;
	FILE *out;
	int width; /* columns of the text */
	bool html; /* a page of A4 instead */
};

void card_print(const struct card *card, const struct source *source);

#endif
