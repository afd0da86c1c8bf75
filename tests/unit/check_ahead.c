/* SPDX-License-Identifier: MIT */
/* Several sources of forecasts: which issue speaks of which hour. */
#include "ahead.h"

#include <stdio.h>
#include <string.h>

#include "hour.h"
#include "models.h"
#include "unit.h"

#define H INT64_C(394336) /* 24:00 of a day in Beijing: (H + 8) % 24 == 0 */
#define NOBODY 0

static struct edition edition;
static struct plan plan;
static const struct scope scope = {POLLUTANT_ALL, 1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10};
static struct forecasts forecasts;
static struct forecast forecast;
static struct timeline timeline;
static struct window window;

/* A day of PM2.5 at 20 ug/m3 is behind. */
static void setup(void)
{
	edition = models_hj633_2012();
	plan = models_hetang();
	memset(&forecasts, 0, sizeof(forecasts));
	memset(&timeline, 0, sizeof(timeline));
	memset(&window, 0, sizeof(window));
	for (int64_t hour = H - 23; hour <= H; hour++) {
		struct hour_values values = {.valid = 1u << POLLUTANT_PM25};
		values.milli[POLLUTANT_PM25] = 20000;
		window_put(&window, hour, &values);
		timeline_observe(&timeline, hour, timeline_hour_of(29, 29));
	}
}

static void begin(const char *source, enum forecast_kind kind, int64_t issued)
{
	memset(&forecast, 0, sizeof(forecast));
	snprintf(forecast.source, sizeof(forecast.source), "%s", source);
	forecast.kind = kind;
	forecast.form = FORECAST_HOURLY_AQI;
	forecast.issued_ms = issued * HOUR_MS;
}

static void add_hours(int64_t first, int64_t last, int aqi)
{
	for (int64_t hour = first; hour <= last; hour++)
		forecast.steps[forecast.n++] =
			(struct forecast_step){.hour = hour, .aqi_min = aqi, .aqi_max = aqi};
}

/* Hourly AQIs from first to last hour, taken at once. */
static void take(const char *source, enum forecast_kind kind, int64_t issued, int64_t last, int aqi)
{
	begin(source, kind, issued);
	add_hours(H + 1, last, aqi);
	ck_assert_int_eq(forecasts_take(&forecasts, &forecast, H), FORECASTS_TAKEN);
}

static void join(int first)
{
	const struct forecast_use use = {
		.edition = &edition, .plan = &plan, .scope = &scope, .first = first};
	forecast_join(&use, &forecasts, &window, &timeline);
}

/* The source that speaks of the i-th hour ahead; "" if nobody does. */
static const char *speaks(int i)
{
	ck_assert_int_le(i, timeline.ahead);
	int issue = timeline.hours[timeline.past - 1 + i].issue;
	return issue == NOBODY ? "" : timeline.issues[issue - 1].source;
}

static int realtime(int i)
{
	return timeline.hours[timeline.past - 1 + i].realtime_milli / AQI_MILLI;
}

START_TEST(the_newest_issue_of_each_source_is_kept)
{
	take("a", FORECAST_MODEL, H - 6, H + 48, 110);
	take("b", FORECAST_MODEL, H - 5, H + 24, 120);
	take("a", FORECAST_MODEL, H - 4, H + 12, 130); /* replaces the first whole */
	ck_assert_int_eq(forecasts.n, 2);
	begin("a", FORECAST_MODEL, H - 5);
	add_hours(H + 1, H + 99, 300);
	ck_assert_int_eq(forecasts_take(&forecasts, &forecast, H), FORECASTS_OLDER);
	join(FORECASTS_BY_RANK);
	ck_assert_int_eq(timeline.ahead, 24);
	ck_assert_int_eq(realtime(12), 130);
	ck_assert_int_eq(realtime(13), 120);
}
END_TEST

