/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "hetang.h"
#include "list_name.h"
#include "list_value.h"
#include "models.h"
#include "payload_list.h"
#include "unit.h"

static struct list list;
static struct problems problems;
static struct list_words *vocabulary;

static void begin(void)
{
	memset(&problems, 0, sizeof(problems));
	memset(&list, 0, sizeof(list));
	vocabulary = list_words_load(unit_source("config"), &problems);
	ck_assert_ptr_nonnull(vocabulary);
}

static void end(void)
{
	list_done(&list);
	problems_done(&problems);
	vocabulary = list_words_free(vocabulary);
}

/* Reads text as a list. */
static int read_text(const char *text)
{
	static char path[256];
	snprintf(path, sizeof(path), "%s/list.csv", unit_tmpdir());
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
	const struct list_terms terms = {models_plan(), vocabulary};
	return list_load(path, &terms, NULL, &problems, &list);
}

/* True if some problem holds both pieces. */
static bool told(const char *place, const char *words)
{
	for (int i = 0; i < problems.n && i < PROBLEMS_MAX; i++) {
		if (strstr(problems.text[i], place) && strstr(problems.text[i], words))
			return true;
	}
	return false;
}

static int64_t grams(const char *text, int64_t unit, int32_t days)
{
	int64_t gpd = -2;
	return list_amount_gpd(text, unit, days, &gpd) ? gpd : -2;
}

/* ---- values ---- */

START_TEST(amounts_are_exact_and_rounded_once_half_to_even)
{
	ck_assert_int_eq(grams("12.5", 1000, 1), 12500);
	ck_assert_int_eq(grams("0.0005", 1000, 1), 0);
	ck_assert_int_eq(grams("0.0015", 1000, 1), 2);
	ck_assert_int_eq(grams("0.0025000000000001", 1000, 1), 3);
	ck_assert_int_eq(grams("0.3", 1000, 1), 300);
	ck_assert_int_eq(grams("1", 1000000, 365), 2740);
	ck_assert_int_eq(grams("36.5", 1000000, 365), 100000);
	ck_assert_int_eq(grams("100000000", 1000, 1), 100000000000);
}
END_TEST

