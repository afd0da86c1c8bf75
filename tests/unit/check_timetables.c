/* SPDX-License-Identifier: MIT */
/* The timetable, its directives and the log of what was in force, on disk. */
#include <stdlib.h>
#include <string.h>

#include "ask_state.h"
#include "chains.h"
#include "commands.h"
#include "db.h"
#include "directives.h"
#include "events.h"
#include "full_disk.h"
#include "judge.h"
#include "timetables.h"
#include "verify.h"

#define T0 INT64_C(1700000000000)
#define MIN INT64_C(60000)

static struct timetable timetable;
static struct binding binding;
static struct event_series series;
static int64_t now_ms;
static int words;

static void begin(void)
{
	open_station();
	timetable = (struct timetable){0};
	binding = (struct binding){0};
	series = (struct event_series){0};
	now_ms = T0;
	words = 0;
}

static void open_again(void)
{
	close_station();
	open_station();
}

/* A word as the city sends it, minutes from T0; end 0: none. */
static struct timetable_word word_of(int level, int start_min, int end_min)
{
	struct timetable_word word = {.issuer = "city",
				      .document = "2026-1",
				      .time_ms = now_ms,
				      .received_ms = now_ms,
				      .has_level = true,
				      .level = level,
				      .start_ms = T0 + start_min * MIN};
	word.planned_end_ms = end_min != 0 ? T0 + end_min * MIN : 0;
	snprintf(word.id, sizeof(word.id), "d-%d", ++words);
	word.answer.number = 1; /* until it is judged */
	return word;
}

