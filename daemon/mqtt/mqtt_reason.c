/* SPDX-License-Identifier: MIT */
#include "mqtt_reason.h"

#include <stddef.h>
#include <stdio.h>

#include "words.h"

static const struct reason {
	int code;
	const char *words, *advice; /* advice NULL: there is none */
} reasons[] = {
	{1, TR_LATER("it does not speak this version of MQTT"), TR_LATER("set mqtt.version: auto")},
	{2, TR_LATER("it does not take the client id"), TR_LATER("look at mqtt.client_id")},
	{3, TR_LATER("it is not available"), NULL},
	{4, TR_LATER("bad user name or password"),
	 TR_LATER("look at mqtt.username and password_file")},
	{5, TR_LATER("not authorised"),
	 TR_LATER("look at mqtt.username, password_file and its ACL")},
	{0x80, TR_LATER("unspecified error"), NULL},
	{0x81, TR_LATER("malformed packet"), NULL},
	{0x82, TR_LATER("protocol error"), NULL},
	{0x83, TR_LATER("implementation specific error"), NULL},
	{0x84, TR_LATER("it does not speak this version of MQTT"),
	 TR_LATER("set mqtt.version: auto")},
	{0x85, TR_LATER("it does not take the client id"), TR_LATER("look at mqtt.client_id")},
	{0x86, TR_LATER("bad user name or password"),
	 TR_LATER("look at mqtt.username and password_file")},
	{0x87, TR_LATER("not authorised"), TR_LATER("look at its ACL")},
	{0x88, TR_LATER("it is not available"), NULL},
	{0x89, TR_LATER("it is busy"), NULL},
	{0x8a, TR_LATER("banned"), NULL},
	{0x8b, TR_LATER("it is shutting down"), NULL},
	{0x8c, TR_LATER("bad authentication method"), NULL},
	{0x8d, TR_LATER("it heard nothing within the keep alive"), NULL},
	{0x8e, TR_LATER("another client connected with the same client id"), NULL},
	{0x8f, TR_LATER("it does not take the topic filter"), NULL},
	{0x90, TR_LATER("it does not take the topic"), NULL},
	{0x91, TR_LATER("packet identifier in use"), NULL},
	{0x92, TR_LATER("packet identifier not found"), NULL},
	{0x93, TR_LATER("more in flight than it allows"), NULL},
	{0x94, TR_LATER("topic alias invalid"), NULL},
	{0x95, TR_LATER("packet larger than it allows"), TR_LATER("look at its largest packet")},
	{0x96, TR_LATER("message rate too high"), TR_LATER("look at its rates")},
	{0x97, TR_LATER("quota exceeded"), TR_LATER("look at its quotas")},
	{0x98, TR_LATER("an administrator ended it"), NULL},
	{0x99, TR_LATER("it does not take the payload's format"), NULL},
	{0x9a, TR_LATER("it keeps no retained messages"), NULL},
	{0x9b, TR_LATER("it does not speak this QoS"), NULL},
	{0x9c, TR_LATER("use another server"), NULL},
	{0x9d, TR_LATER("the server has moved"), NULL},
	{0x9e, TR_LATER("no shared subscriptions"), NULL},
	{0x9f, TR_LATER("connection rate exceeded"), NULL},
	{0xa0, TR_LATER("the longest connect time has passed"), NULL},
	{0xa1, TR_LATER("no subscription identifiers"), NULL},
	{0xa2, TR_LATER("no wildcard subscriptions"), NULL},
};

const char *mqtt_reason_text(int code, char ret[MQTT_REASON_MAX])
{
	const char *words = TR_LATER("of no known meaning"), *advice = NULL;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
		if (reasons[i].code == code) {
			words = reasons[i].words;
			advice = reasons[i].advice;
		}
	}
	if (code == MQTT_HUNG_UP)
		snprintf(ret, MQTT_REASON_MAX, "%s",
			 tr("no reason, the broker hung up twice on it"));
	else
		snprintf(ret, MQTT_REASON_MAX, tr("reason %d, %s%s%s"), code, tr(words),
			 advice ? tr(": ") : "", advice ? tr(advice) : "");
	return ret;
}

bool mqtt_reason_blames(int code)
{
	static const int not_ours[] = {0x88, 0x89, 0x8b, 0x8d, MQTT_TAKEN_OVER,
				       0x98, 0x9c, 0x9d, 0x9f, 0xa0};
	for (size_t i = 0; i < sizeof(not_ours) / sizeof(*not_ours); i++) {
		if (code == not_ours[i])
			return false;
	}
	return true;
}
