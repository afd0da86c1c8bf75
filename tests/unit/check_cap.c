/* SPDX-License-Identifier: MIT */
#include "cap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hetang.h"
#include "station.h"
#include "text.h"
#include "unit.h"

#define H INT64_C(384430) /* 2013-11-08 22:00 UTC = 06:00 +08:00 */
#define NOW (H * HOUR_MS)
#define DAY_MS (24 * HOUR_MS)

static struct conf *conf;
static struct payload_head head;
static struct advice advice;
static struct verdict verdict;
static struct timetable timetable;
static struct binding binding;
static struct advice_report report;
static struct alert_message message;
static struct timetable_entry entry;
static struct word_details details;
static struct alert_name before[2];
static struct cap_alert alert;
static char *document;

/* An orange directive in force since an hour, not released, as an Alert. */
static void begin(const char *more)
{
	conf = station_conf("hj633-2026", "hetang-2024", more);
	head = (struct payload_head){.conf = conf, .id = "u-7", .seq = 7, .time_ms = NOW};
	memset(&advice, 0, sizeof(advice));
	memset(&verdict, 0, sizeof(verdict));
	memset(&timetable, 0, sizeof(timetable));
	entry = (struct timetable_entry){.number = 7,
					 .level = LEVEL_ORANGE,
					 .start_ms = NOW - 3 * HOUR_MS,
					 .said_ms = NOW - HOUR_MS,
					 .turn = 1,
					 .effective_ms = NOW - HOUR_MS,
					 .id = "city-7",
					 .document = "株〔2026〕7号"};
	details = (struct word_details){.number = 7};
	message = (struct alert_message){.topic = ALERT_ON_DIRECTIVE,
					 .type = ALERT_NEW,
					 .alert = {.key = 1,
						   .subject = 7,
						   .level = LEVEL_ORANGE,
						   .sent_ms = NOW,
						   .onset_ms = NOW - HOUR_MS,
						   .expires_ms = NOW + DAY_MS,
						   .next_level = -1}};
	before[0] = (struct alert_name){.identifier = "u-3", .sent = "2013-11-08T20:00:00+08:00"};
	before[1] = (struct alert_name){.identifier = "u-5", .sent = "2013-11-09T05:00:00+08:00"};
	report = (struct advice_report){.advice = &advice,
					.verdict = &verdict,
					.timetable = &timetable,
					.binding = &binding,
					.n_details = 1,
					.details = &details,
					.now_ms = NOW};
	alert = (struct cap_alert){.message = &message,
				   .report = &report,
				   .entry = &entry,
				   .details = &details,
				   .before = before,
				   .daily_aqi = -1};
}

static void end(void)
{
	free(document);
	document = NULL;
	conf = conf_free(conf);
}

static const char *write_alert(void)
{
	free(document);
	document = cap_write(&head, &alert);
	ck_assert_ptr_nonnull(document);
	return document;
}

/* The text of the nth element of a name; "absent". */
static const char *text_of(const char *name, int nth)
{
	static char out[4][TEXT_MAX], open[64];
	static int turn;
	char *text = out[turn = (turn + 1) % 4];
	const char *at = document;
	snprintf(open, sizeof(open), "<%s>", name);
	for (int i = 0; (at = strstr(at, open)) != NULL; i++) {
		at += strlen(open);
		if (i < nth)
			continue;
		snprintf(text, TEXT_MAX, "%.*s", (int)strcspn(at, "<"), at);
		return text;
	}
	return "absent";
}

static const char *parameter(const char *key)
{
	static char out[256], open[128];
	snprintf(open, sizeof(open), "<valueName>%s</valueName>\n<value>", key);
	const char *at = strstr(document, open);
	if (!at)
		return "absent";
	at += strlen(open);
	snprintf(out, sizeof(out), "%.*s", (int)strcspn(at, "<"), at);
	return out;
}

static void assert_has(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in: %.400s", part, text);
}

static void assert_lacks(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) == NULL, "\"%s\" in: %.400s", part, text);
}

/* ---- the whole document ---- */