static void put_command(const struct timetable_word *word, char ret_name[COMMANDS_NAME_MAX])
{
	char json[1024], start[40] = "";
	sqlite3 *db = connect_state();
	sqlite3_stmt *stmt;
	sqlite3_prepare_v2(db, "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', ?, 'unixepoch')", -1, &stmt,
			   NULL);
	sqlite3_bind_int64(stmt, 1, word->start_ms / 1000);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	snprintf(start, sizeof(start), "%s", (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	snprintf(json, sizeof(json),
		 "{\"level\":\"%s\",\"start\":\"%s\",\"area\":\"all of it\","
		 "\"reason\":\"regional\",\"document\":\"%s\"}",
		 level_name(models_plan(), word->level), start, word->document);
	const struct command_row row = {.id = word->id,
					.kind = "directive",
					.issuer = word->issuer,
					.json = json,
					.time_ms = word->time_ms,
					.received_ms = word->received_ms,
					.accepted = true,
					.why = ""};
	ck_assert_int_eq(commands_put(store, &row, ret_name), 0);
}

/* Judges and stores everything in one transaction, as the engine does. */
static void say(struct timetable_word *word)
{
	static struct judge_outcome outcome;
	const struct word_moment moment = {now_ms, &series, WORD_CLOCKS_APART_MS, false};
	const struct word_details details = {.regional = true, .area = "all of it"};
	struct timetable_word *list[] = {word};
	judge(&timetable, list, word ? 1 : 0, &moment, &outcome);
	binding_follow(&binding, &timetable);
	ck_assert_int_eq(store_begin(store), 0);
	if (word && word->answer.number != 0) {
		char name[COMMANDS_NAME_MAX];
		put_command(word, name);
		ck_assert_int_eq(
			directives_append(store, name, word, &details, word_said_ms(word, now_ms)),
			0);
	}
	for (int i = 0; i < outcome.n_told; i++) {
		struct force_row row;
		if (force_row_of(&outcome.told[i], &row))
			ck_assert_int_eq(force_log_append(store, &row, now_ms), 0);
	}
	ck_assert_int_eq(timetables_save(store, &timetable, &binding), 0);
	ck_assert_int_eq(store_commit(store), 0);
}

static void say_level(int level, int start_min, int end_min)
{
	struct timetable_word word = word_of(level, start_min, end_min);
	say(&word);
	ck_assert_int_eq(word.answer.refusal, REFUSAL_NONE);
}

static void pass(int minutes)
{
	now_ms += minutes * MIN;
	say(NULL);
}

static void same_entry(const struct timetable_entry *a, const struct timetable_entry *b)
{
	ck_assert_int_eq(a->number, b->number);
	ck_assert_int_eq(a->level, b->level);
	ck_assert_int_eq(a->start_ms, b->start_ms);
	ck_assert_int_eq(a->planned_end_ms, b->planned_end_ms);
	ck_assert_int_eq(a->time_ms, b->time_ms);
	ck_assert_int_eq(a->said_ms, b->said_ms);
	ck_assert_int_eq(a->accepted_ms, b->accepted_ms);
	ck_assert_int_eq(a->announced, b->announced);
	ck_assert_int_eq(a->released, b->released);
	ck_assert_int_eq(a->turn, b->turn);
	ck_assert_int_eq(a->effective_ms, b->effective_ms);
	ck_assert_int_eq(a->begun_ms, b->begun_ms);
	ck_assert_int_eq(a->previous, b->previous);
	ck_assert_int_eq(a->overdue, b->overdue);
	ck_assert_str_eq(a->id, b->id);
	ck_assert_str_eq(a->document, b->document);
	ck_assert_str_eq(a->issuer, b->issuer);
}

static void same_timetable(const struct timetable *a, const struct timetable *b)
{
	ck_assert_int_eq(a->last_number, b->last_number);
	ck_assert_int_eq(a->last_turn, b->last_turn);
	ck_assert_int_eq(a->episode, b->episode);
	ck_assert_str_eq(a->newest_id, b->newest_id);
	ck_assert_int_eq(a->n_begun, b->n_begun);
	for (int i = 0; i < a->n_begun; i++)
		same_entry(&a->begun[i], &b->begun[i]);
	ck_assert_int_eq(a->n_pending, b->n_pending);
	for (int i = 0; i < a->n_pending; i++)
		same_entry(&a->pending[i], &b->pending[i]);
	ck_assert_int_eq(a->n_issuers, b->n_issuers);
	for (int i = 0; i < a->n_issuers; i++) {
		ck_assert_int_eq(a->issuers[i].number, b->issuers[i].number);
		ck_assert_int_eq(a->issuers[i].said_ms, b->issuers[i].said_ms);
		ck_assert_str_eq(a->issuers[i].issuer, b->issuers[i].issuer);
	}
	ck_assert_int_eq(a->n_refused, b->n_refused);
	for (int i = 0; i < a->n_refused; i++) {
		ck_assert_int_eq(a->refused[i].why, b->refused[i].why);
		ck_assert_int_eq(a->refused[i].at_ms, b->refused[i].at_ms);
		ck_assert_str_eq(a->refused[i].id, b->refused[i].id);
		ck_assert_str_eq(a->refused[i].issuer, b->refused[i].issuer);
	}
}

static struct timetable load(void)
{
	static struct timetable loaded;
	struct binding found;
	ck_assert_int_eq(timetables_load(store, &loaded, &found), 0);
	ck_assert_int_eq(found.directive, binding.directive);
	ck_assert_int_eq(found.turn, binding.turn);
	ck_assert_int_eq(found.level, binding.level);
	return loaded;
}

static void comes_back(void)
{
	open_again();
	const struct timetable loaded = load();
	same_timetable(&loaded, &timetable);
}

/* Yellow in force since 08:00 of T0, orange and a lift ahead, one refused. */
static void say_some(void)
{
	say_level(1, 0, 600);
	pass(10);
	say_level(2, 60, 0);
	say_level(0, 120, 0);
	struct timetable_word refused = word_of(0, 200, 300);
	say(&refused);
	ck_assert_int_eq(refused.answer.refusal, REFUSAL_LIFT_WITH_END);
	ck_assert_int_eq(timetable.n_begun, 1);
	ck_assert_int_eq(timetable.n_pending, 2);
	ck_assert_int_eq(timetable.n_refused, 1);
}

START_TEST(a_station_that_was_never_told_anything_has_an_empty_timetable)
{
	comes_back();
	ck_assert_str_eq(ask("SELECT count(*) FROM timetable_state"), "0");
}
END_TEST

START_TEST(a_timetable_comes_back_as_it_was_after_every_step)
{
	say_some();
	comes_back();
	timetable.begun[0].released = true;
	pass(50);
	ck_assert_int_eq(timetable_level(&timetable), 2);
	ck_assert_int_eq(binding.level, 1);
	comes_back();
	pass(60);
	ck_assert_int_eq(timetable_level(&timetable), 0);
	comes_back();
	pass(24 * 60);
	ck_assert_int_eq(timetable.n_refused, 0);
	comes_back();
	for (int i = 0; i < 2 * TIMETABLE_BEGUN_MAX; i++) {
		now_ms += MIN;
		say_level(1 + i % 3, (int)((now_ms - T0) / MIN), 0);
	}
	ck_assert_int_eq(timetable.n_begun, TIMETABLE_BEGUN_MAX);
	comes_back();
	ck_assert_str_eq(ask("SELECT count(*) FROM timetable"), "8");
}
END_TEST

START_TEST(what_did_not_change_is_not_written_again)
{
	say_some();
	int64_t version = db_version(&store->state);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(timetables_save(store, &timetable, &binding), 0);
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_int_eq(db_version(&store->state), version);
}
END_TEST

/* ---- damage ---- */

static void is_told_once(int64_t rows)
{
	const char *newest;
	ck_assert_int_eq(store_bad_rows(store, &newest), rows);
	load();
	ck_assert_int_eq(store_bad_rows(store, &newest), rows);
}

START_TEST(a_damaged_row_of_what_is_pending_is_read_from_its_directive)
{
	static const char *const columns[] = {"level = 'red'", "level = 'mauve'",
					      "start = 5",     "accepted = accepted + 1",
					      "crc = 5",       "document = printf('%.200c', 'x')",
					      "turn = 1"};
	say_some();
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		char sql[128];
		snprintf(sql, sizeof(sql), "UPDATE timetable SET %s WHERE number = 2", columns[i]);
		execute(sql);
		open_again();
		const struct timetable loaded = load();
		same_timetable(&loaded, &timetable);
		is_told_once(1);
		open_again();
		is_told_once(0);
	}
}
END_TEST

START_TEST(a_damaged_row_of_the_directive_in_force_keeps_it_in_force_with_all_it_said)
{
	say_some();
	execute("UPDATE timetable SET level = 'none', effective = effective + 7 WHERE number = 1");
	open_again();
	struct timetable loaded = load();
	struct force_row newest;
	ck_assert_int_eq(force_log_newest(store, &newest), 0);
	ck_assert(!force_mend(&loaded, &newest));
	timetable.begun[0].announced = true;
	same_timetable(&loaded, &timetable);
	is_told_once(1);
}
END_TEST

START_TEST(a_damaged_row_of_a_released_directive_leaves_it_released)
{
	say_some();
	timetable.begun[0].released = timetable.begun[0].announced = true;
	const struct release_row slip = {.number = "7",
					 .reviewer = "",
					 .signer = "",
					 .post = "",
					 .level = 2,
					 .directive = "d-1",
					 .directive_number = 1,
					 .fault = RELEASE_GOOD};
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(releases_put(store, "directive//d-1", &slip), 0);
	ck_assert_int_eq(timetables_save(store, &timetable, &binding), 0);
	ck_assert_int_eq(store_commit(store), 0);
	execute("UPDATE timetable SET level = 'none' WHERE number = 1");
	open_again();
	const struct timetable loaded = load();
	same_timetable(&loaded, &timetable);
}
END_TEST

START_TEST(without_row_directive_and_command_the_log_has_it_in_force_still)
{
	say_some();
	execute("UPDATE timetable SET level = 'none' WHERE number = 1;"
		"UPDATE directives SET level = 'none' WHERE number = 1;"
		"UPDATE commands SET json = '{' WHERE id = 'directive//d-1'");
	open_again();
	struct timetable loaded = load();
	struct force_row newest;
	ck_assert_int_eq(loaded.n_begun, 0);
	ck_assert_int_eq(force_log_newest(store, &newest), 0);
	ck_assert(force_mend(&loaded, &newest));
	ck_assert_int_eq(timetable_level(&loaded), 1);
}
END_TEST

START_TEST(what_is_set_aside_is_in_quarantine_as_it_was)
{
	char path[400], text[1000] = "";
	say_some();
	execute("UPDATE timetable SET level = 'mau\"ve' WHERE number = 3");
	open_again();
	load();
	snprintf(path, sizeof(path), "%s/quarantine/rows.txt", dir);
	FILE *in = fopen(path, "r");
	ck_assert_ptr_nonnull(in);
	ck_assert_ptr_nonnull(fgets(text, sizeof(text), in));
	fclose(in);
	ck_assert_ptr_nonnull(strstr(text, "timetable {\"number\":3,\"level\":\"mau\\\"ve\","));
	ck_assert_str_eq(ask("SELECT level FROM timetable WHERE number = 3"), "none");
}
END_TEST

START_TEST(a_damaged_state_gives_no_number_twice)
{
	say_some();
	execute("UPDATE timetable_state SET last_number = 0, newest = 'x'");
	open_again();
	const struct timetable loaded = load();
	ck_assert_int_eq(loaded.last_number, 3);
	ck_assert_str_eq(loaded.newest_id, "d-3");
	ck_assert_int_eq(loaded.last_turn, 1);
	ck_assert_int_eq(loaded.episode, 1);
}
END_TEST

START_TEST(damaged_issuers_and_refusals_are_skipped)
{
	say_some();
	execute("UPDATE timetable_issuers SET said = said + 1;"
		"UPDATE timetable_refused SET why = 'mauve'");
	open_again();
	const struct timetable loaded = load();
	ck_assert_int_eq(loaded.n_issuers, 0);
	ck_assert_int_eq(loaded.n_refused, 0);
	ck_assert_int_eq(loaded.n_pending, 2);
	is_told_once(2);
}
END_TEST

START_TEST(a_damaged_count_of_more_refusals_is_not_believed)
{
	say_some();
	timetable.refused_more = 7;
	timetable.refused_more_ms = now_ms;
	say(NULL);
	open_again();
	ck_assert_int_eq(load().refused_more, 7);
	execute("UPDATE timetable_refused SET id = '9000' WHERE place = 0");
	open_again();
	const struct timetable loaded = load();
	ck_assert_int_eq(loaded.refused_more, 0);
	ck_assert_int_eq(loaded.n_refused, 1);
}
END_TEST

START_TEST(a_plan_that_lacks_a_level_in_force_or_pending_is_refused)
{
	struct plan other = *models_plan();
	struct timetable loaded;
	struct binding found;
	say_some();
	other.levels[2].id = "mauve";
	store_use_plan(store, &other);
	ck_assert_int_eq(timetables_load(store, &loaded, &found), STORE_E_LEVEL);
	ck_assert_ptr_nonnull(strstr(store_message(store), "lacks the level of directive 2"));
	store_use_plan(store, models_plan());
	pass(300);
	say_level(1, 310, 0);
	store_use_plan(store, &other);
	ck_assert_int_eq(timetables_load(store, &loaded, &found), 0);
	ck_assert_int_eq(timetable_level(&loaded), 1);
}
END_TEST

/* ---- directives ---- */

START_TEST(an_area_of_two_thousand_bytes_comes_back)
{
	struct timetable_word word = word_of(1, 5, 0);
	struct word_details details = {.regional = true}, found;
	char name[COMMANDS_NAME_MAX];
	memset(details.area, 'x', WORD_AREA_SIZE - 1);
	ck_assert_int_eq(store_begin(store), 0);
	put_command(&word, name);
	ck_assert_int_eq(directives_append(store, name, &word, &details, T0), 0);
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_int_eq(directives_details(store, 1, &found), 0);
	ck_assert_str_eq(found.area, details.area);
	ck_assert(found.regional);
	ck_assert_int_eq(found.number, 1);
	ck_assert_int_eq(directives_details(store, 2, &found), STORE_E_NONE);
}
END_TEST

START_TEST(a_word_that_only_withdraws_is_kept_without_a_level)
{
	struct timetable_word word = word_of(0, 5, 0);
	struct timetable_entry entry;
	struct word_details details = {.number = 0};
	char name[COMMANDS_NAME_MAX];
	word.has_level = false;
	word.n_withdraws = 2;
	strcpy(word.withdraws[0], "a");
	strcpy(word.withdraws[1], "b");
	ck_assert_int_eq(store_begin(store), 0);
	put_command(&word, name);
	ck_assert_int_eq(directives_append(store, name, &word, &details, T0), 0);
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_str_eq(ask("SELECT level, start, said, withdraws FROM directives"),
			 "NULL|NULL|1700000000000|[\"a\",\"b\"]");
	ck_assert_int_eq(directives_details(store, 1, &details), 0);
	ck_assert_int_eq(directives_entry(store, 1, &entry), STORE_E_NONE);
}
END_TEST

START_TEST(a_damaged_directive_is_read_from_its_command)
{
	static const char *const columns[] = {"level = 'red'", "start = 5",      "area = 'x'",
					      "regional = 0",  "document = 'x'", "said = said + 1",
					      "crc = 5",       "withdraws = ''"};
	struct word_details details;
	struct timetable_entry entry;
	say_some();
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		char sql[128];
		snprintf(sql, sizeof(sql), "UPDATE directives SET %s WHERE number = 2", columns[i]);
		execute(sql);
		ck_assert_int_eq(directives_details(store, 2, &details), 0);
		ck_assert_msg(details.regional && strcmp(details.area, "all of it") == 0, "%s",
			      sql);
		ck_assert_int_eq(directives_entry(store, 2, &entry), 0);
		ck_assert_int_eq(entry.level, 2);
		ck_assert_int_eq(entry.start_ms, T0 + 60 * MIN);
		ck_assert_str_eq(entry.document, "2026-1");
	}
}
END_TEST

