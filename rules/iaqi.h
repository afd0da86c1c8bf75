/* SPDX-License-Identifier: MIT */
/*
 * One mean concentration -> its individual air quality index (HJ 633-2012 formula (1), HJ 633-2026
 * 4.2.3), exact in integers and rounded up (2012 6.2, 2026 4.2.6).
 */
#ifndef RULES_IAQI_H
#define RULES_IAQI_H

#include "edition.h"
#include "window.h"

/*
 * The IAQI (0..500) of a mean on one column of the edition's table, or IAQI_NONE if the mean is
 * missing (n == 0), or above the column where the edition computes none. `mean` may have
 * up to 24 values of up to 2^31 thousandths.
 */
int32_t iaqi_of(const struct edition *edition, enum column column, struct mean mean);

/* The mean rounded half to even to the step its pollutant is published in, as a mean of one value.
 */
struct mean mean_round(enum pollutant pollutant, struct mean mean);

#endif
