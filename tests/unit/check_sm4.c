/* SPDX-License-Identifier: MIT */
#include "sm4.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "unit.h"

static const uint8_t example[SM4_BLOCK] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
					   0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10};

static char why[PLAIN_WHY_MAX];

static bool read_file(const char *text, size_t n, mode_t mode, struct sm4_key *ret)
{
	char path[200];
	snprintf(path, sizeof(path), "%s/key", unit_tmpdir());
	remove(path);
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(text, 1, n, file), n);
	fclose(file);
	ck_assert_int_eq(chmod(path, mode), 0);
	return sm4_key_read(path, ret, why);
}

START_TEST(a_block_is_enciphered_as_gb_t_32907_prints_it)
{
	static const uint8_t printed[SM4_BLOCK] = {0x68, 0x1e, 0xdf, 0x34, 0xd2, 0x06, 0x96, 0x5e,
						   0x86, 0xb3, 0xe9, 0x4f, 0x53, 0x6e, 0x42, 0x46};
	struct sm4_key key;
	uint8_t blocks[2 * SM4_BLOCK];

	memcpy(key.bytes, example, SM4_BLOCK);
	memcpy(blocks, example, SM4_BLOCK);
	memcpy(blocks + SM4_BLOCK, example, SM4_BLOCK);
	ck_assert(sm4_blocks(&key, true, blocks, sizeof(blocks)));
	ck_assert_mem_eq(blocks, printed, SM4_BLOCK);
	ck_assert_mem_eq(blocks + SM4_BLOCK, printed, SM4_BLOCK);
	ck_assert(sm4_blocks(&key, false, blocks, sizeof(blocks)));
	ck_assert_mem_eq(blocks, example, SM4_BLOCK);
	ck_assert(!sm4_blocks(&key, true, blocks, 15));
}
END_TEST

START_TEST(a_key_is_32_hex_digits_or_16_bytes_with_or_without_a_line_end)
{
	static const char *const good[] = {"0123456789abcdefFEDCBA9876543210",
					   "0123456789abcdeffedcba9876543210\n",
					   "0123456789abcdeffedcba9876543210\r\n"};
	struct sm4_key key;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		memset(&key, 0, sizeof(key));
		ck_assert(read_file(good[i], strlen(good[i]), 0600, &key));
		ck_assert_mem_eq(key.bytes, example, SM4_BLOCK);
	}
	ck_assert(read_file("0000000000000000\n", 17, 0600, &key));
	ck_assert_mem_eq(key.bytes, "0000000000000000", SM4_BLOCK);
	ck_assert(read_file((const char *)example, SM4_BLOCK, 0400, &key));
	ck_assert_mem_eq(key.bytes, example, SM4_BLOCK);
}
END_TEST

START_TEST(what_is_no_key_is_refused_and_the_key_stays_as_it_was)
{
	static const char *const bad[] = {"",
					  "0",
					  "000000000000000\n",
					  "00000000000000000",
					  "0123456789abcdeffedcba987654321",
					  "0123456789abcdeffedcba987654321g",
					  "0123456789abcdeffedcba98765432100",
					  "0x0123456789abcdeffedcba9876543210"};
	struct sm4_key key = {{7}};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		errno = 0;
		ck_assert_msg(!read_file(bad[i], strlen(bad[i]), 0600, &key), "%s", bad[i]);
		ck_assert_int_eq(errno, EINVAL);
		ck_assert_ptr_nonnull(strstr(why, "neither 32 hex digits nor 16 bytes"));
	}
	ck_assert_int_eq(key.bytes[0], 7);
	ck_assert(!sm4_key_read("/nonexistent/key", &key, why));
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

START_TEST(a_key_that_others_may_read_or_write_is_refused)
{
	static const mode_t open[] = {0604, 0640, 0644, 0660, 0610, 0601, 0602, 0666};
	struct sm4_key key;

	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		ck_assert(!read_file("0123456789abcdeffedcba9876543210", 32, open[i], &key));
		ck_assert_ptr_nonnull(strstr(why, "must be of mode 0600"));
	}
	ck_assert(read_file("0123456789abcdeffedcba9876543210", 32, 0600, &key));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("sm4");
	TCase *tc = tcase_create("sm4");

	tcase_add_test(tc, a_block_is_enciphered_as_gb_t_32907_prints_it);
	tcase_add_test(tc, a_key_is_32_hex_digits_or_16_bytes_with_or_without_a_line_end);
	tcase_add_test(tc, what_is_no_key_is_refused_and_the_key_stays_as_it_was);
	tcase_add_test(tc, a_key_that_others_may_read_or_write_is_refused);
	suite_add_tcase(suite, tc);
	return suite;
}
