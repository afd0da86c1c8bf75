/* SPDX-License-Identifier: MIT */
/* What messages and texts say of directives: warning, events, cuts, orders, replies. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "command_json.h"
#include "hetang.h"
#include "payload_order.h"
#include "station.h"
#include "summary.h"
#include "text.h"
#include "unit.h"

#define H INT64_C(384430) /* 2013-11-08 22:00 UTC = 06:00 +08:00 */
#define NOW (H * HOUR_MS)

static struct conf *conf;
static struct payload_head head;
static struct advice advice;
static struct verdict verdict;
static struct timetable timetable;
static struct binding binding;
static struct word_details details[2];
static struct release release;
static struct advice_report report;
static struct told told;

static void begin(const char *more)
{
	conf = station_conf("hj633-2026", "hetang-2024", more);
	head = (struct payload_head){.conf = conf, .id = "u-7", .seq = 7, .time_ms = NOW};
	memset(&advice, 0, sizeof(advice));
	memset(&verdict, 0, sizeof(verdict));
	memset(&timetable, 0, sizeof(timetable));
	memset(&binding, 0, sizeof(binding));
	memset(&told, 0, sizeof(told));
	details[0] = (struct word_details){.number = 7, .regional = true, .area = "荷塘区、芦淞区"};
	details[1] = (struct word_details){.number = 8};
	release = (struct release){.number = "荷2026-1",
				   .level = LEVEL_ORANGE,
				   .directive = "city-7",
				   .post = "指挥长",
				   .signed_ms = NOW,
				   .directive_number = 7};
	report = (struct advice_report){.advice = &advice,
					.verdict = &verdict,
					.timetable = &timetable,
					.binding = &binding,
					.n_details = 2,
					.details = details,
					.now_ms = NOW};
}

static void end(void)
{
	conf = conf_free(conf);
}

/* Orange, said for 03:00, here since 05:00. */
static struct timetable_entry orange(void)
{
	return (struct timetable_entry){.number = 7,
					.level = LEVEL_ORANGE,
					.start_ms = NOW - 3 * HOUR_MS,
					.said_ms = NOW - HOUR_MS,
					.turn = 1,
					.effective_ms = NOW - HOUR_MS,
					.id = "city-7",
					.document = "株7号",
					.issuer = "市指挥中心"};
}

/* A lift at 10:00, announced. */
static struct timetable_entry lift(void)
{
	return (struct timetable_entry){.number = 8,
					.start_ms = NOW + 4 * HOUR_MS,
					.said_ms = NOW,
					.announced = true,
					.id = "city-8",
					.issuer = "市指挥中心"};
}

static void order_orange(void)
{
	timetable.n_begun = 1;
	timetable.begun[0] = orange();
}

static void announce_lift(void)
{
	timetable.n_pending = 1;
	timetable.pending[0] = lift();
}

static json_t *parsed(char *text)
{
	json_error_t error;
	ck_assert_ptr_nonnull(text);
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(json != NULL, "%s: %s", error.text, text);
	free(text);
	return json;
}

/* The value at a path of keys "a/b/c" as compact text; "absent" if it is not there. */
static const char *at(const json_t *json, const char *path)
{
	static char out[4][2048], keys[256];
	static int turn;
	char *save, *text = out[turn = (turn + 1) % 4];
	snprintf(keys, sizeof(keys), "%s", path);
	for (char *key = strtok_r(keys, "/", &save); key && json; key = strtok_r(NULL, "/", &save))
		json = json_is_array(json) ? json_array_get(json, (size_t)atoi(key))
					   : json_object_get(json, key);
	char *dump = json ? json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT) : strdup("absent");
	snprintf(text, sizeof(out[0]), "%s", dump);
	free(dump);
	return text;
}

#define ASSERT_AT(json, path, text) ck_assert_str_eq(at(json, path), text)

static void assert_has(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in: %.400s", part, text);
}

/* ---- warning ---- */

START_TEST(a_warning_says_what_is_in_force_pending_and_refused)
{
	struct word_answer answer = {.n_too_late = 1, .too_late = {"city-5"}};
	begin("");
	order_orange();
	announce_lift();
	timetable.n_refused = 1;
	timetable.refused[0] = (struct timetable_refused){
		.why = REFUSAL_OLDER, .at_ms = NOW, .id = "city-6", .issuer = "区"};
	report.answer = &answer;
	json_t *json = parsed(payload_warning(&head, &report));
	ASSERT_AT(json, "in_force",
		  "{\"number\":7,\"id\":\"city-7\",\"level\":\"orange\","
		  "\"start\":\"2013-11-09T03:00:00+08:00\",\"planned_end\":null,"
		  "\"area\":\"荷塘区、芦淞区\",\"reason\":\"regional\",\"document\":\"株7号\","
		  "\"issuer\":\"市指挥中心\",\"said\":\"2013-11-09T05:00:00+08:00\","
		  "\"released\":false,\"rank\":2,\"response\":\"II\","
		  "\"effective\":\"2013-11-09T05:00:00+08:00\",\"overdue\":false}");
	ASSERT_AT(json, "pending/0/id", "\"city-8\"");
	ASSERT_AT(json, "pending/0/level", "\"none\"");
	ASSERT_AT(json, "pending/0/start", "\"2013-11-09T10:00:00+08:00\"");
	ASSERT_AT(json, "pending/0/area", "absent");
	ASSERT_AT(json, "pending/1", "absent");
	/* the one accepted last */
	ASSERT_AT(json, "directive/id", "\"city-8\"");
	ASSERT_AT(json, "directive/effective", "null");
	ASSERT_AT(json, "refused",
		  "[{\"id\":\"city-6\",\"issuer\":\"区\",\"why\":\"older\","
		  "\"time\":\"2013-11-09T06:00:00+08:00\"}]");
	ASSERT_AT(json, "too_late", "[\"city-5\"]");
	ASSERT_AT(json, "binding",
		  "{\"from\":\"directive\",\"level\":\"orange\",\"directive\":7,\"rank\":2,"
		  "\"response\":\"II\",\"released\":false,\"slip\":null,\"lifted\":null}");
	ASSERT_AT(json, "measures/0/authority", "\"directive\"");
	ASSERT_AT(json, "measures/0/level", "\"orange\"");
	assert_has(at(json, "text_zh"),
		   "现行指令：橙色预警（Ⅱ级响应），自2013年11月9日5时起生效"
		   "（指令所定时间2013年11月9日3时），区域：荷塘区、芦淞区，文号：株7号。"
		   "减排比例不低于：SO2 20%、NOx 20%、颗粒物 20%、VOCs 20%。主要措施：");
	assert_has(at(json, "text_zh"),
		   "须由指挥长批准。市指令已收到，待区指挥中心签发。属区域应急联动，"
		   "本站数据不足以判定是否达到该级别的预警条件。"
		   "已预告：解除橙色预警（Ⅱ级响应），自2013年11月9日10时起。");
	assert_has(at(json, "text_en"),
		   "In force by directive: orange (response II), since 2013-11-09 05:00 (start as "
		   "ordered: 2013-11-09 03:00), area: ");
	json_decref(json);
	end();
}
END_TEST

