/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ask_state.h"
#include "hetang.h"
#include "unit.h"
#include "warnings.h"

static struct advice some_advice(void)
{
	return (struct advice){
		.held = 1u << LEVEL_YELLOW | 1u << LEVEL_ORANGE,
		.holding = true,
		.episode = 490000,
		.since = 490024,
		.last_event = 7,
		.last_hour = 490030,
		.evidence = {.condition = 1,
			     .run_first = 489990,
			     .run_last = 490030,
			     .met_at = 490020,
			     .onset = 489967,
			     .basis = BASIS_FORECAST,
			     .run_max = 312,
			     .run_hours = 64,
			     .parts = {{63, 48, false},
				       {5, 24, false},
				       {0, 0, false},
				       {-1, 2147483647, true}}},
	};
}

static const struct rules_used rules = {"hj633-2026", "hetang-2024", 4000000007};

static void save(const struct advice *advice)
{
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(warnings_save(store, advice, &rules), 0);
	ck_assert_int_eq(store_commit(store), 0);
}

static void check_same(const struct advice *a, const struct advice *b)
{
	const struct evidence *e = &a->evidence, *f = &b->evidence;
	ck_assert_uint_eq(a->held, b->held);
	ck_assert_int_eq(a->holding, b->holding);
	ck_assert_int_eq(a->episode, b->episode);
	ck_assert_int_eq(a->since, b->since);
	ck_assert_int_eq(a->last_event, b->last_event);
	ck_assert_int_eq(a->last_hour, b->last_hour);
	ck_assert_int_eq(e->condition, f->condition);
	ck_assert_int_eq(e->run_first, f->run_first);
	ck_assert_int_eq(e->run_last, f->run_last);
	ck_assert_int_eq(e->met_at, f->met_at);
	ck_assert_int_eq(e->onset, f->onset);
	ck_assert_int_eq(e->basis, f->basis);
	ck_assert_int_eq(e->run_max, f->run_max);
	ck_assert_int_eq(e->run_hours, f->run_hours);
	for (int i = 0; i < PLAN_PARTS_MAX; i++) {
		ck_assert_int_eq(e->parts[i].hours, f->parts[i].hours);
		ck_assert_int_eq(e->parts[i].needed, f->parts[i].needed);
	}
}

START_TEST(a_fresh_database_has_no_advice)
{
	struct advice advice;
	struct rules_used used;
	ck_assert_int_eq(warnings_load(store, &advice, &used), STORE_E_NONE);
}
END_TEST

START_TEST(the_advice_survives_a_restart_in_every_member)
{
	struct advice advice = some_advice(), loaded = {0};
	struct rules_used used;
	save(&(struct advice){0});
	save(&advice);
	close_station();
	open_station();
	ck_assert_int_eq(warnings_load(store, &loaded, &used), 0);
	check_same(&advice, &loaded);
	ck_assert_str_eq(used.edition, rules.edition);
	ck_assert_str_eq(used.plan, rules.plan);
	ck_assert_str_eq(ask("SELECT count(*) FROM advice"), "1");
}
END_TEST

START_TEST(the_advice_of_a_station_that_never_advised_comes_back_too)
{
	struct advice none = {0}, loaded = some_advice();
	struct rules_used used;
	save(&none);
	ck_assert_int_eq(warnings_load(store, &loaded, &used), 0);
	check_same(&none, &loaded);
}
END_TEST

START_TEST(a_change_in_any_column_of_the_advice_is_noticed)
{
	static const char *const columns[] = {
		"held",         "holding",      "episode",      "since",       "last_event",
		"last_hour",    "condition",    "run_first",    "run_last",    "met_at",
		"onset",        "basis",        "run_max",      "run_hours",   "part1_hours",
		"part1_needed", "part2_hours",  "part2_needed", "part3_hours", "part3_needed",
		"part4_hours",  "part4_needed", "rules",        "crc",
	};
	struct advice advice = some_advice(), loaded = {0};
	struct rules_used used;
	char sql[128];
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		save(&advice);
		ck_assert_int_eq(warnings_load(store, &loaded, &used), 0);
		snprintf(sql, sizeof(sql), "UPDATE advice SET %s = %s + 1 - 2 * (%s & 1)",
			 columns[i], columns[i], columns[i]);
		execute(sql);
		ck_assert_msg(warnings_load(store, &loaded, &used) == STORE_E_CORRUPT, "%s",
			      columns[i]);
	}
	save(&advice);
	execute("UPDATE advice SET plan = 'hetang-2025'");
	ck_assert_int_eq(warnings_load(store, &loaded, &used), STORE_E_CORRUPT);
	ck_assert_ptr_nonnull(strstr(store_message(store), "state.db"));
	save(&advice);
	execute("UPDATE advice SET edition = edition || printf('%.100c', 'x')");
	ck_assert_int_eq(warnings_load(store, &loaded, &used), STORE_E_CORRUPT);
}
END_TEST

