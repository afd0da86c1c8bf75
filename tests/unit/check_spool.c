/* SPDX-License-Identifier: MIT */
/* What was acknowledged and is not in the database yet, on cards that are cut off, damaged, full,
 * unwritable or slow. */
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "unit.h"

#define HEADER 48 /* bytes in front of each payload */
#define MANY 1000

static struct spool *spool;
static char dir[128];

/* ---- the card, between the spool and the system ---- */

static bool card_is_full, card_fails, card_forgets;
static int slow_cut_ms;
static char *durable; /* the first file at its last fdatasync */
static int64_t durable_n;

static const char *file(int number)
{
	static char path[256];
	snprintf(path, sizeof(path), "%s/commands-%d.spool", dir, number);
	return path;
}

static int64_t size_of(int number)
{
	struct stat st;
	return stat(file(number), &st) == 0 ? st.st_size : -1;
}

ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t offset)
{
	if (card_is_full) {
		errno = ENOSPC;
		return n > 1 ? pwrite(fd, parts[0].iov_base, 10, offset) : -1;
	}
	ssize_t done = 0;
	for (int i = 0; i < n; i++)
		done += pwrite(fd, parts[i].iov_base, parts[i].iov_len, offset + done);
	return done;
}

int fdatasync(int fd)
{
	struct stat st;
	if (card_fails) {
		errno = EIO;
		return -1;
	}
	if (card_forgets && fstat(fd, &st) == 0 && st.st_size > 0) {
		durable = realloc(durable, (size_t)st.st_size);
		durable_n = pread(fd, durable, (size_t)st.st_size, 0);
	}
	return 0; /* these files end with the test */
}

static void pause_ms(int ms)
{
	struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
	nanosleep(&pause, NULL);
}

int ftruncate64(int fd, off64_t size)
{
	if (slow_cut_ms > 0)
		pause_ms(slow_cut_ms);
	return (int)syscall(SYS_ftruncate, fd, size);
}

/* ---- */

static void open_spool(void)
{
	spool = spool_open(dir);
	ck_assert_ptr_nonnull(spool);
}

static void setup(void)
{
	snprintf(dir, sizeof(dir), "%s", unit_tmpdir());
	open_spool();
}

static void teardown(void)
{
	spool = spool_close(spool);
}

/* A kill: what the process knew is gone. */
static void start_again(void)
{
	teardown();
	open_spool();
}

static enum spool_kept append(const char *payload)
{
	return spool_append(spool, "directive", 0, payload, (int)strlen(payload));
}

static struct spool_state state(void)
{
	struct spool_state ret;
	spool_get_state(spool, &ret);
	return ret;
}

/* The next is this one, and is on disk or not. */
static void expect(const char *payload, bool on_disk)
{
	const struct spool_entry *entry = spool_first(spool);
	ck_assert_msg(entry, "nothing where %s should be", payload);
	ck_assert_str_eq(entry->payload, payload);
	ck_assert_int_eq(entry->length, (int)strlen(payload));
	ck_assert_int_eq(entry->on_disk, on_disk);
	spool_pass(spool);
}

static void expect_nothing(void)
{
	ck_assert_ptr_null(spool_first(spool));
}

static void change_byte(int number, int64_t at)
{
	char byte;
	int fd = open(file(number), O_RDWR);
	ck_assert_int_eq(pread(fd, &byte, 1, at), 1);
	byte ^= 0x10;
	ck_assert_int_eq(pwrite(fd, &byte, 1, at), 1);
	close(fd);
}

static void put_file(int number, const char *bytes, size_t n)
{
	int fd = open(file(number), O_RDWR | O_CREAT | O_TRUNC, 0644);
	ck_assert_int_eq(write(fd, bytes, n), (ssize_t)n);
	close(fd);
}

START_TEST(what_was_taken_in_is_there_after_a_kill_in_its_order)
{
	ck_assert_int_eq(append("{\"n\": 1}"), SPOOL_ON_DISK);
	ck_assert_int_eq(spool_append(spool, "forecast", SPOOL_RETAINED, "\0\n2", 3),
			 SPOOL_ON_DISK);
	ck_assert_int_eq(append(""), SPOOL_ON_DISK);
	start_again();
	ck_assert_int_eq(state().found, 3);
	ck_assert_str_eq(spool_first(spool)->kind, "directive");
	ck_assert(!spool_first(spool)->retained);
	expect("{\"n\": 1}", true);
	ck_assert_str_eq(spool_first(spool)->kind, "forecast");
	ck_assert(spool_first(spool)->retained);
	ck_assert_int_eq(spool_first(spool)->length, 3);
	ck_assert_mem_eq(spool_first(spool)->payload, "\0\n2", 4);
	spool_pass(spool);
	expect("", true);
	expect_nothing();
}
END_TEST

