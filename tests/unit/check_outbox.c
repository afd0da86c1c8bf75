/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "open_station.h"
#include "outbox_one.h"
#include "unit.h"

#define ROWS 64

static void reopen(void)
{
	close_station();
	open_station();
}

static int answer(int64_t seq, enum outbox_outcome outcome, int reason)
{
	const struct outbox_answer answer = {.seq = seq, .outcome = outcome, .reason = reason};
	return outbox_answer(store, &answer);
}

static int confirm(int64_t seq)
{
	return answer(seq, OUTBOX_DELIVERED, 0);
}

static int block(int64_t seq, int reason)
{
	return answer(seq, OUTBOX_REFUSED, reason);
}

static int retry(int64_t seq)
{
	return seq == 0 ? outbox_retry_all(store) : answer(seq, OUTBOX_FAILED, 0);
}

#define DB "cffec986-8c71-4aff-95fe-1237b248c898"
#define OTHER_DB "0f9eb1b5-4260-4375-a453-3adeba5f697a"
#define EVENT(seq) "{\"id\":\"" DB "-" #seq "\"}"

/* The platform's own ack. */
static void has(const char *db, int64_t seq)
{
	struct outbox_answer answer = {.seq = seq, .outcome = OUTBOX_CONFIRMED};
	snprintf(answer.db, sizeof(answer.db), "%s", db);
	ck_assert_int_eq(outbox_answer(store, &answer), 0);
}

/* PUBACK at a moment of the monotonic clock. */
static void acked(int64_t seq, int64_t now_ms)
{
	const struct outbox_answer answer = {.seq = seq, .outcome = OUTBOX_ACKED, .now_ms = now_ms};
	ck_assert_int_eq(outbox_answer(store, &answer), 0);
}