START_TEST(what_is_no_plain_decimal_is_no_amount)
{
	static const char *const wrong[] = {"",
					    "-1",
					    "+1",
					    "1e3",
					    "1,5",
					    ".5",
					    "1.",
					    "0x1",
					    "NaN",
					    "1234567890",
					    " 1",
					    "1 ",
					    "１２",
					    "1..2",
					    "1.0000000000000000001",
					    "100000000.001"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(grams(wrong[i], 1000, 1) == -2, "%s", wrong[i]);
}
END_TEST

START_TEST(a_share_is_between_none_and_all_of_the_emission)
{
	int64_t gpd = -2;
	ck_assert(list_share_gpd("100", 12345, &gpd) && gpd == 12345);
	ck_assert(list_share_gpd("0", 12345, &gpd) && gpd == 0);
	ck_assert(list_share_gpd("33.333", 3000, &gpd) && gpd == 1000);
	ck_assert(list_share_gpd("10", 15, &gpd) && gpd == 2);
	ck_assert(list_share_gpd("99.999", 12345, &gpd) && gpd == 12345);
	ck_assert(!list_share_gpd("100.0001", 12345, &gpd));
}
END_TEST

START_TEST(a_credit_code_is_checked_by_its_last_character)
{
	ck_assert_ptr_null(list_credit_code_wrong("91350100M000100Y43")); /* GB 32100, annex A */
	ck_assert_ptr_nonnull(strstr(list_credit_code_wrong("91350100M000100Y44"), "check digit"));
	ck_assert_ptr_nonnull(strstr(list_credit_code_wrong("91350100M000100Y4"), "18"));
	ck_assert_ptr_nonnull(strstr(list_credit_code_wrong("91350100I000100Y43"), "not allowed"));
	ck_assert_ptr_nonnull(strstr(list_credit_code_wrong("9.14E+17"), "spreadsheet"));
	ck_assert_ptr_nonnull(strstr(list_credit_code_wrong("914302001234560000"), "000"));
}
END_TEST

START_TEST(an_id_can_stand_in_a_topic)
{
	static const char *const wrong[] = {"", "a/b", "a+", "#", "a b", "$SYS", "a　b", "a\nb"};
	ck_assert(list_is_id("gy-001"));
	ck_assert(list_is_id("工地-2"));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(!list_is_id(wrong[i]), "%s", wrong[i]);
	char long_id[SOURCE_ID_MAX + 1];
	memset(long_id, 'a', SOURCE_ID_MAX);
	long_id[SOURCE_ID_MAX] = '\0';
	ck_assert(!list_is_id(long_id));
	ck_assert(list_is_id(long_id + 1));
}
END_TEST

START_TEST(grade_a_and_five_controls_may_go_on_without_measures)
{
	ck_assert(list_may_go_on("A", "normal"));
	ck_assert(list_may_go_on("leading", "normal"));
	ck_assert(list_may_go_on("D", "protected"));
	ck_assert(!list_may_go_on("B", "normal"));
	ck_assert(!list_may_go_on("ungraded", "normal"));
	ck_assert(list_has_to_act("B-", "normal"));
	ck_assert(!list_has_to_act("ungraded", "normal"));
	ck_assert(!list_has_to_act("C", "idle"));
	ck_assert_str_eq(list_grade(vocabulary, "引领性"), "leading");
	ck_assert_str_eq(list_control(vocabulary, "小微涉气"), "small");
	ck_assert_ptr_null(list_kind(vocabulary, "学校"));
}
END_TEST

/* ---- headers ---- */

/* The field that a header is, with what it is used as; LIST_OTHER also after a problem. */
static struct list_field field_of(const char *header, char ret_use[LIST_USE_SIZE])
{
	static struct csv csv;
	static struct list_header all;
	static struct problems notes;
	static struct plan plan;
	plan = models_hetang();
	plan.levels[LEVEL_YELLOW].response = "III";
	plan.levels[LEVEL_ORANGE].response = "II";
	plan.levels[LEVEL_RED].response = "I";
	const struct list_terms terms = {&plan, vocabulary};
	struct arena *arena = arena_new();
	const struct list_reading reading = {&csv, &terms, arena, &notes};
	csv = (struct csv){
		.path = "x.csv", .problems = &problems, .n = 1, .fields = {{header, 1, 1}}};
	list_header_read(&reading, &all);
	list_header_use(models_plan(), &all.fields[0], ret_use);
	arena_free(arena);
	problems_done(&notes);
	return all.fields[0];
}

static void expect_use(const char *header, const char *use)
{
	char found[LIST_USE_SIZE];
	field_of(header, found);
	ck_assert_msg(strcmp(found, use) == 0, "%s is %s, not %s", header, found, use);
}

static void expect_level(const struct plan *plan, const char *header, int level)
{
	struct list_said said;
	ck_assert(list_name_read(vocabulary, plan, header, &said));
	ck_assert_msg(said.level == level, "%s is of level %d, not %d", header, said.level, level);
}

START_TEST(a_level_is_known_by_each_of_its_words_the_lower_one_first)
{
	struct plan plan = models_hetang();
	plan.levels[LEVEL_YELLOW].response = "III";
	plan.levels[LEVEL_RED].response = "I";
	expect_level(&plan, "黄色", LEVEL_YELLOW);
	expect_level(&plan, "黄", LEVEL_YELLOW);
	expect_level(&plan, "Yellow", LEVEL_YELLOW);
	expect_level(&plan, "III级", LEVEL_YELLOW);
	expect_level(&plan, "三级", LEVEL_YELLOW);
	expect_level(&plan, "Ⅰ级", LEVEL_RED);
	expect_level(&plan, "二级", LEVEL_NONE);
	plan.levels[LEVEL_YELLOW].name_zh = "黄";
	plan.levels[LEVEL_ORANGE].name_zh = "黄色";
	expect_level(&plan, "黄色", LEVEL_ORANGE);
	plan.levels[LEVEL_ORANGE].name_zh = "黄";
	expect_level(&plan, "黄色", LEVEL_YELLOW);
	plan.levels[LEVEL_RED].name_zh = "三级";
	expect_level(&plan, "三级", LEVEL_YELLOW);
	plan.levels[LEVEL_YELLOW].response = NULL;
	expect_level(&plan, "三级", LEVEL_RED);
	plan.levels[LEVEL_YELLOW].name_zh = "色"; /* nothing is left of it */
	expect_level(&plan, "色", LEVEL_YELLOW);
}
END_TEST

START_TEST(a_text_column_is_known_by_its_name_or_its_key)
{
	expect_use("统一社会信用代码", "credit_code");
	expect_use("Credit_Code", "credit_code");
	expect_use(" 清 单 编 号 ", "id");
	expect_use("责任人（姓名）", "person");
	expect_use("国Ⅱ及以下非道路机械台数", "nrmm_ii");
	expect_use("黄色停限产生产线/工序", "yellow_lines");
	expect_use("Ⅲ级响应减排措施", "yellow");
	expect_use("红色预警期间措施", "red");
	expect_use("orange", "orange");
	expect_use("序号", "");
}
END_TEST

START_TEST(an_amount_is_known_by_level_pollutant_and_unit_in_any_order)
{
	static const struct {
		const char *header, *use;
	} cases[] = {
		{"ＳＯ₂ 年排放量\n（吨／年）", "base_so2 (t/a)"},
		{"橙色预警氮氧化物减排比例(%)", "cut_orange_nox (%)"},
		{"cut_red_vocs_kg_d", "cut_red_vocs (kg/d)"},
		{"cut_yellow_so2_pct", "cut_yellow_so2 (%)"},
		{"base_pm (t/a)", "base_pm (t/a)"},
		{"base_pm_t_a", "base_pm (t/a)"},
		{"黄色预警期间SO2减排量（kg/d）", "cut_yellow_so2 (kg/d)"},
		{"SO2黄色预警减排量（千克/天）", "cut_yellow_so2 (kg/d)"},
		{"减排量(红色,VOCs,公斤/日)", "cut_red_vocs (kg/d)"},
		{"Ⅲ级SO2减排量（kg/d）", "cut_yellow_so2 (kg/d)"},
		{"二级响应颗粒物日减排量（吨）", "cut_orange_pm (t/d)"},
		{"烟（粉）尘排放量(t/a)", "base_pm (t/a)"},
		{"SO2年排放量（吨）", "base_so2 (t/a)"},
		{"SO2日常排放量（千克/天）", "base_so2 (kg/d)"},
		{"2023年NOx排放量（吨）", "base_nox (t/a)"},
		{"2023年NOx日均排放量（公斤）", "base_nox (kg/d)"},
		{"挥发性有机物\n排放\n量 t·a⁻¹", "base_vocs (t/a)"},
		{"VOCs排放量（万吨/年）", "base_vocs (10kt/a)"},
		{"NOx排放量（g/d）", "base_nox (g/d)"},
		{"NOx t/a", "base_nox (t/a)"},
		{"【黄色】SO2［kg／d］", "cut_yellow_so2 (kg/d)"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_use(cases[i].header, cases[i].use);
	for (int i = 0; i < problems.n; i++)
		ck_assert_msg(!strstr(problems.text[i], "the header \""), "%s", problems.text[i]);
}
END_TEST

START_TEST(an_amount_that_is_not_understood_is_refused_and_never_dropped)
{
	static const struct {
		const char *header, *words;
	} cases[] = {
		{"PM2.5排放量(t/a)", "names a pollutant that a list does not have"},
		{"NO2排放量(t/a)", "names a pollutant that a list does not have"},
		{"SO2排放量（吨）", "without its time"},
		{"SO2排放量", "names no unit"},
		{"SO2", "names no unit"},
		{"SO2排放量(g/h)", "not allowed"},
		{"SO2排放量(mg/m3)", "not allowed"},
		{"SO2排放量(%)", "not allowed"},
		{"SO2年排放量(kg/d)", "contradicts itself"},
		{"SO2排放量(吨/年,千克/年)", "contradicts itself"},
		{"黄色SO2减排比例(kg/d)", "contradicts itself"},
		{"黄色SO2减排量(t/a)", "not allowed"},
		{"SO2减排量(kg/d)", "does not name the one level"},
		{"黄色橙色SO2减排量(kg/d)", "does not name the one level"},
		{"年排放量(t/a)", "does not name one pollutant"},
		{"日常排放量（千克/天）", "does not name one pollutant"},
		{"SO2、NOx排放量(t/a)", "does not name one pollutant"},
		{"黄色预警SO2排放量(kg/d)", "speaks of an emission and of a cut"},
		{"减排后SO2排放量(t/a)", "is not understood at \"后\""},
		{"焦炉SO2排放量(t/a)", "is not understood at \"焦炉\""},
		{"蓝色SO2减排量(kg/d)", "is of a level that the plan"},
	};
	char use[LIST_USE_SIZE];
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int before = problems.n;
		ck_assert_int_eq(field_of(cases[i].header, use).unit, LIST_NO_UNIT);
		ck_assert_msg(problems.n == before + 1 &&
				      told("x.csv:1:1: the header", cases[i].words),
			      "%s: %s", cases[i].header, problems.n > 0 ? problems.text[0] : "");
		problems_done(&problems);
	}
}
END_TEST

START_TEST(what_is_neither_emitted_nor_cut_is_kept_as_text)
{
	static const char *const headers[] = {
		"VOCs治理设施",       "产能（万吨/年）",   "SO2许可排放量(t/a)",
		"NOx排放浓度(mg/m3)", "颗粒物产生量(t/a)", "备注",
		"锅炉吨位(t/h)",      "年用电量(kWh)",     "note"};
	char use[LIST_USE_SIZE];
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		ck_assert_int_eq(field_of(headers[i], use).column, LIST_OTHER);
		ck_assert_msg(!told("x.csv:1:1: the header \"", ""), "%s: %s", headers[i],
			      problems.text[0]);
		problems_done(&problems);
	}
}
END_TEST

START_TEST(words_and_numbers_are_read_as_people_write_them)
{
	static const struct {
		const char *text, *number;
		enum list_cells behind;
		unsigned habits;
	} cases[] = {
		{"32", "32", CELLS_NONE, 0},
		{"1,032.5", "1032.5", CELLS_NONE, 1u << HABIT_COMMA},
		{"1，032", "1032", CELLS_NONE, 1u << HABIT_COMMA | 1u << HABIT_WIDE},
		{"３２", "32", CELLS_NONE, 1u << HABIT_WIDE},
		{"'32", "32", CELLS_NONE, 1u << HABIT_MARK},
		{"320 天", "320", CELLS_COUNTED, 1u << HABIT_BEHIND},
		{"10％", "10", CELLS_PERCENT, 1u << HABIT_BEHIND | 1u << HABIT_WIDE},
		{"10%", "10%", CELLS_NONE, 0},
		{"1,5", "1,5", CELLS_NONE, 0},
		{"1,0325", "1,0325", CELLS_NONE, 0},
		{"1.2E-05", "1.2E-05", CELLS_NONE, 0},
		{"32 5", "32 5", CELLS_NONE, 0},
		{"10³", "10³", CELLS_NONE, 0},
		{"-3", "-3", CELLS_NONE, 0},
	};
	char number[LIST_NUMBER_SIZE];
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned habits =
			list_plain_number(vocabulary, cases[i].text, cases[i].behind, number);
		ck_assert_msg(strcmp(number, cases[i].number) == 0 && habits == cases[i].habits,
			      "%s is %s, %x", cases[i].text, number, habits);
	}
	ck_assert_str_eq(list_grade(vocabulary, "绩效Ｂ级"), "B");
	ck_assert_str_eq(list_grade(vocabulary, "b-"), "B-");
	ck_assert_str_eq(list_grade(vocabulary, "绩效引领"), "leading");
	ck_assert_str_eq(list_grade(vocabulary, "非引领性企业"), "not-leading");
	ck_assert_str_eq(list_control(vocabulary, "保障类企业"), "protected");
	ck_assert_str_eq(list_control(vocabulary, "小微涉气企业"), "small");
	ck_assert_str_eq(list_kind(vocabulary, "施工工地"), "building");
	ck_assert_str_eq(list_kind(vocabulary, "移动源"), "mobile");
	ck_assert_str_eq(list_kind(vocabulary, "traffic-works"), "traffic-works");
	ck_assert_str_eq(list_control(vocabulary, "livelihood"), "livelihood");
	ck_assert_str_eq(list_grade(vocabulary, "not-leading"), "not-leading");
	ck_assert_ptr_null(list_kind(vocabulary, "企业"));
	ck_assert_ptr_null(list_kind(vocabulary, ""));
	ck_assert_ptr_null(list_control(vocabulary, "重点管控"));
	ck_assert(list_is_nothing(vocabulary, "——") && list_is_nothing(vocabulary, "无") &&
		  list_is_nothing(vocabulary, "／") && list_is_nothing(vocabulary, "n/a"));
	ck_assert(!list_is_nothing(vocabulary, "无组织") && !list_is_nothing(vocabulary, "0"));
}
END_TEST

