/* SPDX-License-Identifier: MIT */
/* What people read: the text of 4.2 in both languages, reasons that are what happened, one style.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cap.h"
#include "hetang.h"
#include "payload.h"
#include "station.h"
#include "text.h"
#include "text_reason.h"
#include "unit.h"

#define H INT64_C(384430) /* 2013-11-09 06:00 +08:00 */
#define NOW (H * HOUR_MS)
#define MIDNIGHT (H - 6) /* 2013-11-09 00:00 +08:00 */

static struct conf *conf;
static struct advice advice;
static struct verdict verdict;
static struct timetable timetable;
static struct binding binding;
static struct word_details details[2];
static struct advice_report report;
static struct told told;
static char text[TEXT_MAX];

static void begin(const char *plan)
{
	conf = station_conf("hj633-2026", plan, "");
	conf->station.district_zh = "荷塘区";
	conf->station.district_en = "Hetang District";
	advice = (struct advice){.last_hour = H, .evidence = {.onset = MIDNIGHT, .run_max = 190}};
	memset(&verdict, 0, sizeof(verdict));
	verdict.hour = H;
	memset(&timetable, 0, sizeof(timetable));
	memset(&binding, 0, sizeof(binding));
	memset(&told, 0, sizeof(told));
	details[0] = (struct word_details){.number = 7, .area = "荷塘区、芦淞区"};
	details[1] = (struct word_details){.number = 8};
	report = (struct advice_report){.advice = &advice,
					.verdict = &verdict,
					.timetable = &timetable,
					.binding = &binding,
					.n_details = 2,
					.details = details,
					.now_ms = NOW,
					.without_dust = LEVEL_UNKNOWN};
}

static void end(void)
{
	conf = conf_free(conf);
}

static struct timetable_entry entry_of(int64_t number, int level)
{
	return (struct timetable_entry){.number = number,
					.level = level,
					.start_ms = MIDNIGHT * HOUR_MS,
					.effective_ms = MIDNIGHT * HOUR_MS,
					.turn = number};
}

static void order(int level)
{
	timetable.n_begun = 1;
	timetable.begun[0] = entry_of(7, level);
}

static const char *event_text(enum event_kind kind, int level, int previous, bool zh)
{
	const struct event event = {.kind = kind,
				    .level = level,
				    .previous = previous,
				    .hour = MIDNIGHT,
				    .reason = REASON_OBSERVED,
				    .behind_h = 36,
				    .undecided = 1u << LEVEL_ORANGE | 1u << LEVEL_RED,
				    .onset_ms = MIDNIGHT * HOUR_MS};
	text_event(conf, &event, &report, zh ? TEXT_ZH : TEXT_EN, text);
	return text;
}

static const char *told_text(enum event_kind kind, int64_t number, int level, int previous, bool zh)
{
	const struct event event = {.kind = kind, .about = ABOUT_DIRECTIVE, .told = &told};
	told = (struct told){.kind = kind,
			     .level = level,
			     .previous = previous,
			     .entry = entry_of(number, level)};
	text_event(conf, &event, &report, zh ? TEXT_ZH : TEXT_EN, text);
	return text;
}

static const char *standing(bool zh)
{
	text_advice(conf, &report, zh ? TEXT_ZH : TEXT_EN, text);
	return text;
}

static void assert_has(const char *said, const char *part)
{
	ck_assert_msg(strstr(said, part) != NULL, "no \"%s\" in: %.3000s", part, said);
}

static void assert_lacks(const char *said, const char *part)
{
	ck_assert_msg(strstr(said, part) == NULL, "\"%s\" in: %.3000s", part, said);
}

/* ---- 4.2: level, start, area, main measures, who approves ---- */

#define WATERED_ZH "重点道路每日洒水不少于 5 次"
#define WATERED_EN "Key roads are watered at least 5 times a day"
#define EXEMPT_ZH "（应急抢险、区重点工程、特殊工艺除外）"