static void execute(const char *sql)
{
	char path[512];
	sqlite3 *db;
	snprintf(path, sizeof(path), "%s/state.db", dir);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

enum kind { PLAIN = 0, RETAIN = 1, REPLACES = 2, STATE = RETAIN | REPLACES };

/* Appends inside the transaction that is open; returns the seq. */
static int64_t add(const char *topic, enum outbox_class class, enum kind kind, const char *payload)
{
	int dropped = -1;
	struct outbox_row row = {.class = class,
				 .retain = (kind & RETAIN) != 0,
				 .replaces = (kind & REPLACES) != 0,
				 .payload = (char *)payload};
	snprintf(row.topic, sizeof(row.topic), "%s", topic);
	ck_assert_int_eq(outbox_next_seq(store, &row.seq), 0);
	ck_assert_int_eq(outbox_append(store, &row, &dropped), 0);
	ck_assert_int_ge(dropped, 0);
	return row.seq;
}

static int64_t append(const char *topic, enum outbox_class class, enum kind kind,
		      const char *payload)
{
	ck_assert_int_eq(store_begin(store), 0);
	int64_t seq = add(topic, class, kind, payload);
	ck_assert_int_eq(store_commit(store), 0);
	return seq;
}

/* Takes up to max rows and checks that they carry exactly these seqs, ended by 0. */
static void take(int max, const int64_t *expected)
{
	struct outbox_row rows[ROWS];
	int n = -1;
	ck_assert_int_eq(outbox_take(store, max, rows, &n), 0);
	for (int i = 0; i < n; i++) {
		ck_assert_int_eq(rows[i].seq, expected[i]);
		outbox_row_done(&rows[i]);
	}
	ck_assert_int_eq(expected[n], 0);
}
#define TAKE(max, ...) take(max, (const int64_t[]){__VA_ARGS__, 0})
#define TAKE_NOTHING() take(ROWS, (const int64_t[]){0})

static void check_counts(int pending, int sent, int blocked)
{
	struct outbox_counts counts;
	ck_assert_int_eq(outbox_counts(store, &counts), 0);
	ck_assert_int_eq(counts.pending, pending);
	ck_assert_int_eq(counts.sent, sent);
	ck_assert_int_eq(counts.blocked, blocked);
}

START_TEST(a_row_comes_out_as_it_went_in)
{
	struct outbox_row row;
	int n = 0;
	int64_t seq = append("warning/event", OUTBOX_WARNING, PLAIN, "{\"text\": \"橙色预警\"}");
	ck_assert_int_eq(outbox_take(store, 1, &row, &n), 0);
	ck_assert_int_eq(n, 1);
	ck_assert_int_eq(row.seq, seq);
	ck_assert_str_eq(row.topic, "warning/event");
	ck_assert_int_eq(row.class, OUTBOX_WARNING);
	ck_assert(!row.retain);
	ck_assert(!row.replaces);
	ck_assert_str_eq(row.payload, "{\"text\": \"橙色预警\"}");
	outbox_row_done(&row);
	outbox_row_done(&row);
	outbox_row_done(NULL);
}
END_TEST

START_TEST(warnings_go_before_state_and_state_before_data_each_oldest_first)
{
	int64_t d1 = append("aqi", OUTBOX_DATA, RETAIN, "d1");
	int64_t s1 = append("health", OUTBOX_STATE, RETAIN, "s1");
	int64_t w1 = append("warning/event", OUTBOX_WARNING, PLAIN, "w1");
	int64_t d2 = append("aqi", OUTBOX_DATA, RETAIN, "d2");
	int64_t w2 = append("warning/event", OUTBOX_WARNING, PLAIN, "w2");
	TAKE(2, w1, w2);
	TAKE(2, s1, d1);
	TAKE(5, d2);
	TAKE_NOTHING();
	check_counts(0, 5, 0);
}
END_TEST

static bool is_urgent(void)
{
	struct outbox_counts counts;
	ck_assert_int_eq(outbox_counts(store, &counts), 0);
	return counts.urgent;
}

START_TEST(what_waits_is_urgent_as_long_as_a_warning_is_among_it)
{
	append("aqi", OUTBOX_DATA, RETAIN, "d");
	append("health", OUTBOX_STATE, RETAIN, "s");
	ck_assert(!is_urgent());
	int64_t seq = append("warning/event", OUTBOX_WARNING, PLAIN, "w");
	ck_assert(is_urgent());
	TAKE(1, seq);
	ck_assert(!is_urgent());
	ck_assert_int_eq(outbox_retry_all(store), 0);
	ck_assert(is_urgent());
}
END_TEST

START_TEST(a_row_leaves_only_when_it_is_confirmed)
{
	struct outbox_counts counts;
	int64_t a = append("aqi", OUTBOX_DATA, RETAIN, "a");
	int64_t b = append("aqi", OUTBOX_DATA, RETAIN, "b");
	TAKE(5, a, b);
	ck_assert_int_eq(confirm(b), 0);
	ck_assert_int_eq(confirm(b), 0);
	ck_assert_int_eq(confirm(12345), 0);
	check_counts(0, 1, 0);
	ck_assert_int_eq(outbox_counts(store, &counts), 0);
	ck_assert_int_eq(counts.oldest_seq, a);
	ck_assert_int_eq(confirm(a), 0);
	ck_assert_int_eq(outbox_counts(store, &counts), 0);
	ck_assert_int_eq(counts.oldest_seq, 0);
}
END_TEST

START_TEST(the_counts_are_those_of_the_moment_also_after_a_rollback)
{
	append("aqi", OUTBOX_DATA, RETAIN, "a");
	check_counts(1, 0, 0);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(store_begin(store), 0);
		add("warning", OUTBOX_WARNING, PLAIN, "w");
		check_counts(2, 0, 0);
		store_rollback(store);
		check_counts(1, 0, 0);
	}
}
END_TEST

START_TEST(every_sent_row_waits_again_after_a_restart_and_no_blocked_one)
{
	int64_t a = append("aqi", OUTBOX_DATA, RETAIN, "a");
	int64_t b = append("aqi", OUTBOX_DATA, RETAIN, "b");
	int64_t c = append("aqi", OUTBOX_DATA, RETAIN, "c");
	TAKE(2, a, b);
	ck_assert_int_eq(block(a, 135), 0);
	check_counts(1, 1, 1);
	reopen();
	check_counts(2, 0, 1);
	TAKE(5, b, c);
}
END_TEST