START_TEST(a_directive_damaged_beyond_its_command_fails_no_transaction)
{
	struct word_details details;
	say_some();
	execute("UPDATE directives SET level = 'red' WHERE number = 2;"
		"UPDATE commands SET json = '{}'");
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(directives_details(store, 2, &details), STORE_E_CORRUPT);
	ck_assert_int_eq(store_commit(store), 0);
}
END_TEST

/* ---- the log of what was in force ---- */

START_TEST(the_log_says_what_was_in_force_at_every_past_moment)
{
	struct force_row row;
	say_some();
	pass(50);
	pass(60);
	ck_assert_int_eq(force_log_at(store, T0 - 1, &row), STORE_E_NONE);
	ck_assert_int_eq(force_log_at(store, T0, &row), 0);
	ck_assert_int_eq(row.level, 1);
	ck_assert_int_eq(row.directive, 1);
	ck_assert_int_eq(force_log_at(store, T0 + 60 * MIN - 1, &row), 0);
	ck_assert_int_eq(row.level, 1);
	ck_assert_int_eq(force_log_at(store, T0 + 60 * MIN, &row), 0);
	ck_assert_int_eq(row.level, 2);
	ck_assert_int_eq(force_log_at(store, T0 + 120 * MIN, &row), STORE_E_NONE);
	ck_assert_int_eq(force_log_newest(store, &row), 0);
	ck_assert_int_eq(row.level, 0);
}
END_TEST

