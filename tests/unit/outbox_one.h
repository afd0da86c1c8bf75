/* SPDX-License-Identifier: MIT */
/* One thing at a time with the outbox, which only has one exchange. */
#ifndef TESTS_OUTBOX_ONE_H
#define TESTS_OUTBOX_ONE_H

#include "outbox.h"

static inline int outbox_take(struct store *from, int max, struct outbox_row *ret, int *ret_n)
{
	struct outbox_batch batch = {.n = max, .rows = ret};
	int r = outbox_exchange(from, NULL, 0, &batch);
	if (r == 0)
		*ret_n = batch.n;
	return r;
}

static inline int outbox_answer(struct store *from, const struct outbox_answer *answer)
{
	struct outbox_batch nothing = {.n = 0};
	return outbox_exchange(from, answer, 1, &nothing);
}

static inline int outbox_confirm(struct store *from, int64_t seq)
{
	const struct outbox_answer answer = {.seq = seq, .outcome = OUTBOX_DELIVERED};
	return outbox_answer(from, &answer);
}

#endif
