/* SPDX-License-Identifier: MIT */
/* The mistakes of editions, plans and profiles; included by check_conf_rules.c only. Each gives
 * exactly these messages, "line:column: text". */

/* --- editions --- */

REFUSED(an_index_that_does_not_begin_with_0_is_refused, EDITION, "index: [0, 50", "index: [1, 50",
	"6:9: index: the first value is 1, must be 0")
REFUSED(an_index_that_does_not_rise_is_refused, EDITION, "index: [0, 50, 100]",
	"index: [0, 50, 50]", "6:16: index: 50 is not above the 50 before it")
REFUSED(a_column_that_does_not_begin_with_0_is_refused, EDITION, "[0, 50, 150]", "[10, 50, 150]",
	"8:27: breakpoints: the first value is 10, must be 0")
REFUSED(a_column_that_does_not_rise_is_refused, EDITION, "[0, 50, 150]", "[0, 150, 50]",
	"8:35: breakpoints: 50 is not above the 150 before it")
REFUSED(a_column_with_more_values_than_index_is_refused, EDITION, "[0, 50, 150]",
	"[0, 50, 150, 475]", "8:26: breakpoints: 4 values, but index has only 3")
REFUSED(a_column_with_one_value_is_refused, EDITION, "[0, 50, 150]", "[0]",
	"8:26: breakpoints: 1 items; allowed are 2 to 16")
REFUSED(a_value_with_four_decimals_is_refused, EDITION, "4.5]", "4.1234]",
	"12:32: breakpoints: 4.1234 is not a plain decimal number of 0 to 1000000 with at most 3 "
	"decimals")
REFUSED(a_value_that_cannot_be_read_is_not_held_against_its_neighbours, EDITION, "[0, 50, 150]",
	"[0, x, 150]",
	"8:30: breakpoints: x is not a plain decimal number of 0 to 1000000 with at most 3 "
	"decimals")
REFUSED(a_missing_column_is_refused, EDITION,
	"  so2_1h: {breakpoints: [0, 150], above: none, clause: t1}\n", "",
	"8:3: required key so2_1h is missing")
REFUSED(an_unknown_column_names_the_nearest, EDITION,
	"  pm25_24h:", "  pm26_24h:", "8:3: required key pm25_24h is missing",
	"17:3: unknown key pm26_24h; the nearest is pm25_24h (allowed: so2_24h, so2_1h, no2_24h, "
	"no2_1h, co_24h, co_1h, o3_1h, o3_8h, pm10_24h, pm25_24h)")
REFUSED(a_cap_below_the_end_of_the_column_is_refused, EDITION, "[0, 50, 150], above: 100",
	"[0, 50, 150], above: 50",
	"8:47: above: 50 is neither none nor 100, the index of the column's last value: 3 values "
	"end there; is one missing?")
REFUSED(a_cap_that_is_a_word_is_refused, EDITION, "above: none", "above: never",
	"9:42: above: never is not none or a whole number of 0 to 500")
REFUSED(a_cap_above_500_is_refused, EDITION, "[0, 50, 150], above: 100", "[0, 50, 150], above: 501",
	"8:47: above: 501 is not a whole number of 0 to 500")
REFUSED(a_missing_cap_is_told_once, EDITION, "[0, 50, 150], above: 100,", "[0, 50, 150],",
	"8:12: required key above is missing")
REFUSED(an_unknown_daily_indicator_is_refused, EDITION, "daily: [so2_24h", "daily: [so2",
	"18:9: daily: so2 is not one of so2_24h, so2_1h, no2_24h, no2_1h, co_24h, co_1h, o3_1h, "
	"o3_8h, pm10_24h, pm25_24h")
REFUSED(a_daily_indicator_twice_is_refused, EDITION, "daily: [so2_24h, o3_1h",
	"daily: [o3_8h, o3_1h", "18:23: daily: o3_8h is there twice")
REFUSED(an_hour_column_of_another_gas_is_no_daily_indicator, EDITION, "daily: [so2_24h",
	"daily: [no2_1h",
	"18:9: daily: no2_1h is for 1 h means; the only daily indicator of these is o3_1h")
REFUSED(a_pollutant_twice_in_real_time_is_refused, EDITION, "realtime: [so2_1h, pm25_24h]",
	"realtime: [o3_1h, o3_8h]", "19:19: realtime: o3_8h is not for 1 h means; use o3_1h")
REFUSED(a_day_column_in_real_time_is_refused, EDITION, "realtime: [so2_1h", "realtime: [so2_24h",
	"19:12: realtime: so2_24h is not for 1 h means; use so2_1h")
REFUSED(a_real_time_indicator_twice_is_refused, EDITION, "realtime: [so2_1h", "realtime: [pm25_24h",
	"19:22: realtime: pm25_24h is there twice")
REFUSED(an_hour_of_61_minutes_is_refused, EDITION, "hour_min_minutes: 45", "hour_min_minutes: 61",
	"20:30: hour_min_minutes: 61 is not a whole number of 1 to 60")