START_TEST(one_row_or_all_sent_rows_can_be_tried_again)
{
	int64_t a = append("warning/event", OUTBOX_WARNING, PLAIN, "a");
	int64_t b = append("warning/event", OUTBOX_WARNING, PLAIN, "b");
	int64_t c = append("warning/event", OUTBOX_WARNING, PLAIN, "c");
	TAKE(5, a, b, c);
	ck_assert_int_eq(retry(b), 0);
	TAKE(5, b);
	ck_assert_int_eq(block(c, 151), 0);
	ck_assert_int_eq(retry(0), 0);
	TAKE(5, a, b);
	ck_assert_int_eq(retry(c), 0);
	TAKE(5, c);
	ck_assert_int_eq(block(a, 151), 0);
	ck_assert_int_eq(block(c, 151), 0);
	TAKE_NOTHING();
	ck_assert_int_eq(outbox_unblock(store, true), 0);
	check_counts(2, 1, 0);
	TAKE(5, a, c);
}
END_TEST

/* The retain flags of everything that waits, oldest first: "R" or "-" each. */
static void check_flags(const char *expected)
{
	struct outbox_row rows[ROWS];
	char flags[ROWS + 1] = "";
	int n = 0;
	ck_assert_int_eq(outbox_take(store, ROWS, rows, &n), 0);
	for (int i = 0; i < n; i++) {
		strcat(flags, rows[i].retain ? "R" : "-");
		outbox_row_done(&rows[i]);
	}
	ck_assert_str_eq(flags, expected);
}

START_TEST(only_the_newest_row_of_a_retained_topic_is_sent_with_the_flag)
{
	append("aqi", OUTBOX_DATA, RETAIN, "1");
	append("warning/cap/advice", OUTBOX_DATA, RETAIN, "2");
	append("aqi", OUTBOX_DATA, RETAIN, "3");
	append("warning/event", OUTBOX_DATA, PLAIN, "4");
	append("aqi", OUTBOX_DATA, RETAIN, "5");
	check_flags("-R--R");
}
END_TEST

START_TEST(an_acked_row_is_sent_again_after_5_min_doubling_to_6_h_until_it_is_confirmed)
{
	int64_t now_ms = 1000, waits[] = {5, 10, 20, 40, 80, 160, 320, 360, 360};
	int64_t seq = append("warning/event", OUTBOX_WARNING, PLAIN, EVENT(1));
	for (size_t i = 0; i < sizeof(waits) / sizeof(*waits); i++) {
		TAKE(5, seq);
		acked(seq, now_ms);
		now_ms += waits[i] * 60 * 1000 - 1;
		ck_assert_int_eq(outbox_resend(store, now_ms), 0);
		TAKE_NOTHING();
		ck_assert_int_eq(outbox_resend(store, ++now_ms), 0);
	}
	TAKE(5, seq);
	acked(seq, now_ms);
	has(DB, seq);
	check_counts(0, 0, 0);
	ck_assert_int_eq(outbox_resend(store, INT64_MAX), 0);
	TAKE_NOTHING();
}
END_TEST

START_TEST(a_restart_or_a_lost_connection_sends_acked_rows_again)
{
	int64_t a = append("warning/event", OUTBOX_WARNING, PLAIN, "a");
	TAKE(5, a);
	acked(a, 0);
	TAKE_NOTHING();
	reopen();
	TAKE(5, a);
	acked(a, 0);
	ck_assert_int_eq(outbox_retry_all(store), 0);
	TAKE(5, a);
}
END_TEST

START_TEST(an_ack_of_the_platform_ends_only_rows_that_were_sent)
{
	int64_t a = append("warning/event", OUTBOX_WARNING, PLAIN, EVENT(1));
	int64_t b = append("warning/event", OUTBOX_WARNING, PLAIN, EVENT(2));
	TAKE(1, a);
	for (int64_t seq = -1; seq < b + 3; seq++)
		has(DB, seq);
	check_counts(1, 0, 0);
	TAKE(5, b);
}
END_TEST

START_TEST(an_ack_ends_the_row_whose_id_it_names_whichever_uuid_that_has)
{
	int64_t now = append("warning/event", OUTBOX_WARNING, PLAIN, EVENT(1));
	int64_t before =
		append("warning/event", OUTBOX_WARNING, PLAIN, "{\"id\":\"" OTHER_DB "-2\"}");
	int64_t cap = append("warning/cap", OUTBOX_WARNING, PLAIN,
			     "<?xml?>\n<alert>\n<identifier>" OTHER_DB "-3</identifier>\n");
	int64_t longer = append("warning/event", OUTBOX_WARNING, PLAIN, EVENT(41));
	TAKE(5, now, before, cap, longer);
	has(OTHER_DB, now);
	has(DB, before);
	has(DB, cap);
	has(DB, longer);
	has("", now);
	check_counts(0, 4, 0);
	has(DB, now);
	check_counts(0, 3, 0);
	has(OTHER_DB, before);
	check_counts(0, 2, 0);
	has(OTHER_DB, cap);
	check_counts(0, 1, 0);
}
END_TEST

