/* SPDX-License-Identifier: MIT */
/* Who may give which command, and what is said of one that is refused: through the inbox. */
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "inbox.h"
#include "log.h"
#include "payload.h"
#include "pipeline.h"
#include "sign.h"
#include "signing_key.h"
#include "station.h"
#include "unit.h"

#define NOW_MS (H * HOUR_MS)
#define T "\"2013-11-09T06:00:00+08:00\""
#define DUST                                                                                       \
	"\"id\":\"d-1\",\"issuer\":\"x\",\"time\":" T ",\"from\":" T ",\"to\":" T                  \
	",\"source\":\"s\""

static struct inbox *inbox;
static struct spool *spool;
static char log_text[8000];

static void capture(enum log_level level, const char *line)
{
	size_t n = strlen(log_text);
	(void)level;
	snprintf(log_text + n, sizeof(log_text) - n, "%s\n", line);
}

static void open_inbox(void)
{
	spool = spool_open("/nonexistent");
	inbox = inbox_new(conf, store, engine, spool);
	ck_assert_ptr_nonnull(inbox);
}

static void begin_with(const char *more)
{
	write_key();
	conf = station_conf("hj633-2012", "hetang-2024", more);
	log_text[0] = '\0';
	log_capture(capture);
	start();
	open_inbox();
}

static void end(void)
{
	inbox = inbox_free(inbox);
	spool = spool_close(spool);
	killed();
	conf = conf_free(conf);
}

/* The newest reply; the caller releases it. */
static json_t *newest_reply(void)
{
	sqlite3_stmt *stmt;
	json_t *json = NULL;
	sqlite3_prepare_v2(store->state.handle,
			   "SELECT payload FROM outbox WHERE topic = 'reply' ORDER BY seq DESC", -1,
			   &stmt, NULL);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		json = json_loads((const char *)sqlite3_column_text(stmt, 0), 0, NULL);
	sqlite3_finalize(stmt);
	ck_assert_ptr_nonnull(json);
	return json;
}

/* "refused: signature: missing", "accepted". */
static const char *reply(void)
{
	static char text[300];
	json_t *json = newest_reply();
	const char *why = json_string_value(json_object_get(json, "why"));
	snprintf(text, sizeof(text), "%s%s%s", json_string_value(json_object_get(json, "outcome")),
		 why ? ": " : "", why ? why : "");
	json_decref(json);
	return text;
}

static const char *tell(const char *kind, const char *payload, size_t n)
{
	ck_assert_int_ne(spool_append(spool, kind, 0, payload, (int)n), SPOOL_REFUSED);
	inbox_work(inbox, NOW_MS, TIME_SYNCHRONISED);
	return reply();
}

/* ---- a refusal says why, in plain text ---- */

static void begin_open(void)
{
	begin_with("");
}

START_TEST(the_senders_control_characters_are_escaped_in_why)
{
	static const char payload[] = "{" DUST ",\"\\u001b[31m\\u009b\\n\":1}";
	ck_assert_str_eq(tell("dust", payload, strlen(payload)),
			 "refused: unknown key \\x1b[31m\\xc2\\x9b\\x0a");
	ck_assert_ptr_null(strchr(log_text, '\x1b'));
	ck_assert_ptr_nonnull(strstr(log_text, "unknown key \\x1b[31m"));
}
END_TEST

