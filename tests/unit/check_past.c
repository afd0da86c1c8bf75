/* SPDX-License-Identifier: MIT */
/* What people and programs read of the past: of the database that tests/data/README.md describes.
 */
#include <string.h>
#include <sys/stat.h>

#include "ask_state.h"
#include "episodes.h"
#include "maintenance.h"
#include "past.h"

#define MIDNIGHT INT64_C(1702396800000) /* before its hours, in Beijing */
#define HOUR_MS INT64_C(3600000)
#define AT(h) (MIDNIGHT + (h)*HOUR_MS)

static char said[20000]; /* the rows, a line each, columns joined by '|' */
static int rows, rows_wanted;

/* The state.db of that station with these changes. */
static void begin_with(const char *change)
{
	static char sql[200000];
	snprintf(dir, sizeof(dir), "%s/station", unit_tmpdir());
	mkdir(dir, 0700);
	FILE *file = fopen(unit_source("tests/data/state-8.sql"), "r");
	ck_assert_ptr_nonnull(file);
	sql[fread(sql, 1, sizeof(sql) - 1, file)] = '\0';
	fclose(file);
	execute(sql);
	execute(change);
	open_station();
}

static void begin(void)
{
	begin_with("");
}

/* A moment of that day as h:mm:ss; texts of messages are longer than anything else. */
static void say_cell(const struct past_cell *cell)
{
	size_t n = strlen(said);
	const int64_t s = (cell->number - MIDNIGHT) / 1000;
	if (cell->kind == PAST_WHY_NONE)
		snprintf(said + n, sizeof(said) - n, "why %lld|", (long long)cell->number);
	else if (cell->kind == PAST_TEXT)
		snprintf(said + n, sizeof(said) - n, "%.24s|", cell->text);
	else if (cell->kind == PAST_NUMBER && cell->number >= MIDNIGHT)
		snprintf(said + n, sizeof(said) - n, "%lld:%02lld:%02lld|", (long long)s / 3600,
			 (long long)s / 60 % 60, (long long)s % 60);
	else if (cell->kind == PAST_NUMBER)
		snprintf(said + n, sizeof(said) - n, "%lld|", (long long)cell->number);
	else
		snprintf(said + n, sizeof(said) - n, "-|");
}

static bool say_row(void *ctx, const struct past_cell *cells, int n)
{
	ck_assert_ptr_eq(ctx, said);
	for (int i = 0; i < n; i++)
		say_cell(&cells[i]);
	snprintf(said + strlen(said), sizeof(said) - strlen(said), "\n");
	return ++rows != rows_wanted;
}

static const char *tell(enum past_kind kind, int64_t since_ms, int64_t until_ms)
{
	const struct past_job job = {kind, since_ms, until_ms, said, say_row};
	said[0] = '\0';
	rows = 0;
	ck_assert_int_eq(past_rows(store, &job), 0);
	return said;
}

static const char *tell_all(enum past_kind kind)
{
	return tell(kind, 0, AT(48));
}

START_TEST(hours_are_told_with_nothing_where_nothing_was_measured)
{
	ck_assert_str_eq(tell(PAST_HOURS, AT(13), AT(15)),
			 "14:00:00|-||-||-|-|-|-|-|-|1|\n"
			 "15:00:00|280|pm25|-||230000|-|-|-|-|-|0|\n");
	tell_all(PAST_HOURS);
	ck_assert_int_eq(rows, 6);
	execute("UPDATE hours SET doubted = 'frozen' WHERE hour * 3600000 = 1702450800000");
	ck_assert_str_eq(tell(PAST_HOURS, AT(14), AT(15)), "15:00:00|280|pm25|-||-|-|-|-|-|-|0|\n");
}
END_TEST

START_TEST(days_are_told_once_they_are_over)
{
	ck_assert_str_eq(tell_all(PAST_DAYS), "");
	execute("INSERT INTO aqi SELECT 1702483200 / 3600, edition, 255, 1, 1, 5, 'pm25', realtime,"
		" 1, 1, 5, 'pm25', 0 FROM aqi WHERE hour = 1702461600 / 3600");
	ck_assert_str_eq(tell_all(PAST_DAYS), "0:00:00|255|pm25|-|-|-|-|-|-|\n");
}
END_TEST

