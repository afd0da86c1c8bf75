/* SPDX-License-Identifier: MIT */
/* What a district says to its stations, by a real database and a given time. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_json.h"
#include "db.h"
#include "log.h"
#include "pipeline.h"
#include "point_hours.h"
#include "relay_inside.h"
#include "sign.h"
#include "signing_key.h"
#include "time_text.h"
#include "unit.h"

#define NOW_MS (H * HOUR_MS)
#define STATIONS 3
#define SAID_MAX 64
#define NOW_TEXT "2013-11-09T06:00:00+08:00" /* NOW_MS */
#define LATER "2013-11-20T08:00:00+08:00"

struct said {
	char station[33], kind[16];
	char *payload;
};

static struct relay *relay;
static struct said said[SAID_MAX];
static int n_said;
static struct relay_moment moment;

static void keep_said(void *ctx, const char *station, const char *kind, char *payload)
{
	(void)ctx;
	ck_assert_int_lt(n_said, SAID_MAX);
	struct said *each = &said[n_said++];
	snprintf(each->station, sizeof(each->station), "%s", station);
	snprintf(each->kind, sizeof(each->kind), "%s", kind);
	each->payload = payload;
}

static void forget_said(void)
{
	while (n_said > 0)
		free(said[--n_said].payload);
}

static void silence(enum log_level level, const char *line)
{
	(void)level, (void)line;
}

