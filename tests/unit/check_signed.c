/* SPDX-License-Identifier: MIT */
/* Signed commands through inbox, engine and database, while power or disk fail. */
#include "inbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "disk.h"
#include "log.h"
#include "payload.h"
#include "pipeline.h"
#include "sign.h"
#include "signing_key.h"
#include "station.h"
#include "unit.h"
#include "verify.h"

#define NOW_MS (H * HOUR_MS)
#define COUNTER 7
#define CUTS_EACH 4

static const char keys[] = "mqtt: {host: 127.0.0.1, command_keys: [{name: city, public: "
			   "\"" PUBLIC_TEXT "\"}]}\n";

static struct inbox *inbox;
static struct spool *spool;

static void silence(enum log_level level, const char *line)
{
	(void)level, (void)line;
}

static void begin(void)
{
	disk_install();
	write_key();
	conf = station_conf("hj633-2012", "hetang-2024", keys);
	log_capture(silence);
}

static void open_station(void)
{
	start();
	spool = spool_open("/nonexistent"); /* what is in memory only is lost with a kill */
	inbox = inbox_new(conf, store, engine, spool);
	ck_assert_ptr_nonnull(inbox);
}

static void close_station(void)
{
	inbox = inbox_free(inbox);
	spool = spool_close(spool);
	killed();
}

/* A station whose tables are made. */
static void begin_anew(void)
{
	static bool kept;
	char numbers[512];
	if (!kept) {
		disk_format();
		open_station();
		close_station();
		disk_keep();
		kept = true;
	}
	disk_take_kept();
	snprintf(numbers, sizeof(numbers), "%s/state.db-numbers", conf->data_dir);
	unlink(numbers); /* it is on the machine's own disk */
	open_station();
}

/* A directive of the city as it comes from the network. */
static void give(const char *id, int counter)
{
	char prefix[PAYLOAD_PREFIX_MAX], topic[PAYLOAD_TOPIC_MAX], json[512], text[SIGN_TEXT_SIZE];
	char payload[1024];
	payload_prefix(conf, prefix);
	snprintf(topic, sizeof(topic), "%scmd/directive", prefix);
	snprintf(json, sizeof(json),
		 "{\"id\":\"%s\",\"issuer\":\"city\",\"time\":\"2013-11-09T06:00:00+08:00\","
		 "\"level\":\"orange\",\"start\":\"2013-11-09T06:00:00+08:00\","
		 "\"target\":\"test-01\",\"counter\":%d,"
		 "\"not_after\":\"2013-11-30T00:00:00+08:00\"}",
		 id, counter);
	ck_assert(sign_make(key_path, topic, json, strlen(json), text));
	int n = snprintf(payload, sizeof(payload), SIGN_MARK "city %s\n%s", text, json);
	spool_append(spool, "directive", 0, payload, n);
	inbox_work(inbox, NOW_MS, TIME_SYNCHRONISED);
}

static int64_t commands(void)
{
	return ask("SELECT count(*) FROM commands");
}

static int64_t counter(void)
{
	return ask("SELECT coalesce(max(counter), 0) FROM signers");
}

static int operations_of_a_command(void)
{
	begin_anew();
	disk_cut(0);
	give("d-1", COUNTER);
	int n = disk_operations();
	ck_assert_int_eq(commands(), 1);
	ck_assert_int_eq(counter(), COUNTER);
	close_station();
	return n;
}

/* The same message once more is nothing new, and an older one of the key is refused. */
static void assert_taken_once(int at)
{
	ck_assert_msg(commands() == 1 && counter() == COUNTER, "at operation %d: %lld, %lld", at,
		      (long long)commands(), (long long)counter());
	give("d-1", COUNTER);
	give("d-0", COUNTER - 1);
	give("d-2", COUNTER);
	ck_assert_int_eq(commands(), 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 1);
	ck_assert_int_eq(counter(), COUNTER);
}