#define KEYS "kind,id,name,base_pm_kg_d,"

START_TEST(a_column_of_a_level_that_the_plan_lacks_is_refused_with_those_it_has)
{
	static const char *const columns[] = {"cut_blue_pm_kg_d", "蓝色PM减排量(kg/d)",
					      "蓝色预警颗粒物减排比例(%)", "蓝色措施",
					      "四级停限产生产线"};
	char text[256];
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		snprintf(text, sizeof(text), KEYS "%s\n工业,a,甲,1,1\n", columns[i]);
		ck_assert_int_eq(read_text(text), LIST_E_UNREADABLE);
		ck_assert_msg(told(":1:27: ",
				   "is of a level that the plan hetang-2024 lacks; its levels "
				   "are 黄色 (yellow), 橙色 (orange), 红色 (red)"),
			      "%s", columns[i]);
		ck_assert_int_eq(problems.n, 1);
		end();
		begin();
	}
	ck_assert_int_eq(read_text(KEYS "备注措施,,cutter\n工业,a,甲,1,x,,y\n"), 0);
}
END_TEST

START_TEST(a_level_without_a_column_is_told_where_others_have_one)
{
	ck_assert_int_eq(read_text(KEYS "黄色措施,cut_red_pm_kg_d\n工业,a,甲,1,停,1\n"), 0);
	ck_assert_int_eq(list.notes.n, 1);
	ck_assert_ptr_nonnull(strstr(list.notes.text[0], "no column of the level 橙色 (orange)"));
	end();
	begin();
	ck_assert_int_eq(read_text("kind,id,name,base_pm_kg_d\n工业,a,甲,1\n"), 0);
	ck_assert_int_eq(list.notes.n, 0);
}
END_TEST