REFUSED(rounding_that_is_neither_true_nor_false_is_refused, EDITION, "means: false", "means: no",
	"21:32: means: no is not true or false")
REFUSED(a_word_for_incomplete_above_is_refused, EDITION, "incomplete_above: none",
	"incomplete_above: always",
	"22:19: incomplete_above: always is not none or a whole number of 0 to 500")
REFUSED(categories_that_do_not_rise_are_refused, EDITION, "{upto: 50", "{upto: 120",
	"26:12: upto: 100 is not above the 120 before it")
REFUSED(categories_that_end_before_the_index_are_refused, EDITION, "{upto: 100", "{upto: 99",
	"26:12: upto: the last category ends at 99, but index goes up to 100")
REFUSED(a_colour_that_is_not_rgb_is_refused, EDITION, "\"FFFF00\"", "\"#FFFF0\"",
	"26:143: rgb: \"#FFFF0\" is not six digits of 0-9 and A-F")
REFUSED(all_mistakes_of_an_edition_are_told_at_once, EDITION,
	"id: small\ntitle_zh: 小\ntitle_en: small\nsource: invented\nindex: [0, 50, 100]",
	"id: Small\ntitle_zh: 小\nsource: invented\nindex: [0, 50, 40]",
	"1:1: required key title_en is missing",
	"2:5: id: Small is not an id: 1 to 32 of a-z, 0-9 and -, beginning with a letter or digit",
	"5:16: index: 40 is not above the 50 before it")

static TCase *refused_editions(void)
{
	TCase *tcase = tcase_create("refused editions");
	tcase_add_test(tcase, an_index_that_does_not_begin_with_0_is_refused);
	tcase_add_test(tcase, an_index_that_does_not_rise_is_refused);
	tcase_add_test(tcase, a_column_that_does_not_begin_with_0_is_refused);
	tcase_add_test(tcase, a_column_that_does_not_rise_is_refused);
	tcase_add_test(tcase, a_column_with_more_values_than_index_is_refused);
	tcase_add_test(tcase, a_column_with_one_value_is_refused);
	tcase_add_test(tcase, a_value_with_four_decimals_is_refused);
	tcase_add_test(tcase, a_value_that_cannot_be_read_is_not_held_against_its_neighbours);
	tcase_add_test(tcase, a_missing_column_is_refused);
	tcase_add_test(tcase, an_unknown_column_names_the_nearest);
	tcase_add_test(tcase, a_cap_below_the_end_of_the_column_is_refused);
	tcase_add_test(tcase, a_cap_that_is_a_word_is_refused);
	tcase_add_test(tcase, a_cap_above_500_is_refused);
	tcase_add_test(tcase, a_missing_cap_is_told_once);
	tcase_add_test(tcase, an_unknown_daily_indicator_is_refused);
	tcase_add_test(tcase, a_daily_indicator_twice_is_refused);
	tcase_add_test(tcase, an_hour_column_of_another_gas_is_no_daily_indicator);
	tcase_add_test(tcase, a_pollutant_twice_in_real_time_is_refused);
	tcase_add_test(tcase, a_day_column_in_real_time_is_refused);
	tcase_add_test(tcase, a_real_time_indicator_twice_is_refused);
	tcase_add_test(tcase, an_hour_of_61_minutes_is_refused);
	tcase_add_test(tcase, rounding_that_is_neither_true_nor_false_is_refused);
	tcase_add_test(tcase, a_word_for_incomplete_above_is_refused);
	tcase_add_test(tcase, categories_that_do_not_rise_are_refused);
	tcase_add_test(tcase, categories_that_end_before_the_index_are_refused);
	tcase_add_test(tcase, a_colour_that_is_not_rgb_is_refused);
	tcase_add_test(tcase, all_mistakes_of_an_edition_are_told_at_once);
	tcase_add_checked_fixture(tcase, NULL, forget);
	return tcase;
}

/* --- plans --- */

REFUSED(a_part_with_both_above_and_at_least_is_refused, PLAN, "above: 150,",
	"above: 150, at_least: 150,", "10:31: a part takes either above or at_least, here are both")
REFUSED(a_part_without_a_threshold_is_refused, PLAN, "above: 150, ", "",
	"10:31: a part takes either above or at_least, here is neither")
REFUSED(a_threshold_above_500_is_refused, PLAN, "above: 150", "above: 501",
	"10:57: above: 501 is not a whole number of 0 to 500")
REFUSED(a_daily_part_shorter_than_a_day_is_refused, PLAN, "for_h: 48", "for_h: 23",
	"10:69: for_h: 23 is too short for daily_aqi; one value covers 24 hours")
REFUSED(a_part_of_no_hours_is_refused, PLAN, "for_h: 48", "for_h: 0",
	"10:69: for_h: 0 is not a whole number of 1 to 720")
