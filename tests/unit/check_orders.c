/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chains.h"
#include "db.h"
#include "hetang.h"
#include "ordering.h"
#include "outbox_one.h"
#include "station.h"
#include "unit.h"
#include "verify.h"

#define NOW_MS INT64_C(1767225600000)
#define MANY 5000

static struct conf *conf;
static struct store *store;
static struct order_run run;

static void open_store(void)
{
	char dir[256];
	snprintf(dir, sizeof(dir), "%s/orders", unit_tmpdir());
	ck_assert_int_eq(store_open(dir, &store), 0);
	store_use_plan(store, &conf->plan);
	ck_assert_int_eq(orders_run(store, &run), 0);
}

static void setup(void)
{
	conf = station_conf("hj633-2012", "hetang-2024", "");
	open_store();
}

static void teardown(void)
{
	store = store_close(store);
	conf = conf_free(conf);
}

/* As after a kill: whatever was in memory is gone. */
static void restart(void)
{
	store = store_close(store);
	open_store();
	ck_assert_int_eq(outbox_retry_all(store), 0);
}

static struct order_run wanted(int level, int64_t directive, int64_t list)
{
	return (struct order_run){.level = level,
				  .binding = level != LEVEL_NONE,
				  .directive = directive,
				  .since_ms = level == LEVEL_NONE ? 0 : NOW_MS,
				  .list = list,
				  .from_ms = NOW_MS};
}

static int step(const struct order_run *want, int64_t *pause_ms)
{
	const struct payload_head time = {.conf = conf, .time_ms = NOW_MS};
	const struct ordering_wanted all = {
		*want,
		{.level = want->level, .directive = want->directive, .from_ms = want->from_ms}};
	struct ordering_result result;
	ck_assert_int_eq(ordering_step(store, &time, &all, &run, &result), 0);
	*pause_ms = result.pause_ms;
	return result.rows;
}

/* What a broker would have: topic by topic the last retained payload. */
struct broker {
	int n, messages, cleared;
	char (*ids)[SOURCE_ID_MAX];
	char *last; /* 'o' ordered, 'w' withdrawn */
	char *newest;
};

static int slot_of(struct broker *broker, const char *topic)
{
	const char *id = topic + strlen("order/");
	int i = 0;
	while (i < broker->n && strcmp(broker->ids[i], id) != 0)
		i++;
	if (i == broker->n) {
		ck_assert_int_lt(broker->n, 2 * MANY);
		snprintf(broker->ids[broker->n++], SOURCE_ID_MAX, "%s", id);
	}
	return i;
}

static void receive(struct broker *broker, const struct outbox_row *row)
{
	ck_assert_int_eq(strncmp(row->topic, "order/", 6), 0);
	ck_assert(row->retain);
	int i = slot_of(broker, row->topic);
	broker->messages++;
	if (row->payload[0] == '\0') {
		broker->last[i] = 0;
		broker->cleared++;
		return;
	}
	broker->last[i] = strstr(row->payload, "\"withdrawn\":true") ? 'w' : 'o';
	free(broker->newest);
	broker->newest = strdup(row->payload);
}

static void deliver(struct broker *broker)
{
	struct outbox_row rows[100];
	int n;
	do {
		n = 0;
		ck_assert_int_eq(outbox_take(store, 100, rows, &n), 0);
		for (int i = 0; i < n; i++) {
			receive(broker, &rows[i]);
			ck_assert_int_eq(outbox_confirm(store, rows[i].seq), 0);
			outbox_row_done(&rows[i]);
		}
	} while (n > 0);
}

static struct broker broker_new(void)
{
	return (struct broker){.ids = calloc(2 * MANY, SOURCE_ID_MAX), .last = calloc(2 * MANY, 1)};
}

static void broker_done(struct broker *broker)
{
	free(broker->ids);
	free(broker->last);
	free(broker->newest);
}

static int count(const struct broker *broker, char state)
{
	int n = 0;
	for (int i = 0; i < broker->n; i++)
		n += broker->last[i] == state;
	return n;
}

/* Steps and deliveries until there is nothing more to do. */
static void settle(struct broker *broker, const struct order_run *want)
{
	int64_t pause_ms = 1;
	for (int i = 0; pause_ms != 0; i++) {
		ck_assert_int_lt(i, 1000);
		step(want, &pause_ms);
		deliver(broker);
	}
	ck_assert_int_eq(run.phase, ORDERS_DONE);
}

