/* SPDX-License-Identifier: MIT */
#include "poller_inside.h"

#define DEVICE_FAILURE 4
#define DEVICE_BUSY 6

bool poller_is_busy(enum why why, int code)
{
	return why == WHY_EXCEPTION && code >= DEVICE_FAILURE && code <= DEVICE_BUSY;
}

int64_t poller_now_ms(const struct poller *poller)
{
	return poller->master.now_ms(poller->master.ctx);
}

bool poller_is_stopping(const struct poller *poller)
{
	return atomic_load(poller->stopping);
}

void poller_take_outcome(struct poller *poller, int device, enum why why, int code)
{
	struct health *health = device < 0 ? &poller->health : &poller->devices[device].health;
	const struct health before = *health;
	int64_t now_ms = poller_now_ms(poller);

	if (!health_take(health, why, now_ms))
		return;
	struct bus_notice notice = {
		.device = device,
		.state = health->state,
		.why = why,
		.code = why == WHY_NONE ? 0 : code,
		.lasted_ms = now_ms - before.since_ms,
		.failures = why == WHY_NONE ? before.failures : health->failures,
		.hurried = device >= 0 && poller->devices[device].hurried &&
			   !poller->devices[device].unhurried,
	};
	if (why == WHY_IDENTITY || why == WHY_EXPECT)
		notice.code = device_proof_code(&poller->devices[device], &notice.expect);
	poller->env->notice(poller->env->ctx, poller->index, &notice);
}