START_TEST(a_row_that_no_platform_stores_ends_at_its_puback)
{
	int dropped;
	struct outbox_row row = {.topic = "reply", .ends_at_ack = true, .payload = (char *)"r"};
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(outbox_next_seq(store, &row.seq), 0);
	ck_assert_int_eq(outbox_append(store, &row, &dropped), 0);
	ck_assert_int_eq(store_commit(store), 0);
	TAKE(5, row.seq);
	acked(row.seq, 0);
	check_counts(0, 0, 0);
	ck_assert_int_eq(outbox_resend(store, INT64_MAX), 0);
	TAKE_NOTHING();
}
END_TEST

START_TEST(data_older_than_a_month_goes_and_events_of_any_age_stay)
{
	int dropped = -1;
	struct outbox_row old_data = {
		.topic = "aqi", .class = OUTBOX_DATA, .made_ms = 1000, .payload = (char *)"old"};
	struct outbox_row event = {
		.topic = "warning/event", .made_ms = 1000, .payload = (char *)"event"};
	struct outbox_row fresh = {.topic = "aqi",
				   .class = OUTBOX_DATA,
				   .made_ms = 1001 + OUTBOX_DATA_AGE_MS,
				   .payload = (char *)"new"};
	struct outbox_row *const rows[] = {&old_data, &event, &fresh};
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(store_begin(store), 0);
		ck_assert_int_eq(outbox_next_seq(store, &rows[i]->seq), 0);
		ck_assert_int_eq(outbox_append(store, rows[i], &dropped), 0);
		ck_assert_int_eq(store_commit(store), 0);
		ck_assert_int_eq(dropped, i == 2);
	}
	TAKE(5, event.seq, fresh.seq);
}
END_TEST

START_TEST(too_many_bytes_drop_data_then_state_and_no_warning)
{
	size_t large = OUTBOX_BYTES_MAX / 4;
	char *payload = malloc(large + 1);
	memset(payload, 'x', large);
	payload[large] = '\0';
	int64_t d1 = append("aqi", OUTBOX_DATA, RETAIN, payload);
	int64_t s1 = append("reply", OUTBOX_STATE, PLAIN, payload);
	int64_t d2 = append("aqi", OUTBOX_DATA, RETAIN, payload);
	int64_t w1 = append("warning/event", OUTBOX_WARNING, PLAIN, payload);
	check_counts(4, 0, 0);
	int64_t w2 = append("warning/event", OUTBOX_WARNING, PLAIN, payload);
	check_counts(4, 0, 0); /* d1 went */
	int64_t w3 = append("warning/event", OUTBOX_WARNING, PLAIN, payload);
	int64_t w4 = append("warning/event", OUTBOX_WARNING, PLAIN, payload);
	int64_t w5 = append("warning/event", OUTBOX_WARNING, PLAIN, payload);
	free(payload);
	ck_assert(d1 < s1 && s1 < d2);
	TAKE(10, w1, w2, w3, w4, w5);
}
END_TEST

START_TEST(a_replaced_row_that_failed_is_not_sent_again)
{
	int64_t a = append("warning", OUTBOX_WARNING, STATE, "a");
	TAKE(1, a);
	int64_t b = append("warning", OUTBOX_WARNING, STATE, "b");
	ck_assert_int_eq(retry(a), 0);
	TAKE(5, b);
	int64_t c = append("warning", OUTBOX_WARNING, STATE, "c");
	ck_assert_int_eq(block(b, 135), 0);
	check_counts(1, 0, 0);
	TAKE(5, c);
	append("warning", OUTBOX_WARNING, STATE, "d");
	reopen();
	check_counts(1, 0, 0);
}
END_TEST

static bool is_aqi(const char *topic)
{
	return strcmp(topic, "aqi") == 0;
}

