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
	char text[SIGN_PUBLIC_SIZE];
	struct sign_key public;
	ck_assert(sign_public(key_path, text));
	ck_assert_str_eq(text, PUBLIC_TEXT);
	ck_assert(sign_parse_public(text, &public));
	ck_assert_uint_eq(public.bytes[0], 0xd7);
	ck_assert_uint_eq(public.bytes[31], 0x1a);
}
END_TEST

/* Whether the text is still the key's signature, with one bit of topic, JSON, signature or key
 * changed at a time: never. */
static void check_bits(struct sign_key *public, char *text)
{
	char json[] = JSON, topic[] = TOPIC;
	size_t n = strlen(json), key = public->sm2 ? SIGN_PUBLIC_BYTES : 32;

	ck_assert(sign_verify(public, topic, json, n, text));
	ck_assert(!sign_verify(public, TOPIC "x", json, n, text));
	ck_assert(!sign_verify(public, topic, json, n - 1, text));
	for (size_t bit = 0; bit < 8 * n; bit++) {
		json[bit / 8] ^= (char)(1 << bit % 8);
		ck_assert(!sign_verify(public, topic, json, n, text));
		json[bit / 8] ^= (char)(1 << bit % 8);
	}
	for (size_t bit = 0; bit < 8 * strlen(TOPIC); bit += 7) {
		topic[bit / 8] ^= (char)(1 << bit % 8);
		ck_assert(!sign_verify(public, topic, json, n, text));
		topic[bit / 8] ^= (char)(1 << bit % 8);
	}
	for (size_t i = 0; i < strlen(text); i++) {
		for (int bit = 0; bit < 7; bit++) {
			text[i] ^= (char)(1 << bit);
			ck_assert(!sign_verify(public, topic, json, n, text));
			text[i] ^= (char)(1 << bit);
		}
	}
	for (size_t bit = 0; bit < 8 * key; bit++) {
		public->bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ck_assert(!sign_verify(public, topic, json, n, text));
		public->bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	ck_assert(sign_verify(public, topic, json, n, text));
}

START_TEST(a_signature_covers_topic_and_every_bit_of_the_json)
{
	char text[SIGN_TEXT_SIZE];
	struct sign_key public;

	ck_assert(sign_parse_public(PUBLIC_TEXT, &public));
	ck_assert(sign_make(key_path, TOPIC, JSON, strlen(JSON), text));
	check_bits(&public, text);
}
END_TEST

START_TEST(a_signature_of_sm2_covers_topic_and_every_bit_of_the_json)
{
	char text[SIGN_TEXT_SIZE];
	struct sign_key public;

	write_key_text(SM2_PEM);
	ck_assert(sign_parse_public(SM2_PUBLIC_TEXT, &public));
	ck_assert(sign_make(key_path, TOPIC, JSON, strlen(JSON), text));
	check_bits(&public, text);
}
END_TEST

START_TEST(the_public_half_of_sm2_is_that_of_gb_t_32918)
{
	char text[SIGN_PUBLIC_SIZE];
	struct sign_key public;

	write_key_text(SM2_PEM);
	ck_assert(sign_public(key_path, text));
	ck_assert_str_eq(text, SM2_PUBLIC_TEXT);
	ck_assert(sign_parse_public(text, &public));
	ck_assert(public.sm2);
	ck_assert_uint_eq(public.bytes[0], 4);
	ck_assert_uint_eq(public.bytes[1], 0x09);
	ck_assert_uint_eq(public.bytes[64], 0x13);
}
END_TEST

START_TEST(each_form_in_which_openssl_writes_an_sm2_key_is_read)
{
	static const char *const forms[] = {
		"-----BEGIN SM2 PRIVATE KEY-----\n" /* with a compressed point */
		"MFcCAQEEIDlFII97IUSxPzbjisbTn5WIk5NpKGC1GkL7ge9N98W4oAoGCCqBHM9V\n"
		"AYItoSQDIgADCfnfMR5UIaFQ3X0WHkvFxnIXn60YM/wHa7CP81bzUCA=\n"
		"-----END SM2 PRIVATE KEY-----\n",
		"-----BEGIN SM2 PRIVATE KEY-----\n" /* without its public half */
		"MDECAQEEIDlFII97IUSxPzbjisbTn5WIk5NpKGC1GkL7ge9N98W4oAoGCCqBHM9V\n"
		"AYIt\n"
		"-----END SM2 PRIVATE KEY-----\n",
	};
	char text[SIGN_PUBLIC_SIZE];

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		write_key_text(forms[i]);
		ck_assert_msg(sign_public(key_path, text), "%s", forms[i]);
		ck_assert_str_eq(text, SM2_PUBLIC_TEXT);
	}
}
END_TEST

