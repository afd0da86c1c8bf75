/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "sign.h"
#include "signing_key.h"
#include "unit.h"

#define TOPIC "hazewatch/1/430202/hetang-01/cmd/directive"
#define JSON "{\"id\":\"d-7\"}"

START_TEST(the_public_half_is_that_of_rfc_8032)
{
	char text[SIGN_TEXT_SIZE];
	uint8_t public[SIGN_PUBLIC_BYTES];
	ck_assert(sign_public(key_path, text));
	ck_assert_str_eq(text, PUBLIC_TEXT);
	ck_assert(sign_parse_public(text, public));
	ck_assert_uint_eq(public[0], 0xd7);
	ck_assert_uint_eq(public[31], 0x1a);
}
END_TEST

START_TEST(a_signature_covers_topic_and_every_byte_of_the_json)
{
	char text[SIGN_TEXT_SIZE], json[] = JSON;
	uint8_t public[SIGN_PUBLIC_BYTES];
	size_t n = strlen(json);
	ck_assert(sign_parse_public(PUBLIC_TEXT, public));
	ck_assert(sign_make(key_path, TOPIC, json, n, text));
	ck_assert(sign_verify(public, TOPIC, json, n, text));
	ck_assert(!sign_verify(public, TOPIC "x", json, n, text));
	ck_assert(!sign_verify(public, TOPIC, json, n - 1, text));
	for (size_t bit = 0; bit < 8 * n; bit++) {
		json[bit / 8] ^= (char)(1 << bit % 8);
		ck_assert(!sign_verify(public, TOPIC, json, n, text));
		json[bit / 8] ^= (char)(1 << bit % 8);
	}
	for (size_t i = 0; i < strlen(text); i++) {
		char kept = text[i];
		text[i] = kept == 'A' ? 'B' : 'A';
		ck_assert(!sign_verify(public, TOPIC, json, n, text));
		text[i] = kept;
	}
	public[3] ^= 1;
	ck_assert(!sign_verify(public, TOPIC, json, n, text));
}
END_TEST

START_TEST(only_canonical_base64_of_the_right_length_is_read)
{
	uint8_t public[SIGN_PUBLIC_BYTES];
	static const char *const wrong[] = {
		"",
		"=",
		"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo",
		"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURp=",
		"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo==",
		" 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo",
		"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURoA",
		"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ck_assert_msg(!sign_parse_public(wrong[i], public), "%s", wrong[i]);
}
END_TEST

START_TEST(a_file_that_is_no_ed25519_key_signs_nothing)
{
	char text[SIGN_TEXT_SIZE];
	FILE *file = fopen(key_path, "w");
	ck_assert_ptr_nonnull(file);
	fputs("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", file);
	fclose(file);
	ck_assert(!sign_make(key_path, TOPIC, JSON, strlen(JSON), text));
	ck_assert(!sign_public(key_path, text));
	ck_assert(!sign_public("/nowhere", text));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("sign");
	TCase *tcase = tcase_create("sign");
	tcase_add_checked_fixture(tcase, write_key, NULL);
	tcase_add_test(tcase, the_public_half_is_that_of_rfc_8032);
	tcase_add_test(tcase, a_signature_covers_topic_and_every_byte_of_the_json);
	tcase_add_test(tcase, only_canonical_base64_of_the_right_length_is_read);
	tcase_add_test(tcase, a_file_that_is_no_ed25519_key_signs_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}
