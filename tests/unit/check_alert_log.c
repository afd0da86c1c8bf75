/* SPDX-License-Identifier: MIT */
/* The chains of CAP alerts on disk, and what became of their messages. */
#include <string.h>

#include "alert_log.h"
#include "ask_state.h"
#include "outbox_one.h"

#define T0 INT64_C(1700000000000)
#define HOUR INT64_C(3600000)

static struct alerts alerts;
static struct timetable timetable;
static int64_t now_ms;

static void begin(void)
{
	open_station();
	alerts = (struct alerts){0};
	timetable = (struct timetable){0};
	now_ms = T0;
}

static void put_in_force(int level)
{
	const struct timetable_entry entry = {.number = timetable.n_begun + 1,
					      .level = level,
					      .start_ms = now_ms,
					      .effective_ms = now_ms,
					      .begun_ms = now_ms,
					      .turn = timetable.n_begun + 1};
	timetable.begun[timetable.n_begun++] = entry;
}

static int64_t append_row(const char *payload, int64_t expires_ms)
{
	struct outbox_row row = {.made_ms = now_ms,
				 .topic = "warning/cap/directive",
				 .class = OUTBOX_WARNING,
				 .retain = true,
				 .ends_at_ack = true,
				 .payload = strdup(payload)};
	int dropped;
	(void)expires_ms;
	ck_assert_int_eq(outbox_next_seq(store, &row.seq), 0);
	ck_assert_int_eq(outbox_append(store, &row, &dropped), 0);
	outbox_row_done(&row);
	return row.seq;
}

static void post(const struct alert_message *message)
{
	struct alert_name name = {.key = message->alert.key, .sent = "2023-11-15T06:13:20+08:00"};
	if (message->type == ALERT_EMPTIED) {
		for (int i = 0; i < message->n_references; i++)
			ck_assert_int_eq(alert_log_unsend(store, message->references[i]), 0);
		return;
	}
	name.seq = append_row("alert", message->alert.expires_ms);
	snprintf(name.identifier, sizeof(name.identifier), "HZ-%lld", (long long)name.key);
	ck_assert_int_eq(alert_log_put(store, &name), 0);
}

/* As the engine does: what became of the others, then what is to be sent now. */
static int follow(void)
{
	struct alert_message messages[ALERT_MESSAGES_MAX];
	const struct alert_moment moment = {.now_ms = now_ms};
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(alert_log_follow(store, &alerts), 0);
	int n = alerts_follow(&alerts, &timetable, &moment, messages);
	for (int i = 0; i < n; i++)
		post(&messages[i]);
	ck_assert_int_eq(alert_log_save(store, &alerts), 0);
	ck_assert_int_eq(store_commit(store), 0);
	return n;
}

static void send_all(void)
{
	struct outbox_row rows[8];
	int n = 0;
	ck_assert_int_eq(outbox_take(store, 8, rows, &n), 0);
	for (int i = 0; i < n; i++) {
		ck_assert_int_eq(outbox_confirm(store, rows[i].seq), 0);
		outbox_row_done(&rows[i]);
	}
}

static void same_alert(const struct alert *a, const struct alert *b)
{
	ck_assert_int_eq(a->key, b->key);
	ck_assert_int_eq(a->subject, b->subject);
	ck_assert_int_eq(a->level, b->level);
	ck_assert_int_eq(a->sent_ms, b->sent_ms);
	ck_assert_int_eq(a->onset_ms, b->onset_ms);
	ck_assert_int_eq(a->expires_ms, b->expires_ms);
	ck_assert_int_eq(a->cut, b->cut);
	ck_assert_int_eq(a->overdue, b->overdue);
	ck_assert_int_eq(a->is_public, b->is_public);
	ck_assert_int_eq(a->released, b->released);
	ck_assert_int_eq(a->all_clear, b->all_clear);
	ck_assert_int_eq(a->next_level, b->next_level);
	ck_assert_int_eq(a->next_start_ms, b->next_start_ms);
}

static void same_chain(const struct alert_chain *a, const struct alert_chain *b)
{
	ck_assert_int_eq(a->standing, b->standing);
	same_alert(&a->shown, &b->shown);
	ck_assert_int_eq(a->counted_from_ms, b->counted_from_ms);
	ck_assert_int_eq(a->n_counted, b->n_counted);
	ck_assert_int_eq(a->n_references, b->n_references);
	for (int i = 0; i < a->n_references; i++) {
		const struct alert_reference *x = &a->references[i], *y = &b->references[i];
		ck_assert_int_eq(x->key, y->key);
		ck_assert_int_eq(x->subject, y->subject);
		ck_assert_int_eq(x->onset_ms, y->onset_ms);
		ck_assert_int_eq(x->expires_ms, y->expires_ms);
		ck_assert_int_eq(x->level, y->level);
		ck_assert_int_eq(x->sent, y->sent);
	}
}

static void comes_back(void)
{
	static struct alerts loaded;
	close_station();
	open_station();
	ck_assert_int_eq(alert_log_load(store, &loaded), 0);
	ck_assert_int_eq(loaded.last_key, alerts.last_key);
	for (int t = 0; t < ALERT_TOPIC_COUNT; t++)
		same_chain(&loaded.chains[t], &alerts.chains[t]);
}

static struct alert_chain *directive(void)
{
	return &alerts.chains[ALERT_ON_DIRECTIVE];
}

