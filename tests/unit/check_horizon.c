/* SPDX-License-Identifier: MIT */
/*
 * The advice when forecasts alternate, end in the midst of smog, or hours turn out false: what
 * keeps a level, what ends it, and what is said to be the reason.
 */
#include <stdio.h>
#include <string.h>

#include "hetang.h"
#include "hour.h"
#include "models.h"
#include "unit.h"
#include "warning.h"

#define H 394344
#define MISSING TIMELINE_UNKNOWN
#define EVENTS_MAX 2000

static struct plan plan;
static struct timeline timeline;
static struct verdict verdict;
static struct advice advice;
static struct event events[EVENTS_MAX];
static int n_events;
static int rounds = 4; /* of random weather */

static void setup(void)
{
	plan = models_hetang();
	memset(&timeline, 0, sizeof(timeline));
	memset(&advice, 0, sizeof(advice));
	n_events = 0;
}

/* One more observed hour, not judged yet. */
static void observe(int daily, int realtime)
{
	timeline_observe(&timeline, timeline.past ? timeline.now + 1 : H,
			 timeline_hour_of(daily, realtime));
}

/* n hours ahead of one source, after what is there already. */
static void foresee(const char *source, int64_t issued, int n, int daily)
{
	int issue = 0;
	while (issue < timeline.n_issues && strcmp(timeline.issues[issue].source, source) != 0)
		issue++;
	if (issue == timeline.n_issues)
		timeline.n_issues++;
	snprintf(timeline.issues[issue].source, FORECAST_TEXT_MAX, "%s", source);
	timeline.issues[issue].issued_ms = issued * HOUR_MS;
	for (int i = 0; i < n; i++) {
		struct timeline_hour hour = timeline_hour_of(daily, daily);
		hour.basis = BASIS_FORECAST;
		hour.issue = (uint8_t)(issue + 1);
		timeline.hours[timeline.past + timeline.ahead++] = hour;
	}
}

static void clear_ahead(void)
{
	timeline.ahead = timeline.n_issues = 0;
}

static void judge(void)
{
	evaluate(&plan, &timeline, &verdict);
	n_events += advice_step(&advice, &verdict, &events[n_events]);
}

static void judge_again(void)
{
	evaluate(&plan, &timeline, &verdict);
	n_events += advice_step_again(&advice, &verdict, REASON_FORECAST, &events[n_events]);
}

/* n observed hours without a forecast. */
static void hours(int n, int daily, int realtime)
{
	for (int i = 0; i < n; i++) {
		observe(daily, realtime);
		judge();
	}
}

static const struct event *newest(void)
{
	ck_assert_int_gt(n_events, 0);
	return &events[n_events - 1];
}

/* Yellow by observed hours, then clean air. */
static void begin_yellow(int clean)
{
	hours(10, 100, 100);
	hours(30, 160, 210);
	ck_assert_int_eq(advice_level(&advice), LEVEL_YELLOW);
	hours(clean, 100, 100);
}

/* ---- the horizon ---- */

START_TEST(smog_at_the_end_of_a_forecast_keeps_a_level_that_would_be_released)
{
	begin_yellow(10);
	observe(100, 100);
	foresee("model", timeline.now, 71, 100);
	foresee("model", timeline.now, 1, 151);
	judge();
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].release.released, TRUTH_TRUE);
	ck_assert_int_eq(advice_level(&advice), LEVEL_YELLOW);
	ck_assert_int_eq(newest()->kind, EVENT_HOLD);
	ck_assert_int_eq(newest()->reason, REASON_BEYOND_HORIZON);
	ck_assert_uint_eq(newest()->undecided, 0);
	timeline.hours[timeline.past + 71].daily_milli = 150 * AQI_MILLI; /* not above it */
	judge_again();
	ck_assert_int_eq(events[n_events - 2].kind, EVENT_RESUME);
	ck_assert_int_eq(events[n_events - 2].reason, REASON_BEYOND_HORIZON);
	ck_assert_int_eq(newest()->kind, EVENT_LIFT);
}
END_TEST

START_TEST(what_lies_beyond_the_horizon_never_raises)
{
	hours(40, 100, 100);
	observe(100, 100);
	foresee("model", timeline.now, 60, 100);
	foresee("model", timeline.now, 12, 400);
	judge();
	ck_assert(verdict.levels[LEVEL_RED].release.beyond_horizon);
	ck_assert_int_eq(n_events, 0);
	ck_assert_int_eq(advice_level(&advice), LEVEL_NONE);
}
END_TEST