START_TEST(a_source_too_many_waits_until_another_has_no_hour_ahead)
{
	char name[16];
	for (int i = 0; i < FORECAST_SOURCES_MAX; i++) {
		snprintf(name, sizeof(name), "s%d", i);
		take(name, FORECAST_MODEL, H, H + 10 + i, 100);
	}
	begin("late", FORECAST_MODEL, H);
	add_hours(H + 1, H + 90, 100);
	ck_assert_int_eq(forecasts_take(&forecasts, &forecast, H + 9), FORECASTS_FULL);
	ck_assert_int_eq(forecasts_take(&forecasts, &forecast, H + 10), FORECASTS_TAKEN);
	ck_assert_str_eq(forecasts.of[0].source, "late");
	ck_assert_int_eq(forecasts.n, FORECAST_SOURCES_MAX);
}
END_TEST

START_TEST(where_sources_overlap_their_kind_decides_and_further_on_who_reaches_there)
{
	take("model", FORECAST_MODEL, H, H + 90, 110);
	take("bulletin", FORECAST_BULLETIN, H - 3, H + 48, 120);
	take("meeting", FORECAST_CONSULTATION, H - 9, H + 24, 130);
	join(FORECASTS_BY_RANK);
	ck_assert_int_eq(timeline.ahead, 90);
	ck_assert_str_eq(speaks(1), "meeting");
	ck_assert_str_eq(speaks(24), "meeting");
	ck_assert_str_eq(speaks(25), "bulletin");
	ck_assert_str_eq(speaks(48), "bulletin");
	ck_assert_str_eq(speaks(49), "model");
	ck_assert_uint_eq(timeline_issues(&timeline, timeline.past, timeline.past + 23), 1u << 2);
	ck_assert_int_eq(timeline_newest_issue(&timeline, 7), 0);
	ck_assert_int_eq(timeline_newest_issue(&timeline, 6), 1);
	ck_assert_int_eq(timeline_newest_issue(&timeline, 0), -1);
	plan.forecast_rank[FORECAST_MODEL] = -1; /* another plan's order */
	join(FORECASTS_BY_RANK);
	ck_assert_str_eq(speaks(1), "model");
	join(1); /* whatever the order */
	ck_assert_str_eq(speaks(1), "bulletin");
	ck_assert_str_eq(speaks(49), "model");
}
END_TEST

START_TEST(a_rank_counts_among_issues_at_most_12_h_older_than_the_newest_that_covers_the_hour)
{
	take("model", FORECAST_MODEL, H, H + 24, 110);
	take("meeting", FORECAST_CONSULTATION, H - 12, H + 72, 130);
	join(FORECASTS_BY_RANK);
	ck_assert_str_eq(speaks(1), "meeting");
	take("model", FORECAST_MODEL, H + 1, H + 24, 110); /* 13 h newer */
	join(FORECASTS_BY_RANK);
	ck_assert_str_eq(speaks(1), "model");
	ck_assert_str_eq(speaks(25), "meeting"); /* where it is the newest */
	plan.rank_for_h = 13;
	join(FORECASTS_BY_RANK);
	ck_assert_str_eq(speaks(1), "meeting");
}
END_TEST

START_TEST(an_hour_that_a_forecast_leaves_out_is_another_ones)
{
	begin("meeting", FORECAST_CONSULTATION, H);
	add_hours(H + 1, H + 4, 130);
	add_hours(H + 9, H + 12, 130);
	forecasts_take(&forecasts, &forecast, H);
	begin("model", FORECAST_MODEL, H);
	add_hours(H + 3, H + 7, 110);
	forecasts_take(&forecasts, &forecast, H);
	join(FORECASTS_BY_RANK);
	ck_assert_str_eq(speaks(4), "meeting");
	ck_assert_str_eq(speaks(5), "model");
	ck_assert_str_eq(speaks(8), "");
	ck_assert_str_eq(speaks(9), "meeting");
	ck_assert_int_eq(timeline.hours[timeline.past + 7].realtime_milli, TIMELINE_UNKNOWN);
}
END_TEST