START_TEST(a_broker_that_forgot_gets_the_retained_topics_again_under_their_old_seq)
{
	int64_t order = append("order/9", OUTBOX_WARNING, STATE, "order");
	int64_t aqi = append("aqi", OUTBOX_DATA, RETAIN, "aqi");
	int64_t event = append("warning/event", OUTBOX_WARNING, PLAIN, "event");
	TAKE(5, order, event, aqi);
	for (int64_t seq = order; seq <= event; seq++)
		ck_assert_int_eq(confirm(seq), 0);
	ck_assert_int_eq(outbox_again(store, 0, is_aqi), 0);
	ck_assert_int_eq(outbox_again(store, 0, is_aqi), 0);
	check_counts(1, 0, 0);
	TAKE(5, order);
	acked(order, 0);
	check_counts(0, 0, 0);
	ck_assert_int_eq(append("aqi", OUTBOX_DATA, RETAIN, "next"), event + 1);
}
END_TEST

START_TEST(one_exchange_settles_what_was_sent_and_takes_what_comes_next)
{
	struct outbox_row rows[4];
	int64_t a = append("warning/event", OUTBOX_WARNING, PLAIN, "a");
	int64_t b = append("warning/event", OUTBOX_WARNING, PLAIN, "b");
	int64_t c = append("warning/event", OUTBOX_WARNING, PLAIN, "c");
	TAKE(2, a, b);
	const struct outbox_answer answers[] = {{.seq = a, .outcome = OUTBOX_DELIVERED},
						{.seq = b, .outcome = OUTBOX_FAILED}};
	struct outbox_batch batch = {.n = 4, .rows = rows};
	ck_assert_int_eq(outbox_exchange(store, answers, 2, &batch), 0);
	ck_assert_int_eq(batch.n, 2);
	ck_assert_int_eq(rows[0].seq, b);
	ck_assert_int_eq(rows[1].seq, c);
	outbox_row_done(&rows[0]);
	outbox_row_done(&rows[1]);
	check_counts(0, 2, 0);
}
END_TEST

START_TEST(a_late_row_does_not_overwrite_a_newer_one_that_was_delivered)
{
	int64_t a = append("aqi", OUTBOX_DATA, RETAIN, "old");
	TAKE(1, a);
	int64_t b = append("aqi", OUTBOX_DATA, RETAIN, "new");
	TAKE(1, b);
	ck_assert_int_eq(confirm(b), 0);
	ck_assert_int_eq(retry(a), 0);
	check_flags("-");
}
END_TEST

START_TEST(a_replacing_row_drops_the_older_ones_that_wait_and_none_in_flight)
{
	int64_t a = append("warning", OUTBOX_WARNING, STATE, "a");
	TAKE(1, a);
	int64_t b = append("warning", OUTBOX_WARNING, STATE, "b");
	int64_t other = append("cuts", OUTBOX_WARNING, STATE, "other");
	int64_t c = append("warning", OUTBOX_WARNING, STATE, "c");
	check_counts(2, 1, 0);
	TAKE(5, other, c);
	ck_assert_int_eq(retry(b), 0);
	check_counts(0, 3, 0);
}
END_TEST

START_TEST(events_are_never_dropped_by_what_comes_later)
{
	int64_t a = append("warning/event", OUTBOX_WARNING, PLAIN, "1");
	int64_t b = append("warning/event", OUTBOX_WARNING, REPLACES, "2");
	TAKE(5, a, b);
}
END_TEST

START_TEST(a_full_outbox_drops_its_oldest_data_and_no_warning)
{
	ck_assert_int_eq(store_begin(store), 0);
	int64_t w = add("warning/event", OUTBOX_WARNING, PLAIN, "w");
	int64_t s = add("state", OUTBOX_STATE, STATE, "s");
	int64_t in_flight = add("aqi", OUTBOX_DATA, RETAIN, "0");
	int64_t oldest = add("aqi", OUTBOX_DATA, RETAIN, "1");
	for (int i = 4; i < OUTBOX_ROWS_MAX; i++)
		add("aqi", OUTBOX_DATA, RETAIN, "n");
	ck_assert_int_eq(store_commit(store), 0);
	TAKE(3, w, s, in_flight);
	ck_assert_int_eq(retry(w), 0);
	check_counts(OUTBOX_ROWS_MAX - 2, 2, 0);
	int dropped = -1;
	struct outbox_row row = {.topic = "warning/event", .payload = (char *)"w2"};
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(outbox_next_seq(store, &row.seq), 0);
	ck_assert_int_eq(outbox_append(store, &row, &dropped), 0);
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_int_eq(dropped, 1);
	check_counts(OUTBOX_ROWS_MAX - 2, 2, 0);
	TAKE(3, w, row.seq, oldest + 1);
}
END_TEST