static void assert_orange_zh(const char *said, const char *area)
{
	assert_has(said, "橙色预警（Ⅱ级响应）");
	assert_has(said, "2013年11月9日0时");
	assert_has(said, area);
	assert_has(said, "主要措施：");
	assert_has(said, WATERED_ZH);
	assert_has(said, EXEMPT_ZH);
	assert_has(said, "须由指挥长批准。");
	assert_lacks(said, "倡导"); /* what is only advised is no main measure */
}

static void assert_orange_en(const char *said, const char *area)
{
	assert_has(said, "orange (response II)");
	assert_has(said, "2013-11-09 00:00");
	assert_has(said, area);
	assert_has(said, WATERED_EN);
	assert_has(said, "emergency repair");
	assert_has(said, "Needs approval: commander.");
}

START_TEST(an_advice_says_level_start_area_measures_and_who_approves)
{
	static const enum event_kind kinds[] = {EVENT_ISSUE, EVENT_UPGRADE, EVENT_DOWNGRADE,
						EVENT_AMENDED};
	begin("hetang-2024");
	advice.held = 1u << LEVEL_ORANGE;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		int previous = kinds[i] == EVENT_DOWNGRADE ? LEVEL_RED : LEVEL_YELLOW;
		assert_orange_zh(event_text(kinds[i], LEVEL_ORANGE, previous, true),
				 "，区域：荷塘区。");
		assert_orange_en(event_text(kinds[i], LEVEL_ORANGE, previous, false),
				 ", area: Hetang District. ");
	}
	assert_orange_zh(standing(true), "，区域：荷塘区。");
	assert_orange_en(standing(false), ", area: Hetang District. ");
	end();
}
END_TEST

START_TEST(a_directive_says_them_too_with_its_own_area_or_the_district)
{
	static const enum event_kind kinds[] = {EVENT_ISSUE, EVENT_DOWNGRADE, EVENT_AMENDED,
						EVENT_ANNOUNCED};
	begin("hetang-2024");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		assert_orange_zh(told_text(kinds[i], 7, LEVEL_ORANGE, LEVEL_RED, true),
				 "，区域：荷塘区、芦淞区");
		assert_orange_en(told_text(kinds[i], 8, LEVEL_ORANGE, LEVEL_RED, false),
				 ", area: Hetang District");
	}
	order(LEVEL_ORANGE);
	assert_orange_zh(standing(true), "，区域：荷塘区、芦淞区");
	assert_orange_en(standing(false), ", area: 荷塘区、芦淞区");
	end();
}
END_TEST

START_TEST(a_cap_alert_says_them_too)
{
	begin("hetang-2024");
	order(LEVEL_ORANGE);
	struct alert_message message = {
		.topic = ALERT_ON_DIRECTIVE,
		.type = ALERT_NEW,
		.alert = {.subject = 7, .level = LEVEL_ORANGE, .next_level = -1}};
	struct cap_alert alert = {.message = &message,
				  .report = &report,
				  .entry = &timetable.begun[0],
				  .details = &details[0]};
	text_alert(conf, &alert, TEXT_ZH, text);
	assert_orange_zh(text, "，区域：荷塘区、芦淞区");
	text_alert(conf, &alert, TEXT_EN, text);
	assert_orange_en(text, ", area: 荷塘区、芦淞区");
	message.topic = ALERT_ON_ADVICE;
	advice.held = 1u << LEVEL_ORANGE;
	timetable.n_begun = 0;
	text_alert(conf, &alert, TEXT_ZH, text);
	assert_orange_zh(text, "，区域：荷塘区。");
	end();
}
END_TEST

