/* SPDX-License-Identifier: MIT */
/* Commands that people type on the machine itself, through the inbox. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "box_mark.h"
#include "inbox.h"
#include "payload.h"
#include "pipeline.h"
#include "sign.h"
#include "signing_key.h"
#include "station.h"
#include "unit.h"

#define NOW_MS (H * HOUR_MS)
#define T "\"2013-11-09T06:00:00+08:00\""
#define KEYS "mqtt: {host: 127.0.0.1, command_keys: [{name: city, public: \"" PUBLIC_TEXT "\"}]}\n"
#define DIRECTIVE(id)                                                                              \
	"{\"id\":\"" id "\",\"issuer\":\"x\",\"time\":" T ",\"level\":\"orange\",\"start\":" T "}"

/* The monotonic clock stands until a test moves it. */
static int64_t monotonic_ms = 1000000;

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	if (clock != CLOCK_MONOTONIC)
		return (int)syscall(SYS_clock_gettime, clock, ret);
	*ret = (struct timespec){monotonic_ms / 1000, (long)(monotonic_ms % 1000 * 1000000)};
	return 0;
}

static struct inbox *inbox;
static struct spool *spool;
static char folder[256];
static char why[COMMAND_WHY_MAX];

static void open_inbox(void)
{
	snprintf(folder, sizeof(folder), "%s/spool", unit_tmpdir());
	mkdir(folder, 0700);
	spool = spool_open(folder);
	inbox = inbox_new(conf, store, engine, spool);
	ck_assert_ptr_nonnull(inbox);
}

static void begin_with(const char *more)
{
	write_key();
	conf = station_conf("hj633-2012", "hetang-2024", more);
	start();
	open_inbox();
}

static void begin_with_keys(void)
{
	begin_with(KEYS);
}

static void begin_open(void)
{
	begin_with("");
}

/* The inbox and the spool as a kill leaves them: what was not on disk is gone. */
static void be_killed(void)
{
	inbox = inbox_free(inbox);
	spool = spool_close(spool);
	killed();
}

static void end(void)
{
	be_killed();
	conf = conf_free(conf);
}

static bool type(const char *payload, const char *user, bool needs_key)
{
	const struct inbox_typed typed = {COMMAND_DIRECTIVE, payload, user, needs_key};
	why[0] = '\0';
	return inbox_type(inbox, &typed, why) != SPOOL_REFUSED;
}

static void work(void)
{
	inbox_work(inbox, NOW_MS, TIME_SYNCHRONISED);
}

static bool is_answered(const char *id, const char *with)
{
	const char *text = inbox_reply(inbox, COMMAND_DIRECTIVE, id);
	return text && strstr(text, with);
}

static int waiting(void)
{
	struct spool_state state;
	spool_get_state(spool, &state);
	return state.waiting;
}

START_TEST(what_root_types_needs_no_key_and_is_recorded_with_the_user)
{
	ck_assert(type(DIRECTIVE("d-1"), "root", false));
	ck_assert_ptr_null(inbox_reply(inbox, COMMAND_DIRECTIVE, "d-1"));
	work();
	ck_assert(is_answered("d-1", "\"outcome\":\"accepted\""));
	ck_assert(is_answered("d-1", "\"in_force_after\":{\"number\":1"));
	ck_assert_int_eq(
		ask("SELECT count(*) FROM directives WHERE command = 'directive/@root/d-1'"), 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox WHERE topic = 'reply'"), 1);
}
END_TEST

START_TEST(the_same_words_again_are_a_repetition_and_others_are_refused)
{
	type(DIRECTIVE("d-1"), "root", false);
	work();
	ck_assert(type(DIRECTIVE("d-1"), "root", false));
	ck_assert_ptr_null(inbox_reply(inbox, COMMAND_DIRECTIVE, "d-1")); /* not the old answer */
	work();
	ck_assert(is_answered("d-1", "\"outcome\":\"repeated\""));
	ck_assert(type("{\"id\":\"d-1\"}", "root", false));
	work();
	ck_assert(is_answered("d-1", "\"why\":\"issuer: missing\""));
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 1);
}
END_TEST