START_TEST(a_command_is_on_the_card_before_the_append_comes_back)
{
	card_forgets = true;
	for (int i = 0; i < 20; i++) {
		char text[32];
		snprintf(text, sizeof(text), "command %d", i);
		ck_assert_int_eq(append(text), SPOOL_ON_DISK);
		/* the power goes now: what was not synchronised is gone */
		teardown();
		put_file(1, durable, (size_t)durable_n);
		open_spool();
		ck_assert_int_eq(state().found, i + 1);
	}
	free(durable);
}
END_TEST

START_TEST(what_was_passed_and_cut_does_not_come_again)
{
	append("one");
	append("two");
	expect("one", true);
	spool_cut(spool);
	append("three");
	start_again();
	expect("one", true); /* its file was still needed: known as a repetition */
	expect("two", true);
	expect("three", true);
	expect_nothing();
	spool_cut(spool);
	ck_assert_int_eq(size_of(1) + size_of(2), 0);
	start_again();
	expect_nothing();
}
END_TEST

START_TEST(what_was_passed_but_not_cut_comes_again)
{
	append("one");
	expect("one", true);
	start_again();
	expect("one", true);
}
END_TEST

START_TEST(a_torn_end_costs_nothing_that_was_promised)
{
	char whole[256];
	append("one");
	append("two, which is cut off");
	int fd = open(file(1), O_RDONLY);
	ssize_t n = read(fd, whole, sizeof(whole));
	close(fd);
	for (ssize_t torn = n - 1; torn > HEADER + 3; torn--) {
		teardown();
		unlink(file(2));
		put_file(1, whole, (size_t)torn);
		open_spool();
		ck_assert_int_eq(state().found, 1);
		ck_assert_int_eq(state().unreadable, 0);
		ck_assert_int_eq(state().torn, torn - (HEADER + 3));
		ck_assert_int_eq(append("three"), SPOOL_ON_DISK);
		start_again();
		expect("one", true);
		expect("three", true);
		expect_nothing();
	}
}
END_TEST

START_TEST(a_damaged_record_costs_that_one_and_is_counted)
{
	append("one");
	append("two");
	append("three");
	for (int64_t at = HEADER + 3; at < 2 * (HEADER + 3); at++) {
		teardown();
		change_byte(1, at);
		open_spool();
		ck_assert_int_eq(state().found, 2);
		ck_assert_int_eq(state().unreadable, HEADER + 3);
		expect("one", true);
		expect("three", true);
		expect_nothing();
		teardown();
		change_byte(1, at); /* as it was */
		open_spool();
	}
}
END_TEST

START_TEST(garbage_and_an_over_long_file_are_read_as_far_as_they_go)
{
	append("one");
	teardown();
	static char garbage[3 * SPOOL_FILE_BYTES];
	for (size_t i = 0; i < sizeof(garbage); i++)
		garbage[i] = (char)unit_random();
	put_file(2, garbage, sizeof(garbage));
	open_spool();
	expect("one", true);
	expect_nothing();
	spool_cut(spool);
	ck_assert_int_eq(size_of(1) + size_of(2), 0);
	ck_assert_int_eq(append("two"), SPOOL_ON_DISK);
}
END_TEST