START_TEST(a_damaged_row_of_the_log_says_nothing)
{
	struct force_row row;
	ck_assert_int_eq(force_log_newest(store, &row), STORE_E_NONE);
	say_some();
	ck_assert_int_eq(force_log_newest(store, &row), 0);
	execute("UPDATE force_log SET level = 'red'");
	ck_assert_int_eq(force_log_newest(store, &row), STORE_E_NONE);
	is_told_once(1);
}
END_TEST

/* ---- chains ---- */

static void chains_are_whole(void)
{
	struct chain_check checks[VERIFIED_COUNT];
	ck_assert_int_eq(verify_logs(store, NULL, checks), 0);
	ck_assert_int_eq(checks[VERIFIED_EVENTS].bad, 0);
	ck_assert_int_eq(checks[VERIFIED_FORCE].bad, 0);
}

/* ---- databases of before the timetable ---- */

#define OLD_H INT64_C(1702584000000) /* the hour that state-2.sql closed last */
#define HOUR INT64_C(3600000)

/* The station begins with a file as an earlier revision left it. */
static void begin_with(const char *name, const char *change)
{
	static char sql[200000];
	char path[400];
	close_station();
	snprintf(path, sizeof(path), "%s/state.db", dir);
	unlink(path);
	snprintf(path, sizeof(path), "tests/data/%s", name);
	FILE *file = fopen(unit_source(path), "r");
	ck_assert_ptr_nonnull(file);
	sql[fread(sql, 1, sizeof(sql) - 1, file)] = '\0';
	fclose(file);
	execute(sql);
	execute(change);
	open_station();
}

