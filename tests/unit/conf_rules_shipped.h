/* SPDX-License-Identifier: MIT */
/* What the shipped editions, plans and profiles must say, typed from the standards and the plan;
 * included by check_conf_rules.c only. */
#include <glob.h>

#include "hetang.h"

#define NONE IAQI_NONE
#define ROWS 8

struct table_row {
	int n;
	int32_t conc_milli[ROWS];
	int32_t above_2012, above_2026;
};

#define K(n) ((n)*1000)
#define EIGHT(b, c, d, e, f, g, h)                                                                 \
	8,                                                                                         \
	{                                                                                          \
		0, K(b), K(c), K(d), K(e), K(f), K(g), K(h)                                        \
	}

/* HJ 633-2012 table 1; that of 2026 differs in two numbers, below. */
static const struct table_row table[COLUMN_COUNT] = {
	[COLUMN_SO2_24H] = {EIGHT(50, 150, 475, 800, 1600, 2100, 2620), 500, 500},
	[COLUMN_SO2_1H] = {5, {0, K(150), K(500), K(650), K(800)}, NONE, 200},
	[COLUMN_NO2_24H] = {EIGHT(40, 80, 180, 280, 565, 750, 940), 500, 500},
	[COLUMN_NO2_1H] = {EIGHT(100, 200, 700, 1200, 2340, 3090, 3840), 500, 500},
	[COLUMN_CO_24H] = {EIGHT(2, 4, 14, 24, 36, 48, 60), 500, 500},
	[COLUMN_CO_1H] = {EIGHT(5, 10, 35, 60, 90, 120, 150), 500, 500},
	[COLUMN_O3_1H] = {EIGHT(160, 200, 300, 400, 800, 1000, 1200), 500, 500},
	[COLUMN_O3_8H] = {6, {0, K(100), K(160), K(215), K(265), K(800)}, NONE, 300},
	[COLUMN_PM10_24H] = {EIGHT(50, 150, 250, 350, 420, 500, 600), 500, 500},
	[COLUMN_PM25_24H] = {EIGHT(35, 75, 115, 150, 250, 350, 500), 500, 500},
};
static const int32_t index_of_rows[ROWS] = {0, 50, 100, 150, 200, 300, 400, 500};

static void assert_table(bool is_2026)
{
	ck_assert_int_eq(loaded.edition.n_index, ROWS);
	for (int i = 0; i < ROWS; i++)
		ck_assert_int_eq(loaded.edition.index[i], index_of_rows[i]);
	for (int c = 0; c < COLUMN_COUNT; c++) {
		const struct breakpoints *column = &loaded.edition.columns[c];
		ck_assert_int_eq(column->n, table[c].n);
		for (int i = 0; i < column->n; i++) {
			int32_t expected = table[c].conc_milli[i];
			if (is_2026 && c == COLUMN_PM25_24H && i == 2)
				expected = K(60);
			if (is_2026 && c == COLUMN_PM10_24H && i == 2)
				expected = K(120);
			ck_assert_int_eq(column->conc_milli[i], expected);
		}
		ck_assert_int_eq(column->above,
				 is_2026 ? table[c].above_2026 : table[c].above_2012);
		ck_assert_ptr_nonnull(
			strstr(column->clause, is_2026 ? "HJ 633-2026" : "HJ 633-2012"));
	}
}

#define BIT(column) (1u << COLUMN_##column)
#define DAILY_2026                                                                                 \
	(BIT(SO2_24H) | BIT(NO2_24H) | BIT(CO_24H) | BIT(O3_8H) | BIT(PM10_24H) | BIT(PM25_24H))
#define REALTIME                                                                                   \
	(BIT(SO2_1H) | BIT(NO2_1H) | BIT(CO_1H) | BIT(O3_1H) | BIT(PM10_24H) | BIT(PM25_24H))

START_TEST(the_edition_of_2012_carries_every_number_of_its_table)
{
	load_shipped(EDITION, "config/aqi/hj633-2012.yaml");
	assert_table(false);
}
END_TEST

