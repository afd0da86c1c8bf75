/* SPDX-License-Identifier: MIT */
#include "readplan.h"

#include <stdlib.h>
#include <string.h>

#include "status_of.h"
#include "unit.h"

static struct profile_row row_at(uint8_t function, uint16_t address, enum register_type type)
{
	return (struct profile_row){
		.function = function, .address = address, .type = type, .scale = 1};
}

static struct profile profile_of(int n, const struct profile_row *rows, int max_hole)
{
	struct profile profile = {.n_rows = n, .max_hole = max_hole};

	memcpy(profile.rows, rows, (size_t)n * sizeof(*rows));
	return profile;
}

static void assert_request(const struct readplan *plan, int at, int function, int address,
			   int count)
{
	ck_assert_int_lt(at, plan->n);
	ck_assert_int_eq(plan->requests[at].function, function);
	ck_assert_int_eq(plan->requests[at].address, address);
	ck_assert_int_eq(plan->requests[at].count, count);
}

START_TEST(neighbouring_registers_are_one_request)
{
	struct profile_row rows[] = {row_at(3, 2, TYPE_U16), row_at(3, 0, TYPE_F32),
				     row_at(3, 3, TYPE_U32)};
	struct profile profile = profile_of(3, rows, 0);
	struct readplan plan;

	readplan_make(&profile, &plan);
	ck_assert_int_eq(plan.n, 1);
	assert_request(&plan, 0, 3, 0, 5);
}
END_TEST

START_TEST(functions_are_never_mixed)
{
	struct profile_row rows[] = {row_at(4, 0, TYPE_U16), row_at(3, 1, TYPE_U16)};
	struct profile profile = profile_of(2, rows, 100);
	struct readplan plan;

	readplan_make(&profile, &plan);
	ck_assert_int_eq(plan.n, 2);
	assert_request(&plan, 0, 3, 1, 1);
	assert_request(&plan, 1, 4, 0, 1);
}
END_TEST

START_TEST(a_hole_is_read_across_up_to_its_limit)
{
	struct profile_row rows[] = {row_at(3, 0, TYPE_U16), row_at(3, 5, TYPE_U16)};
	struct profile profile = profile_of(2, rows, 4);
	struct readplan plan;

	readplan_make(&profile, &plan);
	ck_assert_int_eq(plan.n, 1);
	assert_request(&plan, 0, 3, 0, 6);
	profile.max_hole = 3;
	readplan_make(&profile, &plan);
	ck_assert_int_eq(plan.n, 2);
}
END_TEST

START_TEST(registers_that_nobody_named_are_never_asked_for)
{
	struct profile_row rows[] = {row_at(3, 0, TYPE_U16), row_at(3, 20, TYPE_U16),
				     row_at(3, 65535, TYPE_U16), row_at(4, 0, TYPE_U16)};
	struct profile profile = profile_of(4, rows, 0);
	struct readplan plan;

	readplan_make(&profile, &plan);
	ck_assert_int_eq(plan.n, 4);
	assert_request(&plan, 0, 3, 0, 1);
	assert_request(&plan, 1, 3, 20, 1);
	assert_request(&plan, 2, 3, 65535, 1);
	assert_request(&plan, 3, 4, 0, 1);
}
END_TEST

START_TEST(the_status_register_is_read_with_the_rows)
{
	struct profile_row rows[] = {row_at(3, 0, TYPE_F32)};
	struct profile profile = profile_of(1, rows, 8);
	struct readplan plan;
	int request = -1;
	static uint16_t replies[READPLAN_REQUESTS_MAX][READPLAN_REGISTERS_MAX];

	set_status(&profile, 3, 10, 0, 0);
	readplan_make(&profile, &plan);
	ck_assert_int_eq(plan.n, 1);
	assert_request(&plan, 0, 3, 0, 11);
	ck_assert_ptr_eq(readplan_words(&plan, (const uint16_t(*)[READPLAN_REGISTERS_MAX])replies,
					&(struct request){3, 10, 1}, &request),
			 &replies[0][10]);
	ck_assert_int_eq(request, 0);
}
END_TEST