START_TEST(every_source_gets_its_order_and_a_lift_clears_every_topic)
{
	struct broker broker = broker_new();
	station_import(store, 0, 120);
	struct order_run orange = wanted(LEVEL_ORANGE, 1, 1), none = wanted(LEVEL_NONE, 0, 1);
	settle(&broker, &orange);
	ck_assert_int_eq(broker.messages, 120);
	ck_assert_int_eq(count(&broker, 'o'), 120);
	settle(&broker, &none);
	ck_assert_int_eq(broker.messages, 360);
	ck_assert_int_eq(broker.cleared, 120);
	ck_assert_int_eq(count(&broker, 0), 120);
	struct order_counts counts;
	ck_assert_int_eq(orders_counts(store, &counts), 0);
	ck_assert_int_eq(counts.given + counts.withdrawn, 0);
	broker_done(&broker);
}
END_TEST

static void never(void *ctx, const struct outbox_row *row)
{
	(void)ctx;
	ck_abort_msg("%s is still published again", row->topic);
}

START_TEST(a_cleared_topic_is_not_published_again)
{
	struct broker broker = broker_new();
	station_import(store, 0, 3);
	struct order_run red = wanted(LEVEL_RED, 1, 1), none = wanted(LEVEL_NONE, 0, 1);
	settle(&broker, &red);
	settle(&broker, &none);
	ck_assert_int_eq(outbox_each_latest(store, 0, never, NULL), 0);
	broker_done(&broker);
}
END_TEST

/* What a query on state.db gives, its columns joined by '|'. */
static const char *ask(const char *sql)
{
	static char text[512];
	sqlite3_stmt *stmt;
	size_t n = 0;
	text[0] = '\0';
	ck_assert_int_eq(sqlite3_prepare_v2(store->state.handle, sql, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(stmt); i++)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s ",
					      (const char *)sqlite3_column_text(stmt, i));
	}
	sqlite3_finalize(stmt);
	return text;
}

static void follow_deliveries(int expected)
{
	int n = -1;
	ck_assert_int_eq(orders_follow_deliveries(store, NOW_MS + 7, 100, &n), 0);
	ck_assert_int_eq(n, expected);
}

START_TEST(the_log_says_of_each_order_what_became_of_it)
{
	struct broker broker = broker_new();
	int64_t pause_ms;
	struct chain_check checks[VERIFIED_COUNT];
	station_import(store, 0, 1);
	struct order_run yellow = wanted(LEVEL_YELLOW, 1, 1), red = wanted(LEVEL_RED, 2, 1),
			 none = wanted(LEVEL_NONE, 0, 1);
	step(&yellow, &pause_ms);
	follow_deliveries(0);
	deliver(&broker);
	follow_deliveries(1);
	follow_deliveries(0);
	settle(&broker, &red);
	settle(&broker, &none);
	follow_deliveries(0);
	ck_assert_str_eq(
		ask("SELECT kind, level, directive, message FROM order_log ORDER BY number"),
		"issued yellow 1 1 delivered yellow 1 1 changed red 2 2 delivered red 2 2 "
		"withdrawn none 0 3 delivered none 0 3 ");
	ck_assert_str_eq(ask("SELECT number, run, made - 1767225600000 FROM order_log"
			     " WHERE kind = 'delivered' AND level = 'yellow'"),
			 "2 1 7 ");
	ck_assert_int_eq(verify_logs(store, NULL, checks), 0);
	ck_assert_int_eq(checks[VERIFIED_ORDERS].bad, 0);
	ck_assert_int_eq(checks[VERIFIED_ORDERS].rows, 6);
	ask("UPDATE order_log SET kind = 'issued' WHERE number = 4");
	ck_assert_int_eq(verify_logs(store, NULL, checks), 0);
	ck_assert_int_eq(checks[VERIFIED_ORDERS].bad, 4);
	broker_done(&broker);
}
END_TEST