static const char letters[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			      "aaaaaaaaaaaaaaaaaaaaaa";

static void assert_refused(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void assert_refused(const char *format, ...)
{
	char payload[600];
	va_list args;
	va_start(args, format);
	int n = vsnprintf(payload, sizeof(payload), format, args);
	va_end(args);
	const char *said = tell("dust", payload, (size_t)n);
	ck_assert_msg(strncmp(said, "refused: ", 9) == 0, "%s: %s", payload, said);
}

/* Wherever a text is cut, and whatever jansson says of bytes that are no text. */
START_TEST(a_refusal_has_its_why_whatever_was_sent)
{
	for (int n = 0; n < (int)strlen(letters); n++) {
		assert_refused("{" DUST ",\"%.*s预警预警\":1}", n, letters);
		assert_refused("{\"%.*s预\" 预警预警", n, letters);
	}
	for (int byte = 1; byte < 256; byte++) {
		assert_refused("{\"a%cb\":1}", byte);
		assert_refused("hazewatch-sig-1 k%c QQ==\n{}", byte);
	}
}
END_TEST

/* ---- who may give what ---- */

#define CITY "{name: city, public: \"" PUBLIC_TEXT "\""
#define FORECASTER "{name: forecaster, public: \"" OTHER_PUBLIC_TEXT "\", kinds: [forecast]}"

static char other_path[520];

static void begin_signed_with(const char *more)
{
	char text[600];
	snprintf(text, sizeof(text),
		 "mqtt: {host: 127.0.0.1, %s command_keys: [" CITY "}, " FORECASTER "]}\n", more);
	begin_with(text);
	snprintf(other_path, sizeof(other_path), "%s/other.pem", unit_tmpdir());
	FILE *file = fopen(other_path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(OTHER_PEM, file);
	fclose(file);
}

static void begin_signed(void)
{
	begin_signed_with("");
}

static void begin_signed_receipts(void)
{
	begin_signed_with("receipts: signed,");
}

/* What the reply says to a command with these fields under a key's signature. */
static const char *sign_and_tell(const char *key, const char *kind, const char *id, int64_t counter,
				 const char *fields)
{
	char prefix[PAYLOAD_PREFIX_MAX], topic[PAYLOAD_TOPIC_MAX], json[600], text[SIGN_TEXT_SIZE];
	char payload[1000];
	payload_prefix(conf, prefix);
	snprintf(topic, sizeof(topic), "%scmd/%s", prefix, kind);
	int n = snprintf(json, sizeof(json),
			 "{\"id\":\"%s\",\"issuer\":\"%s\",\"time\":" T ",\"target\":\"test-01\","
			 "\"counter\":%lld,\"not_after\":\"2013-11-30T00:00:00+08:00\",%s}",
			 id, key, (long long)counter, fields);
	bool city = strcmp(key, "city") == 0;
	ck_assert(sign_make(city ? key_path : other_path, topic, json, (size_t)n, text));
	n = snprintf(payload, sizeof(payload), SIGN_MARK "%s %s\n%s", key, text, json);
	return tell(kind, payload, (size_t)n);
}

#define LIFT "\"level\":\"none\",\"start\":" T
#define ORANGE "\"level\":\"orange\",\"start\":" T
#define FORECAST                                                                                   \
	"\"source\":\"m\",\"kind\":\"model\",\"issued\":" T ",\"hours\":[{\"hour\":"               \
	"\"2013-11-10T06:00:00+08:00\",\"aqi\":50}]"
#define RECEIPT "\"ref\":\"d-0\",\"unit\":\"eco\",\"person\":\"p\",\"outcome\":\"done\""

static const char *direct(const char *id, int64_t counter)
{
	return sign_and_tell("city", "directive", id, counter, ORANGE);
}

START_TEST(a_key_gives_what_it_is_for_and_lifts_nothing)
{
	ck_assert_str_eq(direct("d-1", 1), "accepted");
	ck_assert_str_eq(sign_and_tell("forecaster", "directive", "d-2", 1, LIFT),
			 "refused: signature: the key forecaster is not for a directive");
	ck_assert_str_eq(sign_and_tell("forecaster", "forecast", "f-1", 1, FORECAST), "accepted");
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM signers WHERE key = 'forecaster'"), 1);
}
END_TEST

START_TEST(an_unsigned_receipt_takes_no_id_of_a_directive)
{
	char receipt[300];
	int n = snprintf(receipt, sizeof(receipt),
			 "{\"id\":\"d-1\",\"issuer\":\"x\",\"time\":" T "," RECEIPT "}");
	ck_assert_str_eq(direct("d-0", 1), "accepted");
	ck_assert_str_eq(tell("receipt", receipt, (size_t)n), "accepted");
	ck_assert_str_eq(direct("d-1", 2), "accepted");
	ck_assert_str_eq(direct("d-1", 2), "repeated");
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 2);
}
END_TEST

START_TEST(receipts_are_signed_where_the_station_file_says_so)
{
	char receipt[300];
	int n = snprintf(receipt, sizeof(receipt),
			 "{\"id\":\"r-1\",\"issuer\":\"x\",\"time\":" T "," RECEIPT "}");
	ck_assert_str_eq(tell("receipt", receipt, (size_t)n), "refused: signature: missing");
	ck_assert_str_eq(sign_and_tell("forecaster", "receipt", "r-1", 1, RECEIPT),
			 "refused: signature: the key forecaster is not for a receipt");
	ck_assert_str_eq(direct("d-0", 1), "accepted");
	ck_assert_str_eq(sign_and_tell("city", "receipt", "r-1", 2, RECEIPT), "accepted");
	ck_assert_int_eq(ask("SELECT count(*) FROM receipts"), 1);
}
END_TEST

/* ---- counters ---- */

#define FAR ((INT64_C(1) << 53) - 1) /* the highest */

static int64_t counter_before(void)
{
	json_t *json = newest_reply();
	int64_t before = json_integer_value(json_object_get(json, "counter_before"));
	json_decref(json);
	return before;
}

START_TEST(a_counter_that_leaps_is_taken_and_told)
{
	ck_assert_str_eq(direct("d-1", 1764000000),
			 "accepted"); /* the first: nothing to leap from */
	ck_assert_int_eq(counter_before(), 0);
	ck_assert_str_eq(direct("d-2", 1767000000), "accepted"); /* a clock, a month later */
	ck_assert_int_eq(counter_before(), 0);
	ck_assert_ptr_null(strstr(log_text, "leaps"));
	ck_assert_str_eq(direct("d-3", FAR), "accepted");
	ck_assert_int_eq(counter_before(), 1767000000);
	ck_assert_ptr_nonnull(strstr(log_text, "command directive d-3: the counter of the key city "
					       "leaps from 1767000000 to 9007199254740991"));
	ck_assert_str_eq(direct("d-4", 1767000001),
			 "refused: counter: 1767000001 is not above 9007199254740991");
}
END_TEST

START_TEST(after_a_reset_a_key_counts_again_from_anywhere)
{
	int64_t before = 0;
	direct("d-1", 7);
	direct("d-2", FAR);
	ck_assert_str_eq(direct("d-3", 8), "refused: counter: 8 is not above 9007199254740991");
	ck_assert_int_eq(inbox_reset_counter(inbox, "county", &before), STORE_E_NONE);
	ck_assert_int_eq(inbox_reset_counter(inbox, "city", &before), 0);
	ck_assert_int_eq(before, FAR);
	ck_assert_str_eq(direct("d-3", 8), "accepted");
	ck_assert_str_eq(direct("d-4", 8), "refused: counter: 8 is not above 8");
	inbox = inbox_free(inbox);
	spool = spool_close(spool);
	killed();
	start();
	open_inbox();
	ck_assert_str_eq(direct("d-4", 8), "refused: counter: 8 is not above 8");
	ck_assert_str_eq(direct("d-4", 9), "accepted");
}
END_TEST

START_TEST(what_was_taken_has_no_second_effect_after_a_reset)
{
	int64_t before = 0;
	direct("d-1", 7);
	ck_assert_int_eq(inbox_reset_counter(inbox, "city", &before), 0);
	ck_assert_str_eq(direct("d-1", 7), "repeated");
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 1);
	ck_assert_int_eq(ask("SELECT counter FROM signers WHERE key = 'city'"), 7);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("keys");
	TCase *tc = tcase_create("why");
	tcase_add_checked_fixture(tc, begin_open, end);
	tcase_add_test(tc, the_senders_control_characters_are_escaped_in_why);
	tcase_add_test(tc, a_refusal_has_its_why_whatever_was_sent);
	suite_add_tcase(suite, tc);
	tc = tcase_create("keys");
	tcase_add_checked_fixture(tc, begin_signed, end);
	tcase_add_test(tc, a_key_gives_what_it_is_for_and_lifts_nothing);
	tcase_add_test(tc, an_unsigned_receipt_takes_no_id_of_a_directive);
	tcase_add_test(tc, a_counter_that_leaps_is_taken_and_told);
	tcase_add_test(tc, after_a_reset_a_key_counts_again_from_anywhere);
	tcase_add_test(tc, what_was_taken_has_no_second_effect_after_a_reset);
	suite_add_tcase(suite, tc);
	tc = tcase_create("receipts");
	tcase_add_checked_fixture(tc, begin_signed_receipts, end);
	tcase_add_test(tc, receipts_are_signed_where_the_station_file_says_so);
	suite_add_tcase(suite, tc);
	return suite;
}