START_TEST(the_edition_of_2026_carries_every_number_of_its_table)
{
	load_shipped(EDITION, "config/aqi/hj633-2026.yaml");
	assert_table(true);
}
END_TEST

START_TEST(the_edition_of_2012_has_seven_daily_indicators_and_always_publishes)
{
	load_shipped(EDITION, "config/aqi/hj633-2012.yaml");
	ck_assert_uint_eq(loaded.edition.daily, DAILY_2026 | BIT(O3_1H));
	ck_assert_uint_eq(loaded.edition.realtime, REALTIME);
	ck_assert_int_eq(loaded.edition.incomplete_above, -1);
	ck_assert_int_eq(loaded.edition.lowest, 0);
	ck_assert(loaded.edition.round_hours && !loaded.edition.round_means);
}
END_TEST

START_TEST(the_edition_of_2026_has_six_daily_indicators_and_rounds_means)
{
	load_shipped(EDITION, "config/aqi/hj633-2026.yaml");
	ck_assert_uint_eq(loaded.edition.daily, DAILY_2026);
	ck_assert_uint_eq(loaded.edition.realtime, REALTIME);
	ck_assert_int_eq(loaded.edition.incomplete_above, 100);
	ck_assert_int_eq(loaded.edition.lowest, 1);
	ck_assert(loaded.edition.round_hours && loaded.edition.round_means);
}
END_TEST

static const char *const edition_files[] = {"config/aqi/hj633-2012.yaml",
					    "config/aqi/hj633-2026.yaml"};

START_TEST(an_edition_carries_validity_and_the_six_categories)
{
	static const struct {
		int32_t upto;
		const char *name_zh, *name_en, *rgb;
	} expected[] = {
		{50, "优", "excellent", "00E400"},
		{100, "良", "good", "FFFF00"},
		{150, "轻度污染", "lightly polluted", "FF7E00"},
		{200, "中度污染", "moderately polluted", "FF0000"},
		{300, "重度污染", "heavily polluted", "99004C"},
		{500, "严重污染", "severely polluted", "7E0023"},
	};
	load_shipped(EDITION, edition_files[_i]);
	const struct edition *edition = &loaded.edition;
	ck_assert_int_eq(edition->hour_min_minutes, 45);
	ck_assert_int_eq(edition->day_min_hours, 20);
	ck_assert_int_eq(edition->o3_8h_min_hours, 6);
	ck_assert_int_eq(edition->o3_8h_min_means, 14);
	ck_assert_int_eq(edition->o3_1h_min_hours, 20);
	ck_assert_int_eq(edition->primary_above, 50);
	const int bounds[POLLUTANT_COUNT] = {2000, 6000, 3000, 5000, 200, 1500};
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		ck_assert_int_eq(edition->bound_milli[p], bounds[p] * 1000);
	ck_assert_int_eq(edition->n_categories, 6);
	for (int i = 0; i < 6; i++) {
		const struct category *category = &edition->categories[i];
		ck_assert_int_eq(category->upto, expected[i].upto);
		ck_assert_str_eq(category->name_zh, expected[i].name_zh);
		ck_assert_str_eq(category->name_en, expected[i].name_en);
		ck_assert_str_eq(category->rgb, expected[i].rgb);
	}
}
END_TEST

static void assert_part(const struct plan_part *part, enum plan_index index, bool at_least,
			int32_t threshold, int32_t for_h)
{
	ck_assert_int_eq(part->index, index);
	ck_assert_int_eq(part->at_least, at_least);
	ck_assert_int_eq(part->threshold, threshold);
	ck_assert_int_eq(part->for_h, for_h);
}

#define DAILY PLAN_INDEX_DAILY_AQI
#define HOURLY PLAN_INDEX_HOURLY_AQI

