/* SPDX-License-Identifier: MIT */
/* The sections of the page that are counted here and not read row by row. */
#ifndef DAEMON_CLI_REPORT_PARTS_H
#define DAEMON_CLI_REPORT_PARTS_H

#include "assessment.h"

int parts_head(const struct report *report); /* the first lines; a store error, as those below */
void parts_phases(const struct report *report);
void parts_thresholds(const struct report *report);
int parts_cuts(const struct report *report);
int parts_silent(const struct report *report);
int parts_texts(struct report *report);
void parts_writer(const struct report *report);

#endif