START_TEST(a_station_that_was_never_told_anything_says_so)
{
	begin("");
	json_t *json = parsed(payload_warning(&head, &report));
	ASSERT_AT(json, "in_force", "null");
	ASSERT_AT(json, "directive", "null");
	ASSERT_AT(json, "pending", "[]");
	ASSERT_AT(json, "refused", "[]");
	ASSERT_AT(json, "too_late", "[]");
	ASSERT_AT(json, "binding/level", "\"none\"");
	ASSERT_AT(json, "summary_due", "null");
	ASSERT_AT(json, "summaries", "[]");
	ASSERT_AT(json, "dust", "null");
	ASSERT_AT(json, "approvers", "{\"directive\":null,\"advice\":null}");
	json_decref(json);
	end();
}
END_TEST

START_TEST(a_summary_is_due_from_the_day_on_which_the_lift_took_effect)
{
	const struct force_row rows[] = {
		{.from_ms = NOW - 10 * 24 * HOUR_MS, .directive = 7, .level = LEVEL_ORANGE},
		{.from_ms = NOW, .directive = 8, .level = LEVEL_NONE}}; /* a Saturday */
	begin("");
	struct summaries summaries = summaries_of(&conf->plan, &conf->calendar, NOW);
	report.summaries = &summaries;
	summaries_follow(&summaries, &rows[0]);
	json_t *json = parsed(payload_warning(&head, &report));
	ASSERT_AT(json, "summary_due", "null"); /* it goes on */
	ASSERT_AT(json, "summaries", "[]");
	json_decref(json);
	summaries_follow(&summaries, &rows[1]);
	json = parsed(payload_warning(&head, &report));
	ASSERT_AT(json, "summary_due",
		  "{\"date\":\"2013-11-15\",\"certain\":false,\"working_days\":5}");
	ASSERT_AT(json, "summaries/0/date", "\"2013-11-15\"");
	ASSERT_AT(json, "summaries/0/episode", "\"episode-7\"");
	json_decref(json);
	end();
}
END_TEST

START_TEST(the_fullest_warning_fits_into_one_packet)
{
	begin("");
	static struct word_details all[TIMETABLE_PENDING_MAX + 1];
	order_orange();
	advice.held = 1u << LEVEL_RED;
	timetable.begun[0].level = LEVEL_RED;
	timetable.n_pending = TIMETABLE_PENDING_MAX;
	timetable.n_refused = TIMETABLE_REFUSED_MAX;
	for (int i = 0; i <= TIMETABLE_PENDING_MAX; i++) {
		all[i].number = 7 + i;
		memset(all[i].area, 'x', sizeof(all[i].area) - 1);
	}
	for (int i = 0; i < TIMETABLE_PENDING_MAX; i++) {
		struct timetable_entry *entry = &timetable.pending[i];
		*entry = lift();
		entry->number = 8 + i;
		memset(entry->id, 'x', sizeof(entry->id) - 1);
		memset(entry->document, 'x', sizeof(entry->document) - 1);
		memset(entry->issuer, 'x', sizeof(entry->issuer) - 1);
	}
	for (int i = 0; i < TIMETABLE_REFUSED_MAX; i++) {
		memset(timetable.refused[i].id, 'x', sizeof(timetable.refused[i].id) - 1);
		memset(timetable.refused[i].issuer, 'x', sizeof(timetable.refused[i].issuer) - 1);
	}
	report.n_details = TIMETABLE_PENDING_MAX + 1;
	report.details = all;
	struct summaries summaries = summaries_of(&conf->plan, &conf->calendar, NOW);
	summaries.n = SUMMARIES_MAX;
	for (int i = 0; i < SUMMARIES_MAX; i++)
		summaries.list[i] = (struct summary){
			.episode = INT64_MAX, .level = LEVEL_RED, .units = UINT32_MAX};
	struct dust_report dust = {.from = H, .to = H};
	memset(dust.source, 'x', sizeof(dust.source) - 1);
	report.summaries = &summaries;
	report.dust = &dust;
	all[0].regional = true;
	for (int level = LEVEL_YELLOW; level <= LEVEL_RED; level++) {
		timetable.begun[0].level = level;
		char *text = payload_warning(&head, &report);
		ck_assert_uint_lt(strlen(text), 64 * 1024);
		free(text);
	}
	end();
}
END_TEST