START_TEST(the_hetang_plan_carries_its_conditions)
{
	load_shipped(PLAN, "config/plans/hetang-2024.yaml");
	const struct plan_level *yellow = &loaded.plan.levels[LEVEL_YELLOW];
	const struct plan_level *orange = &loaded.plan.levels[LEVEL_ORANGE];
	const struct plan_level *red = &loaded.plan.levels[LEVEL_RED];
	ck_assert_int_eq(yellow->n_any, 1);
	ck_assert_int_eq(yellow->any[0].n_parts, 2);
	assert_part(&yellow->any[0].parts[0], DAILY, false, 150, 48);
	assert_part(&yellow->any[0].parts[1], HOURLY, false, 200, 1);
	ck_assert_int_eq(orange->n_any, 1);
	ck_assert_int_eq(orange->any[0].n_parts, 2);
	assert_part(&orange->any[0].parts[0], DAILY, false, 150, 72);
	assert_part(&orange->any[0].parts[1], DAILY, false, 200, 24);
	ck_assert_int_eq(red->n_any, 2);
	ck_assert_int_eq(red->any[0].n_parts, 2);
	assert_part(&red->any[0].parts[0], DAILY, false, 200, 72);
	assert_part(&red->any[0].parts[1], DAILY, false, 300, 24);
	ck_assert_int_eq(red->any[1].n_parts, 1);
	assert_part(&red->any[1].parts[0], DAILY, true, 500, 24);
}
END_TEST

START_TEST(the_hetang_plan_carries_cuts_approvers_and_release)
{
	static const struct {
		const char *response, *name_zh, *approver_zh;
		int32_t cut, release;
	} expected[LEVEL_COUNT] = {
		[LEVEL_YELLOW] = {"III", "黄色", "副指挥长", 10, 150},
		[LEVEL_ORANGE] = {"II", "橙色", "指挥长", 20, 200},
		[LEVEL_RED] = {"I", "红色", "指挥长", 30, 300},
	};
	load_shipped(PLAN, "config/plans/hetang-2024.yaml");
	ck_assert_str_eq(loaded.plan.document, "株荷政办发〔2024〕6号");
	ck_assert_int_eq(loaded.plan.counting, COUNTING_SPAN);
	ck_assert_int_eq(loaded.plan.gap_h, 2);
	ck_assert_int_eq(loaded.plan.release_h, 36);
	for (int l = LEVEL_YELLOW; l < LEVEL_COUNT; l++) {
		const struct plan_level *level = &loaded.plan.levels[l];
		ck_assert_str_eq(level->response, expected[l].response);
		ck_assert_str_eq(level->name_zh, expected[l].name_zh);
		ck_assert_str_eq(level->approver_zh, expected[l].approver_zh);
		ck_assert_int_eq(level->release_threshold, expected[l].release);
		for (int e = 0; e < EMISSION_COUNT; e++)
			ck_assert_int_eq(level->min_cut_pct[e], expected[l].cut);
	}
}
END_TEST

static const struct plan_measure *measure_in_force(int level, const char *id)
{
	int at[PLAN_MEASURES_MAX];
	int n = plan_measures_at(&loaded.plan, level, at);
	for (int i = 0; i < n; i++) {
		if (strcmp(loaded.plan.measures[at[i]].id, id) == 0)
			return &loaded.plan.measures[at[i]];
	}
	return NULL;
}

START_TEST(a_hetang_measure_gives_way_to_the_stronger_one_of_a_higher_level)
{
	load_shipped(PLAN, "config/plans/hetang-2024.yaml");
	ck_assert_ptr_nonnull(measure_in_force(LEVEL_YELLOW, "ind-cut-10"));
	ck_assert_ptr_null(measure_in_force(LEVEL_ORANGE, "ind-cut-10"));
	ck_assert_ptr_nonnull(measure_in_force(LEVEL_ORANGE, "ind-cut-20"));
	ck_assert_ptr_null(measure_in_force(LEVEL_RED, "ind-cut-20"));
	ck_assert_ptr_nonnull(measure_in_force(LEVEL_RED, "ind-cut-30"));
	ck_assert_ptr_nonnull(measure_in_force(LEVEL_ORANGE, "road-city"));
	ck_assert_ptr_null(measure_in_force(LEVEL_RED, "road-city"));
	ck_assert_ptr_null(measure_in_force(LEVEL_RED, "road-key"));
	ck_assert_ptr_null(measure_in_force(LEVEL_RED, "road-key-5"));
	ck_assert_ptr_nonnull(measure_in_force(LEVEL_RED, "road-key-5-red"));
	ck_assert_ptr_nonnull(measure_in_force(LEVEL_RED, "weather-modification"));
	ck_assert_ptr_nonnull(measure_in_force(LEVEL_YELLOW, "any-fireworks"));
	ck_assert_ptr_null(measure_in_force(LEVEL_NONE, "any-fireworks"));
}
END_TEST