START_TEST(an_exemption_is_one_of_the_plans_and_never_guessed_from_a_name)
{
	static const char text[] = KEYS "豁免类型,park,movements_day,nrmm_ii\n"
					"建筑工地,a,应急抢险工程,1,,,,\n"
					"建筑工地,b,乙,1,应急抢险、special-process,示例园,0,3\n";
	ck_assert_int_eq(read_text(text), 0);
	const struct source *a = &list.rows[0].source, *b = &list.rows[1].source;
	ck_assert_str_eq(a->exempt_as, "");
	ck_assert_str_eq(a->park, "");
	ck_assert_int_eq(a->movements, ORDER_UNSAID);
	ck_assert_int_eq(a->old_machines, ORDER_UNSAID);
	ck_assert_str_eq(b->exempt_as, "emergency-repair,special-process");
	struct order_source ordered = sources_as_ordered(b, models_plan());
	ck_assert_uint_eq(ordered.exempt, 1u << 0 | 1u << 2);
	ck_assert(ordered.in_park);
	ck_assert_int_eq(ordered.movements, 0);
	ck_assert_int_eq(ordered.old_machines, 3);
}
END_TEST

START_TEST(an_exemption_that_the_plan_lacks_is_refused_with_those_it_has)
{
	ck_assert_int_eq(read_text(KEYS "exempt_as\n建筑工地,a,甲,1,应急抢险,抢险\n"),
			 LIST_E_PROBLEMS);
	end();
	begin();
	ck_assert_int_eq(read_text(KEYS "exempt_as\n建筑工地,a,甲,1,应急抢险；抢险\n"),
			 LIST_E_PROBLEMS);
	ck_assert(told(":2:12: exempt_as: \"抢险\"",
		       "is no exemption of the plan hetang-2024; it has 应急抢险 "
		       "(emergency-repair), 区重点工程 (district-key-project), 特殊工艺 "
		       "(special-process)"));
}
END_TEST