REFUSED(an_unknown_index_is_refused, PLAN, "index: daily_aqi", "index: pm25",
	"10:39: index: pm25 is not one of daily_aqi, hourly_aqi, mean_aqi, o3_8h, daily_P, "
	"hourly_P, daily_iaqi_P, hourly_iaqi_P, daily_aqi_without_P, hourly_aqi_without_P with P "
	"one of pm25, pm10, so2, no2, co, o3")
REFUSED(a_daily_mean_of_o3_is_refused, PLAN, "index: daily_aqi", "index: daily_o3",
	"10:39: index: daily_o3 is not one of daily_aqi, hourly_aqi, mean_aqi, o3_8h, daily_P, "
	"hourly_P, daily_iaqi_P, hourly_iaqi_P, daily_aqi_without_P, hourly_aqi_without_P with P "
	"one of pm25, pm10, so2, no2, co, o3")
REFUSED(an_aqi_without_all_pollutants_is_refused, PLAN, "index: daily_aqi",
	"index: daily_aqi_without_pm25_pm10_so2_no2_co_o3",
	"10:39: index: daily_aqi_without_pm25_pm10_so2_no2_co_o3 is not one of daily_aqi, "
	"hourly_aqi, mean_aqi, o3_8h, daily_P, hourly_P, daily_iaqi_P, hourly_iaqi_P, "
	"daily_aqi_without_P, hourly_aqi_without_P with P one of pm25, pm10, so2, no2, co, o3")
REFUSED(an_iaqi_above_500_is_refused, PLAN, "daily_aqi, above: 150", "daily_iaqi_pm25, above: 501",
	"10:63: above: 501 is not a whole number of 0 to 500")
REFUSED(a_short_part_of_a_daily_concentration_is_refused, PLAN, "daily_aqi, above: 150, for_h: 48",
	"daily_pm25, above: 150, for_h: 8",
	"10:70: for_h: 8 is too short for daily_pm25; one value covers 24 hours")
REFUSED(a_level_that_nothing_would_end_is_refused, PLAN, "above: 200, for_h: 72",
	"at_least: 500, for_h: 24",
	"14:5: red: no part of a daily index has above and no release is said, so nothing would "
	"end the level")
REFUSED(a_higher_level_with_the_same_condition_is_refused, PLAN, "above: 200, for_h: 48",
	"above: 150, for_h: 48",
	"13:12: orange: this condition is no harder than the one of yellow at 10:12")
REFUSED(a_higher_level_with_fewer_hours_is_refused, PLAN, "above: 200, for_h: 72",
	"above: 150, for_h: 24",
	"16:12: red: this condition is no harder than the one of yellow at 10:12")
REFUSED(at_least_201_is_no_harder_than_above_200, PLAN, "above: 200, for_h: 72",
	"at_least: 201, for_h: 48}, {index: daily_aqi, above: 100, for_h: 24",
	"16:12: red: this condition is no harder than the one of orange at 13:12")
REFUSED(a_level_that_hardly_any_air_lifts_is_refused, PLAN, "daily_aqi, above: 150, for_h: 48",
	"daily_aqi, above: 99, for_h: 48",
	"8:5: yellow: ends only with daily_aqi at or below 99, less than 100, so it would hardly "
	"ever be lifted")
REFUSED(a_release_that_hardly_any_air_keeps_is_refused, PLAN, "clause: c1, min_cut_pct",
	"release: {all: [{index: hourly_aqi, below: 40}]}, clause: c1, min_cut_pct",
	"9:66: yellow: ends only with hourly_aqi below 40, less than 100, so it would hardly ever "
	"be lifted")
REFUSED(a_release_above_what_calls_for_the_level_is_refused, PLAN, "clause: c1, min_cut_pct",
	"release: {all: [{index: daily_aqi, at_most: 151}]}, clause: c1, min_cut_pct",
	"9:66: yellow: would be lifted at a daily_aqi of 151, which calls for it at 10:12")
REFUSED(a_limit_with_both_at_most_and_below_is_refused, PLAN, "clause: c1, min_cut_pct",
	"release: {all: [{index: daily_aqi, at_most: 150, below: 150}]}, clause: c1, min_cut_pct",
	"9:66: a limit takes either at_most or below, here are both")
REFUSED(two_limits_of_one_index_are_refused, PLAN, "clause: c1, min_cut_pct",
	"release: {all: [{index: daily_aqi, at_most: 150}, {index: daily_aqi, below: 150}]}, "
	"clause: c1, min_cut_pct",
	"9:108: index: daily_aqi has a limit already")
REFUSED(a_higher_level_that_comes_without_the_lower_is_refused, PLAN, "above: 200, for_h: 48",
	"above: 140, for_h: 72",
	"13:11: orange comes before yellow in air that stays at an AQI of 141; conditions of "
	"yellow, at 10:11")
