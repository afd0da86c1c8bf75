/* SPDX-License-Identifier: MIT */
#include "models.h"
#include "hetang.h"

#include <string.h>

#define ROWS 8

static void column(struct edition *edition, enum column c, int n, const int conc[ROWS], int above)
{
	struct breakpoints *table = &edition->columns[c];
	table->n = n;
	table->above = above;
	for (int i = 0; i < n; i++)
		table->conc_milli[i] = conc[i] * 1000;
}

/* HJ 633-2012 table 1 */
struct edition models_hj633_2012(void)
{
	struct edition e = {.id = "hj633-2012", .n_index = ROWS};
	const int index[ROWS] = {0, 50, 100, 150, 200, 300, 400, 500};
	for (int i = 0; i < ROWS; i++)
		e.index[i] = index[i];
	column(&e, COLUMN_SO2_24H, 8, (int[ROWS]){0, 50, 150, 475, 800, 1600, 2100, 2620}, 500);
	column(&e, COLUMN_SO2_1H, 5, (int[ROWS]){0, 150, 500, 650, 800}, IAQI_NONE);
	column(&e, COLUMN_NO2_24H, 8, (int[ROWS]){0, 40, 80, 180, 280, 565, 750, 940}, 500);
	column(&e, COLUMN_NO2_1H, 8, (int[ROWS]){0, 100, 200, 700, 1200, 2340, 3090, 3840}, 500);
	column(&e, COLUMN_CO_24H, 8, (int[ROWS]){0, 2, 4, 14, 24, 36, 48, 60}, 500);
	column(&e, COLUMN_CO_1H, 8, (int[ROWS]){0, 5, 10, 35, 60, 90, 120, 150}, 500);
	column(&e, COLUMN_O3_1H, 8, (int[ROWS]){0, 160, 200, 300, 400, 800, 1000, 1200}, 500);
	column(&e, COLUMN_O3_8H, 6, (int[ROWS]){0, 100, 160, 215, 265, 800}, IAQI_NONE);
	column(&e, COLUMN_PM10_24H, 8, (int[ROWS]){0, 50, 150, 250, 350, 420, 500, 600}, 500);
	column(&e, COLUMN_PM25_24H, 8, (int[ROWS]){0, 35, 75, 115, 150, 250, 350, 500}, 500);
	const uint32_t day = 1u << COLUMN_SO2_24H | 1u << COLUMN_NO2_24H | 1u << COLUMN_CO_24H |
			     1u << COLUMN_PM10_24H | 1u << COLUMN_PM25_24H | 1u << COLUMN_O3_8H;
	e.daily = day | 1u << COLUMN_O3_1H;
	e.realtime = 1u << COLUMN_SO2_1H | 1u << COLUMN_NO2_1H | 1u << COLUMN_CO_1H |
		     1u << COLUMN_O3_1H | 1u << COLUMN_PM10_24H | 1u << COLUMN_PM25_24H;
	e.hour_min_minutes = 45;
	e.day_min_hours = 20;
	e.o3_8h_min_hours = 6;
	e.o3_8h_min_means = 14;
	e.o3_1h_min_hours = 20;
	e.round_hours = true;
	e.incomplete_above = -1;
	e.primary_above = 50;
	const int bounds[POLLUTANT_COUNT] = {2000, 6000, 3000, 5000, 200, 1500};
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		e.bound_milli[p] = bounds[p] * 1000;
	const int upto[] = {50, 100, 150, 200, 300, 500};
	e.n_categories = 6;
	for (int i = 0; i < 6; i++)
		e.categories[i].upto = upto[i];
	return e;
}

/* HJ 633-2026 table 3, footnotes, 4.2.2, 5.3.1 */
struct edition models_hj633_2026(void)
{
	struct edition e = models_hj633_2012();
	e.id = "hj633-2026";
	e.columns[COLUMN_PM25_24H].conc_milli[2] = 60000;
	e.columns[COLUMN_PM10_24H].conc_milli[2] = 120000;
	e.columns[COLUMN_SO2_1H].above = 200;
	e.columns[COLUMN_O3_8H].above = 300;
	e.daily &= ~(1u << COLUMN_O3_1H);
	e.round_means = true;
	e.incomplete_above = 100;
	e.lowest = 1;
	return e;
}

static struct plan_part daily_above(int threshold, int for_h)
{
	return (struct plan_part){PLAN_INDEX_DAILY_AQI, false, threshold, for_h};
}

/* The plan of Hetang, 4.1 and 3.2 */
struct plan models_hetang(void)
{
	static const char *const ids[] = {"none", "yellow", "orange", "red"};
	static const char *const names[] = {"", "黄色", "橙色", "红色"};
	struct plan plan = {.id = "hetang-2024",
			    .n_levels = LEVEL_RED,
			    .gap_h = 2,
			    .release_h = 36,
			    .forecast_max_age_h = 36,
			    .forecast_rank = {[FORECAST_BULLETIN] = 1, [FORECAST_MODEL] = 2},
			    .rank_for_h = 12,
			    .horizon_hold_h = 48,
			    .carry_silent = true,
			    .dust_excludes = 1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10};
	const struct plan_exemption exemptions[] = {
		{"emergency-repair", "应急抢险", "emergency repair"},
		{"district-key-project", "区重点工程", "key projects of the district"},
		{"special-process", "特殊工艺", "special processes"},
	};
	plan.n_exemptions = 3;
	memcpy(plan.exemptions, exemptions, sizeof(exemptions));
	struct plan_level *yellow = &plan.levels[LEVEL_YELLOW];
	yellow->n_any = 1;
	yellow->any[0].n_parts = 2;
	yellow->any[0].parts[0] = (struct plan_part){PLAN_INDEX_HOURLY_AQI, false, 200, 1};
	yellow->any[0].parts[1] = daily_above(150, 48);
	struct plan_level *orange = &plan.levels[LEVEL_ORANGE];
	orange->n_any = 1;
	orange->any[0].n_parts = 2;
	orange->any[0].parts[0] = daily_above(150, 72);
	orange->any[0].parts[1] = daily_above(200, 24);
	struct plan_level *red = &plan.levels[LEVEL_RED];
	red->n_any = 2;
	red->any[0].n_parts = 2;
	red->any[0].parts[0] = daily_above(200, 72);
	red->any[0].parts[1] = daily_above(300, 24);
	red->any[1].n_parts = 1;
	red->any[1].parts[0] = (struct plan_part){PLAN_INDEX_DAILY_AQI, true, 500, 24};
	for (int l = LEVEL_YELLOW; l < LEVEL_COUNT; l++) {
		plan_level_prepare(&plan, &plan.levels[l]);
		plan.levels[l].id = plan.levels[l].name_en = ids[l];
		plan.levels[l].name_zh = names[l];
		plan.levels[l].severity = (enum severity)(SEVERITY_MINOR + l);
		for (int e = 0; e < EMISSION_COUNT; e++)
			plan.levels[l].min_cut_pct[e] = 10 * l;
	}
	return plan;
}

const struct plan *models_plan(void)
{
	static struct plan plan;
	plan = models_hetang();
	return &plan;
}
