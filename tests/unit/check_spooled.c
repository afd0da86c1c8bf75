/* SPDX-License-Identifier: MIT */
/* The way of a command from the spool through the inbox into the database, over stops and failing
 * disks. */
#include "inbox.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "full_disk.h"
#include "pipeline.h"
#include "station.h"
#include "unit.h"

#define NOW_MS (H * HOUR_MS)

static struct spool *spool;
static struct inbox *inbox;
static char folder[256];

static void open_inbox(void)
{
	spool = spool_open(folder);
	inbox = inbox_new(conf, store, engine, spool);
	ck_assert_ptr_nonnull(spool);
	ck_assert_ptr_nonnull(inbox);
}

static void close_inbox(void)
{
	inbox = inbox_free(inbox);
	spool = spool_close(spool);
}

static void begin(void)
{
	setup();
	station_import(store, 0, 1); /* what receipts answer */
	stand_before_the_disk();
	snprintf(folder, sizeof(folder), "%s/spool", unit_tmpdir());
	ck_assert(mkdir(folder, 0700) == 0 || errno == EEXIST);
	open_inbox();
}

static void end(void)
{
	disk_is_full = false;
	close_inbox();
	teardown();
}

/* The process is gone, and another one starts. */
static void kill_and_start(void)
{
	close_inbox();
	killed();
	disk_is_full = false;
	start();
	open_inbox();
}

static void come_in(const char *id)
{
	char json[256];
	int n = snprintf(
		json, sizeof(json),
		"{\"id\":\"%s\",\"issuer\":\"x\",\"time\":\"2013-11-09T06:00:00+08:00\","
		"\"ref\":\"order/s000000\",\"unit\":\"eco\",\"person\":\"p\",\"outcome\":\"done\"}",
		id);
	ck_assert_int_ne(spool_append(spool, "receipt", 0, json, n), SPOOL_REFUSED);
}

static bool work(void)
{
	return inbox_work(inbox, NOW_MS, TIME_SYNCHRONISED);
}

static int64_t receipts(void)
{
	return ask("SELECT count(*) FROM receipts");
}

static int64_t replies(const char *with)
{
	char sql[256];
	snprintf(sql, sizeof(sql),
		 "SELECT count(*) FROM outbox WHERE topic = 'reply' AND payload LIKE '%%%s%%'",
		 with);
	return ask(sql);
}

static int waiting(void)
{
	struct spool_state state;
	spool_get_state(spool, &state);
	return state.waiting;
}

static bool spool_is_empty(void)
{
	struct stat st[2];
	for (int i = 0; i < 2; i++) {
		char path[300];
		snprintf(path, sizeof(path), "%s/commands-%d.spool", folder, i + 1);
		ck_assert_int_eq(stat(path, &st[i]), 0);
	}
	return st[0].st_size + st[1].st_size == 0;
}

START_TEST(a_command_leaves_the_spool_when_it_is_in_the_database)
{
	come_in("r-1");
	ck_assert(!spool_is_empty());
	ck_assert(!work());
	ck_assert_int_eq(receipts(), 1);
	ck_assert_int_eq(replies("accepted"), 1);
	ck_assert_int_eq(replies("volatile"), 0);
	ck_assert(spool_is_empty());
}
END_TEST

START_TEST(commands_that_wait_for_the_clock_survive_a_stop)
{
	come_in("r-1");
	come_in("r-2");
	inbox_end(inbox); /* an orderly stop without inbox_work */
	kill_and_start();
	ck_assert_int_eq(waiting(), 2);
	work();
	ck_assert_int_eq(receipts(), 2);
	ck_assert_int_eq(replies("accepted"), 2);
}
END_TEST