START_TEST(words_outside_every_request_are_not_found)
{
	struct profile_row rows[] = {row_at(3, 10, TYPE_U16)};
	struct profile profile = profile_of(1, rows, 0);
	struct readplan plan;
	int request = 77;
	static const uint16_t replies[READPLAN_REQUESTS_MAX][READPLAN_REGISTERS_MAX];

	readplan_make(&profile, &plan);
	ck_assert_ptr_null(readplan_words(&plan, replies, &(struct request){4, 10, 1}, &request));
	ck_assert_ptr_null(readplan_words(&plan, replies, &(struct request){3, 9, 1}, &request));
	ck_assert_ptr_null(readplan_words(&plan, replies, &(struct request){3, 10, 2}, &request));
	ck_assert_int_eq(request, 77);
	ck_assert_ptr_nonnull(
		readplan_words(&plan, replies, &(struct request){3, 10, 1}, &request));
}
END_TEST

static struct profile random_profile(void)
{
	static const unsigned spaces[] = {40, 300, 3000, 65530};
	struct profile profile = {.n_rows = 1 + (int)(unit_random() % PROFILE_ROWS_MAX),
				  .max_hole = (int)(unit_random() % 130)};
	unsigned space = spaces[unit_random() % 4];
	unsigned base = unit_random() % (65533 - space);

	if (unit_random() % 4 == 0)
		profile.max_hole = 0;
	for (int i = 0; i < profile.n_rows; i++)
		profile.rows[i] = row_at((uint8_t)(3 + unit_random() % 2),
					 (uint16_t)(base + unit_random() % space),
					 (enum register_type)(unit_random() % REGISTER_TYPE_COUNT));
	int address = (int)(base + unit_random() % space);
	if (unit_random() % 2)
		set_status(&profile, (uint8_t)(3 + unit_random() % 2), address, 0, 0);
	return profile;
}

static void assert_covered(const struct readplan *plan, int function, int address, int count)
{
	static const uint16_t replies[READPLAN_REQUESTS_MAX][READPLAN_REGISTERS_MAX];
	int request = -1;
	const struct request wanted = {(uint8_t)function, (uint16_t)address, (uint16_t)count};
	const uint16_t *words = readplan_words(plan, replies, &wanted, &request);

	ck_assert_ptr_nonnull(words);
	ck_assert_int_eq(plan->requests[request].function, function);
	ck_assert_int_eq(words - replies[request], address - plan->requests[request].address);
	ck_assert_int_le(words - replies[request] + count, plan->requests[request].count);
}

static void mark(bool *asked, int address, int count)
{
	for (int i = 0; i < count; i++)
		asked[address + i] = true;
}

/* The longest run that a request reads without need. What it reads beyond its last row, to be
 * unlike the other requests, does not count: at most one register for each of them. */
static int longest_hole(const struct request *request, const bool *asked, int n_requests)
{
	int longest = 0, hole = 0;

	for (int i = 0; i < request->count; i++) {
		if (!asked[request->address + i]) {
			hole++;
			continue;
		}
		if (hole > longest && i - hole < request->count - n_requests)
			longest = hole;
		hole = 0;
	}
	return longest;
}

static void assert_holes(const struct profile *profile, const struct readplan *plan)
{
	static bool asked[2][65537];

	memset(asked, 0, sizeof(asked));
	for (int i = 0; i < profile->n_rows; i++)
		mark(asked[profile->rows[i].function - 3], profile->rows[i].address,
		     register_count(profile->rows[i].type));
	for (int i = 0; i < profile->n_statuses; i++)
		mark(asked[profile->statuses[i].normal.at.function - 3],
		     profile->statuses[i].normal.at.address, 1);
	for (int i = 0; i < plan->n; i++)
		ck_assert_int_le(longest_hole(&plan->requests[i],
					      asked[plan->requests[i].function - 3], plan->n),
				 profile->max_hole);
}

static void assert_requests(const struct readplan *plan)
{
	for (int i = 0; i < plan->n; i++) {
		const struct request *request = &plan->requests[i];
		ck_assert_int_ge(request->count, 1);
		ck_assert_int_le(request->count, READPLAN_REGISTERS_MAX);
		ck_assert_int_le(request->address + request->count, 65536);
	}
}