START_TEST(a_hetang_measure_names_its_units_or_nobody)
{
	load_shipped(PLAN, "config/plans/hetang-2024.yaml");
	ck_assert_int_eq(loaded.plan.n_units, 22);
	ck_assert_int_eq(loaded.plan.n_measures, 50);
	const struct plan_measure *trucks = measure_in_force(LEVEL_ORANGE, "hgv-iv");
	ck_assert_str_eq(trucks->clause, "5.3.3(4)");
	ck_assert_str_eq(trucks->sub, "vehicles");
	ck_assert_str_eq(trucks->unit_source, "annex3");
	ck_assert_str_eq(loaded.plan.units[9].id, "eco");
	ck_assert_str_eq(loaded.plan.units[18].id, "traffic");
	ck_assert_uint_eq(trucks->units, 1u << 9 | 1u << 18);
	const struct plan_measure *cooling = measure_in_force(LEVEL_YELLOW, "advice-aircon");
	ck_assert_uint_eq(cooling->units, 0);
	ck_assert_str_eq(cooling->unit_source, "none");
	ck_assert_ptr_null(cooling->sub);
}
END_TEST

START_TEST(an_exemption_is_said_in_both_languages_wherever_the_measure_is)
{
	load_shipped(PLAN, "config/plans/hetang-2024.yaml");
	const struct plan_measure *stop = measure_in_force(LEVEL_YELLOW, "site-stop");
	ck_assert_ptr_nonnull(strstr(stop->zh, "（应急抢险、区重点工程、特殊工艺除外）"));
	ck_assert_ptr_nonnull(strstr(stop->en, " (except emergency repair, key projects of the "
					       "district, special processes)"));
	const struct plan_measure *trucks = measure_in_force(LEVEL_RED, "hgv-iv");
	ck_assert_ptr_nonnull(strstr(trucks->zh, "（民生保障、特种车辆、危化品车辆除外）"));
	ck_assert_ptr_nonnull(
		strstr(trucks->en, "special vehicles, vehicles that carry dangerous"));
	ck_assert_ptr_null(strstr(measure_in_force(LEVEL_RED, "site-nrmm")->zh, "除外"));
	ck_assert_int_eq(plan_exemption_find(&loaded.plan, "special-process"), 2);
	ck_assert_uint_eq(stop->except, 7);
}
END_TEST

START_TEST(a_measure_is_addressed_to_the_sources_that_have_to_carry_it_out)
{
	load_shipped(PLAN, "config/plans/hetang-2024.yaml");
	const struct plan_measure *cut = measure_in_force(LEVEL_RED, "ind-cut-30");
	ck_assert_uint_eq(cut->sources, 1u << SOURCE_INDUSTRY);
	ck_assert_uint_eq(cut->only_if, 1u << NEED_OWN_MEASURES);
	const struct plan_measure *park = measure_in_force(LEVEL_YELLOW, "any-park-sites");
	ck_assert_uint_eq(park->sources, 1u << SOURCE_BUILDING | 1u << SOURCE_SPOIL |
						 1u << SOURCE_LAND | 1u << SOURCE_TRAFFIC_WORKS);
	ck_assert_uint_eq(park->only_if, 1u << NEED_PARK);
	ck_assert_uint_eq(measure_in_force(LEVEL_RED, "ind-nrmm")->only_if,
			  1u << NEED_OLD_MACHINERY);
	/* the duties of a bureau are no order to a factory */
	static const char *const duties[] = {"any-power-cut", "any-stop-inspection", "any-fuel",
					     "diesel-detour", "road-city-4"};
	for (size_t i = 0; i < sizeof(duties) / sizeof(duties[0]); i++)
		ck_assert_uint_eq(measure_in_force(LEVEL_RED, duties[i])->sources, 0);
}
END_TEST