START_TEST(an_order_that_was_replaced_on_its_way_is_not_said_to_be_delivered)
{
	struct outbox_row row;
	int n = 1;
	int64_t pause_ms;
	station_import(store, 0, 1);
	struct order_run yellow = wanted(LEVEL_YELLOW, 1, 1), red = wanted(LEVEL_RED, 2, 1);
	step(&yellow, &pause_ms);
	ck_assert_int_eq(outbox_take(store, 1, &row, &n), 0);
	ck_assert_int_eq(outbox_answer(store, &(struct outbox_answer){.seq = row.seq,
								      .outcome = OUTBOX_ACKED}),
			 0);
	outbox_row_done(&row);
	step(&red, &pause_ms);
	follow_deliveries(0);
	ck_assert_str_eq(ask("SELECT kind, level FROM order_log ORDER BY number"),
			 "issued yellow changed red ");
}
END_TEST

START_TEST(a_topic_is_cleared_only_when_its_withdrawal_was_delivered)
{
	struct broker broker = broker_new();
	int64_t pause_ms = 0;
	station_import(store, 0, 3);
	struct order_run yellow = wanted(LEVEL_YELLOW, 1, 1), none = wanted(LEVEL_NONE, 0, 1);
	settle(&broker, &yellow);
	ck_assert_int_eq(step(&none, &pause_ms), 3);
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(step(&none, &pause_ms), 0);
	ck_assert_int_eq(run.phase, ORDERS_CLEARING);
	ck_assert_int_eq(pause_ms, ORDERING_LOOK_MS);
	deliver(&broker);
	ck_assert_int_eq(count(&broker, 'w'), 3);
	ck_assert_int_eq(step(&none, &pause_ms), 3);
	deliver(&broker);
	ck_assert_int_eq(broker.cleared, 3);
	broker_done(&broker);
}
END_TEST

START_TEST(an_upgrade_replaces_orders_in_the_same_topics)
{
	struct broker broker = broker_new();
	station_import(store, 0, 60);
	struct order_run yellow = wanted(LEVEL_YELLOW, 1, 1), red = wanted(LEVEL_RED, 2, 1);
	settle(&broker, &yellow);
	settle(&broker, &red);
	ck_assert_int_eq(broker.messages, 120);
	ck_assert_int_eq(broker.n, 60);
	ck_assert_ptr_nonnull(strstr(broker.newest, "\"level\":\"red\""));
	ck_assert_ptr_nonnull(strstr(broker.newest, "全部停工"));
	broker_done(&broker);
}
END_TEST

START_TEST(an_upgrade_in_the_middle_of_the_orders_leaves_nobody_with_the_old_level)
{
	struct broker broker = broker_new();
	int64_t pause_ms = 0;
	station_import(store, 0, 130);
	struct order_run yellow = wanted(LEVEL_YELLOW, 1, 1), red = wanted(LEVEL_RED, 2, 1);
	ck_assert_int_eq(step(&yellow, &pause_ms), ORDERING_STEP);
	ck_assert_int_eq(step(&red, &pause_ms), ORDERING_STEP);
	struct outbox_counts counts;
	ck_assert_int_eq(outbox_counts(store, &counts), 0);
	ck_assert_int_eq(counts.pending, ORDERING_STEP); /* yellow was superseded unsent */
	settle(&broker, &red);
	ck_assert_int_eq(broker.messages, 130);
	ck_assert_int_eq(broker.n, 130);
	broker_done(&broker);
}
END_TEST

START_TEST(a_source_that_left_the_list_has_its_order_withdrawn)
{
	struct broker broker = broker_new();
	station_import(store, 0, 5);
	struct order_run before = wanted(LEVEL_ORANGE, 1, 1), after = wanted(LEVEL_ORANGE, 1, 2);
	settle(&broker, &before);
	station_import(store, 2, 5);
	settle(&broker, &after);
	ck_assert_int_eq(count(&broker, 'o'), 5);
	ck_assert_int_eq(count(&broker, 0), 2);
	broker_done(&broker);
}
END_TEST

START_TEST(five_thousand_orders_outlive_a_kill_every_few_steps)
{
	struct broker broker = broker_new();
	int64_t pause_ms = 1;
	station_import(store, 0, MANY);
	struct order_run red = wanted(LEVEL_RED, 7, 1);
	for (int i = 0; pause_ms != 0; i++) {
		ck_assert_int_lt(i, 1000);
		ck_assert_int_le(step(&red, &pause_ms), ORDERING_STEP);
		if (i % 7 == 3)
			restart();
		if (i % 5 == 0)
			deliver(&broker);
	}
	deliver(&broker);
	ck_assert_int_eq(broker.n, MANY);
	ck_assert_int_eq(broker.messages, MANY); /* none lost, none twice */
	ck_assert_int_eq(count(&broker, 'o'), MANY);
	broker_done(&broker);
}
END_TEST

