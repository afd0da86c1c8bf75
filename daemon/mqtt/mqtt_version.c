/* SPDX-License-Identifier: MIT */
#include "mqtt_version.h"

#include "mqtt_reason.h"

void mqtt_version_begin(struct mqtt_version_choice *choice, int64_t now_ms)
{
	if (choice->old && !choice->believed && now_ms - choice->since_ms >= VERSION_AGAIN_MS)
		choice->old = false;
}

bool mqtt_version_refused(struct mqtt_version_choice *choice, int code, int64_t now_ms)
{
	bool said = code == MQTT_OLD_VERSION || code == MQTT_WRONG_VERSION;
	if (!choice->automatic || (!said && (code != 0 || choice->believed)))
		return false;
	choice->old = !choice->old;
	choice->believed = choice->old && said;
	choice->since_ms = now_ms;
	return choice->old;
}