START_TEST(a_seq_is_never_given_twice_even_by_an_empty_outbox_after_a_restart)
{
	int64_t last = 0;
	for (int i = 0; i < 5; i++) {
		int64_t a = append("aqi", OUTBOX_DATA, RETAIN, "x");
		int64_t b = append("aqi", OUTBOX_DATA, RETAIN, "y");
		ck_assert_int_eq(a, last + 1);
		ck_assert_int_eq(b, last + 2);
		last = b;
		ck_assert_int_eq(confirm(a), 0);
		ck_assert_int_eq(confirm(b), 0);
		reopen();
		check_counts(0, 0, 0);
	}
}
END_TEST

START_TEST(a_seq_that_outbox_next_seq_did_not_give_is_refused)
{
	struct outbox_row row = {.topic = "aqi", .payload = (char *)"x"};
	int64_t a = append("aqi", OUTBOX_DATA, RETAIN, "x");
	ck_assert_int_eq(confirm(a), 0);
	for (row.seq = -1; row.seq < a + 4; row.seq++) {
		int dropped = 77;
		if (row.seq == a + 1)
			continue;
		ck_assert_int_eq(store_begin(store), 0);
		ck_assert_int_eq(outbox_append(store, &row, &dropped), -EINVAL);
		ck_assert_int_eq(dropped, 77);
		store_rollback(store);
	}
	check_counts(0, 0, 0);
	ck_assert_int_eq(append("aqi", OUTBOX_DATA, RETAIN, "x"), a + 1);
}
END_TEST

START_TEST(rows_of_a_transaction_that_was_rolled_back_never_were)
{
	append("aqi", OUTBOX_DATA, RETAIN, "kept");
	ck_assert_int_eq(store_begin(store), 0);
	int64_t seq = add("aqi", OUTBOX_DATA, STATE, "lost");
	store_rollback(store);
	check_flags("R");
	ck_assert_int_eq(append("aqi", OUTBOX_DATA, RETAIN, "x"), seq);
}
END_TEST

static void join(void *ctx, const struct outbox_row *row)
{
	char *text = ctx;
	sprintf(text + strlen(text), "%s#%lld=%s ", row->topic, (long long)row->seq, row->payload);
}

START_TEST(the_newest_payload_of_each_retained_topic_stays_after_delivery)
{
	char text[256] = "";
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(confirm(append("aqi", OUTBOX_DATA, RETAIN, i < 2 ? "o" : "n")), 0);
	ck_assert_int_eq(confirm(append("warning/event", OUTBOX_WARNING, PLAIN, "e")), 0);
	int64_t waiting = append("warning", OUTBOX_WARNING, STATE, "w");
	reopen();
	/* one that waits comes in its turn, after the rows before it */
	ck_assert_int_eq(outbox_each_latest(store, 0, join, text), 0);
	ck_assert_str_eq(text, "aqi#3=n ");
	ck_assert_int_eq(confirm(waiting), 0);
	text[0] = '\0';
	ck_assert_int_eq(outbox_each_latest(store, 0, join, text), 0);
	ck_assert_str_eq(text, "aqi#3=n warning#5=w ");
}
END_TEST

/* ---- what expires ---- */

static int64_t append_until(int64_t expires_ms, const char *payload)
{
	int dropped;
	struct outbox_row row = {.topic = "warning/cap/directive",
				 .class = OUTBOX_WARNING,
				 .retain = true,
				 .expires_ms = expires_ms,
				 .payload = (char *)payload};
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(outbox_next_seq(store, &row.seq), 0);
	ck_assert_int_eq(outbox_append(store, &row, &dropped), 0);
	ck_assert_int_eq(store_commit(store), 0);
	return row.seq;
}

/* The seqs that are taken at a moment, as a text. */
static const char *taken_at(int64_t wall_ms)
{
	static char text[64];
	struct outbox_row rows[4];
	struct outbox_batch batch = {wall_ms, 4, rows};
	text[0] = '\0';
	ck_assert_int_eq(outbox_exchange(store, NULL, 0, &batch), 0);
	for (int i = 0; i < batch.n; i++) {
		sprintf(text + strlen(text), "%lld until %lld ", (long long)rows[i].seq,
			(long long)rows[i].expires_ms);
		outbox_row_done(&rows[i]);
	}
	return text;
}