static const char expected[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n"
	"<identifier>u-7</identifier>\n"
	"<sender>hazewatch.430202.test-01</sender>\n"
	"<sent>2013-11-09T06:00:00+08:00</sent>\n"
	"<status>Actual</status>\n"
	"<msgType>Update</msgType>\n"
	"<scope>Public</scope>\n"
	"<references>hazewatch.430202.test-01,u-3,2013-11-08T20:00:00+08:00 "
	"hazewatch.430202.test-01,u-5,2013-11-09T05:00:00+08:00</references>\n"
	"<info>\n"
	"<language>zh-CN</language>\n"
	"<category>Env</category>\n"
	"<category>Health</category>\n"
	"<event>重污染天气橙色预警</event>\n"
	"<responseType>Execute</responseType>\n"
	"<urgency>Immediate</urgency>\n"
	"<severity>Severe</severity>\n"
	"<certainty>Unknown</certainty>\n"
	"<eventCode>\n<valueName>city</valueName>\n<value>11B01</value>\n</eventCode>\n"
	"<onset>2013-11-09T05:00:00+08:00</onset>\n"
	"<expires>2013-11-10T06:00:00+08:00</expires>\n"
	"<senderName>测试站</senderName>\n"
	"<headline>重污染天气橙色预警（Ⅱ级响应）</headline>\n"
	"<description>测试站预警指令：橙色预警（Ⅱ级响应），自2013年11月9日5时起生效"
	"（指令所定时间2013年11月9日3时），区域：区划430202，文号：株〔2026〕7号。"
	"减排比例不低于：SO2 20%、NOx 20%、颗粒物 20%、VOCs 20%。主要措施：";

static const char expected_tail[] =
	"<parameter>\n<valueName>plan</valueName>\n<value>hetang-2024</value>\n</parameter>\n"
	"<parameter>\n<valueName>edition</valueName>\n<value>hj633-2026</value>\n</parameter>\n"
	"<parameter>\n<valueName>authority</valueName>\n<value>directive</value>\n</parameter>\n"
	"<parameter>\n<valueName>level</valueName>\n<value>orange</value>\n</parameter>\n"
	"<parameter>\n<valueName>rank</valueName>\n<value>2</value>\n</parameter>\n"
	"<parameter>\n<valueName>response</valueName>\n<value>II</value>\n</parameter>\n"
	"<parameter>\n<valueName>min_cut_pct_so2</valueName>\n<value>20</value>\n</parameter>\n"
	"<parameter>\n<valueName>min_cut_pct_nox</valueName>\n<value>20</value>\n</parameter>\n"
	"<parameter>\n<valueName>min_cut_pct_pm</valueName>\n<value>20</value>\n</parameter>\n"
	"<parameter>\n<valueName>min_cut_pct_vocs</valueName>\n<value>20</value>\n</parameter>\n"
	"<parameter>\n<valueName>released</valueName>\n<value>yes</value>\n</parameter>\n"
	"<parameter>\n<valueName>directive</valueName>\n<value>city-7</value>\n</parameter>\n"
	"<parameter>\n<valueName>document</valueName>\n<value>株〔2026〕7号</value>\n</parameter>\n"
	"<parameter>\n<valueName>start</valueName>\n"
	"<value>2013-11-09T03:00:00+08:00</value>\n</parameter>\n"
	"<area>\n"
	"<areaDesc>测试站所在地（区划430202）</areaDesc>\n"
	"<geocode>\n<valueName>GB/T 2260</valueName>\n<value>430202</value>\n</geocode>\n"
	"</area>\n"
	"</info>\n"
	"<info>\n"
	"<language>en</language>\n";

START_TEST(each_element_stands_in_the_order_of_the_standard_with_its_value)
{
	begin("mqtt: {host: h, cap: {code_name: city, code: 11B01}}\n");
	entry.released = message.alert.is_public = message.alert.released = true;
	message.type = ALERT_UPDATE;
	alert.n_before = 2;
	write_alert();
	ck_assert_str_eq(text_of("responseType", 1), "Execute");
	char *measures = strstr(document, "主要措施：") + strlen("主要措施：");
	char *tail = strstr(document, "</instruction>\n");
	ck_assert_ptr_nonnull(tail);
	const char kept = *measures;
	*measures = '\0';
	ck_assert_str_eq(document, expected);
	*measures = kept;
	assert_has(document, "。区指挥中心已签发。</description>\n<instruction>");
	assert_lacks(document, "批准");
	assert_lacks(document, "Needs approval");
	tail += strlen("</instruction>\n");
	tail[sizeof(expected_tail) - 1] = '\0';
	ck_assert_str_eq(tail, expected_tail);
	end();
}
END_TEST

/* ---- who may know ---- */

START_TEST(a_directive_nobody_released_is_restricted_and_asks_to_prepare)
{
	begin("");
	write_alert();
	ck_assert_str_eq(text_of("status", 0), "Actual");
	ck_assert_str_eq(text_of("msgType", 0), "Alert");
	ck_assert_str_eq(text_of("scope", 0), "Restricted");
	assert_has(text_of("restriction", 0), "待区指挥中心签发");
	assert_has(text_of("restriction", 0), "not for the public");
	ck_assert_str_eq(text_of("references", 0), "absent");
	ck_assert_str_eq(text_of("note", 0), "absent");
	for (int language = 0; language < 2; language++)
		ck_assert_str_eq(text_of("responseType", language), "Prepare");
	ck_assert_str_eq(parameter("released"), "not yet");
	ck_assert_str_eq(text_of("headline", 0),
			 "重污染天气橙色预警（Ⅱ级响应）（待区指挥中心签发）");
	assert_has(text_of("description", 0), "市指令已收到，待区指挥中心签发。");
	assert_has(text_of("description", 1), "signed for release by the district command centre.");
	assert_has(text_of("instruction", 0), "待区指挥中心签发后执行：");
	end();
}
END_TEST

START_TEST(a_public_alert_that_is_lowered_stays_public_and_says_not_yet_released)
{
	begin("");
	message.alert.is_public = true;
	message.alert.level = entry.level = LEVEL_YELLOW;
	write_alert();
	ck_assert_str_eq(text_of("scope", 0), "Public");
	ck_assert_str_eq(text_of("restriction", 0), "absent");
	ck_assert_str_eq(text_of("responseType", 0), "Execute");
	ck_assert_str_eq(parameter("released"), "not yet");
	assert_has(text_of("headline", 1), "not yet signed for release");
	end();
}
END_TEST

START_TEST(an_exercise_is_an_exercise_whoever_speaks)
{
	begin("exercise: true\n");
	for (int topic = 0; topic < ALERT_TOPIC_COUNT; topic++) {
		message.topic = (enum alert_topic)topic;
		write_alert();
		ck_assert_str_eq(text_of("status", 0), "Exercise");
		ck_assert_str_eq(text_of("note", 0), "演练 / exercise");
		for (int language = 0; language < 2; language++) {
			ck_assert_int_eq(strncmp(text_of("headline", language), "【演练】", 12), 0);
			ck_assert_int_eq(strncmp(text_of("description", language), "【演练】", 12),
					 0);
		}
	}
	end();
}
END_TEST

START_TEST(the_advice_is_a_restricted_draft_that_instructs_nobody)
{
	begin("");
	message.topic = ALERT_ON_ADVICE;
	advice.held = 1u << LEVEL_ORANGE;
	advice.evidence.basis = BASIS_OBSERVED;
	alert.entry = NULL;
	alert.details = NULL;
	alert.daily_aqi = 231;
	write_alert();
	ck_assert_str_eq(text_of("status", 0), "Draft");
	ck_assert_str_eq(text_of("scope", 0), "Restricted");
	assert_has(text_of("restriction", 0), "不得作为预警发布");
	ck_assert_str_eq(text_of("responseType", 0), "Monitor");
	ck_assert_str_eq(text_of("certainty", 0), "Observed");
	ck_assert_str_eq(text_of("instruction", 0), "absent");
	ck_assert_str_eq(text_of("headline", 0), "重污染天气橙色预警（Ⅱ级响应）建议（非预警）");
	ck_assert_str_eq(parameter("authority"), "advice");
	ck_assert_str_eq(parameter("daily_aqi"), "231");
	ck_assert_str_eq(parameter("released"), "absent");
	ck_assert_str_eq(text_of("valueName", 0), "plan");
	assert_has(document, "<geocode>");
	advice.evidence.basis = BASIS_FORECAST;
	write_alert();
	ck_assert_str_eq(text_of("certainty", 0), "Likely");
	end();
}
END_TEST

/* ---- when ---- */

START_TEST(urgency_follows_how_far_the_onset_lies_ahead)
{
	static const struct {
		int64_t ahead_ms;
		const char *urgency;
	} cases[] = {{-HOUR_MS, "Immediate"},
		     {0, "Immediate"},
		     {1000, "Expected"},
		     {HOUR_MS, "Expected"},
		     {HOUR_MS + 1000, "Future"}};
	begin("");
	message.topic = ALERT_ON_ANNOUNCED;
	entry.turn = 0;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		message.alert.onset_ms = NOW + cases[i].ahead_ms;
		write_alert();
		ck_assert_str_eq(text_of("urgency", 0), cases[i].urgency);
	}
	end();
}
END_TEST