START_TEST(without_a_broker_the_outbox_does_not_fill_with_orders)
{
	int64_t pause_ms = 0;
	station_import(store, 0, 2000);
	struct order_run red = wanted(LEVEL_RED, 7, 1);
	for (int i = 0; i < 40; i++)
		step(&red, &pause_ms);
	struct outbox_counts counts;
	ck_assert_int_eq(outbox_counts(store, &counts), 0);
	ck_assert_int_eq(counts.pending, ORDERING_BACKLOG_MAX);
	ck_assert_int_eq(pause_ms, ORDERING_LOOK_MS);
}
END_TEST

START_TEST(an_order_says_what_to_do_and_names_no_person)
{
	struct broker broker = broker_new();
	station_import(store, 0, 1);
	struct order_run orange = wanted(LEVEL_ORANGE, 4, 1);
	settle(&broker, &orange);
	json_t *json = json_loads(broker.newest, 0, NULL);
	ck_assert_ptr_nonnull(json);
	const char *source, *authority, *level, *measures, *from;
	double cut;
	int binding;
	ck_assert_int_eq(json_unpack(json, "{s:s, s:s, s:b, s:s, s:s, s:s, s:n, s:{s:{s:F}}}",
				     "source", &source, "authority", &authority, "binding",
				     &binding, "level", &level, "measures_zh", &measures, "from",
				     &from, "until", "targets", "pm", "cut_kg_d", &cut),
			 0);
	ck_assert_str_eq(source, "s000000");
	ck_assert_str_eq(authority, "directive");
	ck_assert_str_eq(level, "orange");
	ck_assert_str_eq(measures, "停止土方");
	ck_assert(binding);
	ck_assert_double_eq(cut, 0.5);
	json_decref(json);
	ck_assert_ptr_nonnull(strstr(broker.newest, "\"base_kg_d\":1.001"));
	ck_assert_ptr_nonnull(strstr(broker.newest, "\"site-nrmm\""));
	ck_assert_ptr_null(strstr(broker.newest, "\"ind-cut-20\""));
	ck_assert_ptr_null(strstr(broker.newest, "张某某"));
	ck_assert_ptr_null(strstr(broker.newest, "13800000000"));
	ck_assert_ptr_null(strstr(broker.newest, "示例工地"));
	broker_done(&broker);
}
END_TEST

/* ---- who gets one ---- */

static struct source bare(const char *id, const char *kind)
{
	struct source source = {.id = id,
				.kind = kind,
				.movements = ORDER_UNSAID,
				.old_machines = ORDER_UNSAID,
				.amounts = cuts_source_unsaid()};
	source.name = source.credit_code = source.county = source.town = source.inspector = "";
	source.process = source.key_index = source.person = source.phone = source.park = "";
	source.exempt_as = "";
	source.grade = "A";
	source.control = "protected";
	source.other = "{}";
	for (int level = 0; level < LEVEL_SLOTS; level++)
		source.measures[level] = source.lines[level] = "";
	return source;
}

static void import_these(const struct source *sources, int n)
{
	struct source_list list = {.imported_ms = NOW_MS, .n_sources = n, .file = "mixed.csv"};
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(sources_begin(store, &list), 0);
	for (int i = 0; i < n; i++)
		ck_assert_int_eq(sources_put(store, &list, &sources[i]), 0);
	ck_assert_int_eq(sources_end(store), 0);
	ck_assert_int_eq(store_commit(store), 0);
}

enum { QUIET, WORDED, CUT, MACHINES, TRUCKS, REPAIR, DRIVER, MIXED };

static void import_mixed(void)
{
	struct source s[MIXED] = {
		bare("quiet", "industry"),    bare("worded", "industry"), bare("cut", "industry"),
		bare("machines", "industry"), bare("trucks", "industry"), bare("repair", "spoil"),
		bare("driver", "mobile"),
	};
	s[QUIET].movements = 10;
	s[QUIET].old_machines = 0;
	s[WORDED].measures[LEVEL_YELLOW] = "一号线停产";
	s[WORDED].lines[LEVEL_YELLOW] = "一号线";
	s[WORDED].measures[LEVEL_RED] = "全厂停产";
	s[WORDED].amounts.base_gpd[EMISSION_PM] = 9000;
	s[WORDED].amounts.cut_gpd[LEVEL_YELLOW][EMISSION_PM] = 4000;
	s[CUT].amounts.base_gpd[EMISSION_NOX] = 1000;
	s[CUT].amounts.cut_gpd[LEVEL_YELLOW][EMISSION_NOX] = 0;
	s[CUT].amounts.cut_gpd[LEVEL_ORANGE][EMISSION_NOX] = 500;
	s[MACHINES].old_machines = 2;
	s[TRUCKS].movements = 11;
	s[REPAIR].exempt_as = "emergency-repair";
	import_these(s, MIXED);
}