/* A lean one of at most so many bytes, with what stands in it; the caller releases it. */
static json_t *lean_of(char *whole, size_t most)
{
	char *lean = payload_lean(whole, most);
	free(whole);
	ck_assert_ptr_nonnull(lean);
	ck_assert_uint_le(strlen(lean), most);
	return parsed(lean);
}

START_TEST(a_lean_warning_finds_room_in_a_packet_of_1500_bytes)
{
	begin("");
	order_orange();
	announce_lift();
	advice.held = 1u << LEVEL_RED;
	report.release = &release;
	/* the topic and the properties take the rest */
	json_t *json = lean_of(payload_warning(&head, &report), 1400);
	ASSERT_AT(json, "in_force/level", "\"orange\"");
	ASSERT_AT(json, "in_force/area", "\"荷塘区、芦淞区\"");
	ASSERT_AT(json, "binding/level", "\"orange\"");
	ASSERT_AT(json, "advice/level", "\"red\"");
	ASSERT_AT(json, "measures", "absent");
	ASSERT_AT(json, "omitted/0", "\"measures\"");
	json_decref(json);
	json = lean_of(payload_warning(&head, &report), 1700);
	ASSERT_AT(json, "pending/0/id", "\"city-8\"");
	json_decref(json);
	/* the texts lose their measures before they go */
	json = lean_of(payload_warning(&head, &report), 3500);
	assert_has(at(json, "text_zh"), "须由指挥长批准。");
	ck_assert_ptr_null(strstr(at(json, "text_zh"), "主要措施"));
	ck_assert_ptr_null(strstr(at(json, "text_en"), "Main measures"));
	json_decref(json);
	end();
}
END_TEST

/* ---- ranks ---- */

/* "level" has "rank", "possible_level" and "possible" have "possible_rank", "level_before" has
 * "rank_before". */
static void assert_ranked(const json_t *object, const char *key, const char *level)
{
	char rank[64];
	int value;
	if (strcmp(key, "level") == 0)
		snprintf(rank, sizeof(rank), "rank");
	else if (strcmp(key, "level_before") == 0)
		snprintf(rank, sizeof(rank), "rank_before");
	else
		snprintf(rank, sizeof(rank), "%.*s_rank",
			 (int)(strstr(key, "_level") ? strstr(key, "_level") - key
						     : (long)strlen(key)),
			 key);
	ck_assert(level_parse(&conf->plan, level, &value));
	ck_assert_msg(json_integer_value(json_object_get(object, rank)) == value &&
			      json_is_integer(json_object_get(object, rank)),
		      "%s, %s: no %s", key, level, rank);
}

/* How many levels there are. */
static int assert_all_ranked(json_t *json)
{
	const char *key;
	json_t *value;
	size_t i;
	int n = 0, level;
	json_array_foreach(json, i, value) n += assert_all_ranked(value);
	json_object_foreach(json, key, value)
	{
		const char *text = json_string_value(value);
		bool is_level = text && level_parse(&conf->plan, text, &level) &&
				(level != LEVEL_NONE || strstr(key, "level")) &&
				strcmp(key, "en") != 0; /* the level's name */
		n += assert_all_ranked(value) + is_level;
		if (is_level)
			assert_ranked(json, key, text);
	}
	return n;
}

START_TEST(every_level_of_a_message_has_its_rank_beside_it)
{
	begin("");
	order_orange();
	announce_lift();
	advice.held = 1u << LEVEL_RED;
	report.release = &release;
	report.possible = report.without_dust = LEVEL_YELLOW;
	json_t *json = parsed(payload_warning(&head, &report));
	ck_assert_int_gt(assert_all_ranked(json), 8);
	ASSERT_AT(json, "advice/possible_rank", "1");
	ASSERT_AT(json, "advice/without_dust_rank", "1");
	ASSERT_AT(json, "advice/outlook/red/rank", "3");
	ASSERT_AT(json, "advice/outlook/red/response", "\"I\"");
	json_decref(json);
	report.without_dust = LEVEL_UNKNOWN;
	json = parsed(payload_warning(&head, &report));
	ASSERT_AT(json, "advice/without_dust_rank", "null");
	json_decref(json);
	json = parsed(payload_cuts(&head, &report));
	ck_assert_int_ge(assert_all_ranked(json), 4);
	ASSERT_AT(json, "binding_rank", "2");
	json_decref(json);
	const struct event event = {.kind = EVENT_CORRECTION,
				    .level = LEVEL_RED,
				    .previous = LEVEL_RED,
				    .revised = LEVEL_YELLOW};
	json = parsed(payload_event(&head, &event, &report));
	ck_assert_int_eq(assert_all_ranked(json), 3);
	ASSERT_AT(json, "would_advise_rank", "1");
	json_decref(json);
	end();
}
END_TEST

/* ---- events ---- */

static struct event event_of_told(void)
{
	return (struct event){.kind = told.kind,
			      .about = ABOUT_DIRECTIVE,
			      .level = told.level,
			      .previous = told.previous,
			      .number = told.number,
			      .time_ms = told.time_ms,
			      .hour = H,
			      .onset_ms = told.onset_ms,
			      .episode = told.episode,
			      .told = &told};
}

static void tell(enum event_kind kind, enum told_reason reason, int level, int previous)
{
	told = (struct told){.kind = kind,
			     .reason = reason,
			     .number = 12,
			     .time_ms = NOW + 61000,
			     .onset_ms = NOW - HOUR_MS,
			     .level = level,
			     .previous = previous,
			     .episode = 7,
			     .entry = orange()};
	told.entry.level = level;
}

