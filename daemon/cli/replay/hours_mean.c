/* SPDX-License-Identifier: MIT */
#include "hours_mean.h"

#include <stdlib.h>

#include "hour.h"
#include "log.h"

#define STEPS_MAX 32 /* that are told apart */

int64_t hours_step(const struct hours_row *rows, int n)
{
	struct {
		int64_t ms;
		int n;
	} steps[STEPS_MAX] = {{0, 0}};
	int known = 0, most = -1;
	for (int i = 1; i < n; i++) {
		int64_t ms = rows[i].ms - rows[i - 1].ms;
		int at = 0;
		while (at < known && steps[at].ms != ms)
			at++;
		if (ms <= 0 || at == STEPS_MAX)
			continue;
		if (at == known)
			steps[known++].ms = ms;
		steps[at].n++;
	}
	for (int i = 0; i < known; i++) {
		if (most < 0 || steps[i].n > steps[most].n)
			most = i;
	}
	return most < 0 ? HOUR_MS : steps[most].ms;
}

static int64_t begin_of(int64_t ms, int32_t step_ms, enum hours_label label)
{
	return label == LABEL_END ? ms - step_ms : ms;
}

int64_t hours_label_of(int64_t ms, int32_t step_ms, enum hours_label label)
{
	return hour_of_ms(begin_of(ms, step_ms, label));
}

struct averager {
	struct hour *now, *before;
	bool open;
	const struct edition *edition;
	struct hours_file *file;
	enum pollutant pollutant;
};

static void close_hour(struct averager *averager)
{
	struct hour_mean mean;
	struct hour_values *values;
	int64_t label = averager->now->hour;
	hour_mean(averager->now, label * HOUR_MS, averager->edition->hour_min_minutes * MINUTE_MS,
		  &mean);
	values = &averager->file->hours[label - averager->file->first];
	if (!mean.valid)
		return;
	values->valid |= 1u << averager->pollutant;
	values->milli[averager->pollutant] = mean.mean_milli;
}

/* The hour of a label is open; the one before closes, and what it had last may hold on. */
static void open_hour(struct averager *averager, int64_t label, int32_t step_ms)
{
	if (averager->open && averager->now->hour == label)
		return;
	bool follows = averager->open && averager->now->hour + 1 == label;
	if (averager->open)
		close_hour(averager);
	struct hour *closed = averager->now;
	averager->now = averager->before;
	averager->before = closed;
	hour_begin(averager->now, label, step_ms, follows ? closed : NULL);
	averager->open = true;
}

void hours_average(const struct hours_series *series, struct hours_file *ret)
{
	struct averager averager = {.now = calloc(1, sizeof(struct hour)),
				    .before = calloc(1, sizeof(struct hour)),
				    .edition = series->edition,
				    .file = ret};
	if (!averager.now || !averager.before)
		log_out_of_memory();
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		averager.pollutant = (enum pollutant)p;
		averager.open = false;
		for (int i = 0; i < series->n; i++) {
			const struct hours_row *row = &series->rows[i];
			struct sample sample = {
				.at_ms = begin_of(row->ms, series->step_ms, series->label),
				.value_milli = row->values.milli[p],
				.quality = QUALITY_NORMAL};
			if ((row->values.valid & 1u << p) == 0)
				continue;
			open_hour(&averager, hour_of_ms(sample.at_ms), series->step_ms);
			hour_take(averager.now, &sample);
		}
		if (averager.open)
			close_hour(&averager);
	}
	free(averager.now);
	free(averager.before);
}