START_TEST(each_channel_of_the_slip_names_all_who_use_it)
{
	load_shipped(PLAN, "config/plans/hetang-2024.yaml");
	ck_assert_int_eq(loaded.plan.n_channels, 3);
	ck_assert_uint_eq(loaded.plan.channels[0].units, 1u << 1);
	ck_assert_str_eq(loaded.plan.units[2].id, "publicity");
	ck_assert_str_eq(loaded.plan.units[13].id, "culture");
	ck_assert_uint_eq(loaded.plan.channels[2].units, 1u << 2 | 1u << 13);
}
END_TEST

static int32_t number_in_force(int level, const char *id, enum plan_number number)
{
	const struct plan_measure *measure = measure_in_force(level, id);
	return measure ? measure->numbers[number] : NUMBER_UNSAID;
}

START_TEST(roads_are_watered_3_and_4_times_then_3_and_5_then_4_and_5)
{
	static const struct {
		int level;
		const char *city, *key;
		int city_times, key_times;
	} cases[] = {{LEVEL_YELLOW, "road-city", "road-key", 3, 4},
		     {LEVEL_ORANGE, "road-city", "road-key-5", 3, 5},
		     {LEVEL_RED, "road-city-4", "road-key-5-red", 4, 5}};
	load_shipped(PLAN, "config/plans/hetang-2024.yaml");
	for (int c = 0; c < 3; c++) {
		int at[PLAN_MEASURES_MAX], roads = 0;
		int n = plan_measures_at(&loaded.plan, cases[c].level, at);
		for (int i = 0; i < n; i++)
			roads += loaded.plan.measures[at[i]].numbers[NUMBER_MIN_PER_DAY] !=
				 NUMBER_UNSAID;
		ck_assert_int_eq(roads, 2); /* never two numbers for one road */
		ck_assert_int_eq(number_in_force(cases[c].level, cases[c].city, NUMBER_MIN_PER_DAY),
				 cases[c].city_times);
		ck_assert_int_eq(number_in_force(cases[c].level, cases[c].key, NUMBER_MIN_PER_DAY),
				 cases[c].key_times);
	}
}
END_TEST

START_TEST(measures_that_no_higher_level_restates_are_kept_unless_the_plan_says_no)
{
	load_shipped(PLAN, "config/plans/hetang-2024.yaml");
	ck_assert_ptr_nonnull(measure_in_force(LEVEL_RED, "bus-capacity"));
	loaded.plan.carry_silent = false;
	ck_assert_ptr_null(measure_in_force(LEVEL_RED, "bus-capacity"));
	ck_assert_ptr_nonnull(measure_in_force(LEVEL_ORANGE, "bus-capacity"));
}
END_TEST

START_TEST(the_plan_of_the_guidance_leaves_out_what_its_source_does_not_say)
{
	load_shipped(PLAN, "config/plans/mee-2024.yaml");
	const struct plan *plan = &loaded.plan;
	assert_part(&plan->levels[LEVEL_YELLOW].any[0].parts[0], DAILY, false, 200, 24);
	assert_part(&plan->levels[LEVEL_YELLOW].any[1].parts[0], DAILY, false, 150, 48);
	assert_part(&plan->levels[LEVEL_ORANGE].any[0].parts[0], DAILY, false, 200, 48);
	assert_part(&plan->levels[LEVEL_ORANGE].any[1].parts[0], DAILY, false, 150, 72);
	assert_part(&plan->levels[LEVEL_RED].any[0].parts[0], DAILY, false, 200, 72);
	assert_part(&plan->levels[LEVEL_RED].any[0].parts[1], DAILY, false, 300, 24);
	ck_assert_int_eq(plan->levels[LEVEL_YELLOW].n_any, 2);
	ck_assert_int_eq(plan->levels[LEVEL_ORANGE].n_any, 2);
	ck_assert_int_eq(plan->levels[LEVEL_RED].n_any, 1);
	ck_assert_int_eq(plan->n_units, 0);
	ck_assert_int_eq(plan->n_measures, 0);
	for (int l = LEVEL_YELLOW; l < LEVEL_COUNT; l++) {
		ck_assert_ptr_null(plan->levels[l].approver_zh);
		ck_assert_int_eq(plan->levels[l].min_cut_pct[EMISSION_SO2], CUT_UNSAID);
	}
}
END_TEST