START_TEST(an_event_finds_room_in_a_packet_of_1500_bytes)
{
	begin("");
	tell(EVENT_ISSUE, TOLD_BECAUSE_SAID, LEVEL_RED, LEVEL_NONE);
	const struct event event = event_of_told();
	json_t *json = lean_of(payload_event(&head, &event, &report), 1400);
	ASSERT_AT(json, "event", "\"issue\"");
	ASSERT_AT(json, "level", "\"red\"");
	ASSERT_AT(json, "omitted/0", "\"text.measures\"");
	json_decref(json);
	end();
}
END_TEST

START_TEST(an_event_about_a_directive_carries_it_whole_and_claims_no_basis)
{
	begin("");
	tell(EVENT_UPGRADE, TOLD_BECAUSE_SAID, LEVEL_ORANGE, LEVEL_YELLOW);
	const struct event event = event_of_told();
	json_t *json = parsed(payload_event(&head, &event, &report));
	ASSERT_AT(json, "time", "\"2013-11-09T06:01:01+08:00\"");
	ASSERT_AT(json, "number", "12");
	ASSERT_AT(json, "follows", "11");
	ASSERT_AT(json, "event", "\"upgrade\"");
	ASSERT_AT(json, "about", "\"directive\"");
	ASSERT_AT(json, "level_before", "\"yellow\"");
	ASSERT_AT(json, "hour", "\"2013-11-09T06:00:00+08:00\"");
	ASSERT_AT(json, "onset", "\"2013-11-09T05:00:00+08:00\"");
	ASSERT_AT(json, "episode", "7");
	ASSERT_AT(json, "reason", "\"said\"");
	ASSERT_AT(json, "by", "null");
	ASSERT_AT(json, "basis", "absent");
	ASSERT_AT(json, "evidence", "absent");
	ASSERT_AT(json, "directive/id", "\"city-7\"");
	ASSERT_AT(json, "directive/document", "\"株7号\"");
	ASSERT_AT(json, "directive/area", "\"荷塘区、芦淞区\"");
	ASSERT_AT(json, "directive/effective", "\"2013-11-09T05:00:00+08:00\"");
	ASSERT_AT(json, "list", "null");
	json_decref(json);
	end();
}
END_TEST

/* Of each kind: a piece of both texts. */
static const struct {
	enum event_kind kind;
	enum told_reason reason;
	int level, previous;
	const char *zh, *en;
} spoken[] = {
	{EVENT_ISSUE, TOLD_BECAUSE_SAID, LEVEL_ORANGE, LEVEL_NONE,
	 "测试站收到预警指令：发布橙色预警（Ⅱ级响应），自2013年11月9日5时起生效"
	 "（指令所定时间2013年11月9日3时），区域：荷塘区、芦淞区，文号：株7号。",
	 "Test station, directive received: issues orange (response II), since 2013-11-09 05:00"},
	{EVENT_ISSUE, TOLD_BECAUSE_BEGUN, LEVEL_ORANGE, LEVEL_NONE, "预警指令生效：发布橙色",
	 "directive takes effect: issues orange"},
	{EVENT_UPGRADE, TOLD_BECAUSE_SAID, LEVEL_ORANGE, LEVEL_YELLOW, "升级为橙色预警",
	 "upgrades to orange"},
	{EVENT_DOWNGRADE, TOLD_BECAUSE_SAID, LEVEL_ORANGE, LEVEL_RED, "降级为橙色预警",
	 "downgrades to orange"},
	{EVENT_LIFT, TOLD_BECAUSE_SAID, LEVEL_NONE, LEVEL_RED, "解除红色预警（Ⅰ级响应）",
	 "lifts red (response I)"},
	{EVENT_AMENDED, TOLD_BECAUSE_SAID, LEVEL_ORANGE, LEVEL_ORANGE, "维持橙色预警",
	 "keeps orange"},
	{EVENT_ANNOUNCED, TOLD_BECAUSE_SAID, LEVEL_ORANGE, LEVEL_NONE,
	 "收到预警指令（尚未到启动时间）：发布橙色预警", "directive announced: issues orange"},
	{EVENT_WITHDRAWN, TOLD_BECAUSE_REPLACED, LEVEL_ORANGE, LEVEL_NONE,
	 "预警指令撤回：原定发布橙色预警（Ⅱ级响应），自2013年11月9日3时起，区域：荷塘区、芦淞区，"
	 "文号：株7号，不再执行：已由后一指令取代。",
	 "will not begin: issues orange (response II), from 2013-11-09 03:00, area: "
	 "荷塘区、芦淞区, "
	 "document: 株7号; a "
	 "later directive replaces it."},
	{EVENT_WITHDRAWN, TOLD_BECAUSE_POSTPONED, LEVEL_NONE, LEVEL_RED, "后一指令已推迟其时间",
	 "postpones it"},
	{EVENT_WITHDRAWN, TOLD_BECAUSE_NAMED, LEVEL_RED, LEVEL_NONE, "后一指令将其撤回",
	 "withdraws it"},
	{EVENT_WITHDRAWN, TOLD_BECAUSE_PASSED_OVER, LEVEL_RED, LEVEL_NONE, "另一指令已先行生效",
	 "another directive took effect first"},
	{EVENT_WITHDRAWN, TOLD_BECAUSE_NOTHING_LEFT, LEVEL_NONE, LEVEL_NONE,
	 "原定解除预警，自2013年11月9日3时起，区域：荷塘区、芦淞区，文号：株7号，"
	 "不再执行：届时无预警可解除。",
	 "lifts the warning, from 2013-11-09 03:00"},
	{EVENT_OVERDUE, TOLD_BECAUSE_END_PASSED, LEVEL_ORANGE, LEVEL_ORANGE,
	 "预警指令超期：橙色预警（Ⅱ级响应）", "directive overdue: orange"},
};

