/* SPDX-License-Identifier: MIT */
/* The air of a hall: what its hourly instruments show, and what is said about hours: forecasts,
 * dust, reviews, faults that are found late. */
#ifndef TESTS_HALL_AIR_H
#define TESTS_HALL_AIR_H

#include "hall_reader.h"
#include "town.h"

/* A fresh station; without hours nothing is ever measured. */
void air_begin(bool with_hours);

/* When an hour is shown or closes next, at now or later. */
int64_t air_due_ms(int64_t now_ms);
/* An hour was shown and has not closed: a kill, which costs the running minute, would cost it, too.
 */
bool air_is_unwritten(void);
/* Shows the hour that has ended, if it is time for it. */
void air_show(int64_t now_ms, bool running);

/* ADVISES, BREATHES, DUSTS, REVIEWS or DOUBTS; false: it is none of them. */
bool air_take(const struct town_step *step, int64_t now_ms);

/* Of each source the newest issue that speaks of hours ahead is kept. */
void air_check(struct reader *reader);

#endif