START_TEST(the_generic_profile_reads_six_registers_in_a_row)
{
	load_shipped(PROFILE, "config/profiles/generic-six.yaml");
	const struct profile *profile = &loaded.profile;
	ck_assert_int_eq(profile->n_rows, 6);
	ck_assert_int_eq(profile->max_hole, 8);
	ck_assert_int_eq(profile->n_statuses, 0);
	const struct profile_row *co = &profile->rows[4];
	ck_assert_int_eq(co->pollutant, POLLUTANT_CO);
	ck_assert_int_eq(co->function, 3);
	ck_assert_int_eq(co->address, 4);
	ck_assert_int_eq(co->type, TYPE_U16);
	ck_assert_int_eq(co->unit, UNIT_MG_M3);
	ck_assert_double_eq(co->scale, 0.01);
	ck_assert_double_eq(co->range_max, 600);
	ck_assert_int_eq(co->n_sentinels, 1);
	ck_assert_double_eq(co->sentinels[0].low, 65535);
	ck_assert_double_eq(co->sentinels[0].high, 65535);
}
END_TEST

START_TEST(the_saimosen_profile_reads_floats_and_the_data_valid_register)
{
	load_shipped(PROFILE, "config/profiles/saimosen-sms8700.yaml");
	const struct profile *profile = &loaded.profile;
	ck_assert_int_eq(profile->n_rows, 2);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(profile->rows[i].function, 3);
		ck_assert_int_eq(profile->rows[i].type, TYPE_F32);
		ck_assert_int_eq(profile->rows[i].order, ORDER_ABCD);
		ck_assert_int_eq(profile->rows[i].unit, UNIT_UG_M3);
		ck_assert_double_eq(profile->rows[i].scale, 1);
		ck_assert_double_eq(profile->rows[i].offset, 0);
	}
	ck_assert_int_eq(profile->rows[0].pollutant, POLLUTANT_PM25);
	ck_assert_int_eq(profile->rows[0].address, 2);
	ck_assert_int_eq(profile->rows[1].pollutant, POLLUTANT_PM10);
	ck_assert_int_eq(profile->rows[1].address, 6);
	ck_assert_int_eq(profile->n_statuses, 3);
	ck_assert_int_eq(profile->statuses[0].normal.at.address, 10);
	ck_assert_uint_eq(profile->statuses[0].normal.mask, 0);
	ck_assert_double_eq(profile->statuses[0].normal.good[0].low, 1);
}
END_TEST

START_TEST(the_vaisala_profile_reads_gases_in_ppb_and_particles_in_tenths)
{
	static const struct {
		enum pollutant pollutant;
		int address;
		enum unit unit;
		double scale;
	} expected[] = {
		{POLLUTANT_NO2, 0x0000, UNIT_PPB, 1},
		{POLLUTANT_SO2, 0x0001, UNIT_PPB, 1},
		{POLLUTANT_CO, 0x0002, UNIT_PPB, 1},
		{POLLUTANT_O3, 0x0005, UNIT_PPB, 1},
		{POLLUTANT_PM25, 0x0008, UNIT_UG_M3, 0.1},
		{POLLUTANT_PM10, 0x0009, UNIT_UG_M3, 0.1},
	};
	load_shipped(PROFILE, "config/profiles/vaisala-aqt530.yaml");
	ck_assert_int_eq(loaded.profile.n_rows, 6);
	for (int i = 0; i < 6; i++) {
		const struct profile_row *row = &loaded.profile.rows[i];
		ck_assert_int_eq(row->pollutant, expected[i].pollutant);
		ck_assert_int_eq(row->address, expected[i].address);
		ck_assert_int_eq(row->type, TYPE_S16);
		ck_assert_int_eq(row->unit, expected[i].unit);
		ck_assert_double_eq(row->scale, expected[i].scale);
		ck_assert_ptr_nonnull(row->source);
	}
}
END_TEST