START_TEST(a_run_counts_with_the_hours_it_has_and_two_days_at_the_most_after_them)
{
	const struct release_verdict *red = &verdict.levels[LEVEL_RED].release;
	hours(40, 100, 100);
	observe(100, 100);
	foresee("model", timeline.now, 40, 100);
	foresee("model", timeline.now, 1, 201); /* 1 + 48 values are 72 hours */
	judge();
	ck_assert(red->beyond_horizon);
	plan.levels[LEVEL_RED].any[0].parts[0].for_h = 73;
	judge_again();
	ck_assert(!red->beyond_horizon);
	foresee("model", timeline.now, 1, 201);
	judge_again();
	ck_assert(red->beyond_horizon);
	foresee("model", timeline.now, 1, MISSING); /* nothing is known of it: the end is before */
	judge_again();
	ck_assert(red->beyond_horizon);
	foresee("model", timeline.now, 1, 200); /* the run ends within what is known */
	judge_again();
	ck_assert(!red->beyond_horizon);
}
END_TEST

START_TEST(without_hours_ahead_there_is_no_horizon)
{
	hours(10, 100, 100);
	hours(30, 160, 210);
	ck_assert(!verdict.levels[LEVEL_YELLOW].release.beyond_horizon);
	foresee("model", timeline.now, 30, MISSING); /* an issue that is too old */
	judge_again();
	ck_assert(!verdict.levels[LEVEL_YELLOW].release.beyond_horizon);
	clear_ahead();
	hours(36, 100, 100);
	ck_assert_int_eq(advice_level(&advice), LEVEL_NONE);
}
END_TEST

START_TEST(forecasts_that_always_end_at_160_still_let_a_level_lift_after_48_hours)
{
	begin_yellow(0);
	int64_t would_go = 0;
	for (int i = 1; i <= 100 && advice_level(&advice) != LEVEL_NONE; i++) {
		observe(100, 100);
		foresee("model", timeline.now, 60, 100);
		foresee("model", timeline.now, 12, 160);
		judge();
		bool released = verdict.levels[LEVEL_YELLOW].release.released == TRUTH_TRUE;
		if (released && would_go == 0)
			would_go = timeline.now;
	}
	ck_assert_int_eq(newest()->kind, EVENT_LIFT);
	ck_assert_int_eq(newest()->hour - would_go, 48);
	ck_assert_int_eq(newest()->reason, REASON_OBSERVED); /* 36 hours of it by then */
	plan.horizon_hold_h = 0;
	setup();
	plan.horizon_hold_h = 0;
	begin_yellow(0);
	observe(100, 100);
	foresee("model", timeline.now, 60, 100);
	foresee("model", timeline.now, 12, 160);
	judge();
	ck_assert_int_eq(newest()->kind, EVENT_LIFT);
}
END_TEST

/* ---- raised again ---- */

/* A model run every six hours, each hour judged; the runs alternate between smog and clean air. */
static void alternate(int n_hours, int observed)
{
	for (int i = 0; i < n_hours; i++) {
		observe(observed, observed);
		bool smog = i / 6 % 2 == 0;
		foresee("model", timeline.now - i % 6, 72 - i % 6, smog ? 230 : 90);
		judge();
	}
}

START_TEST(model_runs_that_alternate_every_6_hours_do_not_make_three_lifts_in_30_hours)
{
	for (int observed = 60; observed <= 140; observed += 80) {
		setup();
		hours(60, observed, observed);
		n_events = 0;
		alternate(10 * 24, observed);
		int64_t lifts[EVENTS_MAX];
		int n = 0;
		for (int i = 0; i < n_events; i++) {
			if (events[i].kind == EVENT_LIFT)
				lifts[n++] = events[i].hour;
		}
		ck_assert_int_ge(n, 1);
		for (int i = 2; i < n; i++)
			ck_assert_int_gt(lifts[i] - lifts[i - 2], 30);
		for (int i = 1; i < n_events; i++)
			ck_assert_int_eq(events[i].episode, events[0].episode);
	}
}
END_TEST