static void check_old(const struct timetable_entry *entry, int64_t number, int level,
		      int64_t start_h)
{
	ck_assert_int_eq(entry->number, number);
	ck_assert_int_eq(entry->level, level);
	ck_assert_int_eq(entry->start_ms, OLD_H + start_h * HOUR);
	ck_assert_str_eq(entry->issuer, "city");
}

START_TEST(a_database_of_schema_2_goes_on_with_what_counted)
{
	struct word_details details;
	struct force_row row;
	begin_with("state-2.sql", "");
	const struct timetable loaded = load();
	ck_assert_int_eq(loaded.last_number, 6);
	ck_assert_str_eq(loaded.newest_id, "d-6");
	ck_assert_int_eq(loaded.n_begun, 1);
	check_old(&loaded.begun[0], 2, 2, -6);
	ck_assert_int_eq(loaded.begun[0].effective_ms, OLD_H - 6 * HOUR);
	ck_assert_int_eq(loaded.begun[0].said_ms, OLD_H - 8 * HOUR);
	ck_assert_int_eq(loaded.begun[0].time_ms, OLD_H - 8 * HOUR - 5 * MIN);
	ck_assert_int_eq(loaded.begun[0].turn, 1);
	ck_assert_int_eq(loaded.last_turn, 1);
	ck_assert_int_eq(loaded.episode, 2);
	ck_assert_int_eq(loaded.n_pending, 3);
	check_old(&loaded.pending[0], 5, 1, 2);
	check_old(&loaded.pending[1], 6, 2, 5);
	check_old(&loaded.pending[2], 4, 0, 40);
	ck_assert_int_eq(loaded.n_issuers, 1);
	ck_assert_int_eq(loaded.issuers[0].said_ms, OLD_H - 1 * HOUR);
	ck_assert_int_eq(directives_details(store, 2, &details), 0);
	ck_assert_str_eq(details.area, "430202");
	ck_assert_int_eq(force_log_newest(store, &row), 0);
	ck_assert_int_eq(row.directive, 2);
	ck_assert_int_eq(row.level, 2);
	ck_assert_int_eq(row.from_ms, OLD_H - 6 * HOUR);
	ck_assert_int_eq(row.event, 6);
	struct timetable again = loaded;
	ck_assert(!force_mend(&again, &row));
	timetable = loaded;
	comes_back();
	ck_assert_str_eq(ask("SELECT count(*) FROM force_log"), "1");
	chains_are_whole();
}
END_TEST

