/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "hetang.h"
#include "open_station.h"
#include "sources.h"
#include "unit.h"

static struct source_list list_of(int n)
{
	struct source_list list = {.imported_ms = 1767225600000, .n_sources = n};
	snprintf(list.file, sizeof(list.file), "list-%d.csv", n);
	memset(list.sha256, 'a', sizeof(list.sha256) - 1);
	for (int e = 0; e < EMISSION_COUNT; e++)
		list.whole[e] = (struct source_whole){CUT_UNSAID, CUT_UNSAID, 0, ""};
	list.whole[EMISSION_NOX] = (struct source_whole){5000000, 3000000, 2023, "inventory"};
	return list;
}

static struct source source_of(const char *id)
{
	struct source source = {
		.id = id,
		.kind = "building",
		.name = "示例工地",
		.credit_code = "",
		.county = "",
		.town = "",
		.inspector = "区住建局",
		.grade = "ungraded",
		.control = "normal",
		.process = "",
		.key_index = "围挡",
		.park = "示例园",
		.exempt_as = "special-process,unknown",
		.movements = 12,
		.old_machines = ORDER_UNSAID,
		.measures = {"", "洒水", "停止土方", "全部停工"},
		.lines = {"", "", "", ""},
		.person = "张某",
		.phone = "000",
		.other = "{}",
		.line = 2,
		.amounts = cuts_source_unsaid(),
	};
	source.amounts.base_gpd[EMISSION_PM] = 1000;
	source.amounts.cut_gpd[LEVEL_YELLOW][EMISSION_PM] = 0;
	source.amounts.cut_gpd[LEVEL_ORANGE][EMISSION_PM] = 500;
	source.amounts.cut_gpd[LEVEL_RED][EMISSION_PM] = 1000;
	for (int level = 1; strcmp(id, "b") == 0 && level < LEVEL_COUNT; level++)
		source.measures[level] = ""; /* b has cuts alone, and none at yellow */
	return source;
}

static void put_list(struct source_list *list, const char *const *ids)
{
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(sources_begin(store, list), 0);
	for (int i = 0; i < list->n_sources; i++) {
		char made[32];
		snprintf(made, sizeof(made), "s%06d", i);
		struct source source = source_of(ids ? ids[i] : made);
		ck_assert_int_eq(sources_put(store, list, &source), 0);
	}
	ck_assert_int_eq(sources_end(store), 0);
	ck_assert_int_eq(store_commit(store), 0);
}

static void take_id(void *ctx, const struct source *source)
{
	snprintf(ctx, SOURCE_ID_MAX, "%s", source->id);
}

static int count_sources(int64_t number)
{
	char id[SOURCE_ID_MAX] = "";
	int n = 0;
	while (sources_next(store, number, id, take_id, id) == 0)
		n++;
	return n;
}

START_TEST(a_station_without_a_list_says_so)
{
	struct source_list list;
	ck_assert_int_eq(sources_in_force(store, &list), STORE_E_NONE);
	ck_assert_int_eq(sources_next(store, 1, "", take_id, NULL), STORE_E_NONE);
}
END_TEST

START_TEST(the_newest_version_is_in_force_and_the_older_stay)
{
	static const char *const ids[] = {"b", "a"};
	struct source_list first = list_of(2), second = list_of(1), found;
	put_list(&first, ids);
	put_list(&second, ids);
	ck_assert_int_eq(sources_in_force(store, &found), 0);
	ck_assert_int_eq(found.number, 2);
	ck_assert_str_eq(found.file, "list-1.csv");
	ck_assert_str_eq(found.sha256, second.sha256);
	ck_assert_int_eq(found.whole[EMISSION_NOX].whole_gpd, 5000000);
	ck_assert_int_eq(found.whole[EMISSION_NOX].outside_gpd, 3000000);
	ck_assert_int_eq(found.whole[EMISSION_NOX].year, 2023);
	ck_assert_str_eq(found.whole[EMISSION_NOX].source, "inventory");
	ck_assert_int_eq(sources_whole(&found).gpd[EMISSION_SO2], CUT_UNSAID);
	ck_assert_int_eq(count_sources(1), 2);
	ck_assert_int_eq(count_sources(2), 1);
}
END_TEST