REFUSED(a_higher_level_that_comes_before_the_lower_begins_is_refused, PLAN, "above: 200, for_h: 48",
	"above: 150, for_h: 24}, {index: hourly_aqi, above: 150, for_h: 30",
	"13:11: orange comes before yellow in air that stays at an AQI of 151; conditions of "
	"yellow, at 10:11")
REFUSED(a_stage_above_a_warning_is_refused, PLAN, "id: orange, rank: 2",
	"id: orange, stage: true, rank: 2",
	"11:25: stage: a stage is below every warning, and the level below is one")
REFUSED(a_day_that_no_year_has_is_refused, PLAN, "gap_h: 3", "season: {from: 02-30, until: 03-15}",
	"6:16: 02-30 is not a day of the year like 10-15")
REFUSED(a_date_that_no_year_has_is_refused, PLAN, "gap_h: 3", "valid_from: 2025-02-29",
	"6:13: 2025-02-29 is not a date like 2026-10-01")
REFUSED(a_plan_that_ends_before_it_begins_is_refused, PLAN, "gap_h: 3",
	"valid_from: 2025-03-01\nvalid_until: 2025-02-28",
	"7:14: valid_until: 2025-02-28 is before valid_from")
REFUSED(what_is_not_said_in_one_language_only_is_refused, PLAN, "gap_h: 3",
	"not_said: [{zh: 没有}]", "6:12: required key en is missing")
REFUSED(a_level_that_was_left_out_is_refused, PLAN, "rank: 2", "rank: 3",
	"11:24: rank: 3 is not 2; levels are counted from the lowest, 1, without a gap")
REFUSED(a_level_of_no_rank_is_refused, PLAN, "rank: 2, ", "", "11:5: required key rank is missing")
REFUSED(the_id_none_of_a_level_is_refused, PLAN, "id: orange", "id: none",
	"11:10: id: none is reserved", "22:25: level: orange is not one of yellow, none, red, any",
	"22:111: replaces: cut-10 is of level yellow, not below any")
REFUSED(the_id_of_a_level_twice_is_refused, PLAN, "id: red", "id: orange",
	"14:10: id: orange is taken by the level of rank 2")
REFUSED(an_id_of_a_level_that_no_row_has_room_for_is_refused, PLAN, "id: red",
	"id: red-and-a-half-1", "14:10: id: red-and-a-half-1 is longer than 15 bytes")
REFUSED(a_colour_of_letters_is_refused, PLAN, "colour: FF8C00", "colour: orange",
	"11:35: colour: orange is not six digits of 0-9 and A-F")
REFUSED(an_approver_in_one_language_alone_is_refused, PLAN, "colour: FF8C00",
	"colour: FF8C00, approver_zh: 指挥长",
	"11:56: approver_zh: stands alone; approver_en has to say the same in the other language")
REFUSED(one_who_approves_a_lift_in_one_language_alone_is_refused, PLAN, "measures:\n",
	"release: {unit: office, lift_approver_en: head}\nmeasures:\n",
	"20:43: lift_approver_en: stands alone; lift_approver_zh has to say the same in the other "
	"language")
REFUSED(a_severity_that_cap_does_not_know_is_refused, PLAN, "severity: Severe", "severity: High",
	"11:53: severity: High is not one of Minor, Moderate, Severe, Extreme, Unknown")
REFUSED(a_cut_that_falls_is_refused, PLAN, "{so2: 30}", "{so2: 15}",
	"15:76: so2: 15 is less than the 20 of orange")
REFUSED(a_cut_that_falls_past_a_level_that_says_none_is_refused, PLAN,
	"{so2: 20},\n     any: [{clause: c2, all: [{index: daily_aqi, above: 200, for_h: 48}]}]}\n"
	"  - {id: red, rank: 3, colour: D40000, severity: Extreme,\n"
	"     response: I, name_zh: 红, name_en: red, clause: c3, min_cut_pct: {so2: 30}",
	"{pm: 20},\n     any: [{clause: c2, all: [{index: daily_aqi, above: 200, for_h: 48}]}]}\n"
	"  - {id: red, rank: 3, colour: D40000, severity: Extreme,\n"
	"     response: I, name_zh: 红, name_en: red, clause: c3, min_cut_pct: {so2: 9}",
	"15:76: so2: 9 is less than the 10 of yellow")
REFUSED(a_cut_above_100_is_refused, PLAN, "{so2: 30}", "{so2: 101}",
	"15:76: so2: 101 is not a whole number of 0 to 100")
REFUSED(a_gap_of_more_than_a_day_is_refused, PLAN, "gap_h: 3", "gap_h: 25",
	"6:8: gap_h: 25 is not a whole number of 0 to 24")
REFUSED(a_release_after_no_hours_is_refused, PLAN, "gap_h: 3", "release_h: 0",
	"6:12: release_h: 0 is not a whole number of 1 to 240")
REFUSED(an_unknown_counting_is_refused, PLAN, "gap_h: 3", "counting: days",
	"6:11: counting: days is not one of span, rolling, natural-day")