START_TEST(a_kill_between_commit_and_cut_makes_a_repetition_and_no_second_effect)
{
	char command[700];
	come_in("r-1");
	snprintf(command, sizeof(command), "cp -r '%s' '%s.killed'", folder, folder);
	ck_assert_int_eq(system(command), 0);
	work();
	close_inbox();
	snprintf(command, sizeof(command), "cp '%s.killed'/* '%s'/", folder, folder);
	ck_assert_int_eq(system(command), 0);
	open_inbox();
	ck_assert_int_eq(waiting(), 1);
	work();
	ck_assert_int_eq(receipts(), 1);
	ck_assert_int_eq(replies("repeated"), 1);
}
END_TEST

START_TEST(the_reply_to_a_command_that_no_disk_has_says_volatile)
{
	close_inbox();
	snprintf(folder, sizeof(folder), "/nonexistent");
	open_inbox();
	come_in("r-1");
	work();
	ck_assert_int_eq(receipts(), 1);
	ck_assert_int_eq(replies("\"volatile\":true"), 1);
}
END_TEST

START_TEST(a_command_stays_in_the_spool_while_the_database_is_in_memory)
{
	disk_is_full = true;
	come_in("r-1");
	work();
	ck_assert(store_is_volatile(store));
	ck_assert(!spool_is_empty());
	ck_assert_int_eq(waiting(), 0);
	kill_and_start();
	ck_assert_int_eq(receipts(), 0); /* what was in memory is gone */
	work();
	ck_assert_int_eq(receipts(), 1);
	ck_assert_int_eq(replies("accepted"), 1);
	ck_assert(spool_is_empty());
}
END_TEST

START_TEST(it_leaves_the_spool_when_the_disk_works_again)
{
	disk_is_full = true;
	come_in("r-1");
	work();
	disk_is_full = false;
	ck_assert_int_eq(store_recover(store), 0);
	work();
	ck_assert(spool_is_empty());
	kill_and_start();
	ck_assert_int_eq(receipts(), 1);
}
END_TEST

START_TEST(many_are_taken_a_few_at_a_time)
{
	char id[32];
	for (int i = 0; i < 2 * INBOX_AT_ONCE + 1; i++) {
		snprintf(id, sizeof(id), "r-%d", i);
		come_in(id);
	}
	ck_assert(work());
	ck_assert_int_eq(receipts(), INBOX_AT_ONCE);
	ck_assert(work());
	ck_assert(!work());
	ck_assert_int_eq(receipts(), 2 * INBOX_AT_ONCE + 1);
}
END_TEST

START_TEST(one_that_the_database_does_not_take_waits_and_holds_up_nobody_for_ever)
{
	come_in("r-1");
	come_in("r-2");
	/* no journal, no memory: the disk refuses and there is no other place */
	store_keep(store, 0);
	disk_is_full = true;
	ck_assert(!work());
	ck_assert_int_eq(waiting(), 2);
	disk_is_full = false;
	ck_assert(!work()); /* not before a second has passed */
	ck_assert_int_eq(waiting(), 2);
	sleep(1);
	usleep(50000);
	work();
	ck_assert_int_eq(receipts(), 2);
	ck_assert(spool_is_empty());
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("spooled");
	TCase *tc = tcase_create("spooled");
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, a_command_leaves_the_spool_when_it_is_in_the_database);
	tcase_add_test(tc, commands_that_wait_for_the_clock_survive_a_stop);
	tcase_add_test(tc, a_kill_between_commit_and_cut_makes_a_repetition_and_no_second_effect);
	tcase_add_test(tc, the_reply_to_a_command_that_no_disk_has_says_volatile);
	tcase_add_test(tc, a_command_stays_in_the_spool_while_the_database_is_in_memory);
	tcase_add_test(tc, it_leaves_the_spool_when_the_disk_works_again);
	tcase_add_test(tc, many_are_taken_a_few_at_a_time);
	tcase_add_test(tc, one_that_the_database_does_not_take_waits_and_holds_up_nobody_for_ever);
	suite_add_tcase(suite, tc);
	return suite;
}