/* Written apart from the module's own, with a table. */
static uint32_t crc32_by_table(const char *text)
{
	uint32_t table[256], crc = 0xffffffff;
	for (uint32_t i = 0; i < 256; i++) {
		table[i] = i;
		for (int k = 0; k < 8; k++)
			table[i] = table[i] & 1 ? 0xedb88320 ^ (table[i] >> 1) : table[i] >> 1;
	}
	for (size_t i = 0; i < strlen(text); i++)
		crc = table[(crc ^ (uint8_t)text[i]) & 0xff] ^ (crc >> 8);
	return crc ^ 0xffffffff;
}

START_TEST(another_program_can_check_the_crc_from_what_it_reads)
{
	struct advice advice = some_advice();
	char expected[16];
	ck_assert_uint_eq(crc32_by_table("123456789"), 0xcbf43926);
	save(&advice);
	snprintf(
		expected, sizeof(expected), "%u",
		crc32_by_table(ask(
			"SELECT held, holding, episode, since, last_event, last_hour,"
			" condition, run_first, run_last, met_at, onset, basis, run_max, run_hours,"
			" part1_hours, part1_needed, part2_hours, part2_needed, part3_hours,"
			" part3_needed, part4_hours, part4_needed, edition, plan, rules"
			" FROM advice")));
	ck_assert_str_eq(ask("SELECT crc FROM advice"), expected);
}
END_TEST

/* A row with a good CRC whose values the program cannot use: never written by us. */
static void put_condition(const char *condition)
{
	char sql[160];
	struct advice advice = some_advice();
	save(&advice);
	snprintf(sql, sizeof(sql), "UPDATE advice SET condition = %s", condition);
	execute(sql);
	uint32_t crc = crc32_by_table(
		ask("SELECT held, holding, episode, since, last_event, last_hour,"
		    " condition, run_first, run_last, met_at, onset, basis, run_max, run_hours,"
		    " part1_hours, part1_needed, part2_hours, part2_needed, part3_hours,"
		    " part3_needed, part4_hours, part4_needed, edition, plan, rules FROM advice"));
	snprintf(sql, sizeof(sql), "UPDATE advice SET crc = %u", crc);
	execute(sql);
}

START_TEST(an_index_beyond_the_conditions_is_damage_even_with_a_good_crc)
{
	struct advice loaded;
	struct rules_used used;
	put_condition("3");
	ck_assert_int_eq(warnings_load(store, &loaded, &used), 0);
	ck_assert_int_eq(loaded.evidence.condition, 3);
	put_condition("4");
	ck_assert_int_eq(warnings_load(store, &loaded, &used), STORE_E_CORRUPT);
	put_condition("-2147483648");
	ck_assert_int_eq(warnings_load(store, &loaded, &used), STORE_E_CORRUPT);
	ck_assert_int_eq(loaded.evidence.condition, 3);
}
END_TEST

START_TEST(a_person_reads_the_level_of_the_advice)
{
	static const char *const names[] = {"none", "yellow", "orange", "red"};
	struct advice advice = {0};
	for (int level = LEVEL_NONE; level < LEVEL_COUNT; level++) {
		advice.held = level == LEVEL_NONE ? 0 : advice.held | 1u << level;
		save(&advice);
		ck_assert_str_eq(ask("SELECT level FROM advice_text"), names[level]);
		ck_assert_str_eq(level_name(models_plan(), advice_level(&advice)), names[level]);
	}
}
END_TEST

Suite *unit_suite(void)
{
	const TTest *const tests[] = {
		a_fresh_database_has_no_advice,
		the_advice_survives_a_restart_in_every_member,
		the_advice_of_a_station_that_never_advised_comes_back_too,
		a_change_in_any_column_of_the_advice_is_noticed,
		another_program_can_check_the_crc_from_what_it_reads,
		an_index_beyond_the_conditions_is_damage_even_with_a_good_crc,
		a_person_reads_the_level_of_the_advice,
	};
	Suite *suite = suite_create("warnings");
	TCase *tcase = tcase_create("warnings");
	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, open_station, close_station);
	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