START_TEST(a_database_of_schema_1_goes_on_with_its_red)
{
	begin_with("state-1.sql", "");
	const struct timetable loaded = load();
	ck_assert_int_eq(timetable_level(&loaded), 3);
	ck_assert_int_eq(loaded.last_number, 1);
	ck_assert_int_eq(loaded.n_pending, 0);
}
END_TEST

START_TEST(a_damaged_directive_of_before_counts_as_its_command_says)
{
	begin_with("state-2.sql",
		   "UPDATE directives SET level = 'none', start = 5 WHERE number = 2");
	struct timetable loaded = load();
	ck_assert_int_eq(loaded.n_begun, 1);
	check_old(&loaded.begun[0], 2, 2, -6);
}
END_TEST

START_TEST(a_lift_that_had_begun_took_out_what_was_accepted_before_it)
{
	begin_with("state-2.sql",
		   "DELETE FROM directives WHERE number > 3;"
		   "UPDATE commands SET json = json_set(json, '$.level', 'none', '$.start',"
		   " '2023-12-14T20:00:00+08:00') WHERE id = 'd-3';"
		   "UPDATE directives SET crc = 0 WHERE number = 3");
	struct timetable loaded = load();
	ck_assert_int_eq(timetable_level(&loaded), 0);
	ck_assert_int_eq(loaded.begun[0].number, 3);
	ck_assert_int_eq(loaded.n_pending, 0);
	ck_assert_int_eq(loaded.episode, 0);
	ck_assert_str_eq(ask("SELECT count(*) FROM force_log"), "0");
}
END_TEST