START_TEST(events_and_directives_are_told_oldest_first)
{
	tell_all(PAST_EVENTS);
	ck_assert_int_eq(rows, 5);
	ck_assert_ptr_nonnull(strstr(said, "\n3|15:11:31|directive|issue|none|orange|15:11:31|"
					   "observed|1|{"));
	tell(PAST_EVENTS, AT(15), AT(15) + HOUR_MS / 5);
	ck_assert_int_eq(rows, 2);
	ck_assert_str_eq(
		tell_all(PAST_DIRECTIVES),
		"1|15:10:28|orange|15:09:28|15:11:31|-|in_force|-|指〔2013〕1号|"
		"市指挥中心|430202|-|-|\n"
		"2|15:20:22|red|21:00:00|-|-|pending|-|指〔2013〕2号|市指挥中心|430202|-|-|\n");
}
END_TEST

START_TEST(who_wants_no_more_rows_gets_none)
{
	rows_wanted = 2;
	tell_all(PAST_HOURS);
	ck_assert_int_eq(rows, 2);
	tell_all(PAST_EVENTS);
	ck_assert_int_eq(rows, 2);
	rows_wanted = 0;
}
END_TEST

START_TEST(an_order_is_told_with_what_was_done_of_it)
{
	ck_assert_str_eq(
		tell_all(PAST_ORDERS),
		"gy-001|示例青禾硬质合金|normal|orange|ordered|-|烧结炉停2台|15:14:28|15:16:09|"
		"done|80|12345|housing|15:17:57|一条线未停|\n");
	ck_assert_str_eq(tell_all(PAST_ORDER_LOG),
			 "15:14:28|gy-001|issued|orange|1|-|-|-|-|1|\n"
			 "15:16:09|gy-001|delivered|orange|1|-|-|-|-|1|\n"
			 "15:17:59|gy-001|done|-|-|80|12345|housing|一条线未停|-|\n");
}
END_TEST

START_TEST(a_source_without_an_order_is_told_with_the_reason)
{
	begin_with("DELETE FROM orders; UPDATE source_levels SET measures = '', lines = '',"
		   " cut_so2 = NULL, cut_nox = NULL, cut_pm = NULL, cut_vocs = NULL");
	ck_assert_int_eq(ORDER_WHY_ROW | ORDER_WHY_KIND, 3);
	ck_assert_str_eq(tell_all(PAST_ORDERS),
			 "gy-001|示例青禾硬质合金|normal|-|no_measure|why 3|-|-|-|-|-|-|-|-|-|\n");
}
END_TEST

START_TEST(a_station_without_a_list_has_no_orders_to_tell)
{
	begin_with("DELETE FROM orders; DELETE FROM source_levels; DELETE FROM sources;"
		   "DELETE FROM list_whole; DELETE FROM lists");
	ck_assert_str_eq(tell_all(PAST_ORDERS), "");
}
END_TEST

/* ---- the response as a whole ---- */

static const char *tell_part(enum episode_part part)
{
	const struct episode_span span = {AT(15) + HOUR_MS / 6, AT(19), AT(19)};
	const struct past_job job = {.ctx = said, .each = say_row};
	said[0] = '\0';
	rows = 0;
	ck_assert_int_eq(episode_rows(store, part, &span, &job), 0);
	return said;
}

START_TEST(a_response_is_told_part_by_part)
{
	ck_assert_str_eq(tell_part(EPISODE_TIMELINE),
			 "13:02:23|advice|hold|none|-|-|\n"
			 "15:08:53|advice|dust|none|-|-|\n"
			 "15:11:31|directive|issue|orange|15:11:31|指〔2013〕1号|\n"
			 "15:21:35|directive|announced|red|21:00:00|指〔2013〕2号|\n"
			 "15:24:40|advice|correction|none|-|-|\n");
	ck_assert_str_eq(tell_part(EPISODE_CHAIN),
			 "1|orange|15:10:28|15:11:31|-|15:16:09|15:16:09|\n"
			 "2|red|15:20:22|15:21:35|-|-|-|\n");
	ck_assert_str_eq(tell_part(EPISODE_POLLUTANTS), "pm25|230333|231000|18:00:00|4|3|0|0|0|\n");
	ck_assert_str_eq(tell_part(EPISODE_ORDERS),
			 "gy-001|示例青禾硬质合金|orange|15:14:28|15:16:09|done|80|12345|3|\n");
	ck_assert_str_eq(tell_part(EPISODE_ORDER_SUMS), "1|1|1|0|1|1|0|0|12345|\n");
	ck_assert_str_eq(tell_part(EPISODE_RECEIPTS), "");
	ck_assert_str_eq(tell_part(EPISODE_REVIEWS),
			 "15:23:17|13:00:00|14:00:00|pm25|invalidated|停电|\n");
	execute("UPDATE receipts SET ref = 'c-3'");
	ck_assert_str_eq(tell_part(EPISODE_RECEIPTS),
			 "housing|c-3|15:11:31|15:17:59|done|80|12345|6|\n");
	tell_part(EPISODE_TEXTS);
	ck_assert_int_eq(rows, 5);
}
END_TEST