REFUSED(an_id_of_a_unit_twice_is_refused, PLAN, "id: roads", "id: office",
	"19:10: id: office is taken, at 18:5")
REFUSED(an_unknown_unit_is_refused, PLAN, "units: [office]", "units: [fire]",
	"21:79: units: fire is no unit of this plan")
REFUSED(a_unit_twice_in_a_measure_is_refused, PLAN, "units: [office]", "units: [office, office]",
	"21:87: units: office is there twice")
REFUSED(an_id_of_a_measure_twice_is_refused, PLAN, "id: cut-20", "id: cut-10",
	"22:10: id: cut-10 is taken, at 21:5")
REFUSED(replacing_an_unknown_measure_is_refused, PLAN, "replaces: cut-10", "replaces: cut-5",
	"22:111: replaces: cut-5 is no measure of this plan")
REFUSED(replacing_a_measure_of_the_same_level_is_refused, PLAN, "level: yellow", "level: orange",
	"22:111: replaces: cut-10 is of level orange, not below orange")
REFUSED(a_measure_of_every_level_replaces_nothing, PLAN, "level: orange", "level: any",
	"22:108: replaces: cut-10 is of level yellow, not below any")
REFUSED(an_unknown_level_of_a_measure_is_refused, PLAN, "level: yellow", "level: blue",
	"21:25: level: blue is not one of yellow, orange, red, any")

REFUSED(an_unknown_exemption_is_refused, PLAN, "units: [office]", "units: [office], except: [fire]",
	"21:97: except: fire is no exemption of this plan")
REFUSED(an_exemption_twice_in_a_measure_is_refused, PLAN, "measures:\n",
	"exemptions: [{id: x, zh: 甲, en: x}]\nmeasures:\n"
	"  - {id: a, level: red, group: g, clause: m, zh: 减, en: cut, units: [], unit_source: "
	"none,"
	" except: [x, x]}\n",
	"22:104: except: x is there twice")
REFUSED(an_id_of_an_exemption_twice_is_refused, PLAN, "measures:\n",
	"exemptions: [{id: x, zh: 甲, en: x}, {id: x, zh: 乙, en: y}]\nmeasures:\n",
	"20:42: id: x is taken, at 20:14")
REFUSED(a_measure_for_an_unknown_kind_of_source_is_refused, PLAN, "units: [office]",
	"units: [office], sources: [school]",
	"21:98: sources: school is not one of industry, building, spoil, land, traffic-works, "
	"mobile")
REFUSED(an_unknown_need_of_a_measure_is_refused, PLAN, "units: [office]",
	"units: [office], sources: [land], only_if: [money]",
	"21:115: only_if: money is not one of own-measures, old-machinery, park")
REFUSED(a_need_without_sources_is_refused, PLAN, "units: [office]",
	"units: [office], only_if: [park]", "21:97: only_if: the measure names no sources")

