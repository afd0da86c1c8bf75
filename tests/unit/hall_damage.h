/* SPDX-License-Identifier: MIT */
/* Damage to the database of a station that stands still, as a worn card does it. */
#ifndef TESTS_HALL_DAMAGE_H
#define TESTS_HALL_DAMAGE_H

#include <stdint.h>

#define HALL_DAMAGE_ANSWER 1
#define HALL_DAMAGE_PENDING 2
#define HALL_DAMAGE_STATE 3
/* From HALL_DAMAGE_LOG on only the log of what was in force knows the directive. */
#define HALL_DAMAGE_LOG 4
#define HALL_DAMAGE_COUNT 6

/* Of the directive in force and a pending one (numbers; 0: none). */
void hall_damage(int kind, int64_t in_force, int64_t pending);

#endif