/* The ids of those who have an order now, in their order of arrival. */
static const char *who(const struct broker *broker)
{
	static char ids[256];
	size_t n = 0;
	ids[0] = '\0';
	for (int i = 0; i < broker->n; i++) {
		if (broker->last[i] == 'o')
			n += (size_t)snprintf(ids + n, sizeof(ids) - n, "%s ", broker->ids[i]);
	}
	return ids;
}

START_TEST(only_who_has_something_to_do_gets_an_order_whatever_its_grade)
{
	struct broker broker = broker_new();
	import_mixed();
	struct order_run yellow = wanted(LEVEL_YELLOW, 1, 1), orange = wanted(LEVEL_ORANGE, 2, 1),
			 red = wanted(LEVEL_RED, 3, 1), none = wanted(LEVEL_NONE, 0, 1);
	settle(&broker, &yellow);
	ck_assert_str_eq(who(&broker), "worded ");
	settle(&broker, &orange);
	ck_assert_str_eq(who(&broker), "worded cut machines trucks ");
	settle(&broker, &red); /* 5.4.3(2): what strengthens the orange measures has no exemption */
	ck_assert_str_eq(who(&broker), "worded cut machines trucks repair ");
	settle(&broker, &yellow); /* what is left of a lower level is withdrawn and cleared */
	ck_assert_str_eq(who(&broker), "worded ");
	ck_assert_int_eq(broker.cleared, 4);
	settle(&broker, &none);
	ck_assert_str_eq(who(&broker), "");
	ck_assert_int_eq(broker.n, 5); /* nothing was ever said to the others */
	broker_done(&broker);
}
END_TEST

/* The newest order of a source at a level. */
static json_t *order_at(int level, int64_t directive)
{
	struct broker broker = broker_new();
	struct order_run run_of = wanted(level, directive, 1);
	settle(&broker, &run_of);
	json_t *json = json_loads(broker.newest, 0, NULL);
	ck_assert_ptr_nonnull(json);
	broker_done(&broker);
	return json;
}

static void assert_order(int level, const char *measures, const char *lines, const char *of)
{
	json_t *json = order_at(level, level);
	double cut;
	ck_assert_int_eq(json_unpack(json, "{s:{s:{s:F}}}", "targets", "pm", "cut_kg_d", &cut), 0);
	ck_assert_pstr_eq(json_string_value(json_object_get(json, "measures_zh")), measures);
	ck_assert_pstr_eq(json_string_value(json_object_get(json, "lines_zh")), lines);
	ck_assert_pstr_eq(json_string_value(json_object_get(json, "measures_level")), of);
	ck_assert_double_eq(cut, 4);
	json_decref(json);
}

START_TEST(the_wording_of_a_level_replaces_that_of_the_lower_one)
{
	struct source source = bare("s", "industry");
	source.measures[LEVEL_YELLOW] = "一号线停产";
	source.lines[LEVEL_YELLOW] = "一号线";
	source.measures[LEVEL_RED] = "全厂停产";
	source.amounts.base_gpd[EMISSION_PM] = 9000;
	source.amounts.cut_gpd[LEVEL_YELLOW][EMISSION_PM] = 4000;
	import_these(&source, 1);
	assert_order(LEVEL_YELLOW, "一号线停产", "一号线", "yellow");
	assert_order(LEVEL_ORANGE, "一号线停产", "一号线", "yellow");
	assert_order(LEVEL_RED, "全厂停产", NULL, "red"); /* not "stop all" beside "line 1" */
}
END_TEST

/* Whether a measure of the plan stands in an order. */
static bool has_measure(json_t *json, const char *id)
{
	size_t i;
	json_t *measure;
	json_array_foreach(json_object_get(json, "plan_measures"), i, measure)
	{
		if (strcmp(json_string_value(json_object_get(measure, "id")), id) == 0)
			return true;
	}
	return false;
}

