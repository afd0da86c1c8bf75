/* SPDX-License-Identifier: MIT */
/* What a broker says in numbers, and which version of MQTT follows from it. */
#include "mqtt_reason.h"

#include <stdio.h>
#include <string.h>

#include "mqtt_version.h"
#include "unit.h"

#define NOW 5000

START_TEST(every_code_of_both_standards_is_told_in_words_and_with_its_number)
{
	char text[MQTT_REASON_MAX], number[32];
	for (int code = 1; code <= 0xa2; code++) {
		if (code > MQTT_OLD_REFUSED && code < 0x80)
			continue;
		snprintf(number, sizeof(number), "reason %d, ", code);
		mqtt_reason_text(code, text);
		ck_assert_msg(strncmp(text, number, strlen(number)) == 0, "%s", text);
		ck_assert_msg(!strstr(text, "no known meaning"), "%s", text);
		ck_assert_uint_lt(strlen(text), MQTT_REASON_MAX - 1);
	}
	ck_assert_str_eq(mqtt_reason_text(200, text), "reason 200, of no known meaning");
	ck_assert_str_eq(mqtt_reason_text(0x87, text),
			 "reason 135, not authorised: look at its ACL");
}
END_TEST

START_TEST(a_broker_that_says_it_knows_no_mqtt_5_is_believed_for_good)
{
	const int codes[] = {MQTT_OLD_VERSION, MQTT_WRONG_VERSION};
	for (int i = 0; i < 2; i++) {
		struct mqtt_version_choice choice = {.automatic = true};
		mqtt_version_begin(&choice, NOW);
		ck_assert(!choice.old);
		ck_assert(mqtt_version_refused(&choice, codes[i], NOW));
		mqtt_version_begin(&choice, NOW + 100 * VERSION_AGAIN_MS);
		ck_assert(choice.old);
		ck_assert(!mqtt_version_refused(&choice, 0, NOW));
		ck_assert(choice.old);
	}
}
END_TEST

START_TEST(one_that_hangs_up_is_asked_again_in_mqtt_5_after_ten_minutes)
{
	struct mqtt_version_choice choice = {.automatic = true};
	mqtt_version_begin(&choice, NOW);
	ck_assert(mqtt_version_refused(&choice, 0, NOW));
	mqtt_version_begin(&choice, NOW + VERSION_AGAIN_MS - 1);
	ck_assert(choice.old);
	mqtt_version_begin(&choice, NOW + VERSION_AGAIN_MS);
	ck_assert(!choice.old);
}
END_TEST

START_TEST(one_that_hangs_up_on_both_is_asked_in_turn_with_a_pause_between)
{
	struct mqtt_version_choice choice = {.automatic = true};
	for (int i = 0; i < 3; i++) {
		mqtt_version_begin(&choice, NOW);
		ck_assert(!choice.old);
		ck_assert(mqtt_version_refused(&choice, 0, NOW));
		mqtt_version_begin(&choice, NOW);
		ck_assert(choice.old);
		ck_assert(!mqtt_version_refused(&choice, 0, NOW));
	}
}
END_TEST

START_TEST(a_refusal_for_another_reason_changes_no_version)
{
	struct mqtt_version_choice choice = {.automatic = true}, fixed = {0};
	ck_assert(!mqtt_version_refused(&choice, 0x87, NOW));
	ck_assert(!choice.old);
	ck_assert(!mqtt_version_refused(&fixed, MQTT_WRONG_VERSION, NOW));
	ck_assert(!mqtt_version_refused(&fixed, 0, NOW));
	ck_assert(!fixed.old);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("mqtt_reason");
	TCase *tcase = tcase_create("mqtt_reason");
	tcase_add_test(tcase, every_code_of_both_standards_is_told_in_words_and_with_its_number);
	tcase_add_test(tcase, a_broker_that_says_it_knows_no_mqtt_5_is_believed_for_good);
	tcase_add_test(tcase, one_that_hangs_up_is_asked_again_in_mqtt_5_after_ten_minutes);
	tcase_add_test(tcase, one_that_hangs_up_on_both_is_asked_in_turn_with_a_pause_between);
	tcase_add_test(tcase, a_refusal_for_another_reason_changes_no_version);
	suite_add_tcase(suite, tcase);
	return suite;
}