START_TEST(each_kind_of_event_about_a_directive_has_its_words_in_both_languages)
{
	char text[TEXT_MAX];
	begin("");
	tell(spoken[_i].kind, spoken[_i].reason, spoken[_i].level, spoken[_i].previous);
	const struct event event = event_of_told();
	text_event(conf, &event, &report, TEXT_ZH, text);
	assert_has(text, spoken[_i].zh);
	text_event(conf, &event, &report, TEXT_EN, text);
	assert_has(text, spoken[_i].en);
	ck_assert_int_ne(text[strlen(text) - 1], ' ');
	end();
}
END_TEST

START_TEST(an_unreleased_directive_waits_for_its_signature_in_words)
{
	char text[TEXT_MAX];
	begin("");
	tell(EVENT_ISSUE, TOLD_BECAUSE_SAID, LEVEL_ORANGE, LEVEL_NONE);
	const struct event event = event_of_told();
	text_event(conf, &event, &report, TEXT_ZH, text);
	assert_has(text, "市指令已收到，待区指挥中心签发。");
	told.entry.released = true;
	text_event(conf, &event, &report, TEXT_ZH, text);
	ck_assert_ptr_null(strstr(text, "待区指挥中心签发"));
	end();
}
END_TEST

START_TEST(a_directive_that_began_on_time_is_told_with_one_time)
{
	char text[TEXT_MAX];
	begin("");
	tell(EVENT_ISSUE, TOLD_BECAUSE_BEGUN, LEVEL_ORANGE, LEVEL_NONE);
	told.entry.effective_ms = told.entry.start_ms;
	told.entry.planned_end_ms = NOW + 40 * HOUR_MS;
	const struct event event = event_of_told();
	text_event(conf, &event, &report, TEXT_EN, text);
	assert_has(text, "issues orange (response II), since 2013-11-09 03:00, planned until "
			 "2013-11-10 22:00, area: ");
	end();
}
END_TEST

START_TEST(a_withdrawn_event_names_the_directive_that_did_it)
{
	begin("");
	order_orange();
	tell(EVENT_WITHDRAWN, TOLD_BECAUSE_NAMED, LEVEL_RED, LEVEL_ORANGE);
	told.by = 7;
	told.entry.turn = 0;
	const struct event event = event_of_told();
	json_t *json = parsed(payload_event(&head, &event, &report));
	ASSERT_AT(json, "by", "7");
	ASSERT_AT(json, "reason", "\"named\"");
	ASSERT_AT(json, "directive/effective", "null");
	assert_has(at(json, "text_zh"), "后一指令将其撤回（文号：株7号）。");
	json_decref(json);
	end();
}
END_TEST

START_TEST(the_longest_area_leaves_a_text_whole)
{
	char text[TEXT_MAX];
	begin("exercise: true\n");
	tell(EVENT_ISSUE, TOLD_BECAUSE_SAID, LEVEL_ORANGE, LEVEL_NONE);
	for (size_t i = 0; i + 3 < sizeof(details[0].area); i += 3)
		memcpy(&details[0].area[i], "区", 4);
	memset(told.entry.document, 'x', sizeof(told.entry.document) - 1);
	const struct event event = event_of_told();
	for (int language = TEXT_ZH; language <= TEXT_EN; language++) {
		text_event(conf, &event, &report, (enum text_language)language, text);
		ck_assert_uint_lt(strlen(text), TEXT_MAX - 200);
		assert_has(text, language == TEXT_ZH ? "待区指挥中心签发。" : "command centre.");
	}
	end();
}
END_TEST

START_TEST(an_advice_that_moves_says_its_new_start)
{
	char text[TEXT_MAX];
	begin("");
	struct event event = {.kind = EVENT_AMENDED,
			      .reason = REASON_FORECAST,
			      .level = LEVEL_ORANGE,
			      .previous = LEVEL_ORANGE,
			      .onset_ms = NOW + 18 * HOUR_MS};
	text_event(conf, &event, &report, TEXT_ZH, text);
	assert_has(text,
		   "预报更新，起始时间改变。建议橙色预警（Ⅱ级响应），起始时间2013年11月10日0时");
	text_event(conf, &event, &report, TEXT_EN, text);
	assert_has(text, "A newer forecast moves the start. Advised: orange (response II) from "
			 "2013-11-10 00:00, ");
	event.reason = REASON_DUST;
	text_event(conf, &event, &report, TEXT_ZH, text);
	assert_has(text, "沙尘时段改变，起始时间改变。建议橙色预警");
	event.reason = REASON_REVIEW;
	text_event(conf, &event, &report, TEXT_ZH, text);
	assert_has(text, "小时数据改变，起始时间改变。建议橙色预警");
	end();
}
END_TEST

/* ---- cuts and orders ---- */