START_TEST(a_full_file_goes_on_in_the_other_and_two_full_ones_in_memory)
{
	static char payload[SPOOL_PAYLOAD_MAX + 1];
	int taken = 0, volatile_ones = 0;
	memset(payload, 'x', sizeof(payload) - 1);
	enum spool_kept kept = SPOOL_ON_DISK;
	while (kept != SPOOL_REFUSED) {
		kept = append(payload);
		taken += kept == SPOOL_ON_DISK;
		volatile_ones += kept == SPOOL_IN_MEMORY;
	}
	ck_assert_int_eq(taken, 2 * (SPOOL_FILE_BYTES / (SPOOL_PAYLOAD_MAX + HEADER)));
	ck_assert_int_eq(volatile_ones, SPOOL_MEMORY_BYTES / SPOOL_PAYLOAD_MAX);
	ck_assert(state().failing);
	ck_assert_ptr_nonnull(strstr(state().why, "is full"));
	ck_assert_uint_eq(state().refused, 1);
	ck_assert_uint_eq(state().kept_volatile, (unsigned)volatile_ones);
	ck_assert_int_eq(state().waiting, taken + volatile_ones);
	for (int i = 0; i < taken + volatile_ones; i++)
		expect(payload, i < taken);
	spool_cut(spool);
	ck_assert_int_eq(append("again"), SPOOL_ON_DISK);
	ck_assert(!state().failing);
}
END_TEST

START_TEST(a_full_card_leaves_it_in_memory_and_the_file_as_it_was)
{
	append("one");
	int64_t size = size_of(1);
	card_is_full = true;
	ck_assert_int_eq(append("two"), SPOOL_IN_MEMORY);
	ck_assert_int_eq(size_of(1), size);
	ck_assert_ptr_nonnull(strstr(state().why, "No space left"));
	card_is_full = false;
	ck_assert_int_eq(append("three"), SPOOL_ON_DISK);
	expect("one", true);
	expect("two", false);
	expect("three", true);
	start_again();
	expect("one", true);
	expect("three", true);
	expect_nothing();
}
END_TEST

START_TEST(a_card_that_fails_to_synchronise_has_not_got_it)
{
	card_fails = true;
	ck_assert_int_eq(append("one"), SPOOL_IN_MEMORY);
	ck_assert_int_eq(size_of(1), 0);
	ck_assert_ptr_nonnull(strstr(state().why, strerror(EIO)));
}
END_TEST

START_TEST(what_is_in_memory_alone_is_written_at_a_stop_if_the_card_takes_it)
{
	append("one");
	card_is_full = true;
	append("two");
	append("three");
	ck_assert_int_eq(spool_save(spool), 2);
	card_is_full = false;
	ck_assert_int_eq(spool_save(spool), 0);
	append("four");
	start_again();
	expect("one", true);
	expect("two", true);
	expect("three", true);
	expect("four", true);
}
END_TEST

START_TEST(what_is_no_file_leaves_the_commands_in_memory_and_says_so)
{
	teardown();
	unlink(file(1));
	unlink(file(2));
	ck_assert_int_eq(mkfifo(file(1), 0600), 0);
	ck_assert_int_eq(mkdir(file(2), 0700), 0);
	open_spool();
	ck_assert_int_eq(append("one"), SPOOL_IN_MEMORY);
	ck_assert_ptr_nonnull(strstr(state().why, "commands-"));
	expect("one", false);
	spool_cut(spool);
	unlink(file(1));
	rmdir(file(2));
	ck_assert_int_eq(symlink("/dev/null", file(1)), 0);
	start_again();
	ck_assert_int_eq(append("two"), SPOOL_ON_DISK);
	ck_assert_int_gt(size_of(2), 0);
}
END_TEST

START_TEST(a_deleted_file_is_noticed_and_made_again)
{
	append("one");
	unlink(file(1));
	unlink(file(2));
	ck_assert_int_eq(append("two"), SPOOL_IN_MEMORY);
	expect("one", true);
	expect("two", false);
	spool_cut(spool);
	ck_assert_int_eq(append("three"), SPOOL_ON_DISK);
	start_again();
	expect("three", true);
}
END_TEST

START_TEST(the_files_are_nobody_elses_whatever_the_umask)
{
	struct stat st;
	teardown();
	unlink(file(1));
	ck_assert_int_eq(chmod(file(2), 0666), 0);
	umask(0);
	open_spool();
	for (int i = 1; i <= 2; i++) {
		ck_assert_int_eq(stat(file(i), &st), 0);
		ck_assert_int_eq(st.st_mode & 07777, 0600);
	}
}
END_TEST

START_TEST(what_is_too_large_or_of_no_kind_is_refused_and_counted)
{
	static char large[SPOOL_PAYLOAD_MAX + 2];
	memset(large, 'x', sizeof(large) - 1);
	ck_assert_int_eq(append(large), SPOOL_REFUSED);
	ck_assert_int_eq(spool_append(spool, "a kind that is far too long", 0, "", 0),
			 SPOOL_REFUSED);
	ck_assert_uint_eq(state().refused, 2);
	expect_nothing();
}
END_TEST