START_TEST(each_signature_of_sm2_is_another_one_of_64_bytes_and_all_are_good)
{
	char text[SIGN_TEXT_SIZE], before[SIGN_TEXT_SIZE] = "";
	struct sign_key public;

	write_key_text(SM2_PEM);
	ck_assert(sign_parse_public(SM2_PUBLIC_TEXT, &public));
	for (int i = 0; i < 200; i++) { /* one in 128 has an r or s of 31 bytes */
		ck_assert(sign_make(key_path, TOPIC, JSON, strlen(JSON), text));
		ck_assert_uint_eq(strlen(text), SIGN_TEXT_SIZE - 1);
		ck_assert(sign_verify(&public, TOPIC, JSON, strlen(JSON), text));
		ck_assert_str_ne(text, before);
		memcpy(before, text, sizeof(text));
	}
}
END_TEST

START_TEST(a_signature_of_sm2_that_openssl_made_is_taken)
{
	/* openssl pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:1234567812345678 */
	static const char made[] = "uzGVHm9NXhA/NP0wXad7s1ltDzcA60ahowvxcCAM766s"
				   "6mfgSRLd7E145ax1UHWkWdAMzVmM7AC49AXqV0yGXQ==";
	struct sign_key public;

	ck_assert(sign_parse_public(SM2_PUBLIC_TEXT, &public));
	ck_assert(sign_verify(&public, TOPIC, JSON, strlen(JSON), made));
}
END_TEST

START_TEST(a_key_of_one_algorithm_never_takes_a_signature_of_the_other)
{
	char of_ed[SIGN_TEXT_SIZE], of_sm2[SIGN_TEXT_SIZE];
	struct sign_key ed, sm2, other;

	ck_assert(sign_parse_public(PUBLIC_TEXT, &ed));
	ck_assert(sign_parse_public(SM2_PUBLIC_TEXT, &sm2));
	ck_assert(!ed.sm2 && sm2.sm2);
	ck_assert(sign_make(key_path, TOPIC, JSON, strlen(JSON), of_ed));
	write_key_text(SM2_PEM);
	ck_assert(sign_make(key_path, TOPIC, JSON, strlen(JSON), of_sm2));
	ck_assert(sign_verify(&ed, TOPIC, JSON, strlen(JSON), of_ed));
	ck_assert(sign_verify(&sm2, TOPIC, JSON, strlen(JSON), of_sm2));
	ck_assert(!sign_verify(&ed, TOPIC, JSON, strlen(JSON), of_sm2));
	ck_assert(!sign_verify(&sm2, TOPIC, JSON, strlen(JSON), of_ed));
	other = ed;
	other.sm2 = true;
	ck_assert(!sign_verify(&other, TOPIC, JSON, strlen(JSON), of_ed));
	other = sm2;
	other.sm2 = false;
	ck_assert(!sign_verify(&other, TOPIC, JSON, strlen(JSON), of_sm2));
}
END_TEST