/* Raised by a forecast, lifted by its next issue, raised again `gap` hours later. */
static void raise_again(int gap)
{
	hours(60, 60, 60);
	observe(60, 60);
	foresee("model", timeline.now, 72, 230);
	judge();
	ck_assert_int_eq(newest()->kind, EVENT_ISSUE);
	observe(60, 60);
	foresee("model", timeline.now, 72, 90);
	judge();
	ck_assert_int_eq(newest()->kind, EVENT_LIFT);
	ck_assert_int_eq(newest()->reason, REASON_FORECAST);
	hours(gap - 1, 60, 60);
	observe(60, 60);
	foresee("model", timeline.now, 72, 230);
	judge();
	ck_assert_int_eq(newest()->kind, EVENT_ISSUE);
}

/* The next hour, with an issue of clean air. */
static void clean_issue(const char *source, int64_t issued)
{
	observe(60, 60);
	foresee(source, issued, 72, 90);
	judge();
}

START_TEST(raised_again_within_24_hours_it_keeps_its_episode)
{
	raise_again(24);
	ck_assert_int_eq(events[2].episode, events[0].episode);
	ck_assert_int_eq(advice.episode, events[0].episode);
	ck_assert(advice.wary);
	setup();
	raise_again(25);
	ck_assert_int_eq(events[2].episode, events[2].hour);
	ck_assert(!advice.wary);
}
END_TEST

START_TEST(raised_again_one_issue_does_not_end_it_and_the_next_of_the_same_source_does)
{
	raise_again(6);
	int64_t issued = timeline.now + 1;
	for (int i = 0; i < 5; i++)
		clean_issue("model", issued); /* hour by hour the same issue */
	ck_assert_int_eq(advice_level(&advice), LEVEL_ORANGE);
	ck_assert_int_eq(newest()->kind, EVENT_HOLD);
	ck_assert_int_eq(newest()->reason, REASON_SECOND_ISSUE);
	foresee("other", timeline.now + 1, 0, 0);
	observe(60, 60);
	foresee("other", timeline.now, 20, 90);
	foresee("model", issued, 52, 90);
	judge(); /* a newer issue, but not of the source that said so first */
	ck_assert_int_eq(advice_level(&advice), LEVEL_ORANGE);
	clean_issue("model", issued + 1);
	ck_assert_int_eq(newest()->kind, EVENT_LIFT);
	ck_assert_int_eq(newest()->reason, REASON_FORECAST);
	ck_assert_str_eq(newest()->issue.source, "model");
	ck_assert_int_eq(newest()->issue.issued_ms, (issued + 1) * HOUR_MS);
}
END_TEST

START_TEST(two_issues_count_in_a_row_only)
{
	raise_again(6);
	clean_issue("model", timeline.now + 1);
	observe(60, 60);
	foresee("model", timeline.now, 72, 230); /* says otherwise */
	judge();
	ck_assert_int_eq(newest()->kind, EVENT_RESUME);
	ck_assert_int_eq(newest()->reason, REASON_SECOND_ISSUE);
	clean_issue("model", timeline.now + 1);
	ck_assert_int_eq(advice_level(&advice), LEVEL_ORANGE);
	clean_issue("model", timeline.now + 1);
	ck_assert_int_eq(advice_level(&advice), LEVEL_NONE);
}
END_TEST

START_TEST(the_first_issue_of_another_source_is_a_first_one_when_the_other_is_gone)
{
	raise_again(6);
	clean_issue("model", timeline.now + 1);
	clean_issue("other", timeline.now + 1);
	ck_assert_int_eq(advice_level(&advice), LEVEL_ORANGE);
	ck_assert_str_eq(advice.said_first.source, "other");
	clean_issue("other", timeline.now + 1);
	ck_assert_int_eq(advice_level(&advice), LEVEL_NONE);
}
END_TEST

START_TEST(thirty_six_observed_hours_since_it_was_raised_need_no_second_issue)
{
	raise_again(6);
	int64_t raised = timeline.now, issued = raised + 1;
	while (advice_level(&advice) != LEVEL_NONE && timeline.now < raised + 60)
		clean_issue("model", issued);
	ck_assert_int_eq(newest()->kind, EVENT_LIFT);
	ck_assert_int_eq(newest()->hour, raised + 36);
	ck_assert_int_eq(newest()->reason, REASON_OBSERVED);
}
END_TEST

START_TEST(once_it_went_down_the_next_time_one_issue_is_enough_again)
{
	raise_again(6);
	clean_issue("model", timeline.now + 1);
	clean_issue("model", timeline.now + 1);
	ck_assert_int_eq(advice_level(&advice), LEVEL_NONE);
	ck_assert(!advice.wary);
	hours(30, 60, 60);
	observe(60, 60);
	foresee("model", timeline.now, 72, 230);
	judge();
	clean_issue("model", timeline.now + 1);
	ck_assert_int_eq(newest()->kind, EVENT_LIFT);
}
END_TEST