START_TEST(under_a_plan_without_exemptions_the_column_is_text_and_a_note_says_so)
{
	struct plan plan = models_hetang();
	plan.n_exemptions = 0;
	plan.id = "other";
	char path[256];
	snprintf(path, sizeof(path), "%s/list.csv", unit_tmpdir());
	FILE *file = fopen(path, "w");
	fputs(KEYS "豁免类型\n建筑工地,a,甲,1,应急抢险\n", file);
	fclose(file);
	ck_assert_int_eq(
		list_load(path, &(struct list_terms){&plan, vocabulary}, NULL, &problems, &list),
		0);
	ck_assert_ptr_nonnull(strstr(list.notes.text[0], "the plan other names no exemptions"));
	ck_assert_str_eq(list.rows[0].source.exempt_as, "");
	char *other = payload_other(&list, &list.rows[0]);
	ck_assert_ptr_nonnull(strstr(other, "\"exempt_as\":\"应急抢险\""));
	free(other);
}
END_TEST

#define HEAD "kind,id,name,grade,yellow"
#define FULL HEAD ",base_pm_kg_d,cut_yellow_pm_kg_d,cut_orange_pm_kg_d,cut_red_pm_kg_d\n"

START_TEST(a_unit_is_never_guessed)
{
	ck_assert_int_eq(read_text(HEAD ",SO2排放量\n工业,a,甲,,,1\n"), LIST_E_UNREADABLE);
	ck_assert(told(":1:27: ", "names no unit"));
	end();
	begin();
	ck_assert_int_eq(read_text(HEAD ",SO2年排放量(kg/d)\n"), LIST_E_UNREADABLE);
	ck_assert(told(":1:27: ", "contradicts itself"));
	end();
	begin();
	ck_assert_int_eq(read_text(HEAD ",SO2排放量(mg/m3)\n"), LIST_E_UNREADABLE);
	ck_assert(told(":1:27: ", "not allowed"));
	end();
	begin();
	ck_assert_int_eq(read_text(HEAD ",base_pm_kg_d,黄色PM减排比例(kg/d)\n"), LIST_E_UNREADABLE);
	ck_assert(told(":1:40: ", "contradicts itself"));
}
END_TEST

