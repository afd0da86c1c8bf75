/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "outbox_one.h"
#include "post.h"
#include "unit.h"

static struct store *opened;

static void setup(void)
{
	ck_assert_int_eq(store_open(unit_tmpdir(), &opened), 0);
}

static void teardown(void)
{
	opened = store_close(opened);
}

static struct outbox_row post_one(const char *topic, const char *payload)
{
	struct payload_head head = {.time_ms = 1000};
	struct outbox_row row;
	int n = 0;
	ck_assert_int_eq(post_begin(opened, &head), 0);
	ck_assert_int_eq(post_commit(opened, &head, topic, strdup(payload)), 0);
	ck_assert_int_eq(outbox_take(opened, 1, &row, &n), 0);
	ck_assert_int_eq(n, 1);
	ck_assert_int_eq(row.seq, head.seq);
	return row;
}

/* The contract's table, written down once more. */
static const struct {
	const char *topic;
	enum outbox_class class;
	bool retain, ends_at_ack, repeated;
} contract[] = {
	{"state", OUTBOX_STATE, true, true, true},
	{"aqi", OUTBOX_DATA, true, false, true},
	{"warning", OUTBOX_WARNING, true, false, true},
	{"warning/event", OUTBOX_WARNING, false, false, false},
	{"warning/cap/directive", OUTBOX_WARNING, true, false, true},
	{"warning/cap/announced", OUTBOX_WARNING, true, false, true},
	{"warning/cap/advice", OUTBOX_WARNING, true, false, true},
	{"cuts", OUTBOX_WARNING, true, false, true},
	{"order/plant-7", OUTBOX_WARNING, true, false, false},
	{"health", OUTBOX_STATE, true, false, true},
	{"plan", OUTBOX_STATE, true, false, false},
	{"history", OUTBOX_STATE, true, false, false},
	{"forecast", OUTBOX_STATE, true, false, false},
	{"events", OUTBOX_STATE, true, false, false},
	{"roster/12", OUTBOX_STATE, true, false, false},
	{"relay", OUTBOX_STATE, true, false, false},
	{"reply", OUTBOX_STATE, false, true, false},
};

START_TEST(each_topic_is_worth_in_the_outbox_what_the_contract_says)
{
	struct outbox_row row = post_one(contract[_i].topic, "{}");
	ck_assert_str_eq(row.topic, contract[_i].topic);
	ck_assert_int_eq(row.class, contract[_i].class);
	ck_assert_int_eq(row.retain, contract[_i].retain);
	ck_assert_int_eq(post_is_repeated(contract[_i].topic), contract[_i].repeated);
	outbox_row_done(&row);
	/* one that ends at its PUBACK is gone with it, another waits for the platform */
	const struct outbox_answer acked = {.seq = row.seq, .outcome = OUTBOX_ACKED};
	struct outbox_counts counts;
	ck_assert_int_eq(outbox_answer(opened, &acked), 0);
	ck_assert_int_eq(outbox_counts(opened, &counts), 0);
	ck_assert_int_eq(counts.acked, contract[_i].ends_at_ack ? 0 : 1);
}
END_TEST

START_TEST(a_topic_that_is_taken_away_ends_at_its_ack)
{
	struct outbox_row row = post_one("order/plant-7", "");
	const struct outbox_answer acked = {.seq = row.seq, .outcome = OUTBOX_ACKED};
	struct outbox_counts counts;
	outbox_row_done(&row);
	ck_assert_int_eq(outbox_answer(opened, &acked), 0);
	ck_assert_int_eq(outbox_counts(opened, &counts), 0);
	ck_assert_int_eq(counts.acked, 0);
}
END_TEST

START_TEST(a_topic_the_contract_no_longer_has_is_taken_away_all_the_same)
{
	static const char *const topics[] = {"warning/cap", "warning/cap/announced"};
	for (int i = 0; i < 2; i++) {
		struct payload_head head = {.time_ms = 1000, .expires_ms = 2000};
		struct outbox_row row;
		int n = 0;
		ck_assert_int_eq(post_begin(opened, &head), 0);
		ck_assert_int_eq(post_clear(opened, &head, topics[i]), 0);
		ck_assert_int_eq(store_commit(opened), 0);
		ck_assert_int_eq(outbox_take(opened, 1, &row, &n), 0);
		ck_assert_int_eq(n, 1);
		ck_assert_str_eq(row.topic, topics[i]);
		ck_assert_str_eq(row.payload, "");
		ck_assert(row.retain);
		outbox_row_done(&row);
	}
}
END_TEST

START_TEST(a_message_that_cannot_be_built_leaves_no_row_and_no_transaction)
{
	struct payload_head head = {.time_ms = 1000};
	struct outbox_counts counts;
	ck_assert_int_eq(post_begin(opened, &head), 0);
	ck_assert_int_eq(post_commit(opened, &head, "health", NULL), -ENOMEM);
	ck_assert_int_eq(outbox_counts(opened, &counts), 0);
	ck_assert_int_eq(counts.pending, 0);
	struct outbox_row row = post_one("health", "{}");
	outbox_row_done(&row);
}
END_TEST

START_TEST(no_unknown_topic_is_repeated)
{
	ck_assert(!post_is_repeated("order"));
	ck_assert(!post_is_repeated("warning/"));
	ck_assert(!post_is_repeated(""));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("post");
	TCase *tc = tcase_create("post");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, each_topic_is_worth_in_the_outbox_what_the_contract_says, 0,
			    (int)(sizeof(contract) / sizeof(*contract)));
	tcase_add_test(tc, a_topic_that_is_taken_away_ends_at_its_ack);
	tcase_add_test(tc, a_topic_the_contract_no_longer_has_is_taken_away_all_the_same);
	tcase_add_test(tc, a_message_that_cannot_be_built_leaves_no_row_and_no_transaction);
	tcase_add_test(tc, no_unknown_topic_is_repeated);
	suite_add_tcase(suite, tc);
	return suite;
}
