/* SPDX-License-Identifier: MIT */
/*
 * The key of an HJ 212 link from the profile's file through what the platform sends: what counts,
 * what is kept, and what a restart finds.
 */
#include "hj212_key.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#define DAY_MS 86400000LL
#define NOW (1785547800000LL)
#define ONE "11111111111111111111111111111111"
#define TWO "22222222222222222222222222222222"
#define THREE "33333333333333333333333333333333"

static struct hj212_key key, other;
static char why[PLAIN_WHY_MAX], file[200], dir[160];

static void write_file(const char *path, const char *text, mode_t mode)
{
	remove(path);
	FILE *out = fopen(path, "w");
	ck_assert_ptr_nonnull(out);
	fputs(text, out);
	fclose(out);
	ck_assert_int_eq(chmod(path, mode), 0);
}

static void set_time(const char *path, int64_t ms)
{
	const struct timespec times[2] = {{ms / 1000, 0}, {ms / 1000, 0}};
	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void set_up(void)
{
	snprintf(dir, sizeof(dir), "%s", unit_tmpdir());
	snprintf(file, sizeof(file), "%s/configured", dir);
	write_file(file, ONE "\n", 0600);
	set_time(file, NOW - 10 * DAY_MS);
	ck_assert(hj212_key_open(&key, file, dir, "bureau", why));
	ck_assert_str_eq(why, "");
}

static enum hj212_key_taken take(const char *text, int64_t created_ms)
{
	const struct hj212_key_news news = {(const uint8_t *)text, strlen(text), created_ms, NOW};
	return hj212_key_take(&key, &news, why);
}

static bool is_key(const struct sm4_key *got, int digit)
{
	struct sm4_key right;
	memset(right.bytes, digit * 0x11, sizeof(right.bytes));
	return memcmp(&right, got, sizeof(right)) == 0;
}

static void restart(void)
{
	memset(&other, 0x55, sizeof(other));
	ck_assert(hj212_key_open(&other, file, dir, "bureau", why));
}

static mode_t mode_of(const char *path)
{
	struct stat st;
	ck_assert_int_eq(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static int count_files(void)
{
	DIR *folder = opendir(dir);
	int n = 0;
	while (readdir(folder))
		n++;
	closedir(folder);
	return n - 2;
}

/* Whether any file of the folder beside the profile's has these bytes. */
static bool folder_has(const char *text)
{
	char bytes[1024];
	FILE *in = fopen(key.path, "r");
	if (!in)
		return false;
	size_t n = fread(bytes, 1, sizeof(bytes) - 1, in);
	bytes[n] = '\0';
	fclose(in);
	return strstr(bytes, text) != NULL;
}

START_TEST(the_profiles_key_counts_until_another_comes_and_its_age_is_the_files)
{
	ck_assert(is_key(&key.now, 1));
	ck_assert(!key.received && !key.has_before);
	ck_assert_int_eq(hj212_key_age_days(&key, NOW), 10);
	ck_assert_int_eq(hj212_key_age_days(&key, NOW - 1), 9);
	ck_assert_int_eq(hj212_key_age_days(&key, NOW - 20 * DAY_MS), 0);
	ck_assert_int_eq(count_files(), 1);
}
END_TEST

START_TEST(a_profiles_key_that_is_none_is_absent_or_open_to_others_is_refused)
{
	write_file(file, "0\n", 0600);
	ck_assert(!hj212_key_open(&other, file, dir, "bureau", why));
	ck_assert_ptr_nonnull(strstr(why, "neither 32 hex digits"));
	write_file(file, ONE "\n", 0640);
	ck_assert(!hj212_key_open(&other, file, dir, "bureau", why));
	ck_assert_ptr_nonnull(strstr(why, "must be of mode 0600"));
	remove(file);
	ck_assert(!hj212_key_open(&other, file, dir, "bureau", why));
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

START_TEST(a_key_that_comes_is_kept_before_it_is_used_and_outlives_a_restart)
{
	ck_assert_int_eq(take(TWO, NOW - DAY_MS), HJ212_KEY_TAKEN);
	ck_assert(is_key(&key.now, 2) && is_key(&key.before, 1) && key.has_before && key.received);
	ck_assert_int_eq(hj212_key_age_days(&key, NOW), 1);
	ck_assert_int_eq(mode_of(key.path), 0600);
	ck_assert_int_eq(count_files(), 2); /* nothing half written beside it */
	restart();
	ck_assert_str_eq(why, "");
	ck_assert(is_key(&other.now, 2) && is_key(&other.before, 1) && other.has_before);
	ck_assert(other.received);
	ck_assert_int_eq(other.created_ms, NOW - DAY_MS);
	ck_assert_int_eq(other.taken_ms, NOW);
}
END_TEST

START_TEST(sixteen_bytes_are_a_key_and_other_texts_are_none)
{
	static const char *const bad[] = {"", "0", "012345678901234", "01234567890123456",
					  "1111111111111111111111111111111g"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(take(bad[i], NOW), HJ212_KEY_NONE);
	ck_assert(is_key(&key.now, 1));
	ck_assert_int_eq(count_files(), 1);
	ck_assert_int_eq(take("0123456789abcdef", NOW), HJ212_KEY_TAKEN);
	ck_assert_mem_eq(key.now.bytes, "0123456789abcdef", SM4_BLOCK);
}
END_TEST

START_TEST(the_one_before_is_forgotten_after_the_first_success)
{
	ck_assert_int_eq(take(TWO, NOW), HJ212_KEY_TAKEN);
	ck_assert(folder_has(ONE));
	ck_assert(hj212_key_confirm(&key, why));
	ck_assert(!key.has_before && !is_key(&key.before, 1));
	ck_assert(!folder_has(ONE) && folder_has(TWO));
	ck_assert_int_eq(mode_of(key.path), 0600);
	restart();
	ck_assert(is_key(&other.now, 2) && !other.has_before);
}
END_TEST

START_TEST(the_one_before_is_forgotten_after_a_day_without_a_success)
{
	ck_assert_int_eq(take(TWO, NOW), HJ212_KEY_TAKEN);
	ck_assert(hj212_key_look(&key, NOW + HJ212_KEY_BEFORE_MS - 1, why));
	ck_assert(key.has_before);
	ck_assert(hj212_key_look(&key, NOW + HJ212_KEY_BEFORE_MS, why));
	ck_assert(!key.has_before && !folder_has(ONE));
}
END_TEST

START_TEST(the_same_key_again_is_taken_and_an_older_one_or_another_of_its_time_is_not)
{
	ck_assert_int_eq(take(TWO, NOW), HJ212_KEY_TAKEN);
	ck_assert_int_eq(take(TWO, NOW), HJ212_KEY_TAKEN);
	ck_assert(is_key(&key.before, 1));
	ck_assert_int_eq(take(THREE, NOW), HJ212_KEY_OLD);
	ck_assert_int_eq(take(THREE, NOW - 1), HJ212_KEY_OLD);
	ck_assert_int_eq(take(TWO, NOW - 1), HJ212_KEY_OLD);
	ck_assert_int_eq(take(ONE, NOW - DAY_MS), HJ212_KEY_OLD);
	ck_assert(is_key(&key.now, 2));
	ck_assert(hj212_key_confirm(&key, why));
	ck_assert_int_eq(take(THREE, NOW + 1000), HJ212_KEY_TAKEN);
	ck_assert(is_key(&key.now, 3) && is_key(&key.before, 2));
}
END_TEST

START_TEST(of_two_keys_without_a_success_between_them_the_one_before_both_is_kept)
{
	ck_assert_int_eq(take(TWO, NOW), HJ212_KEY_TAKEN);
	ck_assert_int_eq(take(THREE, NOW + 1000), HJ212_KEY_TAKEN);
	ck_assert(is_key(&key.now, 3) && is_key(&key.before, 1));
}
END_TEST

START_TEST(another_key_put_into_the_profiles_file_counts_and_the_same_one_written_anew_does_not)
{
	ck_assert_int_eq(take(TWO, NOW), HJ212_KEY_TAKEN);
	write_file(file, ONE, 0600); /* a later time, and no line end */
	restart();
	ck_assert(is_key(&other.now, 2));
	write_file(file, THREE "\n", 0600);
	restart();
	ck_assert(is_key(&other.now, 3) && !other.received && !other.has_before);
	write_file(file, ONE "\n", 0600); /* it was a slip: as long as nobody was spoken to */
	restart();
	ck_assert(is_key(&other.now, 2) && other.received);
	write_file(file, THREE "\n", 0600);
	restart();
	ck_assert(hj212_key_confirm(&other, why));
	ck_assert_int_ne(access(key.path, F_OK), 0);
}
END_TEST

START_TEST(a_key_that_comes_after_one_put_in_by_hand_is_kept)
{
	ck_assert_int_eq(take(TWO, NOW), HJ212_KEY_TAKEN);
	write_file(file, THREE "\n", 0600);
	ck_assert(hj212_key_open(&key, file, dir, "bureau", why));
	ck_assert_int_eq(take(ONE, NOW - DAY_MS), HJ212_KEY_TAKEN);
	ck_assert(hj212_key_confirm(&key, why));
	restart();
	ck_assert(is_key(&other.now, 1) && other.received && !other.has_before);
}
END_TEST

START_TEST(two_links_of_one_profile_have_a_key_each)
{
	ck_assert_int_eq(take(TWO, NOW), HJ212_KEY_TAKEN);
	ck_assert(hj212_key_open(&other, file, dir, "district", why));
	ck_assert(is_key(&other.now, 1));
}
END_TEST

START_TEST(a_key_that_cannot_be_kept_is_not_used)
{
	snprintf(key.path, sizeof(key.path), "%s/nowhere/hj212-bureau.key", dir);
	ck_assert_int_eq(take(TWO, NOW), HJ212_KEY_LOST);
	ck_assert_str_ne(why, "");
	ck_assert(is_key(&key.now, 1) && !key.has_before && !key.received);
}
END_TEST

START_TEST(what_was_kept_and_is_damaged_or_open_to_others_is_told_and_the_profiles_key_counts)
{
	char good[600], bad[600];

	ck_assert_int_eq(take(TWO, NOW), HJ212_KEY_TAKEN);
	chmod(key.path, 0640);
	restart();
	ck_assert_ptr_nonnull(strstr(why, "must be of mode 0600"));
	ck_assert(is_key(&other.now, 1) && !other.received);
	chmod(key.path, 0600);
	FILE *in = fopen(key.path, "r");
	size_t n = fread(good, 1, sizeof(good) - 1, in);
	fclose(in);
	for (size_t i = 0; i < n; i++) {
		/* cut anywhere, or a letter that is none of a key or a number */
		memcpy(bad, good, n);
		bad[i] = '\0';
		write_file(key.path, bad, 0600);
		restart();
		ck_assert_msg(is_key(&other.now, 1) && why[0] != '\0', "cut at %zu", i);
		bad[i] = 'x';
		bad[n] = '\0';
		write_file(key.path, bad, 0600);
		restart();
		ck_assert_msg(is_key(&other.now, 1) && why[0] != '\0', "x at %zu", i);
	}
}
END_TEST

START_TEST(what_a_power_cut_left_half_written_stands_in_nobodys_way)
{
	char part[HJ212_KEY_PATH_MAX + 4];

	snprintf(part, sizeof(part), "%s.new", key.path);
	write_file(part, "hazewatch-hj212-key=1\nkey=22", 0644);
	restart();
	ck_assert(is_key(&other.now, 1));
	ck_assert_int_eq(take(TWO, NOW), HJ212_KEY_TAKEN);
	ck_assert_int_eq(mode_of(key.path), 0600);
	ck_assert_int_eq(count_files(), 2);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("hj212_key");
	TCase *tc = tcase_create("hj212_key");

	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_test(tc, the_profiles_key_counts_until_another_comes_and_its_age_is_the_files);
	tcase_add_test(tc, a_profiles_key_that_is_none_is_absent_or_open_to_others_is_refused);
	tcase_add_test(tc, a_key_that_comes_is_kept_before_it_is_used_and_outlives_a_restart);
	tcase_add_test(tc, sixteen_bytes_are_a_key_and_other_texts_are_none);
	tcase_add_test(tc, the_one_before_is_forgotten_after_the_first_success);
	tcase_add_test(tc, the_one_before_is_forgotten_after_a_day_without_a_success);
	tcase_add_test(tc,
		       the_same_key_again_is_taken_and_an_older_one_or_another_of_its_time_is_not);
	tcase_add_test(tc, of_two_keys_without_a_success_between_them_the_one_before_both_is_kept);
	tcase_add_test(
		tc,
		another_key_put_into_the_profiles_file_counts_and_the_same_one_written_anew_does_not);
	tcase_add_test(tc, a_key_that_comes_after_one_put_in_by_hand_is_kept);
	tcase_add_test(tc, two_links_of_one_profile_have_a_key_each);
	tcase_add_test(tc, a_key_that_cannot_be_kept_is_not_used);
	tcase_add_test(
		tc,
		what_was_kept_and_is_damaged_or_open_to_others_is_told_and_the_profiles_key_counts);
	tcase_add_test(tc, what_a_power_cut_left_half_written_stands_in_nobodys_way);
	suite_add_tcase(suite, tc);
	return suite;
}
