/* SPDX-License-Identifier: MIT */
/*
 * A change of the advice or of the directive as CAP 1.2 XML (OASIS, urn:oasis:names:tc:emergency:
 * cap:1.2), with Chinese and English information. Pure but for memory.
 *
 * Status is Actual only under a directive; advice is Draft and Restricted; in an exercise all is
 * Exercise.
 */
#ifndef DAEMON_CAP_H
#define DAEMON_CAP_H

#include "caps.h"
#include "payload.h"

struct cap_alert {
	const struct event *event;
	const struct advice_report *report;
	int daily_aqi;                      /* of the hour that brought it; -1: not known */
	int n_before;                       /* messages of the same alert that came before */
	const struct cap_reference *before; /* n_before of them, oldest first */
};

/* True if the event changes what a warning says: hold and resume, for instance, do not. */
bool cap_is_due(const struct event *event);

/* True if it begins an alert: nothing before it is referred to. */
bool cap_begins(const struct cap_alert *alert);

/* The document, heap; NULL without memory. */
char *cap_write(const struct payload_head *head, const struct cap_alert *alert);

#endif