START_TEST(a_concentration_that_no_air_can_have_leaves_the_hour_to_another_source)
{
	begin("meeting", FORECAST_CONSULTATION, H);
	forecast.form = FORECAST_CONCENTRATIONS;
	for (int i = 1; i <= 6; i++) {
		forecast.steps[forecast.n] = (struct forecast_step){.hour = H + i};
		forecast.steps[forecast.n].values.valid = 1u << POLLUTANT_PM25;
		forecast.steps[forecast.n++].values.milli[POLLUTANT_PM25] =
			i == 3 ? 2000001 : 75000;
	}
	forecasts_take(&forecasts, &forecast, H);
	take("model", FORECAST_MODEL, H, H + 6, 110);
	join(FORECASTS_BY_RANK);
	ck_assert_str_eq(speaks(2), "meeting");
	ck_assert_int_eq(realtime(2), 100);
	ck_assert_str_eq(speaks(3), "model");
}
END_TEST

START_TEST(a_window_with_hours_of_both_forms_is_a_mean_of_aqis_until_the_last_of_them_leaves_it)
{
	begin("model", FORECAST_MODEL, H);
	forecast.form = FORECAST_CONCENTRATIONS;
	for (int i = 1; i <= 72; i++) {
		forecast.steps[forecast.n] = (struct forecast_step){.hour = H + i};
		forecast.steps[forecast.n].values.valid = 1u << POLLUTANT_PM25;
		forecast.steps[forecast.n++].values.milli[POLLUTANT_PM25] = 75000; /* 100 */
	}
	forecasts_take(&forecasts, &forecast, H);
	begin("meeting", FORECAST_CONSULTATION, H);
	add_hours(H + 30, H + 30, 340);
	forecasts_take(&forecasts, &forecast, H);
	join(FORECASTS_BY_RANK);
	const struct timeline_hour *now = &timeline.hours[timeline.past - 1];
	ck_assert_int_eq(now[29].daily_milli, 100000);
	ck_assert_int_eq(now[29].basis, BASIS_FORECAST);
	ck_assert_int_eq(now[30].daily_milli, 110000); /* (23 * 100 + 340) / 24 */
	ck_assert_int_eq(now[30].basis, BASIS_FORECAST_AQI);
	ck_assert_int_eq(now[53].daily_milli, 110000);
	ck_assert_int_eq(now[53].basis, BASIS_FORECAST_AQI);
	ck_assert_int_eq(now[54].daily_milli, 100000);
	ck_assert_int_eq(now[54].basis, BASIS_FORECAST);
}
END_TEST

START_TEST(an_issue_that_is_too_old_leaves_unknown_hours_unless_one_came_after_it)
{
	take("meeting", FORECAST_CONSULTATION, H - 37, H + 90, 130);
	join(FORECASTS_BY_RANK);
	ck_assert_int_eq(timeline.ahead, 90);
	ck_assert_str_eq(speaks(1), "");
	take("model", FORECAST_MODEL, H - 2, H + 24, 110);
	join(FORECASTS_BY_RANK);
	ck_assert_int_eq(timeline.ahead, 24);
	ck_assert_str_eq(speaks(1), "model");
	for (int i = 0; i < FORECAST_SOURCES_MAX; i++)
		forecasts.of[i].issued_ms -= 36 * HOUR_MS; /* both too old */
	join(FORECASTS_BY_RANK);
	ck_assert_int_eq(timeline.ahead, 90);
	ck_assert_str_eq(speaks(24), "");
}
END_TEST

START_TEST(an_hour_ahead_is_the_running_one_or_a_later_one)
{
	begin("model", FORECAST_MODEL, H);
	ck_assert(!forecast_reaches(&forecast, H));
	add_hours(H - 3, H, 100);
	ck_assert(!forecast_reaches(&forecast, H));
	add_hours(H + 1, H + 1, 100);
	ck_assert(forecast_reaches(&forecast, H));
}
END_TEST

/* ---- any sources ---- */

