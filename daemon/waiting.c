/* SPDX-License-Identifier: MIT */
#include "waiting.h"

#include <stdlib.h>

struct waiting {
	uint64_t put, taken, lost; /* put - taken wait */
	struct sample samples[WAITING_MAX];
};

/* Untouched pages of the ring cost nothing on a station whose clock is fine. */
struct waiting *waiting_new(void)
{
	return calloc(1, sizeof(struct waiting));
}

struct waiting *waiting_free(struct waiting *waiting)
{
	free(waiting);
	return NULL;
}

void waiting_put(struct waiting *waiting, const struct sample *sample)
{
	if (waiting->put - waiting->taken == WAITING_MAX) {
		waiting->taken++;
		waiting->lost++;
	}
	waiting->samples[waiting->put++ % WAITING_MAX] = *sample;
}

bool waiting_oldest(const struct waiting *waiting, struct sample *ret)
{
	if (waiting->taken == waiting->put)
		return false;
	*ret = waiting->samples[waiting->taken % WAITING_MAX];
	return true;
}

bool waiting_take(struct waiting *waiting, struct sample *ret)
{
	if (!waiting_oldest(waiting, ret))
		return false;
	waiting->taken++;
	return true;
}

uint64_t waiting_count(const struct waiting *waiting)
{
	return waiting->put - waiting->taken;
}

uint64_t waiting_lost(const struct waiting *waiting)
{
	return waiting->lost;
}
