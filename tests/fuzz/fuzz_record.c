/* SPDX-License-Identifier: MIT */
/*
 * Any file as a record of hours: it is refused with problems, or its hours and what is beside the
 * pollutants are in bounds, and its hours can be imported once and, the same again, to no effect.
 */
#include <assert.h>
#include <stdlib.h>

#include "fuzz.h"
#include "fuzz_tables.h"
#include "hours_file.h"
#include "import.h"
#include "models.h"

#define IMPORTED_MAX 40 /* hours of an input */

static const struct edition *the_edition(void)
{
	static struct edition edition;
	if (edition.n_index == 0) {
		edition = models_hj633_2026();
		for (int p = 0; p < POLLUTANT_COUNT; p++)
			edition.bound_milli[p] = 5000000;
	}
	return &edition;
}

static const struct hours_words *the_words(void)
{
	static struct hours_words *words;
	if (!words) {
		char folder[4096];
		struct problems problems = {0};
		snprintf(folder, sizeof(folder), "%s/config", getenv("HAZEWATCH_SOURCE"));
		words = hours_words_load(folder, &problems);
		assert(words);
	}
	return words;
}

static void check_auxiliaries(const struct hours_file *record)
{
	for (int i = 0; i < record->n_auxiliaries; i++) {
		const struct auxiliary_mean *mean = &record->auxiliaries[i];
		const struct auxiliary_info *info = auxiliary_info(mean->auxiliary);
		assert(!mean->known || !mean->calm);
		if (mean->known)
			assert(mean->milli >= info->least_milli && mean->milli <= info->most_milli);
	}
}

static void check_hours(const struct hours_file *record, bool strict)
{
	assert(record->n <= HOURS_FILE_HOURS_MAX);
	int64_t beyond = 0, counted = 0;
	for (int i = 0; i < record->n; i++) {
		const struct hour_values *values = &record->hours[i];
		assert((values->valid & ~record->monitored) == 0);
		for (int p = 0; p < POLLUTANT_COUNT; p++) {
			if (values->valid & 1u << p)
				assert(values->milli[p] >= 0 && values->milli[p] <= 5000000);
		}
		beyond += __builtin_popcount(hours_file_beyond(values, the_edition()));
	}
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		counted += record->beyond[p].n;
	assert((record->step_ms > 0 || beyond == counted) && (!strict || counted == 0));
}

static struct import import_all(struct store *store, const struct hours_file *record)
{
	struct import counts = {.replace = false};
	int imported = 0;
	for (int i = 0; i < record->n && imported < IMPORTED_MAX; i++) {
		const struct hour_values *values = &record->hours[i];
		pollutant_set beyond = hours_file_beyond(values, the_edition());
		imported += (values->valid | beyond) != 0;
		int r = import_hour(store, record->first + i, values, beyond, &counts);
		assert(r == 0);
	}
	return counts;
}

static void check_import(const struct hours_file *record)
{
	struct store *store = fuzz_tables(false);
	int r = store_begin(store);
	struct import once = import_all(store, record), again = import_all(store, record);
	assert(r == 0 && once.changed == 0 && once.same == 0 && once.kept == 0);
	assert(again.same == once.added && again.added == 0 && again.changed == 0);
	store_rollback(store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = {data, size};
	struct problems problems = {0};
	struct hours_file record = {0};
	struct hours_order order = {.edition = the_edition(), .words = the_words()};
	unsigned how = (unsigned)bytes_between(&bytes, 0, 11);
	order.strict = how % 2;
	order.label = (enum hours_label)(how / 2 % 3);
	order.auxiliaries = how % 4 >= 2;
	order.units[POLLUTANT_CO] = how >= 6 ? UNIT_MILLIGRAMS : UNIT_UNSAID;
	order.path = bytes_path(bytes.next, bytes.left);
	int r = hours_file_load(&order, &problems, &record);
	assert(r == 0 || r == HOURS_FILE_E_PROBLEMS);
	assert((r == 0) == (problems.n == 0));
	if (r == 0) {
		assert(record.n > 0 || (order.auxiliaries && record.n_auxiliaries > 0));
		assert(record.monitored != 0 || order.auxiliaries);
		check_auxiliaries(&record);
		check_hours(&record, order.strict);
		check_import(&record);
	}
	problems_done(&problems);
	hours_file_done(&record);
	return 0;
}
