/* SPDX-License-Identifier: MIT */
#include "conf_rules.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "conf_rules_base.h"

enum kind { EDITION, PLAN, PROFILE };

/* What one file gave: a model if `ok`, else problems. */
struct loaded {
	struct arena *arena;
	struct problems problems;
	bool ok;
	struct edition edition;
	struct plan plan;
	struct profile profile;
};

static struct loaded loaded;

static void forget(void)
{
	problems_done(&loaded.problems);
	loaded.arena = arena_free(loaded.arena);
}

/* False if the file is not even YAML. */
static bool try_load(enum kind kind, const char *path)
{
	forget();
	loaded = (struct loaded){.arena = arena_new()};
	struct yaml_file *file = yaml_open(path, loaded.arena, &loaded.problems);
	if (!file)
		return false;
	switch (kind) {
	case EDITION:
		loaded.ok = conf_read_edition(file, &loaded.edition);
		break;
	case PLAN:
		loaded.ok = conf_read_plan(file, &loaded.plan);
		break;
	case PROFILE:
		loaded.ok = conf_read_profile(file, &loaded.profile);
		break;
	}
	yaml_close(file);
	return true;
}

static void load(enum kind kind, const char *path)
{
	ck_assert(try_load(kind, path));
}

static void load_shipped(enum kind kind, const char *path)
{
	load(kind, unit_source(path));
	ck_assert_msg(loaded.ok, "%s", loaded.problems.n ? loaded.problems.text[0] : "refused");
	ck_assert_int_eq(loaded.problems.n, 0);
}

/* Loads the small file of a kind with the first `from` in it replaced by `to`. */
static void load_spoilt(enum kind kind, const char *from, const char *to)
{
	static const char *const bases[] = {edition_base, plan_base, profile_base};
	const char *base = bases[kind], *at = strstr(base, from);
	ck_assert_msg(at, "'%s' is not in the base file", from);
	char path[4096];
	snprintf(path, sizeof(path), "%s/f.yaml", unit_tmpdir());
	FILE *out = fopen(path, "w");
	ck_assert_ptr_nonnull(out);
	fprintf(out, "%.*s%s%s", (int)(at - base), base, to, at + strlen(from));
	ck_assert_int_eq(fclose(out), 0);
	load(kind, path);
}

/* The problems, and no others, in the order of the file; positions without the path before them. */
static void assert_refused(enum kind kind, const char *from, const char *to,
			   const char *const *expected)
{
	load_spoilt(kind, from, to);
	int n = 0;
	for (; expected[n]; n++) {
		ck_assert_msg(n < loaded.problems.n, "missing: %s", expected[n]);
		const char *text = strstr(loaded.problems.text[n], "f.yaml:");
		ck_assert_str_eq(text + strlen("f.yaml:"), expected[n]);
	}
	ck_assert_msg(loaded.problems.n == n, "one more: %s", loaded.problems.text[n]);
	ck_assert(!loaded.ok);
}

#define REFUSED(name, kind, from, to, ...)                                                         \
	START_TEST(name)                                                                           \
	{                                                                                          \
		static const char *const expected[] = {__VA_ARGS__, NULL};                         \
		assert_refused(kind, from, to, expected);                                          \
	}                                                                                          \
	END_TEST

#include "conf_rules_refused.h"
#include "conf_rules_shipped.h"
#include "hetang.h"

static const enum kind kinds[] = {EDITION, PLAN, PROFILE};

START_TEST(the_small_files_are_right_before_they_are_spoilt)
{
	load_spoilt(kinds[_i], "id: small", "id: small");
	ck_assert_msg(loaded.ok, "%s", loaded.problems.n ? loaded.problems.text[0] : "refused");
}
END_TEST

START_TEST(a_plan_without_settings_has_the_defaults)
{
	load_spoilt(PLAN, "gap_h: 3\n", "");
	ck_assert(loaded.ok);
	ck_assert_int_eq(loaded.plan.gap_h, 2);
	ck_assert_int_eq(loaded.plan.release_h, 36);
	ck_assert_int_eq(loaded.plan.counting, COUNTING_SPAN);
	ck_assert_int_eq(loaded.plan.levels[LEVEL_RED].min_cut_pct[EMISSION_SO2], 30);
	ck_assert_int_eq(loaded.plan.levels[LEVEL_RED].min_cut_pct[EMISSION_PM], CUT_UNSAID);
}
END_TEST