START_TEST(every_profile_gets_a_plan_that_keeps_the_rules)
{
	static struct profile profile;
	struct readplan plan;

	for (int round = 0; round < 3000; round++) {
		profile = random_profile();
		readplan_make(&profile, &plan);
		ck_assert_int_ge(plan.n, 1);
		ck_assert_int_le(plan.n, READPLAN_REQUESTS_MAX);
		for (int i = 0; i < profile.n_rows; i++)
			assert_covered(&plan, profile.rows[i].function, profile.rows[i].address,
				       register_count(profile.rows[i].type));
		for (int i = 0; i < profile.n_statuses; i++)
			assert_covered(&plan, profile.statuses[i].normal.at.function,
				       profile.statuses[i].normal.at.address, 1);
		assert_requests(&plan);
		assert_holes(&profile, &plan);
	}
}
END_TEST

START_TEST(the_order_of_the_rows_does_not_change_the_plan)
{
	static struct profile profile, shuffled;
	struct readplan plan, other;

	for (int round = 0; round < 500; round++) {
		profile = random_profile();
		shuffled = profile;
		for (int i = profile.n_rows - 1; i > 0; i--) {
			unsigned j = unit_random() % (unsigned)(i + 1);
			struct profile_row row = shuffled.rows[i];
			shuffled.rows[i] = shuffled.rows[j];
			shuffled.rows[j] = row;
		}
		readplan_make(&profile, &plan);
		readplan_make(&shuffled, &other);
		ck_assert_int_eq(plan.n, other.n);
		for (int i = 0; i < plan.n; i++)
			assert_request(&other, i, plan.requests[i].function,
				       plan.requests[i].address, plan.requests[i].count);
	}
}
END_TEST

START_TEST(the_time_on_the_line_counts_every_character)
{
	struct profile_row rows[] = {row_at(3, 0, TYPE_U16), row_at(4, 0, TYPE_F32)};
	struct profile profile = profile_of(2, rows, 0);
	struct readplan plan;

	readplan_make(&profile, &plan);
	/* 8 + 7 and 8 + 9 characters, and 3.5 of silence before each of the four frames */
	ck_assert_double_eq_tol(readplan_line_ms(&plan, 9600, 10), (15 + 17 + 14) * 10 / 9.6, 1e-9);
	ck_assert_double_eq(readplan_line_ms(&plan, 0, 10), 0);
}
END_TEST

START_TEST(a_request_that_is_refused_is_split_at_its_largest_hole)
{
	struct profile_row rows[] = {row_at(3, 0, TYPE_U16), row_at(3, 2, TYPE_U16),
				     row_at(3, 9, TYPE_F32), row_at(3, 11, TYPE_U16)};
	struct profile profile = profile_of(4, rows, 10);
	struct readplan plan;

	readplan_make(&profile, &plan);
	ck_assert_int_eq(plan.n, 1);
	assert_request(&plan, 0, 3, 0, 12);
	ck_assert(readplan_split(&plan, &profile, 0));
	ck_assert_int_eq(plan.n, 2);
	assert_request(&plan, 0, 3, 0, 3);
	assert_request(&plan, 1, 3, 9, 3);
	ck_assert(readplan_split(&plan, &profile, 1));
	assert_request(&plan, 1, 3, 9, 2);
	assert_request(&plan, 2, 3, 11, 1);
	ck_assert(readplan_split(&plan, &profile, 0));
	ck_assert_int_eq(plan.n, 4);
	for (int i = 0; i < plan.n; i++)
		ck_assert(!readplan_split(&plan, &profile, i));
}
END_TEST

START_TEST(without_a_hole_the_parts_have_unlike_quantities)
{
	struct profile_row rows[12];
	struct readplan plan;

	for (int i = 0; i < 12; i++)
		rows[i] = row_at(3, (uint16_t)(i < 10 ? i : i + 100), TYPE_U16);
	struct profile profile = profile_of(12, rows, 0);
	readplan_make(&profile, &plan);
	ck_assert(readplan_split(&plan, &profile, 0));
	assert_request(&plan, 0, 3, 0, 4);
	assert_request(&plan, 1, 3, 110, 2);
	assert_request(&plan, 2, 3, 4, 6);
	ck_assert(readplan_split(&plan, &profile, 0));
	assert_request(&plan, 0, 3, 0, 1);
	assert_request(&plan, 3, 3, 1, 3);
}
END_TEST