static const struct {
	enum kind kind;
	const char *pattern;
	size_t at_least;
} folders[] = {
	{EDITION, "config/aqi/*.yaml", 2},
	{PLAN, "config/plans/*.yaml", 2},
	{PROFILE, "config/profiles/*.yaml", 3},
};

START_TEST(every_shipped_file_loads_and_its_id_is_its_name)
{
	glob_t found = {0};
	ck_assert_int_eq(glob(unit_source(folders[_i].pattern), 0, NULL, &found), 0);
	ck_assert_uint_ge(found.gl_pathc, folders[_i].at_least);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		load(folders[_i].kind, found.gl_pathv[i]);
		ck_assert_msg(loaded.ok, "%s", loaded.problems.n ? loaded.problems.text[0] : "");
		const char *id = folders[_i].kind == EDITION ? loaded.edition.id
				 : folders[_i].kind == PLAN  ? loaded.plan.id
							     : loaded.profile.id;
		char name[64];
		snprintf(name, sizeof(name), "/%s.yaml", id);
		const char *path = found.gl_pathv[i];
		ck_assert_str_eq(strrchr(path, '/'), name);
	}
	globfree(&found);
}
END_TEST

static TCase *shipped_files(void)
{
	TCase *shipped = tcase_create("shipped");
	tcase_add_test(shipped, the_edition_of_2012_carries_every_number_of_its_table);
	tcase_add_test(shipped, the_edition_of_2026_carries_every_number_of_its_table);
	tcase_add_test(shipped,
		       the_edition_of_2012_has_seven_daily_indicators_and_always_publishes);
	tcase_add_test(shipped, the_edition_of_2026_has_six_daily_indicators_and_rounds_means);
	tcase_add_loop_test(shipped, an_edition_carries_validity_and_the_six_categories, 0, 2);
	tcase_add_test(shipped, the_hetang_plan_carries_its_conditions);
	tcase_add_test(shipped, the_hetang_plan_carries_cuts_approvers_and_release);
	tcase_add_test(shipped, a_hetang_measure_gives_way_to_the_stronger_one_of_a_higher_level);
	tcase_add_test(shipped, a_hetang_measure_names_its_units_or_nobody);
	tcase_add_test(shipped, an_exemption_is_said_in_both_languages_wherever_the_measure_is);
	tcase_add_test(shipped, a_measure_is_addressed_to_the_sources_that_have_to_carry_it_out);
	tcase_add_test(shipped, each_channel_of_the_slip_names_all_who_use_it);
	tcase_add_test(shipped, roads_are_watered_3_and_4_times_then_3_and_5_then_4_and_5);
	tcase_add_test(shipped,
		       measures_that_no_higher_level_restates_are_kept_unless_the_plan_says_no);
	tcase_add_test(shipped, the_plan_of_the_guidance_leaves_out_what_its_source_does_not_say);
	tcase_add_test(shipped, the_generic_profile_reads_six_registers_in_a_row);
	tcase_add_test(shipped, the_saimosen_profile_reads_floats_and_the_data_valid_register);
	tcase_add_test(shipped, the_vaisala_profile_reads_gases_in_ppb_and_particles_in_tenths);
	tcase_add_loop_test(shipped, every_shipped_file_loads_and_its_id_is_its_name, 0, 3);
	tcase_add_checked_fixture(shipped, NULL, forget);
	return shipped;
}