static TCase *refused_plans(void)
{
	TCase *tcase = tcase_create("refused plans");
	tcase_add_test(tcase, a_part_with_both_above_and_at_least_is_refused);
	tcase_add_test(tcase, a_part_without_a_threshold_is_refused);
	tcase_add_test(tcase, a_threshold_above_500_is_refused);
	tcase_add_test(tcase, a_daily_part_shorter_than_a_day_is_refused);
	tcase_add_test(tcase, a_part_of_no_hours_is_refused);
	tcase_add_test(tcase, an_unknown_index_is_refused);
	tcase_add_test(tcase, a_daily_mean_of_o3_is_refused);
	tcase_add_test(tcase, an_aqi_without_all_pollutants_is_refused);
	tcase_add_test(tcase, an_iaqi_above_500_is_refused);
	tcase_add_test(tcase, a_short_part_of_a_daily_concentration_is_refused);
	tcase_add_test(tcase, a_level_that_hardly_any_air_lifts_is_refused);
	tcase_add_test(tcase, a_release_that_hardly_any_air_keeps_is_refused);
	tcase_add_test(tcase, a_release_above_what_calls_for_the_level_is_refused);
	tcase_add_test(tcase, a_limit_with_both_at_most_and_below_is_refused);
	tcase_add_test(tcase, two_limits_of_one_index_are_refused);
	tcase_add_test(tcase, a_higher_level_that_comes_without_the_lower_is_refused);
	tcase_add_test(tcase, a_higher_level_that_comes_before_the_lower_begins_is_refused);
	tcase_add_test(tcase, a_stage_above_a_warning_is_refused);
	tcase_add_test(tcase, a_day_that_no_year_has_is_refused);
	tcase_add_test(tcase, a_date_that_no_year_has_is_refused);
	tcase_add_test(tcase, a_plan_that_ends_before_it_begins_is_refused);
	tcase_add_test(tcase, what_is_not_said_in_one_language_only_is_refused);
	tcase_add_test(tcase, a_level_that_nothing_would_end_is_refused);
	tcase_add_test(tcase, a_higher_level_with_the_same_condition_is_refused);
	tcase_add_test(tcase, a_higher_level_with_fewer_hours_is_refused);
	tcase_add_test(tcase, at_least_201_is_no_harder_than_above_200);
	tcase_add_test(tcase, a_level_that_was_left_out_is_refused);
	tcase_add_test(tcase, a_level_of_no_rank_is_refused);
	tcase_add_test(tcase, the_id_none_of_a_level_is_refused);
	tcase_add_test(tcase, the_id_of_a_level_twice_is_refused);
	tcase_add_test(tcase, an_id_of_a_level_that_no_row_has_room_for_is_refused);
	tcase_add_test(tcase, a_colour_of_letters_is_refused);
	tcase_add_test(tcase, an_approver_in_one_language_alone_is_refused);
	tcase_add_test(tcase, one_who_approves_a_lift_in_one_language_alone_is_refused);
	tcase_add_test(tcase, a_severity_that_cap_does_not_know_is_refused);
	tcase_add_test(tcase, a_cut_that_falls_is_refused);
	tcase_add_test(tcase, a_cut_that_falls_past_a_level_that_says_none_is_refused);
	tcase_add_test(tcase, a_cut_above_100_is_refused);
	tcase_add_test(tcase, a_gap_of_more_than_a_day_is_refused);
	tcase_add_test(tcase, a_release_after_no_hours_is_refused);
	tcase_add_test(tcase, an_unknown_counting_is_refused);
	tcase_add_test(tcase, an_id_of_a_unit_twice_is_refused);
	tcase_add_test(tcase, an_unknown_unit_is_refused);
	tcase_add_test(tcase, a_unit_twice_in_a_measure_is_refused);
	tcase_add_test(tcase, an_id_of_a_measure_twice_is_refused);
	tcase_add_test(tcase, replacing_an_unknown_measure_is_refused);
	tcase_add_test(tcase, replacing_a_measure_of_the_same_level_is_refused);
	tcase_add_test(tcase, a_measure_of_every_level_replaces_nothing);
	tcase_add_test(tcase, an_unknown_level_of_a_measure_is_refused);
	tcase_add_test(tcase, an_unknown_exemption_is_refused);
	tcase_add_test(tcase, an_exemption_twice_in_a_measure_is_refused);
	tcase_add_test(tcase, an_id_of_an_exemption_twice_is_refused);
	tcase_add_test(tcase, a_measure_for_an_unknown_kind_of_source_is_refused);
	tcase_add_test(tcase, an_unknown_need_of_a_measure_is_refused);
	tcase_add_test(tcase, a_need_without_sources_is_refused);
	tcase_add_checked_fixture(tcase, NULL, forget);
	return tcase;
}

/* --- profiles --- */

REFUSED(an_unknown_pollutant_is_refused, PROFILE, "pollutant: so2", "pollutant: pm1",
	"8:17: pollutant: pm1 is not one of pm25, pm10, so2, no2, co, o3, tsp, no, nox, "
	"temperature, humidity, pressure, wind_speed, wind_direction, noise, rain")
REFUSED(a_unit_of_another_quantity_is_refused, PROFILE, "pollutant: so2", "pollutant: noise",
	"8:66: unit: ppb is none of noise, which is counted in dB")
REFUSED(a_pollutant_with_two_rows_is_refused, PROFILE,
	"pollutant: so2, function: 3, address: 2, "
	"type: u16, unit: ppb",
	"pollutant: pm25, function: 3, address: 2, type: u16, unit: ug/m3",
	"8:17: pollutant: pm25 has a row already, at 7:5")
REFUSED(rows_that_overlap_are_refused, PROFILE, "address: 2", "address: 1",
	"8:44: address: u16 at 1 overlaps f32 at 0 (pm25, 7:5)")
REFUSED(two_rows_on_one_register_are_refused, PROFILE, "address: 0, type: f32",
	"address: 2, type: u16", "8:44: address: u16 at 2 overlaps u16 at 2 (pm25, 7:5)")
REFUSED(a_wide_row_at_the_last_register_is_refused, PROFILE, "address: 0", "address: 65535",
	"7:45: address: f32 needs 2 registers, and 65535 is the last one")
REFUSED(an_address_above_65535_is_refused, PROFILE, "address: 0", "address: 65536",
	"7:45: address: 65536 is not a whole number of 0 to 65535")
REFUSED(a_function_that_writes_is_refused, PROFILE, "function: 3", "function: 6",
	"7:33: function: 6 is not a whole number of 3 to 4")
REFUSED(an_order_of_a_16_bit_type_is_refused, PROFILE, "type: u16", "type: u16, order: cdab",
	"8:65: order: u16 is one register and has no order of words; badc exchanges its bytes")
REFUSED(an_unknown_order_is_refused, PROFILE, "type: f32", "type: f32, order: acbd",
	"7:66: order: acbd is not one of abcd, cdab, badc, dcba")