START_TEST(two_rows_of_headers_are_refused)
{
	ck_assert_int_eq(
		read_text("清单类别,清单编号,企业名称,黄色减排量,,,\n,,,SO2,NOx,PM,VOCs\n"),
		LIST_E_UNREADABLE);
	ck_assert(told(":2:1: ", "second row of headers"));
	end();
	begin();
	ck_assert_int_eq(read_text("示例区应急减排清单,,\n清单类别,清单编号,企业名称\n"),
			 LIST_E_UNREADABLE);
	ck_assert(told(":2:1: ", "no column of a base emission"));
	ck_assert_ptr_nonnull(strstr(list.notes.text[0], ":1: \"示例区应急减排清单\": a title"));
}
END_TEST

/* ---- rows ---- */

START_TEST(fields_may_go_on_over_lines_and_keep_their_place)
{
	ck_assert_int_eq(read_text(FULL "工业,a,\"甲\r\n厂,\"\"东\"\"\",,,5,1,2,3\r\n\r\n"
					",,,,,,,,\r\n工业,b,乙,,,x,1,2,3\r\n"),
			 LIST_E_PROBLEMS);
	ck_assert_int_eq(list.n, 2);
	ck_assert_int_eq(list.n_wrong, 1);
	ck_assert_str_eq(list.rows[0].source.name, "甲\n厂,\"东\"");
	ck_assert(told(":6:10: ", "base_pm_kg_d: \"x\" is not a decimal in kg/d"));
}
END_TEST

START_TEST(rows_that_cannot_be_right_are_named_and_not_counted)
{
	ck_assert_int_eq(read_text(FULL "工业,a,甲,,,5,6,7,8\n"
					"工业,b,乙,,,5,3,2,4\n"
					"工业,c,丙,C,,5,1,2,3\n"
					"工业,d,丁,A,,5,1,2,3\n"
					"工业,e,戊,,,5,1,2,3\n"
					"工业,e,己,,,5,1,2,3\n"
					"学校,f,庚,E,,5,1,2,3\n"
					"工业,g,辛\n"),
			 LIST_E_PROBLEMS);
	ck_assert(told(":2:12: ", "at yellow, 6 kg/d, is above the emission, 5 kg/d"));
	ck_assert(told(":3:14: ", "at orange, 2 kg/d, is below"));
	ck_assert(told(":4:8: ", "grade C under normal control has no measure"));
	ck_assert(told(":7: ", "\"e\" stands in line 6, too"));
	ck_assert(told(":8:1: ", "kind: \"学校\" is not one of"));
	ck_assert(told(":8:8: ", "grade: \"E\" is not one of"));
	ck_assert(told(":9:6: ", "3 fields end here; the header has 9"));
	ck_assert_int_eq(list.n_wrong, 7);
	ck_assert_int_eq(list_sums(&list).n_sources, 1);
	ck_assert_int_eq(list_sums(&list).base_gpd[EMISSION_PM], 5000);
}
END_TEST