START_TEST(a_power_cut_at_any_operation_leaves_a_signed_command_with_its_counter_or_neither)
{
	int n = operations_of_a_command() + 1, both = 0; /* the last cut comes after all of them */
	ck_assert_int_gt(n, 3);
	for (int i = 0; i < n * CUTS_EACH; i++) {
		begin_anew();
		disk_cut(1 + i / CUTS_EACH);
		give("d-1", COUNTER);
		close_station();
		disk_restart();
		open_station();
		ck_assert_msg((commands() == 1) == (counter() == COUNTER), "operation %d of %d",
			      1 + i / CUTS_EACH, n);
		both += commands() == 1;
		give("d-1", COUNTER);
		assert_taken_once(1 + i / CUTS_EACH);
		close_station();
	}
	ck_assert_int_gt(both, 0);
	ck_assert_int_lt(both, n * CUTS_EACH);
	printf("# %d operations, %d of %d cuts found both\n", n, both, n * CUTS_EACH);
}
END_TEST

static void fail_and_recover(int at, int times, bool is_full)
{
	begin_anew();
	store_keep(store, 1 << 20);
	disk_fail(at, times, is_full);
	give("d-1", COUNTER);
	assert_taken_once(at);
	disk_fail(0, 0, false);
	ck_assert_int_eq(store_recover(store), 0);
	ck_assert(!store_is_volatile(store));
	assert_taken_once(at);
	close_station();
	open_station();
	assert_taken_once(at);
	close_station();
}

START_TEST(a_disk_that_fails_at_any_operation_costs_neither_a_signed_command_nor_its_counter)
{
	int n = operations_of_a_command();
	for (int at = 1; at <= n; at++) {
		fail_and_recover(at, 1, false);
		fail_and_recover(at, -1, false);
		fail_and_recover(at, -1, true);
	}
}
END_TEST

START_TEST(a_replay_has_no_effect_while_nothing_of_the_disk_can_be_read)
{
	begin_anew();
	give("d-1", COUNTER);
	store_keep(store, 1 << 20);
	disk_fail(1, -1, false);
	give("d-1", COUNTER);
	ck_assert(store_is_volatile(store));
	ck_assert_int_eq(counter(), 0); /* the disk's row did not come along */
	give("d-1", COUNTER);
	ck_assert_int_eq(commands(), 0);
	give("d-2", COUNTER + 1);
	give("d-2", COUNTER + 1);
	ck_assert_int_eq(commands(), 1);
	disk_fail(0, 0, false);
	ck_assert_int_eq(store_recover(store), 0);
	ck_assert_int_eq(commands(), 2);
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 2);
	ck_assert_int_eq(counter(), COUNTER + 1);
	close_station();
}
END_TEST

/* ---- what a directive and a receipt leave behind ---- */

static void give_receipt(const char *json)
{
	spool_append(spool, "receipt", 0, json, (int)strlen(json));
	inbox_work(inbox, NOW_MS, TIME_SYNCHRONISED);
}

#define RECEIPT                                                                                    \
	"{\"id\":\"r-1\",\"issuer\":\"unit\",\"time\":\"2013-11-09T06:00:00+08:00\","              \
	"\"ref\":\"d-1\",\"unit\":\"edu\",\"person\":\"p\",\"outcome\":\"done\"}"

/* The directive has its event and its row of what was in force, or there is none of the three; a
 * receipt its command; and the logs are whole. */
static void assert_whole(int at)
{
	struct chain_check checks[VERIFIED_COUNT];
	int64_t directives = ask("SELECT count(*) FROM directives");
	ck_assert_msg(ask("SELECT count(*) FROM events WHERE about = 'directive'") == directives,
		      "at operation %d: events of %lld directives", at, (long long)directives);
	ck_assert_msg(ask("SELECT count(*) FROM force_log") == directives,
		      "at operation %d: in force of %lld directives", at, (long long)directives);
	ck_assert_msg(ask("SELECT count(*) FROM receipts") ==
			      ask("SELECT count(*) FROM commands WHERE kind = 'receipt'"
				  " AND outcome = 'accepted'"),
		      "at operation %d: receipts", at);
	ck_assert_int_eq(ask("SELECT sum(rows) - (SELECT count(*) FROM commands)"
			     " FROM command_totals"),
			 0);
	ck_assert_int_eq(verify_logs(store, NULL, checks), 0);
	for (int i = 0; i < VERIFIED_COUNT; i++)
		ck_assert_msg(checks[i].bad == 0, "at operation %d: chain %d", at, i);
}

