/* SPDX-License-Identifier: MIT */
/* Any file as an edition: it is refused with problems, or every AQI made by it makes sense. */
#include <assert.h>

#include "aqi.h"
#include "conf_rules.h"
#include "fuzz.h"
#include "iaqi.h"

#define MOST_MILLI 600000000
#define HOUR 400000

/* One 24th of a thousandth below row i: what is missing to its index, rounded up. */
static int32_t index_below(const struct edition *edition, const struct breakpoints *table, int i)
{
	if (i == 0)
		return edition->index[0];
	int64_t rise = edition->index[i] - edition->index[i - 1];
	int64_t width = 24 * ((int64_t)table->conc_milli[i] - table->conc_milli[i - 1]);
	return edition->index[i] - (int32_t)(rise / width);
}

static void check_column(const struct edition *edition, enum column column)
{
	const struct breakpoints *table = &edition->columns[column];
	int32_t before = 0;
	assert(table->n >= 2 && table->n <= edition->n_index && table->clause);
	for (int i = 0; i < table->n; i++) {
		struct mean at = {.sum_milli = table->conc_milli[i], .n = 1};
		assert(i > 0 || at.sum_milli == 0);
		assert(iaqi_of(edition, column, at) == edition->index[i]);
		at = (struct mean){.sum_milli = 24 * (int64_t)table->conc_milli[i] - 1, .n = 24};
		assert(iaqi_of(edition, column, at) == index_below(edition, table, i));
		before = edition->index[i];
	}
	struct mean above = {.sum_milli = (int64_t)table->conc_milli[table->n - 1] + 1, .n = 1};
	int32_t top = iaqi_of(edition, column, above);
	assert(top == IAQI_NONE || (top >= before && top <= 500));
}

static void check_aqi(const struct edition *edition, const struct aqi *aqi)
{
	if (!aqi->known && !aqi->publishable)
		return;
	assert(aqi->value >= 0 && aqi->value <= 500);
	assert(aqi->category >= 0 && aqi->category < edition->n_categories);
	assert(aqi->value <= edition->categories[aqi->category].upto);
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		assert(aqi->iaqi[p] <= aqi->value);
}

/* A day of hours at one breakpoint row of every pollutant, or far above all tables. */
static void check_day(const struct edition *edition, int row)
{
	const struct scope scope = {POLLUTANT_ALL, POLLUTANT_ALL};
	struct hour_values values = {.valid = POLLUTANT_ALL};
	struct window window = {0};
	struct aqi aqi;
	for (int c = 0; c < COLUMN_COUNT; c++) {
		const struct breakpoints *table = &edition->columns[c];
		values.milli[column_info((enum column)c)->pollutant] =
			row < table->n ? table->conc_milli[row] : MOST_MILLI;
	}
	for (int64_t hour = HOUR; hour < HOUR + WINDOW_HOURS; hour++)
		window_put(&window, hour, &values);
	aqi_daily(edition, &scope, &window, &aqi);
	check_aqi(edition, &aqi);
	aqi_realtime(edition, &scope, &values, &aqi);
	check_aqi(edition, &aqi);
}

static void check_edition(const struct edition *edition)
{
	assert(edition->id && edition->title_zh && edition->title_en);
	assert(edition->n_index >= 2 && edition->n_index <= BREAKPOINTS_MAX);
	assert(edition->daily != 0 && edition->realtime != 0);
	assert(edition->n_categories >= 1 && edition->n_categories <= CATEGORIES_MAX);
	for (int c = 0; c < COLUMN_COUNT; c++)
		check_column(edition, (enum column)c);
	for (int row = 0; row <= edition->n_index; row++)
		check_day(edition, row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct problems problems = {0};
	struct edition edition;
	struct yaml_file *file = bytes_open(data, size, arena, &problems);
	bool read = file && conf_read_edition(file, &edition);
	assert(read == (problems.n == 0));
	if (read)
		check_edition(&edition);
	yaml_close(file);
	problems_done(&problems);
	arena_free(arena);
	return 0;
}