START_TEST(cuts_of_a_directive_bind_from_the_directive_by_default)
{
	begin("");
	order_orange();
	json_t *json = parsed(payload_cuts(&head, &report));
	ASSERT_AT(json, "binding_level", "\"orange\"");
	ASSERT_AT(json, "blocks/0/authority", "\"directive\"");
	ASSERT_AT(json, "blocks/0/binding", "true");
	ASSERT_AT(json, "blocks/0/level", "\"orange\"");
	ASSERT_AT(json, "blocks/0/in_force", "\"orange\"");
	ASSERT_AT(json, "blocks/0/released", "false");
	ASSERT_AT(json, "blocks/0/slip", "null");
	ASSERT_AT(json, "blocks/0/lifted", "null");
	ASSERT_AT(json, "blocks/1/authority", "\"advice\"");
	ASSERT_AT(json, "blocks/1/released", "absent");
	json_decref(json);
	timetable.begun[0].released = true;
	report.released = &release;
	json = parsed(payload_cuts(&head, &report));
	ASSERT_AT(json, "blocks/0/released", "true");
	ASSERT_AT(json, "blocks/0/slip", "\"荷2026-1\"");
	json_decref(json);
	end();
}
END_TEST

START_TEST(with_binding_from_release_the_level_of_the_newest_slip_binds)
{
	begin("binding_from: release\n");
	order_orange();
	json_t *json = parsed(payload_cuts(&head, &report));
	ASSERT_AT(json, "binding_level", "\"none\"");
	ASSERT_AT(json, "blocks/0/level", "\"none\"");
	ASSERT_AT(json, "blocks/0/in_force", "\"orange\"");
	ASSERT_AT(json, "blocks/0/released", "false");
	json_decref(json);
	binding = (struct binding){.directive = 3, .turn = 1, .level = LEVEL_YELLOW};
	json = parsed(payload_cuts(&head, &report));
	ASSERT_AT(json, "binding_level", "\"yellow\"");
	ASSERT_AT(json, "blocks/0/level", "\"yellow\"");
	ASSERT_AT(json, "blocks/0/min_cut_pct/so2", "10");
	ASSERT_AT(json, "blocks/0/in_force", "\"orange\"");
	ASSERT_AT(json, "blocks/0/lifted", "null");
	json_decref(json);
	end();
}
END_TEST

START_TEST(what_a_lift_that_is_not_published_leaves_standing_says_so)
{
	begin("binding_from: release\n");
	timetable.n_begun = 2;
	timetable.begun[0] = orange();
	timetable.begun[0].released = true;
	timetable.begun[1] = lift();
	timetable.begun[1].turn = 2;
	binding = (struct binding){.directive = 7, .turn = 1, .level = LEVEL_ORANGE};
	report.released = &release;
	json_t *json = parsed(payload_cuts(&head, &report));
	ASSERT_AT(json, "blocks/0/level", "\"orange\"");
	ASSERT_AT(json, "blocks/0/in_force", "\"none\"");
	ASSERT_AT(json, "blocks/0/lifted", "\"not yet published\"");
	ASSERT_AT(json, "blocks/0/slip", "\"荷2026-1\"");
	json_decref(json);
	timetable.begun[0].planned_end_ms = NOW; /* the judge looks at the lift alone */
	ck_assert(report_binding(conf, &report).overdue);
	ck_assert_int_eq(report_binding(conf, &report).until_ms, 0);
	timetable.begun[0].planned_end_ms = NOW + 1;
	ck_assert(!report_binding(conf, &report).overdue);
	ck_assert_int_eq(report_binding(conf, &report).until_ms, NOW + 1);
	json = parsed(payload_warning(&head, &report));
	ASSERT_AT(json, "in_force", "null");
	ASSERT_AT(json, "binding/lifted", "\"not yet published\"");
	json_decref(json);
	end();
}
END_TEST

static json_t *order_json(bool binds)
{
	const struct order_run run = {.number = 1,
				      .level = LEVEL_ORANGE,
				      .binding = binds,
				      .directive = binds ? 7 : 0,
				      .list = 4,
				      .from_ms = NOW - HOUR_MS,
				      .until_ms = NOW - 60000};
	const struct binding_report binds_now = report_binding(conf, &report);
	struct source source = {.id = "s1",
				.kind = "building",
				.measures = {"", "", "停工", ""},
				.lines = {""},
				.park = "",
				.exempt_as = ""};
	for (int l = 0; l < LEVEL_SLOTS; l++) {
		source.measures[l] = source.measures[l] ? source.measures[l] : "";
		source.lines[l] = "";
	}
	source.amounts = cuts_source_unsaid();
	return parsed(payload_order(&head, &run, &binds_now, &source));
}

START_TEST(an_order_of_an_overdue_directive_has_no_end_in_the_past)
{
	begin("");
	order_orange();
	timetable.begun[0].planned_end_ms = NOW - 60000;
	timetable.begun[0].overdue = timetable.begun[0].released = true;
	report.released = &release;
	json_t *json = order_json(true);
	ASSERT_AT(json, "until", "null");
	ASSERT_AT(json, "overdue", "true");
	ASSERT_AT(json, "binding_level", "\"orange\"");
	ASSERT_AT(json, "released", "true");
	ASSERT_AT(json, "slip", "\"荷2026-1\"");
	json_decref(json);
	json = order_json(false); /* on the advice: nothing of the directive counts */
	ASSERT_AT(json, "until", "\"2013-11-09T05:59:00+08:00\"");
	ASSERT_AT(json, "overdue", "false");
	ASSERT_AT(json, "binding_level", "null");
	ASSERT_AT(json, "released", "false");
	ASSERT_AT(json, "slip", "null");
	json_decref(json);
	end();
}
END_TEST

/* ---- replies ---- */

