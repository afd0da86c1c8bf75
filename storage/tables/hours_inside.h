/* SPDX-License-Identifier: MIT */
/* What the files of hours.h share. Each calls those behind it only: hours.c, hours_newest.c (which
 * looks at the top), hours_judged.c, hours_crc.c. */
#ifndef STORAGE_TABLES_HOURS_INSIDE_H
#define STORAGE_TABLES_HOURS_INSIDE_H

#include "hours.h"

/* Over the columns as text, joined by '|', so that another program can check it. NULL: no mean. */
uint32_t hours_row_crc(int64_t hour, const char *pollutant, const int32_t *mean_milli, bool valid);

#endif