/* ---- reasons ---- */

START_TEST(a_lift_by_a_new_forecast_names_it_and_the_hours_that_were_observed)
{
	begin_yellow(10);
	observe(100, 100);
	judge();
	foresee("city", timeline.now, 72, 90);
	judge_again();
	ck_assert_int_eq(newest()->kind, EVENT_LIFT);
	ck_assert_int_eq(newest()->reason, REASON_FORECAST);
	ck_assert_int_eq(newest()->behind_h, 11); /* of 36 */
	ck_assert_str_eq(newest()->issue.source, "city");
	ck_assert_int_eq(newest()->issue.issued_ms, timeline.now * HOUR_MS);
	setup();
	begin_yellow(36);
	ck_assert_int_eq(newest()->kind, EVENT_LIFT);
	ck_assert_int_eq(newest()->reason, REASON_OBSERVED);
	ck_assert_int_eq(newest()->behind_h, 36);
	ck_assert_int_eq(newest()->issue.issued_ms, 0);
}
END_TEST

START_TEST(clean_air_that_was_there_all_along_is_not_why_a_forecast_was_taken_back)
{
	hours(60, 60, 60);
	foresee("city", timeline.now, 72, 230);
	judge_again();
	ck_assert_int_eq(newest()->kind, EVENT_ISSUE);
	ck_assert_str_eq(newest()->issue.source, "city");
	clear_ahead();
	foresee("city", timeline.now + 1, 72, 90);
	judge_again();
	ck_assert_int_eq(newest()->kind, EVENT_LIFT);
	ck_assert_int_eq(newest()->reason, REASON_FORECAST);
	ck_assert_int_eq(newest()->behind_h, 36);
}
END_TEST

START_TEST(a_hold_says_whether_it_is_a_forecast_that_is_wanted)
{
	hours(60, 60, 60);
	foresee("city", timeline.now, 72, 230);
	judge_again();
	clear_ahead();
	observe(60, 60);
	foresee("city", timeline.now - 40, 72, MISSING);
	for (int i = 0; i < timeline.ahead; i++)
		timeline.hours[timeline.past + i].issue = 0;
	judge();
	ck_assert_int_eq(newest()->kind, EVENT_HOLD);
	ck_assert(newest()->waits_for_forecast);
	ck_assert_uint_eq(newest()->undecided, 1u << LEVEL_YELLOW | 1u << LEVEL_ORANGE);
}
END_TEST

/* ---- hours that turn out false ---- */

/* Judges history again with hours from..to unknown: the levels called for since the episode. */
static uint32_t called_without(int from, int to)
{
	static struct timeline again;
	uint32_t called = 0;
	for (int i = from; i <= to; i++)
		timeline.hours[i] = timeline_hour_of(MISSING, MISSING);
	again = timeline;
	again.ahead = again.n_issues = 0;
	for (again.past = 1; again.past <= timeline.past; again.past++) {
		again.now = timeline_label(&timeline, again.past - 1);
		if (again.now < advice.episode)
			continue;
		evaluate(&plan, &again, &verdict);
		for (int l = 1; l <= plan.n_levels; l++)
			called |= verdict.levels[l].called == TRUTH_TRUE ? 1u << l : 0;
	}
	return called;
}

START_TEST(a_level_that_nothing_but_false_hours_called_for_ends_at_once)
{
	hours(60, 60, 60);
	hours(1, 500, 500);
	ck_assert_int_eq(advice_level(&advice), LEVEL_RED);
	hours(3, 500, 500);
	uint32_t false_levels = advice.held & ~called_without(60, 63);
	int n = advice_end(&advice, &verdict, false_levels, REASON_INSTRUMENT, &events[n_events]);
	ck_assert_int_eq(n, 1);
	ck_assert_int_eq(events[n_events].kind, EVENT_LIFT);
	ck_assert_int_eq(events[n_events].reason, REASON_INSTRUMENT);
	ck_assert_int_eq(events[n_events].previous, LEVEL_RED);
	ck_assert_int_eq(events[n_events].hour, timeline.now);
	ck_assert_int_eq(advice.held, 0);
	ck_assert_int_eq(advice.episode, 0);
}
END_TEST

