/* SPDX-License-Identifier: MIT */
#include "owed.h"

bool owed_alike(const struct request *a, const struct request *b)
{
	return a->function == b->function && request_answer_bytes(a) == request_answer_bytes(b);
}

static bool is_same_request(const struct request *a, const struct request *b)
{
	return a->function == b->function && a->count == b->count && a->address == b->address;
}

static int find_owed(const struct owed *owed, const struct request *request)
{
	for (int i = 0; i < owed->n; i++)
		if (is_same_request(&owed->answers[i].request, request))
			return i;
	return -1;
}

static void drop_answer(struct owed *owed, int at)
{
	owed->answers[at] = owed->answers[--owed->n];
}

void owed_expire(struct owed *owed, int64_t now_ms)
{
	for (int i = owed->n - 1; i >= 0; i--)
		if (now_ms - owed->answers[i].asked_ms >= OWED_MS + owed->timeout_ms)
			drop_answer(owed, i);
}

bool owed_may_ask(const struct owed *owed, const struct request *request)
{
	if (owed->n == OWED_MAX && find_owed(owed, request) < 0)
		return false;
	for (int i = 0; i < owed->n; i++)
		if (owed_alike(&owed->answers[i].request, request) &&
		    !is_same_request(&owed->answers[i].request, request))
			return false;
	return true;
}

bool owed_has(const struct owed *owed, const struct request *request)
{
	return find_owed(owed, request) >= 0;
}

void owed_ask(struct owed *owed, const struct request *request, int64_t now_ms)
{
	int at = find_owed(owed, request);

	owed->asked++;
	if (at < 0) {
		at = owed->n++;
		owed->answers[at] = (struct owed_answer){.request = *request, .first = owed->asked};
	}
	owed->answers[at].unanswered++;
	owed->answers[at].last = owed->asked;
	owed->answers[at].asked_ms = now_ms;
}

/* Something was answered that was asked as number `first` or later: all before it is settled. */
static void settle_before(struct owed *owed, uint64_t first)
{
	for (int i = owed->n - 1; i >= 0; i--)
		if (owed->answers[i].last < first)
			drop_answer(owed, i);
}

void owed_take_answer(struct owed *owed, const struct request *request)
{
	int at = find_owed(owed, request);

	if (at < 0)
		return;
	uint64_t first = owed->answers[at].first;
	/* of a request that was made more than once only one answer has come */
	if (--owed->answers[at].unanswered == 0)
		drop_answer(owed, at);
	settle_before(owed, first);
}

bool owed_take_exception(struct owed *owed, const struct request *request)
{
	uint64_t first = owed->asked;
	bool alone = true;

	for (int i = 0; i < owed->n; i++) {
		const struct owed_answer *answer = &owed->answers[i];
		if (answer->request.function != request->function)
			continue;
		alone &= is_same_request(&answer->request, request);
		if (answer->first < first)
			first = answer->first;
	}
	if (alone)
		owed_take_answer(owed, request);
	else
		settle_before(owed, first);
	return alone;
}
