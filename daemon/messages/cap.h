/* SPDX-License-Identifier: MIT */
/*
 * What an alert says as CAP 1.2 XML (OASIS, urn:oasis:names:tc:emergency:cap:1.2), with Chinese and
 * English information. Pure but for memory.
 *
 * Which alert stands when is rules/alert.h's to say. Status is Actual only under a directive;
 * advice is Draft and Restricted; a directive is Public only once its release says so; in an
 * exercise all is Exercise.
 */
#ifndef DAEMON_MESSAGES_CAP_H
#define DAEMON_MESSAGES_CAP_H

#include "alert.h"
#include "alert_log.h"
#include "payload.h"

/* All borrowed. */
struct cap_alert {
	const struct alert_message *message; /* an Alert, Update or Cancel */
	const struct advice_report *report;
	/* the directive that it is about, and what that says; NULL: gone, or it is about advice */
	const struct timetable_entry *entry;
	const struct word_details *details;
	int n_before; /* messages that it refers to, oldest first */
	const struct alert_name *before;
	int daily_aqi; /* of the newest hour; -1: not known */
};

/* "warning/cap/directive", ... */
const char *cap_topic(enum alert_topic topic);

/* The document, heap; NULL without memory. Its identifier is the head's id, sent the alert's. */
char *cap_write(const struct payload_head *head, const struct cap_alert *alert);

#endif