START_TEST(a_lift_names_the_area_lifted_and_that_the_plan_names_no_approver)
{
	begin("hetang-2024");
	timetable.n_begun = 2;
	timetable.begun[0] = entry_of(7, LEVEL_RED);
	timetable.begun[1] = entry_of(8, LEVEL_NONE);
	assert_has(told_text(EVENT_LIFT, 8, LEVEL_NONE, LEVEL_RED, true),
		   "解除红色预警（Ⅰ级响应），自2013年11月9日0时起，区域：荷塘区、芦淞区。"
		   "解除的批准权限：预案未规定。");
	assert_has(told_text(EVENT_LIFT, 8, LEVEL_NONE, LEVEL_RED, false),
		   "area: 荷塘区、芦淞区. Who approves a lift: not laid down by the plan. ");
	assert_lacks(text, "Main measures");
	assert_has(event_text(EVENT_LIFT, LEVEL_NONE, LEVEL_RED, true),
		   "，区域：荷塘区。解除的批准权限：预案未规定。");
	conf->plan.levels[LEVEL_NONE].approver_zh = "指挥长";
	conf->plan.levels[LEVEL_NONE].approver_en = "commander";
	assert_has(event_text(EVENT_LIFT, LEVEL_NONE, LEVEL_RED, true), "解除须由指挥长批准。");
	assert_has(event_text(EVENT_LIFT, LEVEL_NONE, LEVEL_RED, false),
		   "The lift needs approval: commander.");
	end();
}
END_TEST

START_TEST(a_downgrade_needs_the_approval_of_the_new_level)
{
	begin("hetang-2024");
	assert_has(event_text(EVENT_DOWNGRADE, LEVEL_YELLOW, LEVEL_RED, true),
		   "须由副指挥长批准。");
	assert_has(told_text(EVENT_DOWNGRADE, 7, LEVEL_YELLOW, LEVEL_RED, false),
		   "Needs approval: deputy commander.");
	end();
}
END_TEST

START_TEST(what_an_advice_of_the_same_level_brings_is_not_said_twice)
{
	begin("hetang-2024");
	order(LEVEL_ORANGE);
	advice.held = 1u << LEVEL_ORANGE;
	const char *first = strstr(standing(true), "主要措施：");
	ck_assert_ptr_nonnull(first);
	assert_lacks(first + 1, "主要措施：");
	assert_has(first, "减排比例和主要措施同上。须由指挥长批准。");
	advice.held |= 1u << LEVEL_RED;
	first = strstr(standing(true), "主要措施：");
	assert_has(first + 1, "主要措施：");
	end();
}
END_TEST

START_TEST(a_text_that_lost_its_measures_points_at_none_above)
{
	begin("hetang-2024");
	order(LEVEL_ORANGE);
	advice.held = 1u << LEVEL_ORANGE;
	for (int language = 0; language < 2; language++) {
		standing(language == 0);
		ck_assert(text_cut_measures(text));
		assert_lacks(text, "主要措施");
		assert_lacks(text, "同上");
		assert_lacks(text, "Main measures");
		assert_lacks(text, "as above");
		assert_has(text, language == 0 ? "SO2 20%" : "SO2 20 %");
		assert_has(text, language == 0 ? "须由指挥长批准。" : "Needs approval");
	}
	end();
}
END_TEST

START_TEST(one_that_is_released_does_not_wait_for_an_approval)
{
	begin("hetang-2024");
	order(LEVEL_ORANGE);
	assert_has(standing(true), "须由指挥长批准。市指令已收到，待区指挥中心签发。");
	timetable.begun[0].released = true;
	assert_has(standing(true), "区指挥中心已签发。");
	assert_lacks(text, "批准");
	assert_has(standing(false), "Signed for release by the district command centre.");
	assert_lacks(text, "Needs approval");
	end();
}
END_TEST

START_TEST(a_warning_that_is_overdue_still_says_what_is_to_be_done)
{
	begin("hetang-2024");
	assert_orange_zh(told_text(EVENT_OVERDUE, 7, LEVEL_ORANGE, LEVEL_ORANGE, true), "荷塘区");
	assert_orange_en(told_text(EVENT_OVERDUE, 7, LEVEL_ORANGE, LEVEL_ORANGE, false), "area: ");
	end();
}
END_TEST