START_TEST(a_quantity_that_would_come_twice_reads_known_registers_again)
{
	struct profile_row rows[] = {row_at(3, 0, TYPE_U16), row_at(3, 124, TYPE_U16),
				     row_at(3, 125, TYPE_U16), row_at(3, 300, TYPE_U16)};
	struct profile profile = profile_of(4, rows, 123);
	struct readplan plan;

	readplan_make(&profile, &plan);
	ck_assert_int_eq(plan.n, 3);
	assert_request(&plan, 1, 3, 125, 1);
	assert_request(&plan, 2, 3, 300, 1);
	profile.max_hole = 175;
	readplan_make(&profile, &plan);
	assert_request(&plan, 2, 3, 299, 2);
	/* and no more if that is refused */
	ck_assert(readplan_split(&plan, &profile, 2));
	assert_request(&plan, 2, 3, 300, 1);
	ck_assert(!readplan_split(&plan, &profile, 2));
}
END_TEST

/* Rows, status and identity that are not the same registers again. */
static int count_pieces(const struct profile *profile)
{
	static bool seen[2][301][3];
	int n = 0;

	memset(seen, 0, sizeof(seen));
	for (int i = 0; i < profile->n_rows; i++) {
		const struct profile_row *row = &profile->rows[i];
		seen[row->function - 3][row->address][register_count(row->type)] = true;
	}
	seen[0][profile->statuses[0].normal.at.address][1] = true;
	seen[1][profile->identity.at.address][1] = true;
	for (int i = 0; i < 2 * 301 * 3; i++)
		n += (&seen[0][0][0])[i];
	return n;
}

START_TEST(any_plan_splits_down_to_its_rows_within_its_bounds)
{
	for (unsigned seed = 1; seed < 300; seed++) {
		struct profile profile = {.n_rows = PROFILE_ROWS_MAX, .max_hole = (int)seed % 20};
		struct readplan plan;

		srand(seed);
		set_status(&profile, 3, rand() % 300, 0, 0);
		set_identity(&profile, 4, rand() % 300, 0);
		for (int i = 0; i < profile.n_rows; i++)
			profile.rows[i] =
				row_at((uint8_t)(3 + rand() % 2), (uint16_t)(rand() % 300),
				       rand() % 2 ? TYPE_F32 : TYPE_U16);
		readplan_make(&profile, &plan);
		for (int i = 0; i < plan.n;)
			i += !readplan_split(&plan, &profile, i);
		ck_assert_int_eq(plan.n, count_pieces(&profile));
		for (int i = 0; i < plan.n; i++)
			ck_assert_int_le(plan.requests[i].count, 2);
		for (int i = 0; i < profile.n_rows; i++) {
			uint16_t replies[READPLAN_REQUESTS_MAX][READPLAN_REGISTERS_MAX];
			const struct profile_row *row = &profile.rows[i];
			const struct request wanted = {row->function, row->address,
						       (uint16_t)register_count(row->type)};
			int at = -1;
			ck_assert_ptr_nonnull(readplan_words(
				&plan, (const uint16_t(*)[READPLAN_REGISTERS_MAX])replies, &wanted,
				&at));
		}
	}
}
END_TEST

START_TEST(a_fence_is_like_no_request_and_reads_whole_pieces_where_it_can)
{
	struct profile_row far[] = {row_at(4, 192, TYPE_F32), row_at(4, 224, TYPE_F32)};
	struct profile_row near[] = {row_at(3, 10, TYPE_F32), row_at(3, 12, TYPE_U16),
				     row_at(3, 40, TYPE_U16)};
	struct profile_row single[] = {row_at(3, 10, TYPE_U16), row_at(3, 40, TYPE_U16)};
	struct profile profile = profile_of(2, far, 0);
	struct readplan plan;
	struct request fence;

	readplan_make(&profile, &plan);
	ck_assert(readplan_fence(&plan, &profile, &fence));
	ck_assert(fence.function == 4 && fence.address == 192 && fence.count == 1);
	profile = profile_of(3, near, 0);
	readplan_make(&profile, &plan); /* three registers and one */
	ck_assert(readplan_fence(&plan, &profile, &fence));
	ck_assert(fence.function == 3 && fence.address == 10 && fence.count == 2);
	profile = profile_of(2, single, 0);
	readplan_make(&profile, &plan);
	ck_assert(!readplan_fence(&plan, &profile, &fence));
}
END_TEST