START_TEST(a_member_of_the_group_needs_a_key_where_the_station_file_has_none)
{
	ck_assert(!type(DIRECTIVE("d-1"), "alice", true));
	ck_assert_str_eq(why, "signature: missing");
	ck_assert_int_eq(waiting(), 0);
	ck_assert(!type(SIGN_MARK "city QQ==\n" DIRECTIVE("d-1"), "alice", true));
	ck_assert_str_eq(why, "signature: unknown key city");
	work();
	ck_assert_int_eq(ask("SELECT count(*) FROM commands"), 0);
}
END_TEST

static void sign_directive(char *ret, size_t size)
{
	static const char json[] =
		"{\"id\":\"d-1\",\"issuer\":\"x\",\"time\":" T ",\"level\":\"orange\",\"start\":" T
		",\"target\":\"test-01\",\"counter\":7,"
		"\"not_after\":\"2013-11-30T00:00:00+08:00\"}";
	char prefix[PAYLOAD_PREFIX_MAX], topic[PAYLOAD_TOPIC_MAX], text[SIGN_TEXT_SIZE];
	payload_prefix(conf, prefix);
	snprintf(topic, sizeof(topic), "%scmd/directive", prefix);
	ck_assert(sign_make(key_path, topic, json, strlen(json), text));
	snprintf(ret, size, SIGN_MARK "city %s\n%s", text, json);
}

START_TEST(a_member_with_a_key_is_recorded_beside_it_and_raises_its_counter)
{
	char payload[1000];
	sign_directive(payload, sizeof(payload));
	ck_assert(type(payload, "alice", true));
	work();
	ck_assert(is_answered("d-1", "\"outcome\":\"accepted\""));
	ck_assert_int_eq(
		ask("SELECT count(*) FROM directives WHERE command = 'directive/city@alice/d-1'"),
		1);
	ck_assert_int_eq(ask("SELECT counter FROM signers WHERE key = 'city'"), 7);
	payload[strlen(SIGN_MARK "city ")] ^= 1; /* a signature that is there is looked at */
	ck_assert(!type(payload, "root", false));
}
END_TEST

static void send(const char *payload)
{
	ck_assert_int_eq(spool_append(spool, "directive", 0, payload, (int)strlen(payload)),
			 SPOOL_ON_DISK);
	work();
}

/* The key's sender lost its counter, and who has an old command brings it once more. */
static void forget_counter(void)
{
	int64_t before = 0;
	ck_assert_int_eq(inbox_reset_counter(inbox, "city", &before), 0);
	ck_assert_int_eq(before, 7);
}

static void bring(const char *payload, const char *user)
{
	if (!user) {
		send(payload);
		return;
	}
	ck_assert(type(payload, user, true));
	work();
	ck_assert(is_answered("d-1", "\"outcome\":\"repeated\""));
}

START_TEST(a_signed_directive_has_its_effect_once_whoever_brings_it_and_after_a_reset_too)
{
	static const char *const users[] = {NULL, "alice", "bob"};
	const char *first = users[_i / 3], *second = users[_i % 3];
	char payload[1000];
	sign_directive(payload, sizeof(payload));
	if (first)
		ck_assert(type(payload, first, true));
	if (first)
		work();
	else
		send(payload);
	bring(payload, second);
	forget_counter();
	bring(payload, second);
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM commands"), 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox WHERE topic = 'reply' AND payload LIKE "
			     "'%\"outcome\":\"repeated\"%'"),
			 2);
}
END_TEST

START_TEST(what_root_types_without_a_key_is_another_than_the_signed_one_of_its_id)
{
	char payload[1000];
	sign_directive(payload, sizeof(payload));
	send(payload);
	ck_assert_int_eq(ask("SELECT count(*) FROM commands WHERE id = 'directive/city/d-1'"), 1);
	ck_assert(type(DIRECTIVE("d-1"), "root", false));
	work();
	ck_assert(is_answered("d-1", "\"outcome\":\"accepted\""));
	ck_assert_int_eq(ask("SELECT count(*) FROM commands"), 2);
}
END_TEST