START_TEST(tonnes_need_days_in_their_row)
{
	ck_assert_int_eq(read_text(HEAD ",days,base_pm_t_a\n工业,a,甲,,,300,3\n工业,b,乙,,,,3\n"
					"工业,c,丙,,,,0\n工业,d,丁,,,367,3\n"),
			 LIST_E_PROBLEMS);
	ck_assert_int_eq(list.rows[0].source.amounts.base_gpd[EMISSION_PM], 10000);
	ck_assert(told(":3:11: ", "needs 年生产天数"));
	ck_assert(!list.rows[2].wrong);
	ck_assert(told(":5:10: ", "1 to 366"));
	ck_assert_int_eq(problems.n, 2);
}
END_TEST

START_TEST(an_unknown_sector_is_a_note_and_no_problem)
{
	ck_assert_int_eq(read_text(HEAD ",key_sector,base_pm_kg_d\n工业,a,甲,,,陶瓷,3\n"
					"工业,b,乙,,,航天,3\n"),
			 0);
	ck_assert_int_eq(list.notes.n, 3); /* and two levels without a column */
	ck_assert_ptr_nonnull(strstr(list.notes.text[2], ":3:10: key_sector: \"航天\""));
}
END_TEST

START_TEST(columns_without_a_place_are_kept_as_json)
{
	ck_assert_int_eq(read_text(HEAD ",base_pm_kg_d,备注,地址,person\n"
					"工业,a,甲,,停,3,\"二\n行\",某路,张\n"),
			 0);
	char *json = payload_other(&list, &list.rows[0]);
	ck_assert_ptr_nonnull(strstr(json, "\"备注\":\"二\\n行\""));
	ck_assert_ptr_nonnull(strstr(json, "\"address\":\"某路\""));
	ck_assert_ptr_null(strstr(json, "张"));
	ck_assert_str_eq(list.rows[0].source.person, "张");
	free(json);
}
END_TEST

/* ---- the audit ---- */

START_TEST(the_audit_names_those_who_could_give_the_most_and_have_to_act)
{
	struct plan plan = models_hetang();
	struct list_whole whole = {0};
	struct audit audit;
	for (int e = 0; e < EMISSION_COUNT; e++) {
		whole.whole[e].whole_gpd = CUT_UNSAID;
		for (int level = LEVEL_YELLOW; level < LEVEL_COUNT; level++)
			plan.levels[level].min_cut_pct[e] =
				e == EMISSION_PM ? 10 * level : CUT_UNSAID;
	}
	whole.whole[EMISSION_PM].whole_gpd = 100000;
	ck_assert_int_eq(read_text(FULL "工业,a,甲,,停,20,2,6,9\n工业,b,乙,,停,30,8,14,20\n"
					"工业,c,丙,A,,90,,,\n"),
			 0);
	audit_list(&list, &plan, &whole, &audit);
	const struct audit_target *red = &audit.targets[LEVEL_RED][EMISSION_PM];
	ck_assert(audit.targets[LEVEL_YELLOW][EMISSION_PM].target.met);
	ck_assert(audit.targets[LEVEL_ORANGE][EMISSION_PM].target.met);
	ck_assert_int_eq(red->target.shortfall_gpd, 1000);
	ck_assert_int_eq(red->n, 2);
	ck_assert_str_eq(red->candidates[0].row->source.id, "a");
	ck_assert_int_eq(red->candidates[0].left_gpd, 11000);
	ck_assert_int_eq(red->left_gpd, 21000);
	ck_assert(audit.required && !audit.met);
	audit_list(&list, &plan, NULL, &audit);
	ck_assert(audit.required && !audit.met);
}
END_TEST

/* Two measures: one for old machines at orange, one for building sites that repairs are exempt of.
 */
static struct plan plan_with_measures(void)
{
	struct plan plan = models_hetang();
	struct plan_measure machines = {.level = LEVEL_ORANGE,
					.replaces = -1,
					.sources = 1u << SOURCE_INDUSTRY,
					.only_if = 1u << NEED_OLD_MACHINERY};
	for (int i = 0; i < PLAN_NUMBER_COUNT; i++)
		machines.numbers[i] = NUMBER_UNSAID;
	plan.n_measures = 2;
	plan.measures[0] = plan.measures[1] = machines;
	plan.measures[1].level = LEVEL_YELLOW;
	plan.measures[1].sources = 1u << SOURCE_BUILDING;
	plan.measures[1].only_if = 0;
	plan.measures[1].except = 1u << 0;
	return plan;
}