START_TEST(what_began_since_the_station_last_told_the_time_is_still_to_begin)
{
	begin_with("state-2.sql", "");
	timetable = load();
	now_ms = OLD_H + 3 * HOUR;
	series.number = 6;
	say(NULL);
	ck_assert_int_eq(timetable_level(&timetable), 1);
	ck_assert_int_eq(series.number, 7);
	comes_back();
	chains_are_whole();
}
END_TEST

START_TEST(a_reader_finds_what_counted_and_writes_nothing)
{
	begin_with("state-2.sql", "");
	close_station();
	ck_assert_int_eq(store_open_readonly(dir, &store), 0);
	store_use_plan(store, models_plan());
	ck_assert_int_eq(load().n_pending, 3);
	ck_assert_str_eq(ask("SELECT count(*) FROM timetable_state"), "0");
	close_station();
	open_station();
	timetable = load();
	close_station();
	execute("UPDATE timetable SET level = 'red' WHERE number = 5");
	ck_assert_int_eq(store_open_readonly(dir, &store), 0);
	store_use_plan(store, models_plan());
	const struct timetable loaded = load();
	same_timetable(&loaded, &timetable);
	ck_assert_str_eq(ask("SELECT level FROM timetable WHERE number = 5"), "red");
}
END_TEST

START_TEST(a_plan_that_lacks_a_level_of_before_is_refused_and_changes_nothing)
{
	struct plan other = *models_plan();
	struct timetable loaded;
	struct binding found;
	begin_with("state-2.sql", "");
	other.levels[2].id = "mauve";
	store_use_plan(store, &other);
	ck_assert_int_eq(timetables_load(store, &loaded, &found), STORE_E_LEVEL);
	ck_assert_str_eq(ask("SELECT count(*) FROM timetable_state"), "0");
	store_use_plan(store, models_plan());
	ck_assert_int_eq(load().n_pending, 3);
}
END_TEST

/* ---- a disk that refuses, a file that is damaged or gone ---- */

static void append_event(int64_t number)
{
	const struct event_row row = {.number = number,
				      .about = ABOUT_DIRECTIVE,
				      .made_ms = now_ms,
				      .basis = "observed",
				      .revised = -1,
				      .plan = "p",
				      .edition = "e",
				      .message = "{}"};
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(events_append(store, &row), 0);
	ck_assert_int_eq(store_commit(store), 0);
}

/* More events than memory carries, the timetable, and a disk that fills up. */
static void go_to_memory(void)
{
	stand_before_the_disk();
	store_keep(store, 1 << 20);
	say_some();
	for (int64_t number = 1001; number <= 1000 + STORE_KEPT_LINKS + 3; number++)
		append_event(number);
	disk_is_full = true;
	append_event(1000 + STORE_KEPT_LINKS + 4);
	ck_assert(store_is_volatile(store));
}

START_TEST(timetable_and_chains_go_on_in_memory_and_back_on_the_disk)
{
	struct timetable loaded;
	struct binding found;
	struct event_series newest;
	go_to_memory();
	ck_assert_int_eq(timetables_load(store, &loaded, &found), 0);
	same_timetable(&loaded, &timetable);
	chains_are_whole();
	pass(50);
	append_event(2000);
	ck_assert_int_eq(timetable_level(&timetable), 2);
	chains_are_whole();
	disk_is_full = false;
	ck_assert_int_eq(store_recover(store), 0);
	ck_assert(!store_is_volatile(store));
	chains_are_whole();
	comes_back();
	ck_assert_int_eq(events_newest(store, &newest), 0);
	ck_assert_int_eq(newest.number, 2000);
	ck_assert_str_eq(ask("SELECT count(*) - 5 FROM events"), "500");
}
END_TEST