START_TEST(an_expired_row_is_dropped_and_not_sent)
{
	append_until(1000, "a");
	append_until(2000, "b");
	append("warning/event", OUTBOX_WARNING, PLAIN, "e");
	ck_assert_str_eq(taken_at(1000), "2 until 2000 3 until 0 ");
	check_counts(0, 2, 0);
	ck_assert_int_eq(store_damaged(store), 0);
}
END_TEST

START_TEST(an_expired_row_is_not_sent_a_second_time)
{
	int64_t seq = append_until(1000, "a");
	ck_assert_str_eq(taken_at(999), "1 until 1000 ");
	ck_assert_str_eq(taken_at(1000), "");
	check_counts(0, 1, 0); /* its answer is still to come */
	ck_assert_int_eq(retry(seq), 0);
	ck_assert_str_eq(taken_at(1001), "");
	check_counts(0, 0, 0);
	seq = append_until(2000, "a");
	ck_assert_str_eq(taken_at(1001), "2 until 2000 ");
	acked(seq, 0);
	ck_assert_str_eq(taken_at(2000), "");
	ck_assert_int_eq(outbox_resend(store, OUTBOX_RESEND_MAX_MS), 0);
	ck_assert_str_eq(taken_at(2000), "");
}
END_TEST

START_TEST(an_expired_message_is_not_published_again)
{
	char text[256] = "";
	ck_assert_int_eq(confirm(append_until(1000, "a")), 0);
	ck_assert_int_eq(outbox_each_latest(store, 999, join, text), 0);
	ck_assert_str_eq(text, "warning/cap/directive#1=a ");
	text[0] = '\0';
	ck_assert_int_eq(outbox_each_latest(store, 1000, join, text), 0);
	ck_assert_str_eq(text, "");
	ck_assert_int_eq(outbox_again(store, 1000, is_aqi), 0);
	check_counts(0, 0, 0);
	ck_assert_int_eq(outbox_again(store, 999, is_aqi), 0);
	ck_assert_str_eq(taken_at(999), "1 until 1000 ");
}
END_TEST

START_TEST(an_expiry_with_a_flipped_bit_is_damage)
{
	append_until(1000, "a");
	execute("UPDATE outbox SET expires = 1000000; UPDATE latest SET expires = NULL");
	ck_assert_str_eq(taken_at(5000), "");
	ck_assert_int_eq(store_damaged(store), 1);
	char text[64] = "";
	ck_assert_int_eq(outbox_each_latest(store, 5000, join, text), 0);
	ck_assert_str_eq(text, "");
	ck_assert_int_eq(store_damaged(store), 2);
}
END_TEST

START_TEST(a_row_that_hazewatch_never_writes_is_damage_not_a_crash)
{
	struct outbox_row rows[ROWS];
	int n = 42;
	append("warning/event", OUTBOX_WARNING, PLAIN, "good");
	append("aqi", OUTBOX_DATA, RETAIN, "bad");
	execute("UPDATE outbox SET topic = printf('%.500c', 'x') WHERE seq = 2");
	ck_assert_int_eq(outbox_take(store, ROWS, rows, &n), STORE_E_CORRUPT);
	ck_assert_int_eq(n, 42);
	check_counts(2, 0, 0);
	TAKE(1, 1);
	ck_assert_int_eq(confirm(1), 0);
}
END_TEST