static void assert_everything(int at)
{
	assert_whole(at);
	ck_assert_msg(ask("SELECT count(*) FROM directives") == 1 &&
			      ask("SELECT count(*) FROM receipts") == 1,
		      "at operation %d: something is lost", at);
}

static void give_both(void)
{
	give("d-1", COUNTER);
	give_receipt(RECEIPT);
}

static int operations_of_both(void)
{
	begin_anew();
	disk_cut(0);
	give_both();
	int n = disk_operations();
	assert_everything(0);
	close_station();
	return n;
}

START_TEST(a_power_cut_at_any_operation_leaves_event_in_force_log_and_receipt_whole_or_not_at_all)
{
	int n = operations_of_both() + 1;
	for (int i = 0; i < n; i++) {
		begin_anew();
		disk_cut(1 + i);
		give_both();
		close_station();
		disk_restart();
		open_station();
		assert_whole(1 + i);
		give_both(); /* the spool's, once more */
		assert_everything(1 + i);
		close_station();
	}
	printf("# %d operations\n", n);
}
END_TEST

START_TEST(a_disk_full_or_failing_at_any_operation_loses_no_event_nothing_in_force_and_no_receipt)
{
	int n = operations_of_both();
	for (int at = 1; at <= n; at++) {
		begin_anew();
		store_keep(store, 1 << 20);
		disk_fail(at, -1, at % 2 == 0);
		give_both(); /* what the receipt answers may be on the disk that cannot be read */
		disk_fail(0, 0, false);
		ck_assert_int_eq(store_recover(store), 0);
		for (int i = 0; i < 2; i++) {
			assert_whole(at);
			ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 1);
			ck_assert_int_eq(ask("SELECT count(*) FROM commands"), 2);
			close_station();
			open_station();
		}
		close_station();
	}
}
END_TEST

START_TEST(an_unsigned_command_is_kept_without_blanks_and_a_signed_one_byte_for_byte)
{
	static const char loose[] =
		"{ \"unit\" : \"\\u0065du\",\n\t\"ref\":\"d-1\",\"id\":\"r-1\", "
		"\"issuer\":\"unit\",\"time\":"
		"\"2013-11-09T06:00:00+08:00\", \"person\":\"p\",\"outcome\":\"done\"}  ";
	begin_anew();
	give("d-1", COUNTER);
	ck_assert_int_eq(ask("SELECT count(*) FROM commands WHERE kind = 'directive'"
			     " AND json LIKE '{\"id\":\"d-1\",\"issuer\":\"city\",%'"),
			 1);
	give_receipt(loose);
	ck_assert_int_eq(ask("SELECT length(json) = (SELECT length(json(json)))"
			     " AND json LIKE '{\"id\":\"r-1\",\"issuer\":\"unit\",\"outcome\":%'"
			     " FROM commands WHERE kind = 'receipt'"),
			 1);
	give_receipt(RECEIPT); /* says the same: it is the same command */
	ck_assert_int_eq(ask("SELECT count(*) FROM commands WHERE kind = 'receipt'"), 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox WHERE topic = 'reply'"
			     " AND payload LIKE '%repeated%'"),
			 1);
	close_station();
}
END_TEST

static void end(void)
{
	conf = conf_free(conf);
}

Suite *unit_suite(void)
{
	Suite *suite = suite_create("signed");
	TCase *tc = tcase_create("signed");
	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(
		tc,
		a_power_cut_at_any_operation_leaves_a_signed_command_with_its_counter_or_neither);
	tcase_add_test(
		tc,
		a_disk_that_fails_at_any_operation_costs_neither_a_signed_command_nor_its_counter);
	tcase_add_test(
		tc,
		a_power_cut_at_any_operation_leaves_event_in_force_log_and_receipt_whole_or_not_at_all);
	tcase_add_test(
		tc,
		a_disk_full_or_failing_at_any_operation_loses_no_event_nothing_in_force_and_no_receipt);
	tcase_add_test(tc,
		       an_unsigned_command_is_kept_without_blanks_and_a_signed_one_byte_for_byte);
	tcase_add_test(tc, a_replay_has_no_effect_while_nothing_of_the_disk_can_be_read);
	suite_add_tcase(suite, tc);
	return suite;
}
