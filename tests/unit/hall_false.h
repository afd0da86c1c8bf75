/* SPDX-License-Identifier: MIT */
/* Hours of a hall that turn out false: what must become of a level that nothing else called for. */
#ifndef TESTS_HALL_FALSE_H
#define TESTS_HALL_FALSE_H

#include "hall_reader.h"

/* What was so before the engine computed what follows from hours that changed. */
struct hall_false {
	uint32_t levels; /* bits: held, and called for by the hours that were taken away alone */
	int level;       /* advised */
	int64_t event, newest;
};

struct hall_false hall_false_before(void);
/* It has: such a level is held no more, and no other reason is told. */
void hall_false_after(struct reader *reader, const struct hall_false *before);

#endif