START_TEST(an_order_has_the_measures_that_are_addressed_to_the_source_alone)
{
	struct source source = bare("s", "industry");
	source.measures[LEVEL_ORANGE] = "停产";
	source.old_machines = 1;
	source.movements = 3;
	import_these(&source, 1);
	json_t *json = order_at(LEVEL_ORANGE, 1);
	ck_assert(has_measure(json, "ind-cut-20"));
	ck_assert(has_measure(json, "ind-nrmm"));
	ck_assert(!has_measure(json, "hgv-iv"));
	ck_assert(!has_measure(json, "any-power-cut")); /* the bureau's duty */
	ck_assert(!has_measure(json, "site-stop"));
	json_decref(json);
}
END_TEST

START_TEST(an_exempt_site_is_not_told_to_stop_and_another_reads_who_is_exempt)
{
	struct source source = bare("s", "building");
	import_these(&source, 1);
	json_t *json = order_at(LEVEL_YELLOW, 1);
	ck_assert(has_measure(json, "site-stop"));
	ck_assert(!has_measure(json, "any-park-sites"));
	char *text = json_dumps(json, 0);
	ck_assert_ptr_nonnull(strstr(text, "（应急抢险、区重点工程、特殊工艺除外）"));
	ck_assert_ptr_nonnull(strstr(text, "(except emergency repair, "));
	free(text);
	json_decref(json);
	source.exempt_as = "special-process";
	source.park = "示例园";
	import_these(&source, 1);
	struct broker broker = broker_new();
	struct order_run yellow = wanted(LEVEL_YELLOW, 1, 2);
	settle(&broker, &yellow);
	json = json_loads(broker.newest, 0, NULL);
	ck_assert(!has_measure(json, "site-stop"));
	ck_assert(has_measure(json, "site-water-more"));
	ck_assert(has_measure(json, "any-park-sites"));
	json_decref(json);
	broker_done(&broker);
}
END_TEST

START_TEST(sources_without_an_order_do_not_make_a_step_longer)
{
	enum { QUIET_ONES = 3 * ORDERING_LOOKED };
	static struct source sources[QUIET_ONES + 1];
	static char ids[QUIET_ONES + 1][16];
	int64_t pause_ms = 0;
	for (int i = 0; i <= QUIET_ONES; i++) {
		snprintf(ids[i], sizeof(ids[i]), "q%06d", i);
		sources[i] = bare(ids[i], "industry");
	}
	sources[QUIET_ONES].measures[LEVEL_YELLOW] = "停产";
	import_these(sources, QUIET_ONES + 1);
	struct order_run yellow = wanted(LEVEL_YELLOW, 1, 1);
	for (int i = 1; i <= 3; i++) {
		ck_assert_int_eq(step(&yellow, &pause_ms), 0);
		ck_assert_str_eq(run.after, ids[i * ORDERING_LOOKED - 1]);
		ck_assert_int_eq(pause_ms, ORDERING_PAUSE_MS);
		restart();
	}
	ck_assert_int_eq(step(&yellow, &pause_ms), 1);
	ck_assert_int_eq(run.phase, ORDERS_WITHDRAWING);
}
END_TEST

START_TEST(advice_gives_orders_only_where_it_is_set_to)
{
	struct advice advice = {.held = 1u << LEVEL_YELLOW, .since = 490000};
	advice.evidence.onset = 490010;
	struct binding_report none = {0},
			      red = {.level = LEVEL_RED, .directive = 3, .from_ms = NOW_MS};
	const struct advice_report report = {.advice = &advice, .now_ms = NOW_MS};
	ck_assert_int_eq(ordering_wanted(&report, &none, 1, false).run.level, LEVEL_NONE);
	struct order_run run_of_advice = ordering_wanted(&report, &none, 1, true).run;
	ck_assert_int_eq(run_of_advice.level, LEVEL_YELLOW);
	ck_assert(!run_of_advice.binding);
	ck_assert_int_eq(run_of_advice.from_ms, INT64_C(490010) * 3600000);
	struct order_run binding = ordering_wanted(&report, &red, 1, true).run;
	ck_assert_int_eq(binding.level, LEVEL_RED);
	ck_assert(binding.binding);
	ck_assert_int_eq(binding.directive, 3);
}
END_TEST