START_TEST(a_plan_may_say_who_approves_a_lift)
{
	load_spoilt(PLAN, "measures:\n",
		    "release: {unit: office, lift_approver_zh: 指挥长, lift_approver_en: head}\n"
		    "measures:\n");
	ck_assert(loaded.ok);
	ck_assert_str_eq(loaded.plan.levels[LEVEL_NONE].approver_zh, "指挥长");
	ck_assert_str_eq(loaded.plan.levels[LEVEL_NONE].approver_en, "head");
	load_spoilt(PLAN, "measures:\n", "release: {unit: office}\nmeasures:\n");
	ck_assert_ptr_null(loaded.plan.levels[LEVEL_NONE].approver_zh);
}
END_TEST

START_TEST(a_concentration_keeps_its_thousandths)
{
	load_spoilt(EDITION, "[0, 2, 4.5]", "[0, 2, 4.125]");
	ck_assert(loaded.ok);
	ck_assert_int_eq(loaded.edition.columns[COLUMN_CO_24H].conc_milli[2], 4125);
}
END_TEST

START_TEST(an_edition_of_before_the_bounds_believes_every_value)
{
	load_spoilt(EDITION,
		    "bounds: {pm25: 2000, pm10: 6000, so2: 3000, no2: 5000, co: 200, o3: 1500}\n",
		    "");
	ck_assert(loaded.ok);
	ck_assert_int_eq(loaded.edition.bound_milli[POLLUTANT_PM25], INT32_MAX);
}
END_TEST

/* 32-bit types at the same address under the other function are other registers. */
START_TEST(rows_of_different_functions_do_not_overlap)
{
	load_spoilt(PROFILE, "function: 3, address: 2", "function: 4, address: 0");
	ck_assert(loaded.ok);
	ck_assert_int_eq(loaded.profile.rows[1].function, 4);
}
END_TEST

/* The lines of `text` without the one that begins at `begin`, in a file of the test's folder. */
static const char *without_line(const char *text, const char *begin)
{
	static char path[4096];
	const char *end = strchr(begin, '\n');
	snprintf(path, sizeof(path), "%s/less.yaml", unit_tmpdir());
	FILE *out = fopen(path, "w");
	ck_assert_ptr_nonnull(out);
	fprintf(out, "%.*s%s", (int)(begin - text), text, end ? end + 1 : "");
	ck_assert_int_eq(fclose(out), 0);
	return path;
}

START_TEST(a_file_with_a_line_less_is_taken_or_refused_with_a_reason)
{
	static const char *const files[] = {"config/aqi/hj633-2012.yaml",
					    "config/plans/hetang-2024.yaml",
					    "config/profiles/saimosen-sms8700.yaml"};
	static char text[65536];
	FILE *in = fopen(unit_source(files[_i]), "r");
	ck_assert_ptr_nonnull(in);
	text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
	fclose(in);
	int refused = 0;
	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (try_load(kinds[_i], without_line(text, line)))
			ck_assert_int_eq(loaded.ok, loaded.problems.n == 0);
		else
			ck_assert_int_gt(loaded.problems.n, 0);
		refused += !loaded.ok;
	}
	ck_assert_int_gt(refused, 5);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("conf_rules");
	suite_add_tcase(suite, shipped_files());
	TCase *small = tcase_create("small");
	tcase_add_loop_test(small, the_small_files_are_right_before_they_are_spoilt, 0, 3);
	tcase_add_loop_test(small, a_file_with_a_line_less_is_taken_or_refused_with_a_reason, 0, 3);
	tcase_add_test(small, a_plan_without_settings_has_the_defaults);
	tcase_add_test(small, an_edition_of_before_the_bounds_believes_every_value);
	tcase_add_test(small, a_plan_may_say_who_approves_a_lift);
	tcase_add_test(small, a_concentration_keeps_its_thousandths);
	tcase_add_test(small, rows_of_different_functions_do_not_overlap);
	tcase_add_checked_fixture(small, NULL, forget);
	suite_add_tcase(suite, small);
	suite_add_tcase(suite, refused_editions());
	suite_add_tcase(suite, refused_plans());
	suite_add_tcase(suite, refused_profiles());
	return suite;
}