START_TEST(an_announced_alert_says_from_when_and_that_it_is_announced)
{
	begin("");
	message.topic = ALERT_ON_ANNOUNCED;
	entry.turn = 0;
	entry.start_ms = message.alert.onset_ms = NOW + 6 * HOUR_MS;
	entry.planned_end_ms = NOW + 60 * HOUR_MS;
	message.alert.expires_ms = message.alert.onset_ms + DAY_MS;
	write_alert();
	ck_assert_str_eq(text_of("onset", 0), "2013-11-09T12:00:00+08:00");
	ck_assert_str_eq(text_of("expires", 0), "2013-11-10T12:00:00+08:00");
	assert_has(text_of("headline", 0), "预告");
	assert_has(text_of("headline", 1), ", announced");
	assert_has(text_of("description", 0),
		   "，自2013年11月9日12时起，计划至2013年11月11日18时，区域：区划430202，文号");
	ck_assert_str_eq(parameter("start"), "2013-11-09T12:00:00+08:00");
	ck_assert_str_eq(parameter("planned_end"), "2013-11-11T18:00:00+08:00");
	end();
}
END_TEST

START_TEST(a_lift_ahead_cuts_expires_and_stands_in_words_and_parameters)
{
	begin("");
	message.alert.next_level = LEVEL_NONE;
	message.alert.next_start_ms = message.alert.expires_ms = NOW + 4 * HOUR_MS;
	message.alert.cut = true;
	write_alert();
	ck_assert_str_eq(text_of("expires", 1), "2013-11-09T10:00:00+08:00");
	ck_assert_str_eq(parameter("next_level"), "none");
	ck_assert_str_eq(parameter("next_start"), "2013-11-09T10:00:00+08:00");
	assert_has(text_of("description", 0),
		   "已预告：解除橙色预警（Ⅱ级响应），自2013年11月9日10时起。");
	assert_has(text_of("description", 1),
		   "Announced: lifts orange (response II), from 2013-11-09 10:00.");
	message.alert.next_level = LEVEL_RED;
	write_alert();
	ck_assert_str_eq(parameter("next_level"), "red");
	assert_has(text_of("description", 0), "已预告：升级为红色预警（Ⅰ级响应）");
	end();
}
END_TEST