static void check_whole_source(void *ctx, const struct source *source)
{
	struct source expected = source_of("a");
	*(int *)ctx += 1;
	ck_assert_str_eq(source->kind, expected.kind);
	ck_assert_str_eq(source->name, expected.name);
	ck_assert_str_eq(source->inspector, expected.inspector);
	ck_assert_str_eq(source->key_index, expected.key_index);
	ck_assert_str_eq(source->measures[LEVEL_RED], expected.measures[LEVEL_RED]);
	ck_assert_str_eq(source->lines[LEVEL_NONE], "");
	ck_assert_str_eq(source->person, expected.person);
	ck_assert_int_eq(source->line, 2);
	ck_assert_str_eq(source->park, "示例园");
	ck_assert_str_eq(source->exempt_as, "special-process,unknown");
	ck_assert_int_eq(source->movements, 12);
	ck_assert_int_eq(source->old_machines, ORDER_UNSAID);
	ck_assert_mem_eq(&source->amounts, &expected.amounts, sizeof(expected.amounts));
}

START_TEST(a_source_comes_back_as_it_was_put)
{
	static const char *const ids[] = {"a"};
	struct source_list list = list_of(1);
	int seen = 0;
	put_list(&list, ids);
	ck_assert_int_eq(sources_next(store, 1, "", check_whole_source, &seen), 0);
	ck_assert_int_eq(seen, 1);
	ck_assert_int_eq(sources_next(store, 1, "a", check_whole_source, &seen), STORE_E_NONE);
}
END_TEST

static void check_ordered(void *ctx, const char *id, const struct order_source *source)
{
	struct source put = source_of(id);
	struct order_source expected = sources_as_ordered(&put, models_plan());
	ck_assert_int_eq(source->kind, expected.kind);
	ck_assert_int_eq(source->movements, expected.movements);
	ck_assert_int_eq(source->old_machines, expected.old_machines);
	ck_assert_int_eq(source->in_park, expected.in_park);
	ck_assert_uint_eq(source->said, expected.said);
	ck_assert_uint_eq(source->worded, expected.worded);
	ck_assert_uint_eq(source->worded, strcmp(id, "b") == 0 ? 0 : 7u << LEVEL_YELLOW);
	ck_assert_uint_eq(source->said,
			  strcmp(id, "b") == 0 ? 3u << LEVEL_ORANGE : 7u << LEVEL_YELLOW);
	ck_assert_uint_eq(source->exempt, 1u << 2);
	strcat(ctx, id);
}

START_TEST(all_sources_of_a_version_come_as_orders_want_them)
{
	static const char *const ids[] = {"c", "a", "b"};
	struct source_list list = list_of(3);
	char seen[16] = "";
	put_list(&list, ids);
	ck_assert_int_eq(sources_each_ordered(store, 1, check_ordered, seen), 0);
	ck_assert_str_eq(seen, "abc");
	ck_assert_int_eq(sources_each_ordered(store, 2, check_ordered, seen), 0);
	ck_assert_str_eq(seen, "abc");
}
END_TEST

START_TEST(sources_come_in_the_order_of_their_ids_and_go_on_after_a_restart)
{
	static const char *const ids[] = {"工地-2", "a10", "a9", "B"};
	static const char *const order[] = {"B", "a10", "a9", "工地-2"};
	struct source_list list = list_of(4);
	char id[SOURCE_ID_MAX] = "";
	put_list(&list, ids);
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(sources_next(store, 1, id, take_id, id), 0);
		ck_assert_str_eq(id, order[i]);
		store = store_close(store);
		ck_assert_int_eq(store_open(dir, &store), 0);
		store_use_plan(store, models_plan());
	}
	ck_assert_int_eq(sources_next(store, 1, id, take_id, id), STORE_E_NONE);
}
END_TEST

START_TEST(an_id_that_is_taken_undoes_the_whole_version)
{
	struct source_list list = list_of(2);
	struct source source = source_of("same");
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(sources_begin(store, &list), 0);
	ck_assert_int_eq(sources_put(store, &list, &source), 0);
	ck_assert_int_eq(sources_put(store, &list, &source), -EEXIST);
	ck_assert_int_eq(store_commit(store), -EEXIST);
	ck_assert_int_eq(sources_in_force(store, &list), STORE_E_NONE);
}
END_TEST

START_TEST(the_sums_of_a_version_are_those_of_its_own_sources)
{
	struct source_list first = list_of(3), second = list_of(5);
	struct cuts_sums sums;
	put_list(&first, NULL);
	put_list(&second, NULL);
	ck_assert_int_eq(sources_sums(store, 2, &sums), 0);
	ck_assert_int_eq(sums.n_sources, 5);
	ck_assert_int_eq(sums.base_gpd[EMISSION_PM], 5000);
	ck_assert_int_eq(sums.base_gpd[EMISSION_NOX], 0);
	ck_assert_int_eq(sums.cut_gpd[LEVEL_ORANGE][EMISSION_PM], 2500);
	ck_assert_int_eq(sums.cut_gpd[LEVEL_RED][EMISSION_PM], 5000);
}
END_TEST

