/* SPDX-License-Identifier: MIT */
#include "verify.h"

#include "chains.h"

int verify_logs(struct store *store, chain_look *look, struct chain_check ret[VERIFIED_COUNT])
{
	static const struct chain *const chains[VERIFIED_COUNT] = {
		[VERIFIED_EVENTS] = &events_chain,
		[VERIFIED_FORCE] = &force_chain,
		[VERIFIED_ORDERS] = &order_chain,
	};
	int r = 0;
	for (int i = 0; i < VERIFIED_COUNT && r == 0; i++)
		r = chain_verify(store, chains[i], look, &ret[i]);
	return r;
}