static void take_force(void *ctx, const struct force_row *row)
{
	ck_assert_ptr_eq(ctx, said);
	rows++;
	ck_assert_int_eq(row->directive, 1);
	ck_assert_int_eq(row->level, 2);
	ck_assert_int_eq((row->from_ms - MIDNIGHT) / 1000, (15 * 60 + 11) * 60 + 31);
}

START_TEST(what_was_in_force_and_by_which_directive_is_found)
{
	int64_t number = 0;
	rows = 0;
	ck_assert_int_eq(episode_force(store, take_force, said), 0);
	ck_assert_int_eq(rows, 1);
	ck_assert_int_eq(episode_directive(store, "c-3", &number), 0);
	ck_assert_int_eq(number, 1);
	ck_assert_int_eq(episode_directive(store, "c-99", &number), STORE_E_NONE);
	ck_assert_int_eq(number, 1);
}
END_TEST

/* ---- who works on an instrument ---- */

START_TEST(the_newest_maintenance_of_a_sensor_outlives_a_stop)
{
	struct maintenance span = {7, 7};
	ck_assert_int_eq(maintenance_get(store, "roof", &span), STORE_E_NONE);
	ck_assert_int_eq(span.since_ms, 7);
	ck_assert_int_eq(maintenance_put(store, "roof", &(struct maintenance){AT(1), AT(2)}), 0);
	ck_assert_int_eq(maintenance_put(store, "roof", &(struct maintenance){AT(3), AT(4)}), 0);
	ck_assert_int_eq(maintenance_put(store, "yard", &(struct maintenance){AT(5), AT(6)}), 0);
	close_station();
	open_station();
	ck_assert_int_eq(maintenance_get(store, "roof", &span), 0);
	ck_assert_int_eq(span.since_ms, AT(3));
	ck_assert_int_eq(span.until_ms, AT(4));
	execute("ALTER TABLE maintenance RENAME COLUMN until TO lost");
	ck_assert_int_ne(maintenance_get(store, "roof", &span), 0);
	ck_assert_int_ne(maintenance_put(store, "roof", &(struct maintenance){AT(7), AT(8)}), 0);
	ck_assert_int_eq(span.until_ms, AT(4));
	ck_assert_str_eq(ask("SELECT lost FROM maintenance WHERE sensor = 'roof'"),
			 "1702411200000");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("past");
	TCase *tc = tcase_create("past"), *other = tcase_create("other");
	tcase_add_checked_fixture(tc, begin, close_station);
	tcase_add_test(tc, hours_are_told_with_nothing_where_nothing_was_measured);
	tcase_add_test(tc, days_are_told_once_they_are_over);
	tcase_add_test(tc, events_and_directives_are_told_oldest_first);
	tcase_add_test(tc, who_wants_no_more_rows_gets_none);
	tcase_add_test(tc, an_order_is_told_with_what_was_done_of_it);
	tcase_add_test(tc, a_response_is_told_part_by_part);
	tcase_add_test(tc, what_was_in_force_and_by_which_directive_is_found);
	tcase_add_test(tc, the_newest_maintenance_of_a_sensor_outlives_a_stop);
	tcase_add_checked_fixture(other, NULL, close_station);
	tcase_add_test(other, a_source_without_an_order_is_told_with_the_reason);
	tcase_add_test(other, a_station_without_a_list_has_no_orders_to_tell);
	suite_add_tcase(suite, tc);
	suite_add_tcase(suite, other);
	return suite;
}