static void write_text(const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/%s", unit_tmpdir(), name);
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static struct conf *load_district(void)
{
	char text[2048], path[256], config_dir[4096];
	struct problems problems = {0};
	struct conf *loaded = NULL;
	write_text("roster.csv", "id,role\np-0,assessment\np-1,assessment\np-2,assessment\n");
	snprintf(text, sizeof(text),
		 "kind: district\n"
		 "station: {id: hetang, name_zh: 区, name_en: District, area: \"430202\"}\n"
		 "edition: hj633-2026\n"
		 "plan: hetang-2024\n"
		 "clock: {source: rtc}\n"
		 "storage: {dir: %s/data}\n"
		 "roster: %s/roster.csv\n"
		 "relay: {key_file: %s, key_name: hetang}\n"
		 "mqtt: {host: 127.0.0.1}\n",
		 unit_tmpdir(), unit_tmpdir(), key_path);
	write_text("district.yaml", text);
	snprintf(path, sizeof(path), "%s/district.yaml", unit_tmpdir());
	snprintf(config_dir, sizeof(config_dir), "%s", unit_source("config"));
	if (!conf_load(path, config_dir, &problems, &loaded)) {
		problems_print(&problems, stderr);
		ck_abort_msg("the test's district file has problems");
	}
	problems_done(&problems); /* a warning: everybody may read the key */
	return loaded;
}

static void open_relay(void)
{
	const struct relay_env env = {NULL, keep_said};
	ck_assert_int_eq(relay_new(conf, store, engine, &env, &relay), 0);
	ck_assert_ptr_nonnull(relay);
}

static void begin(void)
{
	write_key();
	conf = load_district();
	n_rows = 0;
	log_capture(silence);
	start();
	moment = (struct relay_moment){NOW_MS, 1000000, true, 0};
	open_relay();
}

static void end(void)
{
	relay = relay_free(relay);
	forget_said();
	log_capture(NULL);
	teardown();
}

/* The city says it to the district. */
static void give(enum command_kind kind, const char *json)
{
	static struct command_message message;
	struct command_answer answer;
	if (!command_parse(kind, json, strlen(json), &conf->plan, &message))
		ck_abort_msg("%s", message.why);
	ck_assert_int_eq(
		engine_command(engine, &message.command, moment.now_ms, TIME_SYNCHRONISED, &answer),
		0);
	ck_assert_msg(answer.outcome == COMMAND_ACCEPTED, "%s", answer.why);
	moment.commands++;
	moment.now_ms += 1000;
}

static void direct(const char *id, const char *level, const char *more)
{
	char json[512], time[TIME_TEXT_SIZE];
	time_text(moment.now_ms, time);
	snprintf(json, sizeof(json),
		 "{\"id\": \"%s\", \"issuer\": \"city\", \"time\": \"%s\", \"level\": \"%s\","
		 " \"start\": \"%s\"%s}",
		 id, time, level, time, more);
	give(COMMAND_DIRECTIVE, json);
}

static void hear_state(int station, enum station_word_kind kind, const char *boot)
{
	struct station_word word = {.kind = kind};
	snprintf(word.station, sizeof(word.station), "p-%d", station);
	snprintf(word.boot, sizeof(word.boot), "%s", boot);
	relay_hear(relay, &word, 1, &moment);
}

static void answer(int station, enum command_kind of, const char *id, const char *why)
{
	char json[512];
	char name[33];
	struct station_word word;
	snprintf(name, sizeof(name), "p-%d", station);
	snprintf(json, sizeof(json),
		 "{\"command\": \"%s\", \"kind\": \"%s\", \"outcome\": \"%s\", "
		 "\"why\": \"%s\"}",
		 id, command_kind_name(of), why[0] ? "refused" : "accepted", why);
	ck_assert(station_word_parse(name, "reply", json, strlen(json), &word));
	relay_hear(relay, &word, 1, &moment);
}

static void tick(int64_t later_ms)
{
	moment.mono_ms += later_ms;
	relay_tick(relay, &moment);
}

/* "p-0 directive d-1, ...": what was said since the last time, resends aside. */
static const char *words(void)
{
	static char text[2048];
	text[0] = '\0';
	for (int i = 0; i < n_said; i++) {
		json_t *json = json_loads(strchr(said[i].payload, '\n') + 1, 0, NULL);
		size_t n = strlen(text);
		if (strcmp(said[i].kind, "resend") != 0)
			snprintf(text + n, sizeof(text) - n, "%s%.32s %.15s %.64s",
				 n > 0 ? ", " : "", said[i].station, said[i].kind,
				 json_string_value(json_object_get(json, "id")));
		json_decref(json);
	}
	forget_said();
	return text;
}

START_TEST(a_station_that_is_there_hears_it_and_no_other)
{
	direct("d-1", "orange", "");
	hear_state(0, STATION_ONLINE, "a");
	hear_state(1, STATION_OFFLINE, "b");
	tick(0);
	ck_assert_str_eq(words(), "p-0 directive d-1");
	hear_state(1, STATION_ONLINE, "c");
	tick(0);
	ck_assert_str_eq(words(), "p-1 directive d-1");
}
END_TEST

START_TEST(the_word_stays_the_citys_and_the_signature_is_the_districts)
{
	struct sign_key public;
	char key[64], signature[128];
	int64_t counters[2];
	ck_assert(sign_parse_public(PUBLIC_TEXT, &public));
	direct("d-1", "orange", ", \"document\": \"7\"");
	hear_state(0, STATION_ONLINE, "a");
	tick(0);
	tick(15000);
	ck_assert_int_ge(n_said, 2);
	for (int i = 0, n = 0; i < n_said && n < 2; i++) {
		if (strcmp(said[i].kind, "directive") != 0)
			continue;
		const char *text = strchr(said[i].payload, '\n') + 1;
		ck_assert_int_eq(sscanf(said[i].payload, SIGN_MARK "%63s %127s", key, signature),
				 2);
		ck_assert_str_eq(key, "hetang");
		ck_assert(sign_verify(&public, "hazewatch/1/430202/p-0/cmd/directive", text,
				      strlen(text), signature));
		json_t *json = json_loads(text, 0, NULL);
		ck_assert_str_eq(json_string_value(json_object_get(json, "issuer")), "city");
		ck_assert_str_eq(json_string_value(json_object_get(json, "target")), "p-0");
		ck_assert_str_eq(json_string_value(json_object_get(json, "document")), "7");
		ck_assert_str_eq(json_string_value(json_object_get(json, "relayed_by")), "hetang");
		counters[n++] = json_integer_value(json_object_get(json, "counter"));
		json_decref(json);
	}
	ck_assert_int_ge(counters[0], NOW_MS);
	ck_assert_int_gt(counters[1], counters[0]);
}
END_TEST

START_TEST(one_is_said_at_a_time_in_order_and_again_with_growing_pauses)
{
	direct("d-1", "orange", "");
	give(COMMAND_DIRECTIVE, "{\"id\": \"d-2\", \"issuer\": \"city\", \"time\": \"" NOW_TEXT
				"\", \"level\": \"red\", \"start\": \"" LATER "\"}");
	hear_state(0, STATION_ONLINE, "a");
	tick(0);
	ck_assert_str_eq(words(), "p-0 directive d-1");
	tick(14999);
	ck_assert_str_eq(words(), "");
	tick(1);
	ck_assert_str_eq(words(), "p-0 directive d-1");
	tick(29999);
	ck_assert_str_eq(words(), "");
	tick(1);
	ck_assert_str_eq(words(), "p-0 directive d-1");
	answer(0, COMMAND_DIRECTIVE, "d-1", "");
	tick(0);
	ck_assert_str_eq(words(), "p-0 directive d-2");
	answer(0, COMMAND_DIRECTIVE, "d-2", "");
	tick(3600000);
	ck_assert_str_eq(words(), "");
}
END_TEST

START_TEST(what_is_over_is_not_said_and_a_lift_and_a_withdrawal_are)
{
	direct("d-1", "orange", "");
	give(COMMAND_DIRECTIVE, "{\"id\": \"d-2\", \"issuer\": \"city\", \"time\": \"" NOW_TEXT
				"\", \"level\": \"red\", \"start\": \"" LATER "\"}");
	give(COMMAND_DIRECTIVE, "{\"id\": \"d-3\", \"issuer\": \"city\", \"time\": \"" NOW_TEXT
				"\", \"withdraws\": [\"d-2\"]}");
	direct("d-4", "none", "");
	hear_state(0, STATION_ONLINE, "a");
	tick(0);
	ck_assert_str_eq(words(), "p-0 directive d-3");
	answer(0, COMMAND_DIRECTIVE, "d-3", "");
	tick(0);
	ck_assert_str_eq(words(), "p-0 directive d-4");
	ck_assert_int_eq(relay_view(relay)->n, 2);
}
END_TEST

START_TEST(a_restart_knows_what_was_answered_and_counts_on)
{
	direct("d-1", "orange", "");
	hear_state(0, STATION_ONLINE, "a");
	tick(0);
	answer(0, COMMAND_DIRECTIVE, "d-1", "");
	tick(0);
	forget_said();
	int64_t counter = relay->counter;
	relay = relay_free(relay);
	open_relay();
	moment.now_ms -= 10 * HOUR_MS; /* by a clock that was set back, too */
	hear_state(0, STATION_OFFLINE, "a");
	hear_state(1, STATION_ONLINE, "b");
	tick(0);
	ck_assert_int_gt(relay->counter, counter);
	ck_assert_str_eq(words(), "p-1 directive d-1");
	ck_assert_int_eq(relay_count_waiting(&relay_view(relay)->stations[0], 1), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM relays"), 1);
	moment.now_ms += 10 * HOUR_MS;
	direct("d-2", "yellow", "");
	tick(0);
	ck_assert_int_eq(ask("SELECT count(*) FROM relays"), 0); /* it counts no more */
}
END_TEST

START_TEST(a_refused_signature_is_tried_again_and_any_other_refusal_stands)
{
	direct("d-1", "orange", "");
	hear_state(0, STATION_ONLINE, "a");
	hear_state(1, STATION_ONLINE, "b");
	tick(0);
	forget_said();
	answer(0, COMMAND_DIRECTIVE, "d-1", "signature: unknown key hetang");
	answer(1, COMMAND_DIRECTIVE, "d-1", "older than directive 7");
	tick(0);
	ck_assert_str_eq(words(), "");
	ck_assert_int_eq(relay_count_refused(&relay_view(relay)->stations[0], 1), 1);
	ck_assert_int_eq(relay_count_refused(&relay_view(relay)->stations[1], 1), 1);
	tick(60000);
	ck_assert_str_eq(words(), "p-0 directive d-1");
	answer(0, COMMAND_DIRECTIVE, "d-1", "");
	ck_assert_int_eq(relay_count_refused(&relay_view(relay)->stations[0], 1), 0);
	tick(7200000);
	ck_assert_str_eq(words(), "");
}
END_TEST

START_TEST(a_station_that_begins_anew_hears_it_again_and_in_the_same_run_it_does_not)
{
	direct("d-1", "orange", "");
	hear_state(0, STATION_ONLINE, "a");
	tick(0);
	answer(0, COMMAND_DIRECTIVE, "d-1", "");
	forget_said();
	hear_state(0, STATION_OFFLINE, "a");
	hear_state(0, STATION_ONLINE, "a");
	tick(0);
	ck_assert_str_eq(words(), "");
	hear_state(0, STATION_ONLINE, "b"); /* on another disk, for all that is known */
	ck_assert_int_eq(relay_count_waiting(&relay_view(relay)->stations[0], 1), 1);
	tick(0);
	ck_assert_str_eq(words(), "p-0 directive d-1");
	answer(0, COMMAND_DIRECTIVE, "d-1", "");
	tick(7200000);
	ck_assert_str_eq(words(), "");
}
END_TEST

static void direct_later(const char *id, const char *level, const char *start, const char *more)
{
	char json[512], time[TIME_TEXT_SIZE];
	snprintf(json, sizeof(json),
		 "{\"id\": \"%s\", \"issuer\": \"city\", \"time\": \"%s\", \"level\": \"%s\","
		 " \"start\": \"%s\"%s}",
		 id, time_text(moment.now_ms, time), level, start, more);
	give(COMMAND_DIRECTIVE, json);
}

START_TEST(no_directive_overtakes_one_that_was_refused_for_now)
{
	static const char *const whys[] = {"time: lies ahead of now", "the database is failing: x",
					   "counter: 7 is not above 8"};
	direct("d-1", "orange", "");
	direct_later("d-2", "red", LATER, "");
	hear_state(0, STATION_ONLINE, "a");
	tick(0);
	for (int i = 0; i < 3; i++) {
		ck_assert_str_eq(words(), "p-0 directive d-1");
		answer(0, COMMAND_DIRECTIVE, "d-1", whys[i]);
		tick(59999);
		ck_assert_str_eq(words(), "");
		tick(60001 << i);
	}
	ck_assert_str_eq(words(), "p-0 directive d-1");
	answer(0, COMMAND_DIRECTIVE, "d-1", "");
	tick(0);
	ck_assert_str_eq(words(), "p-0 directive d-2");
}
END_TEST

#define WEDNESDAY "2013-11-13T00:00:00+08:00"
#define THURSDAY "2013-11-14T00:00:00+08:00"
#define FRIDAY "2013-11-15T00:00:00+08:00"

/* Says all that is relayed to a station that is there, and has it accepted. */
static const char *say_all(int station)
{
	static char all[1024];
	all[0] = '\0';
	for (int i = 0; i < RELAYS_MAX; i++) {
		char kind[16], id[65];
		tick(1000);
		const char *text = words();
		if (sscanf(text, "%*s %15s %64s", kind, id) != 2)
			break;
		size_t n = strlen(all);
		snprintf(all + n, sizeof(all) - n, "%s%s", n > 0 ? " " : "", id);
		enum command_kind of;
		ck_assert(command_kind_parse(kind, &of));
		answer(station, of, id, "");
	}
	return all;
}

START_TEST(what_took_something_out_is_said_before_what_counts)
{
	direct_later("a", "red", FRIDAY, "");
	direct("b", "orange", "");
	direct("c", "yellow", ", \"planned_end\": \"" THURSDAY "\"");
	hear_state(0, STATION_ONLINE, "a");
	ck_assert_str_eq(say_all(0), "b c");
	direct_later("d", "none", WEDNESDAY, "");
	direct_later("e", "none", THURSDAY, ""); /* it postpones d */
	direct("f", "orange", ", \"withdraws\": [\"e\"], \"planned_end\": \"" WEDNESDAY "\"");
	direct("g", "red", ", \"planned_end\": \"" WEDNESDAY "\"");
	ck_assert_str_eq(say_all(0), "d e f g");
}
END_TEST

START_TEST(what_binds_is_said_with_its_slip_where_slips_bind)
{
	char slip[512];
	conf->binding_from = BINDING_FROM_RELEASE;
	direct("d-1", "yellow", "");
	snprintf(slip, sizeof(slip),
		 "{\"id\": \"r-1\", \"issuer\": \"city\", \"time\": \"" NOW_TEXT
		 "\", \"number\": \"7\", \"level\": \"yellow\", \"directive\": \"d-1\", \"post\": "
		 "\"p\","
		 " \"signer\": \"s\", \"signed\": \"" NOW_TEXT "\"}");
	give(COMMAND_RELEASE, slip);
	direct("d-2", "red", "");
	hear_state(0, STATION_ONLINE, "a");
	ck_assert_str_eq(say_all(0), "d-1 d-2 r-1");
	conf->binding_from = BINDING_FROM_DIRECTIVE;
	moment.commands++;
	tick(0);
	ck_assert_int_eq(relay_view(relay)->n, 1);
}
END_TEST

START_TEST(a_lift_of_a_month_ago_and_what_has_no_text_are_not_said)
{
	direct("d-1", "orange", "");
	direct("d-2", "none", "");
	give(COMMAND_FORECAST, "{\"id\": \"f-1\", \"issuer\": \"city\", \"time\": \"" NOW_TEXT
			       "\", \"source\": \"s\", \"kind\": \"model\", \"issued\": \"" NOW_TEXT
			       "\", \"hours\": [{\"hour\": \"" LATER "\", \"pm25_ug_m3\": 80}]}");
	tick(0);
	ck_assert_int_eq(relay_view(relay)->n, 2);
	ask("UPDATE commands SET json = '' WHERE kind = 'forecast'");
	moment.commands++;
	tick(0);
	ck_assert_int_eq(relay_view(relay)->n, 1);
	moment.now_ms += INT64_C(28) * 24 * HOUR_MS;
	moment.commands++;
	tick(0);
	ck_assert_int_eq(relay_view(relay)->n, 1);
	moment.now_ms += INT64_C(24) * HOUR_MS;
	moment.commands++;
	tick(0);
	ck_assert_int_eq(relay_view(relay)->n, 0);
}
END_TEST

START_TEST(answers_to_what_ended_meanwhile_go)
{
	direct("d-1", "orange", "");
	hear_state(0, STATION_ONLINE, "a");
	tick(0);
	answer(0, COMMAND_DIRECTIVE, "d-1", "");
	tick(0);
	relay = relay_free(relay);
	direct("d-2", "yellow", "");
	ck_assert_int_eq(ask("SELECT count(*) FROM relays"), 1);
	open_relay();
	tick(0);
	ck_assert_int_eq(ask("SELECT count(*) FROM relays"), 0);
}
END_TEST

START_TEST(the_loss_of_a_run_before_the_newest_is_no_news)
{
	hear_state(0, STATION_ONLINE, "new");
	hear_state(0, STATION_OFFLINE, "old");
	ck_assert_int_eq(relay_view(relay)->stations[0].presence, STATION_THERE);
	hear_state(0, STATION_OFFLINE, "new");
	ck_assert_int_eq(relay_view(relay)->stations[0].presence, STATION_AWAY);
}
END_TEST

static int count_resends(const char *station, json_t **ret_newest)
{
	int n = 0;
	for (int i = 0; i < n_said; i++) {
		if (strcmp(said[i].kind, "resend") != 0 || strcmp(said[i].station, station) != 0)
			continue;
		n++;
		if (ret_newest)
			*ret_newest = json_loads(strchr(said[i].payload, '\n') + 1, 0, NULL);
	}
	forget_said();
	return n;
}

START_TEST(an_empty_district_asks_each_station_that_is_there_one_a_second)
{
	engine_advance(engine, moment.now_ms, TIME_SYNCHRONISED);
	relay_connected(relay, moment.mono_ms);
	hear_state(0, STATION_ONLINE, "a");
	hear_state(2, STATION_ONLINE, "c");
	tick(2999); /* what waited at the broker comes first */
	ck_assert_int_eq(n_said, 0);
	tick(1);
	ck_assert_int_eq(count_resends("p-0", NULL), 1);
	tick(1000);
	ck_assert_int_eq(count_resends("p-2", NULL), 1);
	tick(28999);
	ck_assert_int_eq(n_said, 0);
	tick(1000);
	ck_assert_int_eq(count_resends("p-0", NULL), 1);
}
END_TEST

START_TEST(a_station_that_tells_others_their_hours_is_asked_again_soon)
{
	json_t *newest = NULL;
	engine_advance(engine, moment.now_ms, TIME_SYNCHRONISED);
	hear_state(0, STATION_ONLINE, "a");
	tick(5000);
	ck_assert_int_eq(count_resends("p-0", &newest), 1);
	answer(0, COMMAND_RESEND, json_string_value(json_object_get(newest, "id")),
	       "others are being sent again: ask for these afterwards");
	json_decref(newest);
	tick(9999);
	ck_assert_int_eq(n_said, 0);
	tick(1);
	ck_assert_int_eq(n_said, 0); /* one look a second */
	tick(1000);
	ck_assert_int_eq(count_resends("p-0", NULL), 1);
}
END_TEST

START_TEST(hours_that_a_station_has_not_are_not_asked_for_again)
{
	json_t *newest = NULL;
	char json[512], from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];
	struct station_word word;
	engine_advance(engine, moment.now_ms, TIME_SYNCHRONISED);
	int64_t last = engine_newest_hour(engine);
	hear_state(0, STATION_ONLINE, "a");
	tick(5000);
	ck_assert_int_eq(count_resends("p-0", &newest), 1);
	time_text((last - 94) * HOUR_MS, from);
	ck_assert_str_eq(json_string_value(json_object_get(newest, "from")), from);
	time_text((last - 10) * HOUR_MS, to);
	snprintf(json, sizeof(json),
		 "{\"command\": \"%s\", \"kind\": \"resend\", \"outcome\": \"accepted\","
		 " \"why\": null, \"absent\": [{\"from\": \"%s\", \"to\": \"%s\"}]}",
		 json_string_value(json_object_get(newest, "id")), from, to);
	json_decref(newest);
	ck_assert(station_word_parse("p-0", "reply", json, strlen(json), &word));
	relay_hear(relay, &word, 1, &moment);
	tick(3600000);
	ck_assert_int_eq(count_resends("p-0", &newest), 1);
	time_text((last - 9) * HOUR_MS, from);
	ck_assert_str_eq(json_string_value(json_object_get(newest, "from")), from);
	json_decref(newest);
}
END_TEST

static void tell_hour(int station, int64_t hour)
{
	struct point_hour told = {.hour = hour};
	snprintf(told.station, sizeof(told.station), "p-%d", station);
	told.values.valid = 1u << POLLUTANT_PM25;
	told.values.milli[POLLUTANT_PM25] = 60000;
	ck_assert_int_eq(engine_point_hour(engine, &told, moment.now_ms, TIME_SYNCHRONISED), 0);
}

START_TEST(the_pauses_grow_only_when_nothing_came_of_what_was_asked_for)
{
	engine_advance(engine, moment.now_ms, TIME_SYNCHRONISED);
	int64_t first = engine_newest_hour(engine) - ASK_HOURS + 1;
	hear_state(0, STATION_ONLINE, "a");
	tick(5000);
	ck_assert_int_eq(count_resends("p-0", NULL), 1);
	for (int i = 0; i < 4; i++) { /* a long backlog comes */
		tell_hour(0, first + i);
		tick(31000);
		ck_assert_int_eq(count_resends("p-0", NULL), 1);
	}
	tick(31000); /* and stops */
	ck_assert_int_eq(count_resends("p-0", NULL), 1);
	tick(31000);
	ck_assert_int_eq(count_resends("p-0", NULL), 0);
	tell_hour(0, first + 60); /* told before the next one is due */
	tick(31000);
	ck_assert_int_eq(count_resends("p-0", NULL), 1);
	tick(31000);
	ck_assert_int_eq(count_resends("p-0", NULL), 1);
}
END_TEST

START_TEST(a_topic_of_many_stations_fits_and_says_how_many)
{
	static struct roster_station stations[ROSTER_MAX];
	static struct relay_delivery deliveries[ROSTER_MAX];
	static struct relay_command commands[RELAYS_MAX];
	struct conf large = *conf;
	for (int i = 0; i < ROSTER_MAX; i++)
		snprintf(stations[i].id, sizeof(stations[i].id), "station-with-a-name-%d", i);
	for (int i = 0; i < 20; i++) {
		snprintf(commands[i].name, sizeof(commands[i].name), "directive/city/d-%d", i);
		snprintf(commands[i].kind, sizeof(commands[i].kind), "directive");
	}
	large.roster = (struct roster){"r", ROSTER_MAX, 0, stations};
	const struct relay_view view = {20, commands, deliveries};
	const struct payload_head head = {.conf = &large};
	char *text = payload_relay(&head, &view);
	ck_assert_uint_le(strlen(text), 15360);
	json_t *json = json_loads(text, 0, NULL);
	const json_t *first = json_array_get(json_object_get(json, "commands"), 0);
	ck_assert_int_eq(json_integer_value(json_object_get(first, "waiting")), ROSTER_MAX);
	ck_assert_str_eq(json_string_value(json_object_get(first, "command")), "d-0");
	json_decref(json);
	free(text);
}
END_TEST

START_TEST(a_relayed_word_that_is_signed_anew_is_the_same_word)
{
	static const char *const texts[] = {
		"{\"id\": \"d-1\", \"issuer\": \"city\", \"time\": \"" NOW_TEXT "\", \"level\": "
		"\"red\", \"start\": \"" NOW_TEXT "\", \"target\": \"hetang\", \"counter\": 7, "
		"\"not_after\": \"" LATER "\", \"relayed_by\": \"city-hall\"}",
		"{\"id\": \"d-1\", \"issuer\": \"city\", \"time\": \"" NOW_TEXT "\", \"level\": "
		"\"red\", \"start\": \"" NOW_TEXT "\", \"target\": \"hetang\", \"counter\": 9, "
		"\"not_after\": \"" LATER "\", \"relayed_by\": \"city-hall\"}",
		"{\"id\": \"d-1\", \"issuer\": \"city\", \"time\": \"" NOW_TEXT "\", \"level\": "
		"\"yellow\", \"start\": \"" NOW_TEXT "\", \"target\": \"hetang\", \"counter\": 11, "
		"\"not_after\": \"" LATER "\", \"relayed_by\": \"city-hall\"}"};
	static const enum command_outcome outcomes[] = {COMMAND_ACCEPTED, COMMAND_REPEATED,
							COMMAND_REFUSED};
	static struct command_message message;
	struct command_answer got;
	for (int i = 0; i < 3; i++) {
		ck_assert(command_parse(COMMAND_DIRECTIVE, texts[i], strlen(texts[i]), &conf->plan,
					&message));
		message.command.key = "city";
		message.command.counter = message.order.counter;
		ck_assert_int_eq(engine_command(engine, &message.command, moment.now_ms,
						TIME_SYNCHRONISED, &got),
				 0);
		ck_assert_int_eq(got.outcome, outcomes[i]);
	}
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 1);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("relay");
	TCase *tcase = tcase_create("relay");
	tcase_add_checked_fixture(tcase, begin, end);
	tcase_add_test(tcase, a_station_that_is_there_hears_it_and_no_other);
	tcase_add_test(tcase, the_word_stays_the_citys_and_the_signature_is_the_districts);
	tcase_add_test(tcase, one_is_said_at_a_time_in_order_and_again_with_growing_pauses);
	tcase_add_test(tcase, what_is_over_is_not_said_and_a_lift_and_a_withdrawal_are);
	tcase_add_test(tcase, a_restart_knows_what_was_answered_and_counts_on);
	tcase_add_test(tcase, a_refused_signature_is_tried_again_and_any_other_refusal_stands);
	tcase_add_test(tcase,
		       a_station_that_begins_anew_hears_it_again_and_in_the_same_run_it_does_not);
	tcase_add_test(tcase, no_directive_overtakes_one_that_was_refused_for_now);
	tcase_add_test(tcase, what_took_something_out_is_said_before_what_counts);
	tcase_add_test(tcase, what_binds_is_said_with_its_slip_where_slips_bind);
	tcase_add_test(tcase, a_lift_of_a_month_ago_and_what_has_no_text_are_not_said);
	tcase_add_test(tcase, answers_to_what_ended_meanwhile_go);
	tcase_add_test(tcase, the_loss_of_a_run_before_the_newest_is_no_news);
	tcase_add_test(tcase, an_empty_district_asks_each_station_that_is_there_one_a_second);
	tcase_add_test(tcase, a_station_that_tells_others_their_hours_is_asked_again_soon);
	tcase_add_test(tcase, hours_that_a_station_has_not_are_not_asked_for_again);
	tcase_add_test(tcase, the_pauses_grow_only_when_nothing_came_of_what_was_asked_for);
	tcase_add_test(tcase, a_topic_of_many_stations_fits_and_says_how_many);
	tcase_add_test(tcase, a_relayed_word_that_is_signed_anew_is_the_same_word);
	suite_add_tcase(suite, tcase);
	return suite;
}