/* ---- two threads ---- */

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void *append_many(void *arg)
{
	char text[200];
	(void)arg;
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "%0180d", i);
		append(text);
	}
	return NULL;
}

START_TEST(a_stream_arrives_whole_and_in_order_while_it_is_cut)
{
	pthread_t thread;
	char text[200];
	ck_assert_int_eq(pthread_create(&thread, NULL, append_many, NULL), 0);
	for (int i = 0; i < MANY;) {
		if (!spool_first(spool))
			continue;
		snprintf(text, sizeof(text), "%0180d", i++);
		expect(text, true);
		spool_cut(spool);
	}
	pthread_join(thread, NULL);
	expect_nothing();
	spool_cut(spool);
	ck_assert_int_eq(size_of(1) + size_of(2), 0);
}
END_TEST

START_TEST(a_stream_that_never_pauses_is_cut_all_the_same)
{
	char text[1001];
	int64_t largest = 0;
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "%01000d", i);
		append(text);
		if (i == 0)
			continue; /* one always waits */
		snprintf(text, sizeof(text), "%01000d", i - 1);
		expect(text, true);
		spool_cut(spool);
		if (size_of(1) + size_of(2) > largest)
			largest = size_of(1) + size_of(2);
	}
	ck_assert_int_lt(largest, MANY * 1000 / 4);
}
END_TEST

static void *cut(void *arg)
{
	(void)arg;
	spool_cut(spool);
	return NULL;
}

START_TEST(the_receiver_does_not_wait_for_a_cut)
{
	pthread_t thread;
	append("one");
	expect("one", true);
	slow_cut_ms = 400;
	ck_assert_int_eq(pthread_create(&thread, NULL, cut, NULL), 0);
	pause_ms(100);
	int64_t began_ms = now_ms();
	ck_assert_int_eq(append("two"), SPOOL_ON_DISK);
	ck_assert_int_lt(now_ms() - began_ms, 200);
	pthread_join(thread, NULL);
	expect("two", true);
	ck_assert_int_eq(size_of(1), 0);
	ck_assert_int_gt(size_of(2), 0);
}
END_TEST

Suite *unit_suite(void)
{
	TCase *tcase = tcase_create("spool");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, what_was_taken_in_is_there_after_a_kill_in_its_order);
	tcase_add_test(tcase, a_command_is_on_the_card_before_the_append_comes_back);
	tcase_add_test(tcase, what_was_passed_and_cut_does_not_come_again);
	tcase_add_test(tcase, what_was_passed_but_not_cut_comes_again);
	tcase_add_test(tcase, a_torn_end_costs_nothing_that_was_promised);
	tcase_add_test(tcase, a_damaged_record_costs_that_one_and_is_counted);
	tcase_add_test(tcase, garbage_and_an_over_long_file_are_read_as_far_as_they_go);
	tcase_add_test(tcase, a_full_file_goes_on_in_the_other_and_two_full_ones_in_memory);
	tcase_add_test(tcase, a_full_card_leaves_it_in_memory_and_the_file_as_it_was);
	tcase_add_test(tcase, a_card_that_fails_to_synchronise_has_not_got_it);
	tcase_add_test(tcase, what_is_in_memory_alone_is_written_at_a_stop_if_the_card_takes_it);
	tcase_add_test(tcase, what_is_no_file_leaves_the_commands_in_memory_and_says_so);
	tcase_add_test(tcase, a_deleted_file_is_noticed_and_made_again);
	tcase_add_test(tcase, the_files_are_nobody_elses_whatever_the_umask);
	tcase_add_test(tcase, what_is_too_large_or_of_no_kind_is_refused_and_counted);
	tcase_add_test(tcase, a_stream_arrives_whole_and_in_order_while_it_is_cut);
	tcase_add_test(tcase, a_stream_that_never_pauses_is_cut_all_the_same);
	tcase_add_test(tcase, the_receiver_does_not_wait_for_a_cut);
	Suite *suite = suite_create("spool");
	suite_add_tcase(suite, tcase);
	return suite;
}
