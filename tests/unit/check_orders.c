/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void never(void *ctx, const char *topic, int64_t seq, const char *payload)
{
	(void)ctx, (void)seq, (void)payload;
	ck_abort_msg("%s is still published again", topic);
}

START_TEST(a_cleared_topic_is_not_published_again)
{
	struct broker broker = broker_new();
	station_import(store, 0, 3);
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
	suite_add_tcase(suite, tc);
	return suite;
}