START_TEST(the_chains_come_back_as_they_were_after_every_step)
{
	comes_back();
	put_in_force(1);
	timetable.pending[0] = (struct timetable_entry){
		.number = 9, .level = 3, .start_ms = T0 + 2 * HOUR, .released = true};
	timetable.n_pending = 1;
	ck_assert_int_eq(follow(), 2);
	comes_back();
	send_all();
	now_ms += HOUR;
	put_in_force(2);
	follow();
	ck_assert_int_gt(directive()->n_references, 1);
	comes_back();
	timetable.n_pending = 0;
	put_in_force(0);
	follow();
	comes_back();
	send_all();
	now_ms += 25 * HOUR;
	follow();
	follow();
	comes_back();
	ck_assert_int_eq(directive()->standing, ALERT_NOTHING);
	ck_assert_str_eq(ask("SELECT count(*) FROM alert_messages"), "0");
}
END_TEST

START_TEST(a_key_is_never_given_twice)
{
	put_in_force(1);
	follow();
	send_all();
	now_ms += HOUR;
	put_in_force(0);
	follow();
	send_all();
	now_ms += 25 * HOUR;
	follow();
	follow();
	int64_t last = alerts.last_key;
	ck_assert_int_ge(last, 2);
	comes_back();
	ck_assert_int_eq(alerts.last_key, last);
}
END_TEST

START_TEST(a_message_is_named_by_its_key_as_long_as_its_chain_refers_to_it)
{
	struct alert_name name;
	put_in_force(1);
	follow();
	ck_assert_int_eq(alert_log_name(store, 1, &name), 0);
	ck_assert_str_eq(name.identifier, "HZ-1");
	ck_assert_str_eq(name.sent, "2023-11-15T06:13:20+08:00");
	ck_assert_int_eq(name.seq, 1);
	ck_assert_int_eq(alert_log_name(store, 2, &name), STORE_E_NONE);
	execute("UPDATE alert_messages SET identifier = 'HZ-2'");
	ck_assert_int_eq(alert_log_name(store, 1, &name), STORE_E_NONE);
}
END_TEST

START_TEST(a_message_that_was_handed_to_the_network_has_left)
{
	struct outbox_row row;
	int n = 0;
	put_in_force(1);
	follow();
	follow();
	ck_assert(!directive()->references[0].sent);
	ck_assert_int_eq(outbox_take(store, 1, &row, &n), 0);
	outbox_row_done(&row);
	follow();
	ck_assert(directive()->references[0].sent);
	comes_back();
}
END_TEST

START_TEST(a_message_that_went_and_was_confirmed_before_anyone_asked_has_left)
{
	put_in_force(1);
	follow();
	send_all();
	ck_assert_str_eq(ask("SELECT count(*) FROM outbox"), "0");
	follow();
	ck_assert(directive()->references[0].sent);
}
END_TEST

START_TEST(a_message_that_vanished_unsent_is_referred_to_no_more)
{
	put_in_force(1);
	follow();
	execute("DELETE FROM outbox");
	follow();
	ck_assert_int_eq(directive()->n_references, 0);
	ck_assert_str_eq(ask("SELECT count(*) FROM alert_messages"), "0");
}
END_TEST

START_TEST(what_was_never_sent_is_taken_out_of_the_outbox)
{
	put_in_force(1);
	follow();
	put_in_force(0);
	follow();
	ck_assert_int_eq(directive()->standing, ALERT_NOTHING);
	ck_assert_str_eq(ask("SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM latest)"),
			 "0|0");
	follow();
	ck_assert_str_eq(ask("SELECT count(*) FROM alert_messages"), "0");
}
END_TEST

START_TEST(what_has_left_is_not_taken_out_of_the_outbox)
{
	struct outbox_row row;
	int n = 0;
	put_in_force(1);
	follow();
	ck_assert_int_eq(outbox_take(store, 1, &row, &n), 0);
	outbox_row_done(&row);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(alert_log_unsend(store, 1), 0);
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_str_eq(ask("SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM latest)"),
			 "1|1");
}
END_TEST

START_TEST(a_transaction_that_failed_is_told_again)
{
	const struct alerts before = alerts;
	(void)before;
	put_in_force(1);
	follow();
	send_all();
	const struct alerts kept = alerts;
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(alert_log_follow(store, &alerts), 0);
	ck_assert(directive()->references[0].sent);
	store_rollback(store);
	alerts = kept;
	follow();
	ck_assert(directive()->references[0].sent);
}
END_TEST

START_TEST(a_damaged_chain_begins_anew_and_is_told)
{
	static const char *const changes[] = {"UPDATE alert_chains SET level = 'red'",
					      "UPDATE alert_chains SET expires = 5",
					      "UPDATE alert_references SET sent = 1 - sent"};
	const char *newest;
	put_in_force(1);
	follow();
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct alerts loaded;
		execute(changes[i]);
		close_station();
		open_station();
		ck_assert_int_eq(alert_log_load(store, &loaded), 0);
		ck_assert_int_ge(store_bad_rows(store, &newest), 1);
		alerts = loaded;
		ck_assert_int_eq(alerts.last_key, (int64_t)i + 1);
		put_in_force(1 + (int)i % 2);
		follow();
		comes_back();
	}
}
END_TEST

Suite *unit_suite(void)
{
	const TTest *const tests[] = {
		the_chains_come_back_as_they_were_after_every_step,
		a_key_is_never_given_twice,
		a_message_is_named_by_its_key_as_long_as_its_chain_refers_to_it,
		a_message_that_was_handed_to_the_network_has_left,
		a_message_that_went_and_was_confirmed_before_anyone_asked_has_left,
		a_message_that_vanished_unsent_is_referred_to_no_more,
		what_was_never_sent_is_taken_out_of_the_outbox,
		what_has_left_is_not_taken_out_of_the_outbox,
		a_transaction_that_failed_is_told_again,
		a_damaged_chain_begins_anew_and_is_told,
	};
	Suite *suite = suite_create("alert_log");
	TCase *tcase = tcase_create("alert_log");
	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, begin, close_station);
	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