START_TEST(the_audit_names_who_gets_no_order_and_why)
{
	const struct plan plan = plan_with_measures();
	struct audit audit;
	ck_assert_int_eq(read_text("kind,id,name,grade,yellow,base_pm_kg_d,nrmm_ii,exempt_as\n"
				   "工业,a,甲,A,,1,0,\n工业,b,乙,A,停,1,,\n"
				   "工业,c,丙,A,,1,2,\n建筑工地,d,丁,,,1,,应急抢险\n"
				   "建筑工地,e,戊,,,1,,\n"),
			 0);
	audit_list(&list, &plan, NULL, &audit);
	ck_assert_int_eq(audit.quiet_at[LEVEL_YELLOW], 3);
	ck_assert_int_eq(audit.quiet_at[LEVEL_ORANGE], 2);
	ck_assert_int_eq(audit.n_quiet, 3);
	ck_assert_str_eq(audit.quiet[0].row->source.id, "a");
	ck_assert_str_eq(audit.quiet[1].row->source.id, "c");
	ck_assert_uint_eq(audit.quiet[1].levels, 1u << LEVEL_YELLOW);
	ck_assert_str_eq(audit.quiet[2].row->source.id, "d");
	char *json = payload_audit(&audit, &problems);
	ck_assert_ptr_nonnull(strstr(
		json, "\"no_measure\":{\"sources\":3,\"by_level\":{\"yellow\":3,\"orange\":2,"
		      "\"red\":2},\"first\":[{\"id\":\"a\",\"name\":\"甲\",\"line\":2,"
		      "\"levels\":[\"yellow\",\"orange\",\"red\"],\"why_zh\":"));
	ck_assert_ptr_nonnull(strstr(json, "\"why_en\":\"its row has no measure, line or cut; no "
					   "old machinery\""));
	ck_assert_ptr_nonnull(strstr(json, "清单该行未列措施；豁免：应急抢险"));
	ck_assert_ptr_nonnull(strstr(json, "exempt: emergency repair"));
	free(json);
}
END_TEST

static TCase *value_cases(void)
{
	TCase *tc = tcase_create("values");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, amounts_are_exact_and_rounded_once_half_to_even);
	tcase_add_test(tc, what_is_no_plain_decimal_is_no_amount);
	tcase_add_test(tc, a_share_is_between_none_and_all_of_the_emission);
	tcase_add_test(tc, a_credit_code_is_checked_by_its_last_character);
	tcase_add_test(tc, an_id_can_stand_in_a_topic);
	tcase_add_test(tc, grade_a_and_five_controls_may_go_on_without_measures);
	tcase_add_test(tc, a_level_is_known_by_each_of_its_words_the_lower_one_first);
	tcase_add_test(tc, a_text_column_is_known_by_its_name_or_its_key);
	tcase_add_test(tc, an_amount_is_known_by_level_pollutant_and_unit_in_any_order);
	tcase_add_test(tc, an_amount_that_is_not_understood_is_refused_and_never_dropped);
	tcase_add_test(tc, what_is_neither_emitted_nor_cut_is_kept_as_text);
	tcase_add_test(tc, words_and_numbers_are_read_as_people_write_them);
	tcase_add_test(tc, a_column_of_a_level_that_the_plan_lacks_is_refused_with_those_it_has);
	tcase_add_test(tc, a_level_without_a_column_is_told_where_others_have_one);
	tcase_add_test(tc, an_exemption_is_one_of_the_plans_and_never_guessed_from_a_name);
	tcase_add_test(tc, under_a_plan_without_exemptions_the_column_is_text_and_a_note_says_so);
	tcase_add_test(tc, an_exemption_that_the_plan_lacks_is_refused_with_those_it_has);
	return tc;
}

Suite *unit_suite(void)
{
	Suite *suite = suite_create("list");
	TCase *tc = tcase_create("rows");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, a_unit_is_never_guessed);
	tcase_add_test(tc, two_rows_of_headers_are_refused);
	tcase_add_test(tc, fields_may_go_on_over_lines_and_keep_their_place);
	tcase_add_test(tc, rows_that_cannot_be_right_are_named_and_not_counted);
	tcase_add_test(tc, tonnes_need_days_in_their_row);
	tcase_add_test(tc, an_unknown_sector_is_a_note_and_no_problem);
	tcase_add_test(tc, columns_without_a_place_are_kept_as_json);
	tcase_add_test(tc, the_audit_names_those_who_could_give_the_most_and_have_to_act);
	tcase_add_test(tc, the_audit_names_who_gets_no_order_and_why);
	suite_add_tcase(suite, value_cases());
	suite_add_tcase(suite, tc);
	return suite;
}