/* Under the timetable, until every order is out; as after a kill. */
static void settle_under(struct broker *broker, const struct timetable *timetable)
{
	const struct binding binding = {.directive = 7, .turn = 1, .level = LEVEL_ORANGE};
	const struct payload_head time = {.conf = conf, .time_ms = NOW_MS};
	const struct advice advice = {0};
	const struct advice_report report = {
		.advice = &advice, .timetable = timetable, .binding = &binding, .now_ms = NOW_MS};
	const struct binding_report binds = report_binding(conf, &report);
	const struct ordering_wanted wanted = ordering_wanted(&report, &binds, 1, false);
	struct ordering_result result = {.pause_ms = 1};
	restart();
	for (int i = 0; result.pause_ms != 0; i++) {
		ck_assert_int_lt(i, 100);
		ck_assert_int_eq(ordering_step(store, &time, &wanted, &run, &result), 0);
		deliver(broker);
	}
}

START_TEST(orders_say_that_their_lift_is_not_published_as_soon_as_it_was_given)
{
	struct timetable timetable = {.n_begun = 1};
	struct source one = bare("s1", "industry");
	struct broker broker = broker_new();
	conf = conf_free(conf);
	conf = station_conf("hj633-2012", "hetang-2024", "binding_from: release\n");
	restart();
	one.measures[LEVEL_ORANGE] = "停产";
	import_these(&one, 1);
	timetable.begun[0] = (struct timetable_entry){.number = 7,
						      .level = LEVEL_ORANGE,
						      .turn = 1,
						      .released = true,
						      .effective_ms = NOW_MS - 3600000};
	settle_under(&broker, &timetable);
	ck_assert_int_eq(broker.messages, 1);
	ck_assert_ptr_nonnull(strstr(broker.newest, "\"lifted\":null"));
	timetable.begun[1] = (struct timetable_entry){
		.number = 8, .level = LEVEL_NONE, .turn = 2, .effective_ms = NOW_MS - 60000};
	timetable.n_begun = 2;
	settle_under(&broker, &timetable);
	ck_assert_int_eq(broker.messages, 2);
	ck_assert_ptr_nonnull(strstr(broker.newest, "\"lifted\":\"not yet published\""));
	settle_under(&broker, &timetable); /* once */
	ck_assert_int_eq(broker.messages, 2);
	timetable.n_begun = 1;
	settle_under(&broker, &timetable);
	ck_assert_ptr_nonnull(strstr(broker.newest, "\"lifted\":null"));
	broker_done(&broker);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("orders");
	TCase *tc = tcase_create("orders");
	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, every_source_gets_its_order_and_a_lift_clears_every_topic);
	tcase_add_test(tc, a_cleared_topic_is_not_published_again);
	tcase_add_test(tc, the_log_says_of_each_order_what_became_of_it);
	tcase_add_test(tc, an_order_that_was_replaced_on_its_way_is_not_said_to_be_delivered);
	tcase_add_test(tc, a_topic_is_cleared_only_when_its_withdrawal_was_delivered);
	tcase_add_test(tc, an_upgrade_replaces_orders_in_the_same_topics);
	tcase_add_test(tc, an_upgrade_in_the_middle_of_the_orders_leaves_nobody_with_the_old_level);
	tcase_add_test(tc, a_source_that_left_the_list_has_its_order_withdrawn);
	tcase_add_test(tc, five_thousand_orders_outlive_a_kill_every_few_steps);
	tcase_add_test(tc, without_a_broker_the_outbox_does_not_fill_with_orders);
	tcase_add_test(tc, an_order_says_what_to_do_and_names_no_person);
	tcase_add_test(tc, only_who_has_something_to_do_gets_an_order_whatever_its_grade);
	tcase_add_test(tc, the_wording_of_a_level_replaces_that_of_the_lower_one);
	tcase_add_test(tc, an_order_has_the_measures_that_are_addressed_to_the_source_alone);
	tcase_add_test(tc, an_exempt_site_is_not_told_to_stop_and_another_reads_who_is_exempt);
	tcase_add_test(tc, sources_without_an_order_do_not_make_a_step_longer);
	tcase_add_test(tc, advice_gives_orders_only_where_it_is_set_to);
	tcase_add_test(tc, orders_say_that_their_lift_is_not_published_as_soon_as_it_was_given);
	suite_add_tcase(suite, tc);
	return suite;
}
