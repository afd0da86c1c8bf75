/* SPDX-License-Identifier: MIT */
#include "choke.h"

void choke_lost(struct choke *choke, int64_t now_ms)
{
	choke->losses++;
	if (choke->losses >= CHOKE_LOSSES)
		choke->until_ms = now_ms + CHOKE_DEAF_MS;
}

void choke_held(struct choke *choke)
{
	if (choke->until_ms == 0)
		choke->losses = 0;
}

bool choke_is_over(struct choke *choke, int64_t now_ms)
{
	if (choke->until_ms == 0 || now_ms < choke->until_ms)
		return false;
	choke->until_ms = 0;
	choke->losses = CHOKE_LOSSES - 1;
	return true;
}
