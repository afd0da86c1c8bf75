/* SPDX-License-Identifier: MIT */
#include "station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hetang.h"
#include "sources.h"
#include "unit.h"

#define IMPORTED_MS INT64_C(1767225600000)

static struct conf *load_file(const char *path)
{
	char config_dir[4096];
	struct problems problems = {0};
	struct conf *conf = NULL;
	snprintf(config_dir, sizeof(config_dir), "%s", unit_source("config"));
	if (!conf_load(path, config_dir, &problems, &conf)) {
		problems_print(&problems, stderr);
		ck_abort_msg("the test's file %s has problems", path);
	}
	problems_done(&problems); /* it may have warnings */
	return conf;
}

static struct conf *load(const char *edition, const char *plan, const char *profile,
			 const char *more)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/station.yaml", unit_tmpdir());
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fprintf(file,
		"kind: station\n"
		"station: {id: test-01, name_zh: 测试站, name_en: Test station, area: \"430202\"}\n"
		"edition: %s\n"
		"plan: %s\n"
		"clock: {source: rtc}\n"
		"storage: {dir: %s/data}\n"
		"buses:\n"
		"  - {id: b, tcp: {host: 127.0.0.1, port: 1}}\n"
		"sensors:\n"
		"  - {id: roof, bus: b, unit_id: 1, profile: %s, poll_s: 300}\n"
		"%s",
		edition, plan, unit_tmpdir(), profile, more);
	fclose(file);
	return load_file(path);
}

struct conf *station_conf(const char *edition, const char *plan, const char *more)
{
	return load(edition, plan, "generic-six", more);
}

struct conf *station_conf_profile(const char *profile, const char *more)
{
	return load("hj633-2012", "hetang-2024", profile, more);
}

static void write_roster(const char *path, int points)
{
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs("id,role\n", file);
	for (int i = 0; i < points; i++)
		fprintf(file, "p-%d,assessment\n", i);
	fputs("m-0,micro\n", file);
	fclose(file);
}

struct conf *station_conf_district(int points, const char *more)
{
	char path[256], roster[256];
	snprintf(path, sizeof(path), "%s/district.yaml", unit_tmpdir());
	snprintf(roster, sizeof(roster), "%s/roster.csv", unit_tmpdir());
	write_roster(roster, points);
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fprintf(file,
		"kind: district\n"
		"station: {id: hetang, name_zh: 区, name_en: District, area: \"430202\"}\n"
		"edition: hj633-2026\n"
		"plan: hetang-2024\n"
		"clock: {source: rtc}\n"
		"storage: {dir: %s/data}\n"
		"roster: %s\n"
		"%s",
		unit_tmpdir(), roster, more);
	fclose(file);
	return load_file(path);
}

void station_import(struct store *store, int first, int n)
{
	struct source_list list = {.imported_ms = IMPORTED_MS, .n_sources = n, .file = "list.csv"};
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(sources_begin(store, &list), 0);
	for (int i = 0; i < n; i++) {
		char id[32];
		snprintf(id, sizeof(id), "s%06d", first + i);
		struct source source = {.id = id,
					.kind = "building",
					.name = "示例工地",
					.credit_code = "",
					.county = "",
					.town = "",
					.inspector = "",
					.grade = "ungraded",
					.control = "normal",
					.process = "",
					.key_index = "",
					.park = "",
					.exempt_as = "",
					.movements = ORDER_UNSAID,
					.old_machines = ORDER_UNSAID,
					.measures = {"", "洒水", "停止土方", "全部停工"},
					.lines = {"", "", "", ""},
					.person = "张某某",
					.phone = "13800000000",
					.other = "{}",
					.amounts = cuts_source_unsaid()};
		source.amounts.base_gpd[EMISSION_PM] = 1001;
		source.amounts.cut_gpd[LEVEL_ORANGE][EMISSION_PM] = 500;
		ck_assert_int_eq(sources_put(store, &list, &source), 0);
	}
	ck_assert_int_eq(sources_end(store), 0);
	ck_assert_int_eq(store_commit(store), 0);
}