REFUSED(an_unknown_type_is_refused, PROFILE, "type: f32", "type: f16",
	"7:54: type: f16 is not one of u16, s16, u32, s32, f32, u64, s64, f64")
REFUSED(particles_in_ppb_are_refused, PROFILE, "unit: ug/m3", "unit: ppb",
	"7:65: unit: ppb is for gases; pm25 is counted in ug/m3 or mg/m3")
REFUSED(a_scale_of_0_is_refused, PROFILE, "unit: ug/m3", "unit: ug/m3, scale: 0.0",
	"7:79: scale: 0 would make all values 0")
REFUSED(a_range_upside_down_is_refused, PROFILE, "[0, 1000]", "[1000, 0]",
	"7:79: range: the first value must be below the second")
REFUSED(a_range_of_three_values_is_refused, PROFILE, "[0, 1000]", "[0, 500, 1000]",
	"7:79: range: 3 items; allowed are 2 to 2")
REFUSED(a_sentinel_that_the_type_cannot_hold_is_refused, PROFILE, "[65535]", "[-1]",
	"8:98: sentinels: -1 is not a whole number of 0 to 65535, as u16 can hold")
REFUSED(a_sentinel_with_a_fraction_is_refused, PROFILE, "[65535]", "[0.5]",
	"8:98: sentinels: 0.5 is not a whole number of 0 to 65535, as u16 can hold")
REFUSED(a_hole_above_124_is_refused, PROFILE,
	"rows:", "max_hole: 125\nrows:", "6:11: max_hole: 125 is not a whole number of 0 to 124")
REFUSED(a_status_that_can_never_be_normal_is_refused, PROFILE, "normal: 1", "normal: 4",
	"9:53: normal: 4 has bits that mask 3 leaves out")
REFUSED(a_status_inside_a_row_is_refused, PROFILE, "address: 10", "address: 1",
	"9:32: address: register 1 is part of the row at 7:5")
REFUSED(an_unknown_key_names_the_nearest, PROFILE, "kind: profile\n", "kind: profile\nrow: []\n",
	"2:1: unknown key row; the nearest is rows (allowed: kind, id, maker, model, source, "
	"max_hole, rows, status, expect, alive, identity)")
REFUSED(all_mistakes_of_a_profile_are_told_at_once, PROFILE, "function: 3, address: 0, type: f32",
	"function: 5, tipe: f32", "7:5: required key address is missing",
	"7:5: required key type is missing", "7:33: function: 5 is not a whole number of 3 to 4",
	"7:36: unknown key tipe; the nearest is type (allowed: pollutant, function, address, type, "
	"order, bits, unit, scale, offset, range, sentinels, delivers, ready_minute, frozen_min, "
	"update_s, floor, "
	"jump, status, source)")

/* One word of a status, an expectation or a slice that is wrong. */
#define BESIDE "status: {function: 3, address: 10, mask: 3, normal: 1}"
REFUSED(a_bit_has_no_mask_no_type_and_no_order, PROFILE, BESIDE,
	"status: {function: 2, address: 10, type: u32, order: cdab, mask: 3, normal: 1}",
	"9:42: type: function 2 reads single bits, which have none",
	"9:54: order: function 2 reads single bits, which have none",
	"9:66: mask: function 2 reads single bits, which have none")
REFUSED(a_bit_is_0_or_1, PROFILE, BESIDE, "status: {function: 2, address: 10, normal: 2}",
	"9:44: normal: 2 is not a whole number of 0 to 1")
REFUSED(a_signed_status_has_no_mask, PROFILE, BESIDE,
	"status: {function: 3, address: 10, type: s16, mask: 3, normal: 1}",
	"9:53: mask: s16 has a sign; bits are those of u16 or u32")
REFUSED(a_mask_has_the_bits_of_its_type, PROFILE, BESIDE,
	"status: {function: 3, address: 10, mask: 65536, normal: 1}",
	"9:42: mask: 65536 is not a whole number of 1 to 65535")
REFUSED(every_status_of_a_list_is_looked_at, PROFILE, BESIDE,
	"status: [{function: 3, address: 10, normal: [1, 65536]}, {function: 5, address: 0, "
	"normal: 1}]",
	"9:49: normal: 65536 is not a whole number of 0 to 65535",
	"9:69: function: 5 is not a whole number of 1 to 4")
REFUSED(bounds_are_two_numbers_the_lower_first, PROFILE, BESIDE,
	"status: {function: 3, address: 10, normal: [[5, 1], [1, 2, 3]]}",
	"9:45: normal: the first value must not be above the second",
	"9:53: normal: a list of 3; from and to are two numbers")
REFUSED(more_good_values_than_there_is_room_for_are_refused, PROFILE, BESIDE,
	"status: {function: 3, address: 10, normal: [1, 2, 3, 4, 5]}",
	"9:44: normal: 5 items; allowed are 1 to 4")