START_TEST(nobody_on_the_network_can_say_who_typed_a_command)
{
	static const char forged[] = "hazewatch-box-1 root system\n" DIRECTIVE("d-1");
	ck_assert_int_eq(spool_append(spool, "directive", 0, forged, (int)strlen(forged)),
			 SPOOL_ON_DISK);
	work();
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox WHERE topic = 'reply' AND payload LIKE "
			     "'%signature: missing%'"),
			 1);
}
END_TEST

START_TEST(what_was_kept_before_a_kill_is_judged_as_it_was_typed)
{
	ck_assert(type(DIRECTIVE("d-1"), "root", false));
	be_killed();
	start();
	open_inbox();
	ck_assert_int_eq(waiting(), 1);
	work();
	ck_assert(is_answered("d-1", "\"outcome\":\"accepted\""));
	ck_assert_int_eq(
		ask("SELECT count(*) FROM directives WHERE command = 'directive/@root/d-1'"), 1);
}
END_TEST

START_TEST(commands_that_were_gathered_are_answered_to_who_typed_them)
{
	inbox_started(inbox);
	ck_assert(type(DIRECTIVE("d-1"), "root", false));
	ck_assert(type(DIRECTIVE("d-2"), "root", false));
	work();
	ck_assert_ptr_null(inbox_reply(inbox, COMMAND_DIRECTIVE, "d-2"));
	monotonic_ms += 20000;
	work();
	ck_assert(is_answered("d-1", "\"outcome\":\"accepted\""));
	ck_assert(is_answered("d-2", "\"outcome\":\"accepted\""));
}
END_TEST

START_TEST(a_mark_that_is_damaged_gives_nobody_anything)
{
	static const char *const wrong[] = {
		"",
		"hazewatch-box-1 ",
		"hazewatch-box-1  system\n{}",
		"hazewatch-box-1 root\n{}",
		"hazewatch-box-1 root systemd\n{}",
		"hazewatch-box-1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa system\n{}"};
	struct box_mark mark;
	char line[BOX_MARK_MAX + 3];
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		ck_assert_ptr_null(box_mark_read(wrong[i], &mark));
		ck_assert(mark.needs_key);
	}
	for (int key = 0; key < 2; key++) {
		const struct box_mark written = {"a-user", key == 1};
		size_t n = box_mark_write(&written, line);
		strcpy(line + n, "{}");
		ck_assert_str_eq(box_mark_read(line, &mark), "{}");
		ck_assert_str_eq(mark.user, "a-user");
		ck_assert_int_eq(mark.needs_key, key);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("typed");
	TCase *tc = tcase_create("keys");
	tcase_add_checked_fixture(tc, begin_with_keys, end);
	tcase_add_test(tc, what_root_types_needs_no_key_and_is_recorded_with_the_user);
	tcase_add_test(tc, the_same_words_again_are_a_repetition_and_others_are_refused);
	tcase_add_test(tc, a_member_with_a_key_is_recorded_beside_it_and_raises_its_counter);
	tcase_add_loop_test(
		tc, a_signed_directive_has_its_effect_once_whoever_brings_it_and_after_a_reset_too,
		0, 9);
	tcase_add_test(tc, what_root_types_without_a_key_is_another_than_the_signed_one_of_its_id);
	tcase_add_test(tc, nobody_on_the_network_can_say_who_typed_a_command);
	tcase_add_test(tc, what_was_kept_before_a_kill_is_judged_as_it_was_typed);
	tcase_add_test(tc, commands_that_were_gathered_are_answered_to_who_typed_them);
	suite_add_tcase(suite, tc);
	tc = tcase_create("open");
	tcase_add_checked_fixture(tc, begin_open, end);
	tcase_add_test(tc, a_member_of_the_group_needs_a_key_where_the_station_file_has_none);
	suite_add_tcase(suite, tc);
	tc = tcase_create("mark");
	tcase_add_test(tc, a_mark_that_is_damaged_gives_nobody_anything);
	suite_add_tcase(suite, tc);
	return suite;
}
