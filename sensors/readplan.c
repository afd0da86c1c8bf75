/* SPDX-License-Identifier: MIT */
#include "readplan.h"

#include <stddef.h>

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

static struct request request_of(const struct span *span)
{
	return (struct request){span->function, (uint16_t)span->first,
				(uint16_t)(span->end - span->first)};
}

struct request request_row(const struct profile_row *row)
{
	return (struct request){row->function, row->address, (uint16_t)register_count(row->type)};
}

struct request request_place(const struct profile_place *place)
{
	return (struct request){place->function, place->address,
				(uint16_t)register_count(place->type)};
}

struct request request_identity(const struct profile_identity *identity)
{
	return (struct request){identity->at.function, identity->at.address,
				(uint16_t)profile_identity_count(identity)};
}

int request_answer_bytes(const struct request *request)
{
	return request->function <= 2 ? (request->count + 7) / 8 : 2 * request->count;
}

/* Keeps the list in order of function and address; it is short and made once. What is there already
 * is not read twice. */
static void span_insert(struct span *spans, int *n, const struct request *wanted)
{
	struct span span = {wanted->function, wanted->address, wanted->address + wanted->count};
	int at = *n;

	for (int i = 0; i < *n; i++)
		if (!comes_before(&span, &spans[i]) && !comes_before(&spans[i], &span))
			return;
	for (; at > 0 && comes_before(&span, &spans[at - 1]); at--)
		spans[at] = spans[at - 1];
	spans[at] = span;
	(*n)++;
}

/* What every poll reads. */
static int spans_polled(const struct profile *profile, struct span *ret)
{
	struct request wanted;
	int n = 0;

	for (int i = 0; i < profile->n_rows && i < PROFILE_ROWS_MAX; i++) {
		wanted = request_row(&profile->rows[i]);
		span_insert(ret, &n, &wanted);
	}
	for (int i = 0; i < profile->n_statuses && i < PROFILE_STATUSES_MAX; i++) {
		wanted = request_place(&profile->statuses[i].normal.at);
		span_insert(ret, &n, &wanted);
	}
	wanted = request_place(&profile->alive.at);
	if (profile->alive.present)
		span_insert(ret, &n, &wanted);
	return n;
}

static int spans_of(const struct profile *profile, struct span *ret)
{
	int n = spans_polled(profile, ret);
	struct request wanted = request_identity(&profile->identity);

	if (profile->identity.present)
		span_insert(ret, &n, &wanted);
	for (int i = 0; i < profile->n_expects && i < PROFILE_EXPECTS_MAX; i++) {
		wanted = request_place(&profile->expects[i].at);
		span_insert(ret, &n, &wanted);
	}
	return n;
}

/* Joins as many of n spans as one request may read; returns how many, at least one. */
static int spans_join(const struct span *spans, int n, int max_hole, int most, struct span *ret)
{
	int joined = 1;

	*ret = spans[0];
	for (; joined < n; joined++) {
		const struct span *next = &spans[joined];
		int32_t end = next->end > ret->end ? next->end : ret->end;
		if (next->function != ret->function || next->first - ret->end > max_hole ||
		    end - ret->first > most)
			break;
		ret->end = end;
	}
	return joined;
}

/* True if the answer to so many registers would be as long as that to a request of the plan. */
static bool count_is_taken(const struct readplan *plan, uint8_t function, int32_t count)
{
	const struct request wanted = {function, 0, (uint16_t)count};

	for (int i = 0; i < plan->n; i++)
		if (plan->requests[i].function == function &&
		    request_answer_bytes(&plan->requests[i]) == request_answer_bytes(&wanted))
			return true;
	return false;
}

/* The lowest address from which registers are read without asking for an unknown one until `first`.
 */
static int32_t known_from(const struct span *spans, int n, int32_t first, int max_hole)
{
	for (int i = n - 1; i >= 0; i--)
		if (spans[i].function == spans[n].function && spans[i].first < first &&
		    first - spans[i].end <= max_hole)
			first = spans[i].first;
	return first;
}

/* Adds a request for a span that begins with spans[at]; of a quantity that is taken it reads some
 * registers before it again, if these are known. */
static void request_add(struct readplan *plan, const struct span *spans, int at,
			const struct span *span, int max_hole)
{
	int32_t lowest = known_from(spans, at, span->first, max_hole), first = span->first;

	while (first > lowest && span->end - first < plan->most &&
	       count_is_taken(plan, span->function, span->end - first))
		first--;
	if (count_is_taken(plan, span->function, span->end - first))
		first = span->first;
	plan->requests[plan->n++] =
		(struct request){span->function, (uint16_t)first, (uint16_t)(span->end - first)};
}

void readplan_make(const struct profile *profile, struct readplan *ret)
{
	readplan_make_short(profile, READPLAN_REGISTERS_MAX, ret);
}

