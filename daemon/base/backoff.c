/* SPDX-License-Identifier: MIT */
#include "backoff.h"

/* Between a half and one and a half of it. */
static int64_t with_jitter(int64_t ms, unsigned dice)
{
	return ms / 2 + (int64_t)(dice % (unsigned)(ms + 1));
}

void backoff_fail(struct backoff *backoff, int64_t now_ms, int64_t began_ms, bool refused,
		  unsigned dice)
{
	bool comes = backoff->refused && !refused;
	if (backoff->wait_ms < BACKOFF_MIN_MS || comes)
		backoff->wait_ms = BACKOFF_MIN_MS;
	backoff->refused = refused;
	backoff->due_ms = now_ms + with_jitter(backoff->wait_ms, dice);
	backoff->wait_ms *= 2;
	if (backoff->wait_ms > BACKOFF_MAX_MS)
		backoff->wait_ms = BACKOFF_MAX_MS;
	/* half of it to the whole, so that no two stations keep step */
	int64_t apart_ms = BACKOFF_HURRIED_MS / 2 + (int64_t)(dice % (BACKOFF_HURRIED_MS / 2 + 1));
	backoff->hurry_ms = began_ms + apart_ms;
	if (refused || backoff->hurry_ms < now_ms + BACKOFF_MIN_MS)
		backoff->hurry_ms = now_ms + BACKOFF_MIN_MS;
}

void backoff_none(struct backoff *backoff, int64_t now_ms)
{
	backoff->due_ms = backoff->hurry_ms = now_ms;
}

void backoff_most(struct backoff *backoff)
{
	backoff->wait_ms = BACKOFF_MAX_MS;
}

void backoff_held(struct backoff *backoff)
{
	backoff->wait_ms = BACKOFF_MIN_MS;
}

int64_t backoff_due(const struct backoff *backoff, bool hurry)
{
	return hurry && backoff->hurry_ms < backoff->due_ms ? backoff->hurry_ms : backoff->due_ms;
}