START_TEST(of_a_false_red_over_a_true_yellow_the_yellow_stays)
{
	hours(10, 100, 100);
	hours(30, 160, 210);
	hours(2, 500, 500);
	ck_assert_int_eq(advice_level(&advice), LEVEL_RED);
	uint32_t false_levels = advice.held & ~called_without(40, 41);
	ck_assert_uint_eq(false_levels, 1u << LEVEL_ORANGE | 1u << LEVEL_RED);
	verdict.levels[LEVEL_YELLOW].evidence.run_max = 163; /* the hours as they are now */
	ck_assert_int_eq(advice_end(&advice, &verdict, false_levels, REASON_REVIEW, events), 1);
	ck_assert_int_eq(events[0].kind, EVENT_DOWNGRADE);
	ck_assert_int_eq(events[0].level, LEVEL_YELLOW);
	ck_assert_int_eq(events[0].reason, REASON_REVIEW);
	ck_assert_int_eq(advice.evidence.run_max, 163); /* why yellow is, not red */
	ck_assert_int_eq(advice.evidence.onset, timeline.now);
	ck_assert_int_eq(advice_end(&advice, &verdict, false_levels, REASON_REVIEW, events), 0);
}
END_TEST

START_TEST(an_episode_long_ago_does_not_keep_a_false_level)
{
	hours(10, 100, 100);
	hours(60, 260, 260); /* orange, truly */
	hours(80, 60, 60);
	ck_assert_int_eq(advice_level(&advice), LEVEL_NONE);
	hours(1, 500, 500);
	ck_assert_uint_eq(called_without(150, 150), 0);
}
END_TEST

/* ---- whatever air and forecasts do ---- */

/* A random walk, and forecasts that follow it more or less, of two sources. */
struct weather {
	int daily;
	int64_t issued[2];
	int drift[2], reach[2];
	int64_t dark_until; /* until then every forecast is of clean air that ends in smog */
};

static int step_daily(int daily)
{
	int value = daily + (int)(unit_random() % 51) - 25;
	return value < 20 ? 20 : value > 500 ? 500 : value;
}

static void foresee_random(struct weather *weather, int source)
{
	static const char *const names[] = {"model", "city"};
	if (unit_random() % 6 == 0) {
		weather->issued[source] = timeline.now;
		weather->drift[source] = (int)(unit_random() % 15) - 7;
		weather->reach[source] = (int)(unit_random() % 100);
	}
	if (timeline.now - weather->issued[source] > 12)
		return;
	int n = weather->reach[source] - timeline.ahead, daily = weather->daily;
	for (int i = 0; i < n; i++) {
		daily = step_daily(daily + weather->drift[source]);
		foresee(names[source], weather->issued[source], 1,
			unit_random() % 60 == 0 ? MISSING : daily);
	}
}

static void random_hour(struct weather *weather)
{
	weather->daily = step_daily(weather->daily);
	bool missing = unit_random() % 50 == 0;
	observe(missing ? MISSING : weather->daily, missing ? MISSING : weather->daily + 10);
	clear_ahead();
	if (unit_random() % 150 == 0)
		weather->dark_until = timeline.now + (int64_t)(unit_random() % 120);
	if (timeline.now < weather->dark_until) {
		foresee("model", timeline.now, 40, 90);
		foresee("model", timeline.now, 3, 160 + (int)(unit_random() % 200));
		return;
	}
	foresee_random(weather, 0);
	foresee_random(weather, 1);
}

/* A lift or downgrade that nothing but the rule's words explains. */
static void assert_lowered(const struct advice *before, const struct event *event)
{
	const struct release_verdict *release = &verdict.levels[event->previous].release;
	ck_assert_int_eq(release->released, TRUTH_TRUE);
	bool beyond = release->beyond_horizon && before->beyond_since[event->previous] == 0;
	ck_assert(!beyond);
	bool observed = release->observed == TRUTH_TRUE && verdict.hour - before->since >= 36;
	if (!before->wary || observed || release->issues == 0)
		return;
	ck_assert_int_ne(before->said_first.issued_ms, 0);
	ck_assert_int_ge(event->issue.issued_ms, before->said_first.issued_ms + 1);
}