void readplan_make_short(const struct profile *profile, int most, struct readplan *ret)
{
	struct span spans[READPLAN_REQUESTS_MAX], whole;
	int n = spans_of(profile, spans);

	ret->n = 0;
	ret->most = most;
	for (int at = 0, joined; at < n; at += joined) {
		joined = spans_join(&spans[at], n - at, profile->max_hole, most, &whole);
		request_add(ret, spans, at, &whole, profile->max_hole);
		ret->first_piece[ret->n - 1] = (uint8_t)at;
		ret->n_pieces[ret->n - 1] = (uint8_t)joined;
	}
}

static struct span span_of(const struct span *spans, int n)
{
	struct span whole = spans[0];

	for (int i = 1; i < n; i++)
		if (spans[i].end > whole.end)
			whole.end = spans[i].end;
	return whole;
}

/* Makes a request read n pieces and not a register more. */
static void request_cover(struct readplan *plan, int request, const struct span *spans, int first,
			  int n)
{
	struct span whole = span_of(&spans[first], n);

	plan->requests[request] = (struct request){whole.function, (uint16_t)whole.first,
						   (uint16_t)(whole.end - whole.first)};
	plan->first_piece[request] = (uint8_t)first;
	plan->n_pieces[request] = (uint8_t)n;
}

/* How many of n spans come before the largest hole; 0: there is none. */
static int spans_before_hole(const struct span *spans, int n)
{
	int32_t end = spans[0].end, largest = 0;
	int before = 0;

	for (int i = 1; i < n; i++) {
		if (spans[i].first - end > largest) {
			largest = spans[i].first - end;
			before = i;
		}
		if (spans[i].end > end)
			end = spans[i].end;
	}
	return before;
}

/* How many quantities come twice if n spans are parted before that one. */
static int count_alike(const struct readplan *plan, const struct span *spans, int n, int before)
{
	struct span a = span_of(spans, before), b = span_of(&spans[before], n - before);

	const struct request parts[] = {request_of(&a), request_of(&b)};

	return (request_answer_bytes(&parts[0]) == request_answer_bytes(&parts[1])) +
	       count_is_taken(plan, a.function, a.end - a.first) +
	       count_is_taken(plan, b.function, b.end - b.first);
}

/* The place next to the middle of n spans where the parts are like the fewest other requests. */
static int spans_before_middle(const struct readplan *plan, const struct span *spans, int n)
{
	int best = n / 2;

	for (int i = 1; i < n; i++) {
		/* n/2, n/2 - 1, n/2 + 1, n/2 - 2 ... */
		int at = n / 2 + (i % 2 ? -(i + 1) / 2 : i / 2);
		if (at > 0 && at < n &&
		    count_alike(plan, spans, n, at) < count_alike(plan, spans, n, best))
			best = at;
	}
	return best;
}

bool readplan_split(struct readplan *plan, const struct profile *profile, int request)
{
	struct span spans[READPLAN_REQUESTS_MAX];
	int first = plan->first_piece[request], n = plan->n_pieces[request];
	uint16_t count = plan->requests[request].count;

	spans_of(profile, spans);
	if (n == 1) {
		request_cover(plan, request, spans, first, n);
		return plan->requests[request].count < count;
	}
	int before = spans_before_hole(&spans[first], n);
	if (before == 0)
		before = spans_before_middle(plan, &spans[first], n);
	request_cover(plan, request, spans, first, before);
	request_cover(plan, plan->n++, spans, first + before, n - before);
	return true;
}

/* A part of a request from its begin on, of a quantity that no request has. `pieces`: it must end
 * where a piece does. */
static bool find_part(const struct readplan *plan, const struct span *spans, int at, bool pieces,
		      struct request *ret)
{
	const struct request *whole = &plan->requests[at];

	*ret = *whole;
	for (ret->count = 1; ret->count < whole->count; ret->count++) {
		bool ends = !pieces;
		for (int i = 0; i < plan->n_pieces[at]; i++)
			ends |= spans[plan->first_piece[at] + i].end == ret->address + ret->count;
		if (ends && !count_is_taken(plan, whole->function, ret->count))
			return true;
	}
	return false;
}

bool readplan_fence(const struct readplan *plan, const struct profile *profile, struct request *ret)
{
	struct span spans[READPLAN_REQUESTS_MAX];

	spans_of(profile, spans);
	for (int pieces = 1; pieces >= 0; pieces--)
		for (int at = 0; at < plan->n; at++)
			if (find_part(plan, spans, at, pieces != 0, ret))
				return true;
	return false;
}

bool readplan_only_proves(const struct readplan *plan, const struct profile *profile, int request)
{
	struct span spans[READPLAN_REQUESTS_MAX];
	const struct request *read = &plan->requests[request];

	for (int i = spans_polled(profile, spans) - 1; i >= 0; i--)
		if (spans[i].function == read->function && spans[i].end > read->address &&
		    spans[i].first < read->address + read->count)
			return false;
	return true;
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
		characters += 8 + 3.5 + 5 + request_answer_bytes(&plan->requests[i]) + 3.5;
	return characters * bits_per_character * 1000 / baud;
}
