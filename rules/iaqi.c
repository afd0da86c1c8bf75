/* SPDX-License-Identifier: MIT */
/*
 * HJ 633-2012 formula (1) = HJ 633-2026 4.2.3, between two rows of the breakpoint table:
 *
 *   IAQI = (IAQIhi - IAQIlo) / (BPhi - BPlo) * (C - BPlo) + IAQIlo, rounded up
 *
 * With C = sum / n in thousandths, the division comes last and is a ceiling of integers:
 *
 *   IAQI = IAQIlo + ceil((IAQIhi - IAQIlo) * (sum - n * BPlo) / (n * (BPhi - BPlo)))
 *
 *   CO 24 h of 2.2 mg/m3: rows 2 -> 50 and 4 -> 100: 50 + ceil(50 * 200 / 2000) = 55
 *   (doubles give 55.000000000000007, and so 56)
 */
#include "iaqi.h"

#include <assert.h>

static int64_t ceil_div(int64_t dividend, int64_t divisor)
{
	return (dividend + divisor - 1) / divisor; /* both positive */
}

int32_t iaqi_of(const struct edition *edition, enum column column, struct mean mean)
{
	const struct breakpoints *table = &edition->columns[column];
	if (mean.n <= 0)
		return IAQI_NONE;
	if (mean.sum_milli < 0) /* the noise of an instrument around zero, or its correction */
		mean.sum_milli = 0;
	if (mean.sum_milli > (int64_t)table->conc_milli[table->n - 1] * mean.n)
		return table->above;
	int hi = 1;
	while (mean.sum_milli > (int64_t)table->conc_milli[hi] * mean.n)
		hi++;
	int64_t low = table->conc_milli[hi - 1], high = table->conc_milli[hi];
	int64_t rise = edition->index[hi] - edition->index[hi - 1];
	return edition->index[hi - 1] +
	       (int32_t)ceil_div(rise * (mean.sum_milli - low * mean.n), (high - low) * mean.n);
}

struct mean mean_round(enum pollutant pollutant, struct mean mean)
{
	if (mean.n <= 0)
		return mean;
	int64_t step = pollutant_info(pollutant)->report_milli;
	return (struct mean){.sum_milli = round_half_even(mean.sum_milli, mean.n * step) * step,
			     .n = 1};
}