REFUSED(a_mark_from_and_to_is_what_the_type_can_hold, PROFILE, "[65535]", "[[65000, 65536]]",
	"8:106: sentinels: 65536 is not a whole number of 0 to 65535, as u16 can hold")
REFUSED(a_slice_lies_within_its_type, PROFILE, "type: u16", "type: u16, bits: [9, 8]",
	"8:64: bits: 9 to 8; u16 has 0 to 15, the least significant first")
REFUSED(a_float_has_no_slices, PROFILE, "type: f32", "type: f32, bits: [0, 7]",
	"7:65: bits: only u16, s16, u32 and s32 are cut, f32 is not")
REFUSED(a_status_of_a_row_is_looked_at_too, PROFILE, "sentinels: [65535]",
	"status: {function: 3, address: 0, normal: 1}",
	"8:117: address: register 0 is part of the row at 7:5")
REFUSED(an_identity_that_is_a_text_is_ascii, PROFILE, BESIDE,
	"identity: {function: 3, address: 10, type: text, value: \xc3\xa9}",
	"9:57: value: only printable ASCII is compared")
REFUSED(a_text_ends_within_the_registers, PROFILE, BESIDE,
	"identity: {function: 3, address: 65535, type: text, value: SHARP}",
	"9:34: address: text needs 3 registers, and 65535 is the last one")
REFUSED(what_must_change_says_within_what_time, PROFILE, BESIDE,
	"alive: {function: 3, address: 10}", "9:8: required key within_min is missing")
REFUSED(an_expectation_has_a_value, PROFILE, BESIDE,
	"expect: [{function: 3, address: 10}, {function: 3, address: 11, type: u32, value: "
	"4294967296}]",
	"9:10: required key value is missing",
	"9:83: value: 4294967296 is not a whole number of 0 to 4294967295")

static TCase *refused_profiles(void)
{
	TCase *tcase = tcase_create("refused profiles");
	tcase_add_test(tcase, a_bit_has_no_mask_no_type_and_no_order);
	tcase_add_test(tcase, a_bit_is_0_or_1);
	tcase_add_test(tcase, a_signed_status_has_no_mask);
	tcase_add_test(tcase, a_mask_has_the_bits_of_its_type);
	tcase_add_test(tcase, every_status_of_a_list_is_looked_at);
	tcase_add_test(tcase, bounds_are_two_numbers_the_lower_first);
	tcase_add_test(tcase, more_good_values_than_there_is_room_for_are_refused);
	tcase_add_test(tcase, a_mark_from_and_to_is_what_the_type_can_hold);
	tcase_add_test(tcase, a_slice_lies_within_its_type);
	tcase_add_test(tcase, a_float_has_no_slices);
	tcase_add_test(tcase, a_status_of_a_row_is_looked_at_too);
	tcase_add_test(tcase, an_identity_that_is_a_text_is_ascii);
	tcase_add_test(tcase, a_text_ends_within_the_registers);
	tcase_add_test(tcase, what_must_change_says_within_what_time);
	tcase_add_test(tcase, an_expectation_has_a_value);
	tcase_add_test(tcase, an_unknown_pollutant_is_refused);
	tcase_add_test(tcase, a_unit_of_another_quantity_is_refused);
	tcase_add_test(tcase, a_pollutant_with_two_rows_is_refused);
	tcase_add_test(tcase, rows_that_overlap_are_refused);
	tcase_add_test(tcase, two_rows_on_one_register_are_refused);
	tcase_add_test(tcase, a_wide_row_at_the_last_register_is_refused);
	tcase_add_test(tcase, an_address_above_65535_is_refused);
	tcase_add_test(tcase, a_function_that_writes_is_refused);
	tcase_add_test(tcase, an_order_of_a_16_bit_type_is_refused);
	tcase_add_test(tcase, an_unknown_order_is_refused);
	tcase_add_test(tcase, an_unknown_type_is_refused);
	tcase_add_test(tcase, particles_in_ppb_are_refused);
	tcase_add_test(tcase, a_scale_of_0_is_refused);
	tcase_add_test(tcase, a_range_upside_down_is_refused);
	tcase_add_test(tcase, a_range_of_three_values_is_refused);
	tcase_add_test(tcase, a_sentinel_that_the_type_cannot_hold_is_refused);
	tcase_add_test(tcase, a_sentinel_with_a_fraction_is_refused);
	tcase_add_test(tcase, a_hole_above_124_is_refused);
	tcase_add_test(tcase, a_status_that_can_never_be_normal_is_refused);
	tcase_add_test(tcase, a_status_inside_a_row_is_refused);
	tcase_add_test(tcase, an_unknown_key_names_the_nearest);
	tcase_add_test(tcase, all_mistakes_of_a_profile_are_told_at_once);
	tcase_add_checked_fixture(tcase, NULL, forget);
	return tcase;
}
