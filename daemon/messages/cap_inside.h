/* SPDX-License-Identifier: MIT */
/* What the CAP files share: elements, and the alert that is being written. */
#ifndef DAEMON_MESSAGES_CAP_INSIDE_H
#define DAEMON_MESSAGES_CAP_INSIDE_H

#include <stdio.h>

#include "cap.h"

struct cap_writer {
	FILE *out;
	const struct payload_head *head;
	const struct cap_alert *alert;
	const struct alert *said; /* alert->message->alert */
	bool directive;           /* a directive, announced or in force; else the advice */
	bool ended;               /* a Cancel */
	bool zh;
};

void cap_element(struct cap_writer *w, const char *name, const char *text);
void cap_time(struct cap_writer *w, const char *name, int64_t ms);
/* <name><valueName>key</valueName><value>value</value></name> */
void cap_pair(struct cap_writer *w, const char *name, const char *key, const char *value);

/* One info element, in the language of w->zh. */
void cap_write_info(struct cap_writer *w);

#endif
