/* SPDX-License-Identifier: MIT */
#include "health.h"

static enum health_state state_after(int32_t failures)
{
	if (failures == 0)
		return HEALTH_OK;
	return failures < HEALTH_FAILED_AFTER ? HEALTH_SUSPECT : HEALTH_FAILED;
}

bool health_take(struct health *health, enum why why, int64_t now_ms)
{
	enum health_state before = health->state;

	if (why == WHY_NONE) {
		health->failures = 0;
	} else {
		if (health->failures < INT32_MAX)
			health->failures++;
		health->why = why;
		health->next_probe_ms = now_ms + HEALTH_PROBE_MS;
	}
	health->state = state_after(health->failures);
	if (health->state == before)
		return false;
	health->since_ms = now_ms;
	return true;
}

void health_ask_on(struct health *health)
{
	health->next_probe_ms = 0;
}

void health_put_off(struct health *health, int64_t now_ms, int64_t by_ms)
{
	health->next_probe_ms = now_ms + by_ms;
}

bool health_is_dead(const struct health *health)
{
	return health->state == HEALTH_FAILED && health->next_probe_ms > 0;
}

bool health_may_poll(const struct health *health, int64_t now_ms)
{
	return health->state != HEALTH_FAILED || now_ms >= health->next_probe_ms;
}
