/* SPDX-License-Identifier: MIT */
#include "plain_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "unit.h"

#define SIZE 16

static char path[100], why[PLAIN_WHY_MAX], line[SIZE];

static void setup(void)
{
	snprintf(path, sizeof(path), "%s/file", unit_tmpdir());
	why[0] = '\0';
}

static void put(const char *bytes, size_t n)
{
	FILE *file = fopen(path, "wb");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, n, file), n);
	fclose(file);
}

static void expect_line(const char *bytes, size_t n, const char *expected)
{
	put(bytes, n);
	ck_assert_msg(plain_read_line(path, line, SIZE, why), "%s", why);
	ck_assert_str_eq(line, expected);
}

static void refuse_line(const char *bytes, size_t n, const char *expected)
{
	put(bytes, n);
	ck_assert(!plain_read_line(path, line, SIZE, why));
	ck_assert_str_eq(why, expected);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_str_eq(line, "");
}

/* All three of them, without waiting for anybody. */
static void refuse_kind(const char *file, const char *expected)
{
	alarm(2);
	errno = 0;
	ck_assert_ptr_null(plain_open(file, why));
	ck_assert_str_eq(why, expected);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert(!plain_read_line(file, line, SIZE, why));
	ck_assert_str_eq(why, expected);
	ck_assert(!plain_check(file, why));
	ck_assert_str_eq(why, expected);
	alarm(0);
}

START_TEST(what_is_no_file_is_refused_by_name_and_at_once)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	refuse_kind(path, "is a FIFO, not a file");
	unlink(path);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	refuse_kind(path, "is a socket, not a file");
	close(fd);
	refuse_kind(unit_tmpdir(), "is a folder, not a file");
	refuse_kind("/dev/zero", "is a device, not a file");
}
END_TEST

START_TEST(a_link_is_what_it_leads_to)
{
	char link[160];
	put("secret\n", 7);
	snprintf(link, sizeof(link), "%s.link", path);
	ck_assert_int_eq(symlink(path, link), 0);
	ck_assert(plain_read_line(link, line, SIZE, why));
	ck_assert_str_eq(line, "secret");
	unlink(link);
	ck_assert_int_eq(symlink("/dev/zero", link), 0);
	refuse_kind(link, "is a device, not a file");
}
END_TEST

START_TEST(what_is_missing_is_not_called_wrong)
{
	ck_assert_ptr_null(plain_open(path, why));
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_str_eq(why, "cannot be read: No such file or directory");
	ck_assert(!plain_read_line(path, line, SIZE, why));
	ck_assert_int_eq(errno, ENOENT);
	ck_assert(!plain_check(path, why));
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

START_TEST(a_secret_is_the_first_line_without_its_end)
{
	expect_line("secret", 6, "secret");
	expect_line("secret\n", 7, "secret");
	expect_line("secret\r\nmore\n", 13, "secret");
	expect_line(" a b\n", 5, " a b");
	expect_line("123456789012345", 15, "123456789012345");
	expect_line("123456789012345\r\n", 17, "123456789012345");
}
END_TEST

START_TEST(what_an_editor_leaves_before_a_secret_is_no_part_of_it)
{
	expect_line("\xef\xbb\xbfsecret\r\n", 11, "secret");
	expect_line("\nsecret\n", 8, "secret");
	expect_line("\xef\xbb\xbf\r\n\nsecret", 12, "secret");
	expect_line("\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n123456789012345\n", 33, "123456789012345");
}
END_TEST

START_TEST(a_secret_that_is_empty_cut_or_no_text_is_refused)
{
	refuse_line("", 0, "is empty");
	refuse_line("\n", 1, "is empty");
	refuse_line("\xef\xbb\xbf\r\n\n", 6, "is empty");
	refuse_line("\n1234567890123456", 17, "is longer than 15 bytes, the most allowed");
	refuse_line("1234567890123456", 16, "is longer than 15 bytes, the most allowed");
	refuse_line("1234567890123456\n", 17, "is longer than 15 bytes, the most allowed");
	refuse_line("sec\0ret\n", 8, "has a NUL byte in its first line");
	put("", 0);
	ck_assert(!plain_check(path, why));
	ck_assert_str_eq(why, "is empty");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("plain_file");
	TCase *tc = tcase_create("plain_file");
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, what_is_no_file_is_refused_by_name_and_at_once);
	tcase_add_test(tc, a_link_is_what_it_leads_to);
	tcase_add_test(tc, what_is_missing_is_not_called_wrong);
	tcase_add_test(tc, a_secret_is_the_first_line_without_its_end);
	tcase_add_test(tc, what_an_editor_leaves_before_a_secret_is_no_part_of_it);
	tcase_add_test(tc, a_secret_that_is_empty_cut_or_no_text_is_refused);
	suite_add_tcase(suite, tc);
	return suite;
}