START_TEST(what_a_plan_does_not_say_is_left_out)
{
	begin("mee-2024");
	advice.held = 1u << 1;
	standing(true);
	assert_lacks(text, "须由");
	assert_lacks(text, "主要措施");
	assert_has(text, "，区域：荷塘区。");
	end();
}
END_TEST

START_TEST(a_line_of_the_log_has_no_list_of_measures)
{
	const struct event event = {.kind = EVENT_ISSUE, .level = LEVEL_RED};
	begin("hetang-2024");
	for (int language = TEXT_ZH; language <= TEXT_EN; language++) {
		text_event_brief(conf, &event, &report, (enum text_language)language, text);
		ck_assert_uint_lt(strlen(text), 1000);
		assert_has(text, language == TEXT_ZH ? "须由指挥长批准" : "commander");
	}
	end();
}
END_TEST

/* ---- who speaks ---- */

START_TEST(a_regional_directive_leads_and_the_hours_of_this_station_do_not_meet_it)
{
	begin("hetang-2024");
	order(LEVEL_ORANGE);
	details[0].regional = true;
	verdict.n_levels = LEVEL_RED;
	standing(true);
	const char *ordered = strstr(text, "现行指令：橙色预警"),
		   *own = strstr(text, "属区域应急联动，本站小时数据未达到该级别的预警条件。"),
		   *advised = strstr(text, "目前不建议发布预警。");
	ck_assert(ordered && own && advised && ordered < own && own < advised);
	standing(false);
	ordered = strstr(text, "In force by directive: orange");
	own = strstr(text, "this station's hours do not meet a condition of that level.");
	advised = strstr(text, "No warning is advised");
	ck_assert(ordered && own && advised && ordered < own && own < advised);
	assert_has(told_text(EVENT_ISSUE, 7, LEVEL_ORANGE, LEVEL_NONE, true), "未达到该级别");
	/* nothing is claimed that the hours do not decide, or that they meet */
	verdict.levels[LEVEL_ORANGE].met = TRUTH_UNKNOWN;
	assert_has(standing(true), "本站数据不足以判定是否达到该级别");
	advice.held = 1u << LEVEL_ORANGE;
	assert_lacks(standing(true), "属区域应急联动");
	details[0].regional = false;
	assert_lacks(told_text(EVENT_ISSUE, 7, LEVEL_ORANGE, LEVEL_NONE, true), "属区域应急联动");
	end();
}
END_TEST

/* ---- reasons ---- */

START_TEST(a_correction_compares_with_the_advice_as_it_stands)
{
	static const struct {
		int level, revised;
		int64_t from;
		const char *zh, *en;
	} cases[] = {
		{LEVEL_NONE, LEVEL_NONE, 0, "小时数据已更正，结论不变；已发建议保持：无预警。",
		 "the advice would be the same; as advised: none."},
		{LEVEL_YELLOW, LEVEL_RED, MIDNIGHT,
		 "按更正后数据自2013年11月9日0时起结论不同，按现有数据和规则现应为红色预警"
		 "（Ⅰ级响应）；已发建议保持：黄色预警",
		 "from 2013-11-09 00:00 on the advice would have differed; by the hours and rules "
		 "of now it would be: red (response I); as advised: yellow (response III)."},
		/* the rules say red now, whatever the hours did */
		{LEVEL_NONE, LEVEL_RED, 0,
		 "小时数据已更正，按现有数据和规则现应为红色预警（Ⅰ级响应）；已发建议保持：无预警"
		 "。",
		 "it would be: red (response I); as advised: none."},
		/* after a restore */
		{LEVEL_YELLOW, LEVEL_YELLOW, MIDNIGHT,
		 "起结论不同，目前结论与已发建议一致：黄色预警（Ⅲ级响应）。",
		 "would have differed; now it would be the same as advised: yellow (response "
		 "III)."},
	};
	begin("hetang-2024");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct event event = {.kind = EVENT_CORRECTION,
					    .level = cases[i].level,
					    .previous = cases[i].level,
					    .revised = cases[i].revised,
					    .revised_from = cases[i].from};
		text_event(conf, &event, &report, TEXT_ZH, text);
		assert_has(text, cases[i].zh);
		text_event(conf, &event, &report, TEXT_EN, text);
		assert_has(text, cases[i].en);
	}
	end();
}
END_TEST