START_TEST(only_a_request_for_what_never_changes_can_be_left_out)
{
	struct profile_row rows[] = {row_at(3, 10, TYPE_F32), row_at(3, 12, TYPE_U16)};
	struct profile profile = profile_of(2, rows, 4);
	struct readplan plan;

	readplan_make(&profile, &plan);
	ck_assert(!readplan_only_proves(&plan, &profile, 0));
	set_identity(&profile, 3, 2000, 0);
	profile.n_expects = 2;
	profile.expects[0].at = (struct profile_place){.function = 3, .address = 2003};
	profile.expects[1].at = (struct profile_place){.function = 4, .address = 7};
	readplan_make(&profile, &plan);
	ck_assert_int_eq(plan.n, 3);
	ck_assert(!readplan_only_proves(&plan, &profile, 0));
	assert_request(&plan, 1, 3, 2000, 4);
	ck_assert(readplan_only_proves(&plan, &profile, 1));
	assert_request(&plan, 2, 4, 7, 1);
	ck_assert(readplan_only_proves(&plan, &profile, 2));
	profile.identity.at.address = 8; /* joined with the rows */
	readplan_make(&profile, &plan);
	ck_assert(!readplan_only_proves(&plan, &profile, 0));
}
END_TEST

START_TEST(no_request_asks_for_more_than_the_device_gives_at_once)
{
	for (int round = 0; round < 2000; round++) {
		struct profile profile = {.max_hole = (int)(unit_random() % 5)};
		struct readplan plan;
		int most = 1 + (int)(unit_random() % 20), address = 0, wanted = 0, read = 0;
		while (profile.n_rows < 12) {
			struct profile_row *row = &profile.rows[profile.n_rows++];
			row->function = 3;
			row->type = unit_random() % 2 ? TYPE_U32 : TYPE_U16;
			row->address = (uint16_t)(address += (int)(unit_random() % 4));
			address += register_count(row->type);
			wanted += register_count(row->type);
		}
		readplan_make_short(&profile, most, &plan);
		for (int i = 0; i < plan.n; i++) {
			ck_assert_int_le(plan.requests[i].count, most > 2 ? most : 2);
			ck_assert(most > 1 || plan.requests[i].count == 1 || plan.n_pieces[i] == 1);
			read += plan.requests[i].count;
		}
		ck_assert_int_ge(read, wanted);
		for (int i = 0; i < profile.n_rows; i++) {
			const struct request row = {3, profile.rows[i].address,
						    (uint16_t)register_count(profile.rows[i].type)};
			static const uint16_t replies[READPLAN_REQUESTS_MAX]
						     [READPLAN_REGISTERS_MAX];
			int request;
			ck_assert_ptr_nonnull(readplan_words(&plan, replies, &row, &request));
		}
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("readplan");
	TCase *tc = tcase_create("readplan");

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, no_request_asks_for_more_than_the_device_gives_at_once);
	tcase_add_test(tc, a_request_that_is_refused_is_split_at_its_largest_hole);
	tcase_add_test(tc, without_a_hole_the_parts_have_unlike_quantities);
	tcase_add_test(tc, a_quantity_that_would_come_twice_reads_known_registers_again);
	tcase_add_test(tc, any_plan_splits_down_to_its_rows_within_its_bounds);
	tcase_add_test(tc, only_a_request_for_what_never_changes_can_be_left_out);
	tcase_add_test(tc, neighbouring_registers_are_one_request);
	tcase_add_test(tc, functions_are_never_mixed);
	tcase_add_test(tc, a_hole_is_read_across_up_to_its_limit);
	tcase_add_test(tc, registers_that_nobody_named_are_never_asked_for);
	tcase_add_test(tc, the_status_register_is_read_with_the_rows);
	tcase_add_test(tc, words_outside_every_request_are_not_found);
	tcase_add_test(tc, every_profile_gets_a_plan_that_keeps_the_rules);
	tcase_add_test(tc, a_fence_is_like_no_request_and_reads_whole_pieces_where_it_can);
	tcase_add_test(tc, the_order_of_the_rows_does_not_change_the_plan);
	tcase_add_test(tc, the_time_on_the_line_counts_every_character);
	suite_add_tcase(suite, tc);
	return suite;
}