START_TEST(an_overdue_directive_says_that_its_end_has_passed)
{
	begin("");
	write_alert();
	ck_assert_str_eq(parameter("overdue"), "absent");
	entry.planned_end_ms = NOW - 60000;
	entry.overdue = message.alert.overdue = true;
	write_alert();
	ck_assert_str_eq(parameter("overdue"), "yes");
	assert_has(text_of("description", 0),
		   "计划结束时间2013年11月9日5时59分已过，未收到解除指令，继续有效。");
	assert_has(text_of("description", 1), "has passed without a lift; it stays in force.");
	end();
}
END_TEST

/* ---- the end ---- */

static void cancel(bool all_clear)
{
	message.type = ALERT_CANCEL;
	message.alert.all_clear = all_clear;
	alert.n_before = 2;
	timetable.n_begun = 1;
	timetable.begun[0] = (struct timetable_entry){.number = 9,
						      .turn = 2,
						      .start_ms = NOW,
						      .effective_ms = NOW,
						      .previous = LEVEL_ORANGE};
	write_alert();
	ck_assert_str_eq(text_of("msgType", 0), "Cancel");
	ck_assert_str_eq(text_of("urgency", 0), "Past");
	ck_assert_str_eq(text_of("instruction", 0), "absent");
	ck_assert_str_eq(text_of("expires", 0), "2013-11-10T06:00:00+08:00");
	ck_assert_str_eq(parameter("level"), "none");
	ck_assert_str_eq(parameter("rank"), "0");
	ck_assert_str_eq(parameter("min_cut_pct_so2"), "absent");
	ck_assert_str_eq(text_of("severity", 0), "Severe");
}