START_TEST(a_hold_says_which_level_cannot_be_decided_and_for_want_of_what)
{
	begin("hetang-2024");
	advice.held = 1u << LEVEL_YELLOW;
	advice.hold_reason = REASON_INSUFFICIENT_DATA;
	advice.undecided = 1u << LEVEL_ORANGE | 1u << LEVEL_RED;
	assert_has(standing(true),
		   "细颗粒物（PM2.5）、可吸入颗粒物（PM10）有效数据不足，无法判定橙色、红色预警，"
		   "结论保持。");
	assert_has(standing(false), "Insufficient valid data of PM2.5, PM10; undecided: orange, ");
	verdict.waits_for_forecast = true;
	assert_has(standing(false), "The forecast is too old; undecided: orange, red; ");
	advice.hold_reason = REASON_BEYOND_HORIZON;
	assert_has(standing(true), "预报时段末端仍有污染，其后情况未知，结论保持。");
	end();
}
END_TEST

START_TEST(before_its_first_hour_a_station_cannot_tell_yet)
{
	begin("hetang-2024");
	verdict.hour = 0;
	assert_has(standing(true), "目前尚不能判定是否需要预警。");
	assert_lacks(text, "不建议发布预警");
	assert_has(standing(false), "It cannot be told yet");
	verdict.hour = H;
	assert_has(standing(true), "目前不建议发布预警。");
	end();
}
END_TEST

START_TEST(a_short_spell_in_words_and_the_highest_daily_aqi_do_not_contradict)
{
	struct evidence evidence = {.basis = BASIS_FORECAST_AQI,
				    .run_max = 190,
				    .parts = {{.hours = 72}, {.said = true}}};
	begin("hetang-2024");
	text_reason(conf, LEVEL_YELLOW, &evidence, TEXT_ZH, text);
	ck_assert_str_eq(text,
			 "日AQI大于150将持续72小时，其间预计有短时实时AQI大于200，日AQI最高190。");
	text_reason(conf, LEVEL_YELLOW, &evidence, TEXT_EN, text);
	ck_assert_str_eq(text, "daily AQI above 150 for 72 h, a short spell above 200 expected in "
			       "it; highest daily AQI 190.");
	end();
}
END_TEST

START_TEST(rules_changed_says_from_what_to_what)
{
	struct rules_change rules = {.plan_before = "old-plan",
				     .plan = "hetang-2024",
				     .edition_before = "hj633-2012",
				     .edition = "hj633-2026",
				     .sum_before = 0xabc,
				     .sum = 0xdef};
	struct event event = {.kind = EVENT_RULES_CHANGED, .level = LEVEL_YELLOW, .rules = &rules};
	begin("hetang-2024");
	text_event(conf, &event, &report, TEXT_ZH, text);
	assert_has(text, "预案由old-plan改为hetang-2024，AQI标准版本由hj633-2012改为hj633-2026；"
			 "建议保持黄色预警");
	rules.plan_same = true;
	text_event(conf, &event, &report, TEXT_EN, text);
	assert_has(text, ": AQI edition from hj633-2012 to hj633-2026; advice stays: yellow");
	assert_lacks(text, "old-plan");
	rules.edition_same = true;
	text_event(conf, &event, &report, TEXT_EN, text);
	assert_has(text, "under their names (checksum from 00000abc to 00000def)");
	end();
}
END_TEST

/* ---- wording ---- */

START_TEST(midnight_is_24_o_clock_as_an_end_and_0_o_clock_as_a_start)
{
	begin("hetang-2024");
	order(LEVEL_YELLOW);
	timetable.begun[0].planned_end_ms = MIDNIGHT * HOUR_MS;
	assert_has(standing(true), "自2013年11月9日0时起，计划至2013年11月8日24时");
	assert_has(standing(false), "since 2013-11-09 00:00, planned until 2013-11-08 24:00");
	const struct event dust = {.dust_from = MIDNIGHT + 1, .dust_to = MIDNIGHT + 24};
	text_dust(&dust, TEXT_ZH, text);
	assert_has(text, "2013年11月9日0时至2013年11月9日24时");
	end();
}
END_TEST