START_TEST(no_forecast_makes_it_advise_less_than_the_rules_without_horizon_would)
{
	for (int round = 0; round < rounds; round++) {
		struct weather weather = {.daily = 150};
		struct advice plain = {0};
		struct event ignored[WARNING_EVENTS_MAX];
		setup();
		for (int i = 0; i < 500 && n_events < EVENTS_MAX - WARNING_EVENTS_MAX; i++) {
			const struct advice before = advice;
			int n = n_events;
			random_hour(&weather);
			judge();
			for (; n < n_events; n++) {
				if (events[n].kind == EVENT_LIFT ||
				    events[n].kind == EVENT_DOWNGRADE)
					assert_lowered(&before, &events[n]);
			}
			struct verdict as_before = verdict;
			as_before.horizon_hold_h = 0;
			plain.wary = false;
			advice_step(&plain, &as_before, ignored);
			ck_assert_uint_eq(plain.held & ~advice.held, 0);
		}
	}
}
END_TEST

START_TEST(a_level_is_held_beyond_the_horizon_for_48_hours_in_a_row_at_the_most)
{
	for (int round = 0; round < rounds; round++) {
		struct weather weather = {.daily = 150};
		int held[LEVEL_COUNT] = {0};
		setup();
		for (int i = 0; i < 500; i++) {
			random_hour(&weather);
			n_events = 0;
			judge();
			for (int l = LEVEL_YELLOW; l < LEVEL_COUNT; l++) {
				const struct level_verdict *v = &verdict.levels[l];
				bool would_go = v->called == TRUTH_FALSE &&
						v->release.released == TRUTH_TRUE;
				bool waits = would_go && (advice.held & 1u << l) &&
					     advice.hold_reason != REASON_SECOND_ISSUE;
				if (!verdict.bridged)
					held[l] = waits ? held[l] + 1 : 0;
				ck_assert_int_le(held[l], 48);
			}
		}
	}
}
END_TEST

static void setup_slow(void)
{
	setup();
	rounds = 60;
}

static void add_any_air(TCase *tc)
{
	tcase_add_test(tc, no_forecast_makes_it_advise_less_than_the_rules_without_horizon_would);
	tcase_add_test(tc, a_level_is_held_beyond_the_horizon_for_48_hours_in_a_row_at_the_most);
}

static TCase *cases_of(Suite *suite, const char *name)
{
	TCase *tc = tcase_create(name);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, NULL);
	suite_add_tcase(suite, tc);
	return tc;
}

static void add_raised_again(TCase *tc)
{
	tcase_add_test(tc,
		       model_runs_that_alternate_every_6_hours_do_not_make_three_lifts_in_30_hours);
	tcase_add_test(tc, raised_again_within_24_hours_it_keeps_its_episode);
	tcase_add_test(tc,
		       raised_again_one_issue_does_not_end_it_and_the_next_of_the_same_source_does);
	tcase_add_test(tc, two_issues_count_in_a_row_only);
	tcase_add_test(tc, the_first_issue_of_another_source_is_a_first_one_when_the_other_is_gone);
	tcase_add_test(tc, thirty_six_observed_hours_since_it_was_raised_need_no_second_issue);
	tcase_add_test(tc, once_it_went_down_the_next_time_one_issue_is_enough_again);
}

Suite *unit_suite(void)
{
	Suite *suite = suite_create("horizon");
	TCase *tc = cases_of(suite, "horizon");
	tcase_add_test(tc, smog_at_the_end_of_a_forecast_keeps_a_level_that_would_be_released);
	tcase_add_test(tc, what_lies_beyond_the_horizon_never_raises);
	tcase_add_test(tc, a_run_counts_with_the_hours_it_has_and_two_days_at_the_most_after_them);
	tcase_add_test(tc, without_hours_ahead_there_is_no_horizon);
	tcase_add_test(tc, forecasts_that_always_end_at_160_still_let_a_level_lift_after_48_hours);
	add_raised_again(cases_of(suite, "raised again"));
	tc = cases_of(suite, "reasons");
	tcase_add_test(tc, a_lift_by_a_new_forecast_names_it_and_the_hours_that_were_observed);
	tcase_add_test(tc, clean_air_that_was_there_all_along_is_not_why_a_forecast_was_taken_back);
	tcase_add_test(tc, a_hold_says_whether_it_is_a_forecast_that_is_wanted);
	tc = cases_of(suite, "false hours");
	tcase_add_test(tc, a_level_that_nothing_but_false_hours_called_for_ends_at_once);
	tcase_add_test(tc, of_a_false_red_over_a_true_yellow_the_yellow_stays);
	tcase_add_test(tc, an_episode_long_ago_does_not_keep_a_false_level);
	add_any_air(cases_of(suite, "any air"));
	tc = unit_slow_case(suite, 60);
	tcase_add_checked_fixture(tc, setup_slow, NULL);
	add_any_air(tc);
	return suite;
}
