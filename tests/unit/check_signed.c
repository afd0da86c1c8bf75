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
	tcase_add_test(tc, a_replay_has_no_effect_while_nothing_of_the_disk_can_be_read);
	suite_add_tcase(suite, tc);
	return suite;
}