START_TEST(r_and_s_of_0_or_beyond_the_order_are_no_signature)
{
	static const char zeros[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	static const char ones[] = "//////////////////////////////////////////8";
	struct sign_key public;
	char text[SIGN_TEXT_SIZE];

	ck_assert(sign_parse_public(SM2_PUBLIC_TEXT, &public));
	for (int i = 0; i < 4; i++) {
		snprintf(text, sizeof(text), "%.43s%.43s==", i & 1 ? zeros : ones,
			 i & 2 ? zeros : ones);
		ck_assert(!sign_verify(&public, TOPIC, JSON, strlen(JSON), text));
	}
}
END_TEST

START_TEST(only_canonical_base64_of_the_right_length_is_read)
{
	struct sign_key public;
	static const char *const wrong[] = {
		"",
		"=",
		"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo",
		"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURp=",
		"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo==",
		" 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo",
		"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURoA",
		"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
		"ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
		"sm2-sm3:",
		"sm2-sm3:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
		"BAn53zEeVCGhUN19Fh5LxcZyF5+tGDP8B2uwj/"
		"NW81AgzOpJDOJndaUtxupxjMGqYArtBfvzXghKZjL2By2"
		"prRM=",
		"SM2-SM3:BAn53zEeVCGhUN19Fh5LxcZyF5+tGDP8B2uwj/"
		"NW81AgzOpJDOJndaUtxupxjMGqYArtBfvzXgh"
		"KZjL2By2prRM=",
		"sm2-sm3: "
		"BAn53zEeVCGhUN19Fh5LxcZyF5+tGDP8B2uwj/NW81AgzOpJDOJndaUtxupxjMGqYArtBfvzXg"
		"hKZjL2By2prRM=",
		/* a bit of y is another: no point of the curve */
		"sm2-sm3:BAn53zEeVCGhUN19Fh5LxcZyF5+tGDP8B2uwj/"
		"NW81AgzOpJDOJndaUtxupxjMGqYArtBfvzXgh"
		"KZjL2By2prRI=",
		/* the hybrid forms, 07 and 06, and the compressed one */
		"sm2-sm3:Bwn53zEeVCGhUN19Fh5LxcZyF5+tGDP8B2uwj/"
		"NW81AgzOpJDOJndaUtxupxjMGqYArtBfvzXghK"
		"ZjL2By2prRM=",
		"sm2-sm3:Bgn53zEeVCGhUN19Fh5LxcZyF5+tGDP8B2uwj/"
		"NW81AgzOpJDOJndaUtxupxjMGqYArtBfvzXgh"
		"KZjL2By2prRM=",
		"sm2-sm3:Awn53zEeVCGhUN19Fh5LxcZyF5+tGDP8B2uwj/NW81Ag",
		/* the point at infinity */
		"sm2-sm3:AA==",
		"sm2-sm3:"
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAAAAAA=",
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ck_assert_msg(!sign_parse_public(wrong[i], &public), "%s", wrong[i]);
}
END_TEST

START_TEST(a_file_that_is_no_key_signs_nothing)
{
	static const char *const wrong[] = {
		"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		"-----BEGIN PRIVATE KEY-----\n" /* another curve: P-256 */
		"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgSm3purj2ksO8GEix\n"
		"2ztjX6yAE5CB9kNNrrYrYq/RPrqhRANCAAQt75Y4g88clS97ZMy3BJEH9jiEE1pD\n"
		"pfDjVnQVNFY3mkL1zjGW6OWRzFj6MQ8pAEjb/wdo99diBeINesx2n0vQ\n"
		"-----END PRIVATE KEY-----\n",
	};
	char text[SIGN_PUBLIC_SIZE];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		write_key_text(wrong[i]);
		ck_assert(!sign_make(key_path, TOPIC, JSON, strlen(JSON), text));
		ck_assert(!sign_public(key_path, text));
	}
	ck_assert(!sign_public("/nowhere", text));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("sign");
	TCase *tcase = tcase_create("sign");
	tcase_add_checked_fixture(tcase, write_key, NULL);
	tcase_add_test(tcase, the_public_half_is_that_of_rfc_8032);
	tcase_add_test(tcase, a_signature_covers_topic_and_every_bit_of_the_json);
	tcase_add_test(tcase, the_public_half_of_sm2_is_that_of_gb_t_32918);
	tcase_add_test(tcase, each_form_in_which_openssl_writes_an_sm2_key_is_read);
	tcase_add_test(tcase, a_signature_of_sm2_covers_topic_and_every_bit_of_the_json);
	tcase_add_test(tcase, each_signature_of_sm2_is_another_one_of_64_bytes_and_all_are_good);
	tcase_add_test(tcase, a_signature_of_sm2_that_openssl_made_is_taken);
	tcase_add_test(tcase, a_key_of_one_algorithm_never_takes_a_signature_of_the_other);
	tcase_add_test(tcase, r_and_s_of_0_or_beyond_the_order_are_no_signature);
	tcase_add_test(tcase, only_canonical_base64_of_the_right_length_is_read);
	tcase_add_test(tcase, a_file_that_is_no_key_signs_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}