START_TEST(a_lift_cancels_and_is_an_all_clear_only_if_nothing_is_pending)
{
	begin("");
	cancel(true);
	ck_assert_str_eq(text_of("responseType", 0), "AllClear");
	assert_has(text_of("description", 0), "解除橙色预警（Ⅱ级响应），自2013年11月9日6时起，");
	assert_has(text_of("headline", 0), "解除");
	cancel(false);
	ck_assert_str_eq(text_of("responseType", 0), "Monitor");
	assert_lacks(document, "AllClear");
	end();
}
END_TEST

START_TEST(an_announcement_that_is_withdrawn_is_no_all_clear)
{
	begin("");
	message.topic = ALERT_ON_ANNOUNCED;
	cancel(false);
	ck_assert_str_eq(text_of("responseType", 0), "None");
	assert_has(text_of("headline", 0), "预告撤回");
	assert_has(text_of("description", 0), "不再执行");
	assert_lacks(document, "AllClear");
	end();
}
END_TEST

/* ---- where ---- */

START_TEST(the_code_of_the_configured_area_stands_for_no_other_one)
{
	begin("");
	memset(details.area, 'x', sizeof(details.area) - 1);
	memcpy(details.area, "荷塘 <区> & ]]>", strlen("荷塘 <区> & ]]>"));
	write_alert();
	assert_has(document, "<areaDesc>荷塘 &lt;区&gt; &amp; ]]&gt;xxx");
	ck_assert_uint_eq(strlen(text_of("areaDesc", 1)), WORD_AREA_SIZE - 1 + 3 + 3 + 4 + 3);
	assert_lacks(document, "<geocode>");
	alert.details = NULL;
	write_alert();
	ck_assert_str_eq(text_of("areaDesc", 0), "以市指令为准");
	assert_lacks(document, "<geocode>");
	end();
}
END_TEST

static bool has_code(const char *area)
{
	snprintf(details.area, sizeof(details.area), "%s", area);
	write_alert();
	if (area[0] != '\0')
		ck_assert_str_eq(text_of("areaDesc", 1), area);
	return strstr(document, "<geocode>") != NULL;
}

START_TEST(the_code_is_there_however_the_directive_names_the_configured_area)
{
	begin("");
	conf->station.district_zh = "荷塘区";
	conf->station.district_en = "Hetang District";
	ck_assert(has_code(""));
	ck_assert(has_code("荷塘区"));
	ck_assert(has_code("Hetang District"));
	ck_assert(has_code("430202"));
	ck_assert(has_code("株洲市荷塘区"));
	ck_assert(has_code("湖南省株洲市荷塘区"));
	ck_assert(!has_code("荷塘区、芦淞区"));
	ck_assert(!has_code("荷塘区东部"));
	ck_assert(!has_code("芦淞区"));
	conf->station.district_zh = conf->station.district_en = NULL;
	ck_assert(has_code("430202"));
	ck_assert(!has_code("荷塘区"));
	end();
}
END_TEST

START_TEST(the_instruction_is_the_compulsory_measures_of_the_level)
{
	begin("");
	write_alert();
	assert_has(text_of("instruction", 0), "各减排不低于 20%");
	assert_has(text_of("instruction", 1), "each cut by at least 20 % district-wide");
	/* replaced by orange's, of another group, of a higher level */
	assert_lacks(text_of("instruction", 0), "各减排不低于 10%");
	assert_lacks(text_of("instruction", 0), "戴口罩");
	assert_lacks(text_of("instruction", 0), "过境柴油车");
	end();
}
END_TEST

START_TEST(without_its_directive_an_alert_says_what_it_knows)
{
	begin("");
	alert.entry = NULL;
	alert.details = NULL;
	write_alert();
	ck_assert_str_eq(parameter("level"), "orange");
	ck_assert_str_eq(parameter("directive"), "absent");
	assert_has(text_of("description", 0), "测试站预警指令：橙色预警（Ⅱ级响应）。");
	end();
}
END_TEST

/* ---- all of them ---- */

