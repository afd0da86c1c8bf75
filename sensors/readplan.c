/* SPDX-License-Identifier: MIT */
#include "readplan.h"

#include <stdbool.h>
#include <stddef.h>

#define ADDRESS_END 65536

/* Registers somebody asked for: first..end - 1. */
struct span {
	uint8_t function;
	int32_t first, end;
};

static bool comes_before(const struct span *a, const struct span *b)
{
	if (a->function != b->function)
		return a->function < b->function;
	if (a->first != b->first)
		return a->first < b->first;
	return a->end < b->end;
}

/* Keeps the list in order of function and address; it is short and made once. */
static void span_insert(struct span *spans, int *n, struct span span)
{
	int at = (*n)++;

	for (; at > 0 && comes_before(&span, &spans[at - 1]); at--)
		spans[at] = spans[at - 1];
	spans[at] = span;
}

static int spans_of(const struct profile *profile, struct span *ret)
{
	int n = 0;

	for (int i = 0; i < profile->n_rows && i < PROFILE_ROWS_MAX; i++) {
		const struct profile_row *row = &profile->rows[i];
		span_insert(ret, &n,
			    (struct span){row->function, row->address,
					  row->address + register_count(row->type)});
	}
	if (profile->status.present)
		span_insert(ret, &n,
			    (struct span){profile->status.function, profile->status.address,
					  profile->status.address + 1});
	return n;
}

/* Joins as many of n spans as one request may read; returns how many, at least one. */
static int spans_join(const struct span *spans, int n, int max_hole, struct span *ret)
{
	int joined = 1;

	*ret = spans[0];
	for (; joined < n; joined++) {
		const struct span *next = &spans[joined];
		int32_t end = next->end > ret->end ? next->end : ret->end;
		if (next->function != ret->function || next->first - ret->end > max_hole ||
		    end - ret->first > READPLAN_REGISTERS_MAX)
			break;
		ret->end = end;
	}
	return joined;
}

static bool count_is_taken(const struct readplan *plan, uint8_t function, int32_t count)
{
	for (int i = 0; i < plan->n; i++)
		if (plan->requests[i].function == function && plan->requests[i].count == count)
			return true;
	return false;
}

/*
 * Adds a request of a quantity that no other request of its function has: not only the neighbours
 * differ, because a request that failed may be left out of a poll and the last one is followed by
 * the first one of the next poll. False if only a shorter span has one to spare; the span of one
 * row always has, as there are at most READPLAN_REQUESTS_MAX of them.
 */
static bool request_add(struct readplan *plan, const struct span *span)
{
	int32_t count = span->end - span->first;

	while (count <= READPLAN_REGISTERS_MAX && count_is_taken(plan, span->function, count))
		count++;
	if (count > READPLAN_REGISTERS_MAX)
		return false;
	int32_t first = span->first;
	if (first + count > ADDRESS_END && count > span->end - span->first)
		first = ADDRESS_END - count;
	plan->requests[plan->n++] =
		(struct request){span->function, (uint16_t)first, (uint16_t)count};
	return true;
}

void readplan_make(const struct profile *profile, struct readplan *ret)
{
	struct span spans[READPLAN_REQUESTS_MAX], whole;
	int n = spans_of(profile, spans);

	ret->n = 0;
	for (int at = 0, joined; at < n; at += joined) {
		joined = spans_join(&spans[at], n - at, profile->max_hole, &whole);
		while (!request_add(ret, &whole))
			joined = spans_join(&spans[at], joined - 1, profile->max_hole, &whole);
	}
}

const uint16_t *readplan_words(const struct readplan *plan,
			       const uint16_t (*replies)[READPLAN_REGISTERS_MAX],
			       const struct request *wanted, int *ret_request)
{
	for (int i = 0; i < plan->n; i++) {
		const struct request *request = &plan->requests[i];
		if (request->function != wanted->function || wanted->address < request->address ||
		    wanted->address + wanted->count > request->address + request->count)
			continue;
		*ret_request = i;
		return &replies[i][wanted->address - request->address];
	}
	return NULL;
}

double readplan_line_ms(const struct readplan *plan, int baud, int bits_per_character)
{
	double characters = 0;

	if (baud <= 0)
		return 0;
	for (int i = 0; i < plan->n; i++)
		characters += 8 + 3.5 + 5 + 2 * plan->requests[i].count + 3.5;
	return characters * bits_per_character * 1000 / baud;
}