static void take_random(int source)
{
	char name[16];
	snprintf(name, sizeof(name), "s%d", source);
	begin(name, (enum forecast_kind)(unit_random() % FORECAST_KIND_COUNT),
	      H - (int64_t)(unit_random() % 45));
	for (int64_t hour = H - 2; hour < H + 60; hour++) {
		if (unit_random() % 20 == 0)
			hour += (int64_t)(unit_random() % 12);
		add_hours(hour, hour, (int)(unit_random() % 501));
		if (unit_random() % 50 == 0)
			break;
	}
	forecasts_take(&forecasts, &forecast, H);
}

/* By the words of the rule, without regard to time: the name of the source that counts. */
static const char *expected_source(int64_t hour)
{
	const struct forecast *best = NULL;
	int64_t newest = 0;
	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < forecasts.n; i++) {
			const struct forecast *f = &forecasts.of[i];
			bool covers = false;
			for (int s = 0; s < f->n; s++)
				covers = covers || f->steps[s].hour == hour;
			if (!covers || f->issued_ms < (H - 36) * HOUR_MS)
				continue;
			if (pass == 0) {
				newest = f->issued_ms > newest ? f->issued_ms : newest;
				continue;
			}
			if (f->issued_ms < newest - 12 * HOUR_MS)
				continue;
			int rank = plan.forecast_rank[f->kind];
			int best_rank = best ? plan.forecast_rank[best->kind] : 99;
			if (rank < best_rank ||
			    (rank == best_rank && f->issued_ms > best->issued_ms) ||
			    (rank == best_rank && f->issued_ms == best->issued_ms &&
			     strcmp(f->source, best->source) < 0))
				best = f;
		}
	}
	return best ? best->source : "";
}

START_TEST(each_hour_is_the_words_of_the_rule_whatever_the_order_in_which_issues_came)
{
	static struct forecasts turned;
	static struct timeline first;
	for (int round = 0; round < 200; round++) {
		setup();
		for (int i = 0; i < 2 + (int)(unit_random() % 10); i++)
			take_random((int)(unit_random() % FORECAST_SOURCES_MAX));
		join(FORECASTS_BY_RANK);
		for (int i = 1; i <= timeline.ahead; i++)
			ck_assert_str_eq(speaks(i), expected_source(H + i));
		first = timeline;
		turned.n = forecasts.n;
		for (int i = 0; i < forecasts.n; i++)
			turned.of[i] = forecasts.of[forecasts.n - 1 - i];
		forecasts = turned;
		join(FORECASTS_BY_RANK);
		ck_assert_int_eq(timeline.ahead, first.ahead);
		for (int i = timeline.past; i < timeline.past + timeline.ahead; i++) {
			ck_assert_int_eq(timeline.hours[i].daily_milli, first.hours[i].daily_milli);
			ck_assert_int_eq(timeline.hours[i].realtime_milli,
					 first.hours[i].realtime_milli);
		}
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("ahead");
	TCase *tc = tcase_create("ahead");
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, the_newest_issue_of_each_source_is_kept);
	tcase_add_test(tc, a_source_too_many_waits_until_another_has_no_hour_ahead);
	tcase_add_test(tc,
		       where_sources_overlap_their_kind_decides_and_further_on_who_reaches_there);
	tcase_add_test(
		tc,
		a_rank_counts_among_issues_at_most_12_h_older_than_the_newest_that_covers_the_hour);
	tcase_add_test(tc, an_hour_that_a_forecast_leaves_out_is_another_ones);
	tcase_add_test(tc, a_concentration_that_no_air_can_have_leaves_the_hour_to_another_source);
	tcase_add_test(
		tc,
		a_window_with_hours_of_both_forms_is_a_mean_of_aqis_until_the_last_of_them_leaves_it);
	tcase_add_test(tc, an_issue_that_is_too_old_leaves_unknown_hours_unless_one_came_after_it);
	tcase_add_test(tc, an_hour_ahead_is_the_running_one_or_a_later_one);
	tcase_add_test(tc,
		       each_hour_is_the_words_of_the_rule_whatever_the_order_in_which_issues_came);
	suite_add_tcase(suite, tc);
	return suite;
}
