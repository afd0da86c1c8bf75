/* SPDX-License-Identifier: MIT */
/* Profiles of tests: a status register, one word, normal at one value; an identity register. */
#ifndef TESTS_STATUS_OF_H
#define TESTS_STATUS_OF_H

#include "profile.h"

/* mask 0: the whole word. */
static inline void set_status(struct profile *profile, uint8_t function, int address, uint32_t mask,
			      uint32_t normal)
{
	profile->n_statuses = 1;
	profile->statuses[0] = (struct profile_status){
		.normal = {.at = {.function = function, .address = (uint16_t)address},
			   .mask = mask,
			   .n_good = 1,
			   .good = {{normal, normal}}},
		.rows = PROFILE_ALL_ROWS};
}

static inline void set_identity(struct profile *profile, uint8_t function, int address,
				uint32_t value)
{
	profile->identity = (struct profile_identity){
		.present = true,
		.at = {.function = function, .address = (uint16_t)address},
		.value = value,
		.every_min = 5};
}

#endif
