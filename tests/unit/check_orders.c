/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "engine.h"
#include "full_disk.h"
#include "log.h"
#include "ordering.h"
#include "outbox.h"
#include "station.h"
#include "unit.h"

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

static void import_list(int first, int n)
{
	struct source_list list = {.imported_ms = NOW_MS, .n_sources = n, .file = "list.csv"};
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

static struct order_run wanted(enum level level, int64_t directive, int64_t list)
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
	struct ordering_result result;
	ck_assert_int_eq(ordering_step(store, &time, want, &run, &result), 0);
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
	import_list(0, 120);
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

static void never(void *ctx, const char *topic, int64_t seq, const char *payload)
{
	(void)ctx, (void)seq, (void)payload;
	ck_abort_msg("%s is still published again", topic);
}

START_TEST(a_cleared_topic_is_not_published_again)
{
	struct broker broker = broker_new();
	import_list(0, 3);
	struct order_run red = wanted(LEVEL_RED, 1, 1), none = wanted(LEVEL_NONE, 0, 1);
	settle(&broker, &red);
	settle(&broker, &none);
	ck_assert_int_eq(outbox_each_latest(store, never, NULL), 0);
	broker_done(&broker);
}
END_TEST

START_TEST(a_topic_is_cleared_only_when_its_withdrawal_was_delivered)
{
	struct broker broker = broker_new();
	int64_t pause_ms = 0;
	import_list(0, 3);
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
	import_list(0, 60);
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
	import_list(0, 130);
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
	import_list(0, 5);
	struct order_run before = wanted(LEVEL_ORANGE, 1, 1), after = wanted(LEVEL_ORANGE, 1, 2);
	settle(&broker, &before);
	import_list(2, 5);
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
	import_list(0, MANY);
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
	import_list(0, 2000);
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
	import_list(0, 1);
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

START_TEST(advice_gives_orders_only_where_it_is_set_to)
{
	struct advice advice = {.held = 1u << LEVEL_YELLOW, .since = 490000};
	advice.evidence.onset = 490010;
	struct directive lines = {.number = 3, .level = LEVEL_RED, .start_ms = NOW_MS};
	struct advice_report report = {.advice = &advice, .now_ms = NOW_MS};
	ck_assert_int_eq(ordering_wanted(&report, 1, false).level, LEVEL_NONE);
	struct order_run run_of_advice = ordering_wanted(&report, 1, true);
	ck_assert_int_eq(run_of_advice.level, LEVEL_YELLOW);
	ck_assert(!run_of_advice.binding);
	ck_assert_int_eq(run_of_advice.from_ms, INT64_C(490010) * 3600000);
	report.in_force = &lines;
	struct order_run binding = ordering_wanted(&report, 1, true);
	ck_assert_int_eq(binding.level, LEVEL_RED);
	ck_assert(binding.binding);
	ck_assert_int_eq(binding.directive, 3);
}
END_TEST

/* ---- through the engine, on a disk that is full for a while ---- */

static struct engine *engine;
static int64_t now_ms;

static void say(void *ctx, const char *topic, bool retain, char *payload)
{
	(void)ctx, (void)topic, (void)retain;
	free(payload);
}

static void look(void *ctx)
{
	(void)ctx;
}

static void silence(enum log_level level, const char *line)
{
	(void)level, (void)line;
}

static void begin_engine(void)
{
	const struct engine_env env = {NULL, say, look};
	now_ms = NOW_MS;
	log_capture(silence);
	store_keep(store, 1 << 20);
	stand_before_the_disk();
	ck_assert_int_eq(engine_new(conf, store, "boot", &env, &engine), 0);
}

static void direct(const char *id, enum level level)
{
	struct command_answer answer;
	struct command command = {.kind = COMMAND_DIRECTIVE,
				  .issuer = "city",
				  .time_ms = now_ms,
				  .json = "{}",
				  .directive = {.level = level, .start_ms = now_ms}};
	snprintf(command.id, sizeof(command.id), "%s", id);
	ck_assert_int_eq(engine_command(engine, &command, now_ms, TIME_SYNCHRONISED, &answer), 0);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
}

static void let_pass_s(int s)
{
	for (int i = 0; i < s * 1000 / ORDERING_PAUSE_MS; i++) {
		now_ms += ORDERING_PAUSE_MS;
		engine_advance(engine, now_ms, TIME_SYNCHRONISED);
	}
}

static int64_t ask(const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	ck_assert_int_eq(sqlite3_prepare_v2(store->state.handle, sql, -1, &stmt, NULL), SQLITE_OK);
	int64_t value = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : -1;
	sqlite3_finalize(stmt);
	return value;
}

static int64_t waiting(const char *level)
{
	char sql[200];
	snprintf(sql, sizeof(sql),
		 "SELECT count(*) FROM outbox WHERE topic LIKE 'order/%%' AND payload LIKE"
		 " '%%\"level\":\"%s\"%%'",
		 level);
	return ask(sql);
}

static void fill_the_disk(void)
{
	disk_is_full = true;
	let_pass_s(60); /* the minute's rows find it full */
}

static void free_the_disk(void)
{
	disk_is_full = false;
	ck_assert_int_eq(store_recover(store), 0);
	ck_assert(!store_is_volatile(store));
}

START_TEST(orders_wait_while_the_database_is_in_memory_and_say_the_newest_level_afterwards)
{
	import_list(0, 120);
	begin_engine();
	direct("d-1", LEVEL_ORANGE);
	let_pass_s(1);
	int64_t before = waiting("orange");
	ck_assert_int_gt(before, 0);
	disk_is_full = true;
	direct("d-2", LEVEL_RED);
	ck_assert(store_is_volatile(store));
	int64_t in_memory = ask("SELECT count(*) FROM outbox WHERE topic LIKE 'order/%'");
	let_pass_s(600);
	ck_assert(store_is_volatile(store));
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox WHERE topic LIKE 'order/%'"), in_memory);
	ck_assert_int_eq(waiting("red"), 0);
	free_the_disk();
	let_pass_s(30);
	ck_assert_int_eq(waiting("red"), 120);
	ck_assert_int_eq(waiting("orange"), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM orders WHERE withdrawn = 0"), 120);
	engine = engine_free(engine);
}
END_TEST

START_TEST(a_lift_while_the_database_is_in_memory_withdraws_the_orders_when_the_disk_works)
{
	import_list(0, 60);
	begin_engine();
	direct("d-1", LEVEL_YELLOW);
	let_pass_s(10);
	ck_assert_int_eq(waiting("yellow"), 60);
	fill_the_disk();
	direct("d-2", LEVEL_NONE);
	ck_assert(store_is_volatile(store));
	let_pass_s(60);
	ck_assert_int_eq(
		ask("SELECT count(*) FROM outbox WHERE payload LIKE '%\"withdrawn\":true%'"), 0);
	free_the_disk();
	let_pass_s(30);
	ck_assert_int_eq(ask("SELECT count(*) FROM orders WHERE withdrawn = 1"), 60);
	ck_assert_int_eq(
		ask("SELECT count(*) FROM outbox WHERE payload LIKE '%\"withdrawn\":true%'"), 60);
	engine = engine_free(engine);
}
END_TEST

START_TEST(a_step_of_orders_that_finds_the_disk_full_is_neither_lost_nor_repeated)
{
	import_list(0, 120);
	begin_engine();
	direct("d-1", LEVEL_ORANGE);
	let_pass_s(1);
	disk_is_full = true; /* the next step is the first to notice */
	let_pass_s(1);
	free_the_disk();
	let_pass_s(30);
	ck_assert_int_eq(waiting("orange"), 120);
	ck_assert_int_eq(ask("SELECT count(DISTINCT topic) FROM outbox WHERE topic LIKE 'order/%'"),
			 120);
	engine = engine_free(engine);
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
	tcase_add_test(tc, a_topic_is_cleared_only_when_its_withdrawal_was_delivered);
	tcase_add_test(tc, an_upgrade_replaces_orders_in_the_same_topics);
	tcase_add_test(tc, an_upgrade_in_the_middle_of_the_orders_leaves_nobody_with_the_old_level);
	tcase_add_test(tc, a_source_that_left_the_list_has_its_order_withdrawn);
	tcase_add_test(tc, five_thousand_orders_outlive_a_kill_every_few_steps);
	tcase_add_test(tc, without_a_broker_the_outbox_does_not_fill_with_orders);
	tcase_add_test(tc, an_order_says_what_to_do_and_names_no_person);
	tcase_add_test(tc, advice_gives_orders_only_where_it_is_set_to);
	tcase_add_test(
		tc,
		orders_wait_while_the_database_is_in_memory_and_say_the_newest_level_afterwards);
	tcase_add_test(
		tc,
		a_lift_while_the_database_is_in_memory_withdraws_the_orders_when_the_disk_works);
	tcase_add_test(tc, a_step_of_orders_that_finds_the_disk_full_is_neither_lost_nor_repeated);
	suite_add_tcase(suite, tc);
	return suite;
}