static void vary_alert(unsigned bits)
{
	begin(bits & 64 ? "exercise: true\n" : "");
	message.topic = (enum alert_topic)(bits % 3);
	message.type = (enum alert_type)(bits / 3 % 3);
	message.alert.level = entry.level = 1 + (int)(bits / 9 % LEVEL_RED);
	message.alert.is_public = bits & 1;
	message.alert.released = entry.released = bits & 2;
	message.alert.overdue = entry.overdue = bits & 4;
	message.alert.all_clear = bits & 8;
	message.alert.next_level = bits & 16 ? LEVEL_NONE : -1;
	message.alert.next_start_ms = NOW + HOUR_MS;
	entry.planned_end_ms = bits & 4 ? NOW - 1000 : 0;
	alert.n_before = message.type == ALERT_NEW ? 0 : 2;
	if (bits & 32)
		alert.entry = NULL;
	if (bits & 32)
		alert.details = NULL;
	advice.held = 1u << LEVEL_YELLOW;
	write_alert();
}

static int count_letters(const char *text)
{
	int n = 0;
	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

START_TEST(every_alert_is_valid_by_the_schema_of_the_standard)
{
	char command[1024], path[512];
	for (unsigned bits = 0; bits < 128; bits++) {
		vary_alert(bits);
		snprintf(path, sizeof(path), "%s/alert-%03u.xml", unit_tmpdir(), bits);
		FILE *file = fopen(path, "w");
		ck_assert_ptr_nonnull(file);
		ck_assert_int_ge(fputs(document, file), 0);
		ck_assert_int_eq(fclose(file), 0);
		for (int language = 0; language < 2; language++)
			ck_assert_int_le(count_letters(text_of("headline", language)), 160);
		ck_assert_str_eq(text_of("language", 2), "absent");
		end();
	}
	snprintf(command, sizeof(command),
		 "xmllint --noout --nonet --schema %s %s/alert-*.xml 2>&1",
		 unit_source("tests/data/cap-1.2.xsd"), unit_tmpdir());
	FILE *said = popen(command, "r");
	char line[512], first[512] = "";
	int valid = 0;
	while (fgets(line, sizeof(line), said)) {
		bool good = strstr(line, " validates") != NULL;
		valid += good;
		if (!good && first[0] == '\0')
			snprintf(first, sizeof(first), "%s", line);
	}
	pclose(said);
	ck_assert_str_eq(first, "");
	ck_assert_int_eq(valid, 128);
}
END_TEST

START_TEST(each_chain_has_its_topic)
{
	ck_assert_str_eq(cap_topic(ALERT_ON_DIRECTIVE), "warning/cap/directive");
	ck_assert_str_eq(cap_topic(ALERT_ON_ANNOUNCED), "warning/cap/announced");
	ck_assert_str_eq(cap_topic(ALERT_ON_ADVICE), "warning/cap/advice");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("cap");
	TCase *tc = tcase_create("cap");
	tcase_add_test(tc, each_element_stands_in_the_order_of_the_standard_with_its_value);
	tcase_add_test(tc, a_directive_nobody_released_is_restricted_and_asks_to_prepare);
	tcase_add_test(tc, a_public_alert_that_is_lowered_stays_public_and_says_not_yet_released);
	tcase_add_test(tc, an_exercise_is_an_exercise_whoever_speaks);
	tcase_add_test(tc, the_advice_is_a_restricted_draft_that_instructs_nobody);
	tcase_add_test(tc, urgency_follows_how_far_the_onset_lies_ahead);
	tcase_add_test(tc, an_announced_alert_says_from_when_and_that_it_is_announced);
	tcase_add_test(tc, a_lift_ahead_cuts_expires_and_stands_in_words_and_parameters);
	tcase_add_test(tc, an_overdue_directive_says_that_its_end_has_passed);
	tcase_add_test(tc, a_lift_cancels_and_is_an_all_clear_only_if_nothing_is_pending);
	tcase_add_test(tc, an_announcement_that_is_withdrawn_is_no_all_clear);
	tcase_add_test(tc, the_code_of_the_configured_area_stands_for_no_other_one);
	tcase_add_test(tc, the_code_is_there_however_the_directive_names_the_configured_area);
	tcase_add_test(tc, the_instruction_is_the_compulsory_measures_of_the_level);
	tcase_add_test(tc, without_its_directive_an_alert_says_what_it_knows);
	tcase_add_test(tc, every_alert_is_valid_by_the_schema_of_the_standard);
	tcase_add_test(tc, each_chain_has_its_topic);
	suite_add_tcase(suite, tc);
	return suite;
}