static int64_t count_versions(void)
{
	struct query q = db_read(&store->state, "SELECT count(*) FROM lists");
	int64_t n = query_row(&q) ? query_column(&q, 0, 0, INT64_MAX) : -1;
	ck_assert_int_eq(query_end(&q), 0);
	return n;
}

START_TEST(the_oldest_versions_lose_their_sources_when_too_many_are_kept)
{
	for (int i = 0; i < SOURCES_KEPT_MAX / SOURCES_LIST_MAX + 1; i++) {
		struct source_list list = list_of(SOURCES_LIST_MAX);
		ck_assert_int_eq(store_begin(store), 0);
		ck_assert_int_eq(sources_begin(store, &list), 0);
		struct source source = source_of("a");
		ck_assert_int_eq(sources_put(store, &list, &source), 0);
		ck_assert_int_eq(sources_end(store), 0);
		ck_assert_int_eq(store_commit(store), 0);
	}
	ck_assert_int_eq(count_sources(1), 0);
	ck_assert_int_eq(count_sources(2), 1);
	ck_assert_int_eq(count_versions(), SOURCES_KEPT_MAX / SOURCES_LIST_MAX + 1);
}
END_TEST

#define DAY_MS INT64_C(86400000)
#define NEW_YEAR_MS INT64_C(1767196800000) /* 2026-01-01T00:00:00+08:00 */

START_TEST(a_list_is_old_after_a_year_and_a_denominator_when_the_year_after_its_own_is_over)
{
	struct source_list list = list_of(0);
	list.imported_ms = NEW_YEAR_MS;
	ck_assert(!sources_are_old(&list, NEW_YEAR_MS + 365 * DAY_MS));
	ck_assert(sources_are_old(&list, NEW_YEAR_MS + 365 * DAY_MS + 1));
	for (int e = 0; e < EMISSION_COUNT; e++)
		list.whole[e].year = 0;
	ck_assert_int_eq(sources_old_year(&list, NEW_YEAR_MS), 0);
	list.whole[1].year = 2024;
	ck_assert_int_eq(sources_old_year(&list, NEW_YEAR_MS - 1), 0);
	ck_assert_int_eq(sources_old_year(&list, NEW_YEAR_MS), 2024);
	list.whole[3].year = 2022;
	ck_assert_int_eq(sources_old_year(&list, NEW_YEAR_MS), 2022);
}
END_TEST

static void note_name(void *ctx, const struct source *source)
{
	snprintf(ctx, 64, "%s", source->id);
}

START_TEST(one_source_is_found_by_its_id_alone)
{
	char found[64] = "";
	struct source_list list = list_of(2);
	struct source a = source_of("a"), ab = source_of("ab");
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(sources_begin(store, &list), 0);
	ck_assert_int_eq(sources_put(store, &list, &ab), 0);
	ck_assert_int_eq(sources_put(store, &list, &a), 0);
	ck_assert_int_eq(sources_end(store), 0);
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_int_eq(sources_find(store, list.number, "ab", note_name, found), 0);
	ck_assert_str_eq(found, "ab");
	ck_assert_int_eq(sources_find(store, list.number, "aa", note_name, found), STORE_E_NONE);
	ck_assert_int_eq(sources_find(store, list.number + 1, "a", note_name, found), STORE_E_NONE);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("sources");
	TCase *tc = tcase_create("sources");
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, open_station, close_station);
	tcase_add_test(tc, a_station_without_a_list_says_so);
	tcase_add_test(tc, the_newest_version_is_in_force_and_the_older_stay);
	tcase_add_test(tc, a_source_comes_back_as_it_was_put);
	tcase_add_test(tc, all_sources_of_a_version_come_as_orders_want_them);
	tcase_add_test(tc, sources_come_in_the_order_of_their_ids_and_go_on_after_a_restart);
	tcase_add_test(tc, an_id_that_is_taken_undoes_the_whole_version);
	tcase_add_test(tc, the_sums_of_a_version_are_those_of_its_own_sources);
	tcase_add_test(tc, the_oldest_versions_lose_their_sources_when_too_many_are_kept);
	tcase_add_test(
		tc,
		a_list_is_old_after_a_year_and_a_denominator_when_the_year_after_its_own_is_over);
	tcase_add_test(tc, one_source_is_found_by_its_id_alone);
	suite_add_tcase(suite, tc);
	return suite;
}