/* Against a list kept by hand: whatever happens, nothing is lost, doubled or sent out of order. */
START_TEST(any_sequence_of_events_sends_every_row_until_it_is_confirmed)
{
	enum { GONE, PENDING, SENT, BLOCKED } state[1502] = {GONE};
	struct outbox_row row;
	int last = 0, n = 0;
	for (int step = 0; step < 1500; step++) {
		int seq = 1 + (int)(unit_random() % (unsigned)(last + 1));
		switch (unit_random() % 8) {
		case 0:
		case 1:
			state[++last] = PENDING;
			ck_assert_int_eq(append("warning/event", OUTBOX_WARNING, PLAIN, "x"), last);
			break;
		case 2:
		case 3:
			ck_assert_int_eq(outbox_take(store, 1, &row, &n), 0);
			for (seq = 1; seq <= last && state[seq] != PENDING; seq++)
				;
			ck_assert_int_eq(n, seq <= last);
			if (n == 0)
				break;
			ck_assert_int_eq(row.seq, seq);
			outbox_row_done(&row);
			state[seq] = SENT;
			break;
		case 4:
			ck_assert_int_eq(confirm(seq), 0);
			state[seq] = GONE;
			break;
		case 5:
			ck_assert_int_eq(block(seq, 1), 0);
			if (state[seq] != GONE)
				state[seq] = BLOCKED;
			break;
		case 6:
			ck_assert_int_eq(outbox_unblock(store, true), 0);
			for (int i = 1; i <= last; i++)
				if (state[i] == BLOCKED)
					state[i] = PENDING;
			break;
		default:
			ck_assert_int_eq(retry(0), 0);
			for (int i = 1; i <= last; i++)
				if (state[i] == SENT)
					state[i] = PENDING;
			break;
		}
	}
	int counts[4] = {0};
	for (int i = 1; i <= last; i++)
		counts[state[i]]++;
	check_counts(counts[PENDING], counts[SENT], counts[BLOCKED]);
}
END_TEST

START_TEST(a_row_with_a_flipped_bit_is_not_published_and_counted_once)
{
	append("warning", OUTBOX_WARNING, STATE, "{\"level\":\"yellow\"}");
	int64_t second = append("cuts", OUTBOX_WARNING, STATE, "{}");
	execute("UPDATE outbox SET payload = replace(payload, 'yellow', 'xellow')");
	ck_assert_int_eq(store_damaged(store), 0);
	TAKE(10, second);
	ck_assert_int_eq(store_damaged(store), 1);
	check_counts(0, 1, 0);
	TAKE_NOTHING();
	ck_assert_int_eq(store_damaged(store), 1);
}
END_TEST

Suite *unit_suite(void)
{
	const TTest *const tests[] = {
		a_row_with_a_flipped_bit_is_not_published_and_counted_once,
		a_row_comes_out_as_it_went_in,
		warnings_go_before_state_and_state_before_data_each_oldest_first,
		what_waits_is_urgent_as_long_as_a_warning_is_among_it,
		a_row_leaves_only_when_it_is_confirmed,
		the_counts_are_those_of_the_moment_also_after_a_rollback,
		every_sent_row_waits_again_after_a_restart_and_no_blocked_one,
		one_row_or_all_sent_rows_can_be_tried_again,
		only_the_newest_row_of_a_retained_topic_is_sent_with_the_flag,
		an_acked_row_is_sent_again_after_5_min_doubling_to_6_h_until_it_is_confirmed,
		a_restart_or_a_lost_connection_sends_acked_rows_again,
		an_ack_of_the_platform_ends_only_rows_that_were_sent,
		an_ack_ends_the_row_whose_id_it_names_whichever_uuid_that_has,
		a_row_that_no_platform_stores_ends_at_its_puback,
		data_older_than_a_month_goes_and_events_of_any_age_stay,
		too_many_bytes_drop_data_then_state_and_no_warning,
		a_replaced_row_that_failed_is_not_sent_again,
		a_broker_that_forgot_gets_the_retained_topics_again_under_their_old_seq,
		one_exchange_settles_what_was_sent_and_takes_what_comes_next,
		a_late_row_does_not_overwrite_a_newer_one_that_was_delivered,
		a_replacing_row_drops_the_older_ones_that_wait_and_none_in_flight,
		events_are_never_dropped_by_what_comes_later,
		a_full_outbox_drops_its_oldest_data_and_no_warning,
		a_seq_is_never_given_twice_even_by_an_empty_outbox_after_a_restart,
		a_seq_that_outbox_next_seq_did_not_give_is_refused,
		rows_of_a_transaction_that_was_rolled_back_never_were,
		the_newest_payload_of_each_retained_topic_stays_after_delivery,
		a_row_that_hazewatch_never_writes_is_damage_not_a_crash,
		an_expired_row_is_dropped_and_not_sent,
		an_expired_row_is_not_sent_a_second_time,
		an_expired_message_is_not_published_again,
		an_expiry_with_a_flipped_bit_is_damage,
		any_sequence_of_events_sends_every_row_until_it_is_confirmed,
	};
	Suite *suite = suite_create("outbox");
	TCase *tcase = tcase_create("outbox");
	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, open_station, close_station);
	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