START_TEST(a_held_none_stays_no_warning)
{
	begin("hetang-2024");
	const struct event event = {.kind = EVENT_HOLD,
				    .reason = REASON_INSUFFICIENT_DATA,
				    .undecided = 1u << LEVEL_YELLOW};
	text_event(conf, &event, &report, TEXT_ZH, text);
	assert_has(text, "有效数据不足，无法判定黄色预警；维持不发布预警。");
	assert_lacks(text, "保持无预警");
	end();
}
END_TEST

/* Particles by name, dates in one style, the centre in full, in whatever is said in Chinese. */
static void assert_wording(const char *said)
{
	assert_lacks(said, "PM ");
	assert_lacks(said, "PM、");
	assert_lacks(said, "2013-");
	for (const char *at = said; (at = strstr(at, "指挥中心指令")) != NULL; at++)
		ck_assert_msg(at - said >= 3 && memcmp(at - 3, "市", 3) == 0, "%s", said);
}

START_TEST(chinese_sentences_keep_to_one_wording)
{
	begin("hetang-2024");
	advice.held = 1u << LEVEL_RED;
	for (int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		assert_wording(event_text((enum event_kind)kind, LEVEL_RED, LEVEL_ORANGE, true));
		assert_wording(told_text((enum event_kind)kind, 7, LEVEL_RED, LEVEL_ORANGE, true));
	}
	order(LEVEL_RED);
	timetable.begun[0].overdue = true;
	timetable.begun[0].planned_end_ms = NOW;
	assert_wording(standing(true));
	assert_has(text, "颗粒物 30%");
	assert_has(text, "以市指挥中心指令为准。");
	end();
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("texts");
	TCase *tc = tcase_create("texts");
	tcase_add_test(tc, an_advice_says_level_start_area_measures_and_who_approves);
	tcase_add_test(tc, a_directive_says_them_too_with_its_own_area_or_the_district);
	tcase_add_test(tc, a_cap_alert_says_them_too);
	tcase_add_test(tc, a_lift_names_the_area_lifted_and_that_the_plan_names_no_approver);
	tcase_add_test(tc, a_downgrade_needs_the_approval_of_the_new_level);
	tcase_add_test(tc, what_an_advice_of_the_same_level_brings_is_not_said_twice);
	tcase_add_test(tc, a_text_that_lost_its_measures_points_at_none_above);
	tcase_add_test(tc, one_that_is_released_does_not_wait_for_an_approval);
	tcase_add_test(tc, a_warning_that_is_overdue_still_says_what_is_to_be_done);
	tcase_add_test(tc, what_a_plan_does_not_say_is_left_out);
	tcase_add_test(tc, a_line_of_the_log_has_no_list_of_measures);
	tcase_add_test(tc, a_regional_directive_leads_and_the_hours_of_this_station_do_not_meet_it);
	tcase_add_test(tc, a_correction_compares_with_the_advice_as_it_stands);
	tcase_add_test(tc, a_hold_says_which_level_cannot_be_decided_and_for_want_of_what);
	tcase_add_test(tc, before_its_first_hour_a_station_cannot_tell_yet);
	tcase_add_test(tc, a_short_spell_in_words_and_the_highest_daily_aqi_do_not_contradict);
	tcase_add_test(tc, rules_changed_says_from_what_to_what);
	tcase_add_test(tc, midnight_is_24_o_clock_as_an_end_and_0_o_clock_as_a_start);
	tcase_add_test(tc, a_held_none_stays_no_warning);
	tcase_add_test(tc, chinese_sentences_keep_to_one_wording);
	suite_add_tcase(suite, tc);
	return suite;
}