START_TEST(a_reply_says_in_force_before_and_after_pending_taken_out_and_kept)
{
	static struct timetable_word word;
	struct timetable_word *words[] = {&word};
	struct timetable after;
	struct judge_outcome outcome = {.before = 7};
	begin("");
	order_orange();
	announce_lift();
	after = timetable;
	after.begun[1] = (struct timetable_entry){
		.number = 9, .level = LEVEL_RED, .turn = 2, .effective_ms = NOW, .id = "city-9"};
	after.n_begun = 2;
	after.pending[0].number = 5;
	snprintf(after.pending[0].id, sizeof(after.pending[0].id), "city-5");
	snprintf(word.id, sizeof(word.id), "city-9");
	word.answer = (struct word_answer){.number = 9,
					   .n_taken_out = 1,
					   .taken_out = {8},
					   .n_kept = 1,
					   .kept = {5},
					   .n_too_late = 1,
					   .too_late = {"city-2"},
					   .document_was = LEVEL_YELLOW};
	const struct judged judged = {&outcome, &word.answer, &timetable, &after, words, 1};
	const struct command command = {.kind = COMMAND_DIRECTIVE, .id = "city-9", .issuer = "市"};
	const struct command_answer answer = {.judged = &judged};
	json_t *json = parsed(payload_reply(&head, &command, &answer));
	ASSERT_AT(json, "outcome", "\"accepted\"");
	ASSERT_AT(json, "number", "9");
	ASSERT_AT(json, "in_force_before/id", "\"city-7\"");
	ASSERT_AT(json, "in_force_after",
		  "{\"number\":9,\"id\":\"city-9\",\"level\":\"red\","
		  "\"effective\":\"2013-11-09T06:00:00+08:00\",\"rank\":3,\"response\":\"I\"}");
	ASSERT_AT(json, "pending/0/id", "\"city-5\"");
	ASSERT_AT(json, "taken_out", "[\"city-8\"]");
	ASSERT_AT(json, "kept", "[\"city-5\"]");
	ASSERT_AT(json, "too_late", "[\"city-2\"]");
	ASSERT_AT(json, "document_was", "\"yellow\"");
	ASSERT_AT(json, "passed_over_by", "null");
	ASSERT_AT(json, "no_effect", "false");
	ASSERT_AT(json, "older_than", "null");
	json_decref(json);
	end();
}
END_TEST

START_TEST(a_reply_to_an_older_word_says_than_which)
{
	static struct timetable_word word;
	struct timetable_word *words[] = {&word};
	struct judge_outcome outcome = {0};
	begin("");
	word.answer = (struct word_answer){.refusal = REFUSAL_OLDER,
					   .older_than = 7,
					   .older_than_ms = NOW + 6 * HOUR_MS,
					   .document_was = -1};
	const struct judged judged = {&outcome, &word.answer, &timetable, &timetable, words, 1};
	const struct command command = {.kind = COMMAND_DIRECTIVE, .id = "city-9", .issuer = "市"};
	struct command_answer answer = {.outcome = COMMAND_REFUSED, .judged = &judged};
	command_refusal_text(&word.answer, answer.why);
	json_t *json = parsed(payload_reply(&head, &command, &answer));
	ASSERT_AT(json, "why", "\"older than directive 7 of 2013-11-09 12:00\"");
	ASSERT_AT(json, "refusal", "\"older\"");
	ASSERT_AT(json, "older_than", "{\"number\":7,\"said\":\"2013-11-09T12:00:00+08:00\"}");
	ASSERT_AT(json, "number", "null");
	ASSERT_AT(json, "document_was", "null");
	json_decref(json);
	end();
}
END_TEST

START_TEST(each_refusal_is_worded)
{
	char why[COMMAND_TEXT_MAX];
	for (int refusal = REFUSAL_EMPTY; refusal < REFUSAL_COUNT; refusal++) {
		const struct word_answer answer = {.refusal = (enum refusal)refusal};
		command_refusal_text(&answer, why);
		ck_assert_str_ne(why, "");
	}
}
END_TEST

START_TEST(a_slip_by_another_post_than_the_approver_is_told)
{
	begin("");
	release.post_differs = true;
	release.fault = RELEASE_SIGNED_TOO_SOON;
	const struct command command = {.kind = COMMAND_RELEASE, .id = "r-1", .issuer = "区"};
	const struct command_answer answer = {.release = &release};
	json_t *json = parsed(payload_reply(&head, &command, &answer));
	ASSERT_AT(json, "release/directive", "\"city-7\"");
	ASSERT_AT(json, "release/found", "\"signed_too_soon\"");
	ASSERT_AT(json, "release/post_differs", "true");
	ASSERT_AT(json, "release/rank", "2");
	json_decref(json);
	end();
}
END_TEST

/* ---- commands ---- */

#define COMMON "\"id\":\"city-9\",\"issuer\":\"市\",\"time\":\"2013-11-09T06:00:00+08:00\""

static struct command_message message;

static const char *parse_directive(const char *fields)
{
	static char json[8192];
	snprintf(json, sizeof(json), "{" COMMON "%s}", fields);
	bool good = command_parse(COMMAND_DIRECTIVE, json, strlen(json), &conf->plan, &message);
	ck_assert_int_eq(good, message.why[0] == '\0');
	return message.why;
}

START_TEST(a_directive_may_say_after_whom_it_comes_and_what_it_withdraws)
{
	begin("");
	ck_assert_str_eq(
		parse_directive(",\"level\":\"red\",\"start\":\"2013-11-09T07:00:00+08:00\","
				"\"document\":\"株9号\",\"after\":\"city-7\","
				"\"withdraws\":[\"city-5\",\"city-5\",\"city-6\",\"city-5\"]"),
		"");
	const struct timetable_word *word = &message.command.directive.word;
	ck_assert_str_eq(word->id, "city-9");
	ck_assert_str_eq(word->issuer, "市");
	ck_assert_int_eq(word->time_ms, NOW);
	ck_assert(word->has_level);
	ck_assert_int_eq(word->level, LEVEL_RED);
	ck_assert_int_eq(word->start_ms, NOW + HOUR_MS);
	ck_assert_str_eq(word->document, "株9号");
	ck_assert_str_eq(word->after, "city-7");
	ck_assert_int_eq(word->n_withdraws, 2);
	ck_assert_str_eq(word->withdraws[1], "city-6");
	ck_assert_str_eq(parse_directive(",\"withdraws\":[\"city-5\"]"), "");
	ck_assert(!message.command.directive.word.has_level);
	end();
}
END_TEST