START_TEST(a_file_that_is_gone_is_written_again_with_chains_that_are_whole)
{
	char path[400];
	const char *gone[STORE_FILES];
	go_to_memory();
	snprintf(path, sizeof(path), "%s/state.db", dir);
	unlink(path);
	disk_is_full = false;
	ck_assert_int_eq(store_restore(store, gone), 0);
	ck_assert_ptr_nonnull(gone[0]);
	chains_are_whole();
	comes_back();
	append_event(3000);
	chains_are_whole();
}
END_TEST

/* Nothing of its first page is left. */
static void damage_table(const char *table)
{
	char path[400], sql[100], junk[4096];
	snprintf(sql, sizeof(sql), "SELECT rootpage FROM sqlite_schema WHERE name = '%s'", table);
	long page = strtol(ask(sql), NULL, 10);
	snprintf(path, sizeof(path), "%s/state.db", dir);
	memset(junk, 0x5a, sizeof(junk));
	FILE *file = fopen(path, "r+");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fseek(file, (page - 1) * 4096, SEEK_SET), 0);
	ck_assert_uint_eq(fwrite(junk, sizeof(junk), 1, file), 1);
	fclose(file);
}

START_TEST(a_damaged_file_is_mended_with_timetable_and_chains)
{
	struct mended mended[STORE_FILES];
	say_some();
	append_event(1001);
	close_station();
	damage_table("hours");
	ck_assert_int_eq(store_mend(dir, mended), 0);
	ck_assert_ptr_nonnull(mended[0].file);
	open_station();
	chains_are_whole();
	comes_back();
	ck_assert_str_eq(ask("SELECT count(*) FROM events"), "1");
}
END_TEST

Suite *unit_suite(void)
{
	const TTest *const tests[] = {
		a_station_that_was_never_told_anything_has_an_empty_timetable,
		a_timetable_comes_back_as_it_was_after_every_step,
		what_did_not_change_is_not_written_again,
		a_damaged_row_of_what_is_pending_is_read_from_its_directive,
		a_damaged_row_of_the_directive_in_force_keeps_it_in_force_with_all_it_said,
		a_damaged_row_of_a_released_directive_leaves_it_released,
		without_row_directive_and_command_the_log_has_it_in_force_still,
		what_is_set_aside_is_in_quarantine_as_it_was,
		a_damaged_state_gives_no_number_twice,
		damaged_issuers_and_refusals_are_skipped,
		a_damaged_count_of_more_refusals_is_not_believed,
		a_plan_that_lacks_a_level_in_force_or_pending_is_refused,
		an_area_of_two_thousand_bytes_comes_back,
		a_word_that_only_withdraws_is_kept_without_a_level,
		a_damaged_directive_is_read_from_its_command,
		a_directive_damaged_beyond_its_command_fails_no_transaction,
		the_log_says_what_was_in_force_at_every_past_moment,
		a_damaged_row_of_the_log_says_nothing,
		a_database_of_schema_2_goes_on_with_what_counted,
		a_database_of_schema_1_goes_on_with_its_red,
		a_damaged_directive_of_before_counts_as_its_command_says,
		a_lift_that_had_begun_took_out_what_was_accepted_before_it,
		what_began_since_the_station_last_told_the_time_is_still_to_begin,
		a_reader_finds_what_counted_and_writes_nothing,
		a_plan_that_lacks_a_level_of_before_is_refused_and_changes_nothing,
		timetable_and_chains_go_on_in_memory_and_back_on_the_disk,
		a_file_that_is_gone_is_written_again_with_chains_that_are_whole,
		a_damaged_file_is_mended_with_timetable_and_chains,
	};
	Suite *suite = suite_create("timetables");
	TCase *tcase = tcase_create("timetables");
	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, begin, close_station);
	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