static const struct {
	const char *fields, *why;
} malformed[] = {
	{"", "level: missing"},
	{",\"level\":\"red\"", "start: missing"},
	{",\"level\":\"blue\",\"start\":\"2013-11-09T07:00:00+08:00\"",
	 "level: not one of the words for it"},
	{",\"withdraws\":[\"a\"],\"start\":\"2013-11-09T07:00:00+08:00\"",
	 "level: missing beside start"},
	{",\"withdraws\":[\"a\"],\"area\":\"x\"", "level: missing beside area"},
	{",\"withdraws\":[]", "withdraws: not a list of 1 to 16 ids"},
	{",\"withdraws\":\"a\"", "withdraws: not a list"},
	{",\"withdraws\":[\"a b\"]", "withdraws: not 1 to 64 of A-Z a-z 0-9 . _ : -"},
	{",\"withdraws\":[1]", "withdraws: not 1 to 64 of A-Z a-z 0-9 . _ : -"},
	{",\"withdraws\":[\"a\"],\"after\":\"\"", "after: not 1 to 64 of A-Z a-z 0-9 . _ : -"},
	{",\"withdraws\":[\"a\"],\"befor\":\"b\"", "unknown key befor"},
};

START_TEST(a_malformed_directive_is_refused_with_the_field)
{
	begin("");
	ck_assert_str_eq(parse_directive(malformed[_i].fields), malformed[_i].why);
	end();
}
END_TEST

START_TEST(an_area_has_room_for_2000_bytes_and_not_for_more)
{
	char fields[3000], area[2002];
	begin("");
	for (int more = 0; more < 2; more++) {
		memset(area, 'x', sizeof(area));
		area[2000 + more] = '\0';
		snprintf(fields, sizeof(fields),
			 ",\"level\":\"red\",\"start\":\"2013-11-09T07:00:00+08:00\","
			 "\"area\":\"%s\"",
			 area);
		ck_assert_str_eq(parse_directive(fields),
				 more ? "area: not a text of 1 to 2000 bytes" : "");
	}
	end();
}
END_TEST

START_TEST(a_release_names_its_directive)
{
	static const char json[] = "{\"id\":\"r-1\",\"issuer\":\"区\","
				   "\"time\":\"2013-11-09T06:00:00+08:00\",\"number\":\"荷1\","
				   "\"level\":\"red\",\"directive\":\"city-7\"}";
	begin("");
	ck_assert(command_parse(COMMAND_RELEASE, json, strlen(json), &conf->plan, &message));
	ck_assert_str_eq(message.command.release.directive, "city-7");
	end();
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("directives");
	TCase *tc = tcase_create("directives");
	tcase_add_test(tc, a_warning_says_what_is_in_force_pending_and_refused);
	tcase_add_test(tc, a_station_that_was_never_told_anything_says_so);
	tcase_add_test(tc, a_summary_is_due_from_the_day_on_which_the_lift_took_effect);
	tcase_add_test(tc, the_fullest_warning_fits_into_one_packet);
	tcase_add_test(tc, a_lean_warning_finds_room_in_a_packet_of_1500_bytes);
	tcase_add_test(tc, every_level_of_a_message_has_its_rank_beside_it);
	tcase_add_test(tc, an_event_finds_room_in_a_packet_of_1500_bytes);
	tcase_add_test(tc, an_event_about_a_directive_carries_it_whole_and_claims_no_basis);
	tcase_add_loop_test(tc,
			    each_kind_of_event_about_a_directive_has_its_words_in_both_languages, 0,
			    (int)(sizeof(spoken) / sizeof(*spoken)));
	tcase_add_test(tc, an_unreleased_directive_waits_for_its_signature_in_words);
	tcase_add_test(tc, a_directive_that_began_on_time_is_told_with_one_time);
	tcase_add_test(tc, a_withdrawn_event_names_the_directive_that_did_it);
	tcase_add_test(tc, the_longest_area_leaves_a_text_whole);
	tcase_add_test(tc, an_advice_that_moves_says_its_new_start);
	tcase_add_test(tc, cuts_of_a_directive_bind_from_the_directive_by_default);
	tcase_add_test(tc, with_binding_from_release_the_level_of_the_newest_slip_binds);
	tcase_add_test(tc, what_a_lift_that_is_not_published_leaves_standing_says_so);
	tcase_add_test(tc, an_order_of_an_overdue_directive_has_no_end_in_the_past);
	tcase_add_test(tc, a_reply_says_in_force_before_and_after_pending_taken_out_and_kept);
	tcase_add_test(tc, a_reply_to_an_older_word_says_than_which);
	tcase_add_test(tc, each_refusal_is_worded);
	tcase_add_test(tc, a_slip_by_another_post_than_the_approver_is_told);
	tcase_add_test(tc, a_directive_may_say_after_whom_it_comes_and_what_it_withdraws);
	tcase_add_loop_test(tc, a_malformed_directive_is_refused_with_the_field, 0,
			    (int)(sizeof(malformed) / sizeof(*malformed)));
	tcase_add_test(tc, an_area_has_room_for_2000_bytes_and_not_for_more);
	tcase_add_test(tc, a_release_names_its_directive);
	suite_add_tcase(suite, tc);
	return suite;
}
